//! Keeping photos, and putting them on goods and offers.

use domain::{
    ids::{OfferId, OrganisationId, PhotoId, ProductId},
    photos::{PER_PRODUCT_MAX, STORED_BYTES_MAX, with_main},
    products::ProductState,
};
use sea_orm::{FromQueryResult, Value};
use serde_json::json;
use uuid::Uuid;

use super::{NewPhoto, PhotoError};
use crate::act::Act;
use crate::entities::{photo_files, photos, product_photos};
use crate::error::Error;
use crate::events::Event;
use crate::sql::Sql;
use crate::write::{Store, Tx};

impl Store {
    /// Keeps a photo for its owner, on no goods yet. Kept twice, it is there once.
    ///
    /// # Errors
    /// [`PhotoError::NoRoom`] when the owner keeps too much already, [`PhotoError::NotFound`] for whoever may not act
    /// for the owner.
    pub async fn keep_photo(&self, act: &Act, photo: &NewPhoto) -> Result<(), PhotoError> {
        self.write(act, async |tx| -> Result<(), PhotoError> {
            tx.keep_photo(photo).await
        })
        .await
    }

    /// Keeps photos and puts them on a product, behind those that are there: all of them, or none.
    ///
    /// # Errors
    /// As [`Store::keep_photo`] and [`Store::add_product_photo`].
    pub async fn add_new_photos(
        &self,
        act: &Act,
        owner: OrganisationId,
        product: ProductId,
        photos: &[NewPhoto],
    ) -> Result<(), PhotoError> {
        self.write(act, async |tx| -> Result<(), PhotoError> {
            for photo in photos {
                tx.keep_photo(photo).await?;
                tx.add_product_photo(owner, product, photo.id, "product_photo_added")
                    .await?;
            }
            Ok(())
        })
        .await
    }

    /// Puts a kept photo on a product, behind those that are there. One that is there already stays where it is.
    ///
    /// # Errors
    /// [`PhotoError::TooMany`], [`PhotoError::Archived`], [`PhotoError::NotFound`].
    pub async fn add_product_photo(
        &self,
        act: &Act,
        owner: OrganisationId,
        product: ProductId,
        photo: PhotoId,
    ) -> Result<(), PhotoError> {
        self.write(act, async |tx| -> Result<(), PhotoError> {
            tx.add_product_photo(owner, product, photo, "product_photo_added")
                .await
        })
        .await
    }

    /// Makes a photo of a product its main one.
    ///
    /// # Errors
    /// [`PhotoError::NotFound`], [`PhotoError::Archived`].
    pub async fn make_main_photo(
        &self,
        act: &Act,
        owner: OrganisationId,
        product: ProductId,
        photo: PhotoId,
    ) -> Result<(), PhotoError> {
        self.write(act, async |tx| -> Result<(), PhotoError> {
            tx.lock_for_photos(owner, product).await?;
            let shown = tx.shown(product).await?;
            let wanted = with_main(&shown, photo.0).ok_or(PhotoError::NotFound)?;
            if wanted == shown {
                return Ok(());
            }
            tx.arrange(product, &wanted).await?;
            tx.photo_event(product, photo, "product_photo_made_main")
                .await
        })
        .await
    }

    /// Takes a photo off a product. It can be put back.
    ///
    /// # Errors
    /// [`PhotoError::NotFound`], [`PhotoError::Archived`].
    pub async fn remove_product_photo(
        &self,
        act: &Act,
        owner: OrganisationId,
        product: ProductId,
        photo: PhotoId,
    ) -> Result<(), PhotoError> {
        self.write(act, async |tx| -> Result<(), PhotoError> {
            tx.lock_for_photos(owner, product).await?;
            let mut shown = tx.shown(product).await?;
            let before = shown.len();
            shown.retain(|one| *one != photo.0);
            if shown.len() == before {
                return Err(PhotoError::NotFound);
            }
            tx.exec(
                "UPDATE product_photos SET position = NULL, removed_at = $3 WHERE product_id = $1 AND photo_id = $2",
                [product.0.into(), photo.0.into(), tx.now().0.into()],
            )
            .await?;
            tx.arrange(product, &shown).await?;
            tx.photo_event(product, photo, "product_photo_removed")
                .await
        })
        .await
    }

