//! The password rule (A01): 8 to 256 characters, exactly as typed, and none that attackers try first. No rule about
//! kinds of characters: those make passwords harder to remember, not harder to guess.

use std::{collections::HashSet, sync::LazyLock};

use crate::problem::Problem;

/// The least number of characters.
pub const MIN_CHARS: usize = 8;
/// The most; enough for any sentence, and a bound on the work of hashing.
pub const MAX_CHARS: usize = 256;

/// A password as typed, byte for byte. Its `Debug` shows nothing, so that no log ever does.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// The exact text, for hashing only.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(…)")
    }
}

/// Checks a new password. `own` are words an attacker knows of this person (login, names): the password may be none
/// of them.
///
/// # Errors
/// `error-password-empty`, `error-password-short`, `error-password-long`, `error-password-common`,
/// `error-password-own`.
pub fn password(raw: &str, own: &[&str]) -> Result<Password, Problem> {
    let chars = raw.chars().count();
    if chars == 0 {
        return Err(Problem::new("error-password-empty"));
    }
    // What can't be typed again, because it wasn't readable to begin with.
    if raw.contains(['\0', '\u{fffd}']) {
        return Err(Problem::new("error-text-unreadable"));
    }
    if chars < MIN_CHARS {
        return Err(Problem::new("error-password-short").with("min", MIN_CHARS));
    }
    if chars > MAX_CHARS {
        return Err(Problem::new("error-password-long").with("max", MAX_CHARS));
    }
    if is_common(raw) {
        return Err(Problem::new("error-password-common"));
    }
    let bare = letters_and_digits(raw);
    let is_own = |word: &&str| !word.trim().is_empty() && letters_and_digits(word) == bare;
    if own.iter().any(is_own) {
        return Err(Problem::new("error-password-own"));
    }
    Ok(Password(raw.to_owned()))
}

fn letters_and_digits(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// What people append to a word to make it "safe", beside a year; tried first by everyone who guesses.
const ENDINGS: &[&str] = &[
    "",
    "1",
    "12",
    "123",
    "1234",
    "12345",
    "123456",
    "1234567",
    "12345678",
    "123456789",
    "01",
    "07",
    "11",
    "21",
    "22",
    "45",
    "69",
    "77",
    "88",
    "99",
    "00",
    "000",
    "111",
    "321",
    "007",
    "!",
    "!!",
    "1!",
    "12!",
    "123!",
    "@",
    "@1",
    "@12",
    "@123",
    "@1234",
    "#",
    "#1",
    "#123",
    "_",
    "_1",
    "_123",
    "-123",
    ".123",
    "!123",
    "?",
    "*",
];

/// Words that passwords are commonly made of, and common passwords.
static WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    include_str!("../../data/common_passwords.txt")
        .split_whitespace()
        .collect()
});

fn is_common(raw: &str) -> bool {
    let lower = raw.to_lowercase();
    is_word_with_ending(&lower) || is_repetition(&lower) || is_run(&lower)
}

/// `bismillah`, `sayang123`, `indonesia2024!`.
fn is_word_with_ending(text: &str) -> bool {
    let is_word = |rest: &str| {
        WORDS.contains(rest) || without_year(rest).is_some_and(|word| WORDS.contains(word))
    };
    ENDINGS
        .iter()
        .filter_map(|ending| text.strip_suffix(ending))
        .any(is_word)
}

/// The text before a year of the last or this century and a sign such as `@`.
fn without_year(text: &str) -> Option<&str> {
    let (word, year) = text.split_at_checked(text.len().checked_sub(4)?)?;
    let is_year = year.bytes().all(|b| b.is_ascii_digit())
        && (year.starts_with("19") || year.starts_with("20"));
    is_year.then(|| word.trim_end_matches(['@', '#', '_', '-', '.', '!']))
}

/// `aaaaaaaa`, `12121212`, `abcabcabc`: one piece of up to four characters again and again.
fn is_repetition(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    (1..=4).any(|period| {
        chars.len() >= period * 2
            && chars
                .iter()
                .zip(chars.iter().skip(period))
                .all(|(one, next)| one == next)
    })
}

