//! The five rules on a set of seats, without minimums and grade limits other than a turn's (those are in
//! [`super::passes`]). A rule names in its [`Division`] every row that something was due to, if only a fraction.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::steps::{Bound, QuotaPart, Step};
use super::{AllocationError, Fraction, Row};
use crate::ids::{OrganisationId, SupplyId};
use crate::quantity::Units;

/// A row that takes part in a pass and what it can still give.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seat<'a> {
    pub row: &'a Row,
    pub can: i64,
}

/// Units per row, for each row that was due something.
pub(super) type Given = BTreeMap<SupplyId, i64>;

/// What a rule made of its seats.
#[derive(Debug, Default)]
pub(super) struct Division {
    pub given: Given,
    pub steps: Vec<Step>,
}

/// Room left below the limits: per member (max share) and for all lower grades together.
#[derive(Clone, Debug, Default)]
pub(super) struct Room {
    /// Empty when there is no max share; a member without an entry is not limited.
    pub members: BTreeMap<OrganisationId, i64>,
    pub lower_grades: Option<i64>,
}

impl Room {
    fn of_member(&self, supplier: OrganisationId) -> i64 {
        self.members.get(&supplier).copied().unwrap_or(i64::MAX)
    }

    fn of_grade(&self, grade_rank: u8) -> i64 {
        match self.lower_grades {
            Some(left) if grade_rank > 0 => left,
            _ => i64::MAX,
        }
    }

    /// What a row may still be given under both limits, and the limit that says so.
    pub(super) fn allows(&self, seat: &Seat) -> (i64, Option<Bound>) {
        [
            (self.of_member(seat.row.supplier), Bound::MaxShare),
            (self.of_grade(seat.row.grade_rank), Bound::Grade),
        ]
        .into_iter()
        .fold((seat.can, None), |(can, bound), (room, limit)| {
            if room < can {
                (room, Some(limit))
            } else {
                (can, bound)
            }
        })
    }

    pub(super) fn take(&mut self, row: &Row, units: i64) {
        if let Some(left) = self.members.get_mut(&row.supplier) {
            *left = left.saturating_sub(units);
        }
        if let (Some(left), true) = (&mut self.lower_grades, row.grade_rank > 0) {
            *left = left.saturating_sub(units);
        }
    }
}

/// A-2 between equal claims: smaller served ratio, earlier offer, smaller member, smaller supply.
pub(super) fn by_claim(a: &Row, b: &Row) -> Ordering {
    a.served
        .cmp_ratio(b.served)
        .then(a.offered_at.cmp(&b.offered_at))
        .then(a.supplier.cmp(&b.supplier))
        .then(a.supply.cmp(&b.supply))
}

/// Earlier offer first, then A-2.
pub(super) fn by_offer(a: &Row, b: &Row) -> Ordering {
    a.offered_at.cmp(&b.offered_at).then(by_claim(a, b))
}

/// In proportion to what the seats can give, whole units by largest remainder (§8 examples 1, 4, 6).
pub(super) fn pro_rata(
    shared: i64,
    seats: &[Seat],
    room: &Room,
) -> Result<Division, AllocationError> {
    let mut out = Division::default();
    let mut free: Vec<Seat> = seats.iter().copied().filter(|seat| seat.can > 0).collect();
    let mut left = shared;
    loop {
        let capacity: i128 = free.iter().map(|seat| i128::from(seat.can)).sum();
        let due = i128::from(left).min(capacity);
        let over = members_over(&free, room, |supplies| {
            (supplies.iter().map(|can| can * due).sum(), capacity)
        });
        if due == 0 || over.is_empty() {
            break;
        }
        // Every quota of the others only grows when these keep their limit, so all may be set aside at once.
        for supplier in over {
            let limit = room.of_member(supplier).max(0);
            let (its, others): (Vec<Seat>, Vec<Seat>) =
                free.iter().partition(|seat| seat.row.supplier == supplier);
            free = others;
            out.steps.push(Step::Capped {
                supplier,
                limit: Units(limit),
            });
            let inner = largest_remainder(limit, &its, &Room::default())?;
            keep_inner(inner, its.len(), &mut out);
            left -= limit;
        }
    }
    let rest = largest_remainder(left, &free, room)?;
    out.given.extend(rest.given);
    out.steps.extend(rest.steps);
    Ok(out)
}

