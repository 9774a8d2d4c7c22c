//! One change of many products at once, and taking it back (CHECKLIST §6.2).
//!
//! Every step is one statement for all of them, so that 500 products take no longer than a few. What a change can't do
//! to a product is left out and counted, never half done: [`steps`] says what it means for each. Their stock moves in
//! [`stock`]. Taking back ([`undo`]) restores whatever nobody has touched since.

use std::collections::HashMap;

use domain::{
    ids::{CategoryId, CommodityId, OrganisationId, ProductBatchId, ProductId},
    money::Rupiah,
    products::{BatchKind, Content, SaleUnit},
    quantity::Packs,
    time::Day,
};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

mod steps;
mod stock;
mod undo;

pub use undo::{BatchLine, BatchView, OpenBatch};

use super::row::{ROW, Row};
use super::views::{STOCK, part_of, shelf_is};
use super::{ListingFilter, ProductError, not_found};
use crate::act::Act;
use crate::entities::{product_batch_rows, product_batches};
use crate::error::Error;
use crate::sql::{Sql, placeholders};
use crate::write::{Store, Tx};
use steps::{Beside, Step};
use stock::Lots;

/// More products than any member has; a change takes no more at once.
pub const BATCH_MAX: i64 = 2_000;

/// What to do with all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BatchChange {
    /// Drafts and paused products go live.
    Publish,
    /// Prices go up by so many basis points, or down when negative; each rounded to whole rupiah.
    Price {
        percent_bp: i64,
    },
    /// All become goods of one kind.
    Kind {
        category: CategoryId,
        commodity: Option<CommodityId>,
    },
    /// All are sold by one unit, one content, in cartons of so many; what is `None` stays as it is.
    Unit {
        unit: Option<SaleUnit>,
        content: Option<Content>,
        packs_per_carton: Option<i64>,
    },
    /// So many packs are free of each; what comes in is ready `today`.
    Stock {
        packs: Packs,
        today: Day,
    },
    /// Each has a price or a stock of its own, typed into a table; what comes in is ready `today`.
    Each {
        today: Day,
    },
    Archive,
}

impl BatchChange {
    #[must_use]
    pub fn kind(&self) -> BatchKind {
        match self {
            Self::Publish => BatchKind::Publish,
            Self::Price { .. } => BatchKind::Price,
            Self::Kind { .. } => BatchKind::Kind,
            Self::Unit { .. } => BatchKind::Unit,
            Self::Stock { .. } => BatchKind::Stock,
            Self::Each { .. } => BatchKind::Table,
            Self::Archive => BatchKind::Archive,
        }
    }

    /// The day on which packs that come in are ready, for changes that move any.
    fn stocked(&self) -> Option<Day> {
        match self {
            Self::Stock { today, .. } | Self::Each { today } => Some(*today),
            _ => None,
        }
    }
}

/// What was typed in a product's row of a table, beside what was seen there. `None` stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableRow {
    pub product: ProductId,
    pub seen_price: Option<Rupiah>,
    pub price: Option<Rupiah>,
    /// Packs that were free.
    pub seen_free: Packs,
    pub free: Option<Packs>,
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
    /// Not whole enough to be published, or no longer so.
    Gaps,
    /// It is where it should go already, or can't go there.
    State,
    /// It has no price, or none that would change.
    Price,
    /// An offer that pools it pays less.
    Pooled,
    /// An offer pools it as it is.
    Fixed,
    /// Somebody else gave it another price or stock meanwhile.
    Changed,
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

impl Store {
    /// Publishes, reprices, completes or archives many products of an UMKM.
    ///
    /// # Errors
    /// [`ProductError::NotFound`] when one of the named products is not there; [`ProductError::UnknownKind`].
    pub async fn change_products(
        &self,
        act: &Act,
        umkm: OrganisationId,
        chosen: &Chosen,
        change: &BatchChange,
    ) -> Result<BatchOutcome, ProductError> {
        self.write(act, async |tx| -> Result<BatchOutcome, ProductError> {
            tx.change_products(umkm, chosen, change, &HashMap::new())
                .await
        })
        .await
    }

