//! What a change of many means for each product, by the rules that hold for one; and writing all of it.

use std::collections::HashMap;

use domain::{
    money::Rupiah,
    products::{ProductActor, ProductEvent, ProductState, changed_by, gaps, transition},
    quantity::Packs,
};
use sea_orm::Value;
use uuid::Uuid;

use super::stock::Lots;
use super::{BatchChange, LeftOut, TableRow};
use crate::error::Error;
use crate::events::Event;
use crate::products::Facts;
use crate::products::row::{Row, differences};
use crate::sql::Sql;
use crate::write::Tx;

/// One product's part in a change.
pub(super) struct Step<'a> {
    pub row: &'a Row,
    pub to: ProductState,
    /// What is stated of it before and afterwards.
    pub before: Facts,
    pub facts: Facts,
    /// By how much its stock moves.
    pub packs: i64,
    /// The kind of its event.
    pub kind: &'static str,
}

/// What a step has to know besides.
pub(super) struct Beside {
    pub actor: ProductActor,
    /// By product in a pool, the least that it is paid.
    pub paid: HashMap<Uuid, Option<Rupiah>>,
    pub lots: Lots,
}

impl<'a> Step<'a> {
    /// Everything stays; for a change to start from.
    pub(super) fn still(row: &'a Row) -> Result<Self, Error> {
        let facts = row.facts()?;
        Ok(Self {
            row,
            to: row.state()?,
            before: facts.clone(),
            facts,
            packs: 0,
            kind: "product_edited",
        })
    }

    /// Whether the product's own row changes, and not only its stock.
    pub(super) fn is_stated(&self) -> bool {
        self.before != self.facts || self.row.state != self.to.as_str()
    }
}

/// What the change means for one product, or why it is left out.
pub(super) fn step<'a>(
    row: &'a Row,
    change: &BatchChange,
    beside: &Beside,
    each: &HashMap<Uuid, TableRow>,
) -> Result<Result<Step<'a>, LeftOut>, Error> {
    let mut step = Step::still(row)?;
    let state = step.to;
    let moved = match change {
        BatchChange::Publish => {
            let (event, kind) = match state {
                ProductState::Paused => (ProductEvent::Resume, "product_resumed"),
                _ => (ProductEvent::Publish, "product_published"),
            };
            step.kind = kind;
            match transition(state, event, beside.actor) {
                Err(_) => Err(LeftOut::State),
                Ok(_) if !row.gaps()?.is_empty() => Err(LeftOut::Gaps),
                Ok(to) => {
                    step.to = to;
                    Ok(())
                }
            }
        }
        BatchChange::Archive => {
            step.kind = "product_archived";
            let to = transition(state, ProductEvent::Archive, beside.actor);
            to.map(|to| step.to = to).map_err(|_| LeftOut::State)
        }
        _ if state == ProductState::Archived => Err(LeftOut::State),
        BatchChange::Price { percent_bp } => {
            let new = step.before.price.map(|old| changed_by(old, *percent_bp));
            match new {
                Some(Ok(new)) => reprice(&mut step, new, beside),
                _ => Err(LeftOut::Price),
            }
        }
        BatchChange::Kind {
            category,
            commodity,
        } => {
            step.facts.category = Some(category.clone());
            step.facts.commodity.clone_from(commodity);
            restate(&step, beside)
        }
        BatchChange::Unit {
            unit,
            content,
            packs_per_carton,
        } => {
            step.facts.unit = unit.or(step.facts.unit);
            step.facts.content = content.or(step.facts.content);
            step.facts.packs_per_carton = packs_per_carton.or(step.facts.packs_per_carton);
            restate(&step, beside)
        }
        BatchChange::Stock { packs, .. } => restock(&mut step, *packs, beside),
        BatchChange::Each { .. } => match each.get(&row.id) {
            Some(one) => typed(&mut step, one, beside),
            None => Err(LeftOut::Price),
        },
    };
    Ok(moved.map(|()| step))
}

/// What was typed for one product: its price, its stock, or both; all of it or nothing.
fn typed(step: &mut Step<'_>, one: &TableRow, beside: &Beside) -> Result<(), LeftOut> {
    if let Some(price) = one.price {
        if one.seen_price != step.before.price {
            return Err(LeftOut::Changed);
        }
        reprice(step, price, beside)?;
    }
    if let Some(free) = one.free {
        if beside.lots.free(step.row.id) != one.seen_free {
            return Err(LeftOut::Changed);
        }
        restock(step, free, beside)?;
    }
    Ok(())
}

