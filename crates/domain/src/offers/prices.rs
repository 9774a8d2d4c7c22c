//! Buyer and member price of an offer per grade and quantity tier (DESIGN "Price", CHECKLIST F03).
//!
//! Prices are rupiah per sale unit, ex PPN; tiers begin at so many allocation units. The tier follows the line's whole
//! quantity and the price holds for all of it.

use serde::{Deserialize, Serialize};

use crate::{money::Rupiah, products::Grade, quantity::Units};

/// One tier of one grade.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceRow {
    pub grade: Grade,
    /// The tier begins at this quantity, in allocation units.
    pub min_units: Units,
    /// What the buyer pays per sale unit, ex PPN.
    pub buyer_price: Rupiah,
    /// What every member of the pool is paid per sale unit.
    pub member_price: Rupiah,
}

/// The prices of an offer: rows in the order of the grades, ascending tiers within each. Empty for a draft.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PriceTable(Vec<PriceRow>);

/// What is wrong with a table of prices; `row` counts from 0 in the rows as they were given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PriceProblem {
    #[error("there are no prices")]
    Empty,
    #[error("grade `{grade}` has no price")]
    GradeWithoutPrice { grade: Grade },
    #[error("row {row}: the offer has no grade `{grade}`")]
    UnknownGrade { row: usize, grade: Grade },
    #[error("row {row}: prices are more than 0")]
    NotPositive { row: usize },
    #[error("row {row}: members would get {member}, more than the buyer pays, {buyer}")]
    MemberAboveBuyer {
        row: usize,
        member: Rupiah,
        buyer: Rupiah,
    },
    /// The first tier of a grade has to begin at the least quantity of an order.
    #[error("row {row}: the first tier begins at {starts}, an order at {minimum}")]
    FirstTier {
        row: usize,
        starts: Units,
        minimum: Units,
    },
    /// Two tiers begin at the same quantity.
    #[error("row {row}: another tier begins at {starts}, too")]
    SameTier { row: usize, starts: Units },
    /// More units must cost the buyer less each.
    #[error("row {row}: {price} is not less than {before} of the tier before")]
    NotCheaper {
        row: usize,
        price: Rupiah,
        before: Rupiah,
    },
    /// Members can't get more per pack because the buyer pays less.
    #[error("row {row}: members would get {price}, more than {before} of the tier before")]
    MemberPriceRises {
        row: usize,
        price: Rupiah,
        before: Rupiah,
    },
}

impl PriceTable {
    /// Checks and orders the rows. `grades` are those of the offer, best first (empty: ungraded); `minimum` is the least
    /// an order may have, in units.
    ///
    /// # Errors
    /// Every [`PriceProblem`], each with the row it is about.
    pub fn new(
        rows: Vec<PriceRow>,
        grades: &[Grade],
        minimum: Units,
    ) -> Result<Self, Vec<PriceProblem>> {
        let ungraded = [Grade::UNGRADED];
        let grades = if grades.is_empty() { &ungraded } else { grades };
        let mut problems = Vec::new();
        if rows.is_empty() {
            return Err(vec![PriceProblem::Empty]);
        }
        for (row, price) in rows.iter().enumerate() {
            if !grades.contains(&price.grade) {
                problems.push(PriceProblem::UnknownGrade {
                    row,
                    grade: price.grade.clone(),
                });
            }
            problems.extend(price.problem(row));
        }
        let mut ordered = Vec::with_capacity(rows.len());
        for grade in grades {
            let mut tiers: Vec<(usize, &PriceRow)> = rows
                .iter()
                .enumerate()
                .filter(|(_, price)| price.grade == *grade)
                .collect();
            tiers.sort_by_key(|(_, price)| price.min_units);
            problems.extend(tier_problems(grade, &tiers, minimum));
            ordered.extend(tiers.into_iter().map(|(_, price)| price.clone()));
        }
        if problems.is_empty() {
            Ok(Self(ordered))
        } else {
            Err(problems)
        }
    }

    /// Rows that were checked when they were stored.
    #[must_use]
    pub fn stored(rows: Vec<PriceRow>) -> Self {
        Self(rows)
    }

    #[must_use]
    pub fn rows(&self) -> &[PriceRow] {
        &self.0
    }

