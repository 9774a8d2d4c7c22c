//! Asking, answering, hiding.

use domain::ids::{OfferId, OrganisationId, QuestionId};
use domain::offers::Viewer;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::act::Act;
use crate::entities::questions;
use crate::error::Error;
use crate::events::Event;
use crate::letters::{About, Told};
use crate::offers::visibility::visible;
use crate::sql::Sql;
use crate::write::{Store, Tx, rerun_by_store};

/// Why a question is not asked, answered or hidden.
#[derive(Debug, thiserror::Error)]
pub enum QuestionError {
    /// The question or the offer is not there, not this cooperative's, or not for this buyer.
    #[error("not found")]
    NotFound,
    /// Somebody answered or hid it since it was read.
    #[error("changed in the meantime, now version {0}")]
    Stale(i64),
    #[error(transparent)]
    Store(#[from] Error),
}
rerun_by_store!(QuestionError);

/// The same question of the same buyer within this time is one that was sent twice (seconds).
const TWICE_SECONDS: i64 = 3_600;

impl Store {
    /// Asks about an offer that the viewer may see. The same words again are the same question.
    ///
    /// # Errors
    /// [`QuestionError::NotFound`] when the viewer buys for nobody or may not see the offer.
    pub async fn ask_question(
        &self,
        act: &Act,
        viewer: &Viewer,
        offer: OfferId,
        words: &str,
    ) -> Result<QuestionId, QuestionError> {
        self.write(act, async |tx| tx.ask_question(viewer, offer, words).await)
            .await
    }

    /// Answers a question of this cooperative, or says it better.
    ///
    /// # Errors
    /// [`QuestionError`].
    pub async fn answer_question(
        &self,
        act: &Act,
        cooperative: OrganisationId,
        question: QuestionId,
        version: i64,
        answer: &str,
        is_public: bool,
    ) -> Result<(), QuestionError> {
        self.write(act, async |tx| {
            tx.answer_question(cooperative, question, version, answer, is_public)
                .await
        })
        .await
    }

    /// Takes a question of this cooperative out of everybody's sight, or puts it back.
    ///
    /// # Errors
    /// [`QuestionError::NotFound`].
    pub async fn hide_question(
        &self,
        act: &Act,
        cooperative: OrganisationId,
        question: QuestionId,
        is_hidden: bool,
    ) -> Result<(), QuestionError> {
        self.write(act, async |tx| {
            tx.hide_question(cooperative, question, is_hidden).await
        })
        .await
    }
}

impl Tx {
    async fn ask_question(
        &self,
        viewer: &Viewer,
        offer: OfferId,
        words: &str,
    ) -> Result<QuestionId, QuestionError> {
        #[derive(FromQueryResult)]
        struct Asked {
            cooperative_id: Uuid,
        }
        #[derive(FromQueryResult)]
        struct Before {
            id: Uuid,
        }
        let (Some(buyer), Some(person)) = (viewer.buyer, self.act.person) else {
            return Err(QuestionError::NotFound);
        };
        let (condition, mut values) = visible(viewer, self.now(), 2);
        values.insert(0, offer.0.into());
        let asked: Asked = self
            .row(
                format!("SELECT o.cooperative_id FROM offers o WHERE o.id = $1 AND {condition}"),
                values,
            )
            .await?
            .ok_or(QuestionError::NotFound)?;
        let before: Option<Before> = self
            .row(
                "SELECT id FROM questions WHERE buyer_id = $1 AND offer_id = $2 AND question = $3 AND asked_at > $4",
                [
                    buyer.0.into(),
                    offer.0.into(),
                    words.into(),
                    self.now().plus_seconds(-TWICE_SECONDS).0.into(),
                ],
            )
            .await?;
        if let Some(before) = before {
            return Ok(QuestionId(before.id));
        }
        let id = self.new_id();
        self.insert(questions::Model {
            id,
            offer_id: offer.0,
            cooperative_id: asked.cooperative_id,
            buyer_id: buyer.0,
            asked_by: person.0,
            asked_at: self.now().0,
            question: words.to_owned(),
            answer: None,
            answered_by: None,
            answered_at: None,
            is_public: false,
            hidden_by: None,
            hidden_at: None,
            version: 1,
        })
        .await?;
        let event = self
            .event(Event {
                subject_kind: "question",
                subject_id: id,
                kind: "question_asked",
                ..Event::default()
            })
            .await?;
        let about = About {
            question: Some(QuestionId(id)),
            ..About::default()
        };
        self.letter_to_roles(
            "question_asked",
            event,
            OrganisationId(asked.cooperative_id),
            &["coop_manager"],
            about,
        )
        .await?;
        Ok(QuestionId(id))
    }

