//! Letters to be sent: rows of the outbox, written by the deed that is their reason.
//!
//! A letter's payload names rows, never people's names or addresses: those are read when it is sent, so that erasing
//! a person leaves none behind ([`facts`]). One job per person; people without an e-mail address get none.

use domain::ids::{
    CatalogId, EventId, OfferId, OrderId, OrganisationId, PersonId, QuestionId, ShareId,
};
use sea_orm::{FromQueryResult, Value};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::Error;
use crate::sql::{Sql, placeholders};
use crate::write::Tx;

mod facts;

pub use facts::{
    CatalogFacts, ConsentFacts, EventFacts, LetterFacts, LineFacts, OrderFacts, PartyFacts,
    QuestionFacts, RecipientFacts, ShareFacts,
};

/// The kind of job that carries a letter.
pub const JOB: &str = "letter";

/// Every letter there is. `jobs` has the words of each; a test there goes through this list.
pub const NAMES: &[&str] = &[
    "welcome",
    "already_registered",
    "password_reset",
    "password_changed",
    "email_confirm",
    "email_change_asked",
    "email_changed",
    "phone_changed",
    "reset_issued",
    "member_invited",
    "colleague_invited",
    "second_step_on",
    "second_step_off",
    "recovery_code_used",
    "organisation_verified",
    "organisation_rejected",
    "membership_applied",
    "membership_approved",
    "membership_declined",
    "membership_ended",
    "offer_paused",
    "order_sent",
    "order_placed",
    "order_needs_approval",
    "order_returned",
    "order_confirmed",
    "order_declined",
    "order_cancelled",
    "order_expired",
    "consent_asked",
    "consent_answered",
    "share_proposed",
    "share_answered",
    "share_confirmed",
    "share_released",
    "shares_complete",
    "shares_short",
    "catalog_sent",
    "question_asked",
    "question_answered",
];

/// Which letter, to whom, about what.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LetterJob {
    /// The letter's name: a function of `mail::letters`.
    pub letter: String,
    pub person: PersonId,
    #[serde(flatten)]
    pub about: About,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<LetterLink>,
}

/// A one-time link in a letter. Neither half opens anything without the secret of the installation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterLink {
    /// The key of its row, which also has the address where that is not the person's own.
    pub hash: String,
    /// What its token is derived from ([`crate::tokens`]).
    pub seed: String,
}

/// The rows a letter speaks about.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct About {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<ShareId>,
    /// The organisation that the letter is about (a new member, a verified cooperative).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<OrganisationId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer: Option<OfferId>,
    /// The cooperative concerned, where it is another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cooperative: Option<OrganisationId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub catalog: Option<CatalogId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<QuestionId>,
}

impl About {
    pub(crate) fn order(order: OrderId) -> Self {
        Self {
            order: Some(order),
            ..Self::default()
        }
    }

    pub(crate) fn organisation(organisation: OrganisationId) -> Self {
        Self {
            organisation: Some(organisation),
            ..Self::default()
        }
    }
}

#[derive(FromQueryResult)]
struct Recipient {
    person_id: Uuid,
}

#[derive(FromQueryResult)]
struct ShareOwner {
    person_id: Uuid,
    share_id: Uuid,
}

impl ShareOwner {
    fn about(&self, order: OrderId) -> (PersonId, About) {
        let about = About {
            order: Some(order),
            share: Some(ShareId(self.share_id)),
            ..About::default()
        };
        (PersonId(self.person_id), about)
    }
}

impl Tx {
    /// Queues a letter to everyone who holds one of `roles` in `organisation` and can receive mail.
    pub(crate) async fn letter_to_roles(
        &self,
        letter: &str,
        event: EventId,
        organisation: OrganisationId,
        roles: &[&str],
        about: About,
    ) -> Result<(), Error> {
        let mut values: Vec<Value> = vec![organisation.0.into()];
        values.extend(roles.iter().map(|role| Value::from(*role)));
        let people: Vec<Recipient> = self
            .rows(
                format!(
                    "SELECT DISTINCT r.person_id FROM roles r JOIN people p ON p.id = r.person_id \
                     WHERE r.organisation_id = $1 AND r.until IS NULL AND p.email IS NOT NULL AND r.role IN ({})",
                    placeholders(2, roles.len())
                ),
                values,
            )
            .await?;
        let to = people
            .into_iter()
            .map(|person| (PersonId(person.person_id), about));
        self.letters(letter, event, to, None).await
    }

