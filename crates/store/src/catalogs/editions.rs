//! Editions: what a catalog held when it was published, kept for good. A catalog gets its next one when a reader would
//! read something else in it, not with every touch of its rows.

use std::collections::{BTreeSet, HashMap};

use domain::catalogs::{
    CatalogEvent, CatalogState, Edition, EditionOffer, EditionPhoto, Source, edition_after,
};
use domain::ids::{OfferId, OrganisationId, PhotoId};
use domain::pricing::{PpnTreatment, bears_ppn};
use domain::time::{Instant, Zone};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use crate::entities::{catalog_editions, catalogs};
use crate::error::Error;
use crate::events::Event;
use crate::offers::{facts, origin};
use crate::photos;
use crate::sql::{Sql, placeholders};
use crate::write::Tx;

/// The size of a photo that papers and sheets show.
const PAPER_FILE: &str = "320.jpg";

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

/// What an edition of this catalog would hold now.
pub(super) async fn as_it_is(
    sql: &impl Sql,
    row: &catalogs::Model,
    now: Instant,
) -> Result<Edition, Error> {
    let mut editions = as_they_are(sql, std::slice::from_ref(row), now).await?;
    editions.pop().ok_or(Error::NotFound)
}

/// What an edition of each of these catalogs would hold now, in their order: as many queries as for one.
async fn as_they_are(
    sql: &impl Sql,
    rows: &[catalogs::Model],
    now: Instant,
) -> Result<Vec<Edition>, Error> {
    #[derive(FromQueryResult)]
    struct In {
        catalog_id: Uuid,
        of: Uuid,
    }
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let these = placeholders(1, rows.len());
    let catalogs = || rows.iter().map(|row| Value::from(row.id));
    let offers: Vec<In> = sql
        .rows(
            format!(
                "SELECT catalog_id, offer_id AS of FROM catalog_offers WHERE catalog_id IN ({these}) ORDER BY position"
            ),
            catalogs(),
        )
        .await?;
    let buyers: Vec<In> = sql
        .rows(
            format!(
                "SELECT catalog_id, buyer_id AS of FROM catalog_buyers WHERE catalog_id IN ({these}) ORDER BY buyer_id"
            ),
            catalogs(),
        )
        .await?;
    let ids: BTreeSet<Uuid> = offers.iter().map(|row| row.of).collect();
    let known = offers_now(sql, ids.into_iter().collect(), now).await?;
    rows.iter()
        .map(|row| {
            let of = |list: &[In]| -> Vec<Uuid> {
                list.iter()
                    .filter(|one| one.catalog_id == row.id)
                    .map(|one| one.of)
                    .collect()
            };
            Ok(Edition {
                title: row.title.clone(),
                description: row.description.clone(),
                audience: row
                    .audience
                    .parse()
                    .map_err(|_| Error::Corrupt(row.audience.clone()))?,
                buyers: of(&buyers).into_iter().map(OrganisationId).collect(),
                opens_at: Instant(row.opens_at),
                closes_at: row.closes_at.map(Instant),
                offers: of(&offers)
                    .iter()
                    .filter_map(|id| known.get(id).cloned())
                    .collect(),
            })
        })
        .collect()
}

/// How editions show these offers now.
async fn offers_now(
    sql: &impl Sql,
    ids: Vec<Uuid>,
    now: Instant,
) -> Result<HashMap<Uuid, EditionOffer>, Error> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<OfferNow> = sql
        .rows(
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
        .await?;
    let known: Vec<OfferId> = ids.iter().copied().map(OfferId).collect();
    let facts: HashMap<Uuid, _> = facts::by_ids(sql, &known)
        .await?
        .into_iter()
        .map(|facts| (facts.id, facts))
        .collect();
    let sources = origin::sources(sql, &ids).await?;
    let photos = photos::of_offers(sql, &known).await?;
    let shown: Vec<PhotoId> = photos.values().map(|photo| photo.id).collect();
    let files = photos::files_named(sql, &shown, PAPER_FILE).await?;
    rows.into_iter()
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
            let photo = photos.get(&id).and_then(|photo| {
                let file = files.get(&photo.id)?.clone();
                Some(EditionPhoto::Photo { id: photo.id, file })
            });
            let as_shown = EditionOffer {
                prices: facts
                    .get(&offer.id)
                    .map(|facts| facts.prices.rows().to_vec())
                    .unwrap_or_default(),
                picture: domain::products::picture(&offer.picture, &offer.title),
                photo: photo.unwrap_or(EditionPhoto::Drawn),
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
            };
            Ok((as_shown.id, as_shown))
        })
        .collect()
}

/// A catalog whose readers would read something new, and what.
struct Moved {
    row: catalogs::Model,
    content: String,
}

