//! An edition to take away: on paper (PDF) and as a sheet (XLSX), both with pictures.
//!
//! A file holds what its reader may see and nothing else, and shows the photos that the edition showed. Making one is
//! bounded work ([`crate::turns`]) and counted for each reader.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use actix_web::{HttpResponse, http::header};
use domain::{
    catalogs::EditionOffer, ids::CatalogId, offers::PriceVisibility, quantity::Packs, regions,
    time::Zone,
};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use papers::{Block, Column, Good, Letterhead, Paper, Picture, Table};
use sheets::{
    Cell,
    catalog::{self, Catalog},
};
use store::catalogs::EditionPage;

use super::{
    cards, edition,
    goods::{self, Goods},
};
use crate::{
    assets,
    catalogs::terms::closes_words,
    ctx::Ctx,
    error::Error,
    handler::{Answer, Id},
    security,
    shell::Shell,
    turns,
};

/// Files one reader may have made in a quarter of an hour.
const FILES_MAX: i64 = 30;
const WINDOW_SECONDS: i64 = 15 * 60;
/// Photos read at once.
const READ_AT_ONCE: usize = 8;
/// Pixels of a picture in a file: 4 cm at 150 dpi.
const PICTURE_WIDTH: u32 = 240;

pub async fn pdf(ctx: Ctx, Id(id): Id<CatalogId>) -> Answer {
    let edition = edition::find(&ctx, id).await?;
    count(&ctx).await?;
    let shell = ctx.shell().await;
    let goods = edition::goods(&shell, &edition);
    let name = file_name(&edition, "pdf");
    let mut paper = paper(&ctx, &shell, &edition, &goods);
    let turn = ctx.state().turns.take().await?;
    let sources = sources(&ctx, &goods).await?;
    let bytes = turn
        .run(move || {
            let places = paper.blocks.iter_mut().filter_map(|block| match block {
                Block::Good(good) => Some(good),
                _ => None,
            });
            for (good, source) in places.zip(sources) {
                good.picture = source.picture();
            }
            paper.pdf()
        })
        .await?
        .map_err(Error::broken)?;
    security::note_export(&ctx, &name);
    Ok(file("application/pdf", &name, bytes))
}

pub async fn xlsx(ctx: Ctx, Id(id): Id<CatalogId>) -> Answer {
    let edition = edition::find(&ctx, id).await?;
    count(&ctx).await?;
    let shell = ctx.shell().await;
    let goods = edition::goods(&shell, &edition);
    let name = file_name(&edition, "xlsx");
    let mut sheet = sheet(&ctx, &shell, &edition, &goods);
    let turn = ctx.state().turns.take().await?;
    let sources = sources(&ctx, &goods).await?;
    let bytes = turn
        .run(move || {
            for (row, source) in sheet.goods.rows.iter_mut().zip(sources) {
                if let Some(picture) = source.picture() {
                    row.picture = Some(picture.jpeg.as_ref().clone());
                    row.words = picture.words;
                }
            }
            sheet.xlsx()
        })
        .await?
        .map_err(Error::broken)?;
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    security::note_export(&ctx, &name);
    Ok(file(kind, &name, bytes))
}

/// One more file for this reader (CHECKLIST G05).
async fn count(ctx: &Ctx) -> Result<(), Error> {
    let who = match (ctx.visitor(), ctx.ip()) {
        (Some(visitor), _) => visitor.person.to_string(),
        (None, Some(ip)) => ip.to_string(),
        (None, None) => String::new(),
    };
    turns::allow(ctx, &format!("files:{who}"), FILES_MAX, WINDOW_SECONDS).await
}

fn file(kind: &str, name: &str, bytes: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(kind)
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ))
        .body(bytes)
}

/// `rasa-alas-roban-panen-raya-edisi-2.pdf`: letters, digits and hyphens only (CHECKLIST E08).
fn file_name(edition: &EditionPage, ending: &str) -> String {
    let words = format!(
        "{} {}",
        cards::short_name(&edition.issuer.name),
        edition.edition.title
    );
    let mut name = String::new();
    for c in words.to_lowercase().chars().take(60) {
        match c {
            'a'..='z' | '0'..='9' => name.push(c),
            _ if !name.is_empty() && !name.ends_with('-') => name.push('-'),
            _ => {}
        }
    }
    let name = name.trim_end_matches('-');
    format!("{name}-edisi-{}.{ending}", edition.number)
}

/// What the picture of a good is made from.
struct Source {
    /// The JPEG of the photo that the edition showed.
    photo: Option<Vec<u8>>,
    /// The drawn picture of its kind.
    slug: String,
    words: String,
}

impl Source {
    fn picture(self) -> Option<Picture> {
        let photo = self.photo.and_then(|jpeg| {
            media::four_by_three(jpeg)
                .inspect_err(|error| tracing::warn!(%error, "photo of an edition not read"))
                .ok()
        });
        let jpeg = photo.map(Arc::new).or_else(|| drawn(&self.slug))?;
        let words = self.words;
        Some(Picture { jpeg, words })
    }
}