    /// Queues a letter to one person.
    pub(crate) async fn letter(
        &self,
        letter: &str,
        event: EventId,
        person: PersonId,
        about: About,
    ) -> Result<(), Error> {
        self.letters(letter, event, [(person, about)], None).await
    }

    /// Queues a letter that carries a one-time link, or goes to the address of one.
    pub(crate) async fn letter_with_link(
        &self,
        letter: &str,
        event: EventId,
        person: PersonId,
        about: About,
        link: LetterLink,
    ) -> Result<(), Error> {
        self.letters(letter, event, [(person, about)], Some(link))
            .await
    }

    /// Queues a letter to several people, each about its own rows; one statement.
    async fn letters(
        &self,
        letter: &str,
        event: EventId,
        to: impl IntoIterator<Item = (PersonId, About)>,
        link: Option<LetterLink>,
    ) -> Result<(), Error> {
        debug_assert!(NAMES.contains(&letter), "no letter {letter}");
        let jobs = to
            .into_iter()
            .map(|(person, about)| {
                let share = about.share.map(|share| share.to_string());
                let dedupe = format!(
                    "letter:{letter}:{event}:{person}:{}",
                    share.unwrap_or_default()
                );
                let job = LetterJob {
                    letter: letter.to_owned(),
                    person,
                    about,
                    link: link.clone(),
                };
                (dedupe, job)
            })
            .collect::<Vec<_>>();
        self.jobs(JOB, Some(event), &jobs).await
    }

    /// Queues a letter to the owners behind each still unanswered share of an order's latest run; one query.
    pub(crate) async fn letters_to_proposed(
        &self,
        event: EventId,
        order: OrderId,
    ) -> Result<(), Error> {
        let owners: Vec<ShareOwner> = self
            .rows(
                "SELECT DISTINCT r.person_id, s.id AS share_id FROM shares s \
                 JOIN roles r ON r.organisation_id = s.supplier_id AND r.until IS NULL AND r.role = 'umkm_owner' \
                 JOIN people p ON p.id = r.person_id AND p.email IS NOT NULL \
                 WHERE s.order_id = $1 AND s.state = 'proposed'",
                [order.0.into()],
            )
            .await?;
        let to = owners.iter().map(|owner| owner.about(order));
        self.letters("share_proposed", event, to, None).await
    }
}

impl Tx {
    /// Queues a letter to a person, if there is an address to send it to.
    pub(crate) async fn letter_if_reachable(
        &self,
        letter: &str,
        event: EventId,
        person: PersonId,
        about: About,
    ) -> Result<(), Error> {
        let reachable = self
            .number(
                "SELECT COUNT(*) FROM people WHERE id = $1 AND email IS NOT NULL",
                [person.0.into()],
            )
            .await?;
        if reachable > 0 {
            self.letter(letter, event, person, about).await?;
        }
        Ok(())
    }

    /// Queues a letter for each share that an order still has, to the owners of its business; one query.
    pub(crate) async fn letters_of_shares(
        &self,
        letter: &str,
        event: EventId,
        order: OrderId,
    ) -> Result<(), Error> {
        let shares: Vec<ShareOwner> = self
            .rows(
                "SELECT DISTINCT r.person_id, s.id AS share_id FROM shares s \
                 JOIN roles r ON r.organisation_id = s.supplier_id AND r.until IS NULL AND r.role = 'umkm_owner' \
                 JOIN people p ON p.id = r.person_id AND p.email IS NOT NULL \
                 WHERE s.order_id = $1 AND s.packs > 0 AND s.state IN ('proposed', 'accepted', 'reduced')",
                [order.0.into()],
            )
            .await?;
        let to = shares.iter().map(|share| share.about(order));
        self.letters(letter, event, to, None).await
    }
}
