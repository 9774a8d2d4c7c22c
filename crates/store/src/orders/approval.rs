//! The buyer's own yes: an approver lets an order go or gives it back, its maker sends it again.
//!
//! What was given back holds nothing; sent again, its lines are shared out anew at their frozen quantities and prices.

use domain::ids::{OrderId, OrganisationId, PersonId};
use domain::money::Rupiah;
use domain::offers::Viewer;
use domain::orders::{Actor, OrderEvent, OrderState, four_eyes, transition};
use domain::quantity::Units;
use domain::time::Day;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::decide::{DecideError, OrderRow, Owner};
use super::lines::{self, Destination};
use super::place::PlaceError;
use crate::act::Act;
use crate::carts::CartLine;
use crate::error::Error;
use crate::letters::About;
use crate::offers::facts::{self, Party};
use crate::sql::Sql;
use crate::write::{Store, Tx};

#[derive(FromQueryResult)]
struct FrozenLine {
    id: Uuid,
    offer_id: Uuid,
    ordered_units: i64,
    goods_rupiah: i64,
    /// Number of the run that comes next.
    run: i64,
}

impl Store {
    /// The buyer's approver lets the order go to the cooperative. Where the hold ran out meanwhile, the stock is taken
    /// anew, or the refusal says what is left.
    ///
    /// # Errors
    /// [`DecideError`]; nothing changes then.
    pub async fn approve_order(
        &self,
        act: &Act,
        buyer: OrganisationId,
        order: OrderId,
    ) -> Result<(), DecideError> {
        self.write(act, async |tx| -> Result<(), DecideError> {
            let row = tx.lock_order(Owner::Buyer(buyer), order).await?;
            let to = transition(row.state()?, OrderEvent::Approve, Actor::BuyerApprover)?;
            let terms = row.terms()?;
            let person = tx.act.person.ok_or(Error::NotFound)?;
            four_eyes(terms.four_eyes, PersonId(row.created_by), person)?;
            let cooperative = facts::party(tx, row.cooperative(), "cooperative").await?;
            // Before looking at the holds: the sweep may be about to release those whose time is up.
            tx.lock_lots_of(order).await?;
            let gaps = tx
                .number(
                    "SELECT COUNT(*) FROM shares s WHERE s.order_id = $1 AND s.state = 'proposed' AND s.packs > \
                     (SELECT COALESCE(SUM(h.packs), 0) FROM holds h WHERE h.share_id = s.id AND h.released_at IS NULL \
                     AND (h.expires_at IS NULL OR h.expires_at > $2))",
                    [row.id.into(), tx.now().0.into()],
                )
                .await?;
            if row.state()? == OrderState::Draft || gaps > 0 {
                tx.let_go(&row, "placed_again").await?;
                tx.share_out_again(&row, to).await?;
            } else {
                tx.exec(
                    "UPDATE holds SET kind = 'order', expires_at = NULL WHERE order_id = $1 AND released_at IS NULL",
                    [row.id.into()],
                )
                .await?;
            }
            let event = tx.advance(&row, OrderEvent::Approve, to, None).await?;
            tx.change_no_more(order).await?;
            tx.mark_sent(order, &terms, cooperative.zone()).await?;
            tx.letters_when_sent(order, event, row.cooperative()).await?;
            tx.letter_if_reachable("order_placed", event, PersonId(row.created_by), About::order(order)).await?;
            Ok(())
        })
        .await
    }

    /// The approver gives the order back to its maker, with a reason; its stock is let go.
    ///
    /// # Errors
    /// [`DecideError`].
    pub async fn return_order(
        &self,
        act: &Act,
        buyer: OrganisationId,
        order: OrderId,
        reason: &str,
    ) -> Result<(), DecideError> {
        self.write(act, async |tx| -> Result<(), DecideError> {
            let row = tx.lock_order(Owner::Buyer(buyer), order).await?;
            let to = transition(row.state()?, OrderEvent::Return, Actor::BuyerApprover)?;
            let event = tx
                .advance(&row, OrderEvent::Return, to, Some(reason))
                .await?;
            tx.let_go(&row, "returned").await?;
            tx.letter_if_reachable(
                "order_returned",
                event,
                PersonId(row.created_by),
                About::order(order),
            )
            .await?;
            Ok(())
        })
        .await
    }

