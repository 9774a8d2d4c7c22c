//! Lists from files, by real requests on both databases: goods and registers, their columns, consent, and taking back.

use sheets::{Cell, Choices, Limits};
use store::imports::ImportOptions;
use tests::{app::TestApp, database::number, page::Page, people::Person};

const SAMPLE: &[u8] = include_bytes!("../data/listings-sample.csv");

pub(crate) async fn count(app: &TestApp, sql: &str) -> i64 {
    number(&app.database.url, sql).await
}

pub(crate) async fn clean(app: &TestApp) {
    let breaches = app
        .store
        .audit(app.now(), None)
        .await
        .expect("the audit runs");
    assert_eq!(breaches, [], "promises are broken");
}

/// A workbook with these rows below the headers.
pub(crate) fn workbook(headers: &[&str], rows: Vec<Vec<Cell>>) -> Vec<u8> {
    let table = sheets::Table {
        headers: headers.iter().map(|header| (*header).to_owned()).collect(),
        rows,
    };
    let none: &[Choices] = &[];
    sheets::write_workbook("Lembar1", &table, none, None).expect("a workbook")
}

/// The file brought to one of the desks, and its preview.
pub(crate) async fn brought(person: &Person, base: &str, name: &str, bytes: &[u8]) -> Page {
    let page = person.get(&format!("{base}/new")).await.expect(200);
    let form = page
        .form(&format!("{base}/new"))
        .attach("file", name, bytes);
    let answer = person.submit(&page, &form).await;
    person.follow(answer.expect(303)).await.expect(200)
}

pub(crate) async fn consented(person: &Person, preview: &Page) -> Page {
    let answer = person.submit(preview, &preview.form("/consent")).await;
    person.follow(answer.expect(303)).await.expect(200)
}

pub(crate) async fn undone(person: &Person, page: &Page) -> Page {
    let answer = person.submit(page, &page.form("/undo")).await;
    person.follow(answer.expect(303)).await.expect(200)
}

pub(crate) async fn uploaded(owner: &Person, bytes: &[u8]) -> Page {
    let page = owner.get("/products/imports/new").await.expect(200);
    let form = page
        .form("/products/imports/new")
        .attach("file", "daftar.csv", bytes);
    owner.submit(&page, &form).await
}

#[tokio::test]
async fn a_list_is_looked_at_consented_to_and_taken_back() {
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Contoh").await;
        let preview = owner
            .follow(uploaded(&owner, SAMPLE).await)
            .await
            .expect(200);
        preview.reads(
            "20 baris dibaca = 0 lengkap + 12 draf + 4 berulang + 4 ditolak + 0 penjual lain",
        );
        preview.reads("Kolom Harga: Tulis harga dengan angka");
        preview.reads("Sama dengan baris 4");
        assert_eq!(count(&app, "SELECT COUNT(*) FROM products").await, 0);
        let stranger = app.umkm("Nira Kokap").await;
        let _ = stranger.get(&preview.path).await.expect(404);

        // Several shops are in it: the owner says that all of it is its own.
        let refused = owner
            .submit(&preview, &preview.form("/consent"))
            .await
            .expect(422);
        refused.reads("Centang dulu, atau pilih satu penjual");
        let consent = refused.form("/consent").tick("mine", "on", true);
        let page = owner
            .follow(owner.submit(&preview, &consent).await)
            .await
            .expect(200);
        page.reads("12 barang masuk");
        page.reads("20 baris dibaca = 0 lengkap + 12 draf");
        assert_eq!(
            count(&app, "SELECT COUNT(*) FROM products WHERE state = 'draft'").await,
            12
        );
        let told = "SELECT COUNT(*) FROM products WHERE content_amount = 180 AND content_dimension = 'mass'";
        assert_eq!(count(&app, told).await, 1);
        // The same consent again is no second import.
        let _ = owner.submit(&refused, &consent).await.expect(409);

        let again = owner
            .follow(uploaded(&owner, SAMPLE).await)
            .await
            .expect(200);
        again.reads("0 draf + 16 berulang + 4 ditolak");
        again.reads("Tidak ada yang baru di daftar ini");
        let gone = owner.submit(&again, &again.form("/discard")).await;
        owner
            .follow(gone)
            .await
            .expect(200)
            .reads("Tidak ada yang berubah");
        let _ = owner.get(&again.path).await.expect(404);

        let undone = owner
            .follow(owner.submit(&page, &page.form("/undo")).await)
            .await
            .expect(200);
        undone.reads("12 barang diarsipkan");
        assert_eq!(
            count(
                &app,
                "SELECT COUNT(*) FROM products WHERE state = 'archived'"
            )
            .await,
            12
        );
        let fresh = owner
            .follow(uploaded(&owner, SAMPLE).await)
            .await
            .expect(200);
        fresh.reads("12 draf + 4 berulang");
    }
}

