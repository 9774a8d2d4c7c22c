//! Signing in and out, registering, language, acting organisation, verification.

use super::*;

#[actix_web::test]
async fn signing_in_begins_a_new_session_and_signing_out_ends_it_on_the_server() {
    let house = house().await;
    house
        .person("0812 0000 0001", OrganisationKind::Umkm, "Dapur")
        .await;
    let app = serve!(house);
    let browser = Browser::new(&app);
    let planted = "a".repeat(64);
    browser
        .jar
        .borrow_mut()
        .insert("lumbung".into(), planted.clone());
    let first = browser.get("/login").await;
    let visit = first.cookie("lumbung_visit").unwrap();
    let seen = browser.sign_in("+62 812-0000-0001").await;
    assert_eq!((seen.status.as_u16(), seen.location()), (303, "/home"));
    let session = seen.cookie("lumbung").unwrap();
    assert_ne!(session, planted);
    assert_ne!(session, visit);
    let home = browser.get("/home").await;
    assert_eq!(home.status, 200);
    assert_eq!(home.header("cache-control"), "no-store");

    let thief = Browser::new(&app);
    thief
        .jar
        .borrow_mut()
        .insert("lumbung".into(), session.clone());
    assert_eq!(thief.get("/home").await.status, 200);
    let out = browser.send("/home", "/logout", &[]).await;
    assert_eq!((out.status.as_u16(), out.location()), (303, "/login"));
    assert_eq!(thief.get("/home").await.location(), "/login?next=/home");
    assert_eq!(browser.get("/home").await.status, 303);
}

#[actix_web::test]
async fn cookies_that_are_no_session_make_an_anonymous_visitor() {
    let house = house().await;
    house
        .person("u1@contoh.example", OrganisationKind::Umkm, "Dapur")
        .await;
    let app = serve!(house);
    let browser = Browser::new(&app);
    let good = browser
        .sign_in("u1@contoh.example")
        .await
        .cookie("lumbung")
        .unwrap();
    let flipped = good.replace(['0', '1'], "f");
    for cookie in [
        &good[..63],
        flipped.as_str(),
        &good.to_uppercase(),
        &"b".repeat(10_000),
        "",
        "'; DROP TABLE sessions; --",
        "%00%ff",
    ] {
        let thief = Browser::new(&app);
        thief
            .jar
            .borrow_mut()
            .insert("lumbung".into(), cookie.to_owned());
        assert_eq!(thief.get("/home").await.status, 303, "{cookie:.70}");
    }
    house.state.clock.advance_seconds(31 * 24 * 3600);
    assert_eq!(browser.get("/home").await.status, 303, "idle for a month");
}

#[actix_web::test]
async fn cookies_are_bound_and_secure_under_https() {
    let house = house_with(None, "https://lumbung.example").await;
    house
        .person("u1@contoh.example", OrganisationKind::Umkm, "Dapur")
        .await;
    let app = serve!(house);
    let browser = Browser::new(&app);
    let seen = browser.sign_in("u1@contoh.example").await;
    let cookies: Vec<_> = seen.headers.get_all(header::SET_COOKIE).collect();
    assert!(cookies.len() >= 2);
    for cookie in cookies {
        let text = cookie.to_str().unwrap();
        for part in ["__Host-", "HttpOnly", "SameSite=Lax", "Secure", "Path=/"] {
            assert!(text.contains(part), "{text}");
        }
    }
}

#[actix_web::test]
async fn a_wrong_password_and_an_unknown_name_look_the_same_and_are_counted() {
    let house = house().await;
    house
        .person("u1@contoh.example", OrganisationKind::Umkm, "Dapur")
        .await;
    let app = serve!(house);
    let browser = Browser::new(&app);
    let try_it = async |login: &str, password: &str| {
        let fields = [("login", login), ("password", password)];
        let seen = browser.send("/login", "/login", &fields).await;
        (seen.status.as_u16(), seen.body.replace(login, "…"))
    };
    let wrong = try_it("u1@contoh.example", "salah salah").await;
    let unknown = try_it("u2@contoh.example", "salah salah").await;
    assert_eq!(wrong.0, 422);
    assert_eq!(wrong, unknown);
    for _ in 0..9 {
        assert_eq!(try_it("u1@contoh.example", "salah salah").await.0, 422);
    }
    let (status, body) = try_it("U1@CONTOH.example", PASSWORD).await;
    assert_eq!(status, 429);
    assert!(body.contains("menit"), "{body}");
    house.state.clock.advance_seconds(16 * 60 + 1);
    assert_eq!(try_it("u1@contoh.example", PASSWORD).await.0, 303);
}

