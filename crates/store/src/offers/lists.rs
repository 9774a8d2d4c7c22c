//! Lists of offers: the cooperative's own, and those that pool a supplier's goods.

use domain::ids::{OfferId, OrganisationId};
use domain::money::Rupiah;
use domain::offers::{OfferState, PriceTable};
use domain::pricing::UnitCosts;
use domain::quantity::{Packs, Units};
use domain::time::Instant;
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use crate::error::Error;
use crate::members::{PastEvent, like};
use crate::offers::facts::{self, OfferFacts, party};
use crate::sql::Sql;
use crate::supplies::{pooled, pools};
use crate::write::Store;

/// Rows of one page of the list.
const PAGE: i64 = 50;

/// Which offers to list.
#[derive(Clone, Debug, Default)]
pub struct OfferFilter {
    /// `None` for all but the archived.
    pub state: Option<OfferState>,
    /// Part of the title.
    pub search: String,
    /// From 1.
    pub page: i64,
}

/// A line of the cooperative's list.
#[derive(Clone, Debug)]
pub struct OfferListRow {
    pub id: OfferId,
    pub title: String,
    pub state: String,
    pub picture: String,
    pub unit: String,
    pub carton_name: Option<String>,
    pub supplies: i64,
    pub suppliers: i64,
    pub catalogs: i64,
    /// Lowest and highest buyer price.
    pub prices: Option<(Rupiah, Rupiah)>,
    /// What the pool can give by the earliest delivery.
    pub available: Units,
}

/// How many offers have a state.
#[derive(Clone, Debug, FromQueryResult)]
pub struct StateCount {
    pub state: String,
    pub rows: i64,
}

/// An offer that pools a supplier's product, as that supplier may see it: its own price and the build-up always.
#[derive(Clone, Debug)]
pub struct OwnSupply {
    pub offer: OfferId,
    pub title: String,
    pub offer_state: String,
    pub cooperative: String,
    pub product: Uuid,
    pub product_name: String,
    pub picture: String,
    pub unit: String,
    pub carton_name: Option<String>,
    pub packs_per_unit: i64,
    pub grade: String,
    pub limit: Option<Packs>,
    pub free: Packs,
    pub rule: String,
    pub suppliers: i64,
    /// Tiers of the supply's grade, first tier first.
    pub prices: PriceTable,
    pub costs: UnitCosts,
    pub platform_fee_bp: i64,
}

/// A commodity that an offer may be of, with its category.
#[derive(Clone, Debug, FromQueryResult)]
pub struct OfferCommodity {
    pub id: String,
    pub name_id: String,
    pub name_en: String,
    pub category_id: String,
    pub category_name_id: String,
    pub category_name_en: String,
    /// Its usual grades, best first, separated by commas; may be empty.
    pub grades: String,
    /// When it was taken out of the lists to choose from.
    pub retired_at: Option<i64>,
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    title: String,
    state: String,
    picture: String,
    unit: String,
    carton_name: Option<String>,
    supplies: i64,
    suppliers: i64,
    catalogs: i64,
}

/// Goods that left an offer because its price is below what their owner asks.
#[derive(Clone, Debug, FromQueryResult)]
pub struct SupplyOut {
    pub title: String,
    pub cooperative: String,
    pub product_name: String,
    pub asks_rupiah: Option<i64>,
    /// The lowest member price of the offer.
    pub most_rupiah: Option<i64>,
    pub unit: String,
}

#[derive(FromQueryResult)]
struct SupplyRow {
    offer_id: Uuid,
    title: String,
    offer_state: String,
    cooperative_id: Uuid,
    cooperative: String,
    product_id: Uuid,
    product_name: String,
    picture: String,
    grade: String,
    limit_packs: Option<i64>,
    free: i64,
    suppliers: i64,
}

