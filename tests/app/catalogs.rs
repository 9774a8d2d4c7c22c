//! Catalogs by real requests on both databases: editions, audiences, time, two editors.

use domain::offers::OfferEvent;
use store::catalogs::CatalogError;
use tests::{app::TestApp, database::number};

use crate::pooling::{catalog_terms, live_offer, member, pricing, product};

async fn count(app: &TestApp, sql: &str) -> i64 {
    number(&app.database.url, sql).await
}

#[tokio::test]
async fn a_catalog_is_published_and_what_a_reader_would_see_makes_an_edition() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let roban = member(&app, &manager, "Dapur Roban").await;
        let keripik = product(&app, &roban, 2_400, |_| {}).await;
        let offer = live_offer(&app, &manager, &[keripik]).await;
        let page = manager.get("/catalogs/new").await.expect(200);
        let form = page.form("/catalogs/new").with("title", "Panen raya").tick(
            "offer",
            &offer.to_string(),
            true,
        );
        let answer = manager.submit(&page, &form).await;
        let page = manager.follow(answer.expect(303)).await.expect(200);
        let form = page.form_with_button("Terbitkan");
        let answer = manager.submit(&page, &form.press("Terbitkan")).await;
        let page = manager.follow(answer.expect(303)).await.expect(200);
        page.reads("Katalog terbit, edisi 1");
        page.reads("Terbuka");
        let edition = "SELECT MAX(edition) FROM catalog_editions";
        assert_eq!(
            count(&app, "SELECT CAST(edition AS BIGINT) FROM catalogs").await,
            1
        );

        // A change of the catalog, and of an offer in it.
        let action = page.path.clone();
        let changed = manager
            .post_form(&page, &action, &[("description", "Baru")])
            .await;
        assert_eq!(changed.status, 303, "{}", changed.visible());
        assert_eq!(
            count(&app, "SELECT CAST(edition AS BIGINT) FROM catalogs").await,
            2
        );
        let (act, own, store) = (manager.act(&app), manager.organisation, &app.store);
        let mut dearer = pricing();
        dearer.rows[0].buyer_price = domain::money::Rupiah(13_100);
        let mut pays_members_more = dearer.clone();
        pays_members_more.rows[0].member_price = domain::money::Rupiah(10_600);
        // The same prices, and what members get, are nothing to a reader.
        for (prices, expected) in [(pricing(), 2), (dearer, 3), (pays_members_more, 3)] {
            let stored = store.managed_offer(own, offer).await;
            let version = stored.expect("the database").expect("the offer").version;
            let set = store.set_prices(&act, own, offer, version, &prices).await;
            set.expect("prices");
            let now = "SELECT CAST(edition AS BIGINT) FROM catalogs";
            assert_eq!(count(&app, now).await, expected);
        }
        let numbers =
            format!("SELECT CAST(({edition}) - COUNT(*) AS BIGINT) FROM catalog_editions");
        assert_eq!(count(&app, &numbers).await, 0);
        let kept = "SELECT count(*) FROM catalog_editions WHERE content LIKE '%Keripik singkong original%'";
        assert_eq!(count(&app, kept).await, 3);
    }
}

#[tokio::test]
async fn a_catalog_without_anything_to_buy_is_not_published() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let roban = member(&app, &manager, "Dapur Roban").await;
        let keripik = product(&app, &roban, 2_400, |_| {}).await;
        let offer = live_offer(&app, &manager, &[keripik]).await;
        let (act, cooperative) = (manager.act(&app), manager.organisation);
        let paused = app
            .store
            .change_offer(&act, cooperative, offer, OfferEvent::Pause);
        paused.await.expect("a paused offer");
        let terms = catalog_terms(app.now(), vec![offer]);
        let catalog = app.store.create_catalog(&act, cooperative, &terms);
        let catalog = catalog.await.expect("a draft");
        let page = manager.get(&format!("/catalogs/{catalog}/edit")).await;
        let page = page.expect(200);
        let form = page.form_with_button("Terbitkan");
        let answer = manager.submit(&page, &form.press("Terbitkan")).await;
        assert_eq!(answer.status, 409);
        answer.reads("paling sedikit satu penawaran yang tayang");
        assert_eq!(
            count(&app, "SELECT CAST(edition AS BIGINT) FROM catalogs").await,
            0
        );
    }
}

