//! The security log: what is in it, and what never is (G03).

use std::sync::{Arc, Mutex};

use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

use super::*;

/// Keeps every line of the process log as text.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<String>>>);

struct Text(String);

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.0.push_str(&format!(" {field}={value:?}"));
    }
}

impl Subscriber for Lines {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }
    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn event(&self, event: &Event<'_>) {
        let mut text = Text(event.metadata().target().to_owned());
        event.record(&mut text);
        self.0.lock().unwrap().push(text.0);
    }
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

#[actix_web::test]
async fn who_signed_in_failed_or_was_refused_is_written_down_without_secrets() {
    let lines = Lines::default();
    let _guard = tracing::subscriber::set_default(lines.clone());
    let house = house().await;
    let (person, _) = house
        .person("u1@contoh.example", OrganisationKind::Umkm, "Dapur")
        .await;
    let app = serve!(house);
    let browser = Browser::new(&app);
    let wrong = [("login", "u1@contoh.example"), ("password", "salah-sekali")];
    browser.send("/login", "/login", &wrong).await;
    let token = browser
        .sign_in("u1@contoh.example")
        .await
        .cookie("lumbung")
        .unwrap();
    browser.get("/admin").await;
    browser
        .post("/account/sessions", &[("session", "others")])
        .await;
    let fields = [
        ("current_password", PASSWORD),
        ("password", "sandi yang lain lagi"),
    ];
    browser
        .send("/account/password", "/account/password", &fields)
        .await;
    let asked = [("login", "u1@contoh.example")];
    Browser::new(&app)
        .send("/password/forgotten", "/password/forgotten", &asked)
        .await;
    let all = lines.0.lock().unwrap().clone();
    for what in [
        "sign-in failed",
        "signed in",
        "access denied",
        "form token refused",
        "password changed",
        "password reset asked",
    ] {
        let line = all
            .iter()
            .find(|line| line.contains(&format!("what=\"{what}\"")));
        let line = line.unwrap_or_else(|| panic!("{what} in {all:#?}"));
        assert!(line.starts_with("security "), "{line}");
        assert!(line.contains("ip=127.0.0.1"), "{line}");
        assert!(line.contains("at_utc_seconds="), "{line}");
        if what != "password reset asked" {
            assert!(line.contains(&person.to_string()), "{line}");
        }
    }
    for secret in [PASSWORD, "salah-sekali", "sandi yang lain lagi", &token] {
        assert!(all.iter().all(|line| !line.contains(secret)), "{secret}");
    }
}
