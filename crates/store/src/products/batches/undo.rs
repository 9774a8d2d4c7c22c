//! A change of many products afterwards: its page, and taking it back.

use domain::{
    ids::{OrganisationId, ProductBatchId, ProductId},
    time::Instant,
};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use super::{BatchChange, Chosen, Step};
use crate::act::Act;
use crate::error::Error;
use crate::products::{ProductError, not_found};
use crate::sql::{Sql, placeholders};
use crate::write::{Store, Tx};

/// Hours in which a change can be taken back.
const UNDO_HOURS: i64 = 24;
/// Rows that the page of a change shows.
const SHOWN: i64 = 100;

/// A change that was made, for its page.
#[derive(Clone, Debug)]
pub struct BatchView {
    pub id: ProductBatchId,
    pub change: BatchChange,
    pub made_at: Instant,
    pub undone_at: Option<Instant>,
    /// Until when it can be taken back.
    pub undo_until: Instant,
    pub products: i64,
    /// Products that nobody has touched since.
    pub untouched: i64,
    /// The first of them, by name: name, price before and now.
    pub rows: Vec<BatchLine>,
}

/// A product of a change.
#[derive(Clone, Debug, FromQueryResult)]
pub struct BatchLine {
    pub product_id: Uuid,
    pub name: String,
    pub state_before: String,
    pub state: String,
    pub price_before: Option<i64>,
    pub price_rupiah: Option<i64>,
}

#[derive(FromQueryResult)]
struct BatchRow {
    id: Uuid,
    kind: String,
    percent_bp: Option<i64>,
    created_at: i64,
    undone_at: Option<i64>,
}

impl BatchRow {
    fn change(&self) -> Result<BatchChange, Error> {
        match (self.kind.as_str(), self.percent_bp) {
            ("publish", _) => Ok(BatchChange::Publish),
            ("archive", _) => Ok(BatchChange::Archive),
            ("price", Some(0)) => Ok(BatchChange::Each),
            ("price", Some(percent_bp)) => Ok(BatchChange::Price { percent_bp }),
            (other, _) => Err(Error::Corrupt(other.to_owned())),
        }
    }

    fn undo_until(&self) -> Instant {
        Instant(self.created_at).plus_hours(UNDO_HOURS)
    }
}

impl Store {
    /// Takes a change back; answers how many products are as they were, and how many somebody touched since.
    ///
    /// # Errors
    /// [`ProductError::NotFound`]; [`ProductError::Changed`] when it was taken back already or is too old.
    pub async fn undo_product_batch(
        &self,
        act: &Act,
        umkm: OrganisationId,
        batch: ProductBatchId,
    ) -> Result<(usize, usize), ProductError> {
        self.write(act, async |tx| -> Result<(usize, usize), ProductError> {
            tx.undo_product_batch(umkm, batch).await
        })
        .await
    }

    /// A change of many products, for its page.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn product_batch(
        &self,
        umkm: OrganisationId,
        batch: ProductBatchId,
    ) -> Result<Option<BatchView>, Error> {
        let found: Option<BatchRow> = self
            .row(
                "SELECT id, kind, percent_bp, created_at, undone_at FROM product_batches WHERE id = $1 AND umkm_id = $2",
                [batch.0.into(), umkm.0.into()],
            )
            .await?;
        let Some(found) = found else {
            return Ok(None);
        };
        let rows = self
            .rows(
                "SELECT p.id AS product_id, p.name, r.state AS state_before, p.state, r.price_rupiah AS price_before, \
                 p.price_rupiah FROM product_batch_rows r JOIN products p ON p.id = r.product_id WHERE r.batch_id = $1 \
                 ORDER BY LOWER(p.name), p.id LIMIT $2",
                [batch.0.into(), SHOWN.into()],
            )
            .await?;
        let count = |more: &str| {
            format!(
                "SELECT COUNT(*) FROM product_batch_rows r JOIN products p ON p.id = r.product_id WHERE r.batch_id = $1{more}"
            )
        };
        Ok(Some(BatchView {
            id: batch,
            change: found.change()?,
            made_at: Instant(found.created_at),
            undone_at: found.undone_at.map(Instant),
            undo_until: found.undo_until(),
            products: self.number(count(""), [batch.0.into()]).await?,
            untouched: self
                .number(count(" AND p.version = r.version"), [batch.0.into()])
                .await?,
            rows,
        }))
    }
}

