//! PostgreSQL goes away in the middle: what was answered is there once, and nobody has to start anything again.

use std::{
    sync::Arc,
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use domain::{
    ids::{CategoryId, CommodityId, OrderId},
    money::Rupiah,
    orders::Actor,
    products::SaleUnit,
    quantity::Units,
};
use store::{
    Act, Durability, Store,
    carts::{CartError, Details},
    orders::{PlaceError, PlaceOrder},
    products::Facts,
};
use tests::{
    app::TestApp,
    build::{Market, Pool, QuietBuyer, REGION, viewer},
    cutter::{Cut, Wire},
    database::{Fresh, Kind, number, run},
    postgres::Cluster,
};
use tokio::task::{JoinHandle, LocalSet};
use web::server::Config;

const BUYERS: usize = 16;

/// Presses the button again with the same key as long as the database is away, as a person would.
async fn press(store: &Store, act: &Act, command: &PlaceOrder) -> Option<OrderId> {
    let since = Instant::now();
    loop {
        match store.place_order(act, command).await {
            Ok(placed) => return Some(placed.order),
            Err(PlaceError::Store(store::Error::Unreachable(_) | store::Error::Busy)) => {
                assert!(
                    since.elapsed().as_secs() < 60,
                    "the database never came back"
                );
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            Err(PlaceError::SoldOut(_) | PlaceError::Changed(_)) => return None,
            Err(other) => panic!("{other:?}"),
        }
    }
}

/// One pack in the cart, and the order that the cart's last page would send.
async fn wanted(
    app: &TestApp,
    market: &Market,
    buyer: QuietBuyer,
) -> Result<PlaceOrder, store::Error> {
    let (act, who, eyes) = (
        buyer.act(app),
        buyer.organisation,
        viewer(buyer.organisation),
    );
    let cooperative = market.cooperative();
    let broken = |error| match error {
        CartError::Store(error) => error,
        other => panic!("{other:?}"),
    };
    app.store
        .put_in_cart(&act, &eyes, who, market.offer, Units(1))
        .await
        .map_err(broken)?;
    let details = Details {
        deliver_to: "Gudang".to_owned(),
        region_code: REGION.to_owned(),
        ..Details::default()
    };
    app.store
        .set_cart_details(&act, &eyes, who, cooperative, &details)
        .await?;
    let check = app.store.check_cart(&eyes, who, cooperative, app.now());
    let check = match check.await {
        Ok(check) => check.expect("something is in the cart"),
        Err(PlaceError::Store(error)) => return Err(error),
        Err(other) => panic!("{other:?}"),
    };
    Ok(PlaceOrder {
        order: OrderId(uuid::Uuid::now_v7()),
        buyer: who,
        cooperative,
        actor: Actor::BuyerApprover,
        po_number: "PO-7".to_owned(),
        note: String::new(),
        deliver_to: "Gudang, Jl. Contoh 12".to_owned(),
        region_code: REGION.to_owned(),
        wanted_on: None,
        changes: None,
        seen: check.seen,
    })
}

/// What may be tried again without harm is, until it is done.
async fn insist<T>(try_it: impl AsyncFn() -> Result<T, store::Error>) -> T {
    let since = Instant::now();
    loop {
        match try_it().await {
            Ok(done) => return done,
            Err(error) => {
                assert!(since.elapsed().as_secs() < 60, "{error}");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

/// Sixteen buyers who order one pack after the other until they are told to stop.
fn crowd(
    app: &Arc<TestApp>,
    market: &Arc<Market>,
    buyers: Vec<QuietBuyer>,
    over: &Arc<AtomicBool>,
) -> Vec<JoinHandle<Vec<OrderId>>> {
    buyers
        .into_iter()
        .map(|buyer| {
            let (app, market, over) = (Arc::clone(app), Arc::clone(market), Arc::clone(over));
            tokio::task::spawn_local(async move {
                let mut orders = Vec::new();
                let act = buyer.act(&app);
                while !over.load(Ordering::Relaxed) {
                    let command = insist(async || wanted(&app, &market, buyer).await).await;
                    orders.extend(press(&app.store, &act, &command).await);
                }
                orders
            })
        })
        .collect()
}

/// Every acknowledged order is there once, nothing else is, and all promises hold.
async fn account_for(app: &TestApp, crowd: Vec<JoinHandle<Vec<OrderId>>>) -> usize {
    let mut acknowledged = Vec::new();
    for buyer in crowd {
        acknowledged.extend(buyer.await.expect("nobody panics"));
    }
    let all = acknowledged.len();
    acknowledged.sort_unstable();
    acknowledged.dedup();
    assert_eq!(acknowledged.len(), all, "an order was answered twice");
    let url = &app.database.url;
    let there = number(url, "SELECT COUNT(*) FROM orders").await;
    assert_eq!(usize::try_from(there).expect("a count"), all);
    let numbers = "SELECT COUNT(DISTINCT number) FROM orders";
    assert_eq!(number(url, numbers).await, there);
    let drawn = "SELECT CAST(SUM(value) AS BIGINT) FROM counters WHERE kind = 'SO'";
    assert_eq!(number(url, drawn).await, there, "numbers without gaps");
    let breaches = app.store.audit(app.now(), None).await;
    assert_eq!(breaches.expect("the audit runs"), []);
    all
}

async fn buyers(app: &TestApp) -> Vec<QuietBuyer> {
    let mut buyers = Vec::new();
    for at in 0..BUYERS {
        buyers.push(app.quiet_buyer(&format!("Pembeli {at}")).await);
    }
    buyers
}

#[tokio::test]
async fn connections_that_are_killed_while_orders_are_placed_lose_none_and_double_none() {
    LocalSet::new()
        .run_until(async {
            let Some(app) = TestApp::start(Kind::Postgres).await else {
                return;
            };
            let market = app.market(&Pool::of(&[4_000, 3_000, 2_000])).await;
            let buyers = buyers(&app).await;
            let (app, market) = (Arc::new(app), Arc::new(market));
            let over = Arc::new(AtomicBool::new(false));
            let crowd = crowd(&app, &market, buyers, &over);
            for _ in 0..25 {
                tokio::time::sleep(Duration::from_millis(120)).await;
                run(
                    &app.database.url,
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                     WHERE datname = current_database() AND pid <> pg_backend_pid() AND random() < 0.5",
                )
                .await;
            }
            over.store(true, Ordering::Relaxed);
            let placed = account_for(&app, crowd).await;
            assert!(placed >= BUYERS, "only {placed} orders got through");
        })
        .await;
}

#[tokio::test]
async fn a_server_that_restarts_while_sixteen_order_loses_no_order_and_doubles_none() {
    LocalSet::new()
        .run_until(async {
            let Some(mut cluster) = Cluster::start(true) else {
                return;
            };
            let fresh = Fresh::in_cluster(&cluster).await;
            let app = TestApp::over(fresh, Config::default()).await;
            let market = app.market(&Pool::of(&[4_000, 3_000, 2_000])).await;
            let buyers = buyers(&app).await;
            let (app, market) = (Arc::new(app), Arc::new(market));
            let over = Arc::new(AtomicBool::new(false));
            let crowd = crowd(&app, &market, buyers, &over);
            for _ in 0..2 {
                tokio::time::sleep(Duration::from_millis(700)).await;
                cluster = tokio::task::spawn_blocking(move || {
                    cluster.stop();
                    cluster
                })
                .await
                .expect("it stops");
                // A page says within three seconds that it can't be had, and the process lives.
                let asked = Instant::now();
                let page = app.visitor().get("/search?q=keripik").await;
                assert_eq!(page.status, 503, "{}", page.visible());
                assert!(
                    asked.elapsed() < Duration::from_secs(3),
                    "{:?}",
                    asked.elapsed()
                );
                let _ = app.visitor().get("/healthz").await.expect(200);
                cluster = tokio::task::spawn_blocking(move || {
                    cluster.start_again();
                    cluster
                })
                .await
                .expect("it starts");
                let back = Instant::now();
                while app.visitor().get("/search?q=keripik").await.status != 200 {
                    assert!(back.elapsed() < Duration::from_secs(10), "not healed");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
            over.store(true, Ordering::Relaxed);
            let placed = account_for(&app, crowd).await;
            assert!(placed >= BUYERS, "only {placed} orders got through");
            drop(app);
        })
        .await;
}

#[tokio::test]
async fn a_commit_whose_answer_is_lost_is_neither_lost_nor_done_twice() {
    let Some(app) = TestApp::start(Kind::Postgres).await else {
        return;
    };
    let owner = app.umkm("Keripik Sari").await;
    let port = app.database.url.rsplit(':').next().expect("a port");
    let port = port.split('/').next().expect("a port").parse();
    let wire = Wire::to(port.expect("a number")).await;
    let store = Store::open(&store::Config {
        url: wire.lead(&app.database.url),
        durability: Durability::Full,
    })
    .await
    .expect("the wire leads there");
    // A deed without a key of its own: only the server can tell whether it was done.
    let products = "SELECT COUNT(*) FROM products";
    for (cuts, when) in (1..).zip([Cut::BeforeCommit, Cut::BeforeAnswer, Cut::BeforeCommit]) {
        let before = number(&app.database.url, products).await;
        wire.cut(when);
        let facts = Facts {
            name: "Keripik singkong".to_owned(),
            category: Some(CategoryId::from("makanan-ringan")),
            commodity: Some(CommodityId::from("keripik-singkong")),
            unit: Some(SaleUnit::Bungkus),
            price: Some(Rupiah(9_000)),
            ..Facts::default()
        };
        store
            .create_product(&owner.act(&app), owner.organisation, &facts, None, false)
            .await
            .expect("done in spite of the wire");
        assert_eq!(wire.cuts(), cuts, "the wire was not cut");
        let after = number(&app.database.url, products).await;
        assert_eq!(after, before + 1, "{when:?}");
    }
    store.close().await;
}
