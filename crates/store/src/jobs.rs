//! The outbox: work written in the same transaction as the deed that wants it, done later, at least once.
//!
//! A job's `dedupe` text makes it unique: the same letter or index update is queued once.

use domain::ids::{EventId, JobId, LotId};
use domain::time::Instant;
use sea_orm::{FromQueryResult, Value};
use serde::Serialize;
use uuid::Uuid;

use crate::act::Act;
use crate::error::Error;
use crate::sql::Sql;
use crate::write::{Store, Tx};

mod desk;

pub use desk::{DEAD_ROWS, DeadJob, DeadJobError, JobsOfKind};

/// How long a claimed job belongs to the runner that claimed it.
const LEASE_SECONDS: i64 = 120;
/// After this many failures a job is dead and waits for the administrator.
const ATTEMPTS_MAX: i32 = 12;
/// Rows of one INSERT.
const INSERT_MAX: usize = 500;

/// Seconds until a job that failed `attempts` times is tried again: 10, 20, 40, … up to about 85 minutes, and up to a
/// quarter more, differently for each job, so that a thousand letters don't all knock at the same second.
fn pause_seconds(attempts: i32, job: Uuid) -> i64 {
    let pause = 5_i64 << attempts.clamp(0, 10);
    // The last bytes of an id are random; a job keeps its own.
    let draw = job.as_bytes().last().map_or(0, |byte| i64::from(*byte));
    pause + pause * draw / (4 * 256)
}

/// A job claimed by a runner.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Claimed {
    pub id: Uuid,
    pub kind: String,
    /// JSON, as the deed wrote it.
    pub payload: String,
    /// The event that is the reason for it.
    pub event_id: Option<Uuid>,
    pub attempts: i32,
}

impl Tx {
    /// Queues work. Queued again with the same `dedupe`, nothing happens.
    pub(crate) async fn job(
        &self,
        kind: &str,
        dedupe: String,
        event: Option<EventId>,
        payload: &impl Serialize,
    ) -> Result<(), Error> {
        self.jobs(kind, event, &[(dedupe, payload)]).await
    }

    /// A long job is still being done: its lease begins anew.
    pub(crate) async fn keep_job(&self, job: Uuid) -> Result<(), Error> {
        self.exec(
            "UPDATE jobs SET locked_until = $2 WHERE id = $1 AND done_at IS NULL",
            [job.into(), self.now().plus_seconds(LEASE_SECONDS).0.into()],
        )
        .await?;
        Ok(())
    }

    /// As [`Tx::job`], for several at once: pairs of `dedupe` and payload.
    pub(crate) async fn jobs(
        &self,
        kind: &str,
        event: Option<EventId>,
        jobs: &[(String, impl Serialize)],
    ) -> Result<(), Error> {
        self.jobs_at(kind, event, self.now(), jobs).await
    }

    /// As [`Tx::jobs`], to be done not before `at`.
    async fn jobs_at(
        &self,
        kind: &str,
        event: Option<EventId>,
        at: Instant,
        jobs: &[(String, impl Serialize)],
    ) -> Result<(), Error> {
        for chunk in jobs.chunks(INSERT_MAX) {
            let mut values: Vec<Value> = vec![
                kind.into(),
                event.map(Uuid::from).into(),
                self.now().0.into(),
                at.0.into(),
            ];
            let mut rows = Vec::with_capacity(chunk.len());
            for (dedupe, payload) in chunk {
                let n = values.len();
                rows.push(format!(
                    "(${}, $1, ${}, ${}, $2, $4, 0, $3)",
                    n + 1,
                    n + 2,
                    n + 3
                ));
                values.push(self.new_id().into());
                values.push(serde_json::to_string(payload)?.into());
                values.push(dedupe.as_str().into());
            }
            self.exec(
                format!(
                    "INSERT INTO jobs (id, kind, payload, dedupe, event_id, run_at, attempts, created_at) \
                     VALUES {} ON CONFLICT (dedupe) DO NOTHING",
                    rows.join(", ")
                ),
                values,
            )
            .await?;
        }
        Ok(())
    }
}

