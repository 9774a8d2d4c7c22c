//! Numbers and addresses that authorities and networks give out, checked as DOMAIN §3 says.
//!
//! Three outcomes: `Ok` without warning, `Ok` with a warning that never blocks saving, and `Err`. All are text with
//! their leading zeros; both what was typed and the one normal spelling are kept. Whether a number was really given
//! to this holder is a question for the authority, not for this module.

mod certificates;
mod contacts;
mod money;
mod state;

pub use certificates::{bpom, certificate_period, halal, pirt, sni};
pub use contacts::{Login, email, is_mobile, login, phone, phone_of_any_country, postal_code};
pub use money::{BANKS, bank_account, bank_code, holder_matches};
pub use state::{coop_nik, legal_entity_number, nib, nik, nitku, npwp, npwp_display, region_code};

use crate::{names::fold, problem::Problem};

/// A usable identifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// As typed, trimmed.
    pub value: String,
    /// The one spelling to compare, search and store.
    pub normalised: String,
    /// What looks odd and should be shown; never a reason not to save.
    pub warning: Option<Problem>,
}

impl Checked {
    fn new(raw: &str, normalised: impl Into<String>) -> Self {
        Self {
            value: raw.trim().to_owned(),
            normalised: normalised.into(),
            warning: None,
        }
    }

    fn warn_if(mut self, odd: bool, code: &'static str) -> Self {
        if odd && self.warning.is_none() {
            self.warning = Some(Problem::new(code));
        }
        self
    }
}

/// Trimmed, or `error-required` when nothing is there.
fn given(raw: &str) -> Result<&str, Problem> {
    match raw.trim() {
        "" => Err(Problem::required()),
        text => Ok(text),
    }
}

/// Without the separators that people put between groups of digits: spaces, dots and hyphens.
fn compact(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '.' | '-'))
        .collect()
}

fn is_digits(text: &str, count: std::ops::RangeInclusive<usize>) -> bool {
    count.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

/// A part of a text that is known to be ASCII; empty when out of range.
fn part(text: &str, range: std::ops::Range<usize>) -> &str {
    text.get(range).unwrap_or("")
}

fn number(text: &str) -> u32 {
    text.parse().unwrap_or(0)
}

/// The folded words of a name, for loose comparison.
fn loose_words(name: &str) -> Vec<String> {
    fold(name)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod testing {
    use super::*;

    pub enum Expect {
        Fine(&'static str),
        Warn(&'static str, &'static str),
        Reject(&'static str),
    }
    pub use Expect::{Fine, Reject, Warn};

    pub fn table(check: impl Fn(&str) -> Result<Checked, Problem>, cases: &[(&str, Expect)]) {
        for (raw, expected) in cases {
            let got = check(raw).map(|c| (c.normalised, c.warning.map(|w| w.code)));
            let got = got
                .as_ref()
                .map(|(n, w)| (n.as_str(), *w))
                .map_err(|p| p.code);
            let expected = match expected {
                Fine(normalised) => Ok((*normalised, None)),
                Warn(normalised, code) => Ok((*normalised, Some(*code))),
                Reject(code) => Err(*code),
            };
            assert_eq!(got, expected, "{raw:?}");
        }
        // Whatever the identifier: no strange text may break its check.
        for raw in [
            "",
            " ",
            "\0",
            "é",
            "ÅÅÅÅÅÅÅÅ",
            "１２３４５６７８９０１２３",
            "🍌🍌🍌🍌",
            "-",
            "+",
            "@",
            "ID",
            "SNI",
            "MD",
            "P-IRT",
            "62",
            "8",
        ] {
            let _ = check(raw);
            let _ = check(&raw.repeat(400));
        }
    }
}
