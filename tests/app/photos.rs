//! Photos of goods, by real requests on both databases: sending, ordering, removing; who sees them; what offers show.

use domain::{
    ids::ProductId,
    offers::OfferEvent,
    photos::{PER_PRODUCT_MAX, STORED_BYTES_MAX, UPLOADS_MAX, UPLOADS_WINDOW_SECONDS},
    products::ProductEvent,
};
use store::products::Facts;
use tests::{
    app::TestApp,
    build::{Pool, photo},
    database::{Kind, number, run},
    page::Page,
    people::Person,
};

const FIELD: &str = "photo_file";

async fn sqlite() -> TestApp {
    let app = TestApp::start(Kind::Sqlite).await;
    app.expect("SQLite is always there")
}

async fn draft(app: &TestApp, owner: &Person) -> ProductId {
    let facts = Facts {
        name: "Emping melinjo".to_owned(),
        ..Facts::default()
    };
    let act = owner.act(app);
    let made = app
        .store
        .create_product(&act, owner.organisation, &facts, None, false);
    made.await.expect("a draft")
}

/// Sends a file through the page of a product's photos.
async fn send(owner: &Person, product: ProductId, name: &str, content: &[u8]) -> Page {
    let path = format!("/products/{product}/photos");
    let page = owner.get(&path).await.expect(200);
    let form = page.form(&path).attach(FIELD, name, content);
    owner.submit(&page, &form).await
}

/// The ids of the photos that stand on a page, in their order.
fn photos_on(page: &Page) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for part in page.body.split("src=\"/photos/").skip(1) {
        let id = part.split('/').next().unwrap_or_default().to_owned();
        if !found.contains(&id) {
            found.push(id);
        }
    }
    found
}

async fn count(app: &TestApp, sql: &str) -> i64 {
    number(&app.database.url, sql).await
}

#[tokio::test]
async fn an_owner_sends_photos_chooses_the_main_one_and_puts_a_removed_one_back() {
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Roban").await;
        let product = draft(&app, &owner).await;
        let here = format!("/products/{product}/photos");
        owner.get(&here).await.expect(200).reads("Belum ada foto");
        for n in 1..=3 {
            let answer = send(&owner, product, "foto.jpg", &photo(n)).await;
            assert_eq!(answer.location(), here);
            owner
                .follow(answer)
                .await
                .expect(200)
                .reads("1 foto sudah tersimpan");
        }
        let page = owner.get(&here).await.expect(200);
        let [a, b, c] = photos_on(&page).try_into().expect("three photos");

        // The last one becomes the main one; the others keep their order.
        let main = format!("{here}/{c}/position");
        let page = owner.follow(owner.post_form(&page, &main, &[]).await).await;
        page.reads("Foto utama sudah diganti");
        assert_eq!(photos_on(&page), [c.clone(), a.clone(), b.clone()]);
        let list = owner.get("/products").await.expect(200);
        assert_eq!(photos_on(&list), std::slice::from_ref(&c));
        let own = owner.get(&format!("/products/{product}")).await.expect(200);
        assert_eq!(photos_on(&own), [c.clone(), a.clone(), b.clone()]);
        assert_eq!(
            own.attribute("picture img", "alt"),
            "Emping melinjo · Dapur Roban"
        );

        // Removed, and put back by the way that the message shows.
        let removal = format!("{here}/{c}/removal");
        let page = owner
            .follow(owner.post_form(&page, &removal, &[]).await)
            .await;
        page.reads("Foto sudah dihapus");
        assert!(page.link("Batalkan").ends_with("#removed"));
        assert_eq!(photos_on(&page)[..2], [a.clone(), b.clone()]);
        let list = owner.get("/products").await.expect(200);
        assert_eq!(photos_on(&list), std::slice::from_ref(&a));
        let back = format!("{here}/{c}/return");
        let page = owner.follow(owner.post_form(&page, &back, &[]).await).await;
        assert_eq!(photos_on(&page), [a, b, c]);
        let events = "SELECT COUNT(*) FROM events WHERE kind LIKE 'product_photo_%'";
        assert_eq!(count(&app, events).await, 6);
        assert_eq!(count(&app, "SELECT COUNT(*) FROM photos").await, 3);
    }
}

