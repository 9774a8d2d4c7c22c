//! Keeping the index in step with the database: single offers, and the whole.

use std::collections::HashSet;

use domain::ids::OfferId;
use domain::time::Instant;
use search::{OfferDocument, Progress, RebuildError, Search, SearchError};
use store::Store;
use store::offers::IndexEntry;
use tokio::runtime::Handle;

/// Offers read at a time.
const BATCH: i64 = 100;

/// Why index work could not be done; the index is as it was, and the job comes back.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    #[error(transparent)]
    Store(#[from] store::Error),
    #[error(transparent)]
    Search(#[from] SearchError),
    #[error("the index work was broken off: {0}")]
    Broken(#[from] tokio::task::JoinError),
}

impl From<RebuildError<store::Error>> for IndexError {
    fn from(error: RebuildError<store::Error>) -> Self {
        match error {
            RebuildError::Source(error) => Self::Store(error),
            RebuildError::Search(error) => Self::Search(error),
        }
    }
}

/// Puts the offers' documents in, and takes out those that nobody may see any more.
pub(crate) async fn refresh(
    store: &Store,
    search: &Search,
    now: Instant,
    mut offers: Vec<OfferId>,
) -> Result<(), IndexError> {
    offers.sort_unstable();
    offers.dedup();
    let documents = documents(store, now, &offers).await?;
    let shown: HashSet<OfferId> = documents.iter().map(|document| document.id).collect();
    offers.retain(|id| !shown.contains(id));
    let search = search.clone();
    tokio::task::spawn_blocking(move || -> Result<(), SearchError> {
        if !documents.is_empty() {
            search.upsert(&documents)?;
        }
        if !offers.is_empty() {
            search.delete(&offers)?;
        }
        Ok(())
    })
    .await??;
    Ok(())
}

/// Makes the whole index anew from the database, while the old one goes on answering. Gives the number of offers.
///
/// # Errors
/// When the database or the index fails, or another process holds the index lock; the old index stays.
pub async fn rebuild_index(
    store: &Store,
    search: &Search,
    now: Instant,
    progress: impl FnMut(Progress) + Send + 'static,
) -> Result<u64, IndexError> {
    let (store, search, runtime) = (store.clone(), search.clone(), Handle::current());
    let built = tokio::task::spawn_blocking(move || {
        let mut after = None;
        let batches = std::iter::from_fn(|| {
            let read = async {
                let ids = store.indexed_offer_ids_after(now, after, BATCH).await?;
                let Some(last) = ids.last() else {
                    return Ok(None);
                };
                after = Some(*last);
                documents(&store, now, &ids).await.map(Some)
            };
            runtime.block_on(read).transpose()
        });
        search.rebuild(batches, progress)
    })
    .await??;
    Ok(built)
}

async fn documents(
    store: &Store,
    now: Instant,
    ids: &[OfferId],
) -> Result<Vec<OfferDocument>, store::Error> {
    let entries = store.index_entries(now, ids).await?;
    Ok(entries.into_iter().map(document).collect())
}

fn document(entry: IndexEntry) -> OfferDocument {
    OfferDocument {
        id: entry.id,
        title: entry.title,
        product_names: entry.product_names,
        category: entry.category,
        commodity: entry.commodity,
        commodity_names: entry.commodity_names,
        province: entry.province,
        regencies: entry.regencies,
        place_names: entry.place_names,
        certificates: entry.certificates,
        price_rupiah: entry.price_rupiah,
        least_rupiah: entry.least_rupiah,
        ready_on: entry.ready_on,
        availability_band: entry.availability.floor(),
        minimum_packs: entry.minimum_packs,
        cooperative: entry.cooperative_slug,
        cooperative_name: entry.cooperative_name,
        audience: entry.audience,
        price_for: entry.price_for,
        opens_at: entry.opens_at,
        closes_at: entry.closes_at,
        version: entry.version,
    }
}
