//! One change of many products at once, and taking it back (CHECKLIST §6.2).
//!
//! Every step is one statement for all of them, so that 500 products take no longer than a few. What a change can't do
//! to a product is left out and counted, never half done. Taking back ([`undo`]) restores whatever nobody has touched
//! since.

use std::collections::HashMap;

use domain::{
    ids::{OrganisationId, ProductBatchId, ProductId},
    money::Rupiah,
    products::{ProductActor, ProductEvent, ProductState, changed_by, transition},
};
use sea_orm::{FromQueryResult, Value};
use serde_json::json;
use uuid::Uuid;

mod undo;

pub use undo::{BatchLine, BatchView};

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

/// What to do with all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchChange {
    /// Drafts and paused products go live.
    Publish,
    /// Prices go up by so many basis points, or down when negative; each rounded to whole rupiah.
    Price {
        percent_bp: i64,
    },
    /// Each has a price of its own, typed into a table.
    Each,
    Archive,
}

/// A price that was typed beside the one that was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewPrice {
    pub product: ProductId,
    pub seen: Option<Rupiah>,
    pub price: Rupiah,
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
    /// Somebody else gave it another price meanwhile.
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
            tx.change_products(umkm, chosen, change, &HashMap::new())
                .await
        })
        .await
    }

    /// Gives products of an UMKM the prices that were typed for each.
    ///
    /// # Errors
    /// [`ProductError::NotFound`] when one of the named products is not there.
    pub async fn price_products(
        &self,
        act: &Act,
        umkm: OrganisationId,
        prices: &[NewPrice],
    ) -> Result<BatchOutcome, ProductError> {
        let chosen = Chosen::These(prices.iter().map(|one| one.product).collect());
        let each = prices.iter().map(|one| (one.product.0, *one)).collect();
        self.write(act, async |tx| -> Result<BatchOutcome, ProductError> {
            tx.change_products(umkm, &chosen, BatchChange::Each, &each)
                .await
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
        change: BatchChange,
        each: &HashMap<Uuid, NewPrice>,
    ) -> Result<BatchOutcome, ProductError> {
        let actor = self.product_actor(umkm).await.map_err(not_found)?;
        let rows = self.chosen(umkm, chosen).await?;
        let lowest = match change {
            BatchChange::Price { .. } | BatchChange::Each => self.lowest_paid(umkm).await?,
            _ => HashMap::new(),
        };
        let mut steps = Vec::with_capacity(rows.len());
        let mut left_out: HashMap<LeftOut, usize> = HashMap::new();
        for row in &rows {
            match step(row, change, actor, &lowest, each)? {
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
            // No percentage is none at all.
            BatchChange::Each => ("price", Some(0)),
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
}

/// What the change means for one product, or why it is left out.
fn step<'a>(
    row: &'a Row,
    change: BatchChange,
    actor: ProductActor,
    lowest: &HashMap<Uuid, i64>,
    each: &HashMap<Uuid, NewPrice>,
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
            match changed_by(Rupiah(price), percent_bp) {
                Ok(new) => repriced(row, state, new, lowest),
                Err(_) => Err(LeftOut::Price),
            }
        }
        BatchChange::Each => match each.get(&row.id) {
            Some(one) if one.seen.map(|seen| seen.0) != row.price_rupiah => Err(LeftOut::Changed),
            Some(one) => repriced(row, state, one.price, lowest),
            None => Err(LeftOut::Price),
        },
    })
}

/// The product at another price, as long as the offers that pool it pay that much.
fn repriced<'a>(
    row: &'a Row,
    state: ProductState,
    new: Rupiah,
    lowest: &HashMap<Uuid, i64>,
) -> Result<Step<'a>, LeftOut> {
    let asks_more = row.price_rupiah.is_none_or(|price| new.0 > price);
    let is_above = asks_more && lowest.get(&row.id).is_some_and(|most| new.0 > *most);
    if state == ProductState::Archived {
        Err(LeftOut::State)
    } else if row.price_rupiah == Some(new.0) || new <= Rupiah::ZERO {
        Err(LeftOut::Price)
    } else if is_above {
        Err(LeftOut::Pooled)
    } else {
        Ok(Step {
            row,
            to: state,
            price: Some(new.0),
            kind: "product_edited",
        })
    }
}
