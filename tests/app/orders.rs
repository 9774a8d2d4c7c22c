//! From the cart to the confirmed order, by real requests and by the deeds, on both databases.

use domain::{
    allocation::MixedCarton,
    ids::{OrderId, ShareId},
    money::Rupiah,
    offers::DeliveryBasis,
    orders::{Actor, OrderState},
    quantity::Packs,
    shares::Answer,
};
use store::{
    accounts::Profile,
    orders::{AnswerError, ConsentError, DecideError, PlaceError, ShareOwner, Side},
};
use tests::{
    app::TestApp,
    build::{Market, Pool, REGION},
    database::{number, run},
    page::Page,
    people::Person,
};

pub(crate) async fn clean(app: &TestApp) {
    let breaches = app
        .store
        .audit(app.now(), None)
        .await
        .expect("the audit runs");
    assert_eq!(breaches, [], "promises are broken");
}

pub(crate) async fn held(app: &TestApp) -> i64 {
    number(
        &app.database.url,
        "SELECT CAST(COALESCE(SUM(held), 0) AS BIGINT) FROM lots",
    )
    .await
}

/// Sends fields as a form of the site would: with token and organisation.
pub(crate) async fn send(person: &Person, path: &str, fields: &[(&str, &str)]) -> Page {
    let page = person.get("/home").await.expect(200);
    let token = page.attribute("input[name=csrf_token]", "value");
    let mut all = vec![("csrf_token", token.as_str())];
    all.extend_from_slice(fields);
    person.post(path, &all).await
}

/// The cart, the address and the check page by real requests; gives the check page.
pub(crate) async fn checked(market: &Market, units: &str) -> Page {
    let (buyer, offer) = (&market.buyer, market.offer.to_string());
    let put = send(buyer, "/cart", &[("offer", &offer), ("units", units)]).await;
    assert_eq!(put.status, 303, "{}", put.visible());
    let cart = buyer.follow(put).await.expect(200);
    let details = go_on(buyer, &cart).await;
    let check = buyer
        .post_form(
            &details,
            "/orders/details",
            &[
                ("deliver_to", "Gudang Toko\nJl. Contoh Raya 12"),
                ("region", REGION),
                ("po_number", "PO-2026-7"),
            ],
        )
        .await;
    buyer.follow(check).await.expect(200)
}

/// From the cart to the address.
pub(crate) async fn go_on(buyer: &Person, cart: &Page) -> Page {
    let form = cart.form_with_button("Lanjut ke alamat");
    let next = buyer.submit(cart, &form.press("Lanjut ke alamat")).await;
    assert_eq!(next.status, 303, "{}", next.visible());
    buyer.follow(next).await.expect(200)
}

pub(crate) async fn ordered(market: &Market, units: &str) -> Page {
    let check = checked(market, units).await;
    let placed = market.buyer.submit(&check, &check.form("/orders")).await;
    assert_eq!(placed.status, 303, "{}", placed.visible());
    market.buyer.follow(placed).await.expect(200)
}

pub(crate) fn id_of(page: &Page) -> String {
    let path = page.path.split('?').next().unwrap_or_default();
    path.rsplit('/').next().expect("an id").to_owned()
}

/// Every share of an order with its owner, in the members' order.
async fn shares(app: &TestApp, market: &Market, order: OrderId) -> Vec<(usize, ShareId)> {
    let mut found = Vec::new();
    for (at, member) in market.members.iter().enumerate() {
        let own = app.store.shares_in(member.owner.organisation, order).await;
        found.extend(own.expect("shares").into_iter().map(|share| (at, share)));
    }
    found
}

async fn answer(app: &TestApp, market: &Market, at: usize, share: ShareId, answer: Answer) {
    let owner = &market.members[at].owner;
    app.store
        .answer_share(
            &owner.act(app),
            ShareOwner::Supplier(owner.organisation),
            share,
            answer,
            None,
        )
        .await
        .expect("the answer is taken");
}

pub(crate) async fn state(app: &TestApp, market: &Market, order: OrderId) -> OrderState {
    view(app, market, order).await.state
}

pub(crate) async fn view(
    app: &TestApp,
    market: &Market,
    order: OrderId,
) -> store::orders::OrderView {
    app.store
        .order(Side::Buyer(market.buyer.organisation), order)
        .await
        .expect("the database answers")
        .expect("the order is there")
}

