//! The cooperative's offers: tabs by state, search, pages.

use askama::Template;
use domain::{money::grouped, offers::OfferState};
use store::{
    Store,
    offers::{OfferFilter, OfferListRow, StateCount},
};

use super::words;
use crate::{
    ctx::{CoopReader, Ctx, Manager},
    error::encode,
    handler::{Answer, FromVisit},
    parts::{Head, Pager, Tab},
    shell::Shell,
};

#[derive(Template)]
#[template(path = "offers/index.html")]
struct Page {
    shell: Shell,
    search: String,
    tabs: Vec<Tab>,
    rows: Vec<OfferListRow>,
    pager: Pager,
    /// Where this part of the list is to be had as a file.
    export: String,
    may_write: bool,
}

const TABS: [(Option<OfferState>, &str); 5] = [
    (None, "offers-tab-all"),
    (Some(OfferState::Live), "offers-state-live"),
    (Some(OfferState::Draft), "offers-state-draft"),
    (Some(OfferState::Paused), "offers-state-paused"),
    (Some(OfferState::Archived), "offers-state-archived"),
];

pub async fn page(ctx: Ctx, reader: CoopReader) -> Answer {
    let filter = OfferFilter {
        state: ctx.query().first("state").parse().ok(),
        search: ctx.query().first("q").chars().take(100).collect(),
        page: ctx
            .query()
            .first("page")
            .parse()
            .unwrap_or(1)
            .clamp(1, 10_000),
    };
    let counts = ctx.store().offer_counts(reader.organisation).await?;
    let (rows, total) = ctx
        .store()
        .offers_of(reader.organisation, &filter, ctx.now())
        .await?;
    let shell = ctx.shell().await;
    let count = |state: Option<OfferState>| -> i64 {
        counts
            .iter()
            .filter(|row: &&StateCount| match state {
                Some(state) => row.state == state.as_str(),
                None => row.state != OfferState::Archived.as_str(),
            })
            .map(|row| row.rows)
            .sum()
    };
    let tabs = TABS
        .iter()
        .map(|&(state, key)| Tab {
            href: match state {
                Some(state) => format!("/offers?state={state}"),
                None => "/offers".to_owned(),
            },
            label: shell.t(key),
            count: Some(count(state)),
            is_hot: false,
            is_current: state == filter.state,
        })
        .collect();
    let per_page = Store::offers_per_page();
    let state = filter.state.map_or("", OfferState::as_str);
    let query = encode(&filter.search);
    let first = (filter.page - 1) * per_page + 1;
    let last = first - 1 + i64::try_from(rows.len()).unwrap_or(0);
    let pager = Pager::new(
        shell.t3("offers-pager", "first", first, "last", last, "all", total),
        filter.page,
        (total + per_page - 1) / per_page,
        |page| format!("/offers?state={state}&q={query}&page={page}"),
    );
    let page = Page {
        export: format!("/offers/export?state={state}&q={query}&"),
        search: filter.search,
        tabs,
        rows,
        pager,
        may_write: Manager::from_visit(&ctx).is_ok(),
        shell,
    };
    ctx.html(&page)
}

impl Page {
    fn heads(&self) -> Vec<Head> {
        vec![
            Head::text(self.shell.t("offers-name")),
            Head::text(self.shell.t("offers-state")),
            Head::number(self.shell.t("offers-suppliers")),
            Head::number(self.shell.t("offers-available")),
            Head::number(self.shell.t("offers-price")),
            Head::number(self.shell.t("offers-in-catalogs")),
        ]
    }

    fn badge(&self, row: &OfferListRow) -> (&'static str, String, &'static str) {
        words::state_badge(&self.shell, &row.state)
    }

    fn available(&self, row: &OfferListRow) -> String {
        words::order_units(
            &self.shell,
            row.available,
            row.carton_name.as_deref(),
            &row.unit,
        )
    }

    fn price(&self, row: &OfferListRow) -> String {
        match row.prices {
            None => "–".to_owned(),
            Some((low, high)) if low == high => low.to_string(),
            Some((low, high)) => format!("{low}–{}", grouped(high.0)),
        }
    }
}
