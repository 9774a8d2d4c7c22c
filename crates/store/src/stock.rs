//! Stock: lots, their movements, and holds on them. The only place that changes `on_hand` and `held`.
//!
//! Both columns change together with their rows and only by guarded UPDATE: the database refuses to promise a pack
//! twice, whoever asks and however many at once. Lots are always locked in id order, so two deeds never wait for
//! each other in a circle. A hold that has expired counts until a deed on its lot, or the sweep, releases it.

use std::collections::BTreeMap;

use domain::ids::{LotId, OrderId, OrganisationId, ProductId, ShareId};
use domain::quantity::Packs;
use domain::time::{Day, Instant};
use sea_orm::{FromQueryResult, Value};
use serde_json::json;
use uuid::Uuid;

use crate::entities::{cart_holds, events, holds, lots, movements};
use crate::error::Error;
use crate::sql::{Sql, placeholders};
use crate::write::Tx;

/// SQLite takes at most 32,766 values in a statement; lists are cut well below.
const LIST_MAX: usize = 5_000;

/// Why stock could not be moved or held.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StockError {
    /// Fewer packs are free in this lot (the first of a list) than were asked for.
    #[error("lot {0} has too few free packs")]
    TooFew(LotId),
    #[error(transparent)]
    Store(#[from] Error),
}

/// What a movement is for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum MovementKind {
    Opening,
    Added,
    Corrected,
}

impl MovementKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Opening => "opening",
            Self::Added => "added",
            Self::Corrected => "corrected",
        }
    }
}

/// What a hold is for, and how long it lasts.
#[derive(Clone, Copy, Debug)]
pub(crate) enum HoldKind {
    /// A buyer's approver decides; released at the given time if nobody does.
    Approval { until: Instant },
    /// An order with the cooperative; until shipped or released.
    Order,
}

/// Lots with packs as rows to join with: their placeholders and their values.
fn pairs(lots: impl Iterator<Item = (LotId, i64)>) -> (String, Vec<Value>) {
    let (mut list, mut values) = (String::new(), Vec::new());
    for (n, (lot, packs)) in lots.enumerate() {
        let comma = if n == 0 { "" } else { ", " };
        list.push_str(&format!("{comma}(${}, ${})", 2 * n + 1, 2 * n + 2));
        values.push(lot.0.into());
        values.push(packs.into());
    }
    (list, values)
}

impl Tx {
    /// Changes what is on hand by `packs` (negative takes out), with its movement row.
    pub(crate) async fn move_stock(
        &self,
        lot: LotId,
        kind: MovementKind,
        packs: Packs,
        reason: Option<&str>,
    ) -> Result<(), StockError> {
        if packs.0 == 0 {
            return Ok(());
        }
        let changed = self
            .exec(
                "UPDATE lots SET on_hand = on_hand + $2 WHERE id = $1 AND on_hand + $2 >= held",
                [lot.0.into(), packs.0.into()],
            )
            .await?;
        if changed != 1 {
            return Err(StockError::TooFew(lot));
        }
        self.insert(self.movement(lot, kind, packs, reason)).await?;
        Ok(())
    }

    /// Changes what is on hand of many lots, each once, by one guarded UPDATE, with their movement rows.
    pub(crate) async fn move_lots(&self, moves: &[(LotId, i64)]) -> Result<(), StockError> {
        for chunk in moves.chunks(LIST_MAX) {
            let (list, values) = pairs(chunk.iter().copied());
            let changed = self
                .exec(
                    format!(
                        "UPDATE lots SET on_hand = on_hand + v.column2 FROM (VALUES {list}) AS v \
                         WHERE lots.id = v.column1 AND on_hand + v.column2 >= held"
                    ),
                    values,
                )
                .await?;
            if changed != u64::try_from(chunk.len()).unwrap_or(u64::MAX) {
                let (lot, _) = chunk.first().copied().unwrap_or((LotId(Uuid::nil()), 0));
                return Err(StockError::TooFew(lot));
            }
            let rows = chunk
                .iter()
                .map(|(lot, packs)| {
                    let kind = match *packs < 0 {
                        true => MovementKind::Corrected,
                        false => MovementKind::Added,
                    };
                    self.movement(*lot, kind, Packs(*packs), None)
                })
                .collect();
            self.insert_many(rows).await?;
        }
        Ok(())
    }

