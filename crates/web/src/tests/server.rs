//! What every answer carries: security headers, compression, caching, metrics, few bytes.

use super::*;

#[actix_web::test]
async fn every_answer_carries_the_security_headers() {
    let house = house_with(None, "https://lumbung.example").await;
    let app = serve!(house);
    let browser = Browser::new(&app);
    for path in [
        "/login",
        "/nothing",
        "/home",
        "/static/x/y.css",
        "/healthz",
        "/login/",
    ] {
        let seen = browser.get(path).await;
        for (name, part) in [
            ("content-security-policy", "frame-ancestors 'none'"),
            ("content-security-policy", "base-uri 'none'"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("permissions-policy", "camera=()"),
            ("strict-transport-security", "max-age="),
        ] {
            assert!(seen.header(name).contains(part), "{path}: {name}");
        }
        assert!(!seen.header("content-security-policy").contains("unsafe"));
    }
}

#[actix_web::test]
async fn metrics_are_for_loopback_or_the_token() {
    let house = house().await;
    let app = serve!(house);
    let browser = Browser::new(&app);
    browser.get("/login").await;
    let seen = browser.get("/metrics").await;
    assert!(
        seen.body
            .contains("lumbung_requests_total{status=\"2xx\"} 1"),
        "{}",
        seen.body
    );
    let forwarded = TestRequest::get()
        .uri("/metrics")
        .insert_header(("x-forwarded-for", "10.0.0.1"));
    assert_eq!(browser.ask(forwarded).await.status, 404);
}

#[actix_web::test]
async fn pages_are_compressed_and_files_are_kept_for_a_year() {
    let house = house().await;
    let app = serve!(house);
    let browser = Browser::new(&app);
    let packed = |path: &str| {
        TestRequest::get()
            .uri(path)
            .insert_header(("accept-encoding", "gzip"))
    };
    let seen = browser.ask(packed("/register/umkm")).await;
    assert_eq!(seen.header("content-encoding"), "gzip");
    let vary: Vec<_> = seen.headers.get_all(header::VARY).collect();
    assert!(
        format!("{vary:?}")
            .to_lowercase()
            .contains("accept-encoding"),
        "{vary:?}"
    );
    assert!(
        format!("{vary:?}").to_lowercase().contains("cookie"),
        "{vary:?}"
    );

    let style = browser.ask(packed(&crate::assets::href("app.css"))).await;
    assert_eq!(style.status, 200);
    assert_eq!(style.header("content-encoding"), "gzip");
    assert!(style.header("cache-control").contains("immutable"));
    let again = packed(&crate::assets::href("app.css"))
        .insert_header(("if-none-match", style.header("etag").to_owned()));
    assert_eq!(browser.ask(again).await.status, 304);
    let old = browser.get("/static/0000000000000000/app.css").await;
    assert!(old.status == 200 && !old.header("cache-control").contains("immutable"));
    for path in [
        "/static/x/../Cargo.toml",
        "/static/x/%2e%2e/Cargo.toml",
        "/static/x/nothing",
    ] {
        assert_eq!(browser.get(path).await.status, 404, "{path}");
    }
}

/// CHECKLIST §4: the first pages of a village owner's telephone.
#[actix_web::test]
async fn sign_in_and_registration_stay_within_their_bytes() {
    let house = house().await;
    house
        .person("u1@contoh.example", OrganisationKind::Umkm, "Dapur")
        .await;
    let app = serve!(house);
    let browser = Browser::new(&app);
    let size = async |path: &str| {
        let request = TestRequest::get()
            .uri(path)
            .insert_header(("accept-encoding", "gzip"));
        (wire_bytes(&browser, request).await, path.to_owned())
    };
    for (path, kilobytes) in [
        ("/login", 8),
        ("/register", 8),
        // With the list of all regencies.
        ("/register/umkm", 8),
        ("/register/buyer", 8),
        ("/register/cooperative", 8),
    ] {
        let (bytes, path) = size(path).await;
        assert!(bytes <= kilobytes * 1024, "{path}: {bytes}");
    }
    browser.sign_in("u1@contoh.example").await;
    let (bytes, _) = size("/home").await;
    assert!(bytes <= 8 * 1024, "/home: {bytes}");
}

/// Bytes of an answer as they go over the wire.
async fn wire_bytes(browser: &Browser<'_>, request: TestRequest) -> usize {
    let cookies: Vec<String> = browser
        .jar
        .borrow()
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let request = request.insert_header(("cookie", cookies.join("; ")));
    let (status, _, body) = (browser.app)(request).await;
    assert_eq!(status, 200);
    body.len()
}
