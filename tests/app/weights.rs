//! What pages weigh on a slow line, filled as full as they get: the page budgets of CHECKLIST §4, in bytes as gzip sends
//! them. Every other page is weighed by the crawl of the browser tests.

use std::io::Write as _;

use domain::{
    accounts::OrganisationKind,
    catalogs::Audience,
    ids::{CategoryId, CommodityId},
    money::Rupiah,
    products::{Content, SaleUnit},
    quantity::Packs,
    time::Zone,
};
use flate2::{Compression, write::GzEncoder};
use store::{
    accounts::{NewOrganisation, NewPerson, Registered},
    catalogs::CatalogTerms,
    members::MembershipDecision,
    products::{Facts, NewLot},
};
use tests::{
    app::TestApp,
    build::{Market, Pool, REGION},
    database::Kind,
    page::Page,
    visitor::Visitor,
};

const KB: usize = 1024;

/// A line of the table: how many bytes the page itself may take, and how many pictures come without being scrolled to.
struct Budget {
    html: usize,
    pictures: usize,
}

fn packed(body: &[u8]) -> usize {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(body).expect("memory");
    gzip.finish().expect("memory").len()
}

/// Style sheet and scripts of a page, in bytes.
fn company(page: &Page) -> usize {
    let style = page.attribute("link[rel=stylesheet]", "href");
    let script = page.attribute("script[src]", "src");
    assert_eq!(page.texts("link[rel=stylesheet], script").len(), 2);
    [style, script]
        .iter()
        .filter_map(|address| address.rsplit('/').next())
        .map(|name| packed(&web::assets::bytes(name).expect("a file of ours")))
        .sum()
}

async fn weigh(visitor: &Visitor, path: &str, budget: &Budget) -> Page {
    let page = visitor.get(path).await.expect(200);
    let html = packed(page.body.as_bytes());
    assert!(
        html <= budget.html,
        "{path}: {html} of {} bytes",
        budget.html
    );
    let company = company(&page);
    assert!(
        company <= 20 * KB,
        "{path}: {company} bytes of style and script"
    );
    let eager = page.texts("img:not([loading=lazy])").len();
    assert!(eager <= budget.pictures, "{path}: {eager} pictures at once");
    page
}

/// A market whose lists are full: 24 offers in one catalog, 100 products of one member, 60 members.
async fn full(app: &TestApp) -> Market {
    let pool = Pool {
        tiers: vec![
            (1, 12_500, 10_500),
            (50, 11_900, 10_000),
            (100, 11_500, 9_800),
        ],
        ..Pool::of(&[60, 50, 40, 30, 20, 10])
    };
    let market = app.market(&pool).await;
    let (act, cooperative) = (market.manager.act(app), market.cooperative());
    let products: Vec<_> = market.members.iter().map(|member| member.product).collect();
    let mut offers = vec![market.offer];
    for _ in 1..24 {
        offers.push(app.offer(&market.manager, &products, &pool).await);
    }
    let terms = CatalogTerms {
        title: "Semua barang".to_owned(),
        description: String::new(),
        audience: Audience::Public,
        buyers: Vec::new(),
        opens_at: app.now(),
        closes_at: None,
        offers,
    };
    let catalog = app.store.create_catalog(&act, cooperative, &terms).await;
    let catalog = catalog.expect("a catalog");
    let published = app.store.publish_catalog(&act, cooperative, catalog).await;
    published.expect("an edition");

    let owner = &market.members[0].owner;
    let lot = NewLot {
        ready_on: Zone::Wib.day_of(app.now()),
        good_until: None,
        packs: Packs(40),
    };
    for at in 0..100 {
        let facts = Facts {
            name: format!("Keripik singkong rasa {at} panjang namanya"),
            category: Some(CategoryId::from("makanan-ringan")),
            commodity: Some(CommodityId::from("keripik-singkong")),
            unit: Some(SaleUnit::Bungkus),
            content: Some(Content::grams(250)),
            price: Some(Rupiah(9_000 + at)),
            ..Facts::default()
        };
        let (act, of) = (owner.act(app), owner.organisation);
        let made = app
            .store
            .create_product(&act, of, &facts, Some(&lot), true)
            .await;
        made.expect("a product");
    }
    for at in 0..54 {
        let login = format!("anggota{at}@umkm.example");
        let person = NewPerson {
            name: format!("Ibu Anggota {at}"),
            login: domain::identifiers::login(&login).expect("an e-mail address"),
            password_hash: "none".to_owned(),
            lang: "id".to_owned(),
        };
        let organisation = NewOrganisation {
            kind: OrganisationKind::Umkm,
            name: format!("Usaha Dagang Makmur {at}"),
            region_code: REGION.to_owned(),
            buyer_kind: None,
        };
        let registered = app
            .store
            .register(&app.system(), &person, &organisation)
            .await;
        let Registered::New { organisation, .. } = registered.expect("the database answers") else {
            panic!("{login} is new");
        };
        let applied = app
            .store
            .apply_membership(&app.system(), organisation, cooperative)
            .await;
        let member = applied.expect("an application");
        let admitted = app
            .store
            .decide_membership(&act, cooperative, member, &MembershipDecision::Admit)
            .await;
        admitted.expect("a member");
    }
    for units in 1..=24 {
        let _ = market.ordered(app, units % 5 + 1).await;
    }
    app.run_jobs().await;
    market
}

