//! Invitations by link, of members and of colleagues; roles given and taken; links made for those without mail.

use domain::accounts::Role;
use tests::{
    app::TestApp,
    database::{number, run_with},
    page::Page,
    people::{PASSWORD, Person},
    visitor::Visitor,
};

use super::token_in;

const NEW: &str = "kebun-kopi-di-lereng-2026";

/// The link that a page shows once.
fn link_on(app: &TestApp, page: &Page, path: &str) -> String {
    let text = page.visible();
    let (_, rest) = text
        .split_once(&format!("{}{path}?token=", app.url))
        .unwrap_or_else(|| panic!("no link in {text}"));
    let token = rest.split_whitespace().next().expect("a token");
    format!("{path}?token={token}")
}

async fn invite_member(app: &TestApp, manager: &Person, line: &str) -> String {
    let fields = [("people", line)];
    let answer = manager
        .fill(
            "/members/invitations/new",
            "/members/invitations/new",
            &fields,
        )
        .await;
    let list = manager.follow(answer).await.expect(200);
    list.reads("1 undangan dibuat");
    link_on(app, &list, "/invitation")
}

async fn accept_as_new(visitor: &Visitor, link: &str, business: &str) -> Page {
    let page = visitor.get(link).await.expect(200);
    let fields = [
        ("name", "Siti Aminah"),
        ("business", business),
        ("region", "33.25"),
        ("password", NEW),
        ("consent", "on"),
    ];
    visitor.post_form(&page, "/invitation", &fields).await
}

#[tokio::test]
async fn an_invited_number_becomes_a_member_with_a_password_and_a_business() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let fields = [(
            "people",
            "Siti Aminah, 0812 0000 0001\nBudi budi@contoh.example",
        )];
        let answer = manager
            .fill(
                "/members/invitations/new",
                "/members/invitations/new",
                &fields,
            )
            .await;
        let list = manager.follow(answer).await.expect(200);
        let whatsapp = list.link("Kirim lewat WhatsApp");
        assert!(
            whatsapp.starts_with("https://wa.me/6281200000001?text="),
            "{whatsapp}"
        );
        assert!(whatsapp.contains("%2Finvitation%3Ftoken%3D"), "{whatsapp}");
        assert!(list.has("svg path"), "a QR code");
        let link = link_on(&app, &list, "/invitation");
        // Shown once; kept as a hash only.
        let again = manager.get("/members/invitations").await.expect(200);
        again.lacks("token=");
        let token = link.rsplit('=').next().expect("a token");
        let stored = format!(
            "SELECT (SELECT COUNT(*) FROM invitations WHERE token_hash = '{token}') + \
             (SELECT COUNT(*) FROM jobs WHERE payload LIKE '%{token}%')"
        );
        assert_eq!(number(&app.database.url, &stored).await, 0);

        let visitor = app.visitor();
        let page = visitor.get(&link).await.expect(200);
        page.reads("Rasa Alas Roban");
        let bad = [
            ("name", ""),
            ("password", "12345678"),
            ("business", "Dapur Roban"),
        ];
        let bad = visitor
            .post_form(&page, "/invitation", &bad)
            .await
            .expect(422);
        assert_eq!(
            bad.form("/invitation").value("business"),
            Some("Dapur Roban")
        );
        let answer = accept_as_new(&visitor, &link, "Dapur Roban").await;
        let home = visitor.follow(answer).await.expect(200);
        home.reads("Dapur Roban");
        let account = visitor.get("/account").await.expect(200);
        account.reads("Sudah dipastikan");
        let member = "SELECT COUNT(*) FROM members WHERE status = 'active' AND number = 1";
        assert_eq!(number(&app.database.url, member).await, 1);
        let list = manager.get("/members/invitations").await.expect(200);
        list.reads("Diterima");
        let _ = app.visitor().get(&link).await.expect(409);
        // The other one was invited by mail, and only so.
        app.run_jobs().await;
        let letters = app.letters.letters_to("budi@contoh.example");
        let token = token_in(&letters[0], "/invitation?token=");
        let by_mail = app.visitor();
        let link = format!("/invitation?token={token}");
        let answer = accept_as_new(&by_mail, &link, "Kebun Budi").await;
        by_mail.follow(answer).await.expect(200).reads("Kebun Budi");
    }
}

