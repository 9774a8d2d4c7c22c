//! Questions as the offer's page and the cooperative's desk show them.

use domain::ids::{OfferId, OrganisationId, QuestionId};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::error::Error;
use crate::sql::Sql;
use crate::write::Store;

/// A question on an offer's page. Whose it is stays unsaid, except to those who asked it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct OfferQuestion {
    pub id: Uuid,
    pub question: String,
    pub answer: Option<String>,
    /// Epoch microseconds.
    pub asked_at: i64,
    pub answered_at: Option<i64>,
    pub is_public: bool,
    /// 1 for questions of the organisation that looks.
    pub mine: i64,
}

/// Which questions a cooperative looks at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum QuestionFilter {
    #[default]
    Waiting,
    Answered,
    Hidden,
}

/// A line of the cooperative's list.
#[derive(Clone, Debug, FromQueryResult)]
pub struct QuestionRow {
    pub id: Uuid,
    pub offer_title: String,
    pub buyer_name: String,
    pub question: String,
    pub asked_at: i64,
    pub answered_at: Option<i64>,
    pub is_public: bool,
}

/// A question with all that its cooperative may know.
#[derive(Clone, Debug, FromQueryResult)]
pub struct ManagedQuestion {
    pub id: Uuid,
    pub offer_id: Uuid,
    pub offer_title: String,
    pub buyer_name: String,
    pub question: String,
    pub answer: Option<String>,
    pub asked_at: i64,
    pub answered_at: Option<i64>,
    pub is_public: bool,
    pub hidden_at: Option<i64>,
    pub version: i64,
}

impl QuestionFilter {
    fn condition(self) -> &'static str {
        match self {
            Self::Waiting => "q.answered_at IS NULL AND q.hidden_at IS NULL",
            Self::Answered => "q.answered_at IS NOT NULL AND q.hidden_at IS NULL",
            Self::Hidden => "q.hidden_at IS NOT NULL",
        }
    }
}

impl Store {
    /// Questions on an offer, newest first: those answered for all, and those of `buyer`. How many there are comes with
    /// them. The caller has made sure that the offer may be seen.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn questions_on(
        &self,
        offer: OfferId,
        buyer: Option<OrganisationId>,
        page: i64,
        per_page: i64,
    ) -> Result<(Vec<OfferQuestion>, i64), Error> {
        let condition =
            "q.offer_id = $1 AND q.hidden_at IS NULL AND (q.is_public OR q.buyer_id = $2)";
        let buyer = buyer.map(|buyer| buyer.0);
        let total = self
            .number(
                format!("SELECT COUNT(*) FROM questions q WHERE {condition}"),
                [offer.0.into(), buyer.into()],
            )
            .await?;
        if total == 0 {
            return Ok((Vec::new(), 0));
        }
        let skipped = (page.max(1) - 1).saturating_mul(per_page);
        let rows = self
            .rows(
                format!(
                    "SELECT q.id, q.question, q.answer, q.asked_at, q.answered_at, q.is_public, \
                     CAST(CASE WHEN q.buyer_id = $2 THEN 1 ELSE 0 END AS BIGINT) AS mine FROM questions q \
                     WHERE {condition} ORDER BY q.asked_at DESC, q.id LIMIT $3 OFFSET $4"
                ),
                [
                    offer.0.into(),
                    buyer.into(),
                    per_page.into(),
                    skipped.into(),
                ],
            )
            .await?;
        Ok((rows, total))
    }

    /// Questions to a cooperative: those that wait oldest first, others newest first; and how many there are.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn questions_to(
        &self,
        cooperative: OrganisationId,
        filter: QuestionFilter,
        page: i64,
        per_page: i64,
    ) -> Result<(Vec<QuestionRow>, i64), Error> {
        let condition = filter.condition();
        let total = self
            .number(
                format!(
                    "SELECT COUNT(*) FROM questions q WHERE q.cooperative_id = $1 AND {condition}"
                ),
                [cooperative.0.into()],
            )
            .await?;
        let order = match filter {
            QuestionFilter::Waiting => "q.asked_at, q.id",
            QuestionFilter::Answered | QuestionFilter::Hidden => "q.asked_at DESC, q.id",
        };
        let skipped = (page.max(1) - 1).saturating_mul(per_page);
        let rows = self
            .rows(
                format!(
                    "SELECT q.id, o.title AS offer_title, b.name AS buyer_name, q.question, q.asked_at, q.answered_at, \
                     q.is_public FROM questions q JOIN offers o ON o.id = q.offer_id JOIN organisations b \
                     ON b.id = q.buyer_id WHERE q.cooperative_id = $1 AND {condition} ORDER BY {order} LIMIT $2 OFFSET $3"
                ),
                [cooperative.0.into(), per_page.into(), skipped.into()],
            )
            .await?;
        Ok((rows, total))
    }

    /// A question to this cooperative.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn managed_question(
        &self,
        cooperative: OrganisationId,
        question: QuestionId,
    ) -> Result<Option<ManagedQuestion>, Error> {
        self.row(
            "SELECT q.id, q.offer_id, o.title AS offer_title, b.name AS buyer_name, q.question, q.answer, q.asked_at, \
             q.answered_at, q.is_public, q.hidden_at, q.version FROM questions q JOIN offers o ON o.id = q.offer_id \
             JOIN organisations b ON b.id = q.buyer_id WHERE q.id = $1 AND q.cooperative_id = $2",
            [question.0.into(), cooperative.0.into()],
        )
        .await
    }

    /// How many questions to a cooperative wait for an answer.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn questions_waiting(&self, cooperative: OrganisationId) -> Result<i64, Error> {
        self.number(
            "SELECT COUNT(*) FROM questions WHERE cooperative_id = $1 AND answered_at IS NULL AND hidden_at IS NULL",
            [cooperative.0.into()],
        )
        .await
    }
}
