//! What a list that is not quite as meant is told: empty sheets, sellers that aren't there, kinds in names, two columns of
//! names, members of a list that was taken back. By real requests on both databases.

use sheets::Cell;
use tests::{app::TestApp, people::Person};

use crate::imports::{brought, clean, consented, count, undone, workbook};

const GOODS: &str = "/products/imports";
const MEMBERS: &str = "/members/imports";

async fn sent(person: &Person, base: &str, name: &str, bytes: &[u8]) -> tests::page::Page {
    let page = person.get(&format!("{base}/new")).await.expect(200);
    let form = page
        .form(&format!("{base}/new"))
        .attach("file", name, bytes);
    person.submit(&page, &form).await
}

#[tokio::test]
async fn an_empty_list_sent_back_is_empty_and_its_examples_and_words_are_no_rows() {
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Contoh").await;
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        for (person, base) in [(&owner, GOODS), (&manager, MEMBERS)] {
            let file = person.get(&format!("{base}/template")).await.expect(200);
            let page = sent(person, base, "kosong.xlsx", &file.bytes).await;
            let page = page.expect(422);
            let said = page.field_message("file");
            assert!(said.contains("Lembar ini belum diisi"), "{said}");
        }
        let staged = "SELECT COUNT(*) FROM imports";
        assert_eq!(count(&app, staged).await, 0);
    }
}

#[tokio::test]
async fn a_seller_that_the_file_does_not_have_is_said_with_those_it_has() {
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Contoh").await;
        let file = "Nama;Harga;Toko\nSeblak;10.000;Foodstocks\nEmping;9.000;Dapur Lain\n";
        let page = owner.get(&format!("{GOODS}/new")).await.expect(200);
        let form = page
            .form(&format!("{GOODS}/new"))
            .attach("file", "pasar.csv", file.as_bytes())
            .with("seller", "Foodstoks");
        let answer = owner.submit(&page, &form).await.expect(303);
        let preview = owner.follow(answer).await.expect(200);
        preview.reads("Tidak ada penjual Foodstoks di berkas ini");
        preview.reads("Foodstocks (1 baris)");
        preview.lacks("Tidak ada yang baru di daftar ini");
        // Chosen from the list it is read.
        let form = preview.form("/columns").with("only", "Foodstocks");
        let answer = owner.submit(&preview, &form).await.expect(303);
        let preview = owner.follow(answer).await.expect(200);
        preview.reads("2 baris dibaca = 0 lengkap + 1 draf");
        preview.lacks("Tidak ada penjual");
    }
}

#[tokio::test]
async fn the_kind_that_a_name_tells_is_read_from_a_list_as_from_the_form() {
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Contoh").await;
        let file = "Nama;Harga;Satuan;Isi;Stok;Kategori\n\
                    Keripik singkong pedas;10.000;bungkus;250 g;40;\n\
                    Keripik singkong manis;10.000;bungkus;250 g;40;Minuman\n\
                    Camilan;10.000;bungkus;250 g;40;\n";
        let preview = brought(&owner, GOODS, "stok.csv", file.as_bytes()).await;
        preview.reads("3 baris dibaca = 2 lengkap + 1 draf");
        preview.reads("Belum ada: jenis barang");
        let _ = consented(&owner, &preview).await;
        let told = "SELECT COUNT(*) FROM products WHERE commodity_id = 'keripik-singkong' AND category_id = 'makanan-ringan'";
        assert_eq!(count(&app, told).await, 1);
        // What the row states holds; the name takes nothing back.
        let stated =
            "SELECT COUNT(*) FROM products WHERE commodity_id IS NULL AND category_id = 'minuman'";
        assert_eq!(count(&app, stated).await, 1);
        clean(&app).await;
    }
}

#[tokio::test]
async fn a_register_with_the_owners_and_the_businesss_name_is_read_and_leaves_nobody_when_taken_back()
 {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let row = |number: i64, owner: &str, business: &str| -> Vec<Cell> {
            vec![number.into(), owner.into(), business.into()]
        };
        let file = workbook(
            &["No. Anggota", "Nama", "Nama usaha"],
            vec![
                row(1, "Siti", "Dapur Bu Siti"),
                row(2, "Karto", "Gula Pak Karto"),
            ],
        );
        let preview = brought(&manager, MEMBERS, "buku.xlsx", &file).await;
        preview.reads("2 baris dibaca = 2 anggota baru");
        preview.reads("Kolom yang tidak dipakai: Nama");
        let page = consented(&manager, &preview).await;
        let list = manager.get("/members").await.expect(200);
        list.reads("Dapur Bu Siti");
        undone(&manager, &page).await.reads("2 anggota dikeluarkan");
        // Nobody turned them down: they are on no list, and counted nowhere.
        for tab in ["/members", "/members?status=declined"] {
            let list = manager.get(tab).await.expect(200);
            list.lacks("Dapur Bu Siti");
            list.lacks("Gula Pak Karto");
        }
        let kept = "SELECT COUNT(*) FROM members WHERE status = 'declined'";
        assert_eq!(count(&app, kept).await, 2, "their history stays");
        // The same book can come again.
        let again = brought(&manager, MEMBERS, "buku.xlsx", &file).await;
        again.reads("2 anggota baru");
        let _ = consented(&manager, &again).await;
        let list = manager.get("/members").await.expect(200);
        list.reads("Dapur Bu Siti");
        clean(&app).await;
    }
}
