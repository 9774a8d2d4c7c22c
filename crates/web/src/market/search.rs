//! Search with facets. The index answers; where it is missing or being made anew, the database does, and the page says so.

use std::time::Duration;

use askama::Template;
use domain::{ids::OfferId, money::Rupiah, offers::Viewer, regions, time::Zone};
use search::{Facets, Filters, Matched, Query, Ranges, Results, Search};
use store::offers::Wanted;

use crate::{
    ctx::Ctx,
    error::Error,
    handler::Answer,
    parts::{OfferCard, Pager},
    shell::Shell,
};

use super::{
    asked::{Asked, LEAST, PRICES, READY_DAYS, SORTS},
    cards,
    kinds::Kinds,
    throttle, viewer,
};

const PER_PAGE: i64 = 12;
/// After this long the database answers instead.
const PATIENCE: Duration = Duration::from_secs(1);
/// Values of a group that are not folded away; those chosen never are.
const VALUES_MAX: usize = 10;
/// Values folded away beside them: of five hundred regencies the fullest; a province brings its own to the top.
const MORE_MAX: usize = 30;
/// Kinds of goods are told apart below their category once no more categories than this are left.
const CATEGORIES_WITH_COMMODITIES: usize = 2;
/// Categories offered where nothing was found.
const RELATED: usize = 6;

/// A value of a facet.
struct Value {
    code: String,
    label: String,
    count: u64,
    checked: bool,
}

/// A group of values that can be ticked.
struct Group {
    name: &'static str,
    legend_key: &'static str,
    values: Vec<Value>,
    /// The rarer ones, folded.
    more: Vec<Value>,
}

/// A chosen filter, and the search without it.
struct Chip {
    label: String,
    href: String,
}

/// A price range that can be chosen, or left when it is.
struct Band {
    label: String,
    href: String,
    count: u64,
    chosen: bool,
}

struct Sorting {
    code: &'static str,
    label: String,
    is_chosen: bool,
}

