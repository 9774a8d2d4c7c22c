//! The public face of cooperatives: the list of verified ones, a cooperative's page, and a catalog as buyers see it.
//!
//! Names, places and offers only. What a cooperative's own people work with is in `members`, `offers` and `catalogs`.

use domain::ids::{CatalogId, OfferId, OrganisationId};
use domain::offers::Viewer;
use domain::time::Instant;
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use crate::error::Error;
use crate::offers::visibility::visible;
use crate::sql::Sql;
use crate::write::Store;

/// Cooperatives and offers on one page.
const PAGE: i64 = 24;
/// Catalogs on one page of a cooperative.
const CATALOGS: i64 = 12;

/// A cooperative in the list.
#[derive(Clone, Debug, FromQueryResult)]
pub struct CooperativeRow {
    pub slug: String,
    pub name: String,
    pub region_code: String,
    pub members: i64,
    /// Offers that this viewer may see.
    pub offers: i64,
}

/// The page of one verified cooperative.
#[derive(Clone, Debug)]
pub struct CooperativePage {
    pub id: OrganisationId,
    pub slug: String,
    pub name: String,
    pub region_code: String,
    pub village: Option<String>,
    pub coop_kind: Option<String>,
    pub is_pkp: bool,
    /// Epoch microseconds.
    pub verified_at: Option<i64>,
    pub members: i64,
    /// One page of the catalogs that are open to this viewer, the newest first.
    pub catalogs: Vec<OpenCatalog>,
    pub catalogs_total: i64,
    pub catalogs_per_page: i64,
    /// One page of the offers that this viewer may see, newest first.
    pub offers: Vec<OfferId>,
    pub offers_total: i64,
    pub per_page: i64,
}

/// A catalog that is open to the viewer.
#[derive(Clone, Debug, FromQueryResult)]
pub struct OpenCatalog {
    id: Uuid,
    pub title: String,
    pub edition: i32,
    pub opens_at: i64,
    pub closes_at: Option<i64>,
    pub offers: i64,
}

impl OpenCatalog {
    #[must_use]
    pub fn id(&self) -> CatalogId {
        CatalogId(self.id)
    }
}

/// A catalog with the offers that the viewer may see, in its own order.
#[derive(Clone, Debug)]
pub struct CatalogPage {
    pub title: String,
    pub description: String,
    pub edition: i32,
    pub opens_at: Instant,
    pub closes_at: Option<Instant>,
    pub cooperative_slug: String,
    pub cooperative_name: String,
    pub region_code: String,
    pub offers: Vec<OfferId>,
    pub offers_total: i64,
    pub per_page: i64,
}

#[derive(FromQueryResult)]
struct Face {
    id: Uuid,
    slug: String,
    name: String,
    region_code: String,
    village: Option<String>,
    coop_kind: Option<String>,
    is_pkp: bool,
    verified_at: Option<i64>,
    members: i64,
}

#[derive(FromQueryResult)]
struct CatalogFace {
    id: Uuid,
    title: String,
    description: String,
    edition: i32,
    opens_at: i64,
    closes_at: Option<i64>,
    slug: String,
    name: String,
    region_code: String,
}

#[derive(FromQueryResult)]
struct Id {
    id: Uuid,
}

const MEMBERS: &str = "(SELECT COUNT(*) FROM members b WHERE b.cooperative_id = k.id \
    AND b.status IN ('active', 'candidate', 'associate'))";

/// The condition that catalog `c` is open to the viewer: $1 now, $2 verified, $3 buyer.
const OPEN: &str = "c.state = 'published' AND c.opens_at <= $1 AND (c.closes_at IS NULL OR c.closes_at > $1) \
    AND (c.audience = 'public' OR (c.audience = 'verified' AND $2 = 1) OR (c.audience = 'buyers' AND EXISTS \
    (SELECT 1 FROM catalog_buyers cb WHERE cb.catalog_id = c.id AND cb.buyer_id = $3)))";

fn eyes(viewer: &Viewer, now: Instant) -> Vec<Value> {
    vec![
        now.0.into(),
        i64::from(viewer.verified).into(),
        viewer.buyer.map(|id| id.0).into(),
    ]
}

fn offset(page: i64) -> i64 {
    (page.clamp(1, 10_000) - 1) * PAGE
}

