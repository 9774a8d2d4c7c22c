//! Editions to be looked at: one as its readers saw it, with what changed since, and the manager's list of all.

use std::collections::{BTreeSet, HashMap};

use domain::catalogs::{Aspect, Changes, Edition, EditionOffer, OfferChange, Showing};
use domain::ids::{CatalogId, OfferId, OrganisationId};
use domain::offers::{OfferState, PriceVisibility, Viewer};
use domain::time::Instant;
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use crate::catalogs::editions;
use crate::entities::catalogs;
use crate::error::Error;
use crate::offers::visibility::{price_shown, visible};
use crate::sql::{Sql, placeholders};
use crate::write::Store;

/// One edition as a viewer may see it.
#[derive(Clone, Debug)]
pub struct EditionPage {
    pub catalog: CatalogId,
    pub number: i32,
    /// The number of the edition in force, or of the last one.
    pub latest: i32,
    pub published_at: Instant,
    /// When the next edition took its place.
    pub replaced_at: Option<Instant>,
    pub issuer: Issuer,
    /// Only offers that could be bought then; prices only where this viewer may see them, then and now.
    pub edition: Edition,
    /// What has changed since, as far as the viewer may see it.
    pub changes: Changes,
    /// Offers that the viewer can still open.
    pub live: Vec<OfferId>,
    /// Names of the businesses behind the offers, as they are now.
    pub names: HashMap<OrganisationId, String>,
    /// The catalog can be bought from now.
    pub is_open: bool,
}

/// The cooperative that issues a catalog: what stands in a letterhead.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Issuer {
    pub id: Uuid,
    pub slug: String,
    pub name: String,
    pub region_code: String,
    pub village: Option<String>,
    pub address: Option<String>,
    pub postal_code: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub nib: Option<String>,
    pub npwp: Option<String>,
}

/// A line of the manager's list of editions.
#[derive(Clone, Debug)]
pub struct EditionRow {
    pub number: i32,
    pub published_at: Instant,
    /// Who made it; `None` for what time brought about.
    pub by: Option<String>,
    /// What differs from the edition before; `None` for the first.
    pub changes: Option<Changes>,
}

#[derive(FromQueryResult)]
struct Stored {
    edition: i32,
    published_at: i64,
    content: String,
    by_name: Option<String>,
}

#[derive(FromQueryResult)]
struct Now {
    id: Uuid,
    price_visibility: String,
    visible: i64,
    price_shown: i64,
}

impl Store {
    /// An edition of a catalog, old or in force; `None` when the viewer may not see it. `reader` is the cooperative that
    /// looks at its own: it sees every edition with every price.
    ///
    /// # Errors
    /// When the database fails, or a stored edition can't be read.
    pub async fn edition_page(
        &self,
        viewer: &Viewer,
        reader: Option<OrganisationId>,
        now: Instant,
        catalog: CatalogId,
        number: i32,
    ) -> Result<Option<EditionPage>, Error> {
        let Some(row) = self
            .row::<catalogs::Model>("SELECT * FROM catalogs WHERE id = $1", [catalog.0.into()])
            .await?
        else {
            return Ok(None);
        };
        let stored: Vec<Stored> = self
            .rows(
                "SELECT edition, published_at, content, CAST(NULL AS TEXT) AS by_name FROM catalog_editions \
                 WHERE catalog_id = $1 AND edition IN ($2, $2 + 1) ORDER BY edition",
                [row.id.into(), number.into()],
            )
            .await?;
        let Some(found) = stored.first().filter(|stored| stored.edition == number) else {
            return Ok(None);
        };
        let edition: Edition = serde_json::from_str(&found.content)?;
        let current = editions::as_it_is(self, &row, now).await?;
        let showing = Showing {
            state: row
                .state
                .parse()
                .map_err(|_| Error::Corrupt(row.state.clone()))?,
            audience: current.audience,
            buyers: current.buyers.clone(),
            opens_at: current.opens_at,
            closes_at: current.closes_at,
        };
        let is_own = reader == Some(OrganisationId(row.cooperative_id));
        if !is_own && !edition.shows_to(&showing, viewer, now) {
            return Ok(None);
        }
        let eyes = Eyes {
            viewer,
            is_own,
            buyers_now: current.buyers.clone(),
            offers: self.offers_now(viewer, now, &edition, &current).await?,
        };
        let mut edition = eyes.then(edition);
        let mut changes = edition.changes(&eyes.now(current));
        if !is_own {
            // For whom things are is told to nobody else.
            changes.audience = false;
            for offer in &mut changes.offers {
                let told =
                    |change: &OfferChange| *change != OfferChange::Aspect(Aspect::Visibility);
                offer.changes.retain(told);
            }
            changes.offers.retain(|offer| !offer.changes.is_empty());
        }
        edition.offers.retain(EditionOffer::is_live);
        Ok(Some(EditionPage {
            catalog,
            number,
            latest: row.edition,
            published_at: Instant(found.published_at),
            replaced_at: stored.get(1).map(|next| Instant(next.published_at)),
            issuer: self.issuer(row.cooperative_id).await?,
            names: self.names_behind(&edition).await?,
            live: edition
                .offers
                .iter()
                .filter(|offer| eyes.is_visible(offer.id))
                .map(|offer| OfferId(offer.id))
                .collect(),
            is_open: showing.is_open(now),
            changes,
            edition,
        }))
    }

