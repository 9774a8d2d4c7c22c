//! Every page that links lead to from each person's home, in both languages, held to the rules of all pages.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    io::Write as _,
};

use flate2::{Compression, write::GzEncoder};
use tests::{
    app::TestApp,
    build::Pool,
    database::{self, Kind},
    page::Page,
    visitor::Visitor,
};
use text::Lang;

/// The same page with other questions (filters, sorting) is looked at so often.
const VARIANTS_MAX: usize = 4;

/// Typed into every text: an element of its own where somewhere forgets to escape, else plain words (CHECKLIST D01).
const CANARY: &str = r#"<x-canary>"'{{7*7}}"#;

/// Names of sentences that stand where the sentence should.
pub fn raw_keys(text: &str) -> Vec<&str> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'))
        .filter(|word| word.contains('-') && text::t(Lang::Id, word) != **word)
        .collect()
}

/// The most bytes, compressed, that a page may have: those of its kind in the page budgets.
fn budget(path: &str) -> usize {
    let kilobytes = match path {
        "/login" | "/home" | "/products/new" => 8,
        "/" | "/search" | "/cooperatives" => 14,
        _ => 25,
    };
    kilobytes * 1024
}

/// What is wrong with a page.
fn faults(page: &Page, lang: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let mut wrong = |is: bool, what: &str| {
        if is {
            faults.push(what.to_owned());
        }
    };
    wrong(page.status != 200, &format!("status {}", page.status));
    wrong(page.attribute("html", "lang") != lang, "language");
    wrong(page.texts("h1").len() != 1, "not one h1");
    wrong(page.title().starts_with('·'), "no title");
    wrong(
        page.has("style") || page.has("[style]"),
        "style in the page",
    );
    wrong(page.has("script:not([src])"), "script in the page");
    wrong(
        page.has("[onclick], [onload], [onsubmit], [onchange], [onerror]"),
        "script in an attribute",
    );
    let posts = page.texts("form[method=post]").len();
    let tokens = page
        .texts("form[method=post] > input[name=csrf_token]")
        .len();
    wrong(posts != tokens, "a form without its token");
    wrong(page.has("img:not([alt])"), "a picture without words");
    wrong(
        page.has("x-canary") || page.body.contains("<x-canary"),
        "typed text has become markup",
    );
    let leads_astray = "[href^='javascript:' i], [src^='javascript:' i], [action^='javascript:' i]";
    wrong(page.has(leads_astray), "a link runs script");
    let visible = page.visible();
    let raw = raw_keys(&visible);
    wrong(!raw.is_empty(), &format!("raw keys {raw:?}"));
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(page.body.as_bytes()).expect("memory");
    let bytes = gzip.finish().expect("memory").len();
    let path = page.path.split('?').next().unwrap_or_default();
    wrong(bytes > budget(path), &format!("{bytes} bytes compressed"));
    faults
}

/// The path that a link on `page` leads to on this site.
fn target(page: &Page, href: &str) -> Option<String> {
    let href = href.split('#').next().unwrap_or_default();
    let here = page.path.split('?').next().unwrap_or_default();
    match href {
        "" => None,
        _ if href.starts_with('?') => Some(format!("{here}{href}")),
        _ if href.starts_with('/') && !href.starts_with("//") => Some(href.to_owned()),
        _ => None,
    }
}

/// Follows every link from `start`; gives how many pages it saw and what was wrong with them.
async fn crawl(visitor: &Visitor, start: &str, lang: &str) -> (usize, Vec<String>) {
    let mut queue = VecDeque::from([start.to_owned()]);
    let mut seen = BTreeSet::new();
    let mut variants: BTreeMap<String, usize> = BTreeMap::new();
    let mut found = Vec::new();
    while let Some(path) = queue.pop_front() {
        let bare = path.split('?').next().unwrap_or_default().to_owned();
        if !seen.insert(path.clone()) {
            continue;
        }
        let variant = variants.entry(bare).or_default();
        *variant += 1;
        if *variant > VARIANTS_MAX {
            continue;
        }
        let page = visitor.follow(visitor.get(&path).await).await;
        let is_page = page
            .header("content-type")
            .is_some_and(|kind| kind.starts_with("text/html"));
        if !is_page {
            if page.status != 200 {
                found.push(format!("{path}: status {}", page.status));
            }
            continue;
        }
        found.extend(
            faults(&page, lang)
                .into_iter()
                .map(|fault| format!("{path}: {fault}")),
        );
        queue.extend(
            page.links()
                .iter()
                .filter_map(|link| target(&page, &link.href)),
        );
    }
    (seen.len(), found)
}

/// Texts that people type, beside the names that the market is made with.
const TYPED: &[(&str, &str)] = &[
    ("products", "name"),
    ("products", "description"),
    ("products", "place"),
    ("offers", "title"),
    ("offers", "description"),
    ("offers", "carton_name"),
    ("catalogs", "title"),
    ("catalogs", "description"),
    ("orders", "po_number"),
    ("orders", "note"),
    ("orders", "deliver_to"),
    ("order_lines", "title"),
    ("organisations", "village"),
    ("organisations", "address"),
    ("organisations", "verification_note"),
    ("people", "name"),
    ("members", "note"),
    ("shares", "reason"),
];

#[tokio::test]
async fn every_page_that_links_lead_to_keeps_the_rules() {
    let app = TestApp::start(Kind::Sqlite)
        .await
        .expect("SQLite is always there");
    let pool = Pool::of(&[60, 50, 40]);
    let market = app.market_named(&pool, CANARY, "RAR").await;
    let _ = market.ordered(&app, 100).await;
    for (table, column) in TYPED {
        let quoted = CANARY.replace('\'', "''");
        let statement = format!("UPDATE {table} SET {column} = 'a {quoted}'");
        database::run(&app.database.url, &statement).await;
    }
    app.run_jobs().await;
    let admin = app.administrator().await;
    let waiting = app
        .applicant(
            domain::accounts::OrganisationKind::Cooperative,
            "Nira Menoreh",
        )
        .await;
    let member = market.members.first().expect("a member");
    let home = member.owner.visitor.get("/home").await;
    assert!(home.visible().contains(CANARY), "what was typed is shown");
    let passer_by = app.visitor();
    let people = [
        ("member", &member.owner.visitor, "/home", 12),
        ("manager", &market.manager.visitor, "/home", 12),
        ("buyer", &market.buyer.visitor, "/home", 8),
        ("administrator", &admin.visitor, "/home", 4),
        ("applicant", &waiting.visitor, "/home", 2),
        ("passer-by", &passer_by, "/", 8),
    ];
    let mut wrong = Vec::new();
    for (who, visitor, start, least) in people {
        for lang in ["id", "en"] {
            visitor.set_cookie("lumbung_lang", lang);
            let (pages, found) = crawl(visitor, start, lang).await;
            assert!(pages >= least, "{who} gets to {pages} pages only");
            wrong.extend(
                found
                    .into_iter()
                    .map(|fault| format!("{who}, {lang}: {fault}")),
            );
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
