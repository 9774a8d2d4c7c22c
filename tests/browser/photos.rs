//! A photo on its way from a phone: with scripts on it is shrunk before it is sent.

use std::time::{Duration, Instant};

use tests::{
    app::TestApp,
    browser::{Browser, Scripts},
    build::photo,
    database::{Kind, number},
};

#[tokio::test]
async fn a_photo_is_shrunk_on_the_phone_before_it_is_sent() {
    let app = TestApp::start(Kind::Sqlite).await;
    let app = app.expect("SQLite is always there");
    let Some(phone) = Browser::open(&app.url, Scripts::On, "id").await else {
        return;
    };
    let owner = app.umkm("Dapur Roban").await;
    phone.sign_in(&owner.login).await;
    phone.go("/products/new").await;

    // As large as a camera makes it: what is behind the picture counts as well.
    let file = app.database.folder().join("kamera.jpg");
    let mut large = photo(1);
    large.resize(3_000_000, 0);
    std::fs::write(&file, large).expect("a file");
    let field = phone.find("#photo_file").await;
    let path = file.to_string_lossy().into_owned();
    field.send_keys(path).await.expect("a chosen file");
    let begun = Instant::now();
    loop {
        let name = field.prop("value").await.expect("the browser answers");
        let name = name.unwrap_or_default();
        if name.ends_with("foto.jpg") {
            break;
        }
        let waited = begun.elapsed() < Duration::from_secs(20);
        assert!(waited, "still {name}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    phone.fill("name", "Emping melinjo").await;
    phone.press("Simpan dulu").await;
    phone.reads("Emping melinjo tersimpan sebagai draf").await;
    assert!(phone.has("main picture img").await);
    let photos = "SELECT COUNT(*) FROM product_photos";
    assert_eq!(number(&app.database.url, photos).await, 1);
    phone.close().await;
}
