//! §8 examples 1 to 6, the edge tests of §8, and U-4's cartons.

use super::*;

#[test]
fn pro_rata_gives_the_unit_left_to_the_largest_remainder() {
    let rows = rows(&[60, 50, 40]);
    assert_eq!(
        share(request(Rule::ProRata, 100), &rows),
        (vec![40, 33, 27], 0)
    );
}

#[test]
fn equal_share_fills_small_members_and_shares_the_rest_evenly() {
    let rows = rows(&[60, 50, 15, 30]);
    assert_eq!(
        share(request(Rule::EqualShare, 100), &rows),
        (vec![29, 28, 15, 28], 0)
    );
}

#[test]
fn least_served_rotates_and_respects_the_max_share() {
    let rows = [
        served(row(1, 40), 60),
        served(row(2, 30), 10),
        served(row(3, 50), 80),
        served(row(4, 20), 25),
    ];
    let mut request = request(Rule::LeastServed, 80);
    request.max_share_bp = Some(4000);
    assert_eq!(share(request, &rows), (vec![30, 30, 0, 20], 0));
}

fn two_grades() -> Vec<Row> {
    vec![
        row(1, 16),
        row(2, 12),
        row(3, 14),
        grade_b(1, 10),
        grade_b(2, 20),
        grade_b(3, 0),
    ]
}

#[test]
fn grade_first_takes_the_best_grade_and_shares_the_lower_one() {
    let mut request = request(Rule::GradeFirst, 50);
    request.lower_grade_max_bp = Some(2000);
    assert_eq!(
        share(request, &two_grades()),
        (vec![16, 12, 14, 3, 5, 0], 0)
    );
}

#[test]
fn grade_first_stops_at_the_limit_on_lower_grades_and_reports_the_shortfall() {
    let mut request = request(Rule::GradeFirst, 60);
    request.lower_grade_max_bp = Some(2000);
    assert_eq!(
        share(request, &two_grades()),
        (vec![16, 12, 14, 4, 8, 0], 6)
    );
}

#[test]
fn first_come_serves_cartons_by_time_of_offer() {
    let cartons: Vec<i64> = [130, 90, 195]
        .into_iter()
        .map(|packs| row_capacity(crate::quantity::Packs(packs), 40).0)
        .collect();
    assert_eq!(cartons, [3, 2, 4]);
    assert_eq!(
        share(request(Rule::FirstCome, 7), &rows(&cartons)),
        (vec![3, 2, 2], 0)
    );
}

#[test]
fn mixed_cartons_of_first_come_offer_ten_and_leave_fifteen_packs() {
    let rows = rows(&[130, 90, 195]);
    let mut request = request(Rule::FirstCome, 415);
    request.carton = Some(40);
    // Ten whole cartons are 400 packs; the last in line keeps fifteen.
    assert_eq!(share(request, &rows), (vec![130, 90, 180], 15));
    request.quantity = Units(7 * 40);
    assert_eq!(share(request, &rows), (vec![130, 90, 60], 0));
}

fn example_six() -> Vec<Row> {
    vec![
        row(1, 30),
        served(row(2, 5), 50),
        served(row(3, 3), 20),
        row(4, 2),
    ]
}

#[test]
fn equal_remainders_go_to_the_member_served_less() {
    assert_eq!(
        share(request(Rule::ProRata, 20), &example_six()),
        (vec![15, 2, 2, 1], 0)
    );
}

#[test]
fn members_below_their_minimum_are_dropped_one_per_pass() {
    let rows = with_minimum(example_six(), 2);
    let outcome = allocate(&request(Rule::ProRata, 20), &rows).unwrap();
    assert_eq!(units(&outcome), [17, 3, 0, 0]);
    assert_eq!(outcome.shortfall, Units(0));
    let dropped: Vec<(u32, SupplyId, i64)> = outcome
        .steps
        .iter()
        .filter_map(|step| match step {
            Step::Dropped {
                pass,
                supply,
                units,
                ..
            } => Some((*pass, *supply, units.0)),
            _ => None,
        })
        .collect();
    // D had 1, then C had 1 (16, 3, 1).
    assert_eq!(dropped, [(1, rows[3].supply, 1), (2, rows[2].supply, 1)]);
}

