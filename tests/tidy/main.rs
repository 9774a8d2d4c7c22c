//! The rules of this house that a compiler can't check. Plain tests that read files.
//!
//! Each rule is a function from text to a list of breaches, so that a bad sample shows that it can fail.

mod advisories;
mod arrows;
mod environment;
mod files;
mod licences;
mod names;
mod numbers;
mod pages;
mod plain_words;
mod rust_source;
mod sentences;
mod templates;

/// Fails with one line for each breach.
#[track_caller]
fn none(rule: &str, breaches: Vec<String>) {
    assert!(
        breaches.is_empty(),
        "{rule}:\n  {}\n",
        breaches.join("\n  ")
    );
}
