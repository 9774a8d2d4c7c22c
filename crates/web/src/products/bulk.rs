//! Changing many products at once: publish, prices up or down, archive. What was done can be taken back.

use actix_web::http::StatusCode;
use askama::Template;
use domain::{ids::ProductId, money::parse_percent, problem::Problem};
use store::products::{
    BatchChange, BatchOutcome, Chosen, LeftOut, Listing, ListingFilter, ProductError, ProductLine,
};

use super::{
    desk::Desk,
    index::{asked, href},
};
use crate::{
    ctx::Ctx,
    error::Error,
    flash::Flash,
    form::Form,
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
}

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
    let pages = (listing.found.saturating_add(ROWS - 1) / ROWS).max(1);
    let base = format!("{}/bulk", desk.base);
    let page = Page {
        pager: super::index::pager(&shell, &listing, &filter, ROWS, pages, |page| {
            href(&base, &filter, page)
        }),
        deeds: ["publish", "raise", "lower", "archive"]
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
    let deed = reader.raw("deed");
    let change = match deed {
        "publish" => Some(BatchChange::Publish),
        "archive" => Some(BatchChange::Archive),
        "raise" | "lower" => reader.with("percent", parse_percent).and_then(|bp| {
            let most = if deed == "raise" {
                UP_MAX_BP
            } else {
                DOWN_MAX_BP
            };
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
        }),
        _ => {
            reader.add("deed", Problem::new("form-choose"));
            None
        }
    };
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
        .change_products(&desk.act, desk.umkm, &chosen, change)
        .await;
    let outcome = match done {
        Ok(outcome) => outcome,
        Err(ProductError::NotFound) => return Err(Error::NotFound),
        Err(ProductError::Store(error)) => return Err(error.into()),
        Err(other) => return Err(Error::broken(other)),
    };
    ctx.flash(flash(&ctx, &desk, change, &outcome)).await?;
    ctx.see(href(&desk.base, &filter, 1))
}

/// "12 barang diarsipkan. 1 dilewati: …" with the way to take it back.
pub(super) fn flash(ctx: &Ctx, desk: &Desk, change: BatchChange, outcome: &BatchOutcome) -> Flash {
    let lang = ctx.lang();
    let count = |key: &str, n: usize| text::t_with(lang, key, &[("n", n.into())]);
    let done = count(done_key(change), outcome.done);
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
pub(super) fn done_key(change: BatchChange) -> &'static str {
    match change {
        BatchChange::Publish => "products-bulk-published",
        BatchChange::Archive => "products-bulk-archived",
        BatchChange::Price { .. } | BatchChange::Each => "products-bulk-repriced",
    }
}

fn left_out_key(why: LeftOut) -> &'static str {
    match why {
        LeftOut::Gaps => "products-left-gaps",
        LeftOut::State => "products-left-state",
        LeftOut::Price => "products-left-price",
        LeftOut::Pooled => "products-left-pooled",
        LeftOut::Changed => "products-left-changed",
    }
}