/// Keeps how a limited member's units fell to its rows; with one row there is nothing to tell.
fn keep_inner(inner: Division, rows: usize, out: &mut Division) {
    out.given.extend(inner.given);
    if rows > 1 {
        out.steps.extend(inner.steps);
    }
}

/// Members whose exact parts would together exceed their room. `parts` gets the capacities of a member's seats
/// and answers their sum as a fraction.
fn members_over(
    free: &[Seat],
    room: &Room,
    parts: impl Fn(&[i128]) -> (i128, i128),
) -> Vec<OrganisationId> {
    if room.members.is_empty() {
        return Vec::new();
    }
    let mut by_member: BTreeMap<OrganisationId, Vec<i128>> = BTreeMap::new();
    for seat in free {
        by_member
            .entry(seat.row.supplier)
            .or_default()
            .push(i128::from(seat.can));
    }
    by_member
        .into_iter()
        .filter(|(supplier, capacities)| {
            let (sum, base) = parts(capacities);
            sum > i128::from(room.of_member(*supplier)) * base
        })
        .map(|(supplier, _)| supplier)
        .collect()
}

/// Exact quotas rounded down, then one unit each to the largest remainders. The exact parts of each member
/// must be within its room.
fn largest_remainder(
    shared: i64,
    seats: &[Seat],
    room: &Room,
) -> Result<Division, AllocationError> {
    let mut out = Division::default();
    let capacity: i128 = seats.iter().map(|seat| i128::from(seat.can)).sum();
    let shared = i128::from(shared).min(capacity);
    if shared <= 0 {
        return Ok(out);
    }
    if shared == capacity {
        for seat in seats {
            out.given.insert(seat.row.supply, seat.can);
        }
        out.steps.push(Step::Everything {
            supplies: seats.iter().map(|seat| seat.row.supply).collect(),
        });
        return Ok(out);
    }
    let mut parts = Vec::with_capacity(seats.len());
    let mut claims = Vec::with_capacity(seats.len());
    let mut left = shared;
    for seat in seats {
        let product = i128::from(seat.can) * shared;
        let whole = narrow(product / capacity)?;
        let remainder = narrow(product % capacity)?;
        left -= i128::from(whole);
        out.given.insert(seat.row.supply, whole);
        parts.push(QuotaPart {
            supply: seat.row.supply,
            capacity: Units(seat.can),
            whole: Units(whole),
            remainder,
        });
        if remainder > 0 {
            claims.push((remainder, *seat));
        }
    }
    claims.sort_by(|(a, x), (b, y)| b.cmp(a).then_with(|| by_claim(x.row, y.row)));
    out.steps.push(Step::Quotas {
        shared: Units(narrow(shared)?),
        capacity: Units(narrow(capacity)?),
        parts,
    });
    let claims: Vec<Seat> = claims.into_iter().map(|(_, seat)| seat).collect();
    hand_out(narrow(left)?, &claims, seats, room, &mut out);
    Ok(out)
}

/// One unit to each claim in turn until none is left, passing over members that have reached their max share with
/// what all their seats were given.
fn hand_out(left: i64, claims: &[Seat], seats: &[Seat], room: &Room, out: &mut Division) {
    if left <= 0 {
        return;
    }
    let mut used: BTreeMap<OrganisationId, i64> = BTreeMap::new();
    if !room.members.is_empty() {
        for seat in seats {
            let floor = out.given.get(&seat.row.supply).copied().unwrap_or(0);
            *used.entry(seat.row.supplier).or_default() += floor;
        }
    }
    let mut given = Vec::new();
    let mut full = Vec::new();
    let mut rest = left;
    for seat in claims {
        if rest == 0 {
            break;
        }
        let so_far = used.entry(seat.row.supplier).or_default();
        if *so_far >= room.of_member(seat.row.supplier) {
            full.push(seat.row.supply);
            continue;
        }
        *so_far += 1;
        rest -= 1;
        *out.given.entry(seat.row.supply).or_default() += 1;
        given.push(seat.row.supply);
    }
    out.steps.push(Step::LeftOver {
        left: Units(left),
        given,
        full,
    });
}

