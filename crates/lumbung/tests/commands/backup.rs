//! A backup goes from either kind of database into either kind, whole, and nothing else is taken for one.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use domain::accounts::{BuyerKind, OrganisationKind};
use store::accounts::{NewOrganisation, NewPerson};
use store::{Act, Durability, Store};
use tests::database::{self, Fresh, Kind};
use tests::served::Served;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::{demo_files, lumbung, says};

fn backup(fresh: &Fresh, name: &str, arguments: &[&str]) -> PathBuf {
    let file = fresh.folder().join(name);
    let mut command = demo_files(fresh, &["backup"]);
    let done = command.arg(&file).args(arguments).output().unwrap();
    assert!(done.status.success(), "{}", says(&done));
    file
}

fn restore(fresh: &Fresh, file: &Path) -> std::process::Output {
    let mut command = demo_files(fresh, &["restore"]);
    command.arg(file).output().unwrap()
}

/// Every table's rows, in one order whatever the engine, and the names of the files.
fn content(file: &Path) -> BTreeMap<String, Vec<String>> {
    let mut zip = ZipArchive::new(File::open(file).unwrap()).unwrap();
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for at in 0..zip.len() {
        let mut entry = zip.by_index(at).unwrap();
        let name = entry.name().unwrap().into_owned();
        if name.starts_with("tables/") {
            let mut text = String::new();
            entry.read_to_string(&mut text).unwrap();
            let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
            lines.sort();
            all.insert(name, lines);
        } else if name.starts_with("files/") {
            all.entry("files".to_owned()).or_default().push(name);
        }
    }
    all.get_mut("files").unwrap().sort();
    all
}

/// A demo that has ended, with its photos.
async fn demo(kind: Kind) -> Option<Fresh> {
    let fresh = Fresh::make(kind).await?;
    Served::start(lumbung(&fresh, &["demo"])).stop();
    Some(fresh)
}

#[actix_web::test]
async fn a_backup_goes_from_either_database_into_either_row_for_row() {
    for from in Kind::ALL {
        let Some(source) = demo(from).await else {
            continue;
        };
        let file = backup(&source, "cadangan.zip", &["--with-secret"]);
        let mut told = content(&file);
        assert!(told["files"].len() > 100, "the photos are not in it");
        for to in Kind::ALL {
            let Some(target) = Fresh::make(to).await else {
                continue;
            };
            let done = restore(&target, &file);
            assert!(done.status.success(), "{from:?} to {to:?}: {}", says(&done));
            assert!(says(&done).contains("all promises hold"), "{}", says(&done));
            let key = std::fs::read(target.folder().join("demo/secret")).unwrap();
            let was = std::fs::read(source.folder().join("demo/secret")).unwrap();
            assert_eq!(key, was, "the secret was taken along");
            let again = backup(&target, "lagi.zip", &[]);
            let mut found = content(&again);
            // The index is asked for anew; everything else is as it was.
            let jobs = found.remove("tables/jobs.jsonl").unwrap();
            let jobs_were = told.get("tables/jobs.jsonl").unwrap();
            assert_eq!(jobs.len(), jobs_were.len() + 1);
            let kept = told.remove("tables/jobs.jsonl").unwrap();
            assert_eq!(
                found.keys().collect::<Vec<_>>(),
                told.keys().collect::<Vec<_>>()
            );
            for (name, lines) in &told {
                assert!(found[name] == *lines, "{from:?} to {to:?}: {name} differs");
            }
            told.insert("tables/jobs.jsonl".to_owned(), kept);
            // It is served like the one it was made of, and its index comes by itself.
            let served = Served::start(lumbung(&target, &["demo"]));
            let visitor = tests::visitor::Visitor::new(&served.url);
            let mut found = String::new();
            for _ in 0..100 {
                found = visitor.get("/search?q=kripik").await.expect(200).body;
                if found.contains("/offers/") {
                    break;
                }
                tokio::time::sleep(std::time::Duration::from_millis(200)).await;
            }
            assert!(found.contains("/offers/"), "nothing is found");
            let is_photo = |part: &&str| part.starts_with("/photos/") && !part.contains(' ');
            let photo = found.split('"').find(is_photo);
            let _ = visitor.get(photo.expect("a photo")).await.expect(200);
            served.stop();
            // What holds something is never restored into.
            let twice = restore(&target, &file);
            assert!(!twice.status.success());
            assert!(says(&twice).contains("not empty"), "{}", says(&twice));
        }
    }
}

/// Registers somebody; rows of several tables in one deed.
async fn register(store: &Store, n: u32) {
    let person = NewPerson {
        name: format!("Orang {n}"),
        login: domain::identifiers::login(&format!("orang{n}@contoh.example")).unwrap(),
        password_hash: "none".to_owned(),
        lang: "id".to_owned(),
    };
    let organisation = NewOrganisation {
        kind: OrganisationKind::Buyer,
        name: format!("PT Orang {n}"),
        region_code: "33.74".to_owned(),
        buyer_kind: Some(BuyerKind::Retailer),
    };
    let act = Act::system(web::clock::Clock::System.now());
    store.register(&act, &person, &organisation).await.unwrap();
}

