//! What goes wrong around a running program, and what it promises then (the real binary, real faults).

use std::process::Command;
use std::time::{Duration, Instant};

use tests::database::{self, Fresh, Kind};
use tests::page::Page;
use tests::served::Served;
use tests::skip;
use tests::visitor::Visitor;

use crate::{demo_files, lumbung, says};

const PASSWORD: &str = "lumbung-demo";
/// The cart's button that leads on.
const ONWARD: &str = "Lanjut ke alamat";

async fn signed_in(url: &str, login: &str) -> Visitor {
    let visitor = Visitor::new(url).speaking("id");
    let fields = [("login", login), ("password", PASSWORD)];
    let _ = visitor.fill("/login", "/login", &fields).await.expect(303);
    visitor
}

/// The offers that a search shows.
async fn offers(visitor: &Visitor, words: &str) -> Vec<String> {
    for _ in 0..100 {
        let found = visitor.get(&format!("/search?q={words}")).await;
        let mut offers: Vec<String> = found
            .links()
            .into_iter()
            .map(|link| link.href)
            .filter(|href| href.starts_with("/offers/") && href.len() == 44)
            .collect();
        offers.dedup();
        if !offers.is_empty() {
            return offers;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("nothing is found");
}

/// An offer in the cart, and the page that asks whether all is right.
async fn checked(visitor: &Visitor, offer: &str) -> Page {
    let put = visitor.fill(offer, "/cart", &[]).await.expect(303);
    let cart = visitor.follow(put).await.expect(200);
    let form = cart.form_with_button(ONWARD);
    let next = visitor.submit(&cart, &form.press(ONWARD)).await;
    let details = visitor.follow(next).await.expect(200);
    // Where the cooperative brings nothing, no address is asked for.
    let brought = [("deliver_to", "Gudang, Jl. Contoh 1"), ("region", "33.74")];
    let to: &[(&str, &str)] = if details.has("[name=deliver_to]") {
        &brought
    } else {
        &[]
    };
    let check = visitor.post_form(&details, "/orders/details", to).await;
    visitor.follow(check).await.expect(200)
}

#[actix_web::test]
async fn a_database_that_another_program_holds_is_waited_for_and_then_said_to_be_busy() {
    let fresh = Fresh::make(Kind::Sqlite)
        .await
        .expect("SQLite is always there");
    let served = Served::start(lumbung(&fresh, &["demo"]));
    let buyer = signed_in(&served.url, "pembeli@lumbung.example").await;
    let offer = offers(&buyer, "kripik").await.remove(0);
    let page = buyer.get(&offer).await.expect(200);

    // Held for two seconds: a page waits, and then it is done.
    let holder = database::Holder::of(&fresh.url).await;
    let asked = Instant::now();
    let (put, ()) = tokio::join!(buyer.post_form(&page, "/cart", &[]), async {
        tokio::time::sleep(Duration::from_secs(2)).await;
        holder.let_go().await;
    });
    assert_eq!(put.status, 303, "{}", put.visible());
    assert!(asked.elapsed() >= Duration::from_secs(2));

    // Held for longer: what only reads goes on, what writes is told after five seconds, for everybody at once.
    let holder = database::Holder::of(&fresh.url).await;
    let visitor = Visitor::new(&served.url);
    let _ = visitor.get("/search?q=gula").await.expect(200);
    let _ = buyer.get(&offer).await.expect(200);
    let asked = Instant::now();
    let twin = buyer.twin();
    let (one, two) = tokio::join!(
        buyer.post_form(&page, "/cart", &[]),
        twin.post_form(&page, "/cart", &[])
    );
    for answer in [one, two] {
        assert_eq!(answer.status, 503, "{}", answer.visible());
        answer.reads("Tunggu sebentar, lalu coba lagi");
        assert_eq!(answer.header("retry-after"), Some("5"));
    }
    let waited = asked.elapsed();
    assert!(waited < Duration::from_secs(7), "{waited:?}");
    // What was sent is kept in the page that says so, and is sent again by its button.
    let busy = buyer.post_form(&page, "/cart", &[]).await.expect(503);
    holder.let_go().await;
    let put = buyer.post_form(&busy, "/cart", &[]).await;
    assert_eq!(put.status, 303, "{}", put.visible());
    served.stop();
}

#[actix_web::test]
async fn a_full_disk_refuses_writes_kindly_and_heals_when_there_is_room() {
    let found = Command::new("prlimit").arg("--version").output();
    let found = found.map_err(|error| error.to_string());
    if skip::need("prlimit", found).is_none() {
        return;
    }
    let fresh = Fresh::make(Kind::Sqlite)
        .await
        .expect("SQLite is always there");
    Served::start(lumbung(&fresh, &["demo"])).stop();
    // A write beyond the limit fails, as on a full disk, and doesn't end the program. Its log lies on that disk too.
    let log = fresh.folder().join("log");
    std::fs::write(&log, "x".repeat(1 << 20)).unwrap();
    let demo = lumbung(&fresh, &["demo"]);
    let mut command = Command::new("/bin/sh");
    command
        .args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\" 2>>\"$LOG\""])
        .arg(demo.get_program())
        .args(demo.get_args())
        .env_clear()
        .env("LOG", &log)
        .envs(
            demo.get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        );
    let served = Served::start(command);
    let buyer = signed_in(&served.url, "pembeli@lumbung.example").await;
    let some = offers(&buyer, "kripik").await;
    let page = buyer.get(&some[0]).await.expect(200);
    // No file of this program grows beyond this any more, the database's log least of all.
    let limit = |bytes: &str| {
        let id = served.id().to_string();
        let set = Command::new("prlimit")
            .args(["--pid", &id, &format!("--fsize={bytes}:unlimited")])
            .status();
        assert!(set.unwrap().success());
    };
    limit("40960");
    let mut refused = None;
    for _ in 0..200 {
        let put = buyer.post_form(&page, "/cart", &[]).await;
        if put.status != 303 {
            refused = Some(put);
            break;
        }
    }
    let refused = refused.expect("there was room all along");
    assert_eq!(refused.status, 503, "{}", refused.visible());
    refused.reads("penyimpanan penuh");
    // Reading goes on, for passers-by and for who is signed in.
    let _ = Visitor::new(&served.url)
        .get("/search?q=gula")
        .await
        .expect(200);
    let _ = buyer.get(&some[0]).await.expect(200);
    let _ = buyer.get("/orders").await.expect(200);
    limit("unlimited");
    let put = buyer.post_form(&page, "/cart", &[]).await;
    assert_eq!(put.status, 303, "{}", put.visible());
    served.stop();
    let audit = demo_files(&fresh, &["audit"]).output().unwrap();
    assert!(audit.status.success(), "{}", says(&audit));
}

