//! Pooled offers by real requests on both databases: the four steps, why goods don't fit, prices, two editors.

use domain::{
    ids::ProductId,
    money::Rupiah,
    products::{CertificateKind, Content},
    quantity::Packs,
};
use store::offers::{OfferError, SupplyChoice};
use tests::{app::TestApp, database::number, page::Page, people::Person};

use crate::pooling::{live_offer, member, offer_terms, pricing, product};

async fn count(app: &TestApp, sql: &str) -> i64 {
    number(&app.database.url, sql).await
}

const TERMS: [(&str, &str); 12] = [
    ("title", "Keripik singkong original 250 g"),
    ("commodity", "keripik-singkong"),
    ("unit", "bungkus"),
    ("content", "250"),
    ("content_measure", "g"),
    ("sold_by", "carton"),
    ("carton_name", "dus"),
    ("packs_per_unit", "40"),
    ("minimum", "10"),
    ("multiple", "1"),
    ("lead_time_days", "5"),
    ("rule", "pro_rata"),
];

async fn begun(manager: &Person, changes: &[(&str, &str)]) -> Page {
    let fields: Vec<_> = TERMS
        .iter()
        .map(|(name, value)| {
            let changed = changes.iter().find(|(other, _)| other == name);
            (*name, changed.map_or(*value, |(_, value)| value))
        })
        .chain(
            changes
                .iter()
                .filter(|(name, _)| !TERMS.iter().any(|(other, _)| other == name))
                .copied(),
        )
        .collect();
    manager.fill("/offers/new", "/offers/new", &fields).await
}

#[tokio::test]
async fn a_manager_makes_an_offer_in_four_steps() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let roban = member(&app, &manager, "Dapur Roban").await;
        let emping = member(&app, &manager, "Emping Limpungsari").await;
        let first = product(&app, &roban, 2_400, |_| {}).await;
        let second = product(&app, &emping, 2_033, |_| {}).await;

        let answer = begun(&manager, &[]).await.expect(303);
        let page = manager.follow(answer).await.expect(200);
        page.reads("2 barang sejenis dari anggota");
        let mut form = page.form_with_button("Lanjut: tentukan harga");
        for product in [first, second] {
            form = form.tick("product", &product.to_string(), true);
        }
        let answer = manager
            .submit(&page, &form.press("Lanjut: tentukan harga"))
            .await;
        let page = manager.follow(answer.expect(303)).await.expect(200);
        // 60 + 50 whole cartons: 33 packs stay with their member.
        let pool = page.path.replace("/prices", "/supplies");
        manager.get(&pool).await.expect(200).reads("110 dus");

        let form = page
            .form_with_button("Isi harga yang kosong")
            .with("margin_model", "pct_of_buyer_price")
            .with("margin_figure", "16")
            .with("buyer-0", "12.500");
        let filled = manager
            .submit(&page, &form.press("Isi harga yang kosong"))
            .await
            .expect(200);
        let form = filled.form_with_button("Lanjut: tayangkan");
        assert_eq!(form.value("member-0"), Some("10.500"));
        let form = form.with("packaging", "4.000").with("transport", "2.000");
        let answer = manager
            .submit(&filled, &form.press("Lanjut: tayangkan"))
            .await;
        let page = manager.follow(answer.expect(303)).await.expect(200);
        page.reads("Rp12.500 pembeli · Rp10.500 anggota");
        let form = page.form_with_button("Tayangkan");
        let answer = manager.submit(&page, &form.press("Tayangkan")).await;
        let page = manager.follow(answer.expect(303)).await.expect(200);
        page.reads("Penawaran tayang");
        page.reads("belum ada di katalog");
        let live = "SELECT count(*) FROM offers WHERE state = 'live' AND published_at IS NOT NULL";
        assert_eq!(count(&app, live).await, 1);

        // The member sees its price and the build-up: 12.500 = 10.500 + 100 + 50 + 125 + 1.725.
        let page = roban.get("/supplies").await.expect(200);
        for words in ["Rp10.500", "Rp100", "Rp50", "Rp125", "Rp1.725", "Rp12.500"] {
            page.reads(words);
        }
    }
}

