//! Runs a rule as often as minimums, the limit on lower grades and whole cartons ask for.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::rules::{self, Division, Given, Room, Seat};
use super::steps::Step;
use super::{AllocationError, Outcome, Part, Request, Row, Rule};
use crate::quantity::Units;

/// Basis points in a whole.
const WHOLE_BP: i128 = 10_000;

/// Tries to find a quantity in whole cartons that the minimums of a grade allow, before they are set aside.
const CARTON_TRIES: usize = 32;

/// See [`super::allocate`].
pub(super) fn allocate(request: &Request, rows: &[Row]) -> Result<Outcome, AllocationError> {
    check(request, rows)?;
    let room = limits(request, rows)?;
    // The order in which rows happen to be read must not show, not even in the steps.
    let mut sorted: Vec<&Row> = rows.iter().collect();
    sorted.sort_by_key(|row| (row.supplier, row.supply));
    let seats: Vec<Seat> = sorted
        .into_iter()
        .filter(|row| row.capacity.0 > 0)
        .map(|row| Seat {
            row,
            can: row.capacity.0,
        })
        .collect();
    let mut steps = Vec::new();
    if request.max_share_bp.is_some() || request.lower_grade_max_bp.is_some() {
        let most = request
            .max_share_bp
            .map(|bp| most_of_member(request, rows, bp));
        steps.push(Step::Limits {
            max_share: most.transpose()?.map(Units),
            lower_grades: room.lower_grades.map(Units),
        });
    }
    let division = match request.carton {
        None => with_minimums(request.rule, request.quantity.0, &seats, &room)?,
        Some(content) => in_cartons(request, rows, &seats, &room, content)?,
    };
    steps.extend(division.steps);
    let parts: Vec<Part> = rows
        .iter()
        .map(|row| Part {
            supply: row.supply,
            supplier: row.supplier,
            units: Units(division.given.get(&row.supply).copied().unwrap_or(0)),
        })
        .collect();
    let shared: i64 = division.given.values().sum();
    Ok(Outcome {
        parts,
        shortfall: Units(request.quantity.0 - shared),
        steps,
    })
}

fn check(request: &Request, rows: &[Row]) -> Result<(), AllocationError> {
    let limit_ok = |bp: Option<i64>, least: i64| bp.is_none_or(|bp| (least..=10_000).contains(&bp));
    if !limit_ok(request.max_share_bp, 1) || !limit_ok(request.lower_grade_max_bp, 0) {
        return Err(AllocationError::Limit);
    }
    if request.carton.is_some_and(|content| content <= 0) {
        return Err(AllocationError::Carton);
    }
    let mut seen = BTreeSet::new();
    let mut sum = request.quantity.0;
    for row in rows {
        let figures = [
            row.capacity.0,
            row.min_units.0,
            row.kept.0,
            row.served.fulfilled_units,
            row.served.offered_units,
        ];
        if figures.iter().any(|figure| *figure < 0) {
            return Err(AllocationError::Negative);
        }
        if !seen.insert(row.supply) {
            return Err(AllocationError::Duplicate(row.supply));
        }
        // With this sum in range no product of two quantities leaves i128 and no result leaves i64.
        sum = sum
            .checked_add(row.capacity.0)
            .and_then(|sum| sum.checked_add(row.kept.0))
            .ok_or(AllocationError::Overflow)?;
    }
    if request.quantity.0 < 0 {
        return Err(AllocationError::Negative);
    }
    Ok(())
}

/// Basis points of the whole order: what is shared now and what members keep of it.
fn share_of_order(request: &Request, rows: &[Row], bp: i64) -> Result<i64, AllocationError> {
    let kept: i64 = rows.iter().map(|row| row.kept.0).sum();
    let order = i128::from(request.quantity.0) + i128::from(kept);
    i64::try_from(order * i128::from(bp) / WHOLE_BP).map_err(|_| AllocationError::Overflow)
}

