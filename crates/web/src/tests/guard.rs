//! What the guard promises for any route: rights, bodies, form tokens, panics, methods.

use super::*;

async fn boom(ctx: Ctx) -> Answer {
    assert!(ctx.visitor().is_some(), "boom in {}", file!());
    ctx.see("/")
}

async fn own(ctx: Ctx, manager: Manager, Id(id): Id<OrganisationId>) -> Answer {
    if id == manager.organisation {
        ctx.see("/done")
    } else {
        Err(crate::Error::NotFound)
    }
}

async fn length(ctx: Ctx) -> Answer {
    let file = ctx.posted().file("file").map_or(0, |file| file.bytes.len());
    Ok(actix_web::HttpResponse::Ok().body(format!("{file} {}", ctx.posted().first("note"))))
}

fn odd_routes() -> Vec<Route> {
    let mut routes = crate::accounts::routes();
    routes.extend([
        Route::get("/boom", Access::Public, boom),
        Route::get("/own/new", Access::Public, boom),
        Route::get("/own/{id}", Access::Roles(Manager::ROLES), own).own("organisation"),
        Route::post("/length", Access::Public, length).upload(),
        Route::get("/length", Access::Public, length),
    ]);
    routes
}

#[actix_web::test]
async fn a_panic_is_that_requests_500_with_a_reference_and_nothing_inside() {
    let house = house_with(Some(odd_routes()), "").await;
    let app = serve!(house);
    let browser = Browser::new(&app);
    for _ in 0..3 {
        let seen = browser.get("/boom").await;
        assert_eq!(seen.status, 500);
        assert!(seen.body.contains("Kode: "), "{}", seen.body);
        assert!(!seen.body.contains("boom") && !seen.body.contains(".rs"));
        assert!(
            seen.header("content-security-policy")
                .contains("default-src 'none'")
        );
    }
    assert_eq!(browser.get("/login").await.status, 200);
}

#[actix_web::test]
async fn methods_slashes_and_head_are_answered_by_the_table() {
    let house = house().await;
    let app = serve!(house);
    let browser = Browser::new(&app);
    let wrong = browser.post("/register", &[]).await;
    assert_eq!(
        (wrong.status.as_u16(), wrong.header("allow")),
        (405, "GET, HEAD")
    );
    let trace = TestRequest::default().method(actix_web::http::Method::TRACE);
    assert_eq!(browser.ask(trace.uri("/login")).await.status, 405);
    let head = TestRequest::default().method(actix_web::http::Method::HEAD);
    assert_eq!(browser.ask(head.uri("/login")).await.status, 200);
    let slash = browser.get("/login/?next=%2Fhome").await;
    assert_eq!(
        (slash.status.as_u16(), slash.location()),
        (308, "/login?next=%2Fhome")
    );
    for path in ["//evil.example/", "/nothing/", "//login/", "/%5Cevil/"] {
        assert_eq!(browser.get(path).await.status, 404, "{path}");
    }
}

#[actix_web::test]
async fn nobody_gets_in_without_session_role_or_right() {
    let house = house_with(Some(odd_routes()), "").await;
    let app = serve!(house);
    let (_, cooperative) = house
        .person(
            "k1@contoh.example",
            OrganisationKind::Cooperative,
            "Koperasi Satu",
        )
        .await;
    house
        .person("u1@contoh.example", OrganisationKind::Umkm, "Dapur")
        .await;
    let own = format!("/own/{cooperative}");

    let anonymous = Browser::new(&app);
    let seen = anonymous.get(&format!("{own}?a=1")).await;
    assert_eq!(seen.status, 303);
    assert_eq!(seen.location(), format!("/login?next={own}%3Fa%3D1"));

    let seller = Browser::new(&app);
    assert_eq!(seller.sign_in("u1@contoh.example").await.status, 303);
    assert_eq!(seller.get(&own).await.status, 403);

    let manager = Browser::new(&app);
    manager.sign_in("k1@contoh.example").await;
    let waiting = manager.get(&own).await;
    assert_eq!(waiting.status, 403);
    assert!(waiting.body.contains("sedang diperiksa"));
    verify(&house, cooperative, "KSA").await;
    assert_eq!(manager.get(&own).await.location(), "/done");
    let missing = manager
        .get("/own/01999999-0000-7000-8000-000000000000")
        .await;
    let nonsense = manager.get("/own/17").await;
    let nowhere = manager.get("/nowhere").await;
    assert_eq!(
        (missing.status.as_u16(), nonsense.status.as_u16()),
        (404, 404)
    );
    assert_eq!(missing.body, nonsense.body);
    assert_eq!(missing.body, nowhere.body);
}

