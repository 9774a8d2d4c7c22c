//! The buyer agrees to a changed order, or does not.

use domain::ids::OrderId;

use crate::{
    ctx::{Buyer, Ctx},
    error::Error,
    flash::Flash,
    handler::{Answer, Id},
};

pub async fn submit(ctx: Ctx, buyer: Buyer, Id(order): Id<OrderId>) -> Answer {
    let agree = match ctx.posted().only("decision") {
        Some("agree") => true,
        Some("refuse") => false,
        _ => return Err(Error::BadRequest),
    };
    let actor = super::check::actor(&ctx);
    ctx.store()
        .answer_consent(&ctx.act(), buyer.organisation, actor, order, agree)
        .await?;
    let key = if agree {
        "orders-done-agreed"
    } else {
        "orders-done-refused"
    };
    ctx.flash(Flash::done(ctx.t(key))).await?;
    ctx.see(format!("/orders/{order}"))
}
