//! All editions of a catalog with their dates and what each changed.

use askama::Template;
use domain::{
    catalogs::{Changes, OfferChange},
    ids::CatalogId,
    time::Zone,
};
use store::catalogs::{EditionRow, ManagedCatalog};

use crate::{
    ctx::{CoopReader, Ctx, Manager},
    error::Error,
    handler::{Answer, FromVisit, Id},
    market::{aspect_key, page_number},
    members::zone,
    parts::{Crumb, Pager},
    shell::Shell,
};

const PER_PAGE: i64 = 20;

#[derive(Template)]
#[template(path = "catalogs/editions.html")]
struct Page {
    shell: Shell,
    catalog: ManagedCatalog,
    rows: Vec<EditionRow>,
    pager: Pager,
    zone: Zone,
    may_write: bool,
}

pub async fn page(ctx: Ctx, reader: CoopReader, Id(id): Id<CatalogId>) -> Answer {
    let catalog = ctx
        .store()
        .managed_catalog(reader.organisation, id)
        .await?
        .ok_or(Error::NotFound)?;
    let number = page_number(&ctx);
    let (rows, total) = ctx
        .store()
        .editions_of(reader.organisation, id, number, PER_PAGE)
        .await?;
    let shell = ctx.shell().await;
    let pages = (total + PER_PAGE - 1) / PER_PAGE;
    let sentence = shell.t1("catalogs-editions-total", "n", total);
    let page = Page {
        pager: Pager::new(sentence, number, pages, |n| {
            format!("/catalogs/{id}/editions?page={n}")
        }),
        zone: zone(&ctx),
        may_write: Manager::from_visit(&ctx).is_ok(),
        shell,
        catalog,
        rows,
    };
    ctx.html(&page)
}

impl Page {
    fn crumbs(&self) -> Vec<Crumb> {
        vec![
            Crumb::new("/catalogs", self.shell.t("catalogs-title")),
            Crumb::new(
                match self.may_write {
                    true => format!("/catalogs/{}/edit", self.catalog.id),
                    false => format!("/catalogs/{}/editions", self.catalog.id),
                },
                &self.catalog.terms.title,
            ),
        ]
    }

    fn number(&self, row: &EditionRow) -> i64 {
        i64::from(row.number)
    }

    /// When, and by whom.
    fn when(&self, row: &EditionRow) -> String {
        let at = self.shell.date_time(row.published_at, self.zone);
        match &row.by {
            Some(name) => format!("{at} · {name}"),
            None => at,
        }
    }

    /// What this edition changed, as sentences.
    fn changes(&self, row: &EditionRow) -> Vec<String> {
        match &row.changes {
            None => vec![self.shell.t("catalogs-edition-first")],
            Some(changes) if changes.is_empty() => vec![self.shell.t("catalogs-edition-same")],
            Some(changes) => self.words(changes),
        }
    }

    fn words(&self, changes: &Changes) -> Vec<String> {
        let mut words: Vec<String> = [
            (changes.title, "market-change-catalog-title"),
            (changes.description, "market-change-catalog-text"),
            (changes.time, "market-change-catalog-time"),
            (changes.audience, "market-change-catalog-audience"),
        ]
        .into_iter()
        .filter(|(changed, _)| *changed)
        .map(|(_, key)| self.shell.t(key))
        .collect();
        for offer in &changes.offers {
            let told: Vec<String> = offer
                .changes
                .iter()
                .map(|change| self.of_offer(change))
                .collect();
            words.push(format!("{}: {}", offer.title, told.join(", ")));
        }
        words
    }

    fn of_offer(&self, change: &OfferChange) -> String {
        let shell = &self.shell;
        match change {
            OfferChange::Added => shell.t("market-change-added"),
            OfferChange::Removed => shell.t("market-change-removed"),
            OfferChange::Price { before, after, .. } => {
                let words = |price: &Option<domain::money::Rupiah>| {
                    price.map_or_else(|| "–".to_owned(), |price| price.to_string())
                };
                shell.t2(
                    "catalogs-change-price",
                    "before",
                    words(before),
                    "after",
                    words(after),
                )
            }
            OfferChange::Minimum { before, after } => shell.t2(
                "market-change-minimum",
                "before",
                before.0,
                "after",
                after.0,
            ),
            OfferChange::LeadTime { before, after } => shell.t2(
                "market-change-lead",
                "before",
                i64::from(*before),
                "after",
                i64::from(*after),
            ),
            OfferChange::Aspect(aspect) => shell.t(aspect_key(*aspect)),
        }
    }
}
