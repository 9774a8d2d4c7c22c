//! Every screen as somebody sees it: at phone width, each role through all its pages. What a page must be like is written
//! in `screens.js`; here is who goes where, and what the keyboard does.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    time::{Duration, Instant},
};

use serde_json::Value;
use tests::{
    app::TestApp,
    browser::{Browser, Scripts},
    build::Pool,
    database::Kind,
    visitor::Visitor,
};
use thirtyfour::Key;

/// The narrowest screen that is promised, in CSS pixels.
const NARROWEST: u32 = 320;

/// Pages of one kind (an order, a product, a filtered list) that are looked at.
const OF_A_KIND: usize = 2;

/// How long what runs beside a page may take to be ready.
const PATIENCE: Duration = Duration::from_secs(20);

/// More Tab presses than any page here needs.
const TABS_MAX: usize = 300;

/// An address without what tells one page of a kind from the next.
fn kind_of(path: &str) -> String {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let steps = path.split('/').map(|step| {
        let is_id = step.len() == 36 && step.matches('-').count() == 4;
        if is_id { "{id}" } else { step }
    });
    let mut kind = steps.collect::<Vec<_>>().join("/");
    if !query.is_empty() {
        kind.push_str("?…");
    }
    kind
}

/// Files, and doors that lead elsewhere.
fn is_no_page(path: &str) -> bool {
    let name = path.split('?').next().unwrap_or_default();
    let last = name.rsplit('/').next().unwrap_or_default();
    last.contains('.')
        || matches!(last, "qr" | "export" | "template" | "rejects")
        || name.starts_with("/photos/")
}

/// What is wrong with the page that is shown, and where its links lead.
async fn look(browser: &Browser) -> (Vec<String>, Vec<String>) {
    let found = browser.script(include_str!("screens.js")).await;
    let words = |name: &str| {
        let list = found[name].as_array().cloned().unwrap_or_default();
        let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        list.iter().map(word).collect()
    };
    (words("wrong"), words("links"))
}

/// Goes through all that links lead to; gives how many pages it saw, and what was wrong with them.
async fn walk_through(browser: &Browser, starts: &[&str]) -> (usize, Vec<String>) {
    let mut queue: VecDeque<String> = starts.iter().map(|start| (*start).to_owned()).collect();
    let mut seen = BTreeSet::new();
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    let mut pages = 0;
    while let Some(path) = queue.pop_front() {
        if is_no_page(&path) || !seen.insert(path.clone()) {
            continue;
        }
        let of_kind = kinds.entry(kind_of(&path)).or_default();
        *of_kind += 1;
        if *of_kind > OF_A_KIND {
            continue;
        }
        browser.go(&path).await;
        pages += 1;
        let (faults, links) = look(browser).await;
        wrong.extend(faults.into_iter().map(|fault| format!("{path}: {fault}")));
        browser.be_wide(NARROWEST).await;
        let (faults, _) = look(browser).await;
        let narrow = faults
            .into_iter()
            .filter(|fault| fault.starts_with("scrolls"));
        wrong.extend(narrow.map(|fault| format!("{path}: {fault}")));
        browser.be_wide(tests::browser::WIDTH).await;
        let said = browser.complaints().await;
        wrong.extend(said.into_iter().map(|said| format!("{path}: {said}")));
        queue.extend(links);
    }
    (pages, wrong)
}

