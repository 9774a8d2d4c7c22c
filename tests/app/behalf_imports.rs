//! A manager brings a member's list of goods on its behalf: the owner's own way, marked as such and told to the owner; and
//! only as long as the member belongs. By real requests on both databases.

use store::imports::TAKE_IMPORT;
use tests::{app::TestApp, page::Page, people::Person};

use crate::imports::{brought, clean, consented, count, undone};
use crate::pooling::member;

const LIST: &[u8] = b"Barang;Rp;Satuan;Stok;Isi;Kategori\n\
    Keripik tempe;10.000;bungkus;40;200 g;Makanan ringan\n\
    Keripik bayam;9.000;bungkus;25;150 g;Makanan ringan\n\
    Emping;seribu;bungkus;5;250 g;Makanan ringan\n";

/// Where the manager brings lists of this member.
async fn desk(manager: &Person, name: &str) -> String {
    let list = manager.get("/members").await.expect(200);
    let page = manager.click(&list, name).await.expect(200);
    let new = manager.click(&page, "Unggah daftar barang").await;
    let new = new.expect(200);
    new.reads(&format!("Anda bekerja atas nama {name}"));
    let base = new.path.strip_suffix("/new").expect("a desk of lists");
    base.to_owned()
}

#[tokio::test]
async fn a_manager_brings_a_members_list_on_its_behalf_and_the_member_sees_and_undoes_it() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let owner = member(&app, &manager, "Dapur Roban").await;
        let base = desk(&manager, "Dapur Roban").await;
        assert!(base.ends_with("/products/imports"), "{base}");
        let preview = brought(&manager, &base, "stok.csv", LIST).await;
        preview.reads("Anda bekerja atas nama Dapur Roban");
        assert_eq!(count(&app, "SELECT COUNT(*) FROM products").await, 0);

        // Its columns are chosen like the owner's own, and the bad row comes back as a file.
        let columns = preview
            .form("/columns")
            .with("name", "0")
            .with("price", "1");
        let preview = manager
            .follow(manager.submit(&preview, &columns).await.expect(303))
            .await
            .expect(200);
        preview.reads("3 baris dibaca = 2 lengkap + 0 draf + 0 berulang + 1 ditolak");
        let bad = format!("{}/rejects?file=csv", preview.path);
        let file = manager.get(&bad).await.expect(200);
        assert!(String::from_utf8_lossy(&file.bytes).contains("seribu"));
        let page = consented(&manager, &preview).await;
        page.reads("2 barang masuk");
        manager
            .click(&page, "Lengkapi draf")
            .await
            .expect(200)
            .reads("Keripik tempe");

        // Marked in every row of history, and told to the owner, who reads by whom.
        let marked = "SELECT COUNT(*) FROM events WHERE on_behalf_of IS NOT NULL AND subject_kind IN ('product', 'lot')";
        assert_eq!(count(&app, marked).await, 4);
        let moved = "SELECT COUNT(*) FROM movements WHERE on_behalf";
        assert_eq!(count(&app, moved).await, 2);
        let notices = owner.get("/notices").await.expect(200);
        notices.reads("Rasa Alas Roban memasukkan barang atas nama Anda");
        app.run_jobs().await;
        let told = app.letters.letters_to(&owner.login);
        let subject = "Rasa Alas Roban memasukkan barang atas nama Anda";
        assert!(told.iter().any(|letter| letter.subject == subject));
        let mine = owner.get("/products/imports").await.expect(200);
        mine.reads("Diunggah oleh Rasa Alas Roban atas nama pemilik");
        let goods = owner.get("/products?shelf=draft").await.expect(200);
        let goods = owner.click(&goods, "Keripik tempe").await.expect(200);
        goods.reads("oleh Rasa Alas Roban atas nama Anda");

        // The owner takes it back; the cooperative finds it undone.
        let mine = owner.click(&mine, "stok.csv").await.expect(200);
        undone(&owner, &mine).await.reads("2 barang diarsipkan");
        let again = manager.get(&page.path).await.expect(200);
        again.reads("Unggahan dibatalkan");
        // Brought again, with its columns as they are guessed, and taken back by the manager itself.
        let preview = brought(&manager, &base, "stok.csv", LIST).await;
        let page = consented(&manager, &preview).await;
        undone(&manager, &page).await.reads("3 barang diarsipkan");
        clean(&app).await;
    }
}

