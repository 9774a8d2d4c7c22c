//! Changing an order that the approver gave back: its goods go into the cart once more, and the order that the buyer
//! sends from there takes its place.
//!
//! The returned order holds nothing: its holds were released when it came back. It stays as it is until the new one is
//! placed, and is cancelled in the same deed, so that never both of them are under way. Any other order can be ordered
//! once more in the same way, without an end for itself.

use domain::ids::{OfferId, OrderId, OrganisationId};
use domain::offers::{Viewer, step_more};
use domain::orders::{Actor, OrderEvent, OrderState, Refusal, transition};
use domain::quantity::Units;
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use super::decide::{DecideError, Owner};
use super::place::PlaceError;
use crate::act::Act;
use crate::carts;
use crate::error::Error;
use crate::events::Event;
use crate::offers::facts;
use crate::sql::Sql;
use crate::write::{Store, Tx};

#[derive(FromQueryResult)]
struct Changed {
    order_id: Uuid,
}

impl Store {
    /// Puts the goods and the address of a returned order into the cart, beside what lies there already. Gives the
    /// cooperative whose cart it is.
    ///
    /// # Errors
    /// [`DecideError::Refused`] for an order that was not given back.
    pub async fn change_order(
        &self,
        act: &Act,
        buyer: OrganisationId,
        order: OrderId,
    ) -> Result<OrganisationId, DecideError> {
        self.write(act, async |tx| -> Result<OrganisationId, DecideError> {
            // The cart is locked before the order, as when an order is placed.
            let cooperative = tx.cooperative_of(buyer, order).await?;
            let cart = tx.cart_id(buyer, cooperative).await?;
            carts::lock(tx, buyer, cooperative).await?;
            let row = tx.lock_order(Owner::Buyer(buyer), order).await?;
            let state = row.state()?;
            if state != OrderState::Draft {
                let event = OrderEvent::Cancel;
                return Err(Refusal::WrongState { state, event }.into());
            }
            tx.let_cart_go(cart).await?;
            tx.exec(
                "DELETE FROM order_changes WHERE cart_id = $1 OR order_id = $2",
                [cart.into(), row.id.into()],
            )
            .await?;
            tx.exec(
                "INSERT INTO order_changes (order_id, cart_id, replaced_by) VALUES ($1, $2, NULL)",
                [row.id.into(), cart.into()],
            )
            .await?;
            // What was seen is what was ordered: a price that changed since is shown.
            tx.exec(
                "INSERT INTO cart_lines (cart_id, offer_id, units, seen_price_rupiah, seen_units, added_at) \
                 SELECT $1, l.offer_id, l.ordered_units, (SELECT MAX(p.buyer_price_rupiah) FROM order_line_prices p \
                 WHERE p.order_line_id = l.id), l.ordered_units, $3 FROM order_lines l WHERE l.order_id = $2 \
                 ON CONFLICT (cart_id, offer_id) DO UPDATE SET units = excluded.units, \
                 seen_price_rupiah = excluded.seen_price_rupiah, seen_units = excluded.seen_units",
                [cart.into(), row.id.into(), tx.now().0.into()],
            )
            .await?;
            tx.exec(
                "UPDATE carts SET updated_at = $3, po_number = o.po_number, note = o.note, deliver_to = o.deliver_to, \
                 region_code = o.region_code, wanted_on = o.wanted_on FROM orders o WHERE o.id = $2 AND carts.id = $1",
                [cart.into(), row.id.into(), tx.now().0.into()],
            )
            .await?;
            tx.event(Event {
                subject_kind: "order",
                subject_id: row.id,
                kind: "change",
                ..Event::default()
            })
            .await?;
            Ok(cooperative)
        })
        .await
    }
}

/// What came of ordering once more: lines that are in the cart, and titles of those that can't be ordered now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reordered {
    pub lines: usize,
    pub left_out: Vec<String>,
}

