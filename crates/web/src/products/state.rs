//! Publishing, pausing, resuming and archiving a product.

use domain::{ids::ProductId, products::ProductEvent};

use super::desk::Desk;
use crate::{
    ctx::Ctx,
    flash::Flash,
    handler::{Answer, Id},
};

pub async fn submit(ctx: Ctx, Id(id): Id<ProductId>) -> Answer {
    let desk = Desk::of(&ctx).await?;
    let product = desk.product(&ctx, id).await?;
    let (event, key) = match ctx.posted().only("event").unwrap_or_default() {
        "publish" => (ProductEvent::Publish, "products-published"),
        "pause" => (ProductEvent::Pause, "products-paused"),
        "resume" => (ProductEvent::Resume, "products-published"),
        "archive" => (ProductEvent::Archive, "products-archived"),
        _ => return super::show::with_error(&ctx, desk, id, "form-choose").await,
    };
    ctx.store()
        .change_product_state(&desk.act, desk.umkm, id, event)
        .await
        .map_err(|error| desk.refused(ctx.lang(), id, error))?;
    ctx.flash(Flash::done(text::t_with(
        ctx.lang(),
        key,
        &[("name", product.facts.name.into())],
    )))
    .await?;
    ctx.see(desk.to(id, ""))
}
