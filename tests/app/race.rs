//! Many at once on the last packs: what is promised is there, once, and what is cancelled comes back, once.
//!
//! Everybody's deeds are under way at the same time, on connections of their own where the database has several.

use std::{rc::Rc, sync::Arc};

use domain::{
    ids::OrderId,
    orders::{Actor, OrderState},
};
use store::orders::PlaceError;
use tests::{
    app::TestApp,
    build::{Market, Pool, QuietBuyer, REGION, Signed},
    database::number,
    people::Person,
};
use tokio::task::{JoinSet, LocalSet};

use crate::orders::{checked, held};

async fn crowd(app: &TestApp, size: usize) -> Vec<QuietBuyer> {
    let mut buyers = Vec::with_capacity(size);
    for at in 0..size {
        buyers.push(app.quiet_buyer(&format!("Pembeli {at}")).await);
    }
    buyers
}

async fn clean(app: &TestApp) {
    let breaches = app
        .store
        .audit(app.now(), None)
        .await
        .expect("the audit runs");
    assert_eq!(breaches, [], "promises are broken");
}

#[tokio::test]
async fn sixty_four_buyers_at_once_never_get_a_pack_twice_and_cancels_lose_none() {
    LocalSet::new()
        .run_until(async {
            for app in TestApp::each().await {
                // 40 packs of three members; 64 buyers want 2 each, and every third gives them back at once.
                let market = app.market(&Pool::of(&[17, 13, 10])).await;
                let buyers = crowd(&app, 64).await;
                let (app, market): (Arc<TestApp>, Arc<Market>) = (Arc::new(app), Arc::new(market));
                let mut racing = JoinSet::new();
                for (at, buyer) in buyers.into_iter().enumerate() {
                    let (app, market) = (Arc::clone(&app), Arc::clone(&market));
                    racing.spawn_local(async move {
                        let placed = match market.try_order(&app, buyer, 2).await {
                            Ok(placed) => placed,
                            // Its page showed sold-out goods that a cancel brought back before it was sent.
                            Err(PlaceError::SoldOut(_) | PlaceError::Changed(_)) => return (0, 0),
                            Err(other) => panic!("buyer {at}: {other}"),
                        };
                        assert_eq!(placed.state, OrderState::Sent);
                        if at % 3 != 0 {
                            return (1, 0);
                        }
                        app.store
                            .cancel_order(
                                &buyer.act(&app),
                                buyer.organisation,
                                Actor::BuyerApprover,
                                placed.order,
                            )
                            .await
                            .expect("an order that was just sent can be cancelled");
                        (1, 1)
                    });
                }
                let (mut placed, mut cancelled) = (0, 0);
                while let Some(outcome) = racing.join_next().await {
                    let (one, back) = outcome.expect("nobody panics");
                    placed += one;
                    cancelled += back;
                }
                let url = &app.database.url;
                let kept = placed - cancelled;
                assert!(kept <= 20, "{kept} orders of 2 packs kept, of 40 packs");
                // Who was refused met a moment without packs; at the end either all is sold or the last cancels came too late.
                assert!(placed >= 20, "only {placed} got through");
                let held = number(url, "SELECT CAST(SUM(held) AS BIGINT) FROM lots").await;
                assert_eq!(
                    held,
                    kept * 2,
                    "held packs are those of the orders that stand"
                );
                let on_hand = number(url, "SELECT CAST(SUM(on_hand) AS BIGINT) FROM lots").await;
                assert_eq!(on_hand, 40);
                let orders = number(url, "SELECT COUNT(*) FROM orders").await;
                assert_eq!(orders, placed, "each acknowledged order is there once");
                let numbers = number(url, "SELECT COUNT(DISTINCT number) FROM orders").await;
                assert_eq!(numbers, placed, "every order has a number of its own");
                clean(&app).await;
            }
        })
        .await;
}

#[tokio::test]
async fn the_last_ten_units_go_to_exactly_ten_of_a_hundred() {
    LocalSet::new()
        .run_until(async {
            for app in TestApp::each().await {
                let market = app.market(&Pool::of(&[6, 4])).await;
                let buyers = crowd(&app, 100).await;
                let (app, market) = (Arc::new(app), Arc::new(market));
                let mut racing = JoinSet::new();
                for buyer in buyers {
                    let (app, market) = (Arc::clone(&app), Arc::clone(&market));
                    racing.spawn_local(async move {
                        match market.try_order(&app, buyer, 1).await {
                            Ok(_) => 1,
                            Err(PlaceError::SoldOut(_)) => 0,
                            Err(other) => panic!("{other}"),
                        }
                    });
                }
                let mut placed = 0;
                while let Some(one) = racing.join_next().await {
                    placed += one.expect("nobody panics");
                }
                assert_eq!(placed, 10);
                let held = number(
                    &app.database.url,
                    "SELECT CAST(SUM(held) AS BIGINT) FROM lots",
                )
                .await;
                assert_eq!(held, 10);
                clean(&app).await;
            }
        })
        .await;
}

