//! Running the sharing rule inside a deed and writing down what came of it: the run, its rows, the proposed shares,
//! and a hold on each lot they come from.

use std::collections::HashMap;
use std::str::FromStr;

use domain::allocation::{LotStock, Request, Row, Rule, Run, Served};
use domain::ids::{LotId, OrderId, OrderLineId, OrganisationId, ShareId, SupplyId};
use domain::quantity::{Packs, Units};
use domain::time::Instant;

use crate::entities::{allocation_rows, allocations, shares};
use crate::error::Error;
use crate::offers::facts::OfferFacts;
use crate::stock::HoldKind;
use crate::supplies::Supply;
use crate::write::Tx;

/// The line that a run is for.
pub(crate) struct Portion<'a> {
    pub order: OrderId,
    pub line: OrderLineId,
    pub offer: &'a OfferFacts,
    /// 1 for the first run of a line.
    pub run: i32,
}

/// One member's part as the rule gave it.
#[derive(Clone, Debug)]
pub(crate) struct Given {
    pub grade: String,
    pub packs: Packs,
}

/// A supply, what it gives, and from which lots.
type Part = (Supply, Packs, Vec<(LotId, Packs)>);

/// The run of a line, not written yet.
pub(crate) struct Shared {
    run: Run,
    parts: Vec<Part>,
    pub shortfall: Units,
}

/// Runs the rule of an offer for `packs` over its pool, whole units where cartons are not mixed. `kept` are the packs that a supply keeps from earlier runs of
/// the line: never taken away, counted against caps. `pool` is reduced by what is given, so that a lot that serves
/// two lines of one order is not counted twice.
pub(crate) fn run(
    offer: &OfferFacts,
    packs: Packs,
    kept: &HashMap<SupplyId, Packs>,
    pool: &mut [Supply],
    served: &HashMap<OrganisationId, Served>,
) -> Result<Shared, Error> {
    let grades = offer.grades();
    let per_row = offer.packs_per_row_unit();
    let rule = Rule::from_str(&offer.rule).map_err(|e| Error::Corrupt(e.to_string()))?;
    let per_unit_in_rows = if offer.mixes_cartons() {
        offer.packs_per_unit
    } else {
        1
    };
    let in_rows = |units: i64| {
        units
            .checked_mul(per_unit_in_rows)
            .map(Units)
            .ok_or_else(|| Error::Corrupt("quantity too large".to_owned()))
    };
    let min_units = in_rows(offer.min_share_units)?;
    let rows: Vec<Row> = pool
        .iter()
        .filter(|supply| supply.offer.0 == offer.id)
        .map(|supply| {
            let kept = kept.get(&supply.id).copied().unwrap_or_default();
            Row {
                kept: kept.units(per_row),
                ..supply.row(&grades, per_row, min_units, served)
            }
        })
        .collect();
    let request = Request {
        rule,
        quantity: packs.units(per_row),
        max_share_bp: offer.max_share_bp,
        lower_grade_max_bp: offer.lower_grade_max_bp,
        carton: offer.mixes_cartons().then_some(offer.packs_per_unit),
    };
    let run = Run::new(request, rows).map_err(|e| Error::Corrupt(e.to_string()))?;

    let mut parts = Vec::new();
    for part in run.outcome.parts.iter().filter(|part| part.units.0 > 0) {
        let packs = part
            .units
            .packs(per_row)
            .ok_or_else(|| Error::Corrupt("quantity too large".to_owned()))?;
        let Some(index) = pool.iter().position(|supply| supply.id == part.supply) else {
            return Err(Error::Corrupt("the rule gave to nobody".to_owned()));
        };
        let Some(supply) = pool.get(index).cloned() else {
            continue;
        };
        let picks = domain::allocation::pick(&supply.lots, packs)
            .ok_or_else(|| Error::Corrupt("the rule gave more than the lots have".to_owned()))?;
        take(pool, &picks);
        parts.push((supply, packs, picks));
    }
    // A carton that lacks a pack is a carton short.
    let short = run.outcome.shortfall.0;
    let shortfall = Units(
        short.div_euclid(per_unit_in_rows) + i64::from(short.rem_euclid(per_unit_in_rows) > 0),
    );
    Ok(Shared {
        run,
        parts,
        shortfall,
    })
}

/// Takes picked packs out of every supply that shares the lots.
fn take(pool: &mut [Supply], picks: &[(LotId, Packs)]) {
    for supply in pool {
        for (lot, packs) in picks {
            if let Some(stock) = supply
                .lots
                .iter_mut()
                .find(|stock: &&mut LotStock| stock.lot == *lot)
            {
                stock.free = Packs((stock.free.0 - packs.0).max(0));
                supply.free = Packs((supply.free.0 - packs.0).max(0));
            }
        }
    }
}

impl Shared {
    /// What was given, by grade, for pricing the line.
    pub(crate) fn given(&self) -> impl Iterator<Item = Given> {
        self.parts.iter().map(|(supply, packs, _)| Given {
            grade: supply.grade.clone(),
            packs: *packs,
        })
    }

    /// What is taken from which lot.
    pub(crate) fn picks(&self) -> impl Iterator<Item = (LotId, Packs)> {
        self.parts
            .iter()
            .flat_map(|(_, _, picks)| picks.iter().copied())
    }

    /// Writes the run, the proposed shares and their holds.
    pub(crate) async fn write(
        self,
        tx: &Tx,
        portion: &Portion<'_>,
        hold: HoldKind,
        answer_by: Option<Instant>,
    ) -> Result<(), crate::stock::StockError> {
        let allocation_id = tx.new_id();
        tx.insert(allocations::Model {
            id: allocation_id,
            order_line_id: portion.line.0,
            run: portion.run,
            rule: portion.offer.rule.clone(),
            rule_version: self.run.version,
            content: serde_json::to_string(&self.run).map_err(Error::from)?,
            at: tx.now().0,
        })
        .await?;
        let per_row = portion.offer.packs_per_row_unit();
        let packs = |units: Units| units.packs(per_row).unwrap_or_default().0;
        let rows = self
            .run
            .rows
            .iter()
            .zip(&self.run.outcome.parts)
            .map(|(row, part)| allocation_rows::Model {
                allocation_id,
                supply_id: row.supply.0,
                cooperative_id: portion.offer.cooperative_id,
                supplier_id: row.supplier.0,
                offered_packs: packs(row.capacity),
                given_packs: packs(part.units),
                at: tx.now().0,
            })
            .collect();
        tx.insert_many(rows).await?;

        let mut models = Vec::with_capacity(self.parts.len());
        let mut picks = Vec::new();
        for (supply, packs, lots) in self.parts {
            let share = ShareId(tx.new_id());
            models.push(shares::Model {
                id: share.0,
                order_id: portion.order.0,
                order_line_id: portion.line.0,
                allocation_id,
                cooperative_id: portion.offer.cooperative_id,
                supplier_id: supply.supplier.0,
                supply_id: supply.id.0,
                product_id: supply.product.0,
                grade: supply.grade,
                proposed_packs: packs.0,
                packs: packs.0,
                state: "proposed".to_owned(),
                answer_by: answer_by.map(|at| at.0),
                answered_at: None,
                answered_by: None,
                on_behalf: false,
                reason: None,
                created_at: tx.now().0,
            });
            picks.extend(lots.into_iter().map(|(lot, packs)| (share, lot, packs)));
        }
        tx.insert_many(models).await?;
        tx.hold(portion.order, &picks, hold).await
    }
}
