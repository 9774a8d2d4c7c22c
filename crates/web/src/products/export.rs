//! The owner's list as a file.

use sheets::Cell;
use store::products::{ListingFilter, ProductLine};
use text::units;

use crate::{
    ctx::{Ctx, Seller},
    downloads::{self, ROWS_MAX},
    handler::Answer,
};

pub async fn page(ctx: Ctx, seller: Seller) -> Answer {
    let export = downloads::begin(&ctx).await?;
    let filter = ListingFilter {
        shelf: ctx.query().first("shelf").parse().ok(),
        name: ctx.query().first("q").chars().take(80).collect(),
        page: 1,
        ..ListingFilter::default()
    };
    let listing = ctx
        .store()
        .products_by(seller.organisation, &filter, ROWS_MAX)
        .await?;
    let headers = [
        "products-head-name",
        "products-head-state",
        "download-unit",
        "download-price-rupiah",
        "download-on-hand",
        "download-free",
        "download-per-carton",
    ];
    let headers = headers.map(|key| ctx.t(key)).to_vec();
    let rows = listing.rows.iter().map(|line| cells(&ctx, line)).collect();
    export
        .send(&ctx, &ctx.t("products-title"), headers, rows, listing.found)
        .await
}

fn cells(ctx: &Ctx, line: &ProductLine) -> Vec<Cell> {
    let unit = line.unit.as_deref().and_then(|unit| unit.parse().ok());
    vec![
        line.name.as_str().into(),
        ctx.t(super::shelf_badge(line.shelf).0).into(),
        unit.map(|unit| units::unit(ctx.lang(), unit)).into(),
        line.price.map(|price| price.0).into(),
        line.on_hand.0.into(),
        line.free.0.into(),
        line.packs_per_carton.into(),
    ]
}
