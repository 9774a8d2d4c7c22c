//! Every sentence a person reads, in Bahasa Indonesia and English.
//!
//! Sentences live in `locales/{id,en}/<feature>.ftl` (Fluent; translators edit no Rust). A key is written in full
//! where it is used (`t(lang, "orders-place-button")`), so that `tests/tidy` can check each in both languages.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod format;
mod problems;
mod remembered;
pub mod units;

pub use problems::problem;

use remembered::Remembered;

use std::{borrow::Cow, collections::HashMap, fmt::Write as _};

use fluent_templates::{
    LanguageIdentifier, Loader, fluent_bundle::FluentValue, langid, static_loader,
};

static_loader! {
    static LOCALES = {
        locales: "./locales",
        fallback_language: "id",
        // Figures and names are plain text in both directions; isolating marks would show up in mails and CSV.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

static ID: LanguageIdentifier = langid!("id");
static EN: LanguageIdentifier = langid!("en");

/// The language a person reads. Indonesian is the default everywhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    #[default]
    Id,
    En,
}

impl Lang {
    pub const ALL: [Self; 2] = [Self::Id, Self::En];

    /// `id` or `en`, as in the `lang` attribute.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::En => "en",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "id" => Some(Self::Id),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    fn identifier(self) -> &'static LanguageIdentifier {
        match self {
            Self::Id => &ID,
            Self::En => &EN,
        }
    }
}

/// The sentence for `key`; the key itself where a translation is missing (`tests/tidy` keeps that from landing).
#[must_use]
pub fn t(lang: Lang, key: &str) -> String {
    static PLAIN: [Remembered; 2] = [const { Remembered::new() }; 2];
    let [id, en] = &PLAIN;
    let known = match lang {
        Lang::Id => id,
        Lang::En => en,
    };
    known.get(key, || {
        LOCALES
            .try_lookup(lang.identifier(), key)
            .unwrap_or_else(|| key.to_owned())
    })
}

/// A value put into a sentence. Numbers choose the plural form; text is put in as it is.
#[derive(Clone, Debug)]
pub enum Arg {
    Count(i64),
    Text(String),
}

impl From<i64> for Arg {
    fn from(n: i64) -> Self {
        Self::Count(n)
    }
}
impl From<usize> for Arg {
    fn from(n: usize) -> Self {
        Self::Count(i64::try_from(n).unwrap_or(i64::MAX))
    }
}
impl From<String> for Arg {
    fn from(s: String) -> Self {
        Self::Text(s)
    }
}
impl From<&str> for Arg {
    fn from(s: &str) -> Self {
        Self::Text(s.to_owned())
    }
}
impl From<&String> for Arg {
    fn from(s: &String) -> Self {
        Self::Text(s.clone())
    }
}

/// The sentence for `key` with values put in.
#[must_use]
pub fn t_with(lang: Lang, key: &str, args: &[(&'static str, Arg)]) -> String {
    static WITH_VALUES: Remembered = Remembered::new();
    let mut made_of = String::with_capacity(64);
    made_of.push_str(lang.code());
    made_of.push_str(key);
    for (name, arg) in args {
        // Figures and texts are told apart, and one value from the next.
        let _ = match arg {
            Arg::Count(n) => write!(made_of, "\u{1}{name}\u{2}{n}"),
            Arg::Text(s) => write!(made_of, "\u{1}{name}\u{3}{s}"),
        };
    }
    // Links may carry a secret, which is remembered nowhere.
    if made_of.contains("://") {
        return fill_in(lang, key, args);
    }
    WITH_VALUES.get(&made_of, || fill_in(lang, key, args))
}

fn fill_in(lang: Lang, key: &str, args: &[(&'static str, Arg)]) -> String {
    let values: HashMap<Cow<'static, str>, FluentValue<'_>> = args
        .iter()
        .map(|(name, arg)| {
            let value = match arg {
                // From a thousand on figures are grouped, and every language here says "many". A number that names
                // something is no figure.
                Arg::Count(n) if n.unsigned_abs() >= 1_000 && *name != "number" => {
                    FluentValue::from(domain::money::grouped(*n))
                }
                Arg::Count(n) => FluentValue::from(*n),
                Arg::Text(s) => FluentValue::from(s.as_str()),
            };
            (Cow::Borrowed(*name), value)
        })
        .collect();
    LOCALES
        .try_lookup_with_args(lang.identifier(), key, &values)
        .unwrap_or_else(|| key.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_grouped_from_a_thousand_on_and_numbers_that_name_are_not() {
        let words = |lang, key, name, n: i64| t_with(lang, key, &[(name, n.into())]);
        assert_eq!(words(Lang::Id, "admin-data-rows", "n", 999), "999 baris");
        assert_eq!(
            words(Lang::Id, "admin-data-rows", "n", 12_500),
            "12.500 baris"
        );
        assert!(words(Lang::En, "invitations-made", "n", 1_000).starts_with("1.000 invitations"));
        assert!(words(Lang::Id, "error-register-other-number", "number", 1_204).contains("1204"));
    }
}
