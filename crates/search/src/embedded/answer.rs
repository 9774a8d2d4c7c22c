//! Answering a query: first as typed, then with mistakes forgiven more freely, then with words left out.

use std::{collections::HashMap, sync::Arc};

use tantivy::{
    DocSet, Searcher, TERMINATED,
    index::SegmentId,
    query::{DisjunctionMaxQuery, EnableScoring, Query as EngineQuery},
    schema::Field,
};

use super::{
    collect::{Collect, Found},
    compile::Compiler,
    gate::Gate,
    table::{Table, Tables},
};
use crate::{
    Matched, Query, Results,
    language::{spelling, vocabulary},
    plan::{Misspelt, Plan, Reach},
    terms,
};

const PER_PAGE_MAX: usize = 100;
/// Hits that can be paged to; who looks further should narrow the search.
const HITS_MAX: usize = 10_000;
const SUGGESTIONS_MAX: usize = 5;

pub fn answer(
    searcher: &Searcher,
    tables: &Tables,
    terms: Field,
    query: &Query,
) -> tantivy::Result<Results> {
    let answer = Answer {
        searcher,
        tables: tables.of(searcher)?,
        compiler: Compiler { searcher, terms },
        query,
    };
    answer.results()
}

struct Answer<'a> {
    searcher: &'a Searcher,
    tables: HashMap<SegmentId, Arc<Table>>,
    compiler: Compiler<'a>,
    query: &'a Query,
}

impl Answer<'_> {
    fn results(&self) -> tantivy::Result<Results> {
        let per_page = self.query.per_page.clamp(1, PER_PAGE_MAX);
        let skip = self
            .query
            .page
            .max(1)
            .saturating_sub(1)
            .saturating_mul(per_page);
        let keep = skip.saturating_add(per_page).min(HITS_MAX);

        let plan = Plan::of(self.query, Reach::Near);
        let mut matched = Matched::All;
        let mut reach = Reach::Near;
        let by_text = !plan.required.is_empty();
        let mut found = self.run(self.compiler.plan(&plan, None)?, keep, by_text)?;
        if found.visible == 0 && by_text {
            let far = Plan::of(self.query, Reach::Far);
            found = self.run(self.forgiving(&far, None)?, keep, true)?;
            if found.visible == 0 {
                reach = Reach::Slips;
                let slips = Plan::of(self.query, reach);
                if slips != far {
                    found = self.run(self.forgiving(&slips, None)?, keep, true)?;
                }
            }
            let slots = plan.required.len();
            if found.visible == 0 && slots > 1 && !plan.negated {
                found = self.run(self.forgiving(&far, Some(slots.div_ceil(2)))?, keep, true)?;
                if found.visible > 0 {
                    matched = Matched::Some;
                }
            }
        }
        let nothing = found.visible == 0;
        Ok(Results {
            hits: found.page(skip, keep.saturating_sub(skip)),
            total: found.total,
            total_without_filters: found.visible,
            facets: found.facets(),
            matched,
            corrected: if nothing {
                None
            } else {
                self.corrected(&plan, reach)?
            },
            suggestions: if nothing {
                self.suggestions(&plan)?
            } else {
                Vec::new()
            },
        })
    }

    fn run(
        &self,
        query: Box<dyn EngineQuery>,
        keep: usize,
        by_text: bool,
    ) -> tantivy::Result<Found> {
        let collect = Collect {
            query: self.query,
            tables: &self.tables,
            keep,
            by_text,
        };
        self.searcher.search(&*query, &collect)
    }

    /// With mistakes forgiven freely, read as typed or with unknown words put right first.
    fn forgiving(
        &self,
        plan: &Plan,
        slots_min: Option<usize>,
    ) -> tantivy::Result<Box<dyn EngineQuery>> {
        let typed = self.compiler.plan(plan, slots_min)?;
        let Some(corrected) = plan.corrected(self.query) else {
            return Ok(typed);
        };
        let slots_min = slots_min.map(|_| corrected.required.len().div_ceil(2));
        let corrected = self.compiler.plan(&corrected, slots_min)?;
        Ok(Box::new(DisjunctionMaxQuery::new(vec![typed, corrected])))
    }

    /// The text with each word that no visible offer has put right, by a word that one has.
    fn corrected(&self, plan: &Plan, reach: Reach) -> tantivy::Result<Option<String>> {
        let mut changed = false;
        let mut words = Vec::new();
        for (at, word) in plan.words.iter().enumerate() {
            let last = at + 1 == plan.words.len();
            match self.put_right(word, last, reach)? {
                Some(right) => {
                    changed = true;
                    words.push(right);
                }
                None => words.push(word.clone()),
            }
        }
        Ok(changed.then(|| words.join(" ")))
    }

    fn put_right(&self, word: &str, last: bool, reach: Reach) -> tantivy::Result<Option<String>> {
        let distance = spelling::distance_allowed(word);
        let misspelt = match distance {
            0 => Misspelt::slip(word).filter(|_| reach == Reach::Slips),
            _ => Some(Misspelt {
                word: word.to_owned(),
                distance,
                same_start: false,
                begun: false,
                slips: false,
            }),
        };
        let Some(misspelt) = misspelt else {
            return Ok(None);
        };
        if vocabulary::is_word(word) || self.is_found(word, last)? {
            return Ok(None);
        }
        let table = vocabulary::table();
        let mut candidates = self.compiler.misspelt(&misspelt)?;
        if distance > 0
            && let Some((distance, known)) = table.nearest(word, distance)
        {
            candidates.extend(known.into_iter().map(|known| (known.to_owned(), distance)));
        }
        candidates.sort_by_key(|(_, distance)| *distance);
        for (candidate, _) in candidates {
            let meaning = table
                .group_of(&candidate)
                .map(|group| terms::meaning(table.canonical(group)));
            if self.any_visible(&*self.compiler.leaf(&candidate, 1))?
                || match meaning {
                    Some(meaning) => self.any_visible(&*self.compiler.leaf(&meaning, 1))?,
                    None => false,
                }
            {
                return Ok(Some(candidate));
            }
        }
        Ok(None)
    }

    /// Some visible offer has the word as typed, its root, a synonym, or a word that it begins.
    fn is_found(&self, word: &str, last: bool) -> tantivy::Result<bool> {
        let slot = Plan::exact(word, last);
        self.any_visible(&*self.compiler.slot(&slot)?)
    }

    /// Parts of a text that do find something.
    fn suggestions(&self, plan: &Plan) -> tantivy::Result<Vec<String>> {
        let mut suggestions = Vec::new();
        if plan.required.len() < 2 {
            return Ok(suggestions);
        }
        for slot in &plan.required {
            if suggestions.len() < SUGGESTIONS_MAX
                && self.any_visible(&*self.compiler.slot(slot)?)?
            {
                suggestions.push(slot.typed.join(" "));
            }
        }
        Ok(suggestions)
    }

    /// Whether the viewer sees any document of a query.
    fn any_visible(&self, query: &dyn EngineQuery) -> tantivy::Result<bool> {
        let weight = query.weight(EnableScoring::disabled_from_searcher(self.searcher))?;
        for segment in self.searcher.segment_readers() {
            let Some(table) = self.tables.get(&segment.segment_id()) else {
                continue;
            };
            let gate = Gate::open(table.clone(), &self.query.tokens, self.query.now.0);
            let mut docs = weight.scorer(segment, 1.0)?;
            let mut doc = docs.doc();
            while doc != TERMINATED {
                if !segment.is_deleted(doc) && gate.shows(doc) {
                    return Ok(true);
                }
                doc = docs.advance();
            }
        }
        Ok(false)
    }
}
