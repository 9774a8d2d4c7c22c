//! Dropping a previewed list: nothing of it was written.

use domain::ids::ImportId;

use crate::{
    ctx::{Ctx, Seller},
    flash::Flash,
    handler::{Answer, Id},
};

pub async fn submit(ctx: Ctx, seller: Seller, Id(id): Id<ImportId>) -> Answer {
    ctx.store()
        .discard_import(&ctx.act(), seller.organisation, id)
        .await?;
    ctx.flash(Flash::done(ctx.t("products-import-discarded")))
        .await?;
    ctx.see("/products/imports/new")
}
