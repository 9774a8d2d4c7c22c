//! Where files lie: the same promises in a folder and in a bucket of a real S3-compatible store, and what becomes of
//! pages, photos and rows while the store is down, slow, broken or full.

use std::time::{Duration, Instant};

use domain::{photos::FileHash, products::ProductEvent};
use media::{Error, Media};
use tests::{
    app::TestApp,
    build::{Pool, photo},
    database::{Fresh, Kind, number},
    s3::{self, BUCKET, KEY, Mood, ObjectServer},
};
use web::server::Config;

const FIELD: &str = "photo_file";
const HOURS: Duration = Duration::from_secs(3 * 3600);

fn key(prefix: &str, name: &FileHash) -> String {
    let first = &name.as_str()[..2];
    format!("{prefix}{first}/{name}")
}

#[tokio::test]
async fn a_file_is_kept_alike_in_a_folder_and_in_a_bucket() {
    let store = ObjectServer::start().await;
    let fresh = Fresh::make(Kind::Sqlite).await.expect("a folder");
    let folder = fresh.folder().join("files");
    let in_folder = media::Config::new(format!("file://{}", folder.display()));
    let in_folder = Media::open(&in_folder).expect("a folder");
    let places = [
        (in_folder, None),
        (store.media(""), Some("")),
        (store.media("foto/usaha"), Some("foto/usaha/")),
    ];
    for (media, prefix) in places {
        media.ping().await.expect("it answers");
        media.ping().await.expect("it answers again");
        for content in [b"abc".to_vec(), Vec::new(), vec![7; 400_000]] {
            let name = FileHash::of(&content);
            assert_eq!(media.get(&name).await.expect("an answer"), None);
            assert!(media.forget(&name).await.expect("nothing to forget"));
            for _ in 0..2 {
                assert_eq!(media.put(content.clone()).await.expect("kept"), name);
            }
            let kept = media.get(&name).await.expect("an answer");
            assert!(kept.is_some_and(|kept| kept == content));
            // Kept just now: somebody is about to name it.
            assert!(!media.forget(&name).await.expect("left alone"));
            match prefix {
                Some(prefix) => store.age(&key(prefix, &name), HOURS),
                None => {
                    let lies = folder.join(key("", &name));
                    let file = std::fs::File::open(lies).expect("the file");
                    let then = std::time::SystemTime::now() - HOURS;
                    file.set_modified(then).expect("an older file");
                }
            }
            // Kept again: it is new again.
            media.put(content.clone()).await.expect("kept again");
            assert!(!media.forget(&name).await.expect("left alone"));
            if let Some(prefix) = prefix {
                store.age(&key(prefix, &name), HOURS);
                assert!(media.forget(&name).await.expect("forgotten"));
                assert_eq!(media.get(&name).await.expect("an answer"), None);
            }
        }
    }
}

#[tokio::test]
async fn what_lies_under_a_wrong_name_is_never_handed_out() {
    let store = ObjectServer::start().await;
    let media = store.media("");
    let name = media.put(b"padi".to_vec()).await.expect("kept");
    std::fs::write(store.lies(&key("", &name)), b"gulma").expect("spoiled");
    let read = media.get(&name).await;
    assert!(matches!(read, Err(Error::Away(_))), "{read:?}");
}

#[tokio::test]
async fn wrong_keys_are_told_and_never_taken_for_a_missing_file() {
    let store = ObjectServer::start().await;
    let name = FileHash::of(b"padi");
    let media = store.media_at(&store.url(BUCKET, ""), (KEY.0, "salah"));
    let told = media
        .ping()
        .await
        .expect_err("it can't be used")
        .to_string();
    assert!(told.contains("403"), "{told}");
    assert!(!told.contains("rahasia"), "{told}");
    assert!(media.put(b"padi".to_vec()).await.is_err());
    let _ = media.get(&name).await.expect_err("not told to be missing");
}

/// CHECKLIST B03: the bucket is nobody's but the program's; who may see a photo is asked each time.
#[tokio::test]
async fn a_photo_in_a_bucket_is_seen_by_those_who_may_see_its_goods() {
    for kind in Kind::ALL {
        let store = ObjectServer::start().await;
        let media = store.media("foto");
        let Some(app) = TestApp::start_keeping(kind, Config::default(), media).await else {
            continue;
        };
        let market = app.market(&Pool::of(&[60, 50])).await;
        let owner = &market.members[0].owner;
        let stranger = app.umkm("Nira Kokap").await;
        let product = market.members[0].product;
        let here = format!("/products/{product}/photos");
        let page = owner.get(&here).await.expect(200);
        let form = page.form(&here).attach(FIELD, "foto.jpg", &photo(1));
        let answer = owner.submit(&page, &form).await;
        let page = owner.follow(answer).await.expect(200);
        page.reads("1 foto sudah tersimpan");
        assert!(store.count() > 2, "all sizes lie in the bucket");
        // No page knows where that is.
        assert!(!page.body.contains(&store.endpoint) && !page.body.contains("Signature"));

        let id = page.body.split("src=\"/photos/").nth(1).expect("a photo");
        let id = id.split('/').next().unwrap_or_default().to_owned();
        let file = format!("/photos/{id}/320.webp");
        let nobody = app.visitor();
        let public = nobody.get(&file).await.expect(200);
        assert_eq!(public.header("content-type"), Some("image/webp"));
        app.store
            .change_product_state(
                &owner.act(&app),
                owner.organisation,
                product,
                ProductEvent::Pause,
            )
            .await
            .expect("a paused product");
        let _ = owner.get(&file).await.expect(200);
        for who in [&nobody, &stranger.visitor, &market.buyer.visitor] {
            let _ = who.get(&file).await.expect(404);
        }

        // Whoever asks the bucket itself gets nothing, whatever name they know.
        let hash = "SELECT COUNT(*) FROM photo_files WHERE file_hash = '{}'";
        let outside = tests::visitor::Visitor::new(&store.endpoint);
        let mut seen = 0;
        for folder in std::fs::read_dir(store.lies("foto"))
            .expect("the bucket")
            .flatten()
        {
            let Ok(files) = std::fs::read_dir(folder.path()) else {
                continue;
            };
            for name in files.flatten() {
                let name = name.file_name().to_string_lossy().into_owned();
                if name.len() != 64 {
                    continue;
                }
                let known = number(&app.database.url, &hash.replace("{}", &name)).await;
                assert!(known > 0, "{name} is named by no row");
                let place = format!("/{BUCKET}/foto/{}/{name}", &name[..2]);
                let answer = outside.get(&place).await;
                assert_eq!(answer.status, 403, "{place}");
                seen += 1;
            }
        }
        assert_eq!(seen, store.count());
    }
}

