//! A buyer's cart with one cooperative: its lines, and what changed since the buyer looked.
//!
//! Quantities are allocation units of the offer. A cart promises nothing and holds nothing; it always reads the truth
//! (DESIGN "Pages and caching"). Minimum, multiple and stock are [`crate::offers::check_quantity`].

use serde::{Deserialize, Serialize};

use crate::{
    ids::OfferId,
    money::Rupiah,
    problem::Problem,
    quantity::{Units, parse_whole},
};

/// Lines a cart may have; more is an order of another kind.
pub const MOST_LINES: usize = 100;

/// Units a line may have; more is a typing mistake (CHECKLIST F01).
pub const MOST_UNITS: i64 = 1_000_000;

/// One line: an offer and how many of its units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CartLine {
    pub offer: OfferId,
    pub units: Units,
}

/// Why a cart stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CartProblem {
    #[error("{units} is no quantity")]
    NotPositive { units: Units },
    /// Together with what the cart has already, if that is added to.
    #[error("a line has at most {most} units")]
    TooMany { units: Units, most: Units },
    #[error("a cart has at most {most} lines")]
    TooManyLines { most: usize },
}

/// A typed quantity, exact or refused: whole units from 1 to [`MOST_UNITS`].
///
/// # Errors
/// The [`Problem`] for the field.
pub fn parse_units(raw: &str) -> Result<Units, Problem> {
    parse_whole(raw, 1, MOST_UNITS).map(Units)
}

fn checked(units: Units) -> Result<Units, CartProblem> {
    if units.0 <= 0 {
        Err(CartProblem::NotPositive { units })
    } else if units.0 > MOST_UNITS {
        Err(CartProblem::TooMany {
            units,
            most: Units(MOST_UNITS),
        })
    } else {
        Ok(units)
    }
}

/// Puts more of an offer into the cart; what the cart has of it already is added to. Gives the line as it is then.
///
/// # Errors
/// [`CartProblem`]; the cart is unchanged.
pub fn add(
    lines: &mut Vec<CartLine>,
    offer: OfferId,
    units: Units,
) -> Result<CartLine, CartProblem> {
    let units = checked(units)?;
    if let Some(line) = lines.iter_mut().find(|line| line.offer == offer) {
        let both = Units(line.units.0.saturating_add(units.0));
        line.units = checked(both)?;
        return Ok(*line);
    }
    if lines.len() >= MOST_LINES {
        return Err(CartProblem::TooManyLines { most: MOST_LINES });
    }
    let line = CartLine { offer, units };
    lines.push(line);
    Ok(line)
}

/// Makes one line of each offer, quantities added, in the order of first mention (two tabs, an uploaded list).
///
/// # Errors
/// [`CartProblem`] of the first line that does not fit.
pub fn merged(lines: impl IntoIterator<Item = CartLine>) -> Result<Vec<CartLine>, CartProblem> {
    let mut cart = Vec::new();
    for line in lines {
        add(&mut cart, line.offer, line.units)?;
    }
    Ok(cart)
}

/// One line as the buyer saw it, and as it is now. Money is ex PPN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineView {
    pub offer: OfferId,
    pub units: Units,
    /// Rupiah per sale unit in the tier of `units`; `None` when the offer is not for sale to this buyer.
    pub price: Option<Rupiah>,
    /// Units that can be ordered.
    pub available: Units,
}

/// A whole cart as the buyer saw it, and as it is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CartView {
    pub lines: Vec<LineView>,
    /// Goods + PPN + freight as far as it is known.
    pub total: Rupiah,
}

/// What the buyer has to see and agree to anew before the order is placed (CHECKLIST F03).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// Paused, archived, out of its catalog, or not for this buyer any more.
    Gone { offer: OfferId },
    /// A line that the buyer had not seen, or with another quantity (a second tab, a colleague).
    Quantity {
        offer: OfferId,
        before: Units,
        after: Units,
    },
    Price {
        offer: OfferId,
        before: Rupiah,
        after: Rupiah,
    },
    /// Less is left than the line wants.
    Short {
        offer: OfferId,
        wanted: Units,
        before: Units,
        after: Units,
    },
    /// Freight or tax changed without a price changing.
    Total { before: Rupiah, after: Rupiah },
}

/// Everything that changed since the buyer looked, line by line. Empty: the buyer's word holds. A fall in stock that
/// still covers the line is no change.
#[must_use]
pub fn changed_since(seen: &CartView, now: &CartView) -> Vec<Change> {
    let line_of = |view: &CartView, offer: OfferId| {
        view.lines.iter().find(|line| line.offer == offer).copied()
    };
    let mut changes: Vec<Change> = now
        .lines
        .iter()
        .flat_map(|line| line_changes(line_of(seen, line.offer).as_ref(), line))
        .collect();
    changes.extend(
        seen.lines
            .iter()
            .filter(|line| line_of(now, line.offer).is_none())
            .map(|line| Change::Quantity {
                offer: line.offer,
                before: line.units,
                after: Units(0),
            }),
    );
    if changes.is_empty() && seen.total != now.total {
        changes.push(Change::Total {
            before: seen.total,
            after: now.total,
        });
    }
    changes
}

