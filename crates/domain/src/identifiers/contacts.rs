//! How people are reached and how they sign in: phone, e-mail, postal code.

use super::{Checked, given, is_digits};
use crate::{names::fold, problem::Problem};

/// An Indonesian phone number in E.164 (`+6281234567890`), mobile or landline. Everything but digits and a leading
/// `+` is dropped; where that was a letter, the result should be looked at again (`warning-phone-letters`).
///
/// # Errors
/// `error-required`; `error-phone`; `error-phone-foreign` for another country.
pub fn phone(raw: &str) -> Result<Checked, Problem> {
    let text = given(raw)?;
    // What could not be read is no blank between groups of digits.
    if text.contains(['\0', '\u{fffd}']) {
        return Err(Problem::new("error-phone"));
    }
    let number = e164(text);
    if let Some(national) = number.strip_prefix("+62") {
        if !is_mobile(&number) && !is_landline(national) {
            return Err(Problem::new("error-phone"));
        }
        let letters = text.chars().any(char::is_alphabetic);
        return Ok(Checked::new(raw, number.as_str()).warn_if(letters, "warning-phone-letters"));
    }
    Err(Problem::new(if number.starts_with('+') {
        "error-phone-foreign"
    } else {
        "error-phone"
    }))
}

/// As [`phone`], where the setting `allow_foreign_phone` lets other countries in: `+` and 8 to 15 digits.
///
/// # Errors
/// `error-required`, `error-phone`.
pub fn phone_of_any_country(raw: &str) -> Result<Checked, Problem> {
    match phone(raw) {
        Err(problem) if problem.code == "error-phone-foreign" => {
            let number = e164(given(raw)?);
            let digits = number.strip_prefix('+').unwrap_or_default();
            if is_digits(digits, 8..=15) && !digits.starts_with('0') {
                Ok(Checked::new(raw, number.as_str()))
            } else {
                Err(Problem::new("error-phone"))
            }
        }
        other => other,
    }
}

/// A mobile number, given in E.164: `+628`, then 1–9, then 6 to 10 digits. Only these get WhatsApp links.
#[must_use]
pub fn is_mobile(e164: &str) -> bool {
    e164.strip_prefix("+628")
        .is_some_and(|rest| is_digits(rest, 7..=11) && !rest.starts_with('0'))
}

/// Behind `+62`: 2–7 or 9, then 6 to 10 digits.
fn is_landline(national: &str) -> bool {
    is_digits(national, 7..=11) && matches!(national.as_bytes().first(), Some(b'2'..=b'7' | b'9'))
}

/// Digits with the country's prefix; without `+` when no country can be told.
fn e164(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let abroad = text.starts_with('+') && !digits.starts_with("62");
    if abroad {
        return format!("+{digits}");
    }
    if let Some(national) = digits.strip_prefix("62") {
        // `+62 (0)812 …`: the zero is only dialled inside the country.
        return format!("+62{}", national.strip_prefix('0').unwrap_or(national));
    }
    if let Some(national) = digits.strip_prefix('0') {
        return format!("+62{national}");
    }
    if digits.starts_with('8') {
        return format!("+62{digits}");
    }
    digits
}

/// An e-mail address of at most 254 characters, its domain in lower case. No display name, no quoting, ASCII only.
///
/// # Errors
/// `error-required`, `error-email`.
pub fn email(raw: &str) -> Result<Checked, Problem> {
    let text = given(raw)?;
    let refused = || Problem::new("error-email");
    let (local, domain) = text.split_once('@').ok_or_else(refused)?;
    let local_fits = (1..=64).contains(&local.len())
        && local.split('.').all(|atom| {
            !atom.is_empty()
                && atom
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~-".contains(&b))
        });
    let label_fits = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let top = domain.rsplit_once('.').map_or("", |(_, top)| top);
    let domain_fits = domain.split('.').all(label_fits)
        && top.len() >= 2
        && top.bytes().any(|b| b.is_ascii_alphabetic());
    if text.len() > 254 || !local_fits || !domain_fits {
        return Err(refused());
    }
    let domain = domain.to_ascii_lowercase();
    Ok(Checked::new(raw, format!("{local}@{domain}")))
}

