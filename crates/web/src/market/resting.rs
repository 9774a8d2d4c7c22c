//! An offer that can't be bought now, for those who knew it: that it rests, and where to go on.

use actix_web::http::StatusCode;
use askama::Template;
use domain::{ids::OfferId, offers::OfferState, regions};
use store::offers::RestingOffer;

use super::viewer;
use crate::{ctx::Ctx, error::Error, handler::Answer, shell::Shell};

#[derive(Template)]
#[template(path = "market/resting.html")]
struct Page {
    shell: Shell,
    offer: RestingOffer,
    place: String,
    /// The cooperative has put it away for good.
    is_over: bool,
}

/// The page of an offer that this visitor can't see now; not found where they never could. Who sent something there has
/// come too late.
pub(super) async fn page(ctx: &Ctx, id: OfferId, is_late: bool) -> Answer {
    let offer = ctx
        .store()
        .resting_offer(&viewer(ctx), ctx.now(), id)
        .await?
        .ok_or(Error::NotFound)?;
    let page = Page {
        shell: ctx.shell().await,
        place: regions::short_name(&offer.region_code),
        is_over: offer.state == OfferState::Archived.as_str(),
        offer,
    };
    let status = match is_late {
        true => StatusCode::CONFLICT,
        false => StatusCode::OK,
    };
    ctx.html_as(status, &page)
}
