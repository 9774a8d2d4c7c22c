//! The rows of the price table as they are typed: read, filled in by a margin model, and told what is wrong with them.

use domain::{
    money::{self, Rupiah},
    offers::{PriceProblem, PriceRow},
    pricing::{Known, MarginModel, MarginProblem, PricePair, UnitCosts},
    problem::Problem,
    products::Grade,
    quantity,
};
use store::offers::ManagedOffer;

use crate::{
    ctx::Ctx,
    form::{Form, Reader},
};

/// Tiers that one grade may have.
pub(super) const TIERS: usize = 4;
const UNITS_MAX: i64 = 1_000_000;
/// Keeps price × packs × units far from what can't be counted.
const PRICE_MAX: i64 = 1_000_000_000;

pub(super) fn grades(offer: &ManagedOffer) -> Vec<Grade> {
    match offer.terms.grades.is_empty() {
        true => vec![Grade::UNGRADED],
        false => offer.terms.grades.clone(),
    }
}

/// `from-0`, `buyer-0`, `member-0` …: rows count through all grades.
pub(super) fn field(what: &str, row: usize) -> String {
    format!("{what}-{row}")
}

pub(super) fn stored(mut form: Form, offer: &ManagedOffer) -> Form {
    form = form
        .with("margin_model", offer.margin_model)
        .with("packaging", money::grouped(offer.costs.packaging.0))
        .with("transport", money::grouped(offer.costs.transport.0));
    for (at, grade) in grades(offer).iter().enumerate() {
        let tiers: Vec<&PriceRow> = offer
            .prices
            .rows()
            .iter()
            .filter(|row| row.grade == *grade)
            .collect();
        if tiers.is_empty() {
            form = form.with(&field("from", at * TIERS), offer.terms.minimum.0);
        }
        for (tier, row) in tiers.into_iter().enumerate() {
            let n = at * TIERS + tier;
            form = form
                .with(&field("from", n), row.min_units.0)
                .with(&field("buyer", n), money::grouped(row.buyer_price.0))
                .with(&field("member", n), money::grouped(row.member_price.0));
        }
    }
    form
}

/// A price that was typed: `None` for an empty field; a problem is noted.
fn price(ctx: &Ctx, reader: &mut Reader<'_>, name: &str) -> Option<Rupiah> {
    let raw = ctx.posted().first(name);
    if raw.is_empty() {
        return None;
    }
    let parsed = money::parse(raw).and_then(|price| match price.0 {
        0 => Err(Problem::new("offers-price-zero")),
        1..=PRICE_MAX => Ok(price),
        _ => Err(Problem::new("error-money-too-large").with("max", Rupiah(PRICE_MAX))),
    });
    match parsed {
        Ok(price) => Some(price),
        Err(problem) => {
            reader.add(name, problem);
            None
        }
    }
}

/// The rows that were typed, with the number of each on the page.
pub(super) struct Typed {
    pub row: usize,
    pub grade: Grade,
    pub from: Option<i64>,
    pub buyer: Option<Rupiah>,
    pub member: Option<Rupiah>,
}

pub(super) fn typed(ctx: &Ctx, reader: &mut Reader<'_>, offer: &ManagedOffer) -> Vec<Typed> {
    let mut rows = Vec::new();
    for (at, grade) in grades(offer).into_iter().enumerate() {
        for tier in 0..TIERS {
            let row = at * TIERS + tier;
            for what in ["from", "buyer", "member"] {
                let name = field(what, row);
                if ctx.posted().all(&name).count() > 1 {
                    reader.add(&name, Problem::new("form-twice"));
                }
            }
            let raw = |what| ctx.posted().first(&field(what, row));
            if raw("buyer").is_empty() && raw("member").is_empty() {
                continue;
            }
            let from = match quantity::parse_whole(raw("from"), 1, UNITS_MAX) {
                Ok(from) => Some(from),
                Err(problem) => {
                    reader.add(&field("from", row), problem);
                    None
                }
            };
            rows.push(Typed {
                row,
                grade: grade.clone(),
                from,
                buyer: price(ctx, reader, &field("buyer", row)),
                member: price(ctx, reader, &field("member", row)),
            });
        }
    }
    rows
}

