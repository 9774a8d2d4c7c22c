//! One pass over the documents that match the text: gate, filters, counts and the best of them.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap},
};

use domain::ids::OfferId;
use tantivy::{
    DocId, Score, SegmentOrdinal, SegmentReader,
    collector::{Collector, SegmentCollector},
    columnar::Column,
    i64_to_u64,
};
use uuid::Uuid;

use super::{
    gate::{Gate, Keys},
    schema::column,
};
use crate::{Facets, Filters, Query, Sort};

/// The groups that are counted, in the order of [`Found::facets`].
const GROUPS: [&str; 5] = [
    column::CATEGORY,
    column::COMMODITY,
    column::PROVINCE,
    column::REGENCY,
    column::CERTIFICATE,
];

/// The ranges that are counted, in the order of [`Found::facets`].
const RANGES: usize = 3;
const PRICE: usize = 0;

/// Values of one filter group read.
const VALUES_MAX: usize = 600;

/// Sorts hits: the higher the better. Primary by the wished order, then newest catalog, then newest offer.
type Key = (u64, u64, u128);

#[derive(Default)]
pub struct Found {
    /// Documents that the viewer sees and the text matches.
    pub visible: u64,
    /// Those that pass all filters.
    pub total: u64,
    best: BinaryHeap<Reverse<Key>>,
    counts: [HashMap<String, u64>; GROUPS.len()],
    ranges: [Vec<u64>; RANGES],
}

impl Found {
    /// Ids of one page, best first.
    pub fn page(&self, skip: usize, take: usize) -> Vec<OfferId> {
        let mut keys: Vec<Key> = self.best.iter().map(|Reverse(key)| *key).collect();
        keys.sort_unstable_by(|a, b| b.cmp(a));
        keys.into_iter()
            .skip(skip)
            .take(take)
            .map(|(_, _, id)| OfferId(Uuid::from_u128(id)))
            .collect()
    }

    pub fn facets(&self) -> Facets {
        let [category, commodity, province, regency, certificate] =
            std::array::from_fn(|group| self.counts.get(group).map(sorted).unwrap_or_default());
        let [price, ready, least] = self.ranges.clone();
        Facets {
            category,
            commodity,
            province,
            regency,
            certificate,
            price,
            ready,
            least,
        }
    }
}

fn sorted(counts: &HashMap<String, u64>) -> Vec<(String, u64)> {
    let mut counts: Vec<(String, u64)> = counts.iter().map(|(key, n)| (key.clone(), *n)).collect();
    counts.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counts
}

/// What a search collects.
pub struct Collect<'a> {
    pub query: &'a Query,
    /// How many of the best to keep: all up to the end of the page.
    pub keep: usize,
    /// There is a text to be relevant to.
    pub by_text: bool,
}

impl Collector for Collect<'_> {
    type Fruit = Found;
    type Child = Segment;

    fn for_segment(&self, _: SegmentOrdinal, reader: &SegmentReader) -> tantivy::Result<Segment> {
        Segment::open(reader, self)
    }

    fn requires_scoring(&self) -> bool {
        self.query.sort == Sort::Relevance && self.by_text
    }

    fn merge_fruits(&self, parts: Vec<tantivy::Result<Found>>) -> tantivy::Result<Found> {
        let mut all = Found::default();
        for part in parts {
            let part = part?;
            all.visible += part.visible;
            all.total += part.total;
            for Reverse(key) in part.best {
                keep_best(&mut all.best, key, self.keep);
            }
            for (counts, more) in all.counts.iter_mut().zip(part.counts) {
                for (value, n) in more {
                    *counts.entry(value).or_default() += n;
                }
            }
            for (counts, more) in all.ranges.iter_mut().zip(part.ranges) {
                counts.resize(more.len(), 0);
                counts.iter_mut().zip(more).for_each(|(n, more)| *n += more);
            }
        }
        Ok(all)
    }
}

fn keep_best(best: &mut BinaryHeap<Reverse<Key>>, key: Key, keep: usize) {
    if best.len() < keep {
        best.push(Reverse(key));
    } else if best.peek().is_some_and(|Reverse(worst)| *worst < key) {
        best.pop();
        best.push(Reverse(key));
    }
}

/// One segment of the index, with everything resolved to its own numbers.
pub struct Segment {
    gate: Gate,
    groups: [Group; GROUPS.len()],
    cooperative: Option<Keys>,
    ranges: [Range; RANGES],
    ready_on: Column<i64>,
    opens_at: Column<i64>,
    id_high: Column<u64>,
    id_low: Column<u64>,
    title_words: Column<u64>,
    sort: Sort,
    by_text: bool,
    keep: usize,
    visible: u64,
    total: u64,
    best: BinaryHeap<Reverse<Key>>,
}

