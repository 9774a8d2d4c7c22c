//! One's own account: name, address, number, devices.

use domain::accounts::Role;
use tests::{app::TestApp, database::number, people::PASSWORD};

use super::token_in;

#[tokio::test]
async fn every_role_reaches_its_account_from_the_frame_of_every_page() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Tani Maju", "TM").await;
        for person in [
            app.umkm("Dapur Roban").await,
            app.buyer("Ritel Nusantara").await,
            app.administrator().await,
            app.observer("Dinas").await,
            app.colleague(&manager, "Wati", Role::CoopTreasurer).await,
        ] {
            let home = person.get("/home").await.expect(200);
            let account = person.click(&home, "Akun saya").await.expect(200);
            account.reads(&person.login);
            account.reads("Belum dipastikan");
        }
    }
}

// A11
#[tokio::test]
async fn another_address_needs_the_password_a_link_to_it_and_is_told_to_the_old_one() {
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Roban").await;
        let ask = async |password: &str| {
            let fields = [
                ("email", "baru@umkm.example"),
                ("current_password", password),
            ];
            owner
                .fill("/account/email", "/account/email", &fields)
                .await
        };
        let _ = ask("bukan ini").await.expect(422);
        let answer = ask(PASSWORD).await;
        owner
            .follow(answer)
            .await
            .expect(200)
            .reads("baru@umkm.example");
        app.run_jobs().await;
        let to_old = app.letters.letters_to(&owner.login);
        let warned = |subject: &str| to_old.iter().any(|letter| letter.subject == subject);
        assert!(warned("Alamat e-mail akun Anda akan diganti"));
        // The old one holds until the link is opened and the button pressed.
        let _ = app.signed_in(&owner.login).await;
        let letters = app.letters.letters_to("baru@umkm.example");
        let token = token_in(&letters[0], "/email/confirmation?token=");
        let path = format!("/email/confirmation?token={token}");
        let page = owner.get(&path).await.expect(200);
        let _ = owner.get(&path).await.expect(200);
        let answer = owner.post_form(&page, "/email/confirmation", &[]).await;
        let account = owner.follow(answer).await.expect(200);
        account.reads("Sudah dipastikan");
        let _ = owner.get(&path).await.expect(409);
        let _ = app.signed_in("baru@umkm.example").await;
        app.run_jobs().await;
        let to_old = app.letters.letters_to(&owner.login);
        let told = "Alamat e-mail akun Anda sudah diganti";
        assert!(to_old.iter().any(|letter| letter.subject == told));
    }
}

// A07
#[tokio::test]
async fn an_address_of_somebody_else_is_told_to_its_owner_alone() {
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Roban").await;
        let other = app.umkm("Nira Kokap").await;
        let fields = [
            ("email", other.login.as_str()),
            ("current_password", PASSWORD),
        ];
        let answer = owner
            .fill("/account/email", "/account/email", &fields)
            .await;
        owner
            .follow(answer)
            .await
            .expect(200)
            .reads("Tautan dikirim");
        app.run_jobs().await;
        let letters = app.letters.letters_to(&other.login);
        let known = "Anda sudah punya akun di Lumbung";
        assert!(letters.iter().any(|letter| letter.subject == known));
        assert_eq!(
            number(&app.database.url, "SELECT COUNT(*) FROM links").await,
            0
        );
    }
}

// A11
#[tokio::test]
async fn another_number_needs_the_password_is_told_by_mail_and_only_claimed() {
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Roban").await;
        let other = app.umkm("Nira Kokap").await;
        let ask = async |person: &tests::people::Person, phone: &str, password: &str| {
            let fields = [("phone", phone), ("current_password", password)];
            person
                .fill("/account/phone", "/account/phone", &fields)
                .await
        };
        let _ = ask(&owner, "0812 0000 0009", "bukan ini").await.expect(422);
        let _ = ask(&owner, "0285 391234", PASSWORD).await.expect(422);
        let answer = ask(&owner, "0812 0000 0009", PASSWORD).await;
        let account = owner.follow(answer).await.expect(200);
        account.reads("+6281200000009");
        let _ = app.signed_in("0812 0000 0009").await;
        let taken = ask(&other, "+62 812 0000 0009", PASSWORD).await.expect(422);
        taken.reads("dipakai akun lain");
        app.run_jobs().await;
        let letters = app.letters.letters_to(&owner.login);
        let told = "Nomor HP akun Anda sudah diganti";
        assert!(letters.iter().any(|letter| letter.subject == told));
    }
}

