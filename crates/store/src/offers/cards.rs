//! Offers in lists, as one viewer may see them: a fixed number of queries for a whole page.

use std::collections::HashMap;

use domain::ids::{OfferId, OrganisationId};
use domain::money::Rupiah;
use domain::offers::{Band, Viewer};
use domain::quantity::Units;
use domain::time::{Day, Instant, Zone};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use crate::error::Error;
use crate::offers::facts::list;
use crate::offers::origin::{self, Sources};
use crate::offers::visibility::{LIVE_BY_ID, price_shown, visible_by_id};
use crate::photos::Photo;
use crate::sql::{Sql, placeholders};
use crate::supplies::{self, PoolTerms, Supply};
use crate::write::Store;

/// How much there is: a band for everybody, the figure for whoever is signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    Band(Band),
    Units(Units),
}

impl Shown {
    pub(crate) fn to(viewer: &Viewer, units: Units) -> Self {
        if viewer.signed_in {
            Self::Units(units)
        } else {
            Self::Band(Band::of(units))
        }
    }

    #[must_use]
    pub fn is_none(self) -> bool {
        match self {
            Self::Band(band) => band == Band::NONE,
            Self::Units(units) => units.0 <= 0,
        }
    }
}

/// Prices of the best grade, per sale unit and without PPN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CardPrice {
    /// At the least quantity of an order.
    pub at_minimum: Rupiah,
    /// The lowest tier and from how many units on, where it is another one.
    pub best: Option<(Rupiah, Units)>,
}

/// A pooled offer in a list.
#[derive(Clone, Debug)]
pub struct OfferCard {
    pub id: OfferId,
    pub title: String,
    /// Slug of the drawn picture, for an offer without a photo.
    pub picture: String,
    pub photo: Option<Photo>,
    pub cooperative: OrganisationId,
    pub cooperative_slug: String,
    pub cooperative_name: String,
    pub region_code: String,
    pub unit: String,
    pub carton_name: Option<String>,
    pub packs_per_unit: i64,
    /// Least quantity of an order, a multiple of the step.
    pub least: Units,
    pub lead_time_days: i32,
    /// `None` where the viewer may not see it.
    pub price: Option<CardPrice>,
    /// Kinds that every pooled product has.
    pub permits: Vec<String>,
    /// Each business's part in packs; equal parts where the viewer sees no figures.
    pub parts: Vec<i64>,
    pub businesses: usize,
    /// In units.
    pub available: Shown,
}

/// The row of an offer that pages for buyers start from.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct OfferRow {
    pub id: Uuid,
    pub cooperative_id: Uuid,
    pub cooperative_slug: String,
    pub cooperative_name: String,
    pub region_code: String,
    pub is_pkp: bool,
    pub verification: String,
    pub title: String,
    pub description: String,
    pub category_id: String,
    pub category_name_id: String,
    pub category_name_en: String,
    pub commodity_id: String,
    pub commodity_name_id: String,
    pub commodity_name_en: String,
    pub picture: String,
    pub unit: String,
    pub content_amount: Option<i64>,
    pub content_dimension: Option<String>,
    pub carton_name: Option<String>,
    pub packs_per_unit: i64,
    pub mixed_carton: String,
    pub grades: String,
    pub required_certificates: String,
    pub minimum_units: i64,
    pub multiple_units: i64,
    pub lead_time_days: i32,
    pub rule: String,
    pub delivery_basis: String,
    pub ppn_treatment: String,
    pub price_visibility: String,
    pub version: i64,
    /// 1 where the viewer may see prices.
    pub price_shown: i64,
}

const ROW: &str = "o.id, o.cooperative_id, c.slug AS cooperative_slug, c.name AS cooperative_name, c.region_code, \
    c.is_pkp, c.verification, o.title, o.description, o.category_id, g.name_id AS category_name_id, \
    g.name_en AS category_name_en, o.commodity_id, k.name_id AS commodity_name_id, k.name_en AS commodity_name_en, \
    k.picture, o.unit, o.content_amount, o.content_dimension, o.carton_name, o.packs_per_unit, o.mixed_carton, \
    o.grades, o.required_certificates, o.minimum_units, o.multiple_units, o.lead_time_days, o.rule, \
    o.delivery_basis, o.ppn_treatment, o.price_visibility, o.version";

