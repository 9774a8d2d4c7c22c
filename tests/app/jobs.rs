//! The outbox: letters leave once, come back when the server is down, and the index follows.

use domain::accounts::OrganisationKind;
use mail::SendError;
use tests::{app::TestApp, database};

#[tokio::test]
async fn a_letter_is_sent_once_though_the_jobs_run_twice() {
    for app in TestApp::each().await {
        let owner = app.umkm("Keripik Sari").await;
        app.run_jobs().await;
        app.run_jobs().await;
        let letters = app.letters.letters_to(&owner.login);
        assert_eq!(letters.len(), 1, "{letters:?}");
        assert!(letters[0].text.contains("Keripik Sari"));
        assert!(letters[0].text.contains(&format!("{}/login", app.url)));
        assert_eq!(app.store.open_jobs().await.unwrap(), 0);
    }
}

#[tokio::test]
async fn a_mail_server_that_is_down_only_delays_a_letter() {
    for app in TestApp::each().await {
        let owner = app.umkm("Keripik Sari").await;
        let down = SendError::Retry("connection refused".into());
        app.letters.fail_with(Some(down));
        app.run_jobs().await;
        app.letters.fail_with(None);
        app.run_jobs().await;
        assert!(app.letters.letters().is_empty(), "it waits a little");
        app.later_hours(1);
        app.run_jobs().await;
        assert_eq!(app.letters.letters_to(&owner.login).len(), 1);
    }
}

#[tokio::test]
async fn a_letter_that_is_refused_for_good_is_kept_for_the_administrator() {
    for app in TestApp::each().await {
        app.umkm("Keripik Sari").await;
        let refused = SendError::Permanent("no such mailbox".into());
        app.letters.fail_with(Some(refused));
        app.run_jobs().await;
        app.letters.fail_with(None);
        app.later_hours(200);
        app.run_jobs().await;
        assert!(app.letters.letters().is_empty());
        let dead =
            "SELECT COUNT(*) FROM jobs WHERE dead_at IS NOT NULL AND last_error LIKE '%mailbox%'";
        assert_eq!(database::number(&app.database.url, dead).await, 1);
    }
}

#[tokio::test]
async fn an_applicant_hears_of_the_waiting_and_of_the_answer() {
    for app in TestApp::each().await {
        let waiting = app
            .applicant(OrganisationKind::Buyer, "CV Ekspor Rempah")
            .await;
        let verified = app.buyer("PT Ritel Contoh").await;
        app.run_jobs().await;
        assert_eq!(app.letters.letters_to(&waiting.login).len(), 1);
        assert_eq!(app.letters.letters_to(&verified.login).len(), 2);
    }
}
