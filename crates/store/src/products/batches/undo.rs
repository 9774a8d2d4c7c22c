//! A change of many products afterwards: its page, and taking it back.

use std::collections::HashMap;

use domain::{
    ids::{OrganisationId, ProductBatchId, ProductId},
    money::Rupiah,
    products::{BatchKind, Content, ProductState},
    time::{Day, Instant},
};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use super::{Chosen, Lots, Step};
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
    pub kind: BatchKind,
    pub made_at: Instant,
    pub undone_at: Option<Instant>,
    /// Until when it can be taken back.
    pub undo_until: Instant,
    pub products: i64,
    /// Products that nobody has touched since.
    pub untouched: i64,
    /// The first of them, by name, as they were and as they are.
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
    /// By how much its stock moved.
    pub packs: i64,
    /// Names of its kind in both languages.
    pub kind_before: Option<String>,
    pub kind_before_en: Option<String>,
    pub kind: Option<String>,
    pub kind_en: Option<String>,
    pub unit_before: Option<String>,
    pub content_before: Option<i64>,
    pub dimension_before: Option<String>,
    pub carton_before: Option<i64>,
    pub unit: Option<String>,
    pub content_amount: Option<i64>,
    pub content_dimension: Option<String>,
    pub packs_per_carton: Option<i64>,
}

impl BatchLine {
    /// What one unit held, and holds.
    #[must_use]
    pub fn contents(&self) -> (Option<Content>, Option<Content>) {
        (
            content(self.content_before, self.dimension_before.as_deref()),
            content(self.content_amount, self.content_dimension.as_deref()),
        )
    }
}

fn content(amount: Option<i64>, dimension: Option<&str>) -> Option<Content> {
    Some(Content {
        amount: amount?,
        dimension: dimension?.parse().ok()?,
    })
}

/// A change that can still be taken back, for the list of goods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenBatch {
    pub id: ProductBatchId,
    pub kind: BatchKind,
    pub products: i64,
    pub undo_until: Instant,
}

#[derive(FromQueryResult)]
struct BatchRow {
    id: Uuid,
    kind: String,
    created_at: i64,
    undone_at: Option<i64>,
}

impl BatchRow {
    fn kind(&self) -> Result<BatchKind, Error> {
        self.kind
            .parse()
            .map_err(|_| Error::Corrupt(self.kind.clone()))
    }

    fn undo_until(&self) -> Instant {
        Instant(self.created_at).plus_hours(UNDO_HOURS)
    }
}

/// A product as a change found it.
#[derive(FromQueryResult)]
struct Before {
    product_id: Uuid,
    state: String,
    price_rupiah: Option<i64>,
    category_id: Option<String>,
    commodity_id: Option<String>,
    unit: Option<String>,
    content_amount: Option<i64>,
    content_dimension: Option<String>,
    packs_per_carton: Option<i64>,
    packs: i64,
    version: i64,
    is_pooled: i64,
}

impl Before {
    fn restore(&self, step: &mut Step<'_>) -> Result<(), Error> {
        let state = self.state.parse();
        step.to = state.map_err(|_| Error::Corrupt(self.state.clone()))?;
        step.facts.price = self.price_rupiah.map(Rupiah);
        step.facts.category = self.category_id.as_deref().map(Into::into);
        step.facts.commodity = self.commodity_id.as_deref().map(Into::into);
        let unit = self.unit.as_deref().map(str::parse).transpose();
        step.facts.unit =
            unit.map_err(|_| Error::Corrupt(self.unit.clone().unwrap_or_default()))?;
        step.facts.content = content(self.content_amount, self.content_dimension.as_deref());
        step.facts.packs_per_carton = self.packs_per_carton;
        Ok(())
    }
}

impl Store {
    /// Takes a change back; answers how many products are as they were, and how many somebody touched since.
    ///
    /// # Errors
    /// [`ProductError::NotFound`]; [`ProductError::Changed`] when it was taken back already or is too old.
    ///
    /// Packs that come back are ready `today`.
    pub async fn undo_product_batch(
        &self,
        act: &Act,
        umkm: OrganisationId,
        batch: ProductBatchId,
        today: Day,
    ) -> Result<(usize, usize), ProductError> {
        self.write(act, async |tx| -> Result<(usize, usize), ProductError> {
            tx.undo_product_batch(umkm, batch, today).await
        })
        .await
    }

