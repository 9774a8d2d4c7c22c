//! One change of many products at once, and taking it back (CHECKLIST §6.2).
//!
//! Every step is one statement for all of them, so that 500 products take no longer than a few. What a change can't do
//! to a product is left out and counted, never half done. Taking back restores whatever nobody has touched since.

use std::collections::HashMap;

use domain::{
    ids::{OrganisationId, ProductBatchId, ProductId},
    money::Rupiah,
    products::{ProductActor, ProductEvent, ProductState, changed_by, transition},
    time::Instant,
};
use sea_orm::{FromQueryResult, Value};
use serde_json::json;
use uuid::Uuid;

use super::row::{ROW, Row};
use super::views::{STOCK, part_of, shelf_is};
use super::{ListingFilter, ProductError, not_found};
use crate::act::Act;
use crate::entities::{product_batch_rows, product_batches};
use crate::error::Error;
use crate::events::Event;
use crate::sql::{Sql, placeholders};
use crate::write::{Store, Tx};

/// More products than any member has; a change takes no more at once.
pub const BATCH_MAX: i64 = 2_000;
/// Hours in which a change can be taken back.
const UNDO_HOURS: i64 = 24;
/// Rows that the page of a change shows.
const SHOWN: i64 = 100;

/// What to do with all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchChange {
    /// Drafts and paused products go live.
    Publish,
    /// Prices go up by so many basis points, or down when negative; each rounded to whole rupiah.
    Price {
        percent_bp: i64,
    },
    Archive,
}

/// Which products.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chosen {
    These(Vec<ProductId>),
    /// All that a list finds, on all its pages.
    Found(ListingFilter),
}

/// Why a product was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LeftOut {
    /// Not whole enough to be published.
    Gaps,
    /// It is where it should go already, or can't go there.
    State,
    /// It has no price, or none that would change.
    Price,
    /// An offer that pools it pays less.
    Pooled,
}

/// What a change did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchOutcome {
    /// `None` when nothing was changed.
    pub batch: Option<ProductBatchId>,
    pub done: usize,
    /// How many were left out for each reason.
    pub left_out: Vec<(LeftOut, usize)>,
}

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
            ("price", Some(percent_bp)) => Ok(BatchChange::Price { percent_bp }),
            (other, _) => Err(Error::Corrupt(other.to_owned())),
        }
    }

    fn undo_until(&self) -> Instant {
        Instant(self.created_at).plus_hours(UNDO_HOURS)
    }
}

/// One product's part in a change.
struct Step<'a> {
    row: &'a Row,
    to: ProductState,
    price: Option<i64>,
    kind: &'static str,
}

impl Store {
    /// Publishes, reprices or archives many products of an UMKM.
    ///
    /// # Errors
    /// [`ProductError::NotFound`] when one of the named products is not there.
    pub async fn change_products(
        &self,
        act: &Act,
        umkm: OrganisationId,
        chosen: &Chosen,
        change: BatchChange,
    ) -> Result<BatchOutcome, ProductError> {
        self.write(act, async |tx| -> Result<BatchOutcome, ProductError> {
            tx.change_products(umkm, chosen, change).await
        })
        .await
    }

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
    /// The chosen products with their stock, locked.
    async fn chosen(
        &self,
        umkm: OrganisationId,
        chosen: &Chosen,
    ) -> Result<Vec<Row>, ProductError> {
        let lock = if self.is_postgres() {
            " FOR UPDATE OF p"
        } else {
            ""
        };
        let rows: Vec<Row> = match chosen {
            Chosen::These(ids) => {
                let mut ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
                ids.sort_unstable();
                ids.dedup();
                if ids.is_empty() {
                    return Ok(Vec::new());
                }
                let mut values: Vec<Value> = vec![umkm.0.into()];
                values.extend(ids.iter().map(|id| Value::from(*id)));
                let rows: Vec<Row> = self
                    .rows(
                        format!(
                            "SELECT {ROW} FROM products p WHERE p.umkm_id = $1 AND p.id IN ({}) ORDER BY p.id{lock}",
                            placeholders(2, ids.len())
                        ),
                        values,
                    )
                    .await?;
                if rows.len() != ids.len() {
                    return Err(ProductError::NotFound);
                }
                rows
            }
            Chosen::Found(filter) => {
                self.rows(
                    format!(
                        "SELECT {ROW} FROM products p {STOCK} WHERE p.umkm_id = $1 AND {} AND LOWER(p.name) LIKE $2 \
                         ESCAPE '!' ORDER BY p.id LIMIT {BATCH_MAX}{lock}",
                        shelf_is(filter.shelf)
                    ),
                    [umkm.0.into(), part_of(&filter.name).into()],
                )
                .await?
            }
        };
        Ok(rows)
    }