#[tokio::test]
async fn complete_rows_may_be_published_at_once_and_a_dry_run_writes_nothing() {
    const LIST: &str = "Nama;Kategori;Satuan;Isi;Harga;Stok\n\
        Keripik tempe;Makanan ringan;bungkus;200 g;10.000;1.000\n\
        Kentang;Sayur & buah segar;kg;;11.500;\n";
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Contoh").await;
        let table = web::imports::table(LIST.as_bytes(), &sheets::Limits::default()).unwrap();
        let options = ImportOptions::default();
        let dry = app
            .store
            .import_listings(
                &app.system(),
                owner.organisation,
                "a.csv",
                &table,
                &options,
                true,
            )
            .await
            .unwrap();
        assert_eq!(
            dry.report.tally.to_string(),
            "read 2 = new 1 + drafts 1 + repeats 0 + refused 0 + filtered 0"
        );
        assert_eq!(count(&app, "SELECT COUNT(*) FROM imports").await, 0);

        let preview = owner
            .follow(uploaded(&owner, LIST.as_bytes()).await)
            .await
            .expect(200);
        let form = preview.form("/consent").tick("publish", "on", true);
        let page = owner
            .follow(owner.submit(&preview, &form).await)
            .await
            .expect(200);
        page.reads("2 barang masuk, 1 langsung tayang");
        assert_eq!(
            count(&app, "SELECT COUNT(*) FROM products WHERE state = 'live'").await,
            1
        );
        assert_eq!(
            count(&app, "SELECT CAST(SUM(on_hand) AS BIGINT) FROM lots").await,
            1_000
        );

        // A longer list repeats both rows; then the first import is taken back before the consent.
        let longer = format!("{LIST}Tomat;Sayur & buah segar;kg;;8.000;5\n");
        let preview = owner
            .follow(uploaded(&owner, longer.as_bytes()).await)
            .await
            .expect(200);
        preview.reads("3 baris dibaca = 1 lengkap + 0 draf + 2 berulang");
        owner
            .follow(owner.submit(&page, &page.form("/undo")).await)
            .await
            .expect(200)
            .reads("2 barang diarsipkan");
        let refused = owner
            .submit(&preview, &preview.form("/consent"))
            .await
            .expect(409);
        refused.reads("berubah sejak diperiksa");
        let preview = owner.click(&refused, "Periksa lagi").await.expect(200);
        preview.reads("3 baris dibaca = 2 lengkap + 1 draf + 0 berulang");
        let answer = owner.submit(&preview, &preview.form("/consent")).await;
        owner
            .follow(answer)
            .await
            .expect(200)
            .reads("3 barang masuk, 0 langsung tayang");
    }
}

#[tokio::test]
async fn a_file_that_is_no_list_is_refused_with_the_place() {
    let app = TestApp::start(tests::database::Kind::Sqlite)
        .await
        .expect("SQLite");
    let owner = app.umkm("Dapur Contoh").await;
    for (bytes, words) in [
        (&b"PK\x03\x04 something"[..], "Berkas Excel ini rusak"),
        (b"\xD0\xCF\x11\xE0 old", "Ini berkas Excel lama"),
        (b"", "kosong"),
        (
            b"Nama,Harga\n\"Keripik,1\n",
            "Baris 2: tanda kutip tidak ditutup",
        ),
    ] {
        let page = uploaded(&owner, bytes).await.expect(422);
        assert!(
            page.field_message("file").contains(words),
            "{}",
            page.field_message("file")
        );
    }
    let page = owner.get("/products/imports/new").await.expect(200);
    let page = owner
        .submit(&page, &page.form("/products/imports/new"))
        .await
        .expect(422);
    page.reads("Pilih berkas daftarnya");
    assert_eq!(count(&app, "SELECT COUNT(*) FROM imports").await, 0);
}

