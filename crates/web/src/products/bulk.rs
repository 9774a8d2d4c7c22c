//! Changing many products at once: publish, prices up or down, kind, unit and stock for those that lack them, archive. What
//! was done can be taken back.

use actix_web::http::StatusCode;
use askama::Template;
use domain::{
    ids::ProductId,
    money::parse_percent,
    problem::Problem,
    products::{BatchKind, Content, SaleUnit},
    quantity::{Packs, parse_whole},
};
use store::products::{
    BatchChange, BatchOutcome, Category, Chosen, LeftOut, Listing, ListingFilter, ProductError,
    ProductLine,
};

use super::{
    desk::Desk,
    fields::{self, Fields},
    index::{asked, href, pager},
};
use crate::{
    ctx::Ctx,
    error::Error,
    flash::Flash,
    form::{Form, Reader},
    handler::Answer,
    parts::{Choice, Head, Pager},
    shell::Shell,
};

/// Rows of a page of the table (CHECKLIST §5).
const ROWS: i64 = 100;
/// Prices at most nine tenths down, and ten times up.
const DOWN_MAX_BP: i64 = 9_000;
const UP_MAX_BP: i64 = 90_000;

#[derive(Template)]
#[template(path = "products/bulk.html")]
struct Page {
    shell: Shell,
    desk: Desk,
    listing: Listing,
    filter: ListingFilter,
    pager: Pager,
    form: Form,
    deeds: Vec<Choice>,
    /// What kind and unit can be chosen from.
    fields: Fields,
}

/// What can be done, in the order of the form.
const DEEDS: [&str; 7] = [
    "publish", "raise", "lower", "kind", "unit", "stock", "archive",
];

fn filter(ctx: &Ctx) -> ListingFilter {
    asked(ctx.query())
}

async fn draw(ctx: &Ctx, desk: Desk, filter: ListingFilter, form: Form) -> Answer {
    let status = match form.has_errors() {
        true => StatusCode::UNPROCESSABLE_ENTITY,
        false => StatusCode::OK,
    };
    let listing = ctx.store().products_by(desk.umkm, &filter, ROWS).await?;
    let shell = ctx.shell().await;
    let base = format!("{}/bulk", desk.base);
    let page = Page {
        pager: pager(&shell, &listing, &filter, ROWS, |page| {
            href(&base, &filter, page)
        }),
        fields: Fields::of(ctx, form.clone()).await?,
        deeds: DEEDS
            .iter()
            .map(|deed| Choice::new(deed, shell.t(deed_key(deed))))
            .collect(),
        desk,
        listing,
        filter,
        form,
        shell,
    };
    ctx.html_as(status, &page)
}

fn deed_key(deed: &str) -> &'static str {
    match deed {
        "publish" => "products-bulk-publish",
        "raise" => "products-bulk-raise",
        "lower" => "products-bulk-lower",
        "kind" => "products-bulk-kind",
        "unit" => "products-bulk-unit",
        "stock" => "products-bulk-stock",
        _ => "products-bulk-archive",
    }
}

impl Page {
    fn to(&self, below: &str) -> String {
        format!("{}{below}", self.desk.base)
    }

    fn heads(&self) -> Vec<Head> {
        vec![
            Head::text(self.shell.t("products-head-name")),
            Head::number(self.shell.t("products-head-price")),
            Head::text(self.shell.t("products-head-state")),
            Head::number(self.shell.t("products-head-stock")),
        ]
    }

    fn badge(&self, line: &ProductLine) -> (String, &'static str, &'static str) {
        let (key, kind, icon) = super::shelf_badge(line.shelf);
        (self.shell.t(key), kind, icon)
    }

    /// Whether one of the fields for kind, unit or stock is filled in or wrong.
    fn is_open(&self) -> bool {
        let deed = self.form.value("deed");
        matches!(deed, "kind" | "unit" | "stock")
    }

    fn is_chosen(&self, line: &ProductLine) -> bool {
        self.form.has("product", &line.id.to_string())
    }

    /// The list's own question, to be kept when the form is sent.
    fn action(&self) -> String {
        href(&self.to("/bulk"), &self.filter, self.filter.page)
    }
}

pub async fn page(ctx: Ctx) -> Answer {
    let desk = Desk::of(&ctx).await?;
    draw(&ctx, desk, filter(&ctx), ctx.empty_form()).await
}

