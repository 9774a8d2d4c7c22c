//! What buyers and passers-by see: nobody reads a price or an offer that is not for them, and search is in step.

use domain::{
    catalogs::Audience,
    ids::{CatalogId, OfferId},
    offers::PriceVisibility,
    quantity::Units,
};
use store::{catalogs::CatalogTerms, offers::SupplyChoice};
use tests::{app::TestApp, people::Person};

use crate::pooling::{catalog_terms, member, offer_terms, pricing, product};

/// A cooperative with one live offer of two businesses in a catalog.
struct Stall {
    manager: Person,
    offer: OfferId,
    catalog: CatalogId,
}

async fn stall(
    app: &TestApp,
    prices: PriceVisibility,
    catalog: impl FnOnce(&mut CatalogTerms),
) -> Stall {
    let manager = app.cooperative("Koperasi Produsen Tani Maju", "TM").await;
    let (act, cooperative) = (manager.act(app), manager.organisation);
    let mut choices = Vec::new();
    for (name, packs) in [("Dapur Sari", 600), ("Dapur Wangi", 430)] {
        let owner = member(app, &manager, name).await;
        choices.push(SupplyChoice {
            product: product(app, &owner, packs, |_| ()).await,
            limit: None,
        });
    }
    let store = &app.store;
    let mut terms = offer_terms();
    terms.price_visibility = prices;
    let offer = store.create_offer(&act, cooperative, &terms).await.unwrap();
    let version = store.set_supplies(&act, cooperative, offer, 1, &choices);
    let version = version.await.unwrap();
    let pricing = pricing();
    let priced = store.set_prices(&act, cooperative, offer, version, &pricing);
    priced.await.unwrap();
    store.publish_offer(&act, cooperative, offer).await.unwrap();
    let mut terms = catalog_terms(app.now(), vec![offer]);
    catalog(&mut terms);
    let catalog = store
        .create_catalog(&act, cooperative, &terms)
        .await
        .unwrap();
    store
        .publish_catalog(&act, cooperative, catalog)
        .await
        .unwrap();
    app.run_jobs().await;
    Stall {
        manager,
        offer,
        catalog,
    }
}

#[tokio::test]
async fn everybody_finds_a_public_offer_with_its_price_but_only_a_band() {
    for app in TestApp::each().await {
        let stall = stall(&app, PriceVisibility::Public, |_| ()).await;
        let visitor = app.visitor().speaking("id");
        for path in [
            "/".to_owned(),
            "/search?q=kripik".to_owned(),
            "/search?category=makanan-ringan&province=34".to_owned(),
            "/cooperatives/koperasi-produsen-tani-maju".to_owned(),
            format!("/catalogs/{}", stall.catalog),
        ] {
            let page = visitor.get(&path).await.expect(200);
            page.reads("Keripik singkong original 250 g");
            page.reads("Rp12.500");
            page.reads("Gabungan dari 2 usaha · > 10 dus siap");
        }
        let page = visitor
            .get(&format!("/offers/{}", stall.offer))
            .await
            .expect(200);
        page.reads("Rp500.000");
        page.reads("Dapur Sari");
        page.reads("> 10 dus siap");
        page.lacks("25 dus");
        assert!(
            page.actions().iter().all(|action| action == "/search"),
            "no form to send"
        );
        page.reads("Masuk untuk memesan");
        // No phone, no address, no name of a person (B11).
        page.lacks("+62");
        page.lacks("@");
    }
}

#[tokio::test]
async fn a_buyer_sees_the_figures_and_the_sum_of_the_chosen_quantity() {
    for app in TestApp::each().await {
        let stall = stall(&app, PriceVisibility::Public, |_| ()).await;
        let buyer = app.buyer("PT Ritel Contoh").await;
        let page = buyer
            .get(&format!("/offers/{}?units=20", stall.offer))
            .await
            .expect(200);
        page.reads("25 dus siap");
        page.reads("= 800 bungkus");
        page.reads("Rp10.000.000");
        assert!(page.has("form[action='/cart'] input[name=csrf_token]"));
        let low = buyer
            .get(&format!("/offers/{}?units=-3", stall.offer))
            .await
            .expect(200);
        assert_eq!(low.attribute("#units", "value"), "10");
    }
}

#[tokio::test]
async fn a_hidden_price_is_nowhere_in_the_bytes() {
    for app in TestApp::each().await {
        let stall = stall(&app, PriceVisibility::Verified, |_| ()).await;
        let paths = [
            format!("/offers/{}", stall.offer),
            "/search".to_owned(),
            "/".to_owned(),
            format!("/catalogs/{}", stall.catalog),
        ];
        let seller = app.umkm("Orang Lain").await;
        let buyer = app.buyer("PT Ritel Contoh").await;
        for path in &paths {
            for page in [app.visitor().get(path).await, seller.get(path).await] {
                let page = page.expect(200);
                page.reads("Keripik singkong original 250 g");
                for figure in ["12.500", "12500", "500.000", "10.500", "10500"] {
                    assert!(!page.body.contains(figure), "{path}: {figure}");
                }
            }
            buyer.get(path).await.expect(200).reads("Rp12.500");
        }
        // Neither does a filter tell the price.
        let cheap = app.visitor().get("/search?to=20000").await.expect(200);
        cheap.lacks("Keripik singkong original");
        let cheap = buyer.get("/search?to=20000").await.expect(200);
        cheap.reads("Keripik singkong original");
    }
}