#[tokio::test]
async fn columns_are_chosen_on_the_preview_and_the_file_stays() {
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Contoh").await;
        let file = workbook(
            &["Dagangan saya", "Harga per bungkus", "Sisa"],
            vec![
                vec!["Keripik tempe".into(), 10_000.into(), 40.into()],
                vec!["Keripik bayam".into(), "sepuluh ribu".into(), 5.into()],
            ],
        );
        let preview = brought(&owner, "/products/imports", "a.xlsx", &file).await;
        preview.reads("Tidak ada kolom nama");
        preview.reads("Pilih kolomnya di bawah ini");
        assert!(!preview.has("form#consent"));
        // Each field offers the file's columns with what stands in them.
        preview.reads("Harga per bungkus: 10000, sepuluh ribu");
        let form = preview
            .form("/columns")
            .with("name", "0")
            .with("price", "1");
        let answer = owner.submit(&preview, &form).await.expect(303);
        let preview = owner.follow(answer).await.expect(200);
        preview.reads("2 baris dibaca = 0 lengkap + 1 draf + 0 berulang + 1 ditolak");
        preview.reads("Kolom Harga per bungkus: Tulis harga dengan angka");
        // One column can't fill two fields: said so, and nothing may be consented to.
        let form = preview
            .form("/columns")
            .with("name", "0")
            .with("price", "0");
        let answer = owner.submit(&preview, &form).await.expect(303);
        let twice = owner.follow(answer).await.expect(200);
        twice.reads("Kolom Dagangan saya dipilih dua kali");
        // What was seen before is not consented to any more.
        let stale = owner.submit(&preview, &preview.form("/consent")).await;
        assert_eq!(stale.status, 400, "{}", stale.visible());
        let form = twice.form("/columns").with("name", "0").with("price", "1");
        let answer = owner.submit(&twice, &form).await.expect(303);
        let preview = owner.follow(answer).await.expect(200);
        // Only the bad rows, with the reason, as a file that can be brought again.
        let rejects = owner.click(&preview, "Excel (XLSX)").await;
        let sheet = sheets::read(&rejects.bytes, &Limits::default()).expect("a table");
        assert_eq!(sheet.rows.len(), 1);
        assert_eq!(sheet.cell(&sheet.rows[0], "Dagangan saya"), "Keripik bayam");
        assert_eq!(sheet.cell(&sheet.rows[0], "Baris di berkas"), "3");
        assert!(
            sheet
                .cell(&sheet.rows[0], "Alasan ditolak")
                .contains("Tulis harga dengan angka")
        );
        consented(&owner, &preview).await.reads("1 barang masuk");
        let priced = "SELECT COUNT(*) FROM products WHERE price_rupiah = 10000";
        assert_eq!(count(&app, priced).await, 1);
        owner
            .get("/products/imports")
            .await
            .expect(200)
            .reads("Sudah masuk");
    }
}

#[tokio::test]
async fn the_templates_are_understood_and_their_examples_are_no_goods() {
    let app = TestApp::start(tests::database::Kind::Sqlite)
        .await
        .expect("SQLite");
    let owner = app.umkm("Dapur Contoh").await;
    let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
    for (person, base) in [
        (&owner, "/products/imports"),
        (&manager, "/members/imports"),
    ] {
        for language in ["id", "en"] {
            let person = &person.visitor.twin().speaking(language);
            let file = person.get(&format!("{base}/template")).await.expect(200);
            let all = sheets::read_all(&file.bytes, &Limits::default()).expect("a workbook");
            assert!(all[0].rows.is_empty(), "examples stand on their own sheet");
            assert!(!all[1].rows.is_empty());
            let understood = if base == "/products/imports" {
                let columns =
                    domain::imports::guess_columns::<domain::listings::Field>(&all[0].headers);
                columns
                    .expect("columns")
                    .iter()
                    .all(|column| column.field.is_some())
            } else {
                let columns =
                    domain::imports::guess_columns::<domain::registers::Field>(&all[0].headers);
                columns
                    .expect("columns")
                    .iter()
                    .all(|column| column.field.is_some())
            };
            assert!(understood, "{language}: {:?}", all[0].headers);
        }
    }
}

const BOOK: &[&str] = &[
    "No. Anggota",
    "Nama",
    "No HP",
    "Desa",
    "Kabupaten/Kota",
    "Tanggal masuk",
    "Status",
    "Simpanan pokok",
    "Simpanan wajib",
];

fn book() -> Vec<u8> {
    workbook(
        BOOK,
        vec![
            vec![
                7.into(),
                "Emping Limpungsari".into(),
                "0812-0000-0002".into(),
                "Limpung".into(),
                "Kab. Batang".into(),
                Cell::Day("2021-03-15".to_owned()),
                "Aktif".into(),
                100_000.into(),
                240_000.into(),
            ],
            vec![
                Cell::Empty,
                "Kebun Blado Hijau".into(),
                Cell::Empty,
                "Blado".into(),
                Cell::Empty,
                "1/2/2022".into(),
                "calon anggota".into(),
                "50.000".into(),
                Cell::Empty,
            ],
            vec![7.into(), "Orang Kembar".into()],
        ],
    )
}