/// `12345678`, `hgfedcba`, `qwertyuiop`: neighbours in the alphabet or on the keyboard, either way.
fn is_run(text: &str) -> bool {
    const ROWS: &[&str] = &[
        "01234567890",
        "abcdefghijklmnopqrstuvwxyz",
        "qwertyuiop[]",
        "asdfghjkl;'",
        "zxcvbnm,./",
        "!@#$%^&*()_+",
        "1q2w3e4r5t6y7u8i9o0p",
        "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
        "qazwsxedcrfvtgbyhnujmikolp",
        "qwertyuiopasdfghjklzxcvbnm",
        "1a2b3c4d5e6f7g8h9i",
        "a1b2c3d4e5f6g7h8i9",
        "123qweasdzxc",
        "qweasdzxc123",
    ];
    let backwards: String = text.chars().rev().collect();
    ROWS.iter()
        .any(|row| row.contains(text) || row.contains(&backwards))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(raw: &str) -> Option<&'static str> {
        password(
            raw,
            &["umkm@lumbung.example", "+6281234567890", "Bu Tani Jaya"],
        )
        .err()
        .map(|problem| problem.code)
    }

    #[test]
    fn passwords_are_taken_exactly_as_typed() {
        for raw in [
            "lumbung-demo",
            " spasi di depan",
            "kuda baterai staples benar",
            "ꦗꦮꦏꦱꦫꦱꦩꦤ",
            "🍌🍊🍍🥥🥭🍋🍎🍐",
            "semuahurufkecilpanjang",
            "83920174652",
            "Tab\tdi dalam",
        ] {
            assert_eq!(password(raw, &[]).unwrap().expose(), raw, "{raw}");
        }
        assert!(password(&"kata ".repeat(13)[..64], &[]).is_ok());
        let longest: String = ('a'..='z')
            .chain('0'..='9')
            .rev()
            .cycle()
            .take(256)
            .collect();
        assert!(password(&longest, &[]).is_ok());
        assert_eq!(code(&format!("{longest}x")), Some("error-password-long"));
    }

    #[test]
    fn short_passwords_are_refused_by_characters() {
        assert_eq!(code(""), Some("error-password-empty"));
        assert_eq!(code("abc12xy"), Some("error-password-short"));
        assert_eq!(code("🍌🍊🍍🥥🥭🍋🍎"), Some("error-password-short"));
        assert_eq!(code("       "), Some("error-password-short"));
    }

    #[test]
    fn passwords_that_everybody_tries_are_refused() {
        for raw in [
            "password",
            "Password",
            "PASSWORD1",
            "password123",
            "P@ssw0rd",
            "12345678",
            "123456789",
            "1234567890",
            "87654321",
            "11111111",
            "00000000",
            "12121212",
            "abcabcabc",
            "qwertyui",
            "qwerty123",
            "Qwerty123!",
            "1q2w3e4r",
            "1qaz2wsx",
            "zaq12wsx",
            "asdfghjkl",
            "iloveyou",
            "sunshine",
            "princess",
            "football",
            "baseball",
            "superman",
            "trustno1",
            "letmein123",
            "welcome1",
            "admin123",
            "Admin@123",
            "administrator",
            "changeme",
            "bismillah",
            "Bismillah1",
            "alhamdulillah",
            "sayang123",
            "sayangku",
            "indonesia",
            "Indonesia2024",
            "jakarta123",
            "garuda123",
            "rahasia123",
            "katasandi",
            "merdeka45",
            "pancasila",
            "persib1933",
            "cintaku123",
            "doraemon",
            "koperasi",
            "koperasi123",
            "Kopdes123",
            "semangat45",
            "wonosobo2025",
            "147258369",
            "nurhayati1990",
            "lumbung123",
            "aaaaaaaa",
            "abcdefgh",
            "        ",
        ] {
            assert_eq!(code(raw), Some("error-password-common"), "{raw}");
        }
    }

    #[test]
    fn a_password_is_none_of_the_persons_own_words() {
        for raw in [
            "umkm@lumbung.example",
            "6281234567890",
            "+62 812-3456-7890",
            "bu tani jaya",
            "BuTaniJaya",
        ] {
            assert_eq!(code(raw), Some("error-password-own"), "{raw}");
        }
        assert!(password("bu tani jaya sekali", &["Bu Tani Jaya", ""]).is_ok());
    }

    #[test]
    fn the_list_is_long_and_a_password_is_never_shown_in_a_log() {
        let refused = WORDS
            .iter()
            .flat_map(|word| ENDINGS.iter().map(move |e| word.len() + e.len()));
        assert!(refused.filter(|chars| *chars >= MIN_CHARS).count() > 100_000);
        assert!(WORDS.len() >= 3000, "{} words", WORDS.len());
        assert!(WORDS.iter().all(|word| *word == word.to_lowercase()));
        assert!(!format!("{:?}", password("lumbung-demo", &[]).unwrap()).contains("demo"));
    }
}
