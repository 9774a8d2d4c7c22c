//! Requests through the whole app over a real SQLite file: the house, and a browser that keeps its cookies.
//! What is promised stands in the modules below.

mod accounts;
mod guard;
mod refusals;
mod server;

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
    settings::Key,
    time::{Instant, Zone},
};
use futures_util::future::LocalBoxFuture;
use store::{
    Act, Durability, Store,
    accounts::{NewOrganisation, NewPerson, Registered},
    settings::Decision,
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
    // The second step of signing in is tried over in tests/app.
    let today = Zone::Wib.day_of(START);
    let without = Decision {
        key: Key::SecondStep,
        value: "false".to_owned(),
        valid_from: today,
        legal_basis: None,
        decided_by: None,
    };
    store
        .decide_setting(&Act::system(START), today, &without)
        .await
        .unwrap();
    let config = Config {
        base_url: base_url.to_owned(),
        ..Config::default()
    };
    let parts = Parts {
        store,
        search: None,
        mailbox: None,
        mail: None,
        media: media::Media::Memory(media::Memory::new()),
        clock: Clock::fake(START),
        secret: b"a secret for tests, 32 bytes long".to_vec(),
    };
    let mut state = State::new(config, parts).unwrap();
    if let Some(routes) = routes {
        state.site = Site::of(routes, false);
        state.metrics = crate::metrics::Metrics::new(&state.site);
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
use serve;
