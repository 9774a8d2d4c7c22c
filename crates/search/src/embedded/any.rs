//! Documents that any of a few queries finds, scored by the best of them.
//!
//! The engine's own union reads all documents of all its parts, a window at a time. This one leaps: where a rarer word is
//! wanted too, it looks only at the documents that have that one, so that a search of several words costs what its
//! rarest word costs, however large the market is.

use tantivy::{
    DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError,
    query::{EmptyScorer, EnableScoring, Explanation, Query, QueryClone, Scorer, Weight},
};

#[derive(Debug)]
pub struct AnyOf(pub Vec<Box<dyn Query>>);

impl Clone for AnyOf {
    fn clone(&self) -> Self {
        Self(self.0.iter().map(|query| query.box_clone()).collect())
    }
}

impl Query for AnyOf {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let weights = self.0.iter().map(|query| query.weight(scoring));
        Ok(Box::new(AnyWeight(
            weights.collect::<tantivy::Result<_>>()?,
        )))
    }
}

struct AnyWeight(Vec<Box<dyn Weight>>);

impl Weight for AnyWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut parts = Vec::with_capacity(self.0.len());
        for weight in &self.0 {
            let part = weight.scorer(reader, boost)?;
            if part.doc() != TERMINATED {
                parts.push(part);
            }
        }
        Ok(match parts.len() {
            0 => Box::new(EmptyScorer),
            1 => parts.remove(0),
            _ => Box::new(AnyScorer::over(parts)),
        })
    }

    fn explain(&self, _reader: &SegmentReader, _doc: DocId) -> tantivy::Result<Explanation> {
        Err(TantivyError::InvalidArgument(
            "scores are not explained".to_owned(),
        ))
    }
}

struct AnyScorer {
    parts: Vec<Box<dyn Scorer>>,
    doc: DocId,
}

impl AnyScorer {
    fn over(parts: Vec<Box<dyn Scorer>>) -> Self {
        let mut any = Self { parts, doc: 0 };
        any.settle();
        any
    }

    fn settle(&mut self) -> DocId {
        let docs = self.parts.iter().map(|part| part.doc());
        self.doc = docs.min().unwrap_or(TERMINATED);
        self.doc
    }
}

impl DocSet for AnyScorer {
    fn advance(&mut self) -> DocId {
        for part in &mut self.parts {
            if part.doc() == self.doc {
                part.advance();
            }
        }
        self.settle()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        for part in &mut self.parts {
            if part.doc() < target {
                part.seek(target);
            }
        }
        self.settle()
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        let hints = self.parts.iter().map(|part| part.size_hint());
        hints.fold(0, u32::saturating_add)
    }
}

impl Scorer for AnyScorer {
    fn score(&mut self) -> Score {
        let doc = self.doc;
        let parts = self.parts.iter_mut().filter(|part| part.doc() == doc);
        parts.map(|part| part.score()).fold(0.0, Score::max)
    }
}
