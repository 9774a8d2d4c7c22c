//! Pages kept for everybody: the same bytes as long as nothing shows otherwise, new ones at once when it does, and never
//! for somebody who is signed in.

use domain::{money::Rupiah, offers::PriceRow, products::Grade, quantity::Units};
use reqwest::Method;
use store::offers::Pricing;
use tests::{
    app::TestApp,
    build::{Market, Pool},
    database,
    page::Page,
    visitor::Visitor,
};

async fn kept(app: &TestApp) -> u64 {
    let page = app.visitor().get("/metrics").await.expect(200);
    page.body
        .lines()
        .find_map(|line| line.strip_prefix("lumbung_kept_pages_total "))
        .and_then(|n| n.parse().ok())
        .expect("the figure")
}

async fn edition(app: &TestApp) -> i64 {
    database::number(&app.database.url, "SELECT number FROM editions").await
}

/// Asks twice; the second answer is a kept one with the same bytes.
async fn twice(app: &TestApp, visitor: &Visitor, path: &str) -> Page {
    let first = visitor.get(path).await.expect(200);
    let before = kept(app).await;
    let second = visitor.get(path).await.expect(200);
    assert_eq!(kept(app).await, before + 1, "{path} was drawn again");
    assert_eq!(first.body, second.body);
    assert!(second.headers("set-cookie").is_empty());
    assert_eq!(second.header("cache-control"), Some("private, no-cache"));
    let vary = second.headers("vary").join(", ").to_lowercase();
    for part in ["cookie", "accept-language", "accept-encoding"] {
        assert!(vary.contains(part), "{path}: vary is {vary}");
    }
    second
}

fn pricing(rupiah: i64) -> Pricing {
    Pricing {
        margin_model: domain::pricing::MarginModel::Spread,
        costs: domain::pricing::UnitCosts::default(),
        rows: vec![PriceRow {
            grade: Grade::UNGRADED,
            min_units: Units(1),
            buyer_price: Rupiah(rupiah),
            member_price: Rupiah(10_500),
        }],
    }
}

fn paths(market: &Market) -> [String; 4] {
    [
        "/".to_owned(),
        "/search?q=keripik".to_owned(),
        format!("/offers/{}", market.offer),
        "/cooperatives/koperasi-rasa".to_owned(),
    ]
}

#[tokio::test]
async fn public_pages_are_kept_until_a_price_changes() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[600, 430])).await;
        app.run_jobs().await;
        let visitor = app.visitor().speaking("id");
        for path in paths(&market) {
            twice(&app, &visitor, &path).await.reads("Rp12.500");
        }
        let act = market.manager.act(&app);
        let version = "SELECT version FROM offers";
        let version = database::number(&app.database.url, version).await;
        app.store
            .set_prices(
                &act,
                market.manager.organisation,
                market.offer,
                version,
                &pricing(13_700),
            )
            .await
            .unwrap();
        app.run_jobs().await;
        for path in paths(&market) {
            let page = visitor.get(&path).await.expect(200);
            page.reads("Rp13.700");
            page.lacks("Rp12.500");
        }
    }
}

#[tokio::test]
async fn a_sale_empties_the_shelf_only_when_it_shows() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[600, 430])).await;
        app.run_jobs().await;
        let visitor = app.visitor().speaking("id");
        let offer = format!("/offers/{}", market.offer);
        // 1.030 packs: more than 1.000. The first sale is told, for nothing was told of this offer yet.
        market.ordered(&app, 10).await;
        twice(&app, &visitor, &offer)
            .await
            .reads("> 1.000 bungkus siap");
        let before = edition(&app).await;
        market.ordered(&app, 5).await;
        assert_eq!(
            edition(&app).await,
            before,
            "1.015 is still more than 1.000"
        );
        market.ordered(&app, 40).await;
        assert_eq!(edition(&app).await, before + 1);
        visitor
            .get(&offer)
            .await
            .expect(200)
            .reads("> 500 bungkus siap");
        app.run_jobs().await;
        assert_eq!(app.store.audit(app.now(), None).await.unwrap(), []);
    }
}

