//! Why an offer stays as it is.

use domain::ids::ProductId;
use domain::offers::{Misfit, OfferGap, OfferRefusal, OfferState, PriceProblem};

use crate::error::Error;
use crate::write::rerun_by_store;

/// Why a deed on an offer was refused; nothing is changed then.
#[derive(Debug, thiserror::Error)]
pub enum OfferError {
    /// Not there, or another cooperative's.
    #[error("not found")]
    NotFound,
    /// Somebody changed it since it was read; the version it has now.
    #[error("changed in the meantime, now version {0}")]
    Stale(i64),
    /// An archived offer is history.
    #[error("the offer is {0}")]
    State(OfferState),
    /// What buyers and orders rely on can't change once the offer was published: commodity, unit, content, grades,
    /// carton.
    #[error("published offers keep their goods and carton")]
    Locked,
    #[error(transparent)]
    Refused(#[from] OfferRefusal),
    /// What it lacks to be published.
    #[error("not whole yet")]
    Gaps(Vec<OfferGap>),
    #[error("prices are wrong")]
    Prices(Vec<PriceProblem>),
    /// Products that were chosen and don't fit.
    #[error("some products do not fit")]
    Misfits(Vec<(ProductId, Vec<Misfit>)>),
    #[error(transparent)]
    Store(#[from] Error),
}
rerun_by_store!(OfferError);