const JOINS: &str = "FROM offers o JOIN organisations c ON c.id = o.cooperative_id \
    JOIN categories g ON g.id = o.category_id JOIN commodities k ON k.id = o.commodity_id";

#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct PriceRecord {
    pub offer_id: Uuid,
    pub grade: String,
    pub minimum_units: i64,
    pub buyer_price_rupiah: i64,
}

impl OfferRow {
    pub fn offer(&self) -> OfferId {
        OfferId(self.id)
    }

    pub fn zone(&self) -> Zone {
        Zone::of_region(&self.region_code)
    }

    /// The first day for which an order placed now is promised.
    pub fn delivery(&self, now: Instant) -> Day {
        self.zone().day_of(now).plus(self.lead_time_days)
    }

    /// Best grade first; one nameless grade where goods are pooled without grades.
    pub fn grades(&self) -> Vec<String> {
        let grades = list(&self.grades);
        if grades.is_empty() {
            vec![String::new()]
        } else {
            grades
        }
    }

    /// The least quantity that keeps minimum and multiple.
    pub fn least(&self) -> Units {
        let step = self.multiple_units.max(1);
        let minimum = self.minimum_units.max(1);
        Units(steps(minimum, step).saturating_mul(step))
    }

    pub fn terms(&self, delivery: Day) -> PoolTerms {
        PoolTerms {
            offer: self.offer(),
            required_certificates: list(&self.required_certificates),
            delivery,
        }
    }

    pub fn pooled(&self, pool: &[Supply]) -> Units {
        supplies::pooled_units(
            pool,
            self.offer(),
            &self.grades(),
            self.packs_per_unit,
            &self.mixed_carton,
        )
    }

    pub fn picture(&self) -> String {
        domain::products::picture(&self.picture, &self.title)
    }
}

/// Steps of `step` that reach `minimum`, both positive.
fn steps(minimum: i64, step: i64) -> i64 {
    minimum / step + i64::from(minimum % step != 0)
}

/// The offers among `ids` that the viewer may see, in the order of `ids`; without `viewer`, whoever may see them.
pub(crate) async fn rows(
    sql: &impl Sql,
    viewer: Option<&Viewer>,
    now: Instant,
    ids: &[OfferId],
) -> Result<Vec<OfferRow>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut values: Vec<Value> = Vec::new();
    let (shown, condition) = match viewer {
        Some(viewer) => {
            let (shown, price_values) = price_shown(viewer, now, 1);
            let (condition, visible_values) = visible_by_id(viewer, now, price_values.len() + 1);
            values.extend(price_values);
            values.extend(visible_values);
            (format!("CASE WHEN {shown} THEN 1 ELSE 0 END"), condition)
        }
        None => ("1".to_owned(), LIVE_BY_ID.to_owned()),
    };
    let first = values.len() + 1;
    values.extend(ids.iter().map(|id| Value::from(id.0)));
    let mut found: Vec<OfferRow> = sql
        .rows(
            format!(
                "SELECT {ROW}, CAST({shown} AS BIGINT) AS price_shown {JOINS} WHERE {condition} AND o.id IN ({})",
                placeholders(first, ids.len())
            ),
            values,
        )
        .await?;
    let place: HashMap<Uuid, usize> = ids.iter().map(|id| id.0).zip(0..).collect();
    found.sort_by_key(|row| place.get(&row.id).copied());
    Ok(found)
}

/// Buyer prices of the offers whose prices may be seen.
pub(crate) async fn prices(sql: &impl Sql, offers: &[OfferRow]) -> Result<Vec<PriceRecord>, Error> {
    let ids: Vec<Uuid> = offers
        .iter()
        .filter(|offer| offer.price_shown == 1)
        .map(|offer| offer.id)
        .collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    sql.rows(
        format!(
            "SELECT offer_id, grade, minimum_units, buyer_price_rupiah FROM offer_prices WHERE offer_id IN ({}) \
             ORDER BY offer_id, grade, minimum_units",
            placeholders(1, ids.len())
        ),
        ids.into_iter().map(Value::from),
    )
    .await
}

