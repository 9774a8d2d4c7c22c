//! One pass over the documents that match the text: gate, filters, counts and the best of them.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap},
    sync::Arc,
};

use domain::ids::OfferId;
use tantivy::{
    DocId, Score, SegmentOrdinal, SegmentReader, TantivyError,
    collector::{Collector, SegmentCollector},
    i64_to_u64,
    index::SegmentId,
};
use uuid::Uuid;

use super::{
    gate::{Gate, has},
    table::{GROUPS, Sets, Table},
};
use crate::{Facets, Filters, Query, Sort};

/// The ranges that are counted, in the order of [`Found::facets`].
const RANGES: usize = 3;

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
    pub tables: &'a HashMap<SegmentId, Arc<Table>>,
    /// How many of the best to keep: all up to the end of the page.
    pub keep: usize,
    /// There is a text to be relevant to.
    pub by_text: bool,
}

impl Collector for Collect<'_> {
    type Fruit = Found;
    type Child = Segment;

    fn for_segment(&self, _: SegmentOrdinal, reader: &SegmentReader) -> tantivy::Result<Segment> {
        let table = self.tables.get(&reader.segment_id());
        // Both are of one searcher.
        let table = table.ok_or_else(|| TantivyError::InternalError("a segment unread".into()))?;
        Ok(Segment::open(table.clone(), self))
    }

    fn requires_scoring(&self) -> bool {
        self.query.sort == Sort::Relevance && self.by_text
    }

    fn merge_fruits(&self, parts: Vec<Found>) -> tantivy::Result<Found> {
        let mut all = Found::default();
        for part in parts {
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
    table: Arc<Table>,
    gate: Gate,
    groups: [Group; GROUPS.len()],
    cooperative: Option<Vec<bool>>,
    ranges: [Range; RANGES],
    sort: Sort,
    by_text: bool,
    keep: usize,
    visible: u64,
    total: u64,
    best: BinaryHeap<Reverse<Key>>,
}

struct Group {
    /// The sets that pass, where there is a filter.
    passing: Option<Vec<bool>>,
    /// By set.
    counts: Vec<u64>,
}

impl Group {
    fn new(sets: &Sets, wanted: &[String]) -> Self {
        let wanted = wanted.get(..VALUES_MAX).unwrap_or(wanted);
        Self {
            passing: (!wanted.is_empty()).then(|| sets.with_any(wanted)),
            counts: vec![0; sets.len()],
        }
    }

    fn passes(&self, sets: &Sets, doc: DocId) -> bool {
        self.passing
            .as_ref()
            .is_none_or(|passing| has(passing, sets, doc))
    }

    fn count(&mut self, sets: &Sets, doc: DocId) {
        if let Some(count) = self.counts.get_mut(sets.of(doc)) {
            *count += 1;
        }
    }
}

/// A figure that is filtered and counted by ranges.
struct Range {
    read: fn(&Table, DocId) -> Option<i64>,
    /// It tells of a price: who may not see that, is not told by filters and counts either.
    of_price: bool,
    wanted: Option<(i64, i64)>,
    counted: Vec<(i64, i64)>,
    counts: Vec<u64>,
}

impl Range {
    fn new(read: fn(&Table, DocId) -> Option<i64>, from: Option<i64>, to: Option<i64>) -> Self {
        let filtered = from.is_some() || to.is_some();
        Self {
            read,
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

    fn value(&self, table: &Table, gate: &Gate, doc: DocId) -> Option<i64> {
        if self.of_price && !gate.shows_price(doc) {
            return None;
        }
        (self.read)(table, doc)
    }

    fn passes(&self, table: &Table, gate: &Gate, doc: DocId) -> bool {
        self.wanted.is_none_or(|(from, to)| {
            self.value(table, gate, doc)
                .is_some_and(|value| (from..=to).contains(&value))
        })
    }

    fn count(&mut self, table: &Table, gate: &Gate, doc: DocId) {
        if self.counted.is_empty() {
            return;
        }
        let Some(value) = self.value(table, gate, doc) else {
            return;
        };
        for ((from, to), count) in self.counted.iter().zip(&mut self.counts) {
            *count += u64::from((*from..=*to).contains(&value));
        }
    }
}

impl Segment {
    fn open(table: Arc<Table>, collect: &Collect<'_>) -> Self {
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
        let [category, commodity, province, regency, certificate] = &table.groups;
        Self {
            gate: Gate::open(table.clone(), &query.tokens, query.now.0),
            groups: [
                Group::new(category, categories),
                Group::new(commodity, commodities),
                Group::new(province, provinces),
                Group::new(regency, regencies),
                Group::new(certificate, certificates),
            ],
            cooperative: cooperative
                .as_ref()
                .map(|slug| table.cooperative.with_any(std::slice::from_ref(slug))),
            ranges: [
                Range::new(Table::price, *price_from, *price_to)
                    .of_price()
                    .counting(ranges.prices.iter().copied()),
                Range::new(Table::ready_on, None, ready_by.map(i64::from))
                    .counting(ranges.ready_by.iter().map(|by| (i64::MIN, i64::from(*by)))),
                Range::new(Table::least, None, *least_to)
                    .of_price()
                    .counting(ranges.least_to.iter().map(|to| (i64::MIN, *to))),
            ],
            sort: query.sort,
            by_text: collect.by_text,
            keep: collect.keep,
            visible: 0,
            total: 0,
            best: BinaryHeap::new(),
            table,
        }
    }

    /// A hidden price never passes and never sorts, whatever it is: else it could be found out by asking.
    fn shown_price(&self, doc: DocId) -> Option<i64> {
        let shown = self.gate.shows_price(doc);
        self.table.price(doc).filter(|_| shown)
    }

    fn primary(&self, doc: DocId, score: Score) -> u64 {
        match self.sort {
            Sort::Relevance if !self.by_text => 0,
            // Scores are never negative, so their bits sort as they do. Of two equal ones the shorter title says less
            // else: "tempe chips" before "tempe chips of velvet beans".
            Sort::Relevance => {
                let words = u64::from(self.table.title_words(doc));
                (u64::from(score.to_bits()) << 8) | (255 - words)
            }
            Sort::PriceUp => self
                .shown_price(doc)
                .map_or(0, |price| u64::MAX - i64_to_u64(price)),
            Sort::PriceDown => self.shown_price(doc).map_or(0, i64_to_u64),
            Sort::Newest => i64_to_u64(self.table.opens_at(doc)),
            Sort::ReadySoonest => {
                u64::MAX - i64_to_u64(self.table.ready_on(doc).unwrap_or(i64::MIN))
            }
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
        let newest = i64_to_u64(self.table.opens_at(doc));
        keep_best(
            &mut self.best,
            (primary, newest, self.table.id(doc)),
            self.keep,
        );
    }
}

impl SegmentCollector for Segment {
    type Fruit = Found;

    fn collect(&mut self, doc: DocId, score: Score) {
        if !self.gate.shows(doc) {
            return;
        }
        self.visible += 1;
        let table = &self.table;
        if self
            .cooperative
            .as_ref()
            .is_some_and(|chosen| !has(chosen, &table.cooperative, doc))
        {
            return;
        }
        let groups = self.groups.iter().zip(&table.groups);
        let groups = groups.map(|(group, sets)| group.passes(sets, doc));
        let ranges = self
            .ranges
            .iter()
            .map(|range| range.passes(table, &self.gate, doc));
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
                if let Some((group, sets)) = self.groups.get_mut(at).zip(table.groups.get(at)) {
                    group.count(sets, doc);
                } else if let Some(range) = self.ranges.get_mut(at - GROUPS.len()) {
                    range.count(table, &self.gate, doc);
                }
            }
            None => {
                self.total += 1;
                for (group, sets) in self.groups.iter_mut().zip(&table.groups) {
                    group.count(sets, doc);
                }
                for range in &mut self.ranges {
                    range.count(table, &self.gate, doc);
                }
                self.rank(doc, score);
            }
        }
    }

    fn harvest(self) -> Self::Fruit {
        let mut counts: [HashMap<String, u64>; GROUPS.len()] = Default::default();
        let groups = self.groups.iter().zip(&self.table.groups);
        for (named, (group, sets)) in counts.iter_mut().zip(groups) {
            *named = sets.named(&group.counts);
        }
        Found {
            visible: self.visible,
            total: self.total,
            best: self.best,
            counts,
            ranges: self.ranges.map(|range| range.counts),
        }
    }
}