#[tokio::test]
async fn every_page_of_every_role_fits_a_phone_and_a_finger() {
    let app = TestApp::start(Kind::Sqlite).await;
    let app = app.expect("SQLite is always there");
    let Some(browser) = Browser::open(&app.url, Scripts::On, "id").await else {
        return;
    };
    let market = app.market(&Pool::tiered(&[60, 50, 40])).await;
    let _ = market.ordered(&app, 100).await;
    let buyer = &market.buyer;
    app.put_in_cart(&buyer.act(&app), buyer.organisation, market.offer, 10)
        .await;
    app.run_jobs().await;
    let admin = app.administrator().await;
    let waiting = app
        .applicant(domain::accounts::OrganisationKind::Cooperative, "Nira")
        .await;
    let newcomer = app.umkm("Warung Baru").await;
    let member = market.members.first().expect("a member");
    let nobody = app.visitor();
    let people: [(&str, &Visitor, &[&str], usize); 7] = [
        (
            "passer-by",
            &nobody,
            &["/", "/offline", "/nothing-here"],
            12,
        ),
        ("member", &member.owner.visitor, &["/home"], 20),
        (
            "newcomer",
            &newcomer.visitor,
            &["/home", "/products", "/orders"],
            10,
        ),
        ("manager", &market.manager.visitor, &["/home"], 25),
        (
            "buyer",
            &buyer.visitor,
            &["/home", "/cart", "/nothing-here"],
            12,
        ),
        ("administrator", &admin.visitor, &["/home"], 12),
        ("applicant", &waiting.visitor, &["/home"], 4),
    ];
    let mut wrong = Vec::new();
    for (who, visitor, starts, least) in people {
        browser.be(visitor).await;
        let (pages, found) = walk_through(&browser, starts).await;
        assert!(pages >= least, "{who} gets to {pages} pages only");
        wrong.extend(found.into_iter().map(|fault| format!("{who} {fault}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    browser.close().await;
}

/// What has the keyboard's attention: where it stands, and whether somebody sees that.
const ATTENTION: &str = r#"
const at = document.activeElement;
const style = getComputedStyle(at);
const box = at.getBoundingClientRect();
const ringed = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
return { is: at.matches("body") ? "" : at.outerHTML.replace(/\s+/g, " ").slice(0, 90), ringed, inside, id: at.id, name: at.className };
"#;

#[tokio::test]
async fn the_keyboard_skips_to_the_page_finds_the_search_and_is_never_caught() {
    let app = TestApp::start(Kind::Sqlite).await;
    let app = app.expect("SQLite is always there");
    let Some(browser) = Browser::open(&app.url, Scripts::On, "id").await else {
        return;
    };
    let _market = app.market(&Pool::of(&[60, 50])).await;
    app.run_jobs().await;

    // The first Tab shows the way past the head of the page; Enter takes it.
    browser.go("/search").await;
    browser.key(Key::Tab).await;
    let first = browser.script(ATTENTION).await;
    assert_eq!(first["name"], "skip button");
    assert_eq!(
        (&first["ringed"], &first["inside"]),
        (&Value::Bool(true), &Value::Bool(true))
    );
    browser.key(Key::Enter).await;
    assert_eq!(browser.script(ATTENTION).await["id"], "main");
    browser.key(Key::Tab).await;
    let inside = "return !!document.activeElement.closest('main')";
    assert_eq!(browser.script(inside).await, Value::Bool(true));

    // "/" goes to the search field from anywhere and is not typed there; Escape leaves it; "?" tells the keys.
    browser.go("/cooperatives").await;
    browser.type_keys("/").await;
    assert_eq!(browser.script(ATTENTION).await["id"], "q");
    browser.type_keys("kripik").await;
    assert_eq!(browser.value("q").await, "kripik");
    browser.key(Key::Escape).await;
    assert_eq!(browser.script(ATTENTION).await["is"], "");
    browser.type_keys("?").await;
    browser.reads("Tombol").await;

    // Tab goes through everything once, in the order of the page, always in sight, and comes out at the end.
    for path in ["/", "/search", "/login", "/register/umkm"] {
        browser.go(path).await;
        let mut last = None;
        let mut steps = 0;
        loop {
            browser.key(Key::Tab).await;
            let at = browser.script(ATTENTION).await;
            if at["is"] == "" || steps > TABS_MAX {
                break;
            }
            steps += 1;
            assert!(at["ringed"] == true && at["inside"] == true, "{path}: {at}");
            let order = browser
                .script(
                    "return [...document.querySelectorAll('*')].indexOf(document.activeElement)",
                )
                .await
                .as_i64();
            assert!(order > last, "{path}: back to {at}");
            last = order;
        }
        assert!((5..TABS_MAX).contains(&steps), "{path}: {steps} steps");
    }
    browser.close().await;
}

#[tokio::test]
async fn without_a_line_a_page_of_its_own_says_so_and_shows_the_way_back() {
    let app = TestApp::start(Kind::Sqlite).await;
    let app = app.expect("SQLite is always there");
    let Some(browser) = Browser::open(&app.url, Scripts::On, "id").await else {
        return;
    };
    browser.go("/help").await;
    let begun = Instant::now();
    while browser
        .script("return !!navigator.serviceWorker.controller")
        .await
        != Value::Bool(true)
    {
        assert!(begun.elapsed() < PATIENCE, "nothing keeps pages");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    // Once more, so that it is kept; then the line is gone.
    browser.go("/help").await;
    let is_kept = "caches.match('/help').then((page) => arguments[0](!!page))";
    loop {
        let asked = browser.driver.execute_async(is_kept, Vec::new()).await;
        if asked.expect("the browser answers").json() == &Value::Bool(true) {
            break;
        }
        assert!(begun.elapsed() < PATIENCE, "the page is not kept");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    drop(app);
    browser.go("/help").await;
    browser.reads("Bantuan").await;
    browser.go("/search").await;
    browser.reads("Tidak ada sambungan").await;
    assert_eq!(look(&browser).await.0, Vec::<String>::new());
    assert!(browser.has("main a[href='/home']").await);
    browser.close().await;
}

#[test]
fn kinds_of_pages_are_told_from_their_addresses() {
    let id = "01a1759e-db64-7723-b398-40cb7f5b4d7d";
    assert_eq!(
        kind_of(&format!("/products/{id}/lots")),
        "/products/{id}/lots"
    );
    assert_eq!(kind_of("/search?q=a&page=2"), "/search?…");
    assert!(is_no_page("/catalogs/1/sheet.pdf") && !is_no_page("/search?q=a.b"));
}
