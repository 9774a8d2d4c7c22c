//! One visit: who comes, in which language, at what time, with what in hand. Page functions get it as [`Ctx`].
//!
//! The arguments that only the right person has ([`SignedIn`], [`Seller`], [`Manager`], …) are in [`crate::rights`].

use std::{
    cell::{Cell, OnceCell, RefCell},
    net::IpAddr,
    rc::Rc,
    str::FromStr,
    sync::Arc,
};

use actix_web::{
    HttpRequest, HttpResponse,
    cookie::Cookie,
    http::{StatusCode, header},
    web::Data,
};
use askama::Template;
use domain::time::Instant;
use store::{
    Act,
    accounts::{Belonging, NewLink, Visitor},
    tokens::{self, Purpose},
};
use text::Lang;

use crate::{
    error::Error,
    flash::Flash,
    form::{Form, Reader},
    handler::Answer,
    nav::Counts,
    posted::Posted,
    routes::Route,
    server::State,
    session::{self, Cookies, Token},
    shell::Shell,
    summary,
};

pub(crate) use crate::rights::acting_as;
pub use crate::rights::{
    Admin, Approver, Buyer, CoopReader, Manager, Observer, PeopleManager, Seller, SignedIn,
};

/// A visit. Cheap to clone.
#[derive(Clone)]
pub struct Ctx(Rc<Visit>);

struct Visit {
    state: Data<State>,
    request: HttpRequest,
    now: Instant,
    lang: Lang,
    /// The session's token and whom it belongs to.
    session: Option<(Token, Visitor)>,
    /// The token of an anonymous visit that may send a form, and whether its cookie is new.
    visit: Option<(Token, bool)>,
    query: Posted,
    posted: OnceCell<Posted>,
    cookies: RefCell<Vec<Cookie<'static>>>,
    flash_taken: Cell<bool>,
    counts: Cell<Option<Counts>>,
    /// This answer is not for the kept pages.
    kept_out: Cell<bool>,
}

impl Ctx {
    /// Looks at the cookies and loads the session. Nothing a visitor sends can make this fail, only the database.
    ///
    /// With the error comes a visit as an anonymous one, so that its page can be drawn.
    pub(crate) async fn open(
        request: HttpRequest,
        state: Data<State>,
        route: Option<Arc<Route>>,
    ) -> (Self, Result<(), Error>) {
        let now = state.clock.now();
        let cookies = state.cookies();
        let mut outcome = Ok(());
        let mut found = None;
        if let Some(token) = cookies.read_session(&request) {
            let idle_since = now.plus_seconds(-session::IDLE_SECONDS);
            match state.store.visitor(&token.hash(), idle_since, now).await {
                Ok(Some(visitor)) => found = Some((token, visitor)),
                Ok(None) => {}
                Err(error) => outcome = Err(error.into()),
            }
        }
        let mut visit = None;
        if found.is_none() {
            visit = cookies.read_visit(&request).map(|token| (token, false));
            let wants_form = route
                .as_ref()
                .is_some_and(|route| state.site.has_public_form(route.path));
            if visit.is_none() && wants_form {
                match Token::random() {
                    Ok(token) => visit = Some((token, true)),
                    Err(error) => outcome = Err(error.into()),
                }
            }
        }
        let own = found
            .as_ref()
            .and_then(|(_, visitor)| Lang::from_code(visitor.lang.as_deref()?));
        let lang = match own {
            Some(own) => cookies.read_language(&request).unwrap_or(own),
            None => language(&request, cookies).unwrap_or_default(),
        };
        let query = Posted::from_urlencoded(request.query_string().as_bytes());
        let visit = Visit {
            state,
            request,
            now,
            lang,
            session: found,
            visit,
            query,
            posted: OnceCell::new(),
            cookies: RefCell::new(Vec::new()),
            flash_taken: Cell::new(false),
            counts: Cell::new(None),
            kept_out: Cell::new(false),
        };
        let ctx = Self(Rc::new(visit));
        ctx.keep_session().await;
        (ctx, outcome)
    }