#[tokio::test]
async fn an_order_goes_from_the_cart_to_the_cooperatives_yes() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[60, 50, 40])).await;
        let check = checked(&market, "100").await;
        check.reads("Periksa pesanan Anda");
        check.reads("100 bungkus");
        check.reads("Rp1.250.000");
        check.reads("Jl. Contoh Raya 12");
        // The goods are brought for nothing: that is said, not a freight of nothing.
        check.reads("Ditanggung koperasi");
        check.lacks("Rp0");
        let placed = market.buyer.submit(&check, &check.form("/orders")).await;
        let page = market.buyer.follow(placed).await.expect(200);
        page.reads("Terkirim ke koperasi");
        page.reads("Ditanggung koperasi");
        page.lacks("Rp0");
        page.reads("Nomor PO Anda");
        page.reads("Dari 3 usaha");
        page.lacks("10.500");
        page.lacks("Harga anggota");
        assert_eq!(held(&app).await, 100);
        let order = id_of(&page);

        // Pro rata over 60, 50, 40: 40, 33, 27.
        let kept = [("40", 0), ("33", 1), ("27", 2)];
        for (packs, at) in kept {
            let owner = &market.members[at].owner;
            let list = owner.get("/orders").await.expect(200);
            list.reads(&format!("{packs} bungkus"));
            let share = owner.click(&list, "Jawab sekarang").await.expect(200);
            share.reads("Mengapa segini?");
            share.reads(&format!("{packs} bungkus dari 100 bungkus"));
            share.reads(&format!("{packs} bungkus × Rp10.500"));
            share.reads("Hasilnya");
            let form = share.form_with_button("Siapkan");
            let answered = owner.submit(&share, &form).await;
            assert_eq!(answered.status, 303, "{}", answered.visible());
        }
        let manager = &market.manager;
        let page = manager.get(&format!("/orders/{order}")).await.expect(200);
        page.reads("Harga anggota");
        page.reads("Ditanggung koperasi");
        page.reads("Nomor PO pembeli");
        page.lacks("Nomor PO Anda");
        page.reads("Semua bagian sudah lengkap");
        let form = page.form(&format!("/orders/{order}/confirmation"));
        let done = manager.submit(&page, &form).await;
        let page = manager.follow(done).await.expect(200);
        page.reads("Diterima koperasi");
        let seen = market
            .buyer
            .get(&format!("/orders/{order}"))
            .await
            .expect(200);
        seen.reads("Koperasi sudah menerima");
        assert_eq!(held(&app).await, 100);
        clean(&app).await;
    }
}

#[tokio::test]
async fn a_member_reads_why_it_got_27_and_not_26() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[60, 50, 40])).await;
        let order = market.ordered(&app, 100).await.order;
        let all = shares(&app, &market, order).await;
        let (at, share) = all[2];
        let page = market.members[at]
            .owner
            .get(&format!("/shares/{share}"))
            .await
            .expect(200);
        page.reads("Anda sanggup 40 bungkus");
        page.reads("40 ÷ 150 × 100 = 26⅔");
        for part in [
            "Dapur Rasa 0 40",
            "Dapur Rasa 1 33",
            "Anda 26",
            "= 99 bungkus",
        ] {
            page.reads(part);
        }
        page.reads("Pecahan Anda (⅔) termasuk paling besar. Jadi 1 bungkus untuk Anda.");
        page.reads("Hasilnya 27 bungkus");
        // Fellow members are named, and the manager reads the same of them.
        page.reads("Dapur Rasa 0");
        let manager = market
            .manager
            .get(&format!("/shares/{share}"))
            .await
            .expect(200);
        manager.reads("Dapur Rasa 2 sanggup 40 bungkus");
        manager.reads("Dapur Rasa 2 26");
        manager.reads("Anda menjawab untuk Dapur Rasa 2");
    }
}

