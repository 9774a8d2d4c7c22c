//! What machines ask: whether the process lives, whether its parts answer, and its figures (CONTRACT, HTTP).

use std::time::Duration;

use media::Media;
use reqwest::Method;
use tests::{
    app::TestApp,
    build::Pool,
    database::{self, Kind},
    page::Page,
    s3::{self, ObjectServer},
    smtp::{self, MailServer},
};
use web::server::Config;

#[tokio::test]
async fn a_database_that_is_gone_is_named_while_the_process_lives() {
    for app in TestApp::each().await {
        let visitor = app.visitor();
        let _ = visitor.get("/readyz").await.expect(200);
        app.store.clone().close().await;
        let ready = visitor.get("/readyz").await.expect(503);
        assert_eq!(ready.body, "database\n");
        let _ = visitor.get("/healthz").await.expect(200);
    }
}

#[tokio::test]
async fn figures_are_for_whoever_has_the_token() {
    let config = Config {
        metrics_token: Some("kunci-angka".to_owned()),
        ..Config::default()
    };
    let app = TestApp::start_with(Kind::Sqlite, config).await;
    let app = app.expect("SQLite is always there");
    let visitor = app.visitor();
    let _ = visitor.get("/metrics").await.expect(404);
    let ask = async |token: &str| {
        let bearer = format!("Bearer {token}");
        visitor
            .ask(
                Method::GET,
                "/metrics",
                &[("authorization", bearer.as_str())],
            )
            .await
    };
    let _ = ask("kunci-angk").await.expect(404);
    let figures = ask("kunci-angka").await.expect(200);
    for name in [
        "lumbung_requests_total",
        "lumbung_request_seconds_bucket",
        "lumbung_database_connections",
        "lumbung_database_query_seconds_count",
        "lumbung_database_deed_seconds_count",
        "lumbung_search_documents",
        "lumbung_open_jobs",
        "lumbung_dead_jobs",
    ] {
        assert!(figures.body.contains(name), "{name}");
    }
}

/// The value of one line of the figures.
fn figure(page: &Page, line: &str) -> i64 {
    let value = page
        .body
        .lines()
        .find_map(|found| found.strip_prefix(line)?.strip_prefix(' '));
    let value = value.unwrap_or_else(|| panic!("{line} is not in {}", page.body));
    value.parse().expect("a whole number")
}

#[tokio::test]
async fn the_trade_and_its_jobs_are_counted_once_each() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[30, 30])).await;
        let watcher = app.visitor();
        let figures = async || watcher.get("/metrics").await.expect(200);
        let late = app.quiet_buyer("Kedua").await;
        let act = late.act(&app);
        app.put_in_cart(&act, late.organisation, market.offer, 50)
            .await;
        let command = app.command(late.organisation, market.cooperative()).await;
        let before = figures().await;
        assert_eq!(figure(&before, "lumbung_orders_placed_total"), 0);
        let buyer = &market.buyer;
        let (first, act) = (market.ordered(&app, 20).await.order, market.buyer.act(&app));
        // The same confirm once more is the same order.
        app.put_in_cart(&act, buyer.organisation, market.offer, 3)
            .await;
        let mut again = app.command(buyer.organisation, market.cooperative()).await;
        let placed = app.store.place_order(&act, &again).await.expect("placed");
        assert_ne!(placed.order, first);
        app.store.place_order(&act, &again).await.expect("the same");
        again.po_number = "another content".to_owned();
        assert!(app.store.place_order(&act, &again).await.is_err());
        let refused = app.store.place_order(&late.act(&app), &command).await;
        assert!(refused.is_err());
        let after = figures().await;
        assert_eq!(figure(&after, "lumbung_orders_placed_total"), 2);
        assert_eq!(figure(&after, "lumbung_packs_allocated_total"), 23);
        assert_eq!(figure(&after, "lumbung_stock_refusals_total"), 1);

        let letters = figure(&after, "lumbung_waiting_jobs{kind=\"letter\"}");
        assert!(letters > 0);
        app.later_hours(2);
        let later = figures().await;
        let age = figure(&later, "lumbung_oldest_job_age_seconds{kind=\"letter\"}");
        assert!((7_200..7_300).contains(&age), "{age}");
        app.run_jobs().await;
        let done = figures().await;
        assert!(!done.body.contains("lumbung_waiting_jobs{kind=\"letter\"}"));
        assert!(figure(&done, "lumbung_jobs_total{outcome=\"done\"}") >= letters);
        let route = "lumbung_request_seconds_count{method=\"\",route=\"other\",status=\"2xx\"}";
        assert!(figure(&done, route) >= 3, "figures are counted as others");
    }
}