impl Store {
    /// Claims up to `limit` due jobs of the given kinds for this runner; each is leased, so that a second process
    /// does not take it, and comes back by itself if the runner dies.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn claim_jobs(
        &self,
        now: Instant,
        kinds: &[&str],
        limit: i64,
    ) -> Result<Vec<Claimed>, Error> {
        self.write(&Act::system(now), async |tx| -> Result<Vec<Claimed>, Error> {
            let skip = if tx.is_postgres() { " FOR UPDATE SKIP LOCKED" } else { "" };
            let mut values: Vec<sea_orm::Value> =
                vec![now.0.into(), now.plus_seconds(LEASE_SECONDS).0.into(), limit.into()];
            values.extend(kinds.iter().map(|kind| (*kind).into()));
            tx.rows(
                format!(
                    "UPDATE jobs SET locked_until = $2, attempts = attempts + 1 WHERE id IN (SELECT id FROM jobs \
                     WHERE done_at IS NULL AND dead_at IS NULL AND run_at <= $1 AND (locked_until IS NULL OR \
                     locked_until <= $1) AND kind IN ({}) ORDER BY run_at, id LIMIT $3{skip}) \
                     RETURNING id, kind, payload, event_id, attempts",
                    crate::sql::placeholders(4, kinds.len())
                ),
                values,
            )
            .await
        })
        .await
    }

    /// Whether a job of one of these kinds waits to be done; asked before [`Store::claim_jobs`], which writes.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn has_due_jobs(&self, now: Instant, kinds: &[&str]) -> Result<bool, Error> {
        let mut values: Vec<sea_orm::Value> = vec![now.0.into()];
        values.extend(kinds.iter().map(|kind| (*kind).into()));
        let due = self
            .number(
                format!(
                    "SELECT COUNT(*) FROM (SELECT id FROM jobs WHERE done_at IS NULL AND dead_at IS NULL \
                     AND run_at <= $1 AND (locked_until IS NULL OR locked_until <= $1) AND kind IN ({}) LIMIT 1) due",
                    crate::sql::placeholders(2, kinds.len())
                ),
                values,
            )
            .await?;
        Ok(due > 0)
    }

    /// Marks jobs as done.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn finish_jobs(&self, now: Instant, ids: &[JobId]) -> Result<(), Error> {
        if ids.is_empty() {
            return Ok(());
        }
        self.write(&Act::system(now), async |tx| -> Result<(), Error> {
            let mut values: Vec<sea_orm::Value> = vec![now.0.into()];
            values.extend(ids.iter().map(|id| id.0.into()));
            tx.exec(
                format!(
                    "UPDATE jobs SET done_at = $1, locked_until = NULL, last_error = NULL WHERE id IN ({})",
                    crate::sql::placeholders(2, ids.len())
                ),
                values,
            )
            .await?;
            Ok(())
        })
        .await?;
        self.figures.jobs_done.add(ids.len() as u64);
        Ok(())
    }

    /// Puts a failed job back with a growing pause, or declares it dead.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn fail_job(
        &self,
        now: Instant,
        job: &Claimed,
        error: &str,
        permanent: bool,
    ) -> Result<(), Error> {
        let dead = permanent || job.attempts >= ATTEMPTS_MAX;
        let pause = pause_seconds(job.attempts, job.id);
        self.write(&Act::system(now), async |tx| -> Result<(), Error> {
            tx.exec(
                "UPDATE jobs SET last_error = $2, locked_until = NULL, run_at = $3, dead_at = $4 WHERE id = $1",
                [
                    job.id.into(),
                    error.chars().take(500).collect::<String>().into(),
                    now.plus_seconds(pause).0.into(),
                    dead.then_some(now.0).into(),
                ],
            )
            .await?;
            Ok(())
        })
        .await?;
        let outcome = if dead {
            &self.figures.jobs_died
        } else {
            &self.figures.jobs_put_back
        };
        outcome.add(1);
        Ok(())
    }

    /// Puts a job back that was not finished because its runner ends: the next one goes on with it at once.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn release_job(&self, now: Instant, job: &Claimed) -> Result<(), Error> {
        self.write(&Act::system(now), async |tx| -> Result<(), Error> {
            tx.exec(
                "UPDATE jobs SET locked_until = NULL WHERE id = $1 AND done_at IS NULL",
                [job.id.into()],
            )
            .await?;
            Ok(())
        })
        .await
    }

    /// Queues a rebuild of the whole index, for the process that holds the index lock. Queued again with the same
    /// `dedupe`, nothing happens.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn queue_reindex(&self, act: &Act, dedupe: &str) -> Result<(), Error> {
        self.write(act, async |tx| -> Result<(), Error> {
            let dedupe = format!("{REBUILD_INDEX}:{dedupe}");
            tx.job(REBUILD_INDEX, dedupe, None, &()).await
        })
        .await
    }

    /// Forgets jobs that were done before `before`. Dead ones stay for the administrator.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_jobs(&self, act: &Act, before: Instant) -> Result<u64, Error> {
        self.write(act, async |tx| -> Result<u64, Error> {
            tx.exec("DELETE FROM jobs WHERE done_at < $1", [before.0.into()])
                .await
        })
        .await
    }

    /// Jobs not done yet and not dead.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open_jobs(&self) -> Result<i64, Error> {
        self.number(
            "SELECT COUNT(*) FROM jobs WHERE done_at IS NULL AND dead_at IS NULL",
            [],
        )
        .await
    }
}

