//! Catalogs: offers put before an audience for a time, in editions (DOMAIN §7).
//!
//! Each publishing, and each later change of the catalog or its offers, writes an edition: a snapshot of what buyers
//! could see ([`EditionPage`]). Opening and closing is by time; index work is queued for both moments.

mod deeds;
mod editions;
mod lists;
mod publication;
mod shown;

pub use deeds::{CatalogError, CatalogTerms};
pub use lists::{CATALOGS_PAGE, CatalogBuyer, CatalogOffer, CatalogRow, ManagedCatalog};
pub use shown::{EditionPage, EditionRow, Issuer};
