//! The list of orders, or a member's shares, as a file: the part of the list that its page shows, all of its pages.

use domain::{accounts::OrganisationKind, orders::OrderState, quantity::Packs};
use sheets::Cell;
use store::orders::{OrderRecord, ShareItem, Side};
use text::t;

use super::{
    index::{BUYER, COOPERATIVE, MEMBER, Part, part, zone},
    words::{Measure, order_mark, share_mark},
};
use crate::{
    ctx::{Ctx, SignedIn},
    downloads::{self, ROWS_MAX},
    error::Error,
    handler::Answer,
};

pub async fn page(ctx: Ctx, _: SignedIn) -> Answer {
    let acting = ctx.acting().ok_or(Error::Forbidden)?;
    let organisation = acting.organisation;
    match acting.kind {
        OrganisationKind::Umkm => {
            let export = downloads::begin(&ctx).await?;
            let (_, mut filter, _) = part(&ctx, MEMBER);
            filter.page = 1;
            let listed = ctx
                .store()
                .shares_by(organisation, &filter, ROWS_MAX)
                .await?;
            let headers = [
                "orders-head-number",
                "download-cooperative",
                "download-goods",
                "download-packs",
                "download-unit",
                "download-price-rupiah",
                "download-money-rupiah",
                "orders-head-state",
                "download-answer-by",
            ];
            let rows = listed.rows.iter().map(|row| share(&ctx, row)).collect();
            let headers = headers.map(|key| ctx.t(key)).to_vec();
            export
                .send(&ctx, &ctx.t("orders-title"), headers, rows, listed.found)
                .await
        }
        OrganisationKind::Buyer => {
            orders(&ctx, Side::Buyer(organisation), BUYER, "orders-head-seller").await
        }
        _ => {
            let side = Side::Cooperative(organisation);
            orders(&ctx, side, COOPERATIVE, "orders-head-buyer").await
        }
    }
}

async fn orders(
    ctx: &Ctx,
    side: Side,
    parts: &[Part<OrderState>],
    party_key: &'static str,
) -> Answer {
    let export = downloads::begin(ctx).await?;
    let (_, mut filter, _) = part(ctx, parts);
    filter.page = 1;
    let (records, found) = ctx.store().order_records(side, &filter, ROWS_MAX).await?;
    let headers = [
        "orders-head-number",
        "download-po",
        "download-date",
        party_key,
        "download-goods",
        "orders-head-state",
        "download-wanted",
        "download-packs",
        "download-given",
        "download-goods-rupiah",
        "download-ppn-rupiah",
        "download-freight-rupiah",
        "download-total-rupiah",
    ];
    let headers = headers.map(|key| ctx.t(key)).to_vec();
    let rows = records.iter().map(|record| order(ctx, record)).collect();
    export
        .send(ctx, &ctx.t("orders-title"), headers, rows, found)
        .await
}

fn order(ctx: &Ctx, record: &OrderRecord) -> Vec<Cell> {
    let lang = ctx.lang();
    let item = &record.item;
    let lines: Vec<String> = record
        .lines
        .iter()
        .map(|line| {
            let measure =
                Measure::new(&line.unit, line.carton_name.as_deref(), line.packs_per_unit);
            format!("{} {}", measure.part(lang, line.packs), line.title)
        })
        .collect();
    vec![
        item.number.as_str().into(),
        record.po_number.as_str().into(),
        Cell::Day(zone(ctx).day_of(item.created_at).iso()),
        item.party.as_str().into(),
        lines.join("; ").into(),
        t(lang, order_mark(item.state).1).into(),
        record
            .wanted_on
            .map_or(Cell::Empty, |day| Cell::Day(day.iso())),
        item.packs.into(),
        item.given_packs.into(),
        record.goods.0.into(),
        record.ppn.0.into(),
        record.freight.0.into(),
        item.total.0.into(),
    ]
}

fn share(ctx: &Ctx, item: &ShareItem) -> Vec<Cell> {
    let lang = ctx.lang();
    let packs = if item.state.holds_stock() {
        item.packs
    } else {
        item.proposed_packs
    };
    vec![
        item.number.as_str().into(),
        item.cooperative.as_str().into(),
        item.title.as_str().into(),
        packs.into(),
        Measure::new(&item.unit, None, 1).one(lang).into(),
        item.member_price.0.into(),
        item.member_price
            .times(Packs(packs))
            .map_or(Cell::Empty, |money| money.0.into()),
        t(lang, share_mark(item.state).1).into(),
        item.answer_by
            .map_or(Cell::Empty, |at| Cell::Day(zone(ctx).day_of(at).iso())),
    ]
}
