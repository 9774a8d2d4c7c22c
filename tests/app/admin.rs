//! The administrator's desk: who is verified, whose account is closed, what can be chosen, what is decided, what
//! happened, and whether the machine runs.

use domain::{accounts::OrganisationKind, time::Zone};
use mail::SendError;
use tests::{app::TestApp, build::Pool, database, page::Page, people::PASSWORD};

#[tokio::test]
async fn applicants_are_found_by_name_kind_and_answer_with_their_history() {
    for app in TestApp::each().await {
        app.applicant(OrganisationKind::Cooperative, "Rasa Alas Roban")
            .await;
        app.applicant(OrganisationKind::Buyer, "Toko Makmur").await;
        app.cooperative("Nira Menoreh", "NM").await;
        let admin = app.administrator().await;
        let queue = admin.get("/admin").await.expect(200);
        queue.reads("Rasa Alas Roban");
        queue.reads("Toko Makmur");
        queue.lacks("Nira Menoreh");
        let buyers = admin.get("/admin?kind=buyer").await.expect(200);
        buyers.reads("Toko Makmur");
        buyers.lacks("Rasa Alas Roban");
        // A name or a code finds whoever it is, whatever the answer was.
        for words in ["menoreh", "NM"] {
            let found = admin.get(&format!("/admin?q={words}")).await.expect(200);
            found.reads("Nira Menoreh");
            found.lacks("Toko Makmur");
            let one = admin.click(&found, "Nira Menoreh").await.expect(200);
            one.reads("Diterima Lumbung");
        }
        let none = admin.get("/admin?state=rejected").await.expect(200);
        none.reads("Tidak ada yang cocok");
    }
}

#[tokio::test]
async fn a_locked_account_is_out_on_its_very_next_request_and_back_once_unlocked() {
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Roban").await;
        let admin = app.administrator().await;
        let found = admin.get("/admin/accounts?q=roban").await.expect(200);
        // P-2: no whole address.
        found.reads("d•••@umkm.example");
        found.lacks(&owner.login);
        let page = admin.click(&found, "Ibu Dapur Roban").await.expect(200);
        let unsaid = page.form_with_button("Kunci akun").with("reason", "");
        let _ = admin.submit(&page, &unsaid).await.expect(422);
        let form = page
            .form_with_button("Kunci akun")
            .with("reason", "Ponsel hilang");
        let answer = admin.submit(&page, &form).await;
        let page = admin.follow(answer).await.expect(200);
        page.reads("Terkunci");
        page.reads("Ponsel hilang");

        assert_eq!(owner.get("/home").await.location(), "/login?next=/home");
        let fields = [("login", owner.login.as_str()), ("password", PASSWORD)];
        let _ = app
            .visitor()
            .fill("/login", "/login", &fields)
            .await
            .expect(422);
        // Doing it again is no success.
        let _ = admin.submit(&page, &form).await.expect(409);

        let form = page
            .form_with_button("Buka kunci")
            .with("reason", "Ponsel ditemukan");
        let _ = admin.submit(&page, &form).await.expect(303);
        let back = app.visitor().fill("/login", "/login", &fields).await;
        assert_eq!(back.status, 303);
        let events = "SELECT COUNT(*) FROM events WHERE kind IN ('person_locked', 'person_unlocked') AND reason LIKE 'Ponsel%'";
        assert_eq!(database::number(&app.database.url, events).await, 2);
        let own = format!("/admin/accounts/{}", admin.person);
        let own = admin.get(&own).await.expect(200);
        own.reads("Ini akun Anda sendiri");
    }
}

