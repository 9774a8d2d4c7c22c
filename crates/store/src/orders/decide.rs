//! What becomes of an order after it was placed: confirmation, refusal, cancellation, time running out; the buyer's own
//! yes is in `approval`. Every step goes through `domain::orders::transition`, writes one event, and releases each hold at most once.

use std::str::FromStr;

use domain::ids::{EventId, OrderId, OrganisationId};
use domain::orders::{
    Actor, ConfirmLine, ConfirmRefusal, OrderEvent, OrderState, Refusal, SamePerson, may_confirm,
    transition,
};
use domain::quantity::{Packs, Units};
use domain::settings::Terms;
use domain::shares::ShareState;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::act::Act;
use crate::error::Error;
use crate::events::Event;
use crate::letters::About;
use crate::orders::place::PlaceError;
use crate::sql::Sql;
use crate::write::{Store, Tx, rerun_by_store};

/// Why an order stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum DecideError {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error(transparent)]
    SamePerson(#[from] SamePerson),
    #[error(transparent)]
    NotYet(#[from] ConfirmRefusal),
    /// The stock that was held while the order waited is gone to others, or prices changed.
    #[error(transparent)]
    Place(PlaceError),
    #[error(transparent)]
    Store(#[from] Error),
}
rerun_by_store!(DecideError);

impl From<PlaceError> for DecideError {
    fn from(error: PlaceError) -> Self {
        match error {
            PlaceError::Store(error) => Self::Store(error),
            other => Self::Place(other),
        }
    }
}

/// An order's row, locked by the deed that reads it.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct OrderRow {
    pub id: Uuid,
    pub buyer_id: Uuid,
    pub cooperative_id: Uuid,
    pub state: String,
    pub created_by: Uuid,
    pub total_rupiah: i64,
    pub freight_pending: bool,
    pub region_code: String,
    pub wanted_on: Option<i32>,
    pub is_pkp: bool,
    pub terms: String,
}

impl OrderRow {
    pub(crate) fn state(&self) -> Result<OrderState, Error> {
        OrderState::from_str(&self.state).map_err(|_| Error::Corrupt(self.state.clone()))
    }

    pub(crate) fn order(&self) -> OrderId {
        OrderId(self.id)
    }

    pub(crate) fn buyer(&self) -> OrganisationId {
        OrganisationId(self.buyer_id)
    }

    pub(crate) fn cooperative(&self) -> OrganisationId {
        OrganisationId(self.cooperative_id)
    }

    pub(crate) fn terms(&self) -> Result<Terms, Error> {
        Ok(serde_json::from_str(&self.terms)?)
    }
}

/// Whose order it must be: a query takes its owner, so that nobody reaches another's order.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Owner {
    Buyer(OrganisationId),
    Cooperative(OrganisationId),
    Anyone,
}

impl Tx {
    /// The order, if it is this owner's, locked until the deed ends.
    pub(crate) async fn lock_order(&self, owner: Owner, order: OrderId) -> Result<OrderRow, Error> {
        let (condition, party) = match owner {
            Owner::Buyer(id) => ("AND buyer_id = $2", Some(id)),
            Owner::Cooperative(id) => ("AND cooperative_id = $2", Some(id)),
            Owner::Anyone => ("", None),
        };
        let mut values: Vec<sea_orm::Value> = vec![order.0.into()];
        values.extend(party.map(|id| sea_orm::Value::from(id.0)));
        self.row(
            format!(
                "SELECT id, buyer_id, cooperative_id, state, created_by, total_rupiah, freight_pending, region_code, wanted_on, is_pkp, terms FROM orders \
                 WHERE id = $1 {condition}{}",
                self.for_update()
            ),
            values,
        )
        .await?
        .ok_or(Error::NotFound)
    }

    /// Writes the event of a transition and the new state.
    pub(crate) async fn advance(
        &self,
        row: &OrderRow,
        event: OrderEvent,
        to: OrderState,
        reason: Option<&str>,
    ) -> Result<EventId, Error> {
        let id = self
            .event(Event {
                subject_kind: "order",
                subject_id: row.id,
                kind: event.as_str(),
                from_state: Some(&row.state),
                to_state: Some(to.as_str()),
                reason,
                ..Event::default()
            })
            .await?;
        self.exec(
            "UPDATE orders SET state = $2, version = version + 1 WHERE id = $1 AND state = $3",
            [row.id.into(), to.as_str().into(), row.state.as_str().into()],
        )
        .await?;
        Ok(id)
    }

    /// Lets go of everything an order held: holds once each, shares, and a question still open to the buyer.
    pub(crate) async fn let_go(&self, row: &OrderRow, reason: &str) -> Result<(), Error> {
        self.release_order(row.order(), reason).await?;
        self.exec(
            "UPDATE shares SET state = 'released' WHERE order_id = $1 AND state IN ('proposed', 'accepted', 'reduced')",
            [row.id.into()],
        )
        .await?;
        self.exec(
            "UPDATE consents SET state = 'withdrawn', answered_at = $2 WHERE order_id = $1 AND state = 'open'",
            [row.id.into(), self.now().0.into()],
        )
        .await?;
        self.offers_of_order_changed(row.order()).await
    }

