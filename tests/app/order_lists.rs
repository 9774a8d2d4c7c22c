//! The lists of orders: tabs, words, partner, days, pages.

use tests::{
    app::TestApp,
    build::{Market, Pool},
    database::number,
};

/// Two cooperatives, of which the first has an order on each of three days; the second one on the third.
async fn three_days(app: &TestApp) -> (Market, Market) {
    let market = app.market(&Pool::of(&[90])).await;
    let pool = Pool {
        title: "Gula semut 250 g",
        ..Pool::of(&[90])
    };
    let other = app.market_named(&pool, "Lain", "LAN").await;
    for day in 0..3 {
        if day > 0 {
            app.later_hours(24);
        }
        market.ordered(app, 10 + day).await;
    }
    let (act, buyer) = (market.buyer.act(app), market.buyer.organisation);
    app.put_in_cart(&act, buyer, other.offer, 5).await;
    let command = app.command(buyer, other.cooperative()).await;
    let placed = app.store.place_order(&act, &command).await;
    placed.expect("an order");
    (market, other)
}

#[tokio::test]
async fn a_list_is_narrowed_by_partner_and_days_and_keeps_them_from_tab_to_tab() {
    for app in TestApp::each().await {
        let (market, other) = three_days(&app).await;
        let buyer = &market.buyer;
        let list = buyer.get("/orders").await.expect(200);
        list.reads("1–4 dari 4");
        // Monday, 5 January to Wednesday, 7 January.
        let form = list
            .form("/orders")
            .with("from", "2026-01-06")
            .with("until", "2026-01-06");
        let one = buyer.submit(&list, &form).await.expect(200);
        one.reads("1–1 dari 1");
        one.reads("SO/RAR/2026/01/0002");
        let form = list
            .form("/orders")
            .with("with", &other.cooperative().to_string());
        let theirs = buyer.submit(&list, &form).await.expect(200);
        theirs.reads("1–1 dari 1");
        theirs.reads("Gula semut");
        let tab = buyer.click(&theirs, "Diterima").await.expect(200);
        tab.reads("Tidak ada yang cocok");
        let all = buyer.click(&tab, "Lihat semua").await.expect(200);
        all.reads("1–4 dari 4");

        // The cooperative's own buyer, and a stranger's id that gives nothing.
        let seen = market
            .manager
            .get(&format!("/orders?with={}", buyer.organisation))
            .await
            .expect(200);
        seen.reads("1–3 dari 3");
        let none = market
            .manager
            .get(&format!("/orders?with={}", other.cooperative()))
            .await
            .expect(200);
        none.reads("Tidak ada yang cocok");
        let owner = &market.members[0].owner;
        let shares = owner.get("/orders?from=2026-01-07").await.expect(200);
        shares.reads("1–1 dari 1");
    }
}

#[tokio::test]
async fn days_that_are_none_are_said_at_their_field() {
    for app in TestApp::each().await {
        let (market, _) = three_days(&app).await;
        let buyer = &market.buyer;
        let wrong = buyer.get("/orders?from=kemarin").await.expect(422);
        assert!(!wrong.field_message("from").is_empty());
        let form = wrong.form("/orders");
        assert_eq!(form.value("from"), Some("kemarin"));
        let backwards = buyer
            .get("/orders?from=2026-01-07&until=2026-01-06")
            .await
            .expect(422);
        let message = backwards.field_message("until");
        assert!(message.contains("sesudah tanggal awal"), "{message}");
        backwards.reads("Sampai tanggal: Pilih tanggal");
    }
}

#[tokio::test]
async fn the_second_of_two_managers_who_answer_for_a_member_sees_both_answers() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[60, 60])).await;
        let order = market.ordered(&app, 20).await.order;
        let of = market.members[0].owner.organisation;
        let shares = app.store.shares_in(of, order).await.unwrap();
        let path = format!("/shares/{}", shares[0]);
        let other = app
            .colleague(
                &market.manager,
                "Bu Tini",
                domain::accounts::Role::CoopManager,
            )
            .await;
        let (first, second) = (
            market.manager.get(&path).await.expect(200),
            other.get(&path).await.expect(200),
        );
        let less = first
            .form_with_button("Kurangi bagian")
            .with("quantity", "6");
        let saved = market.manager.submit(&first, &less).await;
        assert_eq!(saved.status, 303, "{}", saved.visible());
        let all = second.form_with_button("Siapkan 10");
        let lost = other.submit(&second, &all).await.expect(409);
        lost.reads("Jawaban Anda belum tersimpan");
        lost.reads("Anda memilih: Siapkan 10 bungkus");
        lost.reads("Dikurangi, 6 bungkus");
        let kept = "SELECT packs FROM shares WHERE state = 'reduced'";
        assert_eq!(number(&app.database.url, kept).await, 6);
    }
}

#[tokio::test]
async fn a_member_sees_the_photo_of_its_goods_beside_each_share() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[60, 60])).await;
        market.ordered(&app, 20).await;
        let (with, without) = (&market.members[0], &market.members[1]);
        let photo = app.photo_on(&with.owner, with.product, 1).await;
        let list = with.owner.get("/orders").await.expect(200);
        let src = list.attribute("main li picture img", "src");
        assert_eq!(src, format!("/photos/{photo}/96.jpg"));
        let list = without.owner.get("/orders").await.expect(200);
        assert!(!list.has("main li picture") && list.has("main li img.thumb"));
    }
}