#[tokio::test]
async fn twenty_copies_of_one_confirm_make_one_order_even_of_the_last_packs() {
    LocalSet::new()
        .run_until(async {
            for app in TestApp::each().await {
                let market = app.market(&Pool::of(&[3, 2])).await;
                let buyer = market.buyer.organisation;
                let act = market.buyer.act(&app);
                app.put_in_cart(&act, buyer, market.offer, 5).await;
                let command = app.command(buyer, market.cooperative()).await;
                let mut copies = JoinSet::new();
                for _ in 0..20 {
                    let (store, command) = (app.store.clone(), command.clone());
                    copies.spawn_local(async move { store.place_order(&act, &command).await });
                }
                while let Some(answer) = copies.join_next().await {
                    let placed = answer
                        .expect("nobody panics")
                        .expect("every copy has the same answer");
                    assert_eq!(placed.order, command.order);
                }
                let url = &app.database.url;
                assert_eq!(number(url, "SELECT COUNT(*) FROM orders").await, 1);
                assert_eq!(
                    number(url, "SELECT CAST(SUM(held) AS BIGINT) FROM lots").await,
                    5
                );
                clean(&app).await;
            }
        })
        .await;
}

#[tokio::test]
async fn of_a_cancel_and_a_confirm_at_once_one_wins() {
    LocalSet::new()
        .run_until(async {
            for app in TestApp::each().await {
                let market = app.market(&Pool::of(&[200])).await;
                let (buyer, manager) = (market.buyer.act(&app), market.manager.act(&app));
                let (company, cooperative) = (market.buyer.organisation, market.cooperative());
                let mut orders: Vec<OrderId> = Vec::new();
                for _ in 0..10 {
                    orders.push(market.ordered(&app, 3).await.order);
                }
                // Silence accepts, so that each can be confirmed.
                app.later_hours(25);
                app.store.sweep(app.now()).await.expect("the sweep runs");
                for order in orders {
                    let (one, two) = (app.store.clone(), app.store.clone());
                    let cancel = tokio::task::spawn_local(async move {
                        one.cancel_order(&buyer, company, Actor::BuyerApprover, order)
                            .await
                            .is_ok()
                    });
                    let confirm = tokio::task::spawn_local(async move {
                        two.confirm_order(&manager, cooperative, order)
                            .await
                            .is_ok()
                    });
                    let (cancelled, confirmed) = (
                        cancel.await.expect("no panic"),
                        confirm.await.expect("no panic"),
                    );
                    assert!(
                        cancelled != confirmed,
                        "cancelled: {cancelled}, confirmed: {confirmed}"
                    );
                }
                let url = &app.database.url;
                let confirmed =
                    number(url, "SELECT COUNT(*) FROM orders WHERE state = 'confirmed'").await;
                let held = number(url, "SELECT CAST(SUM(held) AS BIGINT) FROM lots").await;
                assert_eq!(held, confirmed * 3);
                clean(&app).await;
            }
        })
        .await;
}

#[tokio::test]
async fn twenty_copies_of_one_confirm_over_the_wire_make_one_order() {
    LocalSet::new()
        .run_until(async {
            for app in TestApp::each().await {
                let market = app.market(&Pool::of(&[3, 2])).await;
                let check = Rc::new(checked(&market, "5").await);
                let market = Arc::new(market);
                let mut copies = JoinSet::new();
                for _ in 0..20 {
                    let (market, check) = (Arc::clone(&market), Rc::clone(&check));
                    copies.spawn_local(async move {
                        let form = check.form("/orders");
                        let answer = market.buyer.submit(&check, &form).await;
                        assert_eq!(answer.status, 303, "{}", answer.visible());
                        answer.location().to_owned()
                    });
                }
                let mut places = Vec::new();
                while let Some(place) = copies.join_next().await {
                    places.push(place.expect("nobody panics"));
                }
                places.dedup();
                assert_eq!(places.len(), 1, "{places:?}");
                let orders = "SELECT COUNT(*) FROM orders";
                assert_eq!(number(&app.database.url, orders).await, 1);
                assert_eq!(held(&app).await, 5);
                clean(&app).await;
            }
        })
        .await;
}

/// Sends a deed and tells whether it was done; anything but done or refused is a fault.
async fn done(person: &Person, token: &str, path: String, fields: &[(&str, &str)]) -> bool {
    let mut all = vec![("csrf_token", token)];
    all.extend_from_slice(fields);
    let answer = person.post(&path, &all).await;
    match answer.status {
        303 => true,
        409 => false,
        other => panic!("{path}: {other} {}", answer.visible()),
    }
}