/// CHECKLIST section 3: said plainly, nothing typed is lost, no row without its file, other pages go on, and all is well by
/// itself when the store is.
#[tokio::test]
async fn a_store_that_fails_is_told_at_the_photo_and_heals_by_itself() {
    for kind in Kind::ALL {
        let store = ObjectServer::start().await;
        let media = store.media("");
        let Some(app) = TestApp::start_keeping(kind, Config::default(), media).await else {
            continue;
        };
        let market = app.market(&Pool::of(&[60])).await;
        let owner = &market.members[0].owner;
        let shown = app.photo_on(owner, market.members[0].product, 1).await;
        let file = format!("/photos/{shown}/320.webp");
        let photos = "SELECT COUNT(*) FROM photos";
        for mood in [Mood::Away, Mood::Hangs, Mood::Broken, Mood::Full] {
            store.turn(mood);
            let before = number(&app.database.url, photos).await;
            let page = owner.get("/products/new").await.expect(200);
            let form = page
                .form("/products/new")
                .with("name", "Emping manis")
                .with("stock", "20")
                .attach(FIELD, "foto.jpg", &photo(2))
                .press("Tayangkan");
            let begun = Instant::now();
            let page = owner.submit(&page, &form).await.expect(422);
            let took = begun.elapsed();
            assert!(took < Duration::from_secs(5), "{mood:?}: {took:?}");
            let said = page.field_message(FIELD);
            assert!(said.contains("belum bisa disimpan sekarang"), "{said}");
            let form = page.form("/products/new");
            assert_eq!(form.value("name"), Some("Emping manis"));
            assert_eq!(form.value("stock"), Some("20"));
            assert_eq!(number(&app.database.url, photos).await, before, "{mood:?}");

            // What is only read needs no room; otherwise a photo is missing for a while, and said to be.
            let status = if mood == Mood::Full { 200 } else { 503 };
            let begun = Instant::now();
            let page = owner.get(&file).await.expect(status);
            if status == 503 {
                assert!(page.header("retry-after").is_some());
                assert!(!page.body.contains("127.0.0.1"), "no address is told");
            }
            assert!(begun.elapsed() < Duration::from_secs(3), "{mood:?}");
            let _ = app.visitor().get("/").await.expect(200);
            market.ordered(&app, 2).await;
        }
        store.turn(Mood::Serves);
        let _ = owner.get(&file).await.expect(200);
        app.photo_on(owner, market.members[0].product, 3).await;
        assert_eq!(number(&app.database.url, photos).await, 2);
        assert!(
            app.store
                .audit(app.now(), None)
                .await
                .expect("an audit")
                .is_empty()
        );
    }
}

/// Work that takes unused files away waits for the store, and loses none of its rows.
#[tokio::test]
async fn files_are_taken_away_once_the_store_is_back() {
    let store = ObjectServer::start().await;
    let media = store.media("");
    let app = TestApp::start_keeping(Kind::Sqlite, Config::default(), media).await;
    let app = app.expect("SQLite is always there");
    let owner = app.umkm("Dapur Roban").await;
    app.kept_photo(&owner, 1).await;
    let kept = store.count();
    app.later_hours(8 * 24);
    let waiting = "SELECT COUNT(*) FROM jobs WHERE kind = 'forget_file' AND done_at IS NULL AND dead_at IS NULL";
    store.turn(Mood::Broken);
    let rest = tokio::time::sleep(Duration::from_millis(300));
    app.runner().run(rest).await;
    app.run_jobs().await;
    let jobs = number(&app.database.url, waiting).await;
    assert!(jobs > 0 && store.count() == kept);
    store.turn(Mood::Serves);
    for name in names(&store) {
        store.age(&name, HOURS);
    }
    app.later_hours(3);
    app.run_jobs().await;
    assert_eq!(number(&app.database.url, waiting).await, 0);
    assert_eq!(store.count(), 0);
}

fn names(store: &s3::ObjectServer) -> Vec<String> {
    let mut found = Vec::new();
    for folder in std::fs::read_dir(store.lies(""))
        .expect("the bucket")
        .flatten()
    {
        let first = folder.file_name().to_string_lossy().into_owned();
        for file in std::fs::read_dir(folder.path())
            .into_iter()
            .flatten()
            .flatten()
        {
            let name = file.file_name().to_string_lossy().into_owned();
            if name.len() == 64 {
                found.push(format!("{first}/{name}"));
            }
        }
    }
    found
}