async fn verify(house: &House, organisation: OrganisationId, code: &str) {
    let decision = store::accounts::Decision::Verify {
        code: Some(code.to_owned()),
    };
    house
        .store()
        .answer_applicant(&Act::system(START), organisation, &decision)
        .await
        .unwrap();
}

#[actix_web::test]
async fn bodies_are_bounded_and_never_break_the_server() {
    let house = house_with(Some(odd_routes()), "").await;
    let app = serve!(house);
    let browser = Browser::new(&app);
    let big = "a".repeat(70_000);
    assert_eq!(browser.post("/login", &[("login", &big)]).await.status, 413);
    let csrf = browser.get("/login").await.csrf();
    for (body, status) in [
        (format!("csrf_token={csrf}&login=%00%ff&password=%"), 422),
        (format!("csrf_token={csrf}&login=a&login=b&password=c"), 422),
        (
            format!("csrf_token={csrf}&csrf_token={csrf}&login=a&password=c"),
            403,
        ),
        (format!("csrf_token={csrf}"), 422),
        ("x".to_owned(), 403),
        (format!("csrf_token={csrf}&{}", "a=1&".repeat(10_000)), 400),
    ] {
        let request = TestRequest::post()
            .uri("/login")
            .insert_header(("content-type", "application/x-www-form-urlencoded"))
            .set_payload(body.clone());
        let seen = browser.ask(request).await;
        assert_eq!(seen.status.as_u16(), status, "{:.80}", body);
    }
    let strange = TestRequest::post()
        .uri("/login")
        .insert_header(("content-type", "application/json"))
        .set_payload("{}");
    assert_eq!(browser.ask(strange).await.status, 400);
}

#[actix_web::test]
async fn a_form_with_a_file_is_read_and_bounded() {
    let house = house_with(Some(odd_routes()), "").await;
    let app = serve!(house);
    let browser = Browser::new(&app);
    browser.get("/login").await;
    let csrf = browser.get("/login").await.csrf();
    let send = |csrf: &str, bytes: usize| {
        let body = format!(
            "--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n{}\r\n\
             --x\r\ncontent-disposition: form-data; name=\"note\"\r\n\r\nhalo\r\n\
             --x\r\ncontent-disposition: form-data; name=\"csrf_token\"\r\n\r\n{csrf}\r\n--x--\r\n",
            "a".repeat(bytes)
        );
        TestRequest::post()
            .uri("/length")
            .insert_header(("content-type", "multipart/form-data; boundary=x"))
            .set_payload(body)
    };
    let seen = browser.ask(send(&csrf, 100_000)).await;
    assert_eq!(
        (seen.status.as_u16(), seen.body.as_str()),
        (200, "100000 halo")
    );
    assert_eq!(browser.ask(send("wrong", 10)).await.status, 403);
    assert_eq!(browser.ask(send(&csrf, 3_000_000)).await.status, 413);
}

#[actix_web::test]
async fn a_form_needs_its_own_sessions_token_and_our_site() {
    let house = house().await;
    house
        .person("u1@contoh.example", OrganisationKind::Umkm, "Dapur")
        .await;
    let app = serve!(house);
    let browser = Browser::new(&app);
    let other = Browser::new(&app);
    let fields = [("login", "u1@contoh.example"), ("password", PASSWORD)];
    assert_eq!(browser.post("/login", &fields).await.status, 403);
    let foreign = other.get("/login").await.csrf();
    browser.get("/login").await;
    let with = |csrf: &'static str, token: &str| {
        let mut all = vec![(csrf, token.to_owned())];
        all.extend(fields.iter().map(|(n, v)| (*n, (*v).to_owned())));
        all
    };
    let pairs = with("csrf_token", &foreign);
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(n, v)| (*n, v.as_str())).collect();
    assert_eq!(browser.post("/login", &pairs).await.status, 403);

    let csrf = browser.get("/login").await.csrf();
    let pairs = with("csrf_token", &csrf);
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(n, v)| (*n, v.as_str())).collect();
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
    ] {
        let request = form("/login", &pairs).insert_header((name, value));
        assert_eq!(browser.ask(request).await.status, 403, "{name}: {value}");
    }
    let request = form("/login", &pairs)
        .insert_header(("origin", "http://localhost:8080"))
        .insert_header(("sec-fetch-site", "same-origin"));
    assert_eq!(browser.ask(request).await.status, 303);
    // The token of the visit before signing in is none of the session's.
    assert_eq!(
        browser
            .post("/logout", &[("csrf_token", &csrf)])
            .await
            .status,
        403
    );
}
