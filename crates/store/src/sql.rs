//! Running SQL, the same inside a deed ([`Tx`]) and outside (readers of [`Store`]).
//!
//! Placeholders are `$1`, `$2`, … on both engines. Values always travel as parameters. `SUM` is written
//! `CAST(SUM(x) AS BIGINT)`, because PostgreSQL would answer with NUMERIC.

use std::time::{Duration, Instant};

use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DbBackend, EntityTrait, FromQueryResult, IntoActiveModel,
    QueryResult, Statement, Value,
};

use crate::error::Error;
use crate::open::Away;
use crate::write::{Store, Tx};

/// Dead connections are found out at once; a server that is away takes longer, and is not asked again.
const ASK_AGAIN: u32 = 12;
const ASK_AGAIN_MAX: Duration = Duration::from_millis(400);

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

    /// Where queries outside of deeds note that the server is away; within one there is nothing to ask again.
    fn away(&self) -> Option<&Away> {
        None
    }

    /// What a query answers; where the connection was lost, it is asked again on another one.
    async fn all(&self, statement: Statement) -> Result<Vec<QueryResult>, Error> {
        let Some(mut tries) = Tries::begin(self.away())? else {
            return Ok(self.connection().query_all_raw(statement).await?);
        };
        loop {
            match self.connection().query_all_raw(statement.clone()).await {
                Ok(rows) => return Ok(rows),
                Err(error) => tries.after(error.into())?,
            }
        }
    }

    /// The first row that a query answers, likewise.
    async fn one(&self, statement: Statement) -> Result<Option<QueryResult>, Error> {
        let Some(mut tries) = Tries::begin(self.away())? else {
            return Ok(self.connection().query_one_raw(statement).await?);
        };
        loop {
            match self.connection().query_one_raw(statement.clone()).await {
                Ok(row) => return Ok(row),
                Err(error) => tries.after(error.into())?,
            }
        }
    }

    /// All rows of a query.
    async fn rows<T: FromQueryResult>(
        &self,
        sql: impl Into<String>,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<Vec<T>, Error> {
        let backend = self.connection().get_database_backend();
        let statement = Statement::from_sql_and_values(backend, sql, values);
        let rows = timed(self.timings(), self.all(statement)).await?;
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
        let backend = self.connection().get_database_backend();
        let statement = Statement::from_sql_and_values(backend, sql, values);
        let row = timed(self.timings(), self.one(statement)).await?;
        Ok(row.map(|row| T::from_query_result(&row, "")).transpose()?)
    }

    /// One whole number (`SELECT COUNT(*) …`, `CAST(SUM(…) AS BIGINT)`); 0 where the query gives none or NULL.
    async fn number(
        &self,
        sql: impl Into<String>,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<i64, Error> {
        let backend = self.connection().get_database_backend();
        let statement = Statement::from_sql_and_values(backend, sql, values);
        match timed(self.timings(), self.one(statement)).await? {
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

/// A query that is asked again when its connection turns out to be dead: after a restart of the server every one of the
/// pool may be.
struct Tries<'a> {
    away: &'a Away,
    left: u32,
    since: Instant,
}

impl<'a> Tries<'a> {
    fn begin(away: Option<&'a Away>) -> Result<Option<Self>, Error> {
        let Some(away) = away else {
            return Ok(None);
        };
        away.check()?;
        Ok(Some(Self {
            away,
            left: ASK_AGAIN,
            since: Instant::now(),
        }))
    }

    fn after(&mut self, error: Error) -> Result<(), Error> {
        if !error.is_lost() {
            return Err(error);
        }
        if self.left == 0 || self.since.elapsed() >= ASK_AGAIN_MAX {
            self.away.note(self.since);
            return Err(error);
        }
        self.left -= 1;
        Ok(())
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

    fn away(&self) -> Option<&Away> {
        self.is_postgres().then_some(&self.away)
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
