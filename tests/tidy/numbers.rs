//! Money and quantities are integers: no floating point in the rules, in the database code or in the schema.

use crate::{
    files::{self, File},
    none,
    rust_source::{code, words},
};

fn floats(file: &File) -> Vec<String> {
    code(&file.text)
        .lines()
        .filter(|line| {
            words(line).any(|word| {
                matches!(word, "f32" | "f64") || word.ends_with("_f32") || word.ends_with("_f64")
            }) || has_float_literal(line)
        })
        .map(|line| format!("{}: {}", file.path, line.trim()))
        .collect()
}

/// A number with a point, such as `0.5`, but not a field of a tuple's field (`pair.0.1`) or a range (`0..5`).
fn has_float_literal(line: &str) -> bool {
    let chars: Vec<char> = line.chars().collect();
    (1..chars.len().saturating_sub(1)).any(|point| {
        if chars[point] != '.' || !chars[point + 1].is_ascii_digit() {
            return false;
        }
        let start = (0..point)
            .rev()
            .take_while(|&i| chars[i].is_ascii_digit() || chars[i] == '_')
            .last();
        match start {
            None => false,
            Some(0) => true,
            Some(start) => {
                let before = chars[start - 1];
                before != '.' && !before.is_alphanumeric()
            }
        }
    })
}

#[test]
fn rules_and_rows_know_no_floats() {
    let found = ["crates/domain/src", "crates/store/src", "migrations/src"]
        .iter()
        .flat_map(|folder| files::under(folder, "rs"))
        // A test may draw its cases with a probability.
        .filter(|file| !file.path.contains("/tests/") && !file.path.ends_with("/tests.rs"))
        .flat_map(|file| floats(&file))
        .collect();
    none("floating point where money and stock are", found);
}

#[test]
fn a_float_is_found() {
    let sample = |text: &str| {
        floats(&File {
            path: "sample.rs".into(),
            text: text.into(),
        })
        .len()
    };
    assert_eq!(sample("let price: f64 = n;"), 1);
    assert_eq!(sample("value.as_f64()"), 1);
    assert_eq!(sample("let half = 0.5;"), 1);
    assert_eq!(sample("// about 0.5 of an f64\nlet s = \"f64 0.5\";"), 0);
    assert_eq!(sample("pair.0.1 + 0..5 + x0.1"), 0);
}
