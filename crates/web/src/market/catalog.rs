//! An open catalog as its readers see it: the offers of one edition, in the cooperative's order.

use askama::Template;
use domain::{ids::CatalogId, regions, time::Zone};

use crate::{
    catalogs::terms::closes_words,
    ctx::Ctx,
    error::Error,
    handler::{Answer, Id},
    parts::{Crumb, OfferCard, Pager},
    shell::Shell,
};

use super::{cards, page_number, viewer};

#[derive(Template)]
#[template(path = "market/catalog.html")]
struct Page {
    shell: Shell,
    crumbs: Vec<Crumb>,
    title: String,
    place: String,
    edition: i64,
    /// This edition by itself.
    edition_href: String,
    closes: Option<String>,
    description: String,
    offers: Vec<OfferCard>,
    pager: Pager,
}

pub async fn page(ctx: Ctx, Id(id): Id<CatalogId>) -> Answer {
    let page = page_number(&ctx);
    let catalog = ctx
        .store()
        .catalog_page(&viewer(&ctx), ctx.now(), id, page)
        .await?
        .ok_or(Error::NotFound)?;
    let shell = ctx.shell().await;
    let zone = Zone::of_region(&catalog.region_code);
    let offers = cards::of(&ctx, &shell, &catalog.offers).await?;
    let view = Page {
        crumbs: vec![
            Crumb::new("/cooperatives", shell.t("market-cooperatives")),
            Crumb::new(
                format!("/cooperatives/{}", catalog.cooperative_slug),
                cards::short_name(&catalog.cooperative_name),
            ),
        ],
        place: format!(
            "{} · {}",
            catalog.cooperative_name,
            regions::short_name(&catalog.region_code)
        ),
        edition: i64::from(catalog.edition),
        edition_href: format!("/catalogs/{id}/editions/{}", catalog.edition),
        closes: catalog.closes_at.map(|at| closes_words(&shell, zone, at)),
        pager: cards::pager(&shell, page, catalog.per_page, catalog.offers_total, |n| {
            format!("/catalogs/{id}?page={n}")
        }),
        title: catalog.title,
        description: catalog.description,
        offers,
        shell,
    };
    ctx.html(&view)
}