#[tokio::test]
async fn a_form_with_mistakes_keeps_what_was_typed() {
    let app = TestApp::start(tests::database::Kind::Sqlite)
        .await
        .expect("SQLite");
    let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
    for bad in ["0", "-1", "1,5", "1e3", "9999999999999999999", "NaN", ""] {
        let answer = begun(&manager, &[("minimum", bad)]).await;
        assert_eq!(answer.status, 422, "{bad}");
        let form = answer.form("/offers/new");
        assert_eq!(form.value("minimum"), Some(bad));
        assert_eq!(form.value("title"), Some("Keripik singkong original 250 g"));
        assert!(!answer.field_message("minimum").is_empty());
    }
    let answer = begun(
        &manager,
        &[
            ("delivery_basis", "franco"),
            ("freight", "Kota Atlantis = 1.000"),
        ],
    )
    .await;
    assert_eq!(answer.status, 422);
    assert!(answer.field_message("freight").contains("Atlantis"));
    assert_eq!(count(&app, "SELECT count(*) FROM offers").await, 0);
}

#[tokio::test]
async fn every_product_that_does_not_fit_is_told_why() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let small = member(&app, &manager, "Dapur Gringsing").await;
        product(&app, &small, 800, |facts| {
            facts.content = Some(Content::grams(200));
        })
        .await;
        let dear = member(&app, &manager, "Olahan Tersono").await;
        let too_dear = product(&app, &dear, 800, |facts| {
            facts.price = Some(Rupiah(11_000));
        })
        .await;
        let little = member(&app, &manager, "Singkong Reban").await;
        product(&app, &little, 33, |_| {}).await;
        let stranger = app.umkm("Bukan Anggota").await;
        let foreign = product(&app, &stranger, 800, |_| {}).await;
        let mut terms = offer_terms();
        terms.required_certificates = vec![CertificateKind::Halal];
        let (act, cooperative) = (manager.act(&app), manager.organisation);
        let offer = app.store.create_offer(&act, cooperative, &terms);
        let offer = offer.await.expect("a draft");
        let priced = pricing();
        let prices = app.store.set_prices(&act, cooperative, offer, 1, &priced);
        let version = prices.await.expect("prices").version;

        let page = manager.get(&format!("/offers/{offer}/supplies")).await;
        let page = page.expect(200);
        for words in [
            "Isi 200 g, syarat 250 g",
            "Minta Rp11.000, paling banyak Rp10.500",
            "Belum ada Halal",
        ] {
            page.reads(words);
        }
        page.lacks("Bukan Anggota");

        let choose = async |product: ProductId| {
            let choice = SupplyChoice {
                product,
                limit: None,
            };
            app.store
                .set_supplies(&act, cooperative, offer, version, &[choice])
                .await
        };
        assert!(matches!(
            choose(too_dear).await,
            Err(OfferError::Misfits(_))
        ));
        assert!(matches!(choose(foreign).await, Err(OfferError::NotFound)));
        assert_eq!(count(&app, "SELECT count(*) FROM supplies").await, 0);
        let form = page.form_with_button("Simpan dan hitung");
        let form = form.tampered("product", &too_dear.to_string());
        let answer = manager.submit(&page, &form).await;
        assert_eq!(answer.status, 422);
        answer.reads("Minta Rp11.000");
    }
}

#[tokio::test]
async fn a_limit_bounds_what_the_pool_promises() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let roban = member(&app, &manager, "Dapur Roban").await;
        let keripik = product(&app, &roban, 2_400, |_| {}).await;
        let offer = live_offer(&app, &manager, &[keripik]).await;
        let path = format!("/offers/{offer}/supplies");
        let page = manager.get(&path).await.expect(200);
        page.reads("60 dus");
        let limit = format!("limit-{keripik}");
        let form = page.form_with_button("Simpan dan hitung");
        let answer = manager
            .submit(&page, &form.with(&limit, "25").press("Simpan dan hitung"))
            .await;
        manager
            .follow(answer.expect(303))
            .await
            .expect(200)
            .reads("1.000 bungkus dari 1 usaha");
        let bounded = "SELECT count(*) FROM supplies WHERE limit_packs = 1000";
        assert_eq!(count(&app, bounded).await, 1);
    }
}

