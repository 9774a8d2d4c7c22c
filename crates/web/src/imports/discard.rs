//! Dropping a previewed list: nothing of it was written.

use domain::ids::ImportId;

use super::kinds::Desk;
use crate::{
    ctx::Ctx,
    flash::Flash,
    handler::{Answer, Id},
};

pub async fn submit(ctx: Ctx, desk: Desk, Id(id): Id<ImportId>) -> Answer {
    ctx.store()
        .discard_import(&desk.act, desk.kind, desk.owner, id)
        .await?;
    ctx.flash(Flash::done(ctx.t("imports-discarded"))).await?;
    ctx.see(desk.base())
}
