//! The code of an offer's address, to be printed on a sheet or a stall and read with a phone.

use actix_web::{HttpResponse, http::header};
use domain::ids::OfferId;

use crate::{
    ctx::Ctx,
    error::Error,
    handler::{Answer, Id},
};

use super::viewer;

pub async fn page(ctx: Ctx, Id(id): Id<OfferId>) -> Answer {
    let cards = ctx
        .store()
        .offer_cards(&viewer(&ctx), ctx.now(), &[id])
        .await?;
    if cards.is_empty() {
        return Err(Error::NotFound);
    }
    let address = ctx.state().absolute(&format!("/offers/{id}"));
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "image/svg+xml"))
        .body(papers::qr_svg(&address)))
}