#[test]
fn of_equal_parts_below_the_minimum_the_member_served_more_is_dropped_first() {
    let rows = with_minimum(
        vec![
            served(row(1, 10), 10),
            served(row(2, 10), 90),
            served(row(3, 10), 20),
        ],
        2,
    );
    assert_eq!(share(request(Rule::ProRata, 4), &rows), (vec![2, 0, 2], 0));
}

#[test]
fn when_everybody_would_be_dropped_the_first_offer_is_served() {
    let rows = with_minimum(rows(&[10, 10, 10]), 5);
    for rule in Rule::ALL {
        let outcome = allocate(&request(*rule, 4), &rows).unwrap();
        assert_eq!(units(&outcome), [4, 0, 0], "{rule}");
        assert!(outcome.steps.contains(&Step::ByOffer), "{rule}");
    }
}

#[test]
fn a_shortfall_at_the_end_is_offered_to_dropped_members_who_can_meet_their_minimum() {
    let mut rows = vec![row(1, 2), served(row(2, 6), 50), row(3, 6)];
    rows[1].min_units = Units(5);
    rows[2].min_units = Units(9);
    // A 2, B and C 4 each: B, served more, goes; C's 6 is below its 9, so it goes; 8 are left. B can meet its
    // minimum and gives 6; C never can.
    let outcome = allocate(&request(Rule::EqualShare, 10), &rows).unwrap();
    assert_eq!(units(&outcome), [2, 6, 0]);
    assert_eq!(outcome.shortfall, Units(2));
    assert_eq!(
        outcome.steps.last(),
        Some(&Step::Offered {
            supply: rows[1].supply,
            left: Units(8),
            units: Units(6)
        })
    );
}

#[test]
fn the_shortfall_is_offered_to_the_member_served_least_first() {
    // After A's 1 the even part is 3: E goes, served most; then 4: D goes; then C gives 5 and B's 7 is below its
    // 9, so it goes. Of the 7 left D, served less than E, gives 5; 2 are too few for E.
    let mut rows = vec![
        row(1, 1),
        row(2, 7),
        served(row(3, 5), 10),
        served(row(4, 5), 20),
        served(row(5, 5), 30),
    ];
    for (row, minimum) in rows.iter_mut().zip([0, 9, 5, 5, 5]) {
        row.min_units = Units(minimum);
    }
    let outcome = allocate(&request(Rule::EqualShare, 13), &rows).unwrap();
    assert_eq!(units(&outcome), [1, 0, 5, 5, 0]);
    assert_eq!(outcome.shortfall, Units(2));
}

#[test]
fn a_shortfall_below_every_minimum_stays_a_shortfall() {
    // A gives 8 and B would give 2, less than its 3; C, next in line, gives its 1; the last unit is too little for B.
    let mut rows = rows(&[8, 9, 1]);
    rows[1].min_units = Units(3);
    assert_eq!(
        share(request(Rule::FirstCome, 10), &rows),
        (vec![8, 0, 1], 1)
    );
    assert_eq!(
        share(request(Rule::FirstCome, 12), &rows),
        (vec![8, 4, 0], 0)
    );
}

#[test]
fn nothing_ordered_gives_nothing_to_everyone() {
    for rule in Rule::ALL {
        let rows = with_minimum(example_six(), 2);
        assert_eq!(share(request(*rule, 0), &rows), (vec![0; 4], 0), "{rule}");
    }
}

#[test]
fn without_offers_all_is_shortfall() {
    for rule in Rule::ALL {
        assert_eq!(share(request(*rule, 9), &[]), (vec![], 9), "{rule}");
        assert_eq!(
            share(request(*rule, 9), &rows(&[0, 0])),
            (vec![0, 0], 9),
            "{rule}"
        );
    }
}

