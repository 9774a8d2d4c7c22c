//! Notices inside Lumbung: what a person was told, what of it they have read, and what they want to be told by which way.
//! They are written by `Tx::tell`, in the deed that is their reason (`letters/tell.rs`).

use domain::ids::{
    CatalogId, NoticeId, OfferId, OrderId, OrganisationId, PersonId, QuestionId, ShareId,
};
use domain::notices::{Digest, QuietHours, Topic};
use domain::time::Instant;
use sea_orm::{FromQueryResult, Value};
use serde::Deserialize;
use uuid::Uuid;

use crate::act::Act;
use crate::error::Error;
use crate::events::Event;
use crate::letters::{EventFacts, zone};
use crate::sql::Sql;
use crate::write::Store;

/// Notices on one page.
pub const NOTICE_ROWS: i64 = 30;

/// One notice with the names that its sentence puts in, as they are today.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Notice {
    pub id: Uuid,
    /// The name of the letter that says the same.
    pub kind: String,
    pub at: i64,
    pub read_at: Option<i64>,
    order_id: Option<Uuid>,
    share_id: Option<Uuid>,
    /// Of the question, where it is about one.
    offer_id: Option<Uuid>,
    catalog_id: Option<Uuid>,
    question_id: Option<Uuid>,
    /// Title of the offer.
    pub offer: Option<String>,
    /// Title of the catalog.
    pub catalog: Option<String>,
    /// Of the order.
    pub number: Option<String>,
    pub cooperative: Option<String>,
    pub cooperative_region: Option<String>,
    pub buyer: Option<String>,
    /// The organisation that it is about.
    pub subject: Option<String>,
    /// The member whose share it is.
    pub member: Option<String>,
    pub goods: Option<String>,
    pub unit: Option<String>,
    pub carton_name: Option<String>,
    pub packs_per_unit: Option<i64>,
    pub proposed_packs: Option<i64>,
    pub packs: Option<i64>,
    pub event_kind: String,
    pub to_state: Option<String>,
    pub reason: Option<String>,
    data: Option<String>,
    /// Who did it; none for what time alone brought about.
    pub person: Option<String>,
    /// For which organisation.
    pub organisation: Option<String>,
}

impl Notice {
    #[must_use]
    pub fn order(&self) -> Option<OrderId> {
        self.order_id.map(OrderId)
    }

    #[must_use]
    pub fn share(&self) -> Option<ShareId> {
        self.share_id.map(ShareId)
    }

    #[must_use]
    pub fn offer_id(&self) -> Option<OfferId> {
        self.offer_id.map(OfferId)
    }

    #[must_use]
    pub fn catalog_id(&self) -> Option<CatalogId> {
        self.catalog_id.map(CatalogId)
    }

    #[must_use]
    pub fn question(&self) -> Option<QuestionId> {
        self.question_id.map(QuestionId)
    }

    /// The edition of the catalog that was sent.
    #[must_use]
    pub fn edition(&self) -> Option<i64> {
        #[derive(Deserialize)]
        struct Sent {
            edition: i64,
        }
        let sent: Sent = serde_json::from_str(self.data.as_deref()?).ok()?;
        Some(sent.edition)
    }

    /// The packs that an answered share was left with.
    #[must_use]
    pub fn answered_packs(&self) -> Option<i64> {
        EventFacts::packs_in(self.data.as_deref())
    }
}

/// What a person wants to be told about a topic, by which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    pub topic: Topic,
    pub by_mail: bool,
    pub in_app: bool,
}

/// All wishes of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choices {
    /// One for each topic that may be muted.
    pub topics: Vec<Choice>,
    pub quiet: Option<QuietHours>,
    /// One letter a day instead of one for each thing.
    pub digest: Option<Digest>,
    /// Without an address nothing comes by mail, and notices can't be muted.
    pub has_email: bool,
}

const NOTICE: &str = "SELECT n.id, n.kind, n.at, n.read_at, n.order_id, n.share_id, f.id AS offer_id, n.catalog_id, \
     n.question_id, f.title AS offer, g.title AS catalog, o.number, COALESCE(k.name, c.name, x.name) AS cooperative, \
     c.region_code AS cooperative_region, COALESCE(b.name, y.name) AS buyer, s.name AS subject, \
     m.name AS member, p.name AS goods, l.unit, l.carton_name, l.packs_per_unit, h.proposed_packs, h.packs, \
     e.kind AS event_kind, e.to_state, e.reason, e.data, w.name AS person, v.name AS organisation \
     FROM notices n JOIN events e ON e.id = n.event_id LEFT JOIN people w ON w.id = e.person_id \
     LEFT JOIN organisations v ON v.id = e.organisation_id LEFT JOIN organisations s ON s.id = n.subject_id \
     LEFT JOIN organisations k ON k.id = n.cooperative_id LEFT JOIN orders o ON o.id = n.order_id \
     LEFT JOIN organisations c ON c.id = o.cooperative_id LEFT JOIN organisations b ON b.id = o.buyer_id \
     LEFT JOIN shares h ON h.id = n.share_id LEFT JOIN organisations m ON m.id = h.supplier_id \
     LEFT JOIN products p ON p.id = h.product_id LEFT JOIN order_lines l ON l.id = h.order_line_id \
     LEFT JOIN catalogs g ON g.id = n.catalog_id LEFT JOIN questions q ON q.id = n.question_id \
     LEFT JOIN offers f ON f.id = COALESCE(n.offer_id, q.offer_id) \
     LEFT JOIN organisations x ON x.id = f.cooperative_id LEFT JOIN organisations y ON y.id = q.buyer_id";

