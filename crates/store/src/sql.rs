//! Running SQL, the same inside a deed ([`Tx`]) and outside (readers of [`Store`]).
//!
//! Placeholders are `$1`, `$2`, … on both engines. Values always travel as parameters. `SUM` is written
//! `CAST(SUM(x) AS BIGINT)`, because PostgreSQL would answer with NUMERIC.

use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DbBackend, EntityTrait, FromQueryResult, IntoActiveModel,
    Statement, Value,
};

use crate::error::Error;
use crate::write::{Store, Tx};

/// Queries on a connection. View structs derive `FromQueryResult`.
pub(crate) trait Sql {
    type Connection: ConnectionTrait;

    fn connection(&self) -> &Self::Connection;

    /// Where the time that queries take is counted.
    fn timings(&self) -> Option<&figures::Timings> {
        None
    }

    fn is_postgres(&self) -> bool {
        self.connection().get_database_backend() == DbBackend::Postgres
    }

    /// All rows of a query.
    async fn rows<T: FromQueryResult>(
        &self,
        sql: impl Into<String>,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<Vec<T>, Error> {
        let connection = self.connection();
        let statement =
            Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
        let rows = timed(self.timings(), connection.query_all_raw(statement)).await?;
        Ok(rows
            .iter()
            .map(|row| T::from_query_result(row, ""))
            .collect::<Result<_, _>>()?)
    }

    /// The first row of a query, if any.
    async fn row<T: FromQueryResult>(
        &self,
        sql: impl Into<String>,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<Option<T>, Error> {
        let connection = self.connection();
        let statement =
            Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
        let row = timed(self.timings(), connection.query_one_raw(statement)).await?;
        Ok(row.map(|row| T::from_query_result(&row, "")).transpose()?)
    }

    /// One whole number (`SELECT COUNT(*) …`, `CAST(SUM(…) AS BIGINT)`); 0 where the query gives none or NULL.
    async fn number(
        &self,
        sql: impl Into<String>,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<i64, Error> {
        let connection = self.connection();
        let statement =
            Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
        match timed(self.timings(), connection.query_one_raw(statement)).await? {
            // Sums of INTEGER columns are INTEGER on PostgreSQL.
            Some(row) => match row.try_get_by_index::<Option<i64>>(0) {
                Ok(number) => Ok(number.unwrap_or(0)),
                Err(_) => Ok(row.try_get_by_index::<Option<i32>>(0)?.map_or(0, i64::from)),
            },
            None => Ok(0),
        }
    }

    /// Rows changed by a statement.
    async fn exec(
        &self,
        sql: impl Into<String>,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<u64, Error> {
        let connection = self.connection();
        let statement =
            Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
        Ok(connection.execute_raw(statement).await?.rows_affected())
    }
}

impl Sql for Tx {
    type Connection = sea_orm::DatabaseTransaction;

    fn connection(&self) -> &Self::Connection {
        &self.connection
    }
}

impl Sql for Store {
    type Connection = sea_orm::DatabaseConnection;

    /// Reads outside a deed see the last commit.
    fn connection(&self) -> &Self::Connection {
        &self.readers
    }

    fn timings(&self) -> Option<&figures::Timings> {
        Some(&self.figures.reads)
    }
}

async fn timed<T>(timings: Option<&figures::Timings>, answer: impl Future<Output = T>) -> T {
    let Some(timings) = timings else {
        return answer.await;
    };
    let begun = std::time::Instant::now();
    let answer = answer.await;
    timings.add(begun.elapsed());
    answer
}

impl Tx {
    /// Inserts one whole row; naming the full model means that no column can be forgotten.
    pub(crate) async fn insert<M>(&self, model: M) -> Result<(), Error>
    where
        M: IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel> + sea_orm::ModelTrait,
        <M::Entity as EntityTrait>::ActiveModel: ActiveModelTrait<Entity = M::Entity> + Send,
    {
        <M::Entity as EntityTrait>::insert(model.into_active_model())
            .exec_without_returning(&self.connection)
            .await?;
        Ok(())
    }

    /// Inserts rows in statements of up to 500 each; none for an empty list.
    pub(crate) async fn insert_many<M>(&self, models: Vec<M>) -> Result<(), Error>
    where
        M: IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel> + sea_orm::ModelTrait,
        <M::Entity as EntityTrait>::ActiveModel: ActiveModelTrait<Entity = M::Entity> + Send,
    {
        let mut models = models
            .into_iter()
            .map(IntoActiveModel::into_active_model)
            .peekable();
        while models.peek().is_some() {
            let chunk: Vec<_> = models.by_ref().take(500).collect();
            <M::Entity as EntityTrait>::insert_many(chunk)
                .exec_without_returning(&self.connection)
                .await?;
        }
        Ok(())
    }

    /// ` FOR UPDATE` on PostgreSQL; nothing on SQLite, where the write transaction holds the whole database.
    pub(crate) fn for_update(&self) -> &'static str {
        if self.is_postgres() {
            " FOR UPDATE"
        } else {
            ""
        }
    }
}

/// `$3, $4, $5` for a list of `count` values whose first placeholder is number `first`.
pub(crate) fn placeholders(first: usize, count: usize) -> String {
    let mut out = String::with_capacity(count * 5);
    for n in first..first + count {
        if n > first {
            out.push_str(", ");
        }
        out.push('$');
        out.push_str(&n.to_string());
    }
    out
}
