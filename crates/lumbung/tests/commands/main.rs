//! The commands as an operator runs them: the real binary, real databases, real signals.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

mod backup;
mod faults;
mod outside;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tests::database::{self, Fresh, Kind};
use tests::served::Served;

/// The binary with nothing of the environment's settings but those of this test.
fn lumbung(fresh: &Fresh, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lumbung"));
    command
        .args(arguments)
        .env_clear()
        .env("LUMBUNG_ADDR", "127.0.0.1:0")
        .env("LUMBUNG_LOG", "warn")
        .env("LUMBUNG_DATA_DIR", fresh.folder())
        .env("DATABASE_URL", &fresh.url);
    command
}

/// The same on the demo's files, which lie in a folder of their own.
fn demo_files(fresh: &Fresh, arguments: &[&str]) -> Command {
    let mut command = lumbung(fresh, arguments);
    command.env("LUMBUNG_DATA_DIR", fresh.folder().join("demo"));
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn says(output: &Output) -> String {
    format!("{}{}", text(&output.stdout), text(&output.stderr))
}

/// The first person of an installation, with the password from standard input.
fn make_administrator(fresh: &Fresh) {
    let mut create = lumbung(
        fresh,
        &[
            "user",
            "create",
            "--login",
            "admin@contoh.example",
            "--name",
            "Admin",
        ],
    );
    let mut child = create
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(b"sebuah lumbung di desa\n").unwrap();
    drop(input);
    assert!(child.wait().unwrap().success());
}

async fn each() -> Vec<Fresh> {
    let mut all = Vec::new();
    for kind in [Kind::Sqlite, Kind::Postgres] {
        all.extend(Fresh::make(kind).await);
    }
    all
}

#[actix_web::test]
async fn the_demo_serves_its_story_and_audit_finds_it_whole() {
    for fresh in each().await {
        let served = Served::start(lumbung(&fresh, &["demo"]));
        assert!(served.status_of("/healthz").contains("200"));
        assert!(served.status_of("/login").contains("200"));
        served.stop();
        let orders = database::number(&fresh.url, "SELECT COUNT(DISTINCT state) FROM orders").await;
        assert_eq!(orders, 7, "an order in every state");
        let pictured = "SELECT COUNT(DISTINCT s.offer_id) FROM supplies s JOIN product_photos p ON p.product_id = s.product_id";
        assert_eq!(database::number(&fresh.url, pictured).await, 40);
        assert!(fresh.folder().join("demo/files").is_dir());

        let audit = lumbung(&fresh, &["audit"]).output().unwrap();
        assert!(audit.status.success(), "{}", says(&audit));
        assert!(says(&audit).contains("all promises hold"));

        // A second start serves what is there; a fresh one begins anew.
        let people = database::number(&fresh.url, "SELECT COUNT(*) FROM people").await;
        Served::start(lumbung(&fresh, &["demo"])).stop();
        assert_eq!(
            database::number(&fresh.url, "SELECT COUNT(*) FROM people").await,
            people
        );
        Served::start(lumbung(&fresh, &["demo", "--fresh"])).stop();
        assert_eq!(
            database::number(&fresh.url, "SELECT COUNT(*) FROM people").await,
            people
        );

        let serve = lumbung(&fresh, &["serve"]).output().unwrap();
        assert!(!serve.status.success());
        assert!(says(&serve).contains("demo data"), "{}", says(&serve));
    }
}

/// A statement that breaks a promise behind the program's back, and the promise it breaks.
const BREACHES: &[(&str, &str)] = &[
    (
        "I1",
        "UPDATE lots SET held = held + 1 WHERE id = (SELECT id FROM lots WHERE held < on_hand ORDER BY id LIMIT 1)",
    ),
    (
        "I2",
        "UPDATE lots SET on_hand = on_hand + 1 WHERE id = (SELECT id FROM lots ORDER BY id DESC LIMIT 1)",
    ),
    (
        "I3",
        "UPDATE order_lines SET goods_rupiah = goods_rupiah + 1 WHERE id = (SELECT id FROM order_lines ORDER BY id LIMIT 1)",
    ),
    (
        "I5",
        "UPDATE shares SET packs = packs - 1 WHERE id = (SELECT s.id FROM shares s JOIN orders o ON o.id = s.order_id \
            WHERE o.state = 'confirmed' AND s.state = 'accepted' AND s.packs > 1 ORDER BY s.id LIMIT 1)",
    ),
    (
        "I6",
        "UPDATE holds SET released_at = NULL, release_reason = NULL WHERE id = (SELECT h.id FROM holds h JOIN orders o \
            ON o.id = h.order_id WHERE o.state = 'cancelled' ORDER BY h.id LIMIT 1)",
    ),
    (
        "I7",
        "UPDATE orders SET state = 'sent' WHERE state = 'expired'",
    ),
    (
        "I11",
        "UPDATE counters SET value = value + 1 WHERE kind = 'SO'",
    ),
];

#[actix_web::test]
async fn audit_reports_every_promise_that_is_broken_behind_its_back() {
    for fresh in each().await {
        Served::start(lumbung(&fresh, &["demo"])).stop();
        // The index is the server's to fill; here it is filled before anything breaks.
        let reindex = demo_files(&fresh, &["search", "reindex"]).output().unwrap();
        assert!(reindex.status.success(), "{}", says(&reindex));
        for (invariant, statement) in BREACHES {
            database::run(&fresh.url, statement).await;
            let audit = demo_files(&fresh, &["audit"]).output().unwrap();
            assert_eq!(
                audit.status.code(),
                Some(1),
                "{invariant}: {}",
                says(&audit)
            );
            let lines = text(&audit.stdout);
            let told = lines
                .lines()
                .any(|line| line.starts_with(&format!("{invariant} ")));
            assert!(told, "{invariant} is not reported in {}", says(&audit));
        }
    }
}

#[actix_web::test]
async fn a_demo_leaves_a_database_alone_that_it_did_not_make() {
    for fresh in each().await {
        make_administrator(&fresh);
        for arguments in [&["demo"][..], &["demo", "--fresh"]] {
            let demo = lumbung(&fresh, arguments).output().unwrap();
            assert!(!demo.status.success());
            assert!(
                says(&demo).contains("not made by the demo"),
                "{}",
                says(&demo)
            );
        }
        assert_eq!(
            database::number(&fresh.url, "SELECT COUNT(*) FROM people").await,
            1
        );
        Served::start(lumbung(&fresh, &["serve"])).stop();
    }
}

#[actix_web::test]
async fn an_address_that_others_can_reach_is_refused_unless_it_is_meant() {
    let fresh = Fresh::make(Kind::Sqlite)
        .await
        .expect("SQLite is always there");
    for arguments in [&["demo"][..], &["serve"]] {
        let output = lumbung(&fresh, arguments)
            .env("LUMBUNG_ADDR", "0.0.0.0:0")
            .output()
            .unwrap();
        assert!(!output.status.success());
        assert!(
            says(&output).contains("can be reached by others"),
            "{}",
            says(&output)
        );
    }
}

#[actix_web::test]
async fn what_this_version_does_not_serve_is_refused_aloud() {
    let fresh = Fresh::make(Kind::Sqlite)
        .await
        .expect("SQLite is always there");
    for (name, value) in [
        ("MEILISEARCH_URL", "http://127.0.0.1:7700"),
        ("STORAGE_URL", "ftp://lumbung/files"),
        // Without its keys.
        ("STORAGE_URL", "s3://lumbung/files"),
    ] {
        let output = lumbung(&fresh, &["serve"])
            .env(name, value)
            .output()
            .unwrap();
        assert!(!output.status.success(), "{name} was passed over");
        assert!(says(&output).contains(name), "{}", says(&output));
    }
}

#[actix_web::test]
async fn an_import_accounts_for_every_row_and_a_dry_run_writes_nothing() {
    for fresh in each().await {
        Served::start(lumbung(&fresh, &["demo"])).stop();
        let file =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/listings-sample.csv");
        let file = file.to_str().unwrap();
        let products = "SELECT COUNT(*) FROM products";
        let before = database::number(&fresh.url, products).await;

        let dry = lumbung(&fresh, &["import", "listings", file, "--dry-run"])
            .output()
            .unwrap();
        assert!(dry.status.success(), "{}", says(&dry));
        assert_eq!(database::number(&fresh.url, products).await, before);
        let tally = text(&dry.stdout)
            .lines()
            .last()
            .unwrap_or_default()
            .to_owned();
        let figures: Vec<i64> = tally
            .split_whitespace()
            .filter_map(|word| word.parse().ok())
            .collect();
        assert_eq!(
            figures.first().copied(),
            Some(figures.iter().skip(1).sum()),
            "{tally}"
        );

        // A workbook with the same cells by the same rules.
        let sheet =
            sheets::read(&std::fs::read(file).unwrap(), &sheets::Limits::default()).unwrap();
        let cells = |row: &sheets::Row| row.cells.iter().map(|cell| cell.as_str().into()).collect();
        let table = sheets::Table {
            rows: sheet.rows.iter().map(cells).collect(),
            headers: sheet.headers,
        };
        let book = sheets::write_workbook("Data", &table, &[], None).unwrap();
        let folder = std::env::temp_dir().join(format!("lumbung-book-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let workbook = folder.join("daftar.xlsx");
        std::fs::write(&workbook, book).unwrap();
        let workbook = workbook.to_str().unwrap();
        let same = lumbung(&fresh, &["import", "listings", workbook, "--dry-run"])
            .output()
            .unwrap();
        let last = text(&same.stdout);
        assert_eq!(
            last.lines().last().unwrap_or_default(),
            tally,
            "{}",
            says(&same)
        );

        let arguments = ["import", "listings", file, "--for", "umkm@lumbung.example"];
        let first = lumbung(&fresh, &arguments).output().unwrap();
        assert!(first.status.success(), "{}", says(&first));
        assert_eq!(
            text(&first.stdout).lines().last().unwrap_or_default(),
            tally
        );
        let after = database::number(&fresh.url, products).await;
        assert!(after > before);

        // The same file again brings nothing new.
        let second = lumbung(&fresh, &arguments).output().unwrap();
        assert!(
            says(&second).contains("= new 0 + drafts 0"),
            "{}",
            says(&second)
        );
        assert_eq!(database::number(&fresh.url, products).await, after);
    }
}

#[actix_web::test]
async fn fill_makes_a_market_that_audit_finds_whole_and_search_finds() {
    for fresh in each().await {
        let filled = lumbung(&fresh, &["fill", "--products", "130"])
            .output()
            .unwrap();
        assert!(filled.status.success(), "{}", says(&filled));
        assert!(
            says(&filled).contains("130 products, 130 offers, 20 members in 1 cooperatives"),
            "{}",
            says(&filled)
        );
        let count = async |query: &str| database::number(&fresh.url, query).await;
        assert_eq!(
            count("SELECT COUNT(*) FROM products WHERE state = 'live'").await,
            130
        );
        assert_eq!(
            count("SELECT COUNT(*) FROM offers WHERE state = 'live'").await,
            130
        );
        let pooled = "SELECT COUNT(*) FROM (SELECT offer_id FROM supplies GROUP BY offer_id HAVING COUNT(*) >= 5) p";
        assert_eq!(count(pooled).await, 13);
        assert_eq!(count("SELECT COUNT(*) FROM orders").await, 13);
        assert!(count("SELECT COUNT(*) FROM orders WHERE state = 'confirmed'").await > 4);
        // Index work waits as one job; nobody made here can sign in, and nobody is written to.
        assert_eq!(count("SELECT COUNT(*) FROM jobs").await, 1);
        assert_eq!(
            count("SELECT COUNT(*) FROM people WHERE email IS NOT NULL").await,
            0
        );

        let built = lumbung(&fresh, &["search", "reindex"]).output().unwrap();
        assert!(
            says(&built).contains("130 offers indexed"),
            "{}",
            says(&built)
        );
        let audit = lumbung(&fresh, &["audit"]).output().unwrap();
        assert!(audit.status.success(), "{}", says(&audit));

        // Again is no more, and another quantity is another database.
        let again = lumbung(&fresh, &["fill", "--products", "130"])
            .output()
            .unwrap();
        assert!(
            again.status.success() && says(&again).contains("already"),
            "{}",
            says(&again)
        );
        let other = lumbung(&fresh, &["fill", "--products", "200"])
            .output()
            .unwrap();
        assert!(!other.status.success());
        assert_eq!(count("SELECT COUNT(*) FROM products").await, 130);
    }
}

#[actix_web::test]
async fn fill_leaves_alone_what_neither_it_nor_the_demo_made() {
    for fresh in each().await {
        let migrated = lumbung(&fresh, &["migrate"]).output().unwrap();
        assert!(migrated.status.success(), "{}", says(&migrated));
        make_administrator(&fresh);
        let filled = lumbung(&fresh, &["fill", "--products", "20"])
            .output()
            .unwrap();
        assert!(!filled.status.success());
        assert!(says(&filled).contains("left alone"), "{}", says(&filled));
        let products = "SELECT COUNT(*) FROM products";
        assert_eq!(database::number(&fresh.url, products).await, 0);
    }
}
