//! The listening server: state, middleware, start and stop. The binary and the tests start it the same way.

use std::{net::IpAddr, sync::Arc, time::Duration};

use actix_web::{
    App, Error as ActixError, HttpServer,
    body::MessageBody,
    dev::{Server, ServerHandle, ServiceFactory, ServiceRequest, ServiceResponse},
    http::header::{self, HeaderName, HeaderValue},
    middleware::{Compress, Next, from_fn},
    web,
};
use mail::{Folder, Transport};
use media::{Darkroom, Media};
use search::Search;
use store::Store;
use tracing::Instrument as _;

use crate::{
    assets,
    clock::Clock,
    edition::{self, Pages},
    error::Error,
    guard, health,
    market::{kinds::Known, throttle::Searches},
    metrics::{self, Metrics},
    passage::{self, Codes, Passage},
    passwords::Passwords,
    routes::Site,
    session::Cookies,
    turns::Turns,
};

/// How the site is served. Only the binary reads the environment; this is what came of it.
#[derive(Clone, Debug)]
pub struct Config {
    /// `127.0.0.1:8080`; port 0 picks a free one.
    pub addr: String,
    /// `https://lumbung.example`, without a slash at the end; empty means `http://` and the address that was bound.
    pub base_url: String,
    /// Demo data, demo accounts, `/dev/mailbox`.
    pub demo: bool,
    /// The demo can be reached from elsewhere (`--yes-public`): the mailbox is for the administrator then.
    pub public_demo: bool,
    /// Proxies whose forwarding headers are believed.
    pub trusted_proxies: Vec<IpAddr>,
    pub workers: usize,
    /// Bearer token for `/metrics`; without one it answers loopback only.
    pub metrics_token: Option<String>,
    /// How far kept pages may be behind the database.
    pub pages_lag: Duration,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            addr: "127.0.0.1:0".to_owned(),
            base_url: String::new(),
            demo: false,
            public_demo: false,
            trusted_proxies: Vec::new(),
            workers: 2,
            metrics_token: None,
            pages_lag: edition::LAG,
        }
    }
}

/// What the pages stand on.
pub struct Parts {
    pub store: Store,
    /// `None`: pages ask the database instead.
    pub search: Option<Search>,
    /// The local mailbox, where mails are kept and not sent.
    pub mailbox: Option<Folder>,
    /// The way letters go; only asked whether it is open, and for its figures. `None` where others see to it.
    pub mail: Option<Transport>,
    /// Where photos are kept.
    pub media: Media,
    pub clock: Clock,
    /// Key for form tokens before sign-in and for signed links; at least 32 bytes.
    pub secret: Vec<u8>,
}

/// What every request shares.
pub struct State {
    pub config: Config,
    pub store: Store,
    pub search: Option<Search>,
    pub mailbox: Option<Folder>,
    pub(crate) mail: Option<Transport>,
    pub media: Media,
    pub(crate) darkroom: Darkroom,
    pub clock: Clock,
    pub(crate) secret: Vec<u8>,
    pub passwords: Passwords,
    /// Pages that are the same for everybody who isn't signed in.
    pub pages: Pages,
    pub(crate) searches: Searches,
    pub(crate) kinds: Known,
    /// For reading and writing files.
    pub turns: Turns,
    pub(crate) site: Site,
    pub(crate) metrics: Metrics,
    pub(crate) health: health::Parts,
    pub(crate) codes: Codes,
}

impl State {
    /// # Errors
    /// When the operating system gives no randomness.
    pub fn new(config: Config, parts: Parts) -> Result<Self, Error> {
        let site = Site::new(config.demo);
        Ok(Self {
            metrics: Metrics::new(&site),
            site,
            pages: Pages::new(config.pages_lag),
            searches: Searches::default(),
            kinds: Known::default(),
            config,
            store: parts.store,
            search: parts.search,
            mailbox: parts.mailbox,
            mail: parts.mail,
            media: parts.media,
            darkroom: Darkroom::default(),
            clock: parts.clock,
            secret: parts.secret,
            passwords: Passwords::new()?,
            turns: Turns::default(),
            health: health::Parts::default(),
            codes: Codes::new()?,
        })
    }

    #[must_use]
    pub(crate) fn cookies(&self) -> Cookies {
        Cookies {
            https: self.is_https(),
        }
    }

    fn is_https(&self) -> bool {
        self.config.base_url.starts_with("https://")
    }

