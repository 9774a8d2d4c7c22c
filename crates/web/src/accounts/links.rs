//! Pages whose address has a one-time token: what is read from it, and how such a page is sent.

use actix_web::http::header::{self, HeaderValue};
use askama::Template;
use store::{
    accounts::{LinkKind, OpenLink},
    tokens,
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
