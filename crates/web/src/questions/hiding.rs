//! A question is taken out of everybody's sight, or put back.

use domain::ids::QuestionId;

use crate::{
    ctx::{Ctx, Manager},
    error::Error,
    flash::Flash,
    handler::{Answer, Id},
};

pub async fn submit(ctx: Ctx, manager: Manager, Id(id): Id<QuestionId>) -> Answer {
    ctx.store()
        .managed_question(manager.organisation, id)
        .await?
        .ok_or(Error::NotFound)?;
    let (is_hidden, key) = match ctx.posted().only("event").unwrap_or_default() {
        "hide" => (true, "questions-done-hidden"),
        "show" => (false, "questions-done-shown"),
        _ => return Err(Error::BadRequest),
    };
    ctx.store()
        .hide_question(&ctx.act(), manager.organisation, id, is_hidden)
        .await?;
    ctx.flash(Flash::done(ctx.t(key))).await?;
    ctx.see(format!("/questions/{id}"))
}
