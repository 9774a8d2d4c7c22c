//! The manager's desk: two at one offer, figures of every kind, what a price is made of, and offers that pause by
//! themselves (CHECKLIST F01, F07; DOMAIN TX-7, §7). By real requests on both databases.

use domain::{products::CertificateKind, time::Zone};
use store::products::NewCertificate;
use tests::{
    app::TestApp,
    build::{Pool, viewer},
    database::{Kind, number, run},
};

use crate::pooling::{live_offer, member, product};

async fn count(app: &TestApp, sql: &str) -> i64 {
    number(&app.database.url, sql).await
}

/// The form of a step with the button that saves; the first one of the prices only fills in.
fn saving(page: &tests::page::Page, step: &str, path: &str) -> tests::form::Form {
    let form = page.form(path);
    if step == "prices" {
        form.press("Simpan dan lihat")
    } else {
        form
    }
}

#[tokio::test]
async fn the_second_of_two_managers_sees_both_versions_and_nothing_is_lost() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let owner = member(&app, &manager, "Dapur Roban").await;
        let first = product(&app, &owner, 800, |_| {}).await;
        let second = product(&app, &owner, 400, |facts| {
            facts.name = "Keripik singkong balado".to_owned();
        })
        .await;
        let offer = live_offer(&app, &manager, &[first]).await;
        let at = |step: &str| format!("/offers/{offer}/{step}");

        // Terms.
        let opened = manager.get(&at("edit")).await.expect(200);
        let saved = manager
            .fill(&at("edit"), &at("edit"), &[("title", "Keripik pilihan")])
            .await;
        assert_eq!(saved.status, 303);
        let mine = opened.form(&at("edit")).with("title", "Keripik istimewa");
        let page = manager.submit(&opened, &mine).await.expect(409);
        page.reads("Keripik pilihan");
        let form = page.form(&at("edit"));
        assert_eq!(form.value("title"), Some("Keripik istimewa"));
        // Sent again it is a decision.
        let _ = manager.submit(&page, &form).await.expect(303);
        let kept = "SELECT count(*) FROM offers WHERE title = 'Keripik istimewa'";
        assert_eq!(count(&app, kept).await, 1);

        // Prices.
        let opened = manager.get(&at("prices")).await.expect(200);
        let form = opened.form(&at("prices")).press("Simpan dan lihat");
        let saved = manager
            .submit(&opened, &form.clone().with("buyer-0", "13.000"))
            .await;
        assert_eq!(saved.status, 303);
        let mine = form.with("buyer-0", "14.000");
        let page = manager.submit(&opened, &mine).await.expect(409);
        page.reads("Rp13.000");
        let form = page.form(&at("prices"));
        assert_eq!(form.value("buyer-0"), Some("14.000"));
        let stored = "SELECT buyer_price_rupiah FROM offer_prices";
        assert_eq!(count(&app, stored).await, 13_000);

        // Members' goods.
        let opened = manager.get(&at("supplies")).await.expect(200);
        let both = opened
            .form(&at("supplies"))
            .tick("product", &second.to_string(), true);
        let _ = manager.submit(&opened, &both).await.expect(303);
        let mine = opened
            .form(&at("supplies"))
            .with(&format!("limit-{first}"), "5");
        let page = manager.submit(&opened, &mine).await.expect(409);
        page.reads("Dapur Roban · Keripik singkong balado");
        let form = page.form(&at("supplies"));
        assert_eq!(form.value(&format!("limit-{first}")), Some("5"));
        let pooled = "SELECT count(*) FROM supplies WHERE withdrawn_at IS NULL";
        assert_eq!(count(&app, pooled).await, 2);
    }
}