    async fn change_products(
        &self,
        umkm: OrganisationId,
        chosen: &Chosen,
        change: BatchChange,
    ) -> Result<BatchOutcome, ProductError> {
        let actor = self.product_actor(umkm).await.map_err(not_found)?;
        let rows = self.chosen(umkm, chosen).await?;
        let lowest = match change {
            BatchChange::Price { .. } => self.lowest_paid(umkm).await?,
            _ => HashMap::new(),
        };
        let mut steps = Vec::with_capacity(rows.len());
        let mut left_out: HashMap<LeftOut, usize> = HashMap::new();
        for row in &rows {
            match step(row, change, actor, &lowest)? {
                Ok(step) => steps.push(step),
                Err(why) => *left_out.entry(why).or_default() += 1,
            }
        }
        let mut left_out: Vec<_> = left_out.into_iter().collect();
        left_out.sort_unstable();
        if steps.is_empty() {
            return Ok(BatchOutcome {
                batch: None,
                done: 0,
                left_out,
            });
        }
        let ids: Vec<Uuid> = steps.iter().map(|step| step.row.id).collect();
        // While the supplies still name their offers.
        let offers = self.offers_with(&ids).await?;
        self.write_steps(&steps).await?;
        if change == BatchChange::Archive {
            self.withdraw_all(&ids).await?;
        }
        let batch = self.note_batch(umkm, change, &steps).await?;
        self.offers_look_changed(&offers).await?;
        self.pause_if_empty(&offers).await?;
        Ok(BatchOutcome {
            batch: Some(batch),
            done: steps.len(),
            left_out,
        })
    }

    /// The least that offers which pool a product pay their members, by product.
    async fn lowest_paid(&self, umkm: OrganisationId) -> Result<HashMap<Uuid, i64>, Error> {
        #[derive(FromQueryResult)]
        struct Paid {
            product_id: Uuid,
            lowest: i64,
        }
        let paid: Vec<Paid> = self
            .rows(
                "SELECT s.product_id, MIN(op.member_price_rupiah) AS lowest FROM supplies s JOIN offers o \
                 ON o.id = s.offer_id AND o.state <> 'archived' JOIN offer_prices op ON op.offer_id = s.offer_id \
                 AND op.grade = s.grade WHERE s.supplier_id = $1 AND s.withdrawn_at IS NULL GROUP BY s.product_id",
                [umkm.0.into()],
            )
            .await?;
        Ok(paid
            .into_iter()
            .map(|row| (row.product_id, row.lowest))
            .collect())
    }

    /// Offers that pool one of these products.
    async fn offers_with(&self, products: &[Uuid]) -> Result<Vec<Uuid>, Error> {
        #[derive(FromQueryResult)]
        struct Offer {
            offer_id: Uuid,
        }
        let offers: Vec<Offer> = self
            .rows(
                format!(
                    "SELECT DISTINCT offer_id FROM supplies WHERE withdrawn_at IS NULL AND product_id IN ({}) \
                     ORDER BY offer_id",
                    placeholders(1, products.len())
                ),
                products.iter().map(|id| Value::from(*id)),
            )
            .await?;
        Ok(offers.into_iter().map(|row| row.offer_id).collect())
    }

