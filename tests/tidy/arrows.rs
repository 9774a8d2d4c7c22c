//! Who may know whom: the arrows between our crates, and the one crate that each outside thing belongs to.
//!
//! Cargo refuses circles; this keeps the arrows that are left pointing down. A new arrow is a new entry here, argued for
//! in its commit and drawn in ARCHITECTURE.md.

use cargo_metadata::{DependencyKind, Metadata};

use crate::{licences, none};

/// Crate → the crates of ours that it may name (`tests` may name all of them). `domain` names none, so that rules can't reach a database or a clock.
const ARROWS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("figures", &[]),
    ("migrations", &[]),
    ("search", &["domain"]),
    ("sheets", &["domain"]),
    ("text", &["domain"]),
    ("mail", &["domain", "figures", "text"]),
    ("store", &["domain", "figures", "migrations"]),
    ("media", &["domain"]),
    ("papers", &["domain", "text"]),
    (
        "jobs",
        &["domain", "mail", "media", "search", "store", "text"],
    ),
    (
        "web",
        &[
            "domain", "figures", "mail", "media", "papers", "search", "sheets", "store", "text",
        ],
    ),
    (
        "lumbung",
        &[
            "domain", "jobs", "mail", "media", "papers", "search", "sheets", "store", "text", "web",
        ],
    ),
];

/// A dependency from outside → the only crates of ours that may name it. A trailing `*` means any ending.
const OWNED: &[(&str, &[&str])] = &[
    // `tests` looks into a database to break it on purpose and to make a fresh one.
    ("sea-orm*", &["store", "migrations", "tests"]),
    ("sqlx*", &["store", "tests"]),
    ("tantivy*", &["search"]),
    ("frostem", &["search"]),
    ("lettre", &["mail"]),
    ("csv", &["sheets"]),
    ("calamine", &["sheets"]),
    ("rust_xlsxwriter", &["sheets"]),
    ("image", &["media"]),
    ("fast_image_resize", &["media"]),
    ("webp", &["media"]),
    ("resvg", &["media"]),
    ("object_store", &["media"]),
    // `tests` is a store of its own.
    ("s3s*", &["tests"]),
    ("krilla", &["papers"]),
    ("fast_qr", &["papers"]),
    ("fluent*", &["text"]),
    ("actix*", &["web", "lumbung", "tests"]),
    ("askama*", &["web", "mail"]),
    ("clap", &["lumbung"]),
    ("anyhow", &["lumbung"]),
];

/// What `domain` may use: no IO, no async, no clock of its own.
const DOMAIN_MAY_USE: &[&str] = &[
    "serde",
    // For fingerprints of imported rows: pure arithmetic.
    "sha2",
    "thiserror",
    "time",
    "unicode-normalization",
    "uuid",
];

/// One line of a manifest: our crate, what it depends on, and whether only its tests do.
struct Dependency {
    from: String,
    to: String,
    ours: bool,
    for_tests: bool,
}

fn dependencies(metadata: &Metadata) -> Vec<Dependency> {
    metadata
        .workspace_packages()
        .iter()
        .flat_map(|package| {
            package.dependencies.iter().map(|dep| Dependency {
                from: package.name.to_string(),
                to: dep.name.clone(),
                ours: dep.path.is_some(),
                for_tests: dep.kind == DependencyKind::Development,
            })
        })
        .collect()
}

fn breaches(dependencies: &[Dependency]) -> Vec<String> {
    let mut found = Vec::new();
    for Dependency {
        from,
        to,
        ours,
        for_tests,
    } in dependencies
    {
        let row = ARROWS.iter().find(|(name, _)| name == from);
        // The binary's own tests use the kit to make fresh databases.
        if *ours && from != "tests" && !(*for_tests && to == "tests") {
            match row {
                None => found.push(format!("{from} has no row in ARROWS")),
                Some((_, may)) if !may.contains(&to.as_str()) => {
                    found.push(format!("{from} must not know {to}"));
                }
                Some(_) => {}
            }
        }
        for (name, owners) in OWNED {
            let hit = match name.strip_suffix('*') {
                Some(start) => to.starts_with(start),
                None => to == name,
            };
            if hit && !owners.contains(&from.as_str()) {
                found.push(format!(
                    "{from} must not name {to}: that is for {}",
                    owners.join(", ")
                ));
            }
        }
        if from == "domain" && !for_tests && !DOMAIN_MAY_USE.contains(&to.as_str()) {
            found.push(format!("domain must not use {to}"));
        }
    }
    found
}

#[test]
fn arrows_between_crates_point_one_way() {
    let metadata = licences::metadata();
    let ours: Vec<_> = metadata.workspace_packages();
    assert!(ours.len() >= 11, "the workspace is there");
    let mut found = breaches(&dependencies(&metadata));
    found.extend(
        ours.iter()
            .map(|package| package.name.as_str())
            .filter(|name| *name != "tests" && !ARROWS.iter().any(|(row, _)| row == name))
            .map(|name| format!("{name} has no row in ARROWS")),
    );
    none("arrows between crates", found);
}

#[test]
fn an_arrow_against_the_rules_is_found() {
    let arrow = |from: &str, to: &str, ours| Dependency {
        from: from.to_owned(),
        to: to.to_owned(),
        ours,
        for_tests: false,
    };
    let found = breaches(&[
        arrow("domain", "store", true),
        arrow("domain", "tokio", false),
        arrow("web", "sea-orm", false),
        arrow("web", "store", true),
        arrow("kiln", "domain", true),
    ]);
    assert_eq!(
        found,
        [
            "domain must not know store",
            "domain must not use store",
            "domain must not use tokio",
            "web must not name sea-orm: that is for store, migrations, tests",
            "kiln has no row in ARROWS",
        ]
    );
}
