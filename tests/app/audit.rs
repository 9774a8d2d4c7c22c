//! `audit` finds what it promises to find: every check is made to fail once, by rows that no deed would write.

use domain::{ids::OfferId, imports::ImportKind, products::CertificateKind};
use store::{
    imports::{Reading, Table},
    products::NewCertificate,
};
use tests::{
    app::TestApp,
    build::{Market, Pool},
    database,
};

async fn breaches(app: &TestApp, indexed: Option<&[OfferId]>) -> Vec<String> {
    let found = app.store.audit(app.now(), indexed).await;
    found
        .expect("the audit runs")
        .into_iter()
        .map(|breach| format!("{} {}", breach.invariant, breach.text))
        .collect()
}

/// Two markets with orders, carts, permits and an import: a row of everything that points at another.
async fn world(app: &TestApp) -> (Market, Market) {
    let one = app.market_named(&Pool::of(&[60, 60]), "Rasa", "RAR").await;
    let two = app.market_named(&Pool::of(&[60]), "Nira", "NM").await;
    for market in [&one, &two] {
        market.ordered(app, 20).await;
        let buyer = market.buyer.organisation;
        app.put_in_cart(&market.buyer.act(app), buyer, market.offer, 2)
            .await;
    }
    let owner = &one.members[0].owner;
    let permit = NewCertificate {
        kind: CertificateKind::Halal,
        number: "ID33110000000110126".to_owned(),
        valid_until: None,
        for_all: false,
    };
    let (act, organisation) = (owner.act(app), owner.organisation);
    let product = one.members[0].product;
    let added = app
        .store
        .add_certificate(&act, organisation, product, &permit);
    added.await.expect("a permit");
    let table = Table {
        name: None,
        headers: vec!["Nama".to_owned()],
        rows: vec![(2, vec!["Emping".to_owned()])],
    };
    let (kind, reading) = (ImportKind::Listings, Reading::default());
    let tables = [table];
    let staged = app
        .store
        .stage_import(&act, kind, organisation, "a.csv", &tables, &reading);
    staged.await.expect("a preview");
    app.run_jobs().await;
    (one, two)
}

