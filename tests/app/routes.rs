//! Every route of the site × every role × own, somebody else's and missing rows: the expected answer follows from the
//! row of the table, so a new route is tested as soon as it has one.
//!
//! A row that belongs to somebody (`.own("order")`) needs a sample of its kind in `routes/samples.rs`.

mod samples;

use std::collections::BTreeMap;

use domain::{accounts::Role, ids::OrganisationId};
use tests::{app::TestApp, database::number, page::Page, people::Person, visitor::Visitor};
use web::routes::{Access, Body, Method, Ownership, Row, table};

/// An id that nobody has.
const MISSING: &str = "01890000-0000-7000-8000-00000000dead";

/// Somebody of every role, and a second tenant of each kind.
pub struct People {
    pub all: Vec<(&'static str, Role, Person)>,
}

impl People {
    async fn of(app: &TestApp) -> Self {
        let umkm = app.umkm("Dapur Roban").await;
        let umkm2 = app.umkm("Nira Kokap").await;
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let manager2 = app.cooperative("Nira Menoreh", "NM").await;
        let board = app.colleague(&manager, "Pengurus", Role::CoopBoard).await;
        let supervisor = app
            .colleague(&manager, "Pengawas", Role::CoopSupervisor)
            .await;
        let treasurer = app
            .colleague(&manager, "Bendahara", Role::CoopTreasurer)
            .await;
        let approver = app.buyer("Ritel Nusantara").await;
        let staff = app.colleague(&approver, "Staf", Role::BuyerStaff).await;
        let buyer2 = app.buyer("Ekspor Rempah").await;
        let admin = app.administrator().await;
        let observer = app.observer("Dinas").await;
        Self {
            all: vec![
                ("umkm", Role::UmkmOwner, umkm),
                ("umkm2", Role::UmkmOwner, umkm2),
                ("manager", Role::CoopManager, manager),
                ("manager2", Role::CoopManager, manager2),
                ("board", Role::CoopBoard, board),
                ("supervisor", Role::CoopSupervisor, supervisor),
                ("treasurer", Role::CoopTreasurer, treasurer),
                ("buyer", Role::BuyerApprover, approver),
                ("staff", Role::BuyerStaff, staff),
                ("buyer2", Role::BuyerApprover, buyer2),
                ("admin", Role::PlatformAdmin, admin),
                ("observer", Role::DinasObserver, observer),
            ],
        }
    }