#[tokio::test]
async fn a_new_product_takes_its_photo_along_and_keeps_it_when_something_else_is_wrong() {
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Roban").await;
        let page = owner.get("/products/new").await.expect(200);
        let form = page
            .form("/products/new")
            .with("name", "Emping manis")
            .with("stock", "20")
            .attach(FIELD, "foto.jpg", &photo(1))
            .press("Tayangkan");
        let page = owner.submit(&page, &form).await.expect(422);
        page.reads("Foto sudah tersimpan. Tidak perlu dikirim lagi");
        let form = page.form("/products/new");
        assert_eq!(form.value("name"), Some("Emping manis"));
        let kept = form
            .value("photo")
            .expect("the photo is in hand")
            .to_owned();
        let form = form
            .with("kind", "emping")
            .with("unit", "bungkus")
            .with("content", "250 g")
            .with("price", "12.000")
            .press("Tayangkan");
        let answer = owner.submit(&page, &form).await;
        let page = owner.follow(answer).await.expect(200);
        assert_eq!(photos_on(&page), [kept]);

        // Somebody else's photo is as good as none, and the product is made all the same.
        let other = app.umkm("Nira Kokap").await;
        let product = draft(&app, &other).await;
        let theirs = app.photo_on(&other, product, 2).await;
        let page = owner.get("/products/new").await.expect(200);
        let form = page
            .form("/products/new")
            .with("name", "Emping asin")
            .tampered("photo", &theirs.to_string())
            .press("Simpan dulu");
        let page = owner.follow(owner.submit(&page, &form).await).await;
        assert_eq!(photos_on(&page.expect(200)), Vec::<String>::new());
    }
}

/// CHECKLIST E01 to E03: told from the content, and the name that was sent is nowhere.
#[tokio::test]
async fn what_is_no_photo_is_told_at_its_field_and_a_wild_name_does_no_harm() {
    let app = sqlite().await;
    let owner = app.umkm("Dapur Roban").await;
    let product = draft(&app, &owner).await;
    for (content, words) in [
        (b"<?php system('ls'); ?>".to_vec(), "bukan foto"),
        (
            b"<!doctype html><script>x()</script>".to_vec(),
            "bukan foto",
        ),
        (b"MZ\x90\0\x03".to_vec(), "bukan foto"),
        (
            b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>".to_vec(),
            "jenis ini",
        ),
        (b"GIF89a\x01\0\x01\0".to_vec(), "jenis ini"),
        (
            b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec(),
            "Paling Kompatibel",
        ),
        (photo(1)[..400].to_vec(), "rusak atau terputus"),
        (Vec::new(), "Pilih foto dulu"),
    ] {
        let page = send(&owner, product, "foto.jpg", &content)
            .await
            .expect(422);
        let said = page.field_message(FIELD);
        assert!(said.contains(words), "{said}");
        assert!(page.title().starts_with("Galat:"), "{}", page.title());
    }
    assert_eq!(count(&app, "SELECT COUNT(*) FROM photos").await, 0);
    let long = "a".repeat(300);
    let names = ["../../etc/passwd", "%2e%2e%2f", "/etc/passwd", "CON", &long];
    for (name, n) in names.into_iter().zip(1..) {
        let answer = send(&owner, product, name, &photo(n)).await;
        assert_eq!(answer.status, 303, "{name}");
    }
    let page = owner.get(&format!("/products/{product}/photos")).await;
    let first = photos_on(&page)[0].clone();
    let file = owner
        .get(&format!("/photos/{first}/320.jpg"))
        .await
        .expect(200);
    let saved = format!("inline; filename=\"{first}-320.jpg\"");
    assert_eq!(file.header("content-disposition"), Some(saved.as_str()));
    assert_eq!(file.header("content-type"), Some("image/jpeg"));
    assert_eq!(file.header("x-content-type-options"), Some("nosniff"));
}