    /// Writes down now and then that the session is in use, and lets its cookie live on.
    async fn keep_session(&self) {
        let Some((token, visitor)) = &self.0.session else {
            return;
        };
        if visitor.seen_at.plus_seconds(session::SEEN_SECONDS) > self.0.now {
            return;
        }
        match self.store().seen_session(&self.act(), &token.hash()).await {
            Ok(()) => {
                // Only a session that outlives the browser has a cookie with an end to push.
                let short = self.0.now.plus_seconds(session::SHORT_SECONDS);
                if visitor.expires_at > short {
                    self.set_cookie(self.0.state.cookies().session(token, true));
                }
            }
            // The session is good for this request all the same.
            Err(error) => tracing::warn!(%error, "session not kept"),
        }
    }

    #[must_use]
    pub fn state(&self) -> &State {
        &self.0.state
    }

    #[must_use]
    pub fn store(&self) -> &store::Store {
        &self.0.state.store
    }

    #[must_use]
    pub fn request(&self) -> &HttpRequest {
        &self.0.request
    }

    /// The time of this request; the same however long it takes.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.0.now
    }

    #[must_use]
    pub fn lang(&self) -> Lang {
        self.0.lang
    }

    /// The sentence for a key in the visitor's language.
    #[must_use]
    pub fn t(&self, key: &str) -> String {
        text::t(self.0.lang, key)
    }

    /// Who is signed in.
    #[must_use]
    pub fn visitor(&self) -> Option<&Visitor> {
        self.0.session.as_ref().map(|(_, visitor)| visitor)
    }

    /// The organisation the visitor acts for.
    #[must_use]
    pub fn acting(&self) -> Option<&Belonging> {
        self.visitor()?.acting.as_ref()
    }

    /// The visitor has to set up the second step of signing in before anything else.
    #[must_use]
    pub fn owes_step(&self) -> bool {
        self.visitor().is_some_and(|visitor| visitor.owes_step)
    }

    pub(crate) fn session_token(&self) -> Option<&Token> {
        self.0.session.as_ref().map(|(token, _)| token)
    }

    /// Gives the session a new token where what it may do has changed (CHECKLIST A03). Comes last: what is left for the
    /// session by its token before, such as a message, goes along.
    pub(crate) async fn renew_session(&self) -> Result<(), Error> {
        let Some((old, visitor)) = &self.0.session else {
            return Ok(());
        };
        let new = Token::random()?;
        self.store()
            .renew_session(&self.act(), &old.hash(), &new.hash())
            .await?;
        let short = self.0.now.plus_seconds(session::SHORT_SECONDS);
        let keep = visitor.expires_at > short;
        self.set_cookie(self.0.state.cookies().session(&new, keep));
        Ok(())
    }

    /// A one-time link about to be made: its seed waits in the outbox, its token's hash in the database.
    pub(crate) fn new_link(&self, purpose: Purpose) -> Result<NewLink, Error> {
        Ok(self.link_of(purpose, Token::random()?.as_str().to_owned()))
    }

    /// The link that belongs to a seed.
    pub(crate) fn link_of(&self, purpose: Purpose, seed: String) -> NewLink {
        NewLink {
            token_hash: tokens::hash(&self.token_of(purpose, &seed)),
            seed,
        }
    }

    /// The token that belongs to a seed, to be shown once to whoever hands it on.
    pub(crate) fn token_of(&self, purpose: Purpose, seed: &str) -> String {
        tokens::derive(&self.0.state.secret, purpose, seed)
    }

    /// The circumstances for a deed of the store.
    #[must_use]
    pub fn act(&self) -> Act {
        Act {
            now: self.0.now,
            person: self.visitor().map(|visitor| visitor.person),
            organisation: self.acting().map(|acting| acting.organisation),
            on_behalf_of: None,
        }
    }

    /// The token that a form on this page has to carry; `None` where no form may be.
    #[must_use]
    pub fn csrf(&self) -> Option<String> {
        match (&self.0.session, &self.0.visit) {
            (Some((_, visitor)), _) => Some(visitor.csrf.clone()),
            (None, Some((token, _))) => Some(token.csrf(&self.0.state.secret)),
            (None, None) => None,
        }
    }

    /// The cookie of an anonymous visit that has just begun.
    pub(crate) fn new_visit(&self) -> Option<&Token> {
        match &self.0.visit {
            Some((token, true)) => Some(token),
            _ => None,
        }
    }

    /// A part of the path.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not of that type.
    pub fn param<T: FromStr>(&self, name: &str) -> Result<T, Error> {
        self.0
            .request
            .match_info()
            .get(name)
            .and_then(|part| part.parse().ok())
            .ok_or(Error::NotFound)
    }

    /// The part of the address behind `?`.
    #[must_use]
    pub fn query(&self) -> &Posted {
        &self.0.query
    }

    /// The form that was sent; empty for GET.
    #[must_use]
    pub fn posted(&self) -> &Posted {
        self.0.posted.get_or_init(Posted::default)
    }

    pub(crate) fn set_posted(&self, posted: Posted) {
        // Set once, by the guard, before any page function runs.
        let _ = self.0.posted.set(posted);
    }

    /// Reads the form field by field and collects what is wrong with it.
    #[must_use]
    pub fn reader(&self) -> Reader<'_> {
        Reader::new(self.posted(), self.lang())
    }

    /// A form that nobody has filled in yet.
    #[must_use]
    pub fn empty_form(&self) -> Form {
        Form::empty(self.lang())
    }

    /// Where the request came from; a forwarding header counts only from a proxy we were told to trust.
    #[must_use]
    pub fn ip(&self) -> Option<IpAddr> {
        let peer = self.0.request.peer_addr()?.ip();
        let trusted = &self.0.state.config.trusted_proxies;
        if !trusted.contains(&peer) {
            return Some(peer);
        }
        self.0
            .request
            .headers()
            .get_all("x-forwarded-for")
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .filter_map(|hop| hop.trim().parse::<IpAddr>().ok())
            .filter(|hop| !trusted.contains(hop))
            .last()
            .or(Some(peer))
    }

    /// Says that this answer holds for this moment only, though the page is public.
    pub(crate) fn keep_out(&self) {
        self.0.kept_out.set(true);
    }

    pub(crate) fn is_kept_out(&self) -> bool {
        self.0.kept_out.get()
    }

    pub fn set_cookie(&self, cookie: Cookie<'static>) {
        self.0.cookies.borrow_mut().push(cookie);
    }

    pub(crate) fn take_cookies(&self) -> Vec<Cookie<'static>> {
        self.0.cookies.take()
    }

    /// What stands around every page. Takes the message that waited for this visitor.
    pub async fn shell(&self) -> Shell {
        let mut flash = None;
        let waiting = self.visitor().is_some_and(|v| v.flash.is_some());
        let is_page = *self.0.request.method() != actix_web::http::Method::HEAD;
        if waiting
            && is_page
            && !self.0.flash_taken.replace(true)
            && let Some(token) = self.session_token()
        {
            match self.store().take_flash(&self.act(), &token.hash()).await {
                Ok(message) => flash = message.as_deref().and_then(Flash::from_row),
                // A message is not worth a page.
                Err(error) => tracing::warn!(%error, "flash not taken"),
            }
        }
        let counts = match self.waiting().await {
            Ok(counts) => counts,
            // A page without its counts is still a page.
            Err(error) => {
                tracing::warn!(%error, "counts not read");
                Counts::default()
            }
        };
        Shell::of_page(self, flash, &counts)
    }

    /// What waits for the people of the acting organisation; read once for a request.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn waiting(&self) -> Result<Counts, Error> {
        if let Some(counts) = self.0.counts.get() {
            return Ok(counts);
        }
        let counts = Counts::load(self).await?;
        self.0.counts.set(Some(counts));
        Ok(counts)
    }

    /// Leaves a message for the next page this visitor sees.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn flash(&self, flash: Flash) -> Result<(), Error> {
        if let Some(token) = self.session_token() {
            self.store()
                .set_flash(&self.act(), &token.hash(), &flash.to_row())
                .await?;
        }
        Ok(())
    }

    /// A page as the answer.
    ///
    /// # Errors
    /// When the template fails.
    pub fn html(&self, page: &impl Template) -> Answer {
        self.html_as(StatusCode::OK, page)
    }

    /// A page with a form that has to be looked at again: 422.
    ///
    /// # Errors
    /// When the template fails.
    pub fn unprocessable(&self, page: &impl Template) -> Answer {
        self.html_as(StatusCode::UNPROCESSABLE_ENTITY, page)
    }

    /// # Errors
    /// When the template fails.
    pub fn html_as(&self, status: StatusCode, page: &impl Template) -> Answer {
        Ok(HttpResponse::build(status)
            .content_type("text/html; charset=utf-8")
            .insert_header((header::CONTENT_LANGUAGE, self.lang().code()))
            .body(summary::name_fields(page.render()?)))
    }

    /// 303: the success of a post, to the page that shows the result.
    ///
    /// # Errors
    /// None; the type is that of page functions.
    pub fn see(&self, href: impl AsRef<str>) -> Answer {
        Ok(see_other(href.as_ref()))
    }
}

