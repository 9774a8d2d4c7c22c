//! What people are told inside Lumbung, by which way they want it, and texts ready for WhatsApp.

use tests::{app::TestApp, build::Pool, database};

#[tokio::test]
async fn an_order_is_told_to_each_side_and_opening_it_marks_it_as_read() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[60, 60])).await;
        market.ordered(&app, 20).await;
        let owner = &market.members[0].owner;
        let home = owner.get("/home").await.expect(200);
        assert!(
            home.has(r#".topbar a[href="/notices"] .count"#),
            "the frame says how many"
        );
        let list = owner.get("/notices").await.expect(200);
        list.reads("Bagian Anda: 10 bungkus");
        list.reads("Baru");
        let form = list.form_with_button("Lihat bagian saya");
        let opened = owner.submit(&list, &form).await;
        assert!(
            opened.location().starts_with("/shares/"),
            "{}",
            opened.location()
        );
        owner.follow(opened).await.expect(200).reads("10 bungkus");
        let new = owner.get("/notices?show=new").await.expect(200);
        new.lacks("Bagian Anda: 10 bungkus");

        let manager = market.manager.get("/notices?show=new").await.expect(200);
        manager.reads("Pesanan SO/RAR/2026/01/0001 dari Toko Rasa");
        market
            .buyer
            .get("/notices")
            .await
            .expect(200)
            .reads("terkirim ke Koperasi Rasa");
        // Somebody else's notice is none.
        let form = manager.form_with_button("Sudah dibaca");
        let own = manager.actions();
        let reading = own
            .iter()
            .find(|action| action.ends_with("/reading") && action.len() > 20);
        let token = home.attribute("input[name=csrf_token]", "value");
        let foreign = owner
            .post(reading.unwrap(), &[("csrf_token", token.as_str())])
            .await;
        assert_eq!(foreign.status, 404);
        let all = manager.form_with_button("Tandai semua dibaca");
        let done = market.manager.submit(&manager, &all).await;
        market.manager.follow(done).await.expect(200).lacks("Baru");
        let stay = market
            .manager
            .submit(&manager, &form.press("Sudah dibaca"))
            .await;
        assert_eq!(stay.location(), "/notices");
        let unread = "SELECT COUNT(*) FROM notices WHERE read_at IS NULL";
        assert!(
            database::number(&app.database.url, unread).await > 0,
            "others' stay new"
        );
    }
}

#[tokio::test]
async fn a_notice_and_its_letter_are_written_by_the_deed_or_not_at_all() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[60, 60, 60])).await;
        app.run_jobs().await;
        let told = "SELECT COUNT(*) FROM notices n WHERE n.kind = 'share_proposed'";
        assert_eq!(database::number(&app.database.url, told).await, 0);
        market.ordered(&app, 30).await;
        assert_eq!(database::number(&app.database.url, told).await, 3);
        let letters = "SELECT COUNT(*) FROM jobs j JOIN notices n ON j.dedupe = 'letter:' || n.dedupe \
                       WHERE n.kind = 'share_proposed' AND j.event_id = n.event_id";
        assert_eq!(database::number(&app.database.url, letters).await, 3);
    }
}

#[tokio::test]
async fn a_person_chooses_the_ways_and_an_owner_without_an_address_is_told_inside() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[60, 60])).await;
        let (muted, quiet) = (&market.members[0].owner, &market.members[1].owner);
        let page = muted.get("/notices/settings").await.expect(200);
        let none = page
            .form_with_button("Simpan")
            .tick("mail_shares", "on", false)
            .tick("app_shares", "on", false);
        let again = muted.submit(&page, &none).await.expect(422);
        again.reads("Pilih paling sedikit satu cara");
        let by_app = none.tick("app_shares", "on", true);
        let _ = muted.submit(&page, &by_app).await.expect(303);
        let page = quiet.get("/notices/settings").await.expect(200);
        let by_mail = page
            .form_with_button("Simpan")
            .tick("app_shares", "on", false);
        let _ = quiet.submit(&page, &by_mail).await.expect(303);
        // The second owner's number is all there is after this.
        app.run_jobs().await;
        market.ordered(&app, 20).await;
        app.run_jobs().await;
        let share = |login: &str| {
            let letters = app.letters.letters_to(login);
            letters
                .iter()
                .filter(|letter| letter.subject.starts_with("Bagian Anda"))
                .count()
        };
        assert_eq!((share(&muted.login), share(&quiet.login)), (0, 1));
        muted.get("/notices").await.expect(200).reads("Bagian Anda");
        quiet.get("/notices").await.expect(200).lacks("Bagian Anda");

        let statement = format!(
            "UPDATE people SET phone = '+6281200000077', email = NULL, email_key = NULL WHERE email_key = '{}'",
            quiet.login
        );
        database::run(&app.database.url, &statement).await;
        market.ordered(&app, 10).await;
        app.run_jobs().await;
        // Notices can't be muted where there is no other way.
        quiet.get("/notices").await.expect(200).reads("Bagian Anda");
        let page = quiet.get("/notices/settings").await.expect(200);
        page.reads("Akun Anda belum punya e-mail");
    }
}