impl Tx {
    /// Of these catalogs, those of which an edition would read differently from the last one.
    async fn moved(&self, rows: Vec<catalogs::Model>) -> Result<Vec<Moved>, Error> {
        #[derive(FromQueryResult)]
        struct Last {
            catalog_id: Uuid,
            content: String,
        }
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let last: Vec<Last> = self
            .rows(
                format!(
                    "SELECT e.catalog_id, e.content FROM catalog_editions e JOIN catalogs c ON c.id = e.catalog_id \
                     AND c.edition = e.edition WHERE c.id IN ({})",
                    placeholders(1, rows.len())
                ),
                rows.iter().map(|row| Value::from(row.id)),
            )
            .await?;
        let mut last: HashMap<Uuid, String> = last
            .into_iter()
            .map(|row| (row.catalog_id, row.content))
            .collect();
        let editions = as_they_are(self, &rows, self.now()).await?;
        let mut moved = Vec::new();
        for (row, edition) in rows.into_iter().zip(editions) {
            let before = last.remove(&row.id);
            let before: Option<Edition> = before.map(|it| serde_json::from_str(&it)).transpose()?;
            if before.is_some_and(|before| before.reads_like(&edition)) {
                continue;
            }
            let content = serde_json::to_string(&edition)?;
            moved.push(Moved { row, content });
        }
        Ok(moved)
    }

    /// Gives each catalog its next edition: a statement for the catalogs, one for their editions, two for their history.
    async fn issue(
        &self,
        moved: Vec<Moved>,
        event: CatalogEvent,
        from: CatalogState,
        reason: Option<&str>,
    ) -> Result<(), Error> {
        if moved.is_empty() {
            return Ok(());
        }
        let mut values: Vec<Value> = vec![self.now().0.into()];
        values.extend(moved.iter().map(|one| Value::from(one.row.id)));
        self.exec(
            format!(
                "UPDATE catalogs SET edition = edition + 1, updated_at = $1 WHERE id IN ({})",
                placeholders(2, moved.len())
            ),
            values,
        )
        .await?;
        let next = |row: &catalogs::Model| edition_after(row.edition, event);
        let events = moved
            .iter()
            .map(|one| Event {
                subject_kind: "catalog",
                subject_id: one.row.id,
                kind: event.as_str(),
                from_state: Some(from.as_str()),
                to_state: Some(CatalogState::Published.as_str()),
                reason,
                data: Some(serde_json::json!({ "edition": next(&one.row) }).to_string()),
            })
            .collect();
        self.events(events).await?;
        self.pages_changed();
        let editions = moved
            .iter()
            .map(|one| catalog_editions::Model {
                catalog_id: one.row.id,
                edition: next(&one.row),
                published_at: self.now().0,
                published_by: self.act.person.map(Into::into),
                content: one.content.clone(),
            })
            .collect();
        self.insert_many(editions).await
    }

    /// The edition of a catalog that its readers see from now on: the next one, or the last if it reads the same.
    /// Answers its number.
    pub(super) async fn next_edition_of(
        &self,
        catalog: Uuid,
        event: CatalogEvent,
        from: CatalogState,
    ) -> Result<i32, Error> {
        let row: catalogs::Model = self
            .row("SELECT * FROM catalogs WHERE id = $1", [catalog.into()])
            .await?
            .ok_or(Error::NotFound)?;
        let last = row.edition;
        let moved = self.moved(vec![row]).await?;
        let number = match moved.is_empty() {
            true => last,
            false => edition_after(last, event),
        };
        self.issue(moved, event, from, None).await?;
        Ok(number)
    }

    /// Writes the edition `number` of a catalog whose row says already that it is there.
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

    /// Something about these offers changed: every published catalog that shows it differently now gets its next
    /// edition.
    pub(crate) async fn new_editions_with(&self, offers: &[Uuid]) -> Result<(), Error> {
        if offers.is_empty() {
            return Ok(());
        }
        let catalogs: Vec<catalogs::Model> = self
            .rows(
                format!(
                    "SELECT * FROM catalogs WHERE state = 'published' AND id IN (SELECT catalog_id FROM catalog_offers \
                     WHERE offer_id IN ({})) ORDER BY id{}",
                    placeholders(1, offers.len()),
                    self.for_update()
                ),
                offers.iter().map(|offer| Value::from(*offer)),
            )
            .await?;
        let moved = self.moved(catalogs).await?;
        self.issue(
            moved,
            CatalogEvent::Republish,
            CatalogState::Published,
            Some("offer_changed"),
        )
        .await
    }

    /// What follows when offers may look different: new editions of their catalogs where they do, and index work.
    pub(crate) async fn offers_look_changed(&self, offers: &[Uuid]) -> Result<(), Error> {
        self.new_editions_with(offers).await?;
        self.offers_changed(offers).await
    }
}
