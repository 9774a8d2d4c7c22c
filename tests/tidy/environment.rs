//! What operators read and what the program reads are the same: variables of the environment, and names of figures.

use std::collections::BTreeSet;

use crate::{
    files::{self, File},
    none,
};

/// Names that are ours without beginning with `LUMBUNG_`.
const OTHERS: &[&str] = &["DATABASE_URL", "MAIL_FROM", "SMTP_URL", "STORAGE_URL"];
const PREFIXES: &[&str] = &["LUMBUNG_", "AWS_", "MEILISEARCH_"];

/// Every word of capital letters that looks like a variable of ours.
fn variables(text: &str) -> BTreeSet<String> {
    words(text, |c| {
        c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'
    })
    .filter(|word| {
        OTHERS.contains(&word.as_str())
            || PREFIXES
                .iter()
                .any(|prefix| word.len() > prefix.len() && word.starts_with(prefix))
    })
    .collect()
}

/// Every name of a figure of ours, without what Prometheus appends.
fn figures(text: &str) -> BTreeSet<String> {
    words(text, |c| c.is_ascii_lowercase() || c == '_')
        .filter(|word| word.starts_with("lumbung_"))
        .collect()
}

fn words(text: &str, belongs: impl Fn(char) -> bool) -> impl Iterator<Item = String> {
    text.split(move |c: char| !belongs(c))
        .map(|word| word.trim_end_matches('_').to_owned())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .into_iter()
}

/// The variables that the program reads: `env = "…"` of its one file of settings.
fn read() -> BTreeSet<String> {
    let settings = files::under("crates/lumbung/src", "rs")
        .into_iter()
        .find(|file| file.path.ends_with("/cli.rs"))
        .expect("the file of settings");
    settings
        .text
        .split("env = \"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(str::to_owned)
        .collect()
}

/// What operators read.
fn told() -> Vec<File> {
    let mut told = files::under("deploy", "");
    told.extend(files::under("docs", "md"));
    told.extend(["README.md"].map(|path| File {
        path: path.to_owned(),
        text: std::fs::read_to_string(files::root().join(path)).expect("a readme"),
    }));
    told
}

fn unknown(told: &[File], read: &BTreeSet<String>) -> Vec<String> {
    let of = |file: &File| {
        let path = file.path.clone();
        variables(&file.text)
            .into_iter()
            .filter(|name| !read.contains(name))
            .map(move |name| format!("{path} names {name}, which the program does not read"))
            .collect::<Vec<_>>()
    };
    told.iter().flat_map(of).collect()
}

fn untold(told: &[File], read: &BTreeSet<String>) -> Vec<String> {
    let known: BTreeSet<String> = told.iter().flat_map(|file| variables(&file.text)).collect();
    let missing = read.difference(&known);
    missing
        .map(|name| format!("{name} is read and told of nowhere in README.md, docs/ and deploy/"))
        .collect()
}

#[test]
fn every_variable_that_operators_read_of_is_read_by_the_program_and_the_other_way_round() {
    let (told, read) = (told(), read());
    assert!(read.contains("DATABASE_URL"), "{read:?}");
    none("variables of the environment", unknown(&told, &read));
    none("variables of the environment", untold(&told, &read));
}

#[test]
fn every_figure_that_operators_read_of_is_written_by_the_program() {
    let written: BTreeSet<String> = files::under("crates", "rs")
        .iter()
        .flat_map(|file| figures(&file.text))
        .collect();
    let told: BTreeSet<String> = files::under("docs", "md")
        .iter()
        .flat_map(|file| figures(&file.text))
        .collect();
    let unknown = told.difference(&written);
    let unknown = unknown.map(|name| format!("{name} is told of, and written by nobody"));
    none("figures", unknown.collect());
}

#[test]
fn a_variable_that_nobody_reads_or_nobody_tells_of_is_found() {
    let file = File {
        path: "deploy/x.env".to_owned(),
        text: "LUMBUNG_ADDR=a\n# LUMBUNG_ADRR, AWS_ and POSTGRES_PASSWORD".to_owned(),
    };
    let read = BTreeSet::from(["LUMBUNG_ADDR".to_owned(), "SMTP_URL".to_owned()]);
    let told = [file];
    assert_eq!(unknown(&told, &read).len(), 1);
    assert!(unknown(&told, &read)[0].contains("LUMBUNG_ADRR"));
    assert_eq!(untold(&told, &read).len(), 1);
    assert_eq!(figures("`lumbung_x_seconds{a}`, lumbung").len(), 1);
}
