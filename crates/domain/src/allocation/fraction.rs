//! Exact fractions for the quotas that members read.

use serde::{Deserialize, Serialize};

use crate::money::grouped;

/// A non-negative mixed number `whole numerator/denominator`, reduced, numerator below denominator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fraction {
    pub whole: i64,
    pub numerator: i64,
    pub denominator: i64,
}

impl Fraction {
    /// `numerator / denominator` as a reduced mixed number; `None` when negative, by zero or too large.
    #[must_use]
    pub fn new(numerator: i128, denominator: i128) -> Option<Self> {
        if numerator < 0 || denominator <= 0 {
            return None;
        }
        let whole = numerator / denominator;
        let rest = numerator % denominator;
        let divisor = gcd(rest, denominator);
        Some(Self {
            whole: i64::try_from(whole).ok()?,
            numerator: i64::try_from(rest / divisor).ok()?,
            denominator: i64::try_from(denominator / divisor).ok()?,
        })
    }

    #[must_use]
    pub fn is_whole(self) -> bool {
        self.numerator == 0
    }

    /// The whole part and the fraction as text: `(26, "⅔")`, `(15, "15/19")`; no text for whole numbers.
    #[must_use]
    pub fn mixed_fraction(self) -> (i64, String) {
        let glyph = match (self.numerator, self.denominator) {
            (0, _) => "",
            (1, 2) => "½",
            (1, 3) => "⅓",
            (2, 3) => "⅔",
            (1, 4) => "¼",
            (3, 4) => "¾",
            (1, 5) => "⅕",
            (2, 5) => "⅖",
            (3, 5) => "⅗",
            (4, 5) => "⅘",
            (1, 6) => "⅙",
            (5, 6) => "⅚",
            (1, 8) => "⅛",
            (3, 8) => "⅜",
            (5, 8) => "⅝",
            (7, 8) => "⅞",
            (n, d) => return (self.whole, format!("{}/{}", grouped(n), grouped(d))),
        };
        (self.whole, glyph.to_owned())
    }

    /// Only the part below one, as text: `⅔`; `0` for whole numbers.
    #[must_use]
    pub fn fraction_text(self) -> String {
        match self.mixed_fraction().1 {
            text if text.is_empty() => "0".to_owned(),
            text => text,
        }
    }
}

/// `26⅔`, `15 15/19`, `⅔`, `40`.
impl std::fmt::Display for Fraction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (whole, part) = self.mixed_fraction();
        if part.is_empty() {
            return f.write_str(&grouped(whole));
        }
        if whole != 0 {
            f.write_str(&grouped(whole))?;
            if part.contains('/') {
                f.write_str(" ")?;
            }
        }
        f.write_str(&part)
    }
}

fn gcd(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a, b);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_are_reduced_and_read_as_people_write_them() {
        let text = |n, d| Fraction::new(n, d).unwrap().to_string();
        assert_eq!(text(4000, 150), "26⅔");
        assert_eq!(text(600, 38), "15 15/19");
        assert_eq!(text(2, 3), "⅔");
        assert_eq!(text(4000, 100), "40");
        assert_eq!(text(3, 7), "3/7");
        assert_eq!(text(12_345_671, 10), "1.234.567 1/10");
        assert_eq!(Fraction::new(1, 0), None);
        assert_eq!(Fraction::new(-1, 2), None);
        let third = Fraction::new(2, 3).unwrap();
        assert_eq!(third.mixed_fraction(), (0, "⅔".to_owned()));
        assert_eq!(Fraction::new(4, 2).unwrap().fraction_text(), "0");
    }
}
