//! The index's folder: which generation of the index is in use, whether it can be trusted, and how it is replaced.
//!
//! ```text
//! lock       held by the process that writes (an advisory lock: it ends with its process, a left-over file is none)
//! current    the name of the generation in use
//! g7/        a generation: a tantivy index
//! ```
//! A rebuild makes the next generation beside the old one and then changes `current`; a folder that is not named
//! there is rubbish of a rebuild that broke off.

use std::{
    fs::{self, File, TryLockError},
    io::{self, Write},
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
};

use serde::{Deserialize, Serialize};
use tantivy::{
    Index, IndexMeta, IndexReader, IndexWriter, ReloadPolicy, Searcher,
    index::{SegmentComponent, SegmentId},
    indexer::{IndexWriterOptions, LogMergePolicy},
};

use super::{
    schema::{self, Fields},
    table::Tables,
};
use crate::SearchError;

/// Indexes up to this size are checked byte by byte when they are opened; larger ones in the background.
pub const CHECKED_AT_OPENING_BYTES: u64 = 64 * 1024 * 1024;
const SEGMENTS_TO_MERGE: usize = 4;
/// Files that every segment has.
const FILES_OF_A_SEGMENT: [SegmentComponent; 6] = [
    SegmentComponent::Postings,
    SegmentComponent::Positions,
    SegmentComponent::Terms,
    SegmentComponent::Store,
    SegmentComponent::FastFields,
    SegmentComponent::FieldNorms,
];

/// What a commit says about itself.
#[derive(Serialize, Deserialize)]
struct Stamp {
    form: String,
    /// Everything was written once; an index that was never built whole needs a rebuild.
    whole: bool,
}

/// An opened generation of the index.
pub struct Generation {
    pub number: u64,
    pub path: PathBuf,
    pub fields: Fields,
    pub tables: Tables,
    index: Index,
    reader: IndexReader,
    whole: AtomicBool,
    damaged: AtomicBool,
    /// The commit that searches see.
    commit: AtomicU64,
}

impl Generation {
    /// Starts an empty one, not whole.
    pub fn create(dir: &Path, number: u64) -> Result<Self, SearchError> {
        let path = path_of(dir, number);
        if path.exists() {
            fs::remove_dir_all(&path)?;
        }
        fs::create_dir_all(&path)?;
        let fields = Fields::new();
        let index = Index::create_in_dir(&path, fields.schema.clone())?;
        let mut writer = writer(&index, super::WRITER_BYTES)?;
        commit(&mut writer, false)?;
        drop(writer);
        Self::with(index, fields, path, number, false)
    }

    /// Opens one that is there.
    ///
    /// # Errors
    /// [`SearchError::Damaged`] when it is missing, damaged or of another form.
    pub fn open(dir: &Path, number: u64) -> Result<Self, SearchError> {
        let path = path_of(dir, number);
        // Damaged files make the engine panic at times; that is the same to us as an error.
        let opened = catch_unwind(AssertUnwindSafe(|| Self::open_unguarded(&path, number)));
        match opened {
            Ok(Ok(generation)) => Ok(generation),
            Ok(Err(SearchError::Damaged(why))) => Err(SearchError::Damaged(why)),
            Ok(Err(error)) => Err(SearchError::Damaged(error.to_string())),
            Err(_) => Err(SearchError::Damaged("opening broke off".to_owned())),
        }
    }

    fn open_unguarded(path: &Path, number: u64) -> Result<Self, SearchError> {
        let index = Index::open_in_dir(path)?;
        let fields = Fields::new();
        let stamp = stamp(&index)?;
        if index.schema() != fields.schema || stamp.form != schema::form() {
            return Err(SearchError::Damaged("an index of another form".to_owned()));
        }
        let generation = Self::with(index, fields, path.to_owned(), number, stamp.whole)?;
        if generation.bytes() <= CHECKED_AT_OPENING_BYTES && !generation.is_sound() {
            return Err(SearchError::Damaged("checksums differ".to_owned()));
        }
        Ok(generation)
    }

    fn with(
        index: Index,
        fields: Fields,
        path: PathBuf,
        number: u64,
        whole: bool,
    ) -> Result<Self, SearchError> {
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()?;
        let commit = index.load_metas()?.opstamp;
        Ok(Self {
            number,
            path,
            fields,
            tables: Tables::default(),
            index,
            reader,
            whole: AtomicBool::new(whole),
            damaged: AtomicBool::new(false),
            commit: AtomicU64::new(commit),
        })
    }

    /// Compares every file with its checksum; remembers and says whether all are there as they were written.
    pub fn is_sound(&self) -> bool {
        let sound = catch_unwind(AssertUnwindSafe(|| self.compare_checksums()))
            .is_ok_and(|compared| compared.unwrap_or(false));
        if !sound {
            self.damaged.store(true, Ordering::Relaxed);
        }
        sound
    }

    fn compare_checksums(&self) -> Result<bool, SearchError> {
        let mut metas = self.index.load_metas()?;
        loop {
            let sound = metas.segments.iter().all(|segment| {
                let deletes = segment.has_deletes().then_some(SegmentComponent::Delete);
                FILES_OF_A_SEGMENT.into_iter().chain(deletes).all(|part| {
                    let file = segment.relative_path(part);
                    let checked = self.index.directory().validate_checksum(&file);
                    checked.unwrap_or(false)
                })
            });
            // A merge may have taken files away meanwhile; then they were not missed.
            let now = self.index.load_metas()?;
            if sound || now.opstamp == metas.opstamp && ids(&now) == ids(&metas) {
                return Ok(sound);
            }
            metas = now;
        }
    }

