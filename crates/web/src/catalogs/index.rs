//! The cooperative's catalogs with what each shows now.

use askama::Template;
use domain::{
    catalogs::{Audience, CatalogState},
    time::{Instant, Zone},
};
use store::catalogs::{CATALOGS_PAGE, CatalogRow};

use super::terms::{audience_keys, closes_words};
use crate::{
    ctx::{CoopReader, Ctx, Manager},
    handler::{Answer, FromVisit},
    members::zone,
    parts::{Head, Pager},
    shell::Shell,
};

#[derive(Template)]
#[template(path = "catalogs/index.html")]
struct Page {
    shell: Shell,
    now: Instant,
    zone: Zone,
    rows: Vec<CatalogRow>,
    pager: Pager,
    may_write: bool,
}

pub async fn page(ctx: Ctx, reader: CoopReader) -> Answer {
    let page = ctx.query().first("page").parse().unwrap_or(1_i64);
    let (rows, total) = ctx.store().catalogs_of(reader.organisation, page).await?;
    let pages = (total + CATALOGS_PAGE - 1) / CATALOGS_PAGE;
    let number = page.clamp(1, pages.max(1));
    let shell = ctx.shell().await;
    let page = Page {
        pager: Pager::counted(
            (number, CATALOGS_PAGE, total),
            |first, last| shell.t3("catalogs-pager", "first", first, "last", last, "all", total),
            |page| format!("/catalogs?page={page}"),
        ),
        rows,
        shell,
        now: ctx.now(),
        zone: zone(&ctx),
        may_write: Manager::from_visit(&ctx).is_ok(),
    };
    ctx.html(&page)
}

/// Colour, word and icon of a catalog at a moment: what is published may open later or be over already.
pub(super) fn badge(
    shell: &Shell,
    state: CatalogState,
    opens_at: Instant,
    closes_at: Option<Instant>,
    now: Instant,
) -> (&'static str, String, &'static str) {
    let (kind, key, icon) = match state {
        CatalogState::Draft => ("", "catalogs-state-draft", "pencil"),
        CatalogState::Published if now < opens_at => ("wait", "catalogs-state-soon", "clock"),
        CatalogState::Published if closes_at.is_some_and(|closes| closes <= now) => {
            ("", "catalogs-state-closed", "cross")
        }
        CatalogState::Published => ("ok", "catalogs-state-open", "check"),
        CatalogState::Closed => ("", "catalogs-state-closed", "cross"),
        CatalogState::Archived => ("", "catalogs-state-archived", "archive"),
    };
    (kind, shell.t(key), icon)
}

impl Page {
    fn heads(&self) -> Vec<Head> {
        vec![
            Head::text(self.shell.t("catalogs-name")),
            Head::text(self.shell.t("catalogs-state")),
            Head::text(self.shell.t("catalogs-audience")),
            Head::text(self.shell.t("catalogs-time-label")),
            Head::number(self.shell.t("catalogs-offers")),
            Head::number(self.shell.t("catalogs-edition")),
        ]
    }

    fn badge(&self, row: &CatalogRow) -> (&'static str, String, &'static str) {
        badge(
            &self.shell,
            row.state.parse().unwrap_or(CatalogState::Archived),
            Instant(row.opens_at),
            row.closes_at.map(Instant),
            self.now,
        )
    }

    fn audience(&self, row: &CatalogRow) -> String {
        match row.audience.parse() {
            Ok(Audience::Buyers) => self.shell.t1("catalogs-named", "n", row.buyers),
            Ok(audience) => self.shell.t(audience_keys(audience).0),
            Err(_) => row.audience.clone(),
        }
    }

    fn time(&self, row: &CatalogRow) -> String {
        let opens = self.shell.date(self.zone.day_of(Instant(row.opens_at)));
        match row.closes_at {
            None => self.shell.t1("catalogs-from", "day", opens),
            Some(closes) => self.shell.t2(
                "catalogs-from-to",
                "from",
                opens,
                "to",
                closes_words(&self.shell, self.zone, Instant(closes)),
            ),
        }
    }

    /// Whoever may write goes to the form, others to what buyers saw.
    fn href(&self, row: &CatalogRow) -> String {
        match self.may_write {
            true => format!("/catalogs/{}/edit", row.id),
            false => format!("/catalogs/{}/editions", row.id),
        }
    }

    fn has_link(&self, row: &CatalogRow) -> bool {
        self.may_write || row.state == CatalogState::Published.as_str()
    }

    fn offers(&self, row: &CatalogRow) -> String {
        self.shell.t2(
            "catalogs-live-of",
            "live",
            row.live_offers,
            "all",
            row.offers,
        )
    }
}