#[actix_web::test]
async fn a_language_stays_chosen_and_next_never_leaves_the_site() {
    let house = house().await;
    house
        .person("u1@contoh.example", OrganisationKind::Umkm, "Dapur")
        .await;
    let app = serve!(house);
    let browser = Browser::new(&app);
    assert!(browser.get("/login").await.body.contains("lang=\"id\""));
    let english = TestRequest::get()
        .uri("/login")
        .insert_header(("accept-language", "fr, en-GB;q=0.8, id;q=0.5"));
    assert!(browser.ask(english).await.body.contains("lang=\"en\""));
    for (next, location) in [
        ("/login?next=%2Fhome", "/login?next=%2Fhome"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\\evil", "/"),
    ] {
        let fields = [("lang", "en"), ("next", next)];
        let seen = browser.send("/language", "/language", &fields).await;
        assert_eq!((seen.status.as_u16(), seen.location()), (303, location));
    }
    assert!(browser.get("/login").await.body.contains("lang=\"en\""));
    let odd = browser
        .send("/language", "/language", &[("lang", "xx")])
        .await;
    assert_eq!(odd.status, 400);
    for next in ["//evil.example", "https:evil", "/%2f%2fevil"] {
        let fields = [
            ("login", "u1@contoh.example"),
            ("password", PASSWORD),
            ("next", next),
        ];
        let visitor = Browser::new(&app);
        let seen = visitor.send("/login", "/login", &fields).await;
        assert_eq!(seen.location(), "/home", "{next}");
    }
}

const JOINING: &[(&str, &str)] = &[
    ("person_name", "Siti Aminah"),
    ("organisation_name", "Dapur Roban"),
    ("region", "33.25"),
    ("login", "siti@contoh.example"),
    ("password", PASSWORD),
    ("buyer_kind", "retailer"),
    ("consent", "on"),
];

#[actix_web::test]
async fn joining_ends_the_same_whether_the_name_was_known_or_not() {
    let house = house().await;
    let app = serve!(house);
    for kind in ["umkm", "cooperative", "buyer"] {
        let path = format!("/register/{kind}");
        let login = format!("{kind}@contoh.example");
        let mut fields = JOINING.to_vec();
        fields[3].1 = &login;
        let first = Browser::new(&app).send(&path, &path, &fields).await;
        assert_eq!(first.location(), "/register/done", "{kind}: {}", first.body);
        let again = Browser::new(&app).send(&path, &path, &fields).await;
        assert_eq!(again.status, first.status);
        assert_eq!(again.location(), first.location());
        let browser = Browser::new(&app);
        assert_eq!(browser.sign_in(&login).await.status, 303);
        let home = browser.get("/home").await;
        assert_eq!(home.status, 200);
        assert_eq!(
            home.body.contains("sedang diperiksa"),
            kind != "umkm",
            "{kind}"
        );
    }
    assert_eq!(house.store().applicants_waiting().await.unwrap(), 2);
}

#[actix_web::test]
async fn a_refused_registration_keeps_what_was_typed_but_no_password() {
    let house = house().await;
    let app = serve!(house);
    let browser = Browser::new(&app);
    let mut fields = JOINING.to_vec();
    fields[0].1 = "";
    fields[2].1 = "99.99";
    // Extra fields change nothing (B05).
    fields.extend([("role", "platform_admin"), ("verification", "verified")]);
    let seen = browser
        .send("/register/umkm", "/register/umkm", &fields)
        .await;
    assert_eq!(seen.status, 422);
    assert!(seen.body.contains("Dapur Roban"));
    assert!(seen.body.contains("Isi nama Anda"));
    assert!(seen.body.contains("Pilih kabupaten atau kota dari daftar"));
    assert!(!seen.body.contains(PASSWORD));
    assert_eq!(browser.sign_in("siti@contoh.example").await.status, 422);
}

#[actix_web::test]
async fn the_administrator_lets_a_cooperative_in_or_says_why_not() {
    let house = house().await;
    house
        .person(
            "admin@contoh.example",
            OrganisationKind::Platform,
            "Lumbung",
        )
        .await;
    let (_, one) = house
        .person(
            "k1@contoh.example",
            OrganisationKind::Cooperative,
            "Koperasi Satu",
        )
        .await;
    let (_, two) = house
        .person(
            "k2@contoh.example",
            OrganisationKind::Cooperative,
            "Koperasi Dua",
        )
        .await;
    let (_, umkm) = house
        .person("u1@contoh.example", OrganisationKind::Umkm, "Dapur")
        .await;
    let app = serve!(house);
    let manager = Browser::new(&app);
    manager.sign_in("k1@contoh.example").await;
    assert_eq!(manager.get("/admin").await.status, 403);
    let admin = Browser::new(&app);
    admin.sign_in("admin@contoh.example").await;
    let queue = admin.get("/admin").await;
    assert!(queue.body.contains("Koperasi Satu") && queue.body.contains("Koperasi Dua"));
    let path = |id| format!("/admin/applicants/{id}");
    assert_eq!(admin.get(&path(umkm)).await.status, 404);

    let send = async |id, fields: &[(&str, &str)]| admin.send(&path(id), &path(id), fields).await;
    let bad = send(one, &[("decision", "verify"), ("code", "K1")]).await;
    assert_eq!(bad.status, 422);
    assert!(bad.body.contains("value=\"K1\""));
    let good = send(one, &[("decision", "verify"), ("code", "ksa")]).await;
    assert_eq!((good.status.as_u16(), good.location()), (303, "/admin"));
    let after = admin.get("/admin").await;
    assert!(
        after.body.contains("Koperasi Satu diterima."),
        "the message is shown"
    );
    assert!(
        !admin.get("/admin").await.body.contains("diterima."),
        "and once only"
    );
    let taken = send(two, &[("decision", "verify"), ("code", "KSA")]).await;
    assert_eq!(taken.status, 422);
    let refused = send(
        two,
        &[("decision", "reject"), ("reason", "Alamat tidak ditemukan")],
    )
    .await;
    assert_eq!(refused.status, 303);
    let csrf = admin.get("/admin").await.csrf();
    let late = [
        ("csrf_token", csrf.as_str()),
        ("decision", "reject"),
        ("reason", "x"),
    ];
    assert_eq!(admin.post(&path(two), &late).await.status, 409);
    let other = Browser::new(&app);
    other.sign_in("k2@contoh.example").await;
    assert!(
        other
            .get("/home")
            .await
            .body
            .contains("Alamat tidak ditemukan")
    );
}

#[actix_web::test]
async fn a_form_drawn_for_another_organisation_changes_nothing() {
    let house = house().await;
    let (person, one) = house
        .person("u1@contoh.example", OrganisationKind::Umkm, "A Dapur")
        .await;
    let (_, two) = house
        .person("u2@contoh.example", OrganisationKind::Umkm, "B Kebun")
        .await;
    house
        .store()
        .grant(&Act::system(START), person, two, Role::UmkmOwner)
        .await
        .unwrap();
    let app = serve!(house);
    let browser = Browser::new(&app);
    browser.sign_in("u1@contoh.example").await;
    let stranger = OrganisationId(uuid::Uuid::now_v7()).to_string();
    let (one, two) = (one.to_string(), two.to_string());
    let switch = async |to: &str, drawn_for: &str| {
        let fields = [("organisation", to), ("acting_organisation", drawn_for)];
        browser
            .send("/organisation", "/organisation", &fields)
            .await
    };
    assert_eq!(switch(&stranger, &one).await.status, 404);
    assert_eq!(switch(&two, &one).await.status, 303);
    assert!(browser.get("/home").await.body.contains("B Kebun"));
    assert_eq!(switch(&one, &one).await.status, 409);
    assert_eq!(switch(&one, &two).await.status, 303);
}