/// Postal code: 5 digits, the first not 0.
///
/// # Errors
/// `error-required`, `error-postal-code`.
pub fn postal_code(raw: &str) -> Result<Checked, Problem> {
    let text = given(raw)?;
    if !is_digits(text, 5..=5) || text.starts_with('0') {
        return Err(Problem::new("error-postal-code"));
    }
    Ok(Checked::new(raw, text))
}

/// What a person signs in with.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Login {
    /// An address to send to, its domain in lower case.
    Email(String),
    /// A mobile number in E.164.
    Phone(String),
}

impl Login {
    /// The key under which it is unique and looked up: in lower case, so that `Ibu@…` and `ibu@…` are one person.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Email(address) => fold(address),
            Self::Phone(number) => number.clone(),
        }
    }

    #[must_use]
    pub fn email(&self) -> Option<&str> {
        match self {
            Self::Email(address) => Some(address),
            Self::Phone(_) => None,
        }
    }

    #[must_use]
    pub fn phone(&self) -> Option<&str> {
        match self {
            Self::Phone(number) => Some(number),
            Self::Email(_) => None,
        }
    }
}

/// Tells an e-mail address (it has an `@`) from a mobile number.
///
/// # Errors
/// `error-login-empty`; `error-email`; `error-login` when it is neither; `error-login-landline`;
/// `error-phone-foreign`.
pub fn login(raw: &str) -> Result<Login, Problem> {
    let text = raw.trim();
    if text.is_empty() {
        return Err(Problem::new("error-login-empty"));
    }
    if text.contains('@') {
        return email(text).map(|checked| Login::Email(checked.normalised));
    }
    // A slip of the finger must not make somebody else's number out of a word, so letters are no warning here.
    if text.chars().any(char::is_alphabetic) {
        return Err(Problem::new("error-login"));
    }
    let checked = phone(text).map_err(|problem| match problem.code {
        "error-phone" => Problem::new("error-login"),
        _ => problem,
    })?;
    if !is_mobile(&checked.normalised) {
        return Err(Problem::new("error-login-landline"));
    }
    Ok(Login::Phone(checked.normalised))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Fine, Reject, Warn, table};
    use super::*;

    #[test]
    fn phone_numbers_get_one_spelling() {
        table(
            phone,
            &[
                ("0812-3456-7890", Fine("+6281234567890")),
                ("+62 (0)812 3456 7890", Fine("+6281234567890")),
                ("62 812 3456 7890", Fine("+6281234567890")),
                ("81234567890", Fine("+6281234567890")),
                ("0812.3456.7890", Fine("+6281234567890")),
                ("+6281200000009", Fine("+6281200000009")),
                ("(0285) 391234", Fine("+62285391234")),
                (
                    "WA 0812 3456 7890",
                    Warn("+6281234567890", "warning-phone-letters"),
                ),
                ("08123", Reject("error-phone")),
                ("0812345678901234", Reject("error-phone")),
                ("080123456789", Reject("error-phone")),
                ("0123456789", Reject("error-phone")),
                ("2112345678", Reject("error-phone")),
                ("０８１２３４５６７８９０", Reject("error-phone")),
                ("halo", Reject("error-phone")),
                ("+60123456789", Reject("error-phone-foreign")),
                ("", Reject("error-required")),
            ],
        );
        assert!(is_mobile("+6281234567890"));
        assert!(!is_mobile("+62285391234"));
    }

    #[test]
    fn other_countries_are_let_in_only_where_allowed() {
        table(
            phone_of_any_country,
            &[
                ("+60 12-345 6789", Fine("+60123456789")),
                ("0812-3456-7890", Fine("+6281234567890")),
                ("+1234567", Reject("error-phone")),
                ("+1234567890123456", Reject("error-phone")),
                ("+0123456789", Reject("error-phone")),
                ("08123", Reject("error-phone")),
            ],
        );
    }

    #[test]
    fn e_mail_addresses_are_checked_and_their_domain_lowered() {
        let long = format!("a@{}.id", "b".repeat(63).as_str());
        assert!(email(&long).is_ok());
        let longer = format!(
            "{}@{}.id",
            "a".repeat(64),
            vec!["b".repeat(63); 3].join(".")
        );
        assert_eq!(email(&longer).map_err(|p| p.code), Err("error-email"));
        table(
            email,
            &[
                ("u01@contoh.example", Fine("u01@contoh.example")),
                (" U01@Contoh.EXAMPLE ", Fine("U01@contoh.example")),
                ("a.b+c_d@x-y.co.id", Fine("a.b+c_d@x-y.co.id")),
                ("o'brien@contoh.example", Fine("o'brien@contoh.example")),
                ("a@b", Reject("error-email")),
                ("a b@c.id", Reject("error-email")),
                ("a@b@c.id", Reject("error-email")),
                ("@c.id", Reject("error-email")),
                ("a@", Reject("error-email")),
                ("a@.id", Reject("error-email")),
                ("a@c..id", Reject("error-email")),
                ("a@-c.id", Reject("error-email")),
                ("a@c.1", Reject("error-email")),
                ("a@127.0.0.1", Reject("error-email")),
                (".a@c.id", Reject("error-email")),
                ("a..b@c.id", Reject("error-email")),
                ("Ibu <a@c.id>", Reject("error-email")),
                ("a@c.id,b@c.id", Reject("error-email")),
                ("a@c.id\r\nBcc: b@c.id", Reject("error-email")),
                ("аdmin@c.id", Reject("error-email")),
                ("tanpa-at", Reject("error-email")),
                ("", Reject("error-required")),
            ],
        );
    }

    #[test]
    fn postal_codes_have_five_digits() {
        table(
            postal_code,
            &[
                ("51211", Fine("51211")),
                ("0511", Reject("error-postal-code")),
                ("051211", Reject("error-postal-code")),
                ("05121", Reject("error-postal-code")),
                ("5121A", Reject("error-postal-code")),
                ("", Reject("error-required")),
            ],
        );
    }

    #[test]
    fn a_login_is_an_address_or_a_mobile_number() {
        let mail = |s: &str| Ok(Login::Email(s.to_owned()));
        let mobile = |s: &str| Ok(Login::Phone(s.to_owned()));
        for (raw, expected) in [
            ("umkm@lumbung.example", mail("umkm@lumbung.example")),
            (" Umkm@LUMBUNG.example", mail("Umkm@lumbung.example")),
            ("0812 0000 0009", mobile("+6281200000009")),
            ("+62 812-0000-0009", mobile("+6281200000009")),
            ("", Err("error-login-empty")),
            ("bu tani", Err("error-login")),
            ("08123", Err("error-login")),
            ("0812x34567890", Err("error-login")),
            ("a@b", Err("error-email")),
            ("(0285) 391234", Err("error-login-landline")),
            ("+60123456789", Err("error-phone-foreign")),
            ("' OR 1=1 --", Err("error-login")),
        ] {
            assert_eq!(login(raw).map_err(|p| p.code), expected, "{raw}");
        }
        assert_eq!(
            login("Umkm@lumbung.example").unwrap().key(),
            login("UMKM@lumbung.EXAMPLE").unwrap().key()
        );
        assert_eq!(
            login("081200000009").unwrap().phone(),
            Some("+6281200000009")
        );
        assert_eq!(login("a@c.id").unwrap().email(), Some("a@c.id"));
    }
}
