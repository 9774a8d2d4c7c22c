//! − and + in the list: one pack less or more, without naming a lot.

use domain::{ids::ProductId, quantity::parse_whole};

use super::desk::Desk;
use crate::{
    ctx::Ctx,
    handler::{Answer, Id},
};

/// One button never moves more.
const STEP_MAX: i64 = 1_000;

pub async fn submit(ctx: Ctx, Id(id): Id<ProductId>) -> Answer {
    let desk = Desk::of(&ctx).await?;
    desk.product(&ctx, id).await?;
    let mut reader = ctx.reader();
    let change = reader.with("change", |raw| parse_whole(raw, -STEP_MAX, STEP_MAX));
    let back = reader.raw("back");
    let change = match reader.finish(|| change) {
        Ok(change) => change,
        // Only a button sends this form: nothing was typed that could be shown again.
        Err(_) => {
            return super::show::with_error(
                &ctx,
                desk,
                id,
                domain::problem::Problem::new("products-step-unread"),
            )
            .await;
        }
    };
    ctx.store()
        .change_stock(&desk.act, desk.umkm, id, change, desk.today())
        .await
        .map_err(|error| desk.refused(ctx.lang(), id, error))?;
    match back.starts_with(&desk.base) {
        true => ctx.see(back),
        false => ctx.see(desk.to(id, "")),
    }
}