#[tokio::test]
async fn a_claimed_number_goes_to_whoever_opens_the_link_sent_to_it() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        // A stranger registers with somebody else's number.
        let squatter = app.visitor();
        let fields = [
            ("person_name", "Peniru"),
            ("organisation_name", "Toko Peniru"),
            ("region", "Kabupaten Batang"),
            ("login", "0812 0000 0001"),
            ("password", PASSWORD),
            ("consent", "on"),
        ];
        let answer = squatter
            .fill("/register/umkm", "/register/umkm", &fields)
            .await;
        assert_eq!(answer.status, 303);
        let squatter = app.signed_in("0812 0000 0001").await;
        squatter
            .get("/account")
            .await
            .expect(200)
            .reads("Belum dipastikan");
        let link = invite_member(&app, &manager, "Siti, 0812 0000 0001").await;
        let owner = app.visitor();
        let answer = accept_as_new(&owner, &link, "Dapur Roban").await;
        owner.follow(answer).await.expect(200).reads("Dapur Roban");
        assert_eq!(squatter.get("/home").await.status, 303, "signed out");
        let by = async |password| {
            let fields = [("login", "0812 0000 0001"), ("password", password)];
            app.visitor().fill("/login", "/login", &fields).await.status
        };
        assert_eq!((by(PASSWORD).await, by(NEW).await), (422, 303));
        // From now on it is confirmed: no other link takes it.
        let other = app.cooperative("Nira Menoreh", "NM").await;
        let link = invite_member(&app, &other, "Siti 0812 0000 0001").await;
        let stranger = app.visitor();
        let page = stranger.get(&link).await.expect(200);
        page.reads("sudah punya akun");
        assert!(!page.body.contains("name=\"password\""));
        // Its owner joins a second cooperative with the business there is.
        let page = owner.get(&link).await.expect(200);
        let form = page.form("/invitation");
        let answer = owner.submit(&page, &form).await;
        owner.follow(answer).await.expect(200).reads("Nira Menoreh");
        let members = "SELECT COUNT(*) FROM members WHERE status = 'active'";
        assert_eq!(number(&app.database.url, members).await, 2);
        let suppliers = "SELECT COUNT(DISTINCT supplier_id) FROM members";
        assert_eq!(number(&app.database.url, suppliers).await, 1);
    }
}

#[tokio::test]
async fn withdrawn_replaced_and_old_invitations_open_nothing() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let other = app.cooperative("Nira Menoreh", "NM").await;
        let opens = async |link: &str| app.visitor().get(link).await.status;
        let first = invite_member(&app, &manager, "Siti, 0812 0000 0001").await;
        let second = invite_member(&app, &manager, "Siti, 0812 0000 0001").await;
        assert_eq!((opens(&first).await, opens(&second).await), (409, 200));
        let list = manager.get("/members/invitations").await.expect(200);
        let form = list.form_with_button("Tarik");
        // Another cooperative's manager can't.
        let token = other
            .get("/home")
            .await
            .attribute("input[name=csrf_token]", "value");
        let answer = other.post(&form.action, &[("csrf_token", &token)]).await;
        let _ = answer.expect(404);
        let answer = manager.submit(&list, &form).await;
        manager.follow(answer).await.expect(200).reads("Ditarik");
        assert_eq!(opens(&second).await, 409);
        let third = invite_member(&app, &manager, "Siti, 0812 0000 0001").await;
        app.later_hours(14 * 24);
        assert_eq!(opens(&third).await, 409, "after two weeks");
        let list = app.signed_in(&manager.login).await;
        let list = list.get("/members/invitations").await.expect(200);
        list.reads("Lewat waktu");
        let kept =
            "SELECT COUNT(*) FROM invitations WHERE state = 'withdrawn' AND phone IS NOT NULL";
        assert_eq!(
            number(&app.database.url, kept).await,
            0,
            "no contact is kept"
        );
    }
}

async fn invite_colleague(manager: &Person, line: &str, role: &str) -> Page {
    let fields = [("people", line), ("role", role)];
    let answer = manager
        .fill(
            "/people/invitations/new",
            "/people/invitations/new",
            &fields,
        )
        .await;
    manager.follow(answer).await
}