impl Store {
    /// Puts the goods of an order into the cart once more, in its quantities as far as minimum and multiple still allow;
    /// what can't be ordered now is left out.
    ///
    /// # Errors
    /// When there is no such order, or the database fails.
    pub async fn reorder(
        &self,
        act: &Act,
        viewer: &Viewer,
        buyer: OrganisationId,
        order: OrderId,
    ) -> Result<Reordered, Error> {
        #[derive(FromQueryResult)]
        struct Line {
            offer_id: Uuid,
            title: String,
            ordered_units: i64,
        }
        self.write(act, async |tx| -> Result<Reordered, Error> {
            let cooperative = tx.cooperative_of(buyer, order).await?;
            let lines: Vec<Line> = tx
                .rows(
                    "SELECT offer_id, title, ordered_units FROM order_lines WHERE order_id = $1 ORDER BY position",
                    [order.0.into()],
                )
                .await?;
            let ids: Vec<OfferId> = lines.iter().map(|line| OfferId(line.offer_id)).collect();
            let offers = facts::orderable(tx, viewer, tx.now(), &ids).await?;
            let mut done = Reordered::default();
            let cart = tx.cart_id(buyer, cooperative).await?;
            let mut values: Vec<Value> = vec![cart.into(), tx.now().0.into()];
            let mut rows = Vec::with_capacity(lines.len());
            for line in lines {
                let found = offers.iter().find_map(|offer| {
                    let (minimum, multiple) = (Units(offer.minimum_units), Units(offer.multiple_units));
                    // The same quantity where it still fits, else the next that does.
                    let units = step_more(Units(line.ordered_units - 1), minimum, multiple);
                    let price = carts::best_price(offer, units)?;
                    (offer.id == line.offer_id).then_some((units, price))
                });
                let Some((units, price)) = found else {
                    done.left_out.push(line.title);
                    continue;
                };
                done.lines += 1;
                let n = values.len();
                rows.push(format!("($1, ${}, ${}, ${}, ${}, $2)", n + 1, n + 2, n + 3, n + 2));
                values.extend::<[Value; 3]>([line.offer_id.into(), units.0.into(), price.0.into()]);
            }
            if rows.is_empty() {
                return Ok(done);
            }
            tx.let_cart_go(cart).await?;
            tx.exec(
                format!(
                    "INSERT INTO cart_lines (cart_id, offer_id, units, seen_price_rupiah, seen_units, added_at) \
                     VALUES {} ON CONFLICT (cart_id, offer_id) DO UPDATE SET units = excluded.units, \
                     seen_price_rupiah = excluded.seen_price_rupiah, seen_units = excluded.seen_units",
                    rows.join(", ")
                ),
                values,
            )
            .await?;
            Ok(done)
        })
        .await
    }
}

impl Tx {
    async fn cooperative_of(
        &self,
        buyer: OrganisationId,
        order: OrderId,
    ) -> Result<OrganisationId, Error> {
        #[derive(FromQueryResult)]
        struct Cooperative {
            cooperative_id: Uuid,
        }
        let row: Option<Cooperative> = self
            .row(
                "SELECT cooperative_id FROM orders WHERE id = $1 AND buyer_id = $2",
                [order.0.into(), buyer.0.into()],
            )
            .await?;
        row.map(|row| OrganisationId(row.cooperative_id))
            .ok_or(Error::NotFound)
    }

    /// The returned order that a cart changes.
    pub(crate) async fn changed_by_cart(
        &self,
        buyer: OrganisationId,
        cooperative: OrganisationId,
    ) -> Result<Option<OrderId>, Error> {
        let row: Option<Changed> = self
            .row(
                "SELECT x.order_id FROM order_changes x JOIN carts c ON c.id = x.cart_id \
                 WHERE c.buyer_id = $1 AND c.cooperative_id = $2",
                [buyer.0.into(), cooperative.0.into()],
            )
            .await?;
        Ok(row.map(|row| OrderId(row.order_id)))
    }

    /// The returned order goes another way: the cart that was to change it is a cart like any other.
    pub(crate) async fn change_no_more(&self, order: OrderId) -> Result<(), Error> {
        self.exec(
            "DELETE FROM order_changes WHERE order_id = $1 AND cart_id IS NOT NULL",
            [order.0.into()],
        )
        .await?;
        Ok(())
    }

    /// Ends the returned order in favour of the one that was just written.
    pub(crate) async fn replace(
        &self,
        buyer: OrganisationId,
        actor: Actor,
        old: OrderId,
        new: OrderId,
    ) -> Result<(), PlaceError> {
        let row = self.lock_order(Owner::Buyer(buyer), old).await?;
        // Somebody sent it as it was while this deed waited for it.
        let to = transition(row.state()?, OrderEvent::Cancel, actor)
            .ok()
            .filter(|_| row.state == OrderState::Draft.as_str())
            .ok_or_else(|| PlaceError::Changed(Vec::new()))?;
        self.event(Event {
            subject_kind: "order",
            subject_id: row.id,
            kind: OrderEvent::Cancel.as_str(),
            from_state: Some(&row.state),
            to_state: Some(to.as_str()),
            data: Some(format!("{{\"replaced_by\":\"{new}\"}}")),
            ..Event::default()
        })
        .await?;
        self.exec(
            "UPDATE orders SET state = $2, version = version + 1 WHERE id = $1",
            [row.id.into(), to.as_str().into()],
        )
        .await?;
        self.exec(
            "UPDATE order_changes SET cart_id = NULL, replaced_by = $2 WHERE order_id = $1",
            [row.id.into(), new.0.into()],
        )
        .await?;
        Ok(())
    }
}
