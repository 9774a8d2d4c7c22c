use super::*;

fn price(min_units: i64, rupiah: i64) -> PriceRow {
    PriceRow {
        grade: Grade::UNGRADED,
        min_units: Units(min_units),
        buyer_price: Rupiah(rupiah),
        member_price: Rupiah(rupiah - 100),
    }
}

fn offer(n: u128) -> EditionOffer {
    EditionOffer {
        id: Uuid::from_u128(n),
        version: 1,
        state: OfferState::Live,
        title: format!("Penawaran {n}"),
        description: String::new(),
        commodity: "keripik-singkong".to_owned(),
        unit: "bungkus".to_owned(),
        content_amount: Some(250),
        content_dimension: Some("mass".to_owned()),
        grades: String::new(),
        certificates: "pirt".to_owned(),
        carton_name: Some("dus".to_owned()),
        packs_per_unit: 40,
        minimum_units: 10,
        multiple_units: 1,
        lead_time_days: 3,
        delivery_basis: "loco".to_owned(),
        price_visibility: PriceVisibility::Public,
        prices: vec![price(10, 10_500), price(50, 10_000)],
        picture: "keripik-singkong".to_owned(),
        photo: EditionPhoto::Drawn,
        bears_ppn: false,
        sources: vec![Source {
            business: OrganisationId(Uuid::from_u128(77)),
            place: "Subah".to_owned(),
        }],
        permits: Vec::new(),
        prices_shown: true,
    }
}

fn edition(offers: Vec<EditionOffer>) -> Edition {
    Edition {
        title: "Panen raya".to_owned(),
        description: String::new(),
        audience: Audience::Public,
        buyers: Vec::new(),
        opens_at: Instant(100),
        closes_at: None,
        offers,
    }
}

#[test]
fn an_edition_does_not_differ_from_itself() {
    let one = edition(vec![offer(1), offer(2)]);
    assert!(one.changes(&one.clone()).is_empty());
}

#[test]
fn offers_that_come_go_or_rest_are_told() {
    let before = edition(vec![offer(1), offer(2), offer(3)]);
    let mut after = edition(vec![offer(1), offer(2), offer(4)]);
    after.offers[1].state = OfferState::Paused;
    let changes = before.changes(&after);
    let told: Vec<_> = changes
        .offers
        .iter()
        .map(|changed| (changed.id.as_u128(), changed.changes.clone()))
        .collect();
    assert_eq!(
        told,
        [
            (2, vec![OfferChange::Removed]),
            (3, vec![OfferChange::Removed]),
            (4, vec![OfferChange::Added]),
        ]
    );
}

#[test]
fn each_changed_figure_is_told_with_what_it_was() {
    let before = edition(vec![offer(1)]);
    let mut after = before.clone();
    let changed = &mut after.offers[0];
    changed.prices = vec![price(10, 11_000), price(100, 9_500)];
    changed.minimum_units = 20;
    changed.lead_time_days = 5;
    changed.title = "Keripik".to_owned();
    changed.packs_per_unit = 20;
    let price = |from, before, after| OfferChange::Price {
        grade: Grade::UNGRADED,
        from_units: Units(from),
        before,
        after,
    };
    assert_eq!(
        before.changes(&after).of(Uuid::from_u128(1)),
        [
            price(10, Some(Rupiah(10_500)), Some(Rupiah(11_000))),
            price(50, Some(Rupiah(10_000)), None),
            price(100, None, Some(Rupiah(9_500))),
            OfferChange::Minimum {
                before: Units(10),
                after: Units(20)
            },
            OfferChange::LeadTime {
                before: 3,
                after: 5
            },
            OfferChange::Aspect(Aspect::Name),
            OfferChange::Aspect(Aspect::Packing),
        ]
    );
}

#[test]
fn a_price_that_is_hidden_on_either_side_is_not_in_the_copy_and_not_compared() {
    let before = edition(vec![offer(1)]);
    let mut after = before.clone();
    after.offers[0].prices = vec![price(10, 11_000)];
    let hidden = after.clone().with_prices_for(|_| false);
    assert!(hidden.offers[0].prices.is_empty());
    assert!(before.changes(&hidden).is_empty());
    assert!(!before.changes(&after).is_empty());
    let stored = serde_json::to_string(&hidden).unwrap();
    assert!(!stored.contains("11000"), "{stored}");
}

