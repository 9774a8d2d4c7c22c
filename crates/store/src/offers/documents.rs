//! What the search index is told of offers, and which offers it should hold.
//!
//! An offer stands in the index while it is live in a published catalog that is not over. Its document speaks of the
//! catalogs that are open; before the first opens, of the next one. The index itself keeps the hours.

use std::collections::{BTreeSet, HashMap};
use std::str::FromStr;

use domain::catalogs::Audience;
use domain::ids::{OfferId, OrganisationId};
use domain::offers::{Band, PriceVisibility};
use domain::time::Instant;
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use crate::error::Error;
use crate::offers::cards::{self, OfferRow};
use crate::offers::origin;
use crate::sql::{Sql, placeholders};
use crate::supplies::{self, PoolTerms};
use crate::write::Store;

/// Everything that can be found about an offer, as the index wants it.
#[derive(Clone, Debug)]
pub struct IndexEntry {
    pub id: OfferId,
    pub title: String,
    pub product_names: Vec<String>,
    pub category: String,
    pub commodity: String,
    pub commodity_names: Vec<String>,
    pub province: String,
    pub regencies: Vec<String>,
    pub place_names: Vec<String>,
    pub certificates: Vec<String>,
    /// Per sale unit at the least order, as lists show it.
    pub price_rupiah: i64,
    /// What the least order comes to.
    pub least_rupiah: i64,
    /// Days since 1970-01-01.
    pub ready_on: i32,
    pub availability: Band,
    pub minimum_packs: i64,
    pub cooperative_slug: String,
    pub cooperative_name: String,
    pub audience: Vec<String>,
    pub price_for: Vec<String>,
    pub opens_at: i64,
    pub closes_at: Option<i64>,
    pub version: i64,
}

#[derive(Clone, FromQueryResult)]
struct CatalogRow {
    offer_id: Uuid,
    id: Uuid,
    audience: String,
    opens_at: i64,
    closes_at: Option<i64>,
}

#[derive(FromQueryResult)]
struct BuyerRow {
    catalog_id: Uuid,
    buyer_id: Uuid,
}

#[derive(FromQueryResult)]
struct Id {
    id: Uuid,
}

/// The condition that offer `o` belongs into the index; $1 is now. Offers are read by their ids, in batches (see
/// [`crate::offers::visibility::LIVE_BY_ID`]).
const INDEXED: &str = "COALESCE(o.state, '') = 'live' AND EXISTS (SELECT 1 FROM catalog_offers co JOIN catalogs c \
    ON c.id = co.catalog_id WHERE co.offer_id = o.id AND c.state = 'published' \
    AND (c.closes_at IS NULL OR c.closes_at > $1))";

