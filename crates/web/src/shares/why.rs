//! The story of a run in sentences: each [`Why`] of the allocation becomes a numbered step with its figures.

use domain::{
    allocation::{Bound, Reason, Why},
    ids::SupplyId,
    money::grouped,
    quantity::Units,
};
use text::{Arg, Lang, t, t_with};

/// Parts that a sum spells out; longer sums show only their result.
const PARTS_MAX: usize = 8;

/// A numbered step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Step {
    pub title: String,
    /// `40 ÷ 150 × 100 = 26⅔ dus`.
    pub formula: String,
    pub text: String,
}

pub(super) struct Teller<'a> {
    lang: Lang,
    /// A number of units with its word.
    count: &'a dyn Fn(i64) -> String,
    grades: &'a [String],
    /// The member behind a supply, as its part is named in a sum.
    name_of: &'a dyn Fn(SupplyId) -> String,
    who: String,
    whose: String,
    is_second_run: bool,
}

impl<'a> Teller<'a> {
    /// `name` for readers other than the member itself.
    pub(super) fn new(
        lang: Lang,
        count: &'a dyn Fn(i64) -> String,
        grades: &'a [String],
        name_of: &'a dyn Fn(SupplyId) -> String,
        name: Option<&str>,
        is_second_run: bool,
    ) -> Self {
        let (who, whose) = match name {
            Some(name) => (
                name.to_owned(),
                t_with(lang, "shares-whose", &[("name", name.into())]),
            ),
            None => (t(lang, "shares-you"), t(lang, "shares-your")),
        };
        Self {
            lang,
            count,
            grades,
            name_of,
            who,
            whose,
            is_second_run,
        }
    }

    pub(super) fn steps(&self, story: &[Why]) -> Vec<Step> {
        let mut steps: Vec<Step> = Vec::new();
        let mut open_sum = false;
        for why in story {
            let step = self.step(why);
            // Who gets the unit left over belongs to the step that found it.
            if let (Why::LeftUnit { .. }, true, Some(last)) = (why, open_sum, steps.last_mut()) {
                last.text = step.text;
            } else {
                steps.push(step);
            }
            open_sum = matches!(why, Why::FloorSum { .. });
        }
        steps
    }

    fn n(&self, units: Units) -> Arg {
        (self.count)(units.0).into()
    }

