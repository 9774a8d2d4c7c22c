//! The buyer orders the same once more: the goods of an order go into the cart.

use domain::ids::OrderId;
use text::t_with;

use crate::{
    cart::viewer,
    ctx::{Buyer, Ctx},
    flash::Flash,
    handler::{Answer, Id},
};

pub async fn submit(ctx: Ctx, buyer: Buyer, Id(order): Id<OrderId>) -> Answer {
    let done = ctx
        .store()
        .reorder(&ctx.act(), &viewer(&buyer), buyer.organisation, order)
        .await?;
    if done.lines == 0 {
        ctx.flash(Flash::problem(ctx.t("orders-reorder-nothing")))
            .await?;
        return ctx.see(format!("/orders/{order}"));
    }
    let flash = if done.left_out.is_empty() {
        Flash::done(ctx.t("orders-done-reorder"))
    } else {
        let titles = done.left_out.join(", ");
        Flash::note(t_with(
            ctx.lang(),
            "orders-reorder-partly",
            &[("titles", titles.into())],
        ))
    };
    ctx.flash(flash).await?;
    ctx.see("/cart")
}