#[tokio::test]
async fn an_offer_that_is_taken_back_is_gone_from_every_kept_page() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[600])).await;
        app.run_jobs().await;
        let visitor = app.visitor();
        for path in paths(&market) {
            twice(&app, &visitor, &path).await;
        }
        app.store
            .change_offer(
                &market.manager.act(&app),
                market.manager.organisation,
                market.offer,
                domain::offers::OfferEvent::Pause,
            )
            .await
            .unwrap();
        // Before the index follows: the hit is there, the offer is not (I9).
        for path in ["/", "/search?q=keripik", "/cooperatives/koperasi-rasa"] {
            let page = visitor.get(path).await.expect(200);
            page.lacks("Keripik singkong 250 g");
        }
        // It rests: that is said, and nothing else of it.
        let page = visitor.get(&paths(&market)[2]).await.expect(200);
        assert!(page.has("meta[name=robots]"));
        page.lacks("Rp12.500");
    }
}

#[tokio::test]
async fn a_catalog_that_closes_by_time_alone_takes_its_pages_along() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[600])).await;
        app.run_jobs().await;
        let closes = app.now().plus_seconds(600).0;
        let sql = format!("UPDATE catalogs SET closes_at = {closes}");
        database::run(&app.database.url, &sql).await;
        database::run(&app.database.url, "UPDATE editions SET number = number + 1").await;
        let visitor = app.visitor();
        let offer = format!("/offers/{}", market.offer);
        twice(&app, &visitor, &offer).await;
        app.clock.advance_seconds(601);
        // It rests: that is said, and nothing else of it.
        let page = visitor.get(&offer).await.expect(200);
        assert!(page.has("meta[name=robots]"));
        page.lacks("Rp12.500");
    }
}

#[tokio::test]
async fn nobody_with_a_name_gets_or_gives_a_kept_page() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[600, 430])).await;
        app.run_jobs().await;
        let path = format!("/offers/{}", market.offer);
        let before = kept(&app).await;
        for _ in 0..3 {
            let page = market.buyer.get(&path).await.expect(200);
            page.reads("1.030 bungkus siap");
            assert_eq!(page.header("cache-control"), Some("no-store"));
        }
        assert_eq!(kept(&app).await, before);
        // Drawn afresh for the first passer-by: nothing of the buyer's page is in it.
        let visitor = app.visitor().speaking("id");
        let page = twice(&app, &visitor, &path).await;
        page.lacks("1.030");
        page.lacks("Toko Rasa");
        assert!(!page.body.contains("csrf_token"));
        // Somebody who has opened the sign-in page has a token for its form, but no other pages.
        let other = app.visitor().speaking("id");
        let _ = other.get("/login").await.expect(200);
        let answer = other.get(&path).await.expect(200);
        assert_eq!(answer.body, page.body);
    }
}

#[tokio::test]
async fn languages_and_addresses_are_kept_apart_and_a_browser_may_ask_whether_its_page_holds() {
    let app = TestApp::start(tests::database::Kind::Sqlite).await.unwrap();
    let market = app.market(&Pool::of(&[600])).await;
    app.run_jobs().await;
    let path = format!("/offers/{}", market.offer);
    let indonesian = twice(&app, &app.visitor().speaking("id"), &path).await;
    let english = twice(&app, &app.visitor().speaking("en"), &path).await;
    assert_ne!(indonesian.body, english.body);
    let more = app
        .visitor()
        .speaking("id")
        .get(&format!("{path}?units=70"))
        .await;
    assert_ne!(indonesian.body, more.body);

    let visitor = app.visitor().speaking("id");
    let tag = indonesian.header("etag").expect("a tag").to_owned();
    let headers = [("if-none-match", tag.as_str())];
    let unchanged = visitor.ask(Method::GET, &path, &headers).await;
    assert_eq!((unchanged.status, unchanged.body.len()), (304, 0));

    // Packed as the browser takes it, and the same page inside.
    let gzip = [("accept-encoding", "gzip")];
    let _ = visitor.ask(Method::GET, &path, &gzip).await;
    let packed = visitor.ask(Method::GET, &path, &gzip).await;
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    assert_ne!(packed.header("etag"), Some(tag.as_str()));
}