#[tokio::test]
async fn letters_wait_for_the_end_of_quiet_hours_and_notices_do_not() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[60])).await;
        let owner = &market.members[0].owner;
        let page = owner.get("/notices/settings").await.expect(200);
        let form = page
            .form_with_button("Simpan")
            .tick("quiet", "on", true)
            .with("quiet_from", "07:30")
            .with("quiet_until", "09.30");
        let _ = owner.submit(&page, &form).await.expect(303);
        let kept = owner.get("/notices/settings").await.expect(200);
        let kept = kept.form_with_button("Simpan");
        assert_eq!(kept.value("quiet_until"), Some("09:30"));
        let bad = kept.with("quiet_from", "25:00");
        let page = owner.get("/notices/settings").await.expect(200);
        let _ = owner.submit(&page, &bad).await.expect(422);
        app.run_jobs().await;
        // It is 08.00.
        market.ordered(&app, 5).await;
        app.run_jobs().await;
        let shares = || {
            let letters = app.letters.letters_to(&owner.login);
            letters
                .iter()
                .filter(|letter| letter.subject.starts_with("Bagian"))
                .count()
        };
        assert_eq!(shares(), 0);
        owner.get("/notices").await.expect(200).reads("Bagian Anda");
        app.clock.advance_seconds(89 * 60);
        app.run_jobs().await;
        assert_eq!(shares(), 0);
        app.clock.advance_seconds(60);
        app.run_jobs().await;
        assert_eq!(shares(), 1);
    }
}

#[tokio::test]
async fn whatsapp_gets_a_text_and_nobodys_number_but_the_cooperatives_for_its_member() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[60])).await;
        let order = market.ordered(&app, 5).await.order;
        for (phone, login) in [
            ("+6281200000088", &market.manager.login),
            ("+6281200000099", &market.members[0].owner.login),
        ] {
            let statement = format!(
                "UPDATE organisations SET phone = '{phone}' WHERE id IN (SELECT r.organisation_id FROM roles r \
                 JOIN people p ON p.id = r.person_id WHERE p.email_key = '{login}')"
            );
            database::run(&app.database.url, &statement).await;
        }
        let owner = &market.members[0].owner;
        let shares = app
            .store
            .shares_in(owner.organisation, order)
            .await
            .unwrap();
        let path = format!("/shares/{}", shares[0]);
        let own = owner.get(&path).await.expect(200);
        assert!(
            own.link("Kirim lewat WhatsApp")
                .starts_with("https://wa.me/6281200000088?text=")
        );
        let managers = market.manager.get(&path).await.expect(200);
        let link = managers.link("Kirim lewat WhatsApp");
        assert!(
            link.starts_with("https://wa.me/?text=Halo%20Dapur%20Rasa%200%2C"),
            "{link}"
        );
        assert!(link.contains("Bagian%20Anda%205%20bungkus"), "{link}");
        let bought = market
            .buyer
            .get(&format!("/orders/{order}"))
            .await
            .expect(200);
        assert!(
            bought
                .link("Kirim lewat WhatsApp")
                .starts_with("https://wa.me/6281200000088?text="),
            "the cooperative's, as in its catalogs"
        );
        for page in [&managers, &bought] {
            assert!(!page.body.contains("81200000099"), "a member's number");
        }
    }
}

