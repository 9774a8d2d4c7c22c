//! One line of an order's page: goods, price, and the businesses that give them.

use domain::{money::grouped, orders::OrderState, regions, time::Zone};
use store::orders::{LineShareView, LineView, OrderView};
use text::{Lang, t, t_with};

use super::words::{Mark, Measure, moment, rule_key, share_mark};
use crate::parts::{Bar, Part, Picture};

pub(super) struct Line {
    pub title: String,
    pub picture: Picture,
    pub href: String,
    pub quantity: String,
    /// What was ordered first, where the buyer agreed to less.
    pub quantity_before: String,
    /// Of each grade: "A: Rp12.500 / bungkus".
    pub prices: Vec<String>,
    pub goods: String,
    pub rule_key: &'static str,
    /// Whether the rule ran once more.
    pub ran_again: bool,
    pub bar: Bar,
    /// "Dari 3 usaha"; empty where nobody gives.
    pub from: String,
    pub members: Vec<Member>,
    /// For the cooperative: member price and margin.
    pub inside: Vec<(String, String)>,
    pub anchor: String,
}

/// A member's part, for the cooperative.
pub(super) struct Member {
    pub href: String,
    pub name: String,
    pub detail: String,
    pub proposed: String,
    pub given: String,
    pub mark: Mark,
    /// When and by whom, and the reason.
    pub answer: String,
    pub is_off: bool,
}

impl Line {
    pub(super) fn of(
        lang: Lang,
        line: &LineView,
        order: &OrderView,
        is_cooperative: bool,
        zone: Zone,
    ) -> Self {
        let measure = Measure::new(&line.unit, line.carton_name.as_deref(), line.packs_per_unit);
        let counts: Vec<&LineShareView> = line
            .shares
            .iter()
            .filter(|share| share.state.holds_stock())
            .collect();
        // One part for each business, in the order of the list.
        let mut parts: Vec<(String, i64)> = Vec::new();
        for share in &counts {
            match parts.iter_mut().find(|part| part.0 == share.supplier_name) {
                Some(part) => part.1 = part.1.saturating_add(share.packs),
                None => parts.push((share.supplier_name.clone(), share.packs)),
            }
        }
        let covered: i64 = parts.iter().map(|part| part.1).sum();
        let missing = (line.packs - covered).max(0);
        let businesses = i64::try_from(parts.len()).unwrap_or(i64::MAX);
        let drawn = parts
            .into_iter()
            .map(|(name, packs)| {
                Part::new(name, packs, grouped_part(&measure, lang, packs))
                    .legend(measure.part(lang, packs))
            })
            .collect();
        let label = t_with(
            lang,
            "orders-bar",
            &[
                ("covered", measure.part(lang, covered).into()),
                ("ordered", measure.part(lang, line.packs).into()),
            ],
        );
        let is_over = matches!(
            order.state,
            OrderState::Declined | OrderState::Cancelled | OrderState::Expired
        );
        let rest = Part::new(
            t(lang, "orders-bar-missing"),
            if is_over { 0 } else { missing },
            measure.part(lang, missing),
        );
        let is_graded = line.prices.iter().any(|price| !price.grade.is_empty());
        let with_grade = |grade: &str, words: String| {
            if is_graded {
                t_with(
                    lang,
                    "orders-grade-price",
                    &[("grade", grade.into()), ("price", words.into())],
                )
            } else {
                words
            }
        };
        let mut inside = Vec::new();
        if is_cooperative {
            for price in &line.prices {
                if let Some(member) = price.member_price {
                    let words = format!("{member} / {}", measure.one(lang));
                    inside.push((
                        t(lang, "orders-member-price"),
                        with_grade(&price.grade, words),
                    ));
                }
            }
            if let Some(margin) = line.margin {
                inside.push((t(lang, "orders-margin"), margin.to_string()));
            }
        }
        Self {
            title: line.title.clone(),
            picture: Picture::new(&line.picture, None),
            href: format!("/offers/{}", line.offer),
            quantity: measure.both(lang, line.packs),
            quantity_before: if line.units == line.ordered_units {
                String::new()
            } else {
                measure.units(lang, line.ordered_units)
            },
            prices: line
                .prices
                .iter()
                .map(|price| {
                    let words = format!("{} / {}", price.buyer_price, measure.one(lang));
                    with_grade(&price.grade, words)
                })
                .collect(),
            goods: line.goods.to_string(),
            rule_key: rule_key(line.rule),
            ran_again: line.runs > 1,
            bar: Bar::progress(label, drawn, rest),
            from: if businesses > 0 {
                t_with(lang, "orders-from", &[("n", businesses.into())])
            } else {
                String::new()
            },
            members: if is_cooperative {
                line.shares
                    .iter()
                    .map(|share| member(lang, share, &measure, zone))
                    .collect()
            } else {
                Vec::new()
            },
            inside,
            anchor: format!("line-{}", line.id),
        }
    }
}

/// The figure inside the bar: without its unit, so that it fits.
fn grouped_part(measure: &Measure, lang: Lang, packs: i64) -> String {
    let words = measure.part(lang, packs);
    words
        .split(' ')
        .next()
        .map_or_else(|| grouped(packs), str::to_owned)
}

fn member(lang: Lang, share: &LineShareView, measure: &Measure, zone: Zone) -> Member {
    let mut detail = vec![regions::short_name(&share.supplier_region)];
    if !share.grade.is_empty() {
        detail.push(t_with(
            lang,
            "orders-grade",
            &[("grade", share.grade.as_str().into())],
        ));
    }
    if share.run > 1 {
        detail.push(t(lang, "orders-second-run"));
    }
    let mut answer = Vec::new();
    if let Some(at) = share.answered_at {
        answer.push(moment(lang, at, zone));
    }
    if share.by_silence {
        answer.push(t(lang, "shares-by-silence"));
    }
    if share.on_behalf {
        answer.push(t(lang, "shares-on-behalf"));
    }
    answer.extend(share.reason.clone());
    Member {
        href: format!("/shares/{}", share.id),
        name: share.supplier_name.clone(),
        detail: detail.join(" · "),
        proposed: measure.part(lang, share.proposed_packs),
        given: if share.state.is_given() {
            measure.part(lang, share.packs)
        } else {
            String::new()
        },
        mark: share_mark(share.state),
        answer: answer.join(" · "),
        is_off: !share.state.holds_stock(),
    }
}
