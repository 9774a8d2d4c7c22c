//! The record of a run: what the rule did, in order, with every figure a member needs to follow it.
//! Details are those of the pass that counted; earlier passes are told by what was [`Step::Dropped`].

use serde::{Deserialize, Serialize};

use super::Fraction;
use crate::ids::{OrganisationId, SupplyId};
use crate::quantity::Units;

/// One thing a run did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    /// The limits of this run in units: the most per member, the most of lower grades.
    Limits {
        max_share: Option<Units>,
        lower_grades: Option<Units>,
    },
    /// A row came out below its minimum and left; the next pass ran without it.
    Dropped {
        pass: u32,
        supply: SupplyId,
        units: Units,
        minimum: Units,
    },
    /// Everybody would have been dropped: shared by time of offer, without minimums.
    ByOffer,
    /// The lower grades came out above their limit and get just the limit.
    GradeLimit { limit: Units },
    /// A grade is shared: what better grades took before it, and the units it is given to share.
    Grade {
        grade_rank: u8,
        before: Units,
        shared: Units,
        /// The limit on lower grades, not the order, sets `shared`.
        limited: bool,
    },
    /// Packs of a grade are brought down to whole cartons.
    Cartons {
        grade_rank: u8,
        packs_per_carton: i64,
        packs: Units,
        whole: Units,
    },
    /// What is to be shared takes all that these rows have.
    Everything { supplies: Vec<SupplyId> },
    /// A member would have come out above the max share and gets `limit` units for all its rows.
    Capped {
        supplier: OrganisationId,
        limit: Units,
    },
    /// Exact shares in proportion to capacity (`pro_rata`, `grade_first`).
    Quotas {
        shared: Units,
        capacity: Units,
        parts: Vec<QuotaPart>,
    },
    /// An even part would be more than the row has: all of it is taken.
    AllOf {
        supply: SupplyId,
        units: Units,
        even: Fraction,
    },
    /// The even part of those who can give more than it (`equal_share`).
    Even {
        shared: Units,
        even: Fraction,
        supplies: Vec<SupplyId>,
    },
    /// Units left after rounding down, one each to `given`, best claim first; `full` had reached the max share.
    LeftOver {
        left: Units,
        given: Vec<SupplyId>,
        full: Vec<SupplyId>,
    },
    /// A row's turn (`least_served`, `first_come`).
    Turn {
        supply: SupplyId,
        position: u32,
        of: u32,
        /// Units given to those before it.
        before: Units,
        /// Units still to be given when its turn came.
        left: Units,
        units: Units,
        /// What kept it from giving all it has.
        bound: Option<Bound>,
    },
    /// A shortfall at the end went to a row dropped before (§8, example 6).
    Offered {
        supply: SupplyId,
        left: Units,
        units: Units,
    },
}

/// A row's exact quota: `whole + remainder / capacity` of its [`Step::Quotas`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuotaPart {
    pub supply: SupplyId,
    pub capacity: Units,
    pub whole: Units,
    pub remainder: i64,
}

/// Why a turn gave less than the row has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// The order was complete.
    Order,
    /// The max share of a member.
    MaxShare,
    /// The limit on lower grades.
    Grade,
}
