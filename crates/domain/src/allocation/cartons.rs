//! Cartons (DOMAIN U-4): one member per carton, or cartons of one grade mixed from several members.

use std::collections::BTreeMap;

use crate::coded::coded;
use crate::quantity::{Packs, Units};

coded! {
    /// Whether a carton may hold packs of several members.
    pub enum MixedCarton {
        /// One member per carton; packs that fill no carton stay with the member.
        No = "no",
        /// Members of the same grade fill a carton together; its label lists them and their batch codes.
        SameGrade = "same_grade",
    }
}

/// Whole units in a row's free packs, one member per carton; the rest stays with the member. Never negative.
#[must_use]
pub fn row_capacity(free_packs: Packs, packs_per_unit: i64) -> Units {
    if packs_per_unit <= 0 {
        return Units(0);
    }
    Units(free_packs.units(packs_per_unit).0.max(0))
}

/// Whole units that a pool of `(grade_rank, free packs)` rows can give under the carton rule.
/// Saturates; packs of different grades never share a carton.
#[must_use]
pub fn pooled_units(
    rows: impl IntoIterator<Item = (u8, Packs)>,
    packs_per_unit: i64,
    mixed: MixedCarton,
) -> Units {
    let mut by_grade: BTreeMap<u8, i64> = BTreeMap::new();
    let mut unmixed = 0_i64;
    for (grade, packs) in rows {
        let sum = by_grade.entry(grade).or_default();
        *sum = sum.saturating_add(packs.0.max(0));
        unmixed = unmixed.saturating_add(row_capacity(packs, packs_per_unit).0);
    }
    match mixed {
        MixedCarton::No => Units(unmixed),
        MixedCarton::SameGrade => Units(by_grade.values().fold(0, |sum, packs| {
            sum.saturating_add(row_capacity(Packs(*packs), packs_per_unit).0)
        })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KERIPIK: [i64; 12] = [85, 120, 64, 40, 200, 33, 78, 95, 160, 52, 41, 110];

    #[test]
    fn unmixed_cartons_leave_the_rest_with_each_member() {
        let cartons: Vec<i64> = KERIPIK
            .iter()
            .map(|packs| row_capacity(Packs(*packs), 40).0)
            .collect();
        assert_eq!(cartons, [2, 3, 1, 1, 5, 0, 1, 2, 4, 1, 1, 2]);
        assert_eq!(cartons.iter().sum::<i64>(), 23);
        assert_eq!(KERIPIK.iter().sum::<i64>() - 23 * 40, 158);
        let rows = KERIPIK.iter().map(|packs| (0, Packs(*packs)));
        assert_eq!(pooled_units(rows, 40, MixedCarton::No), Units(23));
    }

    #[test]
    fn mixed_cartons_pool_the_packs_of_a_grade() {
        let rows = KERIPIK.iter().map(|packs| (0, Packs(*packs)));
        assert_eq!(pooled_units(rows, 40, MixedCarton::SameGrade), Units(26));
        let two_grades = [(0, Packs(30)), (1, Packs(30)), (0, Packs(9))];
        assert_eq!(
            pooled_units(two_grades, 40, MixedCarton::SameGrade),
            Units(0)
        );
        assert_eq!(
            pooled_units(two_grades, 30, MixedCarton::SameGrade),
            Units(2)
        );
    }

    #[test]
    fn a_carton_without_content_holds_nothing() {
        assert_eq!(row_capacity(Packs(10), 0), Units(0));
        assert_eq!(row_capacity(Packs(-10), 3), Units(0));
    }
}
