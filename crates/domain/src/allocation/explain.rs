//! One member's story of a run, told from the stored steps, so that the member can read why it got 12 and not 13.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::rules::by_claim;
use super::steps::{QuotaPart, Step};
use super::why::{Explanation, Reason, Why};
use super::{Fraction, Outcome, Request, Row, Rule};
use crate::ids::SupplyId;
use crate::quantity::Units;

/// Tells a run from the side of one row, from the stored inputs and outcome. A supply that took no part gets an
/// empty story.
#[must_use]
pub fn explain(
    request: &Request,
    rows: &[Row],
    outcome: &Outcome,
    supply: SupplyId,
) -> Explanation {
    let row = rows.iter().find(|row| row.supply == supply);
    let part = outcome.parts.iter().find(|part| part.supply == supply);
    let (Some(me), Some(part)) = (row, part) else {
        return Explanation {
            supply,
            rule: request.rule,
            units: Units(0),
            steps: Vec::new(),
        };
    };
    let mut teller = Teller::new(request, rows, me);
    for step in &outcome.steps {
        teller.hear(step);
    }
    Explanation {
        supply,
        rule: request.rule,
        units: part.units,
        steps: teller.finish(part.units, outcome.shortfall),
    }
}

/// Walks the steps of a run and keeps what concerns one row.
struct Teller<'a> {
    rule: Rule,
    me: &'a Row,
    rows: BTreeMap<SupplyId, &'a Row>,
    story: Vec<Why>,
    /// Told in one sentence before the next figures: rows dropped, members at the max share, rows that gave all.
    dropped: u32,
    capped: (u32, i64),
    gave_all: (u32, i64),
    /// The fractions of the last rounding, when I was in it.
    claims: Option<Claims<'a>>,
}

/// Who may hope for a unit left over: the fraction's numerator and the row, and the common denominator.
struct Claims<'a> {
    of: Vec<(i64, &'a Row)>,
    denominator: i64,
}

impl<'a> Teller<'a> {
    fn new(request: &Request, rows: &'a [Row], me: &'a Row) -> Self {
        let all = rows
            .iter()
            .fold(0, |sum: i64, row| sum.saturating_add(row.capacity.0));
        let mut story = vec![Why::Capacity {
            mine: me.capacity,
            all: Units(all),
            ordered: request.quantity,
        }];
        if me.kept.0 > 0 {
            story.push(Why::Kept { units: me.kept });
        }
        Self {
            rule: request.rule,
            me,
            rows: rows.iter().map(|row| (row.supply, row)).collect(),
            story,
            dropped: 0,
            capped: (0, 0),
            gave_all: (0, 0),
            claims: None,
        }
    }