#[tokio::test]
async fn more_than_ten_megabytes_are_refused_and_nothing_is_kept() {
    let app = sqlite().await;
    let owner = app.umkm("Dapur Roban").await;
    let product = draft(&app, &owner).await;
    let mut large = photo(1);
    large.resize(10 * 1024 * 1024 + 70_000, 0);
    let _ = send(&owner, product, "foto.jpg", &large).await.expect(413);
    // Bytes behind the picture are left behind.
    large.truncate(9 * 1024 * 1024);
    let answer = send(&owner, product, "foto.jpg", &large).await;
    assert_eq!(answer.status, 303);
    let bytes = count(&app, "SELECT CAST(SUM(bytes) AS BIGINT) FROM photos").await;
    assert!(bytes < 300_000, "{bytes}");
    // The text fields of such a form have the room of any form.
    let page = owner.get("/products/new").await.expect(200);
    let form = page
        .form("/products/new")
        .with("name", &"a".repeat(70_000))
        .press("Simpan dulu");
    let _ = owner.submit(&page, &form).await.expect(413);
}

/// CHECKLIST E07.
#[tokio::test]
async fn photos_of_a_product_of_a_business_and_of_an_hour_have_their_limits() {
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Roban").await;
        let product = draft(&app, &owner).await;
        for n in 1..=u8::try_from(PER_PRODUCT_MAX).expect("a few") {
            app.photo_on(&owner, product, n).await;
        }
        let here = format!("/products/{product}/photos");
        let page = owner.get(&here).await.expect(200);
        page.reads("paling banyak 8 foto");
        assert!(!page.has("input[type=file]"));

        let other = draft(&app, &owner).await;
        run(
            &app.database.url,
            &format!("UPDATE photos SET bytes = {STORED_BYTES_MAX}"),
        )
        .await;
        let page = send(&owner, other, "foto.jpg", &photo(20))
            .await
            .expect(422);
        assert!(page.field_message(FIELD).contains("sudah penuh"));
        run(&app.database.url, "UPDATE photos SET bytes = 1000").await;

        let bucket = format!("photos:{}", owner.person);
        for _ in 0..UPLOADS_MAX {
            app.store
                .count_try(&app.system(), &bucket, UPLOADS_MAX, UPLOADS_WINDOW_SECONDS)
                .await
                .expect("the database answers");
        }
        let page = send(&owner, other, "foto.jpg", &photo(21))
            .await
            .expect(429);
        assert!(page.header("retry-after").is_some());
        app.later_hours(2);
        let answer = send(&owner, other, "foto.jpg", &photo(21)).await;
        assert_eq!(answer.status, 303);
    }
}

/// What somebody gets for a photo: the status, how long it may be kept, and the body.
async fn look(who: &tests::visitor::Visitor, photo: impl std::fmt::Display) -> (u16, String) {
    let page = who.get(&format!("/photos/{photo}/320.webp")).await;
    let caching = page.header("cache-control").unwrap_or_default().to_owned();
    (page.status, caching)
}

fn draft_photo() -> (u16, String) {
    (200, "private, no-store".to_owned())
}

fn parties_photo() -> (u16, String) {
    (200, "private, max-age=31536000, immutable".to_owned())
}

fn public_photo() -> (u16, String) {
    (200, "public, max-age=31536000, immutable".to_owned())
}

fn no_photo() -> (u16, String) {
    (404, "no-store".to_owned())
}

