//! Buyer and member price per grade and tier, filled in by a margin model where wanted, with what a price is made of.

use actix_web::http::StatusCode;
use askama::Template;
use domain::{
    ids::OfferId,
    money::{self, Rupiah},
    offers::PriceRow,
    pricing::{BuildUp, MarginModel, PricePair, UnitCosts},
    problem::Problem,
    quantity::Units,
};
use store::offers::{ManagedOffer, OfferError, Pricing, PutOut};

use super::{
    find,
    tiers::{TIERS, field, fill_in, grades, price_problem, stored, typed},
    words,
};
use crate::{
    ctx::{CoopReader, Ctx, Manager},
    flash::Flash,
    form::Form,
    handler::{Answer, FromVisit, Id},
    parts::{Choice, Crumb, Head},
    shell::Shell,
};

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
    /// What would leave the pool with the prices typed: the manager is asked first.
    put_out: Vec<PutOut>,
}

pub async fn page(ctx: Ctx, reader: CoopReader, Id(id): Id<OfferId>) -> Answer {
    let offer = find(&ctx, reader.organisation, id).await?;
    let form = stored(ctx.empty_form(), &offer);
    draw(&ctx, offer, form, StatusCode::OK).await
}

async fn draw(ctx: &Ctx, offer: ManagedOffer, form: Form, status: StatusCode) -> Answer {
    asking(ctx, offer, form, status, Vec::new()).await
}

/// The page with the question whether these goods may leave.
async fn asking(
    ctx: &Ctx,
    offer: ManagedOffer,
    form: Form,
    status: StatusCode,
    put_out: Vec<PutOut>,
) -> Answer {
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
        put_out,
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

/// A stated cost of one unit. More than this is a slip of the finger: no carton costs as much to pack or to carry.
const COST_MAX: Rupiah = Rupiah(10_000_000);

fn cost(raw: &str) -> Result<Rupiah, Problem> {
    match money::parse(raw)? {
        cost if cost > COST_MAX => {
            Err(Problem::new("offers-cost-max").with("most", COST_MAX.to_string()))
        }
        cost => Ok(cost),
    }
}

pub async fn submit(ctx: Ctx, manager: Manager, Id(id): Id<OfferId>) -> Answer {
    let offer = find(&ctx, manager.organisation, id).await?;
    let mut reader = ctx.reader();
    let model = reader.choice::<MarginModel>("margin_model");
    let packaging = reader.optional("packaging", cost);
    let transport = reader.optional("transport", cost);
    let fill = ctx.posted().first("next") == "fill";
    let mut typed = typed(&ctx, &mut reader, &offer);
    if let Some(model) = model {
        let costs = UnitCosts {
            packaging: packaging.flatten().unwrap_or_default(),
            transport: transport.flatten().unwrap_or_default(),
        };
        let packs = offer.terms.packs_per_unit;
        fill_in(&mut reader, model, costs, packs, &mut typed);
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
    let put_out = ctx
        .store()
        .put_out_by(&offer, &pricing.rows, ctx.now())
        .await?;
    if !put_out.is_empty() && ctx.posted().first("put_out") != named(&put_out) {
        // Nothing is stored before the manager has seen whose goods would leave.
        let form = Form::of(ctx.posted(), ctx.lang());
        return asking(&ctx, offer, form, StatusCode::OK, put_out).await;
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
    let flash = match (set.withdrawn, set.returned) {
        (0, 0) => Flash::done(ctx.t("offers-prices-saved")),
        (0, n) => Flash::done(text::t_with(
            ctx.lang(),
            "offers-prices-returned",
            &[("n", n.into())],
        )),
        (n, _) => Flash::note(text::t_with(
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

/// The goods that a question was about, as the form brings them back.
pub(super) fn named(put_out: &[PutOut]) -> String {
    let ids: Vec<String> = put_out
        .iter()
        .map(|goods| goods.product.to_string())
        .collect();
    ids.join(" ")
}

/// A grade with its rows on the page.
struct GradeRows {
    title: String,
    rows: Vec<usize>,
}

impl Page {
    /// `Dapur Bu Siti, Keripik singkong: meminta Rp11.500, sisa 68 bungkus`.
    fn leaves(&self, goods: &PutOut) -> String {
        let packs = text::units::count(self.shell.lang, goods.free.0, self.offer.terms.unit);
        let asks = goods.asks.map(|price| price.to_string());
        text::t_with(
            self.shell.lang,
            "offers-put-out-line",
            &[
                ("business", goods.business.as_str().into()),
                ("goods", goods.goods.as_str().into()),
                ("price", asks.unwrap_or_default().into()),
                ("packs", packs.into()),
            ],
        )
    }

    fn put_out_ids(&self) -> String {
        named(&self.put_out)
    }

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

    /// `Harga pembeli / bungkus, baris 2`, with the grade where there are several.
    fn aria(&self, column: String, grade: &GradeRows, row: &usize) -> String {
        let at = self.shell.t1("offers-price-row", "n", row % TIERS + 1);
        match self.offer.terms.grades.is_empty() {
            true => format!("{column}, {at}"),
            false => format!("{column}, {}, {at}", grade.title),
        }
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

/// Whether buyers who see the price also see what it is made of.
pub async fn show_build_up(ctx: Ctx, manager: Manager, Id(id): Id<OfferId>) -> Answer {
    let offer = find(&ctx, manager.organisation, id).await?;
    let mut reader = ctx.reader();
    let shown = match reader.raw("shown") {
        "yes" => Some(true),
        "no" => Some(false),
        _ => {
            reader.add("shown", Problem::new("form-choose"));
            None
        }
    };
    let shown = match reader.finish(|| shown) {
        Ok(shown) => shown,
        Err(form) => return draw(&ctx, offer, form, StatusCode::UNPROCESSABLE_ENTITY).await,
    };
    ctx.store()
        .show_build_up(&ctx.act(), manager.organisation, id, shown)
        .await?;
    let key = match shown {
        true => "offers-build-up-on",
        false => "offers-build-up-off",
    };
    ctx.flash(Flash::done(ctx.t(key))).await?;
    ctx.see(format!("/offers/{id}/prices"))
}
