//! Listing in four fields, many products at once, and taking it back (CHECKLIST §5, §6.2). By real requests.

use std::time::Instant as Watch;

use domain::{
    ids::ProductId,
    money::Rupiah,
    products::{Content, SaleUnit},
    quantity::Packs,
    time::Zone,
};
use store::products::{BatchChange, Chosen, Facts, ListingFilter, NewLot};
use tests::{
    app::TestApp,
    build::Pool,
    database::{Kind, number, run},
    page::Page,
    people::Person,
};

use crate::pooling::{live_offer, member, product};

async fn count(app: &TestApp, sql: &str) -> i64 {
    number(&app.database.url, sql).await
}

async fn sell(owner: &Person, fields: &[(&str, &str)]) -> Page {
    let page = owner.get("/products/new").await.expect(200);
    let form = page.form("/products/new").press("Tayangkan");
    let form = fields
        .iter()
        .fold(form, |form, (name, value)| form.with(name, value));
    owner.submit(&page, &form).await
}

const FOUR: [(&str, &str); 4] = [
    ("name", "Keripik singkong original 250 g"),
    ("unit", "bungkus"),
    ("price", "12.500"),
    ("stock", "40"),
];

#[tokio::test]
async fn four_fields_are_enough_and_what_was_understood_is_shown() {
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Roban").await;
        let answer = sell(&owner, &FOUR).await.expect(303);
        let page = owner.follow(answer).await.expect(200);
        page.reads("Rp12.500 / bungkus 250 g");
        page.reads("Keripik singkong · Makanan ringan");
        let live = "SELECT COUNT(*) FROM products WHERE state = 'live' AND commodity_id = 'keripik-singkong' AND \
                    content_amount = 250";
        assert_eq!(count(&app, live).await, 1);
        // A name that tells nothing is asked about, with everything typed kept.
        let mut fields = FOUR;
        fields[0].1 = "Camilan Bu Siti";
        let page = sell(&owner, &fields).await.expect(422);
        assert!(page.field_message("kind").contains("Pilih jenis barang"));
        assert!(page.field_message("content").contains("Isi berat"));
        assert_eq!(page.form("/products/new").value("price"), Some("12.500"));
    }
}

#[tokio::test]
async fn a_permit_may_come_with_a_new_product_and_is_checked_as_its_kind_wants() {
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Roban").await;
        let with = |kind: &'static str, number: &'static str| {
            let mut fields = FOUR.to_vec();
            fields.extend([("permit_kind", kind), ("permit_number", number)]);
            fields
        };
        for (kind, number, words) in [
            ("pirt", "9063325010012-29", "P-IRT"),
            ("bpom", "MD 2356", "BPOM"),
            ("halal", "KH-1234", "ketetapan"),
            ("sni", "ISO 9001", "SNI"),
            ("organic", "", "Wajib diisi"),
            ("", "ID33110000000110126", "Pilih"),
        ] {
            let page = sell(&owner, &with(kind, number)).await.expect(422);
            let field = if kind.is_empty() {
                "permit_kind"
            } else {
                "permit_number"
            };
            let said = page.field_message(field);
            assert!(said.contains(words), "{kind} {number}: {said}");
        }
        assert_eq!(count(&app, "SELECT COUNT(*) FROM products").await, 0);
        // What looks odd is told and kept.
        let answer = sell(&owner, &with("pirt", "2063325010012-20")).await;
        let page = owner.follow(answer.expect(303)).await;
        page.reads("Masa berlaku P-IRT ini sudah lewat");
        let answer = sell(&owner, &with("halal", "id 33110000000110126")).await;
        owner.follow(answer.expect(303)).await.lacks("Periksa lagi");
        let kept = "SELECT COUNT(*) FROM certificates WHERE product_id IS NOT NULL AND number IN \
                    ('2063325010012-20', 'ID33110000000110126')";
        assert_eq!(count(&app, kept).await, 2);
    }
}

