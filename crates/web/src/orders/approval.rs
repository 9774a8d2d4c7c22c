//! The buyer's approver lets the order go to the cooperative.

use domain::ids::OrderId;

use crate::{
    ctx::{Approver, Ctx},
    flash::Flash,
    handler::{Answer, Id},
};

pub async fn submit(ctx: Ctx, approver: Approver, Id(order): Id<OrderId>) -> Answer {
    ctx.store()
        .approve_order(&ctx.act(), approver.organisation, order)
        .await?;
    ctx.flash(Flash::done(ctx.t("orders-done-approved")))
        .await?;
    ctx.see(format!("/orders/{order}"))
}
