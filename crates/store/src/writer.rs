//! SQLite's one writer: deeds that wait at the same time are committed together.
//!
//! A commit that survives a power cut waits for the disk, and it waits as long for one deed as for thirty. So the writer
//! opens a transaction, lends it to whoever is first in line, each inside a savepoint of its own, and commits when nobody
//! else waits. A deed runs where it was asked for, in its caller's task; only its answer waits for the commit. One that
//! is refused, dropped or panics is undone alone. Where the commit fails nothing of the batch has happened, and each of
//! its deeds is run again by itself, so that one that can't be committed fails alone.
//!
//! Start at [`Writer::turn`]; `Store::write` is the only caller.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use sea_orm::{
    DatabaseConnection, DatabaseTransaction, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};
use tokio::sync::{mpsc, oneshot};

use crate::error::Error;

/// Deeds in one commit at most.
const DEEDS_MAX: usize = 64;
/// A batch takes no further deed when it has been open this long: who was first waits for the last.
const OPEN_MAX: Duration = Duration::from_millis(250);
/// How long a deed waits while another process holds the database.
const PATIENCE: Duration = Duration::from_millis(4_800);
/// How long a deed stands in line behind others of this process.
const IN_LINE_MAX: Duration = Duration::from_secs(30);
/// How long SQLite itself waits at a time; the writer looks around in between.
pub(crate) const BUSY_SLICE: Duration = Duration::from_millis(200);

/// The line before the writer. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Writer {
    line: mpsc::UnboundedSender<Asked>,
    commits: Arc<AtomicU64>,
}

enum Asked {
    Turn(Waiting),
    /// Finish what waits, close the connection, say so.
    Stop(oneshot::Sender<()>),
}

/// A deed in line.
struct Waiting {
    since: Instant,
    alone: bool,
    give: oneshot::Sender<Result<Turn, Error>>,
}

/// The writer's connection, lent to one deed.
pub(crate) struct Turn {
    /// Dropped without an end, the deed never happened. First, so that it is undone before the writer hears of it.
    pub(crate) savepoint: DatabaseTransaction,
    pub(crate) ended: oneshot::Sender<Ended>,
    pub(crate) verdict: oneshot::Receiver<Verdict>,
}

/// How a deed ended.
pub(crate) enum Ended {
    Done,
    /// Refused, and nothing of it is left.
    Undone,
    /// The transaction around it is gone: SQLite gives it up when the disk is full.
    Lost(Error),
}

/// What became of the batch.
pub(crate) struct Verdict {
    pub(crate) outcome: Result<(), Error>,
    /// Other deeds were in it: a failure may be theirs.
    pub(crate) is_shared: bool,
}

impl Writer {
    /// Starts the writer on a thread of its own; it outlives whatever runtime opens the database. It ends when the last
    /// handle is dropped.
    pub(crate) async fn start(
        pool: impl AsyncFnOnce() -> Result<DatabaseConnection, Error> + Send + 'static,
    ) -> Result<Self, Error> {
        let (line, asked) = mpsc::unbounded_channel();
        let commits = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&commits);
        let (say, told) = oneshot::channel();
        thread::Builder::new()
            .name("lumbung-writer".to_owned())
            .spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build();
                let runtime = match runtime {
                    Ok(runtime) => runtime,
                    Err(error) => {
                        let _ = say.send(Err(Error::Unreachable(error.to_string())));
                        return;
                    }
                };
                runtime.block_on(async move {
                    match pool().await {
                        Ok(pool) => {
                            // Whoever asked may have given up meanwhile; then the line is closed too.
                            let _ = say.send(Ok(()));
                            work(&pool, asked, &counted).await;
                        }
                        Err(error) => {
                            let _ = say.send(Err(error));
                        }
                    }
                });
            })
            .map_err(|error| Error::Unreachable(error.to_string()))?;
        told.await.map_err(|_| gone())??;
        Ok(Self { line, commits })
    }

    /// The connection for one deed, when it is its turn.
    ///
    /// # Errors
    /// [`Error::Busy`] when another process holds the database, or a long deed its turn, longer than a person waits.
    pub(crate) async fn turn(&self, alone: bool) -> Result<Turn, Error> {
        let (give, given) = oneshot::channel();
        let waiting = Waiting {
            since: Instant::now(),
            alone,
            give,
        };
        self.line.send(Asked::Turn(waiting)).map_err(|_| gone())?;
        match tokio::time::timeout(IN_LINE_MAX, given).await {
            Ok(given) => given.map_err(|_| gone())?,
            Err(_) => Err(Error::Busy),
        }
    }

    /// Lets what waits finish and closes the connection.
    pub(crate) async fn close(&self) {
        tracing::debug!(commits = self.commits(), "the writer ends");
        let (say, told) = oneshot::channel();
        if self.line.send(Asked::Stop(say)).is_ok() {
            let _ = told.await;
        }
    }

    /// Commits so far.
    pub(crate) fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }
}

/// The writer's thread has ended.
pub(crate) fn gone() -> Error {
    Error::Unreachable("the database is closed".to_owned())
}

