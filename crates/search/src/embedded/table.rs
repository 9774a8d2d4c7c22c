//! A segment's columns, read once into arrays: what every search filters, counts and sorts by, a lookup each.
//!
//! The values of a document (its audience, its certificates) are kept as the number of their *set*. There are few
//! different sets, so a query decides once for each set and not once for each document.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tantivy::{
    DocId, Searcher, SegmentReader,
    columnar::{Column, StrColumn},
    index::SegmentId,
};
use uuid::Uuid;

use super::schema::column;

/// The groups that are counted, in the order of [`Table::groups`].
pub const GROUPS: [&str; 5] = [
    column::CATEGORY,
    column::COMMODITY,
    column::PROVINCE,
    column::REGENCY,
    column::CERTIFICATE,
];

/// What every document of a segment says of itself.
pub struct Table {
    pub audience: Sets,
    pub price_for: Sets,
    pub groups: [Sets; GROUPS.len()],
    pub cooperative: Sets,
    /// Number of a document's opening hours in `hours`.
    hours_of: Vec<u32>,
    /// From when and until when, epoch microseconds.
    pub hours: Vec<(i64, i64)>,
    price: Vec<Option<i64>>,
    least: Vec<Option<i64>>,
    ready_on: Vec<Option<i64>>,
    title_words: Vec<u8>,
    ids: Vec<u128>,
}

/// A column of values: which set each document has, and what stands in the sets.
pub struct Sets {
    of: Vec<u32>,
    /// Places in `values`.
    sets: Vec<Vec<u32>>,
    /// In the order of their bytes.
    values: Vec<String>,
}

fn index(n: u32) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

impl Sets {
    fn read(segment: &SegmentReader, name: &str) -> tantivy::Result<Self> {
        let mut numbers = Numbers::default();
        let column = segment.fast_fields().str(name)?;
        let of = (0..segment.max_doc())
            .map(|doc| numbers.of(ords(column.as_ref(), doc)))
            .collect();
        let mut values = Vec::new();
        if let Some(column) = &column {
            let mut stream = column.dictionary().stream()?;
            while stream.advance() {
                values.push(String::from_utf8_lossy(stream.key()).into_owned());
            }
        }
        Ok(Self {
            of,
            sets: numbers.all,
            values,
        })
    }

    /// Which sets have any of the wanted values.
    pub fn with_any(&self, wanted: &[String]) -> Vec<bool> {
        let wanted: Vec<u32> = wanted
            .iter()
            .filter_map(|value| self.values.binary_search(value).ok().map(number))
            .collect();
        self.sets
            .iter()
            .map(|set| set.iter().any(|value| wanted.contains(value)))
            .collect()
    }

    /// The set of a document.
    pub fn of(&self, doc: DocId) -> usize {
        self.of
            .get(index(doc))
            .map_or(usize::MAX, |set| index(*set))
    }

    pub fn len(&self) -> usize {
        self.sets.len()
    }

    /// Counts of values, from counts of sets.
    pub fn named(&self, counts: &[u64]) -> HashMap<String, u64> {
        let mut by_value = vec![0_u64; self.values.len()];
        for (set, n) in self.sets.iter().zip(counts).filter(|(_, n)| **n > 0) {
            for value in set {
                if let Some(count) = by_value.get_mut(index(*value)) {
                    *count += n;
                }
            }
        }
        self.values
            .iter()
            .zip(by_value)
            .filter(|(_, n)| *n > 0)
            .map(|(value, n)| (value.clone(), n))
            .collect()
    }
}

fn ords(column: Option<&StrColumn>, doc: DocId) -> Vec<u32> {
    column.map_or_else(Vec::new, |column| {
        let ords = column.ords().values_for_doc(doc);
        ords.filter_map(|ord| u32::try_from(ord).ok()).collect()
    })
}

/// Gives each different thing a number, in the order in which they come.
struct Numbers<T> {
    known: HashMap<T, u32>,
    all: Vec<T>,
}

impl<T> Default for Numbers<T> {
    fn default() -> Self {
        Self {
            known: HashMap::new(),
            all: Vec::new(),
        }
    }
}

impl<T: Clone + Eq + std::hash::Hash> Numbers<T> {
    fn of(&mut self, thing: T) -> u32 {
        if let Some(known) = self.known.get(&thing) {
            return *known;
        }
        let new = number(self.all.len());
        self.all.push(thing.clone());
        self.known.insert(thing, new);
        new
    }
}