#[tokio::test]
async fn a_shortfall_is_shared_out_once_more_and_accepted_packs_stay() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[60, 50, 40])).await;
        let order = market.ordered(&app, 100).await.order;
        let first = shares(&app, &market, order).await;
        answer(&app, &market, 0, first[0].1, Answer::Accept).await;
        answer(&app, &market, 1, first[1].1, Answer::Reduce(Packs(20))).await;
        assert_eq!(held(&app).await, 87, "what was reduced is free again");
        answer(&app, &market, 2, first[2].1, Answer::Accept).await;
        // 13 are missing; members 0 and 2 have 20 and 13 left: 13 × 20/33 = 7,88 → 8 and 5.
        let all = shares(&app, &market, order).await;
        assert_eq!(all.len(), 5, "two members are asked again");
        assert_eq!(held(&app).await, 100);
        let lines = view(&app, &market, order).await.lines;
        let given: i64 = lines[0].shares.iter().map(|share| share.packs).sum();
        assert_eq!(given, 100);
        let again: Vec<i64> = lines[0]
            .shares
            .iter()
            .filter(|share| share.run == 2)
            .map(|share| share.packs)
            .collect();
        assert_eq!(again, [8, 5]);
        let second = all
            .iter()
            .filter(|share| !first.contains(share))
            .copied()
            .collect::<Vec<_>>();
        let page = market.members[second[0].0]
            .owner
            .get(&format!("/shares/{}", second[0].1))
            .await
            .expect(200);
        page.reads("Pembagian kedua");
        page.reads("Sudah ada");
        page.reads("Pesanan masih kurang 13 bungkus");
        for (at, share) in second {
            answer(&app, &market, at, share, Answer::Accept).await;
        }
        app.store
            .confirm_order(&market.manager.act(&app), market.cooperative(), order)
            .await
            .expect("complete again");
        clean(&app).await;
    }
}

#[tokio::test]
async fn a_buyer_who_agrees_to_less_keeps_the_price_of_its_tier() {
    for app in TestApp::each().await {
        let pool = Pool {
            tiers: vec![(1, 12_500, 10_500), (100, 11_900, 10_000)],
            ..Pool::of(&[60, 40])
        };
        let market = app.market(&pool).await;
        let page = ordered(&market, "100").await;
        page.reads("Rp11.900 / bungkus");
        let order: OrderId = id_of(&page).parse().expect("an id");
        let all = shares(&app, &market, order).await;
        answer(&app, &market, 0, all[0].1, Answer::Accept).await;
        answer(&app, &market, 1, all[1].1, Answer::Reduce(Packs(30))).await;
        let manager = &market.manager;
        let path = format!("/orders/{order}");
        let page = manager.get(&path).await.expect(200);
        page.reads("Barangnya kurang");
        assert!(
            !page.actions().contains(&format!("{path}/confirmation")),
            "a short order can't be confirmed"
        );
        let refused = send(manager, &format!("{path}/confirmation"), &[]).await;
        assert_eq!(refused.status, 409);
        let asked = manager
            .submit(&page, &page.form(&format!("{path}/consent-request")))
            .await;
        assert_eq!(asked.status, 303);
        let page = market.buyer.get(&path).await.expect(200);
        page.reads("Koperasi hanya bisa memenuhi sebagian");
        page.reads("100 bungkus menjadi 90 bungkus");
        page.reads("Rp1.190.000 menjadi Rp1.071.000");
        let agreed = market
            .buyer
            .submit(
                &page,
                &page.form(&format!("{path}/consent")).press("Setuju"),
            )
            .await;
        assert_eq!(agreed.status, 303);
        let view = view(&app, &market, order).await;
        assert_eq!(view.total, Rupiah(90 * 11_900), "the tier of 100 stays");
        app.store
            .confirm_order(&manager.act(&app), market.cooperative(), order)
            .await
            .expect("agreed");
        assert_eq!(held(&app).await, 90);
        clean(&app).await;
    }
}

#[tokio::test]
async fn less_than_whole_mixed_cartons_is_brought_down_to_whole_ones() {
    for app in TestApp::each().await {
        let pool = Pool {
            carton: Some(40),
            mixed: MixedCarton::SameGrade,
            ..Pool::of(&[60, 20])
        };
        let market = app.market(&pool).await;
        let order = market.ordered(&app, 2).await.order;
        let all = shares(&app, &market, order).await;
        answer(&app, &market, 1, all[1].1, Answer::Accept).await;
        answer(&app, &market, 0, all[0].1, Answer::Reduce(Packs(41))).await;
        let (manager, cooperative) = (market.manager.act(&app), market.cooperative());
        app.store
            .ask_reduced(&manager, cooperative, order)
            .await
            .expect("61 of 80 packs");
        app.store
            .answer_consent(
                &market.buyer.act(&app),
                market.buyer.organisation,
                Actor::BuyerApprover,
                order,
                true,
            )
            .await
            .expect("the buyer agrees");
        assert_eq!(held(&app).await, 40, "one carton, the loose packs are free");
        app.store
            .confirm_order(&manager, cooperative, order)
            .await
            .expect("whole");
        clean(&app).await;
    }
}

