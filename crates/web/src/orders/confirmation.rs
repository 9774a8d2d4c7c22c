//! The cooperative takes the order on.

use domain::ids::OrderId;

use crate::{
    ctx::{Ctx, Manager},
    flash::Flash,
    handler::{Answer, Id},
};

pub async fn submit(ctx: Ctx, manager: Manager, Id(order): Id<OrderId>) -> Answer {
    ctx.store()
        .confirm_order(&ctx.act(), manager.organisation, order)
        .await?;
    ctx.flash(Flash::done(ctx.t("orders-done-confirmed")))
        .await?;
    ctx.see(format!("/orders/{order}"))
}
