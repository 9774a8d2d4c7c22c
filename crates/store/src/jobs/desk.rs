//! The outbox as the administrator sees it: what waits, what failed for good, and trying once more or giving up.

use domain::ids::JobId;
use domain::time::Instant;
use sea_orm::FromQueryResult;
use serde_json::json;
use uuid::Uuid;

use super::{INDEX_OFFER, REBUILD_INDEX};
use crate::act::Act;
use crate::error::Error;
use crate::events::Event;
use crate::letters::LetterJob;
use crate::sql::Sql;
use crate::write::{Store, Tx, rerun_by_store};

/// Dead jobs on one page.
pub const DEAD_ROWS: i64 = 50;

/// How the jobs of one kind stand.
#[derive(Clone, Debug, FromQueryResult)]
pub struct JobsOfKind {
    pub kind: String,
    /// Due and not done, those that failed before included.
    pub waiting: i64,
    /// Set for a later moment, such as the closing of a catalog.
    pub planned: i64,
    /// Of those, how many failed at least once.
    pub retrying: i64,
    pub dead: i64,
    /// When the one that waits longest was due, epoch microseconds.
    pub oldest_at: Option<i64>,
}

/// A job that will not be tried again by itself.
#[derive(Clone, Debug, FromQueryResult)]
pub struct DeadJob {
    pub id: Uuid,
    pub kind: String,
    payload: String,
    pub attempts: i32,
    pub last_error: Option<String>,
    pub dead_at: i64,
    pub created_at: i64,
    /// Whom the letter is for.
    #[sea_orm(skip)]
    pub person: Option<String>,
}

/// Why nothing was done about a dead job.
#[derive(Debug, thiserror::Error)]
pub enum DeadJobError {
    #[error("no such job")]
    NotFound,
    /// Somebody else has seen to it.
    #[error("the job is not dead any more")]
    NotDead,
    #[error(transparent)]
    Store(#[from] Error),
}

rerun_by_store!(DeadJobError);

impl DeadJob {
    /// The letter's name, where the job is one.
    #[must_use]
    pub fn letter(&self) -> Option<String> {
        Some(
            serde_json::from_str::<LetterJob>(&self.payload)
                .ok()?
                .letter,
        )
    }

    fn person_id(&self) -> Option<Uuid> {
        Some(
            serde_json::from_str::<LetterJob>(&self.payload)
                .ok()?
                .person
                .0,
        )
    }
}

impl Store {
    /// What is open of each kind.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn jobs_by_kind(&self, now: Instant) -> Result<Vec<JobsOfKind>, Error> {
        let due = "dead_at IS NULL AND (run_at <= $1 OR attempts > 0)";
        self.rows(
            format!(
                "SELECT kind, SUM(CASE WHEN {due} THEN 1 ELSE 0 END) AS waiting, \
                 SUM(CASE WHEN dead_at IS NULL AND run_at > $1 AND attempts = 0 THEN 1 ELSE 0 END) AS planned, \
                 SUM(CASE WHEN dead_at IS NULL AND attempts > 0 THEN 1 ELSE 0 END) AS retrying, \
                 SUM(CASE WHEN dead_at IS NULL THEN 0 ELSE 1 END) AS dead, \
                 MIN(CASE WHEN {due} THEN CASE WHEN attempts > 0 THEN created_at ELSE run_at END END) AS oldest_at \
                 FROM jobs WHERE done_at IS NULL GROUP BY kind ORDER BY kind"
            ),
            [now.0.into()],
        )
        .await
    }

