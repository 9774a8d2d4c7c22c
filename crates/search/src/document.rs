//! What the index knows of an offer: one document each, made by `store`, never by a page.
//!
//! A document carries names, places, facts to filter and sort by, and the tokens that say who may see it. It is not
//! a copy of the offer: pages read the truth from the database by the ids that a search returns.

use domain::ids::OfferId;
use serde::{Deserialize, Serialize};

/// One offer as it can be found. Codes and slugs are stable keys; names are what people type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferDocument {
    pub id: OfferId,
    pub title: String,
    /// Names of the pooled products, as their members wrote them.
    pub product_names: Vec<String>,
    /// Slug of the category.
    pub category: String,
    /// Slug of the commodity.
    pub commodity: String,
    /// The commodity's names, in any language.
    pub commodity_names: Vec<String>,
    /// Code of the province (`33`).
    pub province: String,
    /// Codes of the regencies the goods come from (`33.25`).
    pub regencies: Vec<String>,
    /// Names of province, regencies and villages.
    pub place_names: Vec<String>,
    /// Kinds of certificates that every pooled product has (`halal`, `pirt`).
    pub certificates: Vec<String>,
    /// Price per sale unit at the least order, as lists show it; whole rupiah.
    pub price_rupiah: i64,
    /// What the least order comes to, whole rupiah.
    pub least_rupiah: i64,
    /// The day from which some of it is ready, days since 1970-01-01.
    pub ready_on: i32,
    /// Availability as a band, never the exact figure.
    pub availability_band: i64,
    /// Least quantity of an order, in sale units.
    pub minimum_packs: i64,
    /// Slug of the cooperative.
    pub cooperative: String,
    pub cooperative_name: String,
    /// Who may see the offer: `public`, `registered`, `verified`, `buyer:<id>`. Nobody when empty.
    pub audience: Vec<String>,
    /// Who may see its price, in the same tokens.
    pub price_for: Vec<String>,
    /// When the catalog opens, epoch microseconds.
    pub opens_at: i64,
    /// When the catalog closes, epoch microseconds; `None` when it stays open. At this instant it is closed.
    pub closes_at: Option<i64>,
    /// The offer's version, so that an audit can tell a stale document from a fresh one.
    pub version: i64,
}