#[actix_web::test]
async fn a_backup_taken_while_people_write_shows_one_moment() {
    for kind in Kind::ALL {
        let Some(source) = demo(kind).await else {
            continue;
        };
        let store = Store::open(&store::Config {
            url: source.url.clone(),
            durability: Durability::Full,
        })
        .await
        .unwrap();
        let before = database::number(&source.url, "SELECT COUNT(*) FROM people").await;
        let file = source.folder().join("cadangan.zip");
        let mut backup = demo_files(&source, &["backup"]).arg(&file).spawn().unwrap();
        let mut n = 0;
        let status = loop {
            register(&store, n).await;
            n += 1;
            if let Some(status) = backup.try_wait().unwrap() {
                break status;
            }
        };
        assert!(status.success());
        store.close().await;
        assert!(n > 10, "hardly anybody wrote");
        let target = Fresh::make(kind).await.unwrap();
        let done = restore(&target, &file);
        assert!(done.status.success(), "{}", says(&done));
        let people = database::number(&target.url, "SELECT COUNT(*) FROM people").await;
        assert!(
            (before..=before + i64::from(n)).contains(&people),
            "{people}"
        );
        // Nobody is there by half.
        let halves = "SELECT COUNT(*) FROM people p WHERE p.name LIKE 'Orang %' AND NOT EXISTS \
             (SELECT 1 FROM roles r JOIN organisations o ON o.id = r.organisation_id WHERE r.person_id = p.id)";
        assert_eq!(database::number(&target.url, halves).await, 0);
        let strays = "SELECT COUNT(*) FROM organisations o WHERE o.name LIKE 'PT Orang %' AND NOT EXISTS \
             (SELECT 1 FROM roles r WHERE r.organisation_id = o.id)";
        assert_eq!(database::number(&target.url, strays).await, 0);
    }
}

/// A copy of an archive whose entry `name` says something else; `None` takes it away.
fn changed(file: &Path, to: &Path, name: &str, change: impl Fn(String) -> Option<String>) {
    let mut zip = ZipArchive::new(File::open(file).unwrap()).unwrap();
    let mut copy = ZipWriter::new(File::create(to).unwrap());
    for at in 0..zip.len() {
        let mut entry = zip.by_index(at).unwrap();
        let its_name = entry.name().unwrap().into_owned();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        if its_name == name {
            let Some(text) = change(String::from_utf8_lossy(&content).into_owned()) else {
                continue;
            };
            content = text.into_bytes();
        }
        copy.start_file(its_name, SimpleFileOptions::default())
            .unwrap();
        copy.write_all(&content).unwrap();
    }
    copy.finish().unwrap();
}

#[actix_web::test]
async fn what_is_damaged_or_of_another_schema_is_refused_before_anything_is_written() {
    let source = demo(Kind::Sqlite).await.expect("SQLite is always there");
    let file = backup(&source, "cadangan.zip", &[]);
    let names: Vec<String> = content(&file)["files"].clone();
    let folder = source.folder();

    let bad = |name: &str| folder.join(name);
    let flipped = bad("flipped.zip");
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x55;
    std::fs::write(&flipped, &bytes).unwrap();
    let cut = bad("cut.zip");
    std::fs::write(&cut, &bytes[..middle]).unwrap();
    let row = bad("row.zip");
    changed(&file, &row, "tables/lots.jsonl", |text| {
        Some(text.replacen("\"held\":0", "\"held\":1", 1))
    });
    let fewer = bad("fewer.zip");
    changed(&file, &fewer, "tables/movements.jsonl", |text| {
        Some(text.split_once('\n').unwrap().1.to_owned())
    });
    let no_file = bad("no-file.zip");
    changed(&file, &no_file, &names[0], |_| None);
    let schema = bad("schema.zip");
    changed(&file, &schema, "manifest.json", |text| {
        Some(text.replacen("\"schema\": \"m2", "\"schema\": \"m3", 1))
    });
    let no_backup = bad("no-backup.zip");
    std::fs::write(&no_backup, "halo").unwrap();

    for (archive, why) in [
        (&flipped, "damaged"),
        (&cut, "damaged"),
        (&row, "tables/lots.jsonl is not what was written"),
        (&fewer, "tables/movements.jsonl is not what was written"),
        (&no_file, "files, of"),
        (&schema, "schema"),
        (&no_backup, "no backup"),
    ] {
        for kind in Kind::ALL {
            let Some(target) = Fresh::make(kind).await else {
                continue;
            };
            let refused = restore(&target, archive);
            assert!(!refused.status.success(), "{}", archive.display());
            assert!(
                says(&refused).contains(why),
                "{}: {}",
                archive.display(),
                says(&refused)
            );
            assert!(!target.folder().join("demo/files").exists());
            assert!(!target.folder().join("lumbung.db").exists());
            if kind == Kind::Postgres {
                let tables =
                    "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'public'";
                assert_eq!(database::number(&target.url, tables).await, 0);
            }
        }
    }
    // An archive that is there is never overwritten.
    let mut again = demo_files(&source, &["backup"]);
    let again = again.arg(&file).output().unwrap();
    assert!(!again.status.success());
    assert!(
        says(&again).contains("is there already"),
        "{}",
        says(&again)
    );
}
