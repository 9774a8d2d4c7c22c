//! What can break between us and the database. Refusals are not errors of this kind: each deed has its own enum.

use sea_orm::{DbErr, RuntimeErr, SqlErr, SqlxError};

/// The database could not do what it was asked.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// Another writer holds the database longer than we wait; trying again later helps.
    #[error("the database is busy")]
    Busy,
    /// The connection could not be had or was lost.
    #[error("the database can't be reached: {0}")]
    Unreachable(String),
    /// There is no room left on the disk; nothing was written.
    #[error("the disk is full")]
    Full,
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
                    SqlxError::Io(_)
                    | SqlxError::Tls(_)
                    | SqlxError::PoolTimedOut
                    | SqlxError::PoolClosed
                    | SqlxError::WorkerCrashed => Self::Unreachable(error.to_string()),
                    SqlxError::Database(d) => match d.code().as_deref().map(meaning) {
                        Some(Meaning::Busy) => Self::Busy,
                        Some(Meaning::Full) => Self::Full,
                        Some(Meaning::Lost) => Self::Unreachable(error.to_string()),
                        Some(Meaning::Other) | None => Self::Database(error),
                    },
                    _ => Self::Database(error),
                }
            }
            _ => Self::Database(error),
        }
    }
}

/// What an engine's code means to us.
enum Meaning {
    Busy,
    Full,
    Lost,
    Other,
}

/// SQLite's codes are numbers, PostgreSQL's have five signs, so one table holds both.
fn meaning(code: &str) -> Meaning {
    match code {
        // SQLITE_BUSY in its kinds; lock_not_available, query_canceled (by a timeout), too_many_connections.
        "5" | "261" | "517" | "55P03" | "57014" | "53300" => Meaning::Busy,
        // SQLITE_FULL, and a write that failed as it does beyond a quota or a limit; disk_full.
        "13" | "778" | "53100" => Meaning::Full,
        // The server stops, crashed or is starting; it ended an idle transaction; connection exceptions.
        "57P01" | "57P02" | "57P03" | "25P03" => Meaning::Lost,
        code if code.len() == 5 && code.starts_with("08") => Meaning::Lost,
        _ => Meaning::Other,
    }
}

impl Error {
    /// Running the deed again helps: PostgreSQL rolled it back because of another one (40001, 40P01).
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

    /// The connection was lost in the middle, or none could be had.
    pub(crate) fn is_lost(&self) -> bool {
        matches!(self, Self::Unreachable(_))
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
