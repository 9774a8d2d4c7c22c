//! The mail server is down, slow, silent or refusing: deeds succeed at once, letters leave once it is well again, each
//! under one id, and what it refuses for good is kept for the administrator.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use jobs::Runner;
use tests::{
    app::TestApp,
    build::Pool,
    database,
    smtp::{MailServer, Mood},
};

fn runner(app: &TestApp, server: &MailServer) -> Runner {
    let clock = app.clock.clone();
    Runner::new(
        app.store.clone(),
        Some(app.search.clone()),
        server.transport(),
        app.url.clone(),
        move || clock.now(),
    )
}

const OPEN: &str = "SELECT COUNT(*) FROM jobs WHERE kind = 'letter' AND done_at IS NULL";
const DEAD: &str = "SELECT COUNT(*) FROM jobs WHERE dead_at IS NOT NULL";

#[tokio::test]
async fn an_order_succeeds_at_once_whatever_the_mail_server_does_and_each_letter_leaves_once() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[60, 60])).await;
        app.run_jobs().await;
        for mood in [Mood::Away, Mood::Hangs, Mood::Busy, Mood::Slow] {
            let server = MailServer::start(mood).await;
            let runner = runner(&app, &server);
            let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
            let running = runner.run(async {
                let _ = stopped.await;
            });
            let deeds = async {
                // Something is being sent already when the order comes.
                app.umkm(&format!("Dapur {mood:?}")).await;
                wait(async || server.connections() > 0).await;
                let begun = Instant::now();
                market.ordered(&app, 4).await;
                let took = begun.elapsed();
                assert!(took < Duration::from_secs(2), "{mood:?}: {took:?}");
                // Letters that fail hold up no index work: the offer's availability has changed.
                let index =
                    "SELECT COUNT(*) FROM jobs WHERE kind = 'index_offer' AND done_at IS NULL";
                wait(async || database::number(&app.database.url, index).await == 0).await;
                server.turn(Mood::Takes);
                let _ = stop.send(());
            };
            tokio::join!(running, deeds);
            let mut hours = 0;
            while database::number(&app.database.url, OPEN).await > 0 {
                runner.run_once(app.now()).await.expect("the jobs run");
                app.later_hours(1);
                hours += 1;
                assert!(hours < 12, "{mood:?}: letters are left");
            }
            let taken = server.taken();
            // The new owner, the manager, the buyer, two members; with the silence that accepts, some more.
            assert!(taken.len() >= 5, "{mood:?}: {taken:#?}");
            let ids: BTreeSet<&str> = taken.iter().map(|one| one.message_id.as_str()).collect();
            assert_eq!(ids.len(), taken.len(), "{mood:?}: each letter has its id");
            for letter in &taken {
                assert_eq!(letter.recipients.len(), 1, "{letter:?}");
                let job = letter.message_id.trim_matches(['<', '>']);
                let job = job.split('@').next().unwrap_or_default();
                assert_eq!(job.len(), 36, "the id of its job: {job}");
                assert!(letter.wire.contains("text/plain"));
                assert!(letter.wire.contains("text/html"));
            }
            assert_eq!(database::number(&app.database.url, DEAD).await, 0);
        }
    }
}

