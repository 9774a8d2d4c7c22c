//! Stopping a long list on its way in: nothing of it is written, and it can be looked at again.

use domain::ids::ImportId;

use super::kinds::Desk;
use crate::{
    ctx::Ctx,
    handler::{Answer, Id},
};

pub async fn submit(ctx: Ctx, desk: Desk, Id(id): Id<ImportId>) -> Answer {
    ctx.store()
        .cancel_import(&desk.act, desk.kind, desk.owner, id)
        .await?;
    // The page itself says that nothing came in.
    ctx.see(format!("{}/{id}", desk.base()))
}
