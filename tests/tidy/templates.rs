//! What may stand in a template: markup, expressions, and no more. No inline style, script or handler (the content
//! security policy forbids them), and no sentence that isn't from `text`.

use crate::{
    files::{self, File},
    none,
};

/// Words that are the same in both languages and may stand in a template as they are.
const NAMES: &[&str] = &["Lumbung"];

/// Attributes whose value a person reads or hears.
const READ_ALOUD: &[&str] = &["alt", "aria-label", "label", "placeholder", "title"];

/// Templates whose `|safe` was reviewed: what it prints can't come from a person.
const REVIEWED_SAFE: &[&str] = &[
    // A QR code drawn by `papers`.
    "templates/accounts/_invitations.html",
    "templates/accounts/two_step.html",
];

/// Stands for an expression in the markup around it.
const HOLE: char = '\u{1}';

/// A template cut in two: its markup with a [`HOLE`] for each expression, and the expressions. Comments are gone.
pub fn cut(template: &str) -> (String, Vec<String>) {
    let mut markup = String::new();
    let mut expressions = Vec::new();
    let mut rest = template;
    while let Some(start) = rest.find('{') {
        let (before, from) = rest.split_at(start);
        markup.push_str(before);
        let end = match from.get(..2) {
            Some("{{") => "}}",
            Some("{%") => "%}",
            Some("{#") => "#}",
            _ => {
                markup.push('{');
                rest = &from[1..];
                continue;
            }
        };
        let length = from.find(end).unwrap_or(from.len());
        if end != "#}" {
            markup.push(HOLE);
            expressions.push(from[2..length.max(2)].to_owned());
        }
        rest = from.get(length + 2..).unwrap_or_default();
    }
    markup.push_str(rest);
    (markup, expressions)
}

enum Node {
    Text(String),
    Tag {
        name: String,
        attributes: Vec<(String, String)>,
    },
}

fn nodes(markup: &str) -> Vec<Node> {
    let mut nodes = Vec::new();
    let mut rest = markup;
    loop {
        let start = rest
            .match_indices('<')
            .map(|(at, _)| at)
            .find(|at| rest[at + 1..].starts_with(|c: char| c.is_alphabetic() || "/!".contains(c)));
        let Some(start) = start else {
            nodes.push(Node::Text(rest.to_owned()));
            return nodes;
        };
        nodes.push(Node::Text(rest[..start].to_owned()));
        rest = &rest[start + 1..];
        if rest.starts_with("!--") {
            rest = rest.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let mut quote = None;
        let end = rest
            .find(|c: char| match quote {
                Some(q) if c == q => {
                    quote = None;
                    false
                }
                Some(_) => false,
                None if c == '"' || c == '\'' => {
                    quote = Some(c);
                    false
                }
                None => c == '>',
            })
            .unwrap_or(rest.len());
        nodes.push(tag(&rest[..end]));
        rest = rest.get(end + 1..).unwrap_or_default();
    }
}

/// `a href="x" hidden` as a tag; a closing tag's name begins with `/`.
fn tag(inside: &str) -> Node {
    let blank = |c: char| c.is_whitespace() || c == HOLE;
    let (name, mut rest) = inside.split_once(blank).unwrap_or((inside, ""));
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start_matches(|c| blank(c) || c == '/');
        if rest.is_empty() {
            break;
        }
        let end = rest.find(|c| blank(c) || c == '=').unwrap_or(rest.len());
        let attribute = rest[..end].to_lowercase();
        rest = &rest[end..];
        let mut value = "";
        if let Some(after) = rest.trim_start().strip_prefix('=') {
            let after = after.trim_start();
            let quote = after.chars().next().filter(|c| "\"'".contains(*c));
            (value, rest) = match quote {
                Some(q) => after[1..].split_once(q).unwrap_or((&after[1..], "")),
                None => after.split_at(after.find(char::is_whitespace).unwrap_or(after.len())),
            };
        }
        attributes.push((attribute, value.to_owned()));
    }
    Node::Tag {
        name: name.trim_end_matches('/').to_lowercase(),
        attributes,
    }
}

