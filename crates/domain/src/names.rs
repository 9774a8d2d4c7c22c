//! Names, titles and longer texts that people type: cleaned to one spelling, kept in the person's own script.
//!
//! `O'Brien`, `Null`, `-`, `<3`, Javanese script and emoji are names like any other. What can't be seen or turns the
//! reading order is refused, because it serves only to imitate another name. Escaping is the templates' work.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use crate::problem::Problem;

/// A required single line: NFC, trimmed, inner white space as single spaces, at most `max_chars` characters.
///
/// # Errors
/// `error-required` when nothing is left; `error-text-too-long`; `error-text-hidden-characters` for line ends,
/// control, zero-width and direction-changing characters; `error-text-unreadable` for broken encoding.
pub fn clean_line(raw: &str, max_chars: usize) -> Result<String, Problem> {
    clean_line_optional(raw, max_chars)?.ok_or_else(Problem::required)
}

/// As [`clean_line`], with `None` for an empty line.
///
/// # Errors
/// As [`clean_line`], without `error-required`.
pub fn clean_line_optional(raw: &str, max_chars: usize) -> Result<Option<String>, Problem> {
    let text: String = raw.trim().nfc().collect();
    check_characters(&text, false)?;
    limit(single_spaced(&text), max_chars)
}

/// A required text of several lines: as [`clean_line`] for each line, with at most one blank line in a row.
///
/// # Errors
/// As [`clean_line`], but line ends are welcome.
pub fn clean_text(raw: &str, max_chars: usize) -> Result<String, Problem> {
    clean_text_optional(raw, max_chars)?.ok_or_else(Problem::required)
}

/// As [`clean_text`], with `None` for an empty text.
///
/// # Errors
/// As [`clean_text`], without `error-required`.
pub fn clean_text_optional(raw: &str, max_chars: usize) -> Result<Option<String>, Problem> {
    let text: String = raw.nfc().collect::<String>().replace("\r\n", "\n");
    check_characters(&text, true)?;
    let mut out = String::with_capacity(text.len());
    let mut blank = false;
    for line in text.lines().map(single_spaced) {
        if line.is_empty() {
            blank = true;
            continue;
        }
        if !out.is_empty() {
            out.push_str(if blank { "\n\n" } else { "\n" });
        }
        out.push_str(&line);
        blank = false;
    }
    limit(out, max_chars)
}

fn single_spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn limit(text: String, max_chars: usize) -> Result<Option<String>, Problem> {
    if text.is_empty() {
        Ok(None)
    } else if text.chars().count() > max_chars {
        Err(Problem::new("error-text-too-long").with("max", max_chars))
    } else {
        Ok(Some(text))
    }
}

fn check_characters(text: &str, lines: bool) -> Result<(), Problem> {
    let mut before = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let fine = match c {
            '\t' => true,
            '\n' => lines,
            '\u{fffd}' => return Err(Problem::new("error-text-unreadable")),
            // Emoji are built with these; behind a letter they would be an invisible difference.
            '\u{fe0e}' | '\u{fe0f}' => before.is_some_and(carries_variation),
            '\u{200d}' => {
                before.is_some_and(|b| is_virama(b) || b == '\u{fe0f}' || is_pictograph(b))
                    && chars.peek().is_some_and(|next| !next.is_whitespace())
            }
            '\u{200c}' => before.is_some_and(is_virama),
            _ => !is_hidden(c),
        };
        if !fine {
            return Err(Problem::new("error-text-hidden-characters"));
        }
        before = Some(c);
    }
    Ok(())
}

/// Javanese and Balinese write conjuncts with a joiner behind the vowel killer.
fn is_virama(c: char) -> bool {
    matches!(c, '\u{a9c0}' | '\u{1b44}')
}

fn is_pictograph(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
}

fn carries_variation(c: char) -> bool {
    is_pictograph(c)
        || matches!(
            c,
            '0'..='9' | '#' | '*' | '©' | '®' | '‼' | '⁉' | '™' | 'ℹ' | '〰' | '〽' | '㊗' | '㊙'
        )
}

/// Control characters and everything that draws nothing or changes the direction of what follows.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fdd0}'..='\u{fdef}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{fffe}' | '\u{ffff}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..='\u{10ffff}')
}

