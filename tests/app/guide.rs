//! The first three steps of somebody new, the file to try them with, and what a manager sees by day (CHECKLIST §6.18).

use sheets::Limits;
use store::products::NewLot;
use tests::{app::TestApp, database::Kind};

use crate::imports::{brought, consented, undone};
use crate::pooling::{live_offer, member, product};

#[tokio::test]
async fn each_role_has_a_guide_that_follows_what_is_done_and_can_be_put_away_by_each_person() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let buyer = app.buyer("PT Ritel Contoh").await;
        let owner = app.umkm("Dapur Roban").await;
        for (person, step) in [
            (&manager, "Masukkan buku anggota"),
            (&buyer, "Cari barang"),
            (&owner, "Masukkan satu barang"),
        ] {
            let home = person.get("/home").await.expect(200);
            home.reads("Mulai dari sini");
            home.reads(step);
            assert!(!home.visible().contains("Sudah"), "{}", home.visible());
        }
        product(&app, &owner, 10, |_| {}).await;
        let home = owner.get("/home").await.expect(200);
        assert_eq!(home.visible().matches("Sudah").count(), 1);
        let answer = owner.submit(&home, &home.form("/home/guide")).await;
        let home = owner.follow(answer.expect(303)).await.expect(200);
        home.reads("Panduan disembunyikan");
        home.lacks("Mulai dari sini");
        // Put away twice is put away; a colleague still has it.
        let role = domain::accounts::Role::CoopManager;
        let colleague = app.colleague(&manager, "Bu Wati", role).await;
        let page = manager.get("/home").await.expect(200);
        for _ in 0..2 {
            let _ = manager
                .submit(&page, &page.form("/home/guide"))
                .await
                .expect(303);
        }
        manager
            .get("/home")
            .await
            .expect(200)
            .lacks("Mulai dari sini");
        colleague
            .get("/home")
            .await
            .expect(200)
            .reads("Mulai dari sini");
        // Who only reads has nothing to begin.
        let board = app
            .colleague(&manager, "Bu Ketua", domain::accounts::Role::CoopBoard)
            .await;
        board
            .get("/home")
            .await
            .expect(200)
            .lacks("Mulai dari sini");
    }
}

#[tokio::test]
async fn the_sample_files_are_taken_whole_and_taken_back() {
    let app = TestApp::start(Kind::Sqlite).await.expect("SQLite");
    let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
    let home = manager.get("/home").await.expect(200);
    let file = manager
        .click(&home, "Coba dengan data contoh")
        .await
        .expect(200);
    assert_eq!(
        sheets::read(&file.bytes, &Limits::default())
            .expect("a table")
            .rows
            .len(),
        8
    );
    let base = "/members/imports";
    let preview = brought(&manager, base, "contoh.xlsx", &file.bytes).await;
    preview.reads("8 baris dibaca = 8 anggota baru + 0 sudah ada + 0 berulang + 0 ditolak");
    let page = consented(&manager, &preview).await;
    undone(&manager, &page).await.reads("8 anggota dikeluarkan");

    let owner = app.umkm("Dapur Roban").await;
    let file = owner.get("/products/imports/sample").await.expect(200);
    let preview = brought(&owner, "/products/imports", "contoh.xlsx", &file.bytes).await;
    preview.reads("8 baris dibaca = 8 lengkap + 0 draf");
}

#[tokio::test]
async fn a_manager_sees_what_can_be_given_when_lots_become_ready_and_on_any_day() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let owner = member(&app, &manager, "Dapur Roban").await;
        let goods = product(&app, &owner, 400, |_| {}).await;
        let offer = live_offer(&app, &manager, &[goods]).await;
        let today = domain::time::Zone::Wib.day_of(app.now());
        for (later, packs) in [(20, 200), (45, 80)] {
            let lot = NewLot {
                ready_on: today.plus(later),
                good_until: None,
                packs: domain::quantity::Packs(packs),
            };
            let act = owner.act(&app);
            let added = app.store.add_lot(&act, owner.organisation, goods, &lot);
            added.await.expect("a lot");
        }
        let at = format!("/offers/{offer}/supplies");
        let page = manager.get(&at).await.expect(200);
        let days = page.texts("#by-day tbody tr");
        assert_eq!(days.len(), 3, "{days:?}");
        assert!(days[0].contains("10 dus"), "{days:?}");
        assert!(
            days[1].contains("25 Januari 2026") && days[1].contains("15 dus"),
            "{days:?}"
        );
        assert!(
            days[2].contains("19 Februari 2026") && days[2].contains("17 dus"),
            "{days:?}"
        );
        // Any other day.
        let page = manager
            .get(&format!("{at}?on=2026-02-01"))
            .await
            .expect(200);
        let days = page.texts("#by-day tbody tr");
        assert_eq!(days.len(), 4, "{days:?}");
        assert!(
            days[2].contains("1 Februari 2026") && days[2].contains("15 dus"),
            "{days:?}"
        );
        for (day, words) in [
            ("2025-01-01", "Belum bisa dikirim secepat itu"),
            ("besok", "Tulis tanggal"),
        ] {
            let page = manager.get(&format!("{at}?on={day}")).await.expect(200);
            assert!(page.field_message("on").contains(words), "{day}");
            assert_eq!(page.texts("#by-day tbody tr").len(), 3);
        }
    }
}

#[tokio::test]
async fn a_stated_cost_with_zeros_too_many_is_refused_at_its_field() {
    let app = TestApp::start(Kind::Sqlite).await.expect("SQLite");
    let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
    let owner = member(&app, &manager, "Dapur Roban").await;
    let goods = product(&app, &owner, 400, |_| {}).await;
    let offer = live_offer(&app, &manager, &[goods]).await;
    let at = format!("/offers/{offer}/prices");
    let page = manager.get(&at).await.expect(200);
    for field in ["packaging", "transport"] {
        let form = page
            .form(&at)
            .press("Simpan dan lihat")
            .with(field, "10.000.001");
        let refused = manager.submit(&page, &form).await.expect(422);
        let said = refused.field_message(field);
        assert!(said.contains("Paling banyak Rp10.000.000"), "{said}");
        assert_eq!(refused.form(&at).value(field), Some("10.000.001"));
    }
}
