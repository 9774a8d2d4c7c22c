//! The words for typing mistakes. Each code of `domain` is a key of `locales/{id,en}/errors.ftl`.

use domain::problem::Problem;

use crate::{Arg, Lang, t_with};

/// The sentence to show next to the field.
#[must_use]
pub fn problem(lang: Lang, problem: &Problem) -> String {
    let args: Vec<(&'static str, Arg)> = problem
        .args
        .iter()
        .map(|(name, value)| (*name, Arg::from(value)))
        .collect();
    t_with(lang, problem.code, &args)
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::*;

    /// Every literal in domain's sources that is shaped like a problem's code.
    fn codes(folder: &Path, found: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                codes(&path, found);
            } else if path.extension().is_some_and(|ext| ext == "rs") {
                let source = fs::read_to_string(path).unwrap();
                let code = |literal: &&str| {
                    (literal.starts_with("error-") || literal.starts_with("warning-"))
                        && literal.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')
                };
                found.extend(source.split('"').filter(code).map(str::to_owned));
            }
        }
    }

    #[test]
    fn every_problem_that_the_rules_can_find_has_words_in_both_languages() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut found = BTreeSet::new();
        codes(&root.join("../domain/src"), &mut found);
        assert!(found.len() > 50, "the codes were not found: {found:?}");
        for lang in Lang::ALL {
            let mut words = String::from("\n");
            for file in fs::read_dir(root.join("locales").join(lang.code())).unwrap() {
                words.push_str(&fs::read_to_string(file.unwrap().path()).unwrap());
                words.push('\n');
            }
            for code in &found {
                assert!(
                    words.contains(&format!("\n{code} = ")),
                    "{code} in {lang:?}"
                );
            }
        }
    }

    #[test]
    fn problems_read_in_the_words_of_the_person() {
        let told = |lang, parsed: Result<i64, Problem>| problem(lang, &parsed.unwrap_err());
        let price = |raw| domain::money::parse(raw).map(|amount| amount.0);
        assert_eq!(
            told(Lang::Id, price("sepuluh ribu")),
            "Tulis harga dengan angka, misalnya 12.500"
        );
        assert_eq!(
            told(Lang::En, price("9999999999999999")),
            "Too large. At most Rp999.999.999.999.999"
        );
        let packs = |raw| domain::quantity::parse_whole(raw, 1, 10_000);
        assert_eq!(told(Lang::Id, packs("0")), "Paling sedikit 1");
        assert_eq!(told(Lang::Id, packs("10001")), "Paling banyak 10.000");
        assert!(told(Lang::Id, packs("12,5 kg")).contains("satuan lebih kecil"));
    }
}