// A05
#[tokio::test]
async fn a_colleague_gets_a_role_by_link_and_loses_it_at_once() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let page = manager.get("/people/invitations/new").await.expect(200);
        let form = page.form("/people/invitations/new");
        let foreign = form
            .with("people", "Eve, 0812 0000 0066")
            .tampered("role", "platform_admin");
        let _ = manager.submit(&page, &foreign).await.expect(422);
        let list = invite_colleague(&manager, "Wati, 0812 0000 0002", "coop_treasurer").await;
        let link = link_on(&app, &list.expect(200), "/invitation");
        let wati = app.visitor();
        let page = wati.get(&link).await.expect(200);
        page.reads("Bendahara");
        let fields = [("name", "Wati"), ("password", NEW), ("consent", "on")];
        let answer = wati.post_form(&page, "/invitation", &fields).await;
        let _ = wati.follow(answer).await.expect(200);
        let _ = wati.get("/members").await.expect(200);
        // She reads who is here, but changes nothing.
        let people = wati.get("/people").await.expect(200);
        assert!(!people.body.contains("/people/removal"));
        let _ = wati.get("/people/invitations/new").await.expect(403);
        let list = manager.get("/people").await.expect(200);
        let person = "SELECT COUNT(*) FROM roles WHERE role = 'coop_treasurer' AND until IS NULL";
        assert_eq!(number(&app.database.url, person).await, 1);
        let forms = list.body.matches("/people/removal").count();
        assert_eq!(forms, 2);
        // Managers come first on the list, and the last of them stays.
        let own = list.form("/people/removal");
        let answer = manager.submit(&list, &own).await.expect(409);
        answer.reads("satu orang");
        let treasurer = own.tampered("role", "coop_treasurer");
        let id = list
            .body
            .split("name=\"person\" value=\"")
            .nth(2)
            .and_then(|rest| rest.split('"').next())
            .expect("a second person");
        let answer = manager
            .submit(&list, &treasurer.tampered("person", id))
            .await;
        manager
            .follow(answer)
            .await
            .expect(200)
            .reads("Berlaku sekarang juga");
        let _ = wati.get("/members").await.expect(403);
        let events = "SELECT COUNT(*) FROM events WHERE kind IN ('role_granted', 'role_revoked')";
        assert_eq!(number(&app.database.url, events).await, 2);
    }
}

#[tokio::test]
async fn somebody_with_an_account_accepts_a_role_and_switches_between_organisations() {
    for app in TestApp::each().await {
        let approver = app.buyer("Ritel Nusantara").await;
        let owner = app.umkm("Dapur Roban").await;
        let line = format!("Siti {}", owner.login);
        let _ = invite_colleague(&approver, &line, "buyer_staff")
            .await
            .expect(200);
        app.run_jobs().await;
        let letters = app.letters.letters_to(&owner.login);
        let letter = letters.iter().find(|l| l.subject.starts_with("Undangan"));
        let token = token_in(letter.expect("an invitation"), "/invitation?token=");
        let link = format!("/invitation?token={token}");
        app.visitor()
            .get(&link)
            .await
            .expect(200)
            .reads("sudah punya akun");
        let page = owner.get(&link).await.expect(200);
        let before = owner.cookie("lumbung");
        let answer = owner.post_form(&page, "/invitation", &[]).await;
        let home = owner.follow(answer).await.expect(200);
        assert_ne!(
            owner.cookie("lumbung"),
            before,
            "another right, another session id"
        );
        let choice = owner.click(&home, "Ganti usaha").await.expect(200);
        let form = choice.form_with_button("Pilih");
        let answer = owner.submit(&choice, &form).await;
        owner
            .follow(answer)
            .await
            .expect(200)
            .reads("Ritel Nusantara");
        let _ = owner.get("/orders").await.expect(200);
    }
}

// A05, A09
#[tokio::test]
async fn a_manager_makes_a_password_link_for_a_member_who_is_told_at_sign_in() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let link = invite_member(&app, &manager, "Siti, 0812 0000 0001").await;
        let owner = app.visitor();
        let answer = accept_as_new(&owner, &link, "Dapur Roban").await;
        let _ = owner.follow(answer).await.expect(200);
        let members = manager.get("/members").await.expect(200);
        let member = manager.click(&members, "Dapur Roban").await.expect(200);
        let page = manager
            .click(&member, "Buat tautan kata sandi")
            .await
            .expect(200);
        let answer = manager
            .submit(&page, &page.form_with_button("Buat tautan"))
            .await;
        let shown = manager.follow(answer).await.expect(200);
        let link = link_on(&app, &shown, "/password/reset");
        assert!(shown.link("WhatsApp").contains("6281200000001"));
        let _ = owner.get("/home").await.expect(200);
        let visitor = app.visitor();
        let page = visitor.get(&link).await.expect(200);
        let answer = visitor
            .post_form(&page, "/password/reset", &[("password", PASSWORD)])
            .await;
        let _ = visitor.follow(answer).await.expect(200);
        assert_eq!(owner.get("/home").await.status, 303, "signed out");
        let owner = app.signed_in("0812 0000 0001").await;
        let home = owner.get("/home").await.expect(200);
        home.reads("membuat tautan kata sandi baru");
        owner.get("/home").await.expect(200).lacks("membuat tautan");
        let event =
            "SELECT COUNT(*) FROM events WHERE kind = 'reset_issued' AND person_id IS NOT NULL";
        assert_eq!(number(&app.database.url, event).await, 1);
    }
}

