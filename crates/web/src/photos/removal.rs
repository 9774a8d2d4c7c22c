//! Taking a photo off a product; it can be put back.

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
        .remove_product_photo(&desk.act, desk.umkm, id, photo(&ctx)?)
        .await?;
    let done = Flash::done(ctx.t("photos-removed"));
    ctx.flash(done.undo(format!("{}#removed", desk.to(id, "/photos"))))
        .await?;
    ctx.see(desk.to(id, "/photos"))
}
