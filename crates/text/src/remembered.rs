//! Sentences that were made before. A page has some two hundred, mostly the same ones as the page before; making one anew
//! costs a hundred times as much as copying it.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

/// Sentences kept of each kind; when there are more, all are forgotten and remembered anew.
const SENTENCES_MAX: usize = 8_192;
/// Longer ones are rare and not kept.
const BYTES_MAX: usize = 256;

/// Sentences by what they are made of.
pub(crate) struct Remembered(RwLock<Option<HashMap<String, String>>>);

impl Remembered {
    pub(crate) const fn new() -> Self {
        Self(RwLock::new(None))
    }

    /// The sentence for `key`, made by `make` when it is asked for the first time.
    pub(crate) fn get(&self, key: &str, make: impl FnOnce() -> String) -> String {
        {
            let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(sentence) = known.as_ref().and_then(|known| known.get(key)) {
                return sentence.clone();
            }
        }
        let sentence = make();
        if key.len() + sentence.len() <= BYTES_MAX {
            let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
            let known = known.get_or_insert_default();
            if known.len() >= SENTENCES_MAX {
                known.clear();
            }
            known.insert(key.to_owned(), sentence.clone());
        }
        sentence
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_made_once_and_memory_is_bounded() {
        let remembered = Remembered::new();
        assert_eq!(remembered.get("a", || "one".to_owned()), "one");
        assert_eq!(remembered.get("a", || unreachable!()), "one");
        for n in 0..20_000 {
            remembered.get(&n.to_string(), || n.to_string());
            let known = remembered.0.read().unwrap();
            assert!(known.as_ref().unwrap().len() <= SENTENCES_MAX);
        }
        remembered.get("long", || "x".repeat(300));
        assert_eq!(remembered.get("long", || "again".to_owned()), "again");
    }
}
