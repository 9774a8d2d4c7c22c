//! A new draft like a product, to be changed at once.

use domain::ids::ProductId;

use crate::{
    ctx::{Ctx, Seller},
    flash::Flash,
    handler::{Answer, Id},
};

pub async fn submit(ctx: Ctx, seller: Seller, Id(id): Id<ProductId>) -> Answer {
    let product = super::find(&ctx, seller, id).await?;
    let name = text::t_with(
        ctx.lang(),
        "products-copy-name",
        &[("name", product.facts.name.into())],
    );
    let name: String = name.chars().take(120).collect();
    let copy = ctx
        .store()
        .copy_product(&ctx.act(), seller.organisation, id, name.trim())
        .await
        .map_err(|error| super::refused(ctx.lang(), id, error))?;
    ctx.flash(Flash::done(ctx.t("products-copied"))).await?;
    ctx.see(format!("/products/{copy}/edit"))
}
