//! Loading a copy into an empty database, in one transaction.

use std::fmt::Write as _;

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, SqliteTransactionMode,
    Statement, TransactionOptions, TransactionTrait, Value,
};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::{Column, Kind, backend, columns, count};
use crate::entities::TABLES;
use crate::error::Error;
use crate::write::Store;

/// Values in one INSERT at most: SQLite takes 32,766.
const VALUES_MAX: usize = 20_000;
/// Rows in one INSERT at most.
const ROWS_MAX: usize = 500;

/// An empty database that is being filled. Dropped without [`Loading::finish`], it is as empty as before.
#[derive(Debug)]
pub struct Loading {
    transaction: DatabaseTransaction,
    direct: DatabaseConnection,
    /// Foreign keys that hold at the end, as PostgreSQL names them: table and constraint.
    deferred: Vec<(String, String)>,
}

/// Why a database can't be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// People or organisations are in it.
    #[error("the database is not empty")]
    NotEmpty,
    /// What a line says is not what its table holds.
    #[error("table {table}, row {row}: {what}")]
    Line {
        table: String,
        row: u64,
        what: String,
    },
    #[error(transparent)]
    Store(#[from] Error),
}

impl Store {
    /// Begins to fill an empty database; whatever the migrations put there goes.
    ///
    /// # Errors
    /// [`LoadError::NotEmpty`] when somebody is in it.
    pub async fn load(&self) -> Result<Loading, LoadError> {
        let direct = self.direct().await?;
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        let begun = direct.begin_with_options(options).await;
        let mut loading = Loading {
            transaction: begun.map_err(Error::from)?,
            direct,
            deferred: Vec::new(),
        };
        for table in ["people", "organisations", "events"] {
            if count(&loading.transaction, table).await? > 0 {
                return Err(LoadError::NotEmpty);
            }
        }
        loading.defer().await?;
        for table in TABLES {
            // Categories and the like, which the migrations put there.
            if count(&loading.transaction, table).await? > 0 {
                loading.run(&format!("DELETE FROM {table}")).await?;
            }
        }
        Ok(loading)
    }
}

impl Loading {
    async fn run(&self, sql: &str) -> Result<(), Error> {
        self.transaction.execute_unprepared(sql).await?;
        Ok(())
    }

    /// Rows come table by table, and tables point at each other in circles: foreign keys are looked at when all are there.
    async fn defer(&mut self) -> Result<(), Error> {
        let engine = backend(&self.transaction);
        if engine == DbBackend::Sqlite {
            return self.run("PRAGMA defer_foreign_keys = ON").await;
        }
        let sql = "SELECT CAST(conrelid::regclass AS TEXT), CAST(conname AS TEXT) FROM pg_constraint \
             WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY 1, 2";
        let rows = self
            .transaction
            .query_all_raw(Statement::from_string(engine, sql))
            .await?;
        for row in rows {
            self.deferred
                .push((row.try_get_by_index(0)?, row.try_get_by_index(1)?));
        }
        self.alter("DEFERRABLE INITIALLY DEFERRED").await
    }

    async fn alter(&self, to: &str) -> Result<(), Error> {
        for (table, name) in &self.deferred {
            self.run(&format!("ALTER TABLE {table} ALTER CONSTRAINT {name} {to}"))
                .await?;
        }
        Ok(())
    }

    /// Fills a table with lines as [`Snapshot::lines`] gave them; answers how many there were.
    ///
    /// # Errors
    /// [`LoadError::Line`] for a line that does not fit, what `lines` fails with, and when the database refuses a row.
    pub async fn fill<E: From<LoadError>>(
        &self,
        table: &str,
        lines: impl IntoIterator<Item = Result<String, E>>,
    ) -> Result<u64, E> {
        let columns = columns(&self.transaction, table)
            .await
            .map_err(LoadError::from)?;
        if columns.is_empty() {
            return Err(
                LoadError::Store(Error::Corrupt(format!("there is no table {table}"))).into(),
            );
        }
        let most = (VALUES_MAX / columns.len()).clamp(1, ROWS_MAX);
        let mut values = Vec::new();
        let mut count = 0_u64;
        let mut waiting = 0;
        for line in lines {
            let line = line?;
            count += 1;
            read(&columns, &line, &mut values).map_err(|what| LoadError::Line {
                table: table.to_owned(),
                row: count,
                what,
            })?;
            waiting += 1;
            if waiting == most {
                self.insert(table, &columns, waiting, std::mem::take(&mut values))
                    .await
                    .map_err(LoadError::from)?;
                waiting = 0;
            }
        }
        if waiting > 0 {
            self.insert(table, &columns, waiting, values)
                .await
                .map_err(LoadError::from)?;
        }
        Ok(count)
    }