    fn hear(&mut self, step: &Step) {
        match step {
            Step::Limits {
                max_share,
                lower_grades,
            } => {
                if let Some(limit) = *max_share {
                    self.story.push(Why::MaxShare { limit });
                }
                if let Some(limit) = *lower_grades {
                    self.story.push(Why::GradeLimit { limit });
                }
            }
            Step::Dropped {
                supply,
                units,
                minimum,
                ..
            } => {
                if *supply == self.me.supply {
                    self.story.push(Why::Dropped {
                        got: *units,
                        minimum: *minimum,
                    });
                } else {
                    self.dropped = self.dropped.saturating_add(1);
                }
            }
            Step::ByOffer => {
                self.rule = Rule::FirstCome;
                self.forget_others();
                self.story.push(Why::ByOffer);
            }
            Step::GradeLimit { .. } => {}
            Step::Grade {
                grade_rank,
                before,
                shared,
                limited,
            } => self.hear_grade(*grade_rank, *before, *shared, *limited),
            Step::Cartons {
                grade_rank,
                packs_per_carton,
                packs,
                whole,
            } => {
                self.forget_others();
                if *grade_rank == self.me.grade_rank {
                    self.story.push(Why::Cartons {
                        packs_per_carton: *packs_per_carton,
                        packs: *packs,
                        whole: *whole,
                    });
                }
            }
            Step::Capped { supplier, limit } => {
                if *supplier == self.me.supplier {
                    self.story.push(Why::Capped { limit: *limit });
                } else {
                    add(&mut self.capped, *limit);
                }
            }
            Step::Everything { supplies } => {
                if supplies.contains(&self.me.supply) {
                    self.tell_others();
                    self.story.push(Why::Everything {
                        mine: self.me.capacity,
                    });
                }
            }
            Step::Quotas {
                shared,
                capacity,
                parts,
            } => self.hear_quotas(*shared, *capacity, parts),
            Step::AllOf {
                supply,
                units,
                even,
            } => {
                if *supply == self.me.supply {
                    self.tell_others();
                    self.story.push(Why::AllOfMine {
                        mine: *units,
                        even: *even,
                    });
                } else {
                    add(&mut self.gave_all, *units);
                }
            }
            Step::Even {
                shared,
                even,
                supplies,
            } => self.hear_even(*shared, *even, supplies),
            Step::LeftOver { left, given, full } => self.hear_left_over(*left, given, full),
            Step::Turn { .. } => self.hear_turn(step),
            Step::Offered {
                supply,
                left,
                units,
            } => {
                if *supply == self.me.supply {
                    self.story.push(Why::Offered {
                        left: *left,
                        got: *units,
                    });
                }
            }
        }
    }

    /// What happened to others first, as far as it changes the figures that follow.
    fn tell_others(&mut self) {
        if self.dropped > 0 {
            self.story.push(Why::OthersDropped { rows: self.dropped });
        }
        if self.capped.0 > 0 {
            self.story.push(Why::OthersCapped {
                members: self.capped.0,
                units: Units(self.capped.1),
            });
        }
        if self.gave_all.0 > 0 {
            self.story.push(Why::OthersAll {
                rows: self.gave_all.0,
                units: Units(self.gave_all.1),
            });
        }
        self.forget_others();
    }

    fn forget_others(&mut self) {
        self.dropped = 0;
        self.capped = (0, 0);
        self.gave_all = (0, 0);
    }

    fn hear_grade(&mut self, grade_rank: u8, before: Units, shared: Units, limited: bool) {
        self.capped = (0, 0);
        if grade_rank != self.me.grade_rank {
            return;
        }
        self.story.push(if shared.0 == 0 {
            Why::GradeNotReached { grade_rank }
        } else {
            Why::Grade {
                grade_rank,
                before,
                shared,
                limited,
            }
        });
    }

    fn hear_quotas(&mut self, shared: Units, capacity: Units, parts: &[QuotaPart]) {
        self.claims = None;
        let mine = parts.iter().find(|part| part.supply == self.me.supply);
        let Some(mine) = mine else {
            return;
        };
        let quota = Fraction::new(
            i128::from(mine.capacity.0) * i128::from(shared.0),
            i128::from(capacity.0),
        );
        let Some(quota) = quota else {
            return;
        };
        self.tell_others();
        self.story.push(Why::Quota {
            mine: mine.capacity,
            all: capacity,
            shared,
            quota,
        });
        self.tell_floors(
            shared,
            parts.iter().map(|part| (part.supply, part.whole)).collect(),
        );
        self.claims = Some(Claims {
            of: parts
                .iter()
                .filter_map(|part| Some((part.remainder, *self.rows.get(&part.supply)?)))
                .collect(),
            denominator: capacity.0,
        });
    }

    fn hear_even(&mut self, shared: Units, even: Fraction, supplies: &[SupplyId]) {
        self.claims = None;
        if !supplies.contains(&self.me.supply) {
            return;
        }
        self.tell_others();
        self.story.push(Why::Even {
            shared,
            rows: u32::try_from(supplies.len()).unwrap_or(u32::MAX),
            even,
        });
        self.tell_floors(
            shared,
            supplies
                .iter()
                .map(|supply| (*supply, Units(even.whole)))
                .collect(),
        );
        self.claims = Some(Claims {
            of: supplies
                .iter()
                .filter_map(|supply| Some((even.numerator, *self.rows.get(supply)?)))
                .collect(),
            denominator: even.denominator,
        });
    }