/// 303 to a place on this site. Anything else leads home.
#[must_use]
pub fn see_other(href: &str) -> HttpResponse {
    let href = local_path(href).unwrap_or("/");
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, href))
        .finish()
}

/// A path on this site, or `None`: no host, no scheme, no control characters, no backslash (CHECKLIST C06).
#[must_use]
pub fn local_path(href: &str) -> Option<&str> {
    let bytes = href.as_bytes();
    let lower = href.get(..6).unwrap_or(href).to_ascii_lowercase();
    let fits = bytes.first() == Some(&b'/')
        && !matches!(bytes.get(1), Some(b'/' | b'\\'))
        && !lower.starts_with("/%2f")
        && !lower.starts_with("/%5c")
        && href.len() <= 2_000
        && bytes
            .iter()
            .all(|b| (0x21..0x7f).contains(b) && *b != b'\\');
    fits.then_some(href)
}

/// The language of somebody without a setting of their own: as chosen here, or as the browser says.
pub(crate) fn language(request: &HttpRequest, cookies: Cookies) -> Option<Lang> {
    cookies
        .read_language(request)
        .or_else(|| accepted_language(request))
}

/// The first language of the browser that we speak.
fn accepted_language(request: &HttpRequest) -> Option<Lang> {
    let value = request
        .headers()
        .get(header::ACCEPT_LANGUAGE)?
        .to_str()
        .ok()?;
    value.split(',').find_map(|choice| {
        let tag = choice.split(';').next()?.trim();
        match tag.split('-').next()?.to_ascii_lowercase().as_str() {
            // `in` is what old Android phones call Indonesian.
            "id" | "in" => Some(Lang::Id),
            "en" => Some(Lang::En),
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_leave_the_site_are_not_followed() {
        for href in [
            "//evil.example",
            "/\\evil",
            "https:evil",
            "http://evil",
            "/%2f%2fevil",
            "/%5Cevil",
            "",
            "evil",
            "/a\r\nSet-Cookie: x",
            "/a\\b",
            "javascript:alert(1)",
            "/\tb",
            " /a",
        ] {
            assert_eq!(local_path(href), None, "{href:?}");
        }
        for href in ["/", "/orders/1?a=b%2fc", "/search?q=kopi"] {
            assert_eq!(local_path(href), Some(href));
        }
    }
}
