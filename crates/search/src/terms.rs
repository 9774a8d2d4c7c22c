//! A document as the terms it is found by, each with the weight of the best place it stands in.
//!
//! Kinds of terms, told apart by their first character (words have only letters and digits):
//! a bare word is a surface or a root; `#gula jawa` a meaning; `=gula merah` a name of several words as written;
//! `~keripik pisang` two neighbours; `^keripik` what a title begins with.

use std::collections::BTreeMap;

use crate::{
    OfferDocument,
    language::{
        ambiguous::{self, Context},
        normalise, stem,
        vocabulary::{self, Variant},
    },
};

/// Characters read of any one field.
const FIELD_CHARS_MAX: usize = 300;
/// Product names, places and the like read of one offer; names mostly repeat each other.
const NAMES_MAX: usize = 200;

/// Where a term stands; the higher, the more it says about the offer. The figure is the term's frequency in the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// Places of origin and the cooperative's name.
    Origin = 1,
    /// Category and commodity.
    Kind = 2,
    /// Names of pooled products.
    Product = 3,
    Title = 4,
}

impl Place {
    /// How much a match here counts.
    #[must_use]
    pub fn weight(frequency: u32) -> u16 {
        match frequency {
            0 | 1 => 1,
            2 => 3,
            3 => 5,
            _ => 8,
        }
    }
}

/// Words of category slugs that are goods of their own: "minyak-kelapa" must not make every oil a coconut.
const GOODS_IN_CATEGORIES: [&str; 10] = [
    "gula", "kopi", "teh", "madu", "minyak", "kelapa", "beras", "daging", "telur", "susu",
];

pub fn meaning(canonical: &str) -> String {
    format!("#{canonical}")
}

pub fn name(words: &[String]) -> String {
    format!("={}", words.join(" "))
}

pub fn neighbours(first: &str, second: &str) -> String {
    format!("~{first} {second}")
}

pub fn beginning(term: &str) -> String {
    format!("^{term}")
}

/// The terms of a document, each with its [`Place`] as a figure.
pub fn of_document(document: &OfferDocument) -> BTreeMap<String, u32> {
    let mut terms = Terms::default();
    terms.read(&document.title, Place::Title);
    for name in document.product_names.iter().take(NAMES_MAX) {
        terms.read(name, Place::Product);
    }
    let category: Vec<&str> = document
        .category
        .split('-')
        .filter(|word| !GOODS_IN_CATEGORIES.contains(word))
        .collect();
    terms.read(&category.join(" "), Place::Kind);
    terms.read(&document.commodity.replace('-', " "), Place::Kind);
    for name in document.commodity_names.iter().take(NAMES_MAX) {
        terms.read(name, Place::Kind);
    }
    for name in document.place_names.iter().take(NAMES_MAX) {
        terms.read(name, Place::Origin);
    }
    terms.read(&document.cooperative_name, Place::Origin);
    terms.found
}

/// How many words of a title say what it is; sizes don't.
pub fn title_words(title: &str) -> u64 {
    let words = normalise::words(title, FIELD_CHARS_MAX);
    let telling = |word: &&String| !normalise::is_stop_word(word) && !normalise::is_soft(word);
    u64::try_from(words.iter().filter(telling).count()).unwrap_or(u64::MAX)
}

#[derive(Default)]
struct Terms {
    found: BTreeMap<String, u32>,
}

impl Terms {
    fn read(&mut self, text: &str, place: Place) {
        let mut words = normalise::words(text, FIELD_CHARS_MAX);
        words.retain(|word| !normalise::is_stop_word(word));
        // Names of places are names: Lombok is no chili there.
        let named = if place == Place::Origin {
            vec![Vec::new(); words.len()]
        } else {
            names_in(&words)
        };
        let misleading = misleading_words(&named, words.len());
        for (at, word) in words.iter().enumerate() {
            let lies = misleading.get(at).copied().unwrap_or(false);
            if !lies {
                self.add_word(word, place);
            }
            for variant in named.get(at).into_iter().flatten() {
                if !(lies && variant.words.len() == 1) {
                    self.add_name(variant, place, at == 0);
                }
            }
        }
        if place >= Place::Product {
            for (first, second) in words.iter().zip(words.iter().skip(1)) {
                self.add(neighbours(first, second), place);
            }
        }
        if place == Place::Title
            && let Some(first) = words.first()
        {
            self.add(beginning(first), place);
        }
    }

    fn add_word(&mut self, word: &str, place: Place) {
        let root = stem::root(word);
        if root != word {
            self.add(root, place);
        }
        self.add(word.to_owned(), place);
    }

    fn add_name(&mut self, variant: &Variant, place: Place, first: bool) {
        let table = vocabulary::table();
        let Some(group) = table.group(variant.group) else {
            return;
        };
        let meaning = meaning(&group.canonical);
        if first && place == Place::Title {
            self.add(beginning(&meaning), place);
        }
        self.add(meaning, place);
        if variant.words.len() > 1 {
            self.add(name(&variant.words), place);
        }
        for word in &group.words {
            self.add(word.clone(), place);
        }
    }

    fn add(&mut self, term: String, place: Place) {
        let frequency = self.found.entry(term).or_default();
        *frequency = (*frequency).max(place as u32);
    }
}

/// The names that begin at each word.
fn names_in(words: &[String]) -> Vec<Vec<&'static Variant>> {
    let context = Context {
        words,
        ..Context::default()
    };
    (0..words.len())
        .map(|at| {
            let rest = words.get(at..).unwrap_or_default();
            let mut found = vocabulary::table().at_start(rest);
            found.retain(|variant| match variant.words.as_slice() {
                [word] => ambiguous::expands(word, context),
                _ => true,
            });
            found
        })
        .collect()
}

fn misleading_words(named: &[Vec<&Variant>], count: usize) -> Vec<bool> {
    let mut misleading = vec![false; count];
    for (at, variants) in named.iter().enumerate() {
        for position in variants.iter().flat_map(|variant| &variant.misleading) {
            if let Some(word) = misleading.get_mut(at + position) {
                *word = true;
            }
        }
    }
    misleading
}