#[tokio::test]
async fn an_offer_for_verified_buyers_does_not_exist_for_others() {
    for app in TestApp::each().await {
        let stall = stall(&app, PriceVisibility::Public, |terms| {
            terms.audience = Audience::Verified;
        })
        .await;
        let buyer = app.buyer("PT Ritel Contoh").await;
        let seller = app.umkm("Orang Lain").await;
        for path in [
            format!("/offers/{}", stall.offer),
            format!("/catalogs/{}", stall.catalog),
        ] {
            let _ = app.visitor().get(&path).await.expect(404);
            let _ = seller.get(&path).await.expect(404);
            let _ = buyer.get(&path).await.expect(200);
        }
        let page = app.visitor().get("/search").await.expect(200);
        page.lacks("Keripik singkong original");
        assert!(
            !page.has(".facets input[name=category]"),
            "no count tells of it"
        );
        buyer
            .get("/search")
            .await
            .expect(200)
            .reads("Keripik singkong original");
        // The address of a missing one is answered with the same bytes.
        let missing = app
            .visitor()
            .get("/offers/00000000-0000-7000-8000-000000000000")
            .await;
        let hidden = app.visitor().get(&format!("/offers/{}", stall.offer)).await;
        assert_eq!(missing.body, hidden.body);
    }
}

#[tokio::test]
async fn facets_count_and_a_closed_catalog_takes_its_offers_along() {
    for app in TestApp::each().await {
        let stall = stall(&app, PriceVisibility::Public, |_| ()).await;
        let visitor = app.visitor();
        let page = visitor
            .get("/search?q=keripik&category=makanan-ringan")
            .await
            .expect(200);
        assert_eq!(page.texts(".facets input[name=category][checked]").len(), 1);
        assert!(page.texts(".facets .tally").contains(&"1".to_owned()));
        let chip = page.attribute(".chip", "href");
        assert_eq!(chip, "/search?q=keripik");
        let none = visitor
            .get("/search?q=keripik&province=11")
            .await
            .expect(200);
        assert!(none.has(".empty") && none.has("a[href='/search?q=keripik']"));

        let act = stall.manager.act(&app);
        let cooperative = stall.manager.organisation;
        let closed = app.store.close_catalog(&act, cooperative, stall.catalog);
        closed.await.unwrap();
        let resting = visitor
            .get(&format!("/offers/{}", stall.offer))
            .await
            .expect(200);
        assert!(resting.has("meta[name=robots]"));
        resting.lacks("Rp12.500");
        app.run_jobs().await;
        assert_eq!(app.search.ids().unwrap(), []);
        visitor
            .get("/search")
            .await
            .expect(200)
            .lacks("Keripik singkong original");
    }
}

#[tokio::test]
async fn the_index_holds_what_is_visible_and_nobody_without_a_name_sees_figures() {
    for app in TestApp::each().await {
        let stall = stall(&app, PriceVisibility::Public, |_| ()).await;
        let eyes = domain::offers::Viewer::ANONYMOUS;
        let visible = app.store.visible_offer_ids(&eyes, app.now()).await.unwrap();
        assert_eq!(visible, app.search.ids().unwrap());
        let page = app
            .store
            .offer_page(&eyes, app.now(), stall.offer)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(page.least, Units(10));
        assert!(
            page.businesses
                .iter()
                .all(|business| business.packs.is_none())
        );
    }
}

#[tokio::test]
async fn odd_questions_are_answered_with_a_page() {
    for app in TestApp::each().await {
        let _stall = stall(&app, PriceVisibility::Public, |_| ()).await;
        for query in [
            "q=%00%FF%22%27)+OR+1%3D1--",
            "q=published:true+AND+*",
            "page=99999999999&sort=x&from=abc&to=%2D1",
            "category=%25&province=..&permit=x&ready=-1",
            "q=%D8%A7&page=2&page=3",
        ] {
            let _ = app
                .visitor()
                .get(&format!("/search?{query}"))
                .await
                .expect(200);
        }
        for path in ["/offers/x", "/catalogs/1", "/cooperatives/tidak-ada"] {
            let _ = app.visitor().get(path).await.expect(404);
        }
        for path in ["/cooperatives", "/how-it-works"] {
            let _ = app.visitor().get(path).await.expect(200);
        }
    }
}
