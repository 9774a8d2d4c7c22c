//! The whole path of the main job: goods are listed, pooled, found, ordered, shared out and confirmed, each station by
//! the person whose station it is.
//!
//! Start at [`walk`]. `LUMBUNG_SCREENSHOTS=<folder>` keeps a picture of every station.

mod buying;
mod goods;
mod leaving;
mod pooling;
mod sharing;

use tests::{
    app::TestApp,
    browser::{Browser, Scripts},
    database::{Kind, number},
    people::PASSWORD,
};

const OWNER: &str = "sari@roban.example";
const MANAGER: &str = "joko@rar.example";
const BUYER: &str = "dewi@ritel.example";

/// The app, and how its pictures are called.
struct Walk {
    app: TestApp,
    kind: Kind,
}

impl Walk {
    /// A person's own browser. `None`, said aloud, where there is none.
    async fn browser(&self) -> Option<Browser> {
        Browser::open(&self.app.url, Scripts::Off, "id").await
    }

    async fn picture(&self, browser: &Browser, name: &str) {
        // Both kinds of database give the same pages.
        if self.kind == Kind::Sqlite {
            browser.picture(name).await;
        }
    }

    async fn count(&self, sql: &str) -> i64 {
        number(&self.app.database.url, sql).await
    }

    /// The subjects of a person's letters, after the outbox was emptied.
    async fn subjects(&self, address: &str) -> String {
        self.app.run_jobs().await;
        let letters = self.app.letters.letters_to(address);
        let subjects: Vec<String> = letters.into_iter().map(|letter| letter.subject).collect();
        subjects.join("\n")
    }
}

/// From the register page of `kind` of organisation to the first sight of one's home.
async fn register(
    walk: &Walk,
    browser: &Browser,
    tile: &str,
    fields: &[(&str, &str)],
    login: &str,
) {
    browser.go("/register").await;
    walk.picture(browser, "register").await;
    browser.click(tile).await;
    for (name, text) in fields {
        browser.fill(name, text).await;
    }
    browser.choose("region", "Kabupaten Batang").await;
    browser.fill("login", login).await;
    browser.fill("password", PASSWORD).await;
    let consent = browser.find("#consent").await;
    consent.click().await.expect("a box to tick");
    walk.picture(browser, &format!("register-{}", tile.to_lowercase()))
        .await;
    browser.press("Daftar").await;
    browser.reads("Pendaftaran diterima").await;
    browser.click("Masuk").await;
    browser.sign_in(login).await;
}

/// The platform's administrator takes in a cooperative or a buyer, who waits on a page of its own.
async fn verify(walk: &Walk, admin: &Browser, name: &str, code: Option<&str>) {
    admin.go("/home").await;
    admin.reads("menunggu diperiksa").await;
    walk.picture(admin, &format!("admin-home-{}", code.unwrap_or("buyer")))
        .await;
    admin.click("Periksa").await;
    walk.picture(admin, "admin-list").await;
    admin.click(name).await;
    if let Some(code) = code {
        admin.fill("code", code).await;
    }
    walk.picture(
        admin,
        &format!("admin-applicant-{}", code.unwrap_or("buyer")),
    )
    .await;
    admin.press("Terima").await;
    admin.reads(&format!("{name} diterima")).await;
}

/// All of it.
async fn walk(kind: Kind) {
    let Some(app) = TestApp::start(kind).await else {
        return;
    };
    let walk = Walk { app, kind };
    let Some(owner) = walk.browser().await else {
        return;
    };
    let open = async || walk.browser().await.expect("one more window");
    let (manager, buyer, admin) = (open().await, open().await, open().await);

    goods::owner_lists_a_product(&walk, &owner).await;
    pooling::cooperative_joins(&walk, &manager, &admin).await;
    pooling::owner_becomes_a_member(&walk, &owner, &manager).await;
    let members = pooling::others_are_members(&walk, &manager).await;
    pooling::manager_makes_an_offer(&walk, &manager).await;
    pooling::manager_publishes_a_catalog(&walk, &manager).await;
    buying::buyer_joins(&walk, &buyer, &admin).await;
    buying::buyer_finds_the_offer(&walk, &buyer).await;
    buying::buyer_orders_once(&walk, &buyer).await;
    sharing::members_answer(&walk, &owner, &members).await;
    sharing::shortfall_is_shared_out_anew(&walk, &owner, &members).await;
    sharing::manager_confirms(&walk, &manager, &buyer).await;
    leaving::english_is_complete(&walk, &buyer).await;
    leaving::a_signed_out_session_is_dead(&walk, &buyer).await;

    walk.app.run_jobs().await;
    let indexed = walk.app.search.ids().expect("the index answers");
    let audit = walk.app.store.audit(walk.app.now(), Some(&indexed)).await;
    let breaches = audit.expect("the database answers");
    assert!(breaches.is_empty(), "{breaches:?}");
    for browser in [owner, manager, buyer, admin] {
        browser.close().await;
    }
    members.close().await;
}

#[tokio::test]
async fn goods_are_listed_pooled_found_ordered_and_shared_out_on_sqlite() {
    walk(Kind::Sqlite).await;
}

#[tokio::test]
async fn goods_are_listed_pooled_found_ordered_and_shared_out_on_postgresql() {
    walk(Kind::Postgres).await;
}
