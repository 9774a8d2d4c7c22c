//! The whole database as lines of text, the same on either engine, and back again.
//!
//! A copy is read from one snapshot, so that it is whole though people go on writing ([`Snapshot`]); it is loaded in one
//! transaction into a database that holds nothing yet ([`Loading`]). Both take rows as they come, so that no table has to
//! fit into memory. What the lines are kept in, and the files that belong to them, is the caller's business.
//!
//! A line is a JSON object: whole numbers and truth as such, text and ids as strings, nothing as `null`.

mod loading;

use futures_util::TryStreamExt as _;
use migrations::MigratorTrait as _;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, FromQueryResult,
    QueryResult, Statement, StreamTrait as _, TransactionOptions, TransactionTrait,
};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use crate::entities::TABLES;
use crate::error::Error;
use crate::sql::Sql;
use crate::write::Store;

pub use loading::{LoadError, Loading};

/// The database as it was at one moment.
#[derive(Debug)]
pub struct Snapshot {
    transaction: DatabaseTransaction,
    direct: DatabaseConnection,
}

/// Every table, by name, in the order in which a copy holds them.
#[must_use]
pub fn tables() -> &'static [&'static str] {
    TABLES
}

/// The newest change of the schema that this version knows.
#[must_use]
pub fn newest_schema() -> String {
    let all = migrations::Migrator::migrations();
    all.last()
        .map_or_else(String::new, |last| last.name().to_owned())
}

#[derive(Clone, Copy)]
enum Kind {
    Whole,
    Long,
    Truth,
    Text,
    Id,
}

struct Column {
    name: String,
    kind: Kind,
}

#[derive(FromQueryResult)]
struct ColumnRow {
    name: String,
    kind: String,
}

impl Store {
    /// The newest change of the schema that this database has; `None` before the first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn schema(&self) -> Result<Option<String>, Error> {
        schema(self.connection()).await
    }

    /// Everything as it is now, held still until it is dropped.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn snapshot(&self) -> Result<Snapshot, Error> {
        let direct = self.direct().await?;
        let options = TransactionOptions {
            isolation_level: self
                .is_postgres()
                .then_some(sea_orm::IsolationLevel::RepeatableRead),
            ..Default::default()
        };
        let transaction = direct.begin_with_options(options).await?;
        // Not the beginning of the transaction but its first reading says which moment it shows.
        schema(&transaction).await?;
        Ok(Snapshot {
            transaction,
            direct,
        })
    }
}

impl Snapshot {
    /// The newest change of the schema that it has.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn schema(&self) -> Result<Option<String>, Error> {
        schema(&self.transaction).await
    }

    /// The names of all stored files, by the hash of their content.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn files(&self) -> Result<Vec<String>, Error> {
        let statement = Statement::from_string(
            backend(&self.transaction),
            "SELECT hash FROM files ORDER BY hash",
        );
        let rows = self.transaction.query_all_raw(statement).await?;
        Ok(rows
            .iter()
            .map(|row| row.try_get_by_index(0))
            .collect::<Result<_, _>>()?)
    }

    /// Gives every row of a table as a line, without its end; answers how many there were.
    ///
    /// # Errors
    /// When the database fails, or `take` does.
    pub async fn lines<E: From<Error>>(
        &self,
        table: &str,
        mut take: impl FnMut(&str) -> Result<(), E>,
    ) -> Result<u64, E> {
        let columns = columns(&self.transaction, table).await?;
        let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        let sql = format!("SELECT {} FROM {table}", names.join(", "));
        let statement = Statement::from_string(backend(&self.transaction), sql);
        let mut rows = self
            .transaction
            .stream_raw(statement)
            .await
            .map_err(Error::from)?;
        let mut count = 0;
        while let Some(row) = rows.try_next().await.map_err(Error::from)? {
            let mut line = Map::with_capacity(columns.len());
            for (at, column) in columns.iter().enumerate() {
                line.insert(column.name.clone(), told(&row, at, column.kind)?);
            }
            take(&Json::Object(line).to_string())?;
            count += 1;
        }
        Ok(count)
    }

    /// Lets go of it.
    pub async fn close(self) {
        let _ = self.transaction.rollback().await;
        let _ = self.direct.close().await;
    }
}

/// Two traits of a transaction say it.
fn backend(connection: &impl ConnectionTrait) -> DbBackend {
    connection.get_database_backend()
}

