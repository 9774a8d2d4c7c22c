//! Opening the database: its pools, and how long anything may take.
//!
//! SQLite has one writer (`writer`) beside a pool of readers. PostgreSQL has a pool for deeds and one for reading, so
//! that a crowd of readers never keeps a deed waiting, and gives up what takes too long.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use migrations::{Migrator, MigratorTrait};
use sea_orm::sqlx::Connection as _;
use sea_orm::sqlx::postgres::PgConnectOptions;
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend};
use tokio::sync::Semaphore;

use crate::error::Error;
use crate::figures::Figures;
use crate::writer::{BUSY_SLICE, Writer};

/// Connections that read at a time.
const SQLITE_READERS: u32 = 4;
/// What the writer keeps of the file, as the pragma counts it (KiB, negative): its deeds look at the same pages again and
/// again, and nobody else changes them.
const SQLITE_WRITER_CACHE: &str = "-32000";
/// As above, for each reader: every commit makes a reader's pages stale, and the system's own cache has them anyway.
const SQLITE_READER_CACHE: &str = "-4000";
const POSTGRES_READERS: u32 = 10;
/// Deeds at a time on PostgreSQL; further ones wait for a place.
const POSTGRES_DEEDS: u32 = 16;
/// A server that is away is waited for this long, so that a page says so within three seconds.
const POSTGRES_PATIENCE: Duration = Duration::from_secs(2);
/// Who comes this soon after somebody waited in vain does not wait as well.
const AWAY: Duration = Duration::from_millis(500);
/// What PostgreSQL itself gives up, per connection. What the address says (`?options=-c statement_timeout=0`) wins.
const POSTGRES_LIMITS: &[(&str, &str)] = &[
    ("statement_timeout", "30s"),
    ("lock_timeout", "10s"),
    ("idle_in_transaction_session_timeout", "60s"),
];
/// A reader's connection that was used this lately is taken to live; if it doesn't, the question is asked again.
const PING_AFTER: Duration = Duration::from_secs(2);

/// Where the database is.
#[derive(Clone, Debug)]
pub struct Config {
    /// `sqlite://path/to/file.db` or `postgres://…`.
    pub url: String,
    pub durability: Durability,
}

/// What a commit promises on SQLite. PostgreSQL follows its own configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// A commit survives a power cut. The only choice for real data.
    Full,
    /// A commit may be lost with the machine: for filling a database that can be filled again.
    Relaxed,
}

/// The database.
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) readers: DatabaseConnection,
    pub(crate) deeds: Deeds,
    pub(crate) away: Away,
    pub(crate) figures: Arc<Figures>,
    config: Arc<Config>,
}

/// When the server was last waited for in vain. A page asks many questions: the first waits, the others are told at once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Away(Arc<Mutex<Option<Instant>>>);

impl Away {
    /// # Errors
    /// When somebody has just waited in vain.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let noted = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match noted {
            Some(at) if at.elapsed() < AWAY => {
                Err(Error::Unreachable("the server is away".to_owned()))
            }
            _ => Ok(()),
        }
    }

    /// Something failed that was begun at `since`: in vain if it took long.
    pub(crate) fn note(&self, since: Instant) {
        if since.elapsed() >= AWAY {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        }
    }
}

/// Where deeds are done.
#[derive(Clone, Debug)]
pub(crate) enum Deeds {
    Sqlite(Writer),
    Postgres {
        pool: DatabaseConnection,
        /// Waiting for a place in the pool is not the same as waiting for the server.
        places: Arc<Semaphore>,
    },
}

impl Store {
    /// Opens the database, making the SQLite file where there is none. Does not migrate.
    ///
    /// # Errors
    /// When the database can't be reached or the address is of neither kind.
    pub async fn open(config: &Config) -> Result<Self, Error> {
        let (deeds, readers) = match kind(&config.url)? {
            DbBackend::Sqlite => {
                let its_config = config.clone();
                let writer = Writer::start(async move || -> Result<DatabaseConnection, Error> {
                    Ok(Database::connect(sqlite(&its_config, 1, BUSY_SLICE)).await?)
                })
                .await?;
                let readers = sqlite(config, SQLITE_READERS, Duration::from_secs(5));
                (Deeds::Sqlite(writer), Database::connect(readers).await?)
            }
            _ => {
                let pool = Database::connect(postgres(&config.url, POSTGRES_DEEDS)).await?;
                let places = Arc::new(Semaphore::new(POSTGRES_DEEDS.try_into().unwrap_or(16)));
                let mut readers = postgres(&config.url, POSTGRES_READERS);
                readers.test_before_acquire_if_idle_for(PING_AFTER);
                (
                    Deeds::Postgres { pool, places },
                    Database::connect(readers).await?,
                )
            }
        };
        Ok(Self {
            readers,
            deeds,
            away: Away::default(),
            figures: Arc::default(),
            config: Arc::new(config.clone()),
        })
    }

    /// A connection of its own for work on the whole database, which may take any time: shape, copies.
    pub(crate) async fn direct(&self) -> Result<DatabaseConnection, Error> {
        let options = match kind(&self.config.url)? {
            DbBackend::Sqlite => sqlite(&self.config, 1, Duration::from_secs(5)),
            _ => {
                let mut options = ConnectOptions::new(self.config.url.clone());
                options
                    .max_connections(1)
                    .connect_timeout(Duration::from_secs(5))
                    .sqlx_logging(statements_are_told());
                options
            }
        };
        Ok(Database::connect(options).await?)
    }

