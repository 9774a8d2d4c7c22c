//! Who may see a photo's files. An address that can't be guessed is no right to see what it shows (CHECKLIST B03).

use domain::{
    ids::{OrganisationId, PhotoId},
    offers::Viewer,
    photos::FileHash,
    time::Instant,
};
use sea_orm::{FromQueryResult, Value};

use crate::error::Error;
use crate::offers::visibility::visible_by_id;
use crate::sql::Sql;
use crate::write::Store;

/// Who sees a photo, as far as it decides how long it may be kept by browsers and proxies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Everybody: it belongs to goods of an offer that stands open.
    Public,
    /// Those who may, for as long as they like: it is on goods that were published.
    Parties,
    /// Its owner alone, and who may act for the owner: nothing with it was published yet.
    Draft,
}

/// A file of a photo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhotoFile {
    pub hash: FileHash,
    pub media_type: String,
    pub seen: Seen,
}

/// A photo `$1` on goods that an offer `o` pools.
const POOLED: &str = "EXISTS (SELECT 1 FROM product_photos pp JOIN products pr ON pr.id = pp.product_id \
     AND pr.state = 'live' JOIN supplies s ON s.product_id = pp.product_id AND s.withdrawn_at IS NULL \
     JOIN offers o ON o.id = s.offer_id WHERE pp.photo_id = $1 AND pp.position IS NOT NULL AND ";

impl Store {
    /// A file of a photo, if this viewer may see it; what is not there and what may not be seen are the same.
    ///
    /// `acting` is the organisation that the viewer acts for, and whether as somebody who may act for its members.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn photo_file(
        &self,
        viewer: &Viewer,
        acting: Option<(OrganisationId, bool)>,
        now: Instant,
        photo: PhotoId,
        name: &str,
    ) -> Result<Option<PhotoFile>, Error> {
        #[derive(FromQueryResult)]
        struct Row {
            hash: String,
            media_type: String,
            is_public: i64,
        }
        let (public, values) = visible_by_id(&Viewer::ANONYMOUS, now, 3);
        let mut all: Vec<Value> = vec![photo.0.into(), name.into()];
        all.extend(values);
        let row: Option<Row> = self
            .row(
                format!(
                    "SELECT f.hash, f.media_type, CAST(CASE WHEN {POOLED}{public}) THEN 1 ELSE 0 END AS BIGINT) \
                     AS is_public FROM photo_files pf JOIN files f ON f.hash = pf.file_hash \
                     WHERE pf.photo_id = $1 AND pf.name = $2"
                ),
                all,
            )
            .await?;
        let Some(row) = row else { return Ok(None) };
        let seen = match (row.is_public, acting) {
            (1, _) => Some(Seen::Public),
            (_, Some((organisation, acts_for_members))) => {
                self.seen_by(viewer, organisation, acts_for_members, now, photo)
                    .await?
            }
            (_, None) => None,
        };
        let hash = row.hash.parse().map_err(|_| Error::Corrupt(row.hash))?;
        Ok(seen.map(|seen| PhotoFile {
            hash,
            media_type: row.media_type,
            seen,
        }))
    }

    /// A file of a photo that stands in something which the viewer may see: an edition. That is asked before.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn file_of_shown_photo(
        &self,
        photo: PhotoId,
        name: &str,
    ) -> Result<Option<PhotoFile>, Error> {
        #[derive(FromQueryResult)]
        struct Row {
            hash: String,
            media_type: String,
        }
        let row: Option<Row> = self
            .row(
                "SELECT f.hash, f.media_type FROM photo_files pf JOIN files f ON f.hash = pf.file_hash \
                 WHERE pf.photo_id = $1 AND pf.name = $2",
                [photo.0.into(), name.into()],
            )
            .await?;
        row.map(|row| {
            Ok(PhotoFile {
                hash: row.hash.parse().map_err(|_| Error::Corrupt(row.hash))?,
                media_type: row.media_type,
                seen: Seen::Parties,
            })
        })
        .transpose()
    }

    /// Whether the people of an organisation see a photo that not everybody does: their own; that of goods which their
    /// cooperative pools or could pool; that of an offer which they manage, supply, ordered, or may see.
    async fn seen_by(
        &self,
        viewer: &Viewer,
        organisation: OrganisationId,
        acts_for_members: bool,
        now: Instant,
        photo: PhotoId,
    ) -> Result<Option<Seen>, Error> {
        #[derive(FromQueryResult)]
        struct Row {
            is_draft: i64,
        }
        let (shown, values) = visible_by_id(viewer, now, 4);
        let mut all: Vec<Value> = vec![
            photo.0.into(),
            organisation.0.into(),
            i64::from(acts_for_members).into(),
        ];
        all.extend(values);
        let row: Option<Row> = self
            .row(
                format!(
                    "SELECT CAST(CASE WHEN EXISTS (SELECT 1 FROM product_photos pp JOIN products pr \
                     ON pr.id = pp.product_id AND pr.state <> 'draft' WHERE pp.photo_id = $1 \
                     AND pp.position IS NOT NULL) THEN 0 ELSE 1 END AS BIGINT) AS is_draft FROM photos ph \
                     WHERE ph.id = $1 AND (ph.organisation_id = $2 OR EXISTS (SELECT 1 FROM product_photos pp \
                     JOIN products pr ON pr.id = pp.product_id JOIN members m ON m.supplier_id = pr.umkm_id \
                     AND m.cooperative_id = $2 WHERE pp.photo_id = $1 AND pp.position IS NOT NULL \
                     AND ((pr.state = 'live' AND m.status IN ('active', 'candidate', 'associate')) \
                     OR ($3 = 1 AND m.status = 'active'))) OR {POOLED}(o.cooperative_id = $2 \
                     OR EXISTS (SELECT 1 FROM supplies own WHERE own.offer_id = o.id AND own.supplier_id = $2) \
                     OR EXISTS (SELECT 1 FROM order_lines ol JOIN orders od ON od.id = ol.order_id \
                     WHERE ol.offer_id = o.id AND od.buyer_id = $2) OR ({shown}))))"
                ),
                all,
            )
            .await?;
        Ok(row.map(|row| match row.is_draft {
            0 => Seen::Parties,
            _ => Seen::Draft,
        }))
    }
}
