//! Reading an amount that a person typed (DOMAIN M-3): exact, or refused with the reason.

use super::{RUPIAH_MAX, Rupiah};
use crate::problem::Problem;

/// Reads `Rp 1.234.567`, `1.234.567,-`, `1234567`, `1.234.567,00`, `12.500`, and the shortcuts `12rb`, `1,5jt`.
/// What could be meant in two ways (`1,234,567`, `12.50`, `1.5jt`) is refused rather than guessed.
///
/// # Errors
/// `error-money-empty`; `error-money-negative`; `error-money-comma` (commas between thousands);
/// `error-money-sen` (cents that are not zero); `error-money-too-large` (above [`RUPIAH_MAX`]);
/// `error-money-number` (everything else that is not an amount).
pub fn parse(raw: &str) -> Result<Rupiah, Problem> {
    let text = raw.trim();
    if text.is_empty() {
        return Err(Problem::new("error-money-empty"));
    }
    let text = text.to_ascii_lowercase();
    let (text, negative) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (rest.trim_start(), true),
        None => (text.as_str(), false),
    };
    let text = match text.strip_prefix("rp") {
        Some(rest) => rest.strip_prefix('.').unwrap_or(rest).trim_start(),
        None => text,
    };
    let (text, negative) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) if !negative => (rest, true),
        _ => (text, negative),
    };
    let amount = magnitude(text)?;
    if negative && amount != 0 {
        return Err(Problem::new("error-money-negative"));
    }
    if amount > RUPIAH_MAX.0 {
        return Err(too_large());
    }
    Ok(Rupiah(amount))
}

fn not_a_number() -> Problem {
    Problem::new("error-money-number")
}

fn too_large() -> Problem {
    Problem::new("error-money-too-large").with("max", RUPIAH_MAX)
}

/// The amount without sign and currency.
fn magnitude(text: &str) -> Result<i64, Problem> {
    for (suffix, zeros) in [("ribu", 3), ("rb", 3), ("juta", 6), ("jt", 6)] {
        if let Some(number) = text.strip_suffix(suffix) {
            return scaled(number.trim_end(), zeros);
        }
    }
    let text = text.strip_suffix(",-").unwrap_or(text);
    match text.split_once(',') {
        None => whole(text),
        Some((rupiah, sen)) => {
            let amount = whole(rupiah).map_err(|problem| {
                if looks_like_number(text) {
                    Problem::new("error-money-comma")
                } else {
                    problem
                }
            })?;
            match sen {
                "0" | "00" => Ok(amount),
                _ if sen.len() <= 2 && is_digits(sen) => Err(Problem::new("error-money-sen")),
                _ if looks_like_number(text) => Err(Problem::new("error-money-comma")),
                _ => Err(not_a_number()),
            }
        }
    }
}

/// `1,5` with six zeros → 1500000. More decimals than zeros would be sen.
fn scaled(number: &str, zeros: usize) -> Result<i64, Problem> {
    let (rupiah, decimals) = number.split_once(',').unwrap_or((number, "0"));
    if !is_digits(decimals) {
        return Err(not_a_number());
    }
    let significant = decimals.trim_end_matches('0');
    if significant.len() > zeros {
        return Err(Problem::new("error-money-sen"));
    }
    let whole = whole(rupiah)?;
    let fraction: i64 = format!("{significant:0<zeros$}")
        .parse()
        .map_err(|_| not_a_number())?;
    u32::try_from(zeros)
        .ok()
        .and_then(|zeros| 10_i64.checked_pow(zeros))
        .and_then(|scale| whole.checked_mul(scale))
        .and_then(|amount| amount.checked_add(fraction))
        .ok_or_else(too_large)
}

/// Plain digits, or digits in groups of three behind dots.
fn whole(text: &str) -> Result<i64, Problem> {
    let digits = ungroup(text).ok_or_else(not_a_number)?;
    // Only digits are left, so the one thing that can still go wrong is the size.
    digits.parse().map_err(|_| too_large())
}

/// `1.234.567` → `1234567`; `None` unless the text is digits, plain or correctly grouped by dots.
pub(crate) fn ungroup(text: &str) -> Option<String> {
    if is_digits(text) {
        return Some(text.to_owned());
    }
    let mut groups = text.split('.');
    let first = groups.next()?;
    if !is_digits(first) || first.len() > 3 || first.starts_with('0') {
        return None;
    }
    let mut digits = first.to_owned();
    for group in groups {
        if group.len() != 3 || !is_digits(group) {
            return None;
        }
        digits.push_str(group);
    }
    Some(digits)
}

pub(crate) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn looks_like_number(text: &str) -> bool {
    text.bytes()
        .all(|b| b.is_ascii_digit() || b == b'.' || b == b',')
        && text.bytes().any(|b| b.is_ascii_digit())
}

