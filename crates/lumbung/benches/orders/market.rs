//! The market that is ordered from, the real program over it, and buyers with the last page open.

use std::process::Command;

use domain::ids::OfferId;
use store::carts::Details;
use tests::app::TestApp;
use tests::build::{Pool, REGION, viewer};
use tests::database::{Fresh, Kind};
use tests::form::Form;
use tests::page::Page;
use tests::people::Person;
use tests::served::Served;
use tests::visitor::Visitor;
use web::server::Config;

/// Lines of an order.
const LINES: usize = 5;

pub struct Market {
    pub app: TestApp,
    offers: Vec<OfferId>,
    manager: Person,
    buyers: std::cell::Cell<usize>,
}

/// Five offers of one cooperative over so many lots in all.
pub async fn make(kind: Kind, lots: usize) -> Option<Market> {
    let fresh = match kind {
        Kind::Sqlite => Fresh::migrated(kind).await?,
        Kind::Postgres => {
            // As durable as the one of SQLite: commits wait for the disk.
            let cluster = tests::postgres::Cluster::start(true)?;
            let fresh = Fresh::in_cluster(&cluster).await;
            // It ends with this process.
            std::mem::forget(cluster);
            fresh
        }
    };
    let app = TestApp::over(fresh, Config::default()).await;
    let now = web::clock::Clock::System.now();
    let behind = (now.0 - app.now().0).div_euclid(1_000_000);
    app.clock.advance_seconds(behind);
    let pool = |members: usize| Pool {
        title: "Keripik singkong 250 g",
        packs: vec![1_000_000; members],
        ..Pool::of(&[])
    };
    let each = lots / LINES;
    let market = app.market(&pool(each)).await;
    let mut offers = vec![market.offer];
    for line in 1..LINES {
        let mut products = Vec::new();
        for member in 0..each {
            let owner = app.umkm(&format!("Dapur {line} {member}")).await;
            products.push(app.member(&market.manager, &owner, 1_000_000).await);
        }
        offers.push(app.offer(&market.manager, &products, &pool(each)).await);
    }
    Some(Market {
        app,
        offers,
        manager: market.manager,
        buyers: std::cell::Cell::new(0),
    })
}

/// A buyer who has only to press the button.
pub struct Ready {
    visitor: Visitor,
    check: Page,
    form: Form,
}

impl Ready {
    pub async fn send(self) {
        let placed = self.visitor.submit(&self.check, &self.form).await;
        assert_eq!(placed.status, 303, "{}", placed.visible());
    }
}

impl Market {
    /// So many buyers with five lines each.
    pub async fn ready(&self, served: &Served, count: usize) -> Vec<Ready> {
        let mut ready = Vec::with_capacity(count);
        for _ in 0..count {
            let number = self.buyers.get();
            self.buyers.set(number + 1);
            let buyer = self.app.quiet_buyer(&format!("Pembeli {number}")).await;
            let (act, who) = (buyer.act(&self.app), buyer.organisation);
            for offer in &self.offers {
                self.app.put_in_cart(&act, who, *offer, 40).await;
            }
            let details = Details {
                deliver_to: "Gudang".to_owned(),
                region_code: REGION.to_owned(),
                ..Details::default()
            };
            self.app
                .store
                .set_cart_details(&act, &viewer(who), who, self.manager.organisation, &details)
                .await
                .unwrap();
            let signed = self.app.browser_of(&buyer).await;
            let visitor = Visitor::new(&served.url).speaking("id");
            visitor.set_cookie("lumbung", &signed.visitor.cookie("lumbung").unwrap());
            let fields = [
                ("csrf_token", signed.token.as_str()),
                ("cooperative", &self.manager.organisation.to_string()),
                ("deliver_to", "Gudang"),
                ("region", REGION),
                ("po_number", "PO-1"),
            ];
            let sent = visitor.post("/orders/details", &fields).await.expect(303);
            let check = visitor.follow(sent).await.expect(200);
            let form = check.form("/orders");
            ready.push(Ready {
                visitor,
                check,
                form,
            });
        }
        ready
    }
}

/// The real program, without jobs beside it.
pub fn serve(market: &Market) -> Served {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lumbung"));
    command
        .args(["serve", "--only", "web"])
        .env_clear()
        .env("LUMBUNG_ADDR", "127.0.0.1:0")
        .env("LUMBUNG_LOG", "error")
        .env("LUMBUNG_DATA_DIR", market.app.database.folder())
        .env("DATABASE_URL", &market.app.database.url);
    Served::start(command)
}
