//! The index can be lost, damaged, held by another process or changed at any time (CHECKLIST section 3).

use std::{convert::Infallible, fs, path::PathBuf, thread, time::Duration};

use super::corpus::{Folder, NOW, Shelf, asked, codes, id, offer, offers, rebuild};
use crate::{OfferDocument, Progress, RebuildError, SearchError};

/// Files of the generation in use.
fn files(folder: &Folder) -> Vec<PathBuf> {
    let current = fs::read_to_string(folder.path().join("current")).unwrap();
    let mut files: Vec<PathBuf> = fs::read_dir(folder.path().join(current.trim()))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
}

fn filled() -> Folder {
    let folder = Folder::new();
    rebuild(&folder.open().search, &offers());
    folder
}

#[test]
fn a_new_index_is_empty_and_asks_for_a_rebuild_until_it_had_one() {
    let folder = Folder::new();
    let opened = folder.open();
    assert!(opened.fresh && opened.search.needs_rebuild() && opened.search.can_write());
    assert_eq!(opened.search.count().unwrap(), 0);
    assert_eq!(opened.search.search(&asked("keripik")).unwrap().total, 0);
    opened.search.upsert(&[offer(1)]).unwrap();
    drop(opened);

    // One document is not the whole index.
    let opened = folder.open();
    assert!(opened.fresh);
    assert_eq!(opened.search.count().unwrap(), 1);
    assert_eq!(rebuild(&opened.search, &offers()), 40);
    assert!(!opened.search.needs_rebuild());
    drop(opened);

    let opened = folder.open();
    assert!(!opened.fresh && !opened.search.needs_rebuild());
    assert_eq!(opened.search.count().unwrap(), 40);
}

#[test]
fn searches_see_a_change_once_its_call_has_returned() {
    let shelf = Shelf::with(&[]);
    shelf.upsert(&[offer(1), offer(2)]).unwrap();
    assert_eq!(shelf.search(&asked("singkong")).unwrap().total, 2);

    let renamed = OfferDocument {
        title: "Keripik talas".to_owned(),
        product_names: Vec::new(),
        commodity: "keripik-talas".to_owned(),
        commodity_names: Vec::new(),
        version: 2,
        ..offer(1)
    };
    shelf.upsert(std::slice::from_ref(&renamed)).unwrap();
    assert_eq!(codes(&shelf.search(&asked("singkong")).unwrap()), ["P02"]);
    assert_eq!(codes(&shelf.search(&asked("talas")).unwrap()), ["P01"]);
    assert_eq!(shelf.versions().unwrap(), [(id(1), 2), (id(2), 1)]);

    shelf.delete(&[id(1), id(40)]).unwrap();
    assert_eq!(shelf.search(&asked("talas")).unwrap().total, 0);
    assert_eq!(shelf.ids().unwrap(), [id(2)]);

    // The same document twice in one call is one document, and doing it again changes nothing.
    for _ in 0..3 {
        shelf
            .upsert(&[renamed.clone(), offer(1), renamed.clone()])
            .unwrap();
    }
    assert_eq!(shelf.versions().unwrap(), [(id(1), 2), (id(2), 1)]);
    shelf.upsert(&[]).unwrap();
    shelf.delete(&[]).unwrap();
}

#[test]
fn many_small_changes_end_in_the_same_index_as_one_rebuild() {
    let small = Shelf::with(&[]);
    for document in offers() {
        small.upsert(&[document]).unwrap();
    }
    for number in 1..=20 {
        small.delete(&[id(number)]).unwrap();
        small.upsert(&[offer(number)]).unwrap();
    }
    let whole = Shelf::full();
    assert_eq!(small.ids().unwrap(), whole.ids().unwrap());
    for text in ["", "keripik", "kopi", "gula merah", "sinkong", "rengg"] {
        assert_eq!(
            small.search(&asked(text)).unwrap(),
            whole.search(&asked(text)).unwrap(),
            "{text}"
        );
    }
}

