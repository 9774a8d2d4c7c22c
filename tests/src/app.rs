//! The real app, started for one test: a listening server over a fresh, migrated database of either kind, an index and
//! a mailbox of its own, and a clock that the test moves.
//!
//! Start with [`TestApp::start`]; people who use it are in `people`.

use std::{thread, thread::JoinHandle, time::Duration};

use actix_web::dev::ServerHandle;
use domain::{
    settings::Key,
    time::{Day, Instant, Zone},
};
use jobs::Runner;
use mail::{Memory, Transport};
use media::Media;
use search::Search;
use store::{Act, Durability, Store};
use tokio::sync::oneshot;
use web::{
    clock::Clock,
    server::{self, Parts},
};

use crate::{
    database::{self, Fresh, Kind},
    visitor::Visitor,
};

/// When tests begin: a Monday morning in Java, 5 January 2026, 08.00 WIB.
#[must_use]
pub fn beginning() -> Instant {
    let monday = Day::from_ymd(2026, 1, 5).expect("a date");
    Zone::Wib.start_of(monday).plus_hours(8)
}

/// What forms and links of every test's app are signed with.
pub const SECRET: &[u8] = b"a secret of thirty-two bytes, for tests";

/// A running app. Dropping it stops the server and removes its files.
pub struct TestApp {
    /// Where it listens: `http://127.0.0.1:49152`.
    pub url: String,
    pub clock: Clock,
    /// The same database that the pages use.
    pub store: Store,
    pub search: Search,
    /// What the outbox has sent.
    pub letters: Memory,
    /// The photos it keeps.
    pub media: Media,
    pub database: Fresh,
    handle: ServerHandle,
    server: Option<JoinHandle<()>>,
}

impl TestApp {
    /// Starts one. `None`, said aloud, for PostgreSQL where it is missing.
    ///
    /// # Panics
    /// When it doesn't start.
    pub async fn start(kind: Kind) -> Option<Self> {
        Self::start_with(kind, server::Config::default()).await
    }

    /// One of each kind that is there, for a test that runs on both.
    pub async fn each() -> Vec<Self> {
        let mut apps = Vec::new();
        for kind in Kind::ALL {
            apps.extend(Self::start(kind).await);
        }
        apps
    }

    /// Starts one that is served in another way, such as under an https address or as the demo.
    ///
    /// # Panics
    /// When it doesn't start.
    pub async fn start_with(kind: Kind, config: server::Config) -> Option<Self> {
        Self::start_keeping(kind, config, Media::Memory(media::Memory::new())).await
    }

    /// Starts one whose files lie elsewhere than in memory.
    ///
    /// # Panics
    /// When it doesn't start.
    pub async fn start_keeping(kind: Kind, config: server::Config, media: Media) -> Option<Self> {
        // On the heap: futures of whole tests are nested deep enough.
        Box::pin(Self::start_among(kind, config, media, None)).await
    }

    /// Starts one over a database that is there already.
    ///
    /// # Panics
    /// When it doesn't start.
    pub async fn over(database: Fresh, config: server::Config) -> Self {
        let media = Media::Memory(media::Memory::new());
        Box::pin(Self::among(database, config, media, None)).await
    }

    /// Starts one among the given parts outside: where its files lie, and the mail server whose state it tells.
    ///
    /// # Panics
    /// When it doesn't start.
    pub async fn start_among(
        kind: Kind,
        config: server::Config,
        media: Media,
        mail: Option<Transport>,
    ) -> Option<Self> {
        let database = Fresh::migrated(kind).await?;
        Some(Self::among(database, config, media, mail).await)
    }

