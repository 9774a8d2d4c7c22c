//! Lots of a product: new ones, what was counted anew, and what moved.

use domain::{
    ids::{LotId, OrganisationId, ProductId},
    products::{ProductEvent, ProductRefusal, ProductState},
    quantity::Packs,
    time::{Day, Instant},
};
use sea_orm::FromQueryResult;
use serde_json::json;
use uuid::Uuid;

use super::{By, ProductError};
use crate::act::Act;
use crate::error::Error;
use crate::events;
use crate::sql::Sql;
use crate::stock::{MovementKind, StockError};
use crate::write::{Store, Tx};

/// A dated batch that comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewLot {
    /// The day from which it can be handed over.
    pub ready_on: Day,
    /// The last day it is good, in the owner's zone; `None` for goods that keep.
    pub good_until: Option<Day>,
    /// More than 0.
    pub packs: Packs,
}

/// A lot with something in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LotView {
    pub id: LotId,
    pub ready_on: Day,
    pub good_until: Option<Day>,
    pub on_hand: Packs,
    /// Promised to orders.
    pub held: Packs,
}

impl LotView {
    #[must_use]
    pub fn free(&self) -> Packs {
        Packs(self.on_hand.0.saturating_sub(self.held.0))
    }
}

/// A change of a lot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MovementView {
    /// `opening`, `added`, `corrected`, `shipped` or `returned`.
    pub kind: String,
    /// Negative for what went out.
    pub packs: i64,
    pub reason: Option<String>,
    pub at: Instant,
    pub person: Option<String>,
    pub by: By,
}

#[derive(FromQueryResult)]
struct LotRow {
    id: Uuid,
    ready_on: i32,
    good_until: Option<i32>,
    on_hand: i64,
    held: i64,
}

impl LotRow {
    fn view(self) -> LotView {
        LotView {
            id: LotId(self.id),
            ready_on: Day(self.ready_on),
            good_until: self.good_until.map(Day),
            on_hand: Packs(self.on_hand),
            held: Packs(self.held),
        }
    }
}

/// Lots of one page; the others are empty or far in the future.
const LOTS_MAX: i64 = 60;
const MOVEMENTS_MAX: i64 = 20;

impl Store {
    /// Adds a lot to a product.
    ///
    /// # Errors
    /// [`ProductError::NotFound`], also for an archived product.
    pub async fn add_lot(
        &self,
        act: &Act,
        umkm: OrganisationId,
        product: ProductId,
        lot: &NewLot,
    ) -> Result<LotId, ProductError> {
        self.write(act, async |tx| -> Result<LotId, ProductError> {
            tx.lock_stocked(umkm, product).await?;
            let id = tx.open_lot(umkm, product, lot).await?;
            tx.stock_changed(product).await?;
            Ok(id)
        })
        .await
    }

    /// Counts a lot anew: `change` packs more, or fewer when negative. What is promised to orders stays.
    ///
    /// # Errors
    /// [`ProductError::TooFew`] with what is free, when more should go.
    pub async fn adjust_lot(
        &self,
        act: &Act,
        umkm: OrganisationId,
        product: ProductId,
        lot: LotId,
        change: i64,
        reason: Option<&str>,
    ) -> Result<(), ProductError> {
        self.write(act, async |tx| -> Result<(), ProductError> {
            tx.lock_stocked(umkm, product).await?;
            tx.release_expired_on(&[lot]).await?;
            let free = tx.free_lots(product).await?;
            let free = free
                .iter()
                .find(|row| row.id == lot)
                .ok_or(ProductError::NotFound)?
                .free();
            if free.0.saturating_add(change) < 0 {
                return Err(ProductError::TooFew { free });
            }
            tx.adjust(lot, change, reason).await?;
            tx.stock_changed(product).await?;
            Ok(())
        })
        .await
    }

    /// Makes a product's stock larger or smaller by `change`, without naming a lot: more goes to the newest lot (or to
    /// a new one that is ready on `today`), less comes from the lots that expire first.
    ///
    /// # Errors
    /// [`ProductError::TooFew`] with what is free in all lots together.
    pub async fn change_stock(
        &self,
        act: &Act,
        umkm: OrganisationId,
        product: ProductId,
        change: i64,
        today: Day,
    ) -> Result<(), ProductError> {
        self.write(act, async |tx| -> Result<(), ProductError> {
            tx.lock_stocked(umkm, product).await?;
            tx.change_stock(umkm, product, change, today).await
        })
        .await
    }

