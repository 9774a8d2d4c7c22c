//! A cooperative or buyer asks to be looked at (again).

use crate::{
    ctx::{Ctx, SignedIn},
    error::Error,
    flash::Flash,
    handler::Answer,
    security,
};

pub async fn submit(ctx: Ctx, _: SignedIn) -> Answer {
    let acting = ctx.acting().ok_or(Error::Forbidden)?;
    let manages = acting.roles.iter().any(|role| role.manages_people());
    if !manages || !acting.kind.needs_verification() {
        return Err(Error::Forbidden);
    }
    let submitted = ctx
        .store()
        .submit_for_verification(&ctx.act(), acting.organisation)
        .await?;
    if !submitted {
        return Err(Error::conflict("profile-already-submitted")
            .way_out("/organisation/profile", "profile-title"));
    }
    security::note(&ctx, security::Kind::VerificationAsked);
    ctx.flash(Flash::done(ctx.t("profile-submitted"))).await?;
    ctx.see("/home")
}