    fn movement(
        &self,
        lot: LotId,
        kind: MovementKind,
        packs: Packs,
        reason: Option<&str>,
    ) -> movements::Model {
        movements::Model {
            id: self.new_id(),
            lot_id: lot.0,
            kind: kind.as_str().to_owned(),
            packs: packs.0,
            reason: reason.map(str::to_owned),
            at: self.now().0,
            person_id: self.act.person.map(Into::into),
            organisation_id: self.act.organisation.map(Into::into),
            on_behalf: self.act.on_behalf_of.is_some(),
        }
    }

    /// A new lot, still empty, and its place in the history; what lies in it comes by [`Tx::open_stock`].
    pub(crate) fn empty_lot(
        &self,
        umkm: OrganisationId,
        product: ProductId,
        ready_on: Day,
        packs: Packs,
    ) -> (lots::Model, events::Model) {
        let id = self.new_id();
        let lot = lots::Model {
            id,
            product_id: product.0,
            umkm_id: umkm.0,
            ready_on: ready_on.0,
            good_until: None,
            on_hand: 0,
            held: 0,
            created_at: self.now().0,
        };
        let data = json!({ "product": product, "packs": packs }).to_string();
        let row = self.event_row("lot", id, 1, "lot_added", (None, ""), data);
        (lot, row)
    }

    /// What new lots of this deed begin with, all of them together: nobody else can see them yet.
    pub(crate) async fn open_stock(&self, lots: &[(LotId, Packs)]) -> Result<(), Error> {
        for chunk in lots.chunks(LIST_MAX) {
            let (list, values) = pairs(chunk.iter().map(|(lot, packs)| (*lot, packs.0)));
            let changed = self
                .exec(
                    format!(
                        "UPDATE lots SET on_hand = on_hand + v.column2 FROM (VALUES {list}) AS v \
                         WHERE lots.id = v.column1 AND on_hand = 0"
                    ),
                    values,
                )
                .await?;
            if changed != u64::try_from(chunk.len()).unwrap_or(u64::MAX) {
                return Err(Error::Corrupt(
                    "a new lot holds something already".to_owned(),
                ));
            }
            let rows = chunk
                .iter()
                .map(|(lot, packs)| self.movement(*lot, MovementKind::Opening, *packs, None))
                .collect();
            self.insert_many(rows).await?;
        }
        Ok(())
    }

    /// Locks lots in id order; on SQLite the write transaction has locked everything already.
    pub(crate) async fn lock_lots(&self, lots: &[LotId]) -> Result<(), Error> {
        if !self.is_postgres() {
            return Ok(());
        }
        let mut ids: Vec<Uuid> = lots.iter().map(|lot| lot.0).collect();
        ids.sort_unstable();
        ids.dedup();
        for chunk in ids.chunks(LIST_MAX) {
            self.exec(
                format!(
                    "SELECT id FROM lots WHERE id IN ({}) ORDER BY id FOR UPDATE",
                    placeholders(1, chunk.len())
                ),
                chunk.iter().map(|id| Value::from(*id)),
            )
            .await?;
        }
        Ok(())
    }

    /// Promises packs of lots to shares: a hold row for each pick, and `held` raised by one guarded UPDATE.
    pub(crate) async fn hold(
        &self,
        order: OrderId,
        picks: &[(ShareId, LotId, Packs)],
        kind: HoldKind,
    ) -> Result<(), StockError> {
        let (kind, expires_at) = match kind {
            HoldKind::Approval { until } => ("approval", Some(until.0)),
            HoldKind::Order => ("order", None),
        };
        self.raise_held(picks.iter().map(|(_, lot, packs)| (*lot, *packs)))
            .await?;
        let rows = picks
            .iter()
            .map(|(share, lot, packs)| holds::Model {
                order_id: Some(order.0),
                share_id: Some(share.0),
                ..self.new_hold(kind, *lot, *packs, expires_at)
            })
            .collect();
        self.insert_many(rows).await?;
        Ok(())
    }