/// So many products of one owner, past the forms; every tenth is a draft without a price.
async fn many(app: &TestApp, owner: &Person, n: usize) {
    let act = owner.act(app);
    for at in 0..n {
        let facts = Facts {
            name: format!("Keripik {at:04}"),
            category: Some("makanan-ringan".into()),
            commodity: Some("keripik-singkong".into()),
            unit: Some(SaleUnit::Bungkus),
            content: Some(Content::grams(250)),
            price: (at % 10 != 0).then_some(Rupiah(10_001)),
            ..Facts::default()
        };
        let lot = NewLot {
            ready_on: Zone::Wib.day_of(app.now()),
            good_until: None,
            packs: Packs(5),
        };
        app.store
            .create_product(&act, owner.organisation, &facts, Some(&lot), false)
            .await
            .expect("a draft");
    }
}

#[tokio::test]
async fn five_hundred_products_are_published_repriced_archived_and_brought_back_in_moments() {
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Roban").await;
        many(&app, &owner, 500).await;
        let bulk = "/products/bulk?shelf=draft";
        let page = owner.get(bulk).await.expect(200);
        let form = page
            .form_with_button("Jalankan")
            .tick("all", "on", true)
            .with("deed", "publish");
        let watch = Watch::now();
        let answer = owner.submit(&page, &form).await.expect(303);
        println!("500 rows took {:?}", watch.elapsed());
        let page = owner.follow(answer).await;
        page.reads("450 barang ditayangkan");
        page.reads("50 dilewati: belum lengkap");
        let live = "SELECT COUNT(*) FROM products WHERE state = 'live'";
        assert_eq!(count(&app, live).await, 450);

        let page = owner.get("/products/bulk").await.expect(200);
        let form = page
            .form_with_button("Jalankan")
            .tick("all", "on", true)
            .with("deed", "raise")
            .with("percent", "2,5");
        let answer = owner.submit(&page, &form).await.expect(303);
        let page = owner.follow(answer).await;
        page.reads("Harga 450 barang diubah");
        let dear = "SELECT COUNT(*) FROM products WHERE price_rupiah = 10251";
        assert_eq!(count(&app, dear).await, 450);

        // Taken back, but for the one that was changed since.
        run(
            &app.database.url,
            "UPDATE products SET version = version + 1, price_rupiah = 9000 WHERE name = 'Keripik 0001'",
        )
        .await;
        let undo = owner.click(&page, "Batalkan").await.expect(200);
        undo.reads("449 barang bisa dikembalikan");
        let form = undo.form("/undo");
        let watch = Watch::now();
        let answer = owner.submit(&undo, &form).await.expect(303);
        assert!(watch.elapsed().as_secs() < 3);
        owner
            .follow(answer)
            .await
            .reads("449 barang seperti semula. 1 sudah diubah lagi");
        let before = "SELECT COUNT(*) FROM products WHERE price_rupiah = 10001";
        assert_eq!(count(&app, before).await, 449);
        // Once.
        let _ = owner.submit(&undo, &form).await.expect(409);
        // Each step is an event of its product, in order.
        let gaps = "SELECT COUNT(*) FROM (SELECT subject_id, COUNT(*) AS n, MAX(seq) AS last FROM events \
                    WHERE subject_kind = 'product' GROUP BY subject_id) e WHERE e.n <> e.last";
        assert_eq!(count(&app, gaps).await, 0);
        let edits = "SELECT COUNT(*) FROM events WHERE kind = 'product_edited'";
        assert_eq!(count(&app, edits).await, 450 + 449);
    }
}

async fn done(owner: &Person, fields: &[(&str, &str)]) -> Page {
    let page = owner.get("/products/bulk?shelf=draft").await.expect(200);
    let form = page.form_with_button("Jalankan").tick("all", "on", true);
    let form = fields
        .iter()
        .fold(form, |form, (name, value)| form.with(name, value));
    let answer = owner.submit(&page, &form).await.expect(303);
    owner.follow(answer).await.expect(200)
}

