//! Editions of catalogs: shown again as they were, on pages, on paper and in sheets, and only to whom they are for.

use domain::{
    catalogs::Audience,
    ids::{CatalogId, OfferId, ProductId},
    money::Rupiah,
    offers::PriceVisibility,
};
use store::{catalogs::CatalogTerms, offers::OfferTerms, offers::SupplyChoice};
use tests::{app::TestApp, database::Kind, database::number, page::Page, people::Person};

use crate::{
    files::{Pdf, unzip},
    pooling::{catalog_terms, member, offer_terms, pricing, product},
};

/// What somebody writes who wants to do harm (CHECKLIST D01, D04).
const EVIL: &str =
    "=cmd|'/c calc'!A1 <script>alert(1)</script> {{7*7}} \"><img src=x onerror=alert(1)>";

struct Stall {
    manager: Person,
    owner: Person,
    goods: ProductId,
    offer: OfferId,
    catalog: CatalogId,
}

async fn stall(
    app: &TestApp,
    offered: impl FnOnce(&mut OfferTerms),
    shown: impl FnOnce(&mut CatalogTerms),
) -> Stall {
    let manager = app.cooperative("Koperasi Produsen Tani Maju", "TM").await;
    let owner = member(app, &manager, "Dapur Sari").await;
    let goods = product(app, &owner, 2_400, |_| ()).await;
    let (act, cooperative, store) = (manager.act(app), manager.organisation, &app.store);
    let mut terms = offer_terms();
    offered(&mut terms);
    let offer = store.create_offer(&act, cooperative, &terms).await.unwrap();
    let choices = [SupplyChoice {
        product: goods,
        limit: None,
    }];
    let version = store.set_supplies(&act, cooperative, offer, 1, &choices);
    let version = version.await.unwrap();
    let prices = pricing();
    let set = store.set_prices(&act, cooperative, offer, version, &prices);
    set.await.unwrap();
    store.publish_offer(&act, cooperative, offer).await.unwrap();
    let mut terms = catalog_terms(app.now(), vec![offer]);
    shown(&mut terms);
    let made = store.create_catalog(&act, cooperative, &terms);
    let catalog = made.await.unwrap();
    let published = store.publish_catalog(&act, cooperative, catalog);
    published.await.unwrap();
    Stall {
        manager,
        owner,
        goods,
        offer,
        catalog,
    }
}

impl Stall {
    fn edition(&self, number: i32) -> String {
        format!("/catalogs/{}/editions/{number}", self.catalog)
    }

    /// The buyer pays this much from now on.
    async fn reprice(&self, app: &TestApp, rupiah: i64) {
        let cooperative = self.manager.organisation;
        let stored = app.store.managed_offer(cooperative, self.offer);
        let version = stored.await.unwrap().unwrap().version;
        let mut prices = pricing();
        prices.rows[0].buyer_price = Rupiah(rupiah);
        let act = self.manager.act(app);
        let set = app
            .store
            .set_prices(&act, cooperative, self.offer, version, &prices);
        set.await.unwrap();
    }
}

/// Everything that an XLSX says.
fn sheet_text(answer: &Page) -> String {
    let parts = unzip(&answer.bytes);
    let texts = parts.iter().filter(|(name, _)| name.ends_with(".xml"));
    texts
        .map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned())
        .collect()
}

