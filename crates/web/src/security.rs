//! The security log (CHECKLIST G03): who signed in or failed to, what was refused, which right or secret changed; with
//! time in UTC, person and address, and never a password, token or code.
//!
//! Lines of the process log under the target `security`. What changed stands in the `events` table too.

use domain::ids::PersonId;

use crate::ctx::Ctx;

/// Writes a line about the visitor.
pub(crate) fn note(ctx: &Ctx, what: &'static str) {
    let person = ctx.visitor().map(|visitor| visitor.person);
    note_person(ctx, what, person);
}

/// Writes a line about a person who isn't signed in (yet), or another than the visitor.
pub(crate) fn note_person(ctx: &Ctx, what: &'static str, person: Option<PersonId>) {
    tracing::info!(
        target: "security",
        what,
        at_utc_seconds = ctx.now().epoch_seconds(),
        person = person.map(tracing::field::display),
        by = ctx.visitor().map(|visitor| tracing::field::display(visitor.person)),
        organisation = ctx.acting().map(|acting| tracing::field::display(acting.organisation)),
        ip = ctx.ip().map(tracing::field::display),
    );
}
