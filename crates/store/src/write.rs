//! Opening the database, and the one door for writes.
//!
//! On SQLite there is one writer connection (BEGIN IMMEDIATE, synchronous FULL, WAL) beside a pool of readers; on
//! PostgreSQL one pool, and a deed rolled back for another one's sake (40001, 40P01) is run again, bounded.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use domain::time::Instant;
use migrations::{Migrator, MigratorTrait};
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DatabaseTransaction, DbBackend,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::act::Act;
use crate::error::Error;
use crate::figures::Figures;

/// How often a deed that PostgreSQL rolled back is run again before we give up.
const RERUNS_MAX: u32 = 8;

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
    writer: DatabaseConnection,
    pub(crate) figures: Arc<Figures>,
}

/// One deed: a transaction with the circumstances it runs under. Dropped without commit, it never happened.
pub(crate) struct Tx {
    pub(crate) connection: DatabaseTransaction,
    pub(crate) act: Act,
    seed: Uuid,
    drawn: AtomicU64,
    /// What everybody sees has changed: the deed ends with a new edition of the public pages.
    republishes: AtomicBool,
}

impl Tx {
    pub(crate) fn now(&self) -> Instant {
        self.act.now
    }

    /// What everybody sees changes with this deed (see [`crate::editions`]).
    pub(crate) fn pages_changed(&self) {
        self.republishes.store(true, Ordering::Relaxed);
    }

    /// A fresh id. A deed that is run again draws the same ids in the same order.
    pub(crate) fn new_id(&self) -> Uuid {
        let n = self.drawn.fetch_add(1, Ordering::Relaxed);
        let digest = Sha256::new()
            .chain_update(self.seed.as_bytes())
            .chain_update(n.to_be_bytes())
            .finalize();
        let mut random = [0_u8; 10];
        for (to, from) in random.iter_mut().zip(digest.iter()) {
            *to = *from;
        }
        let millis = u64::try_from(self.act.now.0.div_euclid(1000)).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }
}

impl Store {
    /// Opens the database, making the SQLite file where there is none. Does not migrate.
    ///
    /// # Errors
    /// When the database can't be reached or the address is of neither kind.
    pub async fn open(config: &Config) -> Result<Self, Error> {
        if config.url.starts_with("sqlite:") {
            let synchronous = match config.durability {
                Durability::Full => SqliteSynchronous::Full,
                Durability::Relaxed => SqliteSynchronous::Off,
            };
            let connect = async |connections: u32| {
                let mut options = ConnectOptions::new(config.url.clone());
                options
                    .max_connections(connections)
                    .min_connections(1)
                    .acquire_timeout(Duration::from_secs(30))
                    .sqlx_logging(false)
                    .map_sqlx_sqlite_opts(move |sqlite| {
                        sqlite
                            .create_if_missing(true)
                            .journal_mode(SqliteJournalMode::Wal)
                            .synchronous(synchronous)
                            .busy_timeout(Duration::from_secs(5))
                            .foreign_keys(true)
                            // Of each of the five connections; what is not here is in the system's own cache.
                            .pragma("cache_size", "-4000")
                    });
                Database::connect(options).await
            };
            let writer = connect(1).await?;
            let readers = connect(4).await?;
            Ok(Self {
                readers,
                writer,
                figures: Arc::default(),
            })
        } else if config.url.starts_with("postgres:") || config.url.starts_with("postgresql:") {
            let mut options = ConnectOptions::new(config.url.clone());
            options
                .max_connections(16)
                .acquire_timeout(Duration::from_secs(30))
                .connect_timeout(Duration::from_secs(5))
                .sqlx_logging(false);
            let pool = Database::connect(options).await?;
            Ok(Self {
                readers: pool.clone(),
                writer: pool,
                figures: Arc::default(),
            })
        } else {
            Err(Error::Unreachable(
                "DATABASE_URL must begin with sqlite:// or postgres://".to_owned(),
            ))
        }
    }

    /// Brings the schema up to date.
    ///
    /// # Errors
    /// [`Error::NewerSchema`] when the database knows migrations that this binary does not.
    pub async fn migrate(&self) -> Result<(), Error> {
        match Migrator::up(&self.writer, None).await {
            Err(sea_orm::DbErr::Custom(text)) if text.contains("is missing") => {
                Err(Error::NewerSchema)
            }
            other => Ok(other?),
        }
    }

