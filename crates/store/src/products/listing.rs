//! Listing a product as its form states it: the product with its first lot, its photo and its permits, in one deed and
//! once. The form carries the product's id, made with the page or on a phone without a line; sending it twice gives the
//! same product (CHECKLIST F04).

use domain::ids::{OrganisationId, PhotoId, ProductId};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::certificates::NewCertificate;
use super::{Facts, NewLot, ProductError};
use crate::act::Act;
use crate::photos::PhotoError;
use crate::sql::Sql;
use crate::write::{Store, Tx};

/// A product to be listed.
#[derive(Clone, Debug)]
pub struct NewProduct {
    /// The one-time key.
    pub id: ProductId,
    pub facts: Facts,
    pub opening: Option<NewLot>,
    /// A photo that is kept already.
    pub photo: Option<PhotoId>,
    pub permits: Vec<NewCertificate>,
    /// On sale at once; otherwise a draft.
    pub publish: bool,
}

impl Store {
    /// Lists a product; one that was listed under this key before is left as it is.
    ///
    /// # Errors
    /// [`ProductError::Gaps`] when it should be published and is not whole, [`ProductError::KeyUsed`] when the key is that
    /// of a product that says something else, [`ProductError::NotFound`] for a photo or a key of somebody else. Nothing is
    /// made then.
    pub async fn list_product(
        &self,
        act: &Act,
        umkm: OrganisationId,
        new: &NewProduct,
    ) -> Result<(), ProductError> {
        let listed = self
            .write(act, async |tx| tx.list_product(umkm, new).await)
            .await;
        match listed {
            // Two copies of one form raced on the key: the other one made it.
            Err(ProductError::Store(error)) if error.is_unique_violation() => {
                self.write(act, async |tx| tx.list_product(umkm, new).await)
                    .await
            }
            listed => listed,
        }
    }
}

impl Tx {
    async fn list_product(
        &self,
        umkm: OrganisationId,
        new: &NewProduct,
    ) -> Result<(), ProductError> {
        if self.is_listed(umkm, new).await? {
            return Ok(());
        }
        let opening = new.opening.as_ref();
        self.make_product(umkm, new.id, &new.facts, opening, new.publish)
            .await?;
        if let Some(photo) = new.photo {
            self.add_product_photo(umkm, new.id, photo, "product_photo_added")
                .await
                .map_err(|error| match error {
                    PhotoError::Store(error) => ProductError::Store(error),
                    _ => ProductError::NotFound,
                })?;
        }
        for permit in &new.permits {
            let scope = (!permit.for_all).then_some(new.id);
            self.add_certificate(umkm, scope, permit).await?;
        }
        Ok(())
    }

    /// Whether this very product is there already.
    async fn is_listed(
        &self,
        umkm: OrganisationId,
        new: &NewProduct,
    ) -> Result<bool, ProductError> {
        #[derive(FromQueryResult)]
        struct Owner {
            umkm_id: Uuid,
        }
        let owner: Option<Owner> = self
            .row(
                "SELECT umkm_id FROM products WHERE id = $1",
                [new.id.0.into()],
            )
            .await?;
        match owner {
            None => Ok(false),
            // A key of somebody else says nothing about whose it is.
            Some(owner) if owner.umkm_id != umkm.0 => Err(ProductError::NotFound),
            Some(_) => {
                let row = self.lock_product(umkm, new.id).await?;
                if row.facts()? == new.facts {
                    Ok(true)
                } else {
                    Err(ProductError::KeyUsed)
                }
            }
        }
    }
}
