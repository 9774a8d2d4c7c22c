//! A new draft like a product, to be changed at once.

use domain::ids::ProductId;

use super::desk::Desk;
use crate::{
    ctx::Ctx,
    flash::Flash,
    handler::{Answer, Id},
};

pub async fn submit(ctx: Ctx, Id(id): Id<ProductId>) -> Answer {
    let desk = Desk::of(&ctx).await?;
    let product = desk.product(&ctx, id).await?;
    let name = text::t_with(
        ctx.lang(),
        "products-copy-name",
        &[("name", product.facts.name.into())],
    );
    let name: String = name.chars().take(120).collect();
    let copy = ctx
        .store()
        .copy_product(&desk.act, desk.umkm, id, name.trim())
        .await
        .map_err(|error| desk.refused(ctx.lang(), id, error))?;
    ctx.flash(Flash::done(ctx.t("products-copied"))).await?;
    ctx.see(desk.to(copy, "/edit"))
}
