//! The buyer agrees to a changed order, or does not.

use domain::{ids::OrderId, orders::OrderEvent, problem::Problem};

use super::show;
use crate::{
    ctx::{Buyer, Ctx},
    flash::Flash,
    handler::{Answer, Id},
};

pub async fn submit(ctx: Ctx, buyer: Buyer, Id(order): Id<OrderId>) -> Answer {
    let agree = match ctx.posted().only("decision") {
        Some("agree") => true,
        Some("refuse") => false,
        _ => {
            let mut form = ctx.empty_form();
            form.add("", Problem::new("form-choose"));
            return show::again(&ctx, order, form, OrderEvent::Confirm).await;
        }
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
