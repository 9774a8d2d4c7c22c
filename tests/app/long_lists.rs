//! Long lists, brought in by a job: how far they are, stopping them, going on after a breakdown, all or nothing.

use std::time::Instant;

use domain::imports::ImportKind;
use sheets::Cell;
use store::imports::TAKE_IMPORT;
use store::jobs::Claimed;
use tests::{app::TestApp, page::Page, people::Person};

use crate::imports::{brought, clean, consented, count, undone, uploaded, workbook};

const GOODS: &str = "/products/imports";
const HEADERS: &[&str] = &["Nama", "Harga", "Satuan", "Stok", "Isi", "Kategori"];

fn goods(rows: i64) -> Vec<u8> {
    let rows = (0..rows)
        .map(|n| {
            vec![
                format!("Keripik nomor {n}").into(),
                (1_000 + n).into(),
                "bungkus".into(),
                (n % 50).into(),
                "250 g".into(),
                "Makanan ringan".into(),
            ]
        })
        .collect();
    workbook(HEADERS, rows)
}

async fn nothing_is_in(app: &TestApp) {
    for table in ["products", "lots", "movements"] {
        let rows = count(app, &format!("SELECT COUNT(*) FROM {table}")).await;
        assert_eq!(rows, 0, "{table}");
    }
}

/// Takes the job as a process does that will be killed: it prepares this many parts and is heard of no more.
async fn begun(app: &TestApp, parts: usize) -> Claimed {
    let store = &app.store;
    let mut jobs = store
        .claim_jobs(app.now(), &[TAKE_IMPORT], 1)
        .await
        .unwrap();
    let job = jobs.pop().expect("a list that waits");
    let mut taking = store
        .begin_taking(app.now(), &job)
        .await
        .unwrap()
        .expect("a list");
    for _ in 0..parts {
        assert!(store.prepare_part(app.now(), &mut taking).await.unwrap());
    }
    job
}

async fn stopped(owner: &Person, page: &Page) -> Page {
    let answer = owner.submit(page, &page.form("/cancellation")).await;
    owner.follow(answer.expect(303)).await.expect(200)
}

#[tokio::test]
async fn five_thousand_rows_come_in_as_a_whole_while_their_page_tells_how_far_they_are() {
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Contoh").await;
        let file = goods(5_000);
        let from = Instant::now();
        let preview = brought(&owner, GOODS, "banyak.xlsx", &file).await;
        let looked = from.elapsed();
        preview.reads("5.000 baris dibaca = 4.900 lengkap + 100 draf");
        let form = preview.form("/consent").tick("publish", "on", true);
        let from = Instant::now();
        let answer = owner.submit(&preview, &form).await.expect(303);
        let took = from.elapsed();
        let page = owner.follow(answer).await.expect(200);
        page.reads("Daftar sedang disimpan");
        page.reads("0 dari 5.000 baris disiapkan");
        page.reads("Menunggu giliran");
        page.reads("Halaman ini boleh ditutup");
        // Without a script the page comes anew by itself.
        assert_eq!(page.header("refresh"), Some("2"));
        owner.get(GOODS).await.expect(200).reads("Sedang disimpan");
        // Consenting once more is refused, and so is choosing other columns.
        let _ = owner.submit(&preview, &form).await.expect(409);
        let _ = owner
            .submit(&preview, &preview.form("/columns"))
            .await
            .expect(409);
        let stranger = app.umkm("Nira Kokap").await;
        let _ = stranger.get(&page.path).await.expect(404);

        let _ = begun(&app, 5).await;
        let page = owner.get(&page.path).await.expect(200);
        page.reads("24%");
        page.reads("1.250 dari 5.000 baris disiapkan");
        page.reads("detik lagi");
        nothing_is_in(&app).await;
        owner
            .get("/products")
            .await
            .expect(200)
            .lacks("Keripik nomor");

        // The process was killed. Its page says so; nothing is in; after the lease another one goes on with the next part.
        app.clock.advance_seconds(60);
        let silent = owner.get(&page.path).await.expect(200);
        silent.reads("Prosesnya terhenti. Belum ada yang masuk.");
        app.run_jobs().await;
        nothing_is_in(&app).await;
        app.clock.advance_seconds(90);
        let from = Instant::now();
        app.run_jobs().await;
        let brought_in = from.elapsed();
        let parts = "SELECT COUNT(*) FROM import_parts";
        assert_eq!(count(&app, parts).await, 0);
        let page = owner.get(&page.path).await.expect(200);
        assert_eq!(page.header("refresh"), None);
        page.reads("5.000 baris dibaca = 4.900 lengkap + 100 draf");
        let live = "SELECT COUNT(*) FROM products WHERE state = 'live'";
        assert_eq!(count(&app, live).await, 4_900);
        let by =
            "SELECT COUNT(*) FROM events WHERE kind = 'product_created' AND person_id IS NOT NULL";
        assert_eq!(count(&app, by).await, 5_000);
        let from = Instant::now();
        undone(&owner, &page).await.reads("5.000 barang diarsipkan");
        println!(
            "5,000 rows: {} bytes, preview {looked:?}, consent {took:?}, job {brought_in:?}, undo {:?}",
            file.len(),
            from.elapsed()
        );
        clean(&app).await;
        // E07: one row more is refused with the limit.
        let page = uploaded(&owner, &goods(5_001)).await.expect(422);
        let said = page.field_message("file");
        assert!(
            said.ends_with("Terlalu banyak baris. Paling banyak 5.000"),
            "{said}"
        );
        let imports = app
            .store
            .imports(ImportKind::Listings, owner.organisation, None, 1);
        assert_eq!(imports.await.expect("the database answers").1, 1);
    }
}

