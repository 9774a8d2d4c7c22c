//! Prices and stock of many products, each typed into its row. Columns copied from a spreadsheet fill the rows in ([`paste`]),
//! to be looked at before anything is saved; what was saved can be taken back.

mod paste;

use std::collections::HashMap;

use actix_web::http::StatusCode;
use askama::Template;
use domain::{
    ids::ProductId,
    money::{Rupiah, grouped},
    names::fold,
    problem::Problem,
    products::BatchKind,
    quantity::{Packs, parse_whole},
};
use store::products::{BATCH_MAX, Listing, ListingFilter, ProductError, ProductLine, TableRow};
use text::units;

use super::{
    bulk::flash,
    desk::Desk,
    fields::{self, STOCK_MAX},
    index::{asked, href, pager},
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
/// Rows that are filled in at once, as far as a form goes.
const PASTED_ROWS: usize = 400;
/// Lines that could not be placed are named, up to so many.
const NAMED: usize = 10;

/// One product with what is typed for it.
struct Row {
    line: ProductLine,
    price: String,
    stock: String,
}

impl Row {
    /// As it is.
    fn of(line: ProductLine) -> Self {
        Self {
            price: shown(line.price),
            stock: grouped(line.free.0),
            line,
        }
    }

    /// What was seen of the product when its row was drawn: its price and what was free, in plain figures.
    fn seen(&self) -> String {
        let price = self.line.price.map(|price| price.0.to_string());
        format!("{} {}", price.unwrap_or_default(), self.line.free)
    }
}

/// What [`Row::seen`] wrote.
fn seen(raw: &str) -> Result<(Option<Rupiah>, Packs), Error> {
    let (price, free) = raw.split_once(' ').ok_or(Error::BadRequest)?;
    let figure = |raw: &str| raw.parse::<i64>().map_err(|_| Error::BadRequest);
    let price = match price {
        "" => None,
        price => Some(Rupiah(figure(price)?)),
    };
    Ok((price, Packs(figure(free)?)))
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
            Head::number(self.shell.t("products-grid-stock")),
        ]
    }

    fn id(&self, row: &Row) -> String {
        field(row.line.id)
    }

    fn stock_id(&self, row: &Row) -> String {
        stock_field(row.line.id)
    }

    fn unit(&self, row: &Row) -> String {
        let unit = row.line.unit.as_deref().and_then(|unit| unit.parse().ok());
        unit.map(|unit| units::units(self.shell.lang, 1, unit))
            .unwrap_or_default()
    }

    fn is_changed(&self, row: &Row) -> bool {
        row.price != shown(row.line.price) || row.stock != grouped(row.line.free.0)
    }
}

/// The id of a row's input, to which the summary of mistakes leads.
fn field(product: ProductId) -> String {
    format!("price-{product}")
}

fn stock_field(product: ProductId) -> String {
    format!("stock-{product}")
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
    let base = format!("{}/grid", desk.base);
    let status = match form.has_errors() {
        true => StatusCode::UNPROCESSABLE_ENTITY,
        false => StatusCode::OK,
    };
    let page = Page {
        pager: Some(pager(&shell, &listing, &filter, ROWS, |page| {
            href(&base, &filter, page)
        })),
        rows: listing.rows.into_iter().map(Row::of).collect(),
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
        "paste" => fill(ctx, desk).await,
        _ => save(ctx, desk).await,
    }
}

/// Fills rows in from columns; nothing is saved.
async fn fill(ctx: Ctx, desk: Desk) -> Answer {
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
    let lines = paste::lines(&pasted);
    if lines.len() > PASTED_ROWS {
        form.add(
            "pasted",
            Problem::new("products-grid-many").with("max", PASTED_ROWS),
        );
        return listed(&ctx, desk, form).await;
    }
    for pasted in lines {
        let line = pasted.name.and_then(|name| by_name.remove(&fold(name)));
        let Some(line) = line else {
            unplaced.push(pasted.name.unwrap_or(pasted.line).to_owned());
            continue;
        };
        let mut row = Row::of(line);
        if let Some(price) = pasted.price {
            if let Err(problem) = fields::price(price) {
                form.add(&field(row.line.id), problem);
            }
            row.price = price.to_owned();
        }
        if let Some(stock) = pasted.stock {
            if let Err(problem) = parse_whole(stock, 0, STOCK_MAX) {
                form.add(&stock_field(row.line.id), problem);
            }
            row.stock = stock.to_owned();
        }
        rows.push(row);
    }
    if rows.is_empty() {
        let mut form = Form::of(ctx.posted(), ctx.lang());
        form.add("pasted", Problem::new("products-grid-unplaced"));
        return listed(&ctx, desk, form).await;
    }
    unplaced.truncate(NAMED);
    draw(&ctx, desk, form, rows, unplaced).await
}

async fn save(ctx: Ctx, desk: Desk) -> Answer {
    let posted = ctx.posted();
    let ids: Vec<ProductId> = posted
        .all("product")
        .map(|id| id.parse().map_err(|_| Error::BadRequest))
        .collect::<Result<_, _>>()?;
    let all_seen: Vec<&str> = posted.all("seen").collect();
    let prices: Vec<&str> = posted.all("price").collect();
    let stocks: Vec<&str> = posted.all("stock").collect();
    if [all_seen.len(), prices.len(), stocks.len()] != [ids.len(); 3] {
        return Err(Error::BadRequest);
    }
    let mut known: HashMap<ProductId, ProductLine> = HashMap::new();
    for line in all(&ctx, &desk).await?.rows {
        known.insert(line.id, line);
    }
    let mut form = Form::of(posted, ctx.lang());
    let (mut rows, mut typed) = (Vec::new(), Vec::new());
    let cells = all_seen.into_iter().zip(prices).zip(stocks);
    for (id, ((before, price), stock)) in ids.into_iter().zip(cells) {
        // Somebody else's product is as missing as none; a row that comes twice is not from our page.
        let line = known.remove(&id).ok_or(Error::NotFound)?;
        let (seen_price, seen_free) = seen(before)?;
        let mut row = TableRow {
            product: id,
            seen_price,
            price: None,
            seen_free,
            free: None,
        };
        if price.trim() != shown(seen_price) {
            match fields::price(price) {
                Ok(price) => row.price = Some(price).filter(|price| Some(*price) != seen_price),
                Err(problem) => form.add(&field(id), problem),
            }
        }
        if stock.trim() != grouped(seen_free.0) {
            match parse_whole(stock, 0, STOCK_MAX) {
                Ok(free) => row.free = Some(Packs(free)).filter(|free| *free != seen_free),
                Err(problem) => form.add(&stock_field(id), problem),
            }
        }
        if row.price.is_some() || row.free.is_some() {
            typed.push(row);
        }
        rows.push(Row {
            price: price.to_owned(),
            stock: stock.to_owned(),
            line,
        });
    }
    if typed.is_empty() && !form.has_errors() {
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
        .change_by_table(&desk.act, desk.umkm, &typed, desk.today())
        .await;
    let outcome = match done {
        Ok(outcome) => outcome,
        Err(ProductError::NotFound) => return Err(Error::NotFound),
        Err(ProductError::Store(error)) => return Err(error.into()),
        Err(other) => return Err(Error::broken(other)),
    };
    ctx.flash(flash(&ctx, &desk, BatchKind::Table, &outcome))
        .await?;
    ctx.see(&desk.base)
}
