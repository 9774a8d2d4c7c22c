//! Bank accounts, for paying members.

use super::{Checked, compact, given, is_digits, loose_words};
use crate::problem::Problem;

/// Bank codes and short names, by code (DOMAIN §3).
pub const BANKS: &[(&str, &str)] = &[
    ("002", "BRI"),
    ("008", "Mandiri"),
    ("009", "BNI"),
    ("011", "Danamon"),
    ("013", "Permata"),
    ("014", "BCA"),
    ("016", "Maybank"),
    ("019", "Panin"),
    ("022", "CIMB Niaga"),
    ("028", "OCBC"),
    ("110", "BJB"),
    ("111", "DKI"),
    ("112", "BPD DIY"),
    ("113", "Jateng"),
    ("114", "Jatim"),
    ("116", "Aceh"),
    ("117", "Sumut"),
    ("128", "NTB"),
    ("129", "Bali"),
    ("132", "Papua"),
    ("147", "Muamalat"),
    ("153", "Sinarmas"),
    ("200", "BTN"),
    ("426", "Mega"),
    ("441", "KB Bank"),
    ("451", "BSI"),
    ("535", "SeaBank"),
    ("536", "BCA Syariah"),
    ("542", "Jago"),
];

/// How many digits the account numbers of a bank have, where that is known.
fn usual_length(bank: &str) -> Option<usize> {
    match bank {
        "014" | "009" | "451" | "011" => Some(10),
        "008" | "022" => Some(13),
        "002" => Some(15),
        "200" => Some(16),
        "028" => Some(12),
        _ => None,
    }
}

/// Bank code: 3 digits; one that is not in [`BANKS`] warns (`warning-bank-unknown`).
///
/// # Errors
/// `error-required`, `error-bank-code`.
pub fn bank_code(raw: &str) -> Result<Checked, Problem> {
    let text = given(raw)?;
    if !is_digits(text, 3..=3) {
        return Err(Problem::new("error-bank-code"));
    }
    let known = BANKS.iter().any(|(code, _)| *code == text);
    Ok(Checked::new(raw, text).warn_if(!known, "warning-bank-unknown"))
}

/// Account number of 8 to 20 digits, spaces, dots and hyphens ignored. Another length than the bank's usual one
/// warns (`warning-bank-account-length`).
///
/// # Errors
/// `error-required`, `error-bank-account`.
pub fn bank_account(bank: &str, raw: &str) -> Result<Checked, Problem> {
    let digits = compact(given(raw)?);
    if !is_digits(&digits, 8..=20) {
        return Err(Problem::new("error-bank-account"));
    }
    let odd = usual_length(bank).is_some_and(|usual| usual != digits.len());
    Ok(Checked::new(raw, digits).warn_if(odd, "warning-bank-account-length"))
}

/// Whether an account holder's name goes with a person's or business's, loosely: banks write capitals, cut names
/// short and leave out titles, so all words of the shorter name must appear in the longer one.
#[must_use]
pub fn holder_matches(holder: &str, entity: &str) -> bool {
    let titles = [
        "h", "hj", "haji", "hajah", "ibu", "bapak", "bu", "pak", "pt", "cv", "ud", "koperasi",
        "dr", "ir", "se", "sh",
    ];
    let words = |name: &str| -> Vec<String> {
        loose_words(name)
            .into_iter()
            .filter(|word| !titles.contains(&word.as_str()))
            .collect()
    };
    let (holder, entity) = (words(holder), words(entity));
    let (short, long) = if holder.len() <= entity.len() {
        (holder, entity)
    } else {
        (entity, holder)
    };
    !short.is_empty() && short.iter().all(|word| long.contains(word))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Fine, Reject, Warn, table};
    use super::*;

    #[test]
    fn account_numbers_are_digits_of_the_banks_usual_length() {
        table(
            |raw| bank_account("014", raw),
            &[
                ("0000000011", Fine("0000000011")),
                ("000-000-0011", Fine("0000000011")),
                (
                    "00000000011",
                    Warn("00000000011", "warning-bank-account-length"),
                ),
                ("abcdefghij", Reject("error-bank-account")),
                ("12345", Reject("error-bank-account")),
                ("123456789012345678901", Reject("error-bank-account")),
                ("", Reject("error-required")),
            ],
        );
        for (bank, digits) in [
            ("002", 15),
            ("008", 13),
            ("200", 16),
            ("028", 12),
            ("542", 9),
        ] {
            let number = "1".repeat(digits);
            assert_eq!(bank_account(bank, &number).unwrap().warning, None, "{bank}");
        }
        table(
            bank_code,
            &[
                ("014", Fine("014")),
                ("999", Warn("999", "warning-bank-unknown")),
                ("14", Reject("error-bank-code")),
                ("BCA", Reject("error-bank-code")),
                ("", Reject("error-required")),
            ],
        );
        assert!(BANKS.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }

    #[test]
    fn holders_are_compared_loosely() {
        assert!(holder_matches("SITI AMINAH", "Ibu Siti Aminah"));
        assert!(holder_matches(
            "RASA ALAS ROBAN",
            "Koperasi Produsen Rasa Alas Roban"
        ));
        assert!(!holder_matches("BUDI", "Siti Aminah"));
        assert!(!holder_matches("", "Siti Aminah"));
        assert!(!holder_matches("PT", "Siti Aminah"));
    }
}
