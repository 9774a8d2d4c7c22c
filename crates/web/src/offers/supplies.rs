//! Members' goods in the pool: what fits and why not, what to take, what it makes together.

use actix_web::http::StatusCode;
use askama::Template;
use domain::{
    ids::{OfferId, ProductId},
    money::grouped,
    problem::Problem,
    quantity::{Packs, Units},
    time::Day,
};
use store::offers::{AvailableOn, Candidate, ManagedOffer, OfferError, SupplyChoice};

use super::{find, words};
use crate::{
    ctx::{CoopReader, Ctx, Manager},
    flash::Flash,
    form::Form,
    handler::{Answer, FromVisit, Id},
    parts::{Bar, Crumb, Head, Part},
    shell::Shell,
};

#[derive(Template)]
#[template(path = "offers/supplies.html")]
struct Page {
    shell: Shell,
    form: Form,
    offer: ManagedOffer,
    candidates: Vec<Candidate>,
    days: Vec<AvailableOn>,
    /// The day that is asked for beside them.
    day_form: Form,
    may_write: bool,
    /// Somebody else saved in the meantime: what is stored now stands beside the form.
    is_stale: bool,
}

pub async fn page(ctx: Ctx, reader: CoopReader, Id(id): Id<OfferId>) -> Answer {
    let offer = find(&ctx, reader.organisation, id).await?;
    draw(&ctx, offer, ctx.empty_form(), StatusCode::OK).await
}

async fn draw(ctx: &Ctx, offer: ManagedOffer, mut form: Form, status: StatusCode) -> Answer {
    let candidates = ctx.store().supply_candidates(&offer, ctx.now()).await?;
    if status == StatusCode::OK {
        for candidate in &candidates {
            if let Some(supplied) = candidate.supplied {
                form = form.with("product", candidate.product);
                if let Some(limit) = supplied.limit {
                    let units = limit.units(offer.terms.packs_per_unit);
                    form = form.with(&limit_field(candidate.product), units.0);
                }
            }
        }
    }
    let raw = ctx.query().first("on");
    let mut day_form = ctx.empty_form().with("on", raw);
    let asked = match raw {
        "" => None,
        raw => Day::from_iso(raw),
    };
    if asked.is_none() && !raw.is_empty() {
        day_form.add("on", Problem::new("form-day"));
    }
    let days = ctx.store().availability(&offer, ctx.now(), asked).await?;
    if asked.is_some_and(|asked| days.first().is_some_and(|first| asked < first.day)) {
        day_form.add("on", Problem::new("offers-day-early"));
    }
    let page = Page {
        days,
        day_form,
        shell: ctx.shell().await,
        form,
        may_write: Manager::from_visit(ctx).is_ok(),
        is_stale: status == StatusCode::CONFLICT,
        offer,
        candidates,
    };
    ctx.html_as(status, &page)
}

fn limit_field(product: ProductId) -> String {
    format!("limit-{product}")
}

/// Far above any stock.
const LIMIT_UNITS_MAX: i64 = 1_000_000_000;

