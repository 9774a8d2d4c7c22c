//! Counters for limits that protect people: they hold across processes and restarts.
//!
//! Tries are counted in cells of a fifteenth of the window, and the window slides over them, so that nobody gets
//! twice the limit around a boundary. A try that is refused is not counted: hammering does not lengthen the wait.

use sea_orm::FromQueryResult;

use crate::{Act, Error, Store, sql::Sql};

/// What a counter says to one more try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tries {
    Allowed,
    /// Too many; the oldest of them is forgotten after so many seconds.
    Exhausted {
        retry_after_seconds: i64,
    },
}

#[derive(FromQueryResult)]
struct Sum {
    hits: Option<i64>,
    oldest: Option<i64>,
}

/// Cells of one window.
const CELLS: i64 = 15;

impl Store {
    /// Counts a try, unless `limit` of them were made within the last `window_seconds`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count_try(
        &self,
        act: &Act,
        bucket: &str,
        limit: i64,
        window_seconds: i64,
    ) -> Result<Tries, Error> {
        self.count_tries(act, bucket, 1, limit, window_seconds)
            .await
    }

    /// As [`Store::count_try`], for `tries` at once that were gathered before.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count_tries(
        &self,
        act: &Act,
        bucket: &str,
        tries: i64,
        limit: i64,
        window_seconds: i64,
    ) -> Result<Tries, Error> {
        let cell = (window_seconds / CELLS).max(1);
        let seconds = act.now.epoch_seconds();
        let start = seconds - seconds.rem_euclid(cell);
        // A cell that began before this holds nothing of the window.
        let from = seconds - window_seconds - cell;
        self.write(act, async |tx| -> Result<Tries, Error> {
            tx.exec(
                "DELETE FROM rate_counters WHERE expires_at <= $1",
                [seconds.into()],
            )
            .await?;
            // Counting comes first: on PostgreSQL it locks the cell, so that tries at the same moment see each other.
            tx.exec(
                "INSERT INTO rate_counters (bucket, window_start, hits, expires_at) VALUES ($1, $2, $4, $3) \
                 ON CONFLICT (bucket, window_start) DO UPDATE SET hits = rate_counters.hits + excluded.hits",
                [
                    bucket.into(),
                    start.into(),
                    (start + window_seconds + 2 * cell).into(),
                    tries.into(),
                ],
            )
            .await?;
            let sum = tx
                .row::<Sum>(
                    "SELECT CAST(SUM(hits) AS BIGINT) AS hits, MIN(window_start) AS oldest \
                     FROM rate_counters WHERE bucket = $1 AND window_start > $2 AND hits > 0",
                    [bucket.into(), from.into()],
                )
                .await?;
            if let Some(Sum {
                hits: Some(hits),
                oldest: Some(oldest),
            }) = sum
                && hits > limit
            {
                tx.exec(
                    "UPDATE rate_counters SET hits = hits - $3 WHERE bucket = $1 AND window_start = $2",
                    [bucket.into(), start.into(), tries.into()],
                )
                .await?;
                return Ok(Tries::Exhausted {
                    retry_after_seconds: (oldest + window_seconds + cell - seconds).max(1),
                });
            }
            Ok(Tries::Allowed)
        })
        .await
    }

    /// Takes the last try back, because it was not the kind that counts (a right password).
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forgive_try(&self, act: &Act, buckets: &[&str]) -> Result<(), Error> {
        self.write(act, async |tx| -> Result<(), Error> {
            for bucket in buckets {
                tx.exec(
                    "UPDATE rate_counters SET hits = hits - 1 WHERE bucket = $1 AND hits > 0 AND window_start = \
                     (SELECT MAX(window_start) FROM rate_counters WHERE bucket = $1 AND hits > 0)",
                    [(*bucket).into()],
                )
                .await?;
            }
            Ok(())
        })
        .await
    }
}
