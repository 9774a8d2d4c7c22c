//! A manager works at a member's goods in its name; a membership ends by either side and takes that right with it at
//! once (CHECKLIST B10). By real requests on both databases.

use domain::orders::Actor;
use store::orders::PlaceError;
use tests::{
    app::TestApp,
    build::Pool,
    database::{number, run},
    page::Page,
    people::Person,
};

use crate::pooling::{live_offer, member, product};

async fn count(app: &TestApp, sql: &str) -> i64 {
    number(&app.database.url, sql).await
}

/// The manager's page of a member.
async fn page_of(manager: &Person, name: &str) -> Page {
    let list = manager.get("/members").await.expect(200);
    manager.click(&list, name).await.expect(200)
}

const RENGGINANG: [(&str, &str); 6] = [
    ("name", "Rengginang 200 g"),
    ("kind", "rengginang"),
    ("unit", "bungkus"),
    ("content", "200 g"),
    ("price", "9.000"),
    ("stock", "40"),
];

#[tokio::test]
async fn a_manager_lists_goods_and_changes_stock_and_price_for_a_member_who_sees_it_all() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let owner = member(&app, &manager, "Dapur Roban").await;
        let page = page_of(&manager, "Dapur Roban").await;
        let form = manager.click(&page, "Tambah barang").await.expect(200);
        form.reads("Anda bekerja atas nama Dapur Roban");
        let sent = RENGGINANG.iter().fold(
            form.form("/products/new").press("Tayangkan"),
            |form, (name, value)| form.with(name, value),
        );
        let page = manager
            .follow(manager.submit(&form, &sent).await.expect(303))
            .await;
        page.expect_goods("40 bungkus");
        let here = page.path.clone();
        assert!(here.starts_with("/members/"), "{here}");

        // Price, a new lot, and one pack less from the list.
        let edit = format!("{here}/edit");
        let answer = manager.fill(&edit, &edit, &[("price", "9.500")]).await;
        let page = manager.follow(answer.expect(303)).await;
        page.reads("Rp9.000 → Rp9.500");
        page.reads("Diubah oleh Rasa Alas Roban atas nama Dapur Roban");
        let lots = format!("{here}/lots");
        let answer = manager.fill(&lots, &lots, &[("packs", "10")]).await;
        manager.follow(answer.expect(303)).await.reads("50 bungkus");
        let list = here.rsplit_once('/').expect("a list").0.to_owned();
        let page = manager.get(&list).await.expect(200);
        let less = page
            .form(&format!("{here}/stock"))
            .press("Kurangi satu Rengginang 200 g");
        let back = manager.submit(&page, &less).await.expect(303);
        assert_eq!(back.location(), list);

        // Marked in every event and movement, and the owner reads it in plain words.
        let marked = "SELECT count(*) FROM events WHERE on_behalf_of IS NOT NULL AND subject_kind IN ('product', 'lot')";
        let all = "SELECT count(*) FROM events WHERE subject_kind IN ('product', 'lot')";
        assert_eq!(count(&app, marked).await, count(&app, all).await);
        assert_eq!(count(&app, marked).await, 6);
        let moved =
            "SELECT count(*) FROM movements WHERE on_behalf AND organisation_id IS NOT NULL";
        assert_eq!(count(&app, moved).await, 3);
        let mine = owner.get("/products").await.expect(200);
        let mine = owner.click(&mine, "Rengginang 200 g").await.expect(200);
        mine.reads("Diubah oleh Rasa Alas Roban atas nama Anda");
        mine.reads("49 bungkus");
        mine.reads("5 Januari 2026");
    }
}

trait Goods {
    fn expect_goods(&self, words: &str);
}

impl Goods for Page {
    fn expect_goods(&self, words: &str) {
        assert_eq!(self.status, 200, "{}", self.visible());
        self.reads(words);
    }
}

#[tokio::test]
async fn a_member_without_a_login_is_worked_for_all_the_same() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        member(&app, &manager, "Dapur Roban").await;
        // As a register from a file leaves it: an organisation that nobody signs in for.
        run(
            &app.database.url,
            "UPDATE roles SET until = 1 WHERE role = 'umkm_owner'",
        )
        .await;
        let page = page_of(&manager, "Dapur Roban").await;
        let form = manager.click(&page, "Tambah barang").await.expect(200);
        let sent = RENGGINANG.iter().fold(
            form.form("/products/new").press("Tayangkan"),
            |form, (name, value)| form.with(name, value),
        );
        let answer = manager.submit(&form, &sent).await.expect(303);
        manager.follow(answer).await.expect_goods("40 bungkus");
    }
}