/// The photos of all goods, read before the file is made. One that is gone is told to the log; the drawing stands in.
async fn sources(ctx: &Ctx, goods: &[Goods]) -> Result<Vec<Source>, Error> {
    let media = &ctx.state().media;
    let reading: Vec<_> = goods
        .iter()
        .map(|good| {
            let hash = good.photo.file().cloned();
            async move {
                let Some(hash) = hash else {
                    return Ok(None);
                };
                let content = media.get(&hash).await?;
                if content.is_none() {
                    tracing::error!(%hash, "the file of a photo is gone");
                }
                Ok::<_, Error>(content)
            }
        })
        .collect();
    // Some at a time: they may lie on another machine.
    let mut photos = stream::iter(reading).buffered(READ_AT_ONCE);
    let mut sources = Vec::with_capacity(goods.len());
    for good in goods {
        sources.push(Source {
            photo: photos.try_next().await?.flatten(),
            slug: good.picture.clone(),
            words: good.title.clone(),
        });
    }
    Ok(sources)
}

/// A drawn picture as a JPEG; drawn once.
fn drawn(slug: &str) -> Option<Arc<Vec<u8>>> {
    static DRAWN: LazyLock<Mutex<HashMap<String, Arc<Vec<u8>>>>> = LazyLock::new(Mutex::default);
    let name = match format!("pictures/{slug}.svg") {
        name if assets::has(&name) => name,
        _ => "pictures/barang.svg".to_owned(),
    };
    let there = |name: &str| {
        let drawn = DRAWN.lock().unwrap_or_else(PoisonError::into_inner);
        drawn.get(name).cloned()
    };
    if let Some(jpeg) = there(&name) {
        return Some(jpeg);
    }
    let svg = assets::bytes(&name)?;
    match media::draw(&svg, PICTURE_WIDTH) {
        Ok(jpeg) => {
            let jpeg = Arc::new(jpeg);
            let mut drawn = DRAWN.lock().unwrap_or_else(PoisonError::into_inner);
            drawn.insert(name, jpeg.clone());
            Some(jpeg)
        }
        Err(error) => {
            tracing::warn!(%error, name, "picture not drawn");
            None
        }
    }
}

/// Name, address and numbers of the cooperative.
fn letterhead(shell: &Shell, edition: &EditionPage) -> Letterhead {
    let issuer = &edition.issuer;
    let filled = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
    let address = [
        filled(&issuer.address),
        filled(&issuer.village),
        Some(regions::short_name(&issuer.region_code)),
        filled(&issuer.postal_code),
    ];
    let numbers = [
        filled(&issuer.nib).map(|nib| format!("NIB {nib}")),
        filled(&issuer.npwp).map(|npwp| format!("NPWP {npwp}")),
    ];
    let contact = [
        filled(&issuer.phone).map(|phone| shell.t1("market-paper-phone", "phone", phone)),
        filled(&issuer.email),
    ];
    let joined = |parts: &[Option<String>], between: &str| {
        parts
            .iter()
            .flatten()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(between)
    };
    Letterhead {
        name: issuer.name.clone(),
        lines: [
            joined(&address, ", "),
            joined(&contact, " · "),
            joined(&numbers, " · "),
        ]
        .into_iter()
        .filter(|line| !line.is_empty())
        .collect(),
    }
}

fn address(ctx: &Ctx, edition: &EditionPage) -> String {
    ctx.state().absolute(&format!(
        "/catalogs/{}/editions/{}",
        edition.catalog, edition.number
    ))
}

/// Edition, times, and for whom the file is, where it holds what is not for everybody.
fn remarks(ctx: &Ctx, shell: &Shell, edition: &EditionPage) -> Vec<(String, String)> {
    let zone = Zone::of_region(&edition.issuer.region_code);
    let mut remarks = vec![
        (
            shell.t("market-paper-edition"),
            i64::from(edition.number).to_string(),
        ),
        (
            shell.t("market-paper-published"),
            shell.date_time(edition.published_at, zone),
        ),
    ];
    if let Some(at) = edition.edition.closes_at {
        remarks.push((shell.t("market-paper-until"), closes_words(shell, zone, at)));
    }
    let is_private = edition
        .edition
        .offers
        .iter()
        .any(|offer| offer.prices_shown && offer.price_visibility != PriceVisibility::Public);
    if let (true, Some(acting)) = (is_private, ctx.acting()) {
        remarks.push((
            shell.t("market-paper-for"),
            shell.t1("market-paper-private", "name", &acting.name),
        ));
    }
    remarks
}

fn tax_words(shell: &Shell, goods: &[Goods]) -> Option<String> {
    goods
        .iter()
        .any(|good| good.bears_ppn && good.prices_shown)
        .then(|| shell.t("market-paper-tax"))
}