fn line_changes(seen: Option<&LineView>, now: &LineView) -> Vec<Change> {
    let offer = now.offer;
    let Some(price) = now.price else {
        return vec![Change::Gone { offer }];
    };
    let mut changes = Vec::new();
    let seen_units = seen.map_or(Units(0), |line| line.units);
    if seen_units != now.units {
        changes.push(Change::Quantity {
            offer,
            before: seen_units,
            after: now.units,
        });
    }
    if let Some(before) = seen.and_then(|line| line.price)
        && before != price
    {
        changes.push(Change::Price {
            offer,
            before,
            after: price,
        });
    }
    if now.available < now.units {
        changes.push(Change::Short {
            offer,
            wanted: now.units,
            before: seen.map_or(now.available, |line| line.available),
            after: now.available,
        });
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn offer(n: u128) -> OfferId {
        OfferId(Uuid::from_u128(n))
    }

    fn line(n: u128, units: i64) -> CartLine {
        CartLine {
            offer: offer(n),
            units: Units(units),
        }
    }

    #[test]
    fn the_same_offer_twice_is_one_line() {
        let cart = merged([line(1, 10), line(2, 5), line(1, 7)]).unwrap();
        assert_eq!(cart, [line(1, 17), line(2, 5)]);
    }

    #[test]
    fn a_line_is_at_least_one_and_at_most_a_million() {
        for units in [0, -1, i64::MIN] {
            let problem = merged([line(1, units)]).unwrap_err();
            assert_eq!(
                problem,
                CartProblem::NotPositive {
                    units: Units(units)
                }
            );
        }
        assert!(merged([line(1, MOST_UNITS)]).is_ok());
        for lines in [
            vec![line(1, MOST_UNITS + 1)],
            vec![line(1, MOST_UNITS), line(1, 1)],
            vec![line(1, i64::MAX)],
        ] {
            let problem = merged(lines).unwrap_err();
            assert!(matches!(problem, CartProblem::TooMany { .. }));
        }
    }

    #[test]
    fn a_refused_addition_leaves_the_cart_as_it_was() {
        let mut cart = vec![line(1, MOST_UNITS)];
        assert!(add(&mut cart, offer(1), Units(1)).is_err());
        assert_eq!(cart, [line(1, MOST_UNITS)]);
        let mut full: Vec<CartLine> = (0..100).map(|n| line(n, 1)).collect();
        assert_eq!(
            add(&mut full, offer(100), Units(1)),
            Err(CartProblem::TooManyLines { most: 100 })
        );
        assert_eq!(add(&mut full, offer(99), Units(1)), Ok(line(99, 2)));
    }

    #[test]
    fn typed_quantities_are_exact_or_refused() {
        assert_eq!(parse_units(" 12 "), Ok(Units(12)));
        assert_eq!(parse_units("1.000"), Ok(Units(1_000)));
        for raw in [
            "0",
            "-1",
            "1.5",
            "1,5",
            "1e3",
            "1000000000",
            "2147483648",
            "9223372036854775808",
            "NaN",
            "１２",
            "",
        ] {
            assert!(parse_units(raw).is_err(), "{raw}");
        }
    }

    fn view(n: u128, units: i64, price: Option<i64>, available: i64) -> LineView {
        LineView {
            offer: offer(n),
            units: Units(units),
            price: price.map(Rupiah),
            available: Units(available),
        }
    }

    fn cart(lines: Vec<LineView>, total: i64) -> CartView {
        CartView {
            lines,
            total: Rupiah(total),
        }
    }

    #[test]
    fn nothing_changed_as_long_as_the_line_is_covered_at_its_price() {
        let seen = cart(vec![view(1, 10, Some(500), 40)], 5_000);
        let now = cart(vec![view(1, 10, Some(500), 10)], 5_000);
        assert_eq!(changed_since(&seen, &now), []);
    }

    #[test]
    fn every_change_is_told_with_before_and_after() {
        let seen = cart(
            vec![
                view(1, 10, Some(500), 40),
                view(2, 5, Some(80), 5),
                view(3, 1, Some(7), 1),
                view(5, 2, Some(9), 9),
            ],
            5_500,
        );
        let now = cart(
            vec![
                view(1, 10, Some(520), 9),
                view(2, 6, Some(80), 6),
                view(3, 1, None, 0),
                view(4, 1, Some(3), 1),
            ],
            6_000,
        );
        assert_eq!(
            changed_since(&seen, &now),
            [
                Change::Price {
                    offer: offer(1),
                    before: Rupiah(500),
                    after: Rupiah(520)
                },
                Change::Short {
                    offer: offer(1),
                    wanted: Units(10),
                    before: Units(40),
                    after: Units(9)
                },
                Change::Quantity {
                    offer: offer(2),
                    before: Units(5),
                    after: Units(6)
                },
                Change::Gone { offer: offer(3) },
                Change::Quantity {
                    offer: offer(4),
                    before: Units(0),
                    after: Units(1)
                },
                Change::Quantity {
                    offer: offer(5),
                    before: Units(2),
                    after: Units(0)
                },
            ]
        );
    }

    #[test]
    fn a_total_that_moved_by_freight_alone_is_a_change() {
        let seen = cart(vec![view(1, 10, Some(500), 40)], 5_000);
        let now = cart(vec![view(1, 10, Some(500), 40)], 5_100);
        assert_eq!(
            changed_since(&seen, &now),
            [Change::Total {
                before: Rupiah(5_000),
                after: Rupiah(5_100)
            }]
        );
    }

    proptest! {
        #[test]
        fn merging_keeps_every_unit(lines in prop::collection::vec((0_u128..5, 1_i64..1_000), 0..30)) {
            let cart = merged(lines.iter().map(|(n, units)| line(*n, *units))).unwrap();
            for n in 0..5 {
                let wanted: i64 = lines.iter().filter(|(of, _)| *of == n).map(|(_, units)| units).sum();
                let have: i64 = cart.iter().filter(|line| line.offer == offer(n)).map(|line| line.units.0).sum();
                prop_assert_eq!(wanted, have);
            }
        }
    }
}