#[tokio::test]
async fn of_a_cancel_an_acceptance_and_a_confirm_over_the_wire_one_end_comes_about() {
    LocalSet::new()
        .run_until(async {
            for app in TestApp::each().await {
                let market = app.market(&Pool::of(&[200])).await;
                let owner = &market.members[0].owner;
                let mut orders = Vec::new();
                for _ in 0..8 {
                    let order = market.ordered(&app, 3).await.order;
                    let shares = app.store.shares_in(owner.organisation, order).await;
                    orders.push((order, shares.expect("shares")[0]));
                }
                let market = Arc::new(market);
                let mut tokens = Vec::new();
                for person in [&market.buyer, &market.members[0].owner, &market.manager] {
                    let home = person.get("/home").await.expect(200);
                    tokens.push(home.attribute("input[name=csrf_token]", "value"));
                }
                let mut confirmed = 0;
                for (delay, (order, share)) in (0..).zip(orders) {
                    let path = format!("/orders/{order}");
                    let (m, t, p) = (Arc::clone(&market), tokens[0].clone(), path.clone());
                    let cancel = tokio::task::spawn_local(async move {
                        // A moment later, so that each of the ends has a chance.
                        tokio::time::sleep(std::time::Duration::from_millis(3 * delay)).await;
                        done(&m.buyer, &t, format!("{p}/cancellation"), &[]).await
                    });
                    let (m, t) = (Arc::clone(&market), tokens[1].clone());
                    let accept = tokio::task::spawn_local(async move {
                        let owner = &m.members[0].owner;
                        let fields = [("decision", "accept")];
                        done(owner, &t, format!("/shares/{share}/answer"), &fields).await
                    });
                    let (m, t, p) = (Arc::clone(&market), tokens[2].clone(), path.clone());
                    let confirm = tokio::task::spawn_local(async move {
                        for _ in 0..4 {
                            if done(&m.manager, &t, format!("{p}/confirmation"), &[]).await {
                                return true;
                            }
                        }
                        false
                    });
                    let cancelled = cancel.await.expect("no panic");
                    let accepted = accept.await.expect("no panic");
                    let was_confirmed = confirm.await.expect("no panic");
                    assert!(
                        cancelled != was_confirmed,
                        "cancelled: {cancelled}, confirmed: {was_confirmed}"
                    );
                    assert!(accepted || !was_confirmed, "confirmed without an answer");
                    confirmed += i64::from(was_confirmed);
                }
                assert_eq!(held(&app).await, confirmed * 3);
                clean(&app).await;
            }
        })
        .await;
}

/// What came of one buyer's try over the wire.
#[derive(PartialEq, Eq)]
enum Try {
    Refused,
    Kept,
    TakenBack,
}

async fn order_over_the_wire(
    browser: &Signed,
    market: &Market,
    units: &str,
    takes_back: bool,
) -> Try {
    let (offer, cooperative) = (market.offer.to_string(), market.cooperative().to_string());
    let put = browser
        .send("/cart", &[("offer", &offer), ("units", units)])
        .await;
    match put.status {
        303 => {}
        422 => return Try::Refused,
        other => panic!("cart: {other} {}", put.visible()),
    }
    let details = [
        ("cooperative", cooperative.as_str()),
        ("deliver_to", "Gudang"),
        ("region", REGION),
    ];
    let sent = browser.send("/orders/details", &details).await;
    assert_eq!(sent.status, 303, "{}", sent.visible());
    let check = browser.visitor.follow(sent).await.expect(200);
    if !check.actions().contains(&"/orders".to_owned()) {
        return Try::Refused;
    }
    let placed = browser.visitor.submit(&check, &check.form("/orders")).await;
    match placed.status {
        303 => {}
        409 => return Try::Refused,
        other => panic!("order: {other} {}", placed.visible()),
    }
    if !takes_back {
        return Try::Kept;
    }
    let path = format!("{}/cancellation", placed.location());
    let back = browser.send(&path, &[]).await;
    assert_eq!(back.status, 303, "{}", back.visible());
    Try::TakenBack
}

#[tokio::test]
async fn sixty_four_buyers_over_the_wire_never_get_a_pack_twice() {
    LocalSet::new()
        .run_until(async {
            for app in TestApp::each().await {
                let market = app.market(&Pool::of(&[17, 13, 10])).await;
                let mut browsers = Vec::new();
                for buyer in crowd(&app, 64).await {
                    browsers.push(app.browser_of(&buyer).await);
                }
                let market = Arc::new(market);
                let mut racing = JoinSet::new();
                for (at, browser) in browsers.into_iter().enumerate() {
                    let market = Arc::clone(&market);
                    racing.spawn_local(async move {
                        order_over_the_wire(&browser, &market, "2", at % 3 == 0).await
                    });
                }
                let (mut placed, mut kept) = (0, 0);
                while let Some(outcome) = racing.join_next().await {
                    match outcome.expect("nobody panics") {
                        Try::Refused => {}
                        Try::Kept => (placed, kept) = (placed + 1, kept + 1),
                        Try::TakenBack => placed += 1,
                    }
                }
                assert!((1..=20).contains(&kept), "{kept} orders of 2 of 40 packs");
                // Whoever was set aside something and did not order lets it go.
                app.later_hours(1);
                app.store.sweep(app.now()).await.expect("the sweep runs");
                assert_eq!(held(&app).await, kept * 2);
                let orders = "SELECT COUNT(*) FROM orders";
                assert_eq!(number(&app.database.url, orders).await, placed);
                clean(&app).await;
            }
        })
        .await;
}
