//! Editions: what a catalog held when it was published, kept for good.

use domain::ids::OfferId;
use domain::offers::PriceRow;
use sea_orm::FromQueryResult;
use serde::Serialize;
use uuid::Uuid;

use crate::entities::{catalog_editions, catalogs, offers};
use crate::error::Error;
use crate::events::Event;
use crate::offers::facts;
use crate::sql::{Sql, placeholders};
use crate::write::Tx;

/// The content of an edition, as JSON.
#[derive(Serialize)]
struct Snapshot {
    title: String,
    description: String,
    audience: String,
    buyers: Vec<Uuid>,
    opens_at: i64,
    closes_at: Option<i64>,
    offers: Vec<SnapshotOffer>,
}

#[derive(Serialize)]
struct SnapshotOffer {
    id: Uuid,
    version: i64,
    state: String,
    title: String,
    description: String,
    commodity: String,
    unit: String,
    content_amount: Option<i64>,
    content_dimension: Option<String>,
    grades: String,
    certificates: String,
    carton_name: Option<String>,
    packs_per_unit: i64,
    minimum_units: i64,
    multiple_units: i64,
    lead_time_days: i32,
    delivery_basis: String,
    price_visibility: String,
    prices: Vec<PriceRow>,
}

#[derive(FromQueryResult)]
struct Buyer {
    buyer_id: Uuid,
}

impl Tx {
    /// Writes the edition `number` of a catalog as it stands now.
    pub(crate) async fn write_edition(&self, catalog: Uuid, number: i32) -> Result<(), Error> {
        let row: catalogs::Model = self
            .row("SELECT * FROM catalogs WHERE id = $1", [catalog.into()])
            .await?
            .ok_or(Error::NotFound)?;
        let buyers: Vec<Buyer> = self
            .rows(
                "SELECT buyer_id FROM catalog_buyers WHERE catalog_id = $1 ORDER BY buyer_id",
                [catalog.into()],
            )
            .await?;
        let ids = self.offers_in(catalog).await?;
        let mut rows: Vec<offers::Model> = if ids.is_empty() {
            Vec::new()
        } else {
            self.rows(
                format!(
                    "SELECT * FROM offers WHERE id IN ({})",
                    placeholders(1, ids.len())
                ),
                ids.iter().map(|id| (*id).into()),
            )
            .await?
        };
        let place = |id: Uuid| ids.iter().position(|other| *other == id);
        rows.sort_by_key(|row| place(row.id));
        let known: Vec<OfferId> = ids.iter().copied().map(OfferId).collect();
        let facts = facts::by_ids(self, &known).await?;
        let snapshot = Snapshot {
            title: row.title,
            description: row.description,
            audience: row.audience,
            buyers: buyers.into_iter().map(|buyer| buyer.buyer_id).collect(),
            opens_at: row.opens_at,
            closes_at: row.closes_at,
            offers: rows
                .into_iter()
                .map(|offer| SnapshotOffer {
                    prices: facts
                        .iter()
                        .find(|facts| facts.id == offer.id)
                        .map(|facts| facts.prices.rows().to_vec())
                        .unwrap_or_default(),
                    id: offer.id,
                    version: offer.version,
                    state: offer.state,
                    title: offer.title,
                    description: offer.description,
                    commodity: offer.commodity_id,
                    unit: offer.unit,
                    content_amount: offer.content_amount,
                    content_dimension: offer.content_dimension,
                    grades: offer.grades,
                    certificates: offer.required_certificates,
                    carton_name: offer.carton_name,
                    packs_per_unit: offer.packs_per_unit,
                    minimum_units: offer.minimum_units,
                    multiple_units: offer.multiple_units,
                    lead_time_days: offer.lead_time_days,
                    delivery_basis: offer.delivery_basis,
                    price_visibility: offer.price_visibility,
                })
                .collect(),
        };
        self.insert(catalog_editions::Model {
            catalog_id: catalog,
            edition: number,
            published_at: self.now().0,
            published_by: self.act.person.map(Into::into),
            content: serde_json::to_string(&snapshot)?,
        })
        .await
    }

    /// An offer changed: every published catalog that holds it gets its next edition.
    pub(crate) async fn new_editions_with(&self, offer: OfferId) -> Result<(), Error> {
        #[derive(FromQueryResult)]
        struct Next {
            id: Uuid,
            edition: i32,
        }
        let catalogs: Vec<Next> = self
            .rows(
                "UPDATE catalogs SET edition = edition + 1, updated_at = $2 WHERE state = 'published' AND id IN \
                 (SELECT catalog_id FROM catalog_offers WHERE offer_id = $1) RETURNING id, edition",
                [offer.0.into(), self.now().0.into()],
            )
            .await?;
        for catalog in catalogs {
            self.write_edition(catalog.id, catalog.edition).await?;
            self.event(Event {
                subject_kind: "catalog",
                subject_id: catalog.id,
                kind: domain::catalogs::CatalogEvent::Republish.as_str(),
                from_state: Some("published"),
                to_state: Some("published"),
                reason: Some("offer_changed"),
                data: Some(
                    serde_json::json!({ "edition": catalog.edition, "offer": offer }).to_string(),
                ),
            })
            .await?;
        }
        Ok(())
    }
}
