//! One cooperative's part of the cart, in the reader's words: the cart and the last page before an order show the same.

use std::collections::HashMap;

use domain::{ids::OfferId, money::Rupiah, offers::FreightSum, regions};
use store::{
    carts::{Check, CheckLine},
    photos::Photo,
};
use text::{Lang, t, t_with};

use crate::{
    orders::words::Measure,
    parts::{Bar, Picture},
};

/// A wanted offer.
pub(crate) struct Line {
    pub offer: String,
    offer_id: OfferId,
    /// Name of its quantity's field.
    pub field: String,
    pub href: String,
    pub title: String,
    pub picture: Picture,
    pub units: i64,
    /// `25 dus · 1.000 bungkus`.
    pub quantity: String,
    /// `1.000 bungkus`, where cartons are counted.
    pub same: String,
    /// `Rp12.500 / bungkus`.
    pub price: String,
    /// What the price was when the buyer last saw it.
    pub price_before: String,
    pub goods: String,
    /// Least quantity and step.
    pub hint: String,
    /// The way to the least order or to the next better price, with what is said of it.
    pub way: Option<(Bar, String)>,
    /// Fewer are left than wanted: what is said of it.
    pub short: String,
    /// What can still be ordered of it; 0 for nothing.
    pub left: i64,
    pub left_words: String,
    pub misfit: bool,
}

/// A cooperative's part.
pub(crate) struct Card {
    pub cooperative: String,
    pub name: String,
    pub place: String,
    pub lines: Vec<Line>,
    /// Offers that can't be ordered any more: id and title.
    pub gone: Vec<(String, String)>,
    pub goods: String,
    pub ppn: String,
    pub freight: String,
    pub total: String,
    /// Number and address of the returned order that this cart changes.
    pub changes: Option<(String, String)>,
    /// Nothing stands in the way of an order.
    pub is_ready: bool,
}

impl Card {
    pub(crate) fn of(lang: Lang, check: &Check) -> Self {
        Self {
            cooperative: check.cooperative.to_string(),
            name: check.cooperative_name.clone(),
            place: regions::short_name(&check.cooperative_region),
            lines: check.lines.iter().map(|line| line_of(lang, line)).collect(),
            gone: check
                .gone
                .iter()
                .map(|(offer, title)| (offer.to_string(), title.clone()))
                .collect(),
            goods: check.goods.to_string(),
            ppn: ppn(lang, check.is_pkp, check.ppn),
            // Of nothing there is no freight to tell.
            freight: match check.lines.is_empty() {
                true => "–".to_owned(),
                false => freight(lang, check.freight, true),
            },
            total: check.total.to_string(),
            changes: check
                .changes
                .as_ref()
                .map(|(order, number)| (number.clone(), format!("/orders/{order}"))),
            is_ready: check.is_ready(),
        }
    }

    /// The offers of its lines.
    pub(crate) fn offers(&self) -> impl Iterator<Item = OfferId> {
        self.lines.iter().map(|line| line.offer_id)
    }

    /// Shows photos of offers that have one.
    pub(crate) fn put_photos(&mut self, photos: &HashMap<OfferId, Photo>) {
        for line in &mut self.lines {
            line.picture.put(photos.get(&line.offer_id));
        }
    }
}

/// PPN as an amount, or that none is charged.
pub(crate) fn ppn(lang: Lang, is_pkp: bool, ppn: Rupiah) -> String {
    if is_pkp || ppn.0 > 0 {
        ppn.to_string()
    } else {
        t(lang, "orders-ppn-none")
    }
}

/// Freight as an amount, or who bears or works it out, in the words of the buyer or of the cooperative.
pub(crate) fn freight(lang: Lang, freight: FreightSum, for_buyer: bool) -> String {
    let fetched = match for_buyer {
        true => "orders-freight-fetched",
        false => "orders-freight-fetched-by-buyer",
    };
    match freight {
        FreightSum::Pending => t(lang, "orders-freight-pending"),
        FreightSum::Fetched => t(lang, fetched),
        FreightSum::Free => t(lang, "orders-freight-free"),
        FreightSum::Amount(amount) => amount.to_string(),
        FreightSum::PartlyFetched(amount) => t_with(
            lang,
            "orders-freight-partly-fetched",
            &[("amount", amount.to_string().into())],
        ),
    }
}

fn line_of(lang: Lang, line: &CheckLine) -> Line {
    let measure = Measure::new(&line.unit, line.carton_name.as_deref(), line.packs_per_unit);
    let step = line.multiple_units.max(1);
    let least = line.minimum_units.max(1).div_euclid(step) * step;
    let least = if least < line.minimum_units {
        least + step
    } else {
        least
    };
    let hint = if step > 1 {
        t_with(
            lang,
            "cart-hint-step",
            &[
                ("least", measure.units(lang, least).into()),
                ("step", measure.units(lang, step).into()),
            ],
        )
    } else {
        t_with(
            lang,
            "cart-hint",
            &[("least", measure.units(lang, least).into())],
        )
    };
    let way = match line.next_tier {
        _ if line.units.0 < least => {
            let words = t_with(
                lang,
                "cart-way-least",
                &[
                    ("units", measure.units(lang, line.units.0).into()),
                    ("least", measure.units(lang, least).into()),
                ],
            );
            Some((line.units.0, least, words))
        }
        Some((from, price)) => {
            let words = t_with(
                lang,
                "cart-way-tier",
                &[
                    ("more", measure.units(lang, from.0 - line.units.0).into()),
                    ("price", format!("{price} / {}", measure.one(lang)).into()),
                ],
            );
            Some((line.units.0, from.0, words))
        }
        None => None,
    };
    // What is left in whole steps, if it makes an order.
    let left = line
        .left
        .map(|left| left.0 - left.0.rem_euclid(step))
        .filter(|left| *left >= least)
        .unwrap_or(0);
    let short = match line.left {
        None => String::new(),
        Some(left) if left.0 <= 0 => t(lang, "cart-sold-out"),
        Some(left) => t_with(
            lang,
            "cart-left",
            &[
                ("left", measure.units(lang, left.0).into()),
                ("wanted", measure.units(lang, line.units.0).into()),
            ],
        ),
    };
    Line {
        offer_id: line.offer,
        offer: line.offer.to_string(),
        field: super::quantities::field(line.offer),
        href: format!("/offers/{}", line.offer),
        title: line.title.clone(),
        picture: Picture::new(&line.picture, None),
        units: line.units.0,
        quantity: measure.both(lang, line.packs.0),
        same: if measure.is_by_carton() {
            format!("= {}", measure.packs(lang, line.packs.0))
        } else {
            String::new()
        },
        price: format!("{} / {}", line.price, measure.one(lang)),
        price_before: line
            .price_before
            .map(|before| before.to_string())
            .unwrap_or_default(),
        goods: line.goods.to_string(),
        hint,
        way: way.map(|(units, of, words)| {
            let rest = (of - units).max(0);
            (Bar::coming(words.clone(), units, rest), words)
        }),
        short,
        left,
        left_words: measure.units(lang, left),
        misfit: line.misfit,
    }
}
