//! How much of an offer can be ordered, and how its availability is shown without telling the figure.

use serde::{Deserialize, Serialize};

use crate::quantity::Units;

/// Why a quantity can't be ordered, with what could be instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuantityProblem {
    #[error("{units} is no quantity")]
    NotPositive { units: Units },
    /// `least` is the smallest quantity that keeps minimum and multiple.
    #[error("{units} is below the least quantity, {least}")]
    BelowMinimum { units: Units, least: Units },
    /// Sold in steps of `multiple`; `below` is `None` when the step below is less than the least quantity.
    #[error("{units} is no multiple of {multiple}")]
    NotMultiple {
        units: Units,
        multiple: Units,
        below: Option<Units>,
        above: Units,
    },
    /// `most` is the largest quantity that can be ordered now; `None` when what is left is less than an order.
    #[error("{units} wanted, {available} left")]
    NotEnough {
        units: Units,
        available: Units,
        most: Option<Units>,
    },
}

/// Whether a line of `units` keeps the offer's minimum and multiple and what is available. A minimum or multiple
/// below 1 counts as 1. Multiples count from 0, so the least order is the first multiple at or above the minimum.
///
/// # Errors
/// The first [`QuantityProblem`], with the nearest quantities that could be ordered.
pub fn check_quantity(
    units: Units,
    minimum: Units,
    multiple: Units,
    available: Units,
) -> Result<(), QuantityProblem> {
    let step = multiple.0.max(1);
    let least = round_up(minimum.0.max(1), step);
    if units.0 <= 0 {
        return Err(QuantityProblem::NotPositive { units });
    }
    if units.0 < least {
        return Err(QuantityProblem::BelowMinimum {
            units,
            least: Units(least),
        });
    }
    let down = units.0 - units.0 % step;
    if down != units.0 {
        return Err(QuantityProblem::NotMultiple {
            units,
            multiple: Units(step),
            below: (down >= least).then_some(Units(down)),
            above: Units(down.saturating_add(step)),
        });
    }
    if units > available {
        let most = available.0.max(0) - available.0.max(0) % step;
        return Err(QuantityProblem::NotEnough {
            units,
            available,
            most: (most >= least).then_some(Units(most)),
        });
    }
    Ok(())
}

/// One step more than `units`, for a "+": the next multiple above it, never below the least order.
#[must_use]
pub fn step_more(units: Units, minimum: Units, multiple: Units) -> Units {
    let step = multiple.0.max(1);
    let next = (units.0.max(0) / step)
        .saturating_add(1)
        .saturating_mul(step);
    Units(next.max(round_up(minimum.0.max(1), step)))
}

/// One step less than `units`, for a "−": the next multiple below it, never below the least order.
#[must_use]
pub fn step_less(units: Units, minimum: Units, multiple: Units) -> Units {
    let step = multiple.0.max(1);
    let over = units.0.max(0) % step;
    let next = units.0.max(0) - if over == 0 { step } else { over };
    Units(next.max(round_up(minimum.0.max(1), step)))
}

fn round_up(units: i64, step: i64) -> i64 {
    let over = units % step;
    if over == 0 {
        units
    } else {
        units.saturating_add(step - over)
    }
}

/// How much of an offer is left, told roughly: nothing, 1 to 10, more than 10, 50, 100, 500, 1.000, 5.000 or 10.000
/// units (DESIGN "Pages and caching": "> 500 dus"). Pages that others may keep show only this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Band(i64);

impl Band {
    pub const NONE: Self = Self(0);
    /// 1 to 10 units.
    pub const FEW: Self = Self(1);

    const FLOORS: [i64; 7] = [10_000, 5_000, 1_000, 500, 100, 50, 10];

    #[must_use]
    pub fn of(available: Units) -> Self {
        match available.0 {
            ..=0 => Self::NONE,
            1..=10 => Self::FEW,
            units => Self::FLOORS
                .into_iter()
                .find(|floor| units > *floor)
                .map_or(Self::FEW, Self),
        }
    }

    /// 0 for nothing, 1 for 1 to 10, otherwise the figure behind the ">": ordered like the quantities themselves.
    #[must_use]
    pub fn floor(self) -> i64 {
        self.0
    }

    /// The figure for "> 500", when there are more than ten.
    #[must_use]
    pub fn more_than(self) -> Option<i64> {
        (self.0 > 1).then_some(self.0)
    }

