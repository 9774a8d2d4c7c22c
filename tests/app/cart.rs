//! The cart by real requests: what is typed is what is ordered, or comes back with what is wrong beside it.

use domain::{ids::OfferId, money::Rupiah, time::Zone};
use store::orders::PlaceError;
use tests::{
    app::TestApp,
    build::{Market, Pool, REGION},
    database::{number, run},
    page::Page,
};

use crate::orders::{checked, clean, go_on, held, id_of, send, view};

/// The cart with one cooperative: 10 of the market's offer and 5 of a second one. Gives the second.
async fn two_lines(app: &TestApp) -> (Market, OfferId) {
    let market = app.market(&Pool::of(&[60])).await;
    let pool = Pool {
        title: "Emping melinjo 250 g",
        ..Pool::of(&[])
    };
    let products = [market.members[0].product];
    let second = app.offer(&market.manager, &products, &pool).await;
    let (act, buyer) = (market.buyer.act(app), market.buyer.organisation);
    app.put_in_cart(&act, buyer, market.offer, 10).await;
    app.later_hours(1);
    app.put_in_cart(&market.buyer.act(app), buyer, second, 5)
        .await;
    (market, second)
}

/// Units in the cart of the market's offer and of the second one; 0 for none.
async fn in_cart(app: &TestApp, market: &Market, second: OfferId) -> (i64, i64) {
    let (buyer, cooperative) = (market.buyer.organisation, market.cooperative());
    let check = app.check(buyer, cooperative).await;
    let units = |offer| {
        let line = check.lines.iter().find(|line| line.offer == offer);
        line.map_or(0, |line| line.units.0)
    };
    (units(market.offer), units(second))
}

#[tokio::test]
async fn whichever_button_of_a_card_is_pressed_every_quantity_typed_there_goes_along() {
    for app in TestApp::each().await {
        let (market, second) = two_lines(&app).await;
        let (one, two) = (format!("units-{}", market.offer), format!("units-{second}"));
        let buyer = &market.buyer;
        // Buttons, and what the second line is after 7 was typed in it.
        for (button, left) in [
            ("Simpan jumlah", 7),
            ("Lanjut ke alamat", 7),
            ("Tambah Emping melinjo", 8),
            ("Kurangi Emping melinjo", 6),
            ("Hapus Emping melinjo", 0),
        ] {
            let cart = buyer.get("/cart").await.expect(200);
            let form = cart.form("/cart").press(button);
            // A wrong one first: nothing is kept, everything typed comes back.
            let wrong = form.clone().with(&one, "1,5").with(&two, "7");
            let page = buyer.submit(&cart, &wrong).await.expect(422);
            let again = page.form("/cart");
            assert_eq!(again.value(&one), Some("1,5"), "{button}");
            assert_eq!(again.value(&two), Some("7"), "{button}");
            assert!(
                page.field_message(&one).contains("jumlah bulat"),
                "{button}"
            );
            page.reads("Jumlah Keripik singkong 250 g: Tulis jumlah bulat");
            assert_ne!(in_cart(&app, &market, second).await, (12, left), "{button}");

            let right = form.with(&one, "12").with(&two, "7");
            let done = buyer.submit(&cart, &right).await;
            assert_eq!(done.status, 303, "{button}: {}", done.visible());
            assert_eq!(in_cart(&app, &market, second).await, (12, left), "{button}");
            let is_next = button == "Lanjut ke alamat";
            assert_eq!(done.location().starts_with("/orders/new"), is_next);
            let act = buyer.act(&app);
            app.put_in_cart(&act, buyer.organisation, market.offer, 10)
                .await;
            app.put_in_cart(&act, buyer.organisation, second, 5).await;
        }
    }
}