#[tokio::test]
async fn what_a_member_reduces_of_a_mixed_carton_is_shared_out_to_the_pack() {
    for app in TestApp::each().await {
        let pool = Pool {
            carton: Some(40),
            mixed: MixedCarton::SameGrade,
            ..Pool::of(&[60, 60, 60])
        };
        let market = app.market(&pool).await;
        let order = market.ordered(&app, 3).await.order;
        let all = shares(&app, &market, order).await;
        answer(&app, &market, 0, all[0].1, Answer::Reduce(Packs(27))).await;
        answer(&app, &market, 1, all[1].1, Answer::Accept).await;
        answer(&app, &market, 2, all[2].1, Answer::Accept).await;
        assert_eq!(held(&app).await, 120, "13 packs came from the others");
        clean(&app).await;
    }
}

#[tokio::test]
async fn freight_that_the_cooperative_works_out_needs_the_buyers_yes() {
    for app in TestApp::each().await {
        let pool = Pool {
            delivery_basis: DeliveryBasis::Quoted,
            ..Pool::of(&[60])
        };
        let market = app.market(&pool).await;
        let check = checked(&market, "10").await;
        check.reads("Dihitung koperasi");
        let placed = market.buyer.submit(&check, &check.form("/orders")).await;
        let page = market.buyer.follow(placed).await.expect(200);
        let order: OrderId = id_of(&page).parse().expect("an id");
        let path = format!("/orders/{order}");
        let all = shares(&app, &market, order).await;
        answer(&app, &market, 0, all[0].1, Answer::Accept).await;
        let (manager, cooperative) = (&market.manager, market.cooperative());
        let refused = app
            .store
            .confirm_order(&manager.act(&app), cooperative, order)
            .await;
        assert!(matches!(refused, Err(DecideError::NotYet(_))));
        let page = manager.get(&path).await.expect(200);
        let form = page.form(&format!("{path}/freight"));
        let again = manager
            .submit(&page, &form.with("freight", "dua ratus"))
            .await;
        let again = again.expect(422);
        again.reads("Tulis harga dengan angka");
        assert_eq!(
            again.form(&format!("{path}/freight")).value("freight"),
            Some("dua ratus")
        );
        let page = manager.get(&path).await.expect(200);
        let form = page.form(&format!("{path}/freight"));
        let asked = manager
            .submit(&page, &form.with("freight", "200.000"))
            .await;
        assert_eq!(asked.status, 303);
        let page = market.buyer.get(&path).await.expect(200);
        page.reads("Rp125.000 menjadi Rp325.000");
        let no = market
            .buyer
            .submit(
                &page,
                &page.form(&format!("{path}/consent")).press("Tidak setuju"),
            )
            .await;
        assert_eq!(no.status, 303);
        assert_eq!(view(&app, &market, order).await.total, Rupiah(125_000));
        app.store
            .ask_freight(&manager.act(&app), cooperative, order, Rupiah(150_000))
            .await
            .expect("a better freight");
        app.store
            .answer_consent(
                &market.buyer.act(&app),
                market.buyer.organisation,
                Actor::BuyerApprover,
                order,
                true,
            )
            .await
            .expect("agreed");
        app.store
            .confirm_order(&manager.act(&app), cooperative, order)
            .await
            .expect("the freight is known");
        assert_eq!(view(&app, &market, order).await.total, Rupiah(275_000));
        clean(&app).await;
    }
}

#[tokio::test]
async fn one_confirm_sent_twice_is_one_order_and_tampered_figures_are_without_effect() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[60])).await;
        let check = checked(&market, "10").await;
        // B05, B06: nobody reads a price, a total or a state from a form.
        let form = check
            .form("/orders")
            .tampered("total", "1")
            .tampered("price", "1")
            .tampered("state", "confirmed")
            .tampered("buyer", "somebody");
        let first = market.buyer.submit(&check, &form).await;
        let second = market.buyer.submit(&check, &form).await;
        assert_eq!((first.status, second.status), (303, 303));
        assert_eq!(first.location(), second.location());
        let page = market.buyer.follow(second).await.expect(200);
        page.reads("Rp125.000");
        assert_eq!(
            number(&app.database.url, "SELECT COUNT(*) FROM orders").await,
            1
        );
        // The same key with other content is refused.
        let other = form.tampered("note", "lain");
        let refused = market.buyer.submit(&check, &other).await;
        assert_eq!(refused.status, 409);
        clean(&app).await;
    }
}

pub(crate) async fn limited(app: &TestApp, market: &Market, limit: i64) {
    let profile = Profile {
        staff_limit: Some(Rupiah(limit)),
        ..Profile::default()
    };
    app.store
        .set_profile(&app.system(), market.buyer.organisation, &profile)
        .await
        .expect("a limit");
}