    /// Gives products of an UMKM the prices and the stock that were typed for each.
    ///
    /// # Errors
    /// [`ProductError::NotFound`] when one of the named products is not there.
    pub async fn change_by_table(
        &self,
        act: &Act,
        umkm: OrganisationId,
        rows: &[TableRow],
        today: Day,
    ) -> Result<BatchOutcome, ProductError> {
        let chosen = Chosen::These(rows.iter().map(|one| one.product).collect());
        let each = rows.iter().map(|one| (one.product.0, *one)).collect();
        let change = BatchChange::Each { today };
        self.write(act, async |tx| -> Result<BatchOutcome, ProductError> {
            tx.change_products(umkm, &chosen, &change, &each).await
        })
        .await
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
        change: &BatchChange,
        each: &HashMap<Uuid, TableRow>,
    ) -> Result<BatchOutcome, ProductError> {
        let actor = self.product_actor(umkm).await.map_err(not_found)?;
        if let BatchChange::Kind {
            category,
            commodity,
        } = change
        {
            self.check_kind_of(Some(category), commodity.as_ref())
                .await?;
        }
        let rows = self.chosen(umkm, chosen).await?;
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let beside = Beside {
            actor,
            paid: match change {
                BatchChange::Publish | BatchChange::Archive | BatchChange::Stock { .. } => {
                    HashMap::new()
                }
                _ => self.lowest_paid(umkm).await?,
            },
            lots: match change.stocked() {
                Some(_) => self.lots_of_many(umkm, &ids).await?,
                None => Lots::default(),
            },
        };
        let mut steps = Vec::with_capacity(rows.len());
        let mut left_out: HashMap<LeftOut, usize> = HashMap::new();
        for row in &rows {
            match steps::step(row, change, &beside, each)? {
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
        if let Some(today) = change.stocked() {
            self.move_many(umkm, &steps, &beside.lots, today).await?;
            self.availability_changed(&offers).await?;
        }
        if *change == BatchChange::Archive {
            self.withdraw_all(&ids).await?;
        }
        let batch = self.note_batch(umkm, change, &steps).await?;
        if change.kind() != BatchKind::Stock {
            self.offers_look_changed(&offers).await?;
            self.pause_if_empty(&offers).await?;
        }
        Ok(BatchOutcome {
            batch: Some(batch),
            done: steps.len(),
            left_out,
        })
    }

    /// By product in a pool, the least that the offers which pool it pay their members; `None` where they have no price.
    async fn lowest_paid(
        &self,
        umkm: OrganisationId,
    ) -> Result<HashMap<Uuid, Option<Rupiah>>, Error> {
        #[derive(FromQueryResult)]
        struct Paid {
            product_id: Uuid,
            lowest: Option<i64>,
        }
        let paid: Vec<Paid> = self
            .rows(
                "SELECT s.product_id, MIN(op.member_price_rupiah) AS lowest FROM supplies s JOIN offers o \
                 ON o.id = s.offer_id AND o.state <> 'archived' LEFT JOIN offer_prices op ON op.offer_id = s.offer_id \
                 AND op.grade = s.grade WHERE s.supplier_id = $1 AND s.withdrawn_at IS NULL GROUP BY s.product_id",
                [umkm.0.into()],
            )
            .await?;
        Ok(paid
            .into_iter()
            .map(|row| (row.product_id, row.lowest.map(Rupiah)))
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

    /// Writes down what a change found, so that it can be taken back.
    async fn note_batch(
        &self,
        umkm: OrganisationId,
        change: &BatchChange,
        steps: &[Step<'_>],
    ) -> Result<ProductBatchId, Error> {
        let id = self.new_id();
        self.insert(product_batches::Model {
            id,
            umkm_id: umkm.0,
            kind: change.kind().as_str().to_owned(),
            percent_bp: match change {
                BatchChange::Price { percent_bp } => Some(*percent_bp),
                _ => None,
            },
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
                category_id: step.row.category_id.clone(),
                commodity_id: step.row.commodity_id.clone(),
                unit: step.row.unit.clone(),
                content_amount: step.row.content_amount,
                content_dimension: step.row.content_dimension.clone(),
                packs_per_carton: step.row.packs_per_carton,
                packs: step.packs,
                version: step.row.version + i64::from(step.is_stated()),
            })
            .collect();
        self.insert_many(rows).await?;
        Ok(ProductBatchId(id))
    }
}