    /// The tier of a grade that a line of `units` falls into; `None` below the first tier or without such a grade.
    #[must_use]
    pub fn price_at(&self, grade: &Grade, units: Units) -> Option<&PriceRow> {
        self.0
            .iter()
            .filter(|price| price.grade == *grade && price.min_units <= units)
            .max_by_key(|price| price.min_units)
    }

    /// The next tier of a grade above `units`, for "order 5 more and pay less".
    #[must_use]
    pub fn next_tier(&self, grade: &Grade, units: Units) -> Option<&PriceRow> {
        self.0
            .iter()
            .filter(|price| price.grade == *grade && price.min_units > units)
            .min_by_key(|price| price.min_units)
    }

    /// The lowest member price of each grade over all its tiers: what a member may ask at most.
    #[must_use]
    pub fn lowest_member_prices(&self) -> Vec<(Grade, Rupiah)> {
        let mut lowest: Vec<(Grade, Rupiah)> = Vec::new();
        for price in &self.0 {
            match lowest.iter_mut().find(|(grade, _)| *grade == price.grade) {
                Some((_, least)) => *least = (*least).min(price.member_price),
                None => lowest.push((price.grade.clone(), price.member_price)),
            }
        }
        lowest
    }

    /// Lowest and highest buyer price, for lists and search; `None` without prices.
    #[must_use]
    pub fn buyer_price_range(&self) -> Option<(Rupiah, Rupiah)> {
        let prices = || self.0.iter().map(|price| price.buyer_price);
        Some((prices().min()?, prices().max()?))
    }
}

impl PriceRow {
    fn problem(&self, row: usize) -> Option<PriceProblem> {
        if self.buyer_price <= Rupiah::ZERO || self.member_price <= Rupiah::ZERO {
            Some(PriceProblem::NotPositive { row })
        } else if self.member_price > self.buyer_price {
            Some(PriceProblem::MemberAboveBuyer {
                row,
                member: self.member_price,
                buyer: self.buyer_price,
            })
        } else {
            None
        }
    }
}

