//! Finding offers: the one crate that knows an index.
//!
//! Start at [`Search`]. The index is a copy that can be lost at any time: the database is the truth, jobs keep the
//! two in step, and [`Search::rebuild`] makes the index anew. Every answer is filtered by the viewer's audience tokens
//! and by the opening hours of catalogs; there is no other way to ask. This crate reads no database, and `now` is part
//! of a query.
//!
//! A document becomes terms (`terms`), a query a plan of what to look for (`plan`), both by the same `language`; only
//! `embedded` knows tantivy. Another engine is another variant of [`Search`] that is given the same terms and plans.
//!
//! All calls block (files, a little computing). From async code, call writes inside `spawn_blocking`; a search takes
//! well under a millisecond on a village's index, but belongs there too once the index is large.

mod document;
mod embedded;
mod error;
mod language;
mod plan;
mod query;
mod terms;
#[cfg(test)]
mod tests;

use std::{path::PathBuf, sync::Arc};

use domain::ids::OfferId;

pub use document::OfferDocument;
pub use embedded::Embedded;
pub use error::{RebuildError, SearchError};
pub use query::{Facets, Filters, Matched, Query, Ranges, Results, Sort};

/// Where the index lives.
#[derive(Clone, Debug)]
pub struct Config {
    /// A folder of the index's own; made when missing. Nothing else may be kept in it.
    pub dir: PathBuf,
}

/// The index, whatever engine keeps it. Cloning gives another handle to the same one.
#[derive(Clone)]
pub enum Search {
    /// In this process, in files.
    Embedded(Arc<Embedded>),
}

/// An opened index.
pub struct Opened {
    pub search: Search,
    /// True when the index was missing, damaged or of an old form and is empty now: the caller queues a rebuild.
    pub fresh: bool,
}

/// How far a rebuild has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Documents written so far.
    pub done: u64,
}

/// What the administrator's page and `/readyz` show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Health {
    pub documents: u64,
    /// This process does the index work.
    pub writes: bool,
    /// The index is empty, incomplete or damaged; results are not to be trusted until a rebuild has ended.
    pub needs_rebuild: bool,
    /// Documents written by the rebuild that is running in this process.
    pub rebuilding: Option<u64>,
    /// Size of the index's files.
    pub bytes: u64,
}

impl Search {
    /// Opens the index in `config.dir`, or starts an empty one where there is none that can be used.
    ///
    /// The first process gets the index lock and writes; further ones read ([`Search::can_write`]).
    ///
    /// # Errors
    /// When the folder can't be made or written. Never because of what the index files contain.
    pub fn open(config: Config) -> Result<Opened, SearchError> {
        Embedded::open(config)
    }

    /// Whether this process does the index work. Asks for the lock again when it has none, so that another process
    /// takes over when the one that wrote has ended.
    #[must_use]
    pub fn can_write(&self) -> bool {
        match self {
            Self::Embedded(index) => index.can_write(),
        }
    }

    /// Whether the index must be rebuilt before its answers can be trusted.
    #[must_use]
    pub fn needs_rebuild(&self) -> bool {
        match self {
            Self::Embedded(index) => index.needs_rebuild(),
        }
    }

    /// Differs whenever answers may differ; for whoever keeps them.
    #[must_use]
    pub fn version(&self) -> (u64, u64) {
        match self {
            Self::Embedded(index) => index.version(),
        }
    }

    /// Puts documents in, replacing those of the same id. Searches see them once this returns.
    ///
    /// # Errors
    /// [`SearchError::ReadOnly`] without the index lock; else when the files can't be written.
    pub fn upsert(&self, documents: &[OfferDocument]) -> Result<(), SearchError> {
        match self {
            Self::Embedded(index) => index.upsert(documents),
        }
    }

    /// Takes documents out; ids that are not there are no error. Searches see it once this returns.
    ///
    /// # Errors
    /// As [`Search::upsert`].
    pub fn delete(&self, ids: &[OfferId]) -> Result<(), SearchError> {
        match self {
            Self::Embedded(index) => index.delete(ids),
        }
    }

    /// Builds a new index from all documents and puts it in the place of the old one, which answers until then.
    /// Changes that arrive meanwhile reach both. Gives the number of documents written.
    ///
    /// # Errors
    /// The first error of `batches`, or [`SearchError::ReadOnly`], [`SearchError::Rebuilding`], or when files can't be
    /// written. The old index stays in use.
    pub fn rebuild<E>(
        &self,
        batches: impl IntoIterator<Item = Result<Vec<OfferDocument>, E>>,
        progress: impl FnMut(Progress),
    ) -> Result<u64, RebuildError<E>> {
        match self {
            Self::Embedded(index) => index.rebuild(batches.into_iter(), progress),
        }
    }

    /// Answers a query, seen with the viewer's eyes.
    ///
    /// # Errors
    /// When the index can't be read; the page then asks the database.
    pub fn search(&self, query: &Query) -> Result<Results, SearchError> {
        match self {
            Self::Embedded(index) => index.search(query),
        }
    }

    /// How many documents the index holds, whoever may see them.
    ///
    /// # Errors
    /// When the index can't be read.
    pub fn count(&self) -> Result<u64, SearchError> {
        match self {
            Self::Embedded(index) => index.count(),
        }
    }

    /// The ids of all documents, sorted; for the audit of I9.
    ///
    /// # Errors
    /// When the index can't be read.
    pub fn ids(&self) -> Result<Vec<OfferId>, SearchError> {
        Ok(self.versions()?.into_iter().map(|(id, _)| id).collect())
    }

    /// Ids with the version that was indexed, sorted by id.
    ///
    /// # Errors
    /// When the index can't be read.
    pub fn versions(&self) -> Result<Vec<(OfferId, i64)>, SearchError> {
        match self {
            Self::Embedded(index) => index.versions(),
        }
    }

    /// State for the administrator's page; never fails.
    #[must_use]
    pub fn health(&self) -> Health {
        match self {
            Self::Embedded(index) => index.health(),
        }
    }
}
