//! Words for what an offer is made of: states, units, contents, rules, and why a product does not fit.

use domain::{
    allocation::{MixedCarton, Rule},
    money::grouped,
    offers::{DeliveryBasis, Misfit, OfferState, PriceVisibility},
    products::{Content, Grade},
    quantity::Units,
};
use store::offers::OfferTerms;

use crate::shell::Shell;

/// Colour, word and icon of a stored state.
pub(crate) fn state_badge(shell: &Shell, state: &str) -> (&'static str, String, &'static str) {
    let (kind, key, icon) = match state.parse() {
        Ok(OfferState::Draft) => ("", "offers-state-draft", "pencil"),
        Ok(OfferState::Live) => ("ok", "offers-state-live", "check"),
        Ok(OfferState::Paused) => ("wait", "offers-state-paused", "clock"),
        Ok(OfferState::Archived) | Err(_) => ("", "offers-state-archived", "archive"),
    };
    (kind, shell.t(key), icon)
}

/// `bungkus` · `packs`, for a unit as stored.
pub(crate) fn unit(shell: &Shell, unit: &str) -> String {
    match unit.parse() {
        Ok(unit) => text::units::unit(shell.lang, unit),
        Err(_) => unit.to_owned(),
    }
}

/// What a buyer orders: `10 dus`, or `10 bungkus` where single packs are sold.
pub(crate) fn order_units(shell: &Shell, n: Units, carton: Option<&str>, unit: &str) -> String {
    text::units::count_of(shell.lang, n.0, carton.unwrap_or(unit))
}

/// As [`order_units`], of an offer's terms.
pub(crate) fn units_of(shell: &Shell, n: Units, terms: &OfferTerms) -> String {
    order_units(shell, n, terms.carton_name.as_deref(), terms.unit.as_str())
}

/// The word of what a buyer orders: `dus`, `bungkus`.
pub(crate) fn order_unit(shell: &Shell, terms: &OfferTerms) -> String {
    unit(
        shell,
        terms.carton_name.as_deref().unwrap_or(terms.unit.as_str()),
    )
}

pub(crate) fn rule(shell: &Shell, rule: &str) -> String {
    match rule.parse() {
        Ok(rule) => shell.t(rule_keys(rule).0),
        Err(_) => rule.to_owned(),
    }
}

/// Name and explanation of a sharing rule.
pub(crate) fn rule_keys(rule: Rule) -> (&'static str, &'static str) {
    match rule {
        Rule::ProRata => ("offers-rule-pro-rata", "offers-rule-pro-rata-hint"),
        Rule::EqualShare => ("offers-rule-equal", "offers-rule-equal-hint"),
        Rule::LeastServed => ("offers-rule-least", "offers-rule-least-hint"),
        Rule::GradeFirst => ("offers-rule-grade", "offers-rule-grade-hint"),
        Rule::FirstCome => ("offers-rule-first", "offers-rule-first-hint"),
    }
}

pub(crate) fn delivery_keys(basis: DeliveryBasis) -> (&'static str, &'static str) {
    match basis {
        DeliveryBasis::Loco => ("offers-loco", "offers-loco-hint"),
        DeliveryBasis::Franco => ("offers-franco", "offers-franco-hint"),
        DeliveryBasis::Quoted => ("offers-quoted", "offers-quoted-hint"),
    }
}

pub(crate) fn visibility_key(visibility: PriceVisibility) -> &'static str {
    match visibility {
        PriceVisibility::Public => "offers-visible-public",
        PriceVisibility::Registered => "offers-visible-registered",
        PriceVisibility::Verified => "offers-visible-verified",
        PriceVisibility::Buyers => "offers-visible-buyers",
    }
}

pub(crate) fn grades(shell: &Shell, grades: &[Grade]) -> String {
    if grades.is_empty() {
        return shell.t("offers-ungraded");
    }
    grades
        .iter()
        .map(|grade| grade.0.as_str())
        .collect::<Vec<_>>()
        .join(", ")
}

fn content(shell: &Shell, content: Option<Content>) -> String {
    content.map_or_else(|| shell.t("offers-unknown"), |content| content.to_string())
}

