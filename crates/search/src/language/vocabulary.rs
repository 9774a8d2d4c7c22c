//! The words we know: groups of synonyms (`synonyms.txt`) and words that are spelt right (`words.txt`).
//!
//! Both files are part of the program; a change of either changes [`fingerprint`], and an index made with another
//! fingerprint is rebuilt.

use std::{
    collections::{HashMap, HashSet},
    sync::OnceLock,
};

use super::{spelling, stem};

const SYNONYMS: &str = include_str!("synonyms.txt");
const WORDS: &str = include_str!("words.txt");

/// Words that mean one thing, under its canonical name.
#[derive(Debug)]
pub struct Group {
    /// `gula jawa`
    pub canonical: String,
    pub words: Vec<String>,
}

/// One of a group's names.
#[derive(Debug)]
pub struct Variant {
    pub words: Vec<String>,
    /// Index into the groups.
    pub group: usize,
    /// Positions of words that mislead when found alone.
    pub misleading: Vec<usize>,
}

#[derive(Debug)]
pub struct Table {
    groups: Vec<Group>,
    variants: Vec<Variant>,
    /// Variants by their words joined with spaces.
    by_name: HashMap<String, usize>,
    /// Every single word of a variant, and those of `words.txt`.
    words: HashSet<String>,
    /// Most words a variant has.
    pub longest: usize,
}

pub fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| Table::parse(SYNONYMS, WORDS))
}

/// Whether a word is spelt right as far as we know: such words are neither stemmed nor guessed at.
pub fn is_word(word: &str) -> bool {
    table().words.contains(word)
}

/// Changes with the two files. FNV-1a, so that it is the same on every machine.
pub fn fingerprint() -> u64 {
    SYNONYMS
        .bytes()
        .chain(WORDS.bytes())
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        })
}

impl Table {
    fn parse(synonyms: &str, words: &str) -> Self {
        let mut table = Self {
            groups: Vec::new(),
            variants: Vec::new(),
            by_name: HashMap::new(),
            words: HashSet::new(),
            longest: 1,
        };
        for line in content(words) {
            table
                .words
                .extend(line.split_whitespace().map(str::to_owned));
        }
        for line in content(synonyms) {
            let (canonical, others) = line.split_once('=').unwrap_or((line, ""));
            let canonical = canonical.trim();
            let group = table.groups.len();
            table.groups.push(Group {
                canonical: canonical.to_owned(),
                words: canonical.split(' ').map(str::to_owned).collect(),
            });
            for name in std::iter::once(canonical).chain(others.split(',')) {
                table.add(name.trim(), group);
            }
        }
        table
    }

    fn add(&mut self, name: &str, group: usize) {
        let misleading = name
            .split(' ')
            .enumerate()
            .filter(|(_, word)| word.starts_with('!'))
            .map(|(at, _)| at)
            .collect();
        let name = name.replace('!', "");
        if name.is_empty() || self.by_name.contains_key(&name) {
            return;
        }
        let words: Vec<String> = name.split(' ').map(str::to_owned).collect();
        self.longest = self.longest.max(words.len());
        self.words.extend(words.iter().cloned());
        self.by_name.insert(name, self.variants.len());
        self.variants.push(Variant {
            words,
            group,
            misleading,
        });
    }

    pub fn group(&self, group: usize) -> Option<&Group> {
        self.groups.get(group)
    }

    pub fn canonical(&self, group: usize) -> &str {
        self.groups
            .get(group)
            .map_or("", |group| group.canonical.as_str())
    }

    fn is_canonical(&self, word: &str) -> bool {
        self.group_of(word)
            .is_some_and(|group| self.canonical(group) == word)
    }

    /// The group whose canonical name or other name this is.
    pub fn group_of(&self, name: &str) -> Option<usize> {
        let variant = self.by_name.get(name)?;
        Some(self.variants.get(*variant)?.group)
    }

    /// Names that begin at the first of these words, longest first. A single word may carry affixes.
    pub fn at_start(&self, words: &[String]) -> Vec<&Variant> {
        let mut found = Vec::new();
        for length in (1..=self.longest.min(words.len())).rev() {
            let Some(part) = words.get(..length) else {
                continue;
            };
            let variant = self.by_name.get(&part.join(" ")).or_else(|| match part {
                [word] => self.by_name.get(&stem::root(word)),
                _ => None,
            });
            found.extend(variant.and_then(|variant| self.variants.get(*variant)));
        }
        found
    }

    /// Names of as many words as given, of which the last is only begun: `green be` → `green bean`.
    pub fn begun_by<'a>(&'a self, words: &'a [String]) -> impl Iterator<Item = &'a Variant> {
        self.variants.iter().filter(move |variant| {
            variant.words.len() == words.len()
                && match (variant.words.split_last(), words.split_last()) {
                    (Some((last, before)), Some((begun, typed))) => {
                        before == typed && last.starts_with(begun.as_str()) && last != begun
                    }
                    _ => false,
                }
        })
    }

    /// The known words nearest to a misspelt one, with their distance; empty when none is near enough.
    pub fn nearest(&self, word: &str, distance_max: usize) -> Option<(usize, Vec<&str>)> {
        let mut best = distance_max + 1;
        let mut found: Vec<&str> = Vec::new();
        for known in &self.words {
            if known.len() < 4 {
                continue;
            }
            let Some(distance) = spelling::distance(word, known, best.min(distance_max)) else {
                continue;
            };
            if distance < best {
                best = distance;
                found.clear();
            }
            found.push(known);
        }
        // Canonical names first: they are what a corrected text should show.
        found.sort_unstable_by_key(|word| (!self.is_canonical(word), *word));
        (!found.is_empty()).then_some((best, found))
    }
}

fn content(file: &str) -> impl Iterator<Item = &str> {
    file.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::normalise;

    fn words(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn the_longest_name_comes_first() {
        let typed = words("cabe rawit merah");
        let found = table().at_start(&typed);
        let names: Vec<&str> = found
            .iter()
            .map(|variant| table().canonical(variant.group))
            .collect();
        assert_eq!(names, ["cabai rawit", "cabai"]);
    }

    #[test]
    fn each_name_belongs_to_one_group_and_survives_normalising() {
        for variant in &table().variants {
            let name = variant.words.join(" ");
            assert_eq!(normalise::words(&name, 100).join(" "), name);
        }
        let names = content(SYNONYMS)
            .flat_map(|line| line.split(['=', ',']))
            .map(|name| name.trim().replace('!', ""))
            .filter(|name| !name.is_empty());
        let mut seen = HashSet::new();
        for name in names {
            assert!(seen.insert(name.clone()), "`{name}` stands twice");
        }
    }

    #[test]
    fn a_begun_name_is_recognised() {
        let typed = words("green be");
        let found: Vec<_> = table().begun_by(&typed).collect();
        assert_eq!(found.len(), 1);
        assert_eq!(table().canonical(found[0].group), "biji kopi hijau");
    }

    #[test]
    fn the_nearest_known_word_is_found() {
        assert_eq!(
            table().nearest("keripk", 1),
            Some((1, vec!["keripik", "keripek"]))
        );
        assert_eq!(table().nearest("brambnag", 2), Some((1, vec!["brambang"])));
        assert_eq!(table().nearest("xylophone", 2), None);
    }
}
