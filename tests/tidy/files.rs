//! The files of the repository, as the rules see them.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// A text file: its path from the repository's root with `/`, and what is in it.
pub struct File {
    pub path: String,
    pub text: String,
}

/// The repository's root.
pub fn root() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().expect("tests has a parent").to_owned()
}

/// All files under `folder` (from the root) with the ending `extension`; every ending for "".
/// An absent folder is empty.
pub fn under(folder: &str, extension: &str) -> Vec<File> {
    let mut found = Vec::new();
    walk(&root().join(folder), &mut found);
    found.sort();
    found
        .into_iter()
        .filter(|path| {
            extension.is_empty() || path.extension().is_some_and(|ending| ending == extension)
        })
        .map(|path| File {
            text: String::from_utf8_lossy(&fs::read(&path).expect("a listed file can be read"))
                .into_owned(),
            path: from_root(&path),
        })
        .collect()
}

/// All Rust sources of the workspace.
pub fn rust() -> Vec<File> {
    ["crates", "migrations", "tests"]
        .iter()
        .flat_map(|folder| under(folder, "rs"))
        .collect()
}

fn from_root(path: &Path) -> String {
    path.strip_prefix(root())
        .expect("a walked file is below the root")
        .to_string_lossy()
        .replace('\\', "/")
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.expect("a folder can be listed").path();
        if path.is_dir() {
            walk(&path, found);
        } else {
            found.push(path);
        }
    }
}

#[test]
fn the_rules_see_the_sources() {
    assert!(rust().iter().any(|f| f.path == "crates/domain/src/lib.rs"));
    assert!(under("no-such-folder", "").is_empty());
}