    /// Takes all tables down again, with everything in them: for the demo's fresh start and the tests of migrations.
    ///
    /// # Errors
    /// When a statement fails.
    pub async fn unmigrate(&self) -> Result<(), Error> {
        use sea_orm::ConnectionTrait;
        // Rows go before tables do, in whatever order: nothing may still point at something that is gone.
        if self.is_postgres() {
            let tables = crate::entities::TABLES.join(", ");
            self.writer
                .execute_unprepared(&format!("TRUNCATE {tables} CASCADE"))
                .await?;
            Ok(Migrator::down(&self.writer, None).await?)
        } else {
            // One connection, so the setting holds for what follows.
            self.writer
                .execute_unprepared("PRAGMA foreign_keys = OFF")
                .await?;
            let outcome = Migrator::down(&self.writer, None).await;
            self.writer
                .execute_unprepared("PRAGMA foreign_keys = ON")
                .await?;
            Ok(outcome?)
        }
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
        let pending = Migrator::get_pending_migrations_read_only(&self.readers).await?;
        Ok(pending.is_empty())
    }

    /// Connections that are open, and how many of them are idle.
    pub(crate) fn connections(&self) -> (i64, i64) {
        let (open, idle) = if self.is_postgres() {
            let pool = self.readers.get_postgres_connection_pool();
            (pool.size(), pool.num_idle())
        } else {
            let readers = self.readers.get_sqlite_connection_pool();
            let writer = self.writer.get_sqlite_connection_pool();
            (
                readers.size() + writer.size(),
                readers.num_idle() + writer.num_idle(),
            )
        };
        (i64::from(open), i64::try_from(idle).unwrap_or(i64::MAX))
    }

    #[must_use]
    pub fn is_postgres(&self) -> bool {
        self.writer.get_database_backend() == DbBackend::Postgres
    }

    /// Lets SQLite fold its log back into the file. Call once at the end.
    pub async fn close(self) {
        let _ = self.readers.close().await;
        let _ = self.writer.close().await;
    }

    /// The one door for writes: runs `deed` in one transaction and gives its answer only after the commit.
    ///
    /// A deed does nothing but SQL and may be run again; a refusal (`Err`) rolls everything back.
    pub(crate) async fn write<T, E, F>(&self, act: &Act, deed: F) -> Result<T, E>
    where
        F: AsyncFn(&Tx) -> Result<T, E>,
        E: From<Error> + Rerun,
    {
        let seed = Uuid::now_v7();
        let begun = std::time::Instant::now();
        let mut runs = 0;
        loop {
            runs += 1;
            let tx = Tx {
                connection: self.begin().await?,
                act: *act,
                seed,
                drawn: AtomicU64::new(0),
                republishes: AtomicBool::new(false),
            };
            let mut outcome = deed(&tx).await;
            // Every such deed asks for this one row, so it comes last and is held for the commit only.
            if outcome.is_ok()
                && tx.republishes.load(Ordering::Relaxed)
                && let Err(error) = tx.next_edition().await
            {
                outcome = Err(E::from(error));
            }
            let outcome = match outcome {
                Ok(answer) => match tx.connection.commit().await {
                    Ok(()) => {
                        self.figures.deeds.add(begun.elapsed());
                        return Ok(answer);
                    }
                    Err(error) => Err(E::from(Error::from(error))),
                },
                Err(refusal) => {
                    // A failed rollback leaves the connection to the pool, which drops it; the refusal is the answer.
                    let _ = tx.connection.rollback().await;
                    Err(refusal)
                }
            };
            match outcome {
                Err(error) if error.wants_rerun() && runs < RERUNS_MAX => {
                    self.figures.reruns.add(1);
                    // Give the other deed time to finish; longer each time.
                    tokio::time::sleep(Duration::from_millis(u64::from(runs) * 7)).await;
                }
                other => return other,
            }
        }
    }

    async fn begin(&self) -> Result<DatabaseTransaction, Error> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        Ok(self.writer.begin_with_options(options).await?)
    }
}

