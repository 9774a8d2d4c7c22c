//! Prices of many products, each typed into its row. Two columns copied from a spreadsheet, name and price, fill the rows
//! in, to be looked at before anything is saved; what was saved can be taken back.

use std::collections::HashMap;

use actix_web::http::StatusCode;
use askama::Template;
use domain::{
    ids::ProductId,
    money::{self, Rupiah, grouped},
    names::fold,
    problem::Problem,
};
use store::products::{
    BATCH_MAX, BatchChange, Listing, ListingFilter, NewPrice, ProductError, ProductLine,
};
use text::units;

use super::{
    bulk::flash,
    desk::Desk,
    index::{asked, href},
};
use crate::{
    ctx::Ctx,
    error::Error,
    form::Form,
    handler::Answer,
    parts::{Head, Pager},
    shell::Shell,
};

/// Rows of a page.
const ROWS: i64 = 100;
/// Letters of what is pasted; more is a file.
const PASTED_CHARS: usize = 40_000;
/// Lines that could not be placed are named, up to so many.
const NAMED: usize = 10;

/// One product with what is typed for it.
struct Row {
    line: ProductLine,
    typed: String,
}

#[derive(Template)]
#[template(path = "products/grid.html")]
struct Page {
    shell: Shell,
    desk: Desk,
    form: Form,
    rows: Vec<Row>,
    filter: ListingFilter,
    pager: Option<Pager>,
    /// Lines of what was pasted that no product has.
    unplaced: Vec<String>,
}

impl Page {
    fn to(&self, below: &str) -> String {
        format!("{}{below}", self.desk.base)
    }

    fn heads(&self) -> Vec<Head> {
        vec![
            Head::text(self.shell.t("products-head-name")),
            Head::number(self.shell.t("products-grid-now")),
            Head::number(self.shell.t("products-grid-new")),
        ]
    }

    fn id(&self, row: &Row) -> String {
        field(row.line.id)
    }

    fn seen(&self, row: &Row) -> String {
        row.line
            .price
            .map(|price| price.0.to_string())
            .unwrap_or_default()
    }

    fn unit(&self, row: &Row) -> String {
        let unit = row.line.unit.as_deref().and_then(|unit| unit.parse().ok());
        unit.map(|unit| units::units(self.shell.lang, 1, unit))
            .unwrap_or_default()
    }

    fn is_changed(&self, row: &Row) -> bool {
        row.typed != shown(row.line.price)
    }
}

/// The id of a row's input, to which the summary of mistakes leads.
fn field(product: ProductId) -> String {
    format!("price-{product}")
}

fn shown(price: Option<Rupiah>) -> String {
    price.map(|price| grouped(price.0)).unwrap_or_default()
}

async fn draw(ctx: &Ctx, desk: Desk, form: Form, rows: Vec<Row>, unplaced: Vec<String>) -> Answer {
    let status = match form.has_errors() {
        true => StatusCode::UNPROCESSABLE_ENTITY,
        false => StatusCode::OK,
    };
    let page = Page {
        shell: ctx.shell().await,
        filter: asked(ctx.query()),
        pager: None,
        desk,
        form,
        rows,
        unplaced,
    };
    ctx.html_as(status, &page)
}

/// A page of the list, as it is.
async fn listed(ctx: &Ctx, desk: Desk, form: Form) -> Answer {
    let filter = asked(ctx.query());
    let listing = ctx.store().products_by(desk.umkm, &filter, ROWS).await?;
    let shell = ctx.shell().await;
    let pages = (listing.found.saturating_add(ROWS - 1) / ROWS).max(1);
    let base = format!("{}/grid", desk.base);
    let status = match form.has_errors() {
        true => StatusCode::UNPROCESSABLE_ENTITY,
        false => StatusCode::OK,
    };
    let page = Page {
        pager: Some(super::index::pager(
            &shell,
            &listing,
            &filter,
            ROWS,
            pages,
            |page| href(&base, &filter, page),
        )),
        rows: listing
            .rows
            .into_iter()
            .map(|line| Row {
                typed: shown(line.price),
                line,
            })
            .collect(),
        unplaced: Vec::new(),
        desk,
        form,
        filter,
        shell,
    };
    ctx.html_as(status, &page)
}

pub async fn page(ctx: Ctx) -> Answer {
    let desk = Desk::of(&ctx).await?;
    listed(&ctx, desk, ctx.empty_form()).await
}

/// All that the owner has, but for what is archived.
async fn all(ctx: &Ctx, desk: &Desk) -> Result<Listing, Error> {
    let everything = ListingFilter {
        page: 1,
        ..ListingFilter::default()
    };
    let store = ctx.store();
    Ok(store.products_by(desk.umkm, &everything, BATCH_MAX).await?)
}

pub async fn submit(ctx: Ctx) -> Answer {
    let desk = Desk::of(&ctx).await?;
    match ctx.posted().only("action").unwrap_or_default() {
        "paste" => paste(ctx, desk).await,
        _ => save(ctx, desk).await,
    }
}