struct Group {
    keys: Keys,
    filtered: bool,
    counts: Vec<u64>,
}

impl Group {
    fn open(segment: &SegmentReader, name: &str, wanted: &[String]) -> tantivy::Result<Self> {
        let wanted = wanted.get(..VALUES_MAX).unwrap_or(wanted);
        let keys = Keys::open(segment, name, wanted)?;
        let values = keys.column().map_or(0, |column| column.num_terms());
        Ok(Self {
            keys,
            filtered: !wanted.is_empty(),
            counts: vec![0; values],
        })
    }

    fn passes(&self, doc: DocId) -> bool {
        !self.filtered || self.keys.has_any(doc)
    }

    fn count(&mut self, doc: DocId) {
        for ord in self.keys.ords(doc) {
            let slot = usize::try_from(ord).ok();
            if let Some(count) = slot.and_then(|slot| self.counts.get_mut(slot)) {
                *count += 1;
            }
        }
    }

    fn named_counts(&self) -> tantivy::Result<HashMap<String, u64>> {
        let mut named = HashMap::new();
        let Some(column) = self.keys.column() else {
            return Ok(named);
        };
        let (ords, counts): (Vec<u64>, Vec<u64>) = (0u64..)
            .zip(self.counts.iter().copied())
            .filter(|(_, count)| *count > 0)
            .unzip();
        let mut counts = counts.into_iter();
        column.dictionary().sorted_ords_to_term_cb(&ords, |key| {
            named.insert(
                String::from_utf8_lossy(key).into_owned(),
                counts.next().unwrap_or_default(),
            );
        })?;
        Ok(named)
    }
}

/// A figure that is filtered and counted by ranges.
struct Range {
    column: Column<i64>,
    /// It tells of a price: who may not see that, is not told by filters and counts either.
    of_price: bool,
    wanted: Option<(i64, i64)>,
    counted: Vec<(i64, i64)>,
    counts: Vec<u64>,
}

impl Range {
    fn new(column: Column<i64>, from: Option<i64>, to: Option<i64>) -> Self {
        let filtered = from.is_some() || to.is_some();
        Self {
            column,
            of_price: false,
            wanted: filtered.then_some((from.unwrap_or(i64::MIN), to.unwrap_or(i64::MAX))),
            counted: Vec::new(),
            counts: Vec::new(),
        }
    }

    fn of_price(mut self) -> Self {
        self.of_price = true;
        self
    }

    fn counting(mut self, ranges: impl Iterator<Item = (i64, i64)>) -> Self {
        self.counted = ranges.take(VALUES_MAX).collect();
        self.counts = vec![0; self.counted.len()];
        self
    }

    fn value(&self, gate: &Gate, doc: DocId) -> Option<i64> {
        self.column
            .first(doc)
            .filter(|_| !self.of_price || gate.shows_price(doc))
    }

    fn passes(&self, gate: &Gate, doc: DocId) -> bool {
        self.wanted.is_none_or(|(from, to)| {
            self.value(gate, doc)
                .is_some_and(|value| (from..=to).contains(&value))
        })
    }

    fn count(&mut self, gate: &Gate, doc: DocId) {
        if self.counted.is_empty() {
            return;
        }
        let Some(value) = self.value(gate, doc) else {
            return;
        };
        for ((from, to), count) in self.counted.iter().zip(&mut self.counts) {
            *count += u64::from((*from..=*to).contains(&value));
        }
    }
}

impl Segment {
    fn open(reader: &SegmentReader, collect: &Collect<'_>) -> tantivy::Result<Self> {
        let query = collect.query;
        let Filters {
            categories,
            commodities,
            provinces,
            regencies,
            certificates,
            price_from,
            price_to,
            ready_by,
            least_to,
            cooperative,
        } = &query.filters;
        let ranges = &query.ranges;
        let columns = reader.fast_fields();
        let group = |name, wanted| Group::open(reader, name, wanted);
        Ok(Self {
            gate: Gate::open(reader, &query.tokens, query.now.0)?,
            groups: [
                group(GROUPS[0], categories)?,
                group(GROUPS[1], commodities)?,
                group(GROUPS[2], provinces)?,
                group(GROUPS[3], regencies)?,
                group(GROUPS[4], certificates)?,
            ],
            cooperative: cooperative
                .as_ref()
                .map(|slug| Keys::open(reader, column::COOPERATIVE, std::slice::from_ref(slug)))
                .transpose()?,
            ranges: [
                Range::new(columns.i64(column::PRICE)?, *price_from, *price_to)
                    .of_price()
                    .counting(ranges.prices.iter().copied()),
                Range::new(
                    columns.i64(column::READY_ON)?,
                    None,
                    ready_by.map(i64::from),
                )
                .counting(ranges.ready_by.iter().map(|by| (i64::MIN, i64::from(*by)))),
                Range::new(columns.i64(column::LEAST)?, None, *least_to)
                    .of_price()
                    .counting(ranges.least_to.iter().map(|to| (i64::MIN, *to))),
            ],
            ready_on: columns.i64(column::READY_ON)?,
            opens_at: columns.i64(column::OPENS_AT)?,
            id_high: columns.u64(column::ID_HIGH)?,
            id_low: columns.u64(column::ID_LOW)?,
            title_words: columns.u64(column::TITLE_WORDS)?,
            sort: query.sort,
            by_text: collect.by_text,
            keep: collect.keep,
            visible: 0,
            total: 0,
            best: BinaryHeap::new(),
        })
    }