/// Errors of deeds say whether running the deed again could help.
pub(crate) trait Rerun {
    fn wants_rerun(&self) -> bool;
}

impl Rerun for Error {
    fn wants_rerun(&self) -> bool {
        Self::wants_rerun(self)
    }
}

/// Gives a deed's error enum its `Store` variant's rerun answer: `rerun_by_store!(PlaceError)`.
#[allow(unused_macros, reason = "used by the features")]
macro_rules! rerun_by_store {
    ($($error:ty),* $(,)?) => {$(
        impl crate::write::Rerun for $error {
            fn wants_rerun(&self) -> bool {
                matches!(self, Self::Store(error) if error.wants_rerun())
            }
        }
    )*};
}
#[allow(unused_imports, reason = "used by the features")]
pub(crate) use rerun_by_store;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::Sql;

    async fn fresh() -> (Store, std::path::PathBuf) {
        let dir = std::env::temp_dir().join(format!("lumbung-store-{}", Uuid::now_v7()));
        std::fs::create_dir_all(&dir).unwrap();
        let url = format!("sqlite://{}", dir.join("test.db").display());
        let store = Store::open(&Config {
            url,
            durability: Durability::Full,
        })
        .await
        .unwrap();
        (store, dir)
    }

    #[tokio::test]
    async fn migrations_go_up_down_and_up_and_entities_match_them() {
        let (store, dir) = fresh().await;
        store.migrate().await.unwrap();
        crate::entities::probe(&store.readers).await.unwrap();
        store.unmigrate().await.unwrap();
        store.migrate().await.unwrap();
        assert_eq!(
            store
                .number("SELECT COUNT(*) FROM categories", [])
                .await
                .unwrap(),
            14
        );
        store.close().await;
        std::fs::remove_dir_all(dir).unwrap();
    }

    #[tokio::test]
    async fn a_refused_deed_leaves_nothing_and_draws_the_same_ids_again() {
        let (store, dir) = fresh().await;
        store.migrate().await.unwrap();
        let act = Act::system(Instant(1_800_000_000_000_000));
        let refused = store
            .write(&act, async |tx| -> Result<(), Error> {
                tx.set_mark("half", "done").await?;
                Err(Error::NotFound)
            })
            .await;
        assert!(matches!(refused, Err(Error::NotFound)));
        assert_eq!(store.mark("half").await.unwrap(), None);

        let runs = std::sync::Mutex::new(Vec::new());
        let _ = store
            .write(&act, async |tx| -> Result<(), Twice> {
                runs.lock().unwrap().push(tx.new_id());
                Err(Twice)
            })
            .await;
        let runs = runs.into_inner().unwrap();
        assert_eq!(runs.len(), RERUNS_MAX as usize);
        assert!(runs.iter().all(|id| *id == runs[0]));
        store.close().await;
        std::fs::remove_dir_all(dir).unwrap();
    }

    #[tokio::test]
    async fn history_can_not_be_changed() {
        let (store, dir) = fresh().await;
        store.migrate().await.unwrap();
        let act = Act::system(Instant(1_800_000_000_000_000));
        store
            .write(&act, async |tx| -> Result<(), Error> {
                let event = crate::events::Event {
                    subject_kind: "order",
                    subject_id: tx.new_id(),
                    kind: "order_sent",
                    ..Default::default()
                };
                tx.event(event.clone()).await?;
                tx.event(event).await?;
                Ok(())
            })
            .await
            .unwrap();
        for sql in ["UPDATE events SET kind = 'x'", "DELETE FROM events"] {
            let outcome = store
                .write(&act, async |tx| -> Result<u64, Error> {
                    tx.exec(sql, []).await
                })
                .await;
            assert!(outcome.is_err(), "{sql} was let through");
        }
        assert_eq!(
            store
                .number("SELECT MAX(seq) FROM events", [])
                .await
                .unwrap(),
            2
        );
        store.close().await;
        std::fs::remove_dir_all(dir).unwrap();
    }

    /// A refusal that always asks to be run again.
    #[derive(Debug)]
    struct Twice;
    impl From<Error> for Twice {
        fn from(_: Error) -> Self {
            Self
        }
    }
    impl Rerun for Twice {
        fn wants_rerun(&self) -> bool {
            true
        }
    }
}
