//! Membership by real requests on both databases: applying, the manager's answer, leaving, and who may look.

use domain::accounts::Role;
use tests::{
    app::TestApp,
    database::{number, run},
};

use crate::pooling::{live_offer, member, product};

async fn count(app: &TestApp, sql: &str) -> i64 {
    number(&app.database.url, sql).await
}

#[tokio::test]
async fn a_business_applies_and_is_taken_in_with_a_number_of_its_own() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let owner = app.umkm("Dapur Roban").await;
        let page = owner.get("/memberships").await.expect(200);
        page.reads("Rasa Alas Roban");
        let cooperative = manager.organisation.to_string();
        let form = page.form_with_button("Daftar");
        let applied = owner.submit(&page, &form);
        let applied = applied.await.expect(303);
        let page = owner.follow(applied).await;
        page.reads("Menunggu jawaban");
        let letters = "SELECT count(*) FROM jobs WHERE payload LIKE '%membership_applied%'";
        assert_eq!(count(&app, letters).await, 1);

        // Asked again, it is told so; nothing is written twice.
        let token = page.attribute("input[name=csrf_token]", "value");
        let again = [
            ("csrf_token", token.as_str()),
            ("cooperative", cooperative.as_str()),
        ];
        let again = owner.post("/memberships", &again).await;
        assert_eq!(again.status, 409, "{}", again.visible());
        assert_eq!(count(&app, "SELECT count(*) FROM members").await, 1);

        let home = manager.get("/home").await.expect(200);
        home.reads("Calon anggota menunggu jawaban");
        let list = manager.get("/members?status=applied").await.expect(200);
        let page = manager.click(&list, "Dapur Roban").await.expect(200);
        let form = page.form_with_button("Terima sebagai calon");
        let answer = manager
            .submit(&page, &form.press("Terima sebagai calon"))
            .await;
        let page = manager.follow(answer.expect(303)).await;
        page.reads("Calon anggota");
        let form = page.form_with_button("Terima sebagai anggota");
        let answer = manager
            .submit(&page, &form.press("Terima sebagai anggota"))
            .await;
        manager.follow(answer.expect(303)).await.reads("Aktif");
        let numbers = "SELECT count(*) FROM members WHERE status = 'active' AND number = 1";
        assert_eq!(count(&app, numbers).await, 1);
        member(&app, &manager, "Emping Limpungsari").await;
        let second = "SELECT count(*) FROM members WHERE status = 'active' AND number = 2";
        assert_eq!(count(&app, second).await, 1);
        owner.get("/memberships").await.expect(200).reads("Nomor 1");
    }
}

#[tokio::test]
async fn a_refusal_needs_a_reason_and_reaches_the_applicant() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let owner = app.umkm("Dapur Roban").await;
        let page = owner.get("/memberships").await.expect(200);
        let form = page.form_with_button("Daftar");
        let applied = owner.submit(&page, &form);
        let _ = applied.await.expect(303);
        let list = manager.get("/members").await.expect(200);
        let page = manager.click(&list, "Dapur Roban").await.expect(200);
        let refuse = |reason: &'static str| {
            page.form_with_button("Tolak")
                .with("reason", reason)
                .press("Tolak")
        };
        let again = manager.submit(&page, &refuse("")).await;
        assert_eq!(again.status, 422);
        assert!(again.field_message("reason").contains("Wajib diisi"));
        let answer = manager.submit(&page, &refuse("Di luar wilayah")).await;
        manager.follow(answer.expect(303)).await.reads("Ditolak");
        let page = owner.get("/memberships").await.expect(200);
        page.reads("Di luar wilayah");
        let letters = "SELECT count(*) FROM jobs WHERE payload LIKE '%membership_declined%'";
        assert_eq!(count(&app, letters).await, 1);
        let numbered = "SELECT count(*) FROM members WHERE number IS NOT NULL";
        assert_eq!(count(&app, numbered).await, 0);
        // Whoever was declined may ask again.
        let form = page.form_with_button("Daftar");
        let applied = owner.submit(&page, &form);
        let _ = applied.await.expect(303);
    }
}

#[tokio::test]
async fn a_member_that_leaves_takes_its_goods_out_at_once_and_keeps_its_history() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let owner = member(&app, &manager, "Dapur Roban").await;
        let keripik = product(&app, &owner, 800, |_| {}).await;
        live_offer(&app, &manager, &[keripik]).await;
        let list = manager.get("/members").await.expect(200);
        let page = manager.click(&list, "Dapur Roban").await.expect(200);
        let fields = [("leaving", "Pindah kota")];
        let action = format!("{}/departure", page.path);
        let answer = manager.post_form(&page, &action, &fields).await;
        let page = manager.follow(answer.expect(303)).await;
        page.reads("Berhenti");
        page.lacks("Keripik singkong original");
        let pooled = "SELECT count(*) FROM supplies WHERE withdrawn_at IS NULL";
        assert_eq!(count(&app, pooled).await, 0);
        assert_eq!(count(&app, "SELECT count(*) FROM supplies").await, 1);
        // Nothing is left to sell: the offer pauses by itself, and says why.
        let paused = "SELECT count(*) FROM offers WHERE state = 'paused'";
        assert_eq!(count(&app, paused).await, 1);
        // What is its own stays with it.
        owner
            .get("/products")
            .await
            .expect(200)
            .reads("Keripik singkong original");
    }
}

