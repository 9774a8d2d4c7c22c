//! How fast orders are placed, against the same rows written by bare SQL in the same run: `cargo bench --bench orders`.
//! What it does and what came of it is in `docs/measuring.md`.
//!
//! For each database and each size of pool the real binary is started over a market made for it. Buyers come with five
//! lines in their carts and the last page open; what is measured is sending its form, by one and by sixteen at a time.
//! One order's rows are then written again and again by bare statements, a transaction each: the rows are those that the
//! program wrote, with ids of their own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a measurement that can't go on stops"
)]

mod market;

use std::time::{Duration, Instant};

use market::Ready;
use tests::bare::{Bare, Synchronous};
use tests::database::Kind;

/// Clients at a time, where it is not one.
const CROWD: usize = 16;

struct Options {
    lots: Vec<usize>,
    rounds: usize,
    /// Orders of each kind in a round.
    orders: usize,
}

impl Options {
    fn read() -> Self {
        let mut options = Self {
            lots: vec![20, 200],
            rounds: 5,
            orders: 64,
        };
        let arguments: Vec<String> = std::env::args().collect();
        for pair in arguments.windows(2) {
            match pair {
                [name, value] if name == "--lots" => {
                    options.lots = value.split(',').map(|n| n.parse().unwrap()).collect();
                }
                [name, value] if name == "--rounds" => options.rounds = value.parse().unwrap(),
                [name, value] if name == "--orders" => options.orders = value.parse().unwrap(),
                _ => {}
            }
        }
        options
    }
}

/// The middle one; of an even number the lower of the two.
fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[(figures.len() - 1) / 2]
}

fn per_second(count: usize, took: Duration) -> f64 {
    f64::from(u32::try_from(count).unwrap()) / took.as_secs_f64()
}

/// Sends the forms, so many at a time; orders per second.
async fn send(ready: Vec<Ready>, at_a_time: usize) -> f64 {
    let count = ready.len();
    let waiting = std::rc::Rc::new(std::cell::RefCell::new(ready));
    let began = Instant::now();
    let clients = (0..at_a_time).map(|_| {
        let waiting = std::rc::Rc::clone(&waiting);
        async move {
            loop {
                let next = waiting.borrow_mut().pop();
                let Some(next) = next else { return };
                next.send().await;
            }
        }
    });
    futures_util::future::join_all(clients).await;
    per_second(count, began.elapsed())
}

struct Row {
    name: String,
    alone: f64,
    crowd: f64,
    /// What bare SQL is called, its orders per second, and the ratio that is aimed at.
    bare: Vec<(&'static str, f64, f64)>,
}

async fn measure(options: &Options, kind: Kind, lots: usize) -> Option<Row> {
    let market = market::make(kind, lots).await?;
    let served = market::serve(&market);
    let mut first = market.ready(&served, 1).await;
    let first = first.pop().unwrap();
    let bare = Bare::learn(&market.app, kind, first.send()).await;
    eprintln!("{kind:?}, {lots} lots: an order is {}", bare.told());
    let connections = match kind {
        Kind::Sqlite => 1,
        Kind::Postgres => CROWD,
    };
    let kinds: Vec<(&str, Synchronous, f64)> = match kind {
        Kind::Sqlite => vec![
            ("synchronous NORMAL", Synchronous::Normal, 0.8),
            ("synchronous FULL", Synchronous::Full, 2.0),
        ],
        Kind::Postgres => vec![("set-wise", Synchronous::Full, 0.7)],
    };
    let (mut alone, mut crowd) = (Vec::new(), Vec::new());
    let mut others: Vec<Vec<f64>> = kinds.iter().map(|_| Vec::new()).collect();
    for round in 0..options.rounds {
        eprintln!("{kind:?}, {lots} lots: round {}", round + 1);
        let few = market.ready(&served, options.orders.div_ceil(4)).await;
        let many = market.ready(&served, options.orders).await;
        alone.push(send(few, 1).await);
        crowd.push(send(many, CROWD).await);
        for ((_, synchronous, _), figures) in kinds.iter().zip(&mut others) {
            let took = bare.write(options.orders, connections, *synchronous);
            figures.push(per_second(options.orders, took.await));
        }
    }
    Some(Row {
        name: format!("{kind:?}, {lots} lots"),
        alone: median(alone),
        crowd: median(crowd),
        bare: kinds
            .iter()
            .zip(others)
            .map(|((name, _, aim), figures)| (*name, median(figures), *aim))
            .collect(),
    })
}

fn main() {
    let options = Options::read();
    let rows = actix_web::rt::System::new().block_on(async {
        let mut rows = Vec::new();
        for kind in Kind::ALL {
            for lots in &options.lots {
                rows.extend(measure(&options, kind, *lots).await);
            }
        }
        rows
    });
    println!(
        "\n| orders of 5 lines | 1 client | {CROWD} clients | bare SQL | is | ratio | aim | holds |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for row in &rows {
        for (name, bare, aim) in &row.bare {
            let ratio = row.crowd / bare;
            println!(
                "| {} | {:.0}/s | {:.0}/s | {name} | {bare:.0}/s | {ratio:.2} | {aim:.1} | {} |",
                row.name,
                row.alone,
                row.crowd,
                if ratio >= *aim { "yes" } else { "NO" }
            );
        }
    }
}