async fn work(
    pool: &DatabaseConnection,
    mut line: mpsc::UnboundedReceiver<Asked>,
    commits: &AtomicU64,
) {
    let mut next = None;
    let told = loop {
        let asked = match next.take() {
            Some(asked) => Some(asked),
            None => line.recv().await,
        };
        match asked {
            Some(Asked::Turn(first)) => next = batch(pool, first, &mut line, commits).await,
            Some(Asked::Stop(told)) => break Some(told),
            None => break None,
        }
    };
    // Nobody comes after: what is in line is told that the database is closed.
    line.close();
    while line.try_recv().is_ok() {}
    let _ = pool.close_by_ref().await;
    if let Some(told) = told {
        let _ = told.send(());
    }
}

/// Begins, when nobody else writes. `Err` is who comes next after `first`, and everybody who came as early, was told
/// that the database is busy.
async fn begin(
    pool: &DatabaseConnection,
    first: Waiting,
    line: &mut mpsc::UnboundedReceiver<Asked>,
) -> Result<(DatabaseTransaction, Waiting), Option<Asked>> {
    loop {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        let error = match pool.begin_with_options(options).await {
            Ok(whole) => return Ok((whole, first)),
            Err(error) => Error::from(error),
        };
        if first.give.is_closed() {
            return Err(None);
        }
        if !matches!(error, Error::Busy) {
            let _ = first.give.send(Err(error));
            return Err(None);
        }
        if first.since.elapsed() < PATIENCE {
            continue;
        }
        let _ = first.give.send(Err(Error::Busy));
        loop {
            match line.try_recv() {
                Ok(Asked::Turn(late)) if late.since.elapsed() >= PATIENCE => {
                    let _ = late.give.send(Err(Error::Busy));
                }
                Ok(asked) => return Err(Some(asked)),
                Err(_) => return Err(None),
            }
        }
    }
}

/// Runs one batch; answers who came while it closed and has to wait for the next.
async fn batch(
    pool: &DatabaseConnection,
    first: Waiting,
    line: &mut mpsc::UnboundedReceiver<Asked>,
    commits: &AtomicU64,
) -> Option<Asked> {
    let (whole, first) = match begin(pool, first, line).await {
        Ok(begun) => begun,
        Err(next) => return next,
    };
    let opened = Instant::now();
    let mut told = Vec::new();
    let mut next = None;
    let mut changed = false;
    let mut lost = None;
    let mut coming = Some(first);
    while let Some(waiting) = coming.take() {
        let mut is_last = waiting.alone;
        match lend(&whole, waiting).await {
            Lent::Ended(Ended::Done, tell) => {
                changed = true;
                told.push(tell);
            }
            Lent::Ended(Ended::Undone, tell) => told.push(tell),
            Lent::Ended(Ended::Lost(error), tell) => {
                told.push(tell);
                lost = Some(error);
            }
            Lent::Failed(error) => lost = Some(error),
            Lent::Left => {}
            // Its savepoint is undone, as far as one can see from here; the commit will tell.
            Lent::Dropped => {
                changed = true;
                is_last = true;
            }
        }
        let is_full = told.len() >= DEEDS_MAX || opened.elapsed() >= OPEN_MAX;
        if is_last || is_full || lost.is_some() {
            break;
        }
        match line.try_recv() {
            Ok(Asked::Turn(waiting)) if !waiting.alone => coming = Some(waiting),
            Ok(asked) => next = Some(asked),
            Err(_) => {}
        }
    }
    let outcome = match lost {
        // What is left of the transaction goes with it.
        Some(error) => {
            drop(whole);
            Err(error)
        }
        None if changed => {
            commits.fetch_add(1, Ordering::Relaxed);
            whole.commit().await.map_err(Error::from)
        }
        None => {
            let _ = whole.rollback().await;
            Ok(())
        }
    };
    if let Err(error) = &outcome {
        tracing::warn!(%error, deeds = told.len(), "a batch of deeds was not committed");
    }
    let is_shared = told.len() > 1;
    for tell in told {
        // Who left meanwhile doesn't hear it.
        let _ = tell.send(Verdict {
            outcome: outcome.clone(),
            is_shared,
        });
    }
    next
}

/// What a deed made of its turn.
enum Lent {
    Ended(Ended, oneshot::Sender<Verdict>),
    /// The caller left before its turn.
    Left,
    /// The caller left within its turn, or panicked.
    Dropped,
    /// No savepoint could be made.
    Failed(Error),
}

async fn lend(whole: &DatabaseTransaction, waiting: Waiting) -> Lent {
    if waiting.give.is_closed() {
        return Lent::Left;
    }
    let savepoint = match whole.begin().await {
        Ok(savepoint) => savepoint,
        Err(error) => {
            let error = Error::from(error);
            let _ = waiting.give.send(Err(error.clone()));
            return Lent::Failed(error);
        }
    };
    let (ended, end) = oneshot::channel();
    let (tell, verdict) = oneshot::channel();
    let turn = Turn {
        savepoint,
        ended,
        verdict,
    };
    // A caller that left meanwhile gives it back by dropping it.
    let _ = waiting.give.send(Ok(turn));
    match end.await {
        Ok(ended) => Lent::Ended(ended, tell),
        Err(_) => Lent::Dropped,
    }
}
