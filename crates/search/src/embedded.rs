//! The index inside this process (tantivy).

use domain::ids::OfferId;

use crate::{Config, Health, OfferDocument, Opened, Progress, Query, Results, SearchError};

/// A handle to the index in a folder.
pub struct Embedded {
    _dir: std::path::PathBuf,
}

impl Embedded {
    pub fn open(config: Config) -> Result<Opened, SearchError> {
        Ok(Opened {
            search: crate::Search::Embedded(std::sync::Arc::new(Self { _dir: config.dir })),
            fresh: true,
        })
    }
    pub fn can_write(&self) -> bool {
        true
    }
    pub fn upsert(&self, _documents: &[OfferDocument]) -> Result<(), SearchError> {
        Ok(())
    }
    pub fn delete(&self, _ids: &[OfferId]) -> Result<(), SearchError> {
        Ok(())
    }
    pub fn rebuild<E>(
        &self,
        batches: impl Iterator<Item = Result<Vec<OfferDocument>, E>>,
        mut progress: impl FnMut(Progress),
    ) -> Result<u64, RebuildError<E>> {
        let mut done = 0;
        for batch in batches {
            done += batch.map_err(RebuildError::Source)?.len() as u64;
            progress(Progress { done });
        }
        Ok(done)
    }
    pub fn search(&self, _query: &Query) -> Result<Results, SearchError> {
        Ok(Results::default())
    }
    pub fn count(&self) -> Result<u64, SearchError> {
        Ok(0)
    }
    pub fn versions(&self) -> Result<Vec<(OfferId, i64)>, SearchError> {
        Ok(Vec::new())
    }
    pub fn health(&self) -> Health {
        Health::default()
    }
}

pub use crate::error::RebuildError;
