//! Everything that can stand in the way of a page, and the one table that turns it into an answer.
//!
//! Typing mistakes are not here: they are values ([`crate::form::Form`]) drawn in the form with 422. Refusals say
//! what to do next. Breakages get a reference that stands in the log; their cause never leaves it.

use actix_web::{
    HttpResponse, ResponseError,
    http::{
        StatusCode,
        header::{self, HeaderValue},
    },
};
use askama::Template;
use text::{Arg, Lang, t, t_with};

use crate::{ctx::Ctx, passage::Passage, shell::Shell};

/// A link that leads on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    pub href: String,
    pub label: String,
}

/// A refusal in the words of the trade: right person, wrong state or a lost race.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// String key of what happened.
    pub key: &'static str,
    pub args: Vec<(&'static str, Arg)>,
    /// Address and string key of the way out.
    pub way: Option<(String, &'static str)>,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody is signed in: to the sign-in page and back to here afterwards.
    #[error("not signed in")]
    SignIn { next: String },
    /// Signed in, but a role asks for a second step that isn't set up: there, and back to here afterwards.
    #[error("second step missing")]
    SecondStep { next: String },
    /// Missing, or somebody else's.
    #[error("not found")]
    NotFound,
    /// Signed in without the role.
    #[error("role missing")]
    Forbidden,
    /// The platform has not looked at the acting organisation yet.
    #[error("organisation not verified")]
    Unverified,
    /// A form without its token, or from another site.
    #[error("form token missing or wrong")]
    Csrf,
    #[error("method not allowed")]
    WrongMethod { allowed: String },
    /// A form made for another acting organisation than the session's.
    #[error("another organisation is acting")]
    OtherOrganisation,
    #[error("refused: {}", .0.key)]
    Conflict(Box<Refusal>),
    #[error("body too large")]
    TooLarge,
    #[error("body too slow")]
    TooSlow,
    #[error("bad request")]
    BadRequest,
    #[error("too many tries")]
    TooMany { retry_after_seconds: i64 },
    /// The database is busy or away; trying again helps.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// Nothing more can be written; what is there can be read.
    #[error("no room: {0}")]
    NoRoom(String),
    /// A breakage. The words are for the log alone.
    #[error("broken: {0}")]
    Broken(String),
}

impl Error {
    /// Right person, wrong state: `Error::conflict("orders-already-confirmed")`, 409.
    #[must_use]
    pub fn conflict(key: &'static str) -> Self {
        Self::Conflict(Box::new(Refusal {
            key,
            args: Vec::new(),
            way: None,
        }))
    }

    /// Puts a value into the sentence of a conflict.
    #[must_use]
    pub fn arg(mut self, name: &'static str, value: impl Into<Arg>) -> Self {
        if let Self::Conflict(refusal) = &mut self {
            refusal.args.push((name, value.into()));
        }
        self
    }

    /// The way out of a conflict.
    #[must_use]
    pub fn way_out(mut self, href: impl Into<String>, label_key: &'static str) -> Self {
        if let Self::Conflict(refusal) = &mut self {
            refusal.way = Some((href.into(), label_key));
        }
        self
    }

    /// A breakage, for causes that have no `From`.
    pub fn broken(cause: impl std::fmt::Display) -> Self {
        Self::Broken(cause.to_string())
    }

    /// The table: status, and the string keys of title, sentence and way out.
    fn row(
        &self,
    ) -> (
        StatusCode,
        &'static str,
        &'static str,
        &'static str,
        &'static str,
    ) {
        use StatusCode as S;
        match self {
            Self::SignIn { .. } | Self::SecondStep { .. } => (
                S::SEE_OTHER,
                "refusal-sign-in-title",
                "refusal-sign-in-text",
                "/login",
                "refusal-way-sign-in",
            ),
            Self::NotFound => (
                S::NOT_FOUND,
                "refusal-not-found-title",
                "refusal-not-found-text",
                "/",
                "refusal-way-home",
            ),
            Self::Forbidden => (
                S::FORBIDDEN,
                "refusal-forbidden-title",
                "refusal-forbidden-text",
                "/home",
                "refusal-way-home",
            ),
            Self::Unverified => (
                S::FORBIDDEN,
                "refusal-unverified-title",
                "refusal-unverified-text",
                "/home",
                "refusal-way-home",
            ),
            Self::Csrf => (
                S::FORBIDDEN,
                "refusal-csrf-title",
                "refusal-csrf-text",
                "/home",
                "refusal-way-home",
            ),
            Self::WrongMethod { .. } => (
                S::METHOD_NOT_ALLOWED,
                "refusal-method-title",
                "refusal-method-text",
                "/",
                "refusal-way-home",
            ),
            Self::OtherOrganisation => (
                S::CONFLICT,
                "refusal-organisation-title",
                "refusal-organisation-text",
                "/home",
                "refusal-way-home",
            ),
            Self::Conflict(refusal) => (
                S::CONFLICT,
                "refusal-conflict-title",
                refusal.key,
                "/home",
                "refusal-way-home",
            ),
            Self::TooLarge => (
                S::PAYLOAD_TOO_LARGE,
                "refusal-too-large-title",
                "refusal-too-large-text",
                "/home",
                "refusal-way-home",
            ),
            Self::TooSlow => (
                S::REQUEST_TIMEOUT,
                "refusal-too-slow-title",
                "refusal-too-slow-text",
                "/home",
                "refusal-way-home",
            ),
            Self::BadRequest => (
                S::BAD_REQUEST,
                "refusal-bad-request-title",
                "refusal-bad-request-text",
                "/home",
                "refusal-way-home",
            ),
            Self::TooMany { .. } => (
                S::TOO_MANY_REQUESTS,
                "refusal-too-many-title",
                "refusal-too-many-text",
                "/",
                "refusal-way-home",
            ),
            Self::Unavailable(_) => (
                S::SERVICE_UNAVAILABLE,
                "refusal-unavailable-title",
                "refusal-unavailable-text",
                "/",
                "refusal-way-home",
            ),
            Self::NoRoom(_) => (
                S::SERVICE_UNAVAILABLE,
                "refusal-no-room-title",
                "refusal-no-room-text",
                "/",
                "refusal-way-home",
            ),
            Self::Broken(_) => (
                S::INTERNAL_SERVER_ERROR,
                "refusal-broken-title",
                "refusal-broken-text",
                "/",
                "refusal-way-home",
            ),
        }
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::NotFound => Self::NotFound,
            store::Error::Busy | store::Error::Unreachable(_) => {
                Self::Unavailable(error.to_string())
            }
            store::Error::Full => Self::NoRoom(error.to_string()),
            other => Self::Broken(other.to_string()),
        }
    }
}