    /// Lots with something in them, those that expire first in front.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn lots(
        &self,
        umkm: OrganisationId,
        product: ProductId,
    ) -> Result<Vec<LotView>, Error> {
        let rows: Vec<LotRow> = self
            .rows(
                format!(
                    "SELECT id, ready_on, good_until, on_hand, held FROM lots WHERE product_id = $1 AND umkm_id = $2 \
                     AND on_hand > 0 ORDER BY CASE WHEN good_until IS NULL THEN 1 ELSE 0 END, good_until, ready_on, id \
                     LIMIT {LOTS_MAX}"
                ),
                [product.0.into(), umkm.0.into()],
            )
            .await?;
        Ok(rows.into_iter().map(LotRow::view).collect())
    }

    /// One lot of a product.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn lot(
        &self,
        umkm: OrganisationId,
        product: ProductId,
        lot: LotId,
    ) -> Result<Option<LotView>, Error> {
        let row: Option<LotRow> = self
            .row(
                "SELECT id, ready_on, good_until, on_hand, held FROM lots WHERE id = $1 AND product_id = $2 AND umkm_id = $3",
                [lot.0.into(), product.0.into(), umkm.0.into()],
            )
            .await?;
        Ok(row.map(LotRow::view))
    }

    /// The latest movements of a product's lots, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn movements(
        &self,
        umkm: OrganisationId,
        product: ProductId,
    ) -> Result<Vec<MovementView>, Error> {
        #[derive(FromQueryResult)]
        struct Row {
            kind: String,
            packs: i64,
            reason: Option<String>,
            at: i64,
            person: Option<String>,
            on_behalf: bool,
            organisation_id: Option<Uuid>,
            organisation: Option<String>,
        }
        let rows: Vec<Row> = self
            .rows(
                format!(
                    "SELECT m.kind, m.packs, m.reason, m.at, p.name AS person, m.on_behalf, m.organisation_id, \
                     o.name AS organisation FROM movements m JOIN lots l ON l.id = m.lot_id \
                     LEFT JOIN people p ON p.id = m.person_id LEFT JOIN organisations o ON o.id = m.organisation_id \
                     WHERE l.product_id = $1 AND l.umkm_id = $2 ORDER BY m.at DESC, m.id DESC LIMIT {MOVEMENTS_MAX}"
                ),
                [product.0.into(), umkm.0.into()],
            )
            .await?;
        Ok(rows
            .into_iter()
            .map(|row| MovementView {
                kind: row.kind,
                packs: row.packs,
                reason: row.reason,
                at: Instant(row.at),
                person: row.person,
                by: By::of(row.on_behalf, row.organisation_id, row.organisation),
            })
            .collect())
    }
}

impl Tx {
    /// Locks a product whose stock may still move.
    async fn lock_stocked(
        &self,
        umkm: OrganisationId,
        product: ProductId,
    ) -> Result<(), ProductError> {
        let state = self.lock_product(umkm, product).await?.state()?;
        if state == ProductState::Archived {
            let event = ProductEvent::Resume;
            return Err(ProductRefusal::WrongState { state, event }.into());
        }
        Ok(())
    }

    /// Every lot of the product, locked, those that expire first in front.
    async fn free_lots(&self, product: ProductId) -> Result<Vec<LotView>, Error> {
        #[derive(FromQueryResult)]
        struct Id {
            id: Uuid,
        }
        let ids: Vec<Id> = self
            .rows(
                "SELECT id FROM lots WHERE product_id = $1 ORDER BY id",
                [product.0.into()],
            )
            .await?;
        let ids: Vec<LotId> = ids.into_iter().map(|row| LotId(row.id)).collect();
        self.lock_lots(&ids).await?;
        let rows: Vec<LotRow> = self
            .rows(
                "SELECT id, ready_on, good_until, on_hand, held FROM lots WHERE product_id = $1 \
                 ORDER BY CASE WHEN good_until IS NULL THEN 1 ELSE 0 END, good_until, ready_on, id",
                [product.0.into()],
            )
            .await?;
        Ok(rows.into_iter().map(LotRow::view).collect())
    }

    async fn change_stock(
        &self,
        umkm: OrganisationId,
        product: ProductId,
        change: i64,
        today: Day,
    ) -> Result<(), ProductError> {
        let mut lots = self.free_lots(product).await?;
        if change < 0 {
            let ids: Vec<LotId> = lots.iter().map(|lot| lot.id).collect();
            self.release_expired_on(&ids).await?;
            lots = self.free_lots(product).await?;
            let free = lots
                .iter()
                .fold(0_i64, |sum, lot| sum.saturating_add(lot.free().0));
            if free.saturating_add(change) < 0 {
                return Err(ProductError::TooFew { free: Packs(free) });
            }
            let mut left = change.saturating_neg();
            for lot in lots {
                let take = left.min(lot.free().0);
                if take > 0 {
                    self.adjust(lot.id, -take, None).await?;
                    left -= take;
                }
            }
        } else if change > 0 {
            // Ids sort by time of making.
            match lots.iter().map(|lot| lot.id).max() {
                Some(lot) => self.adjust(lot, change, None).await?,
                None => {
                    let lot = NewLot {
                        ready_on: today,
                        good_until: None,
                        packs: Packs(change),
                    };
                    self.open_lot(umkm, product, &lot).await?;
                }
            }
        }
        self.stock_changed(product).await?;
        Ok(())
    }

    /// One movement on a lot, with its event.
    async fn adjust(
        &self,
        lot: LotId,
        change: i64,
        reason: Option<&str>,
    ) -> Result<(), ProductError> {
        let kind = if change < 0 {
            MovementKind::Corrected
        } else {
            MovementKind::Added
        };
        self.move_packs(lot, kind, change, reason).await?;
        self.event(events::Event {
            subject_kind: "lot",
            subject_id: lot.0,
            kind: "lot_adjusted",
            reason,
            data: Some(json!({ "packs": change }).to_string()),
            ..Default::default()
        })
        .await?;
        Ok(())
    }

    pub(super) async fn move_packs(
        &self,
        lot: LotId,
        kind: MovementKind,
        packs: i64,
        reason: Option<&str>,
    ) -> Result<(), ProductError> {
        match self.move_stock(lot, kind, Packs(packs), reason).await {
            Ok(()) => Ok(()),
            // Somebody was faster: nothing of what we wanted to take is left.
            Err(StockError::TooFew(_)) => Err(ProductError::TooFew { free: Packs(0) }),
            Err(StockError::Store(error)) => Err(error.into()),
        }
    }
}