#[tokio::test]
async fn an_order_goes_out_with_the_quantity_that_was_typed_last() {
    for app in TestApp::each().await {
        let (market, _) = two_lines(&app).await;
        let buyer = &market.buyer;
        let field = format!("units-{}", market.offer);
        let cart = buyer.get("/cart").await.expect(200);
        let form = cart.form("/cart").with(&field, "23");
        let next = buyer.submit(&cart, &form.press("Lanjut ke alamat")).await;
        let details = buyer.follow(next).await.expect(200);
        let fields = [("deliver_to", "Gudang"), ("region", REGION)];
        let check = buyer.post_form(&details, "/orders/details", &fields).await;
        let check = buyer.follow(check).await.expect(200);
        let placed = buyer.submit(&check, &check.form("/orders")).await;
        let page = buyer.follow(placed).await.expect(200);
        let order = view(&app, &market, id_of(&page).parse().expect("an id")).await;
        let mut units: Vec<i64> = order.lines.iter().map(|line| line.units).collect();
        units.sort_unstable();
        assert_eq!(units, [5, 23]);
        clean(&app).await;
    }
}

#[tokio::test]
async fn steps_on_an_offers_page_begin_at_what_is_typed() {
    for app in TestApp::each().await {
        let pool = Pool {
            minimum: 10,
            multiple: 4,
            tiers: vec![(10, 12_500, 10_500)],
            ..Pool::of(&[60])
        };
        let market = app.market(&pool).await;
        let buyer = &market.buyer;
        let path = format!("/offers/{}", market.offer);
        let page = buyer.get(&path).await.expect(200);
        let press = |page: &Page, units: &str, button: &str| {
            page.form_with_button("Masukkan keranjang")
                .with("units", units)
                .press(button)
        };
        for (typed, button, after) in [
            ("20", "Tambah", "24"),
            ("21", "Tambah", "24"),
            ("21", "Kurangi", "20"),
            ("12", "Kurangi", "12"),
            ("3", "Kurangi", "12"),
        ] {
            let stepped = buyer.submit(&page, &press(&page, typed, button)).await;
            let stepped = buyer.follow(stepped).await.expect(200);
            let form = stepped.form_with_button("Masukkan keranjang");
            assert_eq!(form.value("units"), Some(after), "{typed} {button}");
        }
        let refused = buyer
            .submit(&page, &press(&page, "dua puluh", "Tambah"))
            .await;
        let refused = refused.expect(422);
        assert!(refused.field_message("units").contains("angka"));
        let form = refused.form_with_button("Masukkan keranjang");
        assert_eq!(form.value("units"), Some("dua puluh"));
        let lines = "SELECT COUNT(*) FROM cart_lines";
        assert_eq!(
            number(&app.database.url, lines).await,
            0,
            "a step buys nothing"
        );
        let added = buyer
            .submit(&page, &press(&page, "24", "Masukkan keranjang"))
            .await;
        let cart = buyer.follow(added).await.expect(200);
        let field = format!("units-{}", market.offer);
        assert_eq!(cart.form("/cart").value(&field), Some("24"));
    }
}

#[tokio::test]
async fn a_cart_that_can_not_be_had_any_more_goes_nowhere_until_it_can() {
    for app in TestApp::each().await {
        let (market, second) = two_lines(&app).await;
        let buyer = &market.buyer;
        let other = app.quiet_buyer("Toko Lain").await;
        market.try_order(&app, other, 52).await.expect("first come");
        // 8 are left for both lines of the same member's goods.
        let cart = buyer.get("/cart").await.expect(200);
        let form = cart.form("/cart");
        let page = buyer
            .submit(&cart, &form.press("Lanjut ke alamat"))
            .await
            .expect(422);
        let field = format!("units-{}", market.offer);
        assert!(page.field_message(&field).contains("hanya cukup untuk 8"));
        // What is wrong with one line keeps nobody from taking another out.
        let form = page.form("/cart").press("Hapus Emping melinjo");
        let done = buyer.submit(&page, &form).await;
        let cart = buyer.follow(done).await.expect(200);
        let form = cart.form("/cart").press("Ambil yang tersisa, 8 bungkus");
        let done = buyer.submit(&cart, &form).await;
        let cart = buyer.follow(done).await.expect(200);
        assert_eq!(in_cart(&app, &market, second).await, (8, 0));
        go_on(buyer, &cart).await.reads("Alamat dan tanggal");

        run(&app.database.url, "UPDATE offers SET state = 'paused'").await;
        let page = buyer
            .submit(&cart, &cart.form("/cart").press("Lanjut ke alamat"))
            .await
            .expect(422);
        page.reads("Keripik singkong 250 g tidak bisa dipesan lagi. Hapus dulu");
        let form = page.form("/cart").press("Hapus");
        let done = buyer.submit(&page, &form).await;
        let cart = buyer.follow(done).await.expect(200);
        cart.reads("Keranjang masih kosong");
    }
}