#[tokio::test]
async fn a_lower_member_price_asks_before_dearer_goods_leave_and_a_higher_one_brings_them_back() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let cheap = member(&app, &manager, "Dapur Roban").await;
        let cheap = product(&app, &cheap, 800, |facts| facts.price = Some(Rupiah(9_000))).await;
        let owner = member(&app, &manager, "Emping Limpungsari").await;
        let dear = product(&app, &owner, 800, |_| {}).await;
        let offer = live_offer(&app, &manager, &[cheap, dear]).await;
        let path = format!("/offers/{offer}/prices");
        let pooled = "SELECT count(*) FROM supplies WHERE withdrawn_at IS NULL";
        let first = "SELECT CAST(SUM(offered_at) AS BIGINT) FROM supplies";
        let queue = count(&app, first).await;
        let page = manager.get(&path).await.expect(200);
        page.reads("Rp10.500");
        let form = page
            .form_with_button("Simpan dan lihat")
            .with("member-0", "9.500");
        let asked = manager.submit(&page, &form.press("Simpan dan lihat")).await;
        let asked = asked.expect(200);
        asked.reads("1 barang akan keluar");
        asked.reads(
            "Emping Limpungsari, Keripik singkong original: minta Rp10.500, sisa 800 bungkus",
        );
        assert_eq!(count(&app, pooled).await, 2, "nothing left unasked");
        // What is agreed to is what was read: with another price the question comes again, here for both.
        let form = asked.form_with_button("Ya, simpan harga ini");
        let lower = form.clone().with("member-0", "8.000");
        let again = manager
            .submit(&asked, &lower.press("Ya, simpan harga ini"))
            .await
            .expect(200);
        again.reads("2 barang akan keluar");
        assert_eq!(count(&app, pooled).await, 2);

        app.later_hours(1);
        let saved = manager
            .submit(&asked, &form.press("Ya, simpan harga ini"))
            .await;
        manager
            .follow(saved.expect(303))
            .await
            .reads("1 barang keluar karena meminta harga lebih tinggi");
        assert_eq!(count(&app, pooled).await, 1);
        let supplies = owner.get("/supplies").await.expect(200);
        supplies.reads("Anda minta Rp10.500 / bungkus, harga anggota sekarang Rp9.500");
        supplies.lacks("Gabung ke koperasi");
        let notices = owner.get("/notices").await.expect(200);
        notices.reads("Barang Anda keluar dari Keripik singkong original 250 g");
        app.run_jobs().await;
        let subjects = || -> Vec<String> {
            let letters = app.letters.letters_to(&owner.login).into_iter();
            letters.map(|letter| letter.subject).collect()
        };
        let out = |subject: &String| subject.starts_with("Barang Anda keluar dari");
        assert_eq!(subjects().iter().filter(|one| out(one)).count(), 1);

        let page = manager.get(&path).await.expect(200);
        let form = page
            .form_with_button("Simpan dan lihat")
            .with("member-0", "10.500");
        let saved = manager.submit(&page, &form.press("Simpan dan lihat")).await;
        manager
            .follow(saved.expect(303))
            .await
            .reads("1 barang masuk lagi");
        assert_eq!(count(&app, pooled).await, 2);
        assert_eq!(count(&app, first).await, queue, "it kept its place");
        let back = owner.get("/supplies").await.expect(200);
        back.lacks("harga anggota sekarang");
        let notices = owner.get("/notices").await.expect(200);
        notices.reads("Barang Anda masuk lagi ke Keripik singkong original 250 g");
    }
}

