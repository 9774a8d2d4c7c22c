//! The one door for writes.
//!
//! On SQLite deeds take turns on one connection and are committed together (`writer`). On PostgreSQL each has a
//! transaction of its own; one that was rolled back for another's sake (40001, 40P01) is run again, and so is one whose
//! connection was lost. Where the answer to a COMMIT is lost the server is asked what became of the transaction, so that
//! nothing is lost or done twice; the one-time keys of orders and products hold even where nobody can tell.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use domain::time::Instant;
use sea_orm::{DatabaseConnection, DatabaseTransaction, TransactionTrait};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;
use uuid::Uuid;

use crate::act::Act;
use crate::error::Error;
use crate::open::Deeds;
pub use crate::open::Store;
use crate::sql::Sql;
use crate::writer::{Ended, Turn, Writer, gone};

/// How often a deed that PostgreSQL rolled back is run again before we give up.
const RERUNS_MAX: u32 = 8;
/// A deed that lost its connection is begun again for this long; then the page says that the database is away.
const LOST_MAX: Duration = Duration::from_millis(400);
/// How long we ask what became of a transaction whose COMMIT got no answer.
const ASK_MAX: Duration = Duration::from_millis(2_500);
/// How long a deed waits for a place among those that are under way.
const PLACE_MAX: Duration = Duration::from_secs(10);

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

/// One call of [`Store::write`].
struct Asked<'a> {
    act: &'a Act,
    seed: Uuid,
    since: std::time::Instant,
}

impl Asked<'_> {
    fn tx(&self, connection: DatabaseTransaction) -> Tx {
        Tx {
            connection,
            act: *self.act,
            seed: self.seed,
            drawn: AtomicU64::new(0),
            republishes: AtomicBool::new(false),
        }
    }
}

/// The deed has to be run again.
struct Again;

impl Store {
    /// The one door for writes: runs `deed` in one transaction and gives its answer only after the commit.
    ///
    /// A deed does nothing but SQL and may be run again; a refusal (`Err`) rolls everything back.
    pub(crate) async fn write<T, E, F>(&self, act: &Act, deed: F) -> Result<T, E>
    where
        F: AsyncFn(&Tx) -> Result<T, E>,
        E: From<Error> + Rerun,
    {
        let asked = Asked {
            act,
            seed: Uuid::now_v7(),
            since: std::time::Instant::now(),
        };
        let mut runs = 0;
        loop {
            runs += 1;
            let outcome = match &self.deeds {
                Deeds::Sqlite(writer) => match in_turn(writer, &asked, runs > 1, &deed).await {
                    Ok(outcome) => outcome,
                    Err(Again) => continue,
                },
                Deeds::Postgres { pool, places } => {
                    match self.in_place(pool, places, &asked, &deed).await {
                        Ok(outcome) => outcome,
                        Err(Again) if runs < RERUNS_MAX => continue,
                        Err(Again) => return Err(E::from(Error::Busy)),
                    }
                }
            };
            match outcome {
                Err(error)
                    if runs < RERUNS_MAX
                        && (error.wants_rerun()
                            || error.is_lost() && asked.since.elapsed() < LOST_MAX) =>
                {
                    self.figures.reruns.add(1);
                    // Give the other deed time to finish; longer each time.
                    tokio::time::sleep(Duration::from_millis(u64::from(runs) * 7)).await;
                }
                other => {
                    if other.is_ok() {
                        self.figures.deeds.add(asked.since.elapsed());
                    }
                    return other;
                }
            }
        }
    }