#[tokio::test]
async fn drafts_from_a_list_are_completed_together_and_every_step_can_be_taken_back() {
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Roban").await;
        let act = owner.act(&app);
        for at in 0..87 {
            let facts = Facts {
                name: format!("Camilan {at}"),
                price: Some(Rupiah(10_000)),
                ..Facts::default()
            };
            let made = app
                .store
                .create_product(&act, owner.organisation, &facts, None, false)
                .await;
            let _ = made.expect("a draft");
        }
        let live = "SELECT COUNT(*) FROM products WHERE state = 'live'";
        let page = done(&owner, &[("deed", "publish")]).await;
        page.reads("87 dilewati: belum lengkap");
        let page = done(&owner, &[("deed", "kind"), ("kind", "keripik-singkong")]).await;
        page.reads("Jenis 87 barang diisi");
        let unit = [("deed", "unit"), ("unit", "bungkus"), ("content", "250 g")];
        done(&owner, &unit).await.reads("Satuan 87 barang diisi");
        app.clock.advance_seconds(1);
        let page = done(&owner, &[("deed", "stock"), ("stock", "1.000")]).await;
        page.reads("Stok 87 barang diubah");
        let stock = "SELECT CAST(COALESCE(SUM(on_hand), 0) AS BIGINT) FROM lots";
        assert_eq!(count(&app, stock).await, 87_000);
        let undo = owner.click(&page, "Urungkan").await.expect(200);
        undo.reads("87 barang bisa dikembalikan");
        let answer = owner.submit(&undo, &undo.form("/undo")).await.expect(303);
        owner.follow(answer).await.reads("87 barang seperti semula");
        assert_eq!(count(&app, stock).await, 0);
        done(&owner, &[("deed", "stock"), ("stock", "40")]).await;
        // Once more the same changes nothing.
        let page = done(&owner, &[("deed", "stock"), ("stock", "40")]).await;
        page.reads("87 dilewati: sudah begitu");
        let page = done(&owner, &[("deed", "publish")]).await;
        page.reads("87 barang ditayangkan");
        assert_eq!(count(&app, live).await, 87);
        let whole = "SELECT COUNT(*) FROM products WHERE commodity_id = 'keripik-singkong' AND category_id = 'makanan-ringan' \
                     AND unit = 'bungkus' AND content_amount = 250 AND content_dimension = 'mass'";
        assert_eq!(count(&app, whole).await, 87);
        let breaches = app.store.audit(app.now(), None).await;
        assert_eq!(breaches.expect("the audit runs"), []);
    }
}

