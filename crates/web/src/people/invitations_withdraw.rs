//! An invitation to a role is taken back.

use domain::ids::InvitationId;

use crate::{
    ctx::{Ctx, PeopleManager},
    error::Error,
    flash::Flash,
    handler::{Answer, Id},
};

pub async fn submit(ctx: Ctx, manager: PeopleManager, Id(id): Id<InvitationId>) -> Answer {
    let withdrawn = ctx
        .store()
        .withdraw_invitation(&ctx.act(), manager.organisation, id)
        .await?
        .ok_or(Error::NotFound)?;
    if !withdrawn {
        return Err(Error::conflict("invitation-closed").way_out("/people", "people-title"));
    }
    ctx.flash(Flash::done(ctx.t("invitation-withdrawn")))
        .await?;
    ctx.see("/people")
}