#[tokio::test]
async fn phone_numbers_show_their_end_only() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        member(&app, &manager, "Dapur Roban").await;
        let phone = "UPDATE organisations SET phone = '+6281298765432' WHERE kind = 'umkm'";
        run(&app.database.url, phone).await;
        let list = manager.get("/members").await.expect(200);
        let page = manager.click(&list, "Dapur Roban").await.expect(200);
        for page in [list, page] {
            page.reads("•••• 5432");
            assert!(!page.body.contains("81298765"), "{}", page.body);
        }
    }
}

#[tokio::test]
async fn another_cooperative_finds_no_such_member_and_changes_nothing() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let stranger = app.cooperative("Nira Menoreh", "NM").await;
        member(&app, &manager, "Dapur Roban").await;
        let list = manager.get("/members").await.expect(200);
        let path = list.link("Dapur Roban");
        let before = count(&app, "SELECT count(*) FROM events").await;
        let _ = stranger.get(&path).await.expect(404);
        let page = stranger.get("/members").await.expect(200);
        page.lacks("Dapur Roban");
        let token = page.attribute("input[name=csrf_token]", "value");
        for (deed, field) in [("decision", "decision"), ("departure", "leaving")] {
            let fields = [("csrf_token", token.as_str()), (field, "admit")];
            let answer = stranger.post(&format!("{path}/{deed}"), &fields).await;
            assert_eq!(answer.status, 404, "{deed}");
        }
        assert_eq!(count(&app, "SELECT count(*) FROM events").await, before);
        let active = "SELECT count(*) FROM members WHERE status = 'active'";
        assert_eq!(count(&app, active).await, 1);
    }
}

#[tokio::test]
async fn the_board_reads_the_register_and_writes_nothing() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        member(&app, &manager, "Dapur Roban").await;
        let board = app.colleague(&manager, "Pengurus", Role::CoopBoard).await;
        let list = board.get("/members").await.expect(200);
        let page = board.click(&list, "Dapur Roban").await.expect(200);
        page.lacks("Catat berhenti");
        let path = page.path.clone();
        let token = page.attribute("input[name=csrf_token]", "value");
        let fields = [("csrf_token", token.as_str()), ("leaving", "ya")];
        let answer = board.post(&format!("{path}/departure"), &fields).await;
        assert_eq!(answer.status, 403);
        let _ = board.get("/offers").await.expect(200);
        let _ = board.get("/catalogs").await.expect(200);
        let _ = board.get("/offers/new").await.expect(403);
    }
}

#[tokio::test]
async fn a_member_from_the_book_is_invited_from_its_page_and_keeps_number_and_savings() {
    const BOOK: &str =
        "Nomor anggota;Nama;Nomor HP;Simpanan pokok\n7;Emping Limpungsari;0812 0000 0007;100.000\n";
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let page = manager.get("/members/imports/new").await.expect(200);
        let form = page
            .form("/members/imports/new")
            .attach("file", "buku.csv", BOOK.as_bytes());
        let preview = manager.follow(manager.submit(&page, &form).await).await;
        let answer = manager.submit(&preview, &preview.form("/consent")).await;
        let _ = manager.follow(answer).await.expect(200);
        let list = manager.get("/members").await.expect(200);
        let page = manager.click(&list, "Emping Limpungsari").await.expect(200);
        page.reads("Belum punya akun");
        page.lacks("Lupa kata sandi?");
        let form = page.form("/invitation");
        assert_eq!(form.value("login"), Some("+6281200000007"));
        let wrong = form.clone().with("login", "bukan nomor");
        let again = manager.submit(&page, &wrong).await.expect(422);
        assert_eq!(
            again.form("/invitation").value("login"),
            Some("bukan nomor")
        );
        let answer = manager.submit(&page, &form).await;
        let made = manager.follow(answer).await.expect(200);
        let whatsapp = made.link("Kirim lewat WhatsApp");
        assert!(
            whatsapp.starts_with("https://wa.me/6281200000007?text="),
            "{whatsapp}"
        );
        let text = made.visible();
        let (_, token) = text.split_once("/invitation?token=").expect("a link");
        let token = token.split_whitespace().next().expect("a token");
        let link = format!("/invitation?token={token}");

        let visitor = app.visitor();
        let opened = visitor.get(&link).await.expect(200);
        opened.reads("Emping Limpungsari");
        assert!(!opened.form("/invitation").has("business"), "it is known");
        let fields = [
            ("name", "Siti Aminah"),
            ("password", "panen-raya-di-lereng-2027"),
            ("consent", "on"),
        ];
        let answer = visitor.post_form(&opened, "/invitation", &fields).await;
        let home = visitor.follow(answer).await.expect(200);
        home.reads("Emping Limpungsari");
        visitor
            .get("/memberships")
            .await
            .expect(200)
            .reads("Rasa Alas Roban");
        let kept = "SELECT count(*) FROM members WHERE status = 'active' AND number = 7";
        assert_eq!(count(&app, kept).await, 1);
        assert_eq!(count(&app, "SELECT count(*) FROM members").await, 1);
        let page = manager.get(&page.path).await.expect(200);
        page.reads("Rp100.000");
        page.lacks("Belum punya akun");
        // Late, whoever comes second finds the door shut.
        let late = manager.submit(&page, &form).await.expect(409);
        late.reads("sudah punya akun");
        let breaches = app.store.audit(app.now(), None).await;
        assert_eq!(breaches.expect("the audit runs"), []);
    }
}