    /// Brings the schema up to date.
    ///
    /// # Errors
    /// [`Error::NewerSchema`] when the database knows migrations that this binary does not.
    pub async fn migrate(&self) -> Result<(), Error> {
        let direct = self.direct().await?;
        let outcome = match Migrator::up(&direct, None).await {
            Err(sea_orm::DbErr::Custom(text)) if text.contains("is missing") => {
                Err(Error::NewerSchema)
            }
            other => Ok(other?),
        };
        let _ = direct.close().await;
        outcome
    }

    /// Takes all tables down again, with everything in them: for the demo's fresh start and the tests of migrations.
    ///
    /// # Errors
    /// When a statement fails.
    pub async fn unmigrate(&self) -> Result<(), Error> {
        let direct = self.direct().await?;
        // Rows go before tables do, in whatever order: nothing may still point at something that is gone.
        let before = if self.is_postgres() {
            let tables = crate::entities::TABLES.join(", ");
            format!("TRUNCATE {tables} CASCADE")
        } else {
            // One connection, so the setting holds for what follows.
            "PRAGMA foreign_keys = OFF".to_owned()
        };
        direct.execute_unprepared(&before).await?;
        let outcome = Migrator::down(&direct, None).await;
        let _ = direct.close().await;
        Ok(outcome?)
    }

    /// The database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), Error> {
        Ok(self.readers.ping().await?)
    }

    /// Whether the schema is this binary's, or a newer one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn is_migrated(&self) -> Result<bool, Error> {
        let newest = crate::backup::newest_schema();
        Ok(self.schema().await?.is_some_and(|schema| schema >= newest))
    }

    /// Connections that are open, and how many of them are idle; without SQLite's one writer.
    pub(crate) fn connections(&self) -> (i64, i64) {
        let (open, idle) = match &self.deeds {
            Deeds::Sqlite(_) => {
                let readers = self.readers.get_sqlite_connection_pool();
                (readers.size(), readers.num_idle())
            }
            Deeds::Postgres { pool, .. } => {
                let deeds = pool.get_postgres_connection_pool();
                let readers = self.readers.get_postgres_connection_pool();
                (
                    readers.size() + deeds.size(),
                    readers.num_idle() + deeds.num_idle(),
                )
            }
        };
        (i64::from(open), i64::try_from(idle).unwrap_or(i64::MAX))
    }

    #[must_use]
    pub fn is_postgres(&self) -> bool {
        self.readers.get_database_backend() == DbBackend::Postgres
    }

    /// Lets SQLite fold its log back into the file. Call once at the end.
    pub async fn close(self) {
        match &self.deeds {
            Deeds::Sqlite(writer) => writer.close().await,
            Deeds::Postgres { pool, .. } => {
                let _ = pool.close_by_ref().await;
            }
        }
        let _ = self.readers.close().await;
    }
}

fn kind(url: &str) -> Result<DbBackend, Error> {
    if url.starts_with("sqlite:") {
        Ok(DbBackend::Sqlite)
    } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
        Ok(DbBackend::Postgres)
    } else {
        Err(Error::Unreachable(
            "DATABASE_URL must begin with sqlite:// or postgres://".to_owned(),
        ))
    }
}

/// Each statement with its time is a line of the log where `LUMBUNG_LOG` has `sqlx=debug`; else they cost nothing.
fn statements_are_told() -> bool {
    tracing::enabled!(target: "sqlx::query", tracing::Level::DEBUG)
}

fn sqlite(config: &Config, connections: u32, busy: Duration) -> ConnectOptions {
    let synchronous = match config.durability {
        Durability::Full => SqliteSynchronous::Full,
        Durability::Relaxed => SqliteSynchronous::Off,
    };
    let cache = if connections == 1 {
        SQLITE_WRITER_CACHE
    } else {
        SQLITE_READER_CACHE
    };
    let mut options = ConnectOptions::new(config.url.clone());
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(30))
        .test_before_acquire(false)
        .sqlx_logging(statements_are_told())
        .map_sqlx_sqlite_opts(move |sqlite| {
            sqlite
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(synchronous)
                .busy_timeout(busy)
                .foreign_keys(true)
                .pragma("cache_size", cache)
        })
        .map_sqlx_sqlite_pool_opts(|pool| {
            // A connection whose transaction was given up under it (a full disk) counts one that is no more.
            pool.after_release(|connection, _| {
                Box::pin(async move {
                    connection.ping().await?;
                    Ok(!connection.is_in_transaction())
                })
            })
        });
    options
}

fn postgres(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url.to_owned());
    options
        .max_connections(connections)
        .acquire_timeout(POSTGRES_PATIENCE)
        .connect_timeout(POSTGRES_PATIENCE)
        .set_application_name("lumbung")
        .sqlx_logging(statements_are_told())
        .map_sqlx_postgres_opts(limited);
    options
}

fn limited(options: PgConnectOptions) -> PgConnectOptions {
    let said = options.get_options().unwrap_or_default().to_owned();
    let limits = POSTGRES_LIMITS
        .iter()
        .filter(|(name, _)| !said.contains(name));
    options.options(limits.map(|(name, value)| (*name, *value)))
}