    async fn insert(
        &self,
        table: &str,
        columns: &[Column],
        rows: usize,
        values: Vec<Value>,
    ) -> Result<(), Error> {
        let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        let mut sql = format!("INSERT INTO {table} ({}) VALUES ", names.join(", "));
        let mut at = 0;
        for row in 0..rows {
            sql.push_str(if row == 0 { "(" } else { ", (" });
            for n in 0..columns.len() {
                at += 1;
                let comma = if n == 0 { "" } else { ", " };
                let _ = write!(sql, "{comma}${at}");
            }
            sql.push(')');
        }
        let engine = backend(&self.transaction);
        self.transaction
            .execute_raw(Statement::from_sql_and_values(engine, sql, values))
            .await?;
        Ok(())
    }

    /// Looks at all foreign keys and keeps what was loaded.
    ///
    /// # Errors
    /// When a row points at one that is not there; then nothing is kept.
    pub async fn finish(self) -> Result<(), Error> {
        if !self.deferred.is_empty() {
            self.run("SET CONSTRAINTS ALL IMMEDIATE").await?;
            self.alter("NOT DEFERRABLE").await?;
        }
        self.transaction.commit().await?;
        // The planner knows nothing yet of what came; SQLite's does without.
        if !self.deferred.is_empty() {
            self.direct.execute_unprepared("ANALYZE").await?;
        }
        let _ = self.direct.close().await;
        Ok(())
    }
}

/// Adds the values of one line; says what is wrong with it.
fn read(columns: &[Column], line: &str, values: &mut Vec<Value>) -> Result<(), String> {
    let mut line: Map<String, Json> =
        serde_json::from_str(line).map_err(|error| error.to_string())?;
    for column in columns {
        let Some(said) = line.remove(&column.name) else {
            return Err(format!("{} is missing", column.name));
        };
        let wrong = || format!("{} can't be {said}", column.name);
        let value: Value = match (column.kind, &said) {
            (Kind::Whole, Json::Null) => None::<i32>.into(),
            (Kind::Long, Json::Null) => None::<i64>.into(),
            (Kind::Truth, Json::Null) => None::<bool>.into(),
            (Kind::Text, Json::Null) => None::<String>.into(),
            (Kind::Id, Json::Null) => None::<Uuid>.into(),
            (Kind::Whole, Json::Number(n)) => {
                let n = n.as_i64().and_then(|n| i32::try_from(n).ok());
                n.ok_or_else(wrong)?.into()
            }
            (Kind::Long, Json::Number(n)) => n.as_i64().ok_or_else(wrong)?.into(),
            (Kind::Truth, Json::Bool(yes)) => (*yes).into(),
            (Kind::Text, Json::String(text)) => text.clone().into(),
            (Kind::Id, Json::String(text)) => text.parse::<Uuid>().map_err(|_| wrong())?.into(),
            _ => return Err(wrong()),
        };
        values.push(value);
    }
    match line.keys().next() {
        Some(name) => Err(format!("there is no column {name}")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_does_not_fit_its_table_is_named() {
        let columns = [("n", Kind::Long), ("is_it", Kind::Truth), ("id", Kind::Id)];
        let columns = columns.map(|(name, kind)| Column {
            name: name.to_owned(),
            kind,
        });
        let told = |line: &str| read(&columns, line, &mut Vec::new());
        let id = Uuid::nil();
        assert_eq!(
            told(&format!("{{\"n\":7,\"is_it\":null,\"id\":\"{id}\"}}")),
            Ok(())
        );
        for (line, what) in [
            ("{\"n\":7.5,\"is_it\":true,\"id\":null}", "n can't be 7.5"),
            ("{\"n\":7,\"is_it\":1,\"id\":null}", "is_it can't be 1"),
            ("{\"n\":7,\"is_it\":true,\"id\":\"x\"}", "id can't be \"x\""),
            ("{\"n\":7,\"is_it\":true}", "id is missing"),
            (
                "{\"n\":7,\"is_it\":true,\"id\":null,\"role\":1}",
                "there is no column role",
            ),
        ] {
            assert_eq!(told(line), Err(what.to_owned()));
        }
    }
}
