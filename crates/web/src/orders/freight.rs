//! The manager enters the freight that was worked out; the buyer is asked.

use domain::{ids::OrderId, orders::OrderEvent};

use super::show;
use crate::{
    ctx::{Ctx, Manager},
    flash::Flash,
    handler::{Answer, Id},
};

pub async fn submit(ctx: Ctx, manager: Manager, Id(order): Id<OrderId>) -> Answer {
    let mut reader = ctx.reader();
    let freight = reader.rupiah("freight");
    let freight = match reader.finish(|| freight) {
        Ok(freight) => freight,
        Err(form) => return show::again(&ctx, order, form, OrderEvent::Confirm).await,
    };
    ctx.store()
        .ask_freight(&ctx.act(), manager.organisation, order, freight)
        .await?;
    ctx.flash(Flash::done(ctx.t("orders-done-asked"))).await?;
    ctx.see(format!("/orders/{order}"))
}
