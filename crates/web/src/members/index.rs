//! The register: tabs by status, search, pages.

use askama::Template;
use domain::{members::MemberStatus, regions, time::Day};
use store::{
    Store,
    members::{MemberCount, MemberFilter, MemberRow},
};

use super::status_badge;
use crate::{
    ctx::{CoopReader, Ctx, Manager},
    error::encode,
    handler::{Answer, FromVisit},
    parts::{Head, Pager, Tab},
    shell::Shell,
};

/// A permit that lapses within so many days is named.
const LAPSES_SOON_DAYS: i32 = 30;

#[derive(Template)]
#[template(path = "members/index.html")]
struct Page {
    shell: Shell,
    today: Day,
    search: String,
    sentence: String,
    tabs: Vec<Tab>,
    rows: Vec<MemberRow>,
    pager: Pager,
    /// Where this part of the list is to be had as a file.
    export: String,
    /// The manager brings its register from a file.
    may_import: bool,
}

const TABS: [(Option<MemberStatus>, &str); 7] = [
    (None, "members-tab-all"),
    (Some(MemberStatus::Active), "members-tab-active"),
    (Some(MemberStatus::Candidate), "members-tab-candidate"),
    (Some(MemberStatus::Associate), "members-tab-associate"),
    (Some(MemberStatus::Applied), "members-tab-applied"),
    (Some(MemberStatus::Left), "members-tab-left"),
    (Some(MemberStatus::Declined), "members-tab-declined"),
];

pub async fn page(ctx: Ctx, reader: CoopReader) -> Answer {
    let filter = MemberFilter {
        status: ctx.query().first("status").parse().ok(),
        search: ctx.query().first("q").chars().take(100).collect(),
        page: ctx
            .query()
            .first("page")
            .parse()
            .unwrap_or(1)
            .clamp(1, 10_000),
    };
    let counts = ctx.store().member_counts(reader.organisation).await?;
    let (rows, total) = ctx.store().members(reader.organisation, &filter).await?;
    let shell = ctx.shell().await;
    let count = |status: Option<MemberStatus>| -> i64 {
        counts
            .iter()
            .filter(|row: &&MemberCount| match status {
                Some(status) => row.status == status.as_str(),
                None => row.status != MemberStatus::Declined.as_str(),
            })
            .map(|row| row.members)
            .sum()
    };
    let tabs = TABS
        .iter()
        .map(|&(status, key)| Tab {
            href: match status {
                Some(status) => format!("/members?status={status}"),
                None => "/members".to_owned(),
            },
            label: shell.t(key),
            count: Some(count(status)),
            is_hot: status == Some(MemberStatus::Applied) && count(status) > 0,
            is_current: status == filter.status,
        })
        .collect();
    let per_page = Store::members_per_page();
    let status = filter.status.map_or("", MemberStatus::as_str);
    let query = encode(&filter.search);
    let first = (filter.page - 1) * per_page + 1;
    let last = first - 1 + i64::try_from(rows.len()).unwrap_or(0);
    let pager = Pager::new(
        shell.t3("members-pager", "first", first, "last", last, "all", total),
        filter.page,
        (total + per_page - 1) / per_page,
        |page| format!("/members?status={status}&q={query}&page={page}"),
    );
    let page = Page {
        may_import: Manager::from_visit(&ctx).is_ok(),
        export: format!("/members/export?status={status}&q={query}&"),
        today: super::today(&ctx),
        sentence: shell.t2(
            "members-sentence",
            "all",
            count(None),
            "active",
            count(Some(MemberStatus::Active)),
        ),
        search: filter.search,
        tabs,
        rows,
        pager,
        shell,
    };
    ctx.html(&page)
}

impl Page {
    fn heads(&self) -> Vec<Head> {
        vec![
            Head::text(self.shell.t("members-name")),
            Head::number(self.shell.t("members-number")),
            Head::text(self.shell.t("members-since")),
            Head::text(self.shell.t("members-status")),
            Head::number(self.shell.t("members-products")),
            Head::text(self.shell.t("members-permits")),
        ]
    }

    fn badge(&self, row: &MemberRow) -> (&'static str, String, &'static str) {
        match row.status() {
            Ok(status) => {
                let (kind, key, icon) = status_badge(status);
                (kind, self.shell.t(key), icon)
            }
            Err(_) => ("", row.status.clone(), "pencil"),
        }
    }

    /// "Gringsing · Kab. Batang · ••01".
    fn under(&self, row: &MemberRow) -> String {
        place(row)
    }

    fn number(&self, row: &MemberRow) -> String {
        row.number.map_or_else(|| "–".to_owned(), |n| n.to_string())
    }

    /// The day it joined, or asked to.
    fn since(&self, row: &MemberRow) -> String {
        match row.joined_on() {
            Some(day) => text::format::date_short(self.shell.lang, day),
            None => "–".to_owned(),
        }
    }

    /// Kinds of permits that hold, each once.
    fn permits(&self, row: &MemberRow) -> String {
        let mut words: Vec<String> = Vec::new();
        for certificate in &row.certificates {
            if certificate
                .valid_until
                .is_some_and(|last| last < self.today.0)
            {
                continue;
            }
            if let Ok(kind) = certificate.kind.parse() {
                let word = text::units::permit(self.shell.lang, kind);
                if !words.contains(&word) {
                    words.push(word);
                }
            }
        }
        words.join(", ")
    }

    /// "Halal habis 27 September 2026", for the first that lapses soon.
    fn lapsing(&self, row: &MemberRow) -> Option<String> {
        let soon = self.today.plus(LAPSES_SOON_DAYS);
        row.certificates
            .iter()
            .filter_map(|certificate| {
                let last = certificate.valid_until?;
                let kind = certificate.kind.parse().ok()?;
                (self.today.0..=soon.0)
                    .contains(&last)
                    .then_some((last, kind))
            })
            .min_by_key(|(last, _)| *last)
            .map(|(last, kind)| {
                self.shell.t2(
                    "members-lapses",
                    "permit",
                    text::units::permit(self.shell.lang, kind),
                    "day",
                    text::format::date_short(self.shell.lang, Day(last)),
                )
            })
    }
}

/// Village, regency and the end of the phone number.
pub(super) fn place(row: &MemberRow) -> String {
    let mut parts: Vec<String> = Vec::new();
    parts.extend(row.village.clone());
    parts.push(regions::short_name(&row.region_code));
    parts.extend(row.phone_end.as_ref().map(|end| format!("•••• {end}")));
    parts.join(" · ")
}
