//! Lists as files, by real requests on both databases: what is in them, whose rows, under which name, and how many at once.

use std::time::{Duration, Instant};

use domain::accounts::Role;
use sheets::{Limits, Sheet};
use store::imports::{ImportOptions, Table};
use tests::{app::TestApp, build::Pool, page::Page, people::Person};

use crate::pooling::{live_offer, member, product};

/// The file as a spreadsheet would open it.
fn sheet(page: &Page) -> Sheet {
    assert_eq!(page.status, 200, "{}", page.visible());
    sheets::read(&page.bytes, &Limits::default()).expect("a table")
}

/// Both kinds of file of a list; they hold the same.
async fn exported(person: &Person, path: &str) -> Sheet {
    let mut found = Vec::new();
    for kind in ["csv", "xlsx"] {
        let page = person.get(&format!("{path}file={kind}")).await;
        // C05, E08: nothing keeps it, and its name is a plain one.
        assert_eq!(page.header("cache-control"), Some("private, no-store"));
        let name = page.header("content-disposition").expect("a name");
        assert!(name.starts_with("attachment; filename=\""), "{name}");
        assert!(
            name.contains(&format!(".{kind}\"; filename*=UTF-8''")),
            "{name}"
        );
        assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
        found.push(sheet(&page));
    }
    let workbook = found.pop().expect("two");
    let text = found.pop().expect("two");
    assert_eq!(text.headers, workbook.headers);
    let cells = |sheet: &Sheet| -> Vec<Vec<String>> {
        let rows = sheet.rows.iter();
        rows.map(|row| {
            let mut cells = row.cells.clone();
            while cells.last().is_some_and(String::is_empty) {
                cells.pop();
            }
            cells
        })
        .collect()
    };
    assert_eq!(cells(&text), cells(&workbook));
    text
}

fn column(sheet: &Sheet, header: &str) -> Vec<String> {
    let rows = sheet.rows.iter();
    rows.map(|row| sheet.cell(row, header).to_owned()).collect()
}

#[tokio::test]
async fn each_side_takes_its_own_orders_away_and_nobody_elses() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[60, 50])).await;
        let order = market.ordered(&app, 10).await.order;
        let other = app.buyer("Toko Lain").await;
        let list = exported(&market.buyer, "/orders/export?tab=all&q=&").await;
        assert_eq!(list.rows.len(), 1);
        assert!(!column(&list, "Nomor pesanan")[0].is_empty(), "{list:?}");
        let total: i64 = column(&list, "Total (Rp)")[0].parse().expect("a number");
        let goods: i64 = column(&list, "Nilai barang (Rp)")[0]
            .parse()
            .expect("a number");
        assert!(total >= goods && goods > 0, "{list:?}");
        assert_eq!(column(&list, "Tanggal")[0].len(), 10);
        // The filter of the page is the filter of the file.
        let none = exported(&market.buyer, "/orders/export?tab=confirmed&q=&").await;
        assert!(none.rows.is_empty(), "{none:?}");
        assert_eq!(
            exported(&market.manager, "/orders/export?tab=sent&")
                .await
                .rows
                .len(),
            1
        );
        for stranger in [&other, &app.cooperative("Nira Menoreh", "NRM").await] {
            let list = exported(stranger, "/orders/export?tab=all&").await;
            assert!(list.rows.is_empty(), "{order}: {list:?}");
        }
    }
}

#[tokio::test]
async fn members_products_and_offers_are_taken_away_with_their_zeros_and_without_formulas() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let owner = member(&app, &manager, "=Dapur Roban").await;
        let goods = product(&app, &owner, 400, |facts| {
            facts.name = "@SUM(A1) keripik".to_owned();
        })
        .await;
        live_offer(&app, &manager, &[goods]).await;

        // D04: what a spreadsheet would run is words in the file, and read by us again as it was.
        let file = manager.get("/members/export?status=&q=&file=csv").await;
        assert!(String::from_utf8_lossy(&file.bytes).contains("'=Dapur Roban"));
        let members = exported(&manager, "/members/export?status=&q=&").await;
        assert_eq!(column(&members, "Usaha"), ["=Dapur Roban"]);
        assert_eq!(column(&members, "Nomor anggota"), ["1"]);
        let products = exported(&owner, "/products/export?").await;
        assert_eq!(column(&products, "Barang"), ["@SUM(A1) keripik"]);
        assert_eq!(column(&products, "Harga (Rp)"), ["10500"]);
        assert_eq!(column(&products, "Bebas"), ["400"]);
        let offers = exported(&manager, "/offers/export?state=live&").await;
        assert_eq!(column(&offers, "Harga terendah (Rp)"), ["12500"]);
        // The board reads what the manager reads; another cooperative nothing of it (B08).
        let board = app.colleague(&manager, "Bu Ketua", Role::CoopBoard).await;
        assert_eq!(exported(&board, "/members/export?").await.rows.len(), 1);
        let other = app.cooperative("Nira Menoreh", "NRM").await;
        assert!(exported(&other, "/members/export?").await.rows.is_empty());
        assert!(exported(&other, "/offers/export?").await.rows.is_empty());
        // Every list's page leads to its files.
        for (person, page) in [
            (&manager, "/members"),
            (&manager, "/offers"),
            (&owner, "/products"),
        ] {
            let page = person.get(page).await.expect(200);
            let file = person.click(&page, "Excel (XLSX)").await;
            assert_eq!(sheet(&file).rows.len(), 1);
        }
    }
}

/// An owner with so many drafts.
async fn full_shelf(app: &TestApp, rows: u32) -> Person {
    let owner = app.umkm("Dapur Contoh").await;
    let table = Table {
        name: None,
        headers: vec!["Nama".to_owned(), "Harga".to_owned()],
        rows: (0..rows)
            .map(|n| {
                (
                    n + 2,
                    vec![format!("Keripik nomor {n}"), "10.000".to_owned()],
                )
            })
            .collect(),
    };
    let act = owner.act(app);
    let options = ImportOptions::default();
    let import =
        app.store
            .import_listings(&act, owner.organisation, "a.csv", &table, &options, false);
    import.await.expect("drafts");
    owner
}

#[tokio::test]
async fn fifty_exports_at_once_leave_pages_quick_and_too_many_are_refused() {
    for app in TestApp::each().await {
        let owner = full_shelf(&app, 1_000).await;
        let begun = Instant::now();
        let exports = futures_util::future::join_all((0..50).map(|n| {
            let kind = if n % 2 == 0 { "xlsx" } else { "csv" };
            let path = format!("/products/export?file={kind}");
            let owner = &owner;
            async move { owner.get(&path).await.status }
        }));
        // G06: a page asked for meanwhile.
        let pages = async {
            let mut took = Vec::new();
            for _ in 0..20 {
                let begun = Instant::now();
                let _ = owner.get("/products").await.expect(200);
                took.push(begun.elapsed());
            }
            took.sort_unstable();
            took
        };
        let (statuses, took) = futures_util::future::join(exports, pages).await;
        println!(
            "50 exports in {:?}; pages meanwhile {took:?}",
            begun.elapsed()
        );
        assert!(
            statuses
                .iter()
                .all(|status| *status == 200 || *status == 503),
            "{statuses:?}"
        );
        assert!(took[18] < Duration::from_secs(1), "{took:?}");
        // G05: an organisation has so many in ten minutes.
        let mut last = 200;
        for _ in 0..11 {
            last = owner.get("/products/export?file=csv").await.status;
        }
        assert_eq!(last, 429);
    }
}
