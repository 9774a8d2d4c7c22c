//! Editions: what a catalog held when it was published, kept for good.

use domain::catalogs::{Edition, EditionOffer, Source};
use domain::ids::{OfferId, OrganisationId};
use domain::pricing::{PpnTreatment, bears_ppn};
use domain::time::{Instant, Zone};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::entities::{catalog_editions, catalogs};
use crate::error::Error;
use crate::events::Event;
use crate::offers::{facts, origin};
use crate::sql::{Sql, placeholders};
use crate::write::Tx;

#[derive(FromQueryResult)]
struct Buyer {
    buyer_id: Uuid,
}

#[derive(FromQueryResult)]
struct OfferIn {
    offer_id: Uuid,
}

/// An offer's row with what stands in others.
#[derive(FromQueryResult)]
struct OfferNow {
    id: Uuid,
    version: i64,
    state: String,
    title: String,
    description: String,
    commodity_id: String,
    picture: String,
    unit: String,
    content_amount: Option<i64>,
    content_dimension: Option<String>,
    grades: String,
    required_certificates: String,
    carton_name: Option<String>,
    packs_per_unit: i64,
    minimum_units: i64,
    multiple_units: i64,
    lead_time_days: i32,
    delivery_basis: String,
    ppn_treatment: String,
    price_visibility: String,
    is_pkp: bool,
    region_code: String,
}

/// The offers of a catalog in their order.
pub(super) async fn offers_in(sql: &impl Sql, catalog: Uuid) -> Result<Vec<Uuid>, Error> {
    Ok(sql
        .rows::<OfferIn>(
            "SELECT offer_id FROM catalog_offers WHERE catalog_id = $1 ORDER BY position",
            [catalog.into()],
        )
        .await?
        .into_iter()
        .map(|row| row.offer_id)
        .collect())
}

/// The buyers that a catalog names.
pub(super) async fn buyers_of(sql: &impl Sql, catalog: Uuid) -> Result<Vec<OrganisationId>, Error> {
    Ok(sql
        .rows::<Buyer>(
            "SELECT buyer_id FROM catalog_buyers WHERE catalog_id = $1 ORDER BY buyer_id",
            [catalog.into()],
        )
        .await?
        .into_iter()
        .map(|row| OrganisationId(row.buyer_id))
        .collect())
}

/// What an edition of this catalog would hold now.
pub(super) async fn as_it_is(
    sql: &impl Sql,
    row: &catalogs::Model,
    now: Instant,
) -> Result<Edition, Error> {
    let ids = offers_in(sql, row.id).await?;
    let mut rows: Vec<OfferNow> = if ids.is_empty() {
        Vec::new()
    } else {
        sql.rows(
            format!(
                "SELECT o.id, o.version, o.state, o.title, o.description, o.commodity_id, k.picture, o.unit, \
                 o.content_amount, o.content_dimension, o.grades, o.required_certificates, o.carton_name, \
                 o.packs_per_unit, o.minimum_units, o.multiple_units, o.lead_time_days, o.delivery_basis, \
                 o.ppn_treatment, o.price_visibility, c.is_pkp, c.region_code FROM offers o \
                 JOIN commodities k ON k.id = o.commodity_id JOIN organisations c ON c.id = o.cooperative_id \
                 WHERE o.id IN ({})",
                placeholders(1, ids.len())
            ),
            ids.iter().map(|id| (*id).into()),
        )
        .await?
    };
    rows.sort_by_key(|row| ids.iter().position(|id| *id == row.id));
    let known: Vec<OfferId> = ids.iter().copied().map(OfferId).collect();
    let facts = facts::by_ids(sql, &known).await?;
    let sources = origin::sources(sql, &ids).await?;
    let offers = rows
        .into_iter()
        .map(|offer| {
            let id = OfferId(offer.id);
            let today = Zone::of_region(&offer.region_code).day_of(now);
            let mut behind: Vec<Source> = sources
                .of(id)
                .map(|row| Source {
                    business: OrganisationId(row.supplier_id),
                    place: row.place_name(),
                })
                .collect();
            behind.sort();
            behind.dedup();
            let treatment = offer.ppn_treatment.parse().unwrap_or(PpnTreatment::Taxable);
            let corrupt = |text: &str| Error::Corrupt(text.to_owned());
            Ok(EditionOffer {
                prices: facts
                    .iter()
                    .find(|facts| facts.id == offer.id)
                    .map(|facts| facts.prices.rows().to_vec())
                    .unwrap_or_default(),
                picture: domain::products::picture(&offer.picture, &offer.title),
                bears_ppn: bears_ppn(offer.is_pkp, treatment),
                permits: sources.common_permits(id, today.plus(offer.lead_time_days)),
                sources: behind,
                prices_shown: true,
                id: offer.id,
                version: offer.version,
                state: offer.state.parse().map_err(|_| corrupt(&offer.state))?,
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
                price_visibility: offer
                    .price_visibility
                    .parse()
                    .map_err(|_| corrupt(&offer.price_visibility))?,
            })
        })
        .collect::<Result<Vec<_>, Error>>()?;
    Ok(Edition {
        title: row.title.clone(),
        description: row.description.clone(),
        audience: row
            .audience
            .parse()
            .map_err(|_| Error::Corrupt(row.audience.clone()))?,
        buyers: buyers_of(sql, row.id).await?,
        opens_at: Instant(row.opens_at),
        closes_at: row.closes_at.map(Instant),
        offers,
    })
}

impl Tx {
    /// Writes the edition `number` of a catalog as it stands now.
    pub(crate) async fn write_edition(&self, catalog: Uuid, number: i32) -> Result<(), Error> {
        let row: catalogs::Model = self
            .row("SELECT * FROM catalogs WHERE id = $1", [catalog.into()])
            .await?
            .ok_or(Error::NotFound)?;
        let edition = as_it_is(self, &row, self.now()).await?;
        self.insert(catalog_editions::Model {
            catalog_id: catalog,
            edition: number,
            published_at: self.now().0,
            published_by: self.act.person.map(Into::into),
            content: serde_json::to_string(&edition)?,
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