#[test]
fn an_order_above_all_supply_takes_all_of_everyone() {
    for rule in Rule::ALL {
        assert_eq!(
            share(request(*rule, 100), &rows(&[7, 0, 30, 2])),
            (vec![7, 0, 30, 2], 61),
            "{rule}"
        );
    }
}

#[test]
fn one_unit_among_equals_is_decided_by_served_ratio_then_offer_then_id() {
    for rule in [Rule::ProRata, Rule::EqualShare, Rule::LeastServed] {
        let mut rows = rows(&[5, 5, 5]);
        assert_eq!(share(request(rule, 1), &rows).0, [1, 0, 0], "{rule}");
        for row in &mut rows {
            row.offered_at = Instant(7);
        }
        assert_eq!(share(request(rule, 1), &rows).0, [1, 0, 0], "{rule}");
        rows.reverse();
        assert_eq!(share(request(rule, 1), &rows).0, [0, 0, 1], "{rule}");
        rows[0].offered_at = Instant(6);
        assert_eq!(share(request(rule, 1), &rows).0, [1, 0, 0], "{rule}");
        rows[0].served = Served {
            fulfilled_units: 1,
            offered_units: 3,
        };
        assert_eq!(share(request(rule, 1), &rows).0, [0, 0, 1], "{rule}");
    }
}

#[test]
fn two_grades_of_one_member_are_two_rows_but_one_max_share() {
    let rows = vec![row(1, 30), grade_b(1, 30), row(2, 30)];
    assert_eq!(
        share(request(Rule::ProRata, 30), &rows),
        (vec![10, 10, 10], 0)
    );
    for rule in Rule::ALL {
        let mut request = request(*rule, 30);
        request.max_share_bp = Some(5000);
        let (parts, shortfall) = share(request, &rows);
        assert_eq!(parts[0] + parts[1], 15, "{rule}");
        assert_eq!((parts[2], shortfall), (15, 0), "{rule}");
    }
}

#[test]
fn what_a_limited_member_may_not_give_goes_to_the_others() {
    let rows = rows(&[100, 50, 50]);
    let mut request = request(Rule::ProRata, 100);
    request.max_share_bp = Some(4000);
    assert_eq!(share(request, &rows), (vec![40, 30, 30], 0));
    request.max_share_bp = Some(3000);
    assert_eq!(share(request, &rows), (vec![30, 30, 30], 10));
}

#[test]
fn a_max_share_never_falls_below_one_unit() {
    let mut request = request(Rule::ProRata, 2);
    request.max_share_bp = Some(1000);
    assert_eq!(share(request, &rows(&[5, 5, 5])), (vec![1, 1, 0], 0));
}

#[test]
fn the_limit_on_lower_grades_binds_under_every_rule() {
    for rule in Rule::ALL {
        let mut request = request(*rule, 60);
        request.lower_grade_max_bp = Some(2000);
        let (parts, shortfall) = share(request, &two_grades());
        assert_eq!(parts[3] + parts[4] + parts[5], 12, "{rule}");
        assert_eq!(shortfall, 6, "{rule}");
        request.lower_grade_max_bp = Some(0);
        let (parts, shortfall) = share(request, &two_grades());
        assert_eq!(parts, [16, 12, 14, 0, 0, 0], "{rule}");
        assert_eq!(shortfall, 18, "{rule}");
    }
}

#[test]
fn a_shortfall_is_shared_anew_over_what_is_left_and_limits_count_what_is_kept() {
    // 40/33/27 with C defaulting entirely: 27 over A's 20 and B's 17 left.
    let mut rows = rows(&[20, 17]);
    rows[0].kept = Units(40);
    rows[1].kept = Units(33);
    assert_eq!(share(request(Rule::ProRata, 27), &rows), (vec![15, 12], 0));
    // Half of the whole order of 100 is 50: A may add 10.
    let mut limited = request(Rule::ProRata, 27);
    limited.max_share_bp = Some(5000);
    assert_eq!(share(limited, &rows), (vec![10, 17], 0));
    // A member that keeps its minimum takes even one unit more.
    for row in &mut rows {
        row.min_units = Units(20);
    }
    assert_eq!(share(request(Rule::ProRata, 1), &rows), (vec![1, 0], 0));
}

