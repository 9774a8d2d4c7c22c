//! Requests through the whole app over a real SQLite file: what the guard promises, and the accounts pages.

use std::rc::Rc;

use actix_web::{
    http::{StatusCode, header},
    test::{self, TestRequest},
    web,
};
use domain::{
    accounts::{OrganisationKind, Role},
    identifiers,
    ids::{OrganisationId, PersonId},
    time::Instant,
};
use futures_util::future::LocalBoxFuture;
use store::{
    Act, Durability, Store,
    accounts::{NewOrganisation, NewPerson, Registered},
};

use crate::{
    clock::Clock,
    ctx::{Ctx, Manager},
    handler::{Answer, Id},
    routes::{Access, Route, Site},
    server::{Config, Parts, State, app},
};

const START: Instant = Instant(1_800_000_000_000_000);
const PASSWORD: &str = "kuda baterai staples";

struct House {
    state: web::Data<State>,
    dir: std::path::PathBuf,
}

impl Drop for House {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

async fn house_with(routes: Option<Vec<Route>>, base_url: &str) -> House {
    let dir = std::env::temp_dir().join(format!("lumbung-web-{}", uuid::Uuid::now_v7()));
    std::fs::create_dir_all(&dir).unwrap();
    let store = Store::open(&store::Config {
        url: format!("sqlite://{}", dir.join("test.db").display()),
        durability: Durability::Relaxed,
    })
    .await
    .unwrap();
    store.migrate().await.unwrap();
    let config = Config {
        base_url: base_url.to_owned(),
        ..Config::default()
    };
    let parts = Parts {
        store,
        search: None,
        mailbox: None,
        clock: Clock::fake(START),
        secret: b"a secret for tests, 32 bytes long".to_vec(),
    };
    let mut state = State::new(config, parts).unwrap();
    if let Some(routes) = routes {
        state.site = Site::of(routes, false);
    }
    House {
        state: web::Data::new(state),
        dir,
    }
}

async fn house() -> House {
    house_with(None, "http://localhost:8080").await
}

impl House {
    fn store(&self) -> &Store {
        &self.state.store
    }

    async fn person(
        &self,
        login: &str,
        kind: OrganisationKind,
        name: &str,
    ) -> (PersonId, OrganisationId) {
        let person = NewPerson {
            name: format!("Orang {name}"),
            login: identifiers::login(login).unwrap(),
            password_hash: crate::passwords::hash(PASSWORD).unwrap(),
            lang: "id".to_owned(),
        };
        let organisation = NewOrganisation {
            kind,
            name: name.to_owned(),
            region_code: "33.25".to_owned(),
            buyer_kind: None,
        };
        let act = Act::system(START);
        match self
            .store()
            .register(&act, &person, &organisation)
            .await
            .unwrap()
        {
            Registered::New {
                person,
                organisation,
            } => (person, organisation),
            Registered::Known(_) => panic!("{login} is known"),
        }
    }
}

/// What came back, read whole.
struct Seen {
    status: StatusCode,
    headers: header::HeaderMap,
    body: String,
}

impl Seen {
    fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map(|value| value.to_str().unwrap())
            .unwrap_or_default()
    }

    fn location(&self) -> &str {
        self.header("location")
    }

    /// `name=value` of every cookie set.
    fn cookies(&self) -> Vec<String> {
        self.headers
            .get_all(header::SET_COOKIE)
            .map(|value| {
                let text = value.to_str().unwrap();
                text.split(';').next().unwrap().to_owned()
            })
            .collect()
    }

    fn cookie(&self, name: &str) -> Option<String> {
        let start = format!("{name}=");
        self.cookies()
            .iter()
            .find_map(|cookie| cookie.strip_prefix(&start).map(str::to_owned))
    }

    fn csrf(&self) -> String {
        let (_, rest) = self
            .body
            .split_once("name=\"csrf_token\" value=\"")
            .unwrap();
        rest.split('"').next().unwrap().to_owned()
    }
}

