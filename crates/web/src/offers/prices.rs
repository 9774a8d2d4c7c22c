//! Buyer and member price per grade and tier, filled in by a margin model where wanted, with what a price is made of.

use actix_web::http::StatusCode;
use askama::Template;
use domain::{
    ids::OfferId,
    money::{self, Rupiah},
    offers::{PriceProblem, PriceRow},
    pricing::{BuildUp, Known, MarginModel, MarginProblem, PricePair, UnitCosts},
    problem::Problem,
    products::Grade,
    quantity::{self, Units},
};
use store::offers::{ManagedOffer, OfferError, Pricing};

use super::{find, words};
use crate::{
    ctx::{CoopReader, Ctx, Manager},
    flash::Flash,
    form::{Form, Reader},
    handler::{Answer, FromVisit, Id},
    parts::{Choice, Crumb, Head},
    shell::Shell,
};

/// Tiers that one grade may have.
const TIERS: usize = 4;
const UNITS_MAX: i64 = 1_000_000;
/// Keeps price × packs × units far from what can't be counted.
const PRICE_MAX: i64 = 1_000_000_000;

#[derive(Template)]
#[template(path = "offers/prices.html")]
struct Page {
    shell: Shell,
    form: Form,
    offer: ManagedOffer,
    models: Vec<Choice>,
    /// The most that a pooled member asks.
    asked_most: Option<Rupiah>,
    fee_bp: i64,
    may_write: bool,
    is_stale: bool,
}

pub async fn page(ctx: Ctx, reader: CoopReader, Id(id): Id<OfferId>) -> Answer {
    let offer = find(&ctx, reader.organisation, id).await?;
    let form = stored(ctx.empty_form(), &offer);
    draw(&ctx, offer, form, StatusCode::OK).await
}

async fn draw(ctx: &Ctx, offer: ManagedOffer, form: Form, status: StatusCode) -> Answer {
    let shell = ctx.shell().await;
    let asked_most = ctx
        .store()
        .supply_candidates(&offer, ctx.now())
        .await?
        .iter()
        .filter(|candidate| candidate.supplied.is_some())
        .filter_map(|candidate| candidate.facts.asked_price)
        .max();
    let page = Page {
        models: MarginModel::ALL
            .iter()
            .map(|model| Choice::new(model, shell.t(model_key(*model))))
            .collect(),
        asked_most,
        fee_bp: ctx
            .store()
            .platform_fee_bp(offer.cooperative, ctx.now())
            .await?,
        may_write: Manager::from_visit(ctx).is_ok(),
        is_stale: status == StatusCode::CONFLICT,
        shell,
        form,
        offer,
    };
    ctx.html_as(status, &page)
}

fn model_key(model: MarginModel) -> &'static str {
    match model {
        MarginModel::Spread => "offers-margin-spread",
        MarginModel::PctOfBuyerPrice => "offers-margin-of-buyer",
        MarginModel::PctOnMemberPrice => "offers-margin-on-member",
        MarginModel::FixedPerUnit => "offers-margin-fixed",
    }
}

fn grades(offer: &ManagedOffer) -> Vec<Grade> {
    match offer.terms.grades.is_empty() {
        true => vec![Grade::UNGRADED],
        false => offer.terms.grades.clone(),
    }
}

/// `from-0`, `buyer-0`, `member-0` …: rows count through all grades.
fn field(what: &str, row: usize) -> String {
    format!("{what}-{row}")
}

fn stored(mut form: Form, offer: &ManagedOffer) -> Form {
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
struct Typed {
    row: usize,
    grade: Grade,
    from: Option<i64>,
    buyer: Option<Rupiah>,
    member: Option<Rupiah>,
}

fn typed(ctx: &Ctx, reader: &mut Reader<'_>, offer: &ManagedOffer) -> Vec<Typed> {
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
        MarginModel::PctOfBuyerPrice | MarginModel::PctOnMemberPrice => {
            let bad = || Problem::new("offers-margin-bad");
            let raw = raw.trim().trim_end_matches('%').trim().replace('.', ",");
            if raw.is_empty() {
                return Err(Problem::required());
            }
            let (whole, part) = raw.split_once(',').unwrap_or((&raw, ""));
            let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
            if whole.is_empty()
                || whole.len() > 5
                || part.len() > 2
                || !digits(whole)
                || !digits(part)
            {
                return Err(bad());
            }
            let hundredths = format!("{part:0<2}");
            let whole: i64 = whole.parse().map_err(|_| bad())?;
            let part: i64 = hundredths.parse().map_err(|_| bad())?;
            Ok(whole * 100 + part)
        }
    }
}