#[tokio::test]
async fn an_old_edition_is_shown_as_it_was_with_what_has_changed_since() {
    for app in TestApp::each().await {
        let stall = stall(&app, |_| (), |_| ()).await;
        let visitor = app.visitor().speaking("id");
        let page = visitor.get(&stall.edition(1)).await.expect(200);
        page.reads("Berlaku sekarang");
        page.reads("Rp12.500");
        page.reads("Dapur Sari");
        page.lacks("Yang berubah");
        // The member's price is nobody's business here.
        page.lacks("10.500");
        stall.reprice(&app, 13_100).await;
        let page = visitor.get(&stall.edition(1)).await.expect(200);
        page.reads("Edisi lama");
        page.reads("Yang terbaru edisi 2.");
        page.reads("dulu Rp12.500, sekarang Rp13.100");
        assert_eq!(page.texts("table td.num"), ["Rp12.500", "Rp500.000"]);
        let page = visitor.get(&stall.edition(2)).await.expect(200);
        page.lacks("12.500");
        page.lacks("Yang berubah");
        let _ = visitor.get(&stall.edition(3)).await.expect(404);
        let _ = visitor.get(&stall.edition(0)).await.expect(404);
        // Closed, and still to be looked up; put away, and only the cooperative's.
        let (act, own) = (stall.manager.act(&app), stall.manager.organisation);
        let closed = app.store.close_catalog(&act, own, stall.catalog);
        closed.await.unwrap();
        let page = visitor.get(&stall.edition(1)).await.expect(200);
        page.reads("Rp12.500");
        page.reads("Tidak ditawarkan lagi");
        page.lacks("13.100");
        let put_away = app.store.archive_catalog(&act, own, stall.catalog);
        put_away.await.unwrap();
        let _ = visitor.get(&stall.edition(1)).await.expect(404);
        let own = stall.manager.get(&stall.edition(1)).await.expect(200);
        own.reads("Rp12.500");
    }
}

#[tokio::test]
async fn a_price_that_is_hidden_from_a_reader_is_in_none_of_their_files() {
    for app in TestApp::each().await {
        let hide = |terms: &mut OfferTerms| terms.price_visibility = PriceVisibility::Verified;
        let stall = stall(&app, hide, |_| ()).await;
        let buyer = app.buyer("Ritel Nusantara").await;
        let anonymous = app.visitor().speaking("id");
        let (pdf, xlsx) = (
            format!("{}/pdf", stall.edition(1)),
            format!("{}/xlsx", stall.edition(1)),
        );
        let page = anonymous.get(&stall.edition(1)).await.expect(200);
        page.lacks("12.500");
        assert!(!page.body.contains("12500"));
        let file = anonymous.get(&pdf).await.expect(200);
        let text = Pdf::read(&file.bytes).text();
        assert!(text.contains("Keripik singkong original 250 g"), "{text}");
        assert!(
            !text.contains("12.500") && !text.contains("500.000"),
            "{text}"
        );
        let file = anonymous.get(&xlsx).await.expect(200);
        let text = sheet_text(&file);
        assert!(text.contains("Keripik singkong original 250 g"));
        assert!(!text.contains("12500") && !text.contains("500000"));

        let file = buyer.get(&pdf).await.expect(200);
        assert_eq!(file.header("cache-control"), Some("no-store"));
        let text = Pdf::read(&file.bytes).text();
        assert!(text.contains("Rp12.500") && text.contains("Rp500.000"));
        // A file that is not for everybody says for whom it is.
        assert!(text.contains("Ritel Nusantara"), "{text}");
        let text = sheet_text(&buyer.get(&xlsx).await.expect(200));
        assert!(text.contains("12500") && text.contains("500000"));

        // Hidden since: the old edition does not give away what is hidden today.
        let stored = app
            .store
            .managed_offer(stall.manager.organisation, stall.offer);
        let stored = stored.await.unwrap().unwrap();
        let mut terms = stored.terms.clone();
        terms.price_visibility = PriceVisibility::Buyers;
        let act = stall.manager.act(&app);
        app.store
            .edit_offer(
                &act,
                stall.manager.organisation,
                stall.offer,
                stored.version,
                &terms,
            )
            .await
            .unwrap();
        let page = buyer.get(&stall.edition(1)).await.expect(200);
        page.lacks("12.500");
        let text = Pdf::read(&buyer.get(&pdf).await.expect(200).bytes).text();
        assert!(!text.contains("12.500"));
    }
}