impl Tx {
    async fn undo_product_batch(
        &self,
        umkm: OrganisationId,
        batch: ProductBatchId,
    ) -> Result<(usize, usize), ProductError> {
        self.product_actor(umkm).await.map_err(not_found)?;
        let found: BatchRow = self
            .row(
                format!(
                    "SELECT id, kind, percent_bp, created_at, undone_at FROM product_batches WHERE id = $1 \
                     AND umkm_id = $2{}",
                    self.for_update()
                ),
                [batch.0.into(), umkm.0.into()],
            )
            .await?
            .ok_or(ProductError::NotFound)?;
        if found.undone_at.is_some() || found.undo_until() < self.now() {
            return Err(ProductError::Changed);
        }
        #[derive(FromQueryResult)]
        struct Before {
            product_id: Uuid,
            state: String,
            price_rupiah: Option<i64>,
            version: i64,
            is_pooled: i64,
        }
        let before: Vec<Before> = self
            .rows(
                "SELECT r.product_id, r.state, r.price_rupiah, r.version, (SELECT COUNT(*) FROM supplies s \
                 WHERE s.product_id = r.product_id AND s.withdrawn_at IS NULL) AS is_pooled \
                 FROM product_batch_rows r WHERE r.batch_id = $1 ORDER BY r.product_id",
                [found.id.into()],
            )
            .await?;
        let ids: Vec<ProductId> = before.iter().map(|row| ProductId(row.product_id)).collect();
        let now = self.chosen(umkm, &Chosen::These(ids)).await?;
        let change = found.change()?;
        let mut steps = Vec::with_capacity(before.len());
        for (row, before) in now.iter().zip(&before) {
            // An offer has taken it into its pool meanwhile: it can't become a draft any more.
            let is_taken = change == BatchChange::Publish && before.is_pooled > 0;
            if row.id != before.product_id || row.version != before.version || is_taken {
                continue;
            }
            steps.push(Step {
                row,
                to: before
                    .state
                    .parse()
                    .map_err(|_| Error::Corrupt(before.state.clone()))?,
                price: before.price_rupiah,
                kind: match change {
                    BatchChange::Price { .. } | BatchChange::Each => "product_edited",
                    _ => "product_restored",
                },
            });
        }
        if !steps.is_empty() {
            self.write_steps(&steps).await?;
            let ids: Vec<Uuid> = steps.iter().map(|step| step.row.id).collect();
            if change == BatchChange::Archive {
                self.supply_again(&ids, found.created_at).await?;
            }
            let offers = self.offers_with(&ids).await?;
            self.offers_look_changed(&offers).await?;
        }
        self.exec(
            "UPDATE product_batches SET undone_at = $2 WHERE id = $1",
            [found.id.into(), self.now().0.into()],
        )
        .await?;
        Ok((steps.len(), before.len() - steps.len()))
    }

    /// What the change took out of pools goes back where the member still belongs and the offer is still there.
    async fn supply_again(&self, products: &[Uuid], withdrawn_at: i64) -> Result<(), Error> {
        let mut values: Vec<Value> = vec![withdrawn_at.into()];
        values.extend(products.iter().map(|id| Value::from(*id)));
        self.exec(
            format!(
                "UPDATE supplies SET withdrawn_at = NULL WHERE withdrawn_at = $1 AND product_id IN ({}) \
                 AND EXISTS (SELECT 1 FROM offers o WHERE o.id = supplies.offer_id AND o.state <> 'archived') \
                 AND EXISTS (SELECT 1 FROM members m WHERE m.cooperative_id = supplies.cooperative_id \
                 AND m.supplier_id = supplies.supplier_id AND m.status IN ('active', 'candidate', 'associate'))",
                placeholders(2, products.len())
            ),
            values,
        )
        .await?;
        Ok(())
    }
}