#[tokio::test]
async fn only_active_members_of_ones_own_cooperative_are_worked_for_and_only_as_long_as_they_are() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let stranger = app.cooperative("Nira Menoreh", "NM").await;
        let owner = member(&app, &manager, "Dapur Roban").await;
        let id = product(&app, &owner, 100, |_| {}).await;
        let base = format!("{}/products", page_of(&manager, "Dapur Roban").await.path);
        let here = format!("{base}/{id}");
        let page = manager.get(&here).await.expect(200);
        let token = page.attribute("input[name=csrf_token]", "value");
        let stock = format!("{here}/stock");
        let more = [("csrf_token", token.as_str()), ("change", "1")];
        let _ = manager.post(&stock, &more).await.expect(303);

        // Another cooperative's manager finds nobody there.
        let _ = stranger.get(&base).await.expect(404);
        let _ = stranger.get(&here).await.expect(404);
        // An associate supplies, but looks after its goods itself.
        let set = |status: &'static str| {
            let sql = format!("UPDATE members SET status = '{status}'");
            let url = app.database.url.clone();
            async move { run(&url, &sql).await }
        };
        set("associate").await;
        let refused = manager.post(&stock, &more).await.expect(409);
        refused.reads("bukan anggota aktif");
        set("active").await;

        // The owner leaves: from the next request on, the manager can neither see nor change anything.
        let own = owner.get("/memberships").await.expect(200);
        let leave = owner.click(&own, "Berhenti jadi anggota").await.expect(200);
        let action = leave.path.clone();
        let again = owner.post_form(&leave, &action, &[("reason", "")]).await;
        let again = again.expect(422);
        assert!(again.field_message("reason").contains("Wajib diisi"));
        let fields = [("reason", "Pindah kota")];
        let left = owner.post_form(&leave, &action, &fields).await.expect(303);
        owner.follow(left).await.reads("Anda sudah berhenti");
        let before = count(&app, "SELECT count(*) FROM movements").await;
        for path in [&base, &here] {
            let answer = manager.get(path).await.expect(409);
            answer.lacks("Keripik singkong original");
        }
        let _ = manager.post(&stock, &more).await.expect(409);
        assert_eq!(count(&app, "SELECT count(*) FROM movements").await, before);
        // The deed itself refuses too, whatever page it came from.
        let act = manager.act(&app).on_behalf_of(owner.organisation);
        let today = domain::time::Zone::Wib.day_of(app.now());
        let done = app
            .store
            .change_stock(&act, owner.organisation, id, 1, today);
        assert!(done.await.is_err());
        assert_eq!(count(&app, "SELECT count(*) FROM movements").await, before);
        // The cooperative is told, and keeps the history; the owner keeps its goods.
        let letters = "SELECT count(*) FROM jobs WHERE payload LIKE '%membership_ended%'";
        assert_eq!(count(&app, letters).await, 1);
        let page = page_of(&manager, "Dapur Roban").await;
        page.reads("Pindah kota");
        page.lacks("Keripik singkong original");
        let goods = owner.get("/products").await.expect(200);
        goods.reads("Keripik singkong original");
    }
}

#[tokio::test]
async fn what_another_cooperative_pools_stays_its_own_affair() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let other = app.cooperative("Nira Menoreh", "NM").await;
        let owner = member(&app, &manager, "Dapur Roban").await;
        let applied = app
            .store
            .apply_membership(&owner.act(&app), owner.organisation, other.organisation)
            .await
            .expect("an application");
        app.store
            .decide_membership(
                &other.act(&app),
                other.organisation,
                applied,
                &store::members::MembershipDecision::Admit,
            )
            .await
            .expect("a member of both");
        let id = product(&app, &owner, 800, |_| {}).await;
        live_offer(&app, &other, &[id]).await;
        let base = format!("{}/products", page_of(&manager, "Dapur Roban").await.path);
        let page = manager.get(&format!("{base}/{id}")).await.expect(200);
        page.lacks("Nira Menoreh");
        let edit = format!("{base}/{id}/edit");
        let refused = manager.fill(&edit, &edit, &[("price", "99.000")]).await;
        let refused = refused.expect(422);
        refused.reads("penawaran koperasi lain");
        refused.lacks("10.500 ");
        assert_eq!(
            count(&app, "SELECT price_rupiah FROM products").await,
            10_500
        );
        // Its own manager is told which offer it is.
        let base = format!("{}/products", page_of(&other, "Dapur Roban").await.path);
        let edit = format!("{base}/{id}/edit");
        let refused = other.fill(&edit, &edit, &[("price", "99.000")]).await;
        refused.expect(422).reads("membayar paling banyak Rp10.500");
    }
}

