//! Every URL of the site, as data. The actix app is **built** from these rows, so a route without a row can't exist.
//!
//! Each feature gives its rows from `<feature>/mod.rs` (`pub fn routes() -> Vec<Route>`); [`all`] joins them.
//! A row says who may come in, whose row the page shows, and what body it takes; [`crate::guard`] holds to it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use actix_web::{HttpRequest, dev::ResourceDef, guard as when, http, web};
use domain::accounts::Role;
use futures_util::future::LocalBoxFuture;

use crate::{
    ctx::Ctx,
    guard,
    handler::{Answer, Handler},
};

/// The rows of every feature. A new feature adds its line here.
#[must_use]
pub fn all() -> Vec<Route> {
    [
        crate::accounts::routes(),
        crate::market::routes(),
        crate::home::routes(),
        crate::notices::routes(),
        crate::help::routes(),
        crate::offline::routes(),
        crate::admin::routes(),
        crate::products::routes(),
        crate::photos::routes(),
        crate::imports::routes(),
        crate::members::routes(),
        crate::memberships::routes(),
        crate::people::routes(),
        crate::offers::routes(),
        crate::questions::routes(),
        crate::supplies::routes(),
        crate::catalogs::routes(),
        crate::dev::routes(),
        crate::cart::routes(),
        crate::orders::routes(),
        crate::shares::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// Answers HEAD too.
    Get,
    Post,
}

/// Who may come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    Public,
    SignedIn,
    /// One of these roles in the acting organisation, which has to be verified where its kind needs it.
    Roles(&'static [Role]),
}

/// Whose row the page is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ownership {
    /// Nobody's: a list of one's own, a form, a public page.
    None,
    /// The path names a row of this kind; somebody else's is 404.
    Own(&'static str),
}

/// What a POST may carry, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    None,
    Form(usize),
    Upload(usize),
    /// A form with photos of at most [`domain::photos::UPLOAD_BYTES_MAX`] together, which may come slowly.
    Photos,
}

/// Whether the page may be the same for every anonymous visitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cache {
    Private,
    Public,
}

/// CHECKLIST C09: bytes of a plain form.
pub const FORM_BYTES_MAX: usize = 64 * 1024;
/// Bytes of a form with a file, such as a listings table.
pub const UPLOAD_BYTES_MAX: usize = 2 * 1024 * 1024;

type Page = Arc<dyn Fn(Ctx) -> LocalBoxFuture<'static, Answer> + Send + Sync>;

/// One row of the site.
#[derive(Clone)]
pub struct Route {
    pub method: Method,
    pub path: &'static str,
    pub access: Access,
    pub ownership: Ownership,
    pub body: Body,
    pub cache: Cache,
    /// Exists under `demo` only.
    pub demo_only: bool,
    /// Open to whoever is signed in but still has to set up the second step.
    pub before_step: bool,
    /// Its place in the table of this process, for figures.
    pub(crate) index: usize,
    page: Page,
}

impl Route {
    /// A page to look at: `Route::get("/orders/{id}", Access::Roles(Buyer::ROLES), show::page).own("order")`.
    pub fn get<Args>(path: &'static str, access: Access, page: impl Handler<Args>) -> Self {
        Self::new(Method::Get, path, access, Body::None, page)
    }

    /// A deed, sent as a plain form.
    pub fn post<Args>(path: &'static str, access: Access, page: impl Handler<Args>) -> Self {
        Self::new(Method::Post, path, access, Body::Form(FORM_BYTES_MAX), page)
    }

    fn new<Args>(
        method: Method,
        path: &'static str,
        access: Access,
        body: Body,
        page: impl Handler<Args>,
    ) -> Self {
        Self {
            method,
            path,
            access,
            ownership: Ownership::None,
            body,
            cache: Cache::Private,
            demo_only: false,
            before_step: false,
            index: 0,
            page: Arc::new(move |ctx| page.call(ctx)),
        }
    }

    /// The path names a row that belongs to somebody.
    #[must_use]
    pub fn own(mut self, what: &'static str) -> Self {
        self.ownership = Ownership::Own(what);
        self
    }

    /// The form carries a file.
    #[must_use]
    pub fn upload(mut self) -> Self {
        self.body = Body::Upload(UPLOAD_BYTES_MAX);
        self
    }

    /// The form carries photos.
    #[must_use]
    pub fn photos(mut self) -> Self {
        self.body = Body::Photos;
        self
    }

    /// Anonymous visitors may all get the same bytes.
    #[must_use]
    pub fn public(mut self) -> Self {
        self.cache = Cache::Public;
        self
    }

    #[must_use]
    pub fn demo_only(mut self) -> Self {
        self.demo_only = true;
        self
    }

    /// Setting up the second step is not needed for this.
    #[must_use]
    pub fn before_step(mut self) -> Self {
        self.before_step = true;
        self
    }

    pub(crate) fn call(&self, ctx: Ctx) -> LocalBoxFuture<'static, Answer> {
        (self.page)(ctx)
    }
}

