//! Who sees what: the one place where a viewer's tokens and the opening hours meet a document.
//!
//! Everything that is found, counted, sorted or suggested has passed [`Gate::shows`]; every figure made from a price has
//! passed [`Gate::shows_price`].

use std::sync::Arc;

use tantivy::DocId;

use super::table::{Sets, Table};

/// Viewer's tokens read; nobody has more.
const TOKENS_MAX: usize = 64;

/// The viewer, resolved for one segment of the index.
pub struct Gate {
    table: Arc<Table>,
    audience: Vec<bool>,
    price_for: Vec<bool>,
    open: Vec<bool>,
}

impl Gate {
    pub fn open(table: Arc<Table>, tokens: &[String], now: i64) -> Self {
        let tokens = tokens.get(..TOKENS_MAX).unwrap_or(tokens);
        let hours = table.hours.iter();
        Self {
            audience: table.audience.with_any(tokens),
            price_for: table.price_for.with_any(tokens),
            open: hours.map(|(from, to)| *from <= now && now < *to).collect(),
            table,
        }
    }

    /// The viewer may know of this offer now.
    pub fn shows(&self, doc: DocId) -> bool {
        self.open.get(self.table.hours_of(doc)) == Some(&true)
            && has(&self.audience, &self.table.audience, doc)
    }

    /// The viewer may know this offer's price.
    pub fn shows_price(&self, doc: DocId) -> bool {
        has(&self.price_for, &self.table.price_for, doc)
    }
}

/// Whether a document's set is one of those chosen.
pub fn has(chosen: &[bool], sets: &Sets, doc: DocId) -> bool {
    chosen.get(sets.of(doc)) == Some(&true)
}
