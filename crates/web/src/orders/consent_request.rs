//! The manager asks the buyer to take what the members can give.

use domain::ids::OrderId;

use crate::{
    ctx::{Ctx, Manager},
    flash::Flash,
    handler::{Answer, Id},
};

pub async fn submit(ctx: Ctx, manager: Manager, Id(order): Id<OrderId>) -> Answer {
    ctx.store()
        .ask_reduced(&ctx.act(), manager.organisation, order)
        .await?;
    ctx.flash(Flash::done(ctx.t("orders-done-asked"))).await?;
    ctx.see(format!("/orders/{order}"))
}
