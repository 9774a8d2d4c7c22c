//! Long lists from files: prepared part by part, then written as a whole. Between two parts the job can be stopped: by its
//! owner, or because the process ends; then the next process goes on where this one was.

use domain::time::Instant;
use store::Store;
use store::imports::{ImportError, TAKE_IMPORT};
use store::jobs::Claimed;
use tokio::sync::watch;

/// Brings in the list that waits longest, if any; answers how many were taken in hand.
///
/// # Errors
/// When the database fails. What fails inside a job is written down at that job.
pub(crate) async fn take(
    store: &Store,
    clock: &(dyn Fn() -> Instant + Send + Sync),
    stopping: &watch::Receiver<bool>,
) -> Result<usize, store::Error> {
    let now = clock();
    if !store.has_due_jobs(now, &[TAKE_IMPORT]).await? {
        return Ok(0);
    }
    let jobs = store.claim_jobs(now, &[TAKE_IMPORT], 1).await?;
    for job in &jobs {
        match bring(store, clock, job, stopping).await {
            Ok(true) => {
                let done = domain::ids::JobId(job.id);
                store.finish_jobs(clock(), &[done]).await?;
            }
            Ok(false) => store.release_job(clock(), job).await?,
            Err(error) => {
                tracing::warn!(job = %job.id, attempt = job.attempts, %error, "list not taken");
                let words = error.to_string();
                store.fail_job(clock(), job, &words, false).await?;
            }
        }
    }
    Ok(jobs.len())
}

/// Whether there is nothing left to do for this job.
async fn bring(
    store: &Store,
    clock: &(dyn Fn() -> Instant + Send + Sync),
    job: &Claimed,
    stopping: &watch::Receiver<bool>,
) -> Result<bool, ImportError> {
    let Some(mut taking) = store.begin_taking(clock(), job).await? else {
        return Ok(true);
    };
    while !taking.is_ready() {
        if *stopping.borrow() {
            return Ok(false);
        }
        if !store.prepare_part(clock(), &mut taking).await? {
            return Ok(true);
        }
    }
    store.finish_taking(clock(), &taking).await?;
    Ok(true)
}