#[tokio::test]
async fn goods_that_the_manager_leaves_out_stay_out_whatever_the_price_does() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let owner = member(&app, &manager, "Dapur Roban").await;
        let cheap = product(&app, &owner, 800, |facts| facts.price = Some(Rupiah(9_000))).await;
        let dear = product(&app, &owner, 800, |_| {}).await;
        let offer = live_offer(&app, &manager, &[cheap, dear]).await;
        let (act, own) = (manager.act(&app), manager.organisation);
        let version = async || count(&app, "SELECT version FROM offers").await;
        let set = async |member_price| {
            let mut prices = pricing();
            prices.rows[0].member_price = Rupiah(member_price);
            let set = app
                .store
                .set_prices(&act, own, offer, version().await, &prices)
                .await;
            set.expect("prices")
        };
        assert_eq!(set(9_500).await.withdrawn, 1);
        let choice = SupplyChoice {
            product: cheap,
            limit: None,
        };
        app.store
            .set_supplies(&act, own, offer, version().await, &[choice])
            .await
            .expect("a pool");
        assert_eq!(set(10_500).await.returned, 0);
    }
}

#[tokio::test]
async fn wrong_prices_are_answered_at_their_field() {
    let app = TestApp::start(tests::database::Kind::Sqlite)
        .await
        .expect("SQLite");
    let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
    let offer = app
        .store
        .create_offer(&manager.act(&app), manager.organisation, &offer_terms())
        .await
        .expect("a draft");
    let path = format!("/offers/{offer}/prices");
    let page = manager.get(&path).await.expect(200);
    let try_with = async |fields: &[(&str, &str)]| {
        let form = page.form_with_button("Simpan dan lihat");
        let form = fields
            .iter()
            .fold(form, |form, (name, value)| form.with(name, value));
        let answer = manager.submit(&page, &form.press("Simpan dan lihat")).await;
        assert_eq!(answer.status, 422);
        answer
    };
    let answer = try_with(&[("buyer-0", "10.000"), ("member-0", "12.000")]).await;
    answer.reads("Harga anggota tidak boleh lebih dari harga pembeli");
    let answer = try_with(&[
        ("from-0", "5"),
        ("buyer-0", "10.000"),
        ("member-0", "9.000"),
    ])
    .await;
    answer.reads("Baris pertama harus mulai dari pesanan terkecil, 10");
    let second = [
        ("buyer-0", "10.000"),
        ("member-0", "9.000"),
        ("from-1", "100"),
        ("buyer-1", "10.000"),
        ("member-1", "9.000"),
    ];
    try_with(&second)
        .await
        .reads("Harus lebih murah dari baris sebelumnya");
    for bad in ["0", "-1", "1.500,50", "1e9", "9999999999999999999"] {
        try_with(&[("buyer-0", bad), ("member-0", "9.000")]).await;
    }
    try_with(&[("buyer-0", ""), ("member-0", "")]).await;
    assert_eq!(count(&app, "SELECT count(*) FROM offer_prices").await, 0);
}

#[tokio::test]
async fn an_offer_that_is_not_whole_stays_a_draft() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let offer = app
            .store
            .create_offer(&manager.act(&app), manager.organisation, &offer_terms())
            .await
            .expect("a draft");
        let page = manager.get(&format!("/offers/{offer}/state")).await;
        let page = page.expect(200);
        page.reads("Tentukan harga");
        page.reads("Pilih barang anggota");
        let form = page.form_with_button("Tayangkan");
        let answer = manager.submit(&page, &form.press("Tayangkan")).await;
        assert_eq!(answer.status, 422);
        answer.reads("belum lengkap");
        answer.reads("Tentukan harga");
        let draft = "SELECT count(*) FROM offers WHERE state = 'draft'";
        assert_eq!(count(&app, draft).await, 1);
    }
}

