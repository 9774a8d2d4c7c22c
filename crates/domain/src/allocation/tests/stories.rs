//! Each rule's story has the figures a member needs.

use super::*;

fn fraction(whole: i64, numerator: i64, denominator: i64) -> Fraction {
    Fraction {
        whole,
        numerator,
        denominator,
    }
}

#[test]
fn pro_rata_tells_c_why_27_and_not_26() {
    assert_eq!(
        why(request(Rule::ProRata, 100), &rows(&[60, 50, 40]), 2),
        [
            Why::Capacity {
                mine: Units(40),
                all: Units(150),
                ordered: Units(100)
            },
            Why::Quota {
                mine: Units(40),
                all: Units(150),
                shared: Units(100),
                quota: fraction(26, 2, 3)
            },
            Why::FloorSum {
                parts: vec![
                    (row(1, 0).supply, Units(40)),
                    (row(2, 0).supply, Units(33)),
                    (row(3, 0).supply, Units(26)),
                ],
                sum: Units(99),
                left: Units(1)
            },
            Why::LeftUnit {
                given_to_me: true,
                left: Units(1),
                reason: Reason::Remainder,
                mine: fraction(0, 2, 3)
            },
            Why::Result {
                units: Units(27),
                total: Units(27)
            },
        ]
    );
}

fn left_unit(steps: &[Why]) -> Option<(bool, Reason)> {
    steps.iter().find_map(|why| match why {
        Why::LeftUnit {
            given_to_me,
            reason,
            ..
        } => Some((*given_to_me, *reason)),
        _ => None,
    })
}

#[test]
fn pro_rata_tells_the_others_why_not_one_more() {
    let b = why(request(Rule::ProRata, 100), &rows(&[60, 50, 40]), 1);
    assert_eq!(left_unit(&b), Some((false, Reason::Remainder)));
}

#[test]
fn a_tie_names_what_decided_it() {
    // Example 6: B and C tie at one half, C was served less.
    let members = [
        row(1, 30),
        served(row(2, 5), 50),
        served(row(3, 3), 20),
        row(4, 2),
    ];
    let request = request(Rule::ProRata, 20);
    assert_eq!(
        left_unit(&why(request, &members, 1)),
        Some((false, Reason::Served))
    );
    assert_eq!(
        left_unit(&why(request, &members, 2)),
        Some((true, Reason::Served))
    );
    let mut equal = rows(&[5, 5]);
    let one = Request {
        quantity: Units(1),
        ..request
    };
    assert_eq!(
        left_unit(&why(one, &equal, 0)),
        Some((true, Reason::Earlier))
    );
    equal[0].offered_at = equal[1].offered_at;
    assert_eq!(left_unit(&why(one, &equal, 1)), Some((false, Reason::Id)));
}

#[test]
fn equal_share_tells_of_the_small_member_and_the_even_rest() {
    let members = rows(&[60, 50, 15, 30]);
    let request = request(Rule::EqualShare, 100);
    assert!(why(request, &members, 2).contains(&Why::AllOfMine {
        mine: Units(15),
        even: fraction(25, 0, 1)
    }));
    let a = why(request, &members, 0);
    assert!(a.contains(&Why::OthersAll {
        rows: 1,
        units: Units(15)
    }));
    assert!(a.contains(&Why::Even {
        shared: Units(85),
        rows: 3,
        even: fraction(28, 1, 3)
    }));
    assert_eq!(left_unit(&a), Some((true, Reason::Earlier)));
    assert_eq!(
        left_unit(&why(request, &members, 1)),
        Some((false, Reason::Earlier))
    );
}