fn tier_problems(grade: &Grade, tiers: &[(usize, &PriceRow)], minimum: Units) -> Vec<PriceProblem> {
    let mut problems = Vec::new();
    match tiers.first() {
        None => problems.push(PriceProblem::GradeWithoutPrice {
            grade: grade.clone(),
        }),
        Some((row, first)) if first.min_units != minimum => {
            problems.push(PriceProblem::FirstTier {
                row: *row,
                starts: first.min_units,
                minimum,
            });
        }
        Some(_) => {}
    }
    for ((_, before), (row, price)) in tiers.iter().zip(tiers.iter().skip(1)) {
        let row = *row;
        if price.min_units == before.min_units {
            problems.push(PriceProblem::SameTier {
                row,
                starts: price.min_units,
            });
        } else if price.buyer_price >= before.buyer_price {
            problems.push(PriceProblem::NotCheaper {
                row,
                price: price.buyer_price,
                before: before.buyer_price,
            });
        } else if price.member_price > before.member_price {
            problems.push(PriceProblem::MemberPriceRises {
                row,
                price: price.member_price,
                before: before.member_price,
            });
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn row(grade: &str, min_units: i64, buyer: i64, member: i64) -> PriceRow {
        PriceRow {
            grade: grade.into(),
            min_units: Units(min_units),
            buyer_price: Rupiah(buyer),
            member_price: Rupiah(member),
        }
    }

    fn keripik() -> PriceTable {
        let rows = vec![
            row("B", 10, 11_000, 9_000),
            row("A", 50, 12_000, 10_200),
            row("A", 10, 12_500, 10_500),
            row("A", 100, 11_800, 10_200),
        ];
        PriceTable::new(rows, &["A".into(), "B".into()], Units(10)).unwrap()
    }

    #[test]
    fn the_tier_changes_exactly_at_its_quantity() {
        let table = keripik();
        for (units, price) in [
            (9, None),
            (10, Some(12_500)),
            (11, Some(12_500)),
            (49, Some(12_500)),
            (50, Some(12_000)),
            (51, Some(12_000)),
            (99, Some(12_000)),
            (100, Some(11_800)),
            (i64::MAX, Some(11_800)),
            (0, None),
            (-1, None),
        ] {
            let found = table.price_at(&"A".into(), Units(units));
            assert_eq!(found.map(|row| row.buyer_price.0), price, "{units}");
        }
        assert_eq!(table.price_at(&"C".into(), Units(50)), None);
        let next = |units| {
            table
                .next_tier(&"A".into(), Units(units))
                .map(|row| row.min_units.0)
        };
        assert_eq!(
            [9, 49, 50, 100].map(next),
            [Some(10), Some(50), Some(100), None]
        );
    }

    #[test]
    fn rows_are_ordered_by_grade_and_tier() {
        let order: Vec<(String, i64)> = keripik()
            .rows()
            .iter()
            .map(|row| (row.grade.0.clone(), row.min_units.0))
            .collect();
        let expected = [("A", 10), ("A", 50), ("A", 100), ("B", 10)];
        assert_eq!(
            order,
            expected.map(|(grade, units)| (grade.to_owned(), units))
        );
        assert_eq!(
            keripik().lowest_member_prices(),
            [("A".into(), Rupiah(10_200)), ("B".into(), Rupiah(9_000))]
        );
        assert_eq!(
            keripik().buyer_price_range(),
            Some((Rupiah(11_000), Rupiah(12_500)))
        );
    }

    #[test]
    fn each_mistake_is_named_with_its_row() {
        let problems =
            |rows: Vec<PriceRow>| PriceTable::new(rows, &["A".into()], Units(10)).unwrap_err();
        let good = || row("A", 10, 12_500, 10_500);
        assert_eq!(problems(vec![]), [PriceProblem::Empty]);
        assert_eq!(
            problems(vec![good(), row("Z", 10, 2, 1)]),
            [PriceProblem::UnknownGrade {
                row: 1,
                grade: "Z".into()
            }]
        );
        for (buyer, member) in [(0, 1), (1, 0), (-5, -6)] {
            assert_eq!(
                problems(vec![row("A", 10, buyer, member)]),
                [PriceProblem::NotPositive { row: 0 }]
            );
        }
        assert_eq!(
            problems(vec![row("A", 10, 10, 11)]),
            [PriceProblem::MemberAboveBuyer {
                row: 0,
                member: Rupiah(11),
                buyer: Rupiah(10)
            }]
        );
        for starts in [9, 11] {
            assert_eq!(
                problems(vec![row("A", starts, 10, 9)]),
                [PriceProblem::FirstTier {
                    row: 0,
                    starts: Units(starts),
                    minimum: Units(10)
                }]
            );
        }
        assert_eq!(
            problems(vec![good(), row("A", 10, 10, 9)]),
            [PriceProblem::SameTier {
                row: 1,
                starts: Units(10)
            }]
        );
        for buyer in [12_500, 12_501] {
            assert_eq!(
                problems(vec![good(), row("A", 20, buyer, 10_500)]),
                [PriceProblem::NotCheaper {
                    row: 1,
                    price: Rupiah(buyer),
                    before: Rupiah(12_500)
                }]
            );
        }
        assert_eq!(
            problems(vec![good(), row("A", 20, 12_000, 10_501)]),
            [PriceProblem::MemberPriceRises {
                row: 1,
                price: Rupiah(10_501),
                before: Rupiah(10_500)
            }]
        );
        let two = PriceTable::new(vec![good()], &["A".into(), "B".into()], Units(10));
        assert_eq!(
            two.unwrap_err(),
            [PriceProblem::GradeWithoutPrice { grade: "B".into() }]
        );
    }

    #[test]
    fn an_ungraded_offer_has_one_list_of_tiers() {
        let table = PriceTable::new(vec![row("", 1, 10, 9)], &[], Units(1)).unwrap();
        assert!(table.price_at(&Grade::UNGRADED, Units(1)).is_some());
    }

    proptest! {
        #[test]
        fn more_units_never_cost_more_each(
            tiers in prop::collection::btree_map(1_i64..500, (1_i64..200, 0_i64..50), 1..8),
            a in 0_i64..600, b in 0_i64..600,
        ) {
            let rows: Vec<PriceRow> = tiers
                .iter()
                .map(|(units, (member, margin))| row("", *units, member + margin, *member))
                .collect();
            let least = Units(*tiers.keys().next().unwrap());
            if let Ok(table) = PriceTable::new(rows, &[], least) {
                let at = |units| table.price_at(&Grade::UNGRADED, Units(units)).map(|row| row.buyer_price);
                let (few, many) = (a.min(b), a.max(b));
                prop_assert_eq!(at(few).is_some(), few >= least.0);
                if let (Some(few), Some(many)) = (at(few), at(many)) {
                    prop_assert!(many <= few);
                }
            }
        }
    }
}