/// A row without its function, for tests and menus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub method: Method,
    pub path: &'static str,
    pub access: Access,
    pub ownership: Ownership,
    pub body: Body,
    pub demo_only: bool,
    pub before_step: bool,
}

/// The whole table: what the test of every route and role goes through.
#[must_use]
pub fn table() -> Vec<Row> {
    all().iter().map(row).collect()
}

fn row(route: &Route) -> Row {
    Row {
        method: route.method,
        path: route.path,
        access: route.access,
        ownership: route.ownership,
        body: route.body,
        demo_only: route.demo_only,
        before_step: route.before_step,
    }
}

/// The rows this process serves.
#[derive(Clone)]
pub struct Site {
    routes: Arc<Vec<Arc<Route>>>,
    /// The pages' paths with parameters, ready to be compared.
    patterns: Arc<Vec<(ResourceDef, Arc<Route>)>>,
}

impl Site {
    #[must_use]
    pub fn new(demo: bool) -> Self {
        Self::of(all(), demo)
    }

    pub(crate) fn of(routes: Vec<Route>, demo: bool) -> Self {
        let routes: Vec<Arc<Route>> = routes
            .into_iter()
            .filter(|route| demo || !route.demo_only)
            .enumerate()
            .map(|(index, route)| Arc::new(Route { index, ..route }))
            .collect();
        let patterns = routes
            .iter()
            .filter(|route| route.method == Method::Get && route.path.contains('{'))
            .map(|route| (ResourceDef::new(route.path), route.clone()))
            .collect();
        Self {
            routes: Arc::new(routes),
            patterns: Arc::new(patterns),
        }
    }

    /// Every row, in its place.
    pub(crate) fn rows(&self) -> &[Arc<Route>] {
        &self.routes
    }

    /// The GET row that a path without query leads to.
    #[must_use]
    pub fn page_at(&self, path: &str) -> Option<&Route> {
        self.routes
            .iter()
            .filter(|route| route.method == Method::Get)
            .find(|route| route.path == path)
            .or_else(|| {
                let mut patterns = self.patterns.iter();
                patterns
                    .find(|(pattern, _)| pattern.is_match(path))
                    .map(|(_, route)| route)
            })
            .map(AsRef::as_ref)
    }

    /// Whether an anonymous visitor may send a form from this page: then it needs a token before there is a session.
    pub(crate) fn has_public_form(&self, path: &str) -> bool {
        self.routes.iter().any(|route| {
            route.path == path && route.method == Method::Post && route.access == Access::Public
        })
    }

    /// Hangs every row into an actix app, fixed paths before those with parameters. actix tries them one after the other,
    /// and a parameter costs a regular expression: pages that everybody opens come before those of the few.
    pub fn configure(&self, app: &mut web::ServiceConfig) {
        type Place<'a> = (bool, bool, Vec<(bool, &'a str)>);
        let public: BTreeSet<&str> = self
            .routes
            .iter()
            .filter(|route| route.cache == Cache::Public)
            .map(|route| route.path)
            .collect();
        let mut by_path: BTreeMap<Place<'_>, Vec<Arc<Route>>> = BTreeMap::new();
        for route in self.routes.iter() {
            let parts = route
                .path
                .split('/')
                .map(|part| (part.starts_with('{'), part))
                .collect();
            let place = (
                route.path.contains('{'),
                !public.contains(route.path),
                parts,
            );
            by_path.entry(place).or_default().push(route.clone());
        }
        for routes in by_path.into_values() {
            let Some(path) = routes.first().map(|route| route.path) else {
                continue;
            };
            let mut resource = web::resource(path);
            let mut allowed = Vec::new();
            for route in routes {
                let matching = match route.method {
                    Method::Get => {
                        allowed.extend(["GET", "HEAD"]);
                        web::route().guard(when::Any(when::Get()).or(when::Head()))
                    }
                    Method::Post => {
                        allowed.push("POST");
                        web::post()
                    }
                };
                resource = resource.route(matching.to(
                    move |request: HttpRequest, payload: web::Payload| {
                        guard::serve(route.clone(), request, payload)
                    },
                ));
            }
            let allowed = allowed.join(", ");
            app.service(
                resource.default_service(web::to(move |request: HttpRequest| {
                    guard::wrong_method(request, allowed.clone())
                })),
            );
        }
    }
}

/// The path without its slash at the end, if a page is there. Never leaves the site: `//evil/` stays where it is.
pub(crate) fn without_slash(site: &Site, request: &HttpRequest) -> Option<String> {
    if !matches!(*request.method(), http::Method::GET | http::Method::HEAD) {
        return None;
    }
    let path = request.path();
    let trimmed = path.strip_suffix('/')?;
    if trimmed.is_empty() || trimmed.contains("//") || trimmed.contains('\\') {
        return None;
    }
    site.page_at(trimmed)?;
    Some(match request.query_string() {
        "" => trimmed.to_owned(),
        query => format!("{trimmed}?{query}"),
    })
}
