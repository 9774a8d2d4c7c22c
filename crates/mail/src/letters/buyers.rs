//! Letters about what is offered: a catalog sent, a question asked and answered.

use super::{Draft, Envelope, LetterError, Told, arg, plain, seal};
use crate::Letter;

/// A question about an offer, with its answer where there is one.
#[derive(Clone, Debug)]
pub struct QuestionFacts {
    pub offer: String,
    pub cooperative: String,
    pub buyer: String,
    pub question: String,
    pub answer: String,
    /// The answer stands on the offer's page.
    pub is_public: bool,
}

/// To the people of a buyer for whom a cooperative made a catalog. `until` is when it closes, in words; may be empty.
///
/// # Errors
/// As all letters: when the template can't be drawn.
pub fn catalog_sent(
    envelope: Envelope<'_>,
    cooperative: &str,
    title: &str,
    edition: i64,
    until: &str,
) -> Result<Letter, LetterError> {
    let lang = envelope.lang;
    let names = [
        ("cooperative", arg(cooperative)),
        ("title", arg(title)),
        ("edition", edition.into()),
    ];
    let mut draft = Told::CatalogSent.draft(lang, &names);
    if !until.is_empty() {
        draft
            .facts
            .push((text::t(lang, "mail-catalog-until"), until.to_owned()));
    }
    seal(envelope, &draft)
}

/// To the managers of a cooperative.
///
/// # Errors
/// As all letters: when the template can't be drawn.
pub fn question_asked(
    envelope: Envelope<'_>,
    facts: &QuestionFacts,
) -> Result<Letter, LetterError> {
    let lang = envelope.lang;
    let names = [("offer", arg(&facts.offer)), ("buyer", arg(&facts.buyer))];
    let draft = Draft {
        facts: vec![(text::t(lang, "mail-question"), plain(&facts.question))],
        ..Told::QuestionAsked.draft(lang, &names)
    };
    seal(envelope, &draft)
}

/// To whoever asked.
///
/// # Errors
/// As all letters: when the template can't be drawn.
pub fn question_answered(
    envelope: Envelope<'_>,
    facts: &QuestionFacts,
) -> Result<Letter, LetterError> {
    let lang = envelope.lang;
    let names = [
        ("offer", arg(&facts.offer)),
        ("cooperative", arg(&facts.cooperative)),
    ];
    let told = match facts.is_public {
        true => Told::QuestionAnswered,
        false => Told::QuestionAnsweredAlone,
    };
    let draft = Draft {
        facts: vec![
            (text::t(lang, "mail-question"), plain(&facts.question)),
            (text::t(lang, "mail-answer"), plain(&facts.answer)),
        ],
        ..told.draft(lang, &names)
    };
    seal(envelope, &draft)
}
