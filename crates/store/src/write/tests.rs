//! Deeds as `Store::write` runs them, on SQLite.

use std::sync::Arc;

use super::*;
use crate::open::{Config, Durability};
use tokio::sync::{Notify, Semaphore};
use tokio::task::{JoinHandle, LocalSet};

async fn fresh() -> (Store, std::path::PathBuf) {
    let dir = std::env::temp_dir().join(format!("lumbung-store-{}", Uuid::now_v7()));
    std::fs::create_dir_all(&dir).unwrap();
    let url = format!("sqlite://{}", dir.join("test.db").display());
    let store = Store::open(&Config {
        url,
        durability: Durability::Full,
    })
    .await
    .unwrap();
    (store, dir)
}

#[tokio::test]
async fn migrations_go_up_down_and_up_and_entities_match_them() {
    let (store, dir) = fresh().await;
    store.migrate().await.unwrap();
    crate::entities::probe(&store.readers).await.unwrap();
    store.unmigrate().await.unwrap();
    store.migrate().await.unwrap();
    assert_eq!(
        store
            .number("SELECT COUNT(*) FROM categories", [])
            .await
            .unwrap(),
        14
    );
    store.close().await;
    std::fs::remove_dir_all(dir).unwrap();
}

#[tokio::test]
async fn a_refused_deed_leaves_nothing_and_draws_the_same_ids_again() {
    let (store, dir) = fresh().await;
    store.migrate().await.unwrap();
    let act = Act::system(Instant(1_800_000_000_000_000));
    let refused = store
        .write(&act, async |tx| -> Result<(), Error> {
            tx.set_mark("half", "done").await?;
            Err(Error::NotFound)
        })
        .await;
    assert!(matches!(refused, Err(Error::NotFound)));
    assert_eq!(store.mark("half").await.unwrap(), None);

    let runs = std::sync::Mutex::new(Vec::new());
    let _ = store
        .write(&act, async |tx| -> Result<(), Twice> {
            runs.lock().unwrap().push(tx.new_id());
            Err(Twice)
        })
        .await;
    let runs = runs.into_inner().unwrap();
    assert_eq!(runs.len(), RERUNS_MAX as usize);
    assert!(runs.iter().all(|id| *id == runs[0]));
    store.close().await;
    std::fs::remove_dir_all(dir).unwrap();
}

#[tokio::test]
async fn history_can_not_be_changed() {
    let (store, dir) = fresh().await;
    store.migrate().await.unwrap();
    let act = Act::system(Instant(1_800_000_000_000_000));
    store
        .write(&act, async |tx| -> Result<(), Error> {
            let event = crate::events::Event {
                subject_kind: "order",
                subject_id: tx.new_id(),
                kind: "order_sent",
                ..Default::default()
            };
            tx.event(event.clone()).await?;
            tx.event(event).await?;
            Ok(())
        })
        .await
        .unwrap();
    for sql in ["UPDATE events SET kind = 'x'", "DELETE FROM events"] {
        let outcome = store
            .write(&act, async |tx| -> Result<u64, Error> {
                tx.exec(sql, []).await
            })
            .await;
        assert!(outcome.is_err(), "{sql} was let through");
    }
    assert_eq!(
        store
            .number("SELECT MAX(seq) FROM events", [])
            .await
            .unwrap(),
        2
    );
    store.close().await;
    std::fs::remove_dir_all(dir).unwrap();
}

/// A refusal that always asks to be run again.
#[derive(Debug)]
struct Twice;
impl From<Error> for Twice {
    fn from(_: Error) -> Self {
        Self
    }
}
impl Rerun for Twice {
    fn wants_rerun(&self) -> bool {
        true
    }

    fn is_lost(&self) -> bool {
        false
    }
}

fn system() -> Act {
    Act::system(Instant(1_800_000_000_000_000))
}

fn commits(store: &Store) -> u64 {
    match &store.deeds {
        Deeds::Sqlite(writer) => writer.commits(),
        Deeds::Postgres { .. } => unreachable!("these tests run on SQLite"),
    }
}

