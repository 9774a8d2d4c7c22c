//! What an offer costs, as its page tells it: the ladder of each grade, what a price is made of, the sum of a quantity.

use domain::{
    money::Rupiah,
    products::Grade,
    quantity::{Packs, Units},
};
use store::offers::{OfferPage, Tier};

use super::cards;
use crate::{parts::Head, shell::Shell};

/// A line of the price ladder.
pub(super) struct Step {
    pub range: String,
    pub per_pack: String,
    /// Empty where single packs are sold.
    pub per_carton: String,
    pub is_mine: bool,
}

/// The ladder of one grade; nameless where goods are pooled without grades.
pub(super) struct Ladder {
    pub grade: String,
    pub steps: Vec<Step>,
}

/// What the chosen quantity comes to.
pub(super) struct Sums {
    pub line: String,
    pub goods: String,
    pub ppn: Option<String>,
    pub total: String,
}

/// The price per sale unit of the best grade at a quantity.
pub(super) fn best_price(offer: &OfferPage, units: Units) -> Option<Rupiah> {
    let tiers = offer.tiers.as_deref()?;
    let grade = tiers.first().map(|tier| tier.grade.as_str())?;
    in_force(tiers, grade, units).map(|tier| tier.price)
}

fn in_force<'a>(tiers: &'a [Tier], grade: &str, units: Units) -> Option<&'a Tier> {
    tiers
        .iter()
        .filter(|tier| tier.grade == grade && tier.minimum <= units)
        .max_by_key(|tier| tier.minimum)
}

pub(super) fn heads(shell: &Shell, offer: &OfferPage) -> Vec<Head> {
    let mut heads = vec![
        Head::text(shell.t("market-ladder-quantity")),
        Head::number(shell.t1("market-ladder-per", "unit", cards::word(shell, &offer.unit))),
    ];
    if let Some(carton) = &offer.carton_name {
        heads.push(Head::number(shell.t1(
            "market-ladder-per",
            "unit",
            cards::word(shell, carton),
        )));
    }
    heads
}

pub(super) fn ladders(
    shell: &Shell,
    offer: &OfferPage,
    tiers: &[Tier],
    units: Units,
    sold_in: &str,
) -> Vec<Ladder> {
    let mut ladders: Vec<Ladder> = Vec::new();
    let mine = |tier: &Tier| {
        in_force(tiers, &tier.grade, units).is_some_and(|same| same.minimum == tier.minimum)
    };
    for (at, tier) in tiers.iter().enumerate() {
        let next = tiers
            .get(at + 1)
            .filter(|next| next.grade == tier.grade)
            .map(|next| next.minimum.0 - 1);
        let range = match next {
            Some(last) if last > tier.minimum.0 => format!(
                "{}–{}",
                domain::money::grouped(tier.minimum.0),
                cards::quantity(shell, last, sold_in)
            ),
            Some(_) => cards::quantity(shell, tier.minimum.0, sold_in),
            None => shell.t1(
                "market-ladder-from",
                "from",
                cards::quantity(shell, tier.minimum.0, sold_in),
            ),
        };
        let per_carton = match &offer.carton_name {
            Some(_) => tier
                .price
                .times(Packs(offer.packs_per_unit))
                .map_or_else(|_| String::new(), |price| price.to_string()),
            None => String::new(),
        };
        let step = Step {
            range,
            per_pack: tier.price.to_string(),
            per_carton,
            is_mine: mine(tier),
        };
        match ladders.last_mut() {
            Some(ladder) if ladder.grade == tier.grade => ladder.steps.push(step),
            _ => ladders.push(Ladder {
                grade: tier.grade.clone(),
                steps: vec![step],
            }),
        }
    }
    ladders
}

/// Goods, PPN and their sum at the chosen quantity. Of several grades nobody knows the mixture before the order.
pub(super) fn sums(shell: &Shell, offer: &OfferPage, units: Units, sold_in: &str) -> Option<Sums> {
    let tiers = offer.tiers.as_deref()?;
    let grade = Grade(tiers.first()?.grade.clone());
    if tiers.iter().any(|tier| tier.grade != grade.0) {
        return None;
    }
    let price = in_force(tiers, &grade.0, units)?.price;
    let per_unit = price.times(Packs(offer.packs_per_unit)).ok()?;
    let goods = per_unit.times(Packs(units.0)).ok()?;
    let ppn = match offer.ppn {
        Some(rate) => Some(rate.on(goods).ok()?),
        None => None,
    };
    let total = goods.checked_add(ppn.unwrap_or(Rupiah::ZERO)).ok()?;
    Some(Sums {
        line: format!("{} × {per_unit}", cards::quantity(shell, units.0, sold_in)),
        goods: goods.to_string(),
        ppn: ppn.map(|ppn| ppn.to_string()),
        total: total.to_string(),
    })
}

pub(super) fn build_heads(shell: &Shell) -> Vec<Head> {
    let mut heads = vec![Head::text(shell.t("market-ladder-quantity"))];
    for key in [
        "market-part-members",
        "market-part-costs",
        "market-part-cooperative",
        "market-part-price",
    ] {
        heads.push(Head::number(shell.t(key)));
    }
    heads
}

/// Each tier with what goes to the members, to packaging and transport, and to the cooperative, and the sum.
pub(super) fn build_ups(
    shell: &Shell,
    offer: &OfferPage,
    sold_in: &str,
) -> Vec<(String, Vec<String>)> {
    let (Some(tiers), Some(parts)) = (&offer.tiers, &offer.build_ups) else {
        return Vec::new();
    };
    tiers
        .iter()
        .zip(parts)
        .filter_map(|(tier, parts)| {
            let from = shell.t1(
                "market-ladder-from",
                "from",
                cards::quantity(shell, tier.minimum.0, sold_in),
            );
            let tier = match tier.grade.is_empty() {
                true => from,
                false => format!(
                    "{} · {from}",
                    shell.t1("market-grade", "grade", tier.grade.as_str())
                ),
            };
            let costs = parts.packaging.checked_add(parts.transport).ok()?;
            // The platform's fee is borne by the cooperative, out of its part.
            let cooperative = parts.margin.checked_add(parts.platform_fee).ok()?;
            let figures = [parts.members, costs, cooperative, parts.buyer];
            Some((tier, figures.map(|part| part.to_string()).to_vec()))
        })
        .collect()
}