#[tokio::test]
async fn an_edition_for_named_buyers_is_for_nobody_else() {
    for app in TestApp::each().await {
        let (named, other) = (
            app.buyer("Ritel Nusantara").await,
            app.buyer("Ekspor").await,
        );
        let buyers = vec![named.organisation];
        let stall = stall(
            &app,
            |_| (),
            |terms| {
                terms.audience = Audience::Buyers;
                terms.buyers = buyers;
            },
        )
        .await;
        let stranger = app.cooperative("Nira Menoreh", "NM").await;
        for kind in ["", "/pdf", "/xlsx"] {
            let path = format!("{}{kind}", stall.edition(1));
            let _ = named.get(&path).await.expect(200);
            let _ = stall.manager.get(&path).await.expect(200);
            let missing = app.visitor().get(&path).await.expect(404);
            for person in [&other, &stranger] {
                let _ = person.get(&path).await.expect(404);
            }
            missing.lacks("Keripik");
        }
        // The letter goes to the named buyer's people, once.
        let path = format!("/catalogs/{}/edit", stall.catalog);
        let page = stall.manager.get(&path).await.expect(200);
        assert!(
            page.links()
                .iter()
                .any(|link| link.href.starts_with("https://wa.me/?text="))
        );
        let form = page.form_with_button("Kirim surat ke pembeli");
        let answer = stall.manager.submit(&page, &form).await;
        let page = stall.manager.follow(answer.expect(303)).await.expect(200);
        page.reads("1 orang dikabari.");
        let notices = named.get("/notices").await.expect(200);
        notices.reads("Katalog baru dari Koperasi Produsen Tani Maju");
        let opening = notices.form_with_button("Buka katalog");
        let opened = named.submit(&notices, &opening).await;
        assert_eq!(opened.location(), format!("/catalogs/{}", stall.catalog));
        other.get("/notices").await.expect(200).lacks("Katalog");
        let again = stall.manager.submit(&page, &form).await.expect(409);
        again.reads("sudah dikirim");
        app.run_jobs().await;
        let letters = app.letters.letters_to(&named.login);
        let sent = letters
            .iter()
            .find(|letter| letter.subject.contains("Katalog baru"));
        let link = format!("{}/catalogs/{}", app.url, stall.catalog);
        assert!(sent.expect("a letter").text.contains(&link));
        assert!(
            app.letters
                .letters_to(&other.login)
                .iter()
                .all(|l| !l.subject.contains("Katalog"))
        );
    }
}

