//! Goods set aside while an order is checked, by real requests.

use store::orders::PlaceError;
use tests::{
    app::TestApp,
    build::{Pool, REGION},
    database::{number, run},
};

use crate::orders::{checked, clean, held, ordered, send};

#[tokio::test]
async fn checking_an_order_sets_its_goods_aside_for_fifteen_minutes() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[17, 13])).await;
        let other = app.quiet_buyer("Toko Lain").await;
        let check = checked(&market, "20").await;
        check.reads("Barangnya disisihkan untuk Anda sampai hari ini pukul 08.15 WIB");
        assert_eq!(held(&app).await, 20);
        // Drawing the page again holds nothing more, nor does the cart.
        let path = format!("/orders/check?cooperative={}", market.cooperative());
        market.buyer.get(&path).await.expect(200).reads("Rp250.000");
        let cart = market.buyer.get("/cart").await.expect(200);
        cart.reads("Rp250.000");
        assert_eq!(held(&app).await, 20);
        let late = market.try_order(&app, other, 18).await;
        assert!(matches!(late, Err(PlaceError::SoldOut(_))));
        // Sent once more, the same is set aside anew and not twice.
        let details = format!("/orders/new?cooperative={}", market.cooperative());
        let page = market.buyer.get(&details).await.expect(200);
        let form = page.form("/orders/details");
        market.buyer.submit(&page, &form).await;
        assert_eq!(held(&app).await, 20);
        clean(&app).await;

        // The order takes what was set aside for it.
        let placed = market.buyer.submit(&check, &check.form("/orders")).await;
        assert_eq!(placed.status, 303, "{}", placed.visible());
        assert_eq!(held(&app).await, 20);
        let open = "SELECT COUNT(*) FROM holds WHERE kind = 'checkout' AND released_at IS NULL";
        assert_eq!(number(&app.database.url, open).await, 0);
        clean(&app).await;
    }
}

#[tokio::test]
async fn what_was_set_aside_is_free_again_after_its_time_or_when_the_cart_changes() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[30])).await;
        checked(&market, "20").await;
        let offer = market.offer.to_string();
        let fields = [("offer", offer.as_str()), ("units", "25")];
        let put = send(&market.buyer, "/cart", &fields).await;
        assert_eq!(put.status, 303, "one's own goods are in nobody's way");
        assert_eq!(held(&app).await, 0);

        let check = checked(&market, "20").await;
        app.later_hours(1);
        app.store.sweep(app.now()).await.expect("the sweep runs");
        assert_eq!(held(&app).await, 0);
        // The page may still be sent: what is left then decides.
        let placed = market.buyer.submit(&check, &check.form("/orders")).await;
        assert_eq!(placed.status, 303, "{}", placed.visible());
        assert_eq!(held(&app).await, 20);
        clean(&app).await;
    }
}

#[tokio::test]
async fn nothing_is_set_aside_of_a_cart_that_can_not_be_had_whole() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[30])).await;
        let act = market.buyer.act(&app);
        app.put_in_cart(&act, market.buyer.organisation, market.offer, 20)
            .await;
        let other = app.quiet_buyer("Toko Lain").await;
        market.try_order(&app, other, 18).await.expect("first come");
        let cooperative = market.cooperative().to_string();
        let fields = [
            ("cooperative", cooperative.as_str()),
            ("deliver_to", "Gudang"),
            ("region", REGION),
        ];
        let sent = send(&market.buyer, "/orders/details", &fields).await;
        let check = market.buyer.follow(sent).await.expect(200);
        check.reads("Tinggal 12 bungkus. Anda ingin 20 bungkus.");
        check.lacks("disisihkan");
        assert_eq!(held(&app).await, 18);
    }
}

#[tokio::test]
async fn an_order_is_ordered_once_more_as_far_as_it_can_be() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[90])).await;
        let (buyer, url) = (&market.buyer, &app.database.url);
        let page = ordered(&market, "10").await;
        let field = format!("units-{}", market.offer);
        let again = page.form_with_button("Pesan lagi");
        let done = buyer.submit(&page, &again).await;
        let cart = buyer.follow(done).await.expect(200);
        assert_eq!(cart.form("/cart").value(&field), Some("10"));
        // The least order rose meanwhile: the next quantity that fits.
        run(
            url,
            "UPDATE offers SET minimum_units = 12, multiple_units = 5",
        )
        .await;
        let done = buyer.submit(&page, &again).await;
        let cart = buyer.follow(done).await.expect(200);
        assert_eq!(cart.form("/cart").value(&field), Some("15"));
        run(url, "UPDATE offers SET state = 'paused'").await;
        let done = buyer.submit(&page, &again).await;
        let back = buyer.follow(done).await.expect(200);
        back.reads("Barangnya sedang tidak bisa dipesan");
        assert_eq!(held(&app).await, 10);
        clean(&app).await;
    }
}

#[tokio::test]
async fn an_address_that_was_used_before_is_one_press_away_and_nothing_typed_is_lost() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[90])).await;
        let buyer = &market.buyer;
        ordered(&market, "10").await;
        let (act, organisation) = (buyer.act(&app), buyer.organisation);
        app.put_in_cart(&act, organisation, market.offer, 5).await;
        let path = format!("/orders/new?cooperative={}", market.cooperative());
        let page = buyer.get(&path).await.expect(200);
        let typed = page
            .form("/orders/details")
            .with("deliver_to", "Toko cabang")
            .with("note", "Telepon dulu");
        let check = buyer.submit(&page, &typed).await;
        assert_eq!(check.status, 303, "Enter goes on");
        let page = buyer.get(&path).await.expect(200);
        let form = page.form("/orders/details").with("note", "Lewat belakang");
        let used = buyer
            .submit(&page, &form.press("Gudang Toko, Jl. Contoh Raya 12"))
            .await
            .expect(200);
        let form = used.form("/orders/details");
        let address = form.value("deliver_to").unwrap_or_default();
        assert!(address.starts_with("Gudang Toko"), "{address}");
        assert_eq!(form.value("note"), Some("Lewat belakang"));
        assert_eq!(form.value("region"), Some(REGION));
        // An address that is none of one's own is none at all.
        let cooperative = market.cooperative().to_string();
        let fields = [("cooperative", cooperative.as_str()), ("use", "7")];
        let refused = send(buyer, "/orders/details", &fields).await;
        assert_eq!(refused.status, 400);
    }
}
