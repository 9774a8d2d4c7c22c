//! Letters about the shares of an order, to members and to the cooperative's managers.

use domain::money::Rupiah;
use text::{Arg, t, t_with};

use super::{Draft, Envelope, LetterError, Quantity, amount, arg, plain, seal};
use crate::Letter;

/// A member's share as its letters tell it.
#[derive(Clone, Debug)]
pub struct ShareFacts {
    /// Of the order.
    pub number: String,
    pub cooperative: String,
    /// The business whose share it is.
    pub member: String,
    pub goods: String,
    /// As proposed.
    pub quantity: Quantity,
    /// What the member is paid per sale unit.
    pub member_price: Rupiah,
    /// The sale unit that the price is for.
    pub sale_unit: String,
}

/// What came of a proposed share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShareAnswer {
    Accepted,
    /// Silence until the deadline: a published lot is a standing offer.
    AcceptedByTime,
    Reduced {
        to: Quantity,
        reason: String,
    },
    Declined {
        reason: String,
    },
}

/// A line for which accepted shares do not reach the ordered quantity.
#[derive(Clone, Debug)]
pub struct ShortLine {
    pub goods: String,
    pub ordered: Quantity,
    pub given: Quantity,
}

impl ShareFacts {
    fn names(&self, quantity: &Quantity) -> [(&'static str, Arg); 5] {
        [
            ("number", arg(&self.number)),
            ("cooperative", arg(&self.cooperative)),
            ("member", arg(&self.member)),
            ("goods", arg(&self.goods)),
            ("quantity", quantity.to_string().into()),
        ]
    }
}

/// To the member: your share, and until when to answer. `deadline` in words of the reader's language.
///
/// # Errors
/// As all letters: when the template can't be drawn.
pub fn share_proposed(
    envelope: Envelope<'_>,
    share: &ShareFacts,
    deadline: &str,
) -> Result<Letter, LetterError> {
    let lang = envelope.lang;
    let names = share.names(&share.quantity);
    let price = t_with(
        lang,
        "mail-share-price-each",
        &[
            ("amount", amount(share.member_price)),
            ("unit", arg(&share.sale_unit)),
        ],
    );
    let draft = Draft {
        subject: t_with(lang, "mail-share-proposed-subject", &names),
        paragraphs: vec![
            t_with(lang, "mail-share-proposed-lead", &names),
            t_with(lang, "mail-share-proposed-mine", &names),
            t_with(
                lang,
                "mail-share-proposed-next",
                &[("deadline", arg(deadline))],
            ),
            t(lang, "mail-share-proposed-silence"),
        ],
        facts: vec![
            (t(lang, "mail-share-price"), price),
            (t(lang, "mail-number"), plain(&share.number)),
        ],
        button: t(lang, "mail-button-share"),
        ..Draft::default()
    };
    seal(envelope, &draft)
}

/// To the managers: a member answered, or let the time pass.
///
/// # Errors
/// As all letters: when the template can't be drawn.
pub fn share_answered(
    envelope: Envelope<'_>,
    share: &ShareFacts,
    answer: &ShareAnswer,
) -> Result<Letter, LetterError> {
    let lang = envelope.lang;
    let proposed = share.names(&share.quantity);
    let before = ("before", Arg::from(share.quantity.to_string()));
    let (subject, paragraphs, reason) = match answer {
        ShareAnswer::Accepted => (
            t_with(lang, "mail-share-accepted-subject", &proposed),
            vec![t_with(lang, "mail-share-accepted-lead", &proposed)],
            "",
        ),
        ShareAnswer::AcceptedByTime => (
            t_with(lang, "mail-share-silent-subject", &proposed),
            vec![t_with(lang, "mail-share-silent-lead", &proposed)],
            "",
        ),
        ShareAnswer::Reduced { to, reason } => {
            let reduced = share.names(to);
            (
                t_with(lang, "mail-share-reduced-subject", &reduced),
                vec![
                    t_with(lang, "mail-share-reduced-lead", &reduced),
                    t_with(lang, "mail-share-reduced-from", &[before]),
                    t(lang, "mail-share-rest"),
                ],
                reason.as_str(),
            )
        }
        ShareAnswer::Declined { reason } => {
            let [number, cooperative, member, goods, _] = proposed;
            let names = [number, cooperative, member, goods, before];
            (
                t_with(lang, "mail-share-declined-subject", &names),
                vec![
                    t_with(lang, "mail-share-declined-lead", &names),
                    t(lang, "mail-share-rest"),
                ],
                reason.as_str(),
            )
        }
    };
    let draft = Draft {
        subject,
        paragraphs,
        button: t(lang, "mail-button-order"),
        ..Draft::default()
    }
    .reason(lang, reason);
    seal(envelope, &draft)
}

/// To the managers: the order can be confirmed.
///
/// # Errors
/// As all letters: when the template can't be drawn.
pub fn shares_complete(envelope: Envelope<'_>, number: &str) -> Result<Letter, LetterError> {
    let lang = envelope.lang;
    let names = [("number", arg(number))];
    let draft = Draft {
        subject: t_with(lang, "mail-shares-complete-subject", &names),
        paragraphs: vec![
            t(lang, "mail-shares-complete-lead"),
            t(lang, "mail-shares-complete-next"),
        ],
        button: t(lang, "mail-button-order"),
        ..Draft::default()
    };
    seal(envelope, &draft)
}

/// To the managers: all have answered and it is not enough.
///
/// # Errors
/// As all letters: when the template can't be drawn.
pub fn shares_short(
    envelope: Envelope<'_>,
    number: &str,
    short: &[ShortLine],
) -> Result<Letter, LetterError> {
    let lang = envelope.lang;
    let names = [("number", arg(number))];
    let line = |line: &ShortLine| {
        t_with(
            lang,
            "mail-shares-short-line",
            &[
                ("goods", arg(&line.goods)),
                ("given", line.given.to_string().into()),
                ("ordered", line.ordered.to_string().into()),
            ],
        )
    };
    let draft = Draft {
        subject: t_with(lang, "mail-shares-short-subject", &names),
        paragraphs: vec![
            t(lang, "mail-shares-short-lead"),
            t(lang, "mail-shares-short-next"),
        ],
        lines: short.iter().map(line).collect(),
        button: t(lang, "mail-button-order"),
        ..Draft::default()
    };
    seal(envelope, &draft)
}

/// To the member: the order is confirmed, prepare the goods. `share.quantity` as accepted.
///
/// # Errors
/// As all letters: when the template can't be drawn.
pub fn share_confirmed(envelope: Envelope<'_>, share: &ShareFacts) -> Result<Letter, LetterError> {
    let lang = envelope.lang;
    let names = share.names(&share.quantity);
    let draft = Draft {
        subject: t_with(lang, "mail-share-confirmed-subject", &names),
        paragraphs: vec![
            t_with(lang, "mail-share-confirmed-lead", &names),
            t_with(lang, "mail-share-confirmed-next", &names),
        ],
        button: t(lang, "mail-button-share"),
        ..Draft::default()
    };
    seal(envelope, &draft)
}

/// To the member: the order was declined, cancelled or expired; the goods are free again.
///
/// # Errors
/// As all letters: when the template can't be drawn.
pub fn share_released(envelope: Envelope<'_>, share: &ShareFacts) -> Result<Letter, LetterError> {
    let lang = envelope.lang;
    let names = share.names(&share.quantity);
    let draft = Draft {
        subject: t_with(lang, "mail-share-released-subject", &names),
        paragraphs: vec![
            t_with(lang, "mail-share-released-lead", &names),
            t_with(lang, "mail-share-released-next", &names),
        ],
        button: t(lang, "mail-button-share"),
        ..Draft::default()
    };
    seal(envelope, &draft)
}
