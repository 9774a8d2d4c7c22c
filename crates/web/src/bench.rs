//! Expensive work: papers and sheets are made off the async threads, one at a time, so that many who ask at once do not
//! take the pages of everybody else (CHECKLIST G06).

use std::sync::Arc;

use actix_web::web;
use tokio::sync::Semaphore;

use crate::error::Error;

/// Files made at the same time.
const AT_ONCE: usize = 1;
/// Those who wait longer than this are asked to come back (seconds).
const WAIT_SECONDS: u64 = 10;

/// Where one works and the others wait.
#[derive(Clone, Debug)]
pub struct Bench {
    permits: Arc<Semaphore>,
}

impl Default for Bench {
    fn default() -> Self {
        Self {
            permits: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }
}

impl Bench {
    /// Does the work when it is its turn.
    ///
    /// # Errors
    /// Its own, and [`Error::Unavailable`] when too many wait.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let wait = std::time::Duration::from_secs(WAIT_SECONDS);
        let permit = tokio::time::timeout(wait, self.permits.clone().acquire_owned())
            .await
            .map_err(|_| Error::Unavailable("too many files to make".to_owned()))?
            .map_err(Error::broken)?;
        web::block(move || {
            let done = work();
            drop(permit);
            done
        })
        .await
        .map_err(Error::broken)?
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[actix_web::test]
    async fn files_are_made_one_after_the_other_however_many_ask() {
        static NOW: AtomicUsize = AtomicUsize::new(0);
        static MOST: AtomicUsize = AtomicUsize::new(0);
        let bench = Bench::default();
        let work = (0..20).map(|_| {
            bench.run(|| {
                MOST.fetch_max(NOW.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                std::thread::sleep(std::time::Duration::from_millis(2));
                NOW.fetch_sub(1, Ordering::SeqCst);
                Ok(())
            })
        });
        let done = futures_util::future::join_all(work).await;
        assert!(done.iter().all(Result::is_ok));
        assert_eq!(MOST.load(Ordering::SeqCst), AT_ONCE);
    }
}