type Answered = LocalBoxFuture<'static, (StatusCode, header::HeaderMap, web::Bytes)>;
type Served = Box<dyn Fn(TestRequest) -> Answered>;

/// A visitor of the app: asks with the cookies it was given.
struct Browser<'a> {
    app: &'a Served,
    jar: std::cell::RefCell<std::collections::BTreeMap<String, String>>,
}

impl<'a> Browser<'a> {
    fn new(app: &'a Served) -> Self {
        Self {
            app,
            jar: Default::default(),
        }
    }

    async fn ask(&self, request: TestRequest) -> Seen {
        let cookies: Vec<String> = self
            .jar
            .borrow()
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let request = request
            .peer_addr(([127, 0, 0, 1], 4711).into())
            .insert_header(("cookie", cookies.join("; ")));
        let (status, headers, body) = (self.app)(request).await;
        let seen = Seen {
            status,
            headers,
            body: String::from_utf8_lossy(&body).into_owned(),
        };
        for cookie in seen.cookies() {
            let (name, value) = cookie.split_once('=').unwrap();
            if value.is_empty() {
                self.jar.borrow_mut().remove(name);
            } else {
                self.jar
                    .borrow_mut()
                    .insert(name.to_owned(), value.to_owned());
            }
        }
        seen
    }

    async fn get(&self, path: &str) -> Seen {
        self.ask(TestRequest::get().uri(path)).await
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Seen {
        self.ask(form(path, fields)).await
    }

    /// Opens `from`, takes its form token, sends the fields to `path`.
    async fn send(&self, from: &str, path: &str, fields: &[(&str, &str)]) -> Seen {
        let csrf = self.get(from).await.csrf();
        let mut all = vec![("csrf_token", csrf.as_str())];
        all.extend_from_slice(fields);
        self.post(path, &all).await
    }

    async fn sign_in(&self, login: &str) -> Seen {
        self.send(
            "/login",
            "/login",
            &[("login", login), ("password", PASSWORD)],
        )
        .await
    }
}

fn form(path: &str, fields: &[(&str, &str)]) -> TestRequest {
    let body: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{name}={}", crate::error::encode(value)))
        .collect();
    TestRequest::post()
        .uri(path)
        .insert_header(("content-type", "application/x-www-form-urlencoded"))
        .set_payload(body.join("&"))
}

macro_rules! serve {
    ($house:expr) => {{
        let service = Rc::new(test::init_service(app($house.state.clone())).await);
        let served: Served = Box::new(move |request| {
            let service = service.clone();
            Box::pin(async move {
                let response = test::call_service(&*service, request.to_request()).await;
                let (status, headers) = (response.status(), response.headers().clone());
                (status, headers, test::read_body(response).await)
            })
        });
        served
    }};
}

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
async fn every_answer_carries_the_security_headers() {
    let house = house_with(None, "https://lumbung.example").await;
    let app = serve!(house);
    let browser = Browser::new(&app);
    for path in [
        "/login",
        "/nothing",
        "/home",
        "/static/x/y.css",
        "/healthz",
        "/login/",
    ] {
        let seen = browser.get(path).await;
        for (name, part) in [
            ("content-security-policy", "frame-ancestors 'none'"),
            ("content-security-policy", "base-uri 'none'"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("permissions-policy", "camera=()"),
            ("strict-transport-security", "max-age="),
        ] {
            assert!(seen.header(name).contains(part), "{path}: {name}");
        }
        assert!(!seen.header("content-security-policy").contains("unsafe"));
    }
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

#[actix_web::test]
async fn metrics_are_for_loopback_or_the_token() {
    let house = house().await;
    let app = serve!(house);
    let browser = Browser::new(&app);
    browser.get("/login").await;
    let seen = browser.get("/metrics").await;
    assert!(
        seen.body
            .contains("lumbung_requests_total{status=\"2xx\"} 1"),
        "{}",
        seen.body
    );
    let forwarded = TestRequest::get()
        .uri("/metrics")
        .insert_header(("x-forwarded-for", "10.0.0.1"));
    assert_eq!(browser.ask(forwarded).await.status, 404);
}