#[test]
fn a_lost_index_is_made_anew() {
    let folder = filled();
    fs::remove_dir_all(folder.path()).unwrap();
    let opened = folder.open();
    assert!(opened.fresh);
    assert_eq!(rebuild(&opened.search, &offers()), 40);
    assert_eq!(opened.search.search(&asked("keripik")).unwrap().total, 5);
}

#[test]
fn flipped_bytes_in_any_file_lead_to_an_empty_index_that_can_be_rebuilt() {
    let count = files(&filled()).len();
    for at in 0..count {
        let folder = filled();
        let path = &files(&folder)[at];
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let mut bytes = fs::read(path).unwrap();
        if bytes.is_empty() {
            continue;
        }
        let middle = bytes.len() / 2;
        for byte in &mut bytes[middle..] {
            *byte ^= 0x5a;
        }
        fs::write(path, bytes).unwrap();
        assert_recovers(&folder, &name);
    }
}

#[test]
fn truncated_and_missing_files_lead_to_an_empty_index_that_can_be_rebuilt() {
    let count = files(&filled()).len();
    for at in 0..count {
        for missing in [false, true] {
            let folder = filled();
            let path = &files(&folder)[at];
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if missing {
                fs::remove_file(path).unwrap();
            } else {
                let bytes = fs::read(path).unwrap();
                fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
            }
            assert_recovers(&folder, &name);
        }
    }
}

/// Either nothing that matters was hurt, or the index says that it needs a rebuild; it always works after one.
fn assert_recovers(folder: &Folder, name: &str) {
    let opened = folder.open();
    let found = opened.search.search(&asked("keripik")).unwrap().total;
    if opened.fresh {
        assert_eq!(found, 0, "{name}");
    } else {
        assert_eq!(found, 5, "{name}");
        assert!(name.starts_with('.'), "{name} was hurt unnoticed");
    }
    rebuild(&opened.search, &offers());
    drop(opened);
    let opened = folder.open();
    assert!(!opened.fresh, "{name}");
    assert_eq!(opened.search.search(&asked("keripik")).unwrap().total, 5);
}

#[test]
fn odd_files_in_the_folder_do_no_harm() {
    for (name, content) in [
        ("current", "g99999\n"),
        ("current", "../../etc/passwd"),
        ("current", ""),
        ("current", "g18446744073709551615"),
        ("lock", "left over"),
        ("current.new", "g1"),
    ] {
        let folder = filled();
        fs::write(folder.path().join(name), content).unwrap();
        fs::create_dir_all(folder.path().join("g7")).unwrap();
        let opened = folder.open();
        assert!(opened.search.can_write(), "{name}");
        assert!(!folder.path().join("g7").exists());
        rebuild(&opened.search, &offers());
        assert_eq!(opened.search.count().unwrap(), 40, "{name} {content}");
    }
}

#[test]
fn a_second_process_reads_and_takes_over_when_the_first_has_ended() {
    let folder = filled();
    let first = folder.open().search;
    let opened = folder.open();
    let second = opened.search;
    assert!(first.can_write() && !opened.fresh);
    assert!(!second.can_write());
    assert!(matches!(
        second.upsert(&[offer(1)]),
        Err(SearchError::ReadOnly)
    ));
    assert!(matches!(
        second.rebuild::<Infallible>([], |_| ()),
        Err(RebuildError::Search(SearchError::ReadOnly))
    ));
    assert_eq!(second.search(&asked("keripik")).unwrap().total, 5);

    // Changes of the first reach the second within a second, a rebuild as well.
    first.delete(&[id(1)]).unwrap();
    thread::sleep(Duration::from_millis(600));
    assert_eq!(second.search(&asked("keripik")).unwrap().total, 4);
    rebuild(&first, &offers());
    thread::sleep(Duration::from_millis(600));
    assert_eq!(second.search(&asked("keripik")).unwrap().total, 5);

    drop(first);
    assert!(second.can_write());
    second.delete(&[id(2)]).unwrap();
    assert_eq!(second.search(&asked("keripik")).unwrap().total, 4);
}

