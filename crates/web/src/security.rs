//! The security log (CHECKLIST G03): who signed in or failed to, what was refused, which right or secret changed; with
//! time in UTC, person and address, and never a password, token or code.
//!
//! Each is a line of the process log under the target `security`, and a row that the administrator can search
//! ([`store::security`]). What changed stands in the `events` table too.

use domain::ids::PersonId;

use crate::ctx::Ctx;

/// Notes something about the visitor.
pub(crate) fn note(ctx: &Ctx, what: &'static str) {
    let person = ctx.visitor().map(|visitor| visitor.person);
    note_person(ctx, what, person);
}

/// Notes something about a person who isn't signed in (yet), or another than the visitor.
pub(crate) fn note_person(ctx: &Ctx, what: &'static str, person: Option<PersonId>) {
    note_with(ctx, what, person, "");
}

/// As [`note_person`], with a detail: a path, a reason.
pub(crate) fn note_with(ctx: &Ctx, what: &'static str, person: Option<PersonId>, detail: &str) {
    tracing::info!(
        target: "security",
        what,
        at_utc_seconds = ctx.now().epoch_seconds(),
        person = person.map(tracing::field::display),
        by = ctx.visitor().map(|visitor| tracing::field::display(visitor.person)),
        organisation = ctx.acting().map(|acting| tracing::field::display(acting.organisation)),
        ip = ctx.ip().map(tracing::field::display),
        detail,
    );
    // The answer does not wait for the row, and does not fail without it: the line above is there already.
    let (store, act, ip) = (ctx.store().clone(), ctx.act(), ctx.ip());
    let detail = detail.to_owned();
    actix_web::rt::spawn(async move {
        if let Err(error) = store.note_security(&act, what, person, ip, &detail).await {
            tracing::error!(%error, what, "security log not written");
        }
    });
}
