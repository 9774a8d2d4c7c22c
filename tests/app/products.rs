//! An owner's goods, by real requests on both databases: make, publish, stock, permits, copy.

use domain::{ids::ProductId, products::Gap, quantity::Packs};
use store::products::{Facts, NewLot, ProductError};
use tests::{
    app::TestApp,
    database::{number, run},
    page::Page,
    people::Person,
};

const KERIPIK: [(&str, &str); 6] = [
    ("name", "Keripik singkong original 250 g"),
    ("kind", "keripik-singkong"),
    ("unit", "bungkus"),
    ("content", "250 gr"),
    ("price", "10.500"),
    ("stock", "2.400"),
];

/// Sends the form of a new product with the button that publishes.
async fn sell(owner: &Person, fields: &[(&str, &str)]) -> Page {
    let page = owner.get("/products/new").await.expect(200);
    let form = page.form("/products/new").press("Tayangkan");
    let form = fields
        .iter()
        .fold(form, |form, (name, value)| form.with(name, value));
    owner.submit(&page, &form).await
}

/// Publishes a product through the form, and gives its page.
async fn published(owner: &Person, fields: &[(&str, &str)]) -> Page {
    let answer = sell(owner, fields).await;
    assert_eq!(answer.status, 303, "{}", answer.visible());
    owner.follow(answer).await.expect(200)
}

fn id_of(page: &Page) -> String {
    let path = page.path.split('?').next().unwrap_or_default();
    path.split('/').nth(2).expect("a product's page").to_owned()
}

async fn count(app: &TestApp, sql: &str) -> i64 {
    number(&app.database.url, sql).await
}

#[tokio::test]
async fn an_owner_publishes_a_product_and_its_stock_moves() {
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Roban").await;
        owner
            .get("/products")
            .await
            .expect(200)
            .reads("Belum ada barang");
        let page = published(&owner, &KERIPIK).await;
        page.reads("Keripik singkong original 250 g sudah tayang");
        page.reads("2.400 bungkus");
        page.reads("Rp10.500 / bungkus 250 g");
        let product = id_of(&page);
        let list = owner.get("/products").await.expect(200);
        assert!(list.row("Keripik singkong").contains("Tayang"));

        // + and − in the list, without naming a lot.
        let form = list
            .form(&format!("/products/{product}/stock"))
            .press("Tambah satu");
        let back = owner.submit(&list, &form).await;
        assert_eq!(back.location(), "/products");
        let list = owner.follow(back).await.expect(200);
        assert!(list.row("Keripik singkong").contains("2.401"));
        let form = list
            .form(&format!("/products/{product}/stock"))
            .press("Kurangi satu");
        owner
            .follow(owner.submit(&list, &form).await)
            .await
            .expect(200)
            .reads("2.400");

        // Another lot with its last day, then counted anew.
        let lots = format!("/products/{product}/lots");
        let fields = [("packs", "100"), ("good_until", "2026-03-05")];
        let page = owner
            .follow(owner.fill(&lots, &lots, &fields).await)
            .await
            .expect(200);
        page.reads("5 Maret 2026");
        page.reads("2.500 bungkus");
        let adjust = page.link("Hitung ulang");
        let fields = [("on_hand", "90"), ("reason", "Rusak 10")];
        let page = owner
            .follow(owner.fill(&adjust, &adjust, &fields).await)
            .await
            .expect(200);
        page.reads("2.490 bungkus");
        page.reads("Rusak 10");
        let sum = "SELECT CAST(SUM(packs) AS BIGINT) FROM movements";
        assert_eq!(count(&app, sum).await, 2_490);
        assert_eq!(
            count(&app, "SELECT CAST(SUM(on_hand) AS BIGINT) FROM lots").await,
            2_490
        );
        assert_eq!(
            count(
                &app,
                "SELECT COUNT(*) FROM events WHERE kind = 'lot_adjusted'"
            )
            .await,
            3
        );
    }
}

