//! What people are told: notices, and letters to be sent, which are rows of the outbox; both written by the deed that is
//! their reason ([`tell`]).
//!
//! A letter's payload names rows, never people's names or addresses: those are read when it is sent, so that erasing
//! a person leaves none behind ([`facts`]). One job per person; people without an e-mail address get none, but notices.

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
mod tell;

pub(crate) use tell::{Told, zone};

pub use facts::{
    CatalogFacts, ConsentFacts, EventFacts, LetterFacts, LineFacts, OrderFacts, PartyFacts,
    QuestionFacts, RecipientFacts, ShareFacts,
};

/// The kind of job that carries a letter.
pub const JOB: &str = "letter";

/// The letter that tells a day's notices together.
pub const DIGEST: &str = "digest";

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
    "member_permit_lapsed",
    "offer_paused",
    "supply_out",
    "supply_back",
    "supply_listed",
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
    DIGEST,
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
    supplier_id: Uuid,
    share_id: Uuid,
}

impl Tx {
    /// Tells everyone who holds one of `roles` in `organisation`.
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
                    "SELECT DISTINCT person_id FROM roles WHERE organisation_id = $1 AND until IS NULL AND role IN ({})",
                    placeholders(2, roles.len())
                ),
                values,
            )
            .await?;
        let to: Vec<Told> = people
            .into_iter()
            .map(|row| Told {
                person: PersonId(row.person_id),
                organisation: Some(organisation),
                about,
            })
            .collect();
        self.tell(letter, event, &to).await
    }

    /// Tells one person, in the matter of the organisation that it is about, or of the buyer of the order.
    pub(crate) async fn letter(
        &self,
        letter: &str,
        event: EventId,
        person: PersonId,
        about: About,
    ) -> Result<(), Error> {
        #[derive(FromQueryResult)]
        struct Buyer {
            buyer_id: Uuid,
        }
        let buyer: Option<Buyer> = match about.order {
            Some(order) => {
                self.row(
                    "SELECT buyer_id FROM orders WHERE id = $1",
                    [order.0.into()],
                )
                .await?
            }
            None => None,
        };
        let told = Told {
            person,
            organisation: buyer
                .map(|row| OrganisationId(row.buyer_id))
                .or(about.organisation),
            about,
        };
        self.tell(letter, event, &[told]).await
    }

    /// Queues a letter that carries a one-time link, or goes to the address of one. It is no notice and never waits.
    pub(crate) async fn letter_with_link(
        &self,
        letter: &str,
        event: EventId,
        person: PersonId,
        about: About,
        link: LetterLink,
    ) -> Result<(), Error> {
        debug_assert!(NAMES.contains(&letter), "no letter {letter}");
        self.job(
            JOB,
            format!("letter:{letter}:{event}:{person}:"),
            Some(event),
            &LetterJob {
                letter: letter.to_owned(),
                person,
                about,
                link: Some(link),
            },
        )
        .await
    }

    /// Tells the owners behind each still unanswered share of an order's latest run; one query.
    pub(crate) async fn letters_to_proposed(
        &self,
        event: EventId,
        order: OrderId,
    ) -> Result<(), Error> {
        self.tell_owners("share_proposed", event, order, "s.state = 'proposed'")
            .await
    }

    /// Tells a person, by letter if there is an address to send it to.
    pub(crate) async fn letter_if_reachable(
        &self,
        letter: &str,
        event: EventId,
        person: PersonId,
        about: About,
    ) -> Result<(), Error> {
        self.letter(letter, event, person, about).await
    }

    /// Tells the owners of each share that an order still has; one query.
    pub(crate) async fn letters_of_shares(
        &self,
        letter: &str,
        event: EventId,
        order: OrderId,
    ) -> Result<(), Error> {
        let given = "s.packs > 0 AND s.state IN ('proposed', 'accepted', 'reduced')";
        self.tell_owners(letter, event, order, given).await
    }

    /// Tells the owners of the businesses whose shares fit `condition`, each about its share.
    async fn tell_owners(
        &self,
        letter: &str,
        event: EventId,
        order: OrderId,
        condition: &'static str,
    ) -> Result<(), Error> {
        let owners: Vec<ShareOwner> = self
            .rows(
                format!(
                    "SELECT DISTINCT r.person_id, s.supplier_id, s.id AS share_id FROM shares s JOIN roles r \
                     ON r.organisation_id = s.supplier_id AND r.until IS NULL AND r.role = 'umkm_owner' \
                     WHERE s.order_id = $1 AND {condition}"
                ),
                [order.0.into()],
            )
            .await?;
        let to: Vec<Told> = owners
            .into_iter()
            .map(|owner| Told {
                person: PersonId(owner.person_id),
                organisation: Some(OrganisationId(owner.supplier_id)),
                about: About {
                    order: Some(order),
                    share: Some(ShareId(owner.share_id)),
                    ..About::default()
                },
            })
            .collect();
        self.tell(letter, event, &to).await
    }
}
