//! Placing orders through the pages, as a buyer does; the last step is measured.

use std::path::Path;
use std::time::Instant;

use domain::accounts::{BuyerKind, OrganisationKind};
use domain::identifiers;
use store::accounts::{Decision, NewOrganisation, NewPerson, Registered};
use store::{Act, Durability, Store};
use tests::visitor::Visitor;

use crate::median;
use crate::process::Process;

const PASSWORD: &str = "panen-raya-di-lereng-2026";
/// The cart's button.
const ONWARD: &str = "Lanjut ke alamat";
/// Orders in one round.
const ORDERS: usize = 10;

/// Milliseconds from pressing the button to the answer: the median of each round, and the median of those.
pub fn place(server: &Process, folder: &Path, offers: &[String], rounds: usize) -> f64 {
    actix_web::rt::System::new().block_on(async {
        let login = buyer(folder).await;
        let visitor = Visitor::new(&server.url).speaking("id");
        let fields = [("login", login.as_str()), ("password", PASSWORD)];
        let _ = visitor.fill("/login", "/login", &fields).await.expect(303);
        let mut offers = offers.iter();
        let mut medians = Vec::new();
        while medians.len() < rounds {
            let mut times = Vec::new();
            while times.len() < ORDERS {
                let offer = offers.next().expect("enough offers to order from");
                times.extend(order(&visitor, offer).await);
            }
            medians.push(median(&times));
        }
        median(&medians)
    })
}

/// One order; `None` where the offer has nothing left.
async fn order(visitor: &Visitor, offer: &str) -> Option<f64> {
    let put = visitor.fill(offer, "/cart", &[]).await;
    if put.status != 303 {
        return None;
    }
    let cart = visitor.follow(put).await.expect(200);
    // The cart holds this one good; its button leads to the address.
    let form = cart.form_with_button(ONWARD);
    let next = visitor.submit(&cart, &form.press(ONWARD)).await;
    let details = visitor.follow(next).await.expect(200);
    // Where the cooperative brings nothing, no address is asked for.
    let brought = [
        ("deliver_to", "Gudang, Jl. Contoh 1"),
        ("region", "33.74"),
        ("po_number", "PO-1"),
    ];
    let fetched = [("po_number", "PO-1")];
    let to: &[(&str, &str)] = if details.has("[name=deliver_to]") {
        &brought
    } else {
        &fetched
    };
    let check = visitor.post_form(&details, "/orders/details", to).await;
    let check = visitor.follow(check).await.expect(200);
    let began = Instant::now();
    let placed = visitor.post_form(&check, "/orders", &[]).await;
    let millis = began.elapsed().as_secs_f64() * 1_000.0;
    (placed.status == 303).then_some(millis)
}

/// Makes a verified buyer with a password in the market's database.
async fn buyer(folder: &Path) -> String {
    let store = Store::open(&store::Config {
        url: format!("sqlite://{}", folder.join("lumbung.db").display()),
        durability: Durability::Full,
    })
    .await
    .unwrap();
    let login = format!("{}@contoh.example", uuid::Uuid::now_v7().simple());
    let person = NewPerson {
        name: "Pembeli Contoh".to_owned(),
        login: identifiers::login(&login).unwrap(),
        password_hash: web::passwords::hash(PASSWORD).unwrap(),
        lang: "id".to_owned(),
    };
    let organisation = NewOrganisation {
        kind: OrganisationKind::Buyer,
        name: "PT Ukur Contoh".to_owned(),
        region_code: "33.74".to_owned(),
        buyer_kind: Some(BuyerKind::Retailer),
    };
    let act = Act::system(web::clock::Clock::System.now());
    let registered = store.register(&act, &person, &organisation).await.unwrap();
    let Registered::New { organisation, .. } = registered else {
        panic!("{login} is there already");
    };
    store
        .answer_applicant(&act, organisation, &Decision::Verify { code: None })
        .await
        .unwrap();
    store.close().await;
    login
}
