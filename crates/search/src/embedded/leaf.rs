//! The leaf of every query: the documents that have one term, scored by where the term stands.
//!
//! A term's frequency in a document is not how often it occurs but the place it occurs in ([`terms::Place`]), so a
//! score is `scale × weight of the place` and needs no statistics of the index. Thus a hidden offer can't be felt in
//! anybody's ranking, and engines can agree.

use tantivy::{
    DocId, DocSet, Score, SegmentReader, TantivyError, Term,
    postings::{Postings, SegmentPostings},
    query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight},
    schema::IndexRecordOption,
};

use crate::terms::Place;

#[derive(Clone, Debug)]
pub struct Leaf {
    pub term: Term,
    pub scale: u16,
}

impl Query for Leaf {
    fn weight(&self, _scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for Leaf {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let postings = reader
            .inverted_index(self.term.field())?
            .read_postings(&self.term, IndexRecordOption::WithFreqs)?;
        Ok(match postings {
            Some(postings) => Box::new(LeafScorer {
                postings,
                scale: f32::from(self.scale) * boost,
            }),
            None => Box::new(EmptyScorer),
        })
    }

    fn explain(&self, _reader: &SegmentReader, _doc: DocId) -> tantivy::Result<Explanation> {
        Err(TantivyError::InvalidArgument(
            "scores are not explained".to_owned(),
        ))
    }
}

struct LeafScorer {
    postings: SegmentPostings,
    scale: f32,
}

impl DocSet for LeafScorer {
    fn advance(&mut self) -> DocId {
        self.postings.advance()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.postings.seek(target)
    }

    fn doc(&self) -> DocId {
        self.postings.doc()
    }

    fn size_hint(&self) -> u32 {
        self.postings.size_hint()
    }
}

impl Scorer for LeafScorer {
    fn score(&mut self) -> Score {
        self.scale * f32::from(Place::weight(self.postings.term_freq()))
    }
}
