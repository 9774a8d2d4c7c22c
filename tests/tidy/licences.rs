//! Every crate in the build has a licence that an Apache-2.0 product may link.
//!
//! Not a lawyer: it reads what each crate's manifest says, over the whole graph of all platforms. Decided here:
//! only permissive licences are linked into the product. Of copyleft, weak copyleft included, nothing is; the crates of
//! [`TEST_ONLY`] serve the tests alone, are never distributed, and the test proves that the binary doesn't reach them.

use std::collections::{BTreeSet, HashMap};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package, PackageId};

use crate::{files, none};

/// SPDX ids. CC0-1.0 and 0BSD ask for nothing; CDLA-Permissive-2.0 is for data (the certificate roots).
const PERMISSIVE: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "Unicode-3.0",
    "Zlib",
];

/// Crates under MPL-2.0 (a file-level copyleft) that only tests use: the CSS selectors of `scraper`.
const TEST_ONLY: &[&str] = &["cssparser", "cssparser-macros", "dtoa-short", "selectors"];

/// The whole graph, all platforms, as locked.
pub fn metadata() -> Metadata {
    MetadataCommand::new()
        .manifest_path(files::root().join("Cargo.toml"))
        .other_options(vec!["--locked".to_owned()])
        .exec()
        .expect("cargo metadata answers")
}

/// Whether a person may choose only licences in `PERMISSIVE` from this SPDX expression (`/` is the old way to say OR).
fn is_permissive(expression: &str) -> bool {
    let spaced = expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ");
    let mut words = spaced.split_whitespace().peekable();
    let answer = any(&mut words);
    answer && words.peek().is_none()
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn any(words: &mut Words<'_>) -> bool {
    let mut answer = all(words);
    while words.next_if_eq(&"OR").is_some() {
        answer |= all(words);
    }
    answer
}

fn all(words: &mut Words<'_>) -> bool {
    let mut answer = one(words);
    while words.next_if_eq(&"AND").is_some() {
        answer &= one(words);
    }
    answer
}

fn one(words: &mut Words<'_>) -> bool {
    match words.next() {
        Some("(") => {
            let answer = any(words);
            answer && words.next() == Some(")")
        }
        Some(id) => {
            // An exception only permits more than the licence does.
            if words.next_if_eq(&"WITH").is_some() {
                words.next();
            }
            PERMISSIVE.contains(&id)
        }
        None => false,
    }
}

/// What is wrong with the licences of these `(name, expression)`.
fn breaches<'a>(crates: impl Iterator<Item = (&'a str, Option<&'a str>)>) -> Vec<String> {
    crates
        .filter(|(name, _)| !TEST_ONLY.contains(name))
        .filter_map(|(name, licence)| match licence {
            None => Some(format!("{name} names no licence")),
            Some(licence) if !is_permissive(licence) => Some(format!("{name} is under {licence}")),
            Some(_) => None,
        })
        .collect()
}

/// Names of the crates that end up in (or build) the binary.
fn in_the_product(metadata: &Metadata) -> BTreeSet<String> {
    let packages: HashMap<&PackageId, &Package> =
        metadata.packages.iter().map(|p| (&p.id, p)).collect();
    let resolve = metadata.resolve.as_ref().expect("a resolved graph");
    let nodes: HashMap<_, _> = resolve.nodes.iter().map(|node| (&node.id, node)).collect();
    let mut waiting: Vec<&PackageId> = metadata
        .packages
        .iter()
        .filter(|p| p.name.as_str() == "lumbung")
        .map(|p| &p.id)
        .collect();
    let mut seen = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        if !seen.insert(id) {
            continue;
        }
        waiting.extend(
            nodes[id]
                .deps
                .iter()
                .filter(|dep| {
                    dep.dep_kinds
                        .iter()
                        .any(|kind| kind.kind != DependencyKind::Development)
                })
                .map(|dep| &dep.pkg),
        );
    }
    seen.into_iter()
        .map(|id| packages[id].name.to_string())
        .collect()
}

#[test]
fn every_crate_is_under_a_permissive_licence() {
    let metadata = metadata();
    let packages = &metadata.packages;
    assert!(packages.len() > 300, "the graph is there");
    none(
        "licences that the product may not link",
        breaches(
            packages
                .iter()
                .map(|p| (p.name.as_str(), p.license.as_deref())),
        ),
    );

    let product = in_the_product(&metadata);
    assert!(product.contains("actix-web"), "the product is there");
    for name in TEST_ONLY {
        assert!(
            !product.contains(*name),
            "{name} is for tests alone but the binary links it"
        );
        assert!(
            packages.iter().any(|p| p.name.as_str() == *name),
            "{name} is gone from the graph: take it off TEST_ONLY"
        );
    }
}

#[test]
fn copyleft_and_unnamed_licences_are_found() {
    for good in [
        "MIT",
        "MIT/Apache-2.0",
        "Apache-2.0 WITH LLVM-exception OR MIT",
        "(MIT OR Apache-2.0) AND Unicode-3.0",
        "Apache-2.0 OR GPL-2.0-only",
    ] {
        assert!(is_permissive(good), "{good}");
    }
    for bad in [
        "GPL-3.0-or-later",
        "LGPL-2.1-only",
        "MPL-2.0",
        "MIT AND AGPL-3.0-only",
        "(MIT OR Apache-2.0) AND GPL-2.0-only",
        "GPL-2.0 WITH Classpath-exception-2.0",
        "(MIT",
        "",
    ] {
        assert!(!is_permissive(bad), "{bad}");
    }
    let found = breaches(
        [
            ("actix-governor", Some("GPL-3.0-or-later")),
            ("secret", None),
            ("serde", Some("MIT")),
        ]
        .into_iter(),
    );
    assert_eq!(
        found,
        [
            "actix-governor is under GPL-3.0-or-later",
            "secret names no licence"
        ]
    );
}