fn paper(ctx: &Ctx, shell: &Shell, edition: &EditionPage, goods: &[Goods]) -> Paper {
    let here = shell.t1("market-catalog-edition", "n", i64::from(edition.number));
    let mut blocks = vec![Block::Facts(remarks(ctx, shell, edition))];
    if edition.replaced_at.is_some() {
        blocks.push(Block::Text(shell.t1(
            "market-edition-old",
            "n",
            i64::from(edition.latest),
        )));
    }
    if !edition.edition.description.is_empty() {
        blocks.push(Block::Text(edition.edition.description.clone()));
    }
    if let Some(words) = tax_words(shell, goods) {
        blocks.push(Block::Text(words));
    }
    for good in goods {
        let mut lines: Vec<String> = Vec::new();
        if !good.description.is_empty() {
            lines.extend(good.description.lines().map(str::to_owned));
        }
        lines.extend(
            good.facts
                .iter()
                .map(|(term, words)| format!("{term}: {words}")),
        );
        if !good.prices_shown {
            lines.push(shell.t("market-price-hidden"));
        }
        let columns = good
            .heads
            .iter()
            .map(|head| match head.is_number {
                true => Column::number(&head.label, 3),
                false => Column::text(&head.label, 4),
            })
            .collect();
        blocks.push(Block::Good(Good {
            picture: None,
            name: good.title.clone(),
            link: ctx.state().absolute(&format!("/offers/{}", good.id)),
            lines,
            table: (!good.ladder.is_empty()).then(|| Table {
                columns,
                rows: good.ladder.clone(),
            }),
        }));
    }
    Paper {
        lang: shell.lang,
        letterhead: letterhead(shell, edition),
        title: edition.edition.title.clone(),
        subtitle: here.clone(),
        blocks,
        address: address(ctx, edition),
        foot: format!("{} · {here}", edition.edition.title),
    }
}

fn sheet(ctx: &Ctx, shell: &Shell, edition: &EditionPage, goods: &[Goods]) -> Catalog {
    let mut lines = vec![edition.edition.title.clone(), edition::place(edition)];
    lines.extend(
        remarks(ctx, shell, edition)
            .into_iter()
            .map(|(term, words)| format!("{term}: {words}")),
    );
    lines.extend(tax_words(shell, goods));
    lines.push(address(ctx, edition));
    let head = |key: &str, width| (shell.t(key), width);
    let offers = &edition.edition.offers;
    Catalog {
        lines,
        goods: catalog::Page {
            name: shell.t("market-sheet-goods"),
            heads: vec![
                head("market-sheet-picture", 18),
                head("market-sheet-name", 34),
                head("market-fact-content", 14),
                head("market-sheet-unit", 12),
                head("market-sheet-packs", 12),
                head("market-sheet-minimum", 12),
                head("market-sheet-days", 12),
                head("market-sheet-details", 60),
            ],
            rows: offers
                .iter()
                .zip(goods)
                .map(|(offer, good)| catalog::Row {
                    link: ctx.state().absolute(&format!("/offers/{}", good.id)),
                    cells: goods_cells(shell, offer, good),
                    ..catalog::Row::default()
                })
                .collect(),
        },
        prices: catalog::Page {
            name: shell.t("market-sheet-prices"),
            heads: vec![
                head("market-sheet-name", 34),
                head("market-fact-grade", 10),
                head("market-sheet-from", 14),
                head("market-sheet-unit", 12),
                head("market-sheet-of", 12),
                head("market-sheet-price", 18),
                head("market-sheet-carton-price", 18),
            ],
            rows: offers
                .iter()
                .flat_map(|offer| price_rows(shell, offer))
                .collect(),
        },
    }
}

fn goods_cells(shell: &Shell, offer: &EditionOffer, good: &Goods) -> Vec<Cell> {
    let sold_in = offer.carton_name.as_deref().unwrap_or(&offer.unit);
    let details: Vec<String> = good
        .facts
        .iter()
        .map(|(term, words)| format!("{term}: {words}"))
        .collect();
    vec![
        "".into(),
        offer.title.as_str().into(),
        goods::content(offer)
            .map_or_else(String::new, |content| content.to_string())
            .into(),
        cards::word(shell, sold_in).into(),
        offer.packs_per_unit.into(),
        offer.minimum_units.into(),
        i64::from(offer.lead_time_days).into(),
        details.join("\n").into(),
    ]
}

fn price_rows(shell: &Shell, offer: &EditionOffer) -> Vec<catalog::Row> {
    let sold_in = offer.carton_name.as_deref().unwrap_or(&offer.unit);
    offer
        .prices
        .iter()
        .map(|row| {
            let carton: Cell = match row.buyer_price.times(Packs(offer.packs_per_unit)) {
                Ok(price) => price.0.into(),
                Err(_) => "".into(),
            };
            catalog::Row {
                cells: vec![
                    offer.title.as_str().into(),
                    row.grade.0.as_str().into(),
                    row.min_units.0.into(),
                    cards::word(shell, sold_in).into(),
                    cards::word(shell, &offer.unit).into(),
                    row.buyer_price.0.into(),
                    carton,
                ],
                ..catalog::Row::default()
            }
        })
        .collect()
}