#[tokio::test]
async fn figures_are_read_exactly_or_refused_at_every_field_of_an_offer() {
    let app = TestApp::start(Kind::Sqlite).await.expect("SQLite");
    let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
    let owner = member(&app, &manager, "Dapur Roban").await;
    let goods = product(&app, &owner, 800, |_| {}).await;
    let offer = live_offer(&app, &manager, &[goods]).await;
    let version = "SELECT CAST(SUM(version) AS BIGINT) FROM offers";
    let before = count(&app, version).await;
    let limit = format!("limit-{goods}");
    let fields = [
        ("edit", "minimum"),
        ("edit", "multiple"),
        ("edit", "lead_time_days"),
        ("prices", "from-0"),
        ("prices", "buyer-0"),
        ("prices", "member-0"),
        ("prices", "packaging"),
        ("prices", "transport"),
        ("supplies", limit.as_str()),
    ];
    for (step, field) in fields {
        let path = format!("/offers/{offer}/{step}");
        let opened = manager.get(&path).await.expect(200);
        for bad in [
            "-1",
            "1.5",
            "1,5",
            "1e3",
            "NaN",
            "１２",
            "2147483648000",
            "9223372036854775808",
            "sepuluh",
        ] {
            // A stated cost may be any sum of rupiah.
            if bad == "2147483648000" && matches!(field, "packaging" | "transport") {
                continue;
            }
            let form = saving(&opened, step, &path).with(field, bad);
            let page = manager.submit(&opened, &form).await;
            assert_eq!(page.status, 422, "{field} = {bad}");
            assert_eq!(page.form(&path).value(field), Some(bad), "{field}");
        }
        if !matches!(field, "lead_time_days" | "packaging" | "transport") {
            let form = saving(&opened, step, &path).with(field, "0");
            let page = manager.submit(&opened, &form).await;
            assert_eq!(page.status, 422, "{field} = 0");
        }
    }
    assert_eq!(count(&app, version).await, before, "nothing was saved");
    // Blanks around a figure and dots between thousands are how people write.
    let path = format!("/offers/{offer}/prices");
    let opened = manager.get(&path).await.expect(200);
    let form = saving(&opened, "prices", &path)
        .with("buyer-0", " 13.000 ")
        .with("from-0", " 10 ");
    let _ = manager.submit(&opened, &form).await.expect(303);
    let stored = "SELECT buyer_price_rupiah FROM offer_prices";
    assert_eq!(count(&app, stored).await, 13_000);
}

#[tokio::test]
async fn a_margin_and_the_stated_costs_fill_the_price_in_and_members_see_its_way() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let owner = member(&app, &manager, "Dapur Roban").await;
        let goods = product(&app, &owner, 800, |_| {}).await;
        let offer = live_offer(&app, &manager, &[goods]).await;
        let path = format!("/offers/{offer}/prices");
        let opened = manager.get(&path).await.expect(200);
        // A carton of 40 costs Rp5.010: Rp126 a pack in the price, Rp125 in the build-up, the rest in the margin.
        let form = opened
            .form(&path)
            .with("margin_model", "fixed_per_unit")
            .with("margin_figure", "1.500")
            .with("packaging", "3.000")
            .with("transport", "2.010")
            .with("buyer-0", "")
            .press("Isi harga yang kosong");
        let page = manager.submit(&opened, &form).await.expect(200);
        let form = page.form(&path);
        assert_eq!(form.value("buyer-0"), Some("12.126"));
        let form = form.press("Lanjut");
        let _ = manager.submit(&page, &form).await.expect(303);
        let page = owner.get("/supplies").await.expect(200);
        page.reads("Jalan harga");
        page.reads("Rp12.126");
        page.reads("Rp75");
        page.reads("Rp50");
    }
}

#[tokio::test]
async fn buyers_see_what_a_price_is_made_of_only_where_the_cooperative_shows_it() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[60])).await;
        let path = format!("/offers/{}", market.offer);
        market
            .buyer
            .get(&path)
            .await
            .expect(200)
            .lacks("Jalan harga");
        let prices = format!("{path}/prices");
        let page = market.manager.get(&prices).await.expect(200);
        page.reads("Pembeli tidak melihat jalan harga");
        let form = page.form_with_button("Perlihatkan kepada pembeli");
        let form = form.press("Perlihatkan kepada pembeli");
        let _ = market.manager.submit(&page, &form).await.expect(303);
        let page = market.buyer.get(&path).await.expect(200);
        page.reads("Jalan harga");
        page.reads("Rp10.500");
        page.reads("Rp2.000");
        // Who may not see the price sees nothing of it.
        run(
            &app.database.url,
            "UPDATE offers SET price_visibility = 'registered'",
        )
        .await;
        let page = app.visitor().get(&path).await.expect(200);
        page.lacks("Jalan harga");
        page.lacks("Rp10.500");
        let shown = app
            .store
            .offer_page(&viewer(market.buyer.organisation), app.now(), market.offer)
            .await;
        let shown = shown.expect("the database answers").expect("an offer");
        let parts = shown.build_ups.expect("shown to a verified buyer");
        assert_eq!(parts[0].buyer.0, 12_500);
        let sum = parts[0].members.0 + parts[0].platform_fee.0 + parts[0].margin.0;
        assert_eq!(sum, 12_500);
    }
}