#[tokio::test]
async fn a_question_and_its_answer_are_told_inside_lumbung_with_a_text_to_pass_on() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[60])).await;
        let buyer = app.buyer("Ritel Nusantara").await;
        let offer = format!("/offers/{}", market.offer);
        let asking = format!("{offer}/questions");
        let page = buyer.get(&offer).await.expect(200);
        let form = page.form(&asking).with("question", "Bisa hari Senin?");
        app.clock.advance_seconds(60);
        let _ = buyer.submit(&page, &form).await.expect(303);
        let list = market.manager.get("/notices?show=new").await.expect(200);
        list.reads("Pertanyaan tentang Keripik singkong 250 g");
        let link = list.link("Teruskan lewat WhatsApp");
        assert!(link.contains("/questions/"), "{link}");
        let form = list.form_with_button("Jawab");
        let opened = market.manager.submit(&list, &form).await;
        let question = opened.location().to_owned();
        let page = market.manager.follow(opened).await.expect(200);
        let form = page
            .form(&question)
            .with("answer", "Bisa, sebelum pukul sepuluh.")
            .with("audience", "private");
        let _ = market.manager.submit(&page, &form).await.expect(303);
        let told = buyer.get("/notices").await.expect(200);
        told.reads("Keripik singkong 250 g");
        let form = told.form_with_button("Buka penawaran");
        let opened = buyer.submit(&told, &form).await;
        assert_eq!(opened.location(), format!("{offer}#questions"));
        let members = market.members[0].owner.get("/notices").await.expect(200);
        members.lacks("Pertanyaan");
        assert_eq!(app.store.audit(app.now(), None).await.unwrap(), []);
    }
}

#[tokio::test]
async fn a_manager_gets_one_letter_a_day_that_counts_what_is_new_if_they_like() {
    for app in TestApp::each().await {
        let market = app.market(&Pool::of(&[600])).await;
        let manager = &market.manager;
        // Owners and buyers are not asked.
        let owners = market.members[0].owner.get("/notices/settings").await;
        owners.expect(200).lacks("Ringkasan");
        let page = manager.get("/notices/settings").await.expect(200);
        let form = page
            .form_with_button("Simpan")
            .tick("digest", "on", true)
            .with("digest_at", "9.30");
        let bad = form.clone().with("digest_at", "33");
        let again = manager.submit(&page, &bad).await.expect(422);
        assert_eq!(
            again.form_with_button("Simpan").value("digest_at"),
            Some("33")
        );
        let _ = manager.submit(&page, &form).await.expect(303);
        let kept = manager.get("/notices/settings").await.expect(200);
        let kept = kept.form_with_button("Simpan");
        assert_eq!(kept.value("digest_at"), Some("09:30"));
        app.run_jobs().await;
        let letters = || -> Vec<(String, String)> {
            let all = app.letters.letters_to(&manager.login).into_iter();
            let about = all.filter(|letter| {
                letter.subject.contains("esanan") || letter.subject.contains("Ringkasan")
            });
            about.map(|one| (one.subject, one.text)).collect()
        };
        // It is 08.01: two orders, no letter, but notices at once.
        app.clock.advance_seconds(60);
        market.ordered(&app, 5).await;
        market.ordered(&app, 6).await;
        app.run_jobs().await;
        assert_eq!(letters(), []);
        manager
            .get("/notices?show=new")
            .await
            .expect(200)
            .reads("Pesanan SO/RAR/2026/01/0002");
        app.clock.advance_seconds(89 * 60);
        app.run_jobs().await;
        let sent = letters();
        assert_eq!(sent.len(), 1, "{sent:?}");
        assert_eq!(sent[0].0, "Ringkasan Lumbung: 2 kabar");
        assert!(sent[0].1.contains("Pesanan baru: 2"), "{}", sent[0].1);
        assert!(sent[0].1.contains("/notices?show=new"), "{}", sent[0].1);
        // What comes after it waits for tomorrow's; what was read by then is not told again.
        market.ordered(&app, 7).await;
        app.later_hours(23);
        app.run_jobs().await;
        assert_eq!(letters().len(), 1);
        let page = manager.get("/notices").await.expect(200);
        let all = page.form_with_button("Tandai semua dibaca");
        let _ = manager.submit(&page, &all).await.expect(303);
        app.later_hours(2);
        app.run_jobs().await;
        assert_eq!(letters().len(), 1);
        assert_eq!(app.store.audit(app.now(), None).await.unwrap(), []);
    }
}