fn margin_problem(problem: MarginProblem) -> Problem {
    match problem {
        MarginProblem::NeedsBoth => Problem::required(),
        MarginProblem::BadFigure { .. } => Problem::new("offers-margin-bad"),
        MarginProblem::NothingLeft => Problem::new("offers-margin-nothing-left"),
        MarginProblem::Overflow(_) => {
            Problem::new("error-money-too-large").with("max", Rupiah(PRICE_MAX))
        }
    }
}

/// The figure of the model: percent with up to two decimals for shares, rupiah for a fixed amount.
fn figure(model: MarginModel, raw: &str) -> Result<i64, Problem> {
    match model {
        MarginModel::Spread => Ok(0),
        MarginModel::FixedPerUnit => money::parse(raw).map(|rupiah| rupiah.0),
        MarginModel::PctOfBuyerPrice | MarginModel::PctOnMemberPrice => money::parse_percent(raw)
            .map_err(|problem| match problem.code {
                "error-percent" => Problem::new("offers-margin-bad"),
                _ => problem,
            }),
    }
}

/// Fills in the one price of a row that was left empty.
pub(super) fn fill_in(
    reader: &mut Reader<'_>,
    model: MarginModel,
    costs: UnitCosts,
    packs_per_unit: i64,
    rows: &mut [Typed],
) {
    let one_missing = |row: &Typed| row.buyer.is_some() != row.member.is_some();
    if model == MarginModel::Spread || !rows.iter().any(one_missing) {
        return;
    }
    let Some(figure) = reader.with("margin_figure", |raw| figure(model, raw)) else {
        return;
    };
    for row in rows.iter_mut() {
        let known = match (row.buyer, row.member) {
            (Some(buyer), None) => Known::Buyer(buyer),
            (None, Some(member)) => Known::Member(member),
            _ => continue,
        };
        match model.fill_in_with(figure, known, costs, packs_per_unit) {
            Ok(PricePair { buyer, member }) => {
                row.buyer = Some(buyer);
                row.member = Some(member);
            }
            Err(problem) => reader.add("margin_figure", margin_problem(problem)),
        }
    }
}

/// Which field a problem of the table belongs to, and its words.
pub(super) fn price_problem(problem: &PriceProblem, typed: &[Typed]) -> (String, Problem) {
    let at = |what: &str, row: usize| {
        typed
            .get(row)
            .map(|typed| field(what, typed.row))
            .unwrap_or_default()
    };
    match problem {
        PriceProblem::Empty => (field("buyer", 0), Problem::new("error-money-empty")),
        PriceProblem::GradeWithoutPrice { grade } => (
            String::new(),
            match grade.is_ungraded() {
                true => Problem::new("error-money-empty"),
                false => Problem::new("offers-grade-no-price").with("grade", grade),
            },
        ),
        PriceProblem::UnknownGrade { row, .. } => (at("from", *row), Problem::new("form-choose")),
        PriceProblem::NotPositive { row } => (at("buyer", *row), Problem::new("offers-price-zero")),
        PriceProblem::MemberAboveBuyer { row, buyer, .. } => (
            at("member", *row),
            Problem::new("offers-member-above").with("buyer", buyer),
        ),
        PriceProblem::FirstTier { row, minimum, .. } => (
            at("from", *row),
            Problem::new("offers-first-tier").with("minimum", money::grouped(minimum.0)),
        ),
        PriceProblem::SameTier { row, .. } => (at("from", *row), Problem::new("offers-same-tier")),
        PriceProblem::NotCheaper { row, before, .. } => (
            at("buyer", *row),
            Problem::new("offers-not-cheaper").with("before", before),
        ),
        PriceProblem::MemberPriceRises { row, before, .. } => (
            at("member", *row),
            Problem::new("offers-member-rises").with("before", before),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_margin_is_typed_in_percent_or_rupiah() {
        let of_buyer = |raw| figure(MarginModel::PctOfBuyerPrice, raw);
        for (raw, bp) in [
            ("16", 1_600),
            ("16%", 1_600),
            ("12,5", 1_250),
            ("7.25", 725),
        ] {
            assert_eq!(of_buyer(raw), Ok(bp), "{raw}");
        }
        for raw in ["", "-1", "1,234", "abc", "999999", ","] {
            assert!(of_buyer(raw).is_err(), "{raw}");
        }
        assert_eq!(figure(MarginModel::FixedPerUnit, "1.500"), Ok(1_500));
    }
}
