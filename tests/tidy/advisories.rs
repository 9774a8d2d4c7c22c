//! No crate in `Cargo.lock` has a known vulnerability.
//!
//! Reads a copy of the RustSec advisory database, named by `LUMBUNG_ADVISORY_DB`; it fetches nothing.

use std::path::{Path, PathBuf};

use rustsec::{Database, Lockfile, advisory::Informational, database::Query};
use tests::skip;

use crate::{files, none};

/// Advisories that don't touch this product, each with the reason and what would end it.
const ACCEPTED: &[(&str, &str)] = &[];

fn database() -> Option<Database> {
    let named = std::env::var_os("LUMBUNG_ADVISORY_DB").ok_or_else(|| {
        "LUMBUNG_ADVISORY_DB is not set; it names a folder with RustSec's advisories".to_owned()
    });
    let path = skip::need("advisory database", named)?;
    Some(open(&files::root().join(PathBuf::from(path))))
}

fn open(path: &Path) -> Database {
    let database = Database::open(path)
        .unwrap_or_else(|error| panic!("no advisory database in {}: {error}", path.display()));
    assert!(
        database.iter().len() > 500,
        "{} is no whole advisory database",
        path.display()
    );
    database
}

/// What must be fixed (vulnerable, unsound or malicious crates), and what is only worth knowing (unmaintained ones).
fn findings(database: &Database, lockfile: &Lockfile) -> (Vec<String>, Vec<String>) {
    let known = [
        Query::crate_scope(),
        Query::crate_scope().informational(true),
    ];
    let mut all: Vec<(bool, String)> = known
        .iter()
        .flat_map(|query| database.query_vulnerabilities(lockfile, query))
        .filter(|found| {
            !ACCEPTED
                .iter()
                .any(|(id, _)| *id == found.advisory.id.as_str())
        })
        .map(|found| {
            (
                found.advisory.informational == Some(Informational::Unmaintained),
                format!(
                    "{} {} {}: {}",
                    found.advisory.id,
                    found.package.name,
                    found.package.version,
                    found.advisory.title
                ),
            )
        })
        .collect();
    all.sort();
    all.dedup();
    let (unmaintained, broken): (Vec<_>, Vec<_>) = all.into_iter().partition(|(old, _)| *old);
    let lines = |list: Vec<(bool, String)>| list.into_iter().map(|(_, line)| line).collect();
    (lines(broken), lines(unmaintained))
}

#[test]
fn no_locked_crate_has_a_known_vulnerability() {
    let Some(database) = database() else { return };
    let lockfile =
        Lockfile::load(files::root().join("Cargo.lock")).expect("Cargo.lock can be read");
    let (broken, unmaintained) = findings(&database, &lockfile);
    for line in unmaintained {
        skip::aloud(&format!("unmaintained: {line}"));
    }
    none("advisories against locked crates", broken);
}

#[test]
fn a_vulnerable_crate_is_found() {
    let Some(database) = database() else { return };
    let lockfile: Lockfile = r#"
        version = 4
        [[package]]
        name = "time"
        version = "0.1.43"
        source = "registry+https://github.com/rust-lang/crates.io-index"
    "#
    .parse()
    .expect("the sample can be read");
    let (broken, _) = findings(&database, &lockfile);
    assert!(
        broken
            .iter()
            .any(|line| line.starts_with("RUSTSEC-2020-0071 time 0.1.43")),
        "{broken:?}"
    );
}