#[tokio::test]
async fn what_is_wrong_is_told_at_its_field_and_what_was_typed_stays() {
    let app = TestApp::start(tests::database::Kind::Sqlite)
        .await
        .expect("SQLite");
    let owner = app.umkm("Dapur Roban").await;
    let try_it = async |name: &str, value: &str| {
        let mut fields = KERIPIK.to_vec();
        for field in &mut fields {
            if field.0 == name {
                field.1 = value;
            }
        }
        sell(&owner, &fields).await
    };
    for (field, typed, words) in [
        ("name", "", "Wajib diisi"),
        ("unit", "", "Pilih satuan"),
        ("content", "0 g", "misalnya 250 g"),
        ("content", "sekepal", "misalnya 250 g"),
        ("price", "", "Isi harga"),
        (
            "price",
            "sepuluh ribu",
            "Tulis harga dengan angka, misalnya 12.500",
        ),
        ("price", "0", "Harga harus lebih dari nol"),
        ("price", "-5", "Harga"),
        ("price", "1,234,567", "Pakai titik untuk ribuan"),
        ("price", "9223372036854775808", "Terlalu besar"),
        ("stock", "", "Isi sisa barang"),
        ("stock", "0", "Paling sedikit 1"),
        ("stock", "-1", "Paling sedikit 1"),
        ("stock", "1,5", "jumlah bulat"),
        ("stock", "1e9", "Tulis jumlah dengan angka"),
        ("stock", "NaN", "Tulis jumlah dengan angka"),
        ("stock", "2147483648", "Paling banyak"),
        ("stock", "9223372036854775808", "Paling banyak"),
    ] {
        let page = try_it(field, typed).await.expect(422);
        assert!(
            page.field_message(field).contains(words),
            "{field}={typed}: {}",
            page.field_message(field)
        );
        assert!(page.title().starts_with("Galat:"), "{}", page.title());
        let form = page.form("/products/new");
        assert_eq!(form.value(field), Some(typed), "{field}");
        if field != "name" {
            assert_eq!(form.value("name"), Some(KERIPIK[0].1));
        }
    }
    // Understood figures are echoed.
    let page = try_it("stock", "").await.expect(422);
    page.reads("Dibaca: Rp10.500 per bungkus 250 g");
    assert_eq!(count(&app, "SELECT COUNT(*) FROM products").await, 0);

    // The same field twice, and a megabyte.
    let page = owner.get("/products/new").await.expect(200);
    let token = page.attribute("input[name=csrf_token]", "value");
    let mut twice = KERIPIK.to_vec();
    twice.extend([("price", "1"), ("csrf_token", &token)]);
    let _ = owner.post("/products/new", &twice).await.expect(422);
    let long = "a".repeat(1_000_000);
    let fields = [("csrf_token", token.as_str()), ("name", long.as_str())];
    let _ = owner.post("/products/new", &fields).await.expect(413);
    assert_eq!(count(&app, "SELECT COUNT(*) FROM products").await, 0);
}

#[tokio::test]
async fn a_draft_may_have_gaps_and_is_published_when_they_are_filled() {
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Roban").await;
        let page = owner.get("/products/new").await.expect(200);
        let form = page
            .form("/products/new")
            .with("name", "Rengginang")
            .press("Simpan dulu");
        let page = owner
            .follow(owner.submit(&page, &form).await)
            .await
            .expect(200);
        page.reads("tersimpan sebagai draf");
        page.reads("Lengkapi dulu");
        let product = id_of(&page);
        let refused = owner
            .submit(
                &page,
                &page
                    .form(&format!("/products/{product}/state"))
                    .press("Tayangkan"),
            )
            .await
            .expect(422);
        refused.reads("Belum bisa tayang. Masih kurang: ");
        refused.reads("satuan, isi satu satuan, harga, sisa barang");

        let edit = format!("/products/{product}/edit");
        let fields = [("kind", "rengginang"), ("unit", "kg"), ("price", "24.000")];
        let page = owner
            .follow(owner.fill(&edit, &edit, &fields).await)
            .await
            .expect(200);
        page.reads("sisa barang");
        let lots = format!("/products/{product}/lots");
        let page = owner
            .follow(owner.fill(&lots, &lots, &[("packs", "15")]).await)
            .await
            .expect(200);
        page.lacks("Lengkapi dulu");
        let state = format!("/products/{product}/state");
        let page = owner
            .follow(
                owner
                    .submit(&page, &page.form(&state).press("Tayangkan"))
                    .await,
            )
            .await
            .expect(200);
        page.reads("Tayang");
        let page = owner
            .follow(
                owner
                    .submit(&page, &page.form(&state).press("Berhenti"))
                    .await,
            )
            .await
            .expect(200);
        let page = owner
            .follow(
                owner
                    .submit(&page, &page.form(&state).press("Tayangkan lagi"))
                    .await,
            )
            .await
            .expect(200);
        let page = owner
            .follow(
                owner
                    .submit(&page, &page.form_with_button("Arsipkan"))
                    .await,
            )
            .await
            .expect(200);
        page.reads("sudah diarsipkan");
        // Nothing moves there any more, and nothing brings it back but a copy.
        let token = page.attribute("input[name=csrf_token]", "value");
        let fields = [("csrf_token", token.as_str()), ("packs", "5")];
        let _ = owner.post(&lots, &fields).await.expect(409);
        let fields = [("csrf_token", token.as_str()), ("event", "publish")];
        let _ = owner.post(&state, &fields).await.expect(409);
        let copy = owner
            .follow(owner.submit(&page, &page.form("/copy")).await)
            .await
            .expect(200);
        assert_eq!(
            copy.form("/edit").value("name"),
            Some("Rengginang (salinan)")
        );
        let history =
            "SELECT COUNT(*) FROM events WHERE subject_kind = 'product' AND from_state IS NOT NULL";
        assert_eq!(count(&app, history).await, 4);
    }
}