#[tokio::test]
async fn lists_on_behalf_of_a_member_are_its_own_cooperatives_alone_and_end_with_the_membership() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let stranger = app.cooperative("Nira Menoreh", "NM").await;
        let owner = member(&app, &manager, "Dapur Roban").await;
        let other = member(&app, &stranger, "Kebun Kokap").await;
        let base = desk(&manager, "Dapur Roban").await;
        let preview = brought(&manager, &base, "stok.csv", LIST).await;
        // What the owner brings stays there beside it, and is the owner's affair.
        let own = brought(&owner, "/products/imports", "sendiri.csv", LIST).await;
        let _ = manager.get(&preview.path).await.expect(200);
        let id = own.path.rsplit('/').next().expect("an id");
        let _ = manager.get(&format!("{base}/{id}")).await.expect(404);
        manager.get(&base).await.expect(200).lacks("sendiri.csv");

        // Another cooperative's manager finds neither the member nor the list, nor by its own member's address.
        let theirs = desk(&stranger, "Kebun Kokap").await;
        let id = preview.path.rsplit('/').next().expect("an id");
        for path in [
            base.clone(),
            format!("{base}/new"),
            preview.path.clone(),
            format!("{theirs}/{id}"),
        ] {
            let _ = stranger.get(&path).await.expect(404);
        }
        let _ = other.get(&preview.path).await.expect(403);

        // The member leaves: nothing can be brought any more, not even what waits for consent.
        let consent = preview.form("/consent");
        let leave = owner.get("/memberships").await.expect(200);
        let leave = owner.click(&leave, "Berhenti jadi anggota").await;
        let leave = leave.expect(200);
        let action = leave.path.clone();
        let fields = [("reason", "Pindah kota")];
        let _ = owner.post_form(&leave, &action, &fields).await.expect(303);
        let refused = manager.submit(&preview, &consent).await.expect(409);
        refused.reads("bukan anggota aktif");
        let _ = manager.get(&base).await.expect(409);
        assert_eq!(count(&app, "SELECT COUNT(*) FROM products").await, 0);
        // The deed itself refuses too, whatever page it came from.
        let act = manager.act(&app).on_behalf_of(owner.organisation);
        let kind = domain::imports::ImportKind::Listings;
        let import = id.parse().expect("an id");
        let done = app
            .store
            .undo_import(&act, kind, owner.organisation, import);
        assert!(matches!(
            done.await,
            Err(store::imports::ImportError::NotFound)
        ));
    }
}

fn long() -> Vec<u8> {
    let mut file = String::from("Nama;Harga;Satuan;Stok;Isi;Kategori\n");
    for n in 0..700 {
        file.push_str(&format!(
            "Keripik nomor {n};10.000;bungkus;4;200 g;Makanan ringan\n"
        ));
    }
    file.into_bytes()
}

async fn queued(manager: &Person, base: &str) -> Page {
    let preview = brought(manager, base, "banyak.csv", &long()).await;
    let page = consented(manager, &preview).await;
    page.reads("0 dari 700 baris disiapkan");
    page
}

#[tokio::test]
async fn a_long_list_on_behalf_is_brought_by_a_job_and_dropped_when_the_member_leaves_meanwhile() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let owner = member(&app, &manager, "Dapur Roban").await;
        let base = desk(&manager, "Dapur Roban").await;
        let page = queued(&manager, &base).await;
        app.run_jobs().await;
        let page = manager.get(&page.path).await.expect(200);
        page.reads("700 baris dibaca = 700 lengkap");
        let marked = "SELECT COUNT(*) FROM events WHERE kind = 'product_created' AND on_behalf_of IS NOT NULL";
        assert_eq!(count(&app, marked).await, 700);
        undone(&manager, &page).await.reads("700 barang diarsipkan");

        let page = queued(&manager, &base).await;
        let mut jobs = app
            .store
            .claim_jobs(app.now(), &[TAKE_IMPORT], 1)
            .await
            .expect("the database answers");
        let job = jobs.pop().expect("a list that waits");
        let mut taking = app
            .store
            .begin_taking(app.now(), &job)
            .await
            .expect("the database answers")
            .expect("a list");
        assert!(
            app.store
                .prepare_part(app.now(), &mut taking)
                .await
                .unwrap()
        );
        let sql = "UPDATE members SET status = 'left'";
        tests::database::run(&app.database.url, sql).await;
        let goes_on = app.store.prepare_part(app.now(), &mut taking).await;
        assert!(!goes_on.expect("the database answers"));
        for table in ["import_parts", "import_takings"] {
            let left = count(&app, &format!("SELECT COUNT(*) FROM {table}")).await;
            assert_eq!(left, 0, "{table}");
        }
        // Dropped, so that it stands in nobody's way.
        let id = page.path.rsplit('/').next().expect("an id");
        let _ = owner
            .get(&format!("/products/imports/{id}"))
            .await
            .expect(404);
        let own = brought(&owner, "/products/imports", "sendiri.csv", &long()).await;
        let _ = consented(&owner, &own).await;
        clean(&app).await;
    }
}
