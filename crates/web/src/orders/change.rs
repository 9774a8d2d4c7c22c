//! The buyer changes an order that the approver gave back: its goods and address go into the cart once more.

use domain::ids::OrderId;

use crate::{
    ctx::{Buyer, Ctx},
    flash::Flash,
    handler::{Answer, Id},
};

pub async fn submit(ctx: Ctx, buyer: Buyer, Id(order): Id<OrderId>) -> Answer {
    ctx.store()
        .change_order(&ctx.act(), buyer.organisation, order)
        .await?;
    ctx.flash(Flash::note(ctx.t("orders-done-change"))).await?;
    ctx.see("/cart")
}