/// The max share in units; at least one, as a unit can't be divided.
fn most_of_member(request: &Request, rows: &[Row], bp: i64) -> Result<i64, AllocationError> {
    Ok(share_of_order(request, rows, bp)?.max(1))
}

/// What each limit leaves after what members keep from before.
fn limits(request: &Request, rows: &[Row]) -> Result<Room, AllocationError> {
    let mut room = Room::default();
    if let Some(bp) = request.max_share_bp {
        let most = most_of_member(request, rows, bp)?;
        let mut kept: BTreeMap<_, i64> = BTreeMap::new();
        for row in rows {
            *kept.entry(row.supplier).or_default() += row.kept.0;
        }
        room.members = kept
            .into_iter()
            .map(|(supplier, kept)| (supplier, (most - kept).max(0)))
            .collect();
    }
    if let Some(bp) = request.lower_grade_max_bp {
        let kept: i64 = rows
            .iter()
            .filter(|row| row.grade_rank > 0)
            .map(|row| row.kept.0)
            .sum();
        room.lower_grades = Some((share_of_order(request, rows, bp)? - kept).max(0));
    }
    Ok(room)
}

/// One pass of the rule, with both limits.
fn one_pass(
    rule: Rule,
    shared: i64,
    seats: &[Seat],
    room: &Room,
) -> Result<Division, AllocationError> {
    match rule {
        Rule::ProRata => within_lower_limit(rules::pro_rata, shared, seats, room),
        Rule::EqualShare => within_lower_limit(rules::equal_share, shared, seats, room),
        Rule::LeastServed => rules::turns(shared, seats, room, rules::by_claim),
        Rule::GradeFirst => rules::grade_first(shared, seats, room),
        Rule::FirstCome => rules::turns(shared, seats, room, rules::by_offer),
    }
}

type Core = fn(i64, &[Seat], &Room) -> Result<Division, AllocationError>;

/// Where the lower grades come out above their limit, the best grade shares the order less the limit, then the
/// lower grades the limit, then the best grade what is left; each time by the same rule.
fn within_lower_limit(
    core: Core,
    shared: i64,
    seats: &[Seat],
    room: &Room,
) -> Result<Division, AllocationError> {
    let all = core(shared, seats, room)?;
    let Some(limit) = room.lower_grades else {
        return Ok(all);
    };
    let (best, lower): (Vec<Seat>, Vec<Seat>) =
        seats.iter().partition(|seat| seat.row.grade_rank == 0);
    let of_lower: i64 = lower
        .iter()
        .filter_map(|seat| all.given.get(&seat.row.supply))
        .sum();
    if of_lower <= limit {
        return Ok(all);
    }
    let mut out = Division::default();
    out.steps.push(Step::GradeLimit {
        limit: Units(limit),
    });
    let mut room = room.clone();
    let mut left = shared;
    for (group, most) in [(&best, shared - limit), (&lower, limit), (&best, shared)] {
        let seats: Vec<Seat> = group
            .iter()
            .map(|seat| Seat {
                row: seat.row,
                can: seat.can - out.given.get(&seat.row.supply).copied().unwrap_or(0),
            })
            .collect();
        let budget = most.min(left);
        if budget <= 0 || seats.iter().all(|seat| seat.can == 0) {
            continue;
        }
        let division = core(budget, &seats, &room)?;
        let mut new = 0;
        for seat in &seats {
            if let Some(units) = division.given.get(&seat.row.supply) {
                *out.given.entry(seat.row.supply).or_default() += units;
                room.take(seat.row, *units);
                left -= units;
                new += units;
            }
        }
        if new > 0 {
            out.steps.extend(division.steps);
        }
    }
    Ok(out)
}