const KERIPIK: [i64; 12] = [85, 120, 64, 40, 200, 33, 78, 95, 160, 52, 41, 110];

#[test]
fn twenty_cartons_of_keripik_are_shared_pro_rata_by_cartons() {
    let cartons: Vec<i64> = KERIPIK.iter().map(|packs| packs / 40).collect();
    assert_eq!(
        share(request(Rule::ProRata, 20), &rows(&cartons)).0,
        [2, 2, 1, 1, 4, 0, 1, 2, 3, 1, 1, 2]
    );
}

#[test]
fn mixed_cartons_of_keripik_are_whole_in_total() {
    let mut request = request(Rule::ProRata, 30 * 40);
    request.carton = Some(40);
    let (parts, shortfall) = share(request, &rows(&KERIPIK));
    assert_eq!(parts.iter().sum::<i64>(), 26 * 40);
    assert_eq!(shortfall, 4 * 40);
    request.quantity = Units(20 * 40);
    let (parts, shortfall) = share(request, &rows(&KERIPIK));
    assert_eq!((parts.iter().sum::<i64>(), shortfall), (800, 0));
    assert!(
        parts[5] > 0,
        "33 packs fill no carton alone, but do with others"
    );
}

#[test]
fn grades_never_share_a_mixed_carton() {
    let rows = vec![row(1, 70), row(2, 30), grade_b(1, 30), grade_b(2, 65)];
    for rule in Rule::ALL {
        let mut request = request(*rule, 4 * 40);
        request.carton = Some(40);
        let (parts, shortfall) = share(request, &rows);
        let (best, lower) = (parts[0] + parts[1], parts[2] + parts[3]);
        assert_eq!((best, lower, shortfall), (80, 80, 0), "{rule}");
    }
}

#[test]
fn a_mixed_carton_is_completed_by_what_members_keep() {
    let mut rows = rows(&[30, 5]);
    rows[0].kept = Units(50);
    rows[1].kept = Units(15);
    let mut request = request(Rule::ProRata, 15);
    request.carton = Some(40);
    assert_eq!(share(request, &rows).0.iter().sum::<i64>(), 15);
    rows[0].capacity = Units(6);
    assert_eq!(share(request, &rows), (vec![0, 0], 15));
}

#[test]
fn senseless_inputs_are_refused() {
    let good = request(Rule::ProRata, 5);
    let refused = |request: Request, rows: &[Row]| allocate(&request, rows).unwrap_err();
    let negative = Request {
        quantity: Units(-1),
        ..good
    };
    assert_eq!(refused(negative, &[]), AllocationError::Negative);
    assert_eq!(refused(good, &rows(&[-1])), AllocationError::Negative);
    let limit = Request {
        max_share_bp: Some(10_001),
        ..good
    };
    assert_eq!(refused(limit, &[]), AllocationError::Limit);
    let carton = Request {
        carton: Some(0),
        ..good
    };
    assert_eq!(refused(carton, &[]), AllocationError::Carton);
    let twice = [row(1, 5), row(1, 6)];
    assert_eq!(
        refused(good, &twice),
        AllocationError::Duplicate(twice[0].supply)
    );
    assert_eq!(
        refused(good, &rows(&[i64::MAX, 2])),
        AllocationError::Overflow
    );
}

#[test]
fn rules_are_stored_by_name() {
    for rule in Rule::ALL {
        assert_eq!(rule.as_str().parse::<Rule>().unwrap(), *rule);
        assert_eq!(
            serde_json::to_string(rule).unwrap(),
            format!("\"{}\"", rule.as_str())
        );
    }
    assert!("by_lot".parse::<Rule>().is_err());
}