/// A deed that is under way until it is told to end; whoever asks meanwhile stands in line behind it.
async fn holder(store: &Store) -> (Arc<Semaphore>, JoinHandle<Result<(), Error>>) {
    let (begun, go) = (Arc::new(Notify::new()), Arc::new(Semaphore::new(0)));
    let (its_begun, its_go, store) = (Arc::clone(&begun), Arc::clone(&go), store.clone());
    let deed = tokio::task::spawn_local(async move {
        store
            .write(&system(), async |tx| {
                its_begun.notify_one();
                // Whoever is run again goes through at once.
                drop(its_go.acquire().await);
                tx.set_mark("holder", "done").await
            })
            .await
    });
    begun.notified().await;
    (go, deed)
}

/// Asks for a deed and lets it get in line.
async fn in_line<T: 'static>(
    store: &Store,
    deed: impl AsyncFn(&Tx) -> Result<T, Error> + 'static,
) -> JoinHandle<Result<T, Error>> {
    let store = store.clone();
    let asked = tokio::task::spawn_local(async move { store.write(&system(), deed).await });
    tokio::task::yield_now().await;
    asked
}

#[tokio::test]
async fn deeds_that_wait_together_are_committed_together_and_one_refusal_undoes_only_itself() {
    LocalSet::new()
        .run_until(async {
            let (store, dir) = fresh().await;
            store.migrate().await.unwrap();
            let before = commits(&store);
            let (go, first) = holder(&store).await;
            let refused = in_line(&store, async |tx| -> Result<(), Error> {
                tx.set_mark("refused", "half").await?;
                tx.set_mark("shared", "of the refused").await?;
                Err(Error::NotFound)
            })
            .await;
            let broken = in_line(&store, async |tx| {
                tx.set_mark("broken", "half").await?;
                tx.exec("INSERT INTO marks (key, value) VALUES ('holder', 'twice')", [])
                    .await
            })
            .await;
            let seeing = in_line(&store, async |tx| {
                // What was refused before is gone, what was done before is there.
                let seen = "SELECT COUNT(*) FROM marks WHERE key IN ('refused', 'shared', 'broken', 'holder')";
                let seen = tx.number(seen, []).await?;
                tx.set_mark("seeing", "done").await?;
                Ok(seen)
            })
            .await;
            let mut more = Vec::new();
            for n in 0..8 {
                more.push(
                    in_line(&store, async move |tx| {
                        tx.set_mark(&format!("more {n}"), "done").await
                    })
                    .await,
                );
            }
            assert_eq!(store.mark("holder").await.unwrap(), None, "seen before the commit");
            go.add_permits(1);
            first.await.unwrap().unwrap();
            assert!(matches!(refused.await.unwrap(), Err(Error::NotFound)));
            assert!(broken.await.unwrap().unwrap_err().is_unique_violation());
            assert_eq!(seeing.await.unwrap().unwrap(), 1);
            for one in more {
                one.await.unwrap().unwrap();
            }
            // One, unless the machine is so busy that a batch gets too old.
            let commits = commits(&store) - before;
            assert!(commits <= 2, "{commits} commits for ten deeds");
            for (mark, value) in [("holder", Some("done")), ("seeing", Some("done")), ("refused", None), ("shared", None), ("broken", None)] {
                assert_eq!(store.mark(mark).await.unwrap().as_deref(), value, "{mark}");
            }
            store.close().await;
            std::fs::remove_dir_all(dir).unwrap();
        })
        .await;
}

