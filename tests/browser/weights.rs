//! What a page asks of a slow line, counted by a real browser that has seen nothing before: requests and bytes against the
//! page budgets of CHECKLIST §4. What `tests/app/weights.rs` weighs, the pages themselves, is a part of it.
//!
//! How soon pages show at 400 kb/s, 400 ms and a processor four times as slow:
//! `cargo test --test browser -- --ignored --nocapture how_soon`.

use std::time::Duration;

use domain::{
    money::Rupiah,
    products::{Content, SaleUnit},
    quantity::Packs,
    time::Zone,
};
use serde_json::{Value, json};
use store::products::{Facts, NewLot};
use tests::{
    app::TestApp,
    browser::{Browser, Scripts},
    build::{Market, Pool},
    database::Kind,
    visitor::Visitor,
};

const KB: u64 = 1024;

/// Requests of a page that was seen before.
const AGAIN_MAX: u64 = 3;

/// A page, who looks at it, and the most requests, bytes and milliseconds to its largest part that it may take.
struct Looked<'a> {
    name: &'static str,
    visitor: &'a Visitor,
    path: String,
    requests: u64,
    bytes: u64,
    soon: u64,
}

/// A market as the budgets mean it: an owner with goods of several kinds, an offer, a cart, an order.
async fn full(app: &TestApp) -> (Market, [String; 2]) {
    let market = app.market(&Pool::tiered(&[600, 500, 400])).await;
    let order = market.ordered(app, 100).await.order;
    let buyer = &market.buyer;
    app.put_in_cart(&buyer.act(app), buyer.organisation, market.offer, 10)
        .await;
    let owner = &market.members[0].owner;
    for kind in ["keripik-pisang", "keripik-tempe", "kue-kering"] {
        let facts = Facts {
            name: format!("Camilan {kind}"),
            category: Some("makanan-ringan".into()),
            commodity: Some(kind.into()),
            unit: Some(SaleUnit::Bungkus),
            content: Some(Content::grams(250)),
            price: Some(Rupiah(9_000)),
            ..Facts::default()
        };
        let lot = NewLot {
            ready_on: Zone::Wib.day_of(app.now()),
            good_until: None,
            packs: Packs(40),
        };
        let (act, of) = (owner.act(app), owner.organisation);
        let made = app
            .store
            .create_product(&act, of, &facts, Some(&lot), true)
            .await;
        made.expect("a product");
    }
    app.run_jobs().await;
    let nobody = app.visitor();
    let cooperative = nobody.get("/cooperatives").await.link("Koperasi Rasa");
    let catalogs = nobody.get(&cooperative).await.links();
    let catalog = catalogs
        .into_iter()
        .find(|link| link.href.starts_with("/catalogs/"));
    let catalog = catalog.expect("an open catalog").href;
    (market, [format!("/orders/{order}"), catalog])
}

fn pages<'a>(
    market: &'a Market,
    [order, catalog]: &[String; 2],
    nobody: &'a Visitor,
    admin: &'a Visitor,
) -> Vec<Looked<'a>> {
    let (owner, manager) = (&market.members[0].owner.visitor, &market.manager.visitor);
    let buyer = &market.buyer.visitor;
    let page = |name, visitor: &'a Visitor, path: String, line: (u64, u64, u64)| Looked {
        name,
        visitor,
        path,
        requests: line.0,
        bytes: line.1 * KB,
        soon: line.2,
    };
    // The lines of the table.
    let form = (6, 40, 2_000);
    let list = (15, 150, 2_500);
    let offer = (12, 120, 2_500);
    let table = (12, 150, 3_000);
    let overview = (8, 80, 2_500);
    vec![
        page("sign in", nobody, "/login".to_owned(), form),
        page("owner's home", owner, "/home".to_owned(), form),
        page("new product", owner, "/products/new".to_owned(), form),
        page("first page", nobody, "/".to_owned(), list),
        page("search", nobody, "/search".to_owned(), list),
        page("catalog", nobody, catalog.clone(), list),
        page("offer", buyer, format!("/offers/{}", market.offer), offer),
        page("cart", buyer, "/cart".to_owned(), table),
        page("order", buyer, order.clone(), table),
        page("orders", manager, "/orders".to_owned(), table),
        page("manager's home", manager, "/home".to_owned(), overview),
        page("buyer's home", buyer, "/home".to_owned(), overview),
        page("administrator's home", admin, "/home".to_owned(), overview),
    ]
}