/// Asks again for up to ten seconds.
async fn wait(is_so: impl AsyncFn() -> bool) {
    let begun = Instant::now();
    while !is_so().await {
        assert!(
            begun.elapsed() < Duration::from_secs(10),
            "it does not come about"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_letter_that_is_tried_again_has_the_message_id_of_the_first_try() {
    for app in TestApp::each().await {
        let server = MailServer::start(Mood::Busy).await;
        let runner = runner(&app, &server);
        app.umkm("Dapur Roban").await;
        runner.run_once(app.now()).await.expect("the jobs run");
        assert!(server.taken().is_empty());
        let id = "SELECT COUNT(*) FROM jobs WHERE attempts = 1 AND last_error LIKE '%451%' AND dead_at IS NULL";
        assert_eq!(database::number(&app.database.url, id).await, 1);
        server.turn(Mood::Takes);
        // Not before its pause is over.
        runner.run_once(app.now()).await.expect("the jobs run");
        assert!(server.taken().is_empty());
        app.clock.advance_seconds(20);
        runner.run_once(app.now()).await.expect("the jobs run");
        assert_eq!(server.taken().len(), 1);
    }
}

#[tokio::test]
async fn what_the_server_refuses_for_good_is_dead_at_once_and_asked_no_more() {
    for app in TestApp::each().await {
        let server = MailServer::start(Mood::Refuses).await;
        let runner = runner(&app, &server);
        app.umkm("Dapur Roban").await;
        runner.run_once(app.now()).await.expect("the jobs run");
        assert_eq!(database::number(&app.database.url, DEAD).await, 1);
        let asked = server.connections();
        app.later_hours(100);
        runner.run_once(app.now()).await.expect("the jobs run");
        assert_eq!(server.connections(), asked);
    }
}

#[tokio::test]
async fn a_server_that_is_away_for_good_makes_a_dead_letter_after_some_hours() {
    for app in TestApp::each().await {
        let server = MailServer::start(Mood::Away).await;
        let runner = runner(&app, &server);
        app.umkm("Dapur Roban").await;
        let mut tries = 0;
        while database::number(&app.database.url, DEAD).await == 0 {
            runner.run_once(app.now()).await.expect("the jobs run");
            app.later_hours(2);
            tries += 1;
            assert!(tries <= 12, "it is tried for ever");
        }
        assert_eq!(tries, 12);
    }
}

#[tokio::test]
async fn two_processes_send_each_letter_once() {
    for app in TestApp::each().await {
        let server = MailServer::start(Mood::Slow).await;
        for n in 1..=12 {
            app.umkm(&format!("Dapur {n}")).await;
        }
        let (one, other) = (runner(&app, &server), runner(&app, &server));
        let (first, second) = tokio::join!(one.run_once(app.now()), other.run_once(app.now()));
        first.expect("the jobs run");
        second.expect("the jobs run");
        let taken = server.taken();
        let ids: BTreeSet<&str> = taken.iter().map(|one| one.message_id.as_str()).collect();
        assert_eq!((ids.len(), taken.len()), (12, 12));
        assert_eq!(database::number(&app.database.url, OPEN).await, 0);
    }
}

#[tokio::test]
async fn a_deed_that_is_refused_leaves_no_letter() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[10])).await;
        let late = app.quiet_buyer("Kedua").await;
        app.put_in_cart(&late.act(&app), late.organisation, market.offer, 10)
            .await;
        let command = app.command(late.organisation, market.cooperative()).await;
        market.ordered(&app, 10).await;
        let before = database::number(&app.database.url, "SELECT COUNT(*) FROM jobs").await;
        let refused = app.store.place_order(&late.act(&app), &command).await;
        assert!(refused.is_err());
        let after = database::number(&app.database.url, "SELECT COUNT(*) FROM jobs").await;
        assert_eq!(before, after);
    }
}

// D05
#[tokio::test]
async fn line_breaks_in_names_and_addresses_are_refused_at_the_form() {
    let app = TestApp::start(tests::database::Kind::Sqlite).await;
    let app = app.expect("SQLite is always there");
    let evil = [
        "Siti\r\nBcc: semua@contoh.example",
        "Siti\nX",
        "Siti\u{2028}X",
        "Siti\0",
    ];
    for bad in evil {
        for field in ["person_name", "organisation_name", "login"] {
            let visitor = app.visitor();
            let mut fields = vec![
                ("person_name", "Siti Aminah"),
                ("organisation_name", "Dapur Roban"),
                ("region", "Kabupaten Batang"),
                ("login", "siti@contoh.example"),
                ("password", tests::people::PASSWORD),
            ];
            for (name, value) in &mut fields {
                if *name == field {
                    *value = bad;
                }
            }
            let answer = visitor
                .fill("/register/umkm", "/register/umkm", &fields)
                .await;
            assert_eq!(answer.status, 422, "{field}: {bad:?}");
        }
    }
    let letters = "SELECT COUNT(*) FROM jobs";
    assert_eq!(database::number(&app.database.url, letters).await, 0);
}