    /// Sets packs of lots aside for a cart, until a given time.
    pub(crate) async fn hold_for_cart(
        &self,
        cart: Uuid,
        picks: &[(LotId, Packs)],
        until: Instant,
    ) -> Result<(), StockError> {
        self.raise_held(picks.iter().copied()).await?;
        let rows: Vec<holds::Model> = picks
            .iter()
            .map(|(lot, packs)| self.new_hold("checkout", *lot, *packs, Some(until.0)))
            .collect();
        let mine = rows
            .iter()
            .map(|hold| cart_holds::Model {
                hold_id: hold.id,
                cart_id: cart,
            })
            .collect();
        self.insert_many(rows).await?;
        self.insert_many(mine).await?;
        Ok(())
    }

    fn new_hold(
        &self,
        kind: &str,
        lot: LotId,
        packs: Packs,
        expires_at: Option<i64>,
    ) -> holds::Model {
        holds::Model {
            id: self.new_id(),
            lot_id: lot.0,
            kind: kind.to_owned(),
            order_id: None,
            share_id: None,
            packs: packs.0,
            created_at: self.now().0,
            expires_at,
            released_at: None,
            release_reason: None,
        }
    }

    /// Raises `held` of lots by one guarded UPDATE.
    async fn raise_held(
        &self,
        picks: impl Iterator<Item = (LotId, Packs)>,
    ) -> Result<(), StockError> {
        let mut by_lot: BTreeMap<LotId, i64> = BTreeMap::new();
        for (lot, packs) in picks {
            let sum = by_lot.entry(lot).or_default();
            *sum = sum.saturating_add(packs.0);
        }
        let lots: Vec<(LotId, i64)> = by_lot.into_iter().collect();
        for chunk in lots.chunks(LIST_MAX) {
            let (list, values) = pairs(chunk.iter().copied());
            let changed = self
                .exec(
                    format!(
                        "UPDATE lots SET held = held + v.column2 FROM (VALUES {list}) AS v \
                         WHERE lots.id = v.column1 AND held + v.column2 <= on_hand"
                    ),
                    values,
                )
                .await?;
            if changed != u64::try_from(chunk.len()).unwrap_or(u64::MAX) {
                let (lot, _) = chunk.first().copied().unwrap_or((LotId(Uuid::nil()), 0));
                return Err(StockError::TooFew(lot));
            }
        }
        Ok(())
    }

    /// Releases every open hold of an order. Each is released once, however often this is called.
    pub(crate) async fn release_order(&self, order: OrderId, reason: &str) -> Result<(), Error> {
        self.release_where("h.order_id = $1", vec![order.0.into()], reason)
            .await?;
        Ok(())
    }

    /// Releases every open hold of a share.
    pub(crate) async fn release_share(&self, share: ShareId, reason: &str) -> Result<(), Error> {
        self.release_where("h.share_id = $1", vec![share.0.into()], reason)
            .await?;
        Ok(())
    }

    /// Releases what is set aside for a cart; gives the lots concerned.
    pub(crate) async fn release_cart(&self, cart: Uuid) -> Result<Vec<LotId>, Error> {
        self.release_where(
            "h.id IN (SELECT hold_id FROM cart_holds WHERE cart_id = $1)",
            vec![cart.into()],
            "checkout_over",
        )
        .await
    }

    /// The lots of which something is set aside for a cart.
    pub(crate) async fn lots_of_cart(&self, cart: Uuid) -> Result<Vec<LotId>, Error> {
        #[derive(FromQueryResult)]
        struct Held {
            lot_id: Uuid,
        }
        let held: Vec<Held> = self
            .rows(
                "SELECT DISTINCT h.lot_id FROM cart_holds x JOIN holds h ON h.id = x.hold_id \
                 WHERE x.cart_id = $1 AND h.released_at IS NULL",
                [cart.into()],
            )
            .await?;
        Ok(held.iter().map(|row| LotId(row.lot_id)).collect())
    }