#[tokio::test]
async fn a_cooperative_brings_its_register_with_opening_balances_and_takes_it_back() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let board = app
            .colleague(&manager, "Bu Ketua", domain::accounts::Role::CoopBoard)
            .await;
        let old = crate::pooling::member(&app, &manager, "Dapur Roban").await;
        let preview = brought(&manager, "/members/imports", "buku.xlsx", &book()).await;
        preview.reads("3 baris dibaca = 2 anggota baru + 0 sudah ada + 0 berulang + 1 ditolak");
        preview.reads("Kolom No. Anggota: Nomor ini sudah ada di baris 2");
        preview.reads("pokok Rp100.000");
        assert_eq!(count(&app, "SELECT COUNT(*) FROM members").await, 1);
        // Whoever may only look, and whoever is elsewhere, finds nothing there.
        let _ = board.get(&preview.path).await.expect(403);
        let other = app.cooperative("Nira Menoreh", "NM").await;
        let _ = other.get(&preview.path).await.expect(404);
        let _ = old.get(&preview.path).await.expect(403);

        let page = consented(&manager, &preview).await;
        page.reads("2 anggota baru, 0 dilengkapi. Saldo simpanan Rp390.000.");
        let list = manager.get("/members").await.expect(200);
        list.reads("Emping Limpungsari");
        list.reads("Kebun Blado Hijau");
        let member = manager.click(&list, "Emping Limpungsari").await.expect(200);
        member.reads("Simpanan pokok");
        member.reads("Rp240.000");
        member.reads("Dicatat dari buku anggota");
        // Numbers of the book stay; who has none gets the next.
        let numbered = "SELECT COUNT(*) FROM members WHERE (number = 7 AND status = 'active') OR (number = 8 AND status = 'candidate')";
        assert_eq!(count(&app, numbered).await, 2);
        let people = "SELECT COUNT(*) FROM imports WHERE content <> ''";
        assert_eq!(count(&app, people).await, 0, "names stay where they belong");
        clean(&app).await;

        // Again the same book: nothing new. With a balance more it completes a member.
        let again = brought(&manager, "/members/imports", "buku.xlsx", &book()).await;
        again.reads("0 anggota baru + 0 sudah ada + 2 berulang + 1 ditolak");
        let more = workbook(
            &["Nomor anggota", "Nama", "Simpanan sukarela"],
            vec![vec![1.into(), "Dapur Roban".into(), 75_000.into()]],
        );
        let preview = brought(&manager, "/members/imports", "b.xlsx", &more).await;
        preview.reads("0 anggota baru + 1 sudah ada");
        consented(&manager, &preview)
            .await
            .reads("0 anggota baru, 1 dilengkapi");

        // Undone: who came by it is out, the balances are reversed by further rows, the member that was there stays.
        let page = undone(&manager, &page).await;
        page.reads("2 anggota dikeluarkan, 0 tetap");
        assert_eq!(
            count(
                &app,
                "SELECT COUNT(*) FROM members WHERE status IN ('active', 'candidate')"
            )
            .await,
            1
        );
        let left = "SELECT CAST(SUM(amount_rupiah) AS BIGINT) FROM opening_balances";
        assert_eq!(count(&app, left).await, 75_000);
        assert_eq!(
            count(&app, "SELECT COUNT(*) FROM opening_balances").await,
            7
        );
        manager
            .get("/members")
            .await
            .expect(200)
            .lacks("Emping Limpungsari");
        // And the same book can be brought once more, for the same businesses.
        let before = count(&app, "SELECT COUNT(*) FROM organisations").await;
        let preview = brought(&manager, "/members/imports", "buku.xlsx", &book()).await;
        preview.reads("2 anggota baru");
        let _ = consented(&manager, &preview).await;
        assert_eq!(
            count(&app, "SELECT COUNT(*) FROM organisations").await,
            before
        );
        assert_eq!(count(&app, numbered).await, 2);
        clean(&app).await;
    }
}

#[tokio::test]
async fn opening_balances_are_only_ever_added_to() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let preview = brought(&manager, "/members/imports", "buku.xlsx", &book()).await;
        let _ = consented(&manager, &preview).await;
        for sql in [
            "UPDATE opening_balances SET amount_rupiah = 1",
            "DELETE FROM opening_balances",
        ] {
            assert!(
                tests::database::refuses(&app.database.url, sql).await,
                "{sql} was let through"
            );
        }
    }
}
