//! Forgotten, reset and changed passwords.

use tests::{app::TestApp, database::number, people::PASSWORD, rows::Looker};

use super::token_in;

const NEW: &str = "kebun-kopi-di-lereng-2026";
const TITLE: &str = "Buat kata sandi baru";

async fn ask(app: &TestApp, login: &str) -> tests::page::Page {
    let fields = [("login", login)];
    let visitor = app.visitor();
    let answer = visitor
        .fill("/password/forgotten", "/password/forgotten", &fields)
        .await;
    visitor.follow(answer).await
}

// A05, A09, A10
#[tokio::test]
async fn a_forgotten_password_is_replaced_by_a_link_that_works_once() {
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Roban").await;
        ask(&app, &owner.login).await.expect(200).reads("60 menit");
        app.run_jobs().await;
        let letters = app.letters.letters_to(&owner.login);
        let letter = letters.iter().find(|letter| letter.subject == TITLE);
        let letter = letter.expect("a letter with the link");
        // The address is the configured one, whatever the request said.
        assert!(
            letter
                .text
                .contains(&format!("{}/password/reset?token=", app.url))
        );
        let token = token_in(letter, "/password/reset?token=");
        let path = format!("/password/reset?token={token}");
        let stored = format!(
            "SELECT (SELECT COUNT(*) FROM links WHERE token_hash = '{token}') + \
             (SELECT COUNT(*) FROM jobs WHERE payload LIKE '%{token}%')"
        );
        assert_eq!(number(&app.database.url, &stored).await, 0);

        let visitor = app.visitor();
        let page = visitor.get(&path).await.expect(200);
        assert_eq!(page.header("referrer-policy"), Some("strict-origin"));
        let weak = [("password", "12345678")];
        let again = visitor.post_form(&page, "/password/reset", &weak).await;
        let again = again.expect(422);
        let answer = visitor
            .post_form(&again, "/password/reset", &[("password", NEW)])
            .await;
        visitor.follow(answer).await.expect(200).reads("tersimpan");
        // Whoever was signed in is out, the old password is gone, and so is the link.
        assert_eq!(owner.get("/home").await.status, 303);
        let _ = visitor.get(&path).await.expect(409);
        let by = async |password| {
            let fields = [("login", owner.login.as_str()), ("password", password)];
            app.visitor().fill("/login", "/login", &fields).await.status
        };
        assert_eq!((by(PASSWORD).await, by(NEW).await), (422, 303));
        app.run_jobs().await;
        let letters = app.letters.letters_to(&owner.login);
        assert!(
            letters
                .iter()
                .any(|l| l.subject == "Kata sandi Anda sudah diganti")
        );
    }
}

// A09
#[tokio::test]
async fn a_newer_link_an_hour_or_a_changed_password_voids_a_link() {
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Roban").await;
        let link = async || {
            ask(&app, &owner.login).await.expect(200).reads("e-mail");
            app.run_jobs().await;
            let letters = app.letters.letters_to(&owner.login);
            let of_link = letters.iter().rfind(|letter| letter.subject == TITLE);
            let token = token_in(of_link.expect("a link"), "/password/reset?token=");
            format!("/password/reset?token={token}")
        };
        let opens = async |path: &str| app.visitor().get(path).await.status;
        let first = link().await;
        assert_eq!(opens(&first).await, 200);
        let second = link().await;
        assert_eq!((opens(&first).await, opens(&second).await), (409, 200));
        app.clock.advance_seconds(60 * 60);
        assert_eq!(opens(&second).await, 409, "after an hour");
        let third = link().await;
        assert_eq!(opens(&third).await, 200);
        let fields = [("current_password", PASSWORD), ("password", NEW)];
        let answer = owner
            .fill("/account/password", "/account/password", &fields)
            .await;
        assert_eq!(answer.status, 303);
        assert_eq!(opens(&third).await, 409, "after another password");
        for odd in ["x", "", "0", "%00", &"f".repeat(64), &"a".repeat(5000)] {
            let path = format!("/password/reset?token={odd}");
            assert!([303, 409].contains(&opens(&path).await), "{odd:.70}");
        }
    }
}

// A07
#[tokio::test]
async fn a_forgotten_password_is_the_same_work_for_known_and_unknown_names() {
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Roban").await;
        app.run_jobs().await;
        let looker = Looker::at(&app.database.url).await;
        let mut seen = Vec::new();
        for login in [
            owner.login.as_str(),
            "nobody@umkm.example",
            "0812 9999 0000",
        ] {
            let before = looker.rows().await;
            let page = ask(&app, login).await.expect(200);
            let changes = before.changes(&looker.rows().await);
            // One row in the outbox, of the same kind, whoever it is.
            assert_eq!(changes.len(), 1, "{changes:?}");
            assert!(changes[0].starts_with("new in jobs"), "{changes:?}");
            seen.push(page.visible());
        }
        assert!(seen.windows(2).all(|two| two[0] == two[1]));
        app.run_jobs().await;
        let left = "SELECT COUNT(*) FROM jobs WHERE kind = 'reset'";
        assert_eq!(
            number(&app.database.url, left).await,
            0,
            "what was typed is gone"
        );
        assert_eq!(
            number(&app.database.url, "SELECT COUNT(*) FROM links").await,
            1
        );
    }
}

#[tokio::test]
async fn letters_about_a_forgotten_password_are_few() {
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Roban").await;
        for _ in 0..5 {
            let _ = ask(&app, &owner.login).await.expect(200);
        }
        let refused = ask(&app, &owner.login).await.expect(429);
        assert!(refused.header("retry-after").is_some());
        let _ = ask(&app, "nobody@umkm.example").await.expect(200);
    }
}

// A03, A05
#[tokio::test]
async fn a_changed_password_signs_other_devices_out_and_renews_this_one() {
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Roban").await;
        let other = app.signed_in(&owner.login).await;
        let thief = owner.twin();
        let before = owner.cookie("lumbung").expect("a session");
        let wrong = [("current_password", "bukan ini"), ("password", NEW)];
        let answer = owner
            .fill("/account/password", "/account/password", &wrong)
            .await
            .expect(422);
        answer.reads("Kata sandi sekarang salah");
        assert_eq!(other.get("/home").await.status, 200);
        let right = [("current_password", PASSWORD), ("password", NEW)];
        let answer = owner
            .fill("/account/password", "/account/password", &right)
            .await;
        owner.follow(answer).await.expect(200).reads("tersimpan");
        assert_ne!(owner.cookie("lumbung").expect("a session"), before);
        assert_eq!(other.get("/home").await.status, 303, "another device");
        assert_eq!(thief.get("/home").await.status, 303, "the token of before");
        let event = "SELECT COUNT(*) FROM events WHERE kind = 'password_changed'";
        assert_eq!(number(&app.database.url, event).await, 1);
    }
}

#[tokio::test]
async fn ten_wrong_guesses_inside_close_the_door_too() {
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Roban").await;
        let fields = [("current_password", "bukan ini"), ("password", NEW)];
        for _ in 0..10 {
            let answer = owner.fill("/account/password", "/account/password", &fields);
            let _ = answer.await.expect(422);
        }
        let answer = owner.fill("/account/password", "/account/password", &fields);
        let _ = answer.await.expect(429);
    }
}
