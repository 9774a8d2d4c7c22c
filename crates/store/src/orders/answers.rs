//! Members answer their shares, each with a word of its own or by silence. What follows when all have is in
//! `second_run`.

use std::str::FromStr;

use domain::allocation::LotStock;
use domain::ids::{LotId, OrderId, OrganisationId, ShareId};
use domain::orders::OrderState;
use domain::quantity::Packs;
use domain::shares::{
    Answer, AnswerProblem, Answered, Proposal, ShareActor, ShareEvent, ShareState,
};
use domain::time::{Day, Instant};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::act::Act;
use crate::error::Error;
use crate::events::Event;
use crate::letters::About;
use crate::orders::decide::Owner;
use crate::sql::Sql;
use crate::stock::{HoldKind, StockError};
use crate::write::{Store, Tx, rerun_by_store};

/// Why a share's answer was not taken.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    #[error(transparent)]
    Problem(#[from] AnswerProblem),
    /// The order is no longer waiting for answers.
    #[error("the order is {0}")]
    OrderState(OrderState),
    #[error(transparent)]
    Store(#[from] Error),
}
rerun_by_store!(AnswerError);

impl From<StockError> for AnswerError {
    fn from(error: StockError) -> Self {
        match error {
            StockError::TooFew(lot) => Self::Store(Error::Corrupt(format!(
                "lot {lot} has less free than counted"
            ))),
            StockError::Store(error) => Self::Store(error),
        }
    }
}

/// Whose share it must be.
#[derive(Clone, Copy, Debug)]
pub enum ShareOwner {
    /// The business that supplies it.
    Supplier(OrganisationId),
    /// The cooperative, acting on the member's behalf: marked and shown to the member.
    Cooperative(OrganisationId),
}

#[derive(Clone, Debug, FromQueryResult)]
struct ShareRow {
    id: Uuid,
    order_id: Uuid,
    supplier_id: Uuid,
    cooperative_id: Uuid,
    proposed_packs: i64,
    state: String,
    answer_by: Option<i64>,
    packs_per_unit: i64,
    mixed_carton: String,
}

const SHARE: &str = "SELECT s.id, s.order_id, s.supplier_id, s.cooperative_id, s.proposed_packs, \
    s.state, s.answer_by, l.packs_per_unit, l.mixed_carton FROM shares s JOIN order_lines l ON l.id = s.order_line_id";

impl ShareRow {
    fn proposal(&self) -> Result<Proposal, Error> {
        Ok(Proposal {
            state: ShareState::from_str(&self.state)
                .map_err(|_| Error::Corrupt(self.state.clone()))?,
            proposed: Packs(self.proposed_packs),
            step_packs: if self.mixed_carton == "same_grade" {
                1
            } else {
                self.packs_per_unit
            },
            answer_by: self.answer_by.map(Instant),
        })
    }
}

impl Store {
    /// A member accepts, reduces or declines its share before the deadline; or the manager does on its behalf.
    ///
    /// # Errors
    /// [`AnswerError`]; nothing changes then.
    pub async fn answer_share(
        &self,
        act: &Act,
        owner: ShareOwner,
        share: ShareId,
        answer: Answer,
        reason: Option<&str>,
    ) -> Result<Answered, AnswerError> {
        let mut act = *act;
        if let ShareOwner::Cooperative(cooperative) = owner {
            // The event names the member in whose place the manager speaks.
            act.on_behalf_of = self.supplier_of(cooperative, share).await?;
        }
        self.write(&act, async |tx| -> Result<Answered, AnswerError> {
            let (column, party, actor) = match owner {
                ShareOwner::Supplier(id) => ("supplier_id", id, ShareActor::Owner),
                ShareOwner::Cooperative(id) => ("cooperative_id", id, ShareActor::ManagerOnBehalf),
            };
            let find = || async {
                tx.row::<ShareRow>(
                    format!("{SHARE} WHERE s.id = $1 AND s.{column} = $2"),
                    [share.0.into(), party.0.into()],
                )
                .await?
                .ok_or(Error::NotFound)
            };
            let order = tx
                .lock_order(Owner::Anyone, OrderId(find().await?.order_id))
                .await?;
            // Read again under the order's lock: another answer may have been faster.
            let row = find().await?;
            let state = order.state()?;
            if state != OrderState::Sent {
                return Err(AnswerError::OrderState(state));
            }
            let answered = tx.answer(&row, answer, actor, reason).await?;
            tx.after_answers(&order).await?;
            Ok(answered)
        })
        .await
    }

    async fn supplier_of(
        &self,
        cooperative: OrganisationId,
        share: ShareId,
    ) -> Result<Option<OrganisationId>, Error> {
        #[derive(FromQueryResult)]
        struct Supplier {
            supplier_id: Uuid,
        }
        let row: Option<Supplier> = self
            .row(
                "SELECT supplier_id FROM shares WHERE id = $1 AND cooperative_id = $2",
                [share.0.into(), cooperative.0.into()],
            )
            .await?;
        Ok(row.map(|row| OrganisationId(row.supplier_id)))
    }

    /// Accepts, in the members' silence, the shares of an order whose deadline has passed.
    pub(crate) async fn accept_silent_shares(
        &self,
        act: &Act,
        order: OrderId,
    ) -> Result<(), AnswerError> {
        self.write(act, async |tx| -> Result<(), AnswerError> {
            let order = tx.lock_order(Owner::Anyone, order).await?;
            if order.state()? != OrderState::Sent {
                return Ok(());
            }
            let due: Vec<ShareRow> = tx
                .rows(
                    format!("{SHARE} WHERE s.order_id = $1 AND s.state = 'proposed' AND s.answer_by <= $2 ORDER BY s.id"),
                    [order.id.into(), tx.now().0.into()],
                )
                .await?;
            for row in &due {
                tx.answer(row, Answer::Accept, ShareActor::System, None).await?;
            }
            if !due.is_empty() {
                tx.after_answers(&order).await?;
            }
            Ok(())
        })
        .await
    }
}

impl Tx {
    async fn answer(
        &self,
        row: &ShareRow,
        answer: Answer,
        actor: ShareActor,
        reason: Option<&str>,
    ) -> Result<Answered, AnswerError> {
        let share = ShareId(row.id);
        let answered = row.proposal()?.answer(answer, actor, self.now())?;
        if answered.freed.0 > 0 {
            self.give_back(OrderId(row.order_id), share, answered.packs)
                .await?;
        }
        self.exec(
            "UPDATE shares SET state = $2, packs = $3, answered_at = $4, answered_by = $5, on_behalf = $6, reason = $7 \
             WHERE id = $1",
            [
                row.id.into(),
                answered.state.as_str().into(),
                answered.packs.0.into(),
                self.now().0.into(),
                self.act.person.map(Uuid::from).into(),
                (actor == ShareActor::ManagerOnBehalf).into(),
                reason.map(str::to_owned).into(),
            ],
        )
        .await?;
        let kind = match answer {
            Answer::Accept => ShareEvent::Accept,
            Answer::Reduce(_) => ShareEvent::Reduce,
            Answer::Decline => ShareEvent::Decline,
        };
        let event = self
            .event(Event {
                subject_kind: "share",
                subject_id: row.id,
                kind: kind.as_str(),
                from_state: Some(&row.state),
                to_state: Some(answered.state.as_str()),
                reason,
                data: Some(format!(
                    "{{\"proposed\":{},\"packs\":{}}}",
                    row.proposed_packs, answered.packs.0
                )),
            })
            .await?;
        let about = About {
            order: Some(OrderId(row.order_id)),
            share: Some(share),
            ..About::default()
        };
        if actor == ShareActor::ManagerOnBehalf {
            // The owner learns what was answered in its name.
            self.letter_to_roles(
                "share_answered",
                event,
                OrganisationId(row.supplier_id),
                &["umkm_owner"],
                about,
            )
            .await?;
        } else if answered.freed.0 > 0 {
            self.letter_to_roles(
                "share_answered",
                event,
                OrganisationId(row.cooperative_id),
                &["coop_manager"],
                about,
            )
            .await?;
        }
        Ok(answered)
    }

    /// Keeps `packs` of what a share holds and gives the rest back: what stays promised is what expires first.
    async fn give_back(
        &self,
        order: OrderId,
        share: ShareId,
        packs: Packs,
    ) -> Result<(), AnswerError> {
        #[derive(FromQueryResult)]
        struct Held {
            lot_id: Uuid,
            packs: i64,
            good_until: Option<i32>,
            ready_on: i32,
        }
        let held: Vec<Held> = self
            .rows(
                "SELECT h.lot_id, h.packs, l.good_until, l.ready_on FROM holds h JOIN lots l ON l.id = h.lot_id \
                 WHERE h.share_id = $1 AND h.released_at IS NULL ORDER BY h.lot_id",
                [share.0.into()],
            )
            .await?;
        let stock: Vec<LotStock> = held
            .iter()
            .map(|row| LotStock {
                lot: LotId(row.lot_id),
                free: Packs(row.packs),
                good_until: row.good_until.map(Day),
                ready_on: Day(row.ready_on),
            })
            .collect();
        self.release_share(share, if packs.0 == 0 { "declined" } else { "reduced" })
            .await?;
        if packs.0 > 0 {
            let keep = domain::allocation::pick(&stock, packs).ok_or_else(|| {
                Error::Corrupt(format!("share {share} holds less than it promised"))
            })?;
            let keep: Vec<_> = keep
                .into_iter()
                .map(|(lot, packs)| (share, lot, packs))
                .collect();
            self.hold(order, &keep, HoldKind::Order).await?;
        }
        Ok(())
    }

    /// A share keeps what fills whole cartons; the packs left over go back to the member's lots.
    pub(crate) async fn keep_whole(
        &self,
        order: OrderId,
        share: ShareId,
        packs: Packs,
    ) -> Result<(), Error> {
        self.give_back(order, share, packs)
            .await
            .map_err(|error| match error {
                AnswerError::Store(error) => error,
                other => Error::Corrupt(other.to_string()),
            })?;
        self.exec(
            "UPDATE shares SET packs = $2 WHERE id = $1",
            [share.0.into(), packs.0.into()],
        )
        .await?;
        self.event(Event {
            subject_kind: "share",
            subject_id: share.0,
            kind: "whole_cartons",
            data: Some(format!("{{\"packs\":{}}}", packs.0)),
            ..Event::default()
        })
        .await?;
        Ok(())
    }
}