#[tokio::test]
async fn the_second_of_two_editors_sees_what_is_stored_now() {
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Roban").await;
        let product = id_of(&published(&owner, &KERIPIK).await);
        let edit = format!("/products/{product}/edit");
        let opened = owner.get(&edit).await.expect(200);
        assert_eq!(
            owner
                .fill(&edit, &edit, &[("price", "11.000")])
                .await
                .status,
            303
        );
        let form = opened.form(&edit).with("price", "12.000");
        let page = owner.submit(&opened, &form).await.expect(409);
        assert!(
            page.field_message("price")
                .contains("Sekarang tersimpan: 11.000"),
            "{}",
            page.visible()
        );
        assert_eq!(page.form(&edit).value("price"), Some("12.000"));
        // Sending it again is a decision.
        let answer = owner.submit(&page, &page.form(&edit)).await;
        owner.follow(answer).await.expect(200).reads("Rp12.000");
        // A live product stays whole.
        let page = owner.fill(&edit, &edit, &[("price", "")]).await.expect(422);
        assert!(page.field_message("price").contains("Isi harga"));
    }
}

#[tokio::test]
async fn what_is_promised_to_orders_stays_in_the_lot() {
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Roban").await;
        let product = id_of(&published(&owner, &KERIPIK).await);
        // As an order would hold it.
        run(&app.database.url, "UPDATE lots SET held = 2390").await;
        let page = owner.get(&format!("/products/{product}")).await.expect(200);
        page.reads("10 bungkus");
        let adjust = page.link("Hitung ulang");
        let page = owner
            .fill(&adjust, &adjust, &[("on_hand", "2.000")])
            .await
            .expect(422);
        assert!(
            page.field_message("on_hand")
                .contains("Paling sedikit 2.390"),
            "{}",
            page.field_message("on_hand")
        );
        let token = page.attribute("input[name=csrf_token]", "value");
        let fields = [("csrf_token", token.as_str()), ("change", "-11")];
        let refused = owner
            .post(&format!("/products/{product}/stock"), &fields)
            .await
            .expect(409);
        refused.reads("tinggal 10");
        assert_eq!(count(&app, "SELECT on_hand FROM lots").await, 2_400);
    }
}

#[tokio::test]
async fn somebody_elses_goods_are_missing_and_unknown_fields_change_nothing() {
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Roban").await;
        let thief = app.umkm("Nira Kokap").await;
        let mut fields = KERIPIK.to_vec();
        let other = thief.organisation.to_string();
        let page = owner.get("/products/new").await.expect(200);
        let token = page.attribute("input[name=csrf_token]", "value");
        fields.extend([
            ("csrf_token", token.as_str()),
            ("umkm_id", other.as_str()),
            ("state", "hidden"),
            ("held", "5"),
            ("version", "9"),
        ]);
        let page = owner
            .follow(owner.post("/products/new", &fields).await)
            .await
            .expect(200);
        let product = id_of(&page);
        let mine = "SELECT COUNT(*) FROM products WHERE state = 'live' AND version = 2";
        assert_eq!(count(&app, mine).await, 1);
        let lot = page.link("Hitung ulang");

        let token = thief
            .get("/products")
            .await
            .expect(200)
            .attribute("input[name=csrf_token]", "value");
        let missing = thief
            .get("/products/01890000-0000-7000-8000-00000000dead")
            .await
            .expect(404);
        for path in ["", "/edit", "/lots", "/certificates"] {
            let page = thief
                .get(&format!("/products/{product}{path}"))
                .await
                .expect(404);
            assert_eq!(page.body, missing.body, "{path}");
        }
        let _ = thief.get(&lot).await.expect(404);
        let events = count(&app, "SELECT COUNT(*) FROM events").await;
        for (path, fields) in [
            ("/edit", vec![("name", "Dicuri"), ("version", "2")]),
            ("/state", vec![("event", "archive")]),
            ("/stock", vec![("change", "-1")]),
            ("/copy", vec![]),
            ("/lots", vec![("packs", "5")]),
            ("/certificates", vec![("kind", "other"), ("number", "1")]),
        ] {
            let mut fields = fields;
            fields.push(("csrf_token", &token));
            let page = thief
                .post(&format!("/products/{product}{path}"), &fields)
                .await;
            assert_eq!(page.status, 404, "{path}");
        }
        let _ = thief
            .post(
                &lot,
                &[("csrf_token", &token), ("seen", "2400"), ("on_hand", "1")],
            )
            .await
            .expect(404);
        assert_eq!(count(&app, "SELECT COUNT(*) FROM events").await, events);
    }
}