    /// Puts a photo back that was taken off a product.
    ///
    /// # Errors
    /// As [`Store::add_product_photo`].
    pub async fn return_product_photo(
        &self,
        act: &Act,
        owner: OrganisationId,
        product: ProductId,
        photo: PhotoId,
    ) -> Result<(), PhotoError> {
        self.write(act, async |tx| -> Result<(), PhotoError> {
            let known = tx
                .number(
                    "SELECT COUNT(*) FROM product_photos WHERE product_id = $1 AND photo_id = $2",
                    [product.0.into(), photo.0.into()],
                )
                .await?;
            if known == 0 {
                return Err(PhotoError::NotFound);
            }
            tx.add_product_photo(owner, product, photo, "product_photo_returned")
                .await
        })
        .await
    }

    /// Chooses the photo that an offer shows first, from those of its pooled products.
    ///
    /// # Errors
    /// [`PhotoError::NotFound`] for an offer of another cooperative and a photo of other goods, [`PhotoError::Archived`].
    pub async fn choose_offer_photo(
        &self,
        act: &Act,
        cooperative: OrganisationId,
        offer: OfferId,
        photo: PhotoId,
    ) -> Result<(), PhotoError> {
        self.write(act, async |tx| -> Result<(), PhotoError> {
            #[derive(FromQueryResult)]
            struct Offer {
                state: String,
            }
            let row: Offer = tx
                .row(
                    format!(
                        "SELECT state FROM offers WHERE id = $1 AND cooperative_id = $2{}",
                        tx.for_update()
                    ),
                    [offer.0.into(), cooperative.0.into()],
                )
                .await?
                .ok_or(PhotoError::NotFound)?;
            if row.state == "archived" {
                return Err(PhotoError::Archived);
            }
            let pooled = tx
                .number(
                    "SELECT COUNT(*) FROM product_photos pp JOIN supplies s ON s.product_id = pp.product_id \
                     WHERE s.offer_id = $1 AND s.withdrawn_at IS NULL AND pp.photo_id = $2 AND pp.position IS NOT NULL",
                    [offer.0.into(), photo.0.into()],
                )
                .await?;
            if pooled == 0 {
                return Err(PhotoError::NotFound);
            }
            tx.exec(
                "INSERT INTO offer_photos (offer_id, photo_id) VALUES ($1, $2) \
                 ON CONFLICT (offer_id) DO UPDATE SET photo_id = $2",
                [offer.0.into(), photo.0.into()],
            )
            .await?;
            tx.event(Event {
                subject_kind: "offer",
                subject_id: offer.0,
                kind: "offer_photo_chosen",
                data: Some(json!({ "photo": photo }).to_string()),
                ..Default::default()
            })
            .await?;
            tx.offers_look_changed(&[offer.0]).await?;
            Ok(())
        })
        .await
    }
}

#[derive(FromQueryResult)]
struct Id {
    photo_id: Uuid,
}

impl Tx {
    async fn keep_photo(&self, photo: &NewPhoto) -> Result<(), PhotoError> {
        let owner = photo.owner;
        self.product_actor(owner)
            .await
            .map_err(|error| match error {
                Error::NotFound => PhotoError::NotFound,
                other => other.into(),
            })?;
        let known = self
            .number(
                "SELECT COUNT(*) FROM photos WHERE id = $1",
                [photo.id.0.into()],
            )
            .await?;
        if known > 0 {
            return Ok(());
        }
        // On PostgreSQL two photos of one owner at the same moment would not see each other's bytes.
        let _: Option<Owner> = self
            .row(
                format!(
                    "SELECT id FROM organisations WHERE id = $1{}",
                    self.for_update()
                ),
                [owner.0.into()],
            )
            .await?;
        let bytes: i64 = photo.files.iter().map(|file| file.bytes).sum();
        let kept = self
            .number(
                "SELECT CAST(COALESCE(SUM(bytes), 0) AS BIGINT) FROM photos WHERE organisation_id = $1",
                [owner.0.into()],
            )
            .await?;
        if kept.saturating_add(bytes) > STORED_BYTES_MAX {
            return Err(PhotoError::NoRoom);
        }
        self.insert(photos::Model {
            id: photo.id.0,
            organisation_id: owner.0,
            person_id: self.act.person.map(Uuid::from),
            width: photo.width,
            height: photo.height,
            colour: photo.colour.clone(),
            bytes,
            created_at: self.now().0,
        })
        .await?;
        let mut values: Vec<Value> = Vec::with_capacity(photo.files.len() * 4);
        let mut rows = Vec::with_capacity(photo.files.len());
        for file in &photo.files {
            rows.push(format!(
                "({})",
                crate::sql::placeholders(values.len() + 1, 4)
            ));
            values.extend([
                Value::from(file.hash.as_str()),
                file.media_type.clone().into(),
                file.bytes.into(),
                self.now().0.into(),
            ]);
        }
        self.exec(
            format!(
                "INSERT INTO files (hash, media_type, bytes, created_at) VALUES {} ON CONFLICT (hash) DO NOTHING",
                rows.join(", ")
            ),
            values,
        )
        .await?;
        let rows = photo.files.iter().map(|file| photo_files::Model {
            photo_id: photo.id.0,
            name: file.name.clone(),
            file_hash: file.hash.as_str().to_owned(),
        });
        self.insert_many(rows.collect()).await?;
        self.event(Event {
            subject_kind: "photo",
            subject_id: photo.id.0,
            kind: "photo_kept",
            data: Some(json!({ "bytes": bytes }).to_string()),
            ..Default::default()
        })
        .await?;
        Ok(())
    }