#[tokio::test]
async fn above_the_limit_another_person_approves_and_time_runs_out_kindly() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[30])).await;
        limited(&app, &market, 200_000).await;
        let second = app
            .colleague(
                &market.buyer,
                "Atasan",
                domain::accounts::Role::BuyerApprover,
            )
            .await;
        let page = ordered(&market, "20").await;
        page.reads("Menunggu persetujuan");
        let order: OrderId = id_of(&page).parse().expect("an id");
        let path = format!("/orders/{order}");
        assert_eq!(
            state(&app, &market, order).await,
            OrderState::PendingApproval
        );
        assert_eq!(held(&app).await, 20);
        // The cooperative and its members know nothing yet, and the maker may not approve.
        assert_eq!(market.manager.get(&path).await.status, 404);
        assert_eq!(market.members[0].owner.get(&path).await.status, 404);
        let own = send(&market.buyer, &format!("{path}/approval"), &[]).await;
        assert_eq!(own.status, 409);

        // The hold runs out after 48 hours; somebody else takes the packs; approving says what is left.
        app.later_hours(49);
        app.store.sweep(app.now()).await.expect("the sweep runs");
        assert_eq!(held(&app).await, 0);
        let other = app.quiet_buyer("Toko Lain").await;
        let rival = market.try_order(&app, other, 15).await.expect("free packs");
        let page = second.get(&path).await.expect(200);
        let late = second
            .submit(&page, &page.form(&format!("{path}/approval")))
            .await
            .expect(409);
        late.reads("15 / 20");
        assert_eq!(
            state(&app, &market, order).await,
            OrderState::PendingApproval
        );
        app.store
            .cancel_order(
                &other.act(&app),
                other.organisation,
                Actor::BuyerApprover,
                rival.order,
            )
            .await
            .expect("the rival gives up");
        let page = second.get(&path).await.expect(200);
        let approved = second
            .submit(&page, &page.form(&format!("{path}/approval")))
            .await;
        assert_eq!(approved.status, 303, "{}", approved.visible());
        assert_eq!(state(&app, &market, order).await, OrderState::Sent);
        assert_eq!(held(&app).await, 20);
        let page = market.manager.get(&path).await.expect(200);
        page.lacks("Atasan");
        clean(&app).await;
    }
}

#[tokio::test]
async fn an_approver_gives_an_order_back_with_a_reason_and_it_is_sent_again() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[30])).await;
        limited(&app, &market, 200_000).await;
        let second = app
            .colleague(
                &market.buyer,
                "Atasan",
                domain::accounts::Role::BuyerApprover,
            )
            .await;
        let order: OrderId = id_of(&ordered(&market, "20").await).parse().expect("an id");
        let path = format!("/orders/{order}");
        let page = second.get(&path).await.expect(200);
        let form = page.form(&format!("{path}/return"));
        let page = second.submit(&page, &form).await.expect(422);
        assert!(page.field_message("reason").contains("Wajib diisi"));
        let form = page
            .form(&format!("{path}/return"))
            .with("reason", "Terlalu banyak");
        let done = second.submit(&page, &form).await;
        assert_eq!(done.status, 303);
        assert_eq!(held(&app).await, 0);
        let page = market.buyer.get(&path).await.expect(200);
        page.reads("Terlalu banyak");
        let again = market
            .buyer
            .submit(&page, &page.form(&format!("{path}/submission")))
            .await;
        assert_eq!(again.status, 303, "{}", again.visible());
        assert_eq!(
            state(&app, &market, order).await,
            OrderState::PendingApproval
        );
        assert_eq!(held(&app).await, 20);
        clean(&app).await;
    }
}

/// An order of 20 that its approver has given back, and the approver.
async fn returned(app: &TestApp, market: &Market) -> (OrderId, Person) {
    limited(app, market, 200_000).await;
    let role = domain::accounts::Role::BuyerApprover;
    let second = app.colleague(&market.buyer, "Atasan", role).await;
    let order: OrderId = id_of(&ordered(market, "20").await).parse().expect("an id");
    app.store
        .return_order(
            &second.act(app),
            second.organisation,
            order,
            "Terlalu banyak",
        )
        .await
        .expect("given back");
    (order, second)
}

