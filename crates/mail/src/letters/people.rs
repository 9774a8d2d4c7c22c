//! Letters about accounts, organisations and memberships.

use domain::money::grouped;
use text::{t, t_with};

use super::{Draft, Envelope, LetterError, Told, arg, plain, seal};
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
    let names = [("organisation", arg(organisation)), ("login", arg(login))];
    let mut draft = Told::Welcome.draft(lang, &names);
    if waits_for_check {
        draft.paragraphs.push(t(lang, "mail-welcome-check"));
    }
    seal(envelope, &draft)
}

/// To the owner of an address with which somebody registered again. The page answers as for a new address (A07);
/// only this letter tells.
///
/// # Errors
/// As all letters: when the template can't be drawn.
pub fn already_registered(envelope: Envelope<'_>) -> Result<Letter, LetterError> {
    let draft = Told::AlreadyRegistered.draft(envelope.lang, &[]);
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
    let draft =
        Told::OrganisationVerified.draft(envelope.lang, &[("organisation", arg(organisation))]);
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
    let draft = Told::OrganisationRejected
        .draft(envelope.lang, &[("organisation", arg(organisation))])
        .reason(envelope.lang, reason);
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
    let draft = Told::MembershipApplied.draft(
        envelope.lang,
        &[
            ("applicant", arg(applicant)),
            ("cooperative", arg(cooperative)),
        ],
    );
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
    let draft = Told::MembershipApproved.draft(
        envelope.lang,
        &[
            ("applicant", arg(applicant)),
            ("cooperative", arg(cooperative)),
        ],
    );
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
    let draft = Told::MembershipDeclined
        .draft(
            envelope.lang,
            &[
                ("applicant", arg(applicant)),
                ("cooperative", arg(cooperative)),
            ],
        )
        .reason(envelope.lang, reason);
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
    let names = [("member", arg(member)), ("cooperative", arg(cooperative))];
    let draft = Told::MembershipEnded
        .draft(envelope.lang, &names)
        .reason(envelope.lang, reason);
    seal(envelope, &draft)
}

/// To the owner of goods whose permit has ended, in an offer that requires it. `permit` is its kind in words.
///
/// # Errors
/// As all letters: when the template can't be drawn.
pub fn permit_lapsed(
    envelope: Envelope<'_>,
    cooperative: &str,
    offer: &str,
    permit: &str,
) -> Result<Letter, LetterError> {
    let lang = envelope.lang;
    let mut draft = Told::PermitLapsed.draft(lang, &[("cooperative", arg(cooperative))]);
    draft.facts.extend([
        (t(lang, "mail-permit"), plain(permit)),
        (t(lang, "mail-permit-offer"), plain(offer)),
    ]);
    seal(envelope, &draft)
}

/// To the managers of a cooperative whose offer paused by itself: its goods or their permits are gone.
///
/// # Errors
/// As all letters: when the template can't be drawn.
pub fn offer_paused(
    envelope: Envelope<'_>,
    title: &str,
    permit_lapsed: bool,
) -> Result<Letter, LetterError> {
    let told = match permit_lapsed {
        true => Told::OfferWithoutPermit,
        false => Told::OfferWithoutSupply,
    };
    let draft = told.draft(envelope.lang, &[("title", arg(title))]);
    seal(envelope, &draft)
}

/// To the owner of goods that left an offer, or are back, because the cooperative changed it.
///
/// # Errors
/// As all letters: when the template can't be drawn.
pub fn supply_moved(
    envelope: Envelope<'_>,
    title: &str,
    cooperative: &str,
    is_back: bool,
) -> Result<Letter, LetterError> {
    let told = match is_back {
        true => Told::SupplyBack,
        false => Told::SupplyOut,
    };
    let names = [("title", arg(title)), ("cooperative", arg(cooperative))];
    let draft = told.draft(envelope.lang, &names);
    seal(envelope, &draft)
}

/// To the owner of goods that its cooperative has listed from a file on the owner's behalf.
///
/// # Errors
/// As all letters: when the template can't be drawn.
pub fn supply_listed(envelope: Envelope<'_>, cooperative: &str) -> Result<Letter, LetterError> {
    let draft = Told::SupplyListed.draft(envelope.lang, &[("cooperative", arg(cooperative))]);
    seal(envelope, &draft)
}

/// One letter for a day: kinds of what happened, each with how often, to whoever wants no letter for each thing.
///
/// # Errors
/// As all letters: when the template can't be drawn.
pub fn digest(envelope: Envelope<'_>, kinds: &[(String, i64)]) -> Result<Letter, LetterError> {
    let lang = envelope.lang;
    let all: i64 = kinds.iter().map(|(_, n)| n).sum();
    let mut facts: Vec<(String, String)> = Vec::new();
    for (kind, n) in kinds {
        facts.push((t(lang, digest_key(kind)), grouped(*n)));
    }
    let draft = Draft {
        subject: t_with(lang, "mail-digest-subject", &[("n", all.into())]),
        paragraphs: vec![t(lang, "mail-digest-lead")],
        facts,
        button: t(lang, "mail-digest-button"),
        ..Draft::default()
    };
    seal(envelope, &draft)
}

/// What a digest calls the notices of a kind.
fn digest_key(kind: &str) -> &'static str {
    match kind {
        "order_placed" | "order_sent" => "mail-digest-orders",
        "order_confirmed" => "mail-digest-confirmed",
        "order_cancelled" | "order_declined" | "order_expired" => "mail-digest-ended",
        "consent_asked" | "consent_answered" => "mail-digest-consents",
        "share_answered" => "mail-digest-answers",
        "shares_complete" => "mail-digest-complete",
        "shares_short" => "mail-digest-short",
        "share_proposed" => "mail-digest-shares",
        "membership_applied" => "mail-digest-applied",
        "question_asked" | "question_answered" => "mail-digest-questions",
        "offer_paused" => "mail-digest-paused",
        "supply_out" | "supply_back" | "supply_listed" => "mail-digest-supplies",
        "catalog_sent" => "mail-digest-catalogs",
        _ => "mail-digest-others",
    }
}
