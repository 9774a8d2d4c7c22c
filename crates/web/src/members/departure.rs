//! A member leaves: what it supplied is withdrawn at once.

use domain::ids::MemberId;

use super::show;
use crate::{
    ctx::{Ctx, Manager},
    error::Error,
    flash::Flash,
    handler::{Answer, Id},
};

/// Longest reason, in characters.
const REASON_CHARS: usize = 300;

pub async fn submit(ctx: Ctx, manager: Manager, Id(id): Id<MemberId>) -> Answer {
    let member = ctx
        .store()
        .member(manager.organisation, id)
        .await?
        .ok_or(Error::NotFound)?;
    let mut reader = ctx.reader();
    let reason = reader.text("leaving", REASON_CHARS);
    let reason = match reader.finish(|| reason) {
        Ok(reason) => reason,
        Err(form) => return show::draw(&ctx, manager.organisation, id, form).await,
    };
    ctx.store()
        .end_membership(&ctx.act(), manager.organisation, id, Some(&reason))
        .await?;
    let words = text::t_with(
        ctx.lang(),
        "members-done-left",
        &[("name", member.row.name.into())],
    );
    ctx.flash(Flash::done(words)).await?;
    ctx.see(format!("/members/{id}"))
}
