//! Sessions and cookies: how long they last, and what a cookie that is none of ours is worth.

use tests::{
    app::{SECRET, TestApp},
    database::Kind,
    people::PASSWORD,
};

const DAY: i64 = 24 * 3600;

// A06
#[tokio::test]
async fn a_session_ends_after_a_month_without_use_and_after_three_in_any_case() {
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Roban").await;
        let sign_in = async |keep: bool| {
            let visitor = app.visitor();
            let page = visitor.get("/login").await.expect(200);
            let form = page
                .form("/login")
                .with("login", &owner.login)
                .with("password", PASSWORD)
                .tick("keep", "on", keep);
            assert_eq!(visitor.submit(&page, &form).await.status, 303);
            visitor
        };
        let borrowed = sign_in(false).await;
        let used = sign_in(true).await;
        let idle = sign_in(true).await;
        app.later_hours(12);
        assert_eq!(borrowed.get("/home").await.status, 303, "after 12 hours");
        for _ in 0..3 {
            app.clock.advance_seconds(25 * DAY);
            assert_eq!(used.get("/home").await.status, 200);
        }
        assert_eq!(idle.get("/home").await.status, 303, "after 30 days unused");
        app.clock.advance_seconds(15 * DAY);
        assert_eq!(used.get("/home").await.status, 303, "after 90 days");
    }
}

// A14
#[tokio::test]
async fn cookies_of_another_installation_of_another_key_or_of_no_sense_are_nobodys() {
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Roban").await;
        let good = owner.cookie("lumbung").expect("a session");
        let elsewhere = TestApp::start(Kind::Sqlite).await.expect("SQLite");
        let stranger = elsewhere.umkm("Dapur Roban").await;
        let foreign = stranger.cookie("lumbung").expect("a session");
        let mut flipped = good.clone();
        flipped.replace_range(..1, if good.starts_with('0') { "1" } else { "0" });
        let joined = format!("{good}{good}");
        let long = "a".repeat(10_000);
        for cookie in [
            foreign.as_str(),
            &flipped,
            &good[..63],
            &joined,
            &long,
            "",
            "null",
            "eyJhbGciOiJub25lIn0.e30.",
        ] {
            for name in ["lumbung", "lumbung_step", "lumbung_visit", "lumbung_lang"] {
                let visitor = app.visitor();
                visitor.set_cookie(name, cookie);
                let answer = visitor.get("/home").await;
                assert_eq!(answer.status, 303, "{name}={cookie:.70}");
                assert_eq!(visitor.get("/login/code").await.location(), "/login");
                let _ = visitor.get("/login").await.expect(200);
            }
        }
        // A form token made with another key is as good as none.
        let visitor = app.visitor();
        let page = visitor.get("/login").await.expect(200);
        let visit = visitor.cookie("lumbung_visit").expect("a visit");
        let old = web::session::Token::random().expect("randomness");
        assert_ne!(
            old.csrf(SECRET),
            old.csrf(b"the key before this one, 32 bytes")
        );
        visitor.set_cookie("lumbung_visit", old.as_str());
        let fields = [
            ("csrf_token", old.csrf(b"the key before this one, 32 bytes")),
            ("login", owner.login.clone()),
            ("password", PASSWORD.to_owned()),
        ];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let _ = visitor.post("/login", &fields).await.expect(403);
        visitor.set_cookie("lumbung_visit", &visit);
        let right = [("login", owner.login.as_str()), ("password", PASSWORD)];
        assert_eq!(visitor.post_form(&page, "/login", &right).await.status, 303);
        assert_eq!(owner.get("/home").await.status, 200);
    }
}

// C06
#[tokio::test]
async fn no_way_of_signing_in_leads_off_the_site() {
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Roban").await;
        for evil in [
            "//evil.example",
            "/\\evil.example",
            "https:evil.example",
            "%2f%2fevil.example",
            "/%2f%2fevil.example",
            "/home\r\nSet-Cookie: x=y",
            "javascript:alert(1)",
        ] {
            let visitor = app.visitor();
            let page = visitor.get("/login").await.expect(200);
            let form = page
                .form("/login")
                .with("login", &owner.login)
                .with("password", PASSWORD)
                .tampered("next", evil);
            let answer = visitor.submit(&page, &form).await;
            assert_eq!(answer.location(), "/home", "{evil:?}");
            let encoded = evil
                .replace('%', "%25")
                .replace('\r', "%0d")
                .replace('\n', "%0a");
            let path = format!("/account/two-step?next={}", encoded.replace('\\', "%5c"));
            let page = visitor.get(&path).await.expect(200);
            let leaves = page.links().into_iter().any(|link| {
                // The language page has its own check of where it leads on.
                link.href.contains("evil") && !link.href.starts_with("/language")
            });
            assert!(!leaves, "{evil:?}");
        }
    }
}
