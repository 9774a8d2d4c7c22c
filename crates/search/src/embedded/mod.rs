//! The index inside this process: tantivy, in files.
//!
//! Here: opening, the right to write, changes and the rebuild. `files` knows the folder, `schema` the form of the
//! index, `answer` how a query is answered (with `compile`, `leaf`, `any`, `table`, `gate`, `collect`).

mod answer;
mod any;
mod collect;
mod compile;
mod files;
mod gate;
mod leaf;
mod rebuild;
mod schema;
mod table;

use std::{
    fs::{self, File},
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use domain::ids::OfferId;
use tantivy::IndexWriter;
use uuid::Uuid;

use crate::{Config, Health, OfferDocument, Opened, Query, Results, Search, SearchError};
use files::Generation;
use schema::column;

/// Memory of the writer while the site runs; the least that tantivy takes.
const WRITER_BYTES: usize = 15_000_000;
/// A process that doesn't write looks for what another has written this often.
const FOLLOW_EVERY: Duration = Duration::from_millis(500);

/// A handle to the index in a folder.
pub struct Embedded {
    dir: PathBuf,
    /// The index lock, while this process has it.
    lock: Mutex<Option<File>>,
    writes: AtomicBool,
    current: RwLock<Option<Arc<Generation>>>,
    desk: Mutex<Desk>,
    /// Documents written by the running rebuild.
    rebuilding: Mutex<Option<u64>>,
    followed_at: Mutex<Option<Instant>>,
}

/// What only one thread at a time may touch.
#[derive(Default)]
struct Desk {
    /// Made at the first change: a process that only reads needs none.
    writer: Option<IndexWriter>,
    /// Changes since a rebuild began, for the index that is being built.
    journal: Option<Vec<Change>>,
}

#[derive(Clone)]
enum Change {
    Put(Box<OfferDocument>),
    Remove(OfferId),
}

/// A panic elsewhere must not stop the search for good: what these locks guard is sound between any two lines.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Embedded {
    pub(crate) fn open(config: Config) -> Result<Opened, SearchError> {
        fs::create_dir_all(&config.dir)?;
        let lock = files::try_lock(&config.dir)?;
        let index = Self {
            dir: config.dir,
            writes: AtomicBool::new(lock.is_some()),
            lock: Mutex::new(lock),
            current: RwLock::new(None),
            desk: Mutex::default(),
            rebuilding: Mutex::default(),
            followed_at: Mutex::default(),
        };
        let fresh = if index.writes.load(Ordering::Relaxed) {
            index.start()?
        } else {
            index.follow();
            false
        };
        Ok(Opened {
            search: Search::Embedded(Arc::new(index)),
            fresh,
        })
    }

    /// Puts the index in use that is there, or an empty one. True when it must be rebuilt.
    fn start(&self) -> Result<bool, SearchError> {
        let existing = match files::current(&self.dir) {
            Some(number) => Generation::open(&self.dir, number)
                .inspect_err(|error| tracing::warn!(%error, "the index is made anew"))
                .ok(),
            None => None,
        };
        let generation = match existing {
            Some(generation) => generation,
            None => {
                let generation = Generation::create(&self.dir, files::next_number(&self.dir))?;
                files::set_current(&self.dir, generation.number)?;
                generation
            }
        };
        files::remove_others(&self.dir, generation.number);
        let fresh = !generation.is_whole();
        let generation = Arc::new(generation);
        if generation.bytes() > files::CHECKED_AT_OPENING_BYTES {
            let checked = Arc::clone(&generation);
            std::thread::spawn(move || {
                if !checked.is_sound() {
                    tracing::error!("the index is damaged and must be rebuilt");
                }
            });
        }
        self.put_in_use(generation);
        Ok(fresh)
    }

    fn put_in_use(&self, generation: Arc<Generation>) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Some(generation);
    }

    pub(crate) fn can_write(&self) -> bool {
        let mut lock = locked(&self.lock);
        if lock.is_some() {
            return true;
        }
        match files::try_lock(&self.dir) {
            Ok(Some(file)) => {
                if let Err(error) = self.start() {
                    tracing::error!(%error, "the index work can't be taken over");
                    return false;
                }
                *lock = Some(file);
                self.writes.store(true, Ordering::Relaxed);
                true
            }
            Ok(None) => false,
            Err(error) => {
                tracing::error!(%error, "the index lock can't be asked for");
                false
            }
        }
    }

    /// The generation in use; one that another process writes is read afresh every now and then.
    fn generation(&self) -> Result<Arc<Generation>, SearchError> {
        if !self.writes.load(Ordering::Relaxed) {
            self.follow();
        }
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        current
            .clone()
            .ok_or_else(|| SearchError::Damaged("there is no index yet".to_owned()))
    }

    fn sound_generation(&self) -> Result<Arc<Generation>, SearchError> {
        let generation = self.generation()?;
        if generation.is_damaged() {
            return Err(SearchError::Damaged("checksums differ".to_owned()));
        }
        Ok(generation)
    }

    fn follow(&self) {
        let mut followed_at = locked(&self.followed_at);
        if followed_at.is_some_and(|at| at.elapsed() < FOLLOW_EVERY) {
            return;
        }
        *followed_at = Some(Instant::now());
        let Some(number) = files::current(&self.dir) else {
            return;
        };
        let current = self
            .current
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let followed = match current {
            Some(generation) if generation.number == number => generation.follow(),
            _ => Generation::open(&self.dir, number)
                .map(|generation| self.put_in_use(Arc::new(generation))),
        };
        // The writing process may be replacing files this moment; the next look will do.
        if let Err(error) = followed {
            tracing::warn!(%error, "the index of another process can't be read now");
        }
    }

    pub(crate) fn upsert(&self, documents: &[OfferDocument]) -> Result<(), SearchError> {
        let puts = documents.iter().cloned().map(Box::new).map(Change::Put);
        self.change(puts.collect())
    }

    pub(crate) fn delete(&self, ids: &[OfferId]) -> Result<(), SearchError> {
        self.change(ids.iter().copied().map(Change::Remove).collect())
    }

    fn change(&self, changes: Vec<Change>) -> Result<(), SearchError> {
        if !self.can_write() {
            return Err(SearchError::ReadOnly);
        }
        if changes.is_empty() {
            return Ok(());
        }
        let mut desk = locked(&self.desk);
        let generation = self.generation()?;
        if generation.is_damaged() && desk.journal.is_none() {
            return Err(SearchError::Damaged("it waits for a rebuild".to_owned()));
        }
        if !generation.is_damaged() {
            let mut writer = match desk.writer.take() {
                Some(writer) => writer,
                None => generation.writer(WRITER_BYTES)?,
            };
            // After an error the writer is dropped, and with it what was not committed.
            apply(&mut writer, &generation, &changes)?;
            files::commit(&mut writer, generation.is_whole())?;
            generation.reload()?;
            desk.writer = Some(writer);
        }
        if let Some(journal) = &mut desk.journal {
            journal.extend(changes);
        }
        Ok(())
    }

    pub(crate) fn search(&self, query: &Query) -> Result<Results, SearchError> {
        let generation = self.sound_generation()?;
        let searcher = generation.searcher();
        let answered = catch_unwind(AssertUnwindSafe(|| {
            answer::answer(
                &searcher,
                &generation.tables,
                generation.fields.terms,
                query,
            )
        }));
        match answered {
            Ok(Ok(results)) => Ok(results),
            Ok(Err(error)) => {
                generation.is_sound();
                Err(error.into())
            }
            Err(_) => {
                let sound = generation.is_sound();
                tracing::error!(sound, "a search broke off");
                Err(SearchError::Damaged("a search broke off".to_owned()))
            }
        }
    }

    pub(crate) fn count(&self) -> Result<u64, SearchError> {
        Ok(self.sound_generation()?.searcher().num_docs())
    }

    pub(crate) fn versions(&self) -> Result<Vec<(OfferId, i64)>, SearchError> {
        let searcher = self.sound_generation()?.searcher();
        let mut versions = Vec::new();
        for segment in searcher.segment_readers() {
            let columns = segment.fast_fields();
            let high = columns.u64(column::ID_HIGH)?;
            let low = columns.u64(column::ID_LOW)?;
            let version = columns.i64(column::VERSION)?;
            for doc in segment.doc_ids_alive() {
                let id = Uuid::from_u64_pair(
                    high.first(doc).unwrap_or_default(),
                    low.first(doc).unwrap_or_default(),
                );
                versions.push((OfferId(id), version.first(doc).unwrap_or_default()));
            }
        }
        versions.sort_unstable();
        Ok(versions)
    }

    pub(crate) fn needs_rebuild(&self) -> bool {
        self.generation().map_or(true, |generation| {
            generation.is_damaged() || !generation.is_whole()
        })
    }

    /// Generation and commit.
    pub(crate) fn version(&self) -> (u64, u64) {
        self.generation().map_or((0, 0), |generation| {
            (generation.number, generation.commit())
        })
    }

    pub(crate) fn health(&self) -> Health {
        let generation = self.generation().ok();
        Health {
            documents: generation
                .as_ref()
                .map_or(0, |generation| generation.searcher().num_docs()),
            writes: self.writes.load(Ordering::Relaxed),
            needs_rebuild: self.needs_rebuild(),
            rebuilding: *locked(&self.rebuilding),
            bytes: generation.map_or(0, |generation| generation.bytes()),
        }
    }
}

/// Writes changes in their order, without committing them.
fn apply(
    writer: &mut IndexWriter,
    generation: &Generation,
    changes: &[Change],
) -> Result<(), SearchError> {
    for change in changes {
        match change {
            Change::Put(document) => {
                writer.delete_term(generation.fields.id_term(document.id));
                writer.add_document(generation.fields.document(document))?;
            }
            Change::Remove(id) => {
                writer.delete_term(generation.fields.id_term(*id));
            }
        }
    }
    Ok(())
}
