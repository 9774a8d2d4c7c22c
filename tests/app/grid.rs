//! Prices in a table: typed row by row or pasted from a spreadsheet, looked at, saved together, taken back; lists pasted
//! instead of uploaded. By real requests on both databases.

use domain::{ids::ProductId, money::Rupiah};
use tests::{
    app::TestApp,
    database::{number, run},
    page::Page,
    people::Person,
};

use crate::pooling::{live_offer, member, product};

async fn count(app: &TestApp, sql: &str) -> i64 {
    number(&app.database.url, sql).await
}

async fn priced(app: &TestApp, name: &str) -> i64 {
    let sql = format!("SELECT COALESCE(MAX(price_rupiah), 0) FROM products WHERE name = '{name}'");
    count(app, &sql).await
}

async fn pasted(person: &Person, at: &str, text: &str) -> Page {
    let page = person.get(at).await.expect(200);
    let form = page
        .form_with_button("Isikan ke tabel")
        .with("pasted", text);
    person.submit(&page, &form).await
}

#[tokio::test]
async fn two_columns_from_excel_are_filled_in_looked_at_and_saved_by_the_manager() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let owner = member(&app, &manager, "Dapur Roban").await;
        for name in ["Keripik original", "Keripik balado", "Keripik pisang"] {
            product(&app, &owner, 100, |facts| facts.name = name.to_owned()).await;
        }
        let list = manager.get("/members").await.expect(200);
        let page = manager.click(&list, "Dapur Roban").await.expect(200);
        let goods = page.link("Semua barang");
        let at = format!("{goods}/grid");

        let page = pasted(
            &manager,
            &at,
            "KERIPIK  original\t12.500\nKeripik balado\tbungkus\t13000\nKeripik ubi\t9.000\n",
        )
        .await;
        let page = page.expect(200);
        // Nothing is saved yet; what has no row is named.
        page.reads("Belum ada yang tersimpan");
        page.reads("Keripik ubi");
        page.lacks("Keripik pisang");
        assert_eq!(priced(&app, "Keripik original").await, 10_500);
        let form = page.form_with_button("Simpan tabel");
        let answer = manager.submit(&page, &form).await.expect(303);
        let page = manager.follow(answer).await.expect(200);
        page.reads("Harga atau stok 2 barang diubah");
        assert_eq!(priced(&app, "Keripik original").await, 12_500);
        assert_eq!(priced(&app, "Keripik balado").await, 13_000);
        assert_eq!(priced(&app, "Keripik pisang").await, 10_500);
        // It is marked as done on the member's behalf, and can be taken back.
        let marked = "SELECT COUNT(*) FROM events WHERE kind = 'product_edited' AND on_behalf_of IS NOT NULL";
        assert_eq!(count(&app, marked).await, 2);
        let undo = manager.click(&page, "Batalkan").await.expect(200);
        let answer = manager.submit(&undo, &undo.form("/undo")).await.expect(303);
        let _ = manager.follow(answer).await.expect(200);
        assert_eq!(priced(&app, "Keripik original").await, 10_500);

        // Nothing that fits is said at the field, and stays there.
        let page = pasted(&manager, &at, "Kopi\t12.500").await.expect(422);
        assert!(
            page.field_message("pasted")
                .contains("Tidak ada baris yang cocok")
        );
        page.reads("Keripik pisang");
    }
}

/// What stands beside the price of one row.
fn told(page: &Page, product: ProductId) -> String {
    let id = page.attribute(&format!("#price-{product}"), "aria-describedby");
    page.text(&format!("[id=\"{id}\"]"))
}

#[tokio::test]
async fn a_price_that_is_none_is_named_in_its_row_and_what_changed_meanwhile_is_left_alone() {
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Roban").await;
        let first = product(&app, &owner, 100, |facts| facts.name = "Emping".to_owned()).await;
        let second = product(&app, &owner, 100, |facts| facts.name = "Keripik".to_owned()).await;
        let page = owner.get("/products/grid").await.expect(200);
        let same = owner
            .submit(&page, &page.form_with_button("Simpan tabel"))
            .await;
        same.expect(422).reads("Belum ada yang berubah");

        let bad = pasted(&owner, "/products/grid", "Emping\tmahal\nKeripik\t11.000").await;
        let bad = bad.expect(422);
        assert!(told(&bad, first).contains("Tulis harga dengan angka"));
        let again = owner
            .submit(&bad, &bad.form_with_button("Simpan tabel"))
            .await;
        let again = again.expect(422);
        assert!(told(&again, first).contains("Tulis harga dengan angka"));
        assert_eq!(
            again.attribute(&format!("#price-{second}"), "value"),
            "11.000"
        );
        assert_eq!(priced(&app, "Keripik").await, 10_500, "all or nothing");

        let good = pasted(&owner, "/products/grid", "Emping\t12.000\nKeripik\t11.000").await;
        let good = good.expect(200);
        let elsewhere = "UPDATE products SET price_rupiah = 9000 WHERE name = 'Emping'";
        run(&app.database.url, elsewhere).await;
        let form = good.form_with_button("Simpan tabel");
        let answer = owner.submit(&good, &form).await.expect(303);
        let page = owner.follow(answer).await.expect(200);
        page.reads("Harga atau stok 1 barang diubah");
        page.reads("1 dilewati: baru saja diubah orang lain");
        assert_eq!(priced(&app, "Emping").await, 9_000);
        assert_eq!(priced(&app, "Keripik").await, 11_000);
        // B02: a row of somebody else is as missing as none.
        let stranger = app.umkm("Nira Kokap").await;
        let _ = product(&app, &stranger, 1, |facts| facts.name = "Gula".to_owned()).await;
        let theirs = stranger.get("/products/grid").await.expect(200);
        let stolen = theirs
            .form_with_button("Simpan tabel")
            .tampered("product", &first.to_string());
        let _ = stranger.submit(&theirs, &stolen).await.expect(404);
    }
}