/// Fills rows in from two columns; nothing is saved.
async fn paste(ctx: Ctx, desk: Desk) -> Answer {
    let mut reader = ctx.reader();
    let checked = reader.text("pasted", PASTED_CHARS);
    if let Err(form) = reader.finish(|| checked) {
        return listed(&ctx, desk, form).await;
    }
    // As it was copied: a tab tells the columns apart.
    let pasted = ctx.posted().only("pasted").unwrap_or_default().to_owned();
    let mut by_name: HashMap<String, ProductLine> = HashMap::new();
    for line in all(&ctx, &desk).await?.rows {
        by_name.entry(fold(&line.name)).or_insert(line);
    }
    let (mut rows, mut unplaced) = (Vec::new(), Vec::new());
    let mut form = Form::of(ctx.posted(), ctx.lang());
    for text in pasted.lines().filter(|line| !line.trim().is_empty()) {
        let Some((name, price)) = columns(text) else {
            unplaced.push(text.trim().to_owned());
            continue;
        };
        match by_name.remove(&fold(name)) {
            Some(line) => {
                if let Err(problem) = read(price) {
                    form.add(&field(line.id), problem);
                }
                rows.push(Row {
                    typed: price.to_owned(),
                    line,
                });
            }
            None => unplaced.push(name.to_owned()),
        }
    }
    if rows.is_empty() {
        let mut form = Form::of(ctx.posted(), ctx.lang());
        form.add("pasted", Problem::new("products-grid-unplaced"));
        return listed(&ctx, desk, form).await;
    }
    unplaced.truncate(NAMED);
    draw(&ctx, desk, form, rows, unplaced).await
}

/// Name and price of a pasted line: the first cell, and the last that is not empty.
fn columns(line: &str) -> Option<(&str, &str)> {
    let cells: Vec<&str> = match line.contains('\t') {
        true => line.split('\t').map(str::trim).collect(),
        false => line.split(';').map(str::trim).collect(),
    };
    let (name, rest) = cells.split_first()?;
    let price = rest.iter().rev().find(|cell| !cell.is_empty())?;
    (!name.is_empty()).then_some((*name, *price))
}

fn read(raw: &str) -> Result<Rupiah, Problem> {
    match money::parse(raw)? {
        Rupiah::ZERO => Err(Problem::new("error-import-price-zero")),
        price => Ok(price),
    }
}

async fn save(ctx: Ctx, desk: Desk) -> Answer {
    let posted = ctx.posted();
    let ids: Vec<ProductId> = posted
        .all("product")
        .map(|id| id.parse().map_err(|_| Error::BadRequest))
        .collect::<Result<_, _>>()?;
    let seen: Vec<&str> = posted.all("seen").collect();
    let typed: Vec<&str> = posted.all("price").collect();
    if ids.len() != seen.len() || ids.len() != typed.len() {
        return Err(Error::BadRequest);
    }
    let mut known: HashMap<ProductId, ProductLine> = HashMap::new();
    for line in all(&ctx, &desk).await?.rows {
        known.insert(line.id, line);
    }
    let mut form = Form::of(posted, ctx.lang());
    let (mut rows, mut prices) = (Vec::new(), Vec::new());
    for ((id, seen), typed) in ids.into_iter().zip(seen).zip(typed) {
        // Somebody else's product is as missing as none; a row that comes twice is not from our page.
        let line = known.remove(&id).ok_or(Error::NotFound)?;
        let seen = match seen {
            "" => None,
            seen => Some(Rupiah(seen.parse().map_err(|_| Error::BadRequest)?)),
        };
        if typed.trim() != shown(seen) {
            match read(typed) {
                Ok(price) if Some(price) != seen => prices.push(NewPrice {
                    product: id,
                    seen,
                    price,
                }),
                Ok(_) => {}
                Err(problem) => form.add(&field(id), problem),
            }
        }
        rows.push(Row {
            typed: typed.to_owned(),
            line,
        });
    }
    if prices.is_empty() && !form.has_errors() {
        let first = rows
            .first()
            .map_or_else(String::new, |row| field(row.line.id));
        form.add(&first, Problem::new("products-grid-same"));
    }
    if form.has_errors() {
        return draw(&ctx, desk, form, rows, Vec::new()).await;
    }
    let done = ctx
        .store()
        .price_products(&desk.act, desk.umkm, &prices)
        .await;
    let outcome = match done {
        Ok(outcome) => outcome,
        Err(ProductError::NotFound) => return Err(Error::NotFound),
        Err(ProductError::Store(error)) => return Err(error.into()),
        Err(other) => return Err(Error::broken(other)),
    };
    ctx.flash(flash(&ctx, &desk, BatchChange::Each, &outcome))
        .await?;
    ctx.see(&desk.base)
}

#[cfg(test)]
mod tests {
    use super::columns;

    #[test]
    fn two_columns_of_a_sheet_are_name_and_price() {
        assert_eq!(columns("Emping\t12.500"), Some(("Emping", "12.500")));
        assert_eq!(
            columns("Emping \t kg \t 12.500 \t"),
            Some(("Emping", "12.500"))
        );
        assert_eq!(columns("Emping; 12500"), Some(("Emping", "12500")));
        for odd in ["Emping", "Emping\t", "\t12.500", ""] {
            assert_eq!(columns(odd), None, "{odd:?}");
        }
    }
}
