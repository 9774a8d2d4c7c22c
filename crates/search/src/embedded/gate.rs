//! Who sees what: the one place where a viewer's tokens and the opening hours meet a document.
//!
//! Everything that is found, counted, sorted or suggested has passed [`Gate::shows`]; every figure made from a price has
//! passed [`Gate::shows_price`].

use tantivy::{
    DocId, SegmentReader,
    columnar::{Column, StrColumn},
};

use super::schema::column;

/// Viewer's tokens read; nobody has more.
const TOKENS_MAX: usize = 64;

/// The viewer, resolved for one segment of the index.
pub struct Gate {
    audience: Keys,
    price_for: Keys,
    opens_at: Column<i64>,
    closes_at: Column<i64>,
    now: i64,
}

impl Gate {
    pub fn open(segment: &SegmentReader, tokens: &[String], now: i64) -> tantivy::Result<Self> {
        let columns = segment.fast_fields();
        let tokens = tokens.get(..TOKENS_MAX).unwrap_or(tokens);
        Ok(Self {
            audience: Keys::open(segment, column::AUDIENCE, tokens)?,
            price_for: Keys::open(segment, column::PRICE_FOR, tokens)?,
            opens_at: columns.i64(column::OPENS_AT)?,
            closes_at: columns.i64(column::CLOSES_AT)?,
            now,
        })
    }

    /// The viewer may know of this offer now. A document without hours is closed.
    pub fn shows(&self, doc: DocId) -> bool {
        self.opens_at.first(doc).is_some_and(|at| at <= self.now)
            && self.closes_at.first(doc).is_some_and(|at| self.now < at)
            && self.audience.has_any(doc)
    }

    /// The viewer may know this offer's price.
    pub fn shows_price(&self, doc: DocId) -> bool {
        self.price_for.has_any(doc)
    }
}

/// A column of keys and those of its values that were asked for.
pub struct Keys {
    column: Option<StrColumn>,
    wanted: Vec<u64>,
}

impl Keys {
    pub fn open(segment: &SegmentReader, name: &str, wanted: &[String]) -> tantivy::Result<Self> {
        let column = segment.fast_fields().str(name)?;
        let mut ords = Vec::new();
        if let Some(column) = &column {
            for value in wanted {
                ords.extend(column.dictionary().term_ord(value.as_bytes())?);
            }
        }
        Ok(Self {
            column,
            wanted: ords,
        })
    }

    /// One of the document's values was asked for.
    pub fn has_any(&self, doc: DocId) -> bool {
        !self.wanted.is_empty() && self.ords(doc).any(|ord| self.wanted.contains(&ord))
    }

    pub fn ords(&self, doc: DocId) -> impl Iterator<Item = u64> {
        self.column
            .iter()
            .flat_map(move |column| column.ords().values_for_doc(doc))
    }

    pub fn column(&self) -> Option<&StrColumn> {
        self.column.as_ref()
    }
}
