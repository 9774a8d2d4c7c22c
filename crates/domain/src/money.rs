//! Rupiah: whole, signed, no sen (DOMAIN M-1). Sums are checked; products go through `i128` and one rounding.
//!
//! Start at [`Rupiah`]; [`parse`] reads what people type, [`words`] writes terbilang, [`round_half_up`] and
//! [`split_largest_remainder`] are the only two ways to a whole figure (DOMAIN M-4). Tax rules are elsewhere.

mod parse;
mod words;

pub(crate) use parse::{is_digits, ungroup};
pub use parse::{parse, parse_percent};
pub use words::words;

use serde::{Deserialize, Serialize};

use crate::quantity::Packs;

/// An amount in whole rupiah.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Rupiah(pub i64);

/// A sum or product does not fit into whole rupiah of 64 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("amount too large")]
pub struct Overflow;

impl Rupiah {
    pub const ZERO: Self = Self(0);

    /// # Errors
    /// [`Overflow`] when the sum leaves the range of `i64`.
    pub fn checked_add(self, other: Self) -> Result<Self, Overflow> {
        self.0.checked_add(other.0).map(Self).ok_or(Overflow)
    }

    /// # Errors
    /// [`Overflow`] when the difference leaves the range of `i64`.
    pub fn checked_sub(self, other: Self) -> Result<Self, Overflow> {
        self.0.checked_sub(other.0).map(Self).ok_or(Overflow)
    }

    /// Price per sale unit times packs, exact.
    ///
    /// # Errors
    /// [`Overflow`] when the product leaves the range of `i64`.
    pub fn times(self, packs: Packs) -> Result<Self, Overflow> {
        self.0.checked_mul(packs.0).map(Self).ok_or(Overflow)
    }

    /// # Errors
    /// [`Overflow`] when the sum leaves the range of `i64`.
    pub fn sum(amounts: impl IntoIterator<Item = Self>) -> Result<Self, Overflow> {
        amounts.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }
}

/// Dot-grouped digits, the same in both languages: `1234567` → `1.234.567` (DOMAIN M-2).
#[must_use]
pub fn grouped(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if n < 0 {
        out.push('-');
    }
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push('.');
        }
        out.push(c);
    }
    out
}

/// `Rp0`, `Rp1.234.567`, `-Rp5.000` (DOMAIN M-2).
impl std::fmt::Display for Rupiah {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let grouped = grouped(self.0);
        match grouped.strip_prefix('-') {
            Some(rest) => write!(f, "-Rp{rest}"),
            None => write!(f, "Rp{grouped}"),
        }
    }
}

/// The largest amount that a person may type and that can be spelled out: 999.999.999.999.999 (DOMAIN M-5).
pub const RUPIAH_MAX: Rupiah = Rupiah(999_999_999_999_999);

/// `num / den`, rounded half away from zero (DOMAIN M-4: prices, PPN, fees).
///
/// # Errors
/// [`Overflow`] when `den` is 0 or the quotient leaves the range of `i64`.
pub fn round_half_up(num: i128, den: i128) -> Result<i64, Overflow> {
    let rest = num.checked_rem(den).ok_or(Overflow)?;
    let quotient = num.checked_div(den).ok_or(Overflow)?;
    // |rest| < |den|, so `den - rest` can't overflow where `2 × rest` could.
    let away = rest.unsigned_abs() >= den.unsigned_abs() - rest.unsigned_abs();
    let step = match (away, (num < 0) == (den < 0)) {
        (false, _) => 0,
        (true, true) => 1,
        (true, false) => -1,
    };
    i64::try_from(quotient + step).map_err(|_| Overflow)
}

/// `num / den`, rounded down (DOMAIN M-4: tax withheld, SHU shares; also the first step of every split).
///
/// # Errors
/// [`Overflow`] when `den` is 0 or the quotient leaves the range of `i64`.
pub fn round_down(num: i128, den: i128) -> Result<i64, Overflow> {
    let quotient = num.checked_div(den).ok_or(Overflow)?;
    let rest = num.checked_rem(den).ok_or(Overflow)?;
    let below = rest != 0 && (rest < 0) != (den < 0);
    i64::try_from(quotient - i128::from(below)).map_err(|_| Overflow)
}

/// A total can't be split by these weights: none is positive, or one is negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("weights can't carry a total")]
pub struct BadWeights;