    /// The error that was written down last, of jobs still open, and its job's kind.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn last_job_error(&self) -> Result<Option<(String, String)>, Error> {
        #[derive(FromQueryResult)]
        struct Row {
            kind: String,
            last_error: String,
        }
        let row: Option<Row> = self
            .row(
                "SELECT kind, last_error FROM jobs WHERE done_at IS NULL AND last_error IS NOT NULL \
                 ORDER BY COALESCE(dead_at, run_at) DESC LIMIT 1",
                [],
            )
            .await?;
        Ok(row.map(|row| (row.kind, row.last_error)))
    }

    /// How many jobs are dead and not given up.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn dead_jobs_waiting(&self) -> Result<i64, Error> {
        self.number(
            "SELECT COUNT(*) FROM jobs WHERE dead_at IS NOT NULL AND done_at IS NULL",
            [],
        )
        .await
    }

    /// A page of dead jobs, the latest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn dead_jobs(&self, page: i64) -> Result<Vec<DeadJob>, Error> {
        let mut jobs: Vec<DeadJob> = self
            .rows(
                "SELECT id, kind, payload, attempts, last_error, dead_at, created_at FROM jobs \
                 WHERE dead_at IS NOT NULL AND done_at IS NULL ORDER BY dead_at DESC, id LIMIT $1 OFFSET $2",
                [
                    DEAD_ROWS.into(),
                    ((page.max(1) - 1).saturating_mul(DEAD_ROWS)).into(),
                ],
            )
            .await?;
        let people: Vec<Uuid> = jobs.iter().filter_map(DeadJob::person_id).collect();
        let names = crate::people::names(self, &people).await?;
        for job in &mut jobs {
            job.person = job.person_id().and_then(|id| names.get(&id).cloned());
        }
        Ok(jobs)
    }

    /// Tries a dead job again from the beginning, with the same id and so the same Message-ID.
    ///
    /// # Errors
    /// [`DeadJobError`].
    pub async fn retry_dead_job(&self, act: &Act, job: JobId) -> Result<(), DeadJobError> {
        self.write(act, async |tx| -> Result<(), DeadJobError> {
            let set = "dead_at = NULL, attempts = 0, locked_until = NULL, run_at = $2";
            tx.see_to_dead_job(job, set, "job_retried").await
        })
        .await
    }

    /// Gives a dead job up: it leaves the list and is forgotten with the finished ones.
    ///
    /// # Errors
    /// [`DeadJobError`].
    pub async fn discard_dead_job(&self, act: &Act, job: JobId) -> Result<(), DeadJobError> {
        self.write(act, async |tx| -> Result<(), DeadJobError> {
            tx.see_to_dead_job(job, "done_at = $2", "job_discarded")
                .await
        })
        .await
    }

    /// Tries all dead letters again, once the mail server works: answers how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn retry_dead_letters(&self, act: &Act) -> Result<u64, Error> {
        self.write(act, async |tx| -> Result<u64, Error> {
            let retried = tx
                .exec(
                    "UPDATE jobs SET dead_at = NULL, attempts = 0, locked_until = NULL, run_at = $1 \
                     WHERE dead_at IS NOT NULL AND done_at IS NULL AND kind = $2",
                    [tx.now().0.into(), crate::letters::JOB.into()],
                )
                .await?;
            if retried > 0 {
                tx.event(Event {
                    subject_kind: "job",
                    subject_id: tx.new_id(),
                    kind: "letters_retried",
                    data: Some(json!({ "letters": retried }).to_string()),
                    ..Event::default()
                })
                .await?;
            }
            Ok(retried)
        })
        .await
    }

    /// Queues a rebuild of the index because somebody asked for it. One that waits already is enough.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn ask_reindex(&self, act: &Act) -> Result<(), Error> {
        self.write(act, async |tx| -> Result<(), Error> {
            let waiting = tx
                .number(
                    "SELECT COUNT(*) FROM jobs WHERE kind = $1 AND done_at IS NULL AND dead_at IS NULL",
                    [REBUILD_INDEX.into()],
                )
                .await?;
            if waiting > 0 {
                return Ok(());
            }
            let event = tx
                .event(Event {
                    subject_kind: "job",
                    subject_id: tx.new_id(),
                    kind: "reindex_asked",
                    ..Event::default()
                })
                .await?;
            let dedupe = format!("{REBUILD_INDEX}:{event}");
            tx.job(REBUILD_INDEX, dedupe, Some(event), &()).await
        })
        .await
    }

    /// Whether a rebuild of the index is queued or being done, and how many single offers wait for theirs.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn index_backlog(&self, now: Instant) -> Result<(bool, i64), Error> {
        let open = "SELECT COUNT(*) FROM jobs WHERE kind = $1 AND done_at IS NULL AND dead_at IS NULL \
                    AND (run_at <= $2 OR attempts > 0)";
        let count = async |kind: &str| self.number(open, [kind.into(), now.0.into()]).await;
        let rebuilds = count(REBUILD_INDEX).await?;
        let offers = count(INDEX_OFFER).await?;
        Ok((rebuilds > 0, offers))
    }

    /// When a job was last done, whatever its kind.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn last_job_done(&self) -> Result<Option<Instant>, Error> {
        let at = self
            .number(
                "SELECT MAX(done_at) FROM jobs WHERE done_at IS NOT NULL",
                [],
            )
            .await?;
        Ok((at > 0).then_some(Instant(at)))
    }
}

impl Tx {
    /// One guarded change of a dead job, with its event.
    async fn see_to_dead_job(
        &self,
        job: JobId,
        set: &str,
        event: &str,
    ) -> Result<(), DeadJobError> {
        #[derive(FromQueryResult)]
        struct Row {
            kind: String,
            payload: String,
            last_error: Option<String>,
        }
        let row: Row = self
            .row(
                format!(
                    "SELECT kind, payload, last_error FROM jobs WHERE id = $1{}",
                    self.for_update()
                ),
                [job.0.into()],
            )
            .await?
            .ok_or(DeadJobError::NotFound)?;
        let changed = self
            .exec(
                format!(
                    "UPDATE jobs SET {set} WHERE id = $1 AND dead_at IS NOT NULL AND done_at IS NULL"
                ),
                [job.0.into(), self.now().0.into()],
            )
            .await?;
        if changed != 1 {
            return Err(DeadJobError::NotDead);
        }
        let letter = serde_json::from_str::<LetterJob>(&row.payload).ok();
        let data = json!({
            "job": row.kind,
            "letter": letter.as_ref().map(|letter| &letter.letter),
            "person": letter.as_ref().map(|letter| letter.person),
            "error": row.last_error,
        });
        self.event(Event {
            subject_kind: "job",
            subject_id: job.0,
            kind: event,
            data: Some(data.to_string()),
            ..Event::default()
        })
        .await?;
        Ok(())
    }
}
