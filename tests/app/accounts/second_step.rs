//! The second step of signing in.

use domain::accounts::Role;
use tests::{
    app::TestApp,
    database::number,
    page::Page,
    people::{PASSWORD, Person},
    rows::Looker,
    visitor::Visitor,
};
use totp_rs::{Builder, Secret, Totp};

/// The app that the page's secret sets up.
fn authenticator(page: &Page) -> Totp {
    let secret: String = page.text("code").split_whitespace().collect();
    let secret = Secret::try_from_base32(secret).expect("a secret");
    Builder::new().with_secret(secret).build().expect("an app")
}

fn code(app: &TestApp, authenticator: &Totp) -> String {
    let seconds = app.now().epoch_seconds().unsigned_abs();
    authenticator.generate(seconds).to_string()
}

/// Sets it up; answers the app and the recovery codes.
async fn set_up(app: &TestApp, person: &Person) -> (Totp, Vec<String>) {
    let page = person.get("/account/two-step").await.expect(200);
    assert!(page.has("svg path"), "a QR code");
    let authenticator = authenticator(&page);
    let wrong = [("code", "000000")];
    let again = person.post_form(&page, "/account/two-step", &wrong).await;
    let again = again.expect(422);
    let right = code(app, &authenticator);
    let answer = person
        .post_form(&again, "/account/two-step", &[("code", &right)])
        .await;
    let shown = person.follow(answer).await.expect(200);
    let codes = shown.texts("code");
    assert_eq!(codes.len(), 10);
    (authenticator, codes)
}

async fn password(app: &TestApp, login: &str) -> (Visitor, Page) {
    let visitor = app.visitor();
    let fields = [("login", login), ("password", PASSWORD)];
    let answer = visitor.fill("/login", "/login", &fields).await;
    assert!(
        answer.location().starts_with("/login/code"),
        "{}",
        answer.location()
    );
    assert!(visitor.cookie("lumbung").is_none(), "no session yet");
    assert_eq!(visitor.get("/home").await.status, 303);
    let page = visitor.follow(answer).await.expect(200);
    (visitor, page)
}

#[tokio::test]
async fn a_code_is_asked_after_the_password_and_works_once() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let treasurer = app.colleague(&manager, "Wati", Role::CoopTreasurer).await;
        let (authenticator, _) = set_up(&app, &treasurer).await;
        app.clock.advance_seconds(90);
        let right = code(&app, &authenticator);
        let (visitor, page) = password(&app, &treasurer.login).await;
        let wrong = visitor
            .post_form(&page, "/login/code", &[("code", "000000")])
            .await;
        let page = wrong.expect(422);
        let answer = visitor
            .post_form(&page, "/login/code", &[("code", &right)])
            .await;
        visitor
            .follow(answer)
            .await
            .expect(200)
            .reads("Rasa Alas Roban");
        // Whoever saw the code is too late.
        let (thief, page) = password(&app, &treasurer.login).await;
        let answer = thief
            .post_form(&page, "/login/code", &[("code", &right)])
            .await;
        let _ = answer.expect(422);
        assert_eq!(thief.get("/home").await.status, 303);
        app.clock.advance_seconds(30);
        let later = code(&app, &authenticator);
        let answer = thief
            .post_form(&page, "/login/code", &[("code", &later)])
            .await;
        let _ = thief.follow(answer).await.expect(200);
    }
}

#[tokio::test]
async fn a_recovery_code_works_once_and_ten_wrong_codes_close_the_door() {
    for app in TestApp::each().await {
        let admin = app.administrator().await;
        let (_, codes) = set_up(&app, &admin).await;
        let stored = format!(
            "SELECT COUNT(*) FROM recovery_codes WHERE code_hash LIKE '%{}%'",
            codes[0].replace('-', "")
        );
        assert_eq!(number(&app.database.url, &stored).await, 0);
        let typed = codes[0].to_lowercase().replace('-', " ");
        let (visitor, page) = password(&app, &admin.login).await;
        let answer = visitor
            .post_form(&page, "/login/code", &[("code", &typed)])
            .await;
        let _ = visitor.follow(answer).await.expect(200);
        let state = visitor.get("/account/two-step").await.expect(200);
        state.reads("tersisa: 9");
        let (thief, page) = password(&app, &admin.login).await;
        for _ in 0..9 {
            let answer = thief
                .post_form(&page, "/login/code", &[("code", &typed)])
                .await;
            let _ = answer.expect(422);
        }
        let answer = thief
            .post_form(&page, "/login/code", &[("code", "123456")])
            .await;
        let _ = answer.expect(422);
        let answer = thief
            .post_form(&page, "/login/code", &[("code", "123456")])
            .await;
        let _ = answer.expect(429);
        app.run_jobs().await;
        let letters = app.letters.letters_to(&admin.login);
        assert!(
            letters
                .iter()
                .any(|l| l.subject == "Kode cadangan Anda dipakai")
        );
    }
}

/// A path with `with` in each of its holes.
fn filled(path: &str, with: &str) -> String {
    let mut parts = path.split('{');
    let start = parts.next().unwrap_or_default().to_owned();
    parts.fold(start, |path, part| {
        let (_, rest) = part.split_once('}').unwrap_or_default();
        format!("{path}{with}{rest}")
    })
}

