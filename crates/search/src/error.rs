//! What can go wrong with the index. All are breakages: the page falls back to the database.

/// A search or a change of the index that could not be done.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// Another process holds the index lock and does the index work.
    #[error("another process writes the index")]
    ReadOnly,
    /// The files do not hold what was written; a rebuild mends it.
    #[error("the index is damaged: {0}")]
    Damaged(String),
    /// A rebuild is already under way in this process.
    #[error("a rebuild is already running")]
    Rebuilding,
    #[error("index file: {0}")]
    Io(#[from] std::io::Error),
    #[error("index: {0}")]
    Index(#[from] tantivy::TantivyError),
}

/// Why a rebuild stopped; the index it would have replaced is still in use.
#[derive(Debug, thiserror::Error)]
pub enum RebuildError<E> {
    /// The documents could not be read.
    #[error("{0}")]
    Source(E),
    #[error(transparent)]
    Search(#[from] SearchError),
}
