//! Bulk offers: what ordering knows of them ([`facts`]), who may see them ([`visibility`]), and the manager's deeds:
//! terms ([`OfferTerms`]), supplies, prices, states.

mod edit;
mod error;
pub(crate) mod facts;
mod fitting;
mod lists;
mod prices;
mod state;
mod supply;
pub(crate) mod visibility;

pub use edit::{ManagedOffer, OfferTerms};
pub use error::OfferError;
pub use fitting::{Candidate, Supplied};
pub use lists::{OfferFilter, OfferListRow, OwnSupply, StateCount};
pub use prices::{PricesSet, Pricing};
pub use supply::{AvailableOn, SupplyChoice};
