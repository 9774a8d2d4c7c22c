//! Where things are and what they are called.

use std::{collections::BTreeSet, process::Command};

use crate::{
    files::{self, File},
    none,
};

/// All that may lie at the top: the house itself, and what convention expects there.
const TOP: &[&str] = &[
    ".ci",
    ".gitattributes",
    ".gitignore",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "clippy.toml",
    "crates",
    "deploy",
    "docs",
    "migrations",
    "rustfmt.toml",
    "static",
    "templates",
    "tests",
];

/// Names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] = &[
    "common", "helper", "helpers", "misc", "tools", "util", "utils",
];

fn top_breaches<'a>(paths: impl Iterator<Item = &'a str>) -> Vec<String> {
    let found: BTreeSet<&str> = paths
        .filter_map(|path| path.split('/').next())
        .filter(|top| !top.is_empty() && !TOP.contains(top))
        .collect();
    found.into_iter().map(str::to_owned).collect()
}

fn name_breaches<'a>(paths: impl Iterator<Item = &'a str>) -> Vec<String> {
    paths
        .filter(|path| {
            path.split('/').any(|part| {
                let stem = part.split('.').next().unwrap_or(part);
                EMPTY_NAMES.contains(&stem.trim_start_matches('_'))
            })
        })
        .map(str::to_owned)
        .collect()
}

/// Every path that git tracks; `None` where there is no git or no repository (a source archive).
fn tracked() -> Option<String> {
    let out = Command::new("git")
        .arg("-C")
        .arg(files::root())
        .args(["ls-files"])
        .output()
        .ok()?;
    (out.status.success() && !out.stdout.is_empty())
        .then(|| String::from_utf8_lossy(&out.stdout).into_owned())
}

/// A file of unit tests beside its module needs no words of its own.
fn undocumented(file: &File) -> bool {
    !file.path.ends_with("/tests.rs") && !file.text.trim_start().starts_with("//!")
}

#[test]
fn only_the_house_lies_at_the_top() {
    let Some(tracked) = tests::skip::need(
        "git repository",
        tracked().ok_or_else(|| "git ls-files answers nothing".to_owned()),
    ) else {
        return;
    };
    none("unexpected at the top level", top_breaches(tracked.lines()));
}

#[test]
fn no_file_has_an_empty_name() {
    let all: Vec<File> = ["crates", "migrations", "templates", "static", "tests"]
        .iter()
        .flat_map(|folder| files::under(folder, ""))
        .collect();
    none(
        "names that say nothing",
        name_breaches(all.iter().map(|file| file.path.as_str())),
    );
}

#[test]
fn every_module_says_what_it_is_for() {
    let found = files::rust()
        .into_iter()
        .filter(undocumented)
        .map(|file| file.path)
        .collect();
    none("sources that don't begin with //!", found);
}

#[test]
fn a_stray_file_an_empty_name_and_a_silent_module_are_found() {
    let paths = ["Cargo.toml", "scripts/run.sh", "tests/src/helpers.rs"];
    assert_eq!(top_breaches(paths.into_iter()), ["scripts"]);
    assert_eq!(name_breaches(paths.into_iter()), ["tests/src/helpers.rs"]);
    assert!(undocumented(&File {
        path: String::new(),
        text: "use std::fmt;".into()
    }));
}
