//! The buyer sends a returned order again.

use domain::ids::OrderId;

use crate::{
    ctx::{Buyer, Ctx},
    flash::Flash,
    handler::{Answer, Id},
};

pub async fn submit(ctx: Ctx, buyer: Buyer, Id(order): Id<OrderId>) -> Answer {
    let actor = super::check::actor(&ctx);
    ctx.store()
        .submit_order(&ctx.act(), buyer.organisation, actor, order)
        .await?;
    ctx.flash(Flash::done(ctx.t("orders-done-submitted")))
        .await?;
    ctx.see(format!("/orders/{order}"))
}
