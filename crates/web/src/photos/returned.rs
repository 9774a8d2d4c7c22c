//! Putting a photo back on its product.

use domain::ids::ProductId;

use super::index::photo;
use crate::{
    ctx::Ctx,
    flash::Flash,
    handler::{Answer, Id},
    products::desk::Desk,
};

pub async fn submit(ctx: Ctx, Id(id): Id<ProductId>) -> Answer {
    let desk = Desk::of(&ctx).await?;
    ctx.store()
        .return_product_photo(&desk.act, desk.umkm, id, photo(&ctx)?)
        .await?;
    ctx.flash(Flash::done(ctx.t("photos-returned"))).await?;
    ctx.see(desk.to(id, "/photos"))
}
