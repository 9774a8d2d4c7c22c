//! How an order is paid: the words that are stored (DOMAIN "Termin": `net30`, `30/70`, `cod`) and what they mean.

use std::{fmt, str::FromStr};

use crate::coded::UnknownWord;

/// The longest time to pay, in days.
const DAYS_MAX: i64 = 365;

/// How and when a buyer pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaymentTerm {
    /// When the goods are handed over.
    OnDelivery,
    /// So many days after the goods were handed over.
    Within { days: i64 },
    /// So many of a hundred before, the rest when the goods are handed over.
    Upfront { percent: i64 },
}

impl FromStr for PaymentTerm {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        let unknown = || UnknownWord(word.to_owned());
        let within = |raw: &str, most: i64| {
            let n: i64 = raw.parse().map_err(|_| unknown())?;
            if (1..=most).contains(&n) {
                Ok(n)
            } else {
                Err(unknown())
            }
        };
        if word == "cod" {
            return Ok(Self::OnDelivery);
        }
        if let Some(days) = word.strip_prefix("net") {
            let days = within(days, DAYS_MAX)?;
            return Ok(Self::Within { days });
        }
        let percent = match word.split_once('/') {
            Some((first, rest)) => {
                let (first, rest) = (within(first, 100)?, within(rest, 100)?);
                Some(first).filter(|_| first + rest == 100)
            }
            None => {
                let percent = word.strip_prefix("dp").ok_or_else(unknown)?;
                Some(within(percent, 100)?)
            }
        };
        let percent = percent.ok_or_else(unknown)?;
        Ok(Self::Upfront { percent })
    }
}

impl fmt::Display for PaymentTerm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OnDelivery => f.write_str("cod"),
            Self::Within { days } => write!(f, "net{days}"),
            Self::Upfront { percent } => write!(f, "dp{percent}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_payment_terms_are_read_and_anything_else_is_none() {
        for (word, term) in [
            ("cod", PaymentTerm::OnDelivery),
            ("net30", PaymentTerm::Within { days: 30 }),
            ("dp50", PaymentTerm::Upfront { percent: 50 }),
            ("30/70", PaymentTerm::Upfront { percent: 30 }),
        ] {
            assert_eq!(word.parse(), Ok(term), "{word}");
            assert_eq!(term.to_string().parse(), Ok(term), "{word}");
        }
        for odd in [
            "", "net", "net0", "net400", "dp", "dp101", "30/60", "100/0", "net-3", "COD", "/",
        ] {
            assert!(odd.parse::<PaymentTerm>().is_err(), "{odd}");
        }
    }
}
