//! The sentences of one member's story as data: a page turns each [`Why`] into words with its figures.

use serde::{Deserialize, Serialize};

use super::steps::Bound;
use super::{Fraction, Rule};
use crate::ids::SupplyId;
use crate::quantity::Units;

/// What decided about a unit left after rounding down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The larger fraction.
    Remainder,
    /// Equal fractions; the smaller part served in the last 90 days.
    Served,
    /// Also served equally; the earlier offer.
    Earlier,
    /// All equal; the smaller id.
    Id,
    /// The next in line had reached the max share.
    MaxShare,
}

/// One sentence of the story. Units are packs when the run was in mixed cartons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Why {
    /// "Anda sanggup 40. Semua anggota sanggup 150. Pembeli pesan 100."
    Capacity {
        mine: Units,
        all: Units,
        ordered: Units,
    },
    /// A run on a shortfall: what the member keeps from before.
    Kept { units: Units },
    /// The most one member may have.
    MaxShare { limit: Units },
    /// My part came out below my minimum, so the others shared without me.
    Dropped { got: Units, minimum: Units },
    /// Other rows came out below their minimum and left.
    OthersDropped { rows: u32 },
    /// Everybody would have been below the minimum: shared by time of offer.
    ByOffer,
    /// The buyer takes at most this much of lower grades.
    GradeLimit { limit: Units },
    /// My grade's turn: better grades gave `before`, `shared` is left for mine.
    Grade {
        grade_rank: u8,
        before: Units,
        shared: Units,
        limited: bool,
    },
    /// Better grades already filled the order (or the limit on lower grades is used up).
    GradeNotReached { grade_rank: u8 },
    /// Only whole cartons are sold: `packs` became `whole`.
    Cartons {
        packs_per_carton: i64,
        packs: Units,
        whole: Units,
    },
    /// All that everyone has is needed.
    Everything { mine: Units },
    /// My part came out above the max share.
    Capped { limit: Units },
    /// Other members came out above the max share and got `units` together.
    OthersCapped { members: u32, units: Units },
    /// `mine ÷ all × shared = quota`, rounded down first.
    Quota {
        mine: Units,
        all: Units,
        shared: Units,
        quota: Fraction,
    },
    /// The even part is more than I have: all of mine is taken.
    AllOfMine { mine: Units, even: Fraction },
    /// Others have less than the even part: all of theirs was taken, `units` together.
    OthersAll { rows: u32, units: Units },
    /// `shared ÷ rows = even`, rounded down first.
    Even {
        shared: Units,
        rows: u32,
        even: Fraction,
    },
    /// Everyone's part rounded down, and what is left.
    FloorSum {
        /// Whose part each is; several rows may be one member's.
        parts: Vec<(SupplyId, Units)>,
        sum: Units,
        left: Units,
    },
    /// Who got the units left, and why me or not me.
    LeftUnit {
        given_to_me: bool,
        left: Units,
        reason: Reason,
        /// My fraction, as compared.
        mine: Fraction,
    },
    /// My place in the rotation and what I was served: `fulfilled` of `offered` in 90 days.
    Rotation {
        position: u32,
        of: u32,
        fulfilled: i64,
        offered: i64,
    },
    /// My place by time of offer.
    Queue { position: u32, of: u32 },
    /// Those before me gave `before_me`; `left` was still needed.
    Turn {
        before_me: Units,
        left: Units,
        mine: Units,
        bound: Option<Bound>,
    },
    /// A shortfall remained and came back to me.
    Offered { left: Units, got: Units },
    /// What the order is still short of.
    Short { units: Units },
    /// My part of this run, and with what I kept before.
    Result { units: Units, total: Units },
}

/// The story of one row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    pub supply: SupplyId,
    pub rule: Rule,
    pub units: Units,
    pub steps: Vec<Why>,
}