#[tokio::test]
async fn the_security_log_tells_who_came_who_failed_and_who_was_denied_and_no_secret() {
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Roban").await;
        let fields = [
            ("login", owner.login.as_str()),
            ("password", "bukan-ini-rahasia"),
        ];
        let _ = app
            .visitor()
            .fill("/login", "/login", &fields)
            .await
            .expect(422);
        let fields = [
            ("login", "siapa@contoh.example"),
            ("password", "bukan-ini-rahasia"),
        ];
        let _ = app
            .visitor()
            .fill("/login", "/login", &fields)
            .await
            .expect(422);
        let _ = owner.get("/admin/jobs").await.expect(403);
        let admin = app.administrator().await;
        // The rows are written beside the answers.
        let rows = "SELECT COUNT(*) FROM security_log";
        for _ in 0..100 {
            if database::number(&app.database.url, rows).await >= 5 {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        let all = admin.get("/admin/security").await.expect(200);
        all.reads("Gagal masuk");
        all.reads("Akses ditolak");
        all.reads("GET /admin/jobs");
        all.reads("127.0.0.1");
        all.reads("Tidak dikenal");
        all.lacks("rahasia");
        all.lacks("siapa@contoh");
        let own = format!("/admin/security?person={}", owner.person);
        let own = admin.get(&own).await.expect(200);
        own.reads("Ibu Dapur Roban");
        own.lacks("Tidak dikenal");
        let denied = admin
            .get("/admin/security?kind=access+denied")
            .await
            .expect(200);
        assert_eq!(denied.texts("tbody tr").len(), 1);
        let elsewhere = admin
            .get("/admin/security?address=10.0.0.1")
            .await
            .expect(200);
        elsewhere.reads("Tidak ada yang cocok");
        // A year later the addresses are forgotten.
        let act = app.system();
        let gone = app
            .store
            .forget_security(&act, app.now().plus_days(1))
            .await;
        assert!(gone.unwrap() >= 4);
    }
}

#[tokio::test]
async fn history_is_found_by_order_number_person_kind_and_day() {
    for app in TestApp::each().await {
        let (manager, umkm, buyer) = (
            app.cooperative("Rasa Alas Roban", "RAR").await,
            app.umkm("Dapur Roban").await,
            app.buyer("Ritel Nusantara").await,
        );
        let pooled = app.member(&manager, &umkm, 50).await;
        let offer = app.offer(&manager, &[pooled], &Pool::of(&[50])).await;
        app.put_in_cart(&buyer.act(&app), buyer.organisation, offer, 5)
            .await;
        let command = app.command(buyer.organisation, manager.organisation).await;
        app.store
            .place_order(&buyer.act(&app), &command)
            .await
            .unwrap();
        let admin = app.administrator().await;
        let number = "SO%2FRAR%2F2026%2F01%2F0001";
        let by_number = admin.get(&format!("/admin/events?subject={number}")).await;
        let by_number = by_number.expect(200);
        by_number.reads("SO/RAR/2026/01/0001");
        by_number.reads("Draf → Terkirim");
        // The filter stands open where it is set, and is folded where it isn't.
        assert!(by_number.has("details[open] form[role=search]"));
        let all = admin.get("/admin/events").await.expect(200);
        assert!(all.has("details:not([open]) form[role=search]"));
        all.lacks("proposed");
        let told = |page: &Page| {
            page.rows()
                .iter()
                .any(|row| row.contains("Usaha terdaftar"))
        };
        assert!(!told(&by_number));
        let by_kind = admin
            .get("/admin/events?kind=organisation_registered")
            .await;
        let by_kind = by_kind.expect(200);
        assert!(told(&by_kind));
        by_kind.lacks("Draf → Terkirim");
        let by_person = admin.get("/admin/events?person=ritel").await.expect(200);
        by_person.reads("Draf → Terkirim");
        assert!(!told(&by_person));
        let none = admin
            .get("/admin/events?until=2025-12-31")
            .await
            .expect(200);
        none.reads("Tidak ada yang cocok");
        let nobody = admin
            .get("/admin/events?person=tidak-ada")
            .await
            .expect(200);
        nobody.reads("Tidak ada yang cocok");
        let evil = admin
            .get("/admin/events?subject=%27+OR+1%3D1--&kind=%25")
            .await;
        evil.expect(200).reads("Tidak ada yang cocok");
    }
}

#[tokio::test]
async fn a_setting_holds_from_its_day_never_overlaps_and_can_be_taken_back_until_then() {
    for app in TestApp::each().await {
        let admin = app.administrator().await;
        let page = admin.get("/admin/settings").await.expect(200);
        page.reads("12,00%");
        page.reads("bawaan");
        let decide = |value: &str, day: &str| {
            page.form_with_button("Simpan ketentuan")
                .with("key", "tax.ppn_rate_bp")
                .with("value", value)
                .with("valid_from", day)
                .with("legal_basis", "PMK 1/2026")
                .with("decided_by", "Pemerintah")
        };
        for (value, day, words) in [
            ("101", "2026-02-01", "paling banyak 100"),
            ("11", "2026-01-04", "hari ini atau nanti"),
            ("", "2026-02-01", "diisi"),
        ] {
            let answer = admin.submit(&page, &decide(value, day)).await.expect(422);
            answer.reads(words);
        }
        let answer = admin.submit(&page, &decide("11", "2026-02-01")).await;
        let page2 = admin.follow(answer).await.expect(200);
        page2.reads("11,00%");
        page2.reads("sejak 1 Februari 2026");
        page2.reads("PMK 1/2026");
        let early = admin
            .submit(&page, &decide("10", "2026-01-20"))
            .await
            .expect(422);
        early.reads("Sudah ada ketentuan mulai 1 Februari 2026");
        let _ = admin
            .submit(&page, &decide("11,5", "2026-03-01"))
            .await
            .expect(303);

        let rate = async |day: &str| {
            let day = domain::time::Day::from_iso(day).unwrap();
            let all = app.store.platform_settings().await.unwrap();
            let rows: Vec<_> = all
                .iter()
                .filter(|row| row.key == domain::settings::Key::PpnRateBp)
                .filter(|row| {
                    row.valid_from <= day && row.valid_until.is_none_or(|last| day <= last)
                })
                .map(|row| row.value.clone())
                .collect();
            rows.join(" ")
        };
        assert_eq!(rate("2026-01-31").await, "");
        assert_eq!(rate("2026-02-28").await, "1100");
        assert_eq!(rate("2026-03-01").await, "1150");
        let page3 = admin.get("/admin/settings").await.expect(200);
        // The latest decision comes first.
        let form = page3.form_with_button("Tarik kembali");
        let _ = admin.submit(&page3, &form).await.expect(303);
        assert_eq!(rate("2026-03-01").await, "1100");
        // Once its day has come, it stays.
        app.later_hours(24 * 40);
        let withdrawals = page2.actions();
        let withdrawal = withdrawals
            .iter()
            .find(|action| action.ends_with("/withdrawal"));
        let again = app.signed_in(&admin.login).await;
        let fresh = again.get("/admin/settings").await.expect(200);
        fresh.lacks("Tarik kembali");
        fresh.reads("Berlaku");
        let token = fresh.attribute("input[name=csrf_token]", "value");
        let late = again
            .post(withdrawal.unwrap(), &[("csrf_token", token.as_str())])
            .await;
        assert_eq!(late.status, 409);
        let events = "SELECT COUNT(*) FROM events WHERE subject_kind = 'setting'";
        assert_eq!(database::number(&app.database.url, events).await, 3);
    }
}

#[tokio::test]
async fn two_decisions_about_one_setting_at_the_same_moment_never_overlap() {
    for app in TestApp::each().await {
        let today = Zone::Wib.day_of(app.now());
        let decisions: Vec<_> = (1..=8)
            .map(|days| store::settings::Decision {
                key: domain::settings::Key::PlatformFeeBp,
                value: days.to_string(),
                valid_from: today.plus(days),
                legal_basis: None,
                decided_by: None,
            })
            .collect();
        let act = app.system();
        let made = decisions
            .iter()
            .map(|decision| app.store.decide_setting(&act, today, decision));
        futures_util::future::join_all(made).await;
        let overlaps = "SELECT COUNT(*) FROM settings a JOIN settings b ON a.key = b.key AND a.id <> b.id \
                        AND a.valid_from <= b.valid_from AND (a.valid_until IS NULL OR a.valid_until >= b.valid_from)";
        assert_eq!(database::number(&app.database.url, overlaps).await, 0);
        let open =
            "SELECT COUNT(*) FROM settings WHERE valid_until IS NULL AND key = 'fee.platform_bp'";
        assert_eq!(database::number(&app.database.url, open).await, 1);
    }
}

#[tokio::test]
async fn a_renamed_category_is_found_by_its_new_name_and_a_retired_one_can_not_be_chosen() {
    for app in TestApp::each().await {
        let (manager, umkm) = (
            app.cooperative("Rasa Alas Roban", "RAR").await,
            app.umkm("Dapur Roban").await,
        );
        let pooled = app.member(&manager, &umkm, 50).await;
        let offer = app.offer(&manager, &[pooled], &Pool::of(&[50])).await;
        app.run_jobs().await;
        let admin = app.administrator().await;
        let page = admin
            .get("/admin/commodities/keripik-singkong")
            .await
            .expect(200);
        let form = page
            .form_with_button("Simpan")
            .with("name_id", "Opak ketela")
            .with("name_en", "Cassava opak");
        let _ = admin.submit(&page, &form).await.expect(303);
        app.run_jobs().await;
        let found = app.visitor().get("/search?q=opak").await.expect(200);
        assert!(
            found.body.contains(&offer.to_string()),
            "found by its new name"
        );

        let choices = umkm.get("/products/new").await.expect(200);
        choices.reads("Opak ketela");
        let form = form.tick("retired", "on", true);
        let _ = admin.submit(&page, &form).await.expect(303);
        let choices = umkm.get("/products/new").await.expect(200);
        choices.lacks("Opak ketela");
        // What exists goes on, and its owner may still edit it.
        let edit = format!("/products/{pooled}/edit");
        umkm.get(&edit).await.expect(200).reads("Opak ketela");
        let still = app.visitor().get("/search?q=opak").await.expect(200);
        assert!(still.body.contains(&offer.to_string()));

        let page = admin.get("/admin/categories").await.expect(200);
        let new = page
            .form_with_button("Tambah")
            .with("name_id", "Makanan Ringan")
            .with("name_en", "Other")
            .with("picture", "barang");
        admin
            .submit(&page, &new)
            .await
            .expect(422)
            .reads("sudah dipakai");
        let new = new
            .with("name_id", "Bunga & tanaman")
            .with("name_en", "Flowers & plants");
        let answer = admin.submit(&page, &new).await;
        assert_eq!(answer.location(), "/admin/categories/bunga-tanaman");
        admin
            .follow(answer)
            .await
            .expect(200)
            .reads("Bunga & tanaman");
    }
}

#[tokio::test]
async fn a_dead_letter_is_seen_tried_again_under_the_same_id_or_thrown_away() {
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Roban").await;
        let refused = SendError::Permanent("550 no such mailbox".into());
        app.letters.fail_with(Some(refused));
        app.run_jobs().await;
        app.letters.fail_with(None);
        let admin = app.administrator().await;
        let page = admin.get("/admin/jobs").await.expect(200);
        page.reads("550 no such mailbox");
        page.reads("Ibu Dapur Roban");
        page.reads("welcome");
        page.lacks(&owner.login);
        let form = page.form_with_button("Buang").press("Coba lagi");
        let answer = admin.submit(&page, &form).await;
        let after = admin.follow(answer).await.expect(200);
        after.reads("Semua surat terkirim");
        app.run_jobs().await;
        let letters = app.letters.letters_to(&owner.login);
        assert_eq!(letters.len(), 1);
        let job = "SELECT COUNT(*) FROM jobs WHERE kind = 'letter' AND done_at IS NOT NULL AND attempts = 1";
        assert_eq!(database::number(&app.database.url, job).await, 2);
        // The form of the page before is late now.
        let _ = admin.submit(&page, &form).await.expect(409);

        let other = app.umkm("Nira Kokap").await;
        app.letters
            .fail_with(Some(SendError::Permanent("554 spam".into())));
        app.run_jobs().await;
        app.letters.fail_with(None);
        let page = admin.get("/admin/jobs").await.expect(200);
        let form = page.form_with_button("Buang").press("Buang");
        let answer = admin.submit(&page, &form).await;
        admin.follow(answer).await.expect(200).lacks("554 spam");
        app.later_hours(1);
        app.run_jobs().await;
        assert!(app.letters.letters_to(&other.login).is_empty());
        let events = "SELECT COUNT(*) FROM events WHERE subject_kind = 'job' AND person_id IS NOT NULL \
                      AND kind IN ('job_retried', 'job_discarded')";
        assert_eq!(database::number(&app.database.url, events).await, 2);
    }
}