impl From<askama::Error> for Error {
    fn from(error: askama::Error) -> Self {
        Self::Broken(format!("template: {error}"))
    }
}

impl From<getrandom::Error> for Error {
    fn from(error: getrandom::Error) -> Self {
        Self::Broken(format!("randomness: {error}"))
    }
}

/// Where no page can be drawn (outside [`crate::guard`]): the status and nothing else.
impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        self.row().0
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

/// The page of an error. `templates/error.html`.
#[derive(Template)]
#[template(path = "error.html")]
struct Page {
    shell: Shell,
    status: u16,
    title: String,
    text: String,
    ways: Vec<Way>,
    /// What to tell whoever reads the log.
    reference: Option<String>,
    /// What was sent, to be sent again by one button.
    again: Option<Again>,
}

struct Again {
    action: String,
    fields: Vec<(String, String)>,
}

/// The form that could not be written, as it was: nobody types it twice because the database was busy. Not one with a
/// password or a code in it, which must not stand in a page.
fn again(ctx: &Ctx, error: &Error) -> Option<Again> {
    const SECRETS: &[&str] = &["password", "code", "token"];
    let waits = matches!(error, Error::Unavailable(_) | Error::NoRoom(_));
    let posted = ctx.posted();
    if !waits || !posted.is_words() {
        return None;
    }
    let is_secret = |name: &str| {
        name != crate::guard::CSRF_FIELD && SECRETS.iter().any(|secret| name.contains(secret))
    };
    if posted.pairs().iter().any(|(name, _)| is_secret(name)) {
        return None;
    }
    Some(Again {
        action: ctx.request().uri().to_string(),
        fields: posted.pairs().to_vec(),
    })
}

/// The answer to an error, in the visitor's language. Logs what broke.
pub(crate) fn answer(ctx: &Ctx, error: &Error) -> HttpResponse {
    if let Error::SignIn { next } = error {
        return crate::ctx::see_other(&format!("/login?next={}", encode(next)));
    }
    if let Error::SecondStep { next } = error {
        return crate::ctx::see_other(&format!("/account/two-step?next={}", encode(next)));
    }
    let lang = ctx.lang();
    let (status, title, text, href, label) = error.row();
    let reference = match error {
        Error::Unavailable(cause) | Error::NoRoom(cause) | Error::Broken(cause) => {
            let reference = Passage::code(ctx.request()).unwrap_or_default();
            tracing::error!(
                reference,
                status = status.as_u16(),
                method = %ctx.request().method(),
                path = ctx.request().path(),
                cause,
                "request failed"
            );
            Some(reference)
        }
        _ => None,
    };
    let sentence = match error {
        Error::Conflict(refusal) => t_with(lang, text, &refusal.args),
        Error::TooMany {
            retry_after_seconds,
        } => t_with(
            lang,
            text,
            &[("minutes", Arg::Count((retry_after_seconds + 59) / 60))],
        ),
        _ => t(lang, text),
    };
    let mut ways = Vec::new();
    if let Error::Conflict(refusal) = error
        && let Some((href, key)) = &refusal.way
    {
        ways.push(Way {
            href: href.clone(),
            label: t(lang, key),
        });
    }
    let href = if ctx.visitor().is_some() {
        "/home"
    } else {
        href
    };
    ways.push(Way {
        href: href.to_owned(),
        label: t(lang, label),
    });
    let page = Page {
        shell: Shell::of_error(ctx),
        status: status.as_u16(),
        title: t(lang, title),
        text: sentence,
        ways,
        reference,
        again: again(ctx, error),
    };
    let mut response = match page.render() {
        Ok(html) => HttpResponse::build(status)
            .content_type("text/html; charset=utf-8")
            .body(html),
        Err(error) => {
            tracing::error!(%error, "error page failed to draw");
            plain(lang, status, title)
        }
    };
    let headers = response.headers_mut();
    match error {
        Error::WrongMethod { allowed } => {
            if let Ok(value) = HeaderValue::from_str(allowed) {
                headers.insert(header::ALLOW, value);
            }
        }
        Error::TooMany {
            retry_after_seconds,
        } => {
            headers.insert(header::RETRY_AFTER, (*retry_after_seconds).max(1).into());
        }
        Error::Unavailable(_) | Error::NoRoom(_) => {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        _ => {}
    }
    response
}

fn plain(lang: Lang, status: StatusCode, title: &str) -> HttpResponse {
    HttpResponse::build(status)
        .content_type("text/plain; charset=utf-8")
        .body(t(lang, title))
}

/// For use as a query value.
#[must_use]
pub fn encode(text: &str) -> String {
    use std::fmt::Write;
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}
