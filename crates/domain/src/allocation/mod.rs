//! Sharing an order out among the members of a pool in whole units (DOMAIN §8).
//!
//! [`allocate`] is a pure function: the same request and rows give the same outcome, whatever the order of the
//! rows, so every member can recompute it from what is stored ([`Run`], A-1). All arithmetic is on integers and
//! exact fractions. Not here: which lots and members take part (offers), holds (store), sentences (text).
//!
//! Start at [`allocate`]; the five rules are in `rules.rs`, minimums, limits and whole cartons in `passes.rs`,
//! one member's story in [`explain()`], lots within a row in [`lots`], cartons in [`cartons`].
//!
//! Choices where §8 leaves room:
//! - A max share bounds a *member* over all its grades, is rounded down and never below one unit (a unit can't
//!   be divided). A member over it keeps the limit; the rest is shared anew among the others by the same rule.
//! - The limit on lower grades (rank above 0) binds under every rule, rounded down.
//! - A minimum belongs to a row. A row that was never due anything (its turn or grade did not come) is not
//!   below its minimum. Ties in dropping: larger served ratio, then later offer, then larger id.
//! - "Smaller member id" is followed by the smaller supply id between two rows of one member.
//! - When everybody would be dropped, `first_come` runs over all rows without minimums.

use serde::{Deserialize, Serialize};

use crate::coded::coded;
use crate::ids::{OrganisationId, SupplyId};
use crate::quantity::Units;
use crate::time::Instant;

pub mod cartons;
mod explain;
mod fraction;
pub mod lots;
mod passes;
mod rules;
mod steps;
#[cfg(test)]
mod tests;
mod why;

pub use cartons::{MixedCarton, pooled_units, row_capacity};
pub use explain::explain;
pub use fraction::Fraction;
pub use lots::{LotStock, pick, release};
pub use steps::{Bound, QuotaPart, Step};
pub use why::{Explanation, Reason, Why};

/// Version of the arithmetic below, stored with each run; raise it when a result could change.
pub const VERSION: i32 = 1;

coded! {
    /// How a cooperative shares an order out (§8).
    pub enum Rule {
        /// In proportion to capacity; the largest remainders get the units left over.
        ProRata = "pro_rata",
        /// The same for everyone, as far as each can supply (water-filling).
        EqualShare = "equal_share",
        /// Rotation: whoever was served least in the last 90 days comes first.
        LeastServed = "least_served",
        /// The best grade first; within a grade in proportion to capacity.
        GradeFirst = "grade_first",
        /// Whoever offered first.
        FirstCome = "first_come",
    }
}

impl Rule {
    /// See [`VERSION`].
    pub const VERSION: i32 = VERSION;
}

/// What a member was given of what it offered in the last 90 days; no history is 0 of 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Served {
    pub fulfilled_units: i64,
    pub offered_units: i64,
}

impl Served {
    /// Compares the ratios exactly; without an offer the ratio is 0.
    #[must_use]
    pub fn cmp_ratio(self, other: Self) -> std::cmp::Ordering {
        let (mine, my_base) = self.ratio();
        let (theirs, their_base) = other.ratio();
        (mine * their_base).cmp(&(theirs * my_base))
    }

    fn ratio(self) -> (i128, i128) {
        if self.offered_units <= 0 {
            (0, 1)
        } else {
            (
                i128::from(self.fulfilled_units),
                i128::from(self.offered_units),
            )
        }
    }
}

/// One member's supply of one grade; a member with two grades is two rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    pub supply: SupplyId,
    pub supplier: OrganisationId,
    /// 0 is the best grade of the offer.
    pub grade_rank: u8,
    /// What the row can give in this run, already floored by the carton rule ([`row_capacity`]).
    pub capacity: Units,
    /// A part below this is not worth the member's work; 0 for none.
    pub min_units: Units,
    pub served: Served,
    pub offered_at: Instant,
    /// What the row already keeps of the same order: 0 in the first run, the accepted units in the run on a
    /// shortfall. Counts to the max share, the grade limit and the minimum, and is never taken away.
    #[serde(default)]
    pub kept: Units,
}

/// What is to be shared out, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    pub rule: Rule,
    /// The order's quantity, or the shortfall when the rule runs again over the remaining capacities.
    /// In packs when `carton` is set, else in units.
    pub quantity: Units,
    /// The most one member may have of the whole order (`quantity` and all `kept`), in basis points.
    #[serde(default)]
    pub max_share_bp: Option<i64>,
    /// The most of the whole order that may be of a lower grade than the best, in basis points.
    #[serde(default)]
    pub lower_grade_max_bp: Option<i64>,
    /// Packs per carton when cartons may mix members of one grade (U-4): the rule then runs in packs, and the
    /// packs of each grade come out in whole cartons. `None` otherwise.
    #[serde(default)]
    pub carton: Option<i64>,
}

/// A row's part of the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    pub supply: SupplyId,
    pub supplier: OrganisationId,
    /// New units of this run, without `kept`.
    pub units: Units,
}

/// The result of a run: parts in the order of the rows, what could not be shared, and how it came about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    pub parts: Vec<Part>,
    /// `quantity` less all parts; reported, never hidden.
    pub shortfall: Units,
    pub steps: Vec<Step>,
}

/// Everything a member needs to recompute a run: stored as JSON with the allocation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    pub version: i32,
    pub request: Request,
    pub rows: Vec<Row>,
    pub outcome: Outcome,
}

impl Run {
    /// Runs the rule and keeps inputs and outcome together.
    ///
    /// # Errors
    /// Those of [`allocate`].
    pub fn new(request: Request, rows: Vec<Row>) -> Result<Self, AllocationError> {
        let outcome = allocate(&request, &rows)?;
        Ok(Self {
            version: VERSION,
            request,
            rows,
            outcome,
        })
    }

    /// Whether running the stored inputs again gives the stored outcome (§16).
    #[must_use]
    pub fn is_reproducible(&self) -> bool {
        self.version == VERSION
            && allocate(&self.request, &self.rows).is_ok_and(|outcome| outcome == self.outcome)
    }
}

/// The inputs make no sense; no member is at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AllocationError {
    #[error("a quantity is negative")]
    Negative,
    #[error("a limit is not between 0 and 10000 basis points")]
    Limit,
    #[error("supply {0} appears twice")]
    Duplicate(SupplyId),
    #[error("a carton holds no packs")]
    Carton,
    #[error("quantities too large")]
    Overflow,
}

/// Shares the request's quantity out among the rows (§8): `0 ≤ part ≤ capacity`, and the parts and the shortfall
/// add up to the quantity. Without a binding minimum, max share, grade limit or carton the parts add up to
/// `min(quantity, Σ capacity)`.
///
/// # Errors
/// [`AllocationError`] for negative or absurdly large quantities, limits out of range, a supply given twice.
pub fn allocate(request: &Request, rows: &[Row]) -> Result<Outcome, AllocationError> {
    passes::allocate(request, rows)
}
