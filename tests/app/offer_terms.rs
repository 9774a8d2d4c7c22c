//! Changed terms that would put goods out of an offer ask first, name them and why; by real requests on both databases.

use domain::products::CertificateKind;
use store::products::NewCertificate;
use tests::{app::TestApp, database::number};

use crate::pooling::{live_offer, member, product};

async fn count(app: &TestApp, sql: &str) -> i64 {
    number(&app.database.url, sql).await
}

#[tokio::test]
async fn a_permit_that_is_asked_for_later_is_saved_only_once_the_goods_without_it_were_named() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let with = member(&app, &manager, "Dapur Roban").await;
        let halal = product(&app, &with, 800, |_| {}).await;
        let permit = NewCertificate {
            kind: CertificateKind::Halal,
            number: "ID33110000000110126".to_owned(),
            valid_until: None,
            for_all: false,
        };
        app.store
            .add_certificate(&with.act(&app), with.organisation, halal, &permit)
            .await
            .expect("a permit");
        let without = member(&app, &manager, "Emping Limpungsari").await;
        let bare = product(&app, &without, 400, |_| {}).await;
        let offer = live_offer(&app, &manager, &[halal, bare]).await;
        let required = "SELECT COUNT(*) FROM offers WHERE required_certificates LIKE '%halal%'";
        let path = format!("/offers/{offer}/edit");
        let page = manager.get(&path).await.expect(200);
        // Terms that concern nobody's goods are saved at once.
        let form = page.form(&path).with("description", "Renyah");
        let saved = manager.submit(&page, &form).await.expect(303);
        assert!(saved.location().ends_with("/supplies"));

        let page = manager.get(&path).await.expect(200);
        let form = page
            .form(&path)
            .tick("certificates", "halal", true)
            .with("description", "Renyah dan halal");
        let asked = manager.submit(&page, &form).await.expect(200);
        asked.reads("1 barang akan keluar");
        asked.reads("Emping Limpungsari, Keripik singkong original, sisa 400 bungkus");
        asked.lacks("Dapur Roban, Keripik");
        assert_eq!(count(&app, required).await, 0, "nothing is saved unasked");
        // What was typed is still there.
        let form = asked.form(&path);
        assert_eq!(form.value("description"), Some("Renyah dan halal"));
        let yes = form.press("Ya, simpan syarat ini");
        let _ = manager.submit(&asked, &yes).await.expect(303);
        assert_eq!(count(&app, required).await, 1);
        // Saved once more, nobody else is concerned.
        let page = manager.get(&path).await.expect(200);
        let again = manager.submit(&page, &page.form(&path)).await;
        let _ = again.expect(303);
    }
}