    /// On PostgreSQL: a transaction of its own.
    async fn in_place<T, E, F>(
        &self,
        pool: &DatabaseConnection,
        places: &Semaphore,
        asked: &Asked<'_>,
        deed: &F,
    ) -> Result<Result<T, E>, Again>
    where
        F: AsyncFn(&Tx) -> Result<T, E>,
        E: From<Error>,
    {
        // Held until the transaction has ended.
        let Ok(place) = tokio::time::timeout(PLACE_MAX, places.acquire()).await else {
            return Ok(Err(E::from(Error::Busy)));
        };
        if let Err(error) = self.away.check() {
            return Ok(Err(E::from(error)));
        }
        let since = std::time::Instant::now();
        let tx = match pool.begin().await {
            Ok(connection) => asked.tx(connection),
            Err(error) => {
                self.away.note(since);
                return Ok(Err(E::from(Error::from(error))));
            }
        };
        let answer = match whole(&tx, deed).await {
            Ok(answer) => answer,
            Err(refusal) => {
                // A failed rollback leaves the connection to the pool, which drops it; the refusal is the answer.
                let _ = tx.connection.rollback().await;
                return Ok(Err(refusal));
            }
        };
        // Its name, by which the server knows what became of it. Without one it has changed nothing.
        let name = match tx.number("SELECT txid_current_if_assigned()", []).await {
            Ok(name) => name,
            Err(error) => return Ok(Err(E::from(error))),
        };
        let Err(error) = tx.connection.commit().await else {
            return Ok(Ok(answer));
        };
        drop(place);
        let error = Error::from(error);
        if !error.is_lost() {
            return Ok(Err(E::from(error)));
        }
        tracing::warn!(%error, "the answer to a commit was lost");
        match self.fate(name).await {
            Some(true) => Ok(Ok(answer)),
            Some(false) => Err(Again),
            None => Ok(Err(E::from(error))),
        }
    }

    /// Whether a transaction was committed; `None` when nobody can tell in time.
    async fn fate(&self, name: i64) -> Option<bool> {
        if name == 0 {
            return Some(true);
        }
        let since = std::time::Instant::now();
        while since.elapsed() < ASK_MAX {
            let told = self
                .number(
                    "SELECT CASE txid_status($1) WHEN 'committed' THEN 1 WHEN 'aborted' THEN 2 ELSE 0 END",
                    [name.into()],
                )
                .await;
            match told {
                Ok(1) => return Some(true),
                Ok(2) => return Some(false),
                // Still under way, or no server to ask.
                Ok(_) | Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
        None
    }
}

/// On SQLite: in turn, and committed with those that wait at the same time.
async fn in_turn<T, E, F>(
    writer: &Writer,
    asked: &Asked<'_>,
    alone: bool,
    deed: &F,
) -> Result<Result<T, E>, Again>
where
    F: AsyncFn(&Tx) -> Result<T, E>,
    E: From<Error>,
{
    let Turn {
        savepoint,
        ended,
        verdict,
    } = match writer.turn(alone).await {
        Ok(turn) => turn,
        Err(error) => return Ok(Err(E::from(error))),
    };
    let tx = asked.tx(savepoint);
    let outcome = whole(&tx, deed).await;
    let end = match &outcome {
        Ok(_) => tx.connection.commit().await.map(|()| Ended::Done),
        Err(_) => tx.connection.rollback().await.map(|()| Ended::Undone),
    };
    // A writer that is gone gives no verdict either.
    let _ = ended.send(end.unwrap_or_else(|error| Ended::Lost(error.into())));
    let Ok(verdict) = verdict.await else {
        return Ok(Err(E::from(gone())));
    };
    match verdict.outcome {
        Ok(()) => Ok(outcome),
        // Another deed of the batch may be to blame: by itself it is committed, or fails for its own reason. Even a refusal
        // may have been for the sake of what has not happened after all.
        Err(_) if verdict.is_shared => Err(Again),
        Err(error) => Ok(outcome.and(Err(E::from(error)))),
    }
}

/// The deed and what follows from it.
async fn whole<T, E, F>(tx: &Tx, deed: &F) -> Result<T, E>
where
    F: AsyncFn(&Tx) -> Result<T, E>,
    E: From<Error>,
{
    let answer = deed(tx).await?;
    // Every such deed asks for this one row, so it comes last and is held for the commit only.
    if tx.republishes.load(Ordering::Relaxed) {
        tx.next_edition().await?;
    }
    Ok(answer)
}

/// Errors of deeds say whether running the deed again could help.
pub(crate) trait Rerun {
    /// Another deed was in the way.
    fn wants_rerun(&self) -> bool;
    /// The connection was lost before the end.
    fn is_lost(&self) -> bool;
}

impl Rerun for Error {
    fn wants_rerun(&self) -> bool {
        Self::wants_rerun(self)
    }

    fn is_lost(&self) -> bool {
        Self::is_lost(self)
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

            fn is_lost(&self) -> bool {
                matches!(self, Self::Store(error) if error.is_lost())
            }
        }
    )*};
}
#[allow(unused_imports, reason = "used by the features")]
pub(crate) use rerun_by_store;

#[cfg(test)]
mod tests;