#[tokio::test]
async fn permits_are_checked_and_cover_one_product_or_all() {
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Roban").await;
        let product = id_of(&published(&owner, &KERIPIK).await);
        let path = format!("/products/{product}/certificates");
        let fields = [("kind", "halal"), ("number", "KH-1234")];
        let page = owner.fill(&path, &path, &fields).await.expect(422);
        assert_eq!(page.form(&path).value("number"), Some("KH-1234"));
        let fields = [
            ("kind", "pirt"),
            ("number", "P-IRT 2063325010012-29"),
            ("valid_until", "2029-12-31"),
        ];
        let page = owner
            .follow(owner.fill(&path, &path, &fields).await)
            .await
            .expect(200);
        page.reads("2063325010012-29");
        let form = page
            .form(&path)
            .with("kind", "organic")
            .with("number", "ORG-1")
            .tick("for_all", "on", true);
        let page = owner
            .follow(owner.submit(&page, &form).await)
            .await
            .expect(200);
        page.reads("Untuk semua barang");
        assert_eq!(
            count(
                &app,
                "SELECT COUNT(*) FROM certificates WHERE product_id IS NULL"
            )
            .await,
            1
        );
        owner
            .get(&format!("/products/{product}"))
            .await
            .expect(200)
            .reads("P-IRT");
        let page = owner
            .follow(owner.submit(&page, &page.form("/removal")).await)
            .await
            .expect(200);
        page.reads("sudah dihapus");
        assert_eq!(count(&app, "SELECT COUNT(*) FROM certificates").await, 1);
    }
}

#[tokio::test]
async fn a_manager_acts_for_an_active_member_only() {
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Roban").await;
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let facts = Facts {
            name: "Keripik".to_owned(),
            ..Facts::default()
        };
        let for_member = manager.act(&app).on_behalf_of(owner.organisation);
        let make = async |act: &store::Act| {
            app.store
                .create_product(act, owner.organisation, &facts, None, false)
                .await
        };
        assert!(matches!(
            make(&for_member).await,
            Err(ProductError::NotFound)
        ));
        assert!(matches!(
            make(&manager.act(&app)).await,
            Err(ProductError::NotFound)
        ));
        let joined = format!(
            "INSERT INTO members (id, cooperative_id, supplier_id, status, applied_at) SELECT id, id, (SELECT id FROM organisations \
             WHERE name = 'Dapur Roban'), 'active', 0 FROM organisations WHERE name = '{}'",
            "Rasa Alas Roban"
        );
        run(&app.database.url, &joined).await;
        let product = make(&for_member).await.unwrap();
        assert_eq!(count(&app, "SELECT COUNT(*) FROM events WHERE kind = 'product_created' AND on_behalf_of IS NOT NULL").await, 1);
        let refused = app
            .store
            .change_product_state(
                &for_member,
                owner.organisation,
                product,
                store::products::Event::Publish,
            )
            .await;
        match refused {
            Err(ProductError::Gaps(gaps)) => {
                assert!(gaps.contains(&Gap::Stock) && gaps.contains(&Gap::Price))
            }
            other => panic!("{other:?}"),
        }
        let lot = NewLot {
            ready_on: domain::time::Day(20_458),
            good_until: None,
            packs: Packs(3),
        };
        app.store
            .add_lot(&for_member, owner.organisation, product, &lot)
            .await
            .unwrap();
        assert_eq!(
            count(&app, "SELECT COUNT(*) FROM movements WHERE on_behalf").await,
            1
        );
        let nobody = ProductId(uuid::Uuid::nil());
        let missing = app
            .store
            .add_lot(&for_member, owner.organisation, nobody, &lot)
            .await;
        assert!(matches!(missing, Err(ProductError::NotFound)));
    }
}

