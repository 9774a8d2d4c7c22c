//! Searching as people do: what is counted, what can be shared as an address, what helps when nothing is found, and what
//! nobody gets by asking cleverly.

use domain::{catalogs::Audience, offers::PriceVisibility};
use reqwest::Method;
use tests::{app::TestApp, build::Pool, database};

#[tokio::test]
async fn a_search_shows_counts_chips_and_one_address_however_it_was_asked() {
    for app in TestApp::each().await {
        let _market = app.market(&Pool::of(&[600, 430])).await;
        app.run_jobs().await;
        let visitor = app.visitor().speaking("id");
        // As the form without a script sends it: with everything that was left empty.
        let page = visitor
            .get("/search?from=&category=makanan-ringan&q=gla+smut+kripik&to=&ready=7&least=500000&sort=&odd=1")
            .await
            .expect(200);
        let canonical = page.attribute("link[rel=canonical]", "href");
        let expected = "/search?q=gla%20smut%20kripik&category=makanan-ringan&ready=7&least=500000";
        assert!(canonical.ends_with(expected), "{canonical}");
        assert_eq!(
            page.texts(".chip").len(),
            3 + page.texts(".empty ~ ul .chip").len()
        );

        let page = visitor.get("/search?q=kripik").await.expect(200);
        assert_eq!(page.texts("ul.grid > li").len(), 1);
        // The commodity, the ready days, the price range and the least order each say how many there are.
        for selector in [
            ".facets input[name=category][value=makanan-ringan]",
            ".facets input[name=commodity][value=keripik-singkong]",
            ".facets input[name=ready][value='3']",
            ".facets input[name=least][value='500000']",
            ".facets a[href='/search?q=kripik&from=10001&to=25000']",
        ] {
            assert!(page.has(selector), "{selector}");
        }
        assert!(page.texts(".facets .tally").iter().all(|n| n == "1"));
        for query in [
            "commodity=keripik-singkong",
            "least=500000",
            "from=10001&to=25000",
            "ready=3",
        ] {
            let page = visitor.get(&format!("/search?{query}")).await.expect(200);
            assert_eq!(page.texts("ul.grid > li").len(), 1, "{query}");
        }
        for query in ["commodity=emping", "from=25001&to=50000", "regency=11.04"] {
            let page = visitor.get(&format!("/search?{query}")).await.expect(200);
            assert!(page.has(".empty"), "{query}");
            // The way on: the same without filters, and a kind of goods that holds something.
            assert!(page.has("a[href='/search']"), "{query}");
            assert!(
                page.has("a[href='/search?category=makanan-ringan']"),
                "{query}"
            );
        }
    }
}

#[tokio::test]
async fn the_dearest_price_range_has_no_upper_end_that_somebody_made_up() {
    for app in TestApp::each().await {
        let mut pool = Pool::of(&[600]);
        pool.tiers = vec![(1, 250_000, 200_000)];
        let _market = app.market(&pool).await;
        app.run_jobs().await;
        let visitor = app.visitor().speaking("id");
        let all = visitor.get("/search").await.expect(200);
        assert_eq!(all.link("Di atas Rp100.000"), "/search?from=100001");
        let dear = visitor.get("/search?from=100001").await.expect(200);
        assert_eq!(dear.texts("ul.grid > li").len(), 1);
        assert!(dear.text(".chips").contains("Di atas Rp100.000"));
        assert!(!dear.has("input[name=to][value]"));
        // Chosen, the same link leaves the range again.
        assert_eq!(dear.attribute(".facets [aria-current]", "href"), "/search");
        let cheap = visitor.get("/search?to=10000").await.expect(200);
        assert!(cheap.text(".chips").contains("Sampai Rp10.000"));
    }
}

