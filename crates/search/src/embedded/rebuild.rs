//! Making the index anew beside the one in use.

use std::{collections::HashMap, fs, sync::Arc};

use domain::ids::OfferId;

use super::{Change, Embedded, WRITER_BYTES, apply, files, files::Generation, locked};
use crate::{OfferDocument, Progress, RebuildError, SearchError};

/// Memory of the writer during a rebuild. More would be a little faster once a day, and stay with the process.
const REBUILD_BYTES: usize = 15_000_000;

impl Embedded {
    pub(crate) fn rebuild<E>(
        &self,
        batches: impl Iterator<Item = Result<Vec<OfferDocument>, E>>,
        progress: impl FnMut(Progress),
    ) -> Result<u64, RebuildError<E>> {
        if !self.can_write() {
            return Err(SearchError::ReadOnly.into());
        }
        // From here on changes are written down, so that none is lost between reading a document and using the index.
        let _running = Running::begin(self)?;
        let number = files::next_number(&self.dir);
        let generation = Generation::create(&self.dir, number)?;
        let path = generation.path.clone();
        let built = self
            .fill(generation, batches, progress)
            .and_then(|(generation, versions)| {
                let done = u64::try_from(versions.len()).unwrap_or(u64::MAX);
                self.replace(generation, &versions)?;
                Ok(done)
            });
        if built.is_err() && files::current(&self.dir) != Some(number) {
            // What can't be removed now goes at the next start.
            let _ = fs::remove_dir_all(path);
        }
        built
    }

    fn fill<E>(
        &self,
        generation: Generation,
        batches: impl Iterator<Item = Result<Vec<OfferDocument>, E>>,
        mut progress: impl FnMut(Progress),
    ) -> Result<(Generation, HashMap<OfferId, i64>), RebuildError<E>> {
        let mut versions = HashMap::new();
        let mut writer = generation.writer(REBUILD_BYTES)?;
        for batch in batches {
            for document in batch.map_err(RebuildError::Source)? {
                // A document that moved between batches is read twice; the later reading counts.
                if versions.insert(document.id, document.version).is_some() {
                    writer.delete_term(generation.fields.id_term(document.id));
                }
                writer
                    .add_document(generation.fields.document(&document))
                    .map_err(SearchError::from)?;
            }
            let done = u64::try_from(versions.len()).unwrap_or(u64::MAX);
            *locked(&self.rebuilding) = Some(done);
            progress(Progress { done });
        }
        files::commit(&mut writer, true)?;
        writer.wait_merging_threads().map_err(SearchError::from)?;
        generation.merge()?;
        Ok((generation, versions))
    }

    /// Catches up with the journal and puts the new index in use, with no change let in between.
    fn replace(
        &self,
        generation: Generation,
        versions: &HashMap<OfferId, i64>,
    ) -> Result<(), SearchError> {
        let mut desk = locked(&self.desk);
        let changes: Vec<Change> = desk
            .journal
            .take()
            .unwrap_or_default()
            .into_iter()
            .filter(|change| match change {
                // Read later than written: what the rebuild has is newer.
                Change::Put(document) => versions
                    .get(&document.id)
                    .is_none_or(|version| *version <= document.version),
                Change::Remove(_) => true,
            })
            .collect();
        if !changes.is_empty() {
            let mut writer = generation.writer(WRITER_BYTES)?;
            apply(&mut writer, &generation, &changes)?;
            files::commit(&mut writer, true)?;
        }
        // Opened afresh, and thereby checked, before anyone relies on it.
        let number = generation.number;
        drop(generation);
        let generation = Generation::open(&self.dir, number)?;
        files::set_current(&self.dir, number)?;
        desk.writer = None;
        self.put_in_use(Arc::new(generation));
        files::remove_others(&self.dir, number);
        Ok(())
    }
}

/// Only one rebuild at a time; however it ends, the journal is closed.
struct Running<'a>(&'a Embedded);

impl<'a> Running<'a> {
    fn begin(index: &'a Embedded) -> Result<Self, SearchError> {
        let mut rebuilding = locked(&index.rebuilding);
        if rebuilding.is_some() {
            return Err(SearchError::Rebuilding);
        }
        *rebuilding = Some(0);
        drop(rebuilding);
        locked(&index.desk).journal = Some(Vec::new());
        Ok(Self(index))
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        locked(&self.0.desk).journal = None;
        *locked(&self.0.rebuilding) = None;
    }
}
