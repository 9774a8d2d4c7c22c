//! Who stands behind an offer, as its page tells it: the pool as a bar, the businesses with what they can give, their
//! permits.

use domain::quantity::Packs;
use store::offers::OfferPage;

use super::cards;
use crate::{
    parts::{Bar, Head, Part},
    shell::Shell,
};

pub(super) struct Business {
    pub name: String,
    pub place: String,
    pub quantity: Option<String>,
    pub colour: usize,
}

pub(super) struct Permit {
    pub name: String,
    pub holders: Vec<Holder>,
    pub by_all: bool,
}

pub(super) struct Holder {
    pub business: String,
    pub number: String,
    pub until: Option<String>,
}

/// A business's part as it is sold: whole cartons, or packs where cartons are mixed.
fn whole(offer: &OfferPage, packs: Packs) -> i64 {
    if offer.mixes_cartons {
        packs.0
    } else {
        packs.units(offer.packs_per_unit.max(1)).0
    }
}

/// [`whole`] in words.
fn part(shell: &Shell, offer: &OfferPage, whole: i64, sold_in: &str) -> String {
    let unit = if offer.mixes_cartons {
        &offer.unit
    } else {
        sold_in
    };
    cards::quantity(shell, whole, unit)
}

/// The pool as one bar; without figures where the visitor sees none, and none at all where nothing is ready.
pub(super) fn bar(shell: &Shell, offer: &OfferPage, sold_in: &str) -> Option<Bar> {
    if offer.available.is_none() {
        return None;
    }
    let parts: Vec<Part> = offer
        .businesses
        .iter()
        .map(|business| match business.packs {
            Some(packs) => {
                let whole = whole(offer, packs);
                Part::new(&business.name, whole, part(shell, offer, whole, sold_in))
            }
            None => Part::new(&business.name, 1, ""),
        })
        .collect();
    let has_figures = parts.iter().any(|part| !part.figure.is_empty());
    let label = shell.t1("market-pooled", "n", offer.businesses.len());
    let others = shell.t("market-others");
    Some(Bar::pooled(label, parts, &others, |sum| {
        if has_figures {
            part(shell, offer, sum, sold_in)
        } else {
            String::new()
        }
    }))
}

pub(super) fn business_heads(shell: &Shell, offer: &OfferPage) -> Vec<Head> {
    let mut heads = vec![
        Head::text(shell.t("market-business")),
        Head::text(shell.t("market-origin")),
    ];
    if offer
        .businesses
        .iter()
        .any(|business| business.packs.is_some())
    {
        heads.push(Head::number(shell.t("market-capacity")));
    }
    heads
}

pub(super) fn businesses(shell: &Shell, offer: &OfferPage, sold_in: &str) -> Vec<Business> {
    let alone = offer.businesses.len() <= 5;
    offer
        .businesses
        .iter()
        .zip(1..)
        .map(|(business, at)| Business {
            name: business.name.clone(),
            place: business.place.clone(),
            quantity: business
                .packs
                .map(|packs| part(shell, offer, whole(offer, packs), sold_in)),
            colour: if alone || at < 5 { at } else { 5 },
        })
        .collect()
}

/// What everything in the pool has in common, and nothing that the offer does not ask for.
pub(super) fn in_common(shell: &Shell, offer: &OfferPage) -> String {
    let mut common = Vec::new();
    if !offer.grades.is_empty() {
        common.push(shell.t1("market-pooled-grade", "grades", offer.grades.join(", ")));
    }
    if let Some(content) = offer.content {
        common.push(shell.t2(
            "market-pooled-content",
            "content",
            content.to_string(),
            "unit",
            cards::word(shell, &offer.unit),
        ));
    }
    for permit in offer.permits.iter().filter(|permit| permit.by_all) {
        common.push(cards::permit(shell, &permit.kind));
    }
    match common.is_empty() {
        true => shell.t("market-pooled-alike"),
        false => shell.t1("market-pooled-lead", "terms", common.join(", ")),
    }
}

pub(super) fn permits(shell: &Shell, offer: &OfferPage) -> Vec<Permit> {
    offer
        .permits
        .iter()
        .map(|permit| Permit {
            name: cards::permit(shell, &permit.kind),
            by_all: permit.by_all,
            holders: permit
                .holders
                .iter()
                .map(|holder| Holder {
                    business: holder.business.clone(),
                    number: holder.number.clone(),
                    until: holder.valid_until.map(|day| shell.date(day)),
                })
                .collect(),
        })
        .collect()
}
