//! Editions: what a catalog held when it was published, and what changed between two of them.
//!
//! An edition keeps what its readers saw, but for figures that move by the minute (what is free) and for names of
//! businesses, which stand in one row only. Fields that older editions lack read as empty.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Audience, CatalogState, Showing};
use crate::{
    coded::coded,
    ids::OrganisationId,
    money::Rupiah,
    offers::{OfferState, PriceRow, PriceVisibility, Viewer},
    products::Grade,
    quantity::Units,
    time::Instant,
};

/// The content of an edition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edition {
    pub title: String,
    pub description: String,
    pub audience: Audience,
    pub buyers: Vec<OrganisationId>,
    pub opens_at: Instant,
    pub closes_at: Option<Instant>,
    /// In the order they were shown; also those that were not live.
    pub offers: Vec<EditionOffer>,
}

/// An offer as an edition keeps it. Words that are coded elsewhere are kept as stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditionOffer {
    pub id: Uuid,
    pub version: i64,
    pub state: OfferState,
    pub title: String,
    pub description: String,
    pub commodity: String,
    pub unit: String,
    pub content_amount: Option<i64>,
    pub content_dimension: Option<String>,
    /// Best first, with commas between.
    pub grades: String,
    pub certificates: String,
    pub carton_name: Option<String>,
    pub packs_per_unit: i64,
    pub minimum_units: i64,
    pub multiple_units: i64,
    pub lead_time_days: i32,
    pub delivery_basis: String,
    pub price_visibility: PriceVisibility,
    /// With what members are paid, which is for the cooperative alone.
    pub prices: Vec<PriceRow>,
    /// The drawn picture that stood for it.
    #[serde(default)]
    pub picture: String,
    /// Its cooperative adds PPN to the price.
    #[serde(default)]
    pub bears_ppn: bool,
    /// Who stood behind it.
    #[serde(default)]
    pub sources: Vec<Source>,
    /// Kinds of permits that all of them had.
    #[serde(default)]
    pub permits: Vec<String>,
    /// Whether whoever looks at this copy may see the prices; not stored.
    #[serde(skip, default = "yes")]
    pub prices_shown: bool,
}

fn yes() -> bool {
    true
}

/// A business behind an offer. Its name is read where it is shown, so that it can be erased in one place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Source {
    pub business: OrganisationId,
    pub place: String,
}

coded! {
    /// A side of an offer that may change without a figure to name.
    pub enum Aspect {
        Name = "name",
        Description = "description",
        /// Unit, content, carton.
        Packing = "packing",
        Grades = "grades",
        Permits = "permits",
        Delivery = "delivery",
        Tax = "tax",
        Businesses = "businesses",
        /// Who may see its price.
        Visibility = "visibility",
    }
}

/// One difference of an offer between two editions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OfferChange {
    /// It can be bought now and could not before.
    Added,
    /// It could be bought before and can't now.
    Removed,
    /// A price per sale unit; `None` where the tier did not exist.
    Price {
        grade: Grade,
        from_units: Units,
        before: Option<Rupiah>,
        after: Option<Rupiah>,
    },
    Minimum {
        before: Units,
        after: Units,
    },
    /// Days from the order to the goods.
    LeadTime {
        before: i32,
        after: i32,
    },
    Aspect(Aspect),
}

/// All differences of one offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedOffer {
    pub id: Uuid,
    pub title: String,
    pub changes: Vec<OfferChange>,
}

/// What differs between two editions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    pub title: bool,
    pub description: bool,
    pub time: bool,
    pub audience: bool,
    pub offers: Vec<ChangedOffer>,
}

impl Changes {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What changed of one offer.
    #[must_use]
    pub fn of(&self, offer: Uuid) -> &[OfferChange] {
        self.offers
            .iter()
            .find(|changed| changed.id == offer)
            .map_or(&[], |changed| &changed.changes)
    }
}

impl EditionOffer {
    /// It could be bought.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.state == OfferState::Live
    }
}

impl Edition {
    /// Whether the viewer may be shown this edition although it may be an old one: it was meant for them, the catalog is
    /// meant for them still, and both have opened. Closing does not take it back; putting the catalog away does.
    #[must_use]
    pub fn shows_to(&self, catalog: &Showing, viewer: &Viewer, now: Instant) -> bool {
        matches!(
            catalog.state,
            CatalogState::Published | CatalogState::Closed
        ) && self.opens_at <= now
            && catalog.opens_at <= now
            && viewer.may_see(&self.audience.tokens(&self.buyers))
            && viewer.may_see(&catalog.audience.tokens(&catalog.buyers))
    }