    /// The latest change of an UMKM's goods, if it can still be taken back.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open_product_batch(
        &self,
        umkm: OrganisationId,
        now: Instant,
    ) -> Result<Option<OpenBatch>, Error> {
        let found: Option<BatchRow> = self
            .row(
                "SELECT id, kind, created_at, undone_at FROM product_batches WHERE umkm_id = $1 AND created_at >= $2 \
                 ORDER BY created_at DESC, id DESC LIMIT 1",
                [umkm.0.into(), now.plus_hours(-UNDO_HOURS).0.into()],
            )
            .await?;
        let Some(found) = found.filter(|found| found.undone_at.is_none()) else {
            return Ok(None);
        };
        let count = "SELECT COUNT(*) FROM product_batch_rows WHERE batch_id = $1";
        Ok(Some(OpenBatch {
            id: ProductBatchId(found.id),
            kind: found.kind()?,
            undo_until: found.undo_until(),
            products: self.number(count, [found.id.into()]).await?,
        }))
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
                "SELECT id, kind, created_at, undone_at FROM product_batches WHERE id = $1 AND umkm_id = $2",
                [batch.0.into(), umkm.0.into()],
            )
            .await?;
        let Some(found) = found else {
            return Ok(None);
        };
        let rows = self
            .rows(
                "SELECT p.id AS product_id, p.name, r.state AS state_before, p.state, r.price_rupiah AS price_before, \
                 p.price_rupiah, r.packs, COALESCE(cb.name_id, kb.name_id) AS kind_before, \
                 COALESCE(cb.name_en, kb.name_en) AS kind_before_en, COALESCE(c.name_id, k.name_id) AS kind, \
                 COALESCE(c.name_en, k.name_en) AS kind_en, r.unit AS unit_before, r.content_amount AS content_before, \
                 r.content_dimension AS dimension_before, r.packs_per_carton AS carton_before, p.unit, p.content_amount, \
                 p.content_dimension, p.packs_per_carton FROM product_batch_rows r \
                 JOIN products p ON p.id = r.product_id LEFT JOIN commodities cb ON cb.id = r.commodity_id \
                 LEFT JOIN categories kb ON kb.id = r.category_id LEFT JOIN commodities c ON c.id = p.commodity_id \
                 LEFT JOIN categories k ON k.id = p.category_id WHERE r.batch_id = $1 ORDER BY LOWER(p.name), p.id LIMIT $2",
                [batch.0.into(), SHOWN.into()],
            )
            .await?;
        let count = |more: &str| {
            format!(
                "SELECT COUNT(*) FROM product_batch_rows r JOIN products p ON p.id = r.product_id WHERE r.batch_id = $1{more}"
            )
        };
        // Stock moves by orders too, and by as much as it was moved it can be moved back.
        let untouched = match found.kind()? {
            BatchKind::Stock => " AND p.state <> 'archived'",
            _ => " AND p.version = r.version",
        };
        Ok(Some(BatchView {
            id: batch,
            kind: found.kind()?,
            made_at: Instant(found.created_at),
            undone_at: found.undone_at.map(Instant),
            undo_until: found.undo_until(),
            products: self.number(count(""), [batch.0.into()]).await?,
            untouched: self.number(count(untouched), [batch.0.into()]).await?,
            rows,
        }))
    }
}

impl Tx {
    async fn undo_product_batch(
        &self,
        umkm: OrganisationId,
        batch: ProductBatchId,
        today: Day,
    ) -> Result<(usize, usize), ProductError> {
        self.product_actor(umkm).await.map_err(not_found)?;
        let found: BatchRow = self
            .row(
                format!(
                    "SELECT id, kind, created_at, undone_at FROM product_batches WHERE id = $1 \
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
        let before = self.batch_rows(found.id).await?;
        let ids: Vec<ProductId> = before.iter().map(|row| ProductId(row.product_id)).collect();
        let now = self.chosen(umkm, &Chosen::These(ids.clone())).await?;
        let kind = found.kind()?;
        let ids: Vec<Uuid> = ids.into_iter().map(|id| id.0).collect();
        let lots = match kind {
            BatchKind::Stock | BatchKind::Table => self.lots_of_many(umkm, &ids).await?,
            _ => Lots::default(),
        };
        // Offers that took goods in meanwhile pool them as they are.
        let pooled: HashMap<Uuid, _> = match kind {
            BatchKind::Kind | BatchKind::Unit => self.lowest_paid(umkm).await?,
            _ => HashMap::new(),
        };
        let mut steps = Vec::with_capacity(before.len());
        for (row, before) in now.iter().zip(&before) {
            let mut step = Step::still(row)?;
            let is_archived = step.to == ProductState::Archived && kind != BatchKind::Archive;
            let is_touched = kind != BatchKind::Stock && row.version != before.version;
            // An offer has taken it into its pool meanwhile: it can't become a draft any more.
            let is_taken = kind == BatchKind::Publish && before.is_pooled > 0;
            let is_promised = lots.free(row.id).0 < before.packs;
            if row.id != before.product_id
                || is_archived
                || is_touched
                || is_taken
                || is_promised
                || pooled.contains_key(&row.id)
            {
                continue;
            }
            step.packs = before.packs.saturating_neg();
            if kind != BatchKind::Stock {
                before.restore(&mut step)?;
            }
            if matches!(kind, BatchKind::Publish | BatchKind::Archive) {
                step.kind = "product_restored";
            }
            steps.push(step);
        }
        if !steps.is_empty() {
            self.write_steps(&steps).await?;
            self.move_many(umkm, &steps, &lots, today).await?;
            let ids: Vec<Uuid> = steps.iter().map(|step| step.row.id).collect();
            if kind == BatchKind::Archive {
                self.supply_again(&ids, found.created_at).await?;
            }
            let offers = self.offers_with(&ids).await?;
            self.availability_changed(&offers).await?;
            self.offers_look_changed(&offers).await?;
        }
        self.exec(
            "UPDATE product_batches SET undone_at = $2 WHERE id = $1",
            [found.id.into(), self.now().0.into()],
        )
        .await?;
        Ok((steps.len(), before.len() - steps.len()))
    }

    /// The products of a change as it found them, by id.
    async fn batch_rows(&self, batch: Uuid) -> Result<Vec<Before>, Error> {
        self.rows(
            "SELECT r.product_id, r.state, r.price_rupiah, r.category_id, r.commodity_id, r.unit, r.content_amount, \
             r.content_dimension, r.packs_per_carton, r.packs, r.version, (SELECT COUNT(*) FROM supplies s \
             WHERE s.product_id = r.product_id AND s.withdrawn_at IS NULL) AS is_pooled \
             FROM product_batch_rows r WHERE r.batch_id = $1 ORDER BY r.product_id",
            [batch.into()],
        )
        .await
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
