//! What a letter needs to know, read when it is sent: names and addresses as they are then, amounts as frozen in the
//! order, and the event that is its reason.

use domain::ids::{
    CatalogId, EventId, OfferId, OrderId, OrganisationId, PersonId, QuestionId, ShareId,
};
use domain::time::Instant;
use sea_orm::FromQueryResult;
use serde::Deserialize;
use uuid::Uuid;

use super::{About, DIGEST, LetterJob};
use crate::error::Error;
use crate::orders::consents::ProposedLine;
use crate::sql::Sql;
use crate::write::Store;

/// Everything about one letter.
#[derive(Clone, Debug)]
pub struct LetterFacts {
    pub recipient: RecipientFacts,
    pub event: Option<EventFacts>,
    pub organisation: Option<PartyFacts>,
    pub cooperative: Option<PartyFacts>,
    pub order: Option<OrderFacts>,
    pub share: Option<ShareFacts>,
    /// The title of the offer that the letter is about.
    pub offer: Option<String>,
    pub catalog: Option<CatalogFacts>,
    pub question: Option<QuestionFacts>,
    /// For a digest: kinds of what there is to tell, each with how often it happened.
    pub digest: Vec<(String, i64)>,
}

/// A catalog that a letter leads to.
#[derive(Clone, Debug, Default, FromQueryResult)]
pub struct CatalogFacts {
    pub title: String,
    pub edition: i32,
    /// Epoch microseconds.
    pub closes_at: Option<i64>,
}

/// A question with its answer, when it has one.
#[derive(Clone, Debug, Default, FromQueryResult)]
pub struct QuestionFacts {
    pub offer_id: Uuid,
    pub offer: String,
    pub cooperative: String,
    pub buyer: String,
    pub question: String,
    pub answer: Option<String>,
    pub is_public: bool,
}

#[derive(Clone, Debug, Default, FromQueryResult)]
pub struct RecipientFacts {
    pub name: String,
    /// Nothing is sent to people without one.
    pub email: Option<String>,
    pub phone: Option<String>,
    pub lang: Option<String>,
}

/// Where the letter with a link goes, if not to the person's own address.
#[derive(FromQueryResult)]
struct LinkAddress {
    email: Option<String>,
    /// Of somebody who is not a person here yet.
    name: Option<String>,
}

/// The event that is the letter's reason.
#[derive(Clone, Debug, Default, FromQueryResult)]
pub struct EventFacts {
    pub kind: String,
    pub at: i64,
    pub to_state: Option<String>,
    pub reason: Option<String>,
    data: Option<String>,
    /// Who did it; none for what time alone brought about.
    pub person: Option<String>,
    /// For which organisation.
    pub organisation: Option<String>,
}

#[derive(Clone, Debug, Default, FromQueryResult)]
pub struct PartyFacts {
    pub name: String,
    pub kind: String,
    pub region_code: String,
}

/// An order as frozen, with its lines. Amounts in rupiah.
#[derive(Clone, Debug, Default, FromQueryResult)]
pub struct OrderFacts {
    pub number: Option<String>,
    pub cooperative: String,
    pub cooperative_region: String,
    pub buyer: String,
    pub buyer_region: String,
    /// Who made it.
    pub staff: String,
    pub staff_limit_rupiah: Option<i64>,
    pub goods_rupiah: i64,
    pub ppn_rupiah: i64,
    pub freight_rupiah: i64,
    pub total_rupiah: i64,
    pub freight_pending: bool,
    /// Until when members answer, epoch microseconds.
    pub answer_by: Option<i64>,
    /// Until when the cooperative answers, epoch microseconds.
    pub expires_at: Option<i64>,
    /// Until when stock is held for the buyer's approver, epoch microseconds.
    pub held_until: Option<i64>,
    #[sea_orm(skip)]
    pub lines: Vec<LineFacts>,
    #[sea_orm(skip)]
    pub consent: Option<ConsentFacts>,
}

#[derive(Clone, Debug, Default, FromQueryResult)]
pub struct LineFacts {
    id: Uuid,
    pub title: String,
    pub unit: String,
    pub carton_name: Option<String>,
    pub packs_per_unit: i64,
    pub ordered_units: i64,
    pub units: i64,
    /// What members have accepted so far, in packs.
    pub accepted_packs: i64,
    pub goods_rupiah: i64,
    /// A word of `domain::offers::DeliveryBasis`.
    pub delivery_basis: String,
}

/// A change of an order that the buyer is asked about. Sums as they would be afterwards.
#[derive(Clone, Debug, Default)]
pub struct ConsentFacts {
    pub before_rupiah: i64,
    pub goods_rupiah: i64,
    pub ppn_rupiah: i64,
    pub freight_rupiah: i64,
    pub total_rupiah: i64,
    /// The freight stays open after this change too.
    pub freight_pending: bool,
    /// Title, unit as the line has it, units before and after; only lines that change.
    pub changes: Vec<(LineFacts, i64)>,
}