/// CHECKLIST B03: an address that nobody can guess is no right to see what it shows.
#[tokio::test]
async fn a_photo_is_seen_by_those_who_may_see_its_goods() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[60, 50])).await;
        let [first, second] = market.members.as_slice() else {
            panic!("two members");
        };
        let stranger = app.umkm("Nira Kokap").await;
        let other_manager = app.cooperative("Nira Menoreh", "NM").await;
        let nobody = app.visitor();

        // A draft: its owner, and the manager who may act for the owner.
        let product = draft(&app, &first.owner).await;
        let photo = app.photo_on(&first.owner, product, 1).await;
        assert_eq!(look(&first.owner, photo).await, draft_photo());
        assert_eq!(look(&market.manager, photo).await, draft_photo());
        for who in [
            &nobody,
            &stranger.visitor,
            &other_manager.visitor,
            &market.buyer.visitor,
            &second.owner.visitor,
        ] {
            assert_eq!(look(who, photo).await, no_photo());
        }
        let address = format!("/photos/{photo}/320.webp");
        let hidden = nobody.get(&address).await.body;
        let missing = "/photos/01890000-0000-8000-8000-00000000dead/320.webp";
        assert_eq!(hidden, nobody.get(missing).await.body);
        let _ = first
            .owner
            .get(&format!("/photos/{photo}/9.webp"))
            .await
            .expect(404);

        // In an offer that stands open: everybody, for good, and without anybody's cookie.
        let photo = app.photo_on(&first.owner, first.product, 2).await;
        for who in [&nobody, &stranger.visitor, &market.buyer.visitor] {
            assert_eq!(look(who, photo).await, public_photo());
        }
        let address = format!("/photos/{photo}/1280.jpg");
        let file = market.buyer.get(&address).await.expect(200);
        assert_eq!(file.header("set-cookie"), None);
        assert_eq!(file.header("content-type"), Some("image/jpeg"));
        let varies = file.header("vary").unwrap_or_default().to_lowercase();
        assert!(!varies.contains("cookie"), "{varies}");

        // The offer closes: its parties still see it, the public doesn't.
        market.ordered(&app, 3).await;
        app.store
            .change_offer(
                &market.manager.act(&app),
                market.cooperative(),
                market.offer,
                OfferEvent::Pause,
            )
            .await
            .expect("a paused offer");
        for who in [&first.owner, &second.owner, &market.manager, &market.buyer] {
            assert_eq!(look(who, photo).await, parties_photo());
        }
        for who in [&nobody, &stranger.visitor, &other_manager.visitor] {
            assert_eq!(look(who, photo).await, no_photo());
        }

        // Taken off the goods it is its owner's alone.
        app.store
            .remove_product_photo(
                &first.owner.act(&app),
                first.owner.organisation,
                first.product,
                photo,
            )
            .await
            .expect("removed");
        assert_eq!(look(&first.owner, photo).await, draft_photo());
        for who in [&market.manager, &market.buyer, &second.owner] {
            assert_eq!(look(who, photo).await, no_photo());
        }
    }
}

#[tokio::test]
async fn an_offer_shows_its_members_photos_and_messengers_get_a_picture_of_it() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[60, 50])).await;
        let [first, second] = market.members.as_slice() else {
            panic!("two members");
        };
        let offer = format!("/offers/{}", market.offer);
        let nobody = app.visitor();
        // Without a photo, the drawn picture of the kind.
        let page = nobody.get(&offer).await.expect(200);
        let picture = |page: &Page| page.attribute("meta[property='og:image']", "content");
        assert_eq!(
            picture(&page),
            format!("{}/pictures/keripik-singkong.jpg", app.url)
        );
        let drawn = nobody
            .get("/pictures/keripik-singkong.jpg")
            .await
            .expect(200);
        assert_eq!(drawn.header("content-type"), Some("image/jpeg"));
        let length = drawn.header("content-length").unwrap_or_default();
        assert!(
            length.parse::<i64>().is_ok_and(|n| n <= 100_000),
            "{length}"
        );
        let _ = nobody.get("/pictures/../app.css").await.expect(404);
        let _ = nobody.get("/pictures/tidak-ada.jpg").await.expect(404);

        let a = app
            .photo_on(&first.owner, first.product, 1)
            .await
            .to_string();
        let b = app
            .photo_on(&second.owner, second.product, 2)
            .await
            .to_string();
        let c = app
            .photo_on(&first.owner, first.product, 3)
            .await
            .to_string();
        let page = nobody.get(&offer).await.expect(200);
        page.reads("Foto: Dapur Rasa 0");
        assert_eq!(photos_on(&page), [a.clone(), b.clone(), c.clone()]);
        assert_eq!(
            page.attribute("figure img", "src"),
            format!("/photos/{a}/640.jpg")
        );
        assert_eq!(
            page.attribute("figure img", "alt"),
            "Keripik singkong · Dapur Rasa 0"
        );
        assert_eq!(picture(&page), format!("{}/photos/{a}/share.jpg", app.url));
        let share = page.link("WhatsApp");
        assert!(
            share.starts_with("https://wa.me/?text=Keripik%20singkong"),
            "{share}"
        );
        let share = nobody
            .get(&format!("/photos/{a}/share.jpg"))
            .await
            .expect(200);
        assert_eq!(share.header("content-type"), Some("image/jpeg"));
        // Another one, large, without a script.
        let other = nobody.get(&format!("{offer}?photo=2")).await.expect(200);
        assert_eq!(
            other.attribute("figure img", "src"),
            format!("/photos/{b}/640.jpg")
        );
        other.reads("Foto: Dapur Rasa 1");
        let _ = nobody.get(&format!("{offer}?photo=99")).await.expect(200);

        // The manager chooses; lists, cart and order follow.
        let choose = format!("{offer}/photos");
        let page = market.manager.get(&choose).await.expect(200);
        let form = page.form(&choose).tampered("photo", &b);
        let page = market
            .manager
            .follow(market.manager.submit(&page, &form).await)
            .await;
        page.reads("Foto utama penawaran sudah dipilih");
        assert_eq!(photos_on(&page)[0], b);
        let order = market.ordered(&app, 2).await.order;
        let act = market.buyer.act(&app);
        app.put_in_cart(&act, market.buyer.organisation, market.offer, 2)
            .await;
        for path in [
            "/search".to_owned(),
            "/cart".to_owned(),
            format!("/orders/{order}"),
        ] {
            let page = market.buyer.get(&path).await.expect(200);
            assert_eq!(photos_on(&page), std::slice::from_ref(&b), "{path}");
        }
        // A product that rests takes its photo along.
        app.store
            .change_product_state(
                &second.owner.act(&app),
                second.owner.organisation,
                second.product,
                ProductEvent::Pause,
            )
            .await
            .expect("a paused product");
        let page = nobody.get(&offer).await.expect(200);
        assert_eq!(photos_on(&page), [a, c]);
    }
}

