//! The cooperative refuses an order, with a reason.

use domain::{ids::OrderId, orders::OrderEvent};

use super::show;
use crate::{
    ctx::{Ctx, Manager},
    flash::Flash,
    handler::{Answer, Id},
};

pub async fn submit(ctx: Ctx, manager: Manager, Id(order): Id<OrderId>) -> Answer {
    let mut reader = ctx.reader();
    let reason = reader.text("reason", 300);
    let reason = match reader.finish(|| reason) {
        Ok(reason) => reason,
        Err(form) => return show::again(&ctx, order, form, OrderEvent::Decline).await,
    };
    ctx.store()
        .decline_order(&ctx.act(), manager.organisation, order, &reason)
        .await?;
    ctx.flash(Flash::done(ctx.t("orders-done-declined")))
        .await?;
    ctx.see(format!("/orders/{order}"))
}
