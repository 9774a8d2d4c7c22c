//! How fast and how small the pages are at scale, against a plain actix handler on the same machine in the same run:
//! `cargo bench --bench pages`. What it does and what came of it is in `docs/measuring.md`.
//!
//! For each size a market is made by `lumbung fill` (kept below `target/measure` for the next run), the real binary is
//! started over it, and every figure is the median of at least five rounds in which page and plain handler take turns.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a measurement that can't go on stops"
)]

mod load;
mod orders;
mod plain;
mod process;

use std::path::{Path, PathBuf};
use std::time::Duration;

use load::{Asked, Load, latency, load, one};
use process::{Process, fill};

/// What people look for: from a single word to a whole name.
const WORDS: &[&str] = &[
    "keripik singkong balado",
    "gula semut jahe",
    "kopi bubuk arabika",
    "madu hutan 650 ml",
    "kerupuk udang 250 g",
    "emping manis kualitas ekspor",
    "telur asin bebek",
    "batik motif kawung",
    "kripik tempe pedas",
    "sambal terasi merah",
    "beras pandan wangi",
    "minyak kelapa murni",
    "rengginang gurih 500 g",
    "jamu beras kencur",
    "tas anyam pandan motif",
    "kacang tanah kering",
];

struct Options {
    sizes: Vec<u32>,
    rounds: usize,
    round: Duration,
}

impl Options {
    fn read() -> Self {
        let mut options = Self {
            sizes: vec![10_000, 100_000],
            rounds: 5,
            round: Duration::from_secs(1),
        };
        let arguments: Vec<String> = std::env::args().collect();
        for pair in arguments.windows(2) {
            match pair {
                [name, value] if name == "--sizes" => {
                    options.sizes = value.split(',').map(|n| n.parse().unwrap()).collect();
                }
                [name, value] if name == "--rounds" => options.rounds = value.parse().unwrap(),
                [name, value] if name == "--millis" => {
                    options.round = Duration::from_millis(value.parse().unwrap());
                }
                _ => {}
            }
        }
        options
    }
}

/// The middle one; of an even number the lower of the two.
fn median(figures: &[f64]) -> f64 {
    let mut figures = figures.to_vec();
    figures.sort_by(f64::total_cmp);
    figures[(figures.len() - 1) / 2]
}

/// A kind of page: its name and the addresses of it, kept and never seen before.
struct Kind {
    name: &'static str,
    kept: String,
    fresh: Box<dyn Fn(u64) -> String + Sync>,
}

fn kinds(offers: &[String]) -> Vec<Kind> {
    let of_offers = offers.to_vec();
    vec![
        Kind {
            name: "home",
            kept: "/".to_owned(),
            fresh: Box::new(|n| format!("/?n={n}")),
        },
        Kind {
            name: "search",
            kept: "/search?q=keripik+singkong".to_owned(),
            fresh: Box::new(|n| {
                let at = usize::try_from(n).unwrap() % WORDS.len();
                format!("/search?q={}&n={n}", WORDS[at].replace(' ', "+"))
            }),
        },
        Kind {
            name: "search, everything",
            kept: "/search".to_owned(),
            fresh: Box::new(|n| format!("/search?n={n}")),
        },
        Kind {
            name: "offer",
            kept: offers[0].clone(),
            fresh: Box::new(move |n| {
                let at = usize::try_from(n).unwrap() % of_offers.len();
                format!("{}?n={n}", of_offers[at])
            }),
        },
    ]
}

/// What was measured of one kind of page at one size.
struct Row {
    name: &'static str,
    bytes: usize,
    kept: Versus,
    fresh: Versus,
    /// Milliseconds of one request after the other.
    millis: f64,
}

/// A page against the plain handler: medians of the rounds.
struct Versus {
    per_second: f64,
    plain_per_second: f64,
    ratio: f64,
    cpu_micros: f64,
    plain_cpu_micros: f64,
}

