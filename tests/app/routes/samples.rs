//! One row of each kind that a route may own, made through the store, with the organisations it belongs to.
//!
//! `Route::….own("order")` in the table asks for a sample called `order` here.

use std::collections::BTreeMap;

use domain::ids::OrganisationId;
use store::products::{Facts, Table};
use tests::{app::TestApp, build::Pool};

use super::People;
use crate::pooling::{catalog_terms, offer_terms};

/// A row and whose it is.
pub struct Sample {
    /// As it stands in the path.
    pub id: String,
    /// Whoever acts for one of these may see it, if the role fits.
    pub owners: Vec<OrganisationId>,
}

/// A sample of each kind. The people are those of [`People`]: `people.get("umkm")`, `"manager"`, `"buyer"`, …
pub async fn make(app: &TestApp, people: &People) -> BTreeMap<&'static str, Sample> {
    let mut samples = BTreeMap::new();
    products(app, people, &mut samples).await;
    pooling(app, people, &mut samples).await;
    orders(app, people, &mut samples).await;
    samples
}

/// An order of the buyer, sent to the manager's cooperative, with a share of its member.
async fn orders(app: &TestApp, people: &People, samples: &mut BTreeMap<&'static str, Sample>) {
    let (manager, buyer) = (people.get("manager"), people.get("buyer"));
    let umkm = app.umkm("Emping Limpungsari").await;
    let product = app.member(manager, &umkm, 20).await;
    let offer = app.offer(manager, &[product], &Pool::of(&[20])).await;
    let cooperative = manager.organisation;
    let act = buyer.act(app);
    app.put_in_cart(&act, buyer.organisation, offer, 5).await;
    let command = app.command(buyer.organisation, cooperative).await;
    let placed = app.store.place_order(&act, &command).await;
    let order = placed.expect("an order").order;
    let shares = app.store.shares_in(umkm.organisation, order).await;
    let share = shares.expect("a share");
    let share = share.first().expect("the share of the only member");
    samples.insert(
        "order",
        Sample {
            id: order.to_string(),
            owners: vec![umkm.organisation, cooperative, buyer.organisation],
        },
    );
    samples.insert(
        "share",
        Sample {
            id: share.to_string(),
            owners: vec![umkm.organisation, cooperative],
        },
    );
}

async fn products(app: &TestApp, people: &People, samples: &mut BTreeMap<&'static str, Sample>) {
    let umkm = people.get("umkm");
    let (act, owner) = (umkm.act(app), umkm.organisation);
    let facts = Facts {
        name: "Keripik singkong".to_owned(),
        ..Facts::default()
    };
    let product = app.store.create_product(&act, owner, &facts, None, false);
    let table = Table {
        headers: vec!["Nama".to_owned()],
        rows: vec![(2, vec!["Emping".to_owned()])],
    };
    let import = app.store.stage_import(&act, owner, "a.csv", &table, None);
    let product = product.await.expect("a draft").to_string();
    let import = import.await.expect("a preview").to_string();
    for (kind, id) in [("product", product), ("import", import)] {
        let owners = vec![owner];
        samples.insert(kind, Sample { id, owners });
    }
}

/// A cooperative's member, offer and catalog.
async fn pooling(app: &TestApp, people: &People, samples: &mut BTreeMap<&'static str, Sample>) {
    let (umkm, manager) = (people.get("umkm"), people.get("manager"));
    let cooperative = manager.organisation;
    let store = &app.store;
    let act = umkm.act(app);
    let member = store.apply_membership(&act, umkm.organisation, cooperative);
    let member = member.await.expect("an application").to_string();
    let act = manager.act(app);
    let terms = offer_terms();
    let offer = store.create_offer(&act, cooperative, &terms);
    let offer = offer.await.expect("a draft").to_string();
    let terms = catalog_terms(app.now(), Vec::new());
    let catalog = store.create_catalog(&act, cooperative, &terms);
    let catalog = catalog.await.expect("a draft").to_string();
    for (kind, id) in [("member", member), ("offer", offer), ("catalog", catalog)] {
        let owners = vec![cooperative];
        samples.insert(kind, Sample { id, owners });
    }
}
