//! Tables between a phone and a large screen: what is wider than its place scrolls, also by the keyboard, and nothing of a
//! page is cut off.

use serde_json::Value;
use tests::{
    app::TestApp,
    browser::{Browser, Scripts},
    build::Pool,
    database::Kind,
};

/// CSS pixels: a tablet, a small laptop, a screen.
const WIDTHS: [u32; 3] = [768, 1024, 1280];

/// Tables of which something can't be reached.
const OUT_OF_REACH: &str = r#"
const out = [];
for (const table of document.querySelectorAll("table")) {
  const place = table.closest(".scroll");
  if (!place) { out.push("no place of its own"); continue; }
  const scrolls = getComputedStyle(place).overflowX === "auto";
  if (!scrolls && place.scrollWidth > place.clientWidth) out.push("cut off");
  if (table.classList.contains("table--cards") && (place.tabIndex !== 0 || !place.ariaLabel)) out.push("no way by the keyboard");
  for (let above = place.parentElement; above; above = above.parentElement) {
    if (above.getBoundingClientRect().right + 1 < place.getBoundingClientRect().right) { out.push("its place is cut off"); break; }
  }
}
if (document.documentElement.scrollWidth > innerWidth) out.push("the page scrolls sideways");
return out;
"#;

#[tokio::test]
async fn no_column_of_a_table_is_out_of_reach_at_any_width() {
    let app = TestApp::start(Kind::Sqlite).await;
    let app = app.expect("SQLite is always there");
    let Some(browser) = Browser::open(&app.url, Scripts::On, "id").await else {
        return;
    };
    let market = app.market(&Pool::tiered(&[60, 50, 40])).await;
    let order = market.ordered(&app, 100).await.order;
    browser.be(&market.manager.visitor).await;
    let offer = market.offer;
    let mut wrong = Vec::new();
    for path in [
        "/home".to_owned(),
        "/offers".to_owned(),
        format!("/offers/{offer}/prices"),
        format!("/offers/{offer}/supplies"),
        "/members".to_owned(),
        "/orders".to_owned(),
        format!("/orders/{order}"),
    ] {
        browser.go(&path).await;
        for width in WIDTHS {
            browser.be_wide(width).await;
            let out = browser.script(OUT_OF_REACH).await;
            let out: Vec<&str> = out
                .as_array()
                .map(|all| all.iter().filter_map(Value::as_str).collect())
                .unwrap_or_default();
            wrong.extend(
                out.into_iter()
                    .map(|fault| format!("{path} at {width}: {fault}")),
            );
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    browser.close().await;
}
