//! Tests that need a part this machine may lack: a database server, a browser, the advisory database.
//!
//! Such a test asks [`need`] and returns when the answer is `None`. That a test was left out is said aloud, and where
//! `LUMBUNG_TEST_NO_SKIP` is set (as `.ci/run` does) it fails instead.

use std::io::Write as _;

/// The found part; `None`, said aloud, when it is missing here. `missing` says what was looked for and where.
///
/// # Panics
/// When the part is missing and `LUMBUNG_TEST_NO_SKIP` is set.
#[must_use]
pub fn need<T>(part: &str, found: Result<T, String>) -> Option<T> {
    decide(part, found, no_skip())
}

/// Whether leaving a test out is forbidden.
#[must_use]
pub fn no_skip() -> bool {
    std::env::var("LUMBUNG_TEST_NO_SKIP").is_ok_and(|value| !value.is_empty() && value != "0")
}

/// Prints a line past the test runner, which swallows what passing tests print with `eprintln!`.
pub fn aloud(line: &str) {
    // Nothing to do about a closed standard error.
    let _ = writeln!(std::io::stderr(), "{line}");
}

fn decide<T>(part: &str, found: Result<T, String>, no_skip: bool) -> Option<T> {
    match found {
        Ok(part) => Some(part),
        Err(missing) if no_skip => {
            panic!("{part} is missing and LUMBUNG_TEST_NO_SKIP is set: {missing}")
        }
        Err(missing) => {
            let test = std::thread::current();
            aloud(&format!(
                "SKIPPED {}: no {part} here ({missing})",
                test.name().unwrap_or("a test")
            ));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::decide;

    #[test]
    fn a_part_that_is_there_is_handed_over() {
        assert_eq!(decide("part", Ok(3), true), Some(3));
    }

    #[test]
    fn a_missing_part_skips_the_test() {
        assert_eq!(
            decide::<u8>("part (this line is a test)", Err("none".into()), false),
            None
        );
    }

    #[test]
    #[should_panic(expected = "LUMBUNG_TEST_NO_SKIP is set: not on the path")]
    fn a_missing_part_fails_the_test_where_skipping_is_forbidden() {
        let _ = decide::<u8>("part", Err("not on the path".into()), true);
    }
}