#[test]
fn an_old_edition_shows_to_whom_it_was_meant_for_and_the_catalog_still_is() {
    let (b1, b2) = (
        OrganisationId(Uuid::from_u128(1)),
        OrganisationId(Uuid::from_u128(2)),
    );
    let buyer = |id| Viewer {
        signed_in: true,
        verified: true,
        buyer: Some(id),
    };
    let catalog = |state, audience, buyers: &[OrganisationId]| Showing {
        state,
        audience,
        buyers: buyers.to_vec(),
        opens_at: Instant(100),
        closes_at: Some(Instant(200)),
    };
    let public = edition(Vec::new());
    let open = catalog(CatalogState::Published, Audience::Public, &[]);
    assert!(public.shows_to(&open, &Viewer::ANONYMOUS, Instant(150)));
    assert!(!public.shows_to(&open, &Viewer::ANONYMOUS, Instant(99)));
    // Over, and still there to be looked up; put away, and gone.
    let closed = catalog(CatalogState::Closed, Audience::Public, &[]);
    assert!(public.shows_to(&closed, &Viewer::ANONYMOUS, Instant(999)));
    for state in [CatalogState::Draft, CatalogState::Archived] {
        let gone = catalog(state, Audience::Public, &[]);
        assert!(!public.shows_to(&gone, &Viewer::ANONYMOUS, Instant(150)));
    }
    // Narrowed to one buyer since: the rest of the world does not get in by the old edition.
    let narrowed = catalog(CatalogState::Published, Audience::Buyers, &[b1]);
    assert!(!public.shows_to(&narrowed, &Viewer::ANONYMOUS, Instant(150)));
    assert!(!public.shows_to(&narrowed, &buyer(b2), Instant(150)));
    assert!(public.shows_to(&narrowed, &buyer(b1), Instant(150)));
    // Widened since: who was not meant then does not see what was shown then.
    let named = Edition {
        audience: Audience::Buyers,
        buyers: vec![b1],
        ..public
    };
    assert!(!named.shows_to(&open, &buyer(b2), Instant(150)));
    assert!(named.shows_to(&open, &buyer(b1), Instant(150)));
}

#[test]
fn an_edition_stored_before_sources_were_kept_can_be_read() {
    let mut old = serde_json::to_value(edition(vec![offer(1)])).unwrap();
    for field in ["picture", "photo", "bears_ppn", "sources", "permits"] {
        old["offers"][0].as_object_mut().unwrap().remove(field);
    }
    let read: Edition = serde_json::from_value(old).unwrap();
    assert!(read.offers[0].sources.is_empty() && read.offers[0].prices_shown);
    // What it did not keep is not taken for a change.
    assert!(read.changes(&edition(vec![offer(1)])).is_empty());
}

#[test]
fn another_photo_is_told_and_an_edition_from_before_photos_were_kept_tells_none() {
    let photo = |n| EditionPhoto::Photo {
        id: PhotoId(Uuid::from_u128(n)),
        file: FileHash::of(&n.to_be_bytes()),
    };
    let with = |photo| edition(vec![EditionOffer { photo, ..offer(1) }]);
    let told = [OfferChange::Aspect(Aspect::Picture)];
    for (before, after) in [(EditionPhoto::Drawn, photo(1)), (photo(1), photo(2))] {
        let (before, after) = (with(before), with(after));
        assert_eq!(before.changes(&after).of(Uuid::from_u128(1)), told);
        assert!(!before.reads_like(&after));
    }
    assert!(with(EditionPhoto::Untold).reads_like(&with(photo(1))));
    let kept: Edition =
        serde_json::from_str(&serde_json::to_string(&with(photo(1))).unwrap()).unwrap();
    assert_eq!(kept, with(photo(1)));
}

#[test]
fn what_no_reader_sees_makes_no_other_edition_and_another_order_does() {
    let before = edition(vec![offer(1), offer(2)]);
    let mut after = before.clone();
    after.offers[0].version = 9;
    after.offers[0].prices[0].member_price = Rupiah(9_000);
    after.offers.push(EditionOffer {
        state: OfferState::Draft,
        ..offer(3)
    });
    assert!(before.reads_like(&after));
    after.offers.swap(0, 1);
    assert!(!before.reads_like(&after));
    assert!(before.changes(&after).is_empty());
}
