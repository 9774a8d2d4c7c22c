//! The cooperative: verified, members taken in, their goods pooled into an offer, the offer put into a catalog.

use domain::{
    money::Rupiah,
    products::{Content, SaleUnit},
    quantity::Packs,
    time::Zone,
};
use store::{
    members::MembershipDecision,
    products::{Facts, NewLot},
};
use tests::{browser::Browser, people::Person};

use super::{MANAGER, OWNER, Walk, register, verify};

/// The second and the third member, each in a browser of its own.
pub struct Members {
    pub emping: Browser,
    pub reban: Browser,
}

impl Members {
    pub async fn close(self) {
        self.emping.close().await;
        self.reban.close().await;
    }
}

pub async fn cooperative_joins(walk: &Walk, manager: &Browser, admin: &Browser) {
    let names = [
        ("person_name", "Joko Susilo"),
        ("organisation_name", "Koperasi Rasa Alas Roban"),
    ];
    register(walk, manager, "Koperasi", &names, MANAGER).await;
    manager.reads("Menunggu pemeriksaan").await;
    walk.picture(manager, "manager-waits").await;

    let platform = walk.app.administrator().await;
    admin.go("/login").await;
    walk.picture(admin, "login").await;
    admin.sign_in(&platform.login).await;
    verify(walk, admin, "Koperasi Rasa Alas Roban", Some("RAR")).await;
    manager.go("/home").await;
    assert!(!manager.text().await.contains("Menunggu pemeriksaan"));
    walk.picture(manager, "manager-home").await;
    let subjects = walk.subjects(MANAGER).await;
    assert!(
        subjects.contains("Koperasi Rasa Alas Roban sudah disetujui"),
        "{subjects}"
    );
}

pub async fn owner_becomes_a_member(walk: &Walk, owner: &Browser, manager: &Browser) {
    owner.go("/home").await;
    owner.click("Koperasi saya").await;
    owner.reads("Koperasi Rasa Alas Roban").await;
    walk.picture(owner, "memberships").await;
    owner.press("Daftar").await;
    owner.reads("Menunggu jawaban").await;
    let subjects = walk.subjects(MANAGER).await;
    assert!(
        subjects.contains("Dapur Roban ingin menjadi anggota"),
        "{subjects}"
    );

    manager.go("/home").await;
    manager.reads("Calon anggota menunggu jawaban").await;
    manager.click("Periksa").await;
    walk.picture(manager, "members").await;
    manager.click("Dapur Roban").await;
    walk.picture(manager, "member-applied").await;
    manager.press("Terima sebagai anggota").await;
    manager.reads("Dapur Roban diterima sebagai anggota").await;
    let subjects = walk.subjects(OWNER).await;
    assert!(subjects.contains("menerima Dapur Roban"), "{subjects}");
    owner.go("/memberships").await;
    walk.picture(owner, "memberships-member").await;
    assert!(!owner.text().await.contains("Menunggu jawaban"));
}

/// Three more businesses, made as their pages would: two whose goods fit, one with a smaller pack.
pub async fn others_are_members(walk: &Walk, manager: &Browser) -> Members {
    let emping = other(walk, "Emping Limpungsari", 2_000, 250).await;
    let reban = other(walk, "Singkong Reban", 1_600, 250).await;
    other(walk, "Dapur Gringsing", 800, 200).await;
    manager.go("/members").await;
    manager.reads("4 usaha, 4 anggota aktif").await;
    let mut browsers = Vec::new();
    for person in [emping, reban] {
        let browser = walk.browser().await.expect("one more window");
        browser.go("/login").await;
        browser.sign_in(&person.login).await;
        browsers.push(browser);
    }
    let reban = browsers.pop().expect("two browsers");
    let emping = browsers.pop().expect("two browsers");
    Members { emping, reban }
}

