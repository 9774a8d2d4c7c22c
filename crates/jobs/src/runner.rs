//! The loop: claim, do, mark as done or failed; sweep every few seconds.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use domain::ids::{JobId, OfferId};
use domain::photos::FileHash;
use domain::time::{Instant, Zone};
use mail::{SendError, Transport};
use media::Media;
use search::{Progress, Search};
use store::accounts::{RESET_JOB, ResetAsked};
use store::jobs::{Claimed, INDEX_OFFER, REBUILD_INDEX};
use store::letters::{JOB as LETTER, LetterJob};
use store::photos::{FORGET_FILE, UnusedFile};
use store::tokens::{self, Purpose};
use store::{Act, Store};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use crate::index;
use crate::letters;
use crate::lists;

/// Jobs claimed at a time.
const BATCH: i64 = 50;
/// Letters claimed, and sent, at a time: with a mail server that hangs, all of them are answered for within the lease.
const LETTERS: i64 = 8;
/// Pause between two looks at an empty outbox.
const PAUSE: Duration = Duration::from_millis(500);
/// Pause between two sweeps.
const SWEEP_SECONDS: i64 = 5;
/// Offers between two lines of the log while the index is made anew.
const PROGRESS_EVERY: u64 = 10_000;
/// Finished jobs are kept this long, for whoever asks where a letter went.
const KEEP_DAYS: i64 = 30;
/// The security log holds addresses of people: it is kept for a year. So are notices, read or not.
const KEEP_SECURITY_DAYS: i64 = 365;
/// A photo that was sent with a form waits this long for the goods it was meant for.
const KEEP_STAGED_DAYS: i64 = 7;

type Clock = Arc<dyn Fn() -> Instant + Send + Sync>;

/// Does the jobs of one process. Cheap to clone.
#[derive(Clone)]
pub struct Runner {
    store: Store,
    search: Option<Search>,
    mail: Transport,
    media: Option<Media>,
    base_url: String,
    secret: Arc<[u8]>,
    clock: Clock,
}

impl Runner {
    /// `base_url` begins the links in letters; `clock` is asked once a round.
    pub fn new(
        store: Store,
        search: impl Into<Option<Search>>,
        mail: Transport,
        base_url: impl Into<String>,
        clock: impl Fn() -> Instant + Send + Sync + 'static,
    ) -> Self {
        Self {
            store,
            search: search.into(),
            mail,
            media: None,
            base_url: base_url.into(),
            secret: Arc::default(),
            clock: Arc::new(clock),
        }
    }

    /// The installation's secret, from which the one-time links in letters are made; the same as the pages have.
    #[must_use]
    pub fn with_secret(mut self, secret: &[u8]) -> Self {
        self.secret = secret.into();
        self
    }

    /// Where files lie, for the work of taking unused ones away.
    #[must_use]
    pub fn with_media(mut self, media: Media) -> Self {
        self.media = Some(media);
        self
    }

    /// Does everything that is due at `now`: timed work, an index that was lost, then jobs until none is left. Answers how many jobs were
    /// taken, done or not.
    ///
    /// # Errors
    /// When the database fails. What fails inside a job is written down at that job.
    pub async fn run_once(&self, now: Instant) -> Result<usize, store::Error> {
        self.store.sweep(now).await?;
        self.mend(now).await;
        self.drain(now).await
    }

    /// Works until `until` is ready, then finishes the batch in hand and returns. A database that is away is waited for.
    ///
    /// Letters have a loop of their own: a mail server that hangs holds up no index work and no deadline. So have long
    /// lists, which take their time.
    pub async fn run(&self, until: impl Future<Output = ()>) {
        let (stop, stopping) = watch::channel(false);
        let waiting = async {
            until.await;
            // Nobody listens any more when both loops have ended by themselves, which they don't.
            let _ = stop.send(true);
        };
        tokio::join!(
            waiting,
            self.post(stopping.clone()),
            self.bring(stopping.clone()),
            self.tick(stopping)
        );
    }