#[tokio::test]
async fn a_returned_order_is_changed_in_the_cart_and_the_new_one_takes_its_place() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[30])).await;
        let (order, _) = returned(&app, &market).await;
        let (buyer, path) = (&market.buyer, format!("/orders/{order}"));
        let page = buyer.get(&path).await.expect(200);
        let change = page.form(&format!("{path}/change"));
        let done = buyer.submit(&page, &change).await;
        let cart = buyer.follow(done).await.expect(200);
        cart.reads("Anda mengubah pesanan SO/RAR/2026/01/0001");
        let field = format!("units-{}", market.offer);
        let form = cart.form_with_button("Lanjut ke alamat");
        assert_eq!(form.value(&field), Some("20"));
        let form = form.with(&field, "12").press("Lanjut ke alamat");
        let next = buyer.submit(&cart, &form).await;
        let details = buyer.follow(next).await.expect(200);
        let form = details.form("/orders/details");
        assert_eq!(form.value("po_number"), Some("PO-2026-7"));
        let check = buyer.submit(&details, &form).await;
        let check = buyer.follow(check).await.expect(200);
        check.reads("Anda mengubah pesanan SO/RAR/2026/01/0001");
        let placed = buyer.submit(&check, &check.form("/orders")).await;
        let new = buyer.follow(placed).await.expect(200);
        new.reads("Pengganti pesanan SO/RAR/2026/01/0001");
        new.reads("12 bungkus");
        assert_eq!(held(&app).await, 12);
        assert_eq!(state(&app, &market, order).await, OrderState::Cancelled);
        let old = buyer.get(&path).await.expect(200);
        old.reads("Diganti pesanan SO/RAR/2026/01/0002");
        // Every hold was released once: the returned one's; the new one's stands.
        let released =
            "SELECT COUNT(*) FROM holds WHERE kind <> 'checkout' AND released_at IS NOT NULL";
        assert_eq!(number(&app.database.url, released).await, 1);
        for deed in ["submission", "change", "cancellation"] {
            let late = send(buyer, &format!("{path}/{deed}"), &[]).await;
            assert_eq!(late.status, 409, "{deed}");
        }
        // What the cooperative sees says nothing of what went before.
        let order: OrderId = id_of(&new).parse().expect("an id");
        let seen = market.manager.get(&format!("/orders/{order}")).await;
        seen.expect(200).lacks("0001");
        clean(&app).await;
    }
}

#[tokio::test]
async fn a_returned_order_that_is_sent_as_it_was_is_not_replaced_as_well() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[60])).await;
        let (order, _) = returned(&app, &market).await;
        let (buyer, path) = (&market.buyer, format!("/orders/{order}"));
        let page = buyer.get(&path).await.expect(200);
        let done = buyer
            .submit(&page, &page.form(&format!("{path}/change")))
            .await;
        let cart = buyer.follow(done).await.expect(200);
        let details = go_on(buyer, &cart).await;
        let check = buyer
            .submit(&details, &details.form("/orders/details"))
            .await;
        let check = buyer.follow(check).await.expect(200);
        // In another tab the order goes out as it was.
        let again = buyer
            .submit(&page, &page.form(&format!("{path}/submission")))
            .await;
        assert_eq!(again.status, 303, "{}", again.visible());
        let late = buyer.submit(&check, &check.form("/orders")).await;
        late.expect(409).lacks("Anda mengubah pesanan");
        app.later_hours(1);
        app.store.sweep(app.now()).await.expect("the sweep runs");
        assert_eq!(held(&app).await, 20);
        let orders = "SELECT COUNT(*) FROM orders";
        assert_eq!(number(&app.database.url, orders).await, 1);
        clean(&app).await;
    }
}

#[tokio::test]
async fn no_step_of_an_order_is_skipped() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[60, 40])).await;
        let page = ordered(&market, "10").await;
        let path = format!("/orders/{}", id_of(&page));
        let events = "SELECT COUNT(*) FROM events";
        let before = number(&app.database.url, events).await;
        // Sent, its shares unanswered: nobody confirms, approves, changes, prices or agrees to anything.
        let fields = [("reason", "x"), ("decision", "agree"), ("freight", "1.000")];
        for (person, deed) in [
            (&market.manager, "confirmation"),
            (&market.manager, "freight"),
            (&market.manager, "consent-request"),
            (&market.buyer, "approval"),
            (&market.buyer, "return"),
            (&market.buyer, "submission"),
            (&market.buyer, "change"),
            (&market.buyer, "consent"),
        ] {
            let answer = send(person, &format!("{path}/{deed}"), &fields).await;
            assert_eq!(answer.status, 409, "{deed}");
        }
        assert_eq!(number(&app.database.url, events).await, before);
        assert_eq!(held(&app).await, 10);
    }
}

