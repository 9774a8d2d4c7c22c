//! What may be asked of the index and what it answers.

use domain::{ids::OfferId, time::Instant};

/// A search by one viewer at one moment.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// As typed. Never parsed as a query language; an empty text means "all".
    pub text: String,
    /// The viewer's audience tokens (`public`, `registered`, `verified`, `buyer:<id>`). Without any, nothing is found.
    pub tokens: Vec<String>,
    pub filters: Filters,
    pub ranges: Ranges,
    pub sort: Sort,
    /// From 1; 0 is taken as 1.
    pub page: usize,
    /// From 1 to 100; other figures are moved into that range.
    pub per_page: usize,
    /// Offers of catalogs that are not open at this instant do not exist.
    pub now: Instant,
}

/// Values of one group are alternatives, groups are joined by "and"; an empty group does not filter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filters {
    pub categories: Vec<String>,
    pub commodities: Vec<String>,
    pub provinces: Vec<String>,
    pub regencies: Vec<String>,
    pub certificates: Vec<String>,
    /// Least price in rupiah, inclusive. An offer whose price the viewer may not see never passes a price filter.
    pub price_from: Option<i64>,
    /// Highest price in rupiah, inclusive.
    pub price_to: Option<i64>,
    /// Ready on this day at the latest, days since 1970-01-01.
    pub ready_by: Option<i32>,
    /// The least order comes to no more than so many rupiah. Hidden prices as above.
    pub least_to: Option<i64>,
    /// Slug of a cooperative.
    pub cooperative: Option<String>,
}

/// Ranges whose offers are counted, beside the values of the groups; see [`Facets`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ranges {
    /// Prices in rupiah, both ends inclusive.
    pub prices: Vec<(i64, i64)>,
    /// Ready on this day at the latest.
    pub ready_by: Vec<i32>,
    /// The least order comes to no more than so many rupiah.
    pub least_to: Vec<i64>,
}

/// Order of the hits. Ties: newest catalog first, then the newest offer (by relevance, shorter titles before that).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sort {
    #[default]
    Relevance,
    /// Cheapest first; offers whose price the viewer may not see come last.
    PriceUp,
    /// Dearest first; offers whose price the viewer may not see come last.
    PriceDown,
    Newest,
    ReadySoonest,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Results {
    /// The offers of this page, best first.
    pub hits: Vec<OfferId>,
    /// How many offers the viewer would find on all pages.
    pub total: u64,
    /// How many the text alone finds for this viewer, filters left aside (help for an empty page).
    pub total_without_filters: u64,
    pub facets: Facets,
    pub matched: Matched,
    /// The text with its misspelt words put right, when hits were found only by doing so.
    pub corrected: Option<String>,
    /// Shorter texts that do find something; only when nothing was found.
    pub suggestions: Vec<String>,
}

/// How far the hits answer the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Matched {
    /// Every word, as typed or by its synonyms.
    #[default]
    All,
    /// Only some of the words: say so on the page.
    Some,
}

/// Values with their counts, most frequent first. Each group is counted with the other groups' filters applied but
/// not its own, so that a second value can be ticked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facets {
    pub category: Vec<(String, u64)>,
    pub commodity: Vec<(String, u64)>,
    pub province: Vec<(String, u64)>,
    pub regency: Vec<(String, u64)>,
    pub certificate: Vec<(String, u64)>,
    /// For each of [`Ranges::prices`], in their order.
    pub price: Vec<u64>,
    /// For each of [`Ranges::ready_by`].
    pub ready: Vec<u64>,
    /// For each of [`Ranges::least_to`].
    pub least: Vec<u64>,
}
