//! Which lots a row's packs come from: what expires first leaves first (DOMAIN §8, DESIGN "Order and shares").

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use crate::ids::LotId;
use crate::quantity::Packs;
use crate::time::Day;

/// A lot and what can be taken from it: free packs for [`pick`], packs the share holds for [`release`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LotStock {
    pub lot: LotId,
    pub free: Packs,
    /// The last good day; `None` for goods that keep.
    pub good_until: Option<Day>,
    pub ready_on: Day,
}

/// Takes `packs` from the lots: earliest expiry first (goods that keep last), then ready first, then smaller id.
/// `None` when the lots do not hold that many; each lot appears at most once and never with zero packs.
#[must_use]
pub fn pick(lots: &[LotStock], packs: Packs) -> Option<Vec<(LotId, Packs)>> {
    let mut order: Vec<&LotStock> = lots.iter().collect();
    order.sort_by(|a, b| leaves_first(a, b));
    take(order, packs)
}

/// Gives `packs` of a share back when it is reduced: the reverse of [`pick`], so that what stays promised is
/// still what expires first. `free` is what the share holds on the lot. `None` when it holds less.
#[must_use]
pub fn release(held: &[LotStock], packs: Packs) -> Option<Vec<(LotId, Packs)>> {
    let mut order: Vec<&LotStock> = held.iter().collect();
    order.sort_by(|a, b| leaves_first(b, a));
    take(order, packs)
}

fn leaves_first(a: &LotStock, b: &LotStock) -> Ordering {
    let key = |lot: &LotStock| {
        (
            lot.good_until.is_none(),
            lot.good_until,
            lot.ready_on,
            lot.lot,
        )
    };
    key(a).cmp(&key(b))
}

fn take(order: Vec<&LotStock>, packs: Packs) -> Option<Vec<(LotId, Packs)>> {
    let mut left = packs.0;
    let mut taken = Vec::new();
    if left < 0 {
        return None;
    }
    for lot in order {
        let from_lot = lot.free.0.clamp(0, left);
        if from_lot > 0 {
            taken.push((lot.lot, Packs(from_lot)));
            left -= from_lot;
        }
    }
    (left == 0).then_some(taken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn lot(id: u128, free: i64, good_until: Option<i32>, ready_on: i32) -> LotStock {
        LotStock {
            lot: LotId(Uuid::from_u128(id)),
            free: Packs(free),
            good_until: good_until.map(Day),
            ready_on: Day(ready_on),
        }
    }

    fn ids(taken: Option<Vec<(LotId, Packs)>>) -> Vec<(u128, i64)> {
        taken
            .unwrap()
            .into_iter()
            .map(|(lot, packs)| (lot.0.as_u128(), packs.0))
            .collect()
    }

    #[test]
    fn the_lot_that_expires_first_leaves_first_and_goods_that_keep_leave_last() {
        let lots = [
            lot(1, 10, None, 5),
            lot(2, 10, Some(90), 7),
            lot(3, 10, Some(60), 9),
            lot(5, 10, Some(90), 6),
            lot(4, 10, Some(90), 6),
        ];
        assert_eq!(
            ids(pick(&lots, Packs(45))),
            [(3, 10), (4, 10), (5, 10), (2, 10), (1, 5)]
        );
        assert_eq!(ids(pick(&lots, Packs(12))), [(3, 10), (4, 2)]);
    }

    #[test]
    fn a_reduction_gives_back_in_the_reverse_order() {
        let held = [lot(3, 10, Some(60), 9), lot(4, 2, Some(90), 6)];
        assert_eq!(ids(release(&held, Packs(5))), [(4, 2), (3, 3)]);
    }

    #[test]
    fn too_few_packs_give_nothing_and_zero_packs_an_empty_list() {
        let lots = [lot(1, 3, None, 0), lot(2, 0, None, 0), lot(6, -4, None, 0)];
        assert_eq!(pick(&lots, Packs(4)), None);
        assert_eq!(pick(&lots, Packs(-1)), None);
        assert_eq!(ids(pick(&lots, Packs(0))), []);
        assert_eq!(ids(pick(&lots, Packs(3))), [(1, 3)]);
    }
}
