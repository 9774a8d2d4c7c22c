//! Heavy work takes turns: reading an uploaded table, writing one, making a paper, whatever holds a core for long
//! (CHECKLIST G06).
//!
//! Few at once, so that pages stay quick however many people ask; who waits too long is asked to come back. A turn is
//! taken before the database is asked for many rows. It promises nothing about who may ask how often: that is a counter
//! in the database ([`allow`]).

use std::{sync::Arc, time::Duration};

use actix_web::web;
use store::accounts::Tries;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{ctx::Ctx, error::Error};

/// Files made or read at the same time.
const AT_ONCE: usize = 2;
/// Those who wait longer than this are asked to come back.
const WAIT_SECONDS: u64 = 20;

#[derive(Clone)]
pub struct Turns {
    permits: Arc<Semaphore>,
}

impl Default for Turns {
    fn default() -> Self {
        Self {
            permits: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }
}

/// One's turn; over when it is dropped.
pub struct Turn {
    _permit: OwnedSemaphorePermit,
}

impl Turns {
    /// Waits for a turn.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when it takes too long.
    pub async fn take(&self) -> Result<Turn, Error> {
        let wait = Duration::from_secs(WAIT_SECONDS);
        let permit = tokio::time::timeout(wait, self.permits.clone().acquire_owned())
            .await
            .map_err(|_| Error::Unavailable("too many files at once".to_owned()))?
            .map_err(Error::broken)?;
        Ok(Turn { _permit: permit })
    }
}

impl Turn {
    /// Does the work on a thread that answers no requests.
    ///
    /// # Errors
    /// [`Error::Broken`] when it panics.
    pub async fn run<T: Send + 'static>(
        self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Error> {
        // The turn goes with the work: it lasts as long, also when nobody waits for the answer any more.
        web::block(move || {
            let done = work();
            drop(self);
            done
        })
        .await
        .map_err(Error::broken)
    }
}

/// Counts one try of an organisation, or refuses with the time to wait (CHECKLIST G05).
///
/// # Errors
/// [`Error::TooMany`].
pub(crate) async fn allow(
    ctx: &Ctx,
    bucket: &str,
    tries_max: i64,
    window_seconds: i64,
) -> Result<(), Error> {
    let tries = ctx
        .store()
        .count_try(&ctx.act(), bucket, tries_max, window_seconds)
        .await?;
    match tries {
        Tries::Allowed => Ok(()),
        Tries::Exhausted {
            retry_after_seconds,
        } => Err(Error::TooMany {
            retry_after_seconds,
        }),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[actix_web::test]
    async fn few_files_are_made_at_a_time_however_many_ask() {
        static NOW: AtomicUsize = AtomicUsize::new(0);
        static MOST: AtomicUsize = AtomicUsize::new(0);
        let turns = Turns::default();
        let work = (0..20).map(|_| async {
            let turn = turns.take().await?;
            turn.run(|| {
                MOST.fetch_max(NOW.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                std::thread::sleep(Duration::from_millis(2));
                NOW.fetch_sub(1, Ordering::SeqCst);
            })
            .await
        });
        let done = futures_util::future::join_all(work).await;
        assert!(done.iter().all(Result::is_ok));
        assert!((1..=AT_ONCE).contains(&MOST.load(Ordering::SeqCst)));
    }
}