/// The pages and deeds that stay open while the second step is missing.
const OPEN: &[&str] = &[
    "/account/two-step",
    "/language",
    "/logout",
    "/privacy",
    "/terms",
];

#[tokio::test]
async fn roles_that_guard_money_or_rights_reach_nothing_else_until_their_code_is_set_up() {
    for app in TestApp::each().await {
        app.require_second_step().await;
        let owner = app.umkm("Dapur Roban").await;
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let _ = owner.get("/home").await.expect(200);
        let _ = manager.get("/home").await.expect(200);
        let board = app.colleague(&manager, "Hadi", Role::CoopBoard).await;
        let treasurer = app.colleague(&manager, "Wati", Role::CoopTreasurer).await;
        let admin = app.administrator().await;
        for person in [&board, &treasurer, &admin] {
            let home = person.get("/home").await;
            assert_eq!(home.status, 303);
            assert_eq!(home.location(), "/account/two-step?next=/home");
        }
        let looker = Looker::at(&app.database.url).await;
        let before = looker.rows().await;
        let token = board
            .get("/account/two-step")
            .await
            .expect(200)
            .attribute("input[name=csrf_token]", "value");
        for row in web::routes::table() {
            let is_open = OPEN.contains(&row.path);
            assert_eq!(row.before_step, is_open, "{}", row.path);
            if is_open || row.demo_only {
                continue;
            }
            let path = filled(row.path, &board.person.to_string());
            let answer = match row.method {
                web::routes::Method::Get => board.get(&path).await,
                web::routes::Method::Post => board.post(&path, &[("csrf_token", &token)]).await,
            };
            assert_eq!(answer.status, 303, "{:?} {path}", row.method);
            let to = answer.location();
            assert!(to.starts_with("/account/two-step?next=/"), "{path}: {to}");
        }
        assert_eq!(before.changes(&looker.rows().await), Vec::<String>::new());

        let page = board.get("/account/two-step").await.expect(200);
        page.reads("Pasang kode dulu");
        page.lacks("Nanti saja");
        page.lacks("Lumbung Rasa Alas Roban");
        let led: Vec<String> = page.links().into_iter().map(|link| link.href).collect();
        for href in &led {
            let path = href.split('?').next().unwrap_or_default();
            let stays =
                OPEN.contains(&path) || !path.starts_with('/') || path == "/account/two-step";
            assert!(stays, "{href} leads back here");
        }
        let _ = board.get("/language").await.expect(200);
        let session = board.cookie("lumbung");
        let _ = set_up(&app, &board).await;
        assert_ne!(board.cookie("lumbung"), session, "another session id");
        board
            .get("/home")
            .await
            .expect(200)
            .reads("Rasa Alas Roban");

        // Whoever changes telephones begins anew, with the password.
        let page = board.get("/account/two-step").await.expect(200);
        let wrong = [("current_password", "bukan ini")];
        let answer = board
            .post_form(&page, "/account/two-step/removal", &wrong)
            .await;
        let _ = answer.expect(409);
        let right = [("current_password", PASSWORD)];
        let answer = board
            .post_form(&page, "/account/two-step/removal", &right)
            .await;
        let again = board.follow(answer).await.expect(200);
        again.reads("Pasang kode dulu");
        assert_eq!(board.get("/home").await.status, 303);
        // Out is always open.
        let answer = board.post_form(&again, "/logout", &[]).await;
        assert_eq!(answer.location(), "/login");
    }
}

#[tokio::test]
async fn a_lost_code_is_taken_away_by_the_administrator_with_a_reason_and_the_person_is_told() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let treasurer = app.colleague(&manager, "Wati", Role::CoopTreasurer).await;
        let _ = set_up(&app, &treasurer).await;
        let admin = app.administrator().await;
        let path = format!("/admin/accounts/{}", treasurer.person);
        let page = admin.get(&path).await.expect(200);
        let form = page.form_with_button("Kunci akun");
        let unsaid = form.clone().press("Lepas kode saat masuk");
        let _ = admin.submit(&page, &unsaid).await.expect(422);
        let form = form
            .with("reason", "Ponsel jatuh ke sawah")
            .press("Lepas kode saat masuk");
        let answer = admin.submit(&page, &form).await;
        let page = admin.follow(answer).await.expect(200);
        page.reads("Ponsel jatuh ke sawah");
        page.lacks("Lepas kode saat masuk");
        let _ = admin.submit(&page, &form).await.expect(409);
        let _ = app.signed_in(&treasurer.login).await;
        app.run_jobs().await;
        let letters = app.letters.letters_to(&treasurer.login);
        let told =
            "SELECT COUNT(*) FROM events WHERE kind = 'second_step_off' AND reason IS NOT NULL";
        assert_eq!(number(&app.database.url, told).await, 1);
        assert!(letters.len() >= 2, "{}", letters.len());
    }
}

#[tokio::test]
async fn a_sign_in_that_waits_too_long_begins_again() {
    for app in TestApp::each().await {
        let admin = app.administrator().await;
        let (authenticator, _) = set_up(&app, &admin).await;
        let (visitor, page) = password(&app, &admin.login).await;
        app.clock.advance_seconds(10 * 60);
        let right = code(&app, &authenticator);
        let answer = visitor
            .post_form(&page, "/login/code", &[("code", &right)])
            .await;
        let _ = answer.expect(409);
        assert_eq!(visitor.get("/login/code").await.location(), "/login");
    }
}