#[tokio::test]
async fn what_an_offer_pools_keeps_kind_and_unit_and_what_is_live_stays_whole() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let owner = member(&app, &manager, "Dapur Roban").await;
        let pooled = product(&app, &owner, 800, |_| {}).await;
        let free = product(&app, &owner, 10, |facts| {
            facts.name = "Talas".to_owned();
            facts.unit = Some(SaleUnit::Kg);
            facts.content = None;
        })
        .await;
        live_offer(&app, &manager, &[pooled]).await;
        let list = manager.get("/members").await.expect(200);
        let page = manager.click(&list, "Dapur Roban").await.expect(200);
        let base = page.link("Semua barang");
        let bulk = format!("{base}/bulk");
        let change = async |fields: &[(&str, &str)]| {
            let page = manager.get(&bulk).await.expect(200);
            let form = page
                .form_with_button("Jalankan")
                .tick("product", &pooled.to_string(), true)
                .tick("product", &free.to_string(), true);
            let form = fields
                .iter()
                .fold(form, |form, (name, value)| form.with(name, value));
            manager.submit(&page, &form).await
        };
        let answer = change(&[("deed", "unit"), ("unit", "karung")]).await;
        let page = manager.follow(answer.expect(303)).await;
        page.reads("1 dilewati: ikut penawaran gabungan");
        page.reads("1 dilewati: belum lengkap");
        let answer = change(&[("deed", "kind"), ("kind", "other:bumbu-rempah")]).await;
        let page = manager.follow(answer.expect(303)).await;
        page.reads("Jenis 1 barang diisi");
        let marked = "SELECT COUNT(*) FROM events WHERE kind = 'product_edited' AND on_behalf_of IS NOT NULL";
        assert_eq!(count(&app, marked).await, 1);
        // Stock may move where goods are pooled; what is said of it is told at once.
        let answer = change(&[("deed", "stock"), ("stock", "500")]).await;
        manager
            .follow(answer.expect(303))
            .await
            .reads("Stok 2 barang diubah");
        for (fields, field, words) in [
            (vec![("deed", "kind")], "kind", "Pilih"),
            (vec![("deed", "unit")], "unit", "Isi satuan"),
            (
                vec![("deed", "stock"), ("stock", "banyak")],
                "stock",
                "Tulis",
            ),
        ] {
            let again = change(&fields).await.expect(422);
            let said = again.field_message(field);
            assert!(said.contains(words), "{field}: {said}");
        }
        let breaches = app.store.audit(app.now(), None).await;
        assert_eq!(breaches.expect("the audit runs"), []);
    }
}

#[tokio::test]
async fn a_list_of_a_thousand_products_is_there_in_a_moment() {
    let app = TestApp::start(Kind::Sqlite).await.expect("SQLite");
    let owner = app.umkm("Dapur Roban").await;
    many(&app, &owner, 1_000).await;
    let mut took = Vec::new();
    for path in [
        "/products",
        "/products?sort=stock&page=20",
        "/products?q=0999&sort=price",
        "/products/bulk?sort=newest&page=4",
        "/products?shelf=draft",
    ] {
        let watch = Watch::now();
        let _ = owner.get(path).await.expect(200);
        took.push(watch.elapsed());
    }
    took.sort();
    println!("lists of a thousand: {took:?}");
}

#[tokio::test]
async fn what_is_wrong_with_a_change_of_many_is_told_and_changes_nothing() {
    let app = TestApp::start(Kind::Sqlite).await.expect("SQLite");
    let owner = app.umkm("Dapur Roban").await;
    let thief = app.umkm("Nira Kokap").await;
    many(&app, &owner, 3).await;
    let page = owner.get("/products/bulk").await.expect(200);
    let versions = "SELECT CAST(SUM(version) AS BIGINT) FROM products";
    let before = count(&app, versions).await;
    for (percent, words) in [
        ("", "Wajib diisi"),
        ("0", "Lebih dari nol"),
        ("-5", "Tulis persen"),
        ("1e3", "Tulis persen"),
        ("NaN", "Tulis persen"),
        ("９０", "Tulis persen"),
        ("91", "paling banyak 90%"),
        ("9223372036854775808", "Tulis persen"),
        ("1,234", "Tulis persen"),
    ] {
        let form = page
            .form_with_button("Jalankan")
            .tick("all", "on", true)
            .with("deed", "lower")
            .with("percent", percent);
        let again = owner.submit(&page, &form).await.expect(422);
        let said = again.field_message("percent");
        assert!(said.contains(words), "{percent}: {said}");
        assert_eq!(
            again.form_with_button("Jalankan").value("percent"),
            Some(percent)
        );
    }
    let form = page.form_with_button("Jalankan").with("deed", "archive");
    let again = owner.submit(&page, &form).await.expect(422);
    assert!(again.field_message("all").contains("Centang barang"));
    // Somebody else's product is as good as none.
    let mine = app
        .store
        .products(owner.organisation, &ListingFilter::default())
        .await
        .expect("the database answers");
    let id = mine.rows[0].id.to_string();
    let page = thief.get("/products").await.expect(200);
    let token = page.attribute("input[name=csrf_token]", "value");
    let fields = [
        ("csrf_token", token.as_str()),
        ("product", id.as_str()),
        ("deed", "archive"),
    ];
    let _ = thief.post("/products/bulk", &fields).await.expect(404);
    assert_eq!(count(&app, versions).await, before);
}