#[tokio::test]
async fn an_open_share_outlives_the_membership_and_who_comes_back_keeps_its_number() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[60, 50])).await;
        let placed = market.ordered(&app, 20).await;
        let leaver = &market.members[0].owner;
        let own = app.store.memberships_of(leaver.organisation).await;
        let own = own.expect("the database answers");
        assert_eq!(own[0].open_shares, 1);
        let page = leaver.get("/memberships").await.expect(200);
        let page = leaver.click(&page, "Berhenti jadi anggota").await;
        page.reads("Anda masih punya 1 bagian pesanan");
        let action = page.path.clone();
        let fields = [("reason", "Pindah")];
        let _ = leaver.post_form(&page, &action, &fields).await.expect(303);
        // The promise stands: it is still answered by its owner, and the pack stays held.
        let held = "SELECT CAST(SUM(held) AS BIGINT) FROM lots";
        assert_eq!(count(&app, held).await, 20);
        let shares = app.store.shares_in(leaver.organisation, placed.order).await;
        let share = shares.expect("a share")[0];
        let page = leaver.get(&format!("/shares/{share}")).await.expect(200);
        // B10: its own figures stay, the others' names are the cooperative's.
        page.reads("Dapur Rasa 0");
        page.reads("Anggota lain");
        page.lacks("Dapur Rasa 1");
        let theirs = market.manager.get(&format!("/shares/{share}")).await;
        theirs.expect(200).reads("Dapur Rasa 1");
        let form = page.form_with_button("Siapkan");
        let answer = leaver.submit(&page, &form.press("Siapkan")).await;
        assert_eq!(answer.status, 303, "{}", answer.visible());
        let accepted = "SELECT count(*) FROM shares WHERE state = 'accepted'";
        assert_eq!(count(&app, accepted).await, 1);
        // New orders go to the others alone.
        let pooled = market.ordered(&app, 5).await;
        let shares = app.store.shares_in(leaver.organisation, pooled.order).await;
        assert_eq!(shares.expect("the database answers"), []);

        // Back again: the same row, the same number, the whole history.
        let cooperative = market.cooperative();
        let number = "SELECT CAST(number AS BIGINT) FROM members WHERE left_on IS NOT NULL";
        let before = count(&app, number).await;
        let page = leaver.get("/memberships").await.expect(200);
        let form = page.form_with_button("Daftar");
        let _ = leaver.submit(&page, &form).await.expect(303);
        let manager = &market.manager;
        let list = manager.get("/members?status=applied").await.expect(200);
        let page = manager.click(&list, "Dapur Rasa 0").await.expect(200);
        let form = page.form_with_button("Terima sebagai anggota luar biasa");
        let form = form.press("Terima sebagai anggota luar biasa");
        let page = manager.follow(manager.submit(&page, &form).await).await;
        page.reads("Anggota luar biasa");
        let form = page.form_with_button("Terima sebagai anggota");
        let form = form.press("Terima sebagai anggota");
        let page = manager.follow(manager.submit(&page, &form).await).await;
        page.reads("Berhenti");
        page.reads("Diterima sebagai anggota luar biasa");
        let filter = store::members::MemberFilter {
            search: before.to_string(),
            ..Default::default()
        };
        let rows = app.store.members(cooperative, &filter).await;
        let (rows, _) = rows.expect("the database answers");
        let back = rows.iter().find(|row| row.name == "Dapur Rasa 0");
        let back = back.expect("found by its number");
        assert_eq!(back.number.map(i64::from), Some(before));
        assert_eq!(back.status, "active");
    }
}

