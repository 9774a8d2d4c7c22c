//! Pages whose address has a one-time token: what is read from it, and how such a page is sent.

use actix_web::http::header::{self, HeaderValue};
use askama::Template;
use domain::{identifiers::Login, ids::PersonId};
use store::{
    accounts::{LinkKind, OpenLink},
    tokens::{self, Purpose},
};

use crate::{ctx::Ctx, error::Error, handler::Answer};

/// Openings of one-time links per address within an hour.
const OPENINGS_MAX: i64 = 200;

/// The token as it was typed; empty when there is none.
pub fn token(ctx: &Ctx) -> String {
    let posted = ctx.posted().only("token");
    let token = posted.unwrap_or_else(|| ctx.query().first("token"));
    token.chars().take(200).collect()
}

/// The link that the token opens.
///
/// # Errors
/// A refusal with the way to a new link, when it no longer works.
pub async fn open(
    ctx: &Ctx,
    kind: LinkKind,
    token: &str,
    way: (&'static str, &'static str),
) -> Result<OpenLink, Error> {
    let bucket = super::limits::of_address(ctx, "link");
    super::limits::within(ctx, &bucket, OPENINGS_MAX, super::limits::HOUR_SECONDS).await?;
    let hash = tokens::hash(token);
    let link = ctx.store().open_link(kind, &hash, ctx.now()).await?;
    link.ok_or_else(|| over(way))
}

/// A link for a new password that somebody made for somebody else, to be handed on by hand.
pub struct Issued {
    pub link: String,
    /// A page that writes it to the person's number.
    pub whatsapp: Option<String>,
}

/// The link that was just made for `person`, while the address still has what it is made of (`new`).
///
/// # Errors
/// When the database fails.
pub async fn issued(
    ctx: &Ctx,
    person: PersonId,
    phone: Option<String>,
) -> Result<Option<Issued>, Error> {
    let seed = ctx.query().first("new");
    if seed.len() != 64 {
        return Ok(None);
    }
    let token = ctx.token_of(Purpose::Reset, seed);
    let open = ctx
        .store()
        .open_link(LinkKind::Reset, &tokens::hash(&token), ctx.now())
        .await?;
    if !open.is_some_and(|open| open.person == person && open.was_issued) {
        return Ok(None);
    }
    let link = ctx
        .state()
        .absolute(&format!("/password/reset?token={token}"));
    let words = text::t_with(
        ctx.lang(),
        "members-reset-whatsapp",
        &[("link", link.clone().into())],
    );
    Ok(Some(Issued {
        whatsapp: phone.and_then(|phone| super::invitation::whatsapp(&Login::Phone(phone), &words)),
        link,
    }))
}

/// A link that was used, replaced, or is too old.
pub fn over(way: (&'static str, &'static str)) -> Error {
    Error::conflict("link-over").way_out(way.0, way.1)
}

/// Sends a page whose address has a token: the next one learns only from which site one comes.
pub fn html(ctx: &Ctx, page: &impl Template, is_again: bool) -> Answer {
    let mut response = if is_again {
        ctx.unprocessable(page)?
    } else {
        ctx.html(page)?
    };
    response.headers_mut().insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("strict-origin"),
    );
    Ok(response)
}