pub async fn submit(ctx: Ctx) -> Answer {
    let desk = Desk::of(&ctx).await?;
    let filter = filter(&ctx);
    let mut reader = ctx.reader();
    let ids = reader.ids::<ProductId>("product");
    let all = reader.checked("all");
    let categories = ctx.store().kinds().await?;
    let change = change(&mut reader, &desk, &categories);
    if !all && ids.as_ref().is_some_and(Vec::is_empty) {
        reader.add("all", Problem::new("products-bulk-none"));
    }
    let (ids, change) = match reader.finish(|| Some((ids?, change?))) {
        Ok(command) => command,
        Err(form) => return draw(&ctx, desk, filter, form).await,
    };
    let chosen = match all {
        true => Chosen::Found(filter.clone()),
        false => Chosen::These(ids),
    };
    let done = ctx
        .store()
        .change_products(&desk.act, desk.umkm, &chosen, &change)
        .await;
    let outcome = match done {
        Ok(outcome) => outcome,
        Err(ProductError::NotFound) => return Err(Error::NotFound),
        Err(ProductError::Store(error)) => return Err(error.into()),
        Err(other) => return Err(Error::broken(other)),
    };
    ctx.flash(flash(&ctx, &desk, change.kind(), &outcome))
        .await?;
    ctx.see(href(&desk.base, &filter, 1))
}

/// What is to be done, with what it needs.
fn change(reader: &mut Reader<'_>, desk: &Desk, categories: &[Category]) -> Option<BatchChange> {
    match reader.raw("deed") {
        "publish" => Some(BatchChange::Publish),
        "archive" => Some(BatchChange::Archive),
        deed @ ("raise" | "lower") => {
            let most = match deed {
                "raise" => UP_MAX_BP,
                _ => DOWN_MAX_BP,
            };
            let bp = reader.with("percent", parse_percent)?;
            if (1..=most).contains(&bp) {
                let percent_bp = if deed == "raise" { bp } else { -bp };
                return Some(BatchChange::Price { percent_bp });
            }
            let most = text::format::percent(most);
            reader.add(
                "percent",
                Problem::new("error-percent-range").with("max", most),
            );
            None
        }
        "kind" => {
            let (category, commodity) = reader.with("kind", |raw| fields::kind(raw, categories))?;
            Some(BatchChange::Kind {
                category,
                commodity,
            })
        }
        "unit" => {
            let unit = reader.optional("unit", |raw| {
                let unit = raw.trim().parse::<SaleUnit>();
                unit.map_err(|_| Problem::new("form-choose"))
            });
            let content = reader.optional("content", Content::parse);
            let packs_per_carton = reader.optional("packs_per_carton", |raw| {
                parse_whole(raw, 1, fields::CARTON_MAX)
            });
            let (unit, content, packs_per_carton) = (unit?, content?, packs_per_carton?);
            if unit.is_none() && content.is_none() && packs_per_carton.is_none() {
                reader.add("unit", Problem::new("products-bulk-unit-none"));
                return None;
            }
            Some(BatchChange::Unit {
                unit,
                content,
                packs_per_carton,
            })
        }
        "stock" => {
            let packs = reader.with("stock", |raw| parse_whole(raw, 0, fields::STOCK_MAX))?;
            Some(BatchChange::Stock {
                packs: Packs(packs),
                today: desk.today(),
            })
        }
        _ => {
            reader.add("deed", Problem::new("form-choose"));
            None
        }
    }
}

/// "12 barang diarsipkan. 1 dilewati: …" with the way to take it back.
pub(super) fn flash(ctx: &Ctx, desk: &Desk, kind: BatchKind, outcome: &BatchOutcome) -> Flash {
    let lang = ctx.lang();
    let count = |key: &str, n: usize| text::t_with(lang, key, &[("n", n.into())]);
    let done = count(done_key(kind), outcome.done);
    let left: Vec<String> = outcome
        .left_out
        .iter()
        .map(|(why, n)| count(left_out_key(*why), *n))
        .collect();
    let words = [vec![done], left].concat().join(" ");
    match outcome.batch {
        Some(batch) => Flash::done(words).undo(format!("{}/changes/{batch}", desk.base)),
        None => Flash::note(words),
    }
}

/// The sentence about what was done.
pub(super) fn done_key(kind: BatchKind) -> &'static str {
    match kind {
        BatchKind::Publish => "products-bulk-published",
        BatchKind::Archive => "products-bulk-archived",
        BatchKind::Price => "products-bulk-repriced",
        BatchKind::Kind => "products-bulk-kinds",
        BatchKind::Unit => "products-bulk-units",
        BatchKind::Stock => "products-bulk-stocked",
        BatchKind::Table => "products-bulk-table",
    }
}

fn left_out_key(why: LeftOut) -> &'static str {
    match why {
        LeftOut::Gaps => "products-left-gaps",
        LeftOut::State => "products-left-state",
        LeftOut::Price => "products-left-price",
        LeftOut::Pooled => "products-left-pooled",
        LeftOut::Fixed => "products-left-fixed",
        LeftOut::Changed => "products-left-changed",
    }
}
