//! The organisation's own facts and asking to be verified.

use domain::accounts::OrganisationKind;
use store::accounts::Decision;
use tests::{app::TestApp, database::number};

#[tokio::test]
async fn an_applicant_sees_what_is_missing_fills_it_in_and_asks_again() {
    for app in TestApp::each().await {
        let manager = app
            .applicant(OrganisationKind::Cooperative, "Rasa Alas Roban")
            .await;
        let home = manager.get("/home").await.expect(200);
        home.reads("Menunggu pemeriksaan");
        for fact in ["Telepon", "Alamat", "Kode pos", "NIB", "NPWP"] {
            let page = manager.click(&home, &format!("Isi {fact}")).await;
            let _ = page.expect(200);
        }
        let fields = [
            ("region", "33.25"),
            ("phone", "(0285) 391234"),
            ("address", "Jl. Contoh 12"),
            ("village", "Gringsing"),
            ("postal_code", "51281"),
            ("nib", " 9120000000017 "),
            ("npwp", "000000117503000"),
        ];
        let answer = manager
            .fill("/organisation/profile", "/organisation/profile", &fields)
            .await;
        let page = manager.follow(answer).await.expect(200);
        page.reads("tersimpan");
        let form = page.form("/organisation/profile");
        assert_eq!(form.value("phone"), Some("+62285391234"));
        let home = manager.get("/home").await.expect(200);
        home.lacks("Isi NIB");
        home.reads("Sudah ada");
        // The administrator reads it, refuses once, and is asked again.
        let admin = app.administrator().await;
        let queue = admin.get("/admin").await.expect(200);
        let page = admin.click(&queue, "Rasa Alas Roban").await.expect(200);
        page.reads("9120000000017");
        page.reads("ditulis 000000117503000");
        // DOMAIN §3: as typed, and as it is compared.
        let both = "SELECT COUNT(*) FROM organisations WHERE nib = '9120000000017' AND nib_typed = '9120000000017' \
                    AND npwp = '0000000117503000' AND npwp_typed = '000000117503000'";
        assert_eq!(number(&app.database.url, both).await, 1);
        let reject = Decision::Reject {
            reason: "Alamat kurang jelas".to_owned(),
        };
        app.store
            .answer_applicant(&admin.act(&app), manager.organisation, &reject)
            .await
            .expect("an answer");
        let page = manager.get("/organisation/profile").await.expect(200);
        page.reads("Alamat kurang jelas");
        let form = page.form("/organisation/verification");
        let answer = manager.submit(&page, &form).await;
        manager
            .follow(answer)
            .await
            .expect(200)
            .reads("Menunggu pemeriksaan");
        let again = manager.submit(&page, &form).await;
        let _ = again.expect(409);
        assert_eq!(app.store.applicants_waiting().await.expect("a number"), 1);
    }
}

#[tokio::test]
async fn wrong_numbers_are_refused_at_their_field_and_odd_ones_only_told() {
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Roban").await;
        let save = async |field: &str, value: &str| {
            let fields = [("region", "33.25"), (field, value)];
            owner
                .fill("/organisation/profile", "/organisation/profile", &fields)
                .await
        };
        for (field, wrong) in [
            ("nib", "912000000001"),
            ("nib", "91200A0000017"),
            ("npwp", "123456789"),
            ("phone", "08123"),
            ("phone", "+60123456789"),
            ("postal_code", "0511"),
            ("postal_code", "5121A"),
        ] {
            let page = save(field, wrong).await.expect(422);
            assert!(!page.field_message(field).is_empty(), "{field} {wrong}");
            assert_eq!(page.form("/organisation/profile").value(field), Some(wrong));
        }
        // The check digit of an NPWP is nobody's promise: told, and saved.
        let answer = save("npwp", "00.000.011.8-503.000").await;
        let page = owner.follow(answer).await.expect(200);
        page.reads("tampaknya keliru");
        let kept = "SELECT COUNT(*) FROM organisations WHERE npwp = '0000000118503000'";
        assert_eq!(number(&app.database.url, kept).await, 1);
        let answer = save("phone", "WA 0812 3456 7890").await;
        let page = owner.follow(answer).await.expect(200);
        page.reads("Ada huruf di nomor ini");
    }
}