    /// A path as an absolute address, for links that leave the site. Never made from a request.
    #[must_use]
    pub fn absolute(&self, path: &str) -> String {
        format!("{}{path}", self.config.base_url)
    }
}

/// The whole app, for the server and for `actix_web::test::init_service`.
pub fn app(
    state: web::Data<State>,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = ActixError,
        InitError = (),
    >,
> {
    let site = state.site.clone();
    App::new()
        .app_data(state)
        .route("/static/{hash}/{name:.*}", read(assets::serve))
        .configure(|app| site.configure(app))
        .route("/favicon.ico", read(assets::serve))
        .route("/sw.js", read(assets::serve_root))
        .route("/manifest.webmanifest", read(assets::serve_root))
        .route("/healthz", read(health::alive))
        .route("/readyz", read(health::ready))
        .route("/metrics", read(metrics::serve))
        .default_service(web::to(guard::not_found))
        .wrap(Compress::default())
        .wrap(from_fn(around))
}

fn read<F, Args>(handler: F) -> actix_web::Route
where
    F: actix_web::Handler<Args>,
    Args: actix_web::FromRequest + 'static,
    F::Output: actix_web::Responder + 'static,
{
    use actix_web::guard::{Any, Get, Head};
    web::route().guard(Any(Get()).or(Head())).to(handler)
}

/// CHECKLIST C03, C04: on every answer, also errors, redirects and files.
const HEADERS: &[(&str, &str)] = &[
    (
        "content-security-policy",
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; \
         connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; object-src 'none'; base-uri 'none'; \
         frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    ),
];

async fn around(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, ActixError> {
    let state = request.app_data::<web::Data<State>>().cloned();
    let https = state.as_ref().is_some_and(|state| state.is_https());
    let begun = std::time::Instant::now();
    let code = state.as_ref().map(|state| state.codes.next());
    let code = code.unwrap_or_default();
    let code_header = HeaderValue::from_str(&code);
    // Whatever the log says meanwhile is found by the code that the answer has.
    let span = tracing::info_span!("request", code);
    Passage::begin(&request, code);
    let mut response = next.call(request).instrument(span.clone()).await?;
    let headers = response.headers_mut();
    if let Ok(value) = code_header {
        headers.insert(passage::HEADER, value);
    }
    for (name, value) in HEADERS {
        let name = HeaderName::from_static(name);
        // A page with a one-time link in its address says less of itself than others.
        if name == header::REFERRER_POLICY && headers.contains_key(&name) {
            continue;
        }
        headers.insert(name, HeaderValue::from_static(value));
    }
    if https {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000; includeSubDomains"),
        );
    }
    let took = begun.elapsed();
    if let Some(state) = state {
        let row = Passage::row(response.request());
        state.metrics.count(row, response.status().as_u16(), took);
    }
    let _within = span.enter();
    tracing::info!(
        method = %response.request().method(),
        path = response.request().path(),
        status = response.status().as_u16(),
        milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        "request"
    );
    Ok(response)
}

/// A server that listens.
pub struct Running {
    /// Await this to serve until it is stopped.
    pub server: Server,
    pub handle: ServerHandle,
    /// `http://127.0.0.1:49152`, where it really listens.
    pub url: String,
    pub state: web::Data<State>,
}

/// How long requests may go on that run when the server is stopped.
const SHUTDOWN_SECONDS: u64 = 25;

/// Binds and starts. When it is stopped by its handle, running requests have up to 25 s to finish.
///
/// # Errors
/// When the address can't be bound.
pub fn start(mut config: Config, parts: Parts) -> std::io::Result<Running> {
    let listener = std::net::TcpListener::bind(&config.addr)?;
    let url = format!("http://{}", listener.local_addr()?);
    if config.base_url.is_empty() {
        config.base_url.clone_from(&url);
    }
    let workers = config.workers.max(1);
    let state = State::new(config, parts).map_err(std::io::Error::other)?;
    let state = web::Data::from(Arc::new(state));
    let shared = state.clone();
    let server = HttpServer::new(move || app(shared.clone()))
        .workers(workers)
        .keep_alive(Duration::from_secs(30))
        .client_request_timeout(Duration::from_secs(15))
        .client_disconnect_timeout(Duration::from_secs(5))
        .shutdown_timeout(SHUTDOWN_SECONDS)
        // Whoever starts us listens for them, and has more than the server to stop.
        .disable_signals()
        .listen(listener)?
        .run();
    Ok(Running {
        handle: server.handle(),
        server,
        url,
        state,
    })
}
