//! The way every request takes: session, rights, body, form token, page function, answer.
//!
//! [`serve`] is wrapped around each route of the table; nothing else calls a page function. A panic in a page
//! function is that request's 500 and nobody else's.

use std::{panic::AssertUnwindSafe, sync::Arc};

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        Method as HttpMethod,
        header::{self, HeaderMap, HeaderValue},
    },
    web::{Data, Payload},
};
use futures_util::FutureExt;

use crate::{
    ctx::{Ctx, acting_as},
    error::{self, Error},
    passage::Passage,
    posted::Posted,
    routes::{self, Access, Cache, Method, Ownership, Route},
    security,
    server::State,
    session::same,
};

/// The name of the hidden field with the form token.
pub const CSRF_FIELD: &str = "csrf_token";
/// The name of the hidden field with the organisation the form was drawn for.
pub const ORGANISATION_FIELD: &str = "acting_organisation";

/// Answers a request to a route of the table.
pub(crate) async fn serve(
    route: Arc<Route>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let Some(state) = request.app_data::<Data<State>>().cloned() else {
        return HttpResponse::InternalServerError().finish();
    };
    Passage::mark(&request, &route);
    let slot = match state.pages.find(&state, &route, &request).await {
        Ok(kept) => return kept,
        Err(slot) => slot,
    };
    let (ctx, opened) = Ctx::open(request, state, Some(route.clone())).await;
    let answer = async {
        opened?;
        allow(&ctx, &route)?;
        if route.method == Method::Post {
            let posted = Posted::read(ctx.request(), payload, route.body).await?;
            check_form(&ctx, &posted)?;
            ctx.set_posted(posted);
        }
        route.call(ctx.clone()).await
    };
    let answer = match AssertUnwindSafe(answer).catch_unwind().await {
        Ok(answer) => answer,
        Err(panic) => {
            let words = panic
                .downcast_ref::<&str>()
                .map(|words| (*words).to_owned())
                .or_else(|| panic.downcast_ref::<String>().cloned())
                .unwrap_or_default();
            Err(Error::Broken(format!("panic: {words}")))
        }
    };
    let response = answer.unwrap_or_else(|error| {
        note_denied(&ctx, &route, &error);
        error::answer(&ctx, &error)
    });
    let response = finish(&ctx, route.cache, response);
    match slot {
        Some(slot) => ctx.state().pages.keep(&ctx, slot, response),
        None => response,
    }
}

/// Denied access of somebody who is signed in goes into the security log; a passer-by's is noise. A row that is somebody
/// else's can't be told from a missing one, so both are written down.
fn note_denied(ctx: &Ctx, route: &Route, error: &Error) {
    let what = match error {
        Error::Forbidden | Error::Unverified => security::Kind::AccessDenied,
        Error::NotFound if route.ownership != Ownership::None => security::Kind::NotTheirs,
        Error::Csrf => security::Kind::FormRefused,
        _ => return,
    };
    if let Some(visitor) = ctx.visitor() {
        let request = ctx.request();
        let detail = format!("{} {}", request.method(), request.path());
        security::note_with(ctx, what, Some(visitor.person), &detail);
    }
}

/// Answers what no route has: the path without its slash, or the page that says so.
pub(crate) async fn not_found(request: HttpRequest) -> HttpResponse {
    let Some(state) = request.app_data::<Data<State>>().cloned() else {
        return HttpResponse::NotFound().finish();
    };
    if let Some(path) = routes::without_slash(&state.site, &request) {
        return HttpResponse::PermanentRedirect()
            .insert_header((header::LOCATION, path))
            .finish();
    }
    refuse(request, state, Error::NotFound).await
}

/// Answers a known path with a method it does not have.
pub(crate) async fn wrong_method(request: HttpRequest, allowed: String) -> HttpResponse {
    let Some(state) = request.app_data::<Data<State>>().cloned() else {
        return HttpResponse::MethodNotAllowed().finish();
    };
    refuse(request, state, Error::WrongMethod { allowed }).await
}