#[tokio::test]
async fn a_pooled_product_stays_what_the_offer_says_at_a_price_it_pays() {
    const POOL: [&str; 3] = [
        "INSERT INTO offers (id, cooperative_id, title, description, category_id, commodity_id, unit, grades, \
         required_certificates, packs_per_unit, mixed_carton, minimum_units, multiple_units, lead_time_days, rule, \
         min_share_units, delivery_basis, ppn_treatment, price_visibility, margin_model, packaging_rupiah, \
         transport_rupiah, state, version, created_at, updated_at) SELECT p.id, c.id, 'Keripik gabungan', '', \
         'makanan-ringan', 'keripik-singkong', 'bungkus', '', '', 1, 'no', 1, 1, 5, 'pro_rata', 0, 'loco', 'taxable', \
         'public', 'spread', 0, 0, 'live', 1, 0, 0 FROM products p, organisations c WHERE c.name = 'Rasa Alas Roban'",
        "INSERT INTO offer_prices (offer_id, grade, minimum_units, buyer_price_rupiah, member_price_rupiah) \
         SELECT id, '', 1, 12500, 10500 FROM offers",
        "INSERT INTO supplies (id, offer_id, product_id, cooperative_id, supplier_id, grade, offered_at) \
         SELECT o.id, o.id, o.id, o.cooperative_id, p.umkm_id, '', 0 FROM offers o JOIN products p ON p.id = o.id",
    ];
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Roban").await;
        app.cooperative("Rasa Alas Roban", "RAR").await;
        let product = id_of(&published(&owner, &KERIPIK).await);
        for statement in POOL {
            run(&app.database.url, statement).await;
        }
        let page = owner.get(&format!("/products/{product}")).await.expect(200);
        page.reads("Keripik gabungan");
        let edit = format!("/products/{product}/edit");
        let page = owner
            .fill(&edit, &edit, &[("price", "10.501")])
            .await
            .expect(422);
        let told = page.field_message("price");
        assert!(told.contains("paling banyak Rp10.500"), "{told}");
        let page = owner
            .fill(&edit, &edit, &[("content", "200 g")])
            .await
            .expect(422);
        page.reads("ikut penawaran Keripik gabungan");
        let work = "SELECT COUNT(*) FROM jobs WHERE kind = 'index_offer'";
        assert_eq!(count(&app, work).await, 0, "nothing refused is announced");
        let saved = owner.fill(&edit, &edit, &[("price", "10.000")]).await;
        let page = owner.follow(saved).await.expect(200);
        assert_eq!(count(&app, work).await, 1);
        let form = page.form_with_button("Arsipkan");
        let page = owner
            .follow(owner.submit(&page, &form).await)
            .await
            .expect(200);
        page.lacks("Keripik gabungan");
        // The pool is empty now, so its offer pauses too.
        assert_eq!(count(&app, work).await, 3);
        let left = "SELECT COUNT(*) FROM supplies WHERE withdrawn_at IS NOT NULL";
        assert_eq!(count(&app, left).await, 1);
    }
}

#[tokio::test]
async fn the_list_finds_by_name_and_shelf_page_by_page() {
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Roban").await;
        let act = owner.act(&app);
        for n in 1..=30 {
            let facts = Facts {
                name: format!("Keripik {n:02} 100%"),
                ..Facts::default()
            };
            app.store
                .create_product(&act, owner.organisation, &facts, None, false)
                .await
                .unwrap();
        }
        let facts = Facts {
            name: "Emping".to_owned(),
            ..Facts::default()
        };
        app.store
            .create_product(&act, owner.organisation, &facts, None, false)
            .await
            .unwrap();
        let page = owner.get("/products?shelf=draft").await.expect(200);
        page.reads("1–24 dari 31 barang");
        let page = owner.click(&page, "Lanjut").await.expect(200);
        page.reads("25–31 dari 31 barang");
        let page = owner.get("/products?q=EMP").await.expect(200);
        page.reads("1–1 dari 1 barang");
        owner
            .get("/products?q=100%25")
            .await
            .expect(200)
            .reads("dari 30 barang");
        owner
            .get("/products?q=_")
            .await
            .expect(200)
            .reads("Tidak ada di sini");
        owner
            .get("/products?shelf=live")
            .await
            .expect(200)
            .reads("Tidak ada di sini");
        let _ = owner.get("/products?shelf=%27&page=-5").await.expect(200);
    }
}