#[tokio::test]
async fn the_desk_sees_the_index_fall_behind_and_makes_it_anew() {
    for app in TestApp::each().await {
        let (manager, umkm) = (
            app.cooperative("Rasa Alas Roban", "RAR").await,
            app.umkm("Dapur Roban").await,
        );
        let pooled = app.member(&manager, &umkm, 50).await;
        // An index that was never made is made by itself.
        app.run_jobs().await;
        app.offer(&manager, &[pooled], &Pool::of(&[50])).await;
        let admin = app.administrator().await;
        admin
            .get("/admin/jobs")
            .await
            .expect(200)
            .reads("belum masuk indeks");
        app.run_jobs().await;
        let page = admin.get("/admin/jobs").await.expect(200);
        page.reads("Indeks sesuai dengan basis data");
        let form = page.form_with_button("Buat indeks baru");
        let answer = admin.submit(&page, &form).await;
        let waiting = admin.follow(answer).await.expect(200);
        waiting.reads("menunggu giliran");
        waiting.lacks("Buat indeks baru");
        assert!(
            waiting.has("meta[http-equiv=refresh]"),
            "the page looks again"
        );
        app.run_jobs().await;
        let page = admin.get("/admin/jobs").await.expect(200);
        page.reads("Indeks sesuai dengan basis data");
    }
}