#[tokio::test]
async fn an_offers_address_can_be_read_from_a_code() {
    let app = sqlite().await;
    let market = app.market(&Pool::of(&[60])).await;
    let code = format!("/offers/{}/qr", market.offer);
    let page = app.visitor().get(&code).await.expect(200);
    assert_eq!(page.header("content-type"), Some("image/svg+xml"));
    assert!(page.body.starts_with("<svg"));
    let offer = app
        .visitor()
        .get(&format!("/offers/{}", market.offer))
        .await;
    assert!(offer.has(&format!("img[src='{code}']")));
    app.store
        .change_offer(
            &market.manager.act(&app),
            market.cooperative(),
            market.offer,
            OfferEvent::Pause,
        )
        .await
        .expect("a paused offer");
    let _ = app.visitor().get(&code).await.expect(404);
}

#[tokio::test]
async fn a_photo_that_never_came_onto_goods_goes_after_a_week_with_its_files_and_one_that_did_stays()
 {
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Roban").await;
        let product = draft(&app, &owner).await;
        let (shown, off, _staged) = (
            app.kept_photo(&owner, 0).await,
            app.kept_photo(&owner, 1).await,
            app.kept_photo(&owner, 2).await,
        );
        let act = owner.act(&app);
        for id in [shown, off] {
            let put = app
                .store
                .add_product_photo(&act, owner.organisation, product, id);
            put.await.expect("on the product");
        }
        let taken = app
            .store
            .remove_product_photo(&act, owner.organisation, product, off);
        taken.await.expect("off the product");
        let media::Media::Memory(files) = &app.media else {
            panic!("files in memory");
        };
        let all = files.count();
        // Photos of one colour have some small files in common, which stay.
        let of_staged = "SELECT count(DISTINCT f.file_hash) FROM photo_files f WHERE NOT EXISTS \
                         (SELECT 1 FROM photo_files g JOIN product_photos p ON p.photo_id = g.photo_id \
                         WHERE g.file_hash = f.file_hash)";
        let sizes = usize::try_from(count(&app, of_staged).await).expect("a few");
        assert!(sizes > 0);
        let tend = async || {
            let rest = tokio::time::sleep(std::time::Duration::from_millis(300));
            app.runner().run(rest).await;
            app.run_jobs().await;
        };
        app.later_hours(6 * 24);
        tend().await;
        assert_eq!(files.count(), all, "not yet");
        app.later_hours(2 * 24);
        tend().await;
        assert_eq!(count(&app, "SELECT count(*) FROM photos").await, 2);
        assert_eq!(count(&app, of_staged).await, 0);
        assert_eq!(files.count(), all - sizes);
        let jobs = "SELECT count(*) FROM jobs WHERE kind = 'forget_file' AND done_at IS NULL";
        assert_eq!(count(&app, jobs).await, 0);
        // The one that was taken off can still be put back.
        let back = app
            .store
            .return_product_photo(&act, owner.organisation, product, off);
        back.await.expect("back again");
    }
}
