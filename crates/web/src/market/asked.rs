//! What a search page is asked for: read from the address, and made into addresses again, so that every state of the
//! page can be shared.

use std::fmt::Write as _;

use domain::{money, products::CertificateKind, regions};
use search::Sort;

use crate::{error::encode, posted::Posted};

/// Characters of the text that are looked at.
const TEXT_MAX: usize = 200;
/// Values of one group.
const VALUES_MAX: usize = 12;
/// Days that can be chosen for "ready within".
pub(crate) const READY_DAYS: &[i32] = &[3, 7, 14];

/// Prices per sale unit that can be chosen with one touch, both ends included. The first begins at nothing and the last
/// has no end: see [`Asked::set_prices`].
pub(crate) const PRICES: &[(i64, i64)] = &[
    (0, 10_000),
    (10_001, 25_000),
    (25_001, 50_000),
    (50_001, 100_000),
    (100_001, i64::MAX),
];
/// What the least order may come to.
pub(crate) const LEAST: &[i64] = &[500_000, 1_000_000, 5_000_000, 10_000_000];

pub(crate) const SORTS: &[(&str, Sort, &str)] = &[
    ("", Sort::Relevance, "market-sort-relevance"),
    ("price-up", Sort::PriceUp, "market-sort-price-up"),
    ("price-down", Sort::PriceDown, "market-sort-price-down"),
    ("newest", Sort::Newest, "market-sort-newest"),
    ("ready", Sort::ReadySoonest, "market-sort-ready"),
];

/// A search as asked, with nothing in it that is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    pub text: String,
    pub categories: Vec<String>,
    pub commodities: Vec<String>,
    /// Provinces (`33`) and regencies (`33.25`).
    pub provinces: Vec<String>,
    pub regencies: Vec<String>,
    pub permits: Vec<String>,
    pub price_from: Option<i64>,
    pub price_to: Option<i64>,
    /// A price was typed that can't be read.
    pub price_unread: bool,
    pub ready: Option<i32>,
    /// One of [`LEAST`].
    pub least: Option<i64>,
    pub cooperative: String,
    /// As in [`SORTS`].
    pub sort: &'static str,
    pub page: i64,
}

impl Asked {
    pub fn read(query: &Posted) -> Self {
        let text: String = query
            .first("q")
            .chars()
            .filter(|c| !c.is_control())
            .take(TEXT_MAX)
            .collect();
        let mut asked = Self {
            text: text.trim().to_owned(),
            categories: list(query, "category", is_slug),
            commodities: list(query, "commodity", is_slug),
            provinces: list(query, "province", |code| {
                code.len() == 2 && regions::find(code).is_some()
            }),
            regencies: list(query, "regency", |code| {
                regions::find(code).is_some_and(regions::Region::is_regency)
            }),
            permits: list(query, "permit", |kind| {
                kind.parse::<CertificateKind>().is_ok()
            }),
            ready: query
                .first("ready")
                .parse()
                .ok()
                .filter(|days| READY_DAYS.contains(days)),
            least: query
                .first("least")
                .parse()
                .ok()
                .filter(|rupiah| LEAST.contains(rupiah)),
            cooperative: Some(query.first("cooperative"))
                .filter(|slug| is_slug(slug))
                .unwrap_or_default()
                .to_owned(),
            sort: SORTS
                .iter()
                .map(|(code, ..)| *code)
                .find(|code| *code == query.first("sort"))
                .unwrap_or_default(),
            page: query
                .first("page")
                .parse()
                .unwrap_or(1_i64)
                .clamp(1, 10_000),
            ..Self::default()
        };
        asked.price_from = asked.price(query.first("from"));
        asked.price_to = asked.price(query.first("to"));
        asked
    }

    fn price(&mut self, typed: &str) -> Option<i64> {
        if typed.trim().is_empty() {
            return None;
        }
        let read = money::parse(typed).ok().map(|rupiah| rupiah.0);
        self.price_unread |= read.is_none();
        read
    }

    /// Narrows to a range of [`PRICES`] and its like: what has no end is left out, so that nobody reads a made-up one.
    pub fn set_prices(&mut self, (from, to): (i64, i64)) {
        self.price_from = Some(from).filter(|from| *from > 0);
        self.price_to = Some(to).filter(|to| *to < i64::MAX);
    }

