//! Words that mean two things and are never expanded blindly (DOMAIN §13), and goods that are related, not equal.
//!
//! `bawang` and `kacang` need no rule: documents carry the words of their canonical names, so `bawang` finds garlic
//! under any name. `ikat` has no synonyms at all, and `gula kristal` has a group of its own.

use super::normalise::{is_soft, is_stop_word};

/// What surrounds a word.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context<'a> {
    /// All words of the text.
    pub words: &'a [String],
    /// The viewer filters by province or regency.
    pub placed: bool,
    /// Codes of the provinces filtered by.
    pub provinces: &'a [String],
}

/// Words that go with chilies, so that `lombok` beside them is no island.
const OF_CHILI: [&str; 14] = [
    "lombok", "cabai", "cabe", "merah", "hijau", "keriting", "besar", "kecil", "setan", "segar",
    "kering", "bubuk", "giling", "pedas",
];

/// Whether a word may be replaced by its group here: `lombok` is chili only when nothing speaks for the island.
pub fn expands(word: &str, context: Context<'_>) -> bool {
    word != "lombok"
        || (!context.placed
            && context.words.iter().all(|other| {
                OF_CHILI.contains(&other.as_str()) || is_soft(other) || is_stop_word(other)
            }))
}

/// What an ambiguous word may stand for, as canonical names; looked for at a lower weight beside the word itself.
pub fn meanings(word: &str, context: Context<'_>) -> &'static [&'static str] {
    match word {
        "ubi" => &["singkong", "ubi jalar"],
        // Banana in Javanese, papaya in Sundanese.
        "gedang" => {
            let all_in = |codes: &[&str]| {
                !context.provinces.is_empty()
                    && context
                        .provinces
                        .iter()
                        .all(|province| codes.contains(&province.as_str()))
            };
            if all_in(&["32", "36"]) {
                &["pepaya"]
            } else if all_in(&["33", "34", "35"]) {
                &["pisang"]
            } else {
                &["pisang", "pepaya"]
            }
        }
        _ => &[],
    }
}

/// Goods that a buyer may take instead (weight 0.4), by canonical name.
pub fn related(canonical: &str) -> Option<&'static str> {
    match canonical {
        "gula jawa" => Some("gula aren"),
        "gula aren" => Some("gula jawa"),
        "jenang" => Some("dodol"),
        "dodol" => Some("jenang"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context(words: &[String]) -> Context<'_> {
        Context {
            words,
            ..Context::default()
        }
    }

    #[test]
    fn lombok_is_chili_unless_something_speaks_for_the_island() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert!(expands("lombok", context(&words("lombok"))));
        assert!(expands("lombok", context(&words("lombok merah 1 kg"))));
        assert!(!expands("lombok", context(&words("tenun lombok"))));
        let alone = words("lombok");
        assert!(!expands(
            "lombok",
            Context {
                words: &alone,
                placed: true,
                provinces: &[]
            }
        ));
        assert!(expands("cabe", context(&words("cabe tenun"))));
    }

    #[test]
    fn gedang_follows_the_province() {
        let west = ["32".to_owned()];
        let java = ["33".to_owned(), "34".to_owned()];
        let of = |provinces| Context {
            words: &[],
            placed: true,
            provinces,
        };
        assert_eq!(meanings("gedang", of(&west)), ["pepaya"]);
        assert_eq!(meanings("gedang", of(&java)), ["pisang"]);
        assert_eq!(meanings("gedang", of(&[])), ["pisang", "pepaya"]);
    }
}
