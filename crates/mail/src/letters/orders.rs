//! Letters about an order, to the buyer's people and the cooperative's managers.

use domain::money::Rupiah;
use domain::offers::FreightSum;
use text::{Arg, Lang, t, t_with};

use super::{Draft, Envelope, LetterError, Quantity, Told, amount, arg, plain, seal};
use crate::Letter;

/// An order as its letters tell it. Amounts as frozen in the order.
#[derive(Clone, Debug)]
pub struct OrderFacts {
    /// `SO/RAR/2026/09/0001`.
    pub number: String,
    pub cooperative: String,
    pub buyer: String,
    pub lines: Vec<OrderLine>,
    pub goods: Rupiah,
    pub ppn: Rupiah,
    pub freight: FreightSum,
    /// Goods, PPN and freight as far as known.
    pub total: Rupiah,
}

/// One line of an order.
#[derive(Clone, Debug)]
pub struct OrderLine {
    pub goods: String,
    pub quantity: Quantity,
    /// Goods value of the line, without PPN.
    pub amount: Rupiah,
}

/// A line whose quantity the cooperative wants to change.
#[derive(Clone, Debug)]
pub struct ChangedLine {
    pub goods: String,
    pub before: Quantity,
    pub after: Quantity,
}

/// Whose letter it is: what the buyer does is said in other words to either.
#[derive(Clone, Copy)]
enum Reader {
    Buyer,
    Cooperative,
}

