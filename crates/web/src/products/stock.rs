//! − and + in the list: one pack less or more, without naming a lot.

use domain::{ids::ProductId, quantity::parse_whole};

use super::new::today;
use crate::{
    ctx::{Ctx, Seller},
    handler::{Answer, Id},
};

/// One button never moves more.
const STEP_MAX: i64 = 1_000;

pub async fn submit(ctx: Ctx, seller: Seller, Id(id): Id<ProductId>) -> Answer {
    super::find(&ctx, seller, id).await?;
    let mut reader = ctx.reader();
    let change = reader.with("change", |raw| parse_whole(raw, -STEP_MAX, STEP_MAX));
    let back = reader.raw("back");
    let change = match reader.finish(|| change) {
        Ok(change) => change,
        // Only a button sends this form: nothing was typed that could be shown again.
        Err(_) => return super::show::with_error(&ctx, seller, id, "products-step-unread").await,
    };
    ctx.store()
        .change_stock(&ctx.act(), seller.organisation, id, change, today(&ctx))
        .await
        .map_err(|error| super::refused(ctx.lang(), id, error))?;
    match back.starts_with("/products") {
        true => ctx.see(back),
        false => ctx.see(format!("/products/{id}")),
    }
}