#[tokio::test]
async fn a_catalog_closes_when_its_time_is_over() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let roban = member(&app, &manager, "Dapur Roban").await;
        let keripik = product(&app, &roban, 2_400, |_| {}).await;
        let offer = live_offer(&app, &manager, &[keripik]).await;
        let (act, cooperative) = (manager.act(&app), manager.organisation);
        let mut terms = catalog_terms(app.now(), vec![offer]);
        terms.closes_at = Some(app.now().plus_hours(24));
        let catalog = app.store.create_catalog(&act, cooperative, &terms);
        let catalog = catalog.await.expect("a draft");
        let published = app.store.publish_catalog(&act, cooperative, catalog);
        assert_eq!(published.await.expect("an edition"), 1);
        // The index has work to do at that moment.
        let later = format!(
            "SELECT count(*) FROM jobs WHERE kind = 'index_offer' AND run_at = {}",
            app.now().plus_hours(24).0
        );
        assert_eq!(count(&app, &later).await, 1);
        app.later_hours(25);
        manager.get("/catalogs").await.expect(200).reads("Ditutup");
        app.store.sweep(app.now()).await.expect("a sweep");
        let closed = "SELECT count(*) FROM catalogs WHERE state = 'closed'";
        assert_eq!(count(&app, closed).await, 1);
        let act = manager.act(&app);
        let again = app.store.publish_catalog(&act, cooperative, catalog);
        assert!(matches!(again.await, Err(CatalogError::Refused(_))));
    }
}

#[tokio::test]
async fn the_form_says_what_is_wrong_with_time_and_audience() {
    let app = TestApp::start(tests::database::Kind::Sqlite)
        .await
        .expect("SQLite");
    let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
    let fields = [
        ("title", "Panen raya"),
        ("audience", "buyers"),
        ("opens", "2026-02-10"),
        ("closes", "2026-02-09"),
    ];
    let answer = manager
        .fill("/catalogs/new", "/catalogs/new", &fields)
        .await;
    assert_eq!(answer.status, 422);
    answer.reads("Hari terakhir tidak boleh sebelum dibuka");
    answer.reads("Pilih paling sedikit satu pembeli");
    assert_eq!(
        answer.form("/catalogs/new").value("title"),
        Some("Panen raya")
    );
}

#[tokio::test]
async fn the_second_of_two_editors_sees_both_catalogs() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let terms = catalog_terms(app.now(), Vec::new());
        let catalog = app
            .store
            .create_catalog(&manager.act(&app), manager.organisation, &terms)
            .await
            .expect("a draft");
        let path = format!("/catalogs/{catalog}/edit");
        let (first, second) = (manager.get(&path).await, manager.get(&path).await);
        let saved = manager.post_form(&first, &path, &[("title", "Pertama")]);
        let _ = saved.await.expect(303);
        let lost = manager
            .post_form(&second, &path, &[("title", "Kedua")])
            .await;
        assert_eq!(lost.status, 409);
        lost.reads("Pertama");
        assert_eq!(lost.form(&path).value("title"), Some("Kedua"));
    }
}

#[tokio::test]
async fn another_cooperatives_catalog_and_offers_are_out_of_reach() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let stranger = app.cooperative("Nira Menoreh", "NM").await;
        let roban = member(&app, &manager, "Dapur Roban").await;
        let keripik = product(&app, &roban, 2_400, |_| {}).await;
        let offer = live_offer(&app, &manager, &[keripik]).await;
        let terms = catalog_terms(app.now(), vec![offer]);
        let catalog = app
            .store
            .create_catalog(&manager.act(&app), manager.organisation, &terms)
            .await
            .expect("a draft");
        let page = stranger.get("/catalogs/new").await.expect(200);
        page.lacks("Keripik");
        let token = page.attribute("input[name=csrf_token]", "value");
        let before = count(&app, "SELECT count(*) FROM events").await;
        let _ = stranger
            .get(&format!("/catalogs/{catalog}/edit"))
            .await
            .expect(404);
        for deed in ["edit", "publication"] {
            let fields = [
                ("csrf_token", token.as_str()),
                ("event", "archive"),
                ("version", "1"),
            ];
            let path = format!("/catalogs/{catalog}/{deed}");
            assert_eq!(stranger.post(&path, &fields).await.status, 404, "{deed}");
        }
        // An offer of somebody else can't be put into one's own catalog.
        let form = page
            .form("/catalogs/new")
            .with("title", "Curian")
            .tampered("offer", &offer.to_string());
        assert_eq!(stranger.submit(&page, &form).await.status, 404);
        assert_eq!(count(&app, "SELECT count(*) FROM events").await, before);
        assert_eq!(count(&app, "SELECT count(*) FROM catalogs").await, 1);
    }
}