#[derive(Clone, Debug, Default, FromQueryResult)]
pub struct ShareFacts {
    pub member: String,
    pub product: String,
    pub unit: String,
    pub carton_name: Option<String>,
    pub packs_per_unit: i64,
    pub proposed_packs: i64,
    pub packs: i64,
    pub answer_by: Option<i64>,
    /// Per sale unit.
    pub member_price_rupiah: i64,
}

/// What the event of an answered share wrote down.
#[derive(Deserialize)]
struct AnswerData {
    packs: i64,
}

impl EventFacts {
    /// The packs that an answered share was left with.
    #[must_use]
    pub fn answered_packs(&self) -> Option<i64> {
        Self::packs_in(self.data.as_deref())
    }

    pub(crate) fn packs_in(data: Option<&str>) -> Option<i64> {
        let data: AnswerData = serde_json::from_str(data?).ok()?;
        Some(data.packs)
    }
}

impl Store {
    /// Reads what a letter says. `None` when one of its rows is gone, or its person is.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn letter_facts(
        &self,
        job: &LetterJob,
        event: Option<EventId>,
    ) -> Result<Option<LetterFacts>, Error> {
        let Some(mut recipient) = self.letter_recipient(job.person).await? else {
            return Ok(None);
        };
        if let Some(link) = &job.link {
            // A link that was used or replaced since is not worth a letter.
            let Some(row) = self.letter_link(&link.hash).await? else {
                return Ok(None);
            };
            if row.email.is_some() {
                recipient.email = row.email;
            }
            if let Some(name) = row.name {
                recipient.name = name;
            }
        }
        let event = match event {
            Some(id) => self.letter_event(id).await?,
            None => None,
        };
        let digest = match job.letter.as_str() {
            DIGEST => {
                let since = event.as_ref().map_or(0, |event| event.at);
                let kinds = self.digest_of(job.person, Instant(since)).await?;
                // Read by now, or unwanted by now: not worth a letter.
                if kinds.is_empty() {
                    return Ok(None);
                }
                kinds
            }
            _ => Vec::new(),
        };
        let About {
            order,
            share,
            organisation,
            offer,
            cooperative,
            catalog,
            question,
        } = job.about;
        let consent_at = event
            .as_ref()
            .filter(|_| job.letter.starts_with("consent_"))
            .map(|event| event.at);
        let facts = LetterFacts {
            recipient,
            event,
            organisation: match organisation {
                Some(id) => self.letter_party(id).await?,
                None => None,
            },
            cooperative: match cooperative {
                Some(id) => self.letter_party(id).await?,
                None => None,
            },
            order: match order {
                Some(id) => self.letter_order(id, consent_at).await?,
                None => None,
            },
            share: match share {
                Some(id) => self.letter_share(id).await?,
                None => None,
            },
            offer: match offer {
                Some(id) => self.letter_offer(id).await?,
                None => None,
            },
            catalog: match catalog {
                Some(id) => self.letter_catalog(id).await?,
                None => None,
            },
            question: match question {
                Some(id) => self.letter_question(id).await?,
                None => None,
            },
            digest,
        };
        let whole = facts.organisation.is_some() == organisation.is_some()
            && facts.cooperative.is_some() == cooperative.is_some()
            && facts.order.is_some() == order.is_some()
            && facts.share.is_some() == share.is_some()
            && facts.offer.is_some() == offer.is_some()
            && facts.catalog.is_some() == catalog.is_some()
            && facts.question.is_some() == question.is_some();
        Ok(whole.then_some(facts))
    }

    async fn letter_recipient(&self, person: PersonId) -> Result<Option<RecipientFacts>, Error> {
        self.row(
            "SELECT name, email, phone, lang FROM people WHERE id = $1",
            [person.0.into()],
        )
        .await
    }

    async fn letter_link(&self, hash: &str) -> Result<Option<LinkAddress>, Error> {
        self.row(
            "SELECT email, NULL AS name FROM links WHERE token_hash = $1 UNION ALL \
             SELECT email, name FROM invitations WHERE token_hash = $1 AND state = 'open'",
            [hash.into()],
        )
        .await
    }

    async fn letter_event(&self, event: EventId) -> Result<Option<EventFacts>, Error> {
        self.row(
            "SELECT e.kind, e.at, e.to_state, e.reason, e.data, p.name AS person, o.name AS organisation FROM events e \
             LEFT JOIN people p ON p.id = e.person_id LEFT JOIN organisations o ON o.id = e.organisation_id \
             WHERE e.id = $1",
            [event.0.into()],
        )
        .await
    }

    async fn letter_party(&self, id: OrganisationId) -> Result<Option<PartyFacts>, Error> {
        self.row(
            "SELECT name, kind, region_code FROM organisations WHERE id = $1",
            [id.0.into()],
        )
        .await
    }

    async fn letter_offer(&self, id: OfferId) -> Result<Option<String>, Error> {
        #[derive(FromQueryResult)]
        struct Offer {
            title: String,
        }
        let offer: Option<Offer> = self
            .row("SELECT title FROM offers WHERE id = $1", [id.0.into()])
            .await?;
        Ok(offer.map(|offer| offer.title))
    }

    async fn letter_order(
        &self,
        id: OrderId,
        consent_at: Option<i64>,
    ) -> Result<Option<OrderFacts>, Error> {
        let order: Option<OrderFacts> = self
            .row(
                "SELECT o.number, c.name AS cooperative, c.region_code AS cooperative_region, b.name AS buyer, \
                 b.region_code AS buyer_region, b.staff_limit_rupiah, p.name AS staff, o.goods_rupiah, o.ppn_rupiah, \
                 o.freight_rupiah, o.total_rupiah, o.freight_pending, o.answer_by, o.expires_at, \
                 (SELECT MIN(h.expires_at) FROM holds h WHERE h.order_id = o.id AND h.released_at IS NULL) AS held_until \
                 FROM orders o JOIN organisations c ON c.id = o.cooperative_id \
                 JOIN organisations b ON b.id = o.buyer_id JOIN people p ON p.id = o.created_by WHERE o.id = $1",
                [id.0.into()],
            )
            .await?;
        let Some(mut order) = order else {
            return Ok(None);
        };
        order.lines = self
            .rows(
                "SELECT l.id, l.title, l.unit, l.carton_name, l.packs_per_unit, l.ordered_units, l.units, l.goods_rupiah, \
                 l.delivery_basis, \
                 CAST(COALESCE((SELECT SUM(s.packs) FROM shares s WHERE s.order_line_id = l.id \
                 AND s.state IN ('accepted', 'reduced')), 0) AS BIGINT) AS accepted_packs \
                 FROM order_lines l WHERE l.order_id = $1 ORDER BY l.position",
                [id.0.into()],
            )
            .await?;
        if let Some(at) = consent_at {
            order.consent = self.letter_consent(id, &order, Instant(at)).await?;
        }
        Ok(Some(order))
    }

    async fn letter_consent(
        &self,
        id: OrderId,
        order: &OrderFacts,
        at: Instant,
    ) -> Result<Option<ConsentFacts>, Error> {
        #[derive(FromQueryResult)]
        struct Row {
            kind: String,
            state: String,
            before_rupiah: i64,
            after_rupiah: i64,
            proposal: String,
        }
        let row: Option<Row> = self
            .row(
                "SELECT kind, state, before_rupiah, after_rupiah, proposal FROM consents WHERE order_id = $1 \
                 AND asked_at <= $2 ORDER BY asked_at DESC LIMIT 1",
                [id.0.into(), at.0.into()],
            )
            .await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let proposal: Vec<ProposedLine> = serde_json::from_str(&row.proposal)?;
        let mut facts = ConsentFacts {
            before_rupiah: row.before_rupiah,
            total_rupiah: row.after_rupiah,
            freight_pending: order.freight_pending && row.kind != "freight",
            ..ConsentFacts::default()
        };
        for proposed in proposal {
            facts.goods_rupiah += proposed.goods;
            facts.ppn_rupiah += proposed.ppn;
            facts.freight_rupiah += proposed.freight;
            let Some(line) = order.lines.iter().find(|line| line.id == proposed.line) else {
                continue;
            };
            let mut line = line.clone();
            if row.state == "accepted" {
                // Agreed to before this letter left: the line already has the new quantity.
                line.units = line.ordered_units;
            }
            if line.units != proposed.units {
                facts.changes.push((line, proposed.units));
            }
        }
        Ok(Some(facts))
    }

    async fn letter_catalog(&self, id: CatalogId) -> Result<Option<CatalogFacts>, Error> {
        self.row(
            "SELECT title, edition, closes_at FROM catalogs WHERE id = $1",
            [id.0.into()],
        )
        .await
    }

    async fn letter_question(&self, id: QuestionId) -> Result<Option<QuestionFacts>, Error> {
        self.row(
            "SELECT q.offer_id, o.title AS offer, c.name AS cooperative, b.name AS buyer, q.question, q.answer, \
             q.is_public FROM questions q JOIN offers o ON o.id = q.offer_id JOIN organisations c \
             ON c.id = q.cooperative_id JOIN organisations b ON b.id = q.buyer_id WHERE q.id = $1",
            [id.0.into()],
        )
        .await
    }

    async fn letter_share(&self, id: ShareId) -> Result<Option<ShareFacts>, Error> {
        self.row(
            "SELECT m.name AS member, p.name AS product, l.unit, l.carton_name, l.packs_per_unit, s.proposed_packs, \
             s.packs, s.answer_by, COALESCE((SELECT r.member_price_rupiah FROM order_line_prices r \
             WHERE r.order_line_id = s.order_line_id AND r.grade = s.grade), 0) AS member_price_rupiah \
             FROM shares s JOIN organisations m ON m.id = s.supplier_id JOIN products p ON p.id = s.product_id \
             JOIN order_lines l ON l.id = s.order_line_id WHERE s.id = $1",
            [id.0.into()],
        )
        .await
    }
}
