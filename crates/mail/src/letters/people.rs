//! Letters about accounts, organisations and memberships.

use text::{t, t_with};

use super::{Draft, Envelope, LetterError, arg, seal};
use crate::Letter;

/// To a new person. `login` is the address or number they sign in with; `waits_for_check` for cooperatives and
/// buyers, whom the platform verifies first.
///
/// # Errors
/// As all letters: when the template can't be drawn.
pub fn welcome(
    envelope: Envelope<'_>,
    organisation: &str,
    login: &str,
    waits_for_check: bool,
) -> Result<Letter, LetterError> {
    let lang = envelope.lang;
    let mut paragraphs = vec![
        t_with(
            lang,
            "mail-welcome-lead",
            &[("organisation", arg(organisation))],
        ),
        t_with(lang, "mail-welcome-how", &[("login", arg(login))]),
    ];
    if waits_for_check {
        paragraphs.push(t(lang, "mail-welcome-check"));
    }
    let draft = Draft {
        subject: t(lang, "mail-welcome-subject"),
        paragraphs,
        button: t(lang, "mail-button-login"),
        ..Draft::default()
    };
    seal(envelope, &draft)
}

/// To the owner of an address with which somebody registered again. The page answers as for a new address (A07);
/// only this letter tells.
///
/// # Errors
/// As all letters: when the template can't be drawn.
pub fn already_registered(envelope: Envelope<'_>) -> Result<Letter, LetterError> {
    let lang = envelope.lang;
    let draft = Draft {
        subject: t(lang, "mail-registered-subject"),
        paragraphs: vec![
            t(lang, "mail-registered-lead"),
            t(lang, "mail-registered-known"),
            t(lang, "mail-registered-stranger"),
        ],
        button: t(lang, "mail-button-login"),
        ..Draft::default()
    };
    seal(envelope, &draft)
}

/// To the people of a cooperative or buyer that the platform approved.
///
/// # Errors
/// As all letters: when the template can't be drawn.
pub fn organisation_verified(
    envelope: Envelope<'_>,
    organisation: &str,
) -> Result<Letter, LetterError> {
    let lang = envelope.lang;
    let names = [("organisation", arg(organisation))];
    let draft = Draft {
        subject: t_with(lang, "mail-verified-subject", &names),
        paragraphs: vec![
            t_with(lang, "mail-verified-lead", &names),
            t(lang, "mail-verified-next"),
        ],
        button: t(lang, "mail-button-home"),
        ..Draft::default()
    };
    seal(envelope, &draft)
}

/// To the people of a cooperative or buyer that the platform did not approve.
///
/// # Errors
/// As all letters: when the template can't be drawn.
pub fn organisation_rejected(
    envelope: Envelope<'_>,
    organisation: &str,
    reason: &str,
) -> Result<Letter, LetterError> {
    let lang = envelope.lang;
    let names = [("organisation", arg(organisation))];
    let draft = Draft {
        subject: t_with(lang, "mail-rejected-subject", &names),
        paragraphs: vec![
            t_with(lang, "mail-rejected-lead", &names),
            t(lang, "mail-rejected-next"),
        ],
        button: t(lang, "mail-rejected-button"),
        ..Draft::default()
    }
    .reason(lang, reason);
    seal(envelope, &draft)
}

/// To the managers of a cooperative that a business wants to join.
///
/// # Errors
/// As all letters: when the template can't be drawn.
pub fn membership_applied(
    envelope: Envelope<'_>,
    applicant: &str,
    cooperative: &str,
) -> Result<Letter, LetterError> {
    let lang = envelope.lang;
    let names = [
        ("applicant", arg(applicant)),
        ("cooperative", arg(cooperative)),
    ];
    let draft = Draft {
        subject: t_with(lang, "mail-applied-subject", &names),
        paragraphs: vec![
            t_with(lang, "mail-applied-lead", &names),
            t(lang, "mail-applied-next"),
        ],
        button: t(lang, "mail-applied-button"),
        ..Draft::default()
    };
    seal(envelope, &draft)
}

/// To the owner of a business that became a member.
///
/// # Errors
/// As all letters: when the template can't be drawn.
pub fn membership_approved(
    envelope: Envelope<'_>,
    applicant: &str,
    cooperative: &str,
) -> Result<Letter, LetterError> {
    let lang = envelope.lang;
    let names = [
        ("applicant", arg(applicant)),
        ("cooperative", arg(cooperative)),
    ];
    let draft = Draft {
        subject: t_with(lang, "mail-approved-subject", &names),
        paragraphs: vec![
            t_with(lang, "mail-approved-lead", &names),
            t(lang, "mail-approved-next"),
        ],
        button: t(lang, "mail-button-home"),
        ..Draft::default()
    };
    seal(envelope, &draft)
}

/// To the owner of a business that the cooperative did not take.
///
/// # Errors
/// As all letters: when the template can't be drawn.
pub fn membership_declined(
    envelope: Envelope<'_>,
    applicant: &str,
    cooperative: &str,
    reason: &str,
) -> Result<Letter, LetterError> {
    let lang = envelope.lang;
    let names = [
        ("applicant", arg(applicant)),
        ("cooperative", arg(cooperative)),
    ];
    let draft = Draft {
        subject: t_with(lang, "mail-declined-member-subject", &names),
        paragraphs: vec![t_with(lang, "mail-declined-member-lead", &names)],
        button: t(lang, "mail-button-home"),
        ..Draft::default()
    }
    .reason(lang, reason);
    seal(envelope, &draft)
}

/// To the other side of a membership that has ended: the managers, or the owner of the business.
///
/// # Errors
/// As all letters: when the template can't be drawn.
pub fn membership_ended(
    envelope: Envelope<'_>,
    member: &str,
    cooperative: &str,
    reason: &str,
) -> Result<Letter, LetterError> {
    let lang = envelope.lang;
    let names = [("member", arg(member)), ("cooperative", arg(cooperative))];
    let draft = Draft {
        subject: t_with(lang, "mail-ended-subject", &names),
        paragraphs: vec![
            t_with(lang, "mail-ended-lead", &names),
            t(lang, "mail-ended-next"),
        ],
        button: t(lang, "mail-button-home"),
        ..Draft::default()
    }
    .reason(lang, reason);
    seal(envelope, &draft)
}