// A05
#[tokio::test]
async fn one_device_or_all_others_are_signed_out_from_the_list() {
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Roban").await;
        let second = app.signed_in(&owner.login).await;
        let third = app.signed_in(&owner.login).await;
        let stranger = app.umkm("Nira Kokap").await;
        let list = owner.get("/account/sessions").await.expect(200);
        list.reads("Perangkat ini");
        let keys = |page: &tests::page::Page| page.body.matches("name=\"session\"").count();
        assert_eq!(keys(&list), 3, "two others, and all of them");
        let key = list.attribute("input[name=session]", "value");
        assert_eq!(key.len(), 16);
        // Somebody else's key opens and ends nothing.
        let form = stranger
            .get("/home")
            .await
            .attribute("input[name=csrf_token]", "value");
        let fields = [("csrf_token", form.as_str()), ("session", key.as_str())];
        let answer = stranger.post("/account/sessions", &fields).await;
        let _ = answer.expect(404);
        let answer = owner.submit(&list, &list.form("/account/sessions")).await;
        let list = owner.follow(answer).await.expect(200);
        let out = [
            second.get("/home").await.status,
            third.get("/home").await.status,
        ];
        assert!(out.contains(&303) && out.contains(&200), "{out:?}");
        let form = list.form_with_button("Keluarkan semua");
        let answer = owner.submit(&list, &form).await;
        let _ = owner.follow(answer).await.expect(200);
        assert_eq!(second.get("/home").await.status, 303);
        assert_eq!(third.get("/home").await.status, 303);
        let _ = stranger.get("/home").await.expect(200);
    }
}

#[tokio::test]
async fn a_buyer_is_asked_for_a_name_of_its_own_at_home() {
    for app in TestApp::each().await {
        let visitor = app.visitor();
        let page = visitor.get("/register/buyer").await.expect(200);
        page.reads("sebelum Anda bisa memesan");
        let form = page
            .form("/register/buyer")
            .with("organisation_name", "Toko Segar")
            .with("buyer_kind", "retailer")
            .with("region", "Kabupaten Batang")
            .with("login", "segar@contoh.example")
            .with("password", PASSWORD)
            .tick("consent", "on", true);
        let _ = visitor.submit(&page, &form).await.location();
        let buyer = app.signed_in("segar@contoh.example").await;
        let home = buyer.get("/home").await.expect(200);
        home.reads("Nama Anda belum tertulis");
        let own = home.link("Tulis nama Anda");
        let page = buyer.get(&own).await.expect(200);
        let _ = buyer
            .post_form(&page, &own, &[("name", "Dewi")])
            .await
            .location();
        let home = buyer.get("/home").await.expect(200);
        home.lacks("Nama Anda belum tertulis");
    }
}

// A07
#[tokio::test]
async fn joining_asks_for_consent_and_confirms_the_address_by_mail() {
    for app in TestApp::each().await {
        let join = async |consent: bool, name: &str| {
            let visitor = app.visitor();
            let page = visitor.get("/register/umkm").await.expect(200);
            let form = page
                .form("/register/umkm")
                .with("person_name", name)
                .with("organisation_name", "Dapur Roban")
                .with("region", "Kabupaten Batang")
                .with("login", "siti@contoh.example")
                .with("password", PASSWORD)
                .tick("consent", "on", consent);
            visitor.submit(&page, &form).await
        };
        let again = join(false, "Siti").await.expect(422);
        assert!(again.field_message("consent").contains("Centang"));
        assert_eq!(
            again.form("/register/umkm").value("person_name"),
            Some("Siti")
        );
        assert_eq!(
            number(&app.database.url, "SELECT COUNT(*) FROM people").await,
            0
        );
        let first = join(true, "Siti").await.location().to_owned();
        app.run_jobs().await;
        let letters = app.letters.letters_to("siti@contoh.example");
        let confirm = "Pastikan alamat e-mail Anda";
        let letter = letters.iter().find(|letter| letter.subject == confirm);
        let token = token_in(letter.expect("a letter"), "/email/confirmation?token=");
        let path = format!("/email/confirmation?token={token}");
        let siti = app.signed_in("siti@contoh.example").await;
        siti.get("/account")
            .await
            .expect(200)
            .reads("Belum dipastikan");
        siti.get("/home")
            .await
            .expect(200)
            .reads("surat ke siti@contoh.example");
        // The letter is opened where nobody is signed in.
        let elsewhere = app.visitor();
        let page = elsewhere.get(&path).await.expect(200);
        let answer = elsewhere.post_form(&page, "/email/confirmation", &[]).await;
        elsewhere
            .follow(answer)
            .await
            .expect(200)
            .reads("sudah dipastikan. Silakan masuk");
        siti.get("/account")
            .await
            .expect(200)
            .reads("Sudah dipastikan");
        siti.get("/home").await.expect(200).lacks("surat ke siti");
        let agreed =
            "SELECT COUNT(*) FROM people WHERE consented_to = 1 AND consented_at IS NOT NULL";
        assert_eq!(number(&app.database.url, agreed).await, 1);
        // Somebody joins with the same address: the same answer, and a letter to its owner.
        assert_eq!(join(true, "Peniru").await.location(), first);
        app.run_jobs().await;
        let letters = app.letters.letters_to("siti@contoh.example");
        let known = "Anda sudah punya akun di Lumbung";
        assert!(letters.iter().any(|letter| letter.subject == known));
        assert_eq!(
            number(&app.database.url, "SELECT COUNT(*) FROM people").await,
            1
        );
        for page in ["/privacy", "/terms"] {
            let page = app.visitor().get(page).await.expect(200);
            assert!(page.visible().len() > 600);
        }
    }
}
