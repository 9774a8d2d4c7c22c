//! A product typed where there is no line, or a dead one: kept on the phone with its photo, sent once when the line is
//! back, and gone from the phone with whoever signs out, who is asked first.

use std::time::{Duration, Instant};

use serde_json::json;
use tests::{
    app::TestApp,
    browser::{Browser, Scripts},
    build::photo,
    database::{Kind, number},
};

async fn line(phone: &Browser, is_there: bool) {
    let wanted = json!({ "offline": !is_there, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
    let tools = phone.driver.cdp();
    let sent = tools.send_raw("Network.emulateNetworkConditions", wanted);
    sent.await.expect("the browser obeys");
}

/// Waits for words that a script puts on the page.
async fn comes(phone: &Browser, words: &str) {
    let begun = Instant::now();
    while !phone.text().await.contains(words) {
        let waited = begun.elapsed() < Duration::from_secs(10);
        assert!(waited, "no “{words}” on:\n{}", phone.text().await);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// The form is on the phone before the line goes, from the first page on that the worker looks after.
async fn keeps_the_form(phone: &Browser) {
    let begun = Instant::now();
    while tells(phone, "return caches.match('/products/new').then(Boolean)").await != json!(true) {
        assert!(begun.elapsed() < Duration::from_secs(10), "no form is kept");
        tokio::time::sleep(Duration::from_millis(200)).await;
        phone.go("/home").await;
    }
}

/// The line looks up, as after a mast that nobody answers behind: what is asked for fails.
async fn answers(phone: &Browser, does: bool) {
    let tools = phone.driver.cdp();
    let ready = tools.send_raw("Network.enable", json!({})).await;
    ready.expect("the browser obeys");
    let none: &[&str] = &[];
    let blocked = if does { none } else { &["*://*/*"] };
    let sent = tools.send_raw("Network.setBlockedURLs", json!({ "urls": blocked }));
    sent.await.expect("the browser obeys");
}

async fn tells(phone: &Browser, script: &str) -> serde_json::Value {
    let answer = phone
        .driver
        .execute(script, Vec::<serde_json::Value>::new())
        .await;
    answer.expect("the script runs").json().clone()
}

#[tokio::test]
async fn a_product_typed_without_a_line_is_sent_once_when_it_is_back() {
    let app = TestApp::start(Kind::Sqlite).await;
    let app = app.expect("SQLite is always there");
    let Some(phone) = Browser::open(&app.url, Scripts::On, "id").await else {
        return;
    };
    let owner = app.umkm("Dapur Roban").await;
    phone.sign_in(&owner.login).await;
    keeps_the_form(&phone).await;
    phone.go("/products/new").await;
    line(&phone, false).await;

    let file = app.database.folder().join("emping.jpg");
    std::fs::write(&file, photo(1)).expect("a file");
    let field = phone.find("#photo_file").await;
    let path = file.to_string_lossy().into_owned();
    field.send_keys(path).await.expect("a chosen file");
    for (name, text) in [
        ("name", "Emping melinjo"),
        ("unit", "bungkus"),
        ("content", "250 g"),
        ("price", "12.500"),
        ("stock", "40"),
        ("kind", "emping"),
    ] {
        phone.fill(name, text).await;
    }
    let publish = phone.find("button[value=publish]").await;
    publish.click().await.expect("a button");
    comes(&phone, "Belum terkirim (1)").await;
    phone.picture("offline-unsent").await;
    let products = "SELECT COUNT(*) FROM products WHERE name = 'Emping melinjo' AND state = 'live'";
    assert_eq!(number(&app.database.url, products).await, 0);
    let left = phone.find("#name").await.prop("value").await;
    assert_eq!(left.expect("an answer").as_deref(), Some(""));

    line(&phone, true).await;
    comes(&phone, "Sudah terkirim (1)").await;
    assert!(!phone.text().await.contains("Belum terkirim"));
    assert_eq!(number(&app.database.url, products).await, 1);
    let photos = "SELECT COUNT(*) FROM product_photos";
    assert_eq!(number(&app.database.url, photos).await, 1);
    // The line goes and comes again: it stays one.
    line(&phone, false).await;
    line(&phone, true).await;
    phone.go("/products").await;
    phone.reads("Emping melinjo").await;
    assert_eq!(number(&app.database.url, products).await, 1);

    // What is half typed comes back on the same phone, and goes with whoever signs out.
    phone.go("/products/new").await;
    phone.fill("name", "Keripik rahasia").await;
    phone.fill("price", "9.000").await;
    phone.find("#stock").await.click().await.expect("a field");
    tokio::time::sleep(Duration::from_millis(300)).await;
    phone.go("/products/new").await;
    comes(&phone, "Isian terakhir Anda ada lagi").await;
    let back = phone.find("#name").await.prop("value").await;
    assert_eq!(back.expect("an answer").as_deref(), Some("Keripik rahasia"));
    phone.press("Keluar").await;
    let begun = Instant::now();
    let kept = "return Promise.all([indexedDB.databases(), caches.has('seen')]).then(([all, seen]) => \
                all.some((one) => one.name === 'lumbung') || seen)";
    while tells(&phone, kept).await != json!(false) {
        let waited = begun.elapsed() < Duration::from_secs(10);
        assert!(waited, "something private is left on the phone");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    phone.close().await;
}

#[tokio::test]
async fn a_dead_line_keeps_what_is_sent_and_signing_out_asks_before_it_is_lost() {
    let app = TestApp::start(Kind::Sqlite).await;
    let app = app.expect("SQLite is always there");
    let Some(phone) = Browser::open(&app.url, Scripts::On, "id").await else {
        return;
    };
    let owner = app.umkm("Dapur Roban").await;
    phone.sign_in(&owner.login).await;
    phone.go("/products/new").await;
    for (name, text) in [("name", "Rempeyek kacang"), ("price", "8.000")] {
        phone.fill(name, text).await;
    }
    answers(&phone, false).await;
    assert_eq!(tells(&phone, "return navigator.onLine").await, json!(true));
    let save = phone.find("button.button[value=draft]").await;
    save.click().await.expect("a button");
    comes(&phone, "Belum terkirim (1)").await;
    let products = "SELECT COUNT(*) FROM products";
    assert_eq!(number(&app.database.url, products).await, 0);

    // Whoever stays loses nothing.
    let leave = phone.find("form[action='/logout'] button").await;
    leave.click().await.expect("a button");
    let asked = phone.driver.get_alert_text().await.expect("a question");
    assert!(asked.contains("Belum terkirim (1)"), "{asked}");
    assert!(asked.contains("isinya hilang"), "{asked}");
    let stays = phone.driver.dismiss_alert().await;
    stays.expect("an answer");
    answers(&phone, true).await;
    phone.go("/products").await;
    comes(&phone, "Sudah terkirim (1)").await;
    assert_eq!(number(&app.database.url, products).await, 1);

    // With nothing left to lose nobody is asked.
    phone.press("Keluar").await;
    phone.go("/home").await;
    assert!(phone.path().await.starts_with("/login"));
    phone.close().await;
}
