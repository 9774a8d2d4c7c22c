//! Offers of the store in the words of a reader.

use domain::{ids::OfferId, money::grouped, regions};
use store::offers::{OfferCard, Shown};

use crate::{
    ctx::Ctx,
    error::Error,
    parts::{self, Bar, Pager, Picture},
    shell::Shell,
};

use super::viewer;

/// Cards of the offers among `ids` that this visitor may see, in that order.
pub(crate) async fn of(
    ctx: &Ctx,
    shell: &Shell,
    ids: &[OfferId],
) -> Result<Vec<parts::OfferCard>, Error> {
    if ctx.visitor().is_none() {
        let cards = ctx.state().pages.cards(ctx, ids).await?;
        return Ok(cards.iter().map(|offer| card(shell, offer)).collect());
    }
    let cards = ctx
        .store()
        .offer_cards(&viewer(ctx), ctx.now(), ids)
        .await?;
    Ok(cards.iter().map(|offer| card(shell, offer)).collect())
}

fn card(shell: &Shell, offer: &OfferCard) -> parts::OfferCard {
    let unit = offer.carton_name.as_deref().unwrap_or(&offer.unit);
    let price = offer.price.as_ref();
    let pooled = shell.t2(
        "market-card-pooled",
        "n",
        offer.businesses,
        "available",
        available(shell, offer.available, unit),
    );
    parts::OfferCard {
        href: format!("/offers/{}", offer.id),
        picture: Picture::new(&offer.picture, offer.photo.as_ref()),
        name: offer.title.clone(),
        origin: format!(
            "{} · {}",
            short_name(&offer.cooperative_name),
            regions::short_name(&offer.region_code)
        ),
        price: price.map_or_else(String::new, |price| price.at_minimum.to_string()),
        unit: format!("/ {}", word(shell, &offer.unit)),
        ladder: price
            .and_then(|price| price.best)
            .map_or_else(String::new, |(rupiah, from)| {
                shell.t2(
                    "market-card-ladder",
                    "price",
                    rupiah.to_string(),
                    "from",
                    quantity(shell, from.0, unit),
                )
            }),
        minimum: shell.t1(
            "market-card-minimum",
            "least",
            with_packs(
                shell,
                offer.least.0,
                offer.packs_per_unit,
                &offer.unit,
                offer.carton_name.as_deref(),
            ),
        ),
        permits: offer
            .permits
            .iter()
            .map(|kind| permit(shell, kind))
            .collect(),
        bar: Bar::one_colour(pooled.clone(), &offer.parts),
        pooled,
    }
}

/// `150 dus siap`, `> 500 dus siap`, `belum ada yang siap`.
pub(crate) fn available(shell: &Shell, shown: Shown, unit: &str) -> String {
    match shown {
        _ if shown.is_none() => shell.t("market-available-none"),
        Shown::Units(units) => shell.t1(
            "market-available",
            "quantity",
            quantity(shell, units.0, unit),
        ),
        Shown::Band(band) => match band.more_than() {
            Some(floor) => {
                let more = format!("> {} {}", grouped(floor), words(shell, floor, unit));
                shell.t1("market-available", "quantity", more)
            }
            None => shell.t1(
                "market-available",
                "quantity",
                format!("1–10 {}", words(shell, 10, unit)),
            ),
        },
    }
}

/// `10 dus (400 bungkus)`, or `20 lembar` where single packs are sold.
pub(crate) fn with_packs(
    shell: &Shell,
    units: i64,
    packs_per_unit: i64,
    unit: &str,
    carton: Option<&str>,
) -> String {
    match carton {
        Some(carton) => format!(
            "{} ({})",
            quantity(shell, units, carton),
            quantity(shell, units.saturating_mul(packs_per_unit), unit)
        ),
        None => quantity(shell, units, unit),
    }
}

pub(crate) fn quantity(shell: &Shell, count: i64, unit: &str) -> String {
    text::units::count_of(shell.lang, count, unit)
}

/// `bungkus`, `pack`.
pub(crate) fn word(shell: &Shell, unit: &str) -> String {
    words(shell, 1, unit)
}

fn words(shell: &Shell, count: i64, unit: &str) -> String {
    match unit.parse() {
        Ok(known) => text::units::units(shell.lang, count, known),
        Err(_) => unit.to_owned(),
    }
}

pub(crate) fn permit(shell: &Shell, kind: &str) -> String {
    match kind.parse() {
        Ok(known) => text::units::permit(shell.lang, known),
        Err(_) => kind.to_owned(),
    }
}

/// The name without `Koperasi` and its kind, for narrow places: `Rasa Alas Roban`.
pub(crate) fn short_name(name: &str) -> &str {
    const KINDS: &[&str] = &[
        "Koperasi",
        "Produsen",
        "Konsumen",
        "Pemasaran",
        "Jasa",
        "Multi Pihak",
    ];
    let mut rest = name;
    for kind in KINDS {
        if let Some(after) = rest
            .strip_prefix(kind)
            .and_then(|after| after.strip_prefix(' '))
        {
            rest = after;
        }
    }
    rest
}

/// The way through a list of offers.
pub(crate) fn pager(
    shell: &Shell,
    page: i64,
    per_page: i64,
    total: i64,
    href: impl Fn(i64) -> String,
) -> Pager {
    let pages = (total + per_page - 1) / per_page.max(1);
    let first = (page - 1) * per_page + 1;
    let sentence = if total == 0 || first > total {
        shell.t1("market-total", "n", total)
    } else {
        shell.t3(
            "market-range",
            "first",
            first,
            "last",
            total.min(page * per_page),
            "n",
            total,
        )
    };
    Pager::new(sentence, page, pages, href)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_of_a_cooperative_is_left_out_of_narrow_places() {
        assert_eq!(
            short_name("Koperasi Produsen Rasa Alas Roban"),
            "Rasa Alas Roban"
        );
        assert_eq!(
            short_name("Koperasi Produsen Multi Pihak Rinjani Timur"),
            "Rinjani Timur"
        );
        assert_eq!(short_name("Koperasi Jasa"), "Jasa");
        assert_eq!(short_name("Tani Maju"), "Tani Maju");
    }
}
