//! Quantities. Stock, holds, orders, shares and prices count **sale units** ([`Packs`]); where an offer is sold
//! by the carton, the buyer and the sharing rule count cartons ([`Units`]). [`parse_whole`] reads what people type.

use serde::{Deserialize, Serialize};

use crate::{
    money::{grouped, is_digits, ungroup},
    problem::Problem,
};

/// Whole sale units: the unit the member sells in (bungkus, kg, peti).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Packs(pub i64);

/// Whole allocation units of an offer: one pack, or one carton when the offer is sold by the carton.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Units(pub i64);

impl Units {
    /// Packs in these units; `None` on overflow.
    #[must_use]
    pub fn packs(self, packs_per_unit: i64) -> Option<Packs> {
        self.0.checked_mul(packs_per_unit).map(Packs)
    }
}

impl Packs {
    /// Whole units in these packs, rounded down; the rest stays with the member.
    #[must_use]
    pub fn units(self, packs_per_unit: i64) -> Units {
        Units(self.0.checked_div(packs_per_unit).unwrap_or(0))
    }
}

impl std::fmt::Display for Packs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&grouped(self.0))
    }
}

impl std::fmt::Display for Units {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&grouped(self.0))
    }
}

/// Reads a whole number of sale units, days, cartons …: `12`, ` 12 `, `1.000` (a thousand). Exact or refused; a part
/// of a unit is refused with the hint to sell by a smaller unit (DOMAIN §5), because stock counts whole sale units.
///
/// # Errors
/// `error-quantity-empty`; `error-quantity-fraction` (`1,5`, `12,5 kg`, `1.5`); `error-quantity-comma` (`1,000`);
/// `error-quantity-min` and `error-quantity-max` outside `min..=max`; `error-quantity-number` for the rest.
pub fn parse_whole(raw: &str, min: i64, max: i64) -> Result<i64, Problem> {
    let text = raw.trim();
    if text.is_empty() {
        return Err(Problem::new("error-quantity-empty"));
    }
    let too_small = || Problem::new("error-quantity-min").with("min", grouped(min));
    let too_large = || Problem::new("error-quantity-max").with("max", grouped(max));
    let (digits, negative) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    let Some(digits) = ungroup(digits) else {
        return Err(Problem::new(what_is_wrong(digits)));
    };
    let amount = match digits.parse::<i64>() {
        Ok(n) if negative => -n,
        Ok(n) => n,
        Err(_) if negative => return Err(too_small()),
        Err(_) => return Err(too_large()),
    };
    if amount < min {
        Err(too_small())
    } else if amount > max {
        Err(too_large())
    } else {
        Ok(amount)
    }
}

/// The code for a text that is no whole number: a fraction, English thousands, or no number at all.
fn what_is_wrong(text: &str) -> &'static str {
    // `12,5 kg`: the unit behind the figure does not change what is wrong with the figure.
    let figure = text.trim_end_matches(|c: char| c.is_alphabetic() || c == ' ');
    let parts: Vec<&str> = figure.split([',', '.']).collect();
    if !parts.iter().all(|part| is_digits(part)) {
        return "error-quantity-number";
    }
    match parts.as_slice() {
        // Without a unit, `1,000` is an English thousand rather than one with three decimals.
        [_, part] if figure == text && figure.contains(',') && part.len() == 3 => {
            "error-quantity-comma"
        }
        [_, _] => "error-quantity-fraction",
        [_, _, _, ..] if figure.contains(',') => "error-quantity-comma",
        _ => "error-quantity-number",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn whole_numbers_are_read_exactly() {
        for (raw, amount) in [
            ("1", 1),
            (" 12 ", 12),
            ("\t12\u{a0}", 12),
            ("012", 12),
            ("1.000", 1000),
            ("1.000.000", 1_000_000),
            ("1000000000", 1_000_000_000),
            ("2147483648", 1 << 31),
            ("9223372036854775807", i64::MAX),
        ] {
            assert_eq!(parse_whole(raw, 1, i64::MAX), Ok(amount), "{raw}");
        }
        assert_eq!(parse_whole("0", 0, 5), Ok(0));
        assert_eq!(parse_whole("-3", -5, 5), Ok(-3));
    }

    #[test]
    fn everything_else_is_refused_with_the_reason() {
        for (raw, code) in [
            ("", "error-quantity-empty"),
            (" ", "error-quantity-empty"),
            ("0", "error-quantity-min"),
            ("-1", "error-quantity-min"),
            ("\u{2212}1", "error-quantity-min"),
            ("-9223372036854775809", "error-quantity-min"),
            ("1.5", "error-quantity-fraction"),
            ("1,5", "error-quantity-fraction"),
            ("12,5 kg", "error-quantity-fraction"),
            ("12,5kg", "error-quantity-fraction"),
            ("12.50", "error-quantity-fraction"),
            ("0,500 kg", "error-quantity-fraction"),
            ("1,000", "error-quantity-comma"),
            ("1,000,000", "error-quantity-comma"),
            ("1,000.50", "error-quantity-comma"),
            ("1e9", "error-quantity-number"),
            ("1e3", "error-quantity-number"),
            ("1.00.000", "error-quantity-number"),
            ("0.500", "error-quantity-fraction"),
            ("12 kg", "error-quantity-number"),
            ("1 000", "error-quantity-number"),
            ("NaN", "error-quantity-number"),
            ("Infinity", "error-quantity-number"),
            ("+5", "error-quantity-number"),
            ("--5", "error-quantity-number"),
            ("0x1F", "error-quantity-number"),
            ("\u{ff11}\u{ff12}", "error-quantity-number"),
            ("\u{bd}", "error-quantity-number"),
            ("1\0", "error-quantity-number"),
            ("seribu", "error-quantity-number"),
            (".", "error-quantity-number"),
            ("1000001", "error-quantity-max"),
            ("2147483648", "error-quantity-max"),
            ("9223372036854775808", "error-quantity-max"),
            ("99999999999999999999999", "error-quantity-max"),
        ] {
            let refused = parse_whole(raw, 1, 1_000_000).unwrap_err();
            assert_eq!(refused.code, code, "{raw}");
        }
        assert_eq!(
            parse_whole("0", 1000, 5000).unwrap_err().args,
            [("min", "1.000".to_owned())]
        );
    }

    #[test]
    fn packs_make_whole_units_and_the_rest_stays() {
        assert_eq!(Packs(85).units(40), Units(2));
        assert_eq!(Packs(85).units(0), Units(0));
        assert_eq!(Units(2).packs(40), Some(Packs(80)));
        assert_eq!(Units(i64::MAX).packs(2), None);
        assert_eq!(Packs(1078).to_string(), "1.078");
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_reading(raw in "\\PC{0,30}|[0-9.,a-z -]{0,20}") {
            if let Ok(n) = parse_whole(&raw, 1, 100) {
                prop_assert!((1..=100).contains(&n));
            }
        }
    }
}