    /// Takes prices out of this copy that `may_see` does not name: they are gone, not covered up.
    #[must_use]
    pub fn with_prices_for(mut self, may_see: impl Fn(&EditionOffer) -> bool) -> Self {
        for offer in &mut self.offers {
            offer.prices_shown = may_see(offer);
            if !offer.prices_shown {
                offer.prices.clear();
            }
        }
        self
    }

    /// What is different in `after`. Prices are compared where both copies show them.
    #[must_use]
    pub fn changes(&self, after: &Self) -> Changes {
        let mut offers = Vec::new();
        for before in self.offers.iter().filter(|offer| offer.is_live()) {
            let now = after
                .offers
                .iter()
                .find(|offer| offer.id == before.id && offer.is_live());
            let changes = match now {
                None => vec![OfferChange::Removed],
                Some(now) => before.changes(now),
            };
            if !changes.is_empty() {
                offers.push(ChangedOffer {
                    id: before.id,
                    title: before.title.clone(),
                    changes,
                });
            }
        }
        for added in after.offers.iter().filter(|offer| offer.is_live()) {
            let was_there = self
                .offers
                .iter()
                .any(|offer| offer.id == added.id && offer.is_live());
            if !was_there {
                offers.push(ChangedOffer {
                    id: added.id,
                    title: added.title.clone(),
                    changes: vec![OfferChange::Added],
                });
            }
        }
        Changes {
            title: self.title != after.title,
            description: self.description != after.description,
            time: (self.opens_at, self.closes_at) != (after.opens_at, after.closes_at),
            audience: (self.audience, &self.buyers) != (after.audience, &after.buyers),
            offers,
        }
    }
}

impl EditionOffer {
    fn changes(&self, after: &Self) -> Vec<OfferChange> {
        let mut changes = Vec::new();
        if self.prices_shown && after.prices_shown {
            changes.extend(price_changes(&self.prices, &after.prices));
        }
        if self.minimum_units != after.minimum_units {
            changes.push(OfferChange::Minimum {
                before: Units(self.minimum_units),
                after: Units(after.minimum_units),
            });
        }
        if self.lead_time_days != after.lead_time_days {
            changes.push(OfferChange::LeadTime {
                before: self.lead_time_days,
                after: after.lead_time_days,
            });
        }
        let packing = |offer: &Self| {
            (
                offer.unit.clone(),
                offer.content_amount,
                offer.content_dimension.clone(),
                offer.carton_name.clone(),
                offer.packs_per_unit,
                offer.multiple_units,
            )
        };
        // Editions from before sources were kept say nothing about them.
        let told = !self.sources.is_empty() && !after.sources.is_empty();
        for (differs, aspect) in [
            (self.title != after.title, Aspect::Name),
            (self.description != after.description, Aspect::Description),
            (packing(self) != packing(after), Aspect::Packing),
            (self.grades != after.grades, Aspect::Grades),
            (
                self.certificates != after.certificates || told && self.permits != after.permits,
                Aspect::Permits,
            ),
            (
                self.delivery_basis != after.delivery_basis,
                Aspect::Delivery,
            ),
            (told && self.bears_ppn != after.bears_ppn, Aspect::Tax),
            (told && self.sources != after.sources, Aspect::Businesses),
            (
                self.price_visibility != after.price_visibility,
                Aspect::Visibility,
            ),
        ] {
            if differs {
                changes.push(OfferChange::Aspect(aspect));
            }
        }
        changes
    }
}

/// Tiers that cost something else now, in the order of the tiers before; then new ones.
fn price_changes(before: &[PriceRow], after: &[PriceRow]) -> Vec<OfferChange> {
    let same = |a: &PriceRow, b: &PriceRow| a.grade == b.grade && a.min_units == b.min_units;
    let mut changes = Vec::new();
    for row in before {
        let now = after.iter().find(|other| same(row, other));
        if now.map(|now| now.buyer_price) != Some(row.buyer_price) {
            changes.push(OfferChange::Price {
                grade: row.grade.clone(),
                from_units: row.min_units,
                before: Some(row.buyer_price),
                after: now.map(|now| now.buyer_price),
            });
        }
    }
    for row in after {
        if !before.iter().any(|other| same(row, other)) {
            changes.push(OfferChange::Price {
                grade: row.grade.clone(),
                from_units: row.min_units,
                before: None,
                after: Some(row.buyer_price),
            });
        }
    }
    changes
}

#[cfg(test)]
mod tests {
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
        for field in ["picture", "bears_ppn", "sources", "permits"] {
            old["offers"][0].as_object_mut().unwrap().remove(field);
        }
        let read: Edition = serde_json::from_value(old).unwrap();
        assert!(read.offers[0].sources.is_empty() && read.offers[0].prices_shown);
        // What it did not keep is not taken for a change.
        assert!(read.changes(&edition(vec![offer(1)])).is_empty());
    }
}