    /// New states and prices, each in one statement, with an event for each product.
    async fn write_steps(&self, steps: &[Step<'_>]) -> Result<(), Error> {
        let mut values: Vec<Value> = vec![self.now().0.into()];
        let mut list = String::new();
        for step in steps {
            let at = values.len() + 1;
            let comma = if list.is_empty() { "" } else { ", " };
            list.push_str(&format!(
                "{comma}(${at}, ${}, CAST(${} AS BIGINT))",
                at + 1,
                at + 2
            ));
            values.push(step.row.id.into());
            values.push(step.to.as_str().into());
            values.push(step.price.into());
        }
        self.exec(
            format!(
                "UPDATE products SET state = v.column2, price_rupiah = v.column3, updated_at = $1, \
                 version = version + 1 FROM (VALUES {list}) AS v WHERE products.id = v.column1"
            ),
            values,
        )
        .await?;
        let events = steps
            .iter()
            .map(|step| {
                let moved = step.row.state != step.to.as_str();
                let data = (step.price != step.row.price_rupiah).then(|| {
                    json!({ "price_rupiah": [step.row.price_rupiah, step.price] }).to_string()
                });
                Event {
                    subject_kind: "product",
                    subject_id: step.row.id,
                    kind: step.kind,
                    from_state: moved.then_some(step.row.state.as_str()),
                    to_state: moved.then(|| step.to.as_str()),
                    reason: None,
                    data,
                }
            })
            .collect();
        self.events(events).await
    }

    async fn withdraw_all(&self, products: &[Uuid]) -> Result<(), Error> {
        let mut values: Vec<Value> = vec![self.now().0.into()];
        values.extend(products.iter().map(|id| Value::from(*id)));
        self.exec(
            format!(
                "UPDATE supplies SET withdrawn_at = $1 WHERE withdrawn_at IS NULL AND product_id IN ({})",
                placeholders(2, products.len())
            ),
            values,
        )
        .await?;
        Ok(())
    }

    async fn note_batch(
        &self,
        umkm: OrganisationId,
        change: BatchChange,
        steps: &[Step<'_>],
    ) -> Result<ProductBatchId, Error> {
        let id = self.new_id();
        let (kind, percent_bp) = match change {
            BatchChange::Publish => ("publish", None),
            BatchChange::Archive => ("archive", None),
            BatchChange::Price { percent_bp } => ("price", Some(percent_bp)),
        };
        self.insert(product_batches::Model {
            id,
            umkm_id: umkm.0,
            kind: kind.to_owned(),
            percent_bp,
            person_id: self.act.person.map(Into::into),
            organisation_id: self.act.organisation.map(Into::into),
            created_at: self.now().0,
            undone_at: None,
        })
        .await?;
        let rows = steps
            .iter()
            .map(|step| product_batch_rows::Model {
                batch_id: id,
                product_id: step.row.id,
                state: step.row.state.clone(),
                price_rupiah: step.row.price_rupiah,
                version: step.row.version + 1,
            })
            .collect();
        self.insert_many(rows).await?;
        Ok(ProductBatchId(id))
    }

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
                    BatchChange::Price { .. } => "product_edited",
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

/// What the change means for one product, or why it is left out.
fn step<'a>(
    row: &'a Row,
    change: BatchChange,
    actor: ProductActor,
    lowest: &HashMap<Uuid, i64>,
) -> Result<Result<Step<'a>, LeftOut>, Error> {
    let state = row.state()?;
    let stays = |to, kind| Step {
        row,
        to,
        price: row.price_rupiah,
        kind,
    };
    Ok(match change {
        BatchChange::Publish => {
            let (event, kind) = match state {
                ProductState::Paused => (ProductEvent::Resume, "product_resumed"),
                _ => (ProductEvent::Publish, "product_published"),
            };
            match transition(state, event, actor) {
                Err(_) => Err(LeftOut::State),
                Ok(_) if !row.gaps()?.is_empty() => Err(LeftOut::Gaps),
                Ok(to) => Ok(stays(to, kind)),
            }
        }
        BatchChange::Archive => match transition(state, ProductEvent::Archive, actor) {
            Ok(to) => Ok(stays(to, "product_archived")),
            Err(_) => Err(LeftOut::State),
        },
        BatchChange::Price { percent_bp } => {
            let Some(price) = row.price_rupiah else {
                return Ok(Err(LeftOut::Price));
            };
            let Ok(new) = changed_by(Rupiah(price), percent_bp) else {
                return Ok(Err(LeftOut::Price));
            };
            let is_above = lowest
                .get(&row.id)
                .is_some_and(|most| new.0 > *most && new.0 > price);
            match new.0 {
                _ if state == ProductState::Archived => Err(LeftOut::State),
                same if same == price => Err(LeftOut::Price),
                _ if is_above => Err(LeftOut::Pooled),
                new => Ok(Step {
                    price: Some(new),
                    ..stays(state, "product_edited")
                }),
            }
        }
    })
}