#[actix_web::test]
async fn two_instances_on_one_database_keep_one_truth() {
    let Some(fresh) = Fresh::make(Kind::Postgres).await else {
        return;
    };
    let one = Served::start(lumbung(&fresh, &["demo"]));
    let two = Served::start(lumbung(&fresh, &["demo"]));
    // Signed in at one, signed in at the other.
    let here = signed_in(&one.url, "pembeli@lumbung.example").await;
    let there = Visitor::new(&two.url).speaking("id");
    for name in here.cookies() {
        there.set_cookie(&name, &here.cookie(&name).unwrap());
    }
    let offer = offers(&here, "kripik").await.remove(0);
    let orders = "SELECT COUNT(*) FROM orders";
    let before = database::number(&fresh.url, orders).await;
    // One confirm, sent to both at once, several times: one order.
    let check = checked(&here, &offer).await;
    let form = check.form("/orders");
    let answers = futures_util::future::join_all((0..10).map(|n| {
        let visitor = if n % 2 == 0 { &here } else { &there };
        visitor.submit(&check, &form)
    }))
    .await;
    let mut places: Vec<String> = answers
        .iter()
        .map(|answer| {
            assert_eq!(answer.status, 303, "{}", answer.visible());
            answer.location().to_owned()
        })
        .collect();
    places.dedup();
    assert_eq!(places.len(), 1, "{places:?}");
    assert_eq!(database::number(&fresh.url, orders).await, before + 1);
    let _ = there.get(&places[0]).await.expect(200);
    // Each letter is sent once, whoever sends it.
    let waiting = "SELECT COUNT(*) FROM jobs WHERE done_at IS NULL AND dead_at IS NULL";
    for _ in 0..100 {
        if database::number(&fresh.url, waiting).await == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert_eq!(database::number(&fresh.url, waiting).await, 0, "jobs wait");
    let again = "SELECT COUNT(*) FROM jobs WHERE attempts > 1";
    assert_eq!(
        database::number(&fresh.url, again).await,
        0,
        "a job was done twice"
    );
    // Signed out at one, signed out at the other.
    let home = here.get("/home").await.expect(200);
    let _ = here.post_form(&home, "/logout", &[]).await.expect(303);
    let gone = there.get("/home").await;
    assert_eq!(gone.status, 303, "{}", gone.visible());
    two.stop();
    one.stop();
    let audit = demo_files(&fresh, &["audit"]).output().unwrap();
    assert!(audit.status.success(), "{}", says(&audit));
}