#[tokio::test]
async fn a_commit_that_fails_fails_only_the_deed_that_made_it_fail() {
    LocalSet::new()
        .run_until(async {
            let (store, dir) = fresh().await;
            store.migrate().await.unwrap();
            let (go, first) = holder(&store).await;
            let poisoned = in_line(&store, async |tx| {
                // Checked at the commit, and not before.
                tx.exec("PRAGMA defer_foreign_keys = ON", []).await?;
                tx.exec(
                    "INSERT INTO photo_files (photo_id, name, file_hash) VALUES (x'00', 'small', 'nowhere')",
                    [],
                )
                .await
            })
            .await;
            let refused = in_line(&store, async |_| -> Result<(), Error> { Err(Error::NotFound) }).await;
            let other = in_line(&store, async |tx| tx.set_mark("other", "done").await).await;
            go.add_permits(1);
            let poisoned = poisoned.await.unwrap().unwrap_err();
            assert!(poisoned.to_string().contains("FOREIGN KEY"), "{poisoned}");
            first.await.unwrap().unwrap();
            other.await.unwrap().unwrap();
            assert!(matches!(refused.await.unwrap(), Err(Error::NotFound)));
            for mark in ["holder", "other"] {
                assert_eq!(store.mark(mark).await.unwrap().as_deref(), Some("done"), "{mark}");
            }
            assert_eq!(store.number("SELECT COUNT(*) FROM photo_files", []).await.unwrap(), 0);
            // And the writer goes on.
            store.set_mark(&system(), "after", "done").await.unwrap();
            store.close().await;
            std::fs::remove_dir_all(dir).unwrap();
        })
        .await;
}

#[tokio::test]
async fn a_disk_that_is_full_refuses_what_has_no_room_and_loses_nothing_else() {
    LocalSet::new()
        .run_until(async {
            let (store, dir) = fresh().await;
            store.migrate().await.unwrap();
            let (go, first) = holder(&store).await;
            let large = in_line(&store, async |tx| {
                // As many pages as there are now: the next one has no room.
                tx.exec("PRAGMA max_page_count = 1", []).await?;
                let mut n = 0;
                loop {
                    n += 1;
                    tx.set_mark(&format!("large {n}"), &"x".repeat(60_000))
                        .await?;
                }
                #[allow(unreachable_code, reason = "the type of the deed")]
                Ok(())
            })
            .await;
            let other = in_line(&store, async |tx| tx.set_mark("other", "done").await).await;
            go.add_permits(1);
            assert!(matches!(large.await.unwrap(), Err(Error::Full)));
            first.await.unwrap().unwrap();
            other.await.unwrap().unwrap();
            let large = "SELECT COUNT(*) FROM marks WHERE key LIKE 'large%'";
            assert_eq!(store.number(large, []).await.unwrap(), 0);
            // There is room again: the same deed goes through.
            store
                .write(&system(), async |tx| -> Result<(), Error> {
                    tx.exec("PRAGMA max_page_count = 1000000", []).await?;
                    for n in 0..20 {
                        tx.set_mark(&format!("large {n}"), &"x".repeat(60_000))
                            .await?;
                    }
                    Ok(())
                })
                .await
                .unwrap();
            assert_eq!(store.mark("holder").await.unwrap().as_deref(), Some("done"));
            store.close().await;
            std::fs::remove_dir_all(dir).unwrap();
        })
        .await;
}

#[tokio::test]
async fn a_deed_that_is_dropped_or_panics_is_undone_and_holds_up_nobody() {
    LocalSet::new()
        .run_until(async {
            let (store, dir) = fresh().await;
            store.migrate().await.unwrap();
            let (go, first) = holder(&store).await;
            let stuck = in_line(&store, async |tx| -> Result<(), Error> {
                tx.set_mark("stuck", "half").await?;
                std::future::pending().await
            })
            .await;
            // Dropped before its turn.
            let early = in_line(&store, async |tx| tx.set_mark("early", "half").await).await;
            early.abort();
            let panics = in_line(&store, async |tx| -> Result<(), Error> {
                tx.set_mark("panics", "half").await?;
                panic!("as a test")
            })
            .await;
            let other = in_line(&store, async |tx| tx.set_mark("other", "done").await).await;
            go.add_permits(1);
            // It has its turn and will never end it.
            tokio::time::sleep(Duration::from_millis(100)).await;
            stuck.abort();
            other.await.unwrap().unwrap();
            first.await.unwrap().unwrap();
            assert!(panics.await.unwrap_err().is_panic());
            assert!(early.await.unwrap_err().is_cancelled());
            for mark in ["stuck", "early", "panics"] {
                assert_eq!(store.mark(mark).await.unwrap(), None, "{mark}");
            }
            store.close().await;
            std::fs::remove_dir_all(dir).unwrap();
        })
        .await;
}