    /// What the viewer may see today of the offers in two editions.
    async fn offers_now(
        &self,
        viewer: &Viewer,
        now: Instant,
        before: &Edition,
        after: &Edition,
    ) -> Result<HashMap<Uuid, Now>, Error> {
        let ids: BTreeSet<Uuid> = before
            .offers
            .iter()
            .chain(&after.offers)
            .map(|offer| offer.id)
            .collect();
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let (shown, mut values) = price_shown(viewer, now, 1);
        let (condition, more) = visible(viewer, now, values.len() + 1);
        values.extend(more);
        let first = values.len() + 1;
        let count = ids.len();
        values.extend(ids.into_iter().map(Value::from));
        let rows: Vec<Now> = self
            .rows(
                format!(
                    "SELECT o.id, o.price_visibility, CAST(CASE WHEN {condition} THEN 1 ELSE 0 END AS BIGINT) AS visible, \
                     CAST(CASE WHEN {shown} THEN 1 ELSE 0 END AS BIGINT) AS price_shown FROM offers o WHERE o.id IN ({})",
                    placeholders(first, count)
                ),
                values,
            )
            .await?;
        Ok(rows.into_iter().map(|row| (row.id, row)).collect())
    }

    pub(crate) async fn issuer(&self, cooperative: Uuid) -> Result<Issuer, Error> {
        self.row(
            "SELECT id, slug, name, region_code, village, address, postal_code, phone, email, nib, npwp \
             FROM organisations WHERE id = $1",
            [cooperative.into()],
        )
        .await?
        .ok_or(Error::NotFound)
    }

    async fn names_behind(
        &self,
        edition: &Edition,
    ) -> Result<HashMap<OrganisationId, String>, Error> {
        #[derive(FromQueryResult)]
        struct Name {
            id: Uuid,
            name: String,
        }
        let ids: BTreeSet<Uuid> = edition
            .offers
            .iter()
            .flat_map(|offer| &offer.sources)
            .map(|source| source.business.0)
            .collect();
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let names: Vec<Name> = self
            .rows(
                format!(
                    "SELECT id, name FROM organisations WHERE id IN ({})",
                    placeholders(1, ids.len())
                ),
                ids.into_iter().map(Value::from),
            )
            .await?;
        Ok(names
            .into_iter()
            .map(|row| (OrganisationId(row.id), row.name))
            .collect())
    }