#[derive(Template)]
#[template(path = "market/search.html")]
struct Page {
    shell: Shell,
    heading: String,
    asked: Asked,
    /// Everything but the sorting, for its form.
    kept: Vec<(&'static str, String)>,
    groups: Vec<Group>,
    ready: Vec<Value>,
    least: Vec<Value>,
    /// Price ranges: words, address, how many, chosen.
    prices: Vec<Band>,
    related: Vec<(String, String)>,
    /// The address of this page, the same however it was asked for.
    canonical: String,
    sorts: Vec<Sorting>,
    chips: Vec<Chip>,
    offers: Vec<OfferCard>,
    pager: Pager,
    /// How many there are, in words.
    found: String,
    /// How many the text alone finds, in words, and where.
    without_filters: Option<(String, String)>,
    corrected: Option<String>,
    suggestions: Vec<(String, String)>,
    only_some_words: bool,
    /// The index does not answer.
    plain: bool,
}

/// What came of a search, from whichever side.
struct Found {
    ids: Vec<OfferId>,
    total: i64,
    total_without_filters: i64,
    results: Option<Results>,
}

pub async fn page(ctx: Ctx) -> Answer {
    throttle::count(&ctx).await?;
    let asked = Asked::read(ctx.query());
    let shell = ctx.shell().await;
    let found = find(&ctx, &asked).await?;
    if found.results.is_none() {
        // The index is made anew this moment: nobody should keep this answer.
        ctx.keep_out();
    }
    let offers = cards::of(&ctx, &shell, &found.ids).await?;
    let names = Kinds::read(&ctx).await?;
    let facets = found.results.as_ref().map(|results| &results.facets);
    let groups = groups(&shell, &asked, facets, &names);
    let heading = match asked.text.as_str() {
        "" => shell.t("market-search-all"),
        text => shell.t1("market-search-heading", "text", text),
    };
    let results = found.results.as_ref();
    let prices = prices(&shell, &asked, facets);
    let related = if found.total == 0 {
        related(&ctx, &names).await
    } else {
        Vec::new()
    };
    let page = Page {
        heading,
        kept: asked
            .pairs()
            .into_iter()
            .filter(|(name, _)| *name != "sort")
            .collect(),
        chips: chips(&shell, &asked, &names),
        ready: READY_DAYS
            .iter()
            .zip(counts(facets.map(|facets| &facets.ready)))
            .map(|(days, count)| Value {
                code: days.to_string(),
                label: shell.t1("market-facet-days", "n", i64::from(*days)),
                count,
                checked: asked.ready == Some(*days),
            })
            .collect(),
        least: LEAST
            .iter()
            .zip(counts(facets.map(|facets| &facets.least)))
            .map(|(rupiah, count)| Value {
                code: rupiah.to_string(),
                label: shell.t1("market-chip-to", "price", Rupiah(*rupiah).to_string()),
                count,
                checked: asked.least == Some(*rupiah),
            })
            .filter(|step| step.count > 0 || step.checked)
            .collect(),
        prices,
        related,
        canonical: ctx.state().absolute(&asked.href(asked.page)),
        sorts: SORTS
            .iter()
            .map(|&(code, _, key)| Sorting {
                code,
                label: shell.t(key),
                is_chosen: code == asked.sort,
            })
            .collect(),
        pager: cards::pager(&shell, asked.page, PER_PAGE, found.total, |page| {
            asked.href(page)
        }),
        without_filters: (asked.filters() > 0 && found.total_without_filters > found.total).then(
            || {
                let n = found.total_without_filters;
                (
                    shell.t1("market-none-filters", "n", n),
                    asked.without_filters(),
                )
            },
        ),
        corrected: results.and_then(|results| results.corrected.clone()),
        suggestions: results
            .map(|results| results.suggestions.as_slice())
            .unwrap_or_default()
            .iter()
            .map(|text| (asked.but(|other| other.text.clone_from(text)), text.clone()))
            .collect(),
        only_some_words: results.is_some_and(|results| results.matched == Matched::Some),
        plain: results.is_none(),
        found: shell.t1("market-total", "n", found.total),
        groups,
        offers,
        asked,
        shell,
    };
    ctx.html(&page)
}

/// Counts of ranges, zeros where the index does not answer.
fn counts(counted: Option<&Vec<u64>>) -> impl Iterator<Item = u64> {
    let counted = counted.cloned().unwrap_or_default();
    counted.into_iter().chain(std::iter::repeat(0))
}

fn prices(shell: &Shell, asked: &Asked, facets: Option<&Facets>) -> Vec<Band> {
    PRICES
        .iter()
        .zip(counts(facets.map(|facets| &facets.price)))
        .map(|(range, count)| {
            let mut narrowed = asked.clone();
            narrowed.set_prices(*range);
            let prices = (narrowed.price_from, narrowed.price_to);
            let chosen = prices == (asked.price_from, asked.price_to);
            let price = if chosen { (None, None) } else { prices };
            Band {
                label: price_words(shell, prices.0, prices.1).unwrap_or_default(),
                href: asked.but(|other| (other.price_from, other.price_to) = price),
                count,
                chosen,
            }
        })
        .filter(|band| band.count > 0 || band.chosen)
        .collect()
}

/// `Sampai Rp10.000`, `Rp10.001–Rp25.000`, `Di atas Rp100.000`, `Mulai Rp7.500`.
fn price_words(shell: &Shell, from: Option<i64>, to: Option<i64>) -> Option<String> {
    let say = |key, rupiah| shell.t1(key, "price", Rupiah(rupiah).to_string());
    match (from, to) {
        (Some(from), Some(to)) => Some(format!("{}–{}", Rupiah(from), Rupiah(to))),
        (Some(from), None) if PRICES.last().is_some_and(|last| last.0 == from) => {
            Some(say("market-price-above", from - 1))
        }
        (Some(from), None) => Some(say("market-chip-from", from)),
        (None, Some(to)) => Some(say("market-chip-to", to)),
        (None, None) => None,
    }
}

/// Categories that do hold something for this visitor, fullest first.
async fn related(ctx: &Ctx, names: &Kinds) -> Vec<(String, String)> {
    let all = Asked::default();
    let Some(results) = ask_index(ctx, &all, &viewer(ctx)).await else {
        return Vec::new();
    };
    let fullest = results.facets.category.iter().take(RELATED);
    fullest
        .map(|(slug, _)| {
            let href = all.but(|other| other.categories = vec![slug.clone()]);
            (href, names.category(slug))
        })
        .collect()
}

/// The index first; the database where it does not answer.
async fn find(ctx: &Ctx, asked: &Asked) -> Result<Found, Error> {
    let eyes = viewer(ctx);
    if let Some(results) = ask_index(ctx, asked, &eyes).await {
        return Ok(Found {
            ids: results.hits.clone(),
            total: i64::try_from(results.total).unwrap_or(i64::MAX),
            total_without_filters: i64::try_from(results.total_without_filters).unwrap_or(0),
            results: Some(results),
        });
    }
    let mut regions = asked.regencies.clone();
    if regions.is_empty() {
        regions.clone_from(&asked.provinces);
    }
    let wanted = Wanted {
        text: asked.text.clone(),
        categories: asked.categories.clone(),
        commodities: asked.commodities.clone(),
        regions,
        certificates: asked.permits.clone(),
        price_from: asked.price_from,
        price_to: asked.price_to,
        least_to: asked.least,
        within_days: asked.ready,
        cooperative: (!asked.cooperative.is_empty()).then(|| asked.cooperative.clone()),
        page: asked.page,
        per_page: PER_PAGE,
    };
    ctx.state().metrics.searches_without_index.add(1);
    let found = ctx
        .store()
        .search_fallback(&eyes, ctx.now(), &wanted)
        .await?;
    Ok(Found {
        ids: found.ids,
        total: found.total,
        total_without_filters: 0,
        results: None,
    })
}

async fn ask_index(ctx: &Ctx, asked: &Asked, eyes: &Viewer) -> Option<Results> {
    let search: Search = ctx.state().search.clone()?;
    let today = Zone::Wib.day_of(ctx.now());
    let query = Query {
        text: asked.text.clone(),
        tokens: eyes.tokens(),
        filters: Filters {
            categories: asked.categories.clone(),
            commodities: asked.commodities.clone(),
            provinces: asked.provinces.clone(),
            regencies: asked.regencies.clone(),
            certificates: asked.permits.clone(),
            price_from: asked.price_from,
            price_to: asked.price_to,
            ready_by: asked.ready.map(|days| today.plus(days).0),
            least_to: asked.least,
            cooperative: (!asked.cooperative.is_empty()).then(|| asked.cooperative.clone()),
        },
        ranges: Ranges {
            prices: PRICES.to_vec(),
            ready_by: READY_DAYS.iter().map(|days| today.plus(*days).0).collect(),
            least_to: LEAST.to_vec(),
        },
        sort: asked.sort_order(),
        page: usize::try_from(asked.page).unwrap_or(1),
        per_page: usize::try_from(PER_PAGE).unwrap_or(24),
        now: ctx.now(),
    };
    let begun = std::time::Instant::now();
    let asking = tokio::task::spawn_blocking(move || {
        if search.needs_rebuild() {
            return None;
        }
        match search.search(&query) {
            Ok(results) => Some(results),
            Err(error) => {
                tracing::warn!(%error, "the index does not answer");
                None
            }
        }
    });
    let answer = tokio::time::timeout(PATIENCE, asking).await.ok()?.ok()?;
    if answer.is_some() {
        ctx.state().metrics.searches.add(begun.elapsed());
    }
    answer
}

fn groups(shell: &Shell, asked: &Asked, facets: Option<&Facets>, names: &Kinds) -> Vec<Group> {
    let Some(facets) = facets else {
        return Vec::new();
    };
    let group = |name,
                 legend_key,
                 counts: &[(String, u64)],
                 chosen: &[String],
                 label: &dyn Fn(&str) -> String| {
        let mut values: Vec<Value> = counts
            .iter()
            .map(|(code, count)| Value {
                label: label(code),
                checked: chosen.contains(code),
                code: code.clone(),
                count: *count,
            })
            .collect();
        // What is chosen stays in sight though nothing has it any more.
        for code in chosen {
            if !values.iter().any(|value| value.code == *code) {
                values.push(Value {
                    label: label(code),
                    checked: true,
                    code: code.clone(),
                    count: 0,
                });
            }
        }
        // What is chosen is never folded away; the order stays.
        let mut read = 0;
        values.retain(|value| {
            read += 1;
            read <= VALUES_MAX + MORE_MAX || value.checked
        });
        let mut shown = 0;
        let (values, more) = values.into_iter().partition(|value| {
            shown += 1;
            shown <= VALUES_MAX || value.checked
        });
        Group {
            name,
            legend_key,
            values,
            more,
        }
    };
    let province = |code: &str| regions::name(code).to_owned();
    let in_few = facets.category.len() <= CATEGORIES_WITH_COMMODITIES
        || !asked.categories.is_empty()
        || !asked.commodities.is_empty();
    let commodities: &[(String, u64)] = if in_few { &facets.commodity } else { &[] };
    let groups = [
        group(
            "category",
            "market-facet-category",
            &facets.category,
            &asked.categories,
            &|slug| names.category(slug),
        ),
        group(
            "commodity",
            "market-facet-commodity",
            commodities,
            &asked.commodities,
            &|slug| names.commodity(slug),
        ),
        group(
            "province",
            "market-facet-province",
            &facets.province,
            &asked.provinces,
            &province,
        ),
        group(
            "regency",
            "market-facet-regency",
            &facets.regency,
            &asked.regencies,
            &regions::short_name,
        ),
        group(
            "permit",
            "market-facet-permit",
            &facets.certificate,
            &asked.permits,
            &|kind| cards::permit(shell, kind),
        ),
    ];
    groups
        .into_iter()
        .filter(|group| !group.values.is_empty())
        .collect()
}

fn chips(shell: &Shell, asked: &Asked, names: &Kinds) -> Vec<Chip> {
    let mut chips = Vec::new();
    for slug in &asked.categories {
        chips.push(Chip {
            label: names.category(slug),
            href: asked.but(|other| other.categories.retain(|same| same != slug)),
        });
    }
    for slug in &asked.commodities {
        chips.push(Chip {
            label: names.commodity(slug),
            href: asked.but(|other| other.commodities.retain(|same| same != slug)),
        });
    }
    for code in &asked.provinces {
        chips.push(Chip {
            label: regions::name(code).to_owned(),
            href: asked.but(|other| other.provinces.retain(|same| same != code)),
        });
    }
    for code in &asked.regencies {
        chips.push(Chip {
            label: regions::short_name(code),
            href: asked.but(|other| other.regencies.retain(|same| same != code)),
        });
    }
    for kind in &asked.permits {
        chips.push(Chip {
            label: cards::permit(shell, kind),
            href: asked.but(|other| other.permits.retain(|same| same != kind)),
        });
    }
    if let Some(days) = asked.ready {
        chips.push(Chip {
            label: shell.t1("market-chip-ready", "n", i64::from(days)),
            href: asked.but(|other| other.ready = None),
        });
    }
    if let Some(rupiah) = asked.least {
        chips.push(Chip {
            label: shell.t1("market-chip-least", "price", Rupiah(rupiah).to_string()),
            href: asked.but(|other| other.least = None),
        });
    }
    if let Some(label) = price_words(shell, asked.price_from, asked.price_to) {
        chips.push(Chip {
            label,
            href: asked.but(|other| (other.price_from, other.price_to) = (None, None)),
        });
    }
    if !asked.cooperative.is_empty() {
        chips.push(Chip {
            label: shell.t("market-chip-cooperative"),
            href: asked.but(|other| other.cooperative.clear()),
        });
    }
    chips
}
