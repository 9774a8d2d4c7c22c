//! The approver gives an order back, with a reason.

use domain::{ids::OrderId, orders::OrderEvent};

use super::show;
use crate::{
    ctx::{Approver, Ctx},
    flash::Flash,
    handler::{Answer, Id},
};

pub async fn submit(ctx: Ctx, approver: Approver, Id(order): Id<OrderId>) -> Answer {
    let mut reader = ctx.reader();
    let reason = reader.text("reason", 300);
    let reason = match reader.finish(|| reason) {
        Ok(reason) => reason,
        Err(form) => return show::again(&ctx, order, form, OrderEvent::Return).await,
    };
    ctx.store()
        .return_order(&ctx.act(), approver.organisation, order, &reason)
        .await?;
    ctx.flash(Flash::done(ctx.t("orders-done-returned")))
        .await?;
    ctx.see(format!("/orders/{order}"))
}