/// Reads a percentage with up to two decimals (`16`, `12,5%`, `7.25`) as basis points.
///
/// # Errors
/// `error-required`; `error-percent` for everything else that is none, and for a negative one.
pub fn parse_percent(raw: &str) -> Result<i64, Problem> {
    let bad = || Problem::new("error-percent");
    let text = raw.trim().trim_end_matches('%').trim().replace('.', ",");
    if text.is_empty() {
        return Err(Problem::required());
    }
    let (whole, part) = text.split_once(',').unwrap_or((&text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 5 || part.len() > 2 || !digits(whole) || !digits(part) {
        return Err(bad());
    }
    let whole: i64 = whole.parse().map_err(|_| bad())?;
    let part: i64 = format!("{part:0<2}").parse().map_err(|_| bad())?;
    Ok(whole * 100 + part)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn amounts_are_read_as_people_write_them() {
        for (raw, amount) in [
            ("Rp 1.234.567", 1_234_567),
            ("Rp. 1.234.567", 1_234_567),
            ("Rp1.234.567", 1_234_567),
            ("rp\u{a0}1.234.567", 1_234_567),
            ("1.234.567,-", 1_234_567),
            ("1234567", 1_234_567),
            ("1.234.567,00", 1_234_567),
            ("1234567,0", 1_234_567),
            ("12.500", 12_500),
            (" 12.500 ", 12_500),
            ("0", 0),
            ("-0", 0),
            ("007", 7),
            ("12rb", 12_000),
            ("12 rb", 12_000),
            ("12 ribu", 12_000),
            ("Rp12,5rb", 12_500),
            ("1,5jt", 1_500_000),
            ("1,5 Juta", 1_500_000),
            ("1.500rb", 1_500_000),
            ("1,234567jt", 1_234_567),
            ("1,50jt", 1_500_000),
            ("999.999.999.999.999", 999_999_999_999_999),
        ] {
            assert_eq!(parse(raw), Ok(Rupiah(amount)), "{raw}");
        }
    }

    #[test]
    fn amounts_that_are_unclear_are_refused_with_the_reason() {
        for (raw, code) in [
            ("", "error-money-empty"),
            ("  ", "error-money-empty"),
            ("1,234,567", "error-money-comma"),
            ("1,234", "error-money-comma"),
            ("1,234.56", "error-money-comma"),
            ("12.50", "error-money-number"),
            ("1.23.456", "error-money-number"),
            ("0.500", "error-money-number"),
            (".500", "error-money-number"),
            ("12.500.", "error-money-number"),
            ("1234.567", "error-money-number"),
            ("1.234,56", "error-money-sen"),
            ("1,5", "error-money-sen"),
            ("1,2345rb", "error-money-sen"),
            ("1e6", "error-money-number"),
            ("NaN", "error-money-number"),
            ("inf", "error-money-number"),
            ("0x10", "error-money-number"),
            ("+5", "error-money-number"),
            ("12 500", "error-money-number"),
            ("1_000", "error-money-number"),
            ("sepuluh ribu", "error-money-number"),
            ("rb", "error-money-number"),
            ("1.5jt", "error-money-number"),
            ("1,jt", "error-money-number"),
            ("1,-5jt", "error-money-number"),
            ("Rp", "error-money-number"),
            ("Rp.", "error-money-number"),
            ("--5", "error-money-number"),
            ("-Rp-5", "error-money-number"),
            ("$5", "error-money-number"),
            ("12.500/kg", "error-money-number"),
            ("\u{ff11}\u{ff12}", "error-money-number"),
            ("\u{0661}\u{0662}", "error-money-number"),
            ("12\0", "error-money-number"),
            (",", "error-money-number"),
            (",-", "error-money-number"),
            ("-5.000", "error-money-negative"),
            ("-Rp5.000", "error-money-negative"),
            ("Rp -5.000", "error-money-negative"),
            ("\u{2212}5", "error-money-negative"),
            ("1.000.000.000.000.000", "error-money-too-large"),
            ("9223372036854775808", "error-money-too-large"),
            ("9999999999999jt", "error-money-too-large"),
            ("99999999999999999999999999", "error-money-too-large"),
        ] {
            assert_eq!(parse(raw).map_err(|p| p.code), Err(code), "{raw}");
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_can_be_typed_again(amount in 0..=RUPIAH_MAX.0) {
            prop_assert_eq!(parse(&Rupiah(amount).to_string()), Ok(Rupiah(amount)));
            prop_assert_eq!(parse(&amount.to_string()), Ok(Rupiah(amount)));
        }

        #[test]
        fn no_text_breaks_the_reading(raw in "\\PC{0,30}|[0-9.,rbjtRp -]{0,20}") {
            if let Ok(amount) = parse(&raw) {
                prop_assert!((0..=RUPIAH_MAX.0).contains(&amount.0));
            }
        }
    }
}
