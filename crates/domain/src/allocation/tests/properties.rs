//! Properties of §8 and §16 over random pools, and extremes.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

fn any_rule() -> impl Strategy<Value = Rule> {
    proptest::sample::select(Rule::ALL.to_vec())
}

/// Rows of up to nine members, some with two grades, with equal times and ratios among them to force ties.
fn any_rows(capacity: i64) -> impl Strategy<Value = Vec<Row>> {
    let one = (
        0..6_u32,
        0..3_u8,
        0..=capacity,
        0..4_i64,
        0..3_i64,
        0..3_i64,
    );
    proptest::collection::vec(one, 0..10).prop_map(|list| {
        (0..)
            .zip(list)
            .map(
                |(n, (member, grade_rank, capacity, minimum, time, fulfilled))| {
                    let mut row = row(n, capacity);
                    row.supplier = OrganisationId(Uuid::from_u128(u128::from(member)));
                    row.grade_rank = grade_rank;
                    row.min_units = Units(minimum * 2);
                    row.offered_at = Instant(time);
                    row.served = Served {
                        fulfilled_units: fulfilled,
                        offered_units: 4,
                    };
                    row
                },
            )
            .collect()
    })
}

fn any_request(quantity: i64) -> impl Strategy<Value = Request> {
    let limit = |least: i64| proptest::option::of(least..=10_000);
    (
        any_rule(),
        0..=quantity,
        limit(1),
        limit(0),
        proptest::option::weighted(0.3, 1..6_i64),
    )
        .prop_map(
            |(rule, quantity, max_share_bp, lower_grade_max_bp, carton)| Request {
                rule,
                quantity: Units(quantity),
                max_share_bp,
                lower_grade_max_bp,
                carton,
            },
        )
}

