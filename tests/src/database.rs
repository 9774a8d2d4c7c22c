//! A database for one test, of either kind, and raw SQL on it for what no deed of the product would do.

use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

use sea_orm::{ConnectOptions, ConnectionTrait as _, DatabaseConnection, Statement, Value};
use store::{Durability, Store};
use tokio::sync::OnceCell;

use crate::postgres;

/// Both kinds of database; a use-case test runs on each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

impl Kind {
    pub const ALL: [Self; 2] = [Self::Sqlite, Self::Postgres];
}

/// A fresh, empty database with a folder of its own for files; both go when it is dropped (PostgreSQL's with the process).
#[derive(Debug)]
pub struct Fresh {
    pub url: String,
    folder: PathBuf,
}

impl Fresh {
    /// Makes one. `None`, said aloud, for PostgreSQL where it is missing.
    ///
    /// # Panics
    /// When no folder can be made.
    pub async fn make(kind: Kind) -> Option<Self> {
        let url = match kind {
            Kind::Sqlite => None,
            Kind::Postgres => Some(postgres::fresh_database().await?),
        };
        let folder = folder();
        let url = url.unwrap_or_else(|| format!("sqlite://{}/lumbung.db", folder.display()));
        Some(Self { url, folder })
    }

    /// Makes one with the product's schema and seeds, as a copy of one that was migrated once per process.
    ///
    /// # Panics
    /// When the migrations fail.
    pub async fn migrated(kind: Kind) -> Option<Self> {
        static SQLITE: OnceCell<Vec<u8>> = OnceCell::const_new();
        static POSTGRES: OnceCell<String> = OnceCell::const_new();
        match kind {
            Kind::Sqlite => {
                let fresh = Self::make(kind).await?;
                let file = fresh.folder.join("lumbung.db");
                let template = SQLITE
                    .get_or_init(async || {
                        migrate(&fresh.url).await;
                        std::fs::read(&file).expect("a closed database is one file")
                    })
                    .await;
                std::fs::write(&file, template).expect("a file for this test");
                Some(fresh)
            }
            Kind::Postgres => {
                let cluster = postgres::shared()?;
                let template = POSTGRES
                    .get_or_init(async || {
                        let url = cluster.database().await;
                        migrate(&url).await;
                        url
                    })
                    .await;
                Some(Self {
                    url: cluster.copy(template).await,
                    folder: folder(),
                })
            }
        }
    }

    /// Makes one with the product's schema and seeds in a cluster of the test's own.
    ///
    /// # Panics
    /// When the migrations fail.
    pub async fn in_cluster(cluster: &postgres::Cluster) -> Self {
        let url = cluster.database().await;
        migrate(&url).await;
        Self {
            url,
            folder: folder(),
        }
    }

    /// An empty folder: the data dir of this test.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        // Best effort: a leftover in the temporary folder harms nobody.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

pub(crate) fn folder() -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let folder = std::env::temp_dir().join(format!(
        "lumbung-test-{}-{}",
        std::process::id(),
        COUNT.fetch_add(1, Ordering::Relaxed)
    ));
    std::fs::create_dir_all(&folder).expect("a folder for this test");
    folder
}

async fn migrate(url: &str) {
    let config = store::Config {
        url: url.to_owned(),
        durability: Durability::Relaxed,
    };
    let store = Store::open(&config).await.expect("a fresh database opens");
    store.migrate().await.expect("the migrations run");
    // SQLite's log goes into the file; PostgreSQL copies no database with somebody in it.
    store.close().await;
}

pub(crate) async fn connect(url: &str) -> DatabaseConnection {
    let url = match url.strip_prefix("sqlite:") {
        Some(_) if !url.contains('?') => format!("{url}?mode=rwc"),
        _ => url.to_owned(),
    };
    let mut options = ConnectOptions::new(url.clone());
    options.max_connections(1).sqlx_logging(false);
    sea_orm::Database::connect(options)
        .await
        .unwrap_or_else(|error| panic!("{url}: {error}"))
}

/// Another program that holds SQLite's write lock.
#[derive(Debug)]
pub struct Holder(DatabaseConnection);

impl Holder {
    /// Takes it, as soon as it is free.
    ///
    /// # Panics
    /// When it is not to be had.
    pub async fn of(url: &str) -> Self {
        let database = connect(url).await;
        let done = database.execute_unprepared("BEGIN IMMEDIATE").await;
        done.expect("the lock");
        Self(database)
    }

    /// Lets go of it.
    ///
    /// # Panics
    /// When the database fails.
    pub async fn let_go(self) {
        let done = self.0.execute_unprepared("COMMIT").await;
        done.expect("the lock goes");
        let _ = self.0.close().await;
    }
}

/// Runs one statement, past all rules: to break rows on purpose.
///
/// # Panics
/// When the database refuses.
pub async fn run(url: &str, statement: &str) {
    let database = connect(url).await;
    let done = database.execute_unprepared(statement).await;
    let _ = database.close().await;
    done.unwrap_or_else(|error| panic!("{statement}: {error}"));
}

/// Whether the database itself refuses a statement.
pub async fn refuses(url: &str, statement: &str) -> bool {
    let database = connect(url).await;
    let done = database.execute_unprepared(statement).await;
    let _ = database.close().await;
    done.is_err()
}

/// Runs one statement with values for `$1`, `$2`, …
///
/// # Panics
/// When the database refuses.
pub async fn run_with<const N: usize>(url: &str, statement: &str, values: [Value; N]) {
    let database = connect(url).await;
    let backend = database.get_database_backend();
    let done = database
        .execute_raw(Statement::from_sql_and_values(backend, statement, values))
        .await;
    let _ = database.close().await;
    done.unwrap_or_else(|error| panic!("{statement}: {error}"));
}

/// The whole number that a query answers, in its first row and column.
///
/// # Panics
/// When the database refuses, or answers something else.
pub async fn number(url: &str, query: &str) -> i64 {
    let database = connect(url).await;
    let statement = Statement::from_string(database.get_database_backend(), query);
    let row = database.query_one_raw(statement).await;
    let _ = database.close().await;
    row.unwrap_or_else(|error| panic!("{query}: {error}"))
        .unwrap_or_else(|| panic!("{query}: no row"))
        .try_get_by_index(0)
        .unwrap_or_else(|error| panic!("{query}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::{Fresh, Kind, number, run};

    #[tokio::test]
    async fn each_test_gets_a_database_of_its_own_of_either_kind() {
        for kind in Kind::ALL {
            let (Some(one), Some(two)) = (Fresh::make(kind).await, Fresh::make(kind).await) else {
                continue;
            };
            for fresh in [&one, &two] {
                run(&fresh.url, "CREATE TABLE lots (n BIGINT CHECK (n >= 0))").await;
            }
            run(&one.url, "INSERT INTO lots VALUES (7)").await;
            assert_eq!(number(&one.url, "SELECT n FROM lots").await, 7);
            assert_eq!(number(&two.url, "SELECT count(*) FROM lots").await, 0);
        }
    }

    #[tokio::test]
    #[should_panic(expected = "CHECK constraint failed")]
    async fn a_refused_statement_fails_the_test() {
        let fresh = Fresh::make(Kind::Sqlite)
            .await
            .expect("SQLite is always there");
        run(&fresh.url, "CREATE TABLE lots (n BIGINT CHECK (n >= 0))").await;
        run(&fresh.url, "INSERT INTO lots VALUES (-1)").await;
    }
}