fn inline(file: &File) -> Vec<String> {
    // Mail programs read no style sheets, so a letter styles its elements; scripts are forbidden there as well.
    let is_letter = file.path.starts_with("templates/mail/");
    let (markup, expressions) = cut(&file.text);
    let mut found = Vec::new();
    for node in nodes(&markup) {
        let Node::Tag { name, attributes } = node else {
            continue;
        };
        if name == "style" && !is_letter {
            found.push(format!("{}: <style>", file.path));
        }
        if name == "script" && !attributes.iter().any(|(attribute, _)| attribute == "src") {
            found.push(format!("{}: <script> without src", file.path));
        }
        for (attribute, value) in attributes {
            let handler = attribute.starts_with("on");
            if handler || (attribute == "style" && !is_letter) {
                found.push(format!("{}: {attribute}=", file.path));
            }
            if value.trim().to_lowercase().starts_with("javascript:") {
                found.push(format!("{}: a javascript: address", file.path));
            }
        }
    }
    let unsafe_filter = expressions.iter().any(|expression| {
        expression
            .split('|')
            .skip(1)
            .any(|filter| filter.trim_start().starts_with("safe"))
    });
    if unsafe_filter && !REVIEWED_SAFE.contains(&file.path.as_str()) {
        found.push(format!("{}: |safe, not in REVIEWED_SAFE", file.path));
    }
    found
}

/// The sentences that stand in a template itself instead of in `locales`.
fn sentences(file: &File) -> Vec<String> {
    let (markup, _) = cut(&file.text);
    let read: Vec<String> = if file.path.ends_with(".txt") {
        vec![markup]
    } else {
        nodes(&markup)
            .into_iter()
            .flat_map(|node| match node {
                Node::Text(text) => vec![text],
                Node::Tag { attributes, .. } => attributes
                    .into_iter()
                    .filter(|(attribute, _)| READ_ALOUD.contains(&attribute.as_str()))
                    .map(|(_, value)| value)
                    .collect(),
            })
            .collect()
    };
    read.iter()
        .flat_map(|text| text.split(HOLE))
        .filter(|text| says_something(text))
        .map(|text| format!("{}: {:?}", file.path, text.trim()))
        .collect()
}

fn says_something(text: &str) -> bool {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        plain.push_str(before);
        plain.push(' ');
        // An entity: &nbsp; says nothing.
        rest = match after.split_once(';') {
            Some((entity, after)) if entity.chars().all(|c| c.is_alphanumeric() || c == '#') => {
                after
            }
            _ => after,
        };
    }
    plain.push_str(rest);
    plain
        .split(|c: char| !c.is_alphabetic())
        .any(|word| word.chars().count() > 1 && !NAMES.contains(&word))
}

fn all() -> Vec<File> {
    let mut all = files::under("templates", "html");
    all.extend(files::under("templates", "txt"));
    all
}

#[test]
fn templates_have_nothing_inline() {
    let found = files::under("templates", "html")
        .iter()
        .flat_map(inline)
        .collect();
    none("inline style, script or handler in a template", found);
}

#[test]
fn templates_hold_no_sentence_of_their_own() {
    let found = all().iter().flat_map(sentences).collect();
    none("sentences that belong in locales", found);
}

#[cfg(test)]
mod samples {
    use super::{File, inline, sentences};

    fn file(path: &str, text: &str) -> File {
        File {
            path: path.into(),
            text: text.into(),
        }
    }

    #[test]
    fn inline_things_are_found() {
        for bad in [
            "<p style='color:red'>",
            "<STYLE>p{}</STYLE>",
            "<script>x()</script>",
            "<a {% if a > b %}class=x {% endif %}onclick=\"x()\">",
            "<a href=\" JavaScript:x()\">",
            "<p>{{ text|safe }}</p>",
        ] {
            assert_eq!(inline(&file("templates/a.html", bad)).len(), 1, "{bad}");
        }
    }

    #[test]
    fn plain_markup_is_not() {
        let good = "<script src=\"/static/app.js\" defer></script>{# <style> onclick= #}\
            <a data-on=\"x\" href=\"{{ link }}\">{{ \"onclick=\" }}</a><!-- style= --> 1 < 2";
        assert!(inline(&file("templates/a.html", good)).is_empty());
        let letter = "<td style=\"padding:1em\">";
        assert!(inline(&file("templates/mail/a.html", letter)).is_empty());
    }

    #[test]
    fn sentences_are_found() {
        for bad in [
            "<h1>Pesanan {{ number }}</h1>",
            "<img alt=\"Foto\">",
            "<button aria-label='Tutup'>×</button>",
            "{% if x %}ya{% endif %}",
        ] {
            assert_eq!(sentences(&file("templates/a.html", bad)).len(), 1, "{bad}");
        }
        let letter = file("templates/mail/a.txt", "Halo {{ name }}");
        assert_eq!(sentences(&letter).len(), 1);
    }

    #[test]
    fn keys_names_and_signs_are_not() {
        let good = "<!doctype html><title>{{ title }} · Lumbung</title><p class=\"wide part\">\
            {{ t(\"a-b\") }}:&nbsp;{{ n }} × 2</p><img alt=\"{{ name }}\" src=\"/static/x.svg\">";
        assert_eq!(
            sentences(&file("templates/a.html", good)),
            Vec::<String>::new()
        );
    }
}