fn without_minimum(mut rows: Vec<Row>) -> Vec<Row> {
    for row in &mut rows {
        row.min_units = Units(0);
    }
    rows
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn parts_and_shortfall_add_up_and_stay_within_every_bound(
        request in any_request(60), rows in any_rows(20)
    ) {
        let outcome = allocate(&request, &rows).unwrap();
        let sum: i64 = units(&outcome).iter().sum();
        prop_assert_eq!(sum + outcome.shortfall.0, request.quantity.0);
        prop_assert!(outcome.shortfall.0 >= 0);
        prop_assert_eq!(outcome.parts.len(), rows.len());
        let mut members: BTreeMap<OrganisationId, i64> = BTreeMap::new();
        let mut grades: BTreeMap<u8, i64> = BTreeMap::new();
        for (part, row) in outcome.parts.iter().zip(&rows) {
            prop_assert_eq!(part.supply, row.supply);
            prop_assert!(0 <= part.units.0 && part.units <= row.capacity);
            *members.entry(row.supplier).or_default() += part.units.0;
            *grades.entry(row.grade_rank).or_default() += part.units.0;
        }
        if let Some(bp) = request.max_share_bp {
            let most = (request.quantity.0 * bp / 10_000).max(1);
            prop_assert!(members.values().all(|units| *units <= most));
        }
        if let Some(bp) = request.lower_grade_max_bp {
            let lower: i64 = grades.iter().filter(|(rank, _)| **rank > 0).map(|(_, n)| n).sum();
            prop_assert!(lower <= request.quantity.0 * bp / 10_000);
        }
        if let Some(content) = request.carton {
            prop_assert!(grades.values().all(|packs| packs % content == 0));
        }
    }

    #[test]
    fn an_unlimited_order_is_filled_as_far_as_there_is_supply(
        rule in any_rule(), quantity in 0..120_i64, rows in any_rows(20)
    ) {
        let rows = without_minimum(rows);
        let outcome = allocate(&request(rule, quantity), &rows).unwrap();
        let supply: i64 = rows.iter().map(|row| row.capacity.0).sum();
        prop_assert_eq!(units(&outcome).iter().sum::<i64>(), quantity.min(supply));
    }

    #[test]
    fn a_max_share_alone_leaves_a_shortfall_only_when_everyone_is_at_a_bound(
        rule in any_rule(), quantity in 0..120_i64, bp in 1..=10_000_i64, rows in any_rows(20)
    ) {
        let rows = without_minimum(rows);
        let mut request = request(rule, quantity);
        request.max_share_bp = Some(bp);
        let outcome = allocate(&request, &rows).unwrap();
        let most = (quantity * bp / 10_000).max(1);
        let mut members: BTreeMap<OrganisationId, i64> = BTreeMap::new();
        for row in &rows {
            *members.entry(row.supplier).or_default() += row.capacity.0;
        }
        let can: i64 = members.values().map(|capacity| (*capacity).min(most)).sum();
        prop_assert_eq!(units(&outcome).iter().sum::<i64>(), quantity.min(can));
    }

    #[test]
    fn a_row_gets_nothing_or_its_minimum_unless_shared_by_offer(
        mut request in any_request(60), rows in any_rows(20)
    ) {
        request.carton = None;
        let outcome = allocate(&request, &rows).unwrap();
        if outcome.steps.contains(&Step::ByOffer) {
            return Ok(());
        }
        for (part, row) in outcome.parts.iter().zip(&rows) {
            prop_assert!(part.units.0 == 0 || part.units >= row.min_units);
        }
    }

    #[test]
    fn the_order_of_the_rows_does_not_matter(
        request in any_request(60), rows in any_rows(20), turn in 0..10_usize
    ) {
        let outcome = allocate(&request, &rows).unwrap();
        let mut other = rows.clone();
        other.reverse();
        other.rotate_left(turn.min(rows.len()));
        let mut again = allocate(&request, &other).unwrap();
        prop_assert_eq!(&again.steps, &outcome.steps);
        again.parts.sort_by_key(|part| part.supply);
        let mut parts = outcome.parts;
        parts.sort_by_key(|part| part.supply);
        prop_assert_eq!(again.parts, parts);
    }

    #[test]
    fn a_share_never_falls_when_its_own_supply_grows(
        rule in any_rule(), quantity in 0..120_i64, rows in any_rows(20),
        more in 1..30_i64, which in 0..10_usize, bp in proptest::option::of(0..=10_000_i64)
    ) {
        let mut rows = without_minimum(rows);
        rows.push(row(10, quantity % 7));
        let which = which % rows.len();
        let mut request = request(rule, quantity);
        // For the rules that go by turns the limit on lower grades is no cap on a share of its own.
        if !matches!(rule, Rule::ProRata | Rule::EqualShare) {
            request.lower_grade_max_bp = bp;
        }
        let before = allocate(&request, &rows).unwrap().parts[which].units;
        rows[which].capacity.0 += more;
        let after = allocate(&request, &rows).unwrap().parts[which].units;
        prop_assert!(after >= before, "{} fell to {}", before, after);
    }

    #[test]
    fn stored_inputs_give_the_stored_outcome_again(request in any_request(60), rows in any_rows(20)) {
        let run = Run::new(request, rows).unwrap();
        let text = serde_json::to_string(&run).unwrap();
        let stored: Run = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(&stored, &run);
        prop_assert!(stored.is_reproducible());
        let value: Run = serde_json::from_value(serde_json::to_value(&run).unwrap()).unwrap();
        prop_assert_eq!(value, run);
    }

    #[test]
    fn every_story_ends_with_the_part_it_tells_of(request in any_request(60), rows in any_rows(20)) {
        let outcome = allocate(&request, &rows).unwrap();
        for (row, part) in rows.iter().zip(&outcome.parts) {
            let story = explain(&request, &rows, &outcome, row.supply);
            prop_assert_eq!(story.units, part.units);
            let last = Why::Result { units: part.units, total: part.units };
            prop_assert_eq!(story.steps.last(), Some(&last));
            let text = serde_json::to_string(&story).unwrap();
            prop_assert_eq!(serde_json::from_str::<Explanation>(&text).unwrap(), story);
        }
    }

    #[test]
    fn a_rounded_quota_and_its_left_unit_make_the_part(
        quantity in 0..120_i64, equal in any::<bool>(), rows in any_rows(20)
    ) {
        let rows = without_minimum(rows);
        let request = request(if equal { Rule::EqualShare } else { Rule::ProRata }, quantity);
        let outcome = allocate(&request, &rows).unwrap();
        for (row, part) in rows.iter().zip(&outcome.parts) {
            let mut told = 0;
            for why in explain(&request, &rows, &outcome, row.supply).steps {
                match why {
                    Why::Quota { quota, .. } => told += quota.whole,
                    Why::Even { even, .. } => told += even.whole,
                    Why::AllOfMine { mine, .. } | Why::Everything { mine } => told += mine.0,
                    Why::LeftUnit { given_to_me: true, .. } => told += 1,
                    _ => {}
                }
            }
            prop_assert_eq!(told, part.units.0);
        }
    }

    #[test]
    fn enormous_quantities_are_an_error_or_exact_but_never_a_panic(
        rule in any_rule(), quantity in any::<i64>(), capacities in proptest::collection::vec(any::<i64>(), 0..4),
        max_share_bp in proptest::option::of(1..=10_000_i64),
        lower_grade_max_bp in proptest::option::of(0..=10_000_i64),
        carton in proptest::option::of(any::<i64>()),
        minimum in any::<i64>(), kept in 0..i64::MAX,
        served in (any::<i64>(), any::<i64>())
    ) {
        let mut rows = rows(&capacities);
        for (row, grade_rank) in rows.iter_mut().zip([0, 1, 0, 2]) {
            row.grade_rank = grade_rank;
            row.min_units = Units(minimum);
            row.kept = Units(kept / 8);
            row.served = Served { fulfilled_units: served.0, offered_units: served.1 };
        }
        let request = Request { rule, quantity: Units(quantity), max_share_bp, lower_grade_max_bp, carton };
        if let Ok(outcome) = allocate(&request, &rows) {
            prop_assert_eq!(units(&outcome).iter().sum::<i64>() + outcome.shortfall.0, quantity);
            for row in &rows {
                let story = explain(&request, &rows, &outcome, row.supply);
                prop_assert!(!story.steps.is_empty());
            }
        }
    }

    #[test]
    fn large_pools_stay_exact(
        rule in any_rule(), quantity in 0..i64::MAX / 2,
        capacities in proptest::collection::vec(0..i64::MAX / 10, 0..5),
        max_share_bp in proptest::option::of(1..=10_000_i64),
    ) {
        let rows = rows(&capacities);
        let mut request = request(rule, quantity);
        request.max_share_bp = max_share_bp;
        let outcome = allocate(&request, &rows).unwrap();
        prop_assert_eq!(units(&outcome).iter().sum::<i64>() + outcome.shortfall.0, quantity);
        for (part, row) in outcome.parts.iter().zip(&rows) {
            prop_assert!(0 <= part.units.0 && part.units <= row.capacity);
        }
    }
}
