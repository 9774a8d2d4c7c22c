//! Letters about signing in: one-time links, and what changed in an account.

use text::{t, t_with};

use super::{Draft, Envelope, LetterError, arg, seal};
use crate::Letter;

/// A link for a new password, to whoever asked for one.
///
/// # Errors
/// As all letters: when the template can't be drawn.
pub fn password_reset(envelope: Envelope<'_>) -> Result<Letter, LetterError> {
    plain(
        envelope,
        "mail-reset-subject",
        &["mail-reset-lead", "mail-reset-next", "mail-reset-stranger"],
        "mail-reset-button",
    )
}

/// A link that says that this address is the person's.
///
/// # Errors
/// As all letters: when the template can't be drawn.
pub fn email_confirm(envelope: Envelope<'_>) -> Result<Letter, LetterError> {
    plain(
        envelope,
        "mail-confirm-subject",
        &[
            "mail-confirm-lead",
            "mail-confirm-next",
            "mail-confirm-stranger",
        ],
        "mail-confirm-button",
    )
}

/// The password is another one. `at` is when, in words.
///
/// # Errors
/// As all letters: when the template can't be drawn.
pub fn password_changed(envelope: Envelope<'_>, at: &str) -> Result<Letter, LetterError> {
    changed(
        envelope,
        "mail-password-changed-subject",
        "mail-password-changed-lead",
        at,
    )
}

/// To the address that the account has: somebody wants another one.
///
/// # Errors
/// As all letters: when the template can't be drawn.
pub fn email_change_asked(envelope: Envelope<'_>, at: &str) -> Result<Letter, LetterError> {
    changed(
        envelope,
        "mail-email-asked-subject",
        "mail-email-asked-lead",
        at,
    )
}

/// To the former address: the account has another one now. A new password would be sent to that one, so that people have
/// to help.
///
/// # Errors
/// As all letters: when the template can't be drawn.
pub fn email_changed(envelope: Envelope<'_>, at: &str) -> Result<Letter, LetterError> {
    let lang = envelope.lang;
    let draft = Draft {
        subject: t(lang, "mail-email-changed-subject"),
        paragraphs: vec![
            t_with(lang, "mail-email-changed-lead", &[("at", arg(at))]),
            t(lang, "mail-email-changed-stranger"),
        ],
        button: t(lang, "mail-email-changed-button"),
        ..Draft::default()
    };
    seal(envelope, &draft)
}

/// The mobile number is another one, or gone.
///
/// # Errors
/// As all letters: when the template can't be drawn.
pub fn phone_changed(envelope: Envelope<'_>, at: &str) -> Result<Letter, LetterError> {
    changed(
        envelope,
        "mail-phone-changed-subject",
        "mail-phone-changed-lead",
        at,
    )
}

/// Signing in takes a code from now on. `at` is when, in words.
///
/// # Errors
/// As all letters: when the template can't be drawn.
pub fn second_step_on(envelope: Envelope<'_>, at: &str) -> Result<Letter, LetterError> {
    changed(envelope, "mail-step-on-subject", "mail-step-on-lead", at)
}

/// Signing in takes no code any more. `at` is when, in words.
///
/// # Errors
/// As all letters: when the template can't be drawn.
pub fn second_step_off(envelope: Envelope<'_>, at: &str) -> Result<Letter, LetterError> {
    changed(envelope, "mail-step-off-subject", "mail-step-off-lead", at)
}

/// A recovery code was used to sign in. `at` is when, in words.
///
/// # Errors
/// As all letters: when the template can't be drawn.
pub fn recovery_code_used(envelope: Envelope<'_>, at: &str) -> Result<Letter, LetterError> {
    changed(envelope, "mail-recovery-subject", "mail-recovery-lead", at)
}

/// Somebody who may made a link for a new password: `by`, when in words.
///
/// # Errors
/// As all letters: when the template can't be drawn.
pub fn reset_issued(envelope: Envelope<'_>, by: &str, at: &str) -> Result<Letter, LetterError> {
    let lang = envelope.lang;
    let draft = Draft {
        subject: t(lang, "mail-reset-issued-subject"),
        paragraphs: vec![
            t_with(
                lang,
                "mail-reset-issued-lead",
                &[("by", arg(by)), ("at", arg(at))],
            ),
            t(lang, "mail-changed-stranger"),
        ],
        button: t(lang, "mail-changed-button"),
        ..Draft::default()
    };
    seal(envelope, &draft)
}

/// A cooperative invites somebody to become a member.
///
/// # Errors
/// As all letters: when the template can't be drawn.
pub fn member_invited(
    envelope: Envelope<'_>,
    cooperative: &str,
    by: &str,
) -> Result<Letter, LetterError> {
    invited(envelope, "mail-member-invited-lead", cooperative, by)
}

/// An organisation invites somebody to work in it.
///
/// # Errors
/// As all letters: when the template can't be drawn.
pub fn colleague_invited(
    envelope: Envelope<'_>,
    organisation: &str,
    by: &str,
) -> Result<Letter, LetterError> {
    invited(envelope, "mail-colleague-invited-lead", organisation, by)
}

fn invited(
    envelope: Envelope<'_>,
    lead: &str,
    organisation: &str,
    by: &str,
) -> Result<Letter, LetterError> {
    let lang = envelope.lang;
    let names = [("organisation", arg(organisation)), ("by", arg(by))];
    let draft = Draft {
        subject: t_with(lang, "mail-invited-subject", &names[..1]),
        paragraphs: vec![
            t_with(lang, lead, &names),
            t(lang, "mail-invited-next"),
            t(lang, "mail-invited-stranger"),
        ],
        button: t(lang, "mail-invited-button"),
        ..Draft::default()
    };
    seal(envelope, &draft)
}

/// What happened when, and what to do if it was somebody else.
fn changed(
    envelope: Envelope<'_>,
    subject: &str,
    lead: &str,
    at: &str,
) -> Result<Letter, LetterError> {
    let lang = envelope.lang;
    let draft = Draft {
        subject: t(lang, subject),
        paragraphs: vec![
            t_with(lang, lead, &[("at", arg(at))]),
            t(lang, "mail-changed-stranger"),
        ],
        button: t(lang, "mail-changed-button"),
        ..Draft::default()
    };
    seal(envelope, &draft)
}

fn plain(
    envelope: Envelope<'_>,
    subject: &str,
    paragraphs: &[&str],
    button: &str,
) -> Result<Letter, LetterError> {
    let lang = envelope.lang;
    let draft = Draft {
        subject: t(lang, subject),
        paragraphs: paragraphs.iter().map(|key| t(lang, key)).collect(),
        button: t(lang, button),
        ..Draft::default()
    };
    seal(envelope, &draft)
}