#[tokio::test]
async fn parts_that_pages_go_on_without_are_named_and_take_nobody_out_of_service() {
    let store = ObjectServer::start().await;
    let letters = MailServer::start(smtp::Mood::Takes).await;
    let start = async || {
        let media: Media = store.media("");
        let mail = Some(letters.transport());
        let app = TestApp::start_among(Kind::Sqlite, Config::default(), media, mail).await;
        app.expect("SQLite is always there")
    };
    let app = start().await;
    let ready = app.visitor().get("/readyz").await.expect(200);
    assert_eq!(ready.body, "ok\n");
    // What was heard holds for some seconds, so that whoever asks often doesn't make us call often.
    store.turn(s3::Mood::Broken);
    letters.turn(smtp::Mood::Away);
    let calls = letters.connections();
    for _ in 0..5 {
        let ready = app.visitor().get("/readyz").await.expect(200);
        assert_eq!(ready.body, "ok\n");
    }
    assert_eq!(letters.connections(), calls);

    let app = start().await;
    let begun = std::time::Instant::now();
    let ready = app.visitor().get("/readyz").await.expect(200);
    assert_eq!(ready.body, "ok, but without files and mail\n");
    assert!(begun.elapsed() < Duration::from_secs(4));
    let figures = app.visitor().get("/metrics").await.expect(200);
    for (part, is_up) in [
        ("database", 1),
        ("migrations", 1),
        ("files", 0),
        ("mail", 0),
    ] {
        let line = format!("lumbung_part_up{{part=\"{part}\"}}");
        assert_eq!(figure(&figures, &line), is_up, "{part}");
    }
    let _ = app.visitor().get("/").await.expect(200);
}

#[tokio::test]
async fn a_schema_that_is_behind_is_named() {
    for app in TestApp::each().await {
        let last = "DELETE FROM seaql_migrations WHERE version = (SELECT MAX(version) FROM seaql_migrations)";
        database::run(&app.database.url, last).await;
        let ready = app.visitor().get("/readyz").await.expect(503);
        assert_eq!(ready.body, "migrations\n");
        let _ = app.visitor().get("/healthz").await.expect(200);
    }
}

#[tokio::test]
async fn an_error_page_shows_the_code_that_its_answer_has_and_every_answer_has_one() {
    for app in TestApp::each().await {
        let visitor = app.visitor();
        let mut codes = std::collections::BTreeSet::new();
        for path in [
            "/",
            "/login",
            "/healthz",
            "/static/x/app.css",
            "/nothing",
            "/metrics",
            "/",
        ] {
            let page = visitor.get(path).await;
            let code = page.header("x-request-id").unwrap_or_default().to_owned();
            assert_eq!(code.len(), 8, "{path}");
            // A missing page is the same, byte for byte, whoever asks.
            assert!(!page.body.contains(&code), "{path}");
            codes.insert(code);
        }
        assert_eq!(codes.len(), 7);
        app.store.clone().close().await;
        let broken = visitor.get("/search?q=padi").await;
        assert!(broken.status >= 500, "{}", broken.status);
        let code = broken.header("x-request-id").expect("a code").to_owned();
        broken.reads(&code);
    }
}
