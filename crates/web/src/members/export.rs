//! The register as a file. Of a phone number only the end, as on the page (DOMAIN P-2).

use domain::regions;
use sheets::Cell;
use store::members::{MemberFilter, MemberRow};

use super::status_badge;
use crate::{
    ctx::{CoopReader, Ctx},
    downloads::{self, ROWS_MAX},
    handler::Answer,
};

pub async fn page(ctx: Ctx, reader: CoopReader) -> Answer {
    let export = downloads::begin(&ctx).await?;
    let filter = MemberFilter {
        status: ctx.query().first("status").parse().ok(),
        search: ctx.query().first("q").chars().take(100).collect(),
        page: 1,
    };
    let (rows, found) = ctx
        .store()
        .members_by(reader.organisation, &filter, ROWS_MAX)
        .await?;
    let headers = [
        "members-number",
        "members-name",
        "members-status",
        "download-joined",
        "download-village",
        "download-region",
        "download-phone-end",
        "members-products",
    ];
    let headers = headers.map(|key| ctx.t(key)).to_vec();
    let rows = rows.iter().map(|row| cells(&ctx, row)).collect();
    export
        .send(&ctx, &ctx.t("members-title"), headers, rows, found)
        .await
}

fn cells(ctx: &Ctx, row: &MemberRow) -> Vec<Cell> {
    let status = match row.status() {
        Ok(status) => ctx.t(status_badge(status).1),
        Err(_) => row.status.clone(),
    };
    vec![
        row.number.map(i64::from).into(),
        row.name.as_str().into(),
        status.into(),
        row.joined_on()
            .map_or(Cell::Empty, |day| Cell::Day(day.iso())),
        row.village.clone().into(),
        regions::name(&row.region_code).into(),
        row.phone_end.clone().into(),
        row.products.into(),
    ]
}
