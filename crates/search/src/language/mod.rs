//! The search language (DOMAIN §13): how words of documents and of queries are made alike.
//!
//! `normalise` cuts a text into words, `stem` finds their roots, `vocabulary` knows synonyms and right spellings,
//! `ambiguous` the words that mean two things. Everything here is plain functions on text: no index, no engine. An
//! engine's own analysis and synonym lists stay empty, so that engines agree.

pub mod ambiguous;
pub mod normalise;
pub mod spelling;
pub mod stem;
pub mod vocabulary;