impl OrderFacts {
    fn names(&self) -> [(&'static str, Arg); 3] {
        [
            ("number", arg(&self.number)),
            ("cooperative", arg(&self.cooperative)),
            ("buyer", arg(&self.buyer)),
        ]
    }

    fn lines(&self, lang: Lang) -> Vec<String> {
        let line = |line: &OrderLine| {
            t_with(
                lang,
                "mail-line-amount",
                &[
                    ("quantity", line.quantity.to_string().into()),
                    ("goods", arg(&line.goods)),
                    ("amount", amount(line.amount)),
                ],
            )
        };
        self.lines.iter().map(line).collect()
    }

    /// Freight is named even when it is nothing, with who bears it; PPN is not, since who is no PKP must not show it (TX-2).
    fn facts(&self, lang: Lang, reader: Reader) -> Vec<(String, String)> {
        let mut facts = vec![
            (t(lang, "mail-number"), plain(&self.number)),
            (t(lang, "mail-goods"), self.goods.to_string()),
        ];
        if self.ppn != Rupiah::ZERO {
            facts.push((t(lang, "mail-ppn"), self.ppn.to_string()));
        }
        let freight = match (self.freight, reader) {
            (FreightSum::Pending, _) => t(lang, "mail-freight-open"),
            (FreightSum::Fetched, Reader::Buyer) => t(lang, "mail-freight-fetched"),
            (FreightSum::Fetched, Reader::Cooperative) => t(lang, "mail-freight-fetched-by-buyer"),
            (FreightSum::Free, _) => t(lang, "mail-freight-free"),
            (FreightSum::Amount(freight) | FreightSum::PartlyFetched(freight), _) => {
                freight.to_string()
            }
        };
        facts.push((t(lang, "mail-freight"), freight));
        facts.push((t(lang, "mail-total"), self.total.to_string()));
        facts
    }

    /// What is told, then all lines and sums.
    fn draft(&self, lang: Lang, reader: Reader, told: Told) -> Draft {
        Draft {
            lines: self.lines(lang),
            facts: self.facts(lang, reader),
            ..told.draft(lang, &self.names())
        }
    }
}

/// To the managers of the cooperative: an order came in. `answer_by` in words of the reader's language.
///
/// # Errors
/// As all letters: when the template can't be drawn.
pub fn order_sent(
    envelope: Envelope<'_>,
    order: &OrderFacts,
    answer_by: &str,
) -> Result<Letter, LetterError> {
    let lang = envelope.lang;
    let mut draft = order.draft(lang, Reader::Cooperative, Told::OrderSent);
    draft
        .facts
        .push((t(lang, "mail-answer-by"), plain(answer_by)));
    seal(envelope, &draft)
}

/// To the buyer's person who ordered: the order is with the cooperative.
///
/// # Errors
/// As all letters: when the template can't be drawn.
pub fn order_placed(envelope: Envelope<'_>, order: &OrderFacts) -> Result<Letter, LetterError> {
    let draft = order.draft(envelope.lang, Reader::Buyer, Told::OrderPlaced);
    seal(envelope, &draft)
}

/// To the buyer's approvers: an order above the spending limit waits. `answer_by` in words.
///
/// # Errors
/// As all letters: when the template can't be drawn.
pub fn order_needs_approval(
    envelope: Envelope<'_>,
    order: &OrderFacts,
    staff: &str,
    limit: Rupiah,
    answer_by: &str,
) -> Result<Letter, LetterError> {
    let lang = envelope.lang;
    let [number, cooperative, buyer] = order.names();
    let names = [
        number,
        cooperative,
        buyer,
        ("staff", arg(staff)),
        ("limit", amount(limit)),
    ];
    let mut draft = Draft {
        lines: order.lines(lang),
        facts: order.facts(lang, Reader::Buyer),
        ..Told::OrderNeedsApproval.draft(lang, &names)
    };
    draft
        .facts
        .push((t(lang, "mail-answer-by"), plain(answer_by)));
    seal(envelope, &draft)
}

/// To the person who made the order: the approver wants it changed.
///
/// # Errors
/// As all letters: when the template can't be drawn.
pub fn order_returned(
    envelope: Envelope<'_>,
    number: &str,
    approver: &str,
    reason: &str,
) -> Result<Letter, LetterError> {
    let draft = Told::OrderReturned
        .draft(
            envelope.lang,
            &[("number", arg(number)), ("approver", arg(approver))],
        )
        .reason(envelope.lang, reason);
    seal(envelope, &draft)
}

/// To the buyer: the cooperative took the order on.
///
/// # Errors
/// As all letters: when the template can't be drawn.
pub fn order_confirmed(envelope: Envelope<'_>, order: &OrderFacts) -> Result<Letter, LetterError> {
    let draft = order.draft(envelope.lang, Reader::Buyer, Told::OrderConfirmed);
    seal(envelope, &draft)
}

/// To the buyer: the cooperative can't fill the order.
///
/// # Errors
/// As all letters: when the template can't be drawn.
pub fn order_declined(
    envelope: Envelope<'_>,
    number: &str,
    cooperative: &str,
    reason: &str,
) -> Result<Letter, LetterError> {
    let draft = Told::OrderDeclined
        .draft(
            envelope.lang,
            &[("number", arg(number)), ("cooperative", arg(cooperative))],
        )
        .reason(envelope.lang, reason);
    seal(envelope, &draft)
}

/// To the other side, and to the buyer's own people: somebody cancelled the order. `by` is an organisation's name.
///
/// # Errors
/// As all letters: when the template can't be drawn.
pub fn order_cancelled(
    envelope: Envelope<'_>,
    number: &str,
    by: &str,
    reason: &str,
) -> Result<Letter, LetterError> {
    let draft = Told::OrderCancelled
        .draft(envelope.lang, &[("number", arg(number)), ("by", arg(by))])
        .reason(envelope.lang, reason);
    seal(envelope, &draft)
}

/// To both sides: nobody answered in time, by the cooperative or by the buyer's own approver.
///
/// # Errors
/// As all letters: when the template can't be drawn.
pub fn order_expired(
    envelope: Envelope<'_>,
    number: &str,
    cooperative: &str,
) -> Result<Letter, LetterError> {
    let draft = Told::OrderExpired.draft(
        envelope.lang,
        &[("number", arg(number)), ("cooperative", arg(cooperative))],
    );
    seal(envelope, &draft)
}

/// To the buyer: less goods, or freight that was open before. `order` is the order as it would be after the change,
/// `changes` the lines that change (none when only the freight was set).
///
/// # Errors
/// As all letters: when the template can't be drawn.
pub fn consent_asked(
    envelope: Envelope<'_>,
    order: &OrderFacts,
    changes: &[ChangedLine],
    total_before: Rupiah,
) -> Result<Letter, LetterError> {
    let lang = envelope.lang;
    let change = |line: &ChangedLine| {
        t_with(
            lang,
            "mail-line-changed",
            &[
                ("goods", arg(&line.goods)),
                ("before", line.before.to_string().into()),
                ("after", line.after.to_string().into()),
            ],
        )
    };
    let mut facts = order.facts(lang, Reader::Buyer);
    // The last is the total, which here is the new one.
    facts.pop();
    facts.push((t(lang, "mail-consent-before"), total_before.to_string()));
    facts.push((t(lang, "mail-consent-after"), order.total.to_string()));
    let draft = Draft {
        lines: changes.iter().map(change).collect(),
        facts,
        ..Told::ConsentAsked.draft(lang, &order.names())
    };
    seal(envelope, &draft)
}

/// To the managers: what the buyer said to the change.
///
/// # Errors
/// As all letters: when the template can't be drawn.
pub fn consent_answered(
    envelope: Envelope<'_>,
    number: &str,
    buyer: &str,
    agreed: bool,
) -> Result<Letter, LetterError> {
    let told = if agreed {
        Told::ConsentAgreed
    } else {
        Told::ConsentRefused
    };
    let names = [("number", arg(number)), ("buyer", arg(buyer))];
    let draft = told.draft(envelope.lang, &names);
    seal(envelope, &draft)
}