pub async fn submit(ctx: Ctx, manager: Manager, Id(id): Id<OfferId>) -> Answer {
    let offer = find(&ctx, manager.organisation, id).await?;
    let mut reader = ctx.reader();
    let model = reader.choice::<MarginModel>("margin_model");
    let packaging = reader.optional("packaging", money::parse);
    let transport = reader.optional("transport", money::parse);
    let fill = ctx.posted().first("next") == "fill";
    let mut typed = typed(&ctx, &mut reader, &offer);
    if let Some(model) = model {
        fill_in(&mut reader, model, &mut typed);
    }
    for row in &typed {
        for (what, price) in [("buyer", row.buyer), ("member", row.member)] {
            let name = field(what, row.row);
            if price.is_none() && ctx.posted().first(&name).is_empty() {
                reader.add(&name, Problem::required());
            }
        }
    }
    let pricing = reader.finish(|| {
        Some(Pricing {
            margin_model: model?,
            costs: UnitCosts {
                packaging: packaging?.unwrap_or_default(),
                transport: transport?.unwrap_or_default(),
            },
            rows: typed
                .iter()
                .map(|row| {
                    Some(PriceRow {
                        grade: row.grade.clone(),
                        min_units: Units(row.from?),
                        buyer_price: row.buyer?,
                        member_price: row.member?,
                    })
                })
                .collect::<Option<_>>()?,
        })
    });
    let pricing = match pricing {
        Ok(pricing) => pricing,
        Err(form) => return draw(&ctx, offer, form, StatusCode::UNPROCESSABLE_ENTITY).await,
    };
    if fill {
        // Nothing is stored: the page comes again with the figures filled in, for the manager to look at.
        let mut form = ctx
            .empty_form()
            .with("margin_model", pricing.margin_model)
            .with("margin_figure", ctx.posted().first("margin_figure"))
            .with("packaging", money::grouped(pricing.costs.packaging.0))
            .with("transport", money::grouped(pricing.costs.transport.0));
        for (row, price) in typed.iter().zip(&pricing.rows) {
            form = form
                .with(&field("from", row.row), price.min_units.0)
                .with(
                    &field("buyer", row.row),
                    money::grouped(price.buyer_price.0),
                )
                .with(
                    &field("member", row.row),
                    money::grouped(price.member_price.0),
                );
        }
        return draw(&ctx, offer, form, StatusCode::OK).await;
    }
    let version = ctx
        .posted()
        .only("version")
        .unwrap_or_default()
        .parse()
        .unwrap_or(0);
    let set = match ctx
        .store()
        .set_prices(&ctx.act(), manager.organisation, id, version, &pricing)
        .await
    {
        Ok(set) => set,
        Err(OfferError::Stale(_)) => {
            let offer = find(&ctx, manager.organisation, id).await?;
            let mut form = Form::of(ctx.posted(), ctx.lang());
            form.add("", Problem::new("offers-stale"));
            return draw(&ctx, offer, form, StatusCode::CONFLICT).await;
        }
        Err(OfferError::Prices(problems)) => {
            let mut form = Form::of(ctx.posted(), ctx.lang());
            for problem in problems {
                let (field, problem) = price_problem(&problem, &typed);
                form.add(&field, problem);
            }
            return draw(&ctx, offer, form, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
        Err(error) => return Err(error.into()),
    };
    let flash = match set.withdrawn {
        0 => Flash::done(ctx.t("offers-prices-saved")),
        n => Flash::note(text::t_with(
            ctx.lang(),
            "offers-prices-withdrawn",
            &[("n", n.into())],
        )),
    };
    ctx.flash(flash).await?;
    match ctx.posted().first("next") {
        "stay" => ctx.see(format!("/offers/{id}/prices")),
        _ => ctx.see(format!("/offers/{id}/state")),
    }
}

/// Fills in the one price of a row that was left empty.
fn fill_in(reader: &mut Reader<'_>, model: MarginModel, rows: &mut [Typed]) {
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
        match model.fill_in(figure, known) {
            Ok(PricePair { buyer, member }) => {
                row.buyer = Some(buyer);
                row.member = Some(member);
            }
            Err(problem) => reader.add("margin_figure", margin_problem(problem)),
        }
    }
}

/// Which field a problem of the table belongs to, and its words.
fn price_problem(problem: &PriceProblem, typed: &[Typed]) -> (String, Problem) {
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

/// A grade with its rows on the page.
struct GradeRows {
    title: String,
    rows: Vec<usize>,
}

impl Page {
    fn crumbs(&self) -> Vec<Crumb> {
        super::crumbs(&self.shell)
    }

    fn steps(&self) -> Vec<String> {
        super::step_names(&self.shell)
    }

    fn grades(&self) -> Vec<GradeRows> {
        grades(&self.offer)
            .iter()
            .enumerate()
            .map(|(at, grade)| GradeRows {
                title: match grade.is_ungraded() {
                    true => self.shell.t("offers-all-goods"),
                    false => self
                        .shell
                        .t1("offers-grade-title", "grade", grade.0.as_str()),
                },
                rows: (at * TIERS..(at + 1) * TIERS).collect(),
            })
            .collect()
    }

    fn heads(&self) -> Vec<Head> {
        vec![
            Head::number(self.shell.t1("offers-from", "unit", self.unit())),
            Head::number(self.shell.t1("offers-buyer-price", "unit", self.pack())),
            Head::number(self.shell.t1("offers-member-price", "unit", self.pack())),
        ]
    }

    fn name(&self, what: &str, row: &usize) -> String {
        field(what, *row)
    }

    fn value(&self, what: &str, row: &usize) -> String {
        self.form.value(&field(what, *row)).to_owned()
    }

    fn error(&self, what: &str, row: &usize) -> Option<String> {
        self.form.error(&field(what, *row))
    }

    fn aria(&self, column: String, grade: &GradeRows) -> String {
        format!("{column} {}", grade.title)
    }

    /// `dus`, or `bungkus` where packs are sold.
    fn unit(&self) -> String {
        words::order_unit(&self.shell, &self.offer.terms)
    }

    /// `bungkus`: what a price is per.
    fn pack(&self) -> String {
        text::units::unit(self.shell.lang, self.offer.terms.unit)
    }

    fn minimum(&self) -> String {
        words::units_of(&self.shell, self.offer.terms.minimum, &self.offer.terms)
    }

    fn build_heads(&self) -> Vec<Head> {
        [
            "offers-tier",
            "offers-part-members",
            "offers-part-packaging",
            "offers-part-transport",
            "offers-part-fee",
            "offers-part-margin",
            "offers-part-buyer",
        ]
        .iter()
        .enumerate()
        .map(|(at, key)| match at {
            0 => Head::text(self.shell.t(key)),
            _ => Head::number(self.shell.t(key)),
        })
        .collect()
    }

    /// Stored tiers with what each price is made of.
    fn build_ups(&self) -> Vec<(String, BuildUp)> {
        self.offer
            .prices
            .rows()
            .iter()
            .filter_map(|row| {
                let units = words::units_of(&self.shell, row.min_units, &self.offer.terms);
                let tier = self.shell.t1("offers-tier-from", "units", units);
                let tier = match row.grade.is_ungraded() {
                    true => tier,
                    false => format!(
                        "{} · {tier}",
                        self.shell
                            .t1("offers-grade-title", "grade", row.grade.0.as_str())
                    ),
                };
                let prices = PricePair {
                    buyer: row.buyer_price,
                    member: row.member_price,
                };
                BuildUp::of_pack(
                    prices,
                    self.offer.costs,
                    self.offer.terms.packs_per_unit,
                    self.fee_bp,
                )
                .ok()
                .map(|parts| (tier, parts))
            })
            .collect()
    }

    fn fee(&self) -> String {
        text::format::percent(self.fee_bp)
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