#[tokio::test]
async fn two_cooperatives_over_the_same_lots_never_sell_a_pack_twice_and_each_says_what_is_left() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[30])).await;
        let (owner, id) = (&market.members[0].owner, market.members[0].product);
        let other = app.cooperative("Nira Menoreh", "NM").await;
        let applied = app
            .store
            .apply_membership(&owner.act(&app), owner.organisation, other.organisation)
            .await
            .expect("an application");
        app.store
            .decide_membership(
                &other.act(&app),
                other.organisation,
                applied,
                &store::members::MembershipDecision::Admit,
            )
            .await
            .expect("a member of both");
        let second = app.offer(&other, &[id], &Pool::of(&[30])).await;
        app.run_jobs().await;
        let left = async |offer: domain::ids::OfferId| {
            let viewer = tests::build::viewer(market.buyer.organisation);
            let page = app.store.offer_page(&viewer, app.now(), offer).await;
            page.expect("the database answers")
                .expect("an offer")
                .available
        };
        let units = |n| store::offers::Shown::Units(domain::quantity::Units(n));
        assert_eq!(left(market.offer).await, units(30));
        assert_eq!(left(second).await, units(30));

        // 20 go by the first cooperative: the second has 10 left, on its page and in the index's work.
        let first = market.ordered(&app, 20).await;
        assert_eq!(left(market.offer).await, units(10));
        assert_eq!(left(second).await, units(10));
        let queued = "SELECT count(DISTINCT payload) FROM jobs WHERE kind = 'index_offer' AND done_at IS NULL";
        assert_eq!(count(&app, queued).await, 2, "both offers are indexed anew");

        // Many at once on the last ten, through both doors.
        let mut buyers = Vec::new();
        for at in 0..12 {
            buyers.push(app.quiet_buyer(&format!("Pembeli {at}")).await);
        }
        let tries = buyers.iter().enumerate().map(|(at, buyer)| {
            let (app, market) = (&app, &market);
            let (offer, cooperative) = match at % 2 {
                0 => (market.offer, market.cooperative()),
                _ => (second, other.organisation),
            };
            async move {
                let act = buyer.act(app);
                let viewer = tests::build::viewer(buyer.organisation);
                let two = domain::quantity::Units(2);
                let put = app
                    .store
                    .put_in_cart(&act, &viewer, buyer.organisation, offer, two)
                    .await;
                if put.is_err() {
                    return 0;
                }
                let command = app.command(buyer.organisation, cooperative).await;
                match app.store.place_order(&act, &command).await {
                    Ok(_) => 2,
                    Err(PlaceError::SoldOut(_) | PlaceError::Changed(_)) => 0,
                    Err(other) => panic!("buyer {at}: {other}"),
                }
            }
        });
        let sold: i64 = futures_util::future::join_all(tries).await.iter().sum();
        assert!(sold <= 10, "{sold} of 10 sold");
        let held = count(&app, "SELECT CAST(SUM(held) AS BIGINT) FROM lots").await;
        assert_eq!(held, 20 + sold);
        assert_eq!(left(market.offer).await, left(second).await);
        // What comes back is there for both.
        let act = market.buyer.act(&app);
        let buyer = market.buyer.organisation;
        app.store
            .cancel_order(&act, buyer, Actor::BuyerApprover, first.order)
            .await
            .expect("cancelled");
        let back = units(30 - sold);
        assert_eq!(left(market.offer).await, back);
        assert_eq!(left(second).await, back);
        let breaches = app.store.audit(app.now(), None).await;
        assert_eq!(breaches.expect("the audit runs"), []);
    }
}

#[tokio::test]
async fn a_manager_and_the_owner_at_one_product_lose_nothing_of_each_other() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let owner = member(&app, &manager, "Dapur Roban").await;
        let goods = product(&app, &owner, 40, |_| ()).await;
        let own = format!("/products/{goods}/edit");
        let desk = page_of(&manager, "Dapur Roban").await;
        let of = desk.path.trim_start_matches("/members/").to_owned();
        let behalf = format!("/members/{of}/products/{goods}/edit");
        let opened = manager.get(&behalf).await.expect(200);
        let saved = owner.fill(&own, &own, &[("price", "11.000")]).await;
        let _ = saved.expect(303);
        let form = opened.form(&behalf).with("price", "12.000");
        let lost = manager.submit(&opened, &form).await.expect(409);
        // What is stored now, and what was typed.
        lost.reads("11.000");
        assert_eq!(lost.form(&behalf).value("price"), Some("12.000"));
        let stored = "SELECT price_rupiah FROM products";
        assert_eq!(count(&app, stored).await, 11_000);
        // Having seen it, the manager may decide.
        let again = manager.submit(&lost, &lost.form(&behalf)).await;
        let _ = again.expect(303);
        assert_eq!(count(&app, stored).await, 12_000);
    }
}
