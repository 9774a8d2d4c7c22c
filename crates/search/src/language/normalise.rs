//! Text to words: the same for what a member wrote and for what a buyer types.
//!
//! Nothing of the input survives but lower-case letters and digits, so no quote, bracket or control character can mean
//! anything further on (CHECKLIST D03).

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::stem;

/// Longer words are cut: nobody types them, and they would only fill the index.
const LETTERS_OF_A_WORD_MAX: usize = 40;

/// Small words that tell nothing apart (DOMAIN §13). `tanpa`, `non` and `anti` are not among them, on purpose.
const STOP_WORDS: [&str; 34] = [
    "yang", "untuk", "pada", "ke", "para", "dan", "di", "dari", "dengan", "atau", "ini", "itu",
    "oleh", "dalam", "adalah", "juga", "karena", "agar", "bagi", "serta", "kami", "saya", "ada",
    "akan", "bisa", "dapat", "secara", "sebagai", "saat", "jual", "the", "of", "and", "for",
];

/// A stop word of DOMAIN §13 (or one of the four English ones that titles bring along).
pub fn is_stop_word(word: &str) -> bool {
    STOP_WORDS.contains(&word)
}

/// Words that turn the meaning round; a search that has one is never loosened.
pub fn is_negation(word: &str) -> bool {
    matches!(word, "tanpa" | "non" | "anti" | "bebas")
}

/// The words of a text, of its first `chars_max` characters: lower case, without diacritics, plurals undone,
/// figures and units apart, unit names unified.
pub fn words(text: &str, chars_max: usize) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for chunk in chunks(text, chars_max) {
        let parts: Vec<&str> = chunk.split('-').filter(|part| !part.is_empty()).collect();
        match parts.as_slice() {
            [first, second] if let Some(base) = reduplicated(first, second) => words.push(base),
            parts => parts.iter().for_each(|part| split_part(part, &mut words)),
        }
    }
    unify_units(&mut words);
    words.dedup_by(|second, first| match reduplicated(first, second) {
        Some(base) => {
            *first = base;
            true
        }
        None => false,
    });
    words
}

/// Lower-case pieces between anything that is neither letter, digit nor hyphen; repeats of three and more letters
/// are one.
fn chunks(text: &str, chars_max: usize) -> Vec<String> {
    let mut chunks = Vec::new();
    let mut chunk = String::new();
    let mut last = None;
    let mut repeats = 0;
    let letters = text
        .chars()
        .take(chars_max)
        .nfkd()
        .filter(|letter| !is_combining_mark(*letter) && !is_silent(*letter))
        .flat_map(char::to_lowercase)
        // One character may stand for many (NFKD of ligatures): the bound holds for what comes out as well.
        .take(chars_max.saturating_mul(4));
    for letter in letters {
        let letter = if matches!(letter, '\u{2010}'..='\u{2015}' | '\u{2212}') {
            '-'
        } else {
            letter
        };
        repeats = if last == Some(letter) { repeats + 1 } else { 0 };
        last = Some(letter);
        if !(letter.is_alphanumeric() || letter == '-') {
            if !chunk.is_empty() {
                chunks.push(std::mem::take(&mut chunk));
            }
        } else if letter.is_alphabetic() && repeats == 2 {
            chunk.pop();
        } else if !(letter.is_alphabetic() && repeats > 2) {
            chunk.push(letter);
        }
    }
    if !chunk.is_empty() {
        chunks.push(chunk);
    }
    chunks
}

/// Apostrophes join (`jum'at`), invisible characters vanish.
fn is_silent(letter: char) -> bool {
    matches!(
        letter,
        '\'' | '`' | '\u{2018}' | '\u{2019}' | '\u{02bc}' | '\u{00ad}' | '\u{200b}'
            ..='\u{200f}' | '\u{2060}' | '\u{feff}'
    )
}

/// `sayur-sayuran`, `buah-buahan` → the base; `None` when the halves are two words.
fn reduplicated(first: &str, second: &str) -> Option<String> {
    let letters = |word: &str| word.chars().count() >= 3 && word.chars().all(char::is_alphabetic);
    if !letters(first) || !letters(second) {
        return None;
    }
    let same = first == second || stem::root(first) == stem::root(second);
    if !same {
        return None;
    }
    let base = stem::root(first);
    // `oleh-oleh` (a gift to bring home) is not twice the stop word.
    Some(if is_stop_word(&base) {
        format!("{base}{base}")
    } else {
        base
    })
}

