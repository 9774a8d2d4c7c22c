//! The page of a verified cooperative: where it is, its catalogs, its offers.

use askama::Template;
use domain::{
    regions,
    time::{Instant, Zone},
};

use crate::{
    catalogs::terms::closes_words,
    ctx::Ctx,
    error::Error,
    handler::Answer,
    parts::{Crumb, OfferCard, Pager, Picture},
    photos,
    shell::Shell,
};

use super::{cards, page_number, viewer};

struct Catalog {
    href: String,
    title: String,
    words: String,
}

#[derive(Template)]
#[template(path = "market/cooperative.html")]
struct Page {
    shell: Shell,
    crumbs: Vec<Crumb>,
    name: String,
    place: String,
    kind: Option<String>,
    is_pkp: bool,
    verified_on: Option<String>,
    members: i64,
    catalogs: Vec<Catalog>,
    /// The way through them, where one page is not enough.
    catalogs_pager: Option<Pager>,
    offers: Vec<OfferCard>,
    pager: Pager,
    url: String,
    /// What messengers show: that of its first offer, or a drawn one.
    share_picture: String,
}

pub async fn page(ctx: Ctx) -> Answer {
    let slug: String = ctx.param("slug")?;
    let page = page_number(&ctx);
    let typed = ctx.query().first("catalogs").parse().unwrap_or(1_i64);
    let catalogs_page = typed.clamp(1, 10_000);
    let cooperative = ctx
        .store()
        .cooperative_page(&viewer(&ctx), ctx.now(), &slug, page, catalogs_page)
        .await?
        .ok_or(Error::NotFound)?;
    let shell = ctx.shell().await;
    let zone = Zone::of_region(&cooperative.region_code);
    let offers = cards::of(&ctx, &shell, &cooperative.offers).await?;
    let catalogs = cooperative
        .catalogs
        .iter()
        .map(|catalog| Catalog {
            href: format!("/catalogs/{}", catalog.id()),
            title: catalog.title.clone(),
            words: match catalog.closes_at {
                Some(at) => shell.t2(
                    "market-catalog-until",
                    "n",
                    catalog.offers,
                    "until",
                    closes_words(&shell, zone, Instant(at)),
                ),
                None => shell.t1("market-total", "n", catalog.offers),
            },
        })
        .collect();
    let regency = regions::name(&cooperative.region_code);
    let view = Page {
        crumbs: vec![Crumb::new("/cooperatives", shell.t("market-cooperatives"))],
        place: match &cooperative.village {
            Some(village) => format!("{village}, {regency}"),
            None => regency.to_owned(),
        },
        kind: cooperative
            .coop_kind
            .as_deref()
            .map(|kind| shell.t(&format!("market-coop-{}", kind.replace('_', "-")))),
        verified_on: cooperative
            .verified_at
            .map(|at| shell.date(zone.day_of(Instant(at)))),
        pager: cards::pager(
            &shell,
            page,
            cooperative.per_page,
            cooperative.offers_total,
            |n| match catalogs_page {
                1 => format!("/cooperatives/{}?page={n}", cooperative.slug),
                at => format!("/cooperatives/{}?page={n}&catalogs={at}", cooperative.slug),
            },
        ),
        catalogs_pager: (cooperative.catalogs_total > cooperative.catalogs_per_page).then(|| {
            let (rows, total) = (cooperative.catalogs_per_page, cooperative.catalogs_total);
            Pager::counted(
                (catalogs_page, rows, total),
                |first, last| {
                    shell.t3("catalogs-pager", "first", first, "last", last, "all", total)
                },
                |n| {
                    format!(
                        "/cooperatives/{}?page={page}&catalogs={n}",
                        cooperative.slug
                    )
                },
            )
        }),
        url: ctx
            .state()
            .absolute(&format!("/cooperatives/{}", cooperative.slug)),
        share_picture: ctx
            .state()
            .absolute(&photos::share_href(&offers.first().map_or_else(
                || Picture::new("barang", None),
                |offer| offer.picture.clone(),
            ))),
        name: cooperative.name,
        is_pkp: cooperative.is_pkp,
        members: cooperative.members,
        catalogs,
        offers,
        shell,
    };
    ctx.html(&view)
}
