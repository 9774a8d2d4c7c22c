//! A role is taken away, from the very next request on. The last one who manages people stays.

use domain::{accounts::Role, ids::PersonId};
use store::accounts::RevokeError;

use crate::{
    ctx::{Ctx, PeopleManager},
    error::Error,
    flash::Flash,
    handler::Answer,
    security,
};

pub async fn submit(ctx: Ctx, manager: PeopleManager) -> Answer {
    let person: PersonId = ctx
        .posted()
        .only("person")
        .and_then(|id| id.parse().ok())
        .ok_or(Error::NotFound)?;
    let role: Role = ctx
        .posted()
        .only("role")
        .and_then(|word| word.parse().ok())
        .ok_or(Error::NotFound)?;
    let revoked = ctx
        .store()
        .revoke(&ctx.act(), manager.organisation, person, role)
        .await;
    match revoked {
        Ok(()) => {}
        Err(RevokeError::NotFound) => return Err(Error::NotFound),
        Err(RevokeError::Last) => {
            return Err(Error::conflict("people-last").way_out("/people", "people-title"));
        }
        Err(RevokeError::Store(error)) => return Err(error.into()),
    }
    security::note_role(&ctx, person, role, false);
    ctx.flash(Flash::done(ctx.t("people-removed"))).await?;
    // Who took their own role away has no business on the list any more.
    if person == manager.person {
        return ctx.see("/account");
    }
    ctx.see("/people")
}
