//! What an order keeps from the day it was made, and how a member finds its shares of one order together. By real
//! requests on both databases.

use store::accounts::Profile;
use tests::{
    app::TestApp,
    build::Pool,
    database::{number, run},
};

use crate::orders::checked;
use crate::pooling::{catalog_terms, live_offer, member, product};

#[tokio::test]
async fn an_order_keeps_the_payment_terms_it_was_made_with_for_both_sides() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[90])).await;
        let buyer = &market.buyer;
        let agreed = async |word: &str| {
            let profile = Profile {
                payment_term: Some(word.to_owned()),
                ..Profile::default()
            };
            let act = app.system();
            let set = app.store.set_profile(&act, buyer.organisation, &profile);
            set.await.expect("the buyer's terms");
        };
        // Nothing agreed: said so, and nothing made up.
        let check = checked(&market, "20").await;
        check.reads("Cara dan waktu bayar disepakati langsung dengan koperasi");
        agreed("net30").await;
        let check = checked(&market, "20").await;
        let words = "Bayar paling lambat 30 hari sesudah barang diterima";
        check.reads(words);
        let answer = buyer.submit(&check, &check.form("/orders")).await;
        let order = buyer.follow(answer.expect(303)).await.expect(200);
        order.reads(words);
        // Other terms from now on are those of other orders.
        agreed("dp50").await;
        buyer.get(&order.path).await.expect(200).reads(words);
        let theirs = market.manager.get(&order.path).await.expect(200);
        theirs.reads(words);
        checked(&market, "10")
            .await
            .reads("Uang muka 50%, sisanya saat barang diterima");
    }
}

#[tokio::test]
async fn several_shares_of_one_order_stand_under_one_head_with_their_sum() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let owner = member(&app, &manager, "Dapur Roban").await;
        let first = product(&app, &owner, 300, |facts| {
            facts.name = "Keripik A".to_owned()
        })
        .await;
        let second = product(&app, &owner, 300, |facts| {
            facts.name = "Keripik B".to_owned()
        })
        .await;
        let offer = live_offer(&app, &manager, &[first, second]).await;
        let (act, own) = (manager.act(&app), manager.organisation);
        let terms = catalog_terms(app.now(), vec![offer]);
        let catalog = app.store.create_catalog(&act, own, &terms).await;
        let catalog = catalog.expect("a catalog");
        let published = app.store.publish_catalog(&act, own, catalog).await;
        published.expect("an edition");
        let buyer = app.quiet_buyer("Toko Jaya").await;
        app.put_in_cart(&buyer.act(&app), buyer.organisation, offer, 10)
            .await;
        let command = app.command(buyer.organisation, manager.organisation).await;
        let placed = app.store.place_order(&buyer.act(&app), &command).await;
        placed.expect("an order");
        let shares = "SELECT COUNT(*) FROM shares WHERE packs > 0";
        assert_eq!(number(&app.database.url, shares).await, 2);
        // 400 packs at Rp10.500.
        let list = owner.get("/orders").await.expect(200);
        list.reads("2 bagian, seluruhnya Rp4.200.000");
        list.reads("Rasa Alas Roban · SO/RAR/2026/01/0001");
        // What is declined counts nothing in the sum.
        let declined = "UPDATE shares SET state = 'declined', packs = 0 WHERE product_id = (SELECT id FROM products \
                        WHERE name = 'Keripik A')";
        run(&app.database.url, declined).await;
        let list = owner.get("/orders").await.expect(200);
        list.reads("2 bagian, seluruhnya Rp2.100.000");
    }
}

#[tokio::test]
async fn the_administrator_writes_down_how_a_buyer_pays_when_verifying_it() {
    for app in TestApp::each().await {
        let admin = app.administrator().await;
        let buyer = app
            .applicant(domain::accounts::OrganisationKind::Buyer, "Toko Baru")
            .await;
        let path = format!("/admin/applicants/{}", buyer.organisation);
        let page = admin.get(&path).await.expect(200);
        let form = page.form_with_button("Terima").press("Terima");
        let odd = form.clone().tampered("payment_term", "net900");
        let again = admin.submit(&page, &odd).await.expect(422);
        assert!(again.field_message("payment_term").contains("Pilih"));
        let answer = admin
            .submit(&page, &form.with("payment_term", "net14"))
            .await;
        let _ = answer.expect(303);
        let kept = "SELECT COUNT(*) FROM organisations WHERE payment_term = 'net14' AND verification = 'verified'";
        assert_eq!(number(&app.database.url, kept).await, 1);
    }
}