    /// From [`Band::floor`]; an unknown figure counts as the quantity it is.
    #[must_use]
    pub fn stored(floor: i64) -> Self {
        if floor == 1 || Self::FLOORS.contains(&floor) {
            Self(floor)
        } else {
            Self::of(Units(floor))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(
        units: i64,
        minimum: i64,
        multiple: i64,
        available: i64,
    ) -> Result<(), QuantityProblem> {
        check_quantity(
            Units(units),
            Units(minimum),
            Units(multiple),
            Units(available),
        )
    }

    #[test]
    fn minimum_and_stock_are_kept_to_the_unit() {
        assert_eq!(
            check(9, 10, 1, 20),
            Err(QuantityProblem::BelowMinimum {
                units: Units(9),
                least: Units(10)
            })
        );
        for units in [10, 11, 19, 20] {
            assert_eq!(check(units, 10, 1, 20), Ok(()));
        }
        assert_eq!(
            check(21, 10, 1, 20),
            Err(QuantityProblem::NotEnough {
                units: Units(21),
                available: Units(20),
                most: Some(Units(20))
            })
        );
    }

    #[test]
    fn nothing_and_less_is_no_quantity() {
        for units in [0, -1, i64::MIN] {
            assert_eq!(
                check(units, 1, 1, 10),
                Err(QuantityProblem::NotPositive {
                    units: Units(units)
                })
            );
        }
    }

    #[test]
    fn a_step_between_is_answered_with_the_steps_around() {
        let problem = |units| check(units, 10, 4, 100);
        assert_eq!(
            problem(11),
            Err(QuantityProblem::BelowMinimum {
                units: Units(11),
                least: Units(12)
            })
        );
        assert_eq!(problem(12), Ok(()));
        assert_eq!(
            problem(13),
            Err(QuantityProblem::NotMultiple {
                units: Units(13),
                multiple: Units(4),
                below: Some(Units(12)),
                above: Units(16)
            })
        );
    }

    #[test]
    fn what_is_left_is_offered_only_when_it_makes_an_order() {
        let most = |available| match check(40, 10, 4, available) {
            Err(QuantityProblem::NotEnough { most, .. }) => most,
            other => panic!("{other:?}"),
        };
        assert_eq!(most(39), Some(Units(36)));
        assert_eq!(most(12), Some(Units(12)));
        assert_eq!(most(11), None);
        assert_eq!(most(-5), None);
    }

    #[test]
    fn steps_land_on_multiples_and_not_below_the_least_order() {
        let both = |units| {
            let (minimum, multiple) = (Units(10), Units(4));
            (
                step_less(Units(units), minimum, multiple).0,
                step_more(Units(units), minimum, multiple).0,
            )
        };
        assert_eq!(both(16), (12, 20));
        assert_eq!(both(17), (16, 20));
        assert_eq!(both(12), (12, 16));
        assert_eq!(both(3), (12, 12));
        assert_eq!(both(i64::MAX).1, i64::MAX);
    }

    #[test]
    fn bands_begin_above_their_figure() {
        for (units, floor) in [
            (-1, 0),
            (0, 0),
            (1, 1),
            (10, 1),
            (11, 10),
            (50, 10),
            (51, 50),
            (100, 50),
            (101, 100),
            (500, 100),
            (501, 500),
            (1_000, 500),
            (1_001, 1_000),
            (5_001, 5_000),
            (10_001, 10_000),
            (i64::MAX, 10_000),
        ] {
            let band = Band::of(Units(units));
            assert_eq!(band.floor(), floor, "{units}");
            assert_eq!(Band::stored(band.floor()), band);
        }
        assert_eq!(Band::of(Units(600)).more_than(), Some(500));
        assert_eq!(Band::FEW.more_than(), None);
    }

    proptest! {
        #[test]
        fn every_quantity_that_is_proposed_can_be_ordered(
            units in 1_i64..500, minimum in 1_i64..60, multiple in 1_i64..20, available in 0_i64..500
        ) {
            let proposed = match check(units, minimum, multiple, available) {
                Ok(()) => Some(units),
                Err(QuantityProblem::NotEnough { most, .. }) => most.map(|units| units.0),
                Err(QuantityProblem::BelowMinimum { least, .. }) => (least.0 <= available).then_some(least.0),
                Err(QuantityProblem::NotMultiple { below, .. }) => {
                    below.map(|units| units.0).filter(|units| *units <= available)
                }
                Err(QuantityProblem::NotPositive { .. }) => None,
            };
            if let Some(units) = proposed {
                prop_assert_eq!(check(units, minimum, multiple, available), Ok(()));
            }
        }

        #[test]
        fn a_step_from_any_quantity_can_be_ordered(
            units in 0_i64..500, minimum in 0_i64..60, multiple in 0_i64..20
        ) {
            for step in [step_less, step_more] {
                let to = step(Units(units), Units(minimum), Units(multiple));
                prop_assert_eq!(check(to.0, minimum, multiple, i64::MAX), Ok(()));
            }
        }

        #[test]
        fn more_stock_is_never_a_lower_band(a in 0_i64..20_000, b in 0_i64..20_000) {
            prop_assert!(Band::of(Units(a.min(b))) <= Band::of(Units(a.max(b))));
        }
    }
}