    /// The one of this name.
    #[allow(dead_code, reason = "for the samples of the features")]
    pub fn get(&self, name: &str) -> &Person {
        let mut all = self.all.iter();
        let found = all.find(|(one, ..)| *one == name);
        &found.unwrap_or_else(|| panic!("nobody is called {name}")).2
    }
}

fn may(row: &Row, role: Role) -> bool {
    match row.access {
        Access::Public | Access::SignedIn => true,
        Access::Roles(roles) => roles.contains(&role),
    }
}

/// The path with `id` in its first hole and nonsense in the others.
fn path(row: &Row, id: &str) -> String {
    let mut first = true;
    row.path
        .split('/')
        .map(|part| match part.starts_with('{') {
            true if std::mem::take(&mut first) => id,
            true => MISSING,
            false => part,
        })
        .collect::<Vec<_>>()
        .join("/")
}

async fn token(visitor: &Visitor, from: &str) -> String {
    let page = visitor.get(from).await.expect(200);
    page.attribute("input[name=csrf_token]", "value")
}

/// Asks as a page would: GET, or an empty form with a right token.
async fn ask(visitor: &Visitor, row: &Row, path: &str, token: &str) -> Page {
    match row.method {
        Method::Get => visitor.get(path).await,
        Method::Post => visitor.post(path, &[("csrf_token", token)]).await,
    }
}

fn has_hole(row: &Row) -> bool {
    row.path.contains('{')
}

#[tokio::test]
async fn every_route_answers_every_role_as_its_row_says() {
    for app in TestApp::each().await {
        let people = People::of(&app).await;
        let events = number(&app.database.url, "SELECT count(*) FROM events").await;
        for row in table().iter().filter(|row| !row.demo_only) {
            let path = path(row, MISSING);
            let what = format!("{:?} {path}", row.method);
            let anonymous = app.visitor();
            let answer = ask(&anonymous, row, &path, "").await;
            match (row.access, row.method) {
                (Access::Public, Method::Get) if has_hole(row) => {
                    assert_eq!(answer.status, 404, "{what}, anonymous");
                }
                (Access::Public, Method::Get) => {
                    assert!(
                        [200, 303].contains(&answer.status),
                        "{what}, anonymous: {}",
                        answer.status
                    );
                }
                (Access::Public, Method::Post) => {
                    assert_eq!(answer.status, 403, "{what}, anonymous without token");
                }
                _ => {
                    assert_eq!(answer.status, 303, "{what}, anonymous");
                    assert!(answer.location().starts_with("/login?next=/"), "{what}");
                }
            }
            for (name, role, person) in &people.all {
                if !may(row, *role) {
                    let csrf = token(person, "/home").await;
                    let answer = ask(person, row, &path, &csrf).await;
                    assert_eq!(answer.status, 403, "{what}, {name}");
                }
                if row.method == Method::Post {
                    let bare = person.post(&path, &[]).await;
                    assert_eq!(bare.status, 403, "{what}, {name}, without token");
                }
            }
        }
        let after = number(&app.database.url, "SELECT count(*) FROM events").await;
        assert_eq!(after, events, "something refused has happened");
    }
}

#[tokio::test]
async fn a_missing_row_is_not_found_and_an_empty_form_is_no_fault() {
    for app in TestApp::each().await {
        let people = People::of(&app).await;
        for row in table()
            .iter()
            .filter(|row| !row.demo_only && row.path != "/logout")
        {
            for (name, role, person) in &people.all {
                if !may(row, *role) {
                    continue;
                }
                let path = path(row, MISSING);
                let csrf = token(person, "/home").await;
                let answer = ask(person, row, &path, &csrf).await;
                let what = format!("{:?} {path}, {name}: {}", row.method, answer.status);
                match (row.method, has_hole(row)) {
                    (Method::Get, true) => assert_eq!(answer.status, 404, "{what}"),
                    (Method::Get, false) => assert!([200, 303].contains(&answer.status), "{what}"),
                    // Which mistake is told first is the page's business, as long as it is the visitor's.
                    (Method::Post, true) => assert!([404, 422].contains(&answer.status), "{what}"),
                    (Method::Post, false) => {
                        assert!([303, 400, 404, 409, 422].contains(&answer.status), "{what}")
                    }
                }
            }
        }
    }
}

#[tokio::test]
async fn somebody_elses_row_is_as_missing_as_none() {
    for app in TestApp::each().await {
        let people = People::of(&app).await;
        let samples: BTreeMap<&str, samples::Sample> = samples::make(&app, &people).await;
        for row in table() {
            let Ownership::Own(kind) = row.ownership else {
                continue;
            };
            let sample = samples.get(kind).unwrap_or_else(|| {
                panic!(
                    "{}: give a sample of {kind:?} in tests/app/routes/samples.rs",
                    row.path
                )
            });
            for (name, role, person) in people.all.iter().filter(|(_, role, _)| may(&row, *role)) {
                let _ = role;
                let path_of = |id: &str| path(&row, id);
                let csrf = token(person, "/home").await;
                let theirs = ask(person, &row, &path_of(&sample.id), &csrf).await;
                let what = format!("{:?} {}, {name}: {}", row.method, row.path, theirs.status);
                if sample.owners.contains(&person.organisation) {
                    let odd =
                        theirs.status == 403 || theirs.status == 404 && !row_has_two_holes(&row);
                    assert!(!odd && theirs.status < 500, "{what}: its own");
                    continue;
                }
                let missing = ask(person, &row, &path_of(MISSING), &csrf).await;
                assert_eq!(theirs.status, missing.status, "{what}");
                if row.method == Method::Get {
                    assert_eq!(theirs.status, 404, "{what}");
                    assert_eq!(theirs.body, missing.body, "{what}");
                }
            }
        }
    }
}

/// A second hole names a row that the sample does not know.
fn row_has_two_holes(row: &Row) -> bool {
    row.path.matches('{').count() > 1
}

#[test]
fn rows_are_sound() {
    let mut seen = std::collections::BTreeSet::new();
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
            let known = ["/login", "/language", "/register/"];
            assert!(
                known.iter().any(|start| row.path.starts_with(start)),
                "{key:?}"
            );
        }
    }
}

/// Organisations of some of the people, for a sample's owners.
#[allow(dead_code, reason = "for the samples of the features")]
pub fn organisations(people: &People, names: &[&str]) -> Vec<OrganisationId> {
    names
        .iter()
        .map(|name| people.get(name).organisation)
        .collect()
}
