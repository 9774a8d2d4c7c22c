//! Where goods are fetched or brought, whom to call, and what is left to do: what the pages of an order say of it.

use domain::offers::{DeliveryBasis, FreightRates};
use store::orders::PlaceError;
use tests::{
    app::TestApp,
    build::Pool,
    database::{number, run, run_with},
};

use crate::orders::{clean, go_on, id_of, ordered, send};

fn fetched(packs: &[i64]) -> Pool {
    Pool {
        delivery_basis: DeliveryBasis::Loco,
        freight: FreightRates::default(),
        ..Pool::of(packs)
    }
}

#[tokio::test]
async fn goods_that_are_fetched_ask_for_no_address_and_tell_the_place_from_the_offer_to_the_order()
{
    for app in TestApp::each().await {
        let market = app.market(&fetched(&[60])).await;
        run(
            &app.database.url,
            "UPDATE organisations SET address = 'Jl. Contoh Lumbung 3', phone = '+62811000111' WHERE kind = 'cooperative'",
        )
        .await;
        let buyer = &market.buyer;
        let offer = buyer
            .get(&format!("/offers/{}", market.offer))
            .await
            .expect(200);
        offer.reads("Diambil sendiri di tempat koperasi");
        let id = market.offer.to_string();
        let put = send(buyer, "/cart", &[("offer", &id), ("units", "10")]).await;
        let cart = buyer.follow(put).await.expect(200);
        cart.reads("Diambil sendiri");
        let details = go_on(buyer, &cart).await;
        details.reads("Tempat pengambilan");
        details.reads("Jl. Contoh Lumbung 3");
        let form = details.form("/orders/details");
        assert!(!form.has("deliver_to"), "nobody brings the goods");
        let sent = buyer.submit(&details, &form).await;
        let check = buyer.follow(sent).await.expect(200);
        check.reads("Jl. Contoh Lumbung 3");
        check.lacks("Dikirim ke");
        let placed = buyer.submit(&check, &check.form("/orders")).await;
        assert_eq!(placed.status, 303, "{}", placed.visible());
        let order = buyer.follow(placed).await.expect(200);
        order.reads("Pengambilan");
        order.reads("Jl. Contoh Lumbung 3");
        order.reads("+62811000111");
        order.lacks("Dikirim ke");
        clean(&app).await;
    }
}

#[tokio::test]
async fn goods_that_are_brought_are_not_ordered_without_an_address() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[60])).await;
        let (buyer, organisation) = (&market.buyer, market.buyer.organisation);
        let act = buyer.act(&app);
        app.put_in_cart(&act, organisation, market.offer, 10).await;
        let mut command = app.command(organisation, market.cooperative()).await;
        command.deliver_to = " ".to_owned();
        let refused = app.store.place_order(&act, &command).await;
        assert!(matches!(refused, Err(PlaceError::NoAddress)), "{refused:?}");
        assert_eq!(
            number(&app.database.url, "SELECT COUNT(*) FROM orders").await,
            0
        );
    }
}

#[tokio::test]
async fn who_has_confirmed_an_order_is_told_whom_to_call_and_who_waits_when_the_goods_are_ready() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[60])).await;
        run(
            &app.database.url,
            "UPDATE organisations SET phone = '+62899000222' WHERE kind = 'buyer'",
        )
        .await;
        let page = ordered(&market, "10").await;
        let path = format!("/orders/{}", id_of(&page));
        let manager = &market.manager;
        let before = manager.get(&path).await.expect(200);
        before.lacks("+62899000222");
        before.lacks("62899000222");
        // Silence accepts.
        app.later_hours(25);
        app.store.sweep(app.now()).await.expect("the sweep runs");
        let page = manager.get(&path).await.expect(200);
        let form = page.form(&format!("{path}/confirmation"));
        let done = manager.submit(&page, &form).await;
        let page = manager.follow(done).await.expect(200);
        page.reads("+62899000222");
        let page = market.buyer.get(&path).await.expect(200);
        page.reads("Koperasi menyiapkan barang");
        page.reads("Siap ");
        page.reads("Cara dan waktu bayar disepakati langsung dengan koperasi");
        page.reads("Pesan lagi");
        clean(&app).await;
    }
}

#[tokio::test]
async fn an_order_that_came_to_nothing_asks_for_no_money() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[60])).await;
        let page = ordered(&market, "10").await;
        page.reads("Yang harus dibayar");
        let form = page.form(&format!("/orders/{}/cancellation", id_of(&page)));
        let done = market.buyer.submit(&page, &form).await;
        let page = market.buyer.follow(done).await.expect(200);
        page.lacks("Yang harus dibayar");
        page.reads("Tidak ada yang harus dibayar");
    }
}

#[tokio::test]
async fn plus_and_minus_lead_back_to_their_field() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[60])).await;
        let buyer = &market.buyer;
        let id = market.offer.to_string();
        let fields = [("offer", id.as_str()), ("units", "10"), ("do", "more")];
        let more = send(buyer, "/cart", &fields).await;
        assert_eq!(more.location(), format!("/offers/{id}?units=11#units"));
        let put = send(buyer, "/cart", &[("offer", &id), ("units", "10")]).await;
        buyer.follow(put).await.expect(200).reads("Keranjang");
        let cooperative = market.cooperative().to_string();
        let (field, less) = (format!("units-{id}"), format!("less {id}"));
        let fields = [
            ("cooperative", cooperative.as_str()),
            (field.as_str(), "10"),
            ("do", less.as_str()),
        ];
        let less = send(buyer, "/cart", &fields).await;
        assert_eq!(less.location(), format!("/cart#units-{id}"));
    }
}

#[tokio::test]
async fn an_offer_promises_of_its_goods_what_is_true_of_each() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[60, 50])).await;
        let path = format!("/offers/{}", market.offer);
        let visitor = app.visitor().speaking("id");
        let url = &app.database.url;
        run_with(
            url,
            "UPDATE products SET shelf_life_days = 180 WHERE id = $1",
            [market.members[0].product.0.into()],
        )
        .await;
        let page = visitor.get(&path).await.expect(200);
        page.reads("Jenis barangnya sama.");
        page.lacks("mutu, isi");
        page.lacks("180 hari");
        run(url, "UPDATE products SET shelf_life_days = 180").await;
        let buyer = market.buyer.get(&path).await.expect(200);
        buyer.reads("180 hari");
    }
}

#[tokio::test]
async fn an_offer_that_rests_is_told_to_those_who_knew_it_and_to_nobody_else() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[60])).await;
        let path = format!("/offers/{}", market.offer);
        let visitor = app.visitor().speaking("id");
        visitor.get(&path).await.expect(200).reads("Keripik");
        run(&app.database.url, "UPDATE offers SET state = 'paused'").await;
        let page = market.buyer.get(&path).await.expect(200);
        page.reads("Sedang berhenti sementara");
        page.reads("Cari barang sejenis");
        page.lacks("Rp12.500");
        // A catalog for few never was public: only who has ordered from it is told.
        let few = "UPDATE catalogs SET audience = 'verified'";
        run(&app.database.url, few).await;
        let never = market.buyer.get(&path).await.expect(404);
        let missing = market
            .buyer
            .get(&format!("/offers/{}", uuid::Uuid::now_v7()))
            .await
            .expect(404);
        assert_eq!(never.visible(), missing.visible());
        run(&app.database.url, "UPDATE offers SET state = 'live'").await;
        ordered(&market, "10").await;
        run(&app.database.url, "UPDATE offers SET state = 'archived'").await;
        let page = market.buyer.get(&path).await.expect(200);
        page.reads("Tidak ditawarkan lagi");
    }
}
