//! One product: what it is, what is missing, its lots and what moved, and the offers that pool it.

use askama::Template;
use domain::{
    ids::{OrganisationId, ProductId},
    money::{Rupiah, grouped},
    problem::Problem,
    products::{Gap, ProductState},
    time::{Day, Zone},
};
use store::photos::Photo;
use store::products::{
    By, CertificateView, LotView, MovementView, OfferUse, ProductChange, ProductView,
};
use text::units;

use super::desk::Desk;
use crate::{
    ctx::Ctx,
    form::Form,
    handler::{Answer, Id},
    parts::{Event, Head},
    shell::Shell,
};

#[derive(Template)]
#[template(path = "products/show.html")]
struct Page {
    shell: Shell,
    desk: Desk,
    product: ProductView,
    lots: Vec<LotView>,
    movements: Vec<MovementView>,
    changes: Vec<ProductChange>,
    /// The cooperative that works here on the owner's behalf.
    cooperative: Option<OrganisationId>,
    offers: Vec<OfferUse>,
    certificates: Vec<CertificateView>,
    photos: Vec<Photo>,
    lot_heads: Vec<Head>,
    movement_heads: Vec<Head>,
    form: Form,
    today: Day,
    zone: Zone,
}

impl Page {
    /// The product's page, or one below it.
    fn to(&self, below: &str) -> String {
        self.desk.to(self.product.id, below)
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
        let href = |gap: Gap| match gap {
            Gap::Stock => self.to("/lots"),
            _ => self.to(&format!("/edit#{}", super::gap_field(gap))),
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
            (
                "products-minimum",
                facts.minimum_packs.map(|n| self.count(n)),
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

    /// Back to the list: one's own, or the member's.
    fn list_title(&self) -> String {
        super::list_title(&self.shell, &self.desk)
    }

    /// "Oleh Koperasi Rasa atas nama Anda"; empty where the owner did it.
    fn behalf(&self, by: &By) -> String {
        let By::Behalf { cooperative, name } = by else {
            return String::new();
        };
        match (&self.desk.behalf, self.cooperative) {
            (None, _) => self
                .shell
                .t1("products-by-behalf", "cooperative", name.as_str()),
            (Some(member), own) if own == Some(*cooperative) => self.shell.t2(
                "products-by-behalf-of",
                "cooperative",
                name.as_str(),
                "member",
                member.as_str(),
            ),
            // Which other cooperatives a member works with is the member's to tell.
            _ => self.shell.t("products-by-another"),
        }
    }

    fn history(&self) -> Vec<Event> {
        self.changes
            .iter()
            .map(|change| {
                let fields: Vec<String> = change
                    .fields
                    .iter()
                    .map(|(field, before, after)| self.changed(field, before, after))
                    .collect();
                let detail = [
                    self.behalf(&change.by),
                    change.person.clone().unwrap_or_default(),
                    fields.join(", "),
                    change.reason.clone().unwrap_or_default(),
                ];
                Event {
                    word: self.shell.t(change_key(&change.kind)),
                    when: self.shell.date_time(change.at, self.zone),
                    detail: detail
                        .into_iter()
                        .filter(|part| !part.is_empty())
                        .collect::<Vec<_>>()
                        .join(" · "),
                    state: "done",
                }
            })
            .collect()
    }

    /// "Harga Rp10.500 → Rp11.000"; long texts and codes by their names only.
    fn changed(
        &self,
        field: &str,
        before: &serde_json::Value,
        after: &serde_json::Value,
    ) -> String {
        let name = self.shell.t(field_key(field));
        let word = |value: &serde_json::Value| match (field, value) {
            (_, serde_json::Value::Null) => self.shell.t("products-nothing"),
            ("price_rupiah", value) => Rupiah(value.as_i64().unwrap_or_default()).to_string(),
            (_, serde_json::Value::Number(number)) => grouped(number.as_i64().unwrap_or_default()),
            (_, serde_json::Value::String(text)) => text.clone(),
            _ => String::new(),
        };
        match field {
            "name" | "price_rupiah" | "packs_per_carton" | "grade" | "lead_time_days"
            | "shelf_life_days" | "place" | "minimum_packs" => {
                format!("{name}: {} → {}", word(before), word(after))
            }
            _ => name,
        }
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

async fn draw(ctx: &Ctx, desk: Desk, id: ProductId, form: Form) -> Answer {
    let product = desk.product(ctx, id).await?;
    let umkm = desk.umkm;
    let is_again = form.has_errors();
    let acting = ctx.acting().map(|acting| acting.organisation);
    let cooperative = acting.filter(|_| desk.behalf.is_some());
    let shell = ctx.shell().await;
    let page = Page {
        lots: ctx.store().lots(umkm, id).await?,
        movements: ctx.store().movements(umkm, id).await?,
        changes: ctx.store().product_changes(umkm, id).await?,
        offers: ctx.store().offers_of_product(umkm, id, cooperative).await?,
        cooperative,
        certificates: ctx.store().certificates(umkm, id).await?,
        photos: ctx.store().product_photos(umkm, id).await?.shown,
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
        today: desk.today(),
        zone: desk.zone,
        desk,
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

pub async fn page(ctx: Ctx, Id(id): Id<ProductId>) -> Answer {
    let desk = Desk::of(&ctx).await?;
    draw(&ctx, desk, id, ctx.empty_form()).await
}

/// The page again, after a form of single buttons that came without one.
pub(super) async fn with_error(ctx: &Ctx, desk: Desk, id: ProductId, problem: Problem) -> Answer {
    let mut form = ctx.empty_form();
    form.add("", problem);
    draw(ctx, desk, id, form).await
}

/// The string key of what was done to a product.
fn change_key(kind: &str) -> &'static str {
    match kind {
        "product_created" => "products-change-created",
        "product_edited" => "products-change-edited",
        "product_published" => "products-change-published",
        "product_paused" => "products-change-paused",
        "product_resumed" => "products-change-resumed",
        "product_hidden" => "products-change-hidden",
        "product_archived" => "products-change-archived",
        "product_restored" => "products-change-restored",
        "certificate_added" => "products-change-permit-added",
        "certificate_removed" => "products-change-permit-removed",
        kind if kind.starts_with("product_photo") => "products-change-photos",
        _ => "products-change-other",
    }
}

/// The label of a field in the form, by its name in the history.
fn field_key(field: &str) -> &'static str {
    match field {
        "name" => "products-name",
        "description" => "products-description",
        "category" | "commodity" => "products-kind",
        "unit" => "products-unit",
        "content" => "products-content",
        "packs_per_carton" => "products-carton",
        "price_rupiah" => "products-price",
        "grade" => "products-grade",
        "lead_time_days" => "products-lead",
        "shelf_life_days" => "products-shelf-life",
        "minimum_packs" => "products-minimum",
        _ => "products-place",
    }
}
