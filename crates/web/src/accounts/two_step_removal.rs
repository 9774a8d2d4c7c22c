//! The second step is taken away, by whoever knows the password.

use super::limits;
use crate::{
    ctx::{Ctx, SignedIn},
    error::Error,
    flash::Flash,
    handler::Answer,
    security,
};

pub async fn submit(ctx: Ctx, person: SignedIn) -> Answer {
    let way = ("/account/two-step", "account-two-step");
    if ctx.store().second_step(person.person).await?.is_none() {
        return Err(Error::conflict("two-step-none").way_out(way.0, way.1));
    }
    let typed = ctx.posted().only("current_password").unwrap_or_default();
    if limits::is_password(&ctx, typed).await?.is_none() {
        return Err(Error::conflict("account-password-wrong").way_out(way.0, way.1));
    }
    ctx.store()
        .drop_second_step(&ctx.act(), person.person)
        .await?;
    security::note(&ctx, security::Kind::StepTaken);
    ctx.flash(Flash::done(ctx.t("two-step-removed"))).await?;
    ctx.renew_session().await?;
    ctx.see("/account/two-step")
}
