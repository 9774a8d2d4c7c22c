//! The cooperative's offers as a file.

use sheets::Cell;
use store::offers::{OfferFilter, OfferListRow};

use crate::{
    ctx::{CoopReader, Ctx},
    downloads,
    handler::Answer,
};

/// Each row asks for the pool behind it.
const ROWS_MAX: i64 = 1_000;

pub async fn page(ctx: Ctx, reader: CoopReader) -> Answer {
    let export = downloads::begin(&ctx).await?;
    let filter = OfferFilter {
        state: ctx.query().first("state").parse().ok(),
        search: ctx.query().first("q").chars().take(100).collect(),
        page: 1,
    };
    let (rows, found) = ctx
        .store()
        .offers_by(reader.organisation, &filter, ctx.now(), ROWS_MAX)
        .await?;
    let headers = [
        "offers-name",
        "offers-state",
        "offers-suppliers",
        "download-available",
        "download-unit",
        "download-price-low",
        "download-price-high",
        "offers-in-catalogs",
    ];
    let headers = headers.map(|key| ctx.t(key)).to_vec();
    let rows = rows.iter().map(|row| cells(&ctx, row)).collect();
    export
        .send(&ctx, &ctx.t("offers-title"), headers, rows, found)
        .await
}

fn cells(ctx: &Ctx, row: &OfferListRow) -> Vec<Cell> {
    let unit = row.carton_name.as_deref().unwrap_or(&row.unit);
    let unit = match unit.parse() {
        Ok(unit) => text::units::unit(ctx.lang(), unit),
        Err(_) => unit.to_owned(),
    };
    vec![
        row.title.as_str().into(),
        ctx.t(&format!("offers-state-{}", row.state)).into(),
        row.suppliers.into(),
        row.available.0.into(),
        unit.into(),
        row.prices.map(|(low, _)| low.0).into(),
        row.prices.map(|(_, high)| high.0).into(),
        row.catalogs.into(),
    ]
}