    /// Releases the holds on these lots whose time is up, so that a deed sees what is truly free.
    pub(crate) async fn release_expired_on(&self, lots: &[LotId]) -> Result<(), Error> {
        for chunk in lots.chunks(LIST_MAX) {
            let mut values: Vec<Value> = vec![self.now().0.into()];
            values.extend(chunk.iter().map(|lot| Value::from(lot.0)));
            let condition = format!(
                "h.expires_at IS NOT NULL AND h.expires_at <= $1 AND h.lot_id IN ({})",
                placeholders(2, chunk.len())
            );
            self.release_where(&condition, values, "expired").await?;
        }
        Ok(())
    }

    /// Releases all holds whose time is up, at most `limit` of them, and gives their lots; for the timed sweep.
    pub(crate) async fn release_expired(&self, limit: i64) -> Result<Vec<LotId>, Error> {
        self.release_where(
            "h.id IN (SELECT id FROM holds WHERE released_at IS NULL AND expires_at IS NOT NULL AND expires_at <= $1 \
             ORDER BY expires_at LIMIT $2)",
            vec![self.now().0.into(), limit.into()],
            "expired",
        )
        .await
    }

    /// Locks the lots behind an order's open holds.
    pub(crate) async fn lock_lots_of(&self, order: OrderId) -> Result<(), Error> {
        #[derive(FromQueryResult)]
        struct Held {
            lot_id: Uuid,
        }
        let held: Vec<Held> = self
            .rows(
                "SELECT DISTINCT lot_id FROM holds WHERE order_id = $1 AND released_at IS NULL",
                [order.0.into()],
            )
            .await?;
        let lots: Vec<LotId> = held.iter().map(|row| LotId(row.lot_id)).collect();
        self.lock_lots(&lots).await
    }

    async fn release_where(
        &self,
        condition: &str,
        values: Vec<Value>,
        reason: &str,
    ) -> Result<Vec<LotId>, Error> {
        #[derive(FromQueryResult)]
        struct Open {
            id: Uuid,
            lot_id: Uuid,
        }
        let find = || async {
            self.rows::<Open>(
                format!(
                    "SELECT h.id, h.lot_id FROM holds h WHERE h.released_at IS NULL AND {condition}"
                ),
                values.clone(),
            )
            .await
        };
        let mut open = find().await?;
        if open.is_empty() {
            return Ok(Vec::new());
        }
        if self.is_postgres() {
            let lots: Vec<LotId> = open.iter().map(|hold| LotId(hold.lot_id)).collect();
            self.lock_lots(&lots).await?;
            // Look again under the locks: an approval may have made an order's hold of one whose time was up.
            let locked: std::collections::HashSet<LotId> = lots.into_iter().collect();
            open = find().await?;
            open.retain(|hold| locked.contains(&LotId(hold.lot_id)));
        }
        for chunk in open.chunks(LIST_MAX) {
            let list = placeholders(1, chunk.len());
            let ids = || chunk.iter().map(|hold| Value::from(hold.id));
            // With the lots locked, a hold that another deed released meanwhile no longer counts here.
            self.exec(
                format!(
                    "UPDATE lots SET held = held - (SELECT CAST(SUM(h.packs) AS BIGINT) FROM holds h WHERE \
                     h.lot_id = lots.id AND h.released_at IS NULL AND h.id IN ({list})) WHERE id IN \
                     (SELECT h.lot_id FROM holds h WHERE h.released_at IS NULL AND h.id IN ({list}))"
                ),
                ids(),
            )
            .await?;
            let mut values: Vec<Value> = ids().collect();
            values.push(self.now().0.into());
            values.push(reason.into());
            self.exec(
                format!(
                    "UPDATE holds SET released_at = ${}, release_reason = ${} WHERE released_at IS NULL AND id IN ({list})",
                    chunk.len() + 1,
                    chunk.len() + 2
                ),
                values,
            )
            .await?;
        }
        let mut lots: Vec<LotId> = open.iter().map(|hold| LotId(hold.lot_id)).collect();
        lots.sort_unstable();
        lots.dedup();
        Ok(lots)
    }
}