    /// Sends letters.
    async fn post(&self, mut stopping: watch::Receiver<bool>) {
        loop {
            let done = self.letters((self.clock)()).await.unwrap_or_else(|error| {
                tracing::warn!(%error, "letters not taken");
                0
            });
            if rest(done, &mut stopping).await {
                return;
            }
        }
    }

    /// Brings in long lists.
    async fn bring(&self, mut stopping: watch::Receiver<bool>) {
        loop {
            let done = lists::take(&self.store, &*self.clock, &stopping).await;
            let done = done.unwrap_or_else(|error| {
                tracing::warn!(%error, "lists not taken");
                0
            });
            if rest(done, &mut stopping).await {
                return;
            }
        }
    }

    /// Everything else: what time brings about, and the index.
    async fn tick(&self, mut stopping: watch::Receiver<bool>) {
        let mut swept = None;
        let mut tended = None;
        let mut mending: Option<JoinHandle<bool>> = None;
        loop {
            let now = (self.clock)();
            if swept.is_none_or(|at: Instant| now >= at.plus_seconds(SWEEP_SECONDS) || now < at) {
                swept = Some(now);
                if let Err(error) = self.store.sweep(now).await {
                    tracing::warn!(%error, "sweep failed");
                }
            }
            let today = Zone::Wib.day_of(now);
            if tended != Some(today) {
                match self.tend(now).await {
                    Ok(()) => tended = Some(today),
                    Err(error) => tracing::warn!(%error, "daily work failed"),
                }
            }
            // Beside the other work: letters don't wait for an index of a hundred thousand offers.
            let idle = mending.as_ref().is_none_or(JoinHandle::is_finished);
            if idle && swept == Some(now) && self.search.as_ref().is_some_and(Search::needs_rebuild)
            {
                let runner = self.clone();
                mending = Some(tokio::spawn(async move { runner.mend(now).await }));
            }
            let done = self.work(now).await.unwrap_or_else(|error| {
                tracing::warn!(%error, "jobs not taken");
                0
            });
            if rest(done, &mut stopping).await {
                return;
            }
        }
    }

    /// Once a day: lots became ready or spoiled and permits lapsed overnight, so the index is made anew; old jobs go, and
    /// what is not needed any more.
    async fn tend(&self, now: Instant) -> Result<(), store::Error> {
        let act = Act::system(now);
        let today = Zone::Wib.day_of(now);
        self.store.queue_reindex(&act, &today.iso()).await?;
        self.store
            .forget_jobs(&act, now.plus_days(-KEEP_DAYS))
            .await?;
        self.store
            .forget_security(&act, now.plus_days(-KEEP_SECURITY_DAYS))
            .await?;
        self.store
            .forget_notices(&act, now.plus_days(-KEEP_SECURITY_DAYS))
            .await?;
        self.store
            .forget_staged_photos(&act, now.plus_days(-KEEP_STAGED_DAYS))
            .await?;
        Ok(())
    }

    /// An index that was lost or damaged is made anew at once; answers whether there is nothing more to mend.
    async fn mend(&self, now: Instant) -> bool {
        let Some(search) = &self.search else {
            return true;
        };
        if !search.needs_rebuild() {
            return true;
        }
        if !can_write(search).await {
            // Another process does the index work; should it end, its lock comes to us.
            return false;
        }
        let mut told = 0;
        let progress = move |progress: Progress| {
            if progress.done >= told + PROGRESS_EVERY {
                told = progress.done;
                tracing::info!(offers = told, "the index is being made anew");
            }
        };
        match index::rebuild_index(&self.store, search, now, progress).await {
            Ok(offers) => {
                tracing::info!(offers, "the index was made anew");
                true
            }
            Err(error) => {
                tracing::warn!(%error, "the index could not be made anew");
                false
            }
        }
    }