impl Store {
    /// Commodities by category and name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn offer_commodities(&self) -> Result<Vec<OfferCommodity>, Error> {
        self.rows(
            "SELECT k.id, k.name_id, k.name_en, c.id AS category_id, c.name_id AS category_name_id, c.name_en AS \
             category_name_en, k.grades, COALESCE(k.retired_at, c.retired_at) AS retired_at FROM commodities k JOIN categories c ON c.id = k.category_id \
             ORDER BY c.position, LOWER(k.name_id), k.id",
            [],
        )
        .await
    }

    /// What happened to an offer, latest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn offer_history(&self, offer: OfferId) -> Result<Vec<PastEvent>, Error> {
        self.history("offer", offer.0).await
    }

    /// Offers of each state.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn offer_counts(
        &self,
        cooperative: OrganisationId,
    ) -> Result<Vec<StateCount>, Error> {
        self.rows(
            "SELECT state, COUNT(*) AS rows FROM offers WHERE cooperative_id = $1 GROUP BY state",
            [cooperative.0.into()],
        )
        .await
    }

    /// Rows of one page of [`Store::offers_of`].
    #[must_use]
    pub fn offers_per_page() -> i64 {
        PAGE
    }

    /// One page of the cooperative's offers by title, and how many the filter finds in all.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn offers_of(
        &self,
        cooperative: OrganisationId,
        filter: &OfferFilter,
        now: Instant,
    ) -> Result<(Vec<OfferListRow>, i64), Error> {
        self.offers_by(cooperative, filter, now, PAGE).await
    }

    /// As [`Store::offers_of`], in pages of so many rows.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn offers_by(
        &self,
        cooperative: OrganisationId,
        filter: &OfferFilter,
        now: Instant,
        rows_max: i64,
    ) -> Result<(Vec<OfferListRow>, i64), Error> {
        let condition = "o.cooperative_id = $1 AND ($2 = '' AND o.state <> 'archived' OR o.state = $2) \
                         AND ($3 = '%%' OR LOWER(o.title) LIKE $3 ESCAPE '\\')";
        let values = || -> Vec<Value> {
            vec![
                cooperative.0.into(),
                filter.state.map_or("", OfferState::as_str).into(),
                like(&filter.search).into(),
            ]
        };
        let total = self
            .number(
                format!("SELECT COUNT(*) FROM offers o WHERE {condition}"),
                values(),
            )
            .await?;
        let mut page = values();
        page.push(rows_max.into());
        page.push(((filter.page.max(1) - 1).saturating_mul(rows_max)).into());
        let rows: Vec<Row> = self
            .rows(
                format!(
                    "SELECT o.id, o.title, o.state, k.picture, o.unit, o.carton_name, (SELECT COUNT(*) FROM supplies s \
                     WHERE s.offer_id = o.id AND s.withdrawn_at IS NULL) AS supplies, (SELECT COUNT(DISTINCT s.supplier_id) \
                     FROM supplies s WHERE s.offer_id = o.id AND s.withdrawn_at IS NULL) AS suppliers, (SELECT COUNT(*) \
                     FROM catalog_offers co JOIN catalogs c ON c.id = co.catalog_id WHERE co.offer_id = o.id AND c.state \
                     IN ('draft', 'published')) AS catalogs FROM offers o JOIN commodities k ON k.id = o.commodity_id \
                     WHERE {condition} ORDER BY LOWER(o.title), o.id LIMIT $4 OFFSET $5"
                ),
                page,
            )
            .await?;
        let ids: Vec<OfferId> = rows.iter().map(|row| OfferId(row.id)).collect();
        let facts = facts::by_ids(self, &ids).await?;
        let zone = party(self, cooperative, "cooperative").await?.zone();
        let terms: Vec<_> = facts
            .iter()
            .map(|offer| offer.pool_terms(offer.delivery(now, zone, None)))
            .collect();
        let pool = pools(self, &terms).await?;
        let rows = rows
            .into_iter()
            .map(|row| {
                let offer = facts.iter().find(|offer| offer.id == row.id);
                OfferListRow {
                    id: OfferId(row.id),
                    title: row.title,
                    state: row.state,
                    picture: row.picture,
                    unit: row.unit,
                    carton_name: row.carton_name,
                    supplies: row.supplies,
                    suppliers: row.suppliers,
                    catalogs: row.catalogs,
                    prices: offer.and_then(|offer| offer.prices.buyer_price_range()),
                    available: offer.map_or(Units(0), |offer| pooled(&pool, offer)),
                }
            })
            .collect();
        Ok((rows, total))
    }

    /// Live offers that stand in no open catalog: nobody can find them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn offers_without_catalog(
        &self,
        cooperative: OrganisationId,
        now: Instant,
    ) -> Result<i64, Error> {
        self.number(
            "SELECT COUNT(*) FROM offers o WHERE o.cooperative_id = $1 AND o.state = 'live' AND NOT EXISTS \
             (SELECT 1 FROM catalog_offers co JOIN catalogs c ON c.id = co.catalog_id WHERE co.offer_id = o.id AND \
             c.state = 'published' AND (c.closes_at IS NULL OR c.closes_at > $2))",
            [cooperative.0.into(), now.0.into()],
        )
        .await
    }

    /// Drafts that wait to be finished.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn offer_drafts(&self, cooperative: OrganisationId) -> Result<i64, Error> {
        self.number(
            "SELECT COUNT(*) FROM offers WHERE cooperative_id = $1 AND state = 'draft'",
            [cooperative.0.into()],
        )
        .await
    }

    /// Goods of this supplier that an offer's price has put out, with the most that the offer pays now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn supplies_out_by_price(
        &self,
        supplier: OrganisationId,
    ) -> Result<Vec<SupplyOut>, Error> {
        self.rows(
            "SELECT o.title, c.name AS cooperative, p.name AS product_name, p.price_rupiah AS asks_rupiah, \
             (SELECT MIN(x.member_price_rupiah) FROM offer_prices x WHERE x.offer_id = o.id) AS most_rupiah, o.unit \
             FROM supplies s JOIN offers o ON o.id = s.offer_id AND o.state IN ('live', 'paused') \
             JOIN organisations c ON c.id = o.cooperative_id JOIN products p ON p.id = s.product_id \
             WHERE s.supplier_id = $1 AND s.withdrawn_at IS NOT NULL AND s.out_by_price ORDER BY LOWER(o.title), s.id",
            [supplier.0.into()],
        )
        .await
    }

    /// Goods of a business that are on show.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn live_goods(&self, supplier: OrganisationId) -> Result<i64, Error> {
        self.number(
            "SELECT COUNT(*) FROM products WHERE umkm_id = $1 AND state = 'live'",
            [supplier.0.into()],
        )
        .await
    }

    /// Whether a business belongs to a cooperative, or has asked to.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn has_cooperative(&self, supplier: OrganisationId) -> Result<bool, Error> {
        let found = self
            .number(
                "SELECT COUNT(*) FROM members WHERE supplier_id = $1 AND status IN ('applied', 'active', 'candidate', \
                 'associate')",
                [supplier.0.into()],
            )
            .await?;
        Ok(found > 0)
    }

    /// Offers that pool goods of this supplier, live ones first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn supplies_of(
        &self,
        supplier: OrganisationId,
        now: Instant,
    ) -> Result<Vec<OwnSupply>, Error> {
        let rows: Vec<SupplyRow> = self
            .rows(
                "SELECT s.offer_id, o.title, o.state AS offer_state, o.cooperative_id, c.name AS cooperative, s.product_id, \
                 p.name AS product_name, k.picture, s.grade, s.limit_packs, \
                 (SELECT CAST(COALESCE(SUM(l.on_hand - l.held), 0) AS BIGINT) FROM lots l WHERE l.product_id = p.id) AS free, \
                 (SELECT COUNT(DISTINCT s2.supplier_id) FROM supplies s2 WHERE s2.offer_id = o.id AND \
                 s2.withdrawn_at IS NULL) AS suppliers \
                 FROM supplies s JOIN offers o ON o.id = s.offer_id AND o.state <> 'archived' \
                 JOIN organisations c ON c.id = o.cooperative_id JOIN products p ON p.id = s.product_id \
                 JOIN commodities k ON k.id = o.commodity_id \
                 WHERE s.supplier_id = $1 AND s.withdrawn_at IS NULL \
                 ORDER BY CASE o.state WHEN 'live' THEN 0 WHEN 'paused' THEN 1 ELSE 2 END, LOWER(o.title), s.id",
                [supplier.0.into()],
            )
            .await?;
        let ids: Vec<OfferId> = rows.iter().map(|row| OfferId(row.offer_id)).collect();
        let facts: Vec<OfferFacts> = facts::by_ids(self, &ids).await?;
        let mut fees: Vec<(Uuid, i64)> = Vec::new();
        let mut supplies = Vec::with_capacity(rows.len());
        for row in rows {
            let Some(offer) = facts.iter().find(|offer| offer.id == row.offer_id) else {
                continue;
            };
            let fee = match fees.iter().find(|(id, _)| *id == row.cooperative_id) {
                Some((_, fee)) => *fee,
                None => {
                    let fee = self
                        .platform_fee_bp(OrganisationId(row.cooperative_id), now)
                        .await?;
                    fees.push((row.cooperative_id, fee));
                    fee
                }
            };
            let prices = offer
                .prices
                .rows()
                .iter()
                .filter(|price| price.grade.0 == row.grade)
                .cloned()
                .collect();
            supplies.push(OwnSupply {
                offer: OfferId(row.offer_id),
                title: row.title,
                offer_state: row.offer_state,
                cooperative: row.cooperative,
                product: row.product_id,
                product_name: row.product_name,
                picture: row.picture,
                unit: offer.unit.clone(),
                carton_name: offer.carton_name.clone(),
                packs_per_unit: offer.packs_per_unit,
                grade: row.grade,
                limit: row.limit_packs.map(Packs),
                free: Packs(row.free),
                rule: offer.rule.clone(),
                suppliers: row.suppliers,
                prices: PriceTable::stored(prices),
                costs: offer.unit_costs(),
                platform_fee_bp: fee,
            });
        }
        Ok(supplies)
    }

    /// The platform's fee that a cooperative bears today, in basis points of goods ex PPN.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn platform_fee_bp(
        &self,
        cooperative: OrganisationId,
        now: Instant,
    ) -> Result<i64, Error> {
        let zone = party(self, cooperative, "cooperative").await?.zone();
        let terms = crate::settings::terms(self, cooperative, zone.day_of(now)).await?;
        Ok(terms.platform_fee_bp)
    }
}
