//! Publishing, pausing, resuming and archiving a product.

use domain::{ids::ProductId, products::ProductEvent};

use crate::{
    ctx::{Ctx, Seller},
    flash::Flash,
    handler::{Answer, Id},
};

pub async fn submit(ctx: Ctx, seller: Seller, Id(id): Id<ProductId>) -> Answer {
    let product = super::find(&ctx, seller, id).await?;
    let (event, key) = match ctx.posted().only("event").unwrap_or_default() {
        "publish" => (ProductEvent::Publish, "products-published"),
        "pause" => (ProductEvent::Pause, "products-paused"),
        "resume" => (ProductEvent::Resume, "products-published"),
        "archive" => (ProductEvent::Archive, "products-archived"),
        _ => return super::show::with_error(&ctx, seller, id, "form-choose").await,
    };
    ctx.store()
        .change_product_state(&ctx.act(), seller.organisation, id, event)
        .await
        .map_err(|error| super::refused(ctx.lang(), id, error))?;
    ctx.flash(Flash::done(text::t_with(
        ctx.lang(),
        key,
        &[("name", product.facts.name.into())],
    )))
    .await?;
    ctx.see(format!("/products/{id}"))
}