#[tokio::test]
async fn a_pool_is_told_by_the_days_on_which_there_is_more() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[60])).await;
        let owner = &market.members[0].owner;
        let today = Zone::Wib.day_of(app.now());
        let lot = store::products::NewLot {
            ready_on: today.plus(10),
            good_until: None,
            packs: domain::quantity::Packs(40),
        };
        let act = owner.act(&app);
        let added = app
            .store
            .add_lot(&act, owner.organisation, market.members[0].product, &lot);
        added.await.expect("a lot");
        let path = format!("/offers/{}", market.offer);
        let page = market.buyer.get(&path).await.expect(200);
        page.reads("7 Januari 2026 60 bungkus");
        page.reads("15 Januari 2026 100 bungkus");
        // Who is not signed in sees bands, not figures.
        let page = app.visitor().get(&path).await.expect(200);
        page.lacks("100 bungkus");
    }
}

#[tokio::test]
async fn an_offer_pauses_by_itself_when_the_last_required_permit_lapses_and_its_manager_is_told() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[60, 50])).await;
        let today = Zone::Wib.day_of(app.now());
        run(
            &app.database.url,
            "UPDATE offers SET required_certificates = 'halal'",
        )
        .await;
        for (member, days) in market.members.iter().zip([3, 5]) {
            let permit = NewCertificate {
                kind: CertificateKind::Halal,
                number: "ID33110000000110126".to_owned(),
                valid_until: Some(today.plus(days)),
                for_all: true,
            };
            let owner = &member.owner;
            let act = owner.act(&app);
            let added =
                app.store
                    .add_certificate(&act, owner.organisation, member.product, &permit);
            added.await.expect("a permit");
        }
        let paused = "SELECT count(*) FROM offers WHERE state = 'paused'";
        app.run_jobs().await;
        // One has lapsed, the other still holds on its last day.
        app.later_hours(5 * 24);
        app.run_jobs().await;
        assert_eq!(count(&app, paused).await, 0);
        // Its owner knows, though the offer goes on with the other's goods: by letter and inside Lumbung, once.
        let lapsed = |at: usize| {
            let letters = app.letters.letters_to(&market.members[at].owner.login);
            let subject = "Izin barang Anda sudah habis";
            letters
                .iter()
                .filter(|letter| letter.subject == subject)
                .count()
        };
        assert_eq!((lapsed(0), lapsed(1)), (1, 0));
        let owner = app.signed_in(&market.members[0].owner.login).await;
        let notices = owner.get("/notices").await.expect(200);
        notices.reads("Izin barang Anda sudah habis");
        app.later_hours(24);
        app.run_jobs().await;
        assert_eq!(count(&app, paused).await, 1);
        let event = "SELECT count(*) FROM events WHERE kind = 'pause' AND reason = 'permit_lapsed' AND person_id IS NULL";
        assert_eq!(count(&app, event).await, 1);
        let letters = app.letters.letters_to(&market.manager.login);
        let told = |letter: &mail::Letter| letter.subject.contains("berhenti tayang");
        assert!(letters.iter().any(told), "{letters:?}");
        let notices = market.manager.get("/notices").await.expect(200);
        notices.reads("berhenti tayang");
        notices.lacks("permit_lapsed");
        // Nothing more happens to it, and without the permit it does not come back.
        app.later_hours(2);
        app.run_jobs().await;
        assert_eq!(count(&app, event).await, 1);
        assert_eq!((lapsed(0), lapsed(1)), (1, 1));
        let state = format!("/offers/{}/state", market.offer);
        let page = market.manager.get(&state).await.expect(200);
        page.reads("Izin yang diminta sudah habis");
        let form = page
            .form_with_button("Tayangkan lagi")
            .press("Tayangkan lagi");
        let refused = market.manager.submit(&page, &form).await.expect(422);
        refused.reads("Belum ada barang dengan izin");
        // Renewed, it does.
        run(
            &app.database.url,
            "UPDATE certificates SET valid_until = NULL",
        )
        .await;
        let _ = market.manager.submit(&page, &form).await.expect(303);
        // Taken away, it pauses at once.
        let owner = &market.members[0].owner;
        for member in &market.members {
            let owner = &member.owner;
            let permits = app.store.certificates(owner.organisation, member.product);
            for permit in permits.await.expect("permits") {
                let act = owner.act(&app);
                let gone = app.store.remove_certificate(
                    &act,
                    owner.organisation,
                    member.product,
                    permit.id,
                );
                gone.await.expect("taken away");
            }
        }
        assert_eq!(count(&app, paused).await, 1, "{}", owner.login);
    }
}