    fn tell_floors(&mut self, shared: Units, parts: Vec<(SupplyId, Units)>) {
        let sum = parts
            .iter()
            .fold(0, |sum: i64, (_, part)| sum.saturating_add(part.0));
        let left = shared.0.saturating_sub(sum);
        if left > 0 {
            self.story.push(Why::FloorSum {
                parts,
                sum: Units(sum),
                left: Units(left),
            });
        }
    }

    fn hear_left_over(&mut self, left: Units, given: &[SupplyId], full: &[SupplyId]) {
        let Some(claims) = self.claims.take() else {
            return;
        };
        let me = self.me.supply;
        let Some(mine) = claims.of.iter().copied().find(|(_, row)| row.supply == me) else {
            return;
        };
        let Some(fraction) = Fraction::new(i128::from(mine.0), i128::from(claims.denominator))
        else {
            return;
        };
        let given_to_me = given.contains(&me);
        let rival = if given_to_me {
            // The best of those who got nothing.
            let mut rest: Vec<(i64, &Row)> = claims.of;
            rest.retain(|(_, row)| !given.contains(&row.supply));
            rest.into_iter().min_by(by_fraction)
        } else {
            // The last who still got one.
            let last = given.last();
            claims
                .of
                .into_iter()
                .find(|(_, row)| Some(&row.supply) == last)
        };
        let passed_over = if given_to_me {
            // Someone with a better claim was full, so the unit came to me.
            rival.is_some_and(|rival| by_fraction(&rival, &mine).is_lt())
        } else {
            full.contains(&me)
        };
        self.story.push(Why::LeftUnit {
            given_to_me,
            left,
            reason: match rival {
                _ if passed_over => Reason::MaxShare,
                Some(rival) => reason(mine, rival),
                None => Reason::Remainder,
            },
            mine: fraction,
        });
    }

    fn hear_turn(&mut self, step: &Step) {
        let Step::Turn {
            supply,
            position,
            of,
            before,
            left,
            bound,
            ..
        } = step
        else {
            return;
        };
        if *supply != self.me.supply {
            return;
        }
        self.tell_others();
        self.story.push(if self.rule == Rule::LeastServed {
            Why::Rotation {
                position: *position,
                of: *of,
                fulfilled: self.me.served.fulfilled_units,
                offered: self.me.served.offered_units,
            }
        } else {
            Why::Queue {
                position: *position,
                of: *of,
            }
        });
        self.story.push(Why::Turn {
            before_me: *before,
            left: *left,
            mine: self.me.capacity,
            bound: *bound,
        });
    }

    fn finish(mut self, units: Units, shortfall: Units) -> Vec<Why> {
        if shortfall.0 > 0 {
            self.story.push(Why::Short { units: shortfall });
        }
        self.story.push(Why::Result {
            units,
            total: Units(units.0.saturating_add(self.me.kept.0)),
        });
        self.story
    }
}

fn add(to: &mut (u32, i64), units: Units) {
    to.0 = to.0.saturating_add(1);
    to.1 = to.1.saturating_add(units.0);
}

/// Better claim to a unit left over first.
fn by_fraction(a: &(i64, &Row), b: &(i64, &Row)) -> Ordering {
    b.0.cmp(&a.0).then_with(|| by_claim(a.1, b.1))
}

/// The first thing in which two claims differ.
fn reason(a: (i64, &Row), b: (i64, &Row)) -> Reason {
    if a.0 != b.0 {
        Reason::Remainder
    } else if a.1.served.cmp_ratio(b.1.served).is_ne() {
        Reason::Served
    } else if a.1.offered_at != b.1.offered_at {
        Reason::Earlier
    } else {
        Reason::Id
    }
}
