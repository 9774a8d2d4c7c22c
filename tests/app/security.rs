//! The security log: what the lines of the process log carry, and what they never do (G03).

use std::sync::{LazyLock, Mutex, PoisonError};

use domain::{
    accounts::Role,
    ids::{PersonId, ProductId},
};
use tests::{app::TestApp, people::PASSWORD, visitor::Visitor};
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

use crate::orders::send;

/// Every line of this executable's security log. All tests write here: what one looks for has ids that only it knows.
static LINES: LazyLock<Mutex<Vec<String>>> = LazyLock::new(Mutex::default);

/// Keeps them. It is the process's, not a thread's: the server has threads of its own.
struct Keeper;

struct Text(String);

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.0.push_str(&format!(" {field}={value:?}"));
    }
}

impl Subscriber for Keeper {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_event() && metadata.target() == "security"
    }
    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }
    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn event(&self, event: &Event<'_>) {
        let mut text = Text(String::new());
        event.record(&mut text);
        let mut lines = LINES.lock().unwrap_or_else(PoisonError::into_inner);
        lines.push(text.0);
    }
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

fn lines() -> Vec<String> {
    let lines = LINES.lock().unwrap_or_else(PoisonError::into_inner);
    lines.clone()
}

/// The line that says `what` about a person.
fn line(what: &str, about: PersonId) -> String {
    let all = lines();
    let (what, about) = (format!(" what=\"{what}\""), format!(" person={about}"));
    let found = all
        .iter()
        .find(|line| line.contains(&what) && line.contains(&about));
    found
        .unwrap_or_else(|| panic!("no{what}{about} in {all:#?}"))
        .clone()
}

async fn tries(visitor: &Visitor, login: &str, password: &str) {
    let fields = [("login", login), ("password", password)];
    let _ = visitor.fill("/login", "/login", &fields).await;
}

const WRONG: &str = "salah-sekali-dan-rahasia";
const NEW: &str = "kebun-kopi-di-lereng-2026";

// G03
#[tokio::test]
async fn each_line_has_time_person_and_address_and_no_line_a_secret() {
    let _ = tracing::subscriber::set_global_default(Keeper);
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Roban").await;
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let treasurer = app.colleague(&manager, "Wati", Role::CoopTreasurer).await;
        let admin = app.administrator().await;
        let mut secrets = vec![PASSWORD.to_owned(), WRONG.to_owned(), NEW.to_owned()];
        secrets.extend(owner.cookie("lumbung"));

        tries(&app.visitor(), &owner.login, WRONG).await;
        let _ = owner.get("/admin").await.expect(403);
        let other = format!("/products/{}", ProductId(manager.person.0));
        let _ = owner.get(&other).await.expect(404);
        let _ = owner.post("/account/sessions", &[]).await.expect(403);
        let _ = owner.get("/products/export").await.expect(200);
        let _ = manager.get("/members/export").await.expect(200);
        let _ = manager.get("/offers/export").await.expect(200);
        let _ = manager.get("/orders/export").await.expect(200);

        let removal = [
            ("person", treasurer.person.to_string()),
            ("role", Role::CoopTreasurer.to_string()),
        ];
        let removal: Vec<(&str, &str)> = removal.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let answer = send(&manager, "/people/removal", &removal).await;
        let _ = answer.expect(303);

        let account = format!("/admin/accounts/{}", owner.person);
        let page = admin.get(&account).await.expect(200);
        let answer = admin
            .submit(&page, &page.form_with_button("Buat tautan"))
            .await;
        let shown = admin.follow(answer).await.expect(200).visible();
        let (_, token) = shown.split_once("/password/reset?token=").expect("a link");
        let token = token.split_whitespace().next().expect("a token");
        secrets.push(token.to_owned());
        let fields = [("current_password", PASSWORD), ("password", NEW)];
        let answer = owner
            .fill("/account/password", "/account/password", &fields)
            .await;
        let _ = answer.expect(303);
        secrets.extend(owner.cookie("lumbung"));
        let lock = page
            .form_with_button("Kunci akun")
            .with("reason", "Ponsel hilang")
            .press("Kunci akun");
        let _ = admin.submit(&page, &lock).await.expect(303);

        for (what, about, by) in [
            ("signed in", owner.person, None),
            ("sign-in failed", owner.person, None),
            ("access denied", owner.person, Some(&owner)),
            ("not theirs or missing", owner.person, Some(&owner)),
            ("form token refused", owner.person, Some(&owner)),
            ("data exported", owner.person, Some(&owner)),
            ("data exported", manager.person, Some(&manager)),
            ("role changed", treasurer.person, Some(&manager)),
            ("password link issued", owner.person, Some(&admin)),
            ("password changed", owner.person, Some(&owner)),
            ("account locked", owner.person, Some(&admin)),
        ] {
            let line = line(what, about);
            let at = format!(" at_utc_seconds={}", app.now().epoch_seconds());
            assert!(line.contains(&at), "{line}");
            assert!(line.contains(" ip=127.0.0.1"), "{line}");
            if let Some(by) = by {
                assert!(line.contains(&format!(" by={}", by.person)), "{line}");
            }
        }
        let lists = lines()
            .iter()
            .filter(|line| line.contains("data exported"))
            .filter(|line| line.contains(&format!(" person={}", manager.person)))
            .count();
        assert_eq!(lists, 3, "members, offers, orders");
        for secret in &secrets {
            let told = lines().into_iter().find(|line| line.contains(secret));
            assert_eq!(told, None);
        }
        // The desk reads all of it in words, and who did it.
        let back = app.signed_in(&admin.login).await;
        let mut page = back.get("/admin/security").await.expect(200);
        for _ in 0..50 {
            if page.says("Akun dikunci") && page.says("Dicabut: Bendahara") {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            page = back.get("/admin/security").await.expect(200);
        }
        page.reads("Dicabut: Bendahara");
        page.reads("oleh Ibu Rasa Alas Roban");
        page.reads("oleh Ibu Lumbung");
        let words = page.texts("tbody td[data-th=Kejadian]");
        assert!(words.len() > 10, "{words:?}");
        let raw: Vec<&String> = words
            .iter()
            .filter(|words| {
                web::security::Kind::ALL
                    .iter()
                    .any(|k| k.as_str() == **words)
            })
            .collect();
        assert!(raw.is_empty(), "{raw:?}");
    }
}