impl Store {
    /// Cards of the offers among `ids` that the viewer may see, in the order of `ids`; the others are missing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn offer_cards(
        &self,
        viewer: &Viewer,
        now: Instant,
        ids: &[OfferId],
    ) -> Result<Vec<OfferCard>, Error> {
        let offers = rows(self, Some(viewer), now, ids).await?;
        let prices = prices(self, &offers).await?;
        let ids: Vec<Uuid> = offers.iter().map(|offer| offer.id).collect();
        let sources = origin::sources(self, &ids).await?;
        let terms: Vec<PoolTerms> = offers
            .iter()
            .map(|offer| offer.terms(offer.delivery(now)))
            .collect();
        let live: Vec<OfferId> = offers.iter().map(OfferRow::offer).collect();
        let lots = supplies::lots_with(self, &live, sources.certificates()).await?;
        let pool = lots.pools(&terms);
        let mut photos = self.offer_photos(&live).await?;
        Ok(offers
            .iter()
            .map(|offer| {
                let photo = photos.remove(&offer.offer());
                OfferCard {
                    photo,
                    ..card(offer, viewer, now, &prices, &sources, &pool)
                }
            })
            .collect())
    }
}

fn card(
    offer: &OfferRow,
    viewer: &Viewer,
    now: Instant,
    prices: &[PriceRecord],
    sources: &Sources,
    pool: &[Supply],
) -> OfferCard {
    let id = offer.offer();
    let businesses = sources.businesses(id);
    OfferCard {
        id,
        title: offer.title.clone(),
        picture: offer.picture(),
        photo: None,
        cooperative: OrganisationId(offer.cooperative_id),
        cooperative_slug: offer.cooperative_slug.clone(),
        cooperative_name: offer.cooperative_name.clone(),
        region_code: offer.region_code.clone(),
        unit: offer.unit.clone(),
        carton_name: offer.carton_name.clone(),
        packs_per_unit: offer.packs_per_unit,
        least: offer.least(),
        lead_time_days: offer.lead_time_days,
        price: card_price(offer, prices),
        permits: sources.common_permits(id, offer.delivery(now)),
        parts: parts(id, viewer, sources, pool),
        businesses,
        available: Shown::to(viewer, offer.pooled(pool)),
    }
}

/// Each business's free packs, largest first; equal parts where figures are not shown.
fn parts(offer: OfferId, viewer: &Viewer, sources: &Sources, pool: &[Supply]) -> Vec<i64> {
    if !viewer.signed_in {
        return vec![1; sources.businesses(offer)];
    }
    let mut free: HashMap<OrganisationId, i64> = HashMap::new();
    for supply in pool.iter().filter(|supply| supply.offer == offer) {
        *free.entry(supply.supplier).or_default() += supply.free.0;
    }
    let mut parts: Vec<i64> = free.into_values().filter(|packs| *packs > 0).collect();
    parts.sort_unstable_by(|a, b| b.cmp(a));
    parts
}

pub(crate) fn card_price(offer: &OfferRow, prices: &[PriceRecord]) -> Option<CardPrice> {
    let grade = offer.grades().into_iter().next().unwrap_or_default();
    let tiers: Vec<&PriceRecord> = prices
        .iter()
        .filter(|price| price.offer_id == offer.id && price.grade == grade)
        .collect();
    let least = offer.least();
    let at_minimum = tiers
        .iter()
        .rev()
        .find(|tier| tier.minimum_units <= least.0)
        .or(tiers.first())?;
    let best = tiers
        .last()
        .filter(|tier| tier.buyer_price_rupiah < at_minimum.buyer_price_rupiah)
        .map(|tier| (Rupiah(tier.buyer_price_rupiah), Units(tier.minimum_units)));
    Some(CardPrice {
        at_minimum: Rupiah(at_minimum.buyer_price_rupiah),
        best,
    })
}