async fn refuse(request: HttpRequest, state: Data<State>, error: Error) -> HttpResponse {
    let (ctx, opened) = Ctx::open(request, state, None).await;
    let response = error::answer(&ctx, &opened.err().unwrap_or(error));
    finish(&ctx, Cache::Private, response)
}

/// Not signed in leads to the sign-in page; signed in without the second step that a role asks for, to setting it up;
/// signed in without the role is refused.
fn allow(ctx: &Ctx, route: &Route) -> Result<(), Error> {
    if ctx.owes_step() && !route.before_step {
        return Err(Error::SecondStep { next: next(ctx) });
    }
    if route.access == Access::Public {
        return Ok(());
    }
    if ctx.visitor().is_none() {
        return Err(Error::SignIn { next: next(ctx) });
    }
    match route.access {
        Access::Public | Access::SignedIn => Ok(()),
        Access::Roles(roles) => acting_as(ctx, roles).map(|_| ()),
    }
}

/// Where to go on after signing in: this page, or the one that its form stands on.
fn next(ctx: &Ctx) -> String {
    let request = ctx.request();
    let is_page = matches!(*request.method(), HttpMethod::GET | HttpMethod::HEAD);
    if is_page || ctx.state().site.page_at(request.path()).is_some() {
        match request.query_string() {
            "" => request.path().to_owned(),
            query => format!("{}?{query}", request.path()),
        }
    } else {
        "/home".to_owned()
    }
}

/// A post has to come from a form of ours, drawn for this session and for the organisation that still acts.
fn check_form(ctx: &Ctx, posted: &Posted) -> Result<(), Error> {
    if !from_this_site(ctx) {
        return Err(Error::Csrf);
    }
    let expected = ctx.csrf().ok_or(Error::Csrf)?;
    let sent = posted.only(CSRF_FIELD).ok_or(Error::Csrf)?;
    if !same(sent, &expected) {
        return Err(Error::Csrf);
    }
    let drawn_for = posted.first(ORGANISATION_FIELD);
    if let Some(acting) = ctx.acting()
        && !drawn_for.is_empty()
        && drawn_for != acting.organisation.to_string()
    {
        return Err(Error::OtherOrganisation);
    }
    Ok(())
}

/// What the browser says about where the form stood. Programs that send neither header still need the token.
fn from_this_site(ctx: &Ctx) -> bool {
    let headers = ctx.request().headers();
    let text = |name: &str| one(headers, name);
    match text("sec-fetch-site") {
        Some("same-origin" | "none") => return true,
        Some(_) => return false,
        None => {}
    }
    let Some(origin) = text("origin") else {
        return true;
    };
    let host = origin.split_once("://").map(|(_, host)| host);
    origin == ctx.state().config.base_url || (host.is_some() && host == text("host"))
}

fn one<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Cookies and caching, the same for pages and refusals.
fn finish(ctx: &Ctx, cache: Cache, mut response: HttpResponse) -> HttpResponse {
    // What everybody may keep for good is the same for everybody: nobody's cookie goes with it.
    let is_shared = response
        .headers()
        .get(header::CACHE_CONTROL)
        .is_some_and(|value| value.as_bytes().starts_with(b"public"));
    if is_shared {
        return response;
    }
    let mut cookies = ctx.take_cookies();
    if let Some(token) = ctx.new_visit() {
        cookies.push(ctx.state().cookies().visit(token));
    }
    let set_cookies = !cookies.is_empty();
    for cookie in cookies {
        if let Err(error) = response.add_cookie(&cookie) {
            tracing::error!(%error, "cookie not set");
        }
    }
    // A page that only the anonymous see may be kept by the browser, if it asks each time whether it still holds.
    let open = cache == Cache::Public && ctx.visitor().is_none() && !set_cookies;
    let headers = response.headers_mut();
    if !headers.contains_key(header::CACHE_CONTROL) {
        let value = if open {
            "private, no-cache"
        } else {
            "no-store"
        };
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(value));
    }
    headers.insert(
        header::VARY,
        HeaderValue::from_static("Cookie, Accept-Language"),
    );
    response
}