#[tokio::test]
async fn the_second_of_two_editors_sees_both_versions() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let offer = app
            .store
            .create_offer(&manager.act(&app), manager.organisation, &offer_terms())
            .await
            .expect("a draft");
        let path = format!("/offers/{offer}/edit");
        let (first, second) = (manager.get(&path).await, manager.get(&path).await);
        let saved = manager
            .post_form(&first, &path, &[("title", "Judul pertama")])
            .await;
        assert_eq!(saved.status, 303, "{}", saved.visible());
        let lost = manager
            .post_form(&second, &path, &[("title", "Judul kedua")])
            .await;
        assert_eq!(lost.status, 409);
        lost.reads("Judul pertama");
        assert_eq!(lost.form(&path).value("title"), Some("Judul kedua"));
        let kept = "SELECT count(*) FROM offers WHERE title = 'Judul pertama'";
        assert_eq!(count(&app, kept).await, 1);
        // Having seen it, the second editor may still decide.
        let again = manager.post_form(&lost, &path, &[]).await;
        assert_eq!(again.status, 303, "{}", again.visible());
    }
}

#[tokio::test]
async fn a_published_offer_keeps_its_goods_and_carton() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let roban = member(&app, &manager, "Dapur Roban").await;
        let keripik = product(&app, &roban, 2_400, |_| {}).await;
        let offer = live_offer(&app, &manager, &[keripik]).await;
        let path = format!("/offers/{offer}/edit");
        let page = manager.get(&path).await.expect(200);
        let form = page.form(&path);
        assert!(!form.has("packs_per_unit"));
        // Sent all the same, it is without effect (B05).
        let form = form
            .tampered("packs_per_unit", "12")
            .tampered("state", "draft")
            .tampered("cooperative_id", "x")
            .with("minimum", "20");
        let answer = manager.submit(&page, &form).await;
        assert_eq!(answer.status, 303, "{}", answer.visible());
        let kept = "SELECT count(*) FROM offers WHERE packs_per_unit = 40 AND state = 'live'";
        assert_eq!(count(&app, kept).await, 1);
        // The first tier follows the minimum.
        let tier = "SELECT count(*) FROM offer_prices WHERE minimum_units = 20";
        assert_eq!(count(&app, tier).await, 1);
        let mut terms = offer_terms();
        terms.packs_per_unit = 12;
        let stored = app.store.managed_offer(manager.organisation, offer).await;
        let version = stored.expect("the database").expect("the offer").version;
        let outcome = app
            .store
            .edit_offer(
                &manager.act(&app),
                manager.organisation,
                offer,
                version,
                &terms,
            )
            .await;
        assert!(matches!(outcome, Err(OfferError::Locked)));
    }
}

#[tokio::test]
async fn another_cooperatives_offer_is_not_there_and_nothing_changes() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let stranger = app.cooperative("Nira Menoreh", "NM").await;
        let roban = member(&app, &manager, "Dapur Roban").await;
        let keripik = product(&app, &roban, 2_400, |_| {}).await;
        let offer = live_offer(&app, &manager, &[keripik]).await;
        let page = stranger.get("/offers").await.expect(200);
        page.lacks("Keripik");
        let token = page.attribute("input[name=csrf_token]", "value");
        let before = count(&app, "SELECT count(*) FROM events").await;
        for step in ["edit", "supplies", "prices", "state"] {
            let path = format!("/offers/{offer}/{step}");
            let _ = stranger.get(&path).await.expect(404);
            let fields = [
                ("csrf_token", token.as_str()),
                ("event", "archive"),
                ("version", "1"),
            ];
            assert_eq!(stranger.post(&path, &fields).await.status, 404, "{step}");
        }
        // Nor can it pool another cooperative's member.
        let own = app
            .store
            .create_offer(&stranger.act(&app), stranger.organisation, &offer_terms())
            .await
            .expect("a draft");
        let choice = SupplyChoice {
            product: keripik,
            limit: Some(Packs(40)),
        };
        let outcome = app
            .store
            .set_supplies(
                &stranger.act(&app),
                stranger.organisation,
                own,
                1,
                &[choice],
            )
            .await;
        assert!(matches!(outcome, Err(OfferError::NotFound)));
        // Only the stranger's own draft was written.
        assert_eq!(count(&app, "SELECT count(*) FROM events").await, before + 1);
        assert_eq!(count(&app, "SELECT count(*) FROM supplies").await, 1);
    }
}
