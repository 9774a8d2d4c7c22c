//! A query as what to look for: slots that must be filled, each by any of its alternatives. Knows no engine.

use crate::{
    Query,
    language::{
        ambiguous::{self, Context},
        normalise, spelling, stem,
        vocabulary::{self, Variant},
    },
    terms,
};

/// Characters read of a query.
const TEXT_CHARS_MAX: usize = 256;
/// Words looked for; further ones are left aside.
const WORDS_MAX: usize = 12;
/// Letters that a begun word must have.
const PREFIX_LETTERS_MIN: usize = 2;

/// How far words may be bent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Mistakes are forgiven in words that we don't know, after their first letter.
    Near,
    /// Also in the first letter, and in a begun word; and known words are completed as begun ones.
    Far,
    /// Also slips in words that are too short to be guessed at.
    Slips,
}

/// How good an alternative is. Times [`terms::Place::weight`], this is the score: exact > prefix > synonym > related >
/// typing mistakes. Whole figures, so that sums are exact in any order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tier {
    Exact = 8,
    Root = 7,
    Prefix = 6,
    Synonym = 5,
    /// Weight 0.4: another good that may do.
    Related = 3,
    Mistake = 2,
    TwoMistakes = 1,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Find {
    Term(String),
    /// Words that begin so.
    Prefix(String),
    /// Words at most so far away.
    Misspelt(Misspelt),
    /// All of these slots, wherever they stand.
    All(Vec<Slot>),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Misspelt {
    pub word: String,
    /// Most mistakes.
    pub distance: usize,
    /// The first letter is right.
    pub same_start: bool,
    /// Words that begin with such a one will do.
    pub begun: bool,
    /// Only slips of the finger ([`spelling::is_slip`]).
    pub slips: bool,
}

impl Misspelt {
    /// A short word as what it may have become of by a slip.
    pub fn slip(word: &str) -> Option<Self> {
        let is_short = spelling::is_short(word.chars().count());
        (is_short && word.chars().all(char::is_alphabetic)).then(|| Self {
            word: word.to_owned(),
            distance: 1,
            same_start: true,
            begun: false,
            slips: true,
        })
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Alternative {
    pub find: Find,
    pub tier: Tier,
    /// How many typed words it stands for.
    pub words: u16,
}

/// One thing looked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Slot {
    /// The words as typed, normalised.
    pub typed: Vec<String>,
    pub alternatives: Vec<Alternative>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// Every one must be filled.
    pub required: Vec<Slot>,
    /// These only raise the score.
    pub welcome: Vec<Slot>,
    /// A word turns the meaning round (`tanpa`): nothing may be left out.
    pub negated: bool,
    /// All normalised words, for showing a corrected text.
    pub words: Vec<String>,
}

impl Plan {
    pub fn of(query: &Query, reach: Reach) -> Self {
        let mut words = normalise::words(&query.text, TEXT_CHARS_MAX);
        let begun = query
            .text
            .chars()
            .take(TEXT_CHARS_MAX)
            .last()
            .is_some_and(char::is_alphanumeric)
            && words.len() <= WORDS_MAX;
        words.truncate(WORDS_MAX);
        Self::of_words(words, begun, query, reach)
    }

    /// The plan for the same text with its unknown words put right; `None` when there is nothing to put right.
    pub fn corrected(&self, query: &Query) -> Option<Self> {
        let mut changed = false;
        let words = self
            .words
            .iter()
            .map(|word| match known_neighbour(word) {
                Some(known) => {
                    changed = true;
                    known
                }
                None => word.clone(),
            })
            .collect();
        changed.then(|| Self::of_words(words, false, query, Reach::Far))
    }

    /// One word without forgiving mistakes; the last one of a text may be only begun.
    pub fn exact(word: &str, begun: bool) -> Slot {
        let mut slot = Slot::default();
        for term in [word.to_owned(), stem::root(word)] {
            slot.add(Find::Term(term), Tier::Exact, 1);
        }
        let typed = [word.to_owned()];
        for variant in vocabulary::table().at_start(&typed) {
            slot.add(meaning_of(variant.group), Tier::Synonym, 1);
        }
        if begun {
            slot.add(Find::Prefix(word.to_owned()), Tier::Prefix, 1);
        }
        slot
    }

    fn of_words(words: Vec<String>, begun: bool, query: &Query, reach: Reach) -> Self {
        let mut looked_for: Vec<String> = words
            .iter()
            .filter(|word| !normalise::is_stop_word(word))
            .cloned()
            .collect();
        if looked_for.is_empty() {
            looked_for.clone_from(&words);
        }
        let reader = Reader {
            context: Context {
                words: &looked_for,
                placed: !(query.filters.provinces.is_empty() && query.filters.regencies.is_empty()),
                provinces: &query.filters.provinces,
            },
            reach,
        };
        let mut plan = Self {
            negated: looked_for.iter().any(|word| normalise::is_negation(word)),
            words,
            ..Self::default()
        };
        reader.fill(&mut plan, begun);
        plan
    }
}

/// Whether a word is one we know, as it stands or by its root.
fn is_known(word: &str) -> bool {
    let known = |word: &str| {
        vocabulary::is_word(word) || stem::is_protected(word) || normalise::is_stop_word(word)
    };
    known(word) || known(&stem::root(word))
}

fn known_neighbour(word: &str) -> Option<String> {
    if is_known(word) {
        return None;
    }
    let (_, nearest) = vocabulary::table().nearest(word, spelling::distance_allowed(word))?;
    nearest.first().map(|known| (*known).to_owned())
}

struct Reader<'a> {
    context: Context<'a>,
    reach: Reach,
}

impl Reader<'_> {
    fn fill(&self, plan: &mut Plan, begun: bool) {
        let words = self.context.words;
        let mut at = 0;
        let mut soft = Vec::new();
        while let Some(rest) = words.get(at..).filter(|rest| !rest.is_empty()) {
            let last_is_begun = |length: usize| begun && at + length == words.len();
            let (slot, length, is_soft) = if let Some((slot, length)) = self.begun_name(rest, begun)
            {
                (slot, length, false)
            } else if let Some(variant) = self.name(rest).filter(|name| name.words.len() > 1) {
                let length = variant.words.len();
                (self.long_name(variant), length, false)
            } else if let Some(word) = rest.first() {
                let slot = self.word(word, last_is_begun(1));
                (slot, 1, normalise::is_soft(word))
            } else {
                break;
            };
            at += length;
            if is_soft {
                soft.push(slot);
            } else {
                plan.required.push(slot);
            }
        }
        if plan.required.is_empty() {
            plan.required = soft;
        } else {
            plan.welcome = soft;
        }
        self.welcome(plan);
    }

    /// The longest name that begins here.
    fn name(&self, rest: &[String]) -> Option<&'static Variant> {
        vocabulary::table()
            .at_start(rest)
            .into_iter()
            .find(|variant| match variant.words.as_slice() {
                [word] => ambiguous::expands(word, self.context),
                _ => true,
            })
    }

    /// The typed words end in a name of several words whose last one is only begun: `green be`.
    fn begun_name(&self, rest: &[String], begun: bool) -> Option<(Slot, usize)> {
        if !begun || rest.len() < 2 {
            return None;
        }
        let names: Vec<&Variant> = vocabulary::table().begun_by(rest).collect();
        if names.is_empty() {
            return None;
        }
        let mut slot = Slot {
            typed: rest.to_vec(),
            ..Slot::default()
        };
        let count = count(rest.len());
        for variant in names {
            slot.add(meaning_of(variant.group), Tier::Prefix, count);
        }
        slot.add(self.each(rest, true), Tier::Exact, 1);
        Some((slot, rest.len()))
    }

    /// A name of several words: as written, by its meaning, or its words apart.
    fn long_name(&self, variant: &Variant) -> Slot {
        let mut slot = Slot {
            typed: variant.words.clone(),
            ..Slot::default()
        };
        let count = count(variant.words.len());
        slot.add(Find::Term(terms::name(&variant.words)), Tier::Exact, count);
        slot.add(meaning_of(variant.group), Tier::Synonym, count);
        self.add_related(&mut slot, variant.group, count);
        slot.add(self.each(&variant.words, false), Tier::Mistake, count);
        slot
    }

    fn each(&self, words: &[String], begun: bool) -> Find {
        let slots = words
            .iter()
            .enumerate()
            .map(|(at, word)| self.word(word, begun && at + 1 == words.len()))
            .collect();
        Find::All(slots)
    }

    fn add_related(&self, slot: &mut Slot, group: usize, words: u16) {
        let table = vocabulary::table();
        if let Some(other) = ambiguous::related(table.canonical(group)) {
            slot.add(Find::Term(terms::meaning(other)), Tier::Related, words);
        }
    }

    fn word(&self, word: &String, begun: bool) -> Slot {
        let mut slot = Slot {
            typed: vec![word.clone()],
            ..Slot::default()
        };
        let root = stem::root(word);
        slot.add(Find::Term(word.clone()), Tier::Exact, 1);
        if root != *word {
            slot.add(Find::Term(root), Tier::Root, 1);
        }
        if let Some(variant) = self.name(std::slice::from_ref(word)) {
            slot.add(meaning_of(variant.group), Tier::Synonym, 1);
            self.add_related(&mut slot, variant.group, 1);
        }
        for canonical in ambiguous::meanings(word, self.context) {
            slot.add(Find::Term(terms::meaning(canonical)), Tier::Related, 1);
            slot.add(Find::Term((*canonical).to_owned()), Tier::Related, 1);
        }
        let known = is_known(word);
        if begun && (!known || self.reach != Reach::Near) {
            self.add_begun(&mut slot, word);
        }
        // A word that is spelt right is taken at its word: rice is not what somebody meant to call "keras".
        if !known {
            self.add_misspelt(&mut slot, word, begun);
        }
        slot
    }

    fn add_begun(&self, slot: &mut Slot, word: &str) {
        if word.chars().count() < PREFIX_LETTERS_MIN {
            return;
        }
        slot.add(Find::Prefix(word.to_owned()), Tier::Prefix, 1);
        if word.chars().count() > PREFIX_LETTERS_MIN {
            let typed = [word.to_owned()];
            for variant in vocabulary::table().begun_by(&typed) {
                slot.add(meaning_of(variant.group), Tier::Synonym, 1);
            }
        }
    }

    fn add_misspelt(&self, slot: &mut Slot, word: &str, begun: bool) {
        let distance = spelling::distance_allowed(word);
        if distance == 0 {
            if self.reach == Reach::Slips
                && let Some(slip) = Misspelt::slip(word)
            {
                slot.add(Find::Misspelt(slip), Tier::Mistake, 1);
            }
            return;
        }
        slot.add(
            Find::Misspelt(Misspelt {
                word: word.to_owned(),
                distance,
                same_start: self.reach == Reach::Near,
                begun: begun && self.reach != Reach::Near,
                slips: false,
            }),
            Tier::Mistake,
            1,
        );
        let table = vocabulary::table();
        if let Some((distance, nearest)) = table.nearest(word, distance) {
            let tier = if distance > 1 {
                Tier::TwoMistakes
            } else {
                Tier::Mistake
            };
            for known in nearest {
                if self.reach == Reach::Near && !known.starts_with(first_letter(word)) {
                    continue;
                }
                if let Some(group) = table.group_of(known) {
                    slot.add(meaning_of(group), tier, 1);
                }
            }
        }
    }

    /// Neighbours that stand together in a name, and a title that begins with the first word, are better.
    fn welcome(&self, plan: &mut Plan) {
        let words = self.context.words;
        for (first, second) in words.iter().zip(words.iter().skip(1)) {
            let mut slot = Slot::default();
            let pair = Find::Term(terms::neighbours(first, second));
            slot.add(pair, Tier::Mistake, 1);
            plan.welcome.push(slot);
        }
        if let Some(first) = words.first() {
            let mut slot = Slot::default();
            slot.add(Find::Term(terms::beginning(first)), Tier::TwoMistakes, 1);
            if let Some(variant) = self.name(words) {
                let meaning = terms::meaning(vocabulary::table().canonical(variant.group));
                slot.add(Find::Term(terms::beginning(&meaning)), Tier::TwoMistakes, 1);
            }
            plan.welcome.push(slot);
        }
    }
}

impl Slot {
    fn add(&mut self, find: Find, tier: Tier, words: u16) {
        self.alternatives.push(Alternative { find, tier, words });
    }
}

pub fn first_letter(word: &str) -> &str {
    let end = word.chars().next().map_or(0, char::len_utf8);
    word.get(..end).unwrap_or_default()
}

fn meaning_of(group: usize) -> Find {
    Find::Term(terms::meaning(vocabulary::table().canonical(group)))
}

fn count(words: usize) -> u16 {
    u16::try_from(words).unwrap_or(u16::MAX)
}