#[tokio::test]
async fn an_archived_product_comes_back_into_its_pool_and_a_price_above_the_pools_is_left_out() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let owner = member(&app, &manager, "Dapur Roban").await;
        let pooled = product(&app, &owner, 800, |_| {}).await;
        let free = product(&app, &owner, 10, |facts| facts.name = "Talas".to_owned()).await;
        live_offer(&app, &manager, &[pooled]).await;
        let (act, umkm) = (owner.act(&app), owner.organisation);
        let change = async |ids: &[ProductId], change: BatchChange| {
            let done = app
                .store
                .change_products(&act, umkm, &Chosen::These(ids.to_vec()), &change)
                .await;
            done.expect("a change")
        };
        let up = BatchChange::Price { percent_bp: 1_000 };
        let outcome = change(&[pooled, free], up).await;
        assert_eq!(outcome.done, 1, "the offer pays no more than 10.500");
        assert_eq!(outcome.left_out.len(), 1);

        // Archived from its page: out of the pool at once, and the offer that lost its last supply pauses.
        let page = owner.get(&format!("/products/{pooled}")).await.expect(200);
        let form = page.form_with_button("Arsipkan barang");
        let answer = owner.submit(&page, &form).await.expect(303);
        let page = owner.follow(answer).await;
        let supplied = "SELECT COUNT(*) FROM supplies WHERE withdrawn_at IS NULL";
        assert_eq!(count(&app, supplied).await, 0);
        let paused = "SELECT COUNT(*) FROM offers WHERE state = 'paused'";
        assert_eq!(count(&app, paused).await, 1);
        let undo = owner.click(&page, "Batalkan").await.expect(200);
        let answer = owner.submit(&undo, &undo.form("/undo")).await.expect(303);
        owner.follow(answer).await.reads("1 barang seperti semula");
        assert_eq!(count(&app, supplied).await, 1);
        let live = "SELECT COUNT(*) FROM products WHERE state = 'live'";
        assert_eq!(count(&app, live).await, 2);
        // A day later it is too late.
        let outcome = change(&[free], BatchChange::Archive).await;
        app.later_hours(25);
        let today = Zone::Wib.day_of(app.now());
        let late = app
            .store
            .undo_product_batch(
                &owner.act(&app),
                umkm,
                outcome.batch.expect("a change"),
                today,
            )
            .await;
        assert!(late.is_err());
    }
}

#[tokio::test]
async fn a_member_that_gives_no_less_than_so_much_is_not_asked_for_less() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[60, 50, 40])).await;
        let sql = format!(
            "UPDATE products SET minimum_packs = 30 WHERE umkm_id = (SELECT id FROM organisations WHERE name = '{}')",
            "Dapur Rasa 2"
        );
        run(&app.database.url, &sql).await;
        let placed = market.ordered(&app, 20).await;
        let choosy = market.members[2].owner.organisation;
        let shares = app.store.shares_in(choosy, placed.order).await;
        assert_eq!(shares.expect("the database answers"), []);
        let sum = "SELECT CAST(SUM(packs) AS BIGINT) FROM shares";
        assert_eq!(count(&app, sum).await, 20);
        // From a quantity on that leaves it enough, it has its part.
        let placed = market.ordered(&app, 120).await;
        let shares = app.store.shares_in(choosy, placed.order).await;
        assert_eq!(shares.expect("the database answers").len(), 1);
        let breaches = app.store.audit(app.now(), None).await;
        assert_eq!(breaches.expect("the audit runs"), []);
    }
}