    /// A hidden price never passes and never sorts, whatever it is: else it could be found out by asking.
    fn shown_price(&self, doc: DocId) -> Option<i64> {
        self.ranges
            .get(PRICE)
            .and_then(|price| price.value(&self.gate, doc))
    }

    fn primary(&self, doc: DocId, score: Score) -> u64 {
        let value = |column: &Column<i64>| i64_to_u64(column.first(doc).unwrap_or(i64::MIN));
        match self.sort {
            Sort::Relevance if !self.by_text => 0,
            // Scores are never negative, so their bits sort as they do. Of two equal ones the shorter title says less
            // else: "tempe chips" before "tempe chips of velvet beans".
            Sort::Relevance => {
                let words = self.title_words.first(doc).unwrap_or_default().min(255);
                (u64::from(score.to_bits()) << 8) | (255 - words)
            }
            Sort::PriceUp => self
                .shown_price(doc)
                .map_or(0, |price| u64::MAX - i64_to_u64(price)),
            Sort::PriceDown => self.shown_price(doc).map_or(0, i64_to_u64),
            Sort::Newest => value(&self.opens_at),
            Sort::ReadySoonest => u64::MAX - value(&self.ready_on),
        }
    }

    fn rank(&mut self, doc: DocId, score: Score) {
        let primary = self.primary(doc, score);
        if self.best.len() >= self.keep
            && self
                .best
                .peek()
                .is_none_or(|Reverse(worst)| primary < worst.0)
        {
            return;
        }
        let newest = i64_to_u64(self.opens_at.first(doc).unwrap_or(i64::MIN));
        let high = self.id_high.first(doc).unwrap_or_default();
        let low = self.id_low.first(doc).unwrap_or_default();
        let id = Uuid::from_u64_pair(high, low).as_u128();
        keep_best(&mut self.best, (primary, newest, id), self.keep);
    }
}

impl SegmentCollector for Segment {
    type Fruit = tantivy::Result<Found>;

    fn collect(&mut self, doc: DocId, score: Score) {
        if !self.gate.shows(doc) {
            return;
        }
        self.visible += 1;
        if self
            .cooperative
            .as_ref()
            .is_some_and(|cooperative| !cooperative.has_any(doc))
        {
            return;
        }
        let groups = self.groups.iter().map(|group| group.passes(doc));
        let ranges = self
            .ranges
            .iter()
            .map(|range| range.passes(&self.gate, doc));
        let mut failed = None;
        for (at, passes) in groups.chain(ranges).enumerate() {
            if !passes {
                if failed.is_some() {
                    return;
                }
                failed = Some(at);
            }
        }
        // A group is counted without its own filter: what fails only there still counts there.
        match failed {
            Some(at) => {
                if let Some(group) = self.groups.get_mut(at) {
                    group.count(doc);
                } else if let Some(range) = self.ranges.get_mut(at - GROUPS.len()) {
                    range.count(&self.gate, doc);
                }
            }
            None => {
                self.total += 1;
                self.groups.iter_mut().for_each(|group| group.count(doc));
                for range in &mut self.ranges {
                    range.count(&self.gate, doc);
                }
                self.rank(doc, score);
            }
        }
    }

    fn harvest(self) -> Self::Fruit {
        let mut counts: [HashMap<String, u64>; GROUPS.len()] = Default::default();
        for (named, group) in counts.iter_mut().zip(&self.groups) {
            *named = group.named_counts()?;
        }
        Ok(Found {
            visible: self.visible,
            total: self.total,
            best: self.best,
            counts,
            ranges: self.ranges.map(|range| range.counts),
        })
    }
}