    pub fn sort_order(&self) -> Sort {
        SORTS
            .iter()
            .find(|(code, ..)| *code == self.sort)
            .map_or(Sort::Relevance, |(_, sort, _)| *sort)
    }

    /// How many filters are set.
    pub fn filters(&self) -> usize {
        self.categories.len()
            + self.commodities.len()
            + self.provinces.len()
            + self.regencies.len()
            + self.permits.len()
            + usize::from(self.price_from.is_some() || self.price_to.is_some())
            + usize::from(self.ready.is_some())
            + usize::from(self.least.is_some())
            + usize::from(!self.cooperative.is_empty())
    }

    /// Everything but the page, as names and values in the order of addresses.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        let mut one = |name, value: String| {
            if !value.is_empty() {
                pairs.push((name, value));
            }
        };
        one("q", self.text.clone());
        for (name, values) in [
            ("category", &self.categories),
            ("commodity", &self.commodities),
            ("province", &self.provinces),
            ("regency", &self.regencies),
            ("permit", &self.permits),
        ] {
            for value in values {
                one(name, value.clone());
            }
        }
        one(
            "from",
            self.price_from.map(|n| n.to_string()).unwrap_or_default(),
        );
        one(
            "to",
            self.price_to.map(|n| n.to_string()).unwrap_or_default(),
        );
        one(
            "ready",
            self.ready.map(|n| n.to_string()).unwrap_or_default(),
        );
        one(
            "least",
            self.least.map(|n| n.to_string()).unwrap_or_default(),
        );
        one("cooperative", self.cooperative.clone());
        one("sort", self.sort.to_owned());
        pairs
    }

    /// The address of a page of this search.
    pub fn href(&self, page: i64) -> String {
        let mut href = String::from("/search");
        let mut pairs = self.pairs();
        if page > 1 {
            pairs.push(("page", page.to_string()));
        }
        for (at, (name, value)) in pairs.iter().enumerate() {
            let sign = if at == 0 { '?' } else { '&' };
            let _ = write!(href, "{sign}{name}={}", encode(value));
        }
        href
    }

    /// The same search after a change, from its first page.
    pub fn but(&self, change: impl FnOnce(&mut Self)) -> String {
        let mut other = self.clone();
        change(&mut other);
        other.href(1)
    }

    /// The text alone.
    pub fn without_filters(&self) -> String {
        self.but(|other| {
            *other = Self {
                text: other.text.clone(),
                sort: other.sort,
                ..Self::default()
            }
        })
    }
}

fn is_slug(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 80
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn list(query: &Posted, name: &str, known: impl Fn(&str) -> bool) -> Vec<String> {
    let mut values: Vec<String> = Vec::new();
    for value in query.all(name).take(VALUES_MAX) {
        if known(value) && !values.iter().any(|same| same == value) {
            values.push(value.to_owned());
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &str) -> Asked {
        Asked::read(&Posted::from_urlencoded(query.as_bytes()))
    }

    #[test]
    fn an_address_comes_back_as_it_was() {
        let query = "q=gula%20semut&category=gula-pemanis&commodity=gula-semut&province=34&regency=34.01&permit=halal&from=10000&to=50000&ready=7&least=1000000&sort=price-up";
        assert_eq!(asked(query).href(1), format!("/search?{query}"));
        assert_eq!(asked(query).filters(), 8);
        assert_eq!(asked(query).href(3), format!("/search?{query}&page=3"));
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        let odd = "q=a&category=%3Cscript%3E&province=99&regency=33&permit=x&ready=8&least=7&commodity=%27&sort=evil&page=-4&cooperative=..";
        assert_eq!(
            asked(odd),
            Asked {
                text: "a".into(),
                page: 1,
                ..Asked::default()
            }
        );
    }

    #[test]
    fn prices_are_read_as_people_write_them() {
        assert_eq!(asked("from=12.500").price_from, Some(12_500));
        let unread = asked("from=murah");
        assert!(unread.price_unread && unread.price_from.is_none());
    }
}