/// Drops rows below their minimum one per pass, then offers a shortfall to them (§8 example 6). When everybody
/// would be dropped, shares by time of offer without minimums.
fn with_minimums(
    rule: Rule,
    shared: i64,
    seats: &[Seat],
    room: &Room,
) -> Result<Division, AllocationError> {
    let mut open: Vec<Seat> = seats.to_vec();
    let mut dropped: Vec<Seat> = Vec::new();
    let mut told: Vec<Step> = Vec::new();
    let mut pass = 1_u32;
    let mut last = loop {
        let division = one_pass(rule, shared, &open, room)?;
        let Some((units, worst)) = smallest_below_minimum(&open, &division.given) else {
            break division;
        };
        told.push(Step::Dropped {
            pass,
            supply: worst.row.supply,
            units: Units(units),
            minimum: Units(minimum(worst.row)),
        });
        open.retain(|seat| seat.row.supply != worst.row.supply);
        dropped.push(worst);
        pass = pass.saturating_add(1);
    };
    let given: i64 = last.given.values().sum();
    if given == 0 && !dropped.is_empty() {
        let mut out = rules::turns(shared, seats, room, rules::by_offer)?;
        told.push(Step::ByOffer);
        told.append(&mut out.steps);
        out.steps = told;
        return Ok(out);
    }
    told.append(&mut last.steps);
    last.steps = told;
    offer_to_dropped(shared - given, dropped, &open, room, &mut last);
    Ok(last)
}

/// What a row must be given at least, seeing what it keeps from before.
fn minimum(row: &Row) -> i64 {
    row.min_units.0.saturating_sub(row.kept.0).max(0)
}

/// The row to drop: of those due something but less than their minimum the smallest part, ties against the
/// weaker claim (larger served ratio first).
fn smallest_below_minimum<'a>(open: &[Seat<'a>], given: &Given) -> Option<(i64, Seat<'a>)> {
    open.iter()
        .filter_map(|seat| Some((*given.get(&seat.row.supply)?, *seat)))
        .filter(|(units, seat)| *units < minimum(seat.row))
        .min_by(|(a, x), (b, y)| a.cmp(b).then_with(|| rules::by_claim(y.row, x.row)))
}

/// A shortfall goes to dropped rows that can meet their minimum with it, smallest served ratio first.
fn offer_to_dropped(
    mut short: i64,
    mut dropped: Vec<Seat>,
    open: &[Seat],
    room: &Room,
    out: &mut Division,
) {
    if short <= 0 || dropped.is_empty() {
        return;
    }
    let mut room = room.clone();
    for seat in open {
        room.take(
            seat.row,
            out.given.get(&seat.row.supply).copied().unwrap_or(0),
        );
    }
    dropped.sort_by(|a, b| rules::by_claim(a.row, b.row));
    for seat in dropped {
        let units = room.allows(&seat).0.min(short);
        if units <= 0 || units < minimum(seat.row) {
            continue;
        }
        out.given.insert(seat.row.supply, units);
        out.steps.push(Step::Offered {
            supply: seat.row.supply,
            left: Units(short),
            units: Units(units),
        });
        room.take(seat.row, units);
        short -= units;
    }
}

/// A grade of a run in mixed cartons.
struct Grade<'a> {
    rank: u8,
    seats: Vec<Seat<'a>>,
    kept: i64,
    /// Packs that the rule gives the grade before rounding to cartons, then the packs that fill whole ones.
    packs: i64,
    whole: i64,
}

/// Mixed cartons (U-4): the rule runs in packs; each grade's packs, with those kept, must fill whole cartons.
/// First the rule says how many packs each grade gets, these become cartons by largest remainder (the better
/// grade first), then the rule shares each grade's cartons in packs.
fn in_cartons(
    request: &Request,
    rows: &[Row],
    seats: &[Seat],
    room: &Room,
    content: i64,
) -> Result<Division, AllocationError> {
    let first = with_minimums(request.rule, request.quantity.0, seats, room)?;
    let mut grades = grades_of(rows, seats, &first.given);
    for grade in &mut grades {
        grade.whole = whole_cartons(grade.packs, grade.kept, content);
    }
    if grades.iter().all(|grade| grade.whole == grade.packs) {
        return Ok(first);
    }
    round_to_cartons(&mut grades, room, content);
    grades.sort_by_key(|grade| grade.rank);
    let mut out = Division::default();
    let mut room = room.clone();
    for grade in &grades {
        let division = fill_cartons(request.rule, grade, &room, content)?;
        for seat in &grade.seats {
            room.take(
                seat.row,
                division.given.get(&seat.row.supply).copied().unwrap_or(0),
            );
        }
        out.steps.push(Step::Cartons {
            grade_rank: grade.rank,
            packs_per_carton: content,
            packs: Units(grade.packs),
            whole: Units(division.given.values().sum()),
        });
        out.given.extend(division.given);
        out.steps.extend(division.steps);
    }
    Ok(out)
}

