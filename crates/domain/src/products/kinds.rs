//! Which commodity a product's name speaks of, so that nobody has to look for it in a long list.

use crate::names::fold;

/// Commodities by the words of their names, to look many products up in.
#[derive(Clone, Debug, Default)]
pub struct Kinds {
    /// Id and words of each.
    all: Vec<(String, Vec<String>)>,
}

impl Kinds {
    /// Of commodities, each with its id and its name.
    #[must_use]
    pub fn new<'a>(commodities: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Self {
            all: commodities
                .into_iter()
                .map(|(id, name)| (id.to_owned(), words(name)))
                .collect(),
        }
    }

    /// The commodity whose name stands in the product's: every word of it, the longest name first; else the only one
    /// whose first word does. `None` where several would do: then the member chooses.
    #[must_use]
    pub fn from_name(&self, name: &str) -> Option<&str> {
        let words = words(name);
        let mut whole: Vec<(usize, &str)> = Vec::new();
        let mut first: Vec<&str> = Vec::new();
        for (id, wanted) in &self.all {
            let Some(head) = wanted.first() else { continue };
            if wanted.iter().all(|word| words.contains(word)) {
                whole.push((wanted.len(), id));
            } else if head.chars().count() >= FIRST_WORD_LETTERS && words.contains(head) {
                first.push(id);
            }
        }
        let longest = whole.iter().map(|(len, _)| *len).max();
        let mut best = whole.iter().filter(|(len, _)| Some(*len) == longest);
        match (best.next(), best.next(), first.as_slice()) {
            (Some((_, id)), None, _) => Some(id),
            (None, _, [id]) => Some(id),
            _ => None,
        }
    }
}

/// Shorter words say too little alone.
const FIRST_WORD_LETTERS: usize = 5;

fn words(text: &str) -> Vec<String> {
    fold(text)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KINDS: [(&str, &str); 6] = [
        ("keripik-singkong", "Keripik singkong"),
        ("keripik-pisang", "Keripik pisang"),
        ("emping", "Emping melinjo"),
        ("gula-aren", "Gula aren"),
        ("kopi-robusta", "Kopi robusta"),
        ("kopi-robusta-bubuk", "Kopi robusta bubuk"),
    ];

    #[test]
    fn a_name_tells_the_commodity_or_nothing() {
        let kinds = Kinds::new(KINDS);
        for (name, expected) in [
            ("KERIPIK Singkong original 250 g", Some("keripik-singkong")),
            ("Singkong, keripik pedas", Some("keripik-singkong")),
            ("Emping pedas manis", Some("emping")),
            ("Gula semut aren", Some("gula-aren")),
            ("Kopi bubuk robusta Temanggung", Some("kopi-robusta-bubuk")),
            ("Kopi robusta biji", Some("kopi-robusta")),
            ("Keripik tempe", None),
            ("Keripik singkong & keripik pisang", None),
            ("Gula", None),
            ("", None),
        ] {
            assert_eq!(kinds.from_name(name), expected, "{name}");
        }
    }
}