/// The key under which names, logins and codes are unique: NFKC, lower case, nothing invisible, single spaces.
#[must_use]
pub fn fold(text: &str) -> String {
    // Taking an invisible character out can bring a letter and its accent together, so it is done before and after.
    let seen = |c: &char| c.is_whitespace() || !is_hidden(*c);
    let lower: String = text
        .chars()
        .filter(seen)
        .nfkc()
        .flat_map(char::to_lowercase)
        .collect();
    let folded: String = lower.nfkc().filter(seen).nfkc().collect();
    single_spaced(&folded)
}

/// What a name looks like: [`fold`] without accents, with Cyrillic and Greek twins read as the Latin letters they
/// imitate. Two organisations whose names share it can be told apart by nobody.
#[must_use]
pub fn skeleton(name: &str) -> String {
    fold(name)
        .nfd()
        .filter(|c| !is_combining_mark(*c) || is_indic_mark(*c))
        .map(latin_twin)
        .collect()
}

/// Vowel signs of Javanese, Balinese and their kin are marks, too, but carry the sound.
fn is_indic_mark(c: char) -> bool {
    matches!(c, '\u{900}'..='\u{dff}' | '\u{1a00}'..='\u{1a1f}' | '\u{1b00}'..='\u{1bff}' | '\u{a930}'..='\u{a9df}')
}

fn latin_twin(c: char) -> char {
    match c {
        'а' | 'α' => 'a',
        'в' | 'β' => 'b',
        'с' | 'ϲ' => 'c',
        'ԁ' => 'd',
        'е' | 'є' | 'ε' => 'e',
        'һ' | 'н' => 'h',
        'і' | 'ι' | 'ı' => 'i',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'м' | 'μ' => 'm',
        'η' => 'n',
        'о' | 'ο' | 'σ' => 'o',
        'р' | 'ρ' => 'p',
        'ԛ' => 'q',
        'ѕ' => 's',
        'т' | 'τ' => 't',
        'υ' => 'u',
        'ν' | 'ѵ' => 'v',
        'ԝ' | 'ω' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'γ' => 'y',
        _ => c,
    }
}