#[tokio::test]
async fn pages_stay_light_when_their_lists_are_full() {
    let app = TestApp::start(Kind::Sqlite).await;
    let app = app.expect("SQLite is always there");
    let market = full(&app).await;
    let nobody = app.visitor().speaking("id");
    let (owner, manager, buyer) = (&market.members[0].owner, &market.manager, &market.buyer);

    let form = Budget {
        html: 8 * KB,
        pictures: 1,
    };
    let _ = weigh(&nobody, "/login", &form).await;
    let home = Budget {
        html: 8 * KB,
        pictures: 3,
    };
    let _ = weigh(owner, "/home", &home).await;
    let _ = weigh(owner, "/products/new", &form).await;

    let list = Budget {
        html: 14 * KB,
        pictures: 6,
    };
    let cooperative = nobody.get("/cooperatives").await.link("Koperasi Rasa");
    // So many catalogs have pages of their own; the one with everything is among the oldest.
    let mut catalogs = nobody.get(&cooperative).await.expect(200);
    for page in 2..10 {
        let links = catalogs.links();
        if links.iter().any(|link| link.text.contains("Semua barang")) {
            break;
        }
        let next = format!("{cooperative}?catalogs={page}");
        catalogs = nobody.get(&next).await.expect(200);
    }
    let catalog = weigh(&nobody, &catalogs.link("Semua barang"), &list).await;
    assert_eq!(catalog.texts("li.offer").len(), 24);
    let _ = weigh(buyer, &cooperative, &list).await;
    let search = weigh(buyer, "/search", &list).await;
    assert_eq!(search.texts("li.offer").len(), 12);

    let product = Budget {
        html: 10 * KB,
        pictures: 1,
    };
    let offer = format!("/offers/{}", market.offer);
    let _ = weigh(&nobody, &offer, &product).await;
    let _ = weigh(buyer, &format!("{offer}?units=20"), &product).await;

    let table = Budget {
        html: 25 * KB,
        pictures: 6,
    };
    let orders = weigh(manager, "/orders", &table).await;
    assert_eq!(orders.texts("tbody tr").len(), 20);
    let order = orders.link("SO/");
    let _ = weigh(manager, &order, &table).await;
    let _ = weigh(buyer, &order, &table).await;
    let members = weigh(manager, "/members", &table).await;
    assert_eq!(members.texts("tbody tr").len(), 50);
    let offers = weigh(manager, "/offers", &table).await;
    assert_eq!(offers.texts("tbody tr").len(), 24);
    let bulk = weigh(owner, "/products/bulk", &table).await;
    assert_eq!(bulk.texts("tbody tr").len(), 100);
    let products = weigh(owner, "/products", &table).await;
    assert_eq!(products.texts("tbody tr").len(), 24);
    let home = Budget {
        html: 20 * KB,
        pictures: 6,
    };
    let _ = weigh(manager, "/home", &home).await;
}