pub async fn submit(ctx: Ctx, manager: Manager, Id(id): Id<OfferId>) -> Answer {
    let offer = find(&ctx, manager.organisation, id).await?;
    let mut reader = ctx.reader();
    let products = reader.ids::<ProductId>("product");
    let mut choices: Vec<SupplyChoice> = Vec::new();
    for product in products.unwrap_or_default() {
        let field = limit_field(product);
        if ctx.posted().all(&field).count() > 1 {
            reader.add(&field, Problem::new("form-twice"));
        }
        let limit = match ctx.posted().first(&field) {
            "" => None,
            raw => match domain::quantity::parse_whole(raw, 1, LIMIT_UNITS_MAX) {
                Ok(units) => Units(units).packs(offer.terms.packs_per_unit),
                Err(problem) => {
                    reader.add(&field, problem);
                    None
                }
            },
        };
        if !choices.iter().any(|choice| choice.product == product) {
            choices.push(SupplyChoice { product, limit });
        }
    }
    if let Err(form) = reader.finish(|| Some(())) {
        return draw(&ctx, offer, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let version = ctx
        .posted()
        .only("version")
        .unwrap_or_default()
        .parse()
        .unwrap_or(0);
    let outcome = ctx
        .store()
        .set_supplies(&ctx.act(), manager.organisation, id, version, &choices)
        .await;
    match outcome {
        Ok(_) => {}
        Err(OfferError::Stale(_)) => {
            let offer = find(&ctx, manager.organisation, id).await?;
            let mut form = Form::of(ctx.posted(), ctx.lang());
            form.add("", Problem::new("offers-stale-supplies"));
            return draw(&ctx, offer, form, StatusCode::CONFLICT).await;
        }
        Err(OfferError::Misfits(misfits)) => {
            let shell = ctx.shell().await;
            let mut form = Form::of(ctx.posted(), ctx.lang());
            for (product, reasons) in misfits {
                let why = reasons
                    .iter()
                    .map(|misfit| words::misfit(&shell, misfit))
                    .collect::<Vec<_>>()
                    .join(", ");
                form.add(
                    &format!("product-{product}"),
                    Problem::new("offers-does-not-fit").with("why", why),
                );
            }
            return draw(&ctx, offer, form, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
        Err(error) => return Err(error.into()),
    }
    let flash = match choices.is_empty() {
        true => Flash::problem(ctx.t("offers-supplies-none")),
        false => Flash::done(ctx.t("offers-supplies-saved")),
    };
    ctx.flash(flash).await?;
    match ctx.posted().first("next") {
        "prices" => ctx.see(format!("/offers/{id}/prices")),
        _ => ctx.see(format!("/offers/{id}/supplies")),
    }
}

impl Page {
    fn crumbs(&self) -> Vec<Crumb> {
        super::crumbs(&self.shell)
    }

    fn steps(&self) -> Vec<String> {
        super::step_names(&self.shell)
    }

    fn heads(&self) -> Vec<Head> {
        vec![
            Head::text(self.shell.t("offers-members-goods")),
            Head::text(self.shell.t("offers-fit")),
            Head::number(self.shell.t("offers-can")),
            Head::number(self.shell.t("offers-at-most")),
        ]
    }

    fn summary(&self) -> String {
        let of = |colour: &str| {
            let candidates = self.candidates.iter();
            candidates
                .filter(|candidate| self.badge(candidate).0 == colour)
                .count()
        };
        let (fits, look, not) = (of("ok"), of("wait"), of("bad"));
        match look {
            0 => self
                .shell
                .t2("offers-fit-summary", "fits", fits, "not", not),
            _ => self.shell.t3(
                "offers-fit-summary-look",
                "fits",
                fits,
                "look",
                look,
                "not",
                not,
            ),
        }
    }

    fn fits(&self, candidate: &Candidate) -> bool {
        candidate.misfits.is_empty() || candidate.supplied.is_some()
    }

    /// The pool as it is stored: each member's goods with their limit.
    fn stored(&self) -> Vec<String> {
        self.candidates
            .iter()
            .filter_map(|candidate| {
                let limit = candidate.supplied?.limit;
                let name = format!("{} · {}", candidate.supplier_name, candidate.facts.name);
                Some(match limit {
                    Some(packs) => {
                        let units = packs.units(self.offer.terms.packs_per_unit);
                        let most = words::units_of(&self.shell, units, &self.offer.terms);
                        format!(
                            "{name} · {}",
                            self.shell.t1("offers-limit-of", "most", most)
                        )
                    }
                    None => name,
                })
            })
            .collect()
    }

    fn is_chosen(&self, candidate: &Candidate) -> bool {
        self.form.has("product", &candidate.product.to_string())
    }

    /// Colour and word of the fit.
    fn badge(&self, candidate: &Candidate) -> (&'static str, String) {
        if !candidate.misfits.is_empty() {
            ("bad", self.shell.t("offers-fit-no"))
        } else if candidate.lapses.is_some() || self.units(candidate).0 == 0 {
            ("wait", self.shell.t("offers-fit-look"))
        } else {
            ("ok", self.shell.t("offers-fit-yes"))
        }
    }

    /// The reasons behind the badge, in plain words.
    fn why(&self, candidate: &Candidate) -> Vec<String> {
        let mut why: Vec<String> = candidate
            .misfits
            .iter()
            .map(|misfit| words::misfit(&self.shell, misfit))
            .collect();
        if let Some((kind, day)) = candidate.lapses {
            why.push(self.shell.t2(
                "offers-lapses",
                "permit",
                text::units::permit(self.shell.lang, kind),
                "day",
                self.shell.date(day),
            ));
        }
        if candidate.misfits.is_empty() && self.units(candidate).0 == 0 {
            why.push(match candidate.later.0 > 0 {
                true => self
                    .shell
                    .t1("offers-ready-later", "packs", self.packs(candidate.later)),
                false => self.shell.t2(
                    "offers-too-little",
                    "packs",
                    self.packs(candidate.free),
                    "unit",
                    words::units_of(&self.shell, Units(1), &self.offer.terms),
                ),
            });
        }
        if why.is_empty() {
            why.push(self.shell.t("offers-all-met"));
        }
        why
    }

    /// "Keripik · 250 g · mutu A · Rp10.500".
    fn goods(&self, candidate: &Candidate) -> String {
        let facts = &candidate.facts;
        let mut parts = vec![facts.name.clone()];
        parts.extend(facts.content.map(|content| content.to_string()));
        parts.extend(
            facts
                .grade
                .as_ref()
                .map(|grade| self.shell.t1("offers-grade-of", "grade", grade.0.as_str())),
        );
        parts.extend(facts.asked_price.map(|price| price.to_string()));
        parts.join(" · ")
    }

    fn units(&self, candidate: &Candidate) -> Units {
        candidate.free.units(self.offer.terms.packs_per_unit)
    }

    fn can(&self, candidate: &Candidate) -> String {
        words::units_of(&self.shell, self.units(candidate), &self.offer.terms)
    }

    fn packs(&self, packs: Packs) -> String {
        text::units::count(self.shell.lang, packs.0, self.offer.terms.unit)
    }

    fn limit_name(&self, candidate: &Candidate) -> String {
        limit_field(candidate.product)
    }

    fn limit(&self, candidate: &Candidate) -> String {
        self.form.value(&limit_field(candidate.product)).to_owned()
    }

    fn limit_label(&self, candidate: &Candidate) -> String {
        self.shell.t1(
            "offers-at-most-of",
            "name",
            candidate.supplier_name.as_str(),
        )
    }

    /// What is wrong with this line.
    fn error(&self, candidate: &Candidate) -> Option<String> {
        self.form
            .error(&limit_field(candidate.product))
            .or_else(|| self.form.error(&format!("product-{}", candidate.product)))
    }

    fn facts(&self) -> Vec<(String, String)> {
        let hidden = [
            self.shell.t("offers-rule"),
            self.shell.t("offers-visible"),
            self.shell.t("offers-delivery"),
        ];
        words::facts(&self.shell, &self.offer.terms)
            .into_iter()
            .filter(|(label, _)| !hidden.contains(label))
            .collect()
    }

    /// The figure of the pool on its first day.
    fn total(&self) -> String {
        let units = self.days.first().map_or(Units(0), |day| day.units);
        words::units_of(&self.shell, units, &self.offer.terms)
    }

    fn total_packs(&self) -> String {
        let (packs, suppliers) = self.days.first().map_or((0, 0), |day| {
            (
                day.suppliers.iter().map(|(_, packs)| packs.0).sum(),
                day.suppliers.len(),
            )
        });
        self.shell.t2(
            "offers-from-suppliers",
            "packs",
            self.packs(Packs(packs)),
            "n",
            suppliers,
        )
    }

    fn bar(&self) -> Bar {
        let parts = self
            .days
            .first()
            .map(|day| {
                day.suppliers
                    .iter()
                    .map(|(supplier, packs)| {
                        let name = self
                            .candidates
                            .iter()
                            .find(|candidate| candidate.supplier == *supplier)
                            .map(|candidate| candidate.supplier_name.clone())
                            .unwrap_or_default();
                        Part::new(name, packs.0, grouped(packs.0)).legend(self.packs(*packs))
                    })
                    .collect()
            })
            .unwrap_or_default();
        Bar::pooled(
            self.shell.t("offers-pool-bar"),
            parts,
            &self.shell.t("offers-others"),
            |sum| self.packs(Packs(sum)),
        )
    }

    fn day_heads(&self) -> Vec<Head> {
        vec![
            Head::text(self.shell.t("offers-deliver-on")),
            Head::number(self.shell.t("offers-available")),
        ]
    }

    fn on(&self, day: &AvailableOn) -> String {
        self.shell.date(day.day)
    }

    fn units_on(&self, day: &AvailableOn) -> String {
        words::units_of(&self.shell, day.units, &self.offer.terms)
    }

    /// Whether the pool covers the least a buyer may order, and the sentence about it.
    fn cover(&self) -> (&'static str, String) {
        let units = self.days.first().map_or(0, |day| day.units.0);
        let minimum = self.offer.terms.minimum;
        let words = words::units_of(&self.shell, minimum, &self.offer.terms);
        match units >= minimum.0 {
            true => ("ok", self.shell.t1("offers-covers", "minimum", words)),
            false => ("wait", self.shell.t1("offers-short", "minimum", words)),
        }
    }
}
