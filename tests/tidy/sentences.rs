//! Every key that templates and sources use is in both languages, and both languages have the same keys with the same values put in.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    files::{self, File},
    none,
    rust_source::{Piece, pieces},
    templates::cut,
};

/// Functions and filters whose first literal is a key.
const LOOKUPS: &[&str] = &["t", "t1", "t2", "t3", "t_with", "tn"];

/// Key → the names of the values put in.
type Keys = BTreeMap<String, BTreeSet<String>>;

/// The messages of one Fluent file, and the keys it has twice.
fn keys(ftl: &str) -> (Keys, Vec<String>) {
    let mut keys = Keys::new();
    let mut twice = Vec::new();
    let mut current = None;
    for line in ftl.lines().filter(|line| !line.starts_with('#')) {
        if line.starts_with(|c: char| c.is_ascii_alphabetic())
            && let Some((key, _)) = line.split_once('=')
        {
            let key = key.trim().to_owned();
            if keys.insert(key.clone(), BTreeSet::new()).is_some() {
                twice.push(key.clone());
            }
            current = Some(key);
        }
        let values = current.as_ref().and_then(|key| keys.get_mut(key));
        if let Some(values) = values {
            values.extend(line.split('$').skip(1).map(|rest| {
                rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-')
                    .next()
                    .unwrap_or_default()
                    .to_owned()
            }));
        }
    }
    (keys, twice)
}

/// What differs between two languages.
fn differences(id: &Keys, en: &Keys) -> Vec<String> {
    let mut found = Vec::new();
    for (key, values) in id {
        match en.get(key) {
            None => found.push(format!("{key} is missing in English")),
            Some(other) if other != values => {
                found.push(format!("{key} puts in {values:?}, in English {other:?}"));
            }
            Some(_) => {}
        }
    }
    for key in en.keys().filter(|key| !id.contains_key(*key)) {
        found.push(format!("{key} is missing in Indonesian"));
    }
    found
}

/// Whether `text` has the form of a key: lower-case words joined by hyphens.
fn key_shaped(text: &str) -> bool {
    text.contains('-')
        && text.split('-').all(|word| {
            !word.is_empty()
                && word
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        })
}

/// Whether the code before a literal calls a lookup with it: `t(`, `shell.t1(`, `t(lang, `.
fn is_looked_up(before: &str) -> bool {
    let before = before.trim_end();
    let call = match before.strip_suffix(',') {
        // One argument may stand before the key: the language.
        Some(arguments) => arguments.rfind('(').map(|at| {
            let argument = &arguments[at + 1..];
            if argument.contains(',') {
                ""
            } else {
                &arguments[..=at]
            }
        }),
        None => Some(before),
    };
    let Some(name) = call.and_then(|call| call.strip_suffix('(')) else {
        return false;
    };
    let start = name
        .rfind(|c: char| !c.is_alphanumeric() && c != '_')
        .map_or(0, |at| at + 1);
    LOOKUPS.contains(&&name[start..])
}

/// The keys used in some Rust code or in a template's expression. A literal is taken for a key when it is looked up, or
/// when it has the form of one and begins with a word that keys begin with (an error's code, a key passed on).
/// The part before a `{` stands for all keys that begin so.
fn used(code: &str, first_words: &BTreeSet<&str>) -> Vec<String> {
    let pieces = pieces(code);
    let mut found = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        let Piece::Literal(text) = piece else {
            continue;
        };
        let before = match at.checked_sub(1).and_then(|at| pieces.get(at)) {
            Some(Piece::Code(code)) => code.as_str(),
            _ => "",
        };
        let after = match pieces.get(at + 1) {
            Some(Piece::Code(code)) => code.trim_start(),
            _ => "",
        };
        let filtered = after.strip_prefix('|').is_some_and(|filter| {
            let filter = filter.trim_start();
            let end = filter
                .find(|c: char| !c.is_alphanumeric() && c != '_')
                .unwrap_or(filter.len());
            LOOKUPS.contains(&&filter[..end])
        });
        let (start, is_start) = match text.split_once('{') {
            Some((start, _)) => (start, true),
            None => (text.as_str(), false),
        };
        let known = start
            .split('-')
            .next()
            .is_some_and(|word| first_words.contains(word));
        let shaped = key_shaped(start.trim_end_matches('-'))
            || (is_start && start.ends_with('-') && !start.starts_with('-'));
        // Behind an argument stands the key, or the name of a value when the key is not written here.
        let looked_up = is_looked_up(before) && (!before.trim_end().ends_with(',') || shaped);
        if looked_up || filtered || (known && shaped) {
            found.push(if is_start {
                format!("{start}*")
            } else {
                text.clone()
            });
        }
    }
    found
}