impl Store {
    /// How many offers the index should hold at `now`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn indexed_offers(&self, now: Instant) -> Result<i64, Error> {
        self.number(
            format!("SELECT COUNT(*) FROM offers o WHERE {INDEXED}"),
            [now.0.into()],
        )
        .await
    }

    /// All offers that the index should hold, by id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn indexed_offer_ids(&self, now: Instant) -> Result<Vec<OfferId>, Error> {
        let ids: Vec<Id> = self
            .rows(
                format!("SELECT o.id FROM offers o WHERE {INDEXED} ORDER BY o.id"),
                [now.0.into()],
            )
            .await?;
        Ok(ids.into_iter().map(|row| OfferId(row.id)).collect())
    }

    /// Up to `limit` offers that the index should hold, by id, after `after`; for a rebuild in batches.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn indexed_offer_ids_after(
        &self,
        now: Instant,
        after: Option<OfferId>,
        limit: i64,
    ) -> Result<Vec<OfferId>, Error> {
        let after = after.map_or(Uuid::nil(), |id| id.0);
        let ids: Vec<Id> = self
            .rows(
                format!(
                    "SELECT o.id FROM offers o WHERE {INDEXED} AND o.id > $2 ORDER BY o.id LIMIT $3"
                ),
                [now.0.into(), after.into(), limit.into()],
            )
            .await?;
        Ok(ids.into_iter().map(|row| OfferId(row.id)).collect())
    }

    /// Entries of those offers among `ids` that belong into the index; what is missing has to be taken out of it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn index_entries(
        &self,
        now: Instant,
        ids: &[OfferId],
    ) -> Result<Vec<IndexEntry>, Error> {
        let offers = cards::rows(self, None, now, ids).await?;
        if offers.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<Uuid> = offers.iter().map(|offer| offer.id).collect();
        let catalogs = self.catalogs_showing(now, &ids).await?;
        let buyers = self.buyers_of(&catalogs).await?;
        let prices = cards::prices(self, &offers).await?;
        let sources = origin::sources(self, &ids).await?;
        let terms: Vec<PoolTerms> = offers
            .iter()
            .map(|offer| offer.terms(offer.delivery(now)))
            .collect();
        let live: Vec<OfferId> = offers.iter().map(OfferRow::offer).collect();
        let lots = supplies::lots_with(self, &live, sources.certificates()).await?;
        let pool = lots.pools(&terms);

        let mut entries = Vec::new();
        for offer in &offers {
            let showing: Vec<&CatalogRow> = shown_in(&catalogs, offer.id, now);
            let Some(opens_at) = showing.iter().map(|catalog| catalog.opens_at).max() else {
                continue;
            };
            let id = offer.offer();
            let delivery = offer.delivery(now);
            let available = offer.pooled(&pool);
            let price = cards::card_price(offer, &prices).map_or(0, |price| price.at_minimum.0);
            let least_packs = offer.least().0.saturating_mul(offer.packs_per_unit);
            let ready_on = if available.0 > 0 {
                delivery.0
            } else {
                let earliest = sources.of(id).filter_map(|row| row.ready_on).min();
                earliest.unwrap_or(delivery.0).max(delivery.0)
            };
            let regencies: BTreeSet<&str> = sources
                .of(id)
                .map(|row| row.region_code.as_str())
                .chain([offer.region_code.as_str()])
                .collect();
            entries.push(IndexEntry {
                id,
                title: offer.title.clone(),
                product_names: distinct(sources.of(id).map(|row| row.product_name.clone())),
                category: offer.category_id.clone(),
                commodity: offer.commodity_id.clone(),
                commodity_names: vec![
                    offer.commodity_name_id.clone(),
                    offer.commodity_name_en.clone(),
                ],
                province: offer.region_code.chars().take(2).collect(),
                place_names: place_names(&regencies, sources.of(id)),
                regencies: regencies.into_iter().map(str::to_owned).collect(),
                certificates: sources.common_permits(id, delivery),
                price_rupiah: price,
                least_rupiah: price.saturating_mul(least_packs),
                ready_on,
                availability: Band::of(available),
                minimum_packs: least_packs,
                cooperative_slug: offer.cooperative_slug.clone(),
                cooperative_name: offer.cooperative_name.clone(),
                audience: audience(&showing, &buyers)?,
                price_for: price_for(offer, &showing, &buyers)?,
                opens_at,
                // Where several are open, the document holds until the first of them closes.
                closes_at: showing.iter().filter_map(|catalog| catalog.closes_at).min(),
                version: offer.version,
            });
        }
        Ok(entries)
    }

    async fn catalogs_showing(
        &self,
        now: Instant,
        offers: &[Uuid],
    ) -> Result<Vec<CatalogRow>, Error> {
        let mut values: Vec<Value> = vec![now.0.into()];
        values.extend(offers.iter().map(|id| Value::from(*id)));
        self.rows(
            format!(
                "SELECT co.offer_id, c.id, c.audience, c.opens_at, c.closes_at FROM catalog_offers co JOIN catalogs c \
                 ON c.id = co.catalog_id WHERE c.state = 'published' AND (c.closes_at IS NULL OR c.closes_at > $1) \
                 AND co.offer_id IN ({}) ORDER BY co.offer_id, c.id",
                placeholders(2, offers.len())
            ),
            values,
        )
        .await
    }

    async fn buyers_of(
        &self,
        catalogs: &[CatalogRow],
    ) -> Result<HashMap<Uuid, Vec<OrganisationId>>, Error> {
        let ids: BTreeSet<Uuid> = catalogs.iter().map(|catalog| catalog.id).collect();
        let mut buyers: HashMap<Uuid, Vec<OrganisationId>> = HashMap::new();
        if ids.is_empty() {
            return Ok(buyers);
        }
        let rows: Vec<BuyerRow> = self
            .rows(
                format!(
                    "SELECT catalog_id, buyer_id FROM catalog_buyers WHERE catalog_id IN ({})",
                    placeholders(1, ids.len())
                ),
                ids.iter().map(|id| Value::from(*id)),
            )
            .await?;
        for row in rows {
            buyers
                .entry(row.catalog_id)
                .or_default()
                .push(OrganisationId(row.buyer_id));
        }
        Ok(buyers)
    }
}

/// The catalogs that are open, or else those that open next.
fn shown_in(catalogs: &[CatalogRow], offer: Uuid, now: Instant) -> Vec<&CatalogRow> {
    let all = || catalogs.iter().filter(move |row| row.offer_id == offer);
    let open: Vec<&CatalogRow> = all().filter(|row| row.opens_at <= now.0).collect();
    if !open.is_empty() {
        return open;
    }
    let next = all().map(|row| row.opens_at).min();
    all().filter(|row| Some(row.opens_at) == next).collect()
}

fn audience(
    showing: &[&CatalogRow],
    buyers: &HashMap<Uuid, Vec<OrganisationId>>,
) -> Result<Vec<String>, Error> {
    let mut tokens = BTreeSet::new();
    for catalog in showing {
        let audience = Audience::from_str(&catalog.audience)
            .map_err(|_| Error::Corrupt(catalog.audience.clone()))?;
        let named = buyers.get(&catalog.id).map_or(&[][..], Vec::as_slice);
        tokens.extend(audience.tokens(named));
    }
    Ok(tokens.into_iter().collect())
}

fn price_for(
    offer: &OfferRow,
    showing: &[&CatalogRow],
    buyers: &HashMap<Uuid, Vec<OrganisationId>>,
) -> Result<Vec<String>, Error> {
    let visibility = PriceVisibility::from_str(&offer.price_visibility)
        .map_err(|_| Error::Corrupt(offer.price_visibility.clone()))?;
    let named: Vec<OrganisationId> = showing
        .iter()
        .filter_map(|catalog| buyers.get(&catalog.id))
        .flatten()
        .copied()
        .collect();
    Ok(distinct(visibility.tokens(&named)))
}

fn place_names<'a>(
    regencies: &BTreeSet<&str>,
    sources: impl Iterator<Item = &'a origin::SourceRow>,
) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for code in regencies {
        names.push(domain::regions::short_name(code));
        names.extend(domain::regions::province_of(code).map(|province| province.name.to_owned()));
    }
    for row in sources {
        names.extend(row.village.clone());
        names.extend(row.place.clone());
    }
    distinct(names)
}

fn distinct(words: impl IntoIterator<Item = String>) -> Vec<String> {
    let words: BTreeSet<String> = words.into_iter().collect();
    words.into_iter().collect()
}