/// The readable part of an address: `Koperasi Produsen "Rasa Alas Roban"` → `koperasi-produsen-rasa-alas-roban`.
/// Only `a-z`, `0-9` and single hyphens, at most 60; `usaha` for a name without a Latin letter or digit.
/// Not unique: the store adds a number.
#[must_use]
pub fn slug(name: &str) -> String {
    let mut out = String::new();
    for c in skeleton(name).chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c);
        } else if !matches!(c, '\'' | '\u{2019}') && !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
        if out.len() >= 60 {
            break;
        }
    }
    let out = out.trim_end_matches('-');
    if out.is_empty() { "usaha" } else { out }.to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn unusual_names_are_names() {
        for name in [
            "O'Brien",
            "Null",
            "null",
            "-",
            "<3",
            "<script>alert(1)</script>",
            "{{7*7}}",
            "'; DROP TABLE people; --",
            "꧋ꦲꦏ꧀ꦱꦫꦗꦮ",
            "ꦏ꧀\u{200d}ꦱ",
            "ᬅᬓ᭄ᬱᬭᬩᬮᬶ",
            "Keripik 🍌",
            "👩🏽‍🌾 Bu Tani",
            "👨‍👩‍👧",
            "❤️",
            "1️⃣",
            "✈️",
            "Kopi™",
            "José",
            "李小龙",
            "محمد",
            "Dr. H. Abdul-Rahman, S.E.",
            "5",
        ] {
            assert_eq!(clean_line(name, 60).as_deref(), Ok(name), "{name}");
            assert_eq!(clean_text(name, 60).as_deref(), Ok(name), "{name}");
            assert!(!slug(name).is_empty());
        }
    }

    #[test]
    fn lines_get_one_spelling() {
        for (raw, clean) in [
            ("  Bu \u{a0} Tani\t Jaya ", "Bu Tani Jaya"),
            ("Jose\u{301}", "José"),
            ("\nBu Tani\r\n", "Bu Tani"),
            ("\u{3000}Tani\u{2003}Jaya", "Tani Jaya"),
        ] {
            assert_eq!(clean_line(raw, 20).as_deref(), Ok(clean), "{raw:?}");
        }
        assert_eq!(clean_line_optional("  ", 5), Ok(None));
        assert_eq!(clean_text_optional("\n \n", 5), Ok(None));
        assert_eq!(
            clean_text(" satu  dua \r\n\r\n\n\ntiga\nempat\n\n", 99).as_deref(),
            Ok("satu dua\n\ntiga\nempat")
        );
    }

    #[test]
    fn what_can_not_be_seen_is_refused() {
        for raw in [
            "Tani\0",
            "Ta\u{7}ni",
            "Ta\u{1b}[31mni",
            "Tani\u{7f}",
            "Tani\u{85}Jaya",
            "Ta\u{200b}ni",
            "Ta\u{200c}ni",
            "Ta\u{200d}ni",
            "Tani\u{200d}",
            "🍌\u{200d}",
            "🍌\u{200d} x",
            "Ta\u{fe0f}ni",
            "Ta\u{202e}inat",
            "Ta\u{2066}ni",
            "Ta\u{200f}ni",
            "\u{feff}Tani",
            "Ta\u{ad}ni",
            "Ta\u{2060}ni",
            "\u{3164}",
            "\u{2800}",
            "Tani\u{2028}Jaya",
            "Ta\u{e0041}ni",
            "Ta\u{e000}ni",
        ] {
            let code = "error-text-hidden-characters";
            assert_eq!(
                clean_line(raw, 60).map_err(|p| p.code),
                Err(code),
                "{raw:?}"
            );
            assert_eq!(
                clean_text(raw, 60).map_err(|p| p.code),
                Err(code),
                "{raw:?}"
            );
        }
        for raw in ["Tani\r\nBcc: x@y.id", "Tani\nJaya", "Tani\rJaya"] {
            let code = "error-text-hidden-characters";
            assert_eq!(
                clean_line(raw, 60).map_err(|p| p.code),
                Err(code),
                "{raw:?}"
            );
        }
        assert_eq!(
            clean_line("Ta\u{fffd}ni", 60).map_err(|p| p.code),
            Err("error-text-unreadable")
        );
    }

    #[test]
    fn limits_count_characters_not_bytes() {
        assert_eq!(clean_line("🍌🍌🍌", 3).as_deref(), Ok("🍌🍌🍌"));
        assert_eq!(clean_line("e\u{301}e\u{301}", 2).as_deref(), Ok("éé"));
        assert_eq!(
            clean_line("abcd", 3),
            Err(Problem::new("error-text-too-long").with("max", 3))
        );
        assert_eq!(clean_line(" \u{a0} ", 3), Err(Problem::required()));
        assert_eq!(clean_text("\n", 3), Err(Problem::required()));
    }

    #[test]
    fn names_that_read_alike_share_a_key() {
        for (one, other) in [
            ("Koperasi TANI", "koperasi  tani"),
            ("ｋｏｐｅｒａｓｉ", "koperasi"),
            ("ﬁ", "fi"),
            ("u01@contoh.example", "U01@CONTOH.example"),
        ] {
            assert_eq!(fold(one), fold(other), "{one}");
        }
        for (one, other) in [("Кореrаsі", "koperasi"), ("Tání", "tani"), ("Ταni", "Tani")]
        {
            assert_ne!(fold(one), fold(other), "{one}");
            assert_eq!(skeleton(one), skeleton(other), "{one}");
        }
        assert_ne!(skeleton("ꦏꦶ"), skeleton("ꦏꦸ"));
    }

    #[test]
    fn slugs_are_plain_and_never_empty() {
        for (name, expected) in [
            (
                "Koperasi Produsen \"Rasa Alas Roban\"",
                "koperasi-produsen-rasa-alas-roban",
            ),
            ("O'Brien & Co.", "obrien-co"),
            ("  --Tání__Jaya!! ", "tani-jaya"),
            ("ꦗꦮ", "usaha"),
            ("-", "usaha"),
            ("../../etc", "etc"),
        ] {
            assert_eq!(slug(name), expected, "{name}");
        }
        assert!(slug(&"panjang ".repeat(20)).len() <= 60);
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing(raw in "\\PC{0,40}") {
            if let Ok(clean) = clean_line(&raw, 100) {
                prop_assert_eq!(clean_line(&clean, 100), Ok(clean.clone()));
            }
            let folded = fold(&raw);
            prop_assert_eq!(fold(&folded), folded);
        }
    }
}