    async fn among(
        database: Fresh,
        config: server::Config,
        media: Media,
        mail: Option<Transport>,
    ) -> Self {
        // A test looks at once at what it has changed.
        let config = server::Config {
            pages_lag: Duration::ZERO,
            ..config
        };
        let clock = Clock::fake(beginning());
        let settings = store::Config {
            url: database.url.clone(),
            // A test's machine may lose power; its database won't be missed.
            durability: Durability::Relaxed,
        };
        let index = search::Config {
            dir: database.folder().join("index"),
        };
        let its_clock = clock.clone();
        let its_media = media.clone();
        let (say, told) = oneshot::channel();
        // The server has a thread and a runtime of its own, as in production; the test's may wait meanwhile.
        let server = thread::spawn(move || {
            actix_web::rt::System::new().block_on(async {
                let store = Store::open(&settings).await.expect("the database opens");
                let search = Search::open(index).expect("the index opens").search;
                let parts = Parts {
                    store: store.clone(),
                    search: Some(search.clone()),
                    mailbox: None,
                    mail,
                    media: its_media,
                    clock: its_clock,
                    secret: SECRET.to_vec(),
                };
                let running = server::start(config, parts).expect("a free port");
                let parts = (running.url, running.handle, store, search);
                if say.send(parts).is_ok() {
                    running.server.await.expect("the server runs to its end");
                }
            });
        });
        let (url, handle, store, search) = told.await.expect("the server starts");
        // As in the demo: a test about something else signs in with a password.
        database::run_with(
            &database.url,
            "INSERT INTO settings (id, scope, key, value, valid_from, created_at) \
             VALUES ($1, 'platform', $2, 'false', 0, 0)",
            [uuid::Uuid::now_v7().into(), Key::SecondStep.as_str().into()],
        )
        .await;
        Self {
            url,
            clock,
            store,
            search,
            letters: Memory::new(),
            media,
            database,
            handle,
            server: Some(server),
        }
    }

    /// Takes back what the kit decided: the second step is required, as on an installation where nobody decided anything.
    pub async fn require_second_step(&self) {
        let all = "DELETE FROM settings WHERE key = $1";
        database::run_with(&self.database.url, all, [Key::SecondStep.as_str().into()]).await;
    }

    /// Someone who isn't signed in.
    #[must_use]
    pub fn visitor(&self) -> Visitor {
        Visitor::new(&self.url)
    }

    /// Now, by the clock of this app.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// Moves the clock on.
    pub fn later_hours(&self, hours: i64) {
        self.clock.advance_seconds(hours * 3600);
    }

    /// Does everything that waits in the outbox or is due now: letters, index work, silence that accepts.
    ///
    /// # Panics
    /// When the database fails.
    pub async fn run_jobs(&self) {
        self.runner()
            .run_once(self.now())
            .await
            .expect("the jobs run");
    }

    /// The runner of this app's jobs; its letters end in `letters`.
    #[must_use]
    pub fn runner(&self) -> Runner {
        let clock = self.clock.clone();
        let mail = Transport::Memory(self.letters.clone());
        Runner::new(
            self.store.clone(),
            Some(self.search.clone()),
            mail,
            self.url.clone(),
            move || clock.now(),
        )
        .with_secret(SECRET)
        .with_media(self.media.clone())
    }

    /// The circumstances of a deed that nobody in particular does now.
    #[must_use]
    pub fn system(&self) -> Act {
        Act::system(self.now())
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        // The order to stop is given by the call; what it returns would wait for the end, and so does the join.
        drop(self.handle.stop(false));
        if let Some(server) = self.server.take()
            && server.join().is_err()
        {
            crate::skip::aloud("the test's server panicked");
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::accounts::Role;

    use super::TestApp;
    use crate::database::{Kind, number};

    #[tokio::test]
    async fn people_sign_in_on_either_kind_of_database() {
        for app in TestApp::each().await {
            let _ = app.visitor().get("/readyz").await.expect(200);
            let owner = app.umkm("Keripik Sari").await;
            owner.get("/home").await.expect(200).reads("Keripik Sari");
            let admin = app.administrator().await;
            let _ = admin.get("/admin").await.expect(200);
            let _ = owner.get("/admin").await.expect(403);
        }
    }

    #[tokio::test]
    async fn a_colleague_acts_for_the_same_organisation() {
        let app = TestApp::start(Kind::Sqlite)
            .await
            .expect("SQLite is always there");
        let manager = app.cooperative("Tani Maju", "TM").await;
        let treasurer = app.colleague(&manager, "Wati", Role::CoopTreasurer).await;
        let _ = treasurer.get("/home").await.expect(200);
        let organisations = "SELECT count(DISTINCT organisation_id) FROM sessions";
        assert_eq!(number(&app.database.url, organisations).await, 1);
    }

    #[tokio::test]
    async fn each_app_has_a_database_and_a_clock_of_its_own() {
        let app = TestApp::start(Kind::Sqlite)
            .await
            .expect("SQLite is always there");
        let other = TestApp::start(Kind::Sqlite)
            .await
            .expect("SQLite is always there");
        app.umkm("Keripik Sari").await;
        other.umkm("Keripik Sari").await;
        app.later_hours(1);
        assert_ne!(app.now(), other.now());
        let folder = app.database.folder().to_owned();
        drop(app);
        assert!(!folder.exists());
    }
}
