//! Every route of the site × every role × own, somebody else's and missing rows (CHECKLIST B01 to B05, B09, C01, C07).
//!
//! What is expected of a row stands in `routes/expected.rs`, written apart from the site's table; the rows that paths
//! name are made in `routes/samples.rs`. So a new route needs a line there, and a new kind of row a sample here.

mod access;
mod expected;
mod forms;
mod samples;

use std::collections::BTreeSet;

use expected::{EVERYBODY, LINES, LISTINGS, Line, PHOTO};
use samples::{Ids, Site};
use tests::{app::TestApp, page::Page, people::Person, visitor::Visitor};
use web::routes::{Access, Body, Method, Ownership, Row, table};

/// An id that nobody has.
const MISSING: &str = "01890000-0000-7000-8000-00000000dead";

/// Rows of the site as it is served.
fn rows() -> Vec<Row> {
    table().into_iter().filter(|row| !row.demo_only).collect()
}

fn line(row: &Row) -> &'static Line {
    let mut lines = LINES.iter();
    let found = lines.find(|line| (line.method, line.path) == (row.method, row.path));
    found.unwrap_or_else(|| {
        let what = (row.method, row.path);
        panic!("{what:?}: say in tests/app/routes/expected.rs who may do that")
    })
}

/// The path with these ids in its holes, from left to right.
fn filled(path: &str, ids: &[&str]) -> String {
    let mut ids = ids.iter();
    let parts = path.split('/').map(|part| match part.starts_with('{') {
        true => ids.next().copied().expect("a hole without a noun"),
        false => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

fn nouns(line: &Line) -> Vec<&'static str> {
    let holes = line.holes.iter();
    holes
        .map(|noun| noun.strip_prefix("any ").unwrap_or(noun))
        .collect()
}

/// The line's path as it is for this tenant.
fn path_of(line: &Line, ids: &Ids) -> String {
    let found = nouns(line)
        .into_iter()
        .map(|noun| ids[noun].as_str())
        .collect::<Vec<_>>();
    filled(line.path, &found)
}

/// Somebody with a form token. Anonymous ones begin with a page.
struct Sender<'a> {
    own: Option<Visitor>,
    person: Option<&'a Person>,
    token: String,
}

impl Sender<'_> {
    fn visitor(&self) -> &Visitor {
        let of_person = self.person.map(|person| &person.visitor);
        self.own.as_ref().or(of_person).expect("somebody")
    }
}

async fn anonymous(app: &TestApp) -> Sender<'static> {
    let visitor = app.visitor();
    let token = token(&visitor, "/login").await;
    Sender {
        own: Some(visitor),
        person: None,
        token,
    }
}

async fn sender<'a>(app: &TestApp, site: &'a Site, name: &str) -> Sender<'a> {
    if EVERYBODY.contains(&name) {
        return anonymous(app).await;
    }
    let person = &site.people[name];
    Sender {
        own: None,
        person: Some(person),
        token: token(&person.visitor, "/home").await,
    }
}

async fn token(visitor: &Visitor, from: &str) -> String {
    let page = visitor.get(from).await.expect(200);
    page.attribute("input[name=csrf_token]", "value")
}

type Fields = Vec<(String, String)>;

/// The line's form with everything in its places.
async fn form(line: &Line, site: &Site, visitor: &Visitor) -> Fields {
    let word = |value: &str| -> String {
        let Some(noun) = value
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'))
        else {
            return value.to_owned();
        };
        match noun.strip_prefix("other ") {
            Some(noun) => site.other[noun].clone(),
            None => site.own[noun].clone(),
        }
    };
    let page = match line.form.iter().any(|(_, value)| *value == "{page}") {
        false => None,
        true if line.page.is_empty() => Some(path_of(line, &site.own)),
        true => {
            let mut page = line.page.to_owned();
            for (noun, id) in &site.own {
                page = page.replace(&format!("{{{noun}}}"), id);
            }
            for (noun, id) in &site.other {
                page = page.replace(&format!("{{other {noun}}}"), id);
            }
            Some(page)
        }
    };
    let page = match page {
        Some(path) => Some(visitor.get(&path).await),
        None => None,
    };
    let fields = line.form.iter().map(|(name, value)| {
        let value = match &page {
            Some(page) if *value == "{page}" => {
                let field = format!("input[name={name}]");
                match page.has(&field) {
                    true => page.attribute(&field, "value"),
                    false => "1".to_owned(),
                }
            }
            _ => word(value),
        };
        ((*name).to_owned(), value)
    });
    fields.collect()
}

/// Sends a form as its page would: as an upload where it has a file.
async fn send(visitor: &Visitor, path: &str, fields: &Fields, token: Option<&str>) -> Page {
    let mut fields = fields.clone();
    if let Some(token) = token {
        fields.insert(0, ("csrf_token".to_owned(), token.to_owned()));
    }
    if fields.iter().any(|(_, value)| is_file(value)) {
        let body = multipart(&fields);
        let kind = "multipart/form-data; boundary=pembatas";
        return visitor.post_body(path, kind, body).await;
    }
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    visitor.post(path, &fields).await
}

fn is_file(value: &str) -> bool {
    value == LISTINGS || value == PHOTO
}

/// What is sent for a value: itself, or the photo that it stands for.
fn content(value: &str) -> Vec<u8> {
    match value == PHOTO {
        true => tests::build::photo(3),
        false => value.as_bytes().to_vec(),
    }
}

fn multipart(fields: &Fields) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        let file = match is_file(value) {
            true => "; filename=\"daftar.csv\"\r\ncontent-type: text/csv",
            false => "",
        };
        body.extend_from_slice(
            format!("--pembatas\r\ncontent-disposition: form-data; name=\"{name}\"{file}\r\n\r\n")
                .as_bytes(),
        );
        body.extend_from_slice(&content(value));
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--pembatas--\r\n");
    body
}

#[test]
fn rows_are_sound() {
    let mut seen = BTreeSet::new();
    for row in table() {
        let key = (row.method, row.path);
        assert!(seen.insert(key), "{key:?} is there twice");
        assert!(
            row.path.starts_with('/') && !row.path[1..].ends_with('/'),
            "{}",
            row.path
        );
        assert_eq!(
            row.method == Method::Get,
            row.body == Body::None,
            "{key:?}: only a post has a body"
        );
        if row.ownership != Ownership::None {
            assert!(row.path.contains('{'), "{key:?} owns nothing");
        }
        if row.access == Access::Public && row.method == Method::Post {
            // Anonymous forms are few, and each is there on purpose (DESIGN, pages and caching).
            let known = [
                "/login",
                "/language",
                "/register/",
                "/password/",
                "/email/confirmation",
                "/invitation",
            ];
            assert!(
                known.iter().any(|start| row.path.starts_with(start)),
                "{key:?}"
            );
        }
    }
}

#[test]
fn every_row_has_its_line_and_every_line_its_row() {
    let rows = rows();
    for row in &rows {
        let line = line(row);
        let what = (row.method, row.path);
        assert_eq!(
            row.path.matches('{').count(),
            line.holes.len(),
            "{what:?}: a noun for each hole"
        );
        let owned = row.ownership != Ownership::None;
        assert_eq!(owned, line.is_owned(), "{what:?}: whose row is it?");
    }
    let mut seen = BTreeSet::new();
    for line in LINES {
        let key = (line.method, line.path);
        assert!(seen.insert(key), "{key:?} has two lines");
        let is_there = rows.iter().any(|row| (row.method, row.path) == key);
        assert!(is_there, "{key:?} has a line, but no row");
    }
}