/// Splits `total` by `weights`; the parts sum to `total`, to the last rupiah (DOMAIN M-4).
/// What rounding down leaves goes, one each, to the largest remainders; among equals to the earlier place.
///
/// # Errors
/// [`BadWeights`] when a weight is negative, or all are 0 while `total` is not.
pub fn split_largest_remainder(total: i64, weights: &[i64]) -> Result<Vec<i64>, BadWeights> {
    if weights.iter().any(|w| *w < 0) {
        return Err(BadWeights);
    }
    let sum: i128 = weights.iter().map(|w| i128::from(*w)).sum();
    if sum == 0 {
        return match total {
            0 => Ok(vec![0; weights.len()]),
            _ => Err(BadWeights),
        };
    }
    let mut parts = Vec::with_capacity(weights.len());
    let mut remainders = Vec::with_capacity(weights.len());
    let mut left = i128::from(total);
    for (place, weight) in weights.iter().enumerate() {
        let exact = i128::from(total) * i128::from(*weight);
        let floor = exact.div_euclid(sum);
        left -= floor;
        parts.push(i64::try_from(floor).map_err(|_| BadWeights)?);
        remainders.push((exact.rem_euclid(sum), place));
    }
    // Stable sort: equal remainders keep their order.
    remainders.sort_by_key(|(remainder, _)| std::cmp::Reverse(*remainder));
    let left = usize::try_from(left).map_err(|_| BadWeights)?;
    for (_, place) in remainders.into_iter().take(left) {
        if let Some(part) = parts.get_mut(place) {
            *part += 1;
        }
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn amounts_read_with_dots_and_the_minus_before_the_currency() {
        for (amount, text) in [
            (0, "Rp0"),
            (12_500, "Rp12.500"),
            (1_234_567, "Rp1.234.567"),
            (-5_000, "-Rp5.000"),
            (i64::MIN, "-Rp9.223.372.036.854.775.808"),
        ] {
            assert_eq!(Rupiah(amount).to_string(), text);
        }
    }

    #[test]
    fn sums_and_products_that_do_not_fit_are_refused() {
        assert_eq!(Rupiah(i64::MAX).checked_add(Rupiah(1)), Err(Overflow));
        assert_eq!(Rupiah(i64::MIN).checked_sub(Rupiah(1)), Err(Overflow));
        assert_eq!(Rupiah(1 << 32).times(Packs(1 << 31)), Err(Overflow));
        assert_eq!(Rupiah(12_500).times(Packs(400)), Ok(Rupiah(5_000_000)));
        assert_eq!(Rupiah::sum([Rupiah(1), Rupiah(2)]), Ok(Rupiah(3)));
    }

    #[test]
    fn halves_round_away_from_zero_once() {
        for (num, den, rounded, floor) in [
            (5, 10, 1, 0),
            (4, 10, 0, 0),
            (-5, 10, -1, -1),
            (-4, 10, 0, -1),
            (15, 10, 2, 1),
            (5, -10, -1, -1),
            (-5, -10, 1, 0),
            (7, 7, 1, 1),
            (i128::MAX, i128::MAX, 1, 1),
        ] {
            assert_eq!(round_half_up(num, den), Ok(rounded), "{num}/{den}");
            assert_eq!(round_down(num, den), Ok(floor), "{num}/{den}");
        }
        // DOMAIN TX-1: PPN = base × 11/12 × 12 %.
        for (base, dpp, ppn) in [
            (100_000, 91_667, 11_000),
            (12_500_000, 11_458_333, 1_375_000),
            (1_234_567, 1_131_686, 135_802),
            (999_999, 916_666, 110_000),
            (50, 46, 6),
            (45, 41, 5),
        ] {
            assert_eq!(round_half_up(base * 11, 12), Ok(dpp));
            assert_eq!(round_half_up(base * 11 * 1200, 12 * 10_000), Ok(ppn));
        }
        for refused in [(1, 0), (i128::MAX, 1), (i128::MIN, -1)] {
            assert_eq!(round_half_up(refused.0, refused.1), Err(Overflow));
            assert_eq!(round_down(refused.0, refused.1), Err(Overflow));
        }
    }

    #[test]
    fn the_rest_of_a_split_goes_to_the_largest_remainder_then_to_the_earlier_place() {
        for (total, weights, parts) in [
            (100, &[60, 50, 40][..], &[40, 33, 27][..]),
            (20, &[30, 5, 3, 2], &[15, 3, 1, 1]),
            (10, &[1, 1, 1], &[4, 3, 3]),
            (-10, &[1, 1, 1], &[-3, -3, -4]),
            (0, &[0, 0], &[0, 0]),
            (7, &[0, 5], &[0, 7]),
            (i64::MAX, &[i64::MAX, i64::MAX], &[1 << 62, (1 << 62) - 1]),
        ] {
            assert_eq!(split_largest_remainder(total, weights).unwrap(), parts);
        }
        assert_eq!(split_largest_remainder(1, &[]), Err(BadWeights));
        assert_eq!(split_largest_remainder(1, &[0, 0]), Err(BadWeights));
        assert_eq!(split_largest_remainder(1, &[2, -1]), Err(BadWeights));
    }

    proptest! {
        #[test]
        fn the_parts_of_a_split_sum_to_the_total_and_stay_within_one_of_exact(
            total in any::<i64>(),
            weights in prop::collection::vec(0..=i64::MAX, 1..20),
        ) {
            prop_assume!(weights.iter().any(|w| *w > 0));
            let parts = split_largest_remainder(total, &weights).unwrap();
            let sum: i128 = weights.iter().map(|w| i128::from(*w)).sum();
            prop_assert_eq!(parts.iter().map(|p| i128::from(*p)).sum::<i128>(), i128::from(total));
            for (part, weight) in parts.iter().zip(&weights) {
                let exact = (i128::from(total) * i128::from(*weight)).div_euclid(sum);
                prop_assert!((0..=1).contains(&(i128::from(*part) - exact)));
            }
        }
    }
}
