//! Taking an offer out of the cart.

use domain::ids::OfferId;

use crate::{
    ctx::{Buyer, Ctx},
    error::Error,
    flash::Flash,
    handler::Answer,
};

pub async fn submit(ctx: Ctx, buyer: Buyer) -> Answer {
    let offer: OfferId = ctx
        .posted()
        .only("offer")
        .and_then(|id| id.parse().ok())
        .ok_or(Error::BadRequest)?;
    ctx.store()
        .take_from_cart(&ctx.act(), buyer.organisation, offer)
        .await?;
    ctx.flash(Flash::done(ctx.t("cart-removed"))).await?;
    ctx.see("/cart")
}