/// The same for everyone; who can give less than the even part gives all (§8 example 2).
pub(super) fn equal_share(
    shared: i64,
    seats: &[Seat],
    room: &Room,
) -> Result<Division, AllocationError> {
    let mut out = Division::default();
    let mut room = room.clone();
    let mut free: Vec<Seat> = seats.iter().copied().filter(|seat| seat.can > 0).collect();
    let mut left = shared;
    loop {
        let rows = i128::try_from(free.len()).map_err(|_| AllocationError::Overflow)?;
        let due = i128::from(left);
        if rows == 0 || due <= 0 {
            return Ok(out);
        }
        let even = Fraction::new(due, rows).ok_or(AllocationError::Overflow)?;
        let over = members_over(&free, &room, |supplies| {
            let parts = supplies.iter().map(|can| due.min(can * rows));
            (parts.sum(), rows)
        });
        if !over.is_empty() {
            for supplier in over {
                let limit = room.of_member(supplier).max(0);
                let (its, others): (Vec<Seat>, Vec<Seat>) =
                    free.iter().partition(|seat| seat.row.supplier == supplier);
                free = others;
                out.steps.push(Step::Capped {
                    supplier,
                    limit: Units(limit),
                });
                let inner = equal_share(limit, &its, &Room::default())?;
                keep_inner(inner, its.len(), &mut out);
                left -= limit;
            }
            continue;
        }
        let (all, more): (Vec<Seat>, Vec<Seat>) = free
            .iter()
            .partition(|seat| i128::from(seat.can) * rows <= due);
        free = more;
        if !all.is_empty() {
            for seat in all {
                out.given.insert(seat.row.supply, seat.can);
                room.take(seat.row, seat.can);
                left -= seat.can;
                out.steps.push(Step::AllOf {
                    supply: seat.row.supply,
                    units: Units(seat.can),
                    even,
                });
            }
            continue;
        }
        for seat in &free {
            out.given.insert(seat.row.supply, even.whole);
        }
        out.steps.push(Step::Even {
            shared: Units(left),
            even,
            supplies: free.iter().map(|seat| seat.row.supply).collect(),
        });
        free.sort_by(|a, b| by_claim(a.row, b.row));
        hand_out(narrow(due % rows)?, &free, &free, &room, &mut out);
        return Ok(out);
    }
}

/// Everyone in turn gives what it can, in the order of `before` (§8 examples 3, 5).
pub(super) fn turns(
    shared: i64,
    seats: &[Seat],
    room: &Room,
    before: fn(&Row, &Row) -> Ordering,
) -> Result<Division, AllocationError> {
    let mut out = Division::default();
    let mut room = room.clone();
    let mut queue: Vec<Seat> = seats.iter().copied().filter(|seat| seat.can > 0).collect();
    queue.sort_by(|a, b| before(a.row, b.row));
    let of = u32::try_from(queue.len()).map_err(|_| AllocationError::Overflow)?;
    let mut left = shared;
    for (seat, position) in queue.iter().zip(1_u32..) {
        let (allowed, limit) = room.allows(seat);
        let allowed = allowed.max(0);
        let units = allowed.min(left);
        let bound = if left < allowed {
            Some(Bound::Order)
        } else {
            limit
        };
        out.steps.push(Step::Turn {
            supply: seat.row.supply,
            position,
            of,
            before: Units(shared - left),
            left: Units(left),
            units: Units(units),
            bound,
        });
        if units > 0 {
            out.given.insert(seat.row.supply, units);
            room.take(seat.row, units);
            left -= units;
        }
    }
    Ok(out)
}

/// The best grade first, each grade in proportion to capacity (§8 example 4).
pub(super) fn grade_first(
    shared: i64,
    seats: &[Seat],
    room: &Room,
) -> Result<Division, AllocationError> {
    let mut out = Division::default();
    let mut room = room.clone();
    let ranks: BTreeSet<u8> = seats.iter().map(|seat| seat.row.grade_rank).collect();
    let mut left = shared;
    for rank in ranks {
        let grade: Vec<Seat> = seats
            .iter()
            .copied()
            .filter(|seat| seat.row.grade_rank == rank)
            .collect();
        let limit = room.of_grade(rank).max(0);
        let can_share = left.min(limit);
        out.steps.push(Step::Grade {
            grade_rank: rank,
            before: Units(shared - left),
            shared: Units(can_share),
            limited: limit < left,
        });
        let division = pro_rata(can_share, &grade, &room)?;
        for seat in &grade {
            let units = division.given.get(&seat.row.supply).copied().unwrap_or(0);
            room.take(seat.row, units);
            left -= units;
        }
        out.given.extend(division.given);
        out.steps.extend(division.steps);
    }
    Ok(out)
}

fn narrow(value: i128) -> Result<i64, AllocationError> {
    i64::try_from(value).map_err(|_| AllocationError::Overflow)
}