impl Table {
    fn read(segment: &SegmentReader) -> tantivy::Result<Self> {
        let columns = segment.fast_fields();
        let docs = segment.max_doc();
        let figures = |name| -> tantivy::Result<Vec<Option<i64>>> {
            let column: Column<i64> = columns.i64(name)?;
            Ok((0..docs).map(|doc| column.first(doc)).collect())
        };
        let (high, low) = (columns.u64(column::ID_HIGH)?, columns.u64(column::ID_LOW)?);
        let words = columns.u64(column::TITLE_WORDS)?;
        let (opens, closes) = (figures(column::OPENS_AT)?, figures(column::CLOSES_AT)?);
        let mut hours = Numbers::default();
        let hours_of = opens
            .into_iter()
            .zip(closes)
            // Without hours it is closed.
            .map(|(from, to)| hours.of((from.unwrap_or(i64::MAX), to.unwrap_or(i64::MIN))))
            .collect();
        let group = |name| Sets::read(segment, name);
        Ok(Self {
            audience: group(column::AUDIENCE)?,
            price_for: group(column::PRICE_FOR)?,
            groups: [
                group(GROUPS[0])?,
                group(GROUPS[1])?,
                group(GROUPS[2])?,
                group(GROUPS[3])?,
                group(GROUPS[4])?,
            ],
            cooperative: group(column::COOPERATIVE)?,
            hours_of,
            hours: hours.all,
            price: figures(column::PRICE)?,
            least: figures(column::LEAST)?,
            ready_on: figures(column::READY_ON)?,
            title_words: (0..docs)
                .map(|doc| u8::try_from(words.first(doc).unwrap_or_default()).unwrap_or(u8::MAX))
                .collect(),
            ids: (0..docs)
                .map(|doc| {
                    let half = |column: &Column<u64>| column.first(doc).unwrap_or_default();
                    Uuid::from_u64_pair(half(&high), half(&low)).as_u128()
                })
                .collect(),
        })
    }

    /// The number of a document's hours.
    pub fn hours_of(&self, doc: DocId) -> usize {
        self.hours_of
            .get(index(doc))
            .map_or(usize::MAX, |hours| index(*hours))
    }

    /// When the document's catalog opens, epoch microseconds.
    pub fn opens_at(&self, doc: DocId) -> i64 {
        self.hours
            .get(self.hours_of(doc))
            .map_or(i64::MIN, |(from, _)| *from)
    }

    /// Rupiah per sale unit. Ask [`super::gate::Gate::shows_price`] first.
    pub fn price(&self, doc: DocId) -> Option<i64> {
        self.price.get(index(doc)).copied().flatten()
    }

    /// Rupiah of the least order. Ask [`super::gate::Gate::shows_price`] first.
    pub fn least(&self, doc: DocId) -> Option<i64> {
        self.least.get(index(doc)).copied().flatten()
    }

    /// Days since 1970-01-01.
    pub fn ready_on(&self, doc: DocId) -> Option<i64> {
        self.ready_on.get(index(doc)).copied().flatten()
    }

    pub fn title_words(&self, doc: DocId) -> u8 {
        self.title_words.get(index(doc)).copied().unwrap_or(u8::MAX)
    }

    pub fn id(&self, doc: DocId) -> u128 {
        self.ids.get(index(doc)).copied().unwrap_or_default()
    }
}

/// The tables of the segments in use; segments never change, so a table holds as long as its segment.
#[derive(Default)]
pub struct Tables(Mutex<HashMap<SegmentId, Arc<Table>>>);

impl Tables {
    /// The tables of all segments that a searcher has, read where they are new; those of others are let go.
    pub fn of(&self, searcher: &Searcher) -> tantivy::Result<HashMap<SegmentId, Arc<Table>>> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut current = HashMap::new();
        for segment in searcher.segment_readers() {
            let id = segment.segment_id();
            let table = match known.get(&id) {
                Some(table) => table.clone(),
                None => Arc::new(Table::read(segment)?),
            };
            current.insert(id, table);
        }
        if current.len() != known.len() || current.keys().any(|id| !known.contains_key(id)) {
            known.clone_from(&current);
        }
        Ok(current)
    }
}
