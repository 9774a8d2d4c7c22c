//! Rupiah: whole, signed, no sen (DOMAIN M-1). Sums are checked; products go through `i128` and one rounding.

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