    /// Buyer, cooperative and the members concerned hear how the order ended.
    async fn letters_of_end(
        &self,
        row: &OrderRow,
        event: EventId,
        letter: &str,
    ) -> Result<(), Error> {
        let about = About::order(row.order());
        self.letter_to_roles(
            letter,
            event,
            row.buyer(),
            &["buyer_staff", "buyer_approver"],
            about,
        )
        .await?;
        if row.state()? != OrderState::Sent {
            // Still inside the buyer's house: nobody else has heard of it.
            return Ok(());
        }
        self.letter_to_roles(letter, event, row.cooperative(), &["coop_manager"], about)
            .await?;
        let to_members = if letter == "order_confirmed" {
            "share_confirmed"
        } else {
            "share_released"
        };
        self.letters_of_shares(to_members, event, row.order()).await
    }
}

impl Store {
    /// The cooperative takes the order on: every share answered, accepted = ordered, freight known.
    ///
    /// # Errors
    /// [`DecideError::NotYet`] with what is missing.
    pub async fn confirm_order(
        &self,
        act: &Act,
        cooperative: OrganisationId,
        order: OrderId,
    ) -> Result<(), DecideError> {
        self.write(act, async |tx| -> Result<(), DecideError> {
            let row = tx
                .lock_order(Owner::Cooperative(cooperative), order)
                .await?;
            let to = transition(row.state()?, OrderEvent::Confirm, Actor::CoopManager)?;
            let lines = tx.confirm_lines(order).await?;
            let shares = tx.share_states(order).await?;
            let open = tx
                .number(
                    "SELECT COUNT(*) FROM consents WHERE order_id = $1 AND state = 'open'",
                    [row.id.into()],
                )
                .await?;
            may_confirm(&lines, &shares, row.freight_pending, open > 0)?;
            let event = tx.advance(&row, OrderEvent::Confirm, to, None).await?;
            tx.exec(
                "UPDATE orders SET expires_at = NULL, answer_by = NULL WHERE id = $1",
                [row.id.into()],
            )
            .await?;
            tx.letters_of_end(&row, event, "order_confirmed").await?;
            Ok(())
        })
        .await
    }

    /// The cooperative refuses the order, with a reason; each hold is released once.
    ///
    /// # Errors
    /// [`DecideError`].
    pub async fn decline_order(
        &self,
        act: &Act,
        cooperative: OrganisationId,
        order: OrderId,
        reason: &str,
    ) -> Result<(), DecideError> {
        self.end(
            act,
            Owner::Cooperative(cooperative),
            order,
            (OrderEvent::Decline, Actor::CoopManager),
            Some(reason),
            "order_declined",
        )
        .await
    }

    /// The buyer takes a sent order back; free of charge until it is confirmed.
    ///
    /// # Errors
    /// [`DecideError`].
    pub async fn cancel_order(
        &self,
        act: &Act,
        buyer: OrganisationId,
        actor: Actor,
        order: OrderId,
    ) -> Result<(), DecideError> {
        self.end(
            act,
            Owner::Buyer(buyer),
            order,
            (OrderEvent::Cancel, actor),
            None,
            "order_cancelled",
        )
        .await
    }

    /// The cooperative did not answer within its working days.
    pub(crate) async fn expire_order(&self, act: &Act, order: OrderId) -> Result<(), DecideError> {
        self.end(
            act,
            Owner::Anyone,
            order,
            (OrderEvent::TimeOut, Actor::System),
            None,
            "order_expired",
        )
        .await
    }

    async fn end(
        &self,
        act: &Act,
        owner: Owner,
        order: OrderId,
        (event, actor): (OrderEvent, Actor),
        reason: Option<&str>,
        letter: &str,
    ) -> Result<(), DecideError> {
        self.write(act, async |tx| -> Result<(), DecideError> {
            let row = tx.lock_order(owner, order).await?;
            let to = transition(row.state()?, event, actor)?;
            let event = tx.advance(&row, event, to, reason).await?;
            tx.change_no_more(order).await?;
            tx.letters_of_end(&row, event, letter).await?;
            tx.let_go(&row, to.as_str()).await?;
            Ok(())
        })
        .await
    }
}

impl Tx {
    pub(crate) async fn confirm_lines(&self, order: OrderId) -> Result<Vec<ConfirmLine>, Error> {
        #[derive(FromQueryResult)]
        struct Sums {
            units: i64,
            packs_per_unit: i64,
            accepted: i64,
        }
        let rows: Vec<Sums> = self
            .rows(
                "SELECT l.units, l.packs_per_unit, CAST(COALESCE((SELECT SUM(s.packs) FROM shares s WHERE \
                 s.order_line_id = l.id AND s.state IN ('accepted', 'reduced')), 0) AS BIGINT) AS accepted \
                 FROM order_lines l WHERE l.order_id = $1 ORDER BY l.position",
                [order.0.into()],
            )
            .await?;
        Ok(rows
            .into_iter()
            .map(|row| ConfirmLine {
                ordered: Units(row.units),
                accepted: Packs(row.accepted).units(row.packs_per_unit),
            })
            .collect())
    }

    pub(crate) async fn share_states(&self, order: OrderId) -> Result<Vec<ShareState>, Error> {
        #[derive(FromQueryResult)]
        struct Row {
            state: String,
        }
        let rows: Vec<Row> = self
            .rows(
                "SELECT state FROM shares WHERE order_id = $1 AND state <> 'released'",
                [order.0.into()],
            )
            .await?;
        rows.into_iter()
            .map(|row| ShareState::from_str(&row.state).map_err(|_| Error::Corrupt(row.state)))
            .collect()
    }
}
