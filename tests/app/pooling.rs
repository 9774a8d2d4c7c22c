//! What tests of members, offers and catalogs share: terms to make them with, and a cooperative at work.

use domain::{
    allocation::{MixedCarton, Rule},
    catalogs::Audience,
    ids::{OfferId, ProductId},
    money::Rupiah,
    offers::{DeliveryBasis, FreightRates, PriceRow, PriceVisibility},
    pricing::{MarginModel, UnitCosts},
    products::{Content, Grade, SaleUnit},
    quantity::{Packs, Units},
    time::{Instant, Zone},
};
use store::{
    catalogs::CatalogTerms,
    members::MembershipDecision,
    offers::{OfferTerms, Pricing, SupplyChoice},
    products::{Facts, NewLot},
};
use tests::{app::TestApp, people::Person};

/// Keripik of 250 g in cartons of 40, from 10 cartons on.
pub fn offer_terms() -> OfferTerms {
    OfferTerms {
        title: "Keripik singkong original 250 g".to_owned(),
        description: String::new(),
        commodity: "keripik-singkong".into(),
        unit: SaleUnit::Bungkus,
        content: Some(Content::grams(250)),
        grades: Vec::new(),
        required_certificates: Vec::new(),
        carton_name: Some("dus".to_owned()),
        packs_per_unit: 40,
        mixed_carton: MixedCarton::No,
        minimum: Units(10),
        multiple: Units(1),
        lead_time_days: 5,
        rule: Rule::ProRata,
        max_share_bp: None,
        min_share: Units(0),
        lower_grade_max_bp: None,
        delivery_basis: DeliveryBasis::Loco,
        freight: FreightRates::default(),
        price_visibility: PriceVisibility::Public,
    }
}

/// Rp12.500 for the buyer, Rp10.500 for the member, one tier.
pub fn pricing() -> Pricing {
    Pricing {
        margin_model: MarginModel::Spread,
        costs: UnitCosts::default(),
        rows: vec![PriceRow {
            grade: Grade::UNGRADED,
            min_units: Units(10),
            buyer_price: Rupiah(12_500),
            member_price: Rupiah(10_500),
        }],
    }
}

/// A public catalog that is open now and stays so.
pub fn catalog_terms(now: Instant, offers: Vec<OfferId>) -> CatalogTerms {
    CatalogTerms {
        title: "Katalog umum".to_owned(),
        description: String::new(),
        audience: Audience::Public,
        buyers: Vec::new(),
        opens_at: now,
        closes_at: None,
        offers,
    }
}

/// A business that the cooperative took in.
pub async fn member(app: &TestApp, manager: &Person, name: &str) -> Person {
    let owner = app.umkm(name).await;
    let act = owner.act(app);
    let applied = app
        .store
        .apply_membership(&act, owner.organisation, manager.organisation);
    let member = applied.await.expect("an application");
    app.store
        .decide_membership(
            &manager.act(app),
            manager.organisation,
            member,
            &MembershipDecision::Admit,
        )
        .await
        .expect("a member");
    owner
}

/// A published product of so many packs that fits [`offer_terms`] unless `change` makes it different.
pub async fn product(
    app: &TestApp,
    owner: &Person,
    packs: i64,
    change: impl FnOnce(&mut Facts),
) -> ProductId {
    let mut facts = Facts {
        name: "Keripik singkong original".to_owned(),
        category: Some("makanan-ringan".into()),
        commodity: Some("keripik-singkong".into()),
        unit: Some(SaleUnit::Bungkus),
        content: Some(Content::grams(250)),
        price: Some(Rupiah(10_500)),
        ..Facts::default()
    };
    change(&mut facts);
    let lot = NewLot {
        ready_on: Zone::Wib.day_of(app.now()),
        good_until: None,
        packs: Packs(packs),
    };
    app.store
        .create_product(
            &owner.act(app),
            owner.organisation,
            &facts,
            Some(&lot),
            true,
        )
        .await
        .expect("a live product")
}

/// A live offer that pools these products, priced by [`pricing`].
pub async fn live_offer(app: &TestApp, manager: &Person, products: &[ProductId]) -> OfferId {
    let (act, cooperative) = (manager.act(app), manager.organisation);
    let store = &app.store;
    let terms = offer_terms();
    let offer = store.create_offer(&act, cooperative, &terms);
    let offer = offer.await.expect("a draft");
    let choices: Vec<_> = products
        .iter()
        .map(|&product| SupplyChoice {
            product,
            limit: None,
        })
        .collect();
    let version = store.set_supplies(&act, cooperative, offer, 1, &choices);
    let version = version.await.expect("a pool");
    let pricing = pricing();
    let prices = store.set_prices(&act, cooperative, offer, version, &pricing);
    prices.await.expect("prices");
    let published = store.publish_offer(&act, cooperative, offer);
    published.await.expect("a live offer");
    offer
}
