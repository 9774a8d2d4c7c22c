//! The security log (CHECKLIST G03): who signed in or failed to, what was refused, which right or secret changed, who took
//! data away; with time in UTC, person and address, and never a password, token or code.
//!
//! Each is a line of the process log under the target `security`, and a row that the administrator can search
//! ([`store::security`]). What changed stands in the `events` table too. A kind has its words beside it here, so that the
//! desk can read every one of them.

use domain::{accounts::Role, ids::PersonId};

use crate::ctx::Ctx;

macro_rules! kinds {
    ($($kind:ident = $word:literal, $key:literal;)*) => {
        /// What the log tells apart.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Kind { $($kind),* }

        impl Kind {
            /// Every kind, in the order that the desk offers them.
            pub const ALL: &[Self] = &[$(Self::$kind),*];

            /// The word it is written down with.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$kind => $word),* }
            }

            /// The key of its words for people.
            #[must_use]
            pub const fn key(self) -> &'static str {
                match self { $(Self::$kind => $key),* }
            }
        }
    };
}

kinds! {
    SignedIn = "signed in", "admin-security-signed-in";
    SignInFailed = "sign-in failed", "admin-security-sign-in-failed";
    CodeRefused = "sign-in code refused", "admin-security-code-refused";
    TooManyTries = "too many tries", "admin-security-too-many";
    WrongPasswordInside = "wrong password inside", "admin-security-wrong-inside";
    SignedOut = "signed out", "admin-security-signed-out";
    SessionsEnded = "sessions ended", "admin-security-sessions-ended";
    AccessDenied = "access denied", "admin-security-access-denied";
    NotTheirs = "not theirs or missing", "admin-security-not-theirs";
    FormRefused = "form token refused", "admin-security-form-refused";
    RoleChanged = "role changed", "admin-security-role-changed";
    VerificationAsked = "verification asked", "admin-security-verification-asked";
    VerificationAnswered = "verification answered", "admin-security-verification-answered";
    Registered = "registered", "admin-security-registered";
    PeopleInvited = "people invited", "admin-security-people-invited";
    InvitationAccepted = "invitation accepted", "admin-security-invitation-accepted";
    ResetAsked = "password reset asked", "admin-security-reset-asked";
    ResetIssued = "password link issued", "admin-security-reset-issued";
    PasswordReset = "password reset", "admin-security-password-reset";
    PasswordChanged = "password changed", "admin-security-password-changed";
    EmailChangeAsked = "e-mail change asked", "admin-security-email-asked";
    EmailConfirmed = "e-mail address confirmed", "admin-security-email-confirmed";
    PhoneChanged = "mobile number changed", "admin-security-phone-changed";
    StepSet = "second step set up", "admin-security-step-set";
    StepTaken = "second step taken away", "admin-security-step-taken";
    AccountLocked = "account locked", "admin-security-account-locked";
    AccountUnlocked = "account unlocked", "admin-security-account-unlocked";
    DataExported = "data exported", "admin-security-exported";
}

/// Notes something about the visitor.
pub(crate) fn note(ctx: &Ctx, what: Kind) {
    let person = ctx.visitor().map(|visitor| visitor.person);
    note_person(ctx, what, person);
}

/// Notes something about a person who isn't signed in (yet), or another than the visitor.
pub(crate) fn note_person(ctx: &Ctx, what: Kind, person: Option<PersonId>) {
    note_with(ctx, what, person, "");
}

/// What stands behind a role that was given: its word with a sign before it, which the desk reads out.
pub(crate) const GIVEN: char = '+';
/// Before a role that was taken away.
pub(crate) const TAKEN: char = '-';

/// Notes that a person has a role from now on, or has it no more.
pub(crate) fn note_role(ctx: &Ctx, person: PersonId, role: Role, is_given: bool) {
    note_with(
        ctx,
        Kind::RoleChanged,
        Some(person),
        &role_detail(role, is_given),
    );
}

/// The detail of a changed role, for whoever writes it down without a visit.
#[must_use]
pub fn role_detail(role: Role, is_given: bool) -> String {
    format!("{}{role}", if is_given { GIVEN } else { TAKEN })
}

/// Notes that somebody takes data away: `what` is its word, such as a list's name with the number of rows. What a
/// passer-by takes is public.
pub(crate) fn note_export(ctx: &Ctx, what: &str) {
    if let Some(visitor) = ctx.visitor() {
        note_with(ctx, Kind::DataExported, Some(visitor.person), what);
    }
}

/// As [`note_person`], with a detail: a path, a reason.
pub(crate) fn note_with(ctx: &Ctx, what: Kind, person: Option<PersonId>, detail: &str) {
    tracing::info!(
        target: "security",
        what = what.as_str(),
        at_utc_seconds = ctx.now().epoch_seconds(),
        person = person.map(tracing::field::display),
        by = ctx.visitor().map(|visitor| tracing::field::display(visitor.person)),
        organisation = ctx.acting().map(|acting| tracing::field::display(acting.organisation)),
        ip = ctx.ip().map(tracing::field::display),
        detail,
    );
    // The answer does not wait for the row, and does not fail without it: the line above is there already.
    let (store, act, ip) = (ctx.store().clone(), ctx.act(), ctx.ip());
    let (what, detail) = (what.as_str(), detail.to_owned());
    actix_web::rt::spawn(async move {
        if let Err(error) = store.note_security(&act, what, person, ip, &detail).await {
            tracing::error!(%error, what, "security log not written");
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    // G03
    #[test]
    fn every_kind_has_words_of_its_own_in_both_languages() {
        for lang in [text::Lang::Id, text::Lang::En] {
            let words: std::collections::BTreeSet<String> = Kind::ALL
                .iter()
                .map(|kind| text::t(lang, kind.key()))
                .collect();
            assert_eq!(words.len(), Kind::ALL.len(), "{words:?}");
            let raw = words.iter().find(|words| words.starts_with("admin-"));
            assert_eq!(raw, None);
        }
    }
}