async fn other(walk: &Walk, name: &str, packs: i64, grams: i64) -> Person {
    let (app, store) = (&walk.app, &walk.app.store);
    let owner = app.umkm(name).await;
    let act = owner.act(app);
    let cooperatives = store.cooperatives_to_join(owner.organisation, "");
    let cooperatives = cooperatives.await.expect("the database answers");
    let cooperative = cooperatives.first().expect("the cooperative").id.into();
    let applied = store.apply_membership(&act, owner.organisation, cooperative);
    let member = applied.await.expect("an application");
    store
        .decide_membership(
            &app.system(),
            cooperative,
            member,
            &MembershipDecision::Admit,
        )
        .await
        .expect("a member");
    let facts = Facts {
        name: "Keripik singkong".to_owned(),
        category: Some("makanan-ringan".into()),
        commodity: Some("keripik-singkong".into()),
        unit: Some(SaleUnit::Bungkus),
        content: Some(Content::grams(grams)),
        price: Some(Rupiah(10_000)),
        ..Facts::default()
    };
    let lot = NewLot {
        ready_on: Zone::Wib.day_of(app.now()),
        good_until: None,
        packs: Packs(packs),
    };
    store
        .create_product(&act, owner.organisation, &facts, Some(&lot), true)
        .await
        .expect("a live product");
    owner
}

pub async fn manager_makes_an_offer(walk: &Walk, manager: &Browser) {
    manager.go("/home").await;
    manager.click("Penawaran gabungan").await;
    walk.picture(manager, "offers-empty").await;
    manager.click("Buat penawaran").await;
    manager
        .fill("title", "Keripik singkong original 250 g")
        .await;
    manager.choose("commodity", "Keripik singkong").await;
    manager.choose("unit", "bungkus").await;
    manager.fill("content", "250").await;
    manager.choose("content_measure", "g").await;
    manager.click("Dus atau kemasan besar").await;
    manager.choose("carton_name", "dus").await;
    manager.fill("packs_per_unit", "40").await;
    manager.fill("minimum", "10").await;
    manager.fill("multiple", "1").await;
    manager.fill("lead_time_days", "5").await;
    manager.click("Menurut kesanggupan").await;
    manager.click("Diambil pembeli").await;
    walk.picture(manager, "offer-1-terms").await;
    manager.press("Lanjut: pilih barang").await;

    manager.reads("4 barang sejenis dari anggota").await;
    manager.reads("3 cocok").await;
    manager.reads("Isi 200 g, syarat 250 g").await;
    for name in ["Dapur Roban", "Emping Limpungsari", "Singkong Reban"] {
        manager.click(name).await;
    }
    manager.press("Simpan dan hitung").await;
    // 60 + 50 + 40 cartons.
    manager.reads("150 dus").await;
    walk.picture(manager, "offer-2-supplies").await;
    manager.press("Lanjut: tentukan harga").await;

    manager.fill("buyer-0", "12.500").await;
    manager.fill("member-0", "10.500").await;
    manager.fill("packaging", "4.000").await;
    manager.fill("transport", "2.000").await;
    manager.press("Simpan dan lihat").await;
    walk.picture(manager, "offer-3-prices").await;
    manager.reads("Rp1.725").await;
    manager.press("Lanjut: tayangkan").await;
    walk.picture(manager, "offer-4-draft").await;
    manager.press("Tayangkan").await;
    manager.reads("Penawaran tayang").await;
    walk.picture(manager, "offer-4-live").await;
}

pub async fn manager_publishes_a_catalog(walk: &Walk, manager: &Browser) {
    manager.click("Masukkan ke katalog").await;
    walk.picture(manager, "catalogs-empty").await;
    manager.click("Buat katalog").await;
    manager.fill("title", "Panen raya").await;
    manager.click("Semua orang").await;
    manager.click("Keripik singkong original 250 g").await;
    walk.picture(manager, "catalog-new").await;
    manager.press("Simpan").await;
    manager.press("Terbitkan").await;
    manager.reads("Katalog terbit, edisi 1").await;
    walk.picture(manager, "catalog").await;
}