    async fn drain(&self, now: Instant) -> Result<usize, store::Error> {
        let (_stop, stopping) = watch::channel(false);
        let mut taken = 0;
        loop {
            let lists = lists::take(&self.store, &|| now, &stopping).await?;
            let batch = lists + self.letters(now).await? + self.work(now).await?;
            if batch == 0 {
                return Ok(taken);
            }
            taken += batch;
        }
    }

    /// Every kind of job but letters.
    async fn work(&self, now: Instant) -> Result<usize, store::Error> {
        Ok(self.resets(now).await? + self.files(now).await? + self.index_work(now).await?)
    }

    /// Files that no photo names any more are taken away.
    async fn files(&self, now: Instant) -> Result<usize, store::Error> {
        let Some(media) = &self.media else {
            return Ok(0);
        };
        if !self.store.has_due_jobs(now, &[FORGET_FILE]).await? {
            return Ok(0);
        }
        let jobs = self.store.claim_jobs(now, &[FORGET_FILE], BATCH).await?;
        let mut done = Vec::with_capacity(jobs.len());
        for job in &jobs {
            match self.forget_file(media, job).await {
                Ok(()) => done.push(JobId(job.id)),
                Err(fault) => {
                    self.store
                        .fail_job(now, job, &fault.words, fault.is_permanent)
                        .await?;
                }
            }
        }
        self.store.finish_jobs(now, &done).await?;
        Ok(jobs.len())
    }

    /// Asked again before it goes: another photo may have come to the same file meanwhile.
    async fn forget_file(&self, media: &Media, job: &Claimed) -> Result<(), Fault> {
        let unused: UnusedFile = serde_json::from_str(&job.payload).map_err(Fault::permanent)?;
        let hash: FileHash = unused.hash.parse().map_err(Fault::permanent)?;
        let kept = self.store.is_file_kept(&hash).await;
        if kept.map_err(Fault::passing)? {
            return Ok(());
        }
        if media.forget(&hash).await.map_err(Fault::passing)? {
            Ok(())
        } else {
            Err(Fault::passing("the file was kept again just now"))
        }
    }

    /// Forgotten passwords: a link to whoever has the name that was typed, if anybody does.
    async fn resets(&self, now: Instant) -> Result<usize, store::Error> {
        if !self.store.has_due_jobs(now, &[RESET_JOB]).await? {
            return Ok(0);
        }
        let jobs = self.store.claim_jobs(now, &[RESET_JOB], BATCH).await?;
        for job in &jobs {
            let outcome = match serde_json::from_str::<ResetAsked>(&job.payload) {
                Ok(asked) => {
                    let token = tokens::derive(&self.secret, Purpose::Reset, &asked.seed);
                    let hash = tokens::hash(&token);
                    let answered = self.store.answer_reset(now, JobId(job.id), &asked, &hash);
                    answered.await.map_err(Fault::passing)
                }
                Err(error) => Err(Fault::permanent(error)),
            };
            if let Err(fault) = outcome {
                tracing::warn!(job = %job.id, error = %fault.words, "forgotten password not answered");
                self.store
                    .fail_job(now, job, &fault.words, fault.is_permanent)
                    .await?;
            }
        }
        Ok(jobs.len())
    }

    async fn letters(&self, now: Instant) -> Result<usize, store::Error> {
        if !self.store.has_due_jobs(now, &[LETTER]).await? {
            return Ok(0);
        }
        let jobs = self.store.claim_jobs(now, &[LETTER], LETTERS).await?;
        let taken = jobs.len();
        let mut sending = JoinSet::new();
        for job in jobs {
            let runner = self.clone();
            sending.spawn(async move {
                let outcome = runner.letter(&job).await;
                (job, outcome)
            });
        }
        let mut sent = Vec::with_capacity(taken);
        let mut failed = Vec::new();
        while let Some(outcome) = sending.join_next().await {
            match outcome {
                Ok((job, Ok(()))) => sent.push(JobId(job.id)),
                Ok((job, Err(fault))) => failed.push((job, fault)),
                // The lease runs out and the letter comes back.
                Err(error) => tracing::error!(%error, "a letter broke its sender"),
            }
        }
        self.store.finish_jobs(now, &sent).await?;
        for (job, fault) in failed {
            tracing::warn!(job = %job.id, attempt = job.attempts, error = %fault.words, "letter not sent");
            self.store
                .fail_job(now, &job, &fault.words, fault.is_permanent)
                .await?;
        }
        Ok(taken)
    }

