//! An offer of an edition in a reader's words: the same on the page, on paper and in a sheet.

use domain::{
    catalogs::{Aspect, EditionOffer, EditionPhoto, OfferChange},
    ids::OrganisationId,
    money::grouped,
    products::Content,
    quantity::Packs,
};
use std::collections::HashMap;

use crate::{parts::Head, shell::Shell};

use super::cards;

/// What is said about one offer.
pub struct Goods {
    pub id: String,
    pub title: String,
    /// The drawn picture, shown where there was no photo.
    pub picture: String,
    pub photo: EditionPhoto,
    pub description: String,
    /// Terms with what they mean.
    pub facts: Vec<(String, String)>,
    pub heads: Vec<Head>,
    /// Empty where the reader may not see prices.
    pub ladder: Vec<Vec<String>>,
    pub prices_shown: bool,
    pub bears_ppn: bool,
    /// What differs today.
    pub changes: Vec<String>,
    /// The reader can open its page.
    pub is_live: bool,
}

/// `10 dus (400 bungkus)` and the like of a stored offer.
fn units(shell: &Shell, offer: &EditionOffer, units: i64) -> String {
    cards::with_packs(
        shell,
        units,
        offer.packs_per_unit,
        &offer.unit,
        offer.carton_name.as_deref(),
    )
}

impl Goods {
    pub fn new(
        shell: &Shell,
        offer: &EditionOffer,
        names: &HashMap<OrganisationId, String>,
        changes: &[OfferChange],
        is_live: bool,
    ) -> Self {
        Self {
            id: offer.id.to_string(),
            title: offer.title.clone(),
            picture: offer.picture.clone(),
            photo: offer.photo.clone(),
            description: offer.description.clone(),
            facts: facts(shell, offer, names),
            heads: heads(shell, offer),
            ladder: ladder(shell, offer),
            prices_shown: offer.prices_shown,
            bears_ppn: offer.bears_ppn,
            changes: changes
                .iter()
                .map(|change| words_of(shell, offer, change))
                .collect(),
            is_live,
        }
    }
}

impl Goods {
    /// The heads of the ladder.
    pub fn columns(&self) -> Vec<Head> {
        self.heads.clone()
    }

    /// Whether a column of the ladder holds figures.
    pub fn is_number(&self, column: &usize) -> bool {
        self.heads.get(*column).is_some_and(|head| head.is_number)
    }
}

fn facts(
    shell: &Shell,
    offer: &EditionOffer,
    names: &HashMap<OrganisationId, String>,
) -> Vec<(String, String)> {
    let mut facts = Vec::new();
    if let Some(content) = content(offer) {
        facts.push((
            shell.t("market-fact-content"),
            shell.t2(
                "market-fact-content-per",
                "content",
                content.to_string(),
                "unit",
                cards::word(shell, &offer.unit),
            ),
        ));
    }
    if !offer.grades.is_empty() {
        facts.push((
            shell.t("market-fact-grade"),
            offer.grades.replace(',', ", "),
        ));
    }
    facts.push((
        shell.t("market-edition-minimum"),
        units(shell, offer, offer.minimum_units),
    ));
    if offer.multiple_units > 1 {
        facts.push((
            shell.t("market-edition-multiple"),
            units(shell, offer, offer.multiple_units),
        ));
    }
    facts.push((
        shell.t("market-edition-lead"),
        shell.t1("market-fact-days", "n", i64::from(offer.lead_time_days)),
    ));
    facts.push((
        shell.t("market-edition-delivery"),
        shell.t(&format!("market-delivery-{}", offer.delivery_basis)),
    ));
    if !offer.permits.is_empty() {
        let permits: Vec<String> = offer
            .permits
            .iter()
            .map(|kind| cards::permit(shell, kind))
            .collect();
        facts.push((shell.t("market-permits"), permits.join(", ")));
    }
    if !offer.sources.is_empty() {
        let sources: Vec<String> = offer
            .sources
            .iter()
            .map(|source| match names.get(&source.business) {
                Some(name) => format!("{name} ({})", source.place),
                None => source.place.clone(),
            })
            .collect();
        facts.push((shell.t("market-origin"), sources.join(", ")));
    }
    facts
}

