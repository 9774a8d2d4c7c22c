//! Questions to the cooperative: what waits, what is answered, what is hidden.

use askama::Template;
use domain::time::{Instant, Zone};
use store::questions::{QuestionFilter, QuestionRow};

use crate::{
    ctx::{CoopReader, Ctx},
    handler::Answer,
    market::page_number,
    members::zone,
    parts::{Pager, Tab},
    shell::Shell,
};

const PER_PAGE: i64 = 30;

#[derive(Template)]
#[template(path = "questions/index.html")]
struct Page {
    shell: Shell,
    tabs: Vec<Tab>,
    rows: Vec<QuestionRow>,
    pager: Pager,
    zone: Zone,
    filter: QuestionFilter,
}

pub async fn page(ctx: Ctx, reader: CoopReader) -> Answer {
    let (filter, word) = match ctx.query().first("show") {
        "answered" => (QuestionFilter::Answered, "answered"),
        "hidden" => (QuestionFilter::Hidden, "hidden"),
        _ => (QuestionFilter::Waiting, "waiting"),
    };
    let number = page_number(&ctx);
    let (rows, total) = ctx
        .store()
        .questions_to(reader.organisation, filter, number, PER_PAGE)
        .await?;
    let shell = ctx.shell().await;
    let waiting = ctx.waiting().await?.questions;
    let tabs = [
        (QuestionFilter::Waiting, "waiting", "questions-waiting"),
        (QuestionFilter::Answered, "answered", "questions-answered"),
        (QuestionFilter::Hidden, "hidden", "questions-hidden"),
    ]
    .into_iter()
    .map(|(tab, word, key)| {
        let count = match tab {
            QuestionFilter::Waiting => Some(waiting),
            _ => (tab == filter).then_some(total),
        };
        Tab {
            href: format!("/questions?show={word}"),
            label: shell.t(key),
            count,
            is_hot: tab == QuestionFilter::Waiting && waiting > 0,
            is_current: tab == filter,
        }
    })
    .collect();
    let page = Page {
        pager: Pager::new(
            shell.t1("questions-total", "n", total),
            number,
            (total + PER_PAGE - 1) / PER_PAGE,
            |n| format!("/questions?show={word}&page={n}"),
        ),
        zone: zone(&ctx),
        tabs,
        shell,
        rows,
        filter,
    };
    ctx.html(&page)
}

impl Page {
    fn asked(&self, row: &QuestionRow) -> String {
        self.shell.date_time(Instant(row.asked_at), self.zone)
    }

    /// Colour, word and icon.
    fn badge(&self, row: &QuestionRow) -> (&'static str, String, &'static str) {
        match (row.answered_at, row.is_public) {
            (None, _) => ("wait", self.shell.t("questions-waiting"), "clock"),
            (Some(_), true) => ("ok", self.shell.t("questions-public"), "check"),
            (Some(_), false) => ("info", self.shell.t("questions-private"), "person"),
        }
    }

    fn empty_key(&self) -> &'static str {
        match self.filter {
            QuestionFilter::Waiting => "questions-none-waiting",
            QuestionFilter::Answered => "questions-none-answered",
            QuestionFilter::Hidden => "questions-none-hidden",
        }
    }
}
