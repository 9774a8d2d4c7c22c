//! Letters about the shares of an order, to members and to the cooperative's managers.

use domain::money::Rupiah;
use text::{Arg, t, t_with};

use super::{Draft, Envelope, LetterError, Quantity, Told, amount, arg, plain, seal};
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
    let [number, cooperative, member, goods, quantity] = share.names(&share.quantity);
    let deadline = ("deadline", arg(deadline));
    let names = [number, cooperative, member, goods, quantity, deadline];
    let price = t_with(
        lang,
        "mail-share-price-each",
        &[
            ("amount", amount(share.member_price)),
            ("unit", arg(&share.sale_unit)),
        ],
    );
    let draft = Draft {
        facts: vec![
            (t(lang, "mail-share-price"), price),
            (t(lang, "mail-number"), plain(&share.number)),
        ],
        ..Told::ShareProposed.draft(lang, &names)
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
    let (told, quantity, reason) = match answer {
        ShareAnswer::Accepted => (Told::ShareAccepted, &share.quantity, ""),
        ShareAnswer::AcceptedByTime => (Told::ShareSilent, &share.quantity, ""),
        ShareAnswer::Reduced { to, reason } => (Told::ShareReduced, to, reason.as_str()),
        ShareAnswer::Declined { reason } => (Told::ShareDeclined, &share.quantity, reason.as_str()),
    };
    let [number, cooperative, member, goods, quantity] = share.names(quantity);
    let before = ("before", Arg::from(share.quantity.to_string()));
    let names = [number, cooperative, member, goods, quantity, before];
    let draft = told
        .draft(envelope.lang, &names)
        .reason(envelope.lang, reason);
    seal(envelope, &draft)
}

/// To the managers: the order can be confirmed.
///
/// # Errors
/// As all letters: when the template can't be drawn.
pub fn shares_complete(envelope: Envelope<'_>, number: &str) -> Result<Letter, LetterError> {
    let draft = Told::SharesComplete.draft(envelope.lang, &[("number", arg(number))]);
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
        lines: short.iter().map(line).collect(),
        ..Told::SharesShort.draft(lang, &names)
    };
    seal(envelope, &draft)
}

/// To the member: the order is confirmed, prepare the goods. `share.quantity` as accepted.
///
/// # Errors
/// As all letters: when the template can't be drawn.
pub fn share_confirmed(envelope: Envelope<'_>, share: &ShareFacts) -> Result<Letter, LetterError> {
    let draft = Told::ShareConfirmed.draft(envelope.lang, &share.names(&share.quantity));
    seal(envelope, &draft)
}

/// To the member: the order was declined, cancelled or expired; the goods are free again.
///
/// # Errors
/// As all letters: when the template can't be drawn.
pub fn share_released(envelope: Envelope<'_>, share: &ShareFacts) -> Result<Letter, LetterError> {
    let draft = Told::ShareReleased.draft(envelope.lang, &share.names(&share.quantity));
    seal(envelope, &draft)
}
