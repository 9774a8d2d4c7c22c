//! Indonesian words to their roots.
//!
//! Particles and possessives are always taken off; derivational affixes only where the root is a word we know
//! (`words.txt`), because blind removal breaks product nouns (DOMAIN §13: ikan, santan, rambutan …). Long words with a
//! prefix and a suffix that we don't know go to the Snowball stemmer. Words keep their surface in the index beside
//! the root, so a wrong root costs little and a missing one nothing.

use frostem::{Algorithm, Stemmer};

use super::vocabulary;

/// Nouns that look as if they had an affix (DOMAIN §13).
const PROTECTED: [&str; 37] = [
    "ikan",
    "santan",
    "durian",
    "rotan",
    "kopi",
    "sapi",
    "padi",
    "roti",
    "ubi",
    "teri",
    "nasi",
    "terasi",
    "kemiri",
    "melati",
    "pandan",
    "rambutan",
    "keripik",
    "minyak",
    "tali",
    "sari",
    "jamu",
    "bumbu",
    "buku",
    "pisang",
    "kelapa",
    "kerupuk",
    "keranjang",
    "ketan",
    "ketumbar",
    "kentang",
    "pepaya",
    "petai",
    "pempek",
    "selai",
    "serai",
    "sekolah",
    "tahu",
];

/// Prefixes with the letter that the root lost to them.
const PREFIXES: [(&str, &str); 25] = [
    ("", ""),
    ("di", ""),
    ("ke", ""),
    ("se", ""),
    ("ber", ""),
    ("be", ""),
    ("ter", ""),
    ("te", ""),
    ("per", ""),
    ("pe", ""),
    ("me", ""),
    ("meng", ""),
    ("meng", "k"),
    ("mem", ""),
    ("mem", "p"),
    ("men", ""),
    ("men", "t"),
    ("meny", "s"),
    ("peng", ""),
    ("peng", "k"),
    ("pem", ""),
    ("pem", "p"),
    ("pen", ""),
    ("pen", "t"),
    ("peny", "s"),
];

const SUFFIXES: [&str; 4] = ["", "an", "kan", "i"];

pub fn is_protected(word: &str) -> bool {
    PROTECTED.contains(&word)
}

/// The root of a normalised word, or the word itself: `pengolahan` → `olah`, `bumbunya` → `bumbu`.
pub fn root(word: &str) -> String {
    if word.len() < 4 || !word.bytes().all(|byte| byte.is_ascii_lowercase()) || is_base(word) {
        return word.to_owned();
    }
    let light = without_particle(word);
    if is_base(light) {
        return light.to_owned();
    }
    known_root(light)
        .or_else(|| guessed_root(light))
        .unwrap_or_else(|| light.to_owned())
}

/// Words that are not looked into any further.
fn is_base(word: &str) -> bool {
    is_protected(word) || vocabulary::is_word(word)
}

/// Without -lah -kah -tah -pun -ku -mu -nya, where enough is left to be a word.
fn without_particle(word: &str) -> &str {
    for (suffix, letters_min) in [
        ("nya", 3),
        ("lah", 5),
        ("kah", 5),
        ("tah", 5),
        ("pun", 5),
        ("ku", 5),
        ("mu", 5),
    ] {
        if let Some(rest) = word.strip_suffix(suffix)
            && (rest.len() >= letters_min || is_base(rest))
            && rest.len() >= 3
        {
            return rest;
        }
    }
    word
}

/// The longest known root that this word is a prefix and a suffix around.
fn known_root(word: &str) -> Option<String> {
    let mut best: Option<String> = None;
    for suffix in SUFFIXES {
        let Some(stem) = word.strip_suffix(suffix) else {
            continue;
        };
        for (prefix, lost) in PREFIXES {
            let Some(rest) = stem.strip_prefix(prefix) else {
                continue;
            };
            let candidate = format!("{lost}{rest}");
            if candidate.len() >= 3
                && vocabulary::is_word(&candidate)
                && best
                    .as_ref()
                    .is_none_or(|best| best.len() < candidate.len())
            {
                best = Some(candidate);
            }
        }
    }
    best
}

/// Snowball's guess, believed only when it took something off both ends of a long word.
fn guessed_root(word: &str) -> Option<String> {
    if word.len() < 9 {
        return None;
    }
    let stem = Stemmer::new(Algorithm::Indonesian).stem(word);
    let inside = stem.len() >= 4 && !word.starts_with(&*stem) && !word.ends_with(&*stem);
    inside.then(|| stem.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pass_tests_of_the_handbook_hold() {
        assert_eq!(root("pengolahan"), "olah");
        assert_eq!(root("makanan"), "makan");
        assert_eq!(root("sayuran"), "sayur");
        assert_eq!(root("bumbunya"), "bumbu");
    }

    #[test]
    fn affixes_around_known_roots_come_off() {
        for (word, expected) in [
            ("minuman", "minum"),
            ("olahan", "olah"),
            ("gorengan", "goreng"),
            ("digoreng", "goreng"),
            ("penggorengan", "goreng"),
            ("mengeringkan", "kering"),
            ("pengeringan", "kering"),
            ("pemanis", "manis"),
            ("pengawet", "awet"),
            ("kacangan", "kacang"),
            ("penyedap", "penyedap"),
            ("kripiknya", "kripik"),
            ("perkebunan", "kebun"),
            ("peternakan", "ternak"),
            ("keberlanjutan", "lanjut"),
        ] {
            assert_eq!(root(word), expected, "{word}");
        }
    }

    #[test]
    fn protected_nouns_stay_whole() {
        for word in PROTECTED {
            assert_eq!(root(word), word);
        }
        for word in [
            "kemasan", "rawit", "alpukat", "anyaman", "tenunan", "cabai", "melinjo",
        ] {
            assert_eq!(root(word), word);
        }
    }

    #[test]
    fn odd_input_is_given_back() {
        for word in ["", "a", "an", "kan", "éé", "250", "日本語日本語日本語"] {
            assert_eq!(root(word), word);
        }
    }
}