async fn schema(connection: &impl ConnectionTrait) -> Result<Option<String>, Error> {
    let backend = connection.get_database_backend();
    let there = match backend {
        DbBackend::Sqlite => "SELECT COUNT(*) FROM sqlite_master WHERE name = 'seaql_migrations'",
        _ => {
            "SELECT COUNT(*) FROM information_schema.tables \
              WHERE table_schema = current_schema() AND table_name = 'seaql_migrations'"
        }
    };
    let there = connection
        .query_one_raw(Statement::from_string(backend, there))
        .await?;
    if there.map_or(Ok(0), |row| row.try_get_by_index::<i64>(0))? == 0 {
        return Ok(None);
    }
    let newest = "SELECT MAX(version) FROM seaql_migrations";
    let newest = connection
        .query_one_raw(Statement::from_string(backend, newest))
        .await?;
    Ok(newest.map_or(Ok(None), |row| row.try_get_by_index(0))?)
}

async fn count(connection: &impl ConnectionTrait, table: &str) -> Result<i64, Error> {
    let sql = format!("SELECT COUNT(*) FROM {table}");
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let row = connection.query_one_raw(statement).await?;
    Ok(row.map_or(Ok(0), |row| row.try_get_by_index(0))?)
}

/// The columns of a table, as the database has them. Ids are blobs to SQLite.
async fn columns(connection: &impl ConnectionTrait, table: &str) -> Result<Vec<Column>, Error> {
    let backend = connection.get_database_backend();
    let sql = match backend {
        DbBackend::Sqlite => {
            "SELECT name, lower(type) AS kind FROM pragma_table_info($1) ORDER BY cid"
        }
        _ => {
            "SELECT CAST(column_name AS TEXT) AS name, CAST(data_type AS TEXT) AS kind \
              FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = $1 \
              ORDER BY ordinal_position"
        }
    };
    let statement = Statement::from_sql_and_values(backend, sql, [table.into()]);
    let rows = connection.query_all_raw(statement).await?;
    rows.iter()
        .map(|row| {
            let row = ColumnRow::from_query_result(row, "")?;
            let kind = match row.kind.as_str() {
                "integer" => Kind::Whole,
                "bigint" => Kind::Long,
                "boolean" => Kind::Truth,
                "text" => Kind::Text,
                "uuid" | "blob" => Kind::Id,
                other => {
                    return Err(Error::Corrupt(format!(
                        "{table}.{} is of the unknown type {other}",
                        row.name
                    )));
                }
            };
            Ok(Column {
                name: row.name,
                kind,
            })
        })
        .collect()
}

fn told(row: &QueryResult, at: usize, kind: Kind) -> Result<Json, Error> {
    Ok(match kind {
        Kind::Whole => Json::from(row.try_get_by_index::<Option<i32>>(at)?),
        Kind::Long => Json::from(row.try_get_by_index::<Option<i64>>(at)?),
        Kind::Truth => Json::from(row.try_get_by_index::<Option<bool>>(at)?),
        Kind::Text => Json::from(row.try_get_by_index::<Option<String>>(at)?),
        Kind::Id => {
            let id = row.try_get_by_index::<Option<Uuid>>(at)?;
            Json::from(id.map(|id| id.to_string()))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::open::{Config, Durability};

    #[tokio::test]
    async fn a_copy_holds_every_table_that_the_migrations_make() {
        let dir = std::env::temp_dir().join(format!("lumbung-backup-{}", Uuid::now_v7()));
        std::fs::create_dir_all(&dir).unwrap();
        let store = Store::open(&Config {
            url: format!("sqlite://{}", dir.join("test.db").display()),
            durability: Durability::Relaxed,
        })
        .await
        .unwrap();
        store.migrate().await.unwrap();
        assert_eq!(store.schema().await.unwrap(), Some(newest_schema()));
        #[derive(FromQueryResult)]
        struct Name {
            name: String,
        }
        let made: Vec<Name> = store
            .rows(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' \
                 AND name <> 'seaql_migrations' ORDER BY name",
                [],
            )
            .await
            .unwrap();
        let made: Vec<String> = made.into_iter().map(|row| row.name).collect();
        let mut copied: Vec<String> = tables().iter().map(|name| (*name).to_owned()).collect();
        copied.sort();
        assert_eq!(copied, made);
        // Every column is of a kind that a line can hold.
        for table in tables() {
            assert!(!columns(store.connection(), table).await.unwrap().is_empty());
        }
        store.close().await;
        std::fs::remove_dir_all(dir).unwrap();
    }
}