pub fn content(offer: &EditionOffer) -> Option<Content> {
    let dimension = offer.content_dimension.as_deref()?.parse().ok()?;
    Some(Content {
        amount: offer.content_amount?,
        dimension,
    })
}

fn heads(shell: &Shell, offer: &EditionOffer) -> Vec<Head> {
    let mut heads = vec![Head::text(shell.t("market-ladder-quantity"))];
    let per = |unit: &str| shell.t1("market-ladder-per", "unit", cards::word(shell, unit));
    heads.push(Head::number(per(&offer.unit)));
    if let Some(carton) = &offer.carton_name {
        heads.push(Head::number(per(carton)));
    }
    heads
}

fn ladder(shell: &Shell, offer: &EditionOffer) -> Vec<Vec<String>> {
    let sold_in = offer.carton_name.as_deref().unwrap_or(&offer.unit);
    offer
        .prices
        .iter()
        .map(|row| {
            let from = shell.t1(
                "market-ladder-from",
                "from",
                cards::quantity(shell, row.min_units.0, sold_in),
            );
            // The grade shares its column, so that the table stays as narrow as a telephone.
            let from = match row.grade.0.as_str() {
                "" => from,
                grade => format!("{grade}, {from}"),
            };
            let mut cells = vec![from, row.buyer_price.to_string()];
            if offer.carton_name.is_some() {
                cells.push(
                    row.buyer_price
                        .times(Packs(offer.packs_per_unit))
                        .map_or_else(|_| String::new(), |price| price.to_string()),
                );
            }
            cells
        })
        .collect()
}

/// One change as a sentence; `offer` is as it was before it.
pub fn words_of(shell: &Shell, offer: &EditionOffer, change: &OfferChange) -> String {
    let sold_in = offer.carton_name.as_deref().unwrap_or(&offer.unit);
    match change {
        OfferChange::Added => shell.t("market-change-added"),
        OfferChange::Removed => shell.t("market-change-removed"),
        OfferChange::Price {
            grade,
            from_units,
            before,
            after,
        } => {
            let from = match grade.0.as_str() {
                "" => cards::quantity(shell, from_units.0, sold_in),
                grade => format!("{} {grade}", cards::quantity(shell, from_units.0, sold_in)),
            };
            match (before, after) {
                (Some(before), Some(after)) => shell.t3(
                    "market-change-price",
                    "from",
                    from,
                    "before",
                    before.to_string(),
                    "after",
                    after.to_string(),
                ),
                (Some(before), None) => shell.t2(
                    "market-change-price-gone",
                    "from",
                    from,
                    "before",
                    before.to_string(),
                ),
                (None, after) => shell.t2(
                    "market-change-price-new",
                    "from",
                    from,
                    "after",
                    after.map_or_else(String::new, |after| after.to_string()),
                ),
            }
        }
        OfferChange::Minimum { before, after } => shell.t2(
            "market-change-minimum",
            "before",
            grouped(before.0),
            "after",
            cards::quantity(shell, after.0, sold_in),
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

/// What changed where no figure can be named.
pub fn aspect_key(aspect: Aspect) -> &'static str {
    match aspect {
        Aspect::Name => "market-change-name",
        Aspect::Description => "market-change-description",
        Aspect::Packing => "market-change-packing",
        Aspect::Grades => "market-change-grades",
        Aspect::Permits => "market-change-permits",
        Aspect::Delivery => "market-change-delivery",
        Aspect::Tax => "market-change-tax",
        Aspect::Businesses => "market-change-businesses",
        Aspect::Picture => "market-change-picture",
        Aspect::Visibility => "market-change-visibility",
    }
}