    fn say(&self, key: &str, args: &[(&'static str, Arg)]) -> String {
        let mut args = args.to_vec();
        args.push(("who", self.who.as_str().into()));
        args.push(("whose", self.whose.as_str().into()));
        t_with(self.lang, key, &args)
    }

    fn plain(&self, title: &str, text: &str, args: &[(&'static str, Arg)]) -> Step {
        Step {
            title: self.say(title, args),
            text: self.say(text, args),
            formula: String::new(),
        }
    }

    fn grade(&self, rank: u8) -> Arg {
        self.grades
            .get(usize::from(rank))
            .cloned()
            .unwrap_or_default()
            .into()
    }

    fn step(&self, why: &Why) -> Step {
        match why {
            Why::Capacity { mine, all, ordered } => self.plain(
                "shares-why-capacity",
                if self.is_second_run {
                    "shares-why-capacity-again-text"
                } else {
                    "shares-why-capacity-text"
                },
                &[
                    ("mine", self.n(*mine)),
                    ("all", self.n(*all)),
                    ("ordered", self.n(*ordered)),
                ],
            ),
            Why::Kept { units } => self.plain(
                "shares-why-kept",
                "shares-why-kept-text",
                &[("units", self.n(*units))],
            ),
            Why::MaxShare { limit } => self.plain(
                "shares-why-max-share",
                "shares-why-max-share-text",
                &[("limit", self.n(*limit))],
            ),
            Why::Dropped { got, minimum } => self.plain(
                "shares-why-dropped",
                "shares-why-dropped-text",
                &[("got", self.n(*got)), ("minimum", self.n(*minimum))],
            ),
            Why::OthersDropped { rows } => self.plain(
                "shares-why-others-dropped",
                "shares-why-others-dropped-text",
                &[("n", i64::from(*rows).into())],
            ),
            Why::ByOffer => self.plain("shares-why-by-offer", "shares-why-by-offer-text", &[]),
            Why::GradeLimit { limit } => self.plain(
                "shares-why-grade-limit",
                "shares-why-grade-limit-text",
                &[("limit", self.n(*limit))],
            ),
            Why::Grade {
                grade_rank,
                before,
                shared,
                limited,
            } => self.plain(
                "shares-why-grade",
                if *limited {
                    "shares-why-grade-limited-text"
                } else {
                    "shares-why-grade-text"
                },
                &[
                    ("grade", self.grade(*grade_rank)),
                    ("before", self.n(*before)),
                    ("shared", self.n(*shared)),
                ],
            ),
            Why::GradeNotReached { grade_rank } => self.plain(
                "shares-why-grade-not-reached",
                "shares-why-grade-not-reached-text",
                &[("grade", self.grade(*grade_rank))],
            ),
            Why::Cartons {
                packs_per_carton,
                packs,
                whole,
            } => self.plain(
                "shares-why-cartons",
                "shares-why-cartons-text",
                &[
                    ("content", self.n(Units(*packs_per_carton))),
                    ("packs", self.n(*packs)),
                    ("whole", self.n(*whole)),
                ],
            ),
            Why::Everything { mine } => self.plain(
                "shares-why-everything",
                "shares-why-everything-text",
                &[("mine", self.n(*mine))],
            ),
            Why::Capped { limit } => self.plain(
                "shares-why-capped",
                "shares-why-capped-text",
                &[("limit", self.n(*limit))],
            ),
            Why::OthersCapped { members, units } => self.plain(
                "shares-why-others-capped",
                "shares-why-others-capped-text",
                &[("n", i64::from(*members).into()), ("units", self.n(*units))],
            ),
            Why::Quota {
                mine,
                all,
                shared,
                quota,
            } => Step {
                formula: format!(
                    "{} ÷ {} × {} = {quota}",
                    grouped(mine.0),
                    grouped(all.0),
                    grouped(shared.0)
                ),
                ..self.floored("shares-why-quota", *quota)
            },
            Why::Even { shared, rows, even } => Step {
                formula: format!(
                    "{} ÷ {} = {even}",
                    grouped(shared.0),
                    grouped(i64::from(*rows))
                ),
                ..self.floored("shares-why-even", *even)
            },
            Why::AllOfMine { mine, even } => self.plain(
                "shares-why-all-of-mine",
                "shares-why-all-of-mine-text",
                &[("mine", self.n(*mine)), ("even", even.to_string().into())],
            ),
            Why::OthersAll { rows, units } => self.plain(
                "shares-why-others-all",
                "shares-why-others-all-text",
                &[("n", i64::from(*rows).into()), ("units", self.n(*units))],
            ),
            Why::FloorSum { parts, sum, left } => {
                let parts: Vec<String> = parts
                    .iter()
                    .map(|(supply, part)| {
                        format!("{} {}", (self.name_of)(*supply), grouped(part.0))
                    })
                    .collect();
                let spelled = if parts.len() > PARTS_MAX {
                    "Σ".to_owned()
                } else {
                    parts.join(" + ")
                };
                Step {
                    title: self.say("shares-why-left", &[("left", self.n(*left))]),
                    formula: format!("{spelled} = {}", (self.count)(sum.0)),
                    text: String::new(),
                }
            }
            Why::LeftUnit {
                given_to_me,
                left,
                reason,
                mine,
            } => self.plain(
                "shares-why-left",
                left_unit(*given_to_me, *reason),
                &[
                    ("left", self.n(*left)),
                    ("one", self.n(Units(1))),
                    ("mine", mine.fraction_text().into()),
                ],
            ),
            Why::Rotation {
                position,
                of,
                fulfilled,
                offered,
            } => self.plain(
                "shares-why-rotation",
                "shares-why-rotation-text",
                &[
                    ("position", i64::from(*position).into()),
                    ("of", i64::from(*of).into()),
                    ("fulfilled", grouped(*fulfilled).into()),
                    ("offered", grouped(*offered).into()),
                ],
            ),
            Why::Queue { position, of } => self.plain(
                "shares-why-queue",
                "shares-why-queue-text",
                &[
                    ("position", i64::from(*position).into()),
                    ("of", i64::from(*of).into()),
                ],
            ),
            Why::Turn {
                before_me,
                left,
                mine,
                bound,
            } => self.plain(
                "shares-why-turn",
                match bound {
                    None => "shares-why-turn-text",
                    Some(Bound::Order) => "shares-why-turn-order-text",
                    Some(Bound::MaxShare) => "shares-why-turn-max-text",
                    Some(Bound::Grade) => "shares-why-turn-grade-text",
                },
                &[
                    ("before", self.n(*before_me)),
                    ("left", self.n(*left)),
                    ("mine", self.n(*mine)),
                ],
            ),
            Why::Offered { left, got } => self.plain(
                "shares-why-offered",
                "shares-why-offered-text",
                &[("left", self.n(*left)), ("got", self.n(*got))],
            ),
            Why::Short { units } => self.plain(
                "shares-why-short",
                "shares-why-short-text",
                &[("units", self.n(*units))],
            ),
            Why::Result { units, total } => self.plain(
                "shares-why-result",
                if units == total {
                    "shares-why-result-text"
                } else {
                    "shares-why-result-total-text"
                },
                &[("units", self.n(*units)), ("total", self.n(*total))],
            ),
        }
    }

    /// A part that is rounded down first, unless it is whole.
    fn floored(&self, key: &'static str, part: domain::allocation::Fraction) -> Step {
        let args = [("floor", self.n(Units(part.whole)))];
        let (title, text) = match (key, part.is_whole()) {
            ("shares-why-even", true) => ("shares-why-even-whole", "shares-why-whole-text"),
            ("shares-why-even", false) => ("shares-why-even", "shares-why-floor-text"),
            (_, true) => ("shares-why-quota-whole", "shares-why-whole-text"),
            (_, false) => ("shares-why-quota", "shares-why-floor-text"),
        };
        self.plain(title, text, &args)
    }
}

/// Who got the units left over, and why.
fn left_unit(given_to_me: bool, reason: Reason) -> &'static str {
    match (given_to_me, reason) {
        (true, Reason::Remainder) => "shares-why-left-mine-remainder",
        (true, Reason::Served) => "shares-why-left-mine-served",
        (true, Reason::Earlier) => "shares-why-left-mine-earlier",
        (true, Reason::Id) => "shares-why-left-mine-id",
        (true, Reason::MaxShare) => "shares-why-left-mine-max",
        (false, Reason::Remainder) => "shares-why-left-other-remainder",
        (false, Reason::Served) => "shares-why-left-other-served",
        (false, Reason::Earlier) => "shares-why-left-other-earlier",
        (false, Reason::Id) => "shares-why-left-other-id",
        (false, Reason::MaxShare) => "shares-why-left-other-max",
    }
}
