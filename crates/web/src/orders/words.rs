//! Quantities, states and deadlines of orders in the reader's words, for the pages of carts, orders and shares.

use domain::{
    allocation::Rule,
    orders::{OrderState, PaymentTerm},
    regions,
    shares::ShareState,
    time::{Instant, Zone},
};
use store::catalogs::Issuer;
use text::{Lang, format, units};

/// How an order is paid; empty where nothing is agreed.
pub(crate) fn payment(lang: Lang, word: Option<&str>) -> String {
    match word.and_then(|word| word.parse().ok()) {
        None => String::new(),
        Some(PaymentTerm::OnDelivery) => text::t(lang, "orders-payment-cod"),
        Some(PaymentTerm::Within { days }) => {
            text::t_with(lang, "orders-payment-net", &[("n", days.into())])
        }
        Some(PaymentTerm::Upfront { percent }) => {
            text::t_with(lang, "orders-payment-upfront", &[("n", percent.into())])
        }
    }
}

/// What an offer counts: its sale unit, and the carton where it is sold by the carton.
#[derive(Clone, Debug)]
pub(crate) struct Measure {
    unit: String,
    carton: Option<String>,
    packs_per_unit: i64,
}

impl Measure {
    pub(crate) fn new(unit: &str, carton: Option<&str>, packs_per_unit: i64) -> Self {
        Self {
            unit: unit.to_owned(),
            carton: carton.map(str::to_owned),
            packs_per_unit: packs_per_unit.max(1),
        }
    }

    /// `25 dus`, or `25 bungkus` where single packs are sold.
    pub(crate) fn units(&self, lang: Lang, n: i64) -> String {
        match &self.carton {
            Some(carton) => units::count_of(lang, n, carton),
            None => self.packs(lang, n.saturating_mul(self.packs_per_unit)),
        }
    }

    /// `1.000 bungkus`.
    pub(crate) fn packs(&self, lang: Lang, n: i64) -> String {
        units::count_of(lang, n, &self.unit)
    }

    /// Packs as cartons where they fill whole ones: `10 dus`, else `390 bungkus`.
    pub(crate) fn part(&self, lang: Lang, packs: i64) -> String {
        if self.carton.is_some() && packs % self.packs_per_unit == 0 {
            self.units(lang, packs / self.packs_per_unit)
        } else {
            self.packs(lang, packs)
        }
    }

    /// `25 dus · 1.000 bungkus`, or `25 bungkus`.
    pub(crate) fn both(&self, lang: Lang, packs: i64) -> String {
        let part = self.part(lang, packs);
        let packs = self.packs(lang, packs);
        if part == packs {
            part
        } else {
            format!("{part} · {packs}")
        }
    }

    /// `bungkus`.
    pub(crate) fn one(&self, lang: Lang) -> String {
        match self.unit.parse() {
            Ok(unit) => units::unit(lang, unit),
            Err(_) => self.unit.clone(),
        }
    }

    pub(crate) fn is_by_carton(&self) -> bool {
        self.carton.is_some()
    }
}

/// Kind, string key and icon of a badge.
pub(crate) type Mark = (&'static str, &'static str, &'static str);

pub(crate) fn order_mark(state: OrderState) -> Mark {
    match state {
        OrderState::Draft => ("wait", "orders-state-draft", "undo"),
        OrderState::PendingApproval => ("wait", "orders-state-pending", "clock"),
        OrderState::Sent => ("info", "orders-state-sent", "mail"),
        OrderState::Confirmed => ("ok", "orders-state-confirmed", "check"),
        OrderState::Declined => ("bad", "orders-state-declined", "cross"),
        OrderState::Cancelled => ("", "orders-state-cancelled", "cross"),
        OrderState::Expired => ("", "orders-state-expired", "clock"),
    }
}

pub(crate) fn share_mark(state: ShareState) -> Mark {
    match state {
        ShareState::Proposed => ("wait", "shares-state-proposed", "clock"),
        ShareState::Accepted => ("ok", "shares-state-accepted", "check"),
        ShareState::Reduced => ("ok", "shares-state-reduced", "minus"),
        ShareState::Declined => ("bad", "shares-state-declined", "cross"),
        ShareState::Released => ("", "shares-state-released", "undo"),
    }
}

pub(crate) fn rule_key(rule: Rule) -> &'static str {
    match rule {
        Rule::ProRata => "shares-rule-pro-rata",
        Rule::EqualShare => "shares-rule-equal-share",
        Rule::LeastServed => "shares-rule-least-served",
        Rule::GradeFirst => "shares-rule-grade-first",
        Rule::FirstCome => "shares-rule-first-come",
    }
}

/// `7 Sep, 14.30 WIB`.
pub(crate) fn moment(lang: Lang, at: Instant, zone: Zone) -> String {
    format!(
        "{}, {}",
        format::date_short(lang, zone.day_of(at)),
        format::time(at, zone)
    )
}

/// Where goods are fetched: name, street and place of the cooperative, one below the other.
pub(crate) fn place_of(at: &Issuer) -> String {
    let filled = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
    let town = [
        filled(&at.village),
        Some(regions::short_name(&at.region_code)),
        filled(&at.postal_code),
    ];
    let town: Vec<String> = town.into_iter().flatten().collect();
    let lines = [
        Some(at.name.clone()),
        filled(&at.address),
        Some(town.join(", ")),
    ];
    let lines: Vec<String> = lines.into_iter().flatten().collect();
    lines.join("\n")
}
