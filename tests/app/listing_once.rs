//! A product's form, sent more than once: twenty copies at once, after Back, with somebody else's key; and with several
//! permits.

use futures_util::future::join_all;
use tests::{app::TestApp, database::number, form::Form, page::Page, people::Person};

const NEW: &str = "/products/new";

async fn count(app: &TestApp, sql: &str) -> i64 {
    number(&app.database.url, sql).await
}

fn filled(page: &Page, name: &str) -> Form {
    page.form(NEW)
        .with("name", name)
        .with("unit", "bungkus")
        .with("content", "250 g")
        .with("price", "12.500")
        .with("stock", "40")
        .with("kind", "emping")
}

async fn sent(owner: &Person, page: &Page, form: &Form, button: &str) -> Page {
    owner.submit(page, &form.clone().press(button)).await
}

// F04
#[tokio::test]
async fn twenty_copies_of_one_form_at_once_are_one_product() {
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Roban").await;
        let page = owner.get(NEW).await.expect(200);
        let form = filled(&page, "Emping melinjo");
        let copies = (0..20).map(|_| sent(&owner, &page, &form, "Tayangkan"));
        let mut places: Vec<String> = join_all(copies)
            .await
            .into_iter()
            .map(|answer| answer.expect(303).location().to_owned())
            .collect();
        places.dedup();
        assert_eq!(places.len(), 1, "{places:?}");
        assert_eq!(count(&app, "SELECT COUNT(*) FROM products").await, 1);
        assert_eq!(count(&app, "SELECT COUNT(*) FROM lots").await, 1);
        let made = "SELECT COUNT(*) FROM events WHERE kind = 'product_created'";
        assert_eq!(count(&app, made).await, 1);

        // Back, and the same form with something else in it: that is no second product, and is told.
        let other = filled(&page, "Emping manis");
        let refused = sent(&owner, &page, &other, "Tayangkan").await.expect(409);
        refused.reads("Barang dari formulir ini sudah tersimpan");
        let there = owner.click(&refused, "Lihat barangnya").await.expect(200);
        there.reads("Emping melinjo");
        // A fresh form is a fresh product, even of the same words.
        let fresh = owner.get(NEW).await.expect(200);
        let again = filled(&fresh, "Emping melinjo");
        let _ = sent(&owner, &fresh, &again, "Tayangkan").await.expect(303);
        assert_eq!(count(&app, "SELECT COUNT(*) FROM products").await, 2);

        // B02: somebody else's key is as missing as none, and says nothing.
        let stranger = app.umkm("Nira Kokap").await;
        let key = page.attribute("input[name=key]", "value");
        let theirs = stranger.get(NEW).await.expect(200);
        let stolen = filled(&theirs, "Emping melinjo").tampered("key", &key);
        let _ = sent(&stranger, &theirs, &stolen, "Tayangkan")
            .await
            .expect(404);
        let odd = filled(&theirs, "Emping melinjo").tampered("key", "1; DROP");
        let _ = sent(&stranger, &theirs, &odd, "Tayangkan")
            .await
            .expect(400);
        assert_eq!(count(&app, "SELECT COUNT(*) FROM products").await, 2);
    }
}

#[tokio::test]
async fn several_permits_are_stated_with_a_new_product_and_what_is_typed_stays() {
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Roban").await;
        let page = owner.get(NEW).await.expect(200);
        let key = page.attribute("input[name=key]", "value");
        let form = filled(&page, "Emping melinjo")
            .with("permit_kind", "halal")
            .with("permit_number", "ID33110000000110126");
        let page = sent(&owner, &page, &form, "Tambah izin lain")
            .await
            .expect(200);
        // Nothing is wrong, nothing is made, everything is there, and it is still the same product.
        assert!(!page.has("[aria-invalid]"));
        assert_eq!(count(&app, "SELECT COUNT(*) FROM products").await, 0);
        assert_eq!(page.attribute("input[name=key]", "value"), key);
        assert_eq!(page.attribute("#price", "value"), "12.500");
        assert_eq!(
            page.attribute("#permit_number", "value"),
            "ID33110000000110126"
        );

        // The second is half stated: said at its field.
        let form = page.form(NEW).with("permit_kind_2", "organic");
        let page = sent(&owner, &page, &form, "Tayangkan").await.expect(422);
        assert!(!page.field_message("permit_number_2").is_empty());
        let form = page
            .form(NEW)
            .with("permit_number_2", "ORG-12/2026")
            .with("permit_until_2", "2027-01-31");
        let page = sent(&owner, &page, &form, "Tayangkan").await;
        let product = owner.follow(page.expect(303)).await.expect(200);
        product.reads("Emping melinjo");
        let permits = "SELECT COUNT(*) FROM certificates WHERE product_id IS NOT NULL";
        assert_eq!(count(&app, permits).await, 2);
    }
}

#[tokio::test]
async fn there_is_an_end_to_permits_and_the_enter_key_adds_none() {
    let app = TestApp::start(tests::database::Kind::Sqlite).await;
    let app = app.expect("SQLite is always there");
    let owner = app.umkm("Dapur Roban").await;
    let mut page = owner.get(NEW).await.expect(200);
    for row in ["", "_2", "_3", "_4", "_5"] {
        let form = filled(&page, "Emping")
            .with(&format!("permit_kind{row}"), "organic")
            .with(&format!("permit_number{row}"), "ORG-1");
        page = sent(&owner, &page, &form, "Tambah izin lain")
            .await
            .expect(200);
    }
    assert!(page.has("#permit_kind_6") && !page.has("button[value=permit]"));
    // The first button is what Enter sends.
    let form = filled(&page, "Emping");
    let kept = owner.submit(&page, &form).await.expect(303);
    owner
        .follow(kept)
        .await
        .expect(200)
        .reads("tersimpan sebagai draf");
}