fn missing(used: &str, keys: &Keys) -> bool {
    match used.strip_suffix('*') {
        Some(start) => !keys.keys().any(|key| key.starts_with(start)),
        None => !keys.contains_key(used),
    }
}

/// Indonesian and English, and what is wrong within their files.
fn locales() -> (Keys, Keys, Vec<String>) {
    let mut found = Vec::new();
    let mut read = |language: &str| {
        let mut all = Keys::new();
        let folder = format!("crates/text/locales/{language}");
        for file in files::under(&folder, "ftl") {
            let (keys, twice) = keys(&file.text);
            let again: Vec<_> = keys.keys().filter(|key| all.contains_key(*key)).collect();
            let double = twice.iter().chain(again);
            found.extend(double.map(|key| format!("{}: {key} is there twice", file.path)));
            all.extend(keys);
        }
        all
    };
    (read("id"), read("en"), found)
}

#[test]
fn both_languages_have_the_same_keys() {
    let (id, en, mut found) = locales();
    assert!(id.contains_key("app-name"), "the locales are there");
    found.extend(differences(&id, &en));
    let names = |language: &str| -> Vec<String> {
        files::under(&format!("crates/text/locales/{language}"), "ftl")
            .iter()
            .filter_map(|file| file.path.rsplit('/').next().map(str::to_owned))
            .collect()
    };
    if names("id") != names("en") {
        found.push(format!("files: {:?}, {:?}", names("id"), names("en")));
    }
    none("Indonesian and English differ", found);
}

#[test]
fn every_key_in_use_is_in_both_languages() {
    let (id, en, _) = locales();
    let first_words: BTreeSet<&str> = id.keys().filter_map(|key| key.split('-').next()).collect();
    let in_sources = files::under("crates", "rs")
        .into_iter()
        .filter(|file| !file.path.starts_with("crates/lumbung/"))
        .map(|file| (used(&file.text, &first_words), file.path));
    let in_templates = ["html", "txt"]
        .iter()
        .flat_map(|ending| files::under("templates", ending))
        .map(|File { path, text }| {
            let (_, expressions) = cut(&text);
            let all = expressions
                .iter()
                .flat_map(|expression| used(expression, &first_words));
            (all.collect(), path)
        });
    let mut found = Vec::new();
    let used: Vec<(Vec<String>, String)> = in_sources.chain(in_templates).collect();
    for (keys, path) in &used {
        for key in keys {
            for (language, known) in [("Indonesian", &id), ("English", &en)] {
                if missing(key, known) {
                    found.push(format!("{path}: {key} is missing in {language}"));
                }
            }
        }
    }
    none("keys without a sentence", found);
}

#[test]
fn missing_and_uneven_keys_are_found() {
    let (id, twice) =
        keys("# c = d\na-one = Satu { $n }\n    lagi { $m }\na-two = Dua\na-two = Dua\n");
    assert_eq!(twice, ["a-two"]);
    let (en, _) = keys("a-one = One { $n }\na-three = Three\n");
    assert_eq!(
        differences(&id, &en),
        [
            r#"a-one puts in {"m", "n"}, in English {"n"}"#,
            "a-two is missing in English",
            "a-three is missing in Indonesian",
        ]
    );
    assert!(missing("a-three", &id) && !missing("a-t*", &id) && missing("a-x*", &id));
}

#[test]
fn keys_in_code_are_found() {
    let first_words = BTreeSet::from(["orders"]);
    let of = |code: &str| used(code, &first_words);
    assert_eq!(of(r#"shell.t("place")"#), ["place"]);
    assert_eq!(
        of(r#"text::t_with(page.lang, "orders-n", &[])"#),
        ["orders-n"]
    );
    assert_eq!(of(r#" "orders-place"|t(lang) "#), ["orders-place"]);
    assert_eq!(
        of(r#"Self::SoldOut => "orders-sold-out","#),
        ["orders-sold-out"]
    );
    assert_eq!(of(r#"format!("orders-state-{state}")"#), ["orders-state-*"]);
    assert!(of(r#"start("x"); f(a, b, "x-y"); "/orders" "orders" // t("no")"#).is_empty());
}