    pub fn is_damaged(&self) -> bool {
        self.damaged.load(Ordering::Relaxed)
    }

    pub fn is_whole(&self) -> bool {
        self.whole.load(Ordering::Relaxed)
    }

    pub fn searcher(&self) -> Searcher {
        self.reader.searcher()
    }

    pub fn writer(&self, bytes: usize) -> Result<IndexWriter, SearchError> {
        writer(&self.index, bytes)
    }

    /// Makes one segment of all: a search opens each of them.
    pub fn merge(&self) -> Result<(), SearchError> {
        let segments = self.index.searchable_segment_ids()?;
        if segments.len() > 1 {
            let mut writer = self.writer(super::WRITER_BYTES)?;
            writer.merge(&segments).wait()?;
            writer.wait_merging_threads()?;
        }
        Ok(())
    }

    /// Makes what was written last visible to searches.
    pub fn reload(&self) -> Result<(), SearchError> {
        self.reader.reload()?;
        let commit = self.index.load_metas()?.opstamp;
        self.commit.store(commit, Ordering::Relaxed);
        Ok(())
    }

    /// As [`Self::reload`], for a process that doesn't write itself.
    pub fn follow(&self) -> Result<(), SearchError> {
        self.reload()?;
        self.whole
            .store(stamp(&self.index)?.whole, Ordering::Relaxed);
        Ok(())
    }

    /// The commit that searches see at least.
    pub fn commit(&self) -> u64 {
        self.commit.load(Ordering::Relaxed)
    }

    pub fn bytes(&self) -> u64 {
        let Ok(entries) = fs::read_dir(&self.path) else {
            return 0;
        };
        entries
            .flatten()
            .filter_map(|entry| entry.metadata().ok())
            .map(|file| file.len())
            .sum()
    }
}

fn ids(metas: &IndexMeta) -> Vec<SegmentId> {
    metas.segments.iter().map(|segment| segment.id()).collect()
}

fn stamp(index: &Index) -> Result<Stamp, SearchError> {
    let payload = index.load_metas()?.payload.unwrap_or_default();
    serde_json::from_str(&payload)
        .map_err(|_| SearchError::Damaged("an index without a stamp".to_owned()))
}

fn writer(index: &Index, bytes: usize) -> Result<IndexWriter, SearchError> {
    let options = IndexWriterOptions::builder()
        .num_worker_threads(1)
        .num_merge_threads(1)
        .memory_budget_per_thread(bytes)
        .build();
    let writer: IndexWriter = index.writer_with_options(options)?;
    let mut policy = LogMergePolicy::default();
    policy.set_min_num_segments(SEGMENTS_TO_MERGE);
    writer.set_merge_policy(Box::new(policy));
    Ok(writer)
}

/// Commits what was written; it is on disk when this returns.
pub fn commit(writer: &mut IndexWriter, whole: bool) -> Result<(), SearchError> {
    let stamp = Stamp {
        form: schema::form(),
        whole,
    };
    let stamp = serde_json::to_string(&stamp).map_err(io::Error::from)?;
    let mut commit = writer.prepare_commit()?;
    commit.set_payload(&stamp);
    commit.commit()?;
    Ok(())
}

/// Tries for the right to write; `None` when another process has it.
pub fn try_lock(dir: &Path) -> Result<Option<File>, SearchError> {
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(dir.join("lock"))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

fn path_of(dir: &Path, number: u64) -> PathBuf {
    dir.join(format!("g{number}"))
}

fn number_of(name: &str) -> Option<u64> {
    name.trim().strip_prefix('g')?.parse().ok()
}

/// The generation in use; `None` when there is none or the file can't be read as one.
pub fn current(dir: &Path) -> Option<u64> {
    number_of(&fs::read_to_string(dir.join("current")).ok()?)
}

/// Puts a generation in use. A crash leaves either the old name or the new one.
pub fn set_current(dir: &Path, number: u64) -> io::Result<()> {
    let draft = dir.join("current.new");
    let mut file = File::create(&draft)?;
    writeln!(file, "g{number}")?;
    file.sync_all()?;
    fs::rename(&draft, dir.join("current"))?;
    File::open(dir)?.sync_all()
}

fn generations(dir: &Path) -> Vec<u64> {
    let Ok(entries) = fs::read_dir(dir) else {
        return Vec::new();
    };
    entries
        .flatten()
        .filter_map(|entry| number_of(entry.file_name().to_str()?))
        .collect()
}

/// A number that no generation has yet.
pub fn next_number(dir: &Path) -> u64 {
    generations(dir)
        .into_iter()
        .chain(current(dir))
        .max()
        .unwrap_or(0)
        .saturating_add(1)
}

/// Takes away all generations but one. What can't be removed now goes at the next start.
pub fn remove_others(dir: &Path, keep: u64) {
    for number in generations(dir) {
        if number != keep
            && let Err(error) = fs::remove_dir_all(path_of(dir, number))
        {
            tracing::warn!(number, %error, "an old index stays behind");
        }
    }
}
