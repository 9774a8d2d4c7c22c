//! Bulk offers: what ordering knows of them ([`facts`]), who may see them ([`visibility`]), what buyers see (cards of
//! lists: [`OfferCard`], the page: [`OfferPage`], the search document: [`IndexEntry`]), and the manager's deeds: terms
//! ([`OfferTerms`]), supplies, prices, states.

mod cards;
mod documents;
mod edit;
mod error;
pub(crate) mod facts;
mod finding;
mod fitting;
mod lapses;
mod lists;
mod managed;
pub(crate) mod origin;
mod prices;
mod resting;
mod state;
mod supply;
mod views;
pub(crate) mod visibility;

pub use cards::{CardPrice, OfferCard, Shown};
pub use documents::IndexEntry;
pub use error::OfferError;
pub use finding::{Found, Wanted};
pub use fitting::{Candidate, PutOut, Supplied};
pub use lists::{OfferCommodity, OfferFilter, OfferListRow, OwnSupply, StateCount, SupplyOut};
pub use managed::{ManagedOffer, OfferTerms};
pub use prices::{PricesSet, Pricing};
pub use resting::RestingOffer;
pub use supply::{AvailableOn, SupplyChoice};
pub(crate) use views::told_to;
pub use views::{Business, OfferPage, Permit, PermitHolder, Tier};
