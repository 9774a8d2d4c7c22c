//! The manager admits or declines.

use domain::ids::MemberId;
use store::members::MembershipDecision;

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
    let decision = match reader.raw("decision") {
        "admit" => reader.finish(|| Some(MembershipDecision::Admit)),
        "candidate" => reader.finish(|| Some(MembershipDecision::AdmitAsCandidate)),
        "associate" => reader.finish(|| Some(MembershipDecision::AdmitAsAssociate)),
        "decline" => {
            let reason = reader.text("reason", REASON_CHARS);
            reader.finish(|| Some(MembershipDecision::Decline { reason: reason? }))
        }
        _ => reader.finish(|| None),
    };
    let decision = match decision {
        Ok(decision) => decision,
        Err(form) => return show::draw(&ctx, manager.organisation, id, form).await,
    };
    ctx.store()
        .decide_membership(&ctx.act(), manager.organisation, id, &decision)
        .await?;
    let key = match decision {
        MembershipDecision::Admit => "members-done-admitted",
        MembershipDecision::AdmitAsCandidate => "members-done-candidate",
        MembershipDecision::AdmitAsAssociate => "members-done-associate",
        MembershipDecision::Decline { .. } => "members-done-declined",
    };
    let words = text::t_with(ctx.lang(), key, &[("name", member.row.name.into())]);
    ctx.flash(Flash::done(words)).await?;
    ctx.see(format!("/members/{id}"))
}