#[tokio::test]
async fn a_card_that_was_tampered_with_changes_nothing_of_anybodys() {
    for app in TestApp::each().await {
        let (market, second) = two_lines(&app).await;
        let other = app.market_named(&Pool::of(&[5]), "Lain", "LAN").await;
        let cooperative = market.cooperative().to_string();
        let field = format!("units-{}", market.offer);
        let twice = [
            ("cooperative", cooperative.as_str()),
            (field.as_str(), "3"),
            (field.as_str(), "4"),
        ];
        let page = send(&market.buyer, "/cart", &twice).await;
        assert_eq!(page.status, 422);
        let remove = format!("remove {}", market.offer);
        for button in ["buy", "more", "take x", remove.as_str()] {
            let fields = [("cooperative", cooperative.as_str()), ("do", button)];
            // Another buyer's card: there is nothing of it.
            let answer = send(&other.buyer, "/cart", &fields).await;
            let expected = if button == remove { 303 } else { 400 };
            assert_eq!(answer.status, expected, "{button}");
        }
        assert_eq!(in_cart(&app, &market, second).await, (10, 5));
    }
}

#[tokio::test]
async fn carts_with_several_cooperatives_each_show_their_own() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[60])).await;
        let pool = Pool {
            title: "Gula semut 250 g",
            tiers: vec![(1, 20_000, 15_000)],
            ..Pool::of(&[4])
        };
        let other = app.market_named(&pool, "Lain", "LAN").await;
        let (act, buyer) = (market.buyer.act(&app), market.buyer.organisation);
        app.put_in_cart(&act, buyer, market.offer, 10).await;
        app.put_in_cart(&act, buyer, other.offer, 3).await;
        let cart = market.buyer.get("/cart").await.expect(200);
        cart.reads("Ada barang dari 2 koperasi");
        cart.reads("Rp125.000");
        cart.reads("Rp60.000");
        let checks = app
            .store
            .carts(&tests::build::viewer(buyer), buyer, app.now())
            .await
            .expect("the database answers");
        let lines: Vec<usize> = checks.iter().map(|check| check.lines.len()).collect();
        assert_eq!(lines, [1, 1]);
        assert!(checks.iter().all(store::carts::Check::is_ready));
    }
}