#[tokio::test]
async fn a_paper_is_a_tagged_file_with_letterhead_pages_and_the_way_back() {
    let app = TestApp::start(Kind::Sqlite).await.unwrap();
    let stall = stall(&app, |_| (), |_| ()).await;
    let path = format!("{}/pdf", stall.edition(1));
    let file = app.visitor().speaking("id").get(&path).await.expect(200);
    assert_eq!(file.header("content-type"), Some("application/pdf"));
    let name = "attachment; filename=\"tani-maju-katalog-umum-edisi-1.pdf\"";
    assert_eq!(file.header("content-disposition"), Some(name));
    assert!(file.bytes.len() < 200_000, "{} bytes", file.bytes.len());
    let pdf = Pdf::read(&file.bytes);
    assert_eq!(pdf.pages.len(), 1);
    let text = pdf.text();
    for words in [
        "Koperasi Produsen Tani Maju",
        "Katalog umum",
        "Edisi 1",
        "mulai 10 dus",
        "Rp12.500",
        "Halaman 1 dari 1",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
    // A tagged file in its language, whose picture has words and whose goods lead to their page.
    assert!(pdf.has("/StructTreeRoot") && pdf.has("/Lang(id)"));
    assert!(pdf.has("/S/Figure") && pdf.has("/S/TH") && pdf.has("/S/H1"));
    assert!(pdf.has(&format!("{}/offers/{}", app.url, stall.offer)));
    assert!(pdf.has("/Subtype/Image"));
    let english = app.visitor().speaking("en").get(&path).await.expect(200);
    assert!(Pdf::read(&english.bytes).text().contains("Page 1 of 1"));
    let path = format!("{}/xlsx", stall.edition(1));
    let sheet = app.visitor().get(&path).await.expect(200);
    let parts = unzip(&sheet.bytes);
    assert!(
        parts.contains_key("xl/media/image1.jpeg"),
        "{:?}",
        parts.keys()
    );
}

#[tokio::test]
async fn words_that_look_like_code_are_only_words_in_every_form_of_an_edition() {
    let app = TestApp::start(Kind::Sqlite).await.unwrap();
    let stall = stall(
        &app,
        |terms| {
            terms.title = EVIL.to_owned();
            terms.description = EVIL.to_owned();
        },
        |terms| {
            terms.title = EVIL.to_owned();
            terms.description = EVIL.to_owned();
        },
    )
    .await;
    let page = app.visitor().get(&stall.edition(1)).await.expect(200);
    page.reads("<script>alert(1)</script> {{7*7}}");
    assert!(!page.has("main script") && !page.has("main img[onerror]"));
    assert!(!page.body.contains("<script>alert"));
    let path = format!("{}/pdf", stall.edition(1));
    let file = app.visitor().get(&path).await.expect(200);
    let name = file.header("content-disposition").unwrap().to_owned();
    assert!(
        name.ends_with("-edisi-1.pdf\"") && !name.contains('<'),
        "{name}"
    );
    let pdf = Pdf::read(&file.bytes);
    assert!(pdf.text().contains("{{7*7}}"));
    assert!(!pdf.has("/JavaScript") && !pdf.has("/JS"));
    let path = format!("{}/xlsx", stall.edition(1));
    let text = sheet_text(&app.visitor().get(&path).await.expect(200));
    assert!(text.contains("'=cmd|") && !text.contains(">=cmd|") && !text.contains("<f>"));
}

#[tokio::test]
async fn files_are_counted_for_each_reader() {
    let app = TestApp::start(Kind::Sqlite).await.unwrap();
    let stall = stall(&app, |_| (), |_| ()).await;
    let buyer = app.buyer("Ritel Nusantara").await;
    let path = format!("{}/pdf", stall.edition(1));
    for _ in 0..30 {
        let _ = buyer.get(&path).await.expect(200);
    }
    let refused = buyer.get(&path).await.expect(429);
    assert!(refused.header("retry-after").is_some());
    // Somebody else has their own count.
    let _ = stall.manager.get(&path).await.expect(200);
}

#[tokio::test]
async fn the_manager_sees_every_edition_with_what_it_changed() {
    for app in TestApp::each().await {
        let stall = stall(&app, |_| (), |_| ()).await;
        stall.reprice(&app, 13_100).await;
        let path = format!("/catalogs/{}/editions", stall.catalog);
        let page = stall.manager.get(&path).await.expect(200);
        page.reads("Edisi 2");
        page.reads("Harga Rp12.500 menjadi Rp13.100");
        page.reads("Edisi pertama");
        page.reads("2 edisi");
        let stranger = app.cooperative("Nira Menoreh", "NM").await;
        let _ = stranger.get(&path).await.expect(404);
    }
}

#[tokio::test]
async fn a_catalog_opens_and_closes_at_the_minute_in_the_cooperatives_zone() {
    for app in TestApp::each().await {
        let stall = stall(&app, |_| (), |_| ()).await;
        let path = format!("/catalogs/{}/edit", stall.catalog);
        let page = stall.manager.get(&path).await.expect(200);
        let today = page.form(&path).value("opens").unwrap().to_owned();
        let form = page
            .form(&path)
            .with("closes", &today)
            .with("closes_time", "25:00");
        let bad = stall.manager.submit(&page, &form).await.expect(422);
        bad.reads("Tulis jam seperti 14.30");
        assert_eq!(bad.form(&path).value("closes_time"), Some("25:00"));
        // The kit's time zone is the cooperative's: WIB.
        let start = domain::time::Zone::Wib.start_of(domain::time::Zone::Wib.day_of(app.now()));
        let minute = (app.now().epoch_seconds() - start.epoch_seconds()) / 60 + 61;
        let time = format!("{:02}:{:02}", minute / 60, minute % 60);
        let form = page
            .form(&path)
            .with("closes", &today)
            .with("closes_time", &time);
        let answer = stall.manager.submit(&page, &form).await;
        let page = stall.manager.follow(answer.expect(303)).await.expect(200);
        assert_eq!(page.form(&path).value("closes_time"), Some(time.as_str()));
        let closes = "SELECT closes_at FROM catalogs";
        let stored = number(&app.database.url, closes).await;
        assert_eq!(stored, start.plus_seconds(minute * 60).0);
        let offer = format!("/offers/{}", stall.offer);
        app.later_hours(1);
        let _ = app.visitor().get(&offer).await.expect(200);
        app.later_hours(1);
        // Nothing had to run for that: the moment itself closes it.
        let resting = app.visitor().get(&offer).await.expect(200);
        assert!(resting.has("meta[name=robots]"), "it rests");
        let _ = app
            .visitor()
            .get(&format!("/catalogs/{}", stall.catalog))
            .await
            .expect(404);
    }
}

/// The stored JPEG that papers show of a photo.
async fn stored(app: &TestApp, photo: domain::ids::PhotoId) -> Vec<u8> {
    let file = app.store.file_of_shown_photo(photo, "320.jpg").await;
    let file = file.unwrap().expect("a photo has this size");
    app.media.get(&file.hash).await.unwrap().expect("its file")
}

#[tokio::test]
async fn an_edition_shows_the_photo_of_its_day_on_its_page_on_paper_and_in_its_sheet() {
    for app in TestApp::each().await {
        let stall = stall(&app, |_| (), |_| ()).await;
        let visitor = app.visitor().speaking("id");
        let drawn = visitor.get(&stall.edition(1)).await.expect(200);
        assert!(!drawn.body.contains("/photos/"));

        let first = app.photo_on(&stall.owner, stall.goods, 1).await;
        let second = app.photo_on(&stall.owner, stall.goods, 2).await;
        // A second photo behind the main one is not what readers see.
        let _ = visitor.get(&stall.edition(3)).await.expect(404);
        let (act, own) = (stall.owner.act(&app), stall.owner.organisation);
        let main = app.store.make_main_photo(&act, own, stall.goods, second);
        main.await.unwrap();
        let off = app
            .store
            .remove_product_photo(&act, own, stall.goods, first);
        off.await.unwrap();

        for (edition, photo) in [(2, first), (3, second)] {
            let path = stall.edition(edition);
            let page = visitor.get(&path).await.expect(200);
            let base = format!("{path}/photos/{photo}");
            assert_eq!(
                page.attribute("article picture img", "src"),
                format!("{base}/640.jpg")
            );
            assert!(!page.attribute("article picture img", "alt").is_empty());
            let jpeg = stored(&app, photo).await;
            let file = visitor.get(&format!("{base}/320.jpg")).await.expect(200);
            assert_eq!(file.bytes, jpeg);
            // The very file is in the paper and in the sheet.
            let paper = visitor.get(&format!("{path}/pdf")).await.expect(200);
            assert_eq!(
                Pdf::read(&paper.bytes).pictures,
                std::slice::from_ref(&jpeg)
            );
            let sheet = visitor.get(&format!("{path}/xlsx")).await.expect(200);
            assert_eq!(unzip(&sheet.bytes)["xl/media/image1.jpeg"], jpeg);
        }
        visitor
            .get(&stall.edition(2))
            .await
            .expect(200)
            .reads("Fotonya diganti");
        let list = format!("/catalogs/{}/editions", stall.catalog);
        stall
            .manager
            .get(&list)
            .await
            .expect(200)
            .reads("Fotonya diganti");

        // The first edition had none, and shows none: not by a made-up address either.
        let path = format!("{}/photos/{first}/320.jpg", stall.edition(1));
        let _ = visitor.get(&path).await.expect(404);
        // The photo itself was taken off its goods: outside the edition it is its owner's alone.
        let _ = visitor
            .get(&format!("/photos/{first}/320.jpg"))
            .await
            .expect(404);
        let paper = visitor.get(&format!("{}/pdf", stall.edition(1))).await;
        let pictures = Pdf::read(&paper.expect(200).bytes).pictures;
        assert_eq!(pictures.len(), 1, "the drawn picture");
        assert!(!pictures.contains(&stored(&app, first).await));
    }
}

#[tokio::test]
async fn a_photo_in_an_edition_for_named_buyers_is_for_nobody_else() {
    for app in TestApp::each().await {
        let (named, other) = (
            app.buyer("Ritel Nusantara").await,
            app.buyer("Ekspor").await,
        );
        let buyers = vec![named.organisation];
        let stall = stall(
            &app,
            |_| (),
            |terms| {
                terms.audience = Audience::Buyers;
                terms.buyers = buyers;
            },
        )
        .await;
        let photo = app.photo_on(&stall.owner, stall.goods, 1).await;
        let path = format!("{}/photos/{photo}/640.webp", stall.edition(2));
        for reader in [&named, &stall.manager] {
            let file = reader.get(&path).await.expect(200);
            assert_eq!(file.header("content-type"), Some("image/webp"));
            assert!(file.header("cache-control").unwrap().starts_with("private"));
        }
        let _ = other.get(&path).await.expect(404);
        let _ = app.visitor().get(&path).await.expect(404);
    }
}