#[tokio::test]
async fn sixty_four_at_once_are_all_done_in_few_commits_with_unbroken_numbers() {
    LocalSet::new()
        .run_until(async {
            let (store, dir) = fresh().await;
            store.migrate().await.unwrap();
            let before = commits(&store);
            let mut asked = Vec::new();
            let (go, first) = holder(&store).await;
            for n in 0..64 {
                asked.push(
                    in_line(&store, async move |tx| {
                        tx.pages_changed();
                        let event = crate::events::Event {
                            subject_kind: "order",
                            subject_id: Uuid::nil(),
                            kind: "order_sent",
                            ..Default::default()
                        };
                        tx.event(event).await?;
                        tx.exec(
                            "INSERT INTO marks (key, value) VALUES ('numbers', '1') \
                             ON CONFLICT (key) DO UPDATE SET value = CAST(value AS INTEGER) + 1",
                            [],
                        )
                        .await?;
                        let number = tx
                            .number(
                                "SELECT CAST(value AS INTEGER) FROM marks WHERE key = 'numbers'",
                                [],
                            )
                            .await?;
                        // Every fourth is refused at its end and gives its number back.
                        if n % 4 == 0 {
                            Err(Error::NotFound)
                        } else {
                            Ok(number)
                        }
                    })
                    .await,
                );
            }
            let edition = store
                .number("SELECT number FROM editions", [])
                .await
                .unwrap();
            go.add_permits(1);
            first.await.unwrap().unwrap();
            let mut numbers = Vec::new();
            for one in asked {
                numbers.extend(one.await.unwrap().ok());
            }
            numbers.sort_unstable();
            assert_eq!(numbers, (1..=48).collect::<Vec<i64>>());
            assert_eq!(
                store
                    .number("SELECT MAX(seq) FROM events", [])
                    .await
                    .unwrap(),
                48
            );
            assert_eq!(
                store
                    .number("SELECT COUNT(*) FROM events", [])
                    .await
                    .unwrap(),
                48
            );
            let now = store
                .number("SELECT number FROM editions", [])
                .await
                .unwrap();
            assert_eq!(now, edition + 48, "refused deeds publish nothing");
            let commits = commits(&store) - before;
            assert!(commits < 32, "{commits} commits for 49 deeds");
            store.close().await;
            std::fs::remove_dir_all(dir).unwrap();
        })
        .await;
}

#[tokio::test]
async fn while_another_process_holds_the_database_a_deed_waits_five_seconds_at_most() {
    let (store, dir) = fresh().await;
    store.migrate().await.unwrap();
    let other = store.direct().await.unwrap();
    use sea_orm::ConnectionTrait as _;
    other.execute_unprepared("BEGIN IMMEDIATE").await.unwrap();
    let act = system();
    let since = std::time::Instant::now();
    let (one, two) = tokio::join!(
        store.set_mark(&act, "one", "done"),
        store.set_mark(&act, "two", "done")
    );
    assert!(matches!((one, two), (Err(Error::Busy), Err(Error::Busy))));
    let waited = since.elapsed();
    assert!((4..6).contains(&waited.as_secs()), "{waited:?}");
    // Let go within the time, and it is done.
    let (done, _) = tokio::join!(store.set_mark(&act, "three", "done"), async {
        tokio::time::sleep(Duration::from_millis(700)).await;
        other.execute_unprepared("COMMIT").await.unwrap();
    });
    done.unwrap();
    let _ = other.close().await;
    store.close().await;
    std::fs::remove_dir_all(dir).unwrap();
}