/// What is broken, and the words of the breach; the rows that others hang from come last.
const BREAKS: &[(&str, &[&str])] = &[
    (
        "UPDATE lots SET held = held + 1 WHERE held < on_hand",
        &["I1 lot's held packs differ"],
    ),
    (
        "UPDATE lots SET on_hand = on_hand + 1",
        &["I2 lot's packs on hand differ"],
    ),
    (
        "UPDATE orders SET goods_rupiah = goods_rupiah + 1, total_rupiah = total_rupiah + 1",
        &["I3 order's total differs"],
    ),
    ("UPDATE allocations SET content = '{}'", &["I5 sharing run"]),
    (
        "UPDATE shares SET packs = packs - 1 WHERE packs > 1",
        &["I5 share is promised but its lots"],
    ),
    (
        "UPDATE counters SET value = value + 1",
        &["I11 order numbers of an issuer have gaps"],
    ),
    (
        "UPDATE jobs SET event_id = NULL WHERE kind = 'letter'",
        &["I8 letter or notice has no event"],
    ),
    (
        "UPDATE order_lines SET units = units - 5, packs = (units - 5) * packs_per_unit",
        &["I5 shares give more packs than the line orders"],
    ),
    (
        "UPDATE orders SET state = 'confirmed'",
        &[
            "I7 order",
            "I5 shares of a confirmed line do not add up to its packs",
            "I5 shares of a confirmed line do not add up to its money",
        ],
    ),
    (
        "UPDATE orders SET state = 'expired'",
        &["I6 order that has ended still holds stock"],
    ),
    (
        "UPDATE holds SET lot_id = (SELECT l.id FROM lots l JOIN lots own ON own.id = holds.lot_id \
         WHERE l.product_id <> own.product_id LIMIT 1) WHERE share_id IS NOT NULL",
        &["I10 share holds stock of another product"],
    ),
    (
        "UPDATE holds SET order_id = (SELECT o.id FROM orders o WHERE o.id <> holds.order_id LIMIT 1) \
         WHERE share_id IS NOT NULL",
        &["I10 hold is for another order than its share"],
    ),
    (
        "UPDATE shares SET product_id = (SELECT p.id FROM products p WHERE p.id <> shares.product_id LIMIT 1)",
        &["I10 share is of another cooperative, supplier or product than its supply"],
    ),
    (
        "UPDATE shares SET allocation_id = (SELECT a.id FROM allocations a \
         WHERE a.order_line_id <> shares.order_line_id LIMIT 1)",
        &["I10 share comes from another line's sharing run"],
    ),
    (
        "UPDATE shares SET order_line_id = (SELECT l.id FROM order_lines l WHERE l.order_id <> shares.order_id LIMIT 1)",
        &["I10 share is of another order than its line"],
    ),
    (
        "UPDATE shares SET cooperative_id = (SELECT o.id FROM organisations o WHERE o.kind = 'cooperative' \
         AND o.id <> shares.cooperative_id LIMIT 1)",
        &["I10 share is of another cooperative than its order"],
    ),
    (
        "UPDATE allocation_rows SET supplier_id = (SELECT o.id FROM organisations o WHERE o.kind = 'umkm' \
         AND o.id <> allocation_rows.supplier_id LIMIT 1)",
        &["I10 sharing run counts another cooperative's or supplier's supply"],
    ),
    (
        "UPDATE order_lines SET offer_id = (SELECT o.id FROM offers o WHERE o.id <> order_lines.offer_id LIMIT 1)",
        &["I10 order line is of another cooperative's offer"],
    ),
    (
        "UPDATE cart_lines SET offer_id = (SELECT o.id FROM offers o WHERE o.id <> cart_lines.offer_id LIMIT 1)",
        &["I10 cart holds another cooperative's offer"],
    ),
    (
        "UPDATE catalog_offers SET offer_id = (SELECT o.id FROM offers o WHERE o.id <> catalog_offers.offer_id LIMIT 1)",
        &["I10 catalog shows another cooperative's offer"],
    ),
    (
        "UPDATE members SET status = 'left'",
        &["I10 supplier was never taken into the cooperative"],
    ),
    (
        "UPDATE supplies SET supplier_id = (SELECT o.id FROM organisations o WHERE o.kind = 'umkm' \
         AND o.id <> supplies.supplier_id LIMIT 1)",
        &["I10 supply is of another supplier than its product"],
    ),
    (
        "UPDATE supplies SET cooperative_id = (SELECT o.id FROM organisations o WHERE o.kind = 'cooperative' \
         AND o.id <> supplies.cooperative_id LIMIT 1)",
        &["I10 supply is of another cooperative than its offer"],
    ),
    (
        "UPDATE certificates SET organisation_id = (SELECT o.id FROM organisations o WHERE o.kind = 'umkm' \
         AND o.id <> certificates.organisation_id LIMIT 1)",
        &["I10 certificate is of another business"],
    ),
    (
        "UPDATE products SET import_id = (SELECT i.id FROM imports i LIMIT 1)",
        &["I10 product came from another business's import"],
    ),
    (
        "UPDATE lots SET umkm_id = (SELECT o.id FROM organisations o WHERE o.kind = 'umkm' \
         AND o.id <> lots.umkm_id LIMIT 1)",
        &["I10 lot is not its product's owner's"],
    ),
    (
        "UPDATE orders SET buyer_id = cooperative_id",
        &["I10 order, cart or member stands between organisations of the wrong kind"],
    ),
    (
        "UPDATE notices SET organisation_id = (SELECT o.id FROM organisations o WHERE o.kind = 'platform' \
         OR o.kind = 'umkm' AND o.id <> notices.organisation_id LIMIT 1) WHERE organisation_id IS NOT NULL",
        &["I10 somebody is told of an organisation they never belonged to"],
    ),
    (
        "UPDATE roles SET role = 'platform_admin' WHERE role = 'umkm_owner'",
        &["I10 somebody has a role"],
    ),
];

#[tokio::test]
async fn every_check_finds_what_it_is_for() {
    for app in TestApp::each().await {
        let (one, two) = world(&app).await;
        let indexed = [one.offer, two.offer];
        assert_eq!(breaches(&app, Some(&indexed)).await, Vec::<String>::new());

        let lost = breaches(&app, Some(&[one.offer])).await;
        let words = format!("I9 offer {} is on offer but can't be found", two.offer);
        assert_eq!(lost, [words]);
        let missing: OfferId = "01890000-0000-7000-8000-00000000dead".parse().unwrap();
        let stray = breaches(&app, Some(&[one.offer, two.offer, missing])).await;
        assert_eq!(
            stray,
            [format!(
                "I9 offer {missing} can be found but is not on offer"
            )]
        );

        let mut wrong = Vec::new();
        for (statement, all_words) in BREAKS {
            let missing = async || -> Vec<&str> {
                let found = breaches(&app, None).await;
                let is_missing = |words: &&&str| !found.iter().any(|one| one.starts_with(**words));
                all_words.iter().filter(is_missing).copied().collect()
            };
            // What a row before has broken already would prove nothing.
            if missing().await.len() < all_words.len() {
                wrong.push(format!("{all_words:?}: found before it was broken"));
            }
            database::run(&app.database.url, statement).await;
            for words in missing().await {
                wrong.push(format!("{words}: not found"));
            }
        }
        // History can't be changed; without the database's refusal an order has no event that placed it.
        let trigger = match app.store.is_postgres() {
            true => "DROP TRIGGER events_no_change ON events",
            false => "DROP TRIGGER events_no_update",
        };
        database::run(&app.database.url, trigger).await;
        database::run(
            &app.database.url,
            "UPDATE events SET kind = 'x' WHERE kind = 'submit'",
        )
        .await;
        let all = breaches(&app, None).await;
        if !all
            .iter()
            .any(|one| one.starts_with("I6 order has no line"))
        {
            wrong.push("I6: not found".to_owned());
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
