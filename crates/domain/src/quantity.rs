//! Quantities. Stock, holds, orders, shares and prices count **sale units** ([`Packs`]); where an offer is sold
//! by the carton, the buyer and the sharing rule count cartons ([`Units`]).

use serde::{Deserialize, Serialize};

use crate::money::grouped;

/// Whole sale units: the unit the member sells in (bungkus, kg, peti).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Packs(pub i64);

/// Whole allocation units of an offer: one pack, or one carton when the offer is sold by the carton.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Units(pub i64);

impl Units {
    /// Packs in these units; `None` on overflow.
    #[must_use]
    pub fn packs(self, packs_per_unit: i64) -> Option<Packs> {
        self.0.checked_mul(packs_per_unit).map(Packs)
    }
}

impl Packs {
    /// Whole units in these packs, rounded down; the rest stays with the member.
    #[must_use]
    pub fn units(self, packs_per_unit: i64) -> Units {
        Units(self.0.checked_div(packs_per_unit).unwrap_or(0))
    }
}

impl std::fmt::Display for Packs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&grouped(self.0))
    }
}

impl std::fmt::Display for Units {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&grouped(self.0))
    }
}