#[tokio::test]
async fn a_long_list_can_be_stopped_and_nothing_of_it_is_in() {
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Contoh").await;
        let preview = brought(&owner, GOODS, "banyak.xlsx", &goods(600)).await;
        let page = consented(&owner, &preview).await;
        // Another long list waits until this one is done.
        let other = brought(&owner, GOODS, "lain.xlsx", &goods(601)).await;
        let refused = owner
            .submit(&other, &other.form("/consent"))
            .await
            .expect(409);
        refused.reads("Masih ada daftar lain yang sedang disimpan");

        let job = begun(&app, 2).await;
        let back = stopped(&owner, &page).await;
        back.reads("Penyimpanan dibatalkan. Belum ada yang masuk.");
        // The process that has it in hand notices, and leaves nothing.
        let again = app.store.begin_taking(app.now(), &job).await.unwrap();
        assert!(again.is_none());
        app.later_hours(1);
        app.run_jobs().await;
        nothing_is_in(&app).await;
        assert_eq!(count(&app, "SELECT COUNT(*) FROM import_parts").await, 0);
        // It is a preview like any other.
        let page = consented(&owner, &owner.get(&back.path).await.expect(200)).await;
        app.run_jobs().await;
        owner
            .get(&page.path)
            .await
            .expect(200)
            .reads("600 baris dibaca = 588 lengkap + 12 draf");
        assert_eq!(count(&app, "SELECT COUNT(*) FROM products").await, 600);
        let late = owner.submit(&page, &page.form("/cancellation")).await;
        let _ = late.expect(409);
        clean(&app).await;
    }
}

#[tokio::test]
async fn a_long_list_that_became_another_one_meanwhile_is_looked_at_again() {
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Contoh").await;
        let preview = brought(&owner, GOODS, "banyak.xlsx", &goods(600)).await;
        let page = consented(&owner, &preview).await;
        let short = brought(&owner, GOODS, "sedikit.xlsx", &goods(3)).await;
        consented(&owner, &short).await.reads("3 barang masuk");
        app.run_jobs().await;
        let back = owner.get(&page.path).await.expect(200);
        back.reads("Isi daftar berubah saat disimpan. Belum ada yang masuk.");
        back.reads("3 berulang");
        assert_eq!(count(&app, "SELECT COUNT(*) FROM products").await, 3);
    }
}

#[tokio::test]
async fn a_long_register_comes_in_with_its_numbers_and_balances() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let rows = (0..600_i64)
            .map(|n| {
                let number = if n < 10 {
                    Cell::from(n + 1)
                } else {
                    Cell::Empty
                };
                vec![
                    number,
                    format!("Anggota {n}").into(),
                    format!("0812-{n:04}-{n:04}").into(),
                    10_000.into(),
                ]
            })
            .collect();
        let book = workbook(&["No. Anggota", "Nama", "No HP", "Simpanan pokok"], rows);
        let preview = brought(&manager, "/members/imports", "buku.xlsx", &book).await;
        let page = consented(&manager, &preview).await;
        page.reads("Daftar sedang disimpan");
        let _ = begun(&app, 1).await;
        assert_eq!(count(&app, "SELECT COUNT(*) FROM members").await, 0);
        app.later_hours(1);
        app.run_jobs().await;
        let page = manager.get(&page.path).await.expect(200);
        page.reads("600 baris dibaca = 600 anggota baru");
        page.reads("Saldo awal simpanan: Rp6.000.000");
        let numbered = "SELECT COUNT(DISTINCT number) FROM members WHERE number BETWEEN 1 AND 600";
        assert_eq!(count(&app, numbered).await, 600);
        // Names of people lie nowhere else.
        let kept = "SELECT COUNT(*) FROM imports WHERE content <> ''";
        assert_eq!(count(&app, kept).await, 0);
        clean(&app).await;
        undone(&manager, &page)
            .await
            .reads("600 anggota dikeluarkan");
        clean(&app).await;
    }
}
