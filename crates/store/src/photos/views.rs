//! Photos as pages show them: a fixed number of queries for a whole page.

use std::collections::HashMap;

use domain::ids::{OfferId, OrganisationId, PhotoId, ProductId};
use domain::photos::FileHash;
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use crate::error::Error;
use crate::sql::{Sql, placeholders};
use crate::write::Store;

/// Photos of all members together that the page of one offer shows.
const GALLERY_MAX: usize = 12;

/// A photo to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Photo {
    pub id: PhotoId,
    /// Of the largest size, in pixels.
    pub width: i32,
    pub height: i32,
    /// `#rrggbb`, until the picture is there.
    pub colour: String,
    /// What is on it: the goods and whose they are. Empty where the words stand beside it.
    pub alt: String,
}

/// The photos of one product.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProductPhotos {
    /// The main one first.
    pub shown: Vec<Photo>,
    /// Taken off, latest first; they can be put back.
    pub removed: Vec<Photo>,
}

/// A photo among those of an offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GalleryPhoto {
    pub photo: Photo,
    pub business: String,
}

#[derive(FromQueryResult)]
struct Row {
    /// What the photo is looked up for.
    of: Uuid,
    id: Uuid,
    width: i32,
    height: i32,
    colour: String,
    name: String,
    business: String,
}

impl Row {
    fn photo(self) -> Photo {
        Photo {
            id: PhotoId(self.id),
            width: self.width,
            height: self.height,
            colour: self.colour,
            alt: format!("{} · {}", self.name, self.business),
        }
    }
}

/// The photos of what offers pool now: the chosen one first, then each product's main one in the order in which the
/// products joined, then the others.
fn pooled(offers: usize, main_only: bool) -> String {
    let these = placeholders(1, offers);
    let which = match main_only {
        true => "AND (pp.position = 1 OR op.photo_id IS NOT NULL)",
        false => "",
    };
    format!(
        "SELECT s.offer_id AS of, ph.id, ph.width, ph.height, ph.colour, p.name, m.name AS business \
         FROM supplies s JOIN products p ON p.id = s.product_id AND p.state = 'live' \
         JOIN organisations m ON m.id = s.supplier_id \
         JOIN product_photos pp ON pp.product_id = p.id AND pp.position IS NOT NULL \
         JOIN photos ph ON ph.id = pp.photo_id \
         LEFT JOIN offer_photos op ON op.offer_id = s.offer_id AND op.photo_id = pp.photo_id \
         WHERE s.withdrawn_at IS NULL AND s.offer_id IN ({these}) {which} ORDER BY s.offer_id, \
         CASE WHEN op.photo_id IS NULL THEN 1 ELSE 0 END, pp.position, s.offered_at, m.name, s.id"
    )
}

/// As [`Store::offer_photos`], in a deed too.
pub(crate) async fn of_offers(
    sql: &impl Sql,
    offers: &[OfferId],
) -> Result<HashMap<OfferId, Photo>, Error> {
    if offers.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<Row> = sql
        .rows(
            pooled(offers.len(), true),
            offers.iter().map(|offer| Value::from(offer.0)),
        )
        .await?;
    let mut photos = HashMap::new();
    for row in rows {
        photos.entry(OfferId(row.of)).or_insert_with(|| row.photo());
    }
    Ok(photos)
}

/// The file of this name of each photo.
pub(crate) async fn files_named(
    sql: &impl Sql,
    photos: &[PhotoId],
    name: &str,
) -> Result<HashMap<PhotoId, FileHash>, Error> {
    #[derive(FromQueryResult)]
    struct Named {
        photo_id: Uuid,
        file_hash: String,
    }
    if photos.is_empty() {
        return Ok(HashMap::new());
    }
    let mut values: Vec<Value> = vec![name.into()];
    values.extend(photos.iter().map(|photo| Value::from(photo.0)));
    let rows: Vec<Named> = sql
        .rows(
            format!(
                "SELECT photo_id, file_hash FROM photo_files WHERE name = $1 AND photo_id IN ({})",
                placeholders(2, photos.len())
            ),
            values,
        )
        .await?;
    rows.into_iter()
        .map(|row| {
            let hash = row.file_hash.parse();
            let hash = hash.map_err(|_| Error::Corrupt(row.file_hash))?;
            Ok((PhotoId(row.photo_id), hash))
        })
        .collect()
}

