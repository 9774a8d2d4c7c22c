//! What small sellers read is plain: no sentence of theirs has more than twelve words, and no Indonesian one has the
//! English of software in it (CHECKLIST §6.7).

use crate::{files, none};

/// The pages that owners of businesses see, by their files of sentences.
const SELLERS: &[&str] = &[
    "accounts",
    "downloads",
    "errors",
    "form",
    "help",
    "home",
    "layout",
    "listings",
    "memberships",
    "nav",
    "notices",
    "offline",
    "orders",
    "parts",
    "people",
    "photos",
    "products",
    "questions",
    "refusal",
    "shares",
    "shell",
    "supplies",
    "units",
];

const WORDS_MAX: usize = 12;

/// Words that Indonesian has its own for.
const ENGLISH: &[&str] = &[
    "account",
    "browser",
    "checkout",
    "dashboard",
    "deadline",
    "default",
    "download",
    "edit",
    "email",
    "error",
    "feedback",
    "filter",
    "invoice",
    "link",
    "login",
    "offline",
    "online",
    "order",
    "password",
    "reset",
    "scan",
    "server",
    "submit",
    "supplier",
    "update",
    "upload",
    "user",
];

/// The sentences of a Fluent file, each with its key. What is put in counts as one word.
fn sentences(ftl: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for line in ftl.lines().filter(|line| !line.starts_with('#')) {
        match line.split_once('=') {
            Some((key, text)) if line.starts_with(|c: char| c.is_ascii_alphabetic()) => {
                found.push((key.trim().to_owned(), text.to_owned()));
            }
            _ => {
                if let Some((_, text)) = found.last_mut() {
                    text.push('\n');
                    text.push_str(line);
                }
            }
        }
    }
    found
        .into_iter()
        .flat_map(|(key, text)| {
            let plain = without_values(&text);
            let parts: Vec<_> = plain
                .split(['\n', '.', '?', '!', ':'])
                .map(|part| (key.clone(), part.trim().to_owned()))
                .collect();
            parts
        })
        .collect()
}

/// `{ $n } kg` → `… kg`; a dot within a number or an example parts no sentence.
fn without_values(text: &str) -> String {
    let mut out = String::new();
    let mut depth = 0_usize;
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '{' => {
                if depth == 0 {
                    out.push('…');
                }
                depth += 1;
            }
            '}' => depth = depth.saturating_sub(1),
            '.' | ':' if signs.peek().is_some_and(|next| !next.is_whitespace()) => {}
            _ if depth == 0 => out.push(sign),
            _ => {}
        }
    }
    out
}

fn breaches(ftl: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (key, sentence) in sentences(ftl) {
        let words: Vec<&str> = sentence
            .split_whitespace()
            .filter(|word| word.contains(|c: char| c.is_alphanumeric() || c == '…'))
            .collect();
        if words.len() > WORDS_MAX {
            found.push(format!("{key}: {} words: {sentence}", words.len()));
        }
        for word in words {
            let bare = word
                .trim_matches(|c: char| !c.is_alphanumeric())
                .to_lowercase();
            if ENGLISH.contains(&bare.as_str()) {
                found.push(format!("{key}: “{bare}” has an Indonesian word"));
            }
        }
    }
    found
}

#[test]
fn what_sellers_read_is_short_and_indonesian() {
    let mut found = Vec::new();
    for file in files::under("crates/text/locales/id", "ftl") {
        let name = file.path.rsplit('/').next().unwrap_or_default();
        if SELLERS.contains(&name.trim_end_matches(".ftl")) {
            found.extend(
                breaches(&file.text)
                    .into_iter()
                    .map(|breach| format!("{name}: {breach}")),
            );
        }
    }
    none("plain words", found);
}

#[test]
fn a_long_sentence_and_an_english_word_are_found() {
    let ftl = "# one two three\n\
               a-ok = Harga Rp12.500 per { $unit }. Tulis nama, jenis, dan berat barang Anda di sini sekarang.\n\
               a-long = Satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas { $n } tiga belas\n\
               a-two =\n    Satu dua tiga empat lima enam tujuh.\n    Satu dua tiga empat lima enam tujuh.\n\
               a-word = Klik link ini";
    let found = breaches(ftl);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with("a-long: 14 words"), "{found:?}");
    assert_eq!(found[1], "a-word: “link” has an Indonesian word");
}