#[tokio::test]
async fn a_catalog_saved_again_as_it_is_keeps_its_edition_and_answers_its_version() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let roban = member(&app, &manager, "Dapur Roban").await;
        let keripik = product(&app, &roban, 2_400, |_| {}).await;
        let offer = live_offer(&app, &manager, &[keripik]).await;
        let (act, own, store) = (manager.act(&app), manager.organisation, &app.store);
        let mut terms = catalog_terms(app.now(), vec![offer]);
        let made = store.create_catalog(&act, own, &terms).await;
        let catalog = made.expect("a draft");
        let published = store.publish_catalog(&act, own, catalog).await;
        assert_eq!(published.expect("an edition"), 1);
        let stored = store.managed_catalog(own, catalog).await;
        let mut version = stored.expect("the database").expect("it").version;
        // One after the other on the version that the one before answered.
        for (title, edition) in [("Katalog umum", 1), ("Panen raya", 2), ("Panen raya", 2)] {
            terms.title = title.to_owned();
            let edited = store.edit_catalog(&act, own, catalog, version, &terms);
            version = edited.await.expect("the version is the one in force");
            let stored = store.managed_catalog(own, catalog).await;
            let stored = stored.expect("the database").expect("it");
            assert_eq!((stored.edition, stored.version), (edition, version));
        }
        let editions = "SELECT COUNT(*) FROM catalog_editions";
        assert_eq!(count(&app, editions).await, 2);
        let told = "SELECT COUNT(*) FROM events WHERE subject_kind = 'catalog' AND kind IN ('publish', 'republish')";
        assert_eq!(count(&app, told).await, 2);
    }
}

#[tokio::test]
async fn a_catalog_of_many_offers_queues_its_opening_and_closing_for_each_once() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let roban = member(&app, &manager, "Dapur Roban").await;
        let mut offers = Vec::new();
        for _ in 0..3 {
            let keripik = product(&app, &roban, 2_400, |_| {}).await;
            offers.push(live_offer(&app, &manager, &[keripik]).await);
        }
        let (act, own, store) = (manager.act(&app), manager.organisation, &app.store);
        let mut terms = catalog_terms(app.now(), offers);
        terms.opens_at = app.now().plus_hours(24);
        terms.closes_at = Some(app.now().plus_hours(48));
        let made = store.create_catalog(&act, own, &terms).await;
        let catalog = made.expect("a draft");
        for _ in 0..2 {
            let published = store.publish_catalog(&act, own, catalog).await;
            assert_eq!(published.expect("an edition"), 1);
        }
        for hours in [24, 48] {
            let at = app.now().plus_hours(hours).0;
            let due =
                format!("SELECT COUNT(*) FROM jobs WHERE kind = 'index_offer' AND run_at = {at}");
            assert_eq!(count(&app, &due).await, 3);
        }
    }
}

#[tokio::test]
async fn however_many_catalogs_there_are_each_has_its_place_on_a_page() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let roban = member(&app, &manager, "Dapur Roban").await;
        let keripik = product(&app, &roban, 2_400, |_| {}).await;
        let offer = live_offer(&app, &manager, &[keripik]).await;
        let (act, own) = (manager.act(&app), manager.organisation);
        for n in 0..30 {
            let mut terms = catalog_terms(app.now(), vec![offer]);
            terms.title = format!("Katalog {n:02}");
            let made = app.store.create_catalog(&act, own, &terms).await;
            let made = made.expect("a catalog");
            let published = app.store.publish_catalog(&act, own, made).await;
            published.expect("an edition");
        }
        let all = count(&app, "SELECT COUNT(*) FROM catalogs").await;
        let first = manager.get("/catalogs").await.expect(200);
        first.reads(&format!("1–24 dari {all} katalog"));
        let second = manager.get("/catalogs?page=2").await.expect(200);
        second.reads(&format!("25–{all} dari {all} katalog"));
        let slug = "/cooperatives/rasa-alas-roban";
        let market = manager.get(slug).await.expect(200);
        market.reads(&format!("1–12 dari {all} katalog"));
        let last = format!("{slug}?catalogs=3");
        let market = manager.get(&last).await.expect(200);
        market.reads(&format!("25–{all} dari {all} katalog"));
        // A page that nobody has is empty, and says so.
        let none = manager.get("/catalogs?page=9999").await;
        none.expect(200).reads(&format!("dari {all} katalog"));
    }
}