    pub(crate) async fn add_product_photo(
        &self,
        owner: OrganisationId,
        product: ProductId,
        photo: PhotoId,
        kind: &str,
    ) -> Result<(), PhotoError> {
        self.lock_for_photos(owner, product).await?;
        let own = self
            .number(
                "SELECT COUNT(*) FROM photos WHERE id = $1 AND organisation_id = $2",
                [photo.0.into(), owner.0.into()],
            )
            .await?;
        if own == 0 {
            return Err(PhotoError::NotFound);
        }
        let shown = self.shown(product).await?;
        if shown.contains(&photo.0) {
            return Ok(());
        }
        if shown.len() >= PER_PRODUCT_MAX {
            return Err(PhotoError::TooMany(PER_PRODUCT_MAX));
        }
        let position = i32::try_from(shown.len() + 1).ok();
        let back = self
            .exec(
                "UPDATE product_photos SET position = $3, removed_at = NULL WHERE product_id = $1 AND photo_id = $2",
                [product.0.into(), photo.0.into(), position.into()],
            )
            .await?;
        if back == 0 {
            self.insert(product_photos::Model {
                product_id: product.0,
                photo_id: photo.0,
                position,
                removed_at: None,
            })
            .await?;
        }
        self.photo_event(product, photo, kind).await
    }

    /// The product, locked, if its photos may change.
    async fn lock_for_photos(
        &self,
        owner: OrganisationId,
        product: ProductId,
    ) -> Result<(), PhotoError> {
        match self.product_state(owner, product).await? {
            ProductState::Archived => Err(PhotoError::Archived),
            _ => Ok(()),
        }
    }

    /// The photos that a product shows, in their order.
    async fn shown(&self, product: ProductId) -> Result<Vec<Uuid>, PhotoError> {
        let rows: Vec<Id> = self
            .rows(
                "SELECT photo_id FROM product_photos WHERE product_id = $1 AND position IS NOT NULL ORDER BY position",
                [product.0.into()],
            )
            .await?;
        Ok(rows.into_iter().map(|row| row.photo_id).collect())
    }

    /// Gives a product's photos the positions from 1 on, in this order. They are all of those it shows.
    async fn arrange(&self, product: ProductId, photos: &[Uuid]) -> Result<(), PhotoError> {
        if photos.is_empty() {
            return Ok(());
        }
        // First off their places: no two may stand on one, not even for a moment.
        self.exec(
            "UPDATE product_photos SET position = NULL, removed_at = $2 WHERE product_id = $1 AND position IS NOT NULL",
            [product.0.into(), self.now().0.into()],
        )
        .await?;
        let mut values: Vec<Value> = vec![product.0.into()];
        let mut cases = String::new();
        for (photo, position) in photos.iter().zip(1..) {
            values.push((*photo).into());
            cases.push_str(&format!(
                " WHEN photo_id = ${} THEN {position}",
                values.len()
            ));
        }
        let these = crate::sql::placeholders(2, photos.len());
        self.exec(
            format!(
                "UPDATE product_photos SET removed_at = NULL, position = CASE{cases} END \
                 WHERE product_id = $1 AND photo_id IN ({these})"
            ),
            values,
        )
        .await?;
        Ok(())
    }

    async fn photo_event(
        &self,
        product: ProductId,
        photo: PhotoId,
        kind: &str,
    ) -> Result<(), PhotoError> {
        self.event(Event {
            subject_kind: "product",
            subject_id: product.0,
            kind,
            data: Some(json!({ "photo": photo }).to_string()),
            ..Default::default()
        })
        .await?;
        self.product_changed(product).await?;
        Ok(())
    }
}

#[derive(FromQueryResult)]
struct Owner {
    #[expect(dead_code, reason = "the row is locked, not read")]
    id: Uuid,
}