#[tokio::test]
async fn goods_are_not_wanted_before_they_can_be_there() {
    for app in TestApp::each().await {
        // Two days of lead from Monday, 5 January: Wednesday.
        let market = app.market(&Pool::of(&[60])).await;
        let buyer = &market.buyer;
        let act = buyer.act(&app);
        app.put_in_cart(&act, buyer.organisation, market.offer, 10)
            .await;
        let path = format!("/orders/new?cooperative={}", market.cooperative());
        let details = buyer.get(&path).await.expect(200);
        details.reads("Paling cepat 7 Januari 2026 (WIB)");
        let fields = [
            ("deliver_to", "Gudang Toko"),
            ("region", REGION),
            ("wanted_on", "2026-01-06"),
        ];
        let refused = buyer
            .post_form(&details, "/orders/details", &fields)
            .await
            .expect(422);
        let message = refused.field_message("wanted_on");
        assert!(
            message.contains("siap paling cepat Rabu, 7 Januari 2026 (WIB)"),
            "{message}"
        );
        refused.reads("Diterima paling lambat: Barangnya siap paling cepat Rabu");
        let form = refused.form("/orders/details");
        assert_eq!(form.value("wanted_on"), Some("2026-01-06"));
        assert_eq!(form.value("deliver_to"), Some("Gudang Toko"));
        let check = buyer
            .submit(&refused, &form.with("wanted_on", "2026-01-07"))
            .await;
        let check = buyer.follow(check).await.expect(200);

        // A day later the same page is sent: it is Thursday now at the earliest.
        app.later_hours(24);
        let late = buyer
            .submit(&check, &check.form("/orders"))
            .await
            .expect(422);
        assert!(late.field_message("wanted_on").contains("Kamis, 8 Januari"));
        app.store.sweep(app.now()).await.expect("the sweep runs");
        assert_eq!(held(&app).await, 0);
        let mut command = app.command(buyer.organisation, market.cooperative()).await;
        command.wanted_on = Some(Zone::Wib.day_of(app.now()).plus(1));
        let early = app.store.place_order(&buyer.act(&app), &command).await;
        assert!(matches!(early, Err(PlaceError::TooEarly(_))), "{early:?}");
    }
}

#[tokio::test]
async fn minimum_and_tiers_are_kept_to_the_unit() {
    for app in TestApp::each().await {
        let pool = Pool {
            minimum: 10,
            tiers: vec![
                (10, 12_500, 9_600),
                (50, 11_900, 9_400),
                (100, 11_000, 9_000),
            ],
            ..Pool::of(&[400])
        };
        let market = app.market(&pool).await;
        let buyer = &market.buyer;
        let offer = market.offer.to_string();
        let fields = [("offer", offer.as_str()), ("units", "9")];
        let below = send(buyer, "/cart", &fields).await.expect(422);
        assert!(below.field_message("units").contains("paling sedikit 10"));
        let mut before = 0;
        for (units, price) in [
            (10, 12_500),
            (11, 12_500),
            (49, 12_500),
            (50, 11_900),
            (51, 11_900),
            (99, 11_900),
            (100, 11_000),
            (101, 11_000),
        ] {
            let act = buyer.act(&app);
            let organisation = buyer.organisation;
            app.put_in_cart(&act, organisation, market.offer, units)
                .await;
            let command = app.command(organisation, market.cooperative()).await;
            let placed = app.store.place_order(&act, &command).await;
            let order = placed.expect("an order").order;
            let order_view = view(&app, &market, order).await;
            assert_eq!(order_view.total, Rupiah(units * price), "{units}");
            assert_eq!(held(&app).await, before + units);
            app.store
                .cancel_order(
                    &act,
                    organisation,
                    domain::orders::Actor::BuyerApprover,
                    order,
                )
                .await
                .expect("taken back");
            before = held(&app).await;
        }
        // A tier chosen by the quantity is no changed price.
        let act = buyer.act(&app);
        app.put_in_cart(&act, buyer.organisation, market.offer, 49)
            .await;
        let cart = buyer.get("/cart").await.expect(200);
        cart.reads("Tambah 1 bungkus lagi, harganya menjadi Rp11.900 / bungkus");
        let form = cart.form("/cart").press("Tambah");
        let done = buyer.submit(&cart, &form).await;
        let cart = buyer.follow(done).await.expect(200);
        cart.reads("Rp11.900");
        cart.lacks("Harga berubah");
    }
}