    /// The row of this cooperative's question, locked.
    async fn question_to_change(
        &self,
        cooperative: OrganisationId,
        question: QuestionId,
    ) -> Result<questions::Model, QuestionError> {
        self.row(
            format!(
                "SELECT * FROM questions WHERE id = $1 AND cooperative_id = $2{}",
                self.for_update()
            ),
            [question.0.into(), cooperative.0.into()],
        )
        .await?
        .ok_or(QuestionError::NotFound)
    }

    async fn answer_question(
        &self,
        cooperative: OrganisationId,
        question: QuestionId,
        version: i64,
        answer: &str,
        is_public: bool,
    ) -> Result<(), QuestionError> {
        #[derive(FromQueryResult)]
        struct Asker {
            person_id: Uuid,
        }
        let row = self.question_to_change(cooperative, question).await?;
        let Some(person) = self.act.person else {
            return Err(QuestionError::NotFound);
        };
        if row.version != version {
            return Err(QuestionError::Stale(row.version));
        }
        self.exec(
            "UPDATE questions SET answer = $2, answered_by = $3, answered_at = $4, is_public = $5, \
             version = version + 1 WHERE id = $1",
            [
                row.id.into(),
                answer.into(),
                person.0.into(),
                self.now().0.into(),
                is_public.into(),
            ],
        )
        .await?;
        let event = self
            .event(Event {
                subject_kind: "question",
                subject_id: row.id,
                kind: "question_answered",
                to_state: Some(if is_public { "public" } else { "private" }),
                ..Event::default()
            })
            .await?;
        if row.is_public || is_public {
            // It stands, or stood, on a page that everybody sees.
            self.pages_changed();
        }
        // Whoever asked, as long as they still buy for the same organisation.
        let asker: Option<Asker> = self
            .row(
                "SELECT DISTINCT r.person_id FROM roles r JOIN people p ON p.id = r.person_id \
                 AND p.locked_at IS NULL WHERE r.person_id = $1 AND r.organisation_id = $2 AND r.until IS NULL",
                [row.asked_by.into(), row.buyer_id.into()],
            )
            .await?;
        if let Some(asker) = asker {
            let about = About {
                question: Some(question),
                ..About::default()
            };
            let told = Told {
                person: asker.person_id.into(),
                organisation: Some(OrganisationId(row.buyer_id)),
                about,
            };
            self.tell("question_answered", event, &[told]).await?;
        }
        Ok(())
    }

    async fn hide_question(
        &self,
        cooperative: OrganisationId,
        question: QuestionId,
        is_hidden: bool,
    ) -> Result<(), QuestionError> {
        let row = self.question_to_change(cooperative, question).await?;
        if row.hidden_at.is_some() == is_hidden {
            return Ok(());
        }
        let hidden = is_hidden.then_some(self.now().0);
        let by = self.act.person.filter(|_| is_hidden).map(|person| person.0);
        self.exec(
            "UPDATE questions SET hidden_at = $2, hidden_by = $3, version = version + 1 WHERE id = $1",
            [row.id.into(), hidden.into(), by.into()],
        )
        .await?;
        if row.is_public {
            self.pages_changed();
        }
        self.event(Event {
            subject_kind: "question",
            subject_id: row.id,
            kind: if is_hidden {
                "question_hidden"
            } else {
                "question_shown"
            },
            ..Event::default()
        })
        .await?;
        Ok(())
    }
}
