//! One product: what it is, what is missing, its lots and what moved, and the offers that pool it.

use askama::Template;
use domain::{
    ids::ProductId,
    money::grouped,
    problem::Problem,
    products::{Gap, ProductState},
    time::{Day, Zone},
};
use store::products::{CertificateView, LotView, MovementView, OfferUse, ProductView};
use text::units;

use super::new::{today, zone};
use crate::{
    ctx::{Ctx, Seller},
    form::Form,
    handler::{Answer, Id},
    parts::Head,
    shell::Shell,
};

#[derive(Template)]
#[template(path = "products/show.html")]
struct Page {
    shell: Shell,
    product: ProductView,
    lots: Vec<LotView>,
    movements: Vec<MovementView>,
    offers: Vec<OfferUse>,
    certificates: Vec<CertificateView>,
    lot_heads: Vec<Head>,
    movement_heads: Vec<Head>,
    form: Form,
    today: Day,
    zone: Zone,
}

impl Page {
    /// The product's page, or one below it.
    fn to(&self, below: &str) -> String {
        format!("/products/{}{below}", self.product.id)
    }

    fn badge(&self) -> (String, &'static str, &'static str) {
        let (key, kind, icon) = super::shelf_badge(self.product.shelf);
        (self.shell.t(key), kind, icon)
    }

    fn is(&self, state: &str) -> bool {
        self.product.state.as_str() == state
    }

    fn is_archived(&self) -> bool {
        self.product.state == ProductState::Archived
    }

    fn count(&self, n: i64) -> String {
        match self.product.facts.unit {
            Some(unit) => units::count(self.shell.lang, n, unit),
            None => grouped(n),
        }
    }

    fn free(&self) -> String {
        self.count(self.product.free().0)
    }

    /// What is missing, each with the page on which it is filled in.
    fn gaps(&self) -> Vec<(String, String)> {
        let id = self.product.id;
        let href = |gap: Gap| match gap {
            Gap::Stock => format!("/products/{id}/lots"),
            _ => format!("/products/{id}/edit#{}", super::gap_field(gap)),
        };
        self.product
            .gaps
            .iter()
            .map(|gap| (href(*gap), self.shell.t(super::gap_key(*gap))))
            .collect()
    }

    /// A sold-out product misses only stock, and says so by its badge.
    fn shows_gaps(&self) -> bool {
        !self.product.gaps.is_empty() && !self.is_archived()
    }

    fn price(&self) -> Option<(String, String)> {
        let facts = &self.product.facts;
        let unit = facts
            .unit
            .map(|unit| match facts.content {
                Some(content) if unit.needs_content() => {
                    format!("{} {content}", units::unit(self.shell.lang, unit))
                }
                _ => units::unit(self.shell.lang, unit),
            })
            .unwrap_or_default();
        Some((facts.price?.to_string(), unit))
    }

    /// The facts as term and answer, without those that are not stated.
    fn facts(&self) -> Vec<(String, String)> {
        let facts = &self.product.facts;
        let lang = self.shell.lang;
        let kind = match (&self.product.commodity, &self.product.category) {
            (Some(commodity), Some(category)) => Some(format!(
                "{} · {}",
                super::name_of(lang, commodity),
                super::name_of(lang, category)
            )),
            (None, Some(category)) => Some(super::name_of(lang, category).to_owned()),
            _ => None,
        };
        let days = |n: Option<i32>| n.map(|n| self.shell.t1("products-days", "n", i64::from(n)));
        [
            ("products-kind", kind),
            (
                "products-content",
                facts
                    .unit
                    .filter(|unit| unit.needs_content())
                    .and(facts.content)
                    .map(|content| content.to_string()),
            ),
            (
                "products-carton",
                facts.packs_per_carton.map(|n| self.count(n)),
            ),
            ("products-grade", facts.grade.as_ref().map(|g| g.0.clone())),
            ("products-lead", days(facts.lead_time_days)),
            ("products-shelf-life", days(facts.shelf_life_days)),
            ("products-place", facts.place.clone()),
        ]
        .into_iter()
        .filter_map(|(key, answer)| Some((self.shell.t(key), answer?)))
        .collect()
    }

    fn cartons(&self) -> String {
        let free = self.product.free().0;
        match self.product.facts.packs_per_carton {
            Some(carton) if free >= carton => self.shell.t2(
                "products-cartons",
                "cartons",
                free / carton,
                "content",
                carton,
            ),
            _ => String::new(),
        }
    }

    fn is_over(&self, lot: &LotView) -> bool {
        lot.good_until.is_some_and(|last| last < self.today)
    }

    fn is_coming(&self, lot: &LotView) -> bool {
        lot.ready_on > self.today
    }

    fn moved(&self, movement: &MovementView) -> String {
        let sign = if movement.packs > 0 { "+" } else { "" };
        format!("{sign}{}", grouped(movement.packs))
    }

    fn movement_word(&self, movement: &MovementView) -> String {
        self.shell.t(match movement.kind.as_str() {
            "opening" => "products-moved-opening",
            "added" => "products-moved-added",
            "corrected" => "products-moved-corrected",
            "shipped" => "products-moved-shipped",
            _ => "products-moved-returned",
        })
    }

    fn permit(&self, certificate: &CertificateView) -> String {
        units::permit(self.shell.lang, certificate.kind)
    }

    fn permit_holds(&self, certificate: &CertificateView) -> bool {
        certificate
            .valid_until
            .is_none_or(|last| self.today <= last)
    }
}

async fn draw(ctx: &Ctx, seller: Seller, id: ProductId, form: Form) -> Answer {
    let product = super::find(ctx, seller, id).await?;
    let umkm = seller.organisation;
    let is_again = form.has_errors();
    let shell = ctx.shell().await;
    let page = Page {
        lots: ctx.store().lots(umkm, id).await?,
        movements: ctx.store().movements(umkm, id).await?,
        offers: ctx.store().offers_of_product(umkm, id).await?,
        certificates: ctx.store().certificates(umkm, id).await?,
        lot_heads: vec![
            Head::text(shell.t("products-lot-good-until")),
            Head::number(shell.t("products-lot-on-hand")),
            Head::number(shell.t("products-lot-held")),
            Head::number(shell.t("products-lot-free")),
            Head::text(shell.t("products-lot-count")),
        ],
        movement_heads: vec![
            Head::text(shell.t("products-moved-when")),
            Head::text(shell.t("products-moved-what")),
            Head::number(shell.t("products-moved-packs")),
        ],
        today: today(ctx),
        zone: zone(ctx),
        product,
        form,
        shell,
    };
    if is_again {
        ctx.unprocessable(&page)
    } else {
        ctx.html(&page)
    }
}

pub async fn page(ctx: Ctx, seller: Seller, Id(id): Id<ProductId>) -> Answer {
    draw(&ctx, seller, id, ctx.empty_form()).await
}

/// The page again, after a form of single buttons that came without one.
pub(super) async fn with_error(
    ctx: &Ctx,
    seller: Seller,
    id: ProductId,
    key: &'static str,
) -> Answer {
    let mut form = ctx.empty_form();
    form.add("", Problem::new(key));
    draw(ctx, seller, id, form).await
}