#[tokio::test]
async fn a_price_that_changed_while_the_buyer_looked_is_shown_and_asked_again() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[60])).await;
        let check = checked(&market, "10").await;
        run(
            &app.database.url,
            "UPDATE offer_prices SET buyer_price_rupiah = 13000",
        )
        .await;
        let refused = market
            .buyer
            .submit(&check, &check.form("/orders"))
            .await
            .expect(409);
        refused.reads("Harga berubah dari Rp12.500 menjadi Rp13.000");
        refused.reads("Keripik singkong 250 g: harga Rp12.500 menjadi Rp13.000");
        assert_eq!(held(&app).await, 10, "still set aside");
        assert_eq!(
            number(&app.database.url, "SELECT COUNT(*) FROM orders").await,
            0
        );
        assert_eq!(
            number(&app.database.url, "SELECT COUNT(*) FROM cart_lines").await,
            1
        );
        let placed = market
            .buyer
            .submit(&refused, &refused.form("/orders"))
            .await;
        let page = market.buyer.follow(placed).await.expect(200);
        page.reads("Rp130.000");
        clean(&app).await;
    }
}

#[tokio::test]
async fn who_comes_late_sees_what_is_left_and_keeps_the_cart() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[30])).await;
        let check = checked(&market, "20").await;
        // Longer than the goods were set aside.
        app.later_hours(1);
        app.store.sweep(app.now()).await.expect("the sweep runs");
        let other = app.quiet_buyer("Toko Lain").await;
        market.try_order(&app, other, 18).await.expect("first come");
        let late = market
            .buyer
            .submit(&check, &check.form("/orders"))
            .await
            .expect(409);
        late.reads("Tinggal 12 bungkus. Anda ingin 20 bungkus.");
        assert!(!late.actions().contains(&"/orders".to_owned()));
        let taken = market
            .buyer
            .submit(
                &late,
                &late.form_with_button("Ambil yang tersisa, 12 bungkus"),
            )
            .await;
        let cart = market.buyer.follow(taken).await.expect(200);
        cart.reads("Rp150.000");
        clean(&app).await;
    }
}

#[tokio::test]
async fn odd_quantities_are_exact_or_refused_at_their_field() {
    for app in TestApp::each().await {
        let market = app
            .market(&Pool {
                minimum: 5,
                tiers: vec![(5, 12_500, 10_500)],
                ..Pool::of(&[60])
            })
            .await;
        let offer = market.offer.to_string();
        for (units, said) in [
            ("0", "Paling sedikit 1"),
            ("-1", "Paling sedikit 1"),
            ("1.5", "1"),
            ("1e3", "angka"),
            ("NaN", "angka"),
            ("１２", "angka"),
            ("1000000000", "Paling banyak"),
            ("9223372036854775808", "Paling banyak"),
            ("4", "Pesan paling sedikit 5"),
            ("61", "hanya cukup untuk 60"),
            ("", "Isi jumlah"),
        ] {
            let fields = [("offer", offer.as_str()), ("units", units)];
            let page = send(&market.buyer, "/cart", &fields).await;
            let page = page.expect(422);
            assert!(page.says(said), "{units:?}: {}", page.visible());
        }
        let page = send(
            &market.buyer,
            "/cart",
            &[("offer", &offer), ("units", " 12 ")],
        )
        .await;
        let cart = market.buyer.follow(page).await.expect(200);
        let field = format!("units-{offer}");
        assert_eq!(cart.form_with_button("Tambah").value(&field), Some("12"));
        let more = market
            .buyer
            .submit(&cart, &cart.form_with_button("Tambah").press("Tambah"))
            .await;
        let cart = market.buyer.follow(more).await.expect(200);
        assert_eq!(cart.form_with_button("Tambah").value(&field), Some("13"));
        let form = cart.form_with_button("Tambah").with(&field, "3");
        let page = market.buyer.submit(&cart, &form).await.expect(422);
        assert!(page.field_message(&field).contains("paling sedikit 5"));
        assert_eq!(page.form_with_button("Tambah").value(&field), Some("3"));
    }
}