#[tokio::test]
async fn a_returned_order_can_be_given_up() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[30])).await;
        let (order, _) = returned(&app, &market).await;
        let (buyer, path) = (&market.buyer, format!("/orders/{order}"));
        let page = buyer.get(&path).await.expect(200);
        let form = page.form(&format!("{path}/cancellation"));
        let done = buyer.submit(&page, &form).await;
        assert_eq!(done.status, 303, "{}", done.visible());
        assert_eq!(state(&app, &market, order).await, OrderState::Cancelled);
        clean(&app).await;
    }
}

#[tokio::test]
async fn silence_accepts_and_three_working_days_without_a_yes_end_the_order() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[60, 40])).await;
        let order = market.ordered(&app, 10).await.order;
        let (at, share) = shares(&app, &market, order).await[0];
        app.later_hours(24);
        // Too late for a word of one's own, also before the sweep has come by.
        let owner = &market.members[at].owner;
        let late = app
            .store
            .answer_share(
                &owner.act(&app),
                ShareOwner::Supplier(owner.organisation),
                share,
                Answer::Decline,
                None,
            )
            .await;
        assert!(matches!(late, Err(AnswerError::Problem(_))));
        app.store.sweep(app.now()).await.expect("the sweep runs");
        let view = view(&app, &market, order).await;
        assert!(view.lines[0].shares.iter().all(|share| share.by_silence));
        let page = market
            .manager
            .get(&format!("/orders/{order}"))
            .await
            .expect(200);
        page.reads("tidak menjawab sampai batas waktu");
        // From Monday 08.00 the third working day is Thursday; it ends at midnight.
        app.later_hours(24 * 3);
        app.store.sweep(app.now()).await.expect("the sweep runs");
        assert_eq!(state(&app, &market, order).await, OrderState::Expired);
        assert_eq!(held(&app).await, 0);
        app.store.sweep(app.now()).await.expect("once more");
        clean(&app).await;
    }
}

#[tokio::test]
async fn a_cancelled_order_returns_its_stock_once_and_nothing_happens_to_it_after() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[60])).await;
        let page = ordered(&market, "10").await;
        let path = format!("/orders/{}", id_of(&page));
        let form = page.form(&format!("{path}/cancellation"));
        let done = market.buyer.submit(&page, &form).await;
        let page2 = market.buyer.follow(done).await.expect(200);
        page2.reads("Dibatalkan");
        assert_eq!(held(&app).await, 0);
        // B07: no step follows an end, and a second cancel releases nothing more.
        assert_eq!(market.buyer.submit(&page, &form).await.status, 409);
        for deed in ["confirmation", "consent-request"] {
            let answer = send(&market.manager, &format!("{path}/{deed}"), &[]).await;
            assert_eq!(answer.status, 409, "{deed}");
        }
        let refusal = [("reason", "Habis")];
        let answer = send(&market.manager, &format!("{path}/refusal"), &refusal).await;
        assert_eq!(answer.status, 409);
        let released =
            "SELECT COUNT(*) FROM holds WHERE kind <> 'checkout' AND released_at IS NOT NULL";
        assert_eq!(number(&app.database.url, released).await, 1);
        clean(&app).await;
    }
}

#[tokio::test]
async fn a_manager_answers_for_a_member_marked_and_declines_with_a_reason() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[60, 40])).await;
        let page = ordered(&market, "10").await;
        let order: OrderId = id_of(&page).parse().expect("an id");
        let (at, share) = shares(&app, &market, order).await[0];
        let path = format!("/shares/{share}");
        let page = market.manager.get(&path).await.expect(200);
        let form = page.form_with_button("Kurangi bagian");
        let refused = market
            .manager
            .submit(
                &page,
                &form.clone().with("quantity", "6").press("Kurangi bagian"),
            )
            .await
            .expect(422);
        assert!(
            refused
                .field_message("quantity")
                .contains("Paling banyak 5")
        );
        let done = market
            .manager
            .submit(&page, &form.with("quantity", "4").press("Kurangi bagian"))
            .await;
        assert_eq!(done.status, 303, "{}", done.visible());
        let seen = market.members[at].owner.get(&path).await.expect(200);
        seen.reads("dijawab manajer koperasi");
        seen.reads("semula 6 bungkus");
        let marked =
            "SELECT COUNT(*) FROM events WHERE subject_kind = 'share' AND on_behalf_of IS NOT NULL";
        assert_eq!(number(&app.database.url, marked).await, 1);

        let path = format!("/orders/{order}");
        let page = market.manager.get(&path).await.expect(200);
        let form = page
            .form(&format!("{path}/refusal"))
            .with("reason", "Gudang banjir");
        let done = market.manager.submit(&page, &form).await;
        assert_eq!(done.status, 303);
        let page = market.buyer.get(&path).await.expect(200);
        page.reads("Gudang banjir");
        assert_eq!(held(&app).await, 0);
        clean(&app).await;
    }
}