/// A browser that has kept nothing, signed in as `visitor`.
async fn fresh(app: &TestApp, visitor: &Visitor) -> Option<Browser> {
    let browser = Browser::open(&app.url, Scripts::On, "id").await?;
    for name in visitor.cookies() {
        let value = visitor.cookie(&name).unwrap_or_default();
        let cookie = json!({ "name": name, "value": value, "url": app.url });
        tell(&browser, "Network.setCookie", cookie).await;
    }
    Some(browser)
}

async fn tell(browser: &Browser, command: &str, words: Value) {
    let sent = browser.driver.cdp().send_raw(command, words).await;
    sent.unwrap_or_else(|error| panic!("{command}: {error}"));
}

/// What the page asked for over the line, and what scripts and style sheet asked for on its behalf.
const ASKED: &str = r#"
const all = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
const asked = all.filter(({ transferSize }) => transferSize > 0);
return {
  requests: asked.length,
  bytes: asked.reduce((sum, { transferSize }) => sum + transferSize, 0),
  names: asked.map(({ name, transferSize }) => `${name.replace(location.origin, "")} ${transferSize}`),
};
"#;

#[tokio::test]
async fn pages_ask_for_no_more_than_their_budgets_when_nothing_is_kept() {
    let app = TestApp::start(Kind::Sqlite).await;
    let app = app.expect("SQLite is always there");
    let (market, found) = full(&app).await;
    let (nobody, admin) = (app.visitor(), app.administrator().await);
    let mut wrong = Vec::new();
    for page in pages(&market, &found, &nobody, &admin.visitor) {
        let Some(browser) = fresh(&app, page.visitor).await else {
            return;
        };
        browser.go(&page.path).await;
        assert_eq!(browser.path().await, page.path, "{}", page.name);
        // What is asked for after the page has come.
        tokio::time::sleep(Duration::from_millis(500)).await;
        let asked = browser.script(ASKED).await;
        // Seen again: only what is new. The form of a new product comes once, for when there is no line.
        browser.go(&page.path).await;
        tokio::time::sleep(Duration::from_millis(500)).await;
        let again = browser.script(ASKED).await;
        browser.close().await;
        if again["requests"].as_u64().unwrap_or(u64::MAX) > AGAIN_MAX {
            wrong.push(format!("{} once more: {again}", page.name));
        }
        let figure = |name: &str| asked[name].as_u64().unwrap_or(u64::MAX);
        // Nothing came from a cache: at least page, style sheet, script and icons were sent.
        assert!(figure("requests") >= 4, "{}: {asked}", page.name);
        if figure("requests") > page.requests || figure("bytes") > page.bytes {
            wrong.push(format!("{}: {asked}", page.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Waits until the largest part is drawn, and gives when that was, in milliseconds after the page was asked for.
const LARGEST: &str = r#"
const done = arguments[0];
new PerformanceObserver((list) => setTimeout(() => done(Math.round(list.getEntries().at(-1).startTime)), 500))
  .observe({ type: "largest-contentful-paint", buffered: true });
"#;

/// How often each page is looked at; the middle one counts.
const ROUNDS: usize = 5;

#[tokio::test]
#[ignore = "measures; run it alone on a quiet machine"]
async fn how_soon_pages_show_on_a_slow_line() {
    let app = TestApp::start(Kind::Sqlite).await;
    let app = app.expect("SQLite is always there");
    let (market, found) = full(&app).await;
    let (nobody, admin) = (app.visitor(), app.administrator().await);
    println!("| page | largest part shown | budget |\n|---|---|---|");
    for page in pages(&market, &found, &nobody, &admin.visitor) {
        let mut times = Vec::new();
        for _ in 0..ROUNDS {
            let Some(browser) = fresh(&app, page.visitor).await else {
                return;
            };
            tell(&browser, "Network.enable", json!({})).await;
            let line = json!({ "offline": false, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000 });
            tell(&browser, "Network.emulateNetworkConditions", line).await;
            let slow = json!({ "rate": 4 });
            tell(&browser, "Emulation.setCPUThrottlingRate", slow).await;
            browser.go(&page.path).await;
            let largest = browser.driver.execute_async(LARGEST, Vec::new()).await;
            let largest = largest.expect("the browser answers").json().as_u64();
            times.push(largest.expect("a time"));
            browser.close().await;
        }
        times.sort_unstable();
        println!(
            "| {} | {} ms | {} ms |",
            page.name,
            times[ROUNDS / 2],
            page.soon
        );
    }
}