#[tokio::test]
async fn a_manager_makes_no_link_for_people_who_act_for_others_too() {
    for app in TestApp::each().await {
        let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
        let other = app.cooperative("Nira Menoreh", "NM").await;
        let owner = app.umkm("Dapur Roban").await;
        app.member(&manager, &owner, 5).await;
        let members = manager.get("/members").await.expect(200);
        let member = manager.click(&members, "Dapur Roban").await.expect(200);
        let page = manager
            .click(&member, "Buat tautan kata sandi")
            .await
            .expect(200);
        app.store
            .grant(
                &app.system(),
                owner.person,
                other.organisation,
                Role::CoopManager,
            )
            .await
            .expect("a second role");
        let form = page.form_with_button("Buat tautan");
        let refused = manager.submit(&page, &form).await.expect(409);
        refused.reads("peran lain");
        assert_eq!(
            number(&app.database.url, "SELECT COUNT(*) FROM links").await,
            0
        );
        // The other cooperative's manager does not even see the page.
        let _ = other.get(&page.path).await.expect(404);
        // The administrator can.
        let admin = app.administrator().await;
        let found = admin
            .get(&format!("/admin/accounts/{}", owner.person))
            .await;
        let found = found.expect(200);
        let form = found.form_with_button("Buat tautan");
        let answer = admin.submit(&found, &form).await;
        let shown = admin.follow(answer).await.expect(200);
        let link = link_on(&app, &shown, "/password/reset");
        let _ = app.visitor().get(&link).await.expect(200);
    }
}

// A05
#[tokio::test]
async fn a_locked_person_is_out_at_the_very_next_request_and_can_not_sign_in() {
    for app in TestApp::each().await {
        let owner = app.umkm("Dapur Roban").await;
        let admin = app.administrator().await;
        let path = format!("/admin/accounts/{}", owner.person);
        let page = admin.get(&path).await.expect(200);
        let form = page
            .form_with_button("Kunci akun")
            .with("reason", "Ponsel hilang")
            .press("Kunci akun");
        // A link that lies about is no way in afterwards.
        let link = page.form_with_button("Buat tautan");
        let answer = admin.submit(&page, &link).await;
        let shown = admin.follow(answer).await.expect(200);
        let way_in = link_on(&app, &shown, "/password/reset");
        let _ = app.visitor().get(&way_in).await.expect(200);
        let answer = admin.submit(&page, &form).await;
        let page = admin.follow(answer).await.expect(200);
        assert_eq!(owner.get("/home").await.status, 303);
        let _ = app.visitor().get(&way_in).await.expect(409);
        page.lacks("Buat tautan");
        let _ = admin.submit(&shown, &link).await.expect(409);
        let try_it = async || {
            let fields = [("login", owner.login.as_str()), ("password", PASSWORD)];
            app.visitor().fill("/login", "/login", &fields).await.status
        };
        assert_eq!(try_it().await, 422);
        let form = page
            .form_with_button("Buka kunci")
            .with("reason", "Ponsel ditemukan")
            .press("Buka kunci");
        let answer = admin.submit(&page, &form).await;
        let _ = admin.follow(answer).await.expect(200);
        assert_eq!(try_it().await, 303);
        // A role taken away by hand counts from the next request on as well.
        let signed_in = app.signed_in(&owner.login).await;
        let _ = signed_in.get("/products").await.expect(200);
        run_with(
            &app.database.url,
            "UPDATE roles SET until = $1 WHERE person_id = $2",
            [app.now().0.into(), owner.person.0.into()],
        )
        .await;
        let _ = signed_in.get("/products").await.expect(403);
        let _ = signed_in.get("/account").await.expect(200);
    }
}