impl Store {
    /// The photos of a product, those that were taken off too.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn product_photos(
        &self,
        owner: OrganisationId,
        product: ProductId,
    ) -> Result<ProductPhotos, Error> {
        #[derive(FromQueryResult)]
        struct OnProduct {
            id: Uuid,
            width: i32,
            height: i32,
            colour: String,
            name: String,
            business: String,
            position: Option<i32>,
        }
        let rows: Vec<OnProduct> = self
            .rows(
                "SELECT ph.id, ph.width, ph.height, ph.colour, p.name, m.name AS business, pp.position \
                 FROM product_photos pp JOIN photos ph ON ph.id = pp.photo_id JOIN products p ON p.id = pp.product_id \
                 JOIN organisations m ON m.id = p.umkm_id WHERE pp.product_id = $1 AND p.umkm_id = $2 \
                 ORDER BY COALESCE(pp.position, 99), pp.removed_at DESC, ph.id LIMIT 16",
                [product.0.into(), owner.0.into()],
            )
            .await?;
        let mut photos = ProductPhotos::default();
        for row in rows {
            let list = match row.position {
                Some(_) => &mut photos.shown,
                None => &mut photos.removed,
            };
            list.push(Photo {
                id: PhotoId(row.id),
                width: row.width,
                height: row.height,
                colour: row.colour,
                alt: format!("{} · {}", row.name, row.business),
            });
        }
        Ok(photos)
    }

    /// A photo that its owner keeps, on goods or not.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn kept_photo(
        &self,
        owner: OrganisationId,
        photo: PhotoId,
    ) -> Result<Option<Photo>, Error> {
        let row: Option<Row> = self
            .row(
                "SELECT id AS of, id, width, height, colour, '' AS name, '' AS business FROM photos \
                 WHERE id = $1 AND organisation_id = $2",
                [photo.0.into(), owner.0.into()],
            )
            .await?;
        Ok(row.map(|row| Photo {
            alt: String::new(),
            ..row.photo()
        }))
    }

    /// The main photos of products of one owner; products without one are missing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn main_photos(
        &self,
        owner: OrganisationId,
        products: &[ProductId],
    ) -> Result<HashMap<ProductId, Photo>, Error> {
        if products.is_empty() {
            return Ok(HashMap::new());
        }
        let mut values: Vec<Value> = vec![owner.0.into()];
        values.extend(products.iter().map(|product| Value::from(product.0)));
        let rows: Vec<Row> = self
            .rows(
                format!(
                    "SELECT p.id AS of, ph.id, ph.width, ph.height, ph.colour, p.name, m.name AS business \
                     FROM product_photos pp JOIN photos ph ON ph.id = pp.photo_id \
                     JOIN products p ON p.id = pp.product_id JOIN organisations m ON m.id = p.umkm_id \
                     WHERE p.umkm_id = $1 AND pp.position = 1 AND pp.product_id IN ({})",
                    placeholders(2, products.len())
                ),
                values,
            )
            .await?;
        Ok(rows
            .into_iter()
            .map(|row| (ProductId(row.of), row.photo()))
            .collect())
    }

    /// The photo that each offer shows first; offers without any are missing. Whether the offer itself may be seen, and
    /// so its photo, is asked elsewhere.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn offer_photos(&self, offers: &[OfferId]) -> Result<HashMap<OfferId, Photo>, Error> {
        of_offers(self, offers).await
    }

    /// All photos of what an offer pools, the one it shows first in front.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn offer_gallery(&self, offer: OfferId) -> Result<Vec<GalleryPhoto>, Error> {
        let rows: Vec<Row> = self
            .rows(
                format!("{} LIMIT {GALLERY_MAX}", pooled(1, false)),
                [offer.0.into()],
            )
            .await?;
        Ok(rows
            .into_iter()
            .map(|row| GalleryPhoto {
                business: row.business.clone(),
                photo: row.photo(),
            })
            .collect())
    }
}
