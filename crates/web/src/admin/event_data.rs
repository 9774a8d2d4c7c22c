//! What history keeps beside an event, in the reader's words: `{"packs":28,"proposed":40}` → "jumlah 28 · diusulkan 40".
//!
//! An id tells a reader nothing and is left out: the row names its subject, and the page of that subject the rest.

use domain::{accounts::Role, money::Rupiah};
use serde_json::Value;
use text::{Lang, t};

use crate::nav;

/// The whole of it; empty where there is nothing to read.
pub(super) fn words(lang: Lang, data: &str) -> String {
    match serde_json::from_str(data) {
        Ok(Value::Object(fields)) => {
            let parts = fields.iter().filter_map(|(name, value)| {
                Some(format!("{} {}", word(lang, name), one(lang, name, value)?))
            });
            parts.collect::<Vec<_>>().join(" · ")
        }
        Ok(Value::Array(rows)) => {
            text::t_with(lang, "admin-data-rows", &[("n", rows.len().into())])
        }
        _ => data.to_owned(),
    }
}

/// A name that has no words is read as it was written.
fn word(lang: Lang, name: &str) -> String {
    let key = format!("admin-data-{}", name.replace('_', "-"));
    match t(lang, &key) {
        words if words == key => super::plain_words(name),
        words => words,
    }
}

fn one(lang: Lang, name: &str, value: &Value) -> Option<String> {
    match value {
        Value::Null | Value::Object(_) => None,
        Value::Bool(is) => Some(t(
            lang,
            if *is {
                "admin-setting-yes"
            } else {
                "admin-setting-no"
            },
        )),
        Value::Number(number) => {
            let is_money = name.ends_with("_rupiah") || matches!(name, "before" | "after");
            Some(match number.as_i64() {
                Some(n) if is_money => Rupiah(n).to_string(),
                Some(n) => domain::money::grouped(n),
                None => number.to_string(),
            })
        }
        Value::String(text) if is_id(text) => None,
        Value::String(text) => Some(match (name, text.parse::<Role>()) {
            ("role", Ok(role)) => t(lang, nav::role_key(&[role])),
            ("key", _) => setting(lang, text),
            ("value", _) if text == "true" => t(lang, "admin-setting-yes"),
            ("value", _) if text == "false" => t(lang, "admin-setting-no"),
            _ => text.clone(),
        }),
        // A change: what was, and what is.
        Value::Array(pair) if pair.len() == 2 => {
            let nothing = || "–".to_owned();
            let mut sides = pair
                .iter()
                .map(|side| one(lang, name, side).unwrap_or_else(nothing));
            Some(format!("{} → {}", sides.next()?, sides.next()?))
        }
        Value::Array(rows) => Some(rows.len().to_string()),
    }
}

fn setting(lang: Lang, code: &str) -> String {
    let key = format!("admin-setting-{}", code.replace('_', "-"));
    match t(lang, &key) {
        words if words == key => super::plain_words(code),
        words => words,
    }
}

fn is_id(text: &str) -> bool {
    text.len() == 36 && text.bytes().filter(|byte| *byte == b'-').count() == 4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_beside_an_event_is_read_in_words_without_ids() {
        let id = "01a1759e-db64-7723-b398-40cb7f5b4d7d";
        let kept = [
            (
                r#"{"packs":28,"proposed":40}"#.to_owned(),
                "jumlah 28 · diusulkan 40",
            ),
            (
                r#"{"after":1904000,"before":1554000}"#.to_owned(),
                "sesudah Rp1.904.000 · sebelum Rp1.554.000",
            ),
            (
                format!(r#"{{"person":"{id}","role":"coop_board"}}"#),
                "peran Pengurus",
            ),
            (
                r#"{"price_rupiah":[10500,11000]}"#.to_owned(),
                "harga Rp10.500 → Rp11.000",
            ),
            (format!(r#"[{{"product":"{id}"}}]"#), "1 baris"),
            (
                r#"{"key":"second_step","value":"false"}"#.to_owned(),
                "ketentuan Kode saat masuk wajib bagi penjaga uang dan hak · nilai tidak",
            ),
            (r#"{"something_new":true}"#.to_owned(), "something new ya"),
            ("words of old".to_owned(), "words of old"),
        ];
        for (data, read) in kept {
            assert_eq!(words(Lang::Id, &data), read);
        }
    }
}