async fn stocked(app: &TestApp, name: &str) -> i64 {
    let sql = format!(
        "SELECT CAST(COALESCE(SUM(l.on_hand), 0) AS BIGINT) FROM lots l JOIN products p ON p.id = l.product_id \
         WHERE p.name = '{name}'"
    );
    count(app, &sql).await
}

#[tokio::test]
async fn stock_from_excel_is_looked_at_saved_and_taken_back_and_what_is_promised_stays() {
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Roban").await;
        for (name, packs) in [("Emping", 100), ("Keripik", 1), ("Talas", 30)] {
            product(&app, &owner, packs, |facts| facts.name = name.to_owned()).await;
        }
        let at = "/products/grid";
        let text = "Stok\tNama\tHarga\n60\tEmping\t\n1.200\tKeripik\t9.000\n30\tTalas\t10.500\n";
        let page = pasted(&owner, at, text).await.expect(200);
        assert_eq!(stocked(&app, "Keripik").await, 1, "nothing is saved yet");
        let form = page.form_with_button("Simpan tabel");
        let answer = owner.submit(&page, &form).await.expect(303);
        let page = owner.follow(answer).await.expect(200);
        page.reads("Harga atau stok 2 barang diubah");
        let all = async || {
            let mut all = Vec::new();
            for name in ["Emping", "Keripik", "Talas"] {
                all.push(stocked(&app, name).await);
            }
            all
        };
        assert_eq!(all().await, [60, 1_200, 30]);
        assert_eq!(priced(&app, "Keripik").await, 9_000);
        assert_eq!(app.store.audit(app.now(), None).await.unwrap(), []);

        // What was sold meanwhile is another stock than the one that was seen.
        let stale = pasted(&owner, at, "Talas\t10.500\t5").await.expect(200);
        let sold = "UPDATE lots SET held = 10 WHERE on_hand = 30";
        run(&app.database.url, sold).await;
        let form = stale.form_with_button("Simpan tabel");
        let answer = owner.submit(&stale, &form).await.expect(303);
        let after = owner.follow(answer).await;
        after.reads("1 dilewati: baru saja diubah orang lain");
        run(&app.database.url, "UPDATE lots SET held = 0").await;

        // Left and come back: the way to take it back is still on the list.
        let list = owner.get("/products").await.expect(200);
        list.reads("Harga atau stok 2 barang diubah");
        let undo = owner.click(&list, "Urungkan").await.expect(200);
        undo.reads("stok +1.199");
        undo.reads("stok −40");
        let answer = owner.submit(&undo, &undo.form("/undo")).await.expect(303);
        let list = owner.follow(answer).await.expect(200);
        list.reads("2 barang seperti semula");
        assert_eq!(all().await, [100, 1, 30]);
        owner.get("/products").await.expect(200).lacks("Urungkan");
        let bad = pasted(&owner, at, "Talas\t10.500\t-5").await;
        let _ = bad.expect(422);
        assert_eq!(app.store.audit(app.now(), None).await.unwrap(), []);
    }
}

#[tokio::test]
async fn a_price_above_what_an_offer_pays_is_left_out_of_the_table() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let owner = member(&app, &manager, "Dapur Roban").await;
        let goods = product(&app, &owner, 800, |facts| facts.name = "Keripik".to_owned()).await;
        live_offer(&app, &manager, &[goods]).await;
        let page = pasted(&owner, "/products/grid", "Keripik\t99.000")
            .await
            .expect(200);
        let form = page.form_with_button("Simpan tabel");
        let answer = owner.submit(&page, &form).await.expect(303);
        owner
            .follow(answer)
            .await
            .reads("1 dilewati: penawaran gabungan membayar kurang dari itu");
        let before = Rupiah(10_500);
        assert_eq!(priced(&app, "Keripik").await, before.0);
    }
}

#[tokio::test]
async fn a_list_copied_in_excel_is_looked_at_like_a_file() {
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Roban").await;
        let base = "/products/imports";
        let new = format!("{base}/new");
        let page = owner.get(&new).await.expect(200);
        let text = "Nama\tHarga\tSatuan\tStok\tIsi\tKategori\r\n\
                    Emping\t12.500\tbungkus\t1.000\t250 g\tMakanan ringan\r\n\
                    Kopi\tmahal\t\t\t\t\r\n";
        let form = page.form(&new).with("pasted", text);
        let answer = owner.submit(&page, &form).await.expect(303);
        let preview = owner.follow(answer).await.expect(200);
        preview.reads("Tempelan dari Excel");
        preview.reads("2 baris dibaca = 1 lengkap + 0 draf + 0 berulang + 1 ditolak");
        let answer = owner.submit(&preview, &preview.form("/consent")).await;
        owner
            .follow(answer.expect(303))
            .await
            .reads("1 barang masuk");
        assert_eq!(priced(&app, "Emping").await, 12_500);
        assert_eq!(
            count(&app, "SELECT CAST(SUM(on_hand) AS BIGINT) FROM lots").await,
            1_000
        );
        let page = owner.get(&new).await.expect(200);
        let form = page.form(&new).with("pasted", "Nama\tHarga\n\"Emping\t1\n");
        let refused = owner.submit(&page, &form).await.expect(422);
        assert!(refused.field_message("pasted").contains("tanda kutip"));
        assert!(
            refused
                .form(&new)
                .value("pasted")
                .is_some_and(|text| text.contains("Emping"))
        );
    }
}