#[tokio::test]
async fn other_tenants_find_nothing_and_change_nothing() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[60])).await;
        let order = market.ordered(&app, 10).await.order;
        let (_, share) = shares(&app, &market, order).await[0];
        let other = app.market_named(&Pool::of(&[5]), "Lain", "LAN").await;
        let events = "SELECT COUNT(*) FROM events";
        let before = number(&app.database.url, events).await;
        let order = format!("/orders/{order}");
        let share = format!("/shares/{share}");
        for person in [&other.buyer, &other.manager, &other.members[0].owner] {
            assert_eq!(person.get(&order).await.status, 404);
        }
        let reason = [("reason", "x"), ("decision", "agree"), ("freight", "1.000")];
        for deed in [
            "approval",
            "return",
            "submission",
            "cancellation",
            "consent",
        ] {
            let answer = send(&other.buyer, &format!("{order}/{deed}"), &reason).await;
            assert_eq!(answer.status, 404, "{deed}");
        }
        for deed in ["confirmation", "refusal", "freight", "consent-request"] {
            let answer = send(&other.manager, &format!("{order}/{deed}"), &reason).await;
            assert_eq!(answer.status, 404, "{deed}");
        }
        for person in [&other.manager, &other.members[0].owner] {
            assert_eq!(person.get(&share).await.status, 404);
            let decline = [("decision", "decline")];
            let answer = send(person, &format!("{share}/answer"), &decline).await;
            assert_eq!(answer.status, 404);
        }
        assert_eq!(number(&app.database.url, events).await, before);
        assert_eq!(held(&app).await, 10);
        // Lists, searches and counts hold one's own alone.
        other
            .buyer
            .get("/orders?q=SO")
            .await
            .expect(200)
            .reads("Belum ada pesanan");
        other
            .manager
            .get("/orders")
            .await
            .expect(200)
            .reads("Belum ada pesanan");
        let list = market
            .buyer
            .get("/orders?q=keripik&tab=sent")
            .await
            .expect(200);
        list.reads("1–1 dari 1");
        let none = market.buyer.get("/orders?q=%25").await.expect(200);
        none.reads("Tidak ada yang cocok");
    }
}

#[tokio::test]
async fn questions_are_asked_once_and_only_when_there_is_one() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[10])).await;
        let order = market.ordered(&app, 10).await.order;
        let (manager, cooperative) = (market.manager.act(&app), market.cooperative());
        let early = app.store.ask_reduced(&manager, cooperative, order).await;
        assert!(matches!(early, Err(ConsentError::SharesOpen)));
        let (at, share) = shares(&app, &market, order).await[0];
        answer(&app, &market, at, share, Answer::Decline).await;
        // Nobody gives anything: that is no reduced order.
        let nothing = app.store.ask_reduced(&manager, cooperative, order).await;
        assert!(matches!(nothing, Err(ConsentError::NothingToAsk)));
        let page = market
            .manager
            .get(&format!("/orders/{order}"))
            .await
            .expect(200);
        page.reads("Tidak ada anggota yang sanggup");
        let freight = app
            .store
            .ask_freight(&manager, cooperative, order, Rupiah(1_000))
            .await;
        assert!(matches!(freight, Err(ConsentError::NothingToAsk)));
        clean(&app).await;
    }
}

#[tokio::test]
async fn an_offer_that_closed_or_hides_its_price_can_not_be_ordered() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[10])).await;
        let act = market.buyer.act(&app);
        let buyer = market.buyer.organisation;
        app.put_in_cart(&act, buyer, market.offer, 5).await;
        let command = app.command(buyer, market.cooperative()).await;
        run(
            &app.database.url,
            "UPDATE offers SET price_visibility = 'buyers'",
        )
        .await;
        let gone = app.store.place_order(&act, &command).await;
        assert!(matches!(gone, Err(PlaceError::Gone(_))));
        run(
            &app.database.url,
            "UPDATE offers SET price_visibility = 'public', state = 'paused'",
        )
        .await;
        let gone = app.store.place_order(&act, &command).await;
        assert!(matches!(gone, Err(PlaceError::Gone(_))));
        let cart = market.buyer.get("/cart").await.expect(200);
        cart.reads("Barang ini tidak bisa dipesan lagi");
        assert_eq!(held(&app).await, 0);
    }
}