impl Store {
    /// Verified cooperatives, those with most offers first; and how many there are.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn cooperatives(
        &self,
        viewer: &Viewer,
        now: Instant,
        page: i64,
    ) -> Result<(Vec<CooperativeRow>, i64), Error> {
        let (condition, mut values) = visible(viewer, now, 1);
        values.extend([PAGE.into(), offset(page).into()]);
        let rows = self
            .rows(
                format!(
                    "SELECT k.slug, k.name, k.region_code, {MEMBERS} AS members, \
                     (SELECT COUNT(*) FROM offers o WHERE o.cooperative_id = k.id AND {condition}) AS offers \
                     FROM organisations k WHERE k.kind = 'cooperative' AND k.verification = 'verified' \
                     ORDER BY offers DESC, k.name, k.id LIMIT $4 OFFSET $5"
                ),
                values,
            )
            .await?;
        let total = self
            .number(
                "SELECT COUNT(*) FROM organisations WHERE kind = 'cooperative' AND verification = 'verified'",
                [],
            )
            .await?;
        Ok((rows, total))
    }

    /// A verified cooperative's page; `None` for any other slug.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn cooperative_page(
        &self,
        viewer: &Viewer,
        now: Instant,
        slug: &str,
        page: i64,
        catalogs_page: i64,
    ) -> Result<Option<CooperativePage>, Error> {
        let face: Option<Face> = self
            .row(
                format!(
                    "SELECT k.id, k.slug, k.name, k.region_code, k.village, k.coop_kind, k.is_pkp, k.verified_at, \
                     {MEMBERS} AS members FROM organisations k \
                     WHERE k.slug = $1 AND k.kind = 'cooperative' AND k.verification = 'verified'"
                ),
                [slug.into()],
            )
            .await?;
        let Some(face) = face else {
            return Ok(None);
        };
        let mut values = eyes(viewer, now);
        values.push(face.id.into());
        let catalogs_total = self
            .number(
                format!("SELECT COUNT(*) FROM catalogs c WHERE {OPEN} AND c.cooperative_id = $4"),
                values.clone(),
            )
            .await?;
        let skipped = (catalogs_page.clamp(1, 10_000) - 1) * CATALOGS;
        values.extend([CATALOGS.into(), skipped.into()]);
        let catalogs = self
            .rows(
                format!(
                    "SELECT c.id, c.title, c.edition, c.opens_at, c.closes_at, (SELECT COUNT(*) FROM catalog_offers co \
                     JOIN offers o ON o.id = co.offer_id AND o.state = 'live' WHERE co.catalog_id = c.id) AS offers \
                     FROM catalogs c WHERE {OPEN} AND c.cooperative_id = $4 ORDER BY c.opens_at DESC, c.id \
                     LIMIT $5 OFFSET $6"
                ),
                values,
            )
            .await?;
        let (condition, mut values) = visible(viewer, now, 1);
        values.push(face.id.into());
        let offers_total = self
            .number(
                format!(
                    "SELECT COUNT(*) FROM offers o WHERE {condition} AND o.cooperative_id = $4"
                ),
                values.clone(),
            )
            .await?;
        values.extend([PAGE.into(), offset(page).into()]);
        let offers: Vec<Id> = self
            .rows(
                format!(
                    "SELECT o.id FROM offers o WHERE {condition} AND o.cooperative_id = $4 \
                     ORDER BY o.published_at DESC, o.id LIMIT $5 OFFSET $6"
                ),
                values,
            )
            .await?;
        Ok(Some(CooperativePage {
            id: OrganisationId(face.id),
            slug: face.slug,
            name: face.name,
            region_code: face.region_code,
            village: face.village,
            coop_kind: face.coop_kind,
            is_pkp: face.is_pkp,
            verified_at: face.verified_at,
            members: face.members,
            catalogs,
            catalogs_total,
            catalogs_per_page: CATALOGS,
            offers: offers.into_iter().map(|row| OfferId(row.id)).collect(),
            offers_total,
            per_page: PAGE,
        }))
    }

    /// A catalog that is open to the viewer; `None` for any other.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn catalog_page(
        &self,
        viewer: &Viewer,
        now: Instant,
        id: CatalogId,
        page: i64,
    ) -> Result<Option<CatalogPage>, Error> {
        let mut values = eyes(viewer, now);
        values.push(id.0.into());
        let face: Option<CatalogFace> = self
            .row(
                format!(
                    "SELECT c.id, c.title, c.description, c.edition, c.opens_at, c.closes_at, k.slug, k.name, \
                     k.region_code FROM catalogs c JOIN organisations k ON k.id = c.cooperative_id \
                     WHERE {OPEN} AND c.id = $4"
                ),
                values,
            )
            .await?;
        let Some(face) = face else {
            return Ok(None);
        };
        let from = "FROM catalog_offers co JOIN offers o ON o.id = co.offer_id AND o.state = 'live' WHERE co.catalog_id = $1";
        let offers_total = self
            .number(format!("SELECT COUNT(*) {from}"), [face.id.into()])
            .await?;
        let offers: Vec<Id> = self
            .rows(
                format!("SELECT o.id {from} ORDER BY co.position, o.id LIMIT $2 OFFSET $3"),
                [face.id.into(), PAGE.into(), offset(page).into()],
            )
            .await?;
        Ok(Some(CatalogPage {
            title: face.title,
            description: face.description,
            edition: face.edition,
            opens_at: Instant(face.opens_at),
            closes_at: face.closes_at.map(Instant),
            cooperative_slug: face.slug,
            cooperative_name: face.name,
            region_code: face.region_code,
            offers: offers.into_iter().map(|row| OfferId(row.id)).collect(),
            offers_total,
            per_page: PAGE,
        }))
    }
}
