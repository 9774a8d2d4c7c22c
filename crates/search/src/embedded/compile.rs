//! A plan as a tantivy query: begun and misspelt words become the terms of the index that they may mean.

use std::collections::HashMap;

use tantivy::{
    Searcher, Term,
    query::{
        AllQuery, BooleanQuery, ConstScoreQuery, DisjunctionMaxQuery, FuzzyTermQuery, Occur, Query,
    },
    schema::Field,
};

use super::{any::AnyOf, leaf::Leaf};
use crate::{
    language::spelling,
    plan::{self, Find, Misspelt, Plan, Slot, Tier},
};

/// Terms that one begun or misspelt word may become.
const TERMS_MAX: usize = 64;
/// Terms of a segment looked at for one begun word.
const TERMS_READ_MAX: usize = 4000;
/// Alternatives up to which leaping over documents is faster than reading them all.
const LEAPING: usize = 12;
/// The highest weight of a place; what constant scores are measured by.
const PLACE_WEIGHT_MAX: u16 = 8;

pub struct Compiler<'a> {
    pub searcher: &'a Searcher,
    pub terms: Field,
}

impl Compiler<'_> {
    /// A query for documents that fill all required slots, or at least `slots_min` of them.
    pub fn plan(&self, plan: &Plan, slots_min: Option<usize>) -> tantivy::Result<Box<dyn Query>> {
        if plan.required.is_empty() {
            return Ok(Box::new(AllQuery));
        }
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        let required = self.slots(&plan.required)?;
        match slots_min {
            None => clauses.extend(required.into_iter().map(|slot| (Occur::Must, slot))),
            Some(slots_min) => clauses.push((
                Occur::Must,
                Box::new(BooleanQuery::with_minimum_required_clauses(
                    required
                        .into_iter()
                        .map(|slot| (Occur::Should, slot))
                        .collect(),
                    slots_min,
                )),
            )),
        }
        for slot in self.slots(&plan.welcome)? {
            clauses.push((Occur::Should, slot));
        }
        Ok(Box::new(BooleanQuery::new(clauses)))
    }

    fn slots(&self, slots: &[Slot]) -> tantivy::Result<Vec<Box<dyn Query>>> {
        slots.iter().map(|slot| self.slot(slot)).collect()
    }

    /// The best alternative counts.
    pub fn slot(&self, slot: &Slot) -> tantivy::Result<Box<dyn Query>> {
        let mut any: Vec<Box<dyn Query>> = Vec::new();
        for alternative in &slot.alternatives {
            let scale = (alternative.tier as u16).saturating_mul(alternative.words);
            match &alternative.find {
                Find::Term(term) => any.push(self.leaf(term, scale)),
                Find::Prefix(prefix) => {
                    for term in self.begun(prefix)? {
                        any.push(self.leaf(&term, scale));
                    }
                }
                Find::Misspelt(misspelt) => {
                    for (term, distance) in self.misspelt(misspelt)? {
                        let tier = if distance > 1 {
                            Tier::TwoMistakes
                        } else {
                            alternative.tier
                        };
                        any.push(self.leaf(&term, tier as u16));
                    }
                }
                Find::All(slots) => {
                    let all = Box::new(BooleanQuery::intersection(self.slots(slots)?));
                    any.push(match alternative.tier {
                        // Words apart are worth what each is worth.
                        Tier::Exact => all,
                        _ => Box::new(ConstScoreQuery::new(
                            all,
                            f32::from(scale.saturating_mul(PLACE_WEIGHT_MAX)),
                        )),
                    });
                }
            }
        }
        Ok(match any.len() {
            1 => any.remove(0),
            0..=LEAPING => Box::new(AnyOf(any)),
            _ => Box::new(DisjunctionMaxQuery::new(any)),
        })
    }

    pub fn leaf(&self, term: &str, scale: u16) -> Box<dyn Query> {
        Box::new(Leaf {
            term: Term::from_field_text(self.terms, term),
            scale,
        })
    }

    /// Words of the index that begin so, the most frequent ones.
    fn begun(&self, prefix: &str) -> tantivy::Result<Vec<String>> {
        let mut found: HashMap<String, u64> = HashMap::new();
        // The first string that no longer begins so: no character of a word is above this one.
        let end = format!("{prefix}\u{10ffff}");
        for segment in self.searcher.segment_readers() {
            let index = segment.inverted_index(self.terms)?;
            let mut stream = index.terms().range().ge(prefix).lt(&end).into_stream()?;
            let mut read = 0;
            while read < TERMS_READ_MAX && stream.advance() {
                read += 1;
                if let Ok(term) = std::str::from_utf8(stream.key()) {
                    *found.entry(term.to_owned()).or_default() +=
                        u64::from(stream.value().doc_freq);
                }
            }
        }
        let mut found: Vec<(String, u64)> = found.into_iter().collect();
        found.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        found.truncate(TERMS_MAX);
        Ok(found.into_iter().map(|(term, _)| term).collect())
    }

    /// Words of the index that a misspelt one may mean with their distance, nearest first, then the most frequent.
    pub fn misspelt(&self, misspelt: &Misspelt) -> tantivy::Result<Vec<(String, usize)>> {
        let Misspelt {
            word,
            distance,
            same_start,
            begun,
            slips,
        } = misspelt;
        let term = Term::from_field_text(self.terms, word);
        let most = u8::try_from(*distance).unwrap_or(2).min(2);
        let query = if *begun {
            FuzzyTermQuery::new_prefix(term, most, true)
        } else {
            FuzzyTermQuery::new(term, most, true)
        };
        let start = if *same_start {
            plan::first_letter(word)
        } else {
            ""
        };
        let end = format!("{start}\u{10ffff}");
        let mut found: HashMap<String, u64> = HashMap::new();
        for segment in self.searcher.segment_readers() {
            let index = segment.inverted_index(self.terms)?;
            let terms = index.terms().search(query.automaton()?);
            let mut stream = terms.ge(start).lt(&end).into_stream()?;
            while stream.advance() {
                let Ok(term) = std::str::from_utf8(stream.key()) else {
                    continue;
                };
                // Figures, names and pairs are no misspelt words; the word itself is no mistake.
                if term != word
                    && term.chars().all(char::is_alphabetic)
                    && (!slips || spelling::is_slip(word, term))
                {
                    *found.entry(term.to_owned()).or_default() +=
                        u64::from(stream.value().doc_freq);
                }
            }
        }
        let mut found: Vec<(String, usize, u64)> = found
            .into_iter()
            .filter_map(|(term, frequency)| {
                let apart = spelling::distance(word, &term, *distance);
                let apart = apart.or(begun.then_some(usize::from(most)))?;
                Some((term, apart, frequency))
            })
            .collect();
        found.sort_unstable_by(|a, b| {
            a.1.cmp(&b.1)
                .then(b.2.cmp(&a.2))
                .then_with(|| a.0.cmp(&b.0))
        });
        found.truncate(TERMS_MAX);
        Ok(found
            .into_iter()
            .map(|(term, apart, _)| (term, apart))
            .collect())
    }
}
