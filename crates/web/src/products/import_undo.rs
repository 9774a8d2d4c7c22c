//! Taking a whole import back.

use domain::ids::ImportId;

use crate::{
    ctx::{Ctx, Seller},
    handler::{Answer, Id},
};

pub async fn submit(ctx: Ctx, seller: Seller, Id(id): Id<ImportId>) -> Answer {
    ctx.store()
        .undo_import(&ctx.act(), seller.organisation, id)
        .await?;
    // The page itself tells how much came back.
    ctx.see(format!("/products/imports/{id}"))
}