    /// The editions of this cooperative's catalog, newest first, each with what it changed; and how many there are.
    ///
    /// # Errors
    /// When the database fails, or a stored edition can't be read.
    pub async fn editions_of(
        &self,
        cooperative: OrganisationId,
        catalog: CatalogId,
        page: i64,
        per_page: i64,
    ) -> Result<(Vec<EditionRow>, i64), Error> {
        let from = "FROM catalog_editions e JOIN catalogs c ON c.id = e.catalog_id AND c.cooperative_id = $2";
        let total = self
            .number(
                format!("SELECT COUNT(*) {from} WHERE e.catalog_id = $1"),
                [catalog.0.into(), cooperative.0.into()],
            )
            .await?;
        let skipped = (page.max(1) - 1).saturating_mul(per_page);
        // One more than is shown, for what the oldest of them is compared with.
        let stored: Vec<Stored> = self
            .rows(
                format!(
                    "SELECT e.edition, e.published_at, e.content, p.name AS by_name {from} \
                     LEFT JOIN people p ON p.id = e.published_by WHERE e.catalog_id = $1 \
                     ORDER BY e.edition DESC LIMIT $3 OFFSET $4"
                ),
                [
                    catalog.0.into(),
                    cooperative.0.into(),
                    (per_page + 1).into(),
                    skipped.into(),
                ],
            )
            .await?;
        let contents = stored
            .iter()
            .map(|row| serde_json::from_str(&row.content))
            .collect::<Result<Vec<Edition>, _>>()?;
        let shown = usize::try_from(per_page).unwrap_or(usize::MAX);
        let rows = stored
            .into_iter()
            .enumerate()
            .take(shown)
            .map(|(at, row)| EditionRow {
                number: row.edition,
                published_at: Instant(row.published_at),
                by: row.by_name,
                changes: contents
                    .get(at)
                    .zip(contents.get(at + 1))
                    .map(|(this, before)| before.changes(this)),
            })
            .collect();
        Ok((rows, total))
    }
}

/// Who looks, and what they may see of each offer today.
struct Eyes<'a> {
    viewer: &'a Viewer,
    is_own: bool,
    /// Buyers that the catalog names today.
    buyers_now: Vec<OrganisationId>,
    offers: HashMap<Uuid, Now>,
}

impl Eyes<'_> {
    fn is_visible(&self, offer: Uuid) -> bool {
        self.offers.get(&offer).is_some_and(|now| now.visible == 1)
    }

    /// Nobody sees in an edition what is hidden from them today. Prices for named buyers outlive the catalog's closing
    /// for those whom it still names.
    fn price_today(&self, offer: Uuid) -> bool {
        self.offers.get(&offer).is_some_and(|now| {
            now.price_shown == 1
                || (now.price_visibility == PriceVisibility::Buyers.as_str()
                    && self
                        .viewer
                        .may_see(&PriceVisibility::Buyers.tokens(&self.buyers_now)))
        })
    }

    fn price_is_for(&self, offer: &EditionOffer, buyers: &[OrganisationId]) -> bool {
        self.viewer
            .may_see(&offer.price_visibility.tokens(buyers))
            // Named in another catalog with the same offer.
            || (offer.price_visibility == PriceVisibility::Buyers
                && self.offers.get(&offer.id).is_some_and(|now| now.price_shown == 1))
    }

    /// An old edition for these eyes.
    fn then(&self, edition: Edition) -> Edition {
        let buyers = edition.buyers.clone();
        edition.with_prices_for(|offer| {
            self.is_own || (self.price_is_for(offer, &buyers) && self.price_today(offer.id))
        })
    }

    /// The catalog of today for these eyes: what they can't open is as good as gone.
    fn now(&self, mut edition: Edition) -> Edition {
        if !self.is_own {
            for offer in &mut edition.offers {
                if !self.is_visible(offer.id) {
                    offer.state = OfferState::Archived;
                }
            }
        }
        edition.with_prices_for(|offer| self.is_own || self.price_today(offer.id))
    }
}