#[test]
fn least_served_tells_the_place_in_the_rotation_and_what_stopped_it() {
    let members = [
        served(row(1, 40), 60),
        served(row(2, 30), 10),
        served(row(3, 50), 80),
        served(row(4, 20), 25),
    ];
    let mut request = request(Rule::LeastServed, 80);
    request.max_share_bp = Some(4000);
    assert_eq!(
        why(request, &members, 0),
        [
            Why::Capacity {
                mine: Units(40),
                all: Units(140),
                ordered: Units(80)
            },
            Why::MaxShare { limit: Units(32) },
            Why::Rotation {
                position: 3,
                of: 4,
                fulfilled: 180,
                offered: 300
            },
            Why::Turn {
                before_me: Units(50),
                left: Units(30),
                mine: Units(40),
                bound: Some(Bound::Order)
            },
            Why::Result {
                units: Units(30),
                total: Units(30)
            },
        ]
    );
    request.quantity = Units(70);
    // 40 % of 70 is 28: B, first in line, may give 28 of its 30.
    assert!(why(request, &members, 1).contains(&Why::Turn {
        before_me: Units(0),
        left: Units(70),
        mine: Units(30),
        bound: Some(Bound::MaxShare)
    }));
}

#[test]
fn first_come_tells_the_place_in_the_queue() {
    let c = why(request(Rule::FirstCome, 7), &rows(&[3, 2, 4]), 2);
    assert!(c.contains(&Why::Queue { position: 3, of: 3 }));
    assert!(c.contains(&Why::Turn {
        before_me: Units(5),
        left: Units(2),
        mine: Units(4),
        bound: Some(Bound::Order)
    }));
}

#[test]
fn grade_first_tells_what_better_grades_took() {
    let members = [row(1, 42), grade_b(1, 10), grade_b(2, 20)];
    let mut request = request(Rule::GradeFirst, 50);
    request.lower_grade_max_bp = Some(2000);
    let lower = why(request, &members, 1);
    assert!(lower.contains(&Why::GradeLimit { limit: Units(10) }));
    assert!(lower.contains(&Why::Grade {
        grade_rank: 1,
        before: Units(42),
        shared: Units(8),
        limited: false
    }));
    assert!(lower.contains(&Why::Quota {
        mine: Units(10),
        all: Units(30),
        shared: Units(8),
        quota: fraction(2, 2, 3)
    }));
    assert!(why(request, &members, 0).contains(&Why::Everything { mine: Units(42) }));
    request.quantity = Units(30);
    assert!(why(request, &members, 2).contains(&Why::GradeNotReached { grade_rank: 1 }));
}

#[test]
fn a_dropped_member_reads_that_its_part_was_below_its_minimum() {
    let members = with_minimum(rows(&[30, 5, 3, 2]), 2);
    let request = request(Rule::ProRata, 20);
    assert!(why(request, &members, 3).contains(&Why::Dropped {
        got: Units(1),
        minimum: Units(2)
    }));
    let a = why(request, &members, 0);
    assert!(a.contains(&Why::OthersDropped { rows: 2 }));
    assert!(a.contains(&Why::Quota {
        mine: Units(30),
        all: Units(35),
        shared: Units(20),
        quota: fraction(17, 1, 7)
    }));
}

#[test]
fn members_read_of_the_max_share_their_own_and_others() {
    let members = rows(&[100, 50, 50]);
    let mut request = request(Rule::ProRata, 100);
    request.max_share_bp = Some(4000);
    assert!(why(request, &members, 0).contains(&Why::Capped { limit: Units(40) }));
    let b = why(request, &members, 1);
    assert!(b.contains(&Why::OthersCapped {
        members: 1,
        units: Units(40)
    }));
    assert!(b.contains(&Why::Quota {
        mine: Units(50),
        all: Units(100),
        shared: Units(60),
        quota: fraction(30, 0, 1)
    }));
}

#[test]
fn mixed_cartons_and_shortfalls_are_told() {
    let mut request = request(Rule::FirstCome, 415);
    request.carton = Some(40);
    let c = why(request, &rows(&[130, 90, 195]), 2);
    assert!(c.contains(&Why::Cartons {
        packs_per_carton: 40,
        packs: Units(415),
        whole: Units(400)
    }));
    assert!(c.contains(&Why::Short { units: Units(15) }));
}

#[test]
fn a_stranger_has_no_story() {
    let members = rows(&[5]);
    let request = request(Rule::ProRata, 1);
    let outcome = allocate(&request, &members).unwrap();
    let stranger = row(9, 1).supply;
    assert!(
        explain(&request, &members, &outcome, stranger)
            .steps
            .is_empty()
    );
}
