//! A page's handler and its template have the same name: `web/src/<feature>/<page>.rs` ⇔ `templates/<feature>/<page>.html`.

use crate::{
    files::{self, File},
    none,
    rust_source::{Piece, code, pieces, words},
};

/// Templates without a page of their own: pieces (a leading `_`), shared parts, letters, and the two that wrap or replace pages.
fn is_no_page(template: &str) -> bool {
    let name = template.rsplit('/').next().unwrap_or(template);
    name.starts_with('_')
        || template.starts_with("parts/")
        || template.starts_with("mail/")
        || matches!(template, "layout.html" | "error.html")
}

fn has_page(source: &str) -> bool {
    let code = code(source);
    let words: Vec<&str> = words(&code).collect();
    words.windows(2).any(|pair| pair == ["struct", "Page"])
}

/// `sources` and `templates` have paths from `web/src` and from `templates`.
fn breaches(sources: &[File], templates: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    let mut pages = Vec::new();
    for source in sources.iter().filter(|source| has_page(&source.text)) {
        let template = source.path.replace(".rs", ".html");
        if !templates.contains(&template) {
            found.push(format!(
                "web/src/{} has a struct Page but there is no templates/{template}",
                source.path
            ));
        } else if !pieces(&source.text).contains(&Piece::Literal(template.clone())) {
            found.push(format!(
                "web/src/{} doesn't draw templates/{template}",
                source.path
            ));
        }
        pages.push(template);
    }
    for template in templates {
        if !is_no_page(template) && !pages.contains(template) {
            found.push(format!(
                "templates/{template} has no struct Page in web/src/{}",
                template.replace(".html", ".rs")
            ));
        }
    }
    found
}

#[test]
fn pages_and_templates_have_the_same_names() {
    let sources: Vec<File> = files::under("crates/web/src", "rs")
        .into_iter()
        .map(|file| File {
            path: file.path.replacen("crates/web/src/", "", 1),
            text: file.text,
        })
        .collect();
    assert!(!sources.is_empty(), "web's sources are there");
    let templates: Vec<String> = files::under("templates", "html")
        .into_iter()
        .map(|file| file.path.replacen("templates/", "", 1))
        .collect();
    none("pages and templates", breaches(&sources, &templates));
}

#[test]
fn a_page_without_its_template_and_a_template_without_its_page_are_found() {
    let page = |path: &str, text: &str| File {
        path: path.into(),
        text: text.into(),
    };
    let sources = [
        page(
            "orders/show.rs",
            "#[template(path = \"orders/show.html\")] struct Page<'a>;",
        ),
        page("orders/place.rs", "struct Page;"),
        page(
            "orders/index.rs",
            "#[template(path = \"orders/show.html\")] struct Page;",
        ),
        page("orders/cancellation.rs", "// no struct Page here"),
    ];
    let templates = [
        "orders/show.html",
        "orders/_lines.html",
        "orders/index.html",
        "orders/old.html",
        "layout.html",
        "parts/field.html",
        "mail/order_placed.html",
    ]
    .map(str::to_owned);
    assert_eq!(
        breaches(&sources, &templates),
        [
            "web/src/orders/place.rs has a struct Page but there is no templates/orders/place.html",
            "web/src/orders/index.rs doesn't draw templates/orders/index.html",
            "templates/orders/old.html has no struct Page in web/src/orders/old.rs",
        ]
    );
}