/// The product at another price, as long as the offers that pool it pay that much.
fn reprice(step: &mut Step<'_>, new: Rupiah, beside: &Beside) -> Result<(), LeftOut> {
    let asks_more = step.before.price.is_none_or(|price| new > price);
    let most = beside.paid.get(&step.row.id).copied().flatten();
    if step.before.price == Some(new) || new <= Rupiah::ZERO {
        Err(LeftOut::Price)
    } else if asks_more && most.is_some_and(|most| new > most) {
        Err(LeftOut::Pooled)
    } else {
        step.facts.price = Some(new);
        Ok(())
    }
}

/// Another kind, unit or content: what an offer pools stays as it is, and what is live stays whole.
fn restate(step: &Step<'_>, beside: &Beside) -> Result<(), LeftOut> {
    let (before, after) = (&step.before, &step.facts);
    let is_other = before.commodity != after.commodity
        || before.unit != after.unit
        || before.content != after.content;
    if before == after {
        Err(LeftOut::State)
    } else if is_other && beside.paid.contains_key(&step.row.id) {
        Err(LeftOut::Fixed)
    } else if step.to != ProductState::Draft
        && !gaps(&after.with_stock(step.to, Packs(1))).is_empty()
    {
        Err(LeftOut::Gaps)
    } else {
        Ok(())
    }
}

/// So many packs free; what is promised to orders stays promised.
fn restock(step: &mut Step<'_>, free: Packs, beside: &Beside) -> Result<(), LeftOut> {
    let now = beside.lots.free(step.row.id);
    if now == free {
        return Err(LeftOut::State);
    }
    step.packs = free.0.saturating_sub(now.0);
    Ok(())
}

impl Tx {
    /// New states and facts, each in one statement, with an event for each product whose own row changes.
    pub(super) async fn write_steps(&self, steps: &[Step<'_>]) -> Result<(), Error> {
        const COLUMNS: usize = 9;
        let mut values: Vec<Value> = vec![self.now().0.into()];
        let mut list = String::new();
        for step in steps.iter().filter(|step| step.is_stated()) {
            let at = values.len() + 1;
            let comma = if list.is_empty() { "" } else { ", " };
            list.push_str(&format!("{comma}(${at}, ${}", at + 1));
            for (n, kind) in ["BIGINT", "TEXT", "TEXT", "TEXT", "BIGINT", "TEXT", "BIGINT"]
                .into_iter()
                .enumerate()
            {
                list.push_str(&format!(", CAST(${} AS {kind})", at + 2 + n));
            }
            list.push(')');
            let facts = &step.facts;
            let row: [Value; COLUMNS] = [
                step.row.id.into(),
                step.to.as_str().into(),
                facts.price.map(|price| price.0).into(),
                facts.category.as_ref().map(|id| id.0.clone()).into(),
                facts.commodity.as_ref().map(|id| id.0.clone()).into(),
                facts.unit.map(|unit| unit.as_str().to_owned()).into(),
                facts.content.map(|content| content.amount).into(),
                facts
                    .content
                    .map(|content| content.dimension.as_str().to_owned())
                    .into(),
                facts.packs_per_carton.into(),
            ];
            values.extend(row);
        }
        if list.is_empty() {
            return Ok(());
        }
        self.exec(
            format!(
                "UPDATE products SET state = v.column2, price_rupiah = v.column3, category_id = v.column4, \
                 commodity_id = v.column5, unit = v.column6, content_amount = v.column7, \
                 content_dimension = v.column8, packs_per_carton = v.column9, updated_at = $1, \
                 version = version + 1 FROM (VALUES {list}) AS v WHERE products.id = v.column1"
            ),
            values,
        )
        .await?;
        let events = steps
            .iter()
            .filter(|step| step.is_stated())
            .map(|step| {
                let moved = step.row.state != step.to.as_str();
                let stated = step.before != step.facts;
                Event {
                    subject_kind: "product",
                    subject_id: step.row.id,
                    kind: step.kind,
                    from_state: moved.then_some(step.row.state.as_str()),
                    to_state: moved.then(|| step.to.as_str()),
                    reason: None,
                    data: stated.then(|| differences(&step.before, &step.facts).to_string()),
                }
            })
            .collect();
        self.events(events).await
    }
}