/// Parts letters and digits: `250gr` → `250`, `gr`; `sayur2` → `sayur`.
fn split_part(part: &str, words: &mut Vec<String>) {
    if let Some(base) = part.strip_suffix('2')
        && let Some(word) = reduplicated(base, base)
    {
        words.push(word);
        return;
    }
    let mut word = String::new();
    let mut digits = false;
    for letter in part.chars() {
        if !word.is_empty() && letter.is_numeric() != digits {
            push(words, &mut word);
        }
        digits = letter.is_numeric();
        word.push(letter);
    }
    push(words, &mut word);
}

fn push(words: &mut Vec<String>, word: &mut String) {
    if !word.is_empty() {
        words.push(word.chars().take(LETTERS_OF_A_WORD_MAX).collect());
        word.clear();
    }
}

/// `gr`, `gram` → `g`; `ltr` → `l`. Short forms only after a figure, where they can mean nothing else.
fn unify_units(words: &mut [String]) {
    let mut after_figure = false;
    for word in words {
        let unit = match word.as_str() {
            "gram" | "grams" | "gramm" => Some("g"),
            "kilogram" | "kilograms" | "kgs" => Some("kg"),
            "liter" | "litre" | "liters" => Some("l"),
            "mililiter" | "milliliter" => Some("ml"),
            "kwintal" => Some("kuintal"),
            "gr" | "grm" | "gm" if after_figure => Some("g"),
            "kilo" | "k" if after_figure => Some("kg"),
            "ltr" | "lt" | "lit" if after_figure => Some("l"),
            "mil" | "cc" if after_figure => Some("ml"),
            "pc" | "pieces" if after_figure => Some("pcs"),
            _ => None,
        };
        after_figure = is_figure(word);
        if let Some(unit) = unit {
            unit.clone_into(word);
        }
    }
}

pub fn is_figure(word: &str) -> bool {
    word.chars().all(char::is_numeric)
}

/// Words that a search may have but need not find: sizes, and what people add when they shop.
pub fn is_soft(word: &str) -> bool {
    is_figure(word)
        || word.chars().count() == 1
        || matches!(
            word,
            "kg" | "ml"
                | "cm"
                | "mm"
                | "ons"
                | "ton"
                | "kuintal"
                | "pcs"
                | "isi"
                | "lusin"
                | "kodi"
                | "dus"
                | "karung"
                | "bungkus"
                | "peti"
                | "grosir"
                | "kulakan"
                | "borongan"
                | "partai"
                | "harga"
                | "murah"
                | "beli"
                | "cari"
                | "mau"
                | "supplier"
                | "pemasok"
                | "distributor"
                | "asli"
                | "terbaik"
                | "termurah"
                | "online"
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(text: &str) -> String {
        words(text, 300).join(" ")
    }

    #[test]
    fn capitals_diacritics_and_punctuation_do_not_matter() {
        assert_eq!(
            joined("  KÉRIPIK, Témpe!! (Benguk)"),
            "keripik tempe benguk"
        );
        assert_eq!(joined("Ｋｏｐｉ"), "kopi");
        assert_eq!(joined("jum'at \u{200b}"), "jumat");
    }

    #[test]
    fn letters_repeated_three_times_are_one_but_figures_stay() {
        assert_eq!(joined("enaaaak pedasss"), "enak pedas");
        assert_eq!(joined("kelapaa 1000"), "kelapaa 1000");
    }

    #[test]
    fn plurals_become_the_base() {
        assert_eq!(joined("sayur2"), "sayur");
        assert_eq!(joined("sayur-sayuran"), "sayur");
        assert_eq!(joined("buah-buahan segar"), "buah segar");
        assert_eq!(joined("keripik keripik"), "keripik");
        assert_eq!(joined("oleh-oleh"), "oleholeh");
        assert_eq!(joined("lauk-pauk"), "lauk pauk");
        assert_eq!(joined("non-kolesterol"), "non kolesterol");
    }

    #[test]
    fn figures_and_units_part_and_units_are_unified() {
        for text in ["250gr", "250 gram", "250 Gr.", "250g"] {
            assert_eq!(joined(text), "250 g", "{text}");
        }
        assert_eq!(joined("1kilo"), "1 kg");
        assert_eq!(joined("5 liter"), "5 l");
        assert_eq!(joined("isi 5pcs"), "isi 5 pcs");
        assert_eq!(joined("60x200 cm"), "60 x 200 cm");
    }

    #[test]
    fn what_looks_like_a_query_language_is_only_words() {
        assert_eq!(
            joined("audience:public OR \"(tempe]* ^~ \0\u{7} title:/.*/"),
            "audience public or tempe title"
        );
        assert!(words("\"\"(((", 100).is_empty());
        assert!(words(&"a b ".repeat(50_000), 256).len() <= 128);
    }
}
