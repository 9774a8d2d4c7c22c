//! Catalogs as their cooperative reads them.

use domain::catalogs::{CatalogState, Showing};
use domain::ids::{CatalogId, OfferId, OrganisationId};
use domain::time::Instant;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::catalogs::CatalogTerms;
use crate::entities::catalogs;
use crate::error::Error;
use crate::sql::Sql;
use crate::write::Store;

/// Catalogs on one page of the list.
pub const CATALOGS_PAGE: i64 = 24;

/// A line of the list.
#[derive(Clone, Debug, FromQueryResult)]
pub struct CatalogRow {
    pub id: Uuid,
    pub title: String,
    pub audience: String,
    pub opens_at: i64,
    pub closes_at: Option<i64>,
    pub state: String,
    pub edition: i32,
    pub offers: i64,
    pub live_offers: i64,
    pub buyers: i64,
}

/// A catalog with all that its manager decided.
#[derive(Clone, Debug)]
pub struct ManagedCatalog {
    pub id: CatalogId,
    pub state: CatalogState,
    pub edition: i32,
    pub version: i64,
    pub terms: CatalogTerms,
}

impl ManagedCatalog {
    /// Whether anybody may see it at this instant.
    #[must_use]
    pub fn is_open(&self, now: Instant) -> bool {
        Showing {
            state: self.state,
            audience: self.terms.audience,
            buyers: self.terms.buyers.clone(),
            opens_at: self.terms.opens_at,
            closes_at: self.terms.closes_at,
        }
        .is_open(now)
    }
}

/// An offer that may be put into a catalog.
#[derive(Clone, Debug, FromQueryResult)]
pub struct CatalogOffer {
    pub id: Uuid,
    pub title: String,
    pub state: String,
    pub picture: String,
    pub suppliers: i64,
}

/// A buyer that a catalog may name.
#[derive(Clone, Debug, FromQueryResult)]
pub struct CatalogBuyer {
    pub id: Uuid,
    pub name: String,
    pub region_code: String,
}

impl Store {
    /// A page of a cooperative's catalogs, what is published first, archived ones last; and how many there are. Behind the
    /// last page is the last one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn catalogs_of(
        &self,
        cooperative: OrganisationId,
        page: i64,
    ) -> Result<(Vec<CatalogRow>, i64), Error> {
        let total = self
            .number(
                "SELECT COUNT(*) FROM catalogs WHERE cooperative_id = $1",
                [cooperative.0.into()],
            )
            .await?;
        let pages = (total + CATALOGS_PAGE - 1) / CATALOGS_PAGE;
        let offset = (page.clamp(1, pages.max(1)) - 1) * CATALOGS_PAGE;
        let rows = self.rows(
            "SELECT c.id, c.title, c.audience, c.opens_at, c.closes_at, c.state, c.edition, \
             (SELECT COUNT(*) FROM catalog_offers co WHERE co.catalog_id = c.id) AS offers, \
             (SELECT COUNT(*) FROM catalog_offers co JOIN offers o ON o.id = co.offer_id AND o.state = 'live' \
             WHERE co.catalog_id = c.id) AS live_offers, \
             (SELECT COUNT(*) FROM catalog_buyers cb WHERE cb.catalog_id = c.id) AS buyers \
             FROM catalogs c WHERE c.cooperative_id = $1 ORDER BY CASE c.state WHEN 'published' THEN 0 WHEN 'draft' THEN 1 \
             WHEN 'closed' THEN 2 ELSE 3 END, c.opens_at DESC, c.id LIMIT $2 OFFSET $3",
            [cooperative.0.into(), CATALOGS_PAGE.into(), offset.into()],
        )
        .await?;
        Ok((rows, total))
    }

    /// A catalog of this cooperative.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn managed_catalog(
        &self,
        cooperative: OrganisationId,
        catalog: CatalogId,
    ) -> Result<Option<ManagedCatalog>, Error> {
        let Some(row) = self
            .row::<catalogs::Model>(
                "SELECT * FROM catalogs WHERE id = $1 AND cooperative_id = $2",
                [catalog.0.into(), cooperative.0.into()],
            )
            .await?
        else {
            return Ok(None);
        };
        #[derive(FromQueryResult)]
        struct Id {
            id: Uuid,
        }
        let offers: Vec<Id> = self
            .rows(
                "SELECT offer_id AS id FROM catalog_offers WHERE catalog_id = $1 ORDER BY position",
                [row.id.into()],
            )
            .await?;
        let buyers: Vec<Id> = self
            .rows(
                "SELECT buyer_id AS id FROM catalog_buyers WHERE catalog_id = $1",
                [row.id.into()],
            )
            .await?;
        let corrupt = |text: &str| Error::Corrupt(text.to_owned());
        Ok(Some(ManagedCatalog {
            id: CatalogId(row.id),
            state: row.state.parse().map_err(|_| corrupt(&row.state))?,
            edition: row.edition,
            version: row.version,
            terms: CatalogTerms {
                audience: row.audience.parse().map_err(|_| corrupt(&row.audience))?,
                title: row.title,
                description: row.description,
                buyers: buyers
                    .into_iter()
                    .map(|row| OrganisationId(row.id))
                    .collect(),
                opens_at: Instant(row.opens_at),
                closes_at: row.closes_at.map(Instant),
                offers: offers.into_iter().map(|row| OfferId(row.id)).collect(),
            },
        }))
    }

    /// The cooperative's offers that are not archived: those that are in the catalog, so that no form can lose them, then
    /// live ones.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn offers_for_catalog(
        &self,
        cooperative: OrganisationId,
        catalog: Option<CatalogId>,
    ) -> Result<Vec<CatalogOffer>, Error> {
        self.rows(
            "SELECT o.id, o.title, o.state, k.picture, (SELECT COUNT(DISTINCT s.supplier_id) FROM supplies s WHERE \
             s.offer_id = o.id AND s.withdrawn_at IS NULL) AS suppliers FROM offers o JOIN commodities k ON k.id = \
             o.commodity_id WHERE o.cooperative_id = $1 AND o.state <> 'archived' \
             ORDER BY CASE WHEN EXISTS (SELECT 1 FROM catalog_offers co WHERE co.catalog_id = $2 AND co.offer_id = o.id) \
             THEN 0 WHEN o.state = 'live' THEN 1 ELSE 2 END, LOWER(o.title), o.id LIMIT 500",
            [cooperative.0.into(), catalog.map(Uuid::from).into()],
        )
        .await
    }

    /// Verified buyers by name, those first whom the catalog names.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn buyers_for_catalog(
        &self,
        catalog: Option<CatalogId>,
    ) -> Result<Vec<CatalogBuyer>, Error> {
        self.rows(
            "SELECT id, name, region_code FROM organisations WHERE kind = 'buyer' AND verification = 'verified' \
             ORDER BY CASE WHEN EXISTS (SELECT 1 FROM catalog_buyers cb WHERE cb.catalog_id = $1 \
             AND cb.buyer_id = organisations.id) THEN 0 ELSE 1 END, LOWER(name), id LIMIT 500",
            [catalog.map(Uuid::from).into()],
        )
        .await
    }
}