/// One's own, in the matter of the organisation one acts for; $1 and $2.
const OWN: &str = "n.person_id = $1 AND (n.organisation_id = $2 OR n.organisation_id IS NULL)";

impl Store {
    /// A page of a person's notices, latest first, and how many there are.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn notices(
        &self,
        person: PersonId,
        organisation: Option<OrganisationId>,
        only_unread: bool,
        page: i64,
    ) -> Result<(Vec<Notice>, i64), Error> {
        let unread = if only_unread {
            "AND n.read_at IS NULL"
        } else {
            ""
        };
        let values =
            || -> Vec<Value> { vec![person.0.into(), organisation.map(Uuid::from).into()] };
        let found = self
            .number(
                format!("SELECT COUNT(*) FROM notices n WHERE {OWN} {unread}"),
                values(),
            )
            .await?;
        let mut of_page = values();
        of_page.push(NOTICE_ROWS.into());
        of_page.push(((page.max(1) - 1).saturating_mul(NOTICE_ROWS)).into());
        let rows = self
            .rows(
                format!(
                    "{NOTICE} WHERE {OWN} {unread} ORDER BY n.at DESC, n.id DESC LIMIT $3 OFFSET $4"
                ),
                of_page,
            )
            .await?;
        Ok((rows, found))
    }

    /// How many notices a person has not read.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn unread_notices(
        &self,
        person: PersonId,
        organisation: Option<OrganisationId>,
    ) -> Result<i64, Error> {
        self.number(
            format!("SELECT COUNT(*) FROM notices n WHERE {OWN} AND n.read_at IS NULL"),
            [person.0.into(), organisation.map(Uuid::from).into()],
        )
        .await
    }

    /// Marks one notice as read and gives it back. Reading it again is no error.
    ///
    /// # Errors
    /// [`Error::NotFound`] for somebody else's.
    pub async fn read_notice(
        &self,
        act: &Act,
        person: PersonId,
        organisation: Option<OrganisationId>,
        id: NoticeId,
    ) -> Result<Notice, Error> {
        self.write(act, async |tx| -> Result<Notice, Error> {
            let own = [
                Value::from(person.0),
                organisation.map(Uuid::from).into(),
                id.0.into(),
            ];
            let notice = tx
                .row(format!("{NOTICE} WHERE {OWN} AND n.id = $3"), own)
                .await?
                .ok_or(Error::NotFound)?;
            tx.exec(
                "UPDATE notices SET read_at = CASE WHEN at > $2 THEN at ELSE $2 END WHERE id = $1 AND read_at IS NULL",
                [id.0.into(), tx.now().0.into()],
            )
            .await?;
            Ok(notice)
        })
        .await
    }

    /// Marks all notices as read that were there at `seen`; what came meanwhile stays new. Answers how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn read_notices(
        &self,
        act: &Act,
        person: PersonId,
        organisation: Option<OrganisationId>,
        seen: Instant,
    ) -> Result<u64, Error> {
        self.write(act, async |tx| -> Result<u64, Error> {
            tx.exec(
                "UPDATE notices SET read_at = CASE WHEN at > $3 THEN at ELSE $3 END WHERE person_id = $1 \
                 AND (organisation_id = $2 OR organisation_id IS NULL) AND read_at IS NULL AND at <= $4",
                [
                    person.0.into(),
                    organisation.map(Uuid::from).into(),
                    tx.now().0.into(),
                    seen.0.into(),
                ],
            )
            .await
        })
        .await
    }

    /// What a person wants to be told by which way.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn notice_choices(&self, person: PersonId) -> Result<Choices, Error> {
        #[derive(FromQueryResult)]
        struct Row {
            topic: String,
            by_mail: bool,
            in_app: bool,
        }
        #[derive(FromQueryResult)]
        struct Quiet {
            begins_minute: i32,
            ends_minute: i32,
            zone: String,
        }
        let rows: Vec<Row> = self
            .rows(
                "SELECT topic, by_mail, in_app FROM notice_choices WHERE person_id = $1",
                [person.0.into()],
            )
            .await?;
        let quiet: Option<Quiet> = self
            .row(
                "SELECT begins_minute, ends_minute, zone FROM quiet_hours WHERE person_id = $1",
                [person.0.into()],
            )
            .await?;
        #[derive(FromQueryResult)]
        struct Daily {
            at_minute: i32,
            zone: String,
        }
        let digest: Option<Daily> = self
            .row(
                "SELECT at_minute, zone FROM digests WHERE person_id = $1",
                [person.0.into()],
            )
            .await?;
        let has_email = self
            .number(
                "SELECT COUNT(*) FROM people WHERE id = $1 AND email IS NOT NULL",
                [person.0.into()],
            )
            .await?;
        let chosen = |topic: Topic| rows.iter().find(|row| row.topic == topic.as_str());
        Ok(Choices {
            topics: Topic::ALL
                .iter()
                .filter(|topic| topic.may_be_muted())
                .map(|&topic| Choice {
                    topic,
                    by_mail: chosen(topic).is_none_or(|row| row.by_mail),
                    in_app: chosen(topic).is_none_or(|row| row.in_app),
                })
                .collect(),
            quiet: quiet.map(|row| QuietHours {
                begins: row.begins_minute,
                ends: row.ends_minute,
                zone: zone(&row.zone),
            }),
            digest: digest.map(|row| Digest {
                at: row.at_minute,
                zone: zone(&row.zone),
            }),
            has_email: has_email > 0,
        })
    }

    /// What a digest tells whose first thing happened at `since`: kinds of unread notices until its hour, each with how
    /// many; the topics that the person wants letters about. Without an hour any more, all of them.
    pub(crate) async fn digest_of(
        &self,
        person: PersonId,
        since: Instant,
    ) -> Result<Vec<(String, i64)>, Error> {
        #[derive(FromQueryResult)]
        struct Row {
            kind: String,
            n: i64,
        }
        let choices = self.notice_choices(person).await?;
        let until = choices
            .digest
            .map_or(i64::MAX, |digest| digest.next(since).0);
        let rows: Vec<Row> = self
            .rows(
                "SELECT kind, COUNT(*) AS n FROM notices WHERE person_id = $1 AND at >= $2 AND at < $3 \
                 AND read_at IS NULL GROUP BY kind ORDER BY n DESC, kind",
                [person.0.into(), since.0.into(), until.into()],
            )
            .await?;
        let is_wanted = |kind: &str| {
            let topic = Topic::of(kind);
            let mut topics = choices.topics.iter();
            topics.any(|choice| choice.topic == topic && choice.by_mail)
        };
        Ok(rows
            .into_iter()
            .filter(|row| is_wanted(&row.kind))
            .map(|row| (row.kind, row.n))
            .collect())
    }

    /// Keeps what a person wants; letters that are queued already leave as they were to.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_notice_choices(
        &self,
        act: &Act,
        person: PersonId,
        choices: &Choices,
    ) -> Result<(), Error> {
        self.write(act, async |tx| -> Result<(), Error> {
            for choice in &choices.topics {
                tx.exec(
                    "INSERT INTO notice_choices (person_id, topic, by_mail, in_app) VALUES ($1, $2, $3, $4) \
                     ON CONFLICT (person_id, topic) DO UPDATE SET by_mail = excluded.by_mail, in_app = excluded.in_app",
                    [
                        person.0.into(),
                        choice.topic.as_str().into(),
                        choice.by_mail.into(),
                        choice.in_app.into(),
                    ],
                )
                .await?;
            }
            tx.exec("DELETE FROM quiet_hours WHERE person_id = $1", [person.0.into()])
                .await?;
            if let Some(quiet) = choices.quiet {
                tx.exec(
                    "INSERT INTO quiet_hours (person_id, begins_minute, ends_minute, zone) VALUES ($1, $2, $3, $4)",
                    [
                        person.0.into(),
                        quiet.begins.into(),
                        quiet.ends.into(),
                        quiet.zone.abbreviation().into(),
                    ],
                )
                .await?;
            }
            tx.exec("DELETE FROM digests WHERE person_id = $1", [person.0.into()])
                .await?;
            if let Some(digest) = choices.digest {
                tx.exec(
                    "INSERT INTO digests (person_id, at_minute, zone) VALUES ($1, $2, $3)",
                    [
                        person.0.into(),
                        digest.at.into(),
                        digest.zone.abbreviation().into(),
                    ],
                )
                .await?;
            }
            tx.event(Event {
                subject_kind: "person",
                subject_id: person.0,
                kind: "notice_choices_changed",
                ..Event::default()
            })
            .await?;
            Ok(())
        })
        .await
    }

    /// Forgets notices from before `before`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_notices(&self, act: &Act, before: Instant) -> Result<u64, Error> {
        self.write(act, async |tx| -> Result<u64, Error> {
            tx.exec("DELETE FROM notices WHERE at < $1", [before.0.into()])
                .await
        })
        .await
    }
}
