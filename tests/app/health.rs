//! What machines ask: whether the process lives, whether its parts answer, and its figures (CONTRACT, HTTP).

use reqwest::Method;
use tests::{app::TestApp, database::Kind};
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
        "lumbung_open_jobs",
        "lumbung_dead_jobs",
    ] {
        assert!(figures.body.contains(name), "{name}");
    }
}
