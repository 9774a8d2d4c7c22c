//! What each letter says: one function per letter, from plain facts and Fluent sentences in the reader's language.
//!
//! The functions decide nothing: who gets a letter and when is the work of `jobs`. Sentences live in
//! `locales/{id,en}/mail.ftl`, the form of a letter in `templates/mail/`. The text form says everything the HTML does.
//! Which sentences say what is one table, [`Told`]; notices and texts for WhatsApp are drawn from it too. People and
//! memberships are in [`people`], catalogs and questions in [`buyers`], the buyer's side in [`orders`], the members'
//! in [`shares`].

use askama::Template;
use domain::money::{Rupiah, grouped};
use text::{Arg, Lang, t, t_with};
use thiserror::Error;

use crate::{Letter, Recipient};

pub mod accounts;
pub mod buyers;
pub mod orders;
pub mod people;
pub mod shares;
mod told;

pub use accounts::{
    colleague_invited, email_change_asked, email_changed, email_confirm, member_invited,
    password_changed, password_reset, phone_changed, recovery_code_used, reset_issued,
    second_step_off, second_step_on,
};
pub use buyers::{QuestionFacts, catalog_sent, question_answered, question_asked};
pub use orders::{
    ChangedLine, OrderFacts, OrderLine, consent_answered, consent_asked, order_cancelled,
    order_confirmed, order_declined, order_expired, order_needs_approval, order_placed,
    order_returned, order_sent,
};
pub use people::{
    already_registered, digest, membership_applied, membership_approved, membership_declined,
    membership_ended, offer_paused, organisation_rejected, organisation_verified, permit_lapsed,
    supply_listed, supply_moved, welcome,
};
pub use shares::{
    ShareAnswer, ShareFacts, ShortLine, share_answered, share_confirmed, share_proposed,
    share_released, shares_complete, shares_short,
};
pub use told::{Names, Rows, Sentences, Told, leads_to};

/// To whom, in which language, and the page that the letter leads to.
#[derive(Clone, Debug)]
pub struct Envelope<'a> {
    pub lang: Lang,
    /// From the settings, never from a request: `https://lumbung.example`.
    pub base_url: &'a str,
    /// The page, beginning with a slash: `/orders/0198…`.
    pub path: &'a str,
    pub to: Recipient,
    /// See [`Letter::dedupe_id`]: the event and the recipient.
    pub dedupe_id: String,
}

/// A letter's template can't be drawn.
#[derive(Debug, Error)]
#[error("the letter can't be drawn")]
pub struct LetterError(#[from] askama::Error);

/// Amount and unit of a good: `27 dus`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quantity {
    /// Whole sale units or cartons, as `unit` says.
    pub count: i64,
    pub unit: String,
}

impl std::fmt::Display for Quantity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", grouped(self.count), self.unit)
    }
}

/// What a letter function puts together, before greeting, link and footer.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    pub subject: String,
    pub paragraphs: Vec<String>,
    pub lines: Vec<String>,
    pub facts: Vec<(String, String)>,
    pub button: String,
}

impl Draft {
    /// The reason that somebody typed, where there is one.
    pub(crate) fn reason(mut self, lang: Lang, reason: &str) -> Self {
        let reason = plain(reason);
        if !reason.is_empty() {
            self.facts.push((t(lang, "mail-reason"), reason));
        }
        self
    }
}

#[derive(Template)]
#[template(path = "mail/letter.html")]
struct HtmlPage<'a> {
    lang: &'a str,
    subject: &'a str,
    greeting: &'a str,
    draft: &'a Draft,
    link: &'a str,
    footer: &'a str,
}

#[derive(Template)]
#[template(path = "mail/letter.txt")]
struct TextPage<'a> {
    greeting: &'a str,
    draft: &'a Draft,
    link: &'a str,
    footer: &'a str,
}

/// Puts a draft into its envelope.
pub(crate) fn seal(envelope: Envelope<'_>, draft: &Draft) -> Result<Letter, LetterError> {
    let lang = envelope.lang;
    let name = plain(&envelope.to.name);
    let greeting = if name.is_empty() {
        t(lang, "mail-greeting-unnamed")
    } else {
        t_with(lang, "mail-greeting", &[("name", name.into())])
    };
    let link = format!(
        "{}/{}",
        envelope.base_url.trim_end_matches('/'),
        envelope.path.trim_start_matches('/')
    );
    let footer = t(lang, "mail-footer");
    let html = HtmlPage {
        lang: lang.code(),
        subject: &draft.subject,
        greeting: &greeting,
        draft,
        link: &link,
        footer: &footer,
    }
    .render()?;
    let text = TextPage {
        greeting: &greeting,
        draft,
        link: &link,
        footer: &footer,
    }
    .render()?;
    Ok(Letter {
        dedupe_id: envelope.dedupe_id,
        to: envelope.to,
        subject: draft.subject.clone(),
        text,
        html,
    })
}

/// A name or reason as it stands in a sentence: one line, so that it can't imitate parts of the letter.
#[must_use]
pub fn plain(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// A name as an argument of a sentence.
pub(crate) fn arg(text: &str) -> Arg {
    Arg::Text(plain(text))
}

/// An amount as an argument of a sentence.
pub(crate) fn amount(amount: Rupiah) -> Arg {
    Arg::Text(amount.to_string())
}

#[cfg(test)]
mod tests;