fn versus(options: &Options, server: &Process, paths: &Asked<'_>, bytes: usize) -> Versus {
    let plain = Process::plain(bytes);
    let (mut here, mut there, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    let (mut cpu, mut plain_cpu) = (Vec::new(), Vec::new());
    for _ in 0..options.rounds {
        let page: Load = load(server, paths, options.round);
        let other: Load = load(&plain, &|_| "/".to_owned(), options.round);
        here.push(page.per_second);
        there.push(other.per_second);
        ratios.push(page.per_second / other.per_second);
        cpu.push(page.cpu_micros);
        plain_cpu.push(other.cpu_micros);
    }
    Versus {
        per_second: median(&here),
        plain_per_second: median(&there),
        ratio: median(&ratios),
        cpu_micros: median(&cpu),
        plain_cpu_micros: median(&plain_cpu),
    }
}

struct Market {
    products: u32,
    start_millis: f64,
    idle_mebibytes: f64,
    style_bytes: usize,
    rows: Vec<Row>,
    order_millis: f64,
}

fn measure(options: &Options, products: u32, folder: &Path) -> Market {
    fill(folder, products);
    let mut starts = Vec::new();
    for _ in 0..options.rounds.max(5) {
        let started = Process::serve(folder);
        starts.push(started.first_answer.as_secs_f64() * 1_000.0);
    }
    let server = Process::serve(folder);
    server.settle();
    let idle_mebibytes = server.mebibytes();
    let found = one(&server.url, "/search?q=keripik", "identity");
    let page = String::from_utf8(found.body).unwrap();
    let style = page
        .split("href=\"")
        .find(|part| part.contains("app.css"))
        .unwrap();
    let style = style.split('"').next().unwrap();
    let style_bytes = one(&server.url, style, "gzip, br").body.len();
    let mut offers: Vec<String> = Vec::new();
    for words in WORDS {
        let page = one(
            &server.url,
            &format!("/search?q={}", words.replace(' ', "+")),
            "identity",
        );
        let page = String::from_utf8(page.body).unwrap();
        offers.extend(
            page.split('"')
                .filter(|part| part.starts_with("/offers/"))
                .map(str::to_owned),
        );
    }
    offers.sort();
    offers.dedup();
    let mut rows = Vec::new();
    for kind in kinds(&offers) {
        eprintln!("{products}: {}", kind.name);
        let bytes = one(&server.url, &kind.kept, "gzip, br").body.len();
        let row = Row {
            name: kind.name,
            bytes,
            kept: versus(options, &server, &|_| kind.kept.clone(), bytes),
            fresh: versus(options, &server, &*kind.fresh, bytes),
            millis: latency(&server, &*kind.fresh, options.rounds),
        };
        eprintln!(
            "  kept {:.2} and drawn {:.4} of plain, drawn in {:.0} µs of processor time",
            row.kept.ratio, row.fresh.ratio, row.fresh.cpu_micros
        );
        rows.push(row);
    }
    eprintln!("{products}: orders");
    let order_millis = orders::place(&server, folder, &offers, options.rounds);
    Market {
        products,
        start_millis: median(&starts),
        idle_mebibytes,
        style_bytes,
        rows,
        order_millis,
    }
}

fn holds(aim: bool) -> &'static str {
    if aim { "yes" } else { "NO" }
}

fn report(markets: &[Market]) {
    println!(
        "\n| offers | page | bytes | with style sheet | kept/s | plain/s | ratio | CPU µs | plain CPU µs | drawn/s | plain/s | ratio | CPU µs | one after the other ms |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
    for market in markets {
        for row in &market.rows {
            println!(
                "| {} | {} | {} | {} | {:.0} | {:.0} | {:.2} | {:.0} | {:.0} | {:.0} | {:.0} | {:.3} | {:.0} | {:.2} |",
                market.products,
                row.name,
                row.bytes,
                row.bytes + market.style_bytes,
                row.kept.per_second,
                row.kept.plain_per_second,
                row.kept.ratio,
                row.kept.cpu_micros,
                row.kept.plain_cpu_micros,
                row.fresh.per_second,
                row.fresh.plain_per_second,
                row.fresh.ratio,
                row.fresh.cpu_micros,
                row.millis,
            );
        }
    }
    println!(
        "\n| offers | start to first answer ms | idle MiB | placing an order ms |\n|---|---|---|---|"
    );
    for market in markets {
        println!(
            "| {} | {:.0} | {:.1} | {:.2} |",
            market.products, market.start_millis, market.idle_mebibytes, market.order_millis
        );
    }
    println!("\n| aim | is | holds |\n|---|---|---|");
    let Some(small) = markets.first() else {
        return;
    };
    for row in &small.rows {
        println!(
            "| kept {} ≥ 0.5 of plain | {:.2} | {} |",
            row.name,
            row.kept.ratio,
            holds(row.kept.ratio >= 0.5)
        );
        let sum = row.bytes + small.style_bytes;
        println!(
            "| {} and style sheet < 14,600 bytes | {sum} | {} |",
            row.name,
            holds(sum < 14_600)
        );
    }
    let search = &small.rows[1];
    println!(
        "| drawn search ≥ 0.03 of plain | {:.3} | {} |",
        search.fresh.ratio,
        holds(search.fresh.ratio >= 0.03)
    );
    println!(
        "| start < 150 ms | {:.0} | {} |",
        small.start_millis,
        holds(small.start_millis < 150.0)
    );
    println!(
        "| idle < 45 MiB | {:.1} | {} |",
        small.idle_mebibytes,
        holds(small.idle_mebibytes < 45.0)
    );
    if let [small, .., large] = markets {
        for (a, b) in small.rows.iter().zip(&large.rows) {
            let growth = b.millis / a.millis;
            println!(
                "| {} grows < 1.5 times | {growth:.2} | {} |",
                a.name,
                holds(growth < 1.5)
            );
        }
        let growth = large.order_millis / small.order_millis;
        println!(
            "| placing an order grows < 1.5 times | {growth:.2} | {} |",
            holds(growth < 1.5)
        );
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, mode, bytes, ..] = arguments.as_slice()
        && mode == plain::MODE
    {
        plain::serve(bytes.parse().unwrap());
        return;
    }
    let options = Options::read();
    let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("measure");
    let markets: Vec<Market> = options
        .sizes
        .iter()
        .map(|size| measure(&options, *size, &root.join(size.to_string())))
        .collect();
    report(&markets);
}