/// The saved terms as label and value.
pub(crate) fn facts(shell: &Shell, terms: &OfferTerms) -> Vec<(String, String)> {
    let permits = terms
        .required_certificates
        .iter()
        .map(|kind| text::units::permit(shell.lang, *kind))
        .collect::<Vec<_>>()
        .join(", ");
    let carton = match &terms.carton_name {
        Some(name) => {
            let carton = unit(shell, name);
            let packs = grouped(terms.packs_per_unit);
            let of = text::units::unit(shell.lang, terms.unit);
            match terms.mixed_carton {
                MixedCarton::No => shell.t3(
                    "offers-carton-unmixed",
                    "carton",
                    carton,
                    "packs",
                    packs,
                    "unit",
                    of,
                ),
                MixedCarton::SameGrade => shell.t3(
                    "offers-carton-mixed",
                    "carton",
                    carton,
                    "packs",
                    packs,
                    "unit",
                    of,
                ),
            }
        }
        None => shell.t("offers-sold-by-pack"),
    };
    [
        ("offers-name", terms.title.clone()),
        ("offers-unit", text::units::unit(shell.lang, terms.unit)),
        (
            "offers-content",
            terms.content.map(|c| c.to_string()).unwrap_or_default(),
        ),
        ("offers-grades", grades(shell, &terms.grades)),
        ("offers-permits", permits),
        ("offers-sold-by", carton),
        ("offers-minimum", units_of(shell, terms.minimum, terms)),
        (
            "offers-multiple",
            if terms.multiple.0 > 1 {
                units_of(shell, terms.multiple, terms)
            } else {
                String::new()
            },
        ),
        (
            "offers-lead",
            shell.t1("offers-days", "n", i64::from(terms.lead_time_days)),
        ),
        ("offers-rule", shell.t(rule_keys(terms.rule).0)),
        (
            "offers-max-share",
            terms
                .max_share_bp
                .map(text::format::percent)
                .unwrap_or_default(),
        ),
        (
            "offers-delivery",
            shell.t(delivery_keys(terms.delivery_basis).0),
        ),
        (
            "offers-visible",
            shell.t(visibility_key(terms.price_visibility)),
        ),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(key, value)| (shell.t(key), value))
    .collect()
}

/// Why a product does not fit, in the words of the offer: what it has and what the offer wants.
pub(crate) fn misfit(shell: &Shell, misfit: &Misfit) -> String {
    let permit = |kind| text::units::permit(shell.lang, kind);
    let sale_unit = |unit: Option<domain::products::SaleUnit>| {
        unit.map_or_else(
            || shell.t("offers-unknown"),
            |unit| text::units::unit(shell.lang, unit),
        )
    };
    match misfit {
        Misfit::NotLive { .. } => shell.t("offers-misfit-not-live"),
        Misfit::Commodity { .. } => shell.t("offers-misfit-commodity"),
        Misfit::Unit { has, wants } => shell.t2(
            "offers-misfit-unit",
            "has",
            sale_unit(*has),
            "wants",
            sale_unit(Some(*wants)),
        ),
        Misfit::Content { has, wants } => shell.t2(
            "offers-misfit-content",
            "has",
            content(shell, *has),
            "wants",
            content(shell, Some(*wants)),
        ),
        Misfit::Grade { has, wants } => shell.t2(
            "offers-misfit-grade",
            "has",
            has.as_ref()
                .map_or_else(|| shell.t("offers-unknown"), |grade| grade.0.clone()),
            "wants",
            grades(shell, wants),
        ),
        Misfit::CertificateMissing { kind } => {
            shell.t1("offers-misfit-missing", "permit", permit(*kind))
        }
        Misfit::CertificateExpired { kind, last_day } => shell.t2(
            "offers-misfit-expired",
            "permit",
            permit(*kind),
            "day",
            shell.date(*last_day),
        ),
        Misfit::CertificateNotYet { kind, first_day } => shell.t2(
            "offers-misfit-not-yet",
            "permit",
            permit(*kind),
            "day",
            shell.date(*first_day),
        ),
        Misfit::NoPrice => shell.t("offers-misfit-no-price"),
        Misfit::Price { asks, most } => shell.t2(
            "offers-misfit-price",
            "asks",
            asks.to_string(),
            "most",
            most.to_string(),
        ),
    }
}
