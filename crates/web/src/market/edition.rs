//! One edition of a catalog, in force or long over, exactly as its readers saw it, with what has changed since.

use askama::Template;
use domain::{
    accounts::OrganisationKind,
    catalogs::OfferChange,
    ids::{CatalogId, OrganisationId},
    regions,
    time::Zone,
};
use store::catalogs::EditionPage;

use super::{cards, goods::Goods, viewer};
use crate::{
    catalogs::terms::closes_words,
    ctx::Ctx,
    error::Error,
    handler::{Answer, Id},
    parts::Crumb,
    shell::Shell,
};

#[derive(Template)]
#[template(path = "market/edition.html")]
struct Page {
    shell: Shell,
    crumbs: Vec<Crumb>,
    here: String,
    place: String,
    published: String,
    replaced: Option<String>,
    closes: Option<String>,
    goods: Vec<Goods>,
    /// Names and addresses of what came since.
    added: Vec<(String, String)>,
    /// What changed about the catalog itself.
    changes: Vec<String>,
    is_own: bool,
    edition: EditionPage,
}

/// The cooperative that the visitor acts for: it reads all its own editions.
fn reader(ctx: &Ctx) -> Option<OrganisationId> {
    ctx.acting()
        .filter(|acting| acting.kind == OrganisationKind::Cooperative && acting.may_act())
        .map(|acting| acting.organisation)
}

/// The edition that the path names, as this visitor may see it.
pub(super) async fn find(ctx: &Ctx, catalog: CatalogId) -> Result<EditionPage, Error> {
    let number: i32 = ctx.param("edition")?;
    ctx.store()
        .edition_page(&viewer(ctx), reader(ctx), ctx.now(), catalog, number)
        .await?
        .ok_or(Error::NotFound)
}

/// Every good of an edition in words.
pub(super) fn goods(shell: &Shell, edition: &EditionPage) -> Vec<Goods> {
    edition
        .edition
        .offers
        .iter()
        .map(|offer| {
            Goods::new(
                shell,
                offer,
                &edition.names,
                edition.changes.of(offer.id),
                edition.live.iter().any(|id| id.0 == offer.id),
            )
        })
        .collect()
}

/// `Koperasi Produsen Rasa Alas Roban · Kab. Batang`.
pub(super) fn place(edition: &EditionPage) -> String {
    format!(
        "{} · {}",
        edition.issuer.name,
        regions::short_name(&edition.issuer.region_code)
    )
}

pub async fn page(ctx: Ctx, Id(id): Id<CatalogId>) -> Answer {
    let edition = find(&ctx, id).await?;
    let shell = ctx.shell().await;
    let zone = Zone::of_region(&edition.issuer.region_code);
    let changes = &edition.changes;
    let added = changes
        .offers
        .iter()
        .filter(|offer| offer.changes == [OfferChange::Added])
        .map(|offer| (offer.title.clone(), format!("/offers/{}", offer.id)))
        .collect();
    let of_catalog = [
        (changes.title, "market-change-catalog-title"),
        (changes.description, "market-change-catalog-text"),
        (changes.time, "market-change-catalog-time"),
        (changes.audience, "market-change-catalog-audience"),
    ]
    .into_iter()
    .filter(|(changed, _)| *changed)
    .map(|(_, key)| shell.t(key))
    .collect();
    let is_own = reader(&ctx) == Some(OrganisationId(edition.issuer.id));
    let page = Page {
        crumbs: crumbs(&shell, &edition, is_own),
        here: shell.t1("market-catalog-edition", "n", i64::from(edition.number)),
        place: place(&edition),
        published: shell.date_time(edition.published_at, zone),
        replaced: edition.replaced_at.map(|at| shell.date_time(at, zone)),
        closes: edition
            .edition
            .closes_at
            .map(|at| closes_words(&shell, zone, at)),
        goods: goods(&shell, &edition),
        added,
        changes: of_catalog,
        is_own,
        shell,
        edition,
    };
    ctx.html(&page)
}

/// Its own cooperative may not be among those whom the catalog is for, and goes back to the list of its editions.
fn crumbs(shell: &Shell, edition: &EditionPage, is_own: bool) -> Vec<Crumb> {
    let mut crumbs = vec![
        Crumb::new("/cooperatives", shell.t("market-cooperatives")),
        Crumb::new(
            format!("/cooperatives/{}", edition.issuer.slug),
            cards::short_name(&edition.issuer.name),
        ),
    ];
    if edition.is_open {
        crumbs.push(Crumb::new(
            match is_own {
                true => format!("/catalogs/{}/editions", edition.catalog),
                false => format!("/catalogs/{}", edition.catalog),
            },
            &edition.edition.title,
        ));
    }
    crumbs
}

impl Page {
    fn is_latest(&self) -> bool {
        self.edition.number == self.edition.latest
    }

    fn latest(&self) -> i64 {
        i64::from(self.edition.latest)
    }

    fn has_changed(&self) -> bool {
        !self.edition.changes.is_empty()
    }

    /// The manager's list.
    fn all(&self) -> String {
        format!("/catalogs/{}/editions", self.edition.catalog)
    }

    /// Where the sizes of the photo lie that this edition shows of a good; `None` for a drawn picture.
    fn photo(&self, good: &Goods) -> Option<String> {
        let photo = good.photo.id()?;
        Some(self.file(&format!("photos/{photo}")))
    }

    fn file(&self, kind: &str) -> String {
        format!(
            "/catalogs/{}/editions/{}/{kind}",
            self.edition.catalog, self.edition.number
        )
    }
}