    /// Sends a returned order again, at its frozen quantities and prices, if stock and prices still allow.
    ///
    /// # Errors
    /// [`DecideError`].
    pub async fn submit_order(
        &self,
        act: &Act,
        buyer: OrganisationId,
        actor: Actor,
        order: OrderId,
    ) -> Result<OrderState, DecideError> {
        self.write(act, async |tx| -> Result<OrderState, DecideError> {
            let row = tx.lock_order(Owner::Buyer(buyer), order).await?;
            let terms = row.terms()?;
            let party = facts::party(tx, buyer, "buyer").await?;
            let event = domain::orders::placing_event(
                Rupiah(row.total_rupiah),
                party.staff_limit_rupiah.map(Rupiah),
                actor,
                terms.four_eyes,
            );
            let to = transition(row.state()?, event, actor)?;
            let cooperative: Party = facts::party(tx, row.cooperative(), "cooperative").await?;
            tx.change_no_more(order).await?;
            tx.share_out_again(&row, to).await?;
            tx.submitted(order, event, to, &terms, &cooperative).await?;
            Ok(to)
        })
        .await
    }
}

impl Tx {
    /// Places the lines of an order anew at its frozen quantities: its stock was let go, or its hold ran out.
    async fn share_out_again(&self, row: &OrderRow, state: OrderState) -> Result<(), DecideError> {
        let cooperative = facts::party(self, row.cooperative(), "cooperative").await?;
        let terms = row.terms()?;
        let frozen: Vec<FrozenLine> = self
            .rows(
                "SELECT l.id, l.offer_id, l.ordered_units, l.goods_rupiah, (SELECT CAST(COALESCE(MAX(a.run), 0) + 1 AS BIGINT) \
                 FROM allocations a WHERE a.order_line_id = l.id) AS run FROM order_lines l WHERE l.order_id = $1 \
                 ORDER BY l.position",
                [row.id.into()],
            )
            .await?;
        let wanted: Vec<CartLine> = frozen
            .iter()
            .map(|line| CartLine {
                offer: domain::ids::OfferId(line.offer_id),
                units: Units(line.ordered_units),
                seen_price: Rupiah::ZERO,
                seen_units: Units(0),
            })
            .collect();
        let viewer = Viewer {
            signed_in: true,
            verified: true,
            buyer: Some(row.buyer()),
        };
        let offers = self
            .checked_offers(&viewer, row.cooperative(), &wanted)
            .await?;
        lines::in_time(
            &offers,
            row.wanted_on.map(Day),
            self.now(),
            cooperative.zone(),
        )?;
        let to = Destination {
            terms: &terms,
            region_code: &row.region_code,
            wanted_on: row.wanted_on.map(Day),
        };
        let shared = self
            .share_out(&cooperative, &offers, &wanted, &to, None)
            .await?;
        for (frozen, line) in frozen.iter().zip(shared) {
            if line.money.totals.goods.0 != frozen.goods_rupiah {
                return Err(DecideError::Place(PlaceError::Changed(Vec::new())));
            }
            let portion = crate::orders::sharing::Portion {
                order: row.order(),
                line: domain::ids::OrderLineId(frozen.id),
                offer: &line.offer,
                run: i32::try_from(frozen.run).unwrap_or(i32::MAX),
            };
            let (hold, answer_by) = self.promise(state, &terms);
            line.shared
                .write(self, &portion, hold, answer_by)
                .await
                .map_err(PlaceError::from)?;
        }
        Ok(())
    }
}
