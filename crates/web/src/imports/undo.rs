//! Taking a whole import back.

use domain::ids::ImportId;

use super::kinds::Desk;
use crate::{
    ctx::Ctx,
    handler::{Answer, Id},
};

pub async fn submit(ctx: Ctx, desk: Desk, Id(id): Id<ImportId>) -> Answer {
    ctx.store()
        .undo_import(&desk.act, desk.kind, desk.owner, id)
        .await?;
    // The page itself tells how much came back.
    ctx.see(format!("{}/{id}", desk.base()))
}