/// Makes whole cartons of what rounding down left over the grades: the largest rest first, the better grade first,
/// as far as the grade has packs and the limit on lower grades allows.
fn round_to_cartons(grades: &mut [Grade], room: &Room, content: i64) {
    let mut left: i64 = grades.iter().map(|grade| grade.packs - grade.whole).sum();
    let lower = grades.iter().filter(|grade| grade.rank > 0);
    let lower: i64 = lower.map(|grade| grade.whole).sum();
    let mut of_lower = room.lower_grades.map_or(i64::MAX, |limit| limit - lower);
    grades.sort_by_key(|grade| (Reverse(grade.packs - grade.whole), grade.rank));
    let mut again = true;
    while again {
        again = false;
        for grade in grades.iter_mut() {
            let more = next_carton(grade, content);
            let can: i64 = grade.seats.iter().map(|seat| seat.can).sum();
            let is_lower = grade.rank > 0;
            if more > left || grade.whole + more > can || (is_lower && more > of_lower) {
                continue;
            }
            grade.whole += more;
            left -= more;
            if is_lower {
                of_lower -= more;
            }
            again = true;
        }
    }
}

fn grades_of<'a>(rows: &[Row], seats: &[Seat<'a>], given: &Given) -> Vec<Grade<'a>> {
    let ranks: BTreeSet<u8> = rows.iter().map(|row| row.grade_rank).collect();
    ranks
        .into_iter()
        .map(|rank| {
            let seats: Vec<Seat> = seats
                .iter()
                .copied()
                .filter(|seat| seat.row.grade_rank == rank)
                .collect();
            let of_grade = rows.iter().filter(|row| row.grade_rank == rank);
            Grade {
                rank,
                kept: of_grade.map(|row| row.kept.0).sum(),
                packs: seats
                    .iter()
                    .filter_map(|seat| given.get(&seat.row.supply))
                    .sum(),
                whole: 0,
                seats,
            }
        })
        .collect()
}

/// The most new packs up to `packs` that fill whole cartons together with `kept`; 0 when none do.
fn whole_cartons(packs: i64, kept: i64, content: i64) -> i64 {
    let together = packs + kept;
    (together - together % content - kept).max(0)
}

/// Packs that a grade needs for one carton more.
fn next_carton(grade: &Grade, content: i64) -> i64 {
    content - (grade.whole + grade.kept) % content
}

/// Shares a grade's packs out so that whole cartons result; fewer cartons where limits or minimums leave gaps.
fn fill_cartons(
    rule: Rule,
    grade: &Grade,
    room: &Room,
    content: i64,
) -> Result<Division, AllocationError> {
    let mut budget = grade.whole;
    for tries in 0.. {
        if budget <= 0 {
            break;
        }
        // Without minimums the packs given never fall short of a smaller budget twice, so this ends.
        let division = if tries < CARTON_TRIES {
            with_minimums(rule, budget, &grade.seats, room)?
        } else {
            one_pass(rule, budget, &grade.seats, room)?
        };
        let packs: i64 = division.given.values().sum();
        if whole_cartons(packs, grade.kept, content) == packs {
            return Ok(division);
        }
        budget = whole_cartons(packs, grade.kept, content);
    }
    Ok(Division::default())
}
