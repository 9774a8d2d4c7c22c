//! How long the answers for known and unknown names take (CHECKLIST A07). Measured, so not part of every run:
//!
//! `cargo test --test app -- --ignored --nocapture known_and_unknown`
//!
//! Medians of 50 in a debug build on a busy machine, known to unknown: SQLite 0.88 signing in, 0.96 forgotten password,
//! 0.95 registering; PostgreSQL 1.11, 1.05, 0.91.

use std::time::{Duration, Instant};

use tests::{app::TestApp, people::PASSWORD, visitor::Visitor};

const TRIES: usize = 50;

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

async fn timed(visitor: &Visitor, path: &str, fields: &[(&str, &str)]) -> Duration {
    let page = visitor.get(path).await.expect(200);
    let form = fields.iter().fold(page.form(path), |form, (name, value)| {
        form.with(name, value)
    });
    let begun = Instant::now();
    let answer = visitor.submit(&page, &form).await;
    let took = begun.elapsed();
    assert!(
        [303, 422].contains(&answer.status),
        "{path}: {}",
        answer.status
    );
    took
}

/// Known and unknown by turns, so that whatever else the machine does falls on both.
async fn compare(app: &TestApp, path: &str, fields: impl Fn(bool, usize) -> Vec<(String, String)>) {
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for at in 0..TRIES {
        // No limit on trying is what is measured here.
        app.clock.advance_seconds(3700);
        for is_known in [at % 2 == 0, at % 2 != 0] {
            let fields = fields(is_known, at);
            let fields: Vec<(&str, &str)> = fields
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect();
            let took = timed(&app.visitor(), path, &fields).await;
            if is_known {
                known.push(took);
            } else {
                unknown.push(took);
            }
        }
    }
    let (known, unknown) = (median(known), median(unknown));
    let ratio = known.as_secs_f64() / unknown.as_secs_f64();
    eprintln!("{path}: known {known:?}, unknown {unknown:?}, ratio {ratio:.3}");
    assert!(
        (0.8..=1.2).contains(&ratio),
        "{path}: {known:?} to {unknown:?}"
    );
}

fn owned(fields: &[(&str, &str)]) -> Vec<(String, String)> {
    fields
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

#[tokio::test]
#[ignore = "measures; run it alone on a quiet machine"]
async fn known_and_unknown_names_take_equally_long() {
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Roban").await;
        let login = |is_known: bool, at: usize| match is_known {
            true => owner.login.clone(),
            false => format!("nobody{at}@umkm.example"),
        };
        compare(&app, "/login", |is_known, at| {
            owned(&[("login", &login(is_known, at)), ("password", "bukan ini")])
        })
        .await;
        compare(&app, "/password/forgotten", |is_known, at| {
            owned(&[("login", &login(is_known, at))])
        })
        .await;
        compare(&app, "/register/umkm", |is_known, at| {
            let business = format!("Usaha {at}");
            owned(&[
                ("person_name", "Siti Aminah"),
                ("organisation_name", &business),
                ("region", "33.25"),
                ("login", &login(is_known, at)),
                ("password", PASSWORD),
                ("consent", "on"),
            ])
        })
        .await;
    }
}
