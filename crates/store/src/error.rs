//! What can break between us and the database. Refusals are not errors of this kind: each deed has its own enum.

use sea_orm::{DbErr, RuntimeErr, SqlErr};

/// The database could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another writer holds the database longer than we wait; trying again later helps.
    #[error("the database is busy")]
    Busy,
    /// The connection could not be had or was lost.
    #[error("the database can't be reached: {0}")]
    Unreachable(String),
    /// The schema is newer than this binary.
    #[error("the database was made by a newer version of Lumbung")]
    NewerSchema,
    /// A stored value is not what the code that wrote it promised.
    #[error("stored value is unreadable: {0}")]
    Corrupt(String),
    /// A row that must be there is not, or is not this owner's.
    #[error("not found")]
    NotFound,
    #[error("database: {0}")]
    Database(DbErr),
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        match &error {
            DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => Self::Unreachable(error.to_string()),
            DbErr::Query(RuntimeErr::SqlxError(e)) | DbErr::Exec(RuntimeErr::SqlxError(e)) => {
                match e.as_ref() {
                    sea_orm::sqlx::Error::Io(_)
                    | sea_orm::sqlx::Error::PoolTimedOut
                    | sea_orm::sqlx::Error::PoolClosed => Self::Unreachable(error.to_string()),
                    sea_orm::sqlx::Error::Database(d)
                        if matches!(d.code().as_deref(), Some("5" | "517" | "261")) =>
                    {
                        Self::Busy
                    }
                    _ => Self::Database(error),
                }
            }
            _ => Self::Database(error),
        }
    }
}

impl Error {
    /// PostgreSQL rolled the deed back because of another one (40001, 40P01): running it again helps.
    pub(crate) fn wants_rerun(&self) -> bool {
        let Self::Database(
            DbErr::Query(RuntimeErr::SqlxError(e)) | DbErr::Exec(RuntimeErr::SqlxError(e)),
        ) = self
        else {
            return false;
        };
        e.as_database_error()
            .and_then(|d| d.code())
            .is_some_and(|code| matches!(code.as_ref(), "40001" | "40P01"))
    }

    /// A UNIQUE constraint refused the row; deeds turn this into their own refusal.
    pub(crate) fn is_unique_violation(&self) -> bool {
        matches!(self, Self::Database(e) if matches!(e.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))))
    }
}

/// JSON that we wrote ourselves can't be read back.
impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Corrupt(error.to_string())
    }
}
