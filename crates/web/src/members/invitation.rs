//! Inviting the owner of a business that came with a list: it has its number and balances, but nobody signs in for it yet.

use domain::{accounts::Invited, identifiers, ids::MemberId};

use super::show;
use crate::{
    accounts::inviting,
    ctx::{Ctx, Manager},
    error::Error,
    handler::{Answer, Id},
};

pub async fn submit(ctx: Ctx, manager: Manager, Id(id): Id<MemberId>) -> Answer {
    ctx.store()
        .member(manager.organisation, id)
        .await?
        .ok_or(Error::NotFound)?;
    let ownerless = ctx
        .store()
        .ownerless_member(manager.organisation, id)
        .await?
        .ok_or_else(|| {
            Error::conflict("members-invite-owned")
                .way_out(format!("/members/{id}"), "members-way-back")
        })?;
    let mut reader = ctx.reader();
    let login = reader.with("login", identifiers::login);
    let login = match reader.finish(|| login) {
        Ok(login) => login,
        Err(form) => return show::draw(&ctx, manager.organisation, id, form).await,
    };
    let business = ownerless.organisation_id.into();
    let invited = Invited {
        name: ownerless.name,
        login,
    };
    let list = inviting::invite_owner(&ctx, manager.organisation, business, invited).await?;
    ctx.see(format!("/members/invitations?new={list}"))
}