/// The kind of job that brings one offer's search document up to date.
pub const INDEX_OFFER: &str = "index_offer";
/// The kind of job that makes the whole index anew.
pub const REBUILD_INDEX: &str = "rebuild_index";

impl Tx {
    /// Queues the index work for offers whose appearance or availability changed in this deed.
    pub(crate) async fn offers_changed(&self, offers: &[Uuid]) -> Result<(), Error> {
        if offers.is_empty() {
            return Ok(());
        }
        self.pages_changed();
        // What was told of them no longer counts: the next change of stock is told anew.
        self.exec(
            format!(
                "DELETE FROM outlooks WHERE offer_id IN ({})",
                crate::sql::placeholders(1, offers.len())
            ),
            offers.iter().map(|id| sea_orm::Value::from(*id)),
        )
        .await?;
        // One job per deed and offer: a later change queues its own.
        let jobs: Vec<_> = offers
            .iter()
            .map(|offer| (format!("{INDEX_OFFER}:{offer}:{}", self.new_id()), offer))
            .collect();
        self.jobs(INDEX_OFFER, None, &jobs).await
    }

    /// As [`Tx::availability_changed`], for the offers that these lots are pooled in.
    pub(crate) async fn offers_of_lots_changed(&self, lots: &[LotId]) -> Result<(), Error> {
        #[derive(FromQueryResult)]
        struct Offer {
            offer_id: Uuid,
        }
        if lots.is_empty() {
            return Ok(());
        }
        let offers: Vec<Offer> = self
            .rows(
                format!(
                    "SELECT DISTINCT s.offer_id FROM supplies s JOIN lots l ON l.product_id = s.product_id \
                     WHERE s.withdrawn_at IS NULL AND l.id IN ({})",
                    crate::sql::placeholders(1, lots.len())
                ),
                lots.iter().map(|lot| Value::from(lot.0)),
            )
            .await?;
        let ids: Vec<Uuid> = offers.iter().map(|offer| offer.offer_id).collect();
        self.availability_changed(&ids).await
    }

    /// Queues the index work for a moment to come: a catalog opens or closes by time alone.
    pub(crate) async fn offers_change_at(&self, offers: &[Uuid], at: Instant) -> Result<(), Error> {
        let jobs: Vec<_> = offers
            .iter()
            .map(|offer| (format!("{INDEX_OFFER}:{offer}:at:{}", at.0), offer))
            .collect();
        self.jobs_at(INDEX_OFFER, None, at, &jobs).await
    }

    /// An order took stock or gave it back: its offers, and every other offer that draws on the same lots.
    pub(crate) async fn offers_of_order_changed(
        &self,
        order: domain::ids::OrderId,
    ) -> Result<(), Error> {
        #[derive(FromQueryResult)]
        struct Offer {
            offer_id: Uuid,
        }
        let offers: Vec<Offer> = self
            .rows(
                "SELECT DISTINCT s2.offer_id FROM shares s JOIN supplies s2 ON s2.product_id = s.product_id \
                 WHERE s.order_id = $1 AND s2.withdrawn_at IS NULL",
                [order.0.into()],
            )
            .await?;
        let offers: Vec<Uuid> = offers.into_iter().map(|row| row.offer_id).collect();
        self.availability_changed(&offers).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_grows_stays_bounded_and_differs_from_job_to_job() {
        let (early, late) = (Uuid::nil(), Uuid::max());
        for attempts in 1..ATTEMPTS_MAX {
            let (least, most) = (
                pause_seconds(attempts, early),
                pause_seconds(attempts, late),
            );
            assert!(least < most && most <= least + least / 4, "{least} {most}");
            assert!(pause_seconds(attempts + 1, early) >= least);
        }
        assert_eq!(pause_seconds(1, early), 10);
        assert!(pause_seconds(i32::MAX, late) < 2 * 3600);
        // All tries of a letter together take some hours: a mail server may be away for a working day's half.
        let all: i64 = (1..ATTEMPTS_MAX).map(|n| pause_seconds(n, early)).sum();
        assert!((3 * 3600..12 * 3600).contains(&all), "{all}");
    }
}