    /// Sends a letter. Nothing is left to do for people without an address and for rows that are gone.
    async fn letter(&self, job: &Claimed) -> Result<(), Fault> {
        let wanted: LetterJob = serde_json::from_str(&job.payload).map_err(Fault::permanent)?;
        let event = job.event_id.map(Into::into);
        let facts = self
            .store
            .letter_facts(&wanted, event)
            .await
            .map_err(Fault::passing)?;
        let Some(facts) = facts else {
            return Ok(());
        };
        let site = letters::Site {
            base_url: &self.base_url,
            secret: &self.secret,
        };
        let letter = letters::compose(site, &job.id.to_string(), &wanted, &facts)
            .map_err(Fault::permanent)?;
        let Some(letter) = letter else {
            return Ok(());
        };
        self.mail.send(&letter).await.map_err(|error| match error {
            SendError::Permanent(_) => Fault::permanent(error),
            SendError::Retry(_) => Fault::passing(error),
        })
    }

    /// Brings the index up to date, if that is this process's work.
    async fn index_work(&self, now: Instant) -> Result<usize, store::Error> {
        const KINDS: &[&str] = &[INDEX_OFFER, REBUILD_INDEX];
        let Some(search) = &self.search else {
            return Ok(0);
        };
        if !self.store.has_due_jobs(now, KINDS).await? || !can_write(search).await {
            return Ok(0);
        }
        let jobs = self.store.claim_jobs(now, KINDS, BATCH).await?;
        if jobs.is_empty() {
            return Ok(0);
        }
        let outcome = if jobs.iter().any(|job| job.kind == REBUILD_INDEX) {
            // Whatever single offers wait for is in the new index too.
            index::rebuild_index(&self.store, search, now, |_| ())
                .await
                .map(|_| ())
        } else {
            let offers: Vec<OfferId> = jobs
                .iter()
                .filter_map(|job| serde_json::from_str(&job.payload).ok())
                .collect();
            index::refresh(&self.store, search, now, offers).await
        };
        match outcome {
            Ok(()) => {
                let ids: Vec<JobId> = jobs.iter().map(|job| JobId(job.id)).collect();
                self.store.finish_jobs(now, &ids).await?;
            }
            Err(error) => {
                tracing::warn!(%error, "index work failed");
                for job in &jobs {
                    self.store
                        .fail_job(now, job, &error.to_string(), false)
                        .await?;
                }
            }
        }
        Ok(jobs.len())
    }
}

/// Waits a little when there was nothing to do; answers whether to stop.
async fn rest(done: usize, stopping: &mut watch::Receiver<bool>) -> bool {
    let pause = if done > 0 { Duration::ZERO } else { PAUSE };
    tokio::select! {
        biased;
        _ = stopping.wait_for(|stop| *stop) => true,
        () = tokio::time::sleep(pause) => false,
    }
}

async fn can_write(search: &Search) -> bool {
    let search = search.clone();
    tokio::task::spawn_blocking(move || search.can_write())
        .await
        .unwrap_or(false)
}

/// Why a job could not be done, and whether another try can help.
struct Fault {
    words: String,
    is_permanent: bool,
}

impl Fault {
    fn permanent(error: impl std::fmt::Display) -> Self {
        Self {
            words: error.to_string(),
            is_permanent: true,
        }
    }

    fn passing(error: impl std::fmt::Display) -> Self {
        Self {
            words: error.to_string(),
            is_permanent: false,
        }
    }
}