#[test]
fn a_reader_that_comes_before_the_first_index_says_so_and_finds_it_later() {
    let folder = Folder::new();
    fs::create_dir_all(folder.path()).unwrap();
    let lock = fs::File::create(folder.path().join("lock")).unwrap();
    lock.lock().unwrap();
    let reader = folder.open().search;
    assert!(reader.search(&asked("keripik")).is_err());
    assert!(reader.needs_rebuild() && !reader.can_write());
    drop(lock);
    rebuild(&folder.open().search, &offers());
    thread::sleep(Duration::from_millis(600));
    assert_eq!(reader.search(&asked("keripik")).unwrap().total, 5);
}

#[test]
fn changes_during_a_rebuild_reach_the_new_index() {
    let shelf = Shelf::with(&[offer(1)]);
    let search = shelf.search.clone();
    let mut progress = Vec::new();
    let batches = (1..=3).map(|batch| match batch {
        1 => Ok(vec![offer(1), offer(2), offer(3)]),
        2 => {
            // Already read: renamed, and taken out. Not in the database yet when its batch was read: new.
            let renamed = OfferDocument {
                title: "Keripik talas".to_owned(),
                version: 2,
                ..offer(2)
            };
            search.upsert(&[renamed, offer(40)]).unwrap();
            search.delete(&[id(3)]).unwrap();
            // Written before it is read in a newer version.
            search.upsert(&[offer(5)]).unwrap();
            assert_eq!(search.health().rebuilding, Some(3));
            assert!(matches!(
                search.rebuild::<Infallible>([], |_| ()),
                Err(RebuildError::Search(SearchError::Rebuilding))
            ));
            // The old index answers meanwhile.
            assert_eq!(search.search(&asked("talas")).unwrap().total, 1);
            Ok(vec![offer(4)])
        }
        _ => Ok(vec![OfferDocument {
            version: 7,
            ..offer(5)
        }]),
    });
    shelf
        .search
        .rebuild::<Infallible>(batches, |step| progress.push(step))
        .unwrap();
    assert_eq!(progress.last(), Some(&Progress { done: 5 }));
    assert_eq!(
        shelf.versions().unwrap(),
        [(id(1), 1), (id(2), 2), (id(4), 1), (id(5), 7), (id(40), 1)]
    );
    assert_eq!(shelf.health().rebuilding, None);
}

#[test]
fn a_rebuild_that_breaks_off_leaves_the_old_index_in_use() {
    let shelf = Shelf::full();
    let before = files(&shelf.folder);
    let batches = [Ok(vec![offer(1)]), Err("the database went away")];
    assert!(matches!(
        shelf.rebuild(batches, |_| ()),
        Err(RebuildError::Source("the database went away"))
    ));
    assert_eq!(shelf.count().unwrap(), 40);
    assert_eq!(files(&shelf.folder), before);
    assert_eq!(fs::read_dir(shelf.folder.path()).unwrap().count(), 3);
    // And it can be tried again.
    assert_eq!(rebuild(&shelf, &offers()), 40);
}

#[test]
fn a_search_during_changes_never_fails_and_never_shows_half_a_batch() {
    let shelf = Shelf::with(&[]);
    let writer = shelf.search.clone();
    let writing = thread::spawn(move || {
        for round in 0..15 {
            let batch: Vec<OfferDocument> = offers()
                .into_iter()
                .map(|offer| OfferDocument {
                    version: round,
                    ..offer
                })
                .collect();
            writer.upsert(&batch).unwrap();
            if round % 5 == 4 {
                rebuild(&writer, &batch);
            }
        }
    });
    while !writing.is_finished() {
        let total = shelf.search(&asked("")).unwrap().total;
        assert!(total == 0 || total == 40, "{total}");
    }
    writing.join().unwrap();
    assert_eq!(shelf.count().unwrap(), 40);
}

#[test]
fn health_tells_what_there_is() {
    let shelf = Shelf::full();
    let health = shelf.health();
    assert_eq!(health.documents, 40);
    assert!(health.writes && !health.needs_rebuild && health.bytes > 1000);
    assert_eq!(NOW, asked("").now);
}
