//! Joining, signing in and out, and the limits on trying, over a real connection and on both databases.

mod invitations;
mod own;
mod passwords;
mod profile;
mod second_step;
mod sessions;
mod timing;

use domain::accounts::OrganisationKind;
use tests::{app::TestApp, database::number, people::PASSWORD};

/// The token of the link in a letter that leads to `path`.
fn token_in(letter: &mail::Letter, path: &str) -> String {
    let (_, rest) = letter.text.split_once(path).expect("a link");
    let token = rest.split_whitespace().next().expect("a token");
    assert_eq!(token.len(), 64, "{token}");
    token.to_owned()
}

#[tokio::test]
async fn an_owner_joins_with_a_mobile_number_signs_in_and_out() {
    for app in TestApp::each().await {
        let visitor = app.visitor();
        let page = visitor.get("/register").await.expect(200);
        let page = visitor.click(&page, "UMKM").await.expect(200);
        let answer = visitor
            .post_form(
                &page,
                "/register/umkm",
                &[
                    ("person_name", "Siti Aminah"),
                    ("organisation_name", "Dapur Roban"),
                    ("region", "Kabupaten Batang"),
                    ("login", "0812 0000 0001"),
                    ("password", PASSWORD),
                    ("consent", "on"),
                ],
            )
            .await;
        let done = visitor.follow(answer).await.expect(200);
        let page = visitor.click(&done, "Masuk").await.expect(200);
        let fields = [("login", "+62 812-0000-0001"), ("password", PASSWORD)];
        let answer = visitor.post_form(&page, "/login", &fields).await;
        let home = visitor.follow(answer).await.expect(200);
        home.reads("Dapur Roban");

        let twin = visitor.twin();
        let out = visitor.post_form(&home, "/logout", &[]).await;
        assert_eq!(out.status, 303);
        assert_eq!(twin.get("/home").await.location(), "/login?next=/home");
    }
}

#[tokio::test]
async fn a_dump_of_the_database_holds_no_password_and_no_session_token() {
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Roban").await;
        let token = owner.cookie("lumbung").expect("a session");
        for (table, column) in [
            ("people", "password_hash"),
            ("sessions", "token_hash"),
            ("sessions", "csrf"),
        ] {
            let sql = format!(
                "SELECT count(*) FROM {table} WHERE {column} LIKE '%{PASSWORD}%' OR {column} LIKE '%{token}%'"
            );
            assert_eq!(number(&app.database.url, &sql).await, 0, "{table}.{column}");
        }
        let hashed = "SELECT count(*) FROM people WHERE password_hash LIKE '$argon2id$%'";
        assert_eq!(number(&app.database.url, hashed).await, 1);
    }
}

#[tokio::test]
async fn ten_failures_close_the_door_for_a_quarter_of_an_hour() {
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Roban").await;
        let login = owner.login.as_str();
        let thief = app.visitor();
        let try_it = async |password: &str| {
            let fields = [("login", login), ("password", password)];
            thief.fill("/login", "/login", &fields).await
        };
        for _ in 0..10 {
            let _ = try_it("bukan ini").await.expect(422);
        }
        let refused = try_it(PASSWORD).await.expect(429);
        let wait: i64 = refused.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=16 * 60).contains(&wait), "{wait}");
        // Hammering on does not lengthen it, and who is signed in stays so.
        let _ = try_it(PASSWORD).await.expect(429);
        let _ = owner.get("/home").await.expect(200);
        app.clock.advance_seconds(wait);
        let _ = try_it(PASSWORD).await.expect(303);
    }
}

#[tokio::test]
async fn twenty_at_once_get_no_more_tries_than_one_after_the_other() {
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Roban").await;
        let login = owner.login.as_str();
        let thieves: Vec<_> = (0..20).map(|_| app.visitor()).collect();
        let fields = [("login", login), ("password", "bukan ini")];
        let tries = thieves
            .iter()
            .map(|thief| thief.fill("/login", "/login", &fields));
        let answers = futures_util::future::join_all(tries).await;
        let checked = answers.iter().filter(|page| page.status == 422).count();
        let refused = answers.iter().filter(|page| page.status == 429).count();
        assert_eq!((checked, refused), (10, 10));
    }
}

#[tokio::test]
async fn a_cooperative_works_once_the_administrator_has_looked() {
    for app in TestApp::each().await {
        let manager = app
            .applicant(OrganisationKind::Cooperative, "Rasa Alas Roban")
            .await;
        manager.get("/home").await.expect(200).reads("diperiksa");
        let admin = app.administrator().await;
        let queue = admin.get("/admin").await.expect(200);
        let page = admin.click(&queue, "Rasa Alas Roban").await.expect(200);
        let form = page.form_with_button("Terima").with("code", "rar");
        let answer = admin.submit(&page, &form).await;
        admin.follow(answer).await.expect(200).reads("diterima");
        manager
            .get("/home")
            .await
            .expect(200)
            .lacks("Menunggu pemeriksaan");
        let code =
            "SELECT count(*) FROM organisations WHERE code = 'RAR' AND verification = 'verified'";
        assert_eq!(number(&app.database.url, code).await, 1);
        let event = "SELECT count(*) FROM events WHERE kind = 'organisation_verified' AND person_id IS NOT NULL";
        assert_eq!(number(&app.database.url, event).await, 1);
    }
}
