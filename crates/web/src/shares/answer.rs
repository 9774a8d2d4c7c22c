//! The answer to a share: all of it, less, or nothing; by the member, or by the manager in its place.

use domain::{
    ids::ShareId,
    problem::Problem,
    quantity::{Packs, Units},
    shares::{Answer as ShareAnswer, AnswerProblem},
};
use store::orders::AnswerError;

use super::show;
use crate::{
    ctx::{Ctx, SignedIn},
    error::Error,
    flash::Flash,
    form::Form,
    handler::{Answer, Id},
};

pub async fn submit(ctx: Ctx, _: SignedIn, Id(share): Id<ShareId>) -> Answer {
    let owner = super::owner(&ctx)?;
    let view = ctx
        .store()
        .share(owner, share)
        .await?
        .ok_or(Error::NotFound)?;
    let step = show::step_packs(&view);
    let mut reader = ctx.reader();
    let reason = reader.optional_line("reason", 200);
    let answer = match reader.raw("decision") {
        "accept" => Some(ShareAnswer::Accept),
        "decline" => Some(ShareAnswer::Decline),
        "reduce" => reader
            .whole("quantity", 1, domain::carts::MOST_UNITS)
            .and_then(|units| Units(units).packs(step))
            .map(ShareAnswer::Reduce),
        _ => None,
    };
    let (answer, reason) = match reader.finish(|| Some((answer?, reason?))) {
        Ok(read) => read,
        Err(form) => return show::again(&ctx, &view, form).await,
    };
    let answered = ctx
        .store()
        .answer_share(&ctx.act(), owner, share, answer, reason.as_deref())
        .await;
    match answered {
        Ok(_) => {}
        Err(AnswerError::Problem(AnswerProblem::NotLess { proposed, .. })) => {
            let less = Packs(proposed.0 - 1).units(step);
            return refused(
                &ctx,
                &view,
                Problem::new("shares-not-less").with("most", less),
            )
            .await;
        }
        Err(AnswerError::Problem(AnswerProblem::Refused(_))) => {
            let now = ctx.store().share(owner, share).await?;
            return show::lost(&ctx, &now.ok_or(Error::NotFound)?, answer).await;
        }
        Err(other) => return Err(other.into()),
    }
    let key = match answer {
        ShareAnswer::Accept => "shares-done-accepted",
        // Nobody is asked a third time.
        ShareAnswer::Reduce(_) if view.run_number > 1 => "shares-done-reduced-last",
        ShareAnswer::Decline if view.run_number > 1 => "shares-done-declined-last",
        ShareAnswer::Reduce(_) => "shares-done-reduced",
        ShareAnswer::Decline => "shares-done-declined",
    };
    ctx.flash(Flash::done(ctx.t(key))).await?;
    ctx.see(format!("/shares/{share}"))
}

async fn refused(ctx: &Ctx, view: &store::orders::ShareView, problem: Problem) -> Answer {
    let mut form = Form::of(ctx.posted(), ctx.lang());
    form.add("quantity", problem);
    show::again(ctx, view, form).await
}
