//! What an offer's page sends: its goods into the cart, or a step more or less of the quantity typed there.

use domain::{carts::parse_units, ids::OfferId, problem::Problem};

use super::{problem, viewer};
use crate::{
    ctx::{Buyer, Ctx},
    error::Error,
    flash::Flash,
    form::Form,
    handler::Answer,
    market,
};

pub(super) async fn submit(ctx: &Ctx, buyer: &Buyer) -> Answer {
    let posted = ctx.posted();
    let offer: OfferId = posted
        .only("offer")
        .and_then(|id| id.parse().ok())
        .ok_or(Error::BadRequest)?;
    let wanted = match posted.only("units") {
        Some(raw) => parse_units(raw),
        None if posted.first("units").is_empty() => Err(Problem::new("error-quantity-empty")),
        None => Err(Problem::new("form-twice")),
    };
    let wanted = match wanted {
        Ok(units) => units,
        Err(problem) => return again(ctx, offer, problem).await,
    };
    if let step @ ("less" | "more") = posted.first("do") {
        return market::offer::stepped(ctx, offer, wanted, step).await;
    }
    let put = ctx
        .store()
        .put_in_cart(
            &ctx.act(),
            &viewer(buyer),
            buyer.organisation,
            offer,
            wanted,
        )
        .await;
    if let Err(error) = put {
        return again(ctx, offer, problem(error)?).await;
    }
    ctx.flash(Flash::done(ctx.t("cart-added"))).await?;
    ctx.see("/cart")
}

/// The offer's page again, with what was typed and why it can't be.
async fn again(ctx: &Ctx, offer: OfferId, problem: Problem) -> Answer {
    let mut form = Form::of(ctx.posted(), ctx.lang());
    form.add("units", problem);
    market::offer::again(ctx, offer, form).await
}