#[tokio::test]
async fn nothing_is_found_counted_or_offered_as_help_that_the_visitor_may_not_see() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[600])).await;
        let sql = format!(
            "UPDATE catalogs SET audience = '{}'",
            Audience::Verified.as_str()
        );
        database::run(&app.database.url, &sql).await;
        let sql = format!(
            "UPDATE offers SET price_visibility = '{}'",
            PriceVisibility::Verified.as_str()
        );
        database::run(&app.database.url, &sql).await;
        app.run_jobs().await;
        let outsiders = [app.visitor(), app.umkm("Orang Lain").await.visitor];
        let questions = [
            "q=keripik",
            "q=published+%3D+true+OR+tenant_id+%3D+2",
            "q=audience:verified",
            "q=%2A",
            "q=%28%28%28%22",
            "category=makanan-ringan%27+OR+%271%27%3D%271",
            "category=makanan-ringan&commodity=keripik-singkong&regency=34.02",
            "from=0&to=99999999&least=10000000",
            "cooperative=koperasi-rasa",
            "tokens=verified&audience=verified&price_for=verified",
        ];
        for outsider in &outsiders {
            for question in questions {
                let page = outsider
                    .get(&format!("/search?{question}"))
                    .await
                    .expect(200);
                page.lacks("Keripik singkong 250 g");
                page.lacks("12.500");
                // What was ticked stays in sight, with nothing behind it.
                let counts = page.texts(".facets .tally");
                assert!(
                    counts.iter().all(|n| n == "0"),
                    "{question} counts {counts:?}"
                );
                assert!(!page.has(".empty ~ ul a"), "{question} offers a kind");
            }
        }
        let page = market
            .buyer
            .get("/search?q=keripik&least=500000")
            .await
            .expect(200);
        page.reads("Keripik singkong 250 g");
    }
}

#[tokio::test]
async fn while_the_index_is_made_the_database_answers_says_so_and_is_not_kept() {
    for app in TestApp::each().await {
        let _market = app.market(&Pool::of(&[600])).await;
        assert!(app.search.needs_rebuild());
        let visitor = app.visitor().speaking("id");
        let path = "/search?q=keripik&commodity=keripik-singkong&least=500000";
        let page = visitor.get(path).await.expect(200);
        page.reads("Keripik singkong 250 g");
        page.reads("Pencarian lengkap sedang disiapkan");
        let none = visitor
            .get("/search?q=keripik&commodity=emping")
            .await
            .expect(200);
        none.lacks("Keripik singkong 250 g");
        app.run_jobs().await;
        let page = visitor.get(path).await.expect(200);
        page.reads("Keripik singkong 250 g");
        page.lacks("Pencarian lengkap sedang disiapkan");
    }
}

#[tokio::test]
async fn too_many_searches_are_refused_for_a_while_but_kept_pages_cost_nothing() {
    // G05
    let app = TestApp::start(tests::database::Kind::Sqlite).await.unwrap();
    app.run_jobs().await;
    let visitor = app.visitor();
    for _ in 0..50 {
        let _ = visitor.get("/search").await.expect(200);
    }
    let counted = "SELECT COALESCE(SUM(hits), 0) FROM rate_counters WHERE bucket LIKE 'search:%'";
    assert_eq!(database::number(&app.database.url, counted).await, 0);
    let mut refused = None;
    for n in 0..700 {
        let answer = visitor
            .ask(Method::GET, &format!("/search?q=keripik+{n}"), &[])
            .await;
        if answer.status == 429 {
            let seconds: i64 = answer.header("retry-after").unwrap().parse().unwrap();
            assert!((1..=400).contains(&seconds));
            refused = Some(n);
            break;
        }
        assert_eq!(answer.status, 200);
    }
    assert!(matches!(refused, Some(580..=640)), "{refused:?}");
    // One write for twenty searches.
    let rows = database::number(&app.database.url, counted).await;
    assert_eq!(rows, 600);
    // What is kept can still be read, and so can everything else.
    let _ = visitor.get("/search").await.expect(200);
    let _ = visitor.get("/").await.expect(200);
    app.later_hours(1);
    let _ = visitor.get("/search?q=keripik+0").await.expect(200);
}
