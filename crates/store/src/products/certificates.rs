//! Permits and certificates of one product or of a whole business.

use domain::{
    ids::{CertificateId, OrganisationId, ProductId},
    products::CertificateKind,
    time::Day,
};
use sea_orm::FromQueryResult;
use serde_json::json;
use uuid::Uuid;

use super::{ProductError, not_found};
use crate::act::Act;
use crate::entities::certificates;
use crate::error::Error;
use crate::events;
use crate::sql::Sql;
use crate::write::{Store, Tx};

/// A permit to note down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCertificate {
    pub kind: CertificateKind,
    pub number: String,
    /// The last day it holds; `None` when it does not end.
    pub valid_until: Option<Day>,
    /// For all that the business makes, not for one product only.
    pub for_all: bool,
}

/// A permit that covers a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateView {
    pub id: CertificateId,
    pub kind: CertificateKind,
    pub number: String,
    pub valid_until: Option<Day>,
    pub for_all: bool,
}

impl Store {
    /// Notes a permit of a product or of the whole business.
    ///
    /// # Errors
    /// [`ProductError::NotFound`].
    pub async fn add_certificate(
        &self,
        act: &Act,
        umkm: OrganisationId,
        product: ProductId,
        new: &NewCertificate,
    ) -> Result<CertificateId, ProductError> {
        self.write(act, async |tx| -> Result<CertificateId, ProductError> {
            tx.lock_product(umkm, product).await?;
            let scope = (!new.for_all).then_some(product);
            tx.add_certificate(umkm, scope, new).await
        })
        .await
    }

    /// Takes a permit away: it was typed wrong, or holds no longer.
    ///
    /// # Errors
    /// [`ProductError::NotFound`].
    pub async fn remove_certificate(
        &self,
        act: &Act,
        umkm: OrganisationId,
        product: ProductId,
        certificate: CertificateId,
    ) -> Result<(), ProductError> {
        self.write(act, async |tx| -> Result<(), ProductError> {
            tx.lock_product(umkm, product).await?;
            tx.remove_certificate(umkm, product, certificate).await
        })
        .await
    }

    /// The permits that cover a product: its own, and those of the whole business.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn certificates(
        &self,
        umkm: OrganisationId,
        product: ProductId,
    ) -> Result<Vec<CertificateView>, Error> {
        #[derive(FromQueryResult)]
        struct Row {
            id: Uuid,
            product_id: Option<Uuid>,
            kind: String,
            number: String,
            valid_until: Option<i32>,
        }
        let rows: Vec<Row> = self
            .rows(
                "SELECT id, product_id, kind, number, valid_until FROM certificates WHERE organisation_id = $1 \
                 AND (product_id = $2 OR product_id IS NULL) ORDER BY kind, created_at, id",
                [umkm.0.into(), product.0.into()],
            )
            .await?;
        rows.into_iter()
            .map(|row| {
                Ok(CertificateView {
                    id: CertificateId(row.id),
                    kind: row.kind.parse().map_err(|_| Error::Corrupt(row.kind))?,
                    number: row.number,
                    valid_until: row.valid_until.map(Day),
                    for_all: row.product_id.is_none(),
                })
            })
            .collect()
    }
}

impl Tx {
    /// `product` is `None` for a permit of the whole business.
    pub(crate) async fn add_certificate(
        &self,
        umkm: OrganisationId,
        product: Option<ProductId>,
        new: &NewCertificate,
    ) -> Result<CertificateId, ProductError> {
        self.product_actor(umkm).await.map_err(not_found)?;
        let id = CertificateId(self.new_id());
        self.insert(certificates::Model {
            id: id.0,
            organisation_id: umkm.0,
            product_id: product.map(Uuid::from),
            kind: new.kind.as_str().to_owned(),
            number: new.number.clone(),
            issuer: None,
            valid_from: None,
            valid_until: new.valid_until.map(|day| day.0),
            created_at: self.now().0,
        })
        .await?;
        self.certificate_event(umkm, product, "certificate_added", &new.number, new.kind)
            .await?;
        self.certificates_changed(umkm).await?;
        Ok(id)
    }

    async fn remove_certificate(
        &self,
        umkm: OrganisationId,
        product: ProductId,
        certificate: CertificateId,
    ) -> Result<(), ProductError> {
        #[derive(FromQueryResult)]
        struct Gone {
            product_id: Option<Uuid>,
            kind: String,
            number: String,
        }
        // A permit is a note beside the goods and no record of the trade: orders keep no link to it.
        let gone: Gone = self
            .row(
                "DELETE FROM certificates WHERE id = $1 AND organisation_id = $2 \
                 AND (product_id = $3 OR product_id IS NULL) RETURNING product_id, kind, number",
                [certificate.0.into(), umkm.0.into(), product.0.into()],
            )
            .await?
            .ok_or(ProductError::NotFound)?;
        let kind = gone
            .kind
            .parse()
            .map_err(|_| Error::Corrupt(gone.kind.clone()))?;
        self.certificate_event(
            umkm,
            gone.product_id.map(ProductId),
            "certificate_removed",
            &gone.number,
            kind,
        )
        .await?;
        self.certificates_changed(umkm).await?;
        Ok(())
    }

    async fn certificate_event(
        &self,
        umkm: OrganisationId,
        product: Option<ProductId>,
        kind: &str,
        number: &str,
        certificate: CertificateKind,
    ) -> Result<(), Error> {
        let (subject_kind, subject_id) = match product {
            Some(product) => ("product", product.0),
            None => ("organisation", umkm.0),
        };
        self.event(events::Event {
            subject_kind,
            subject_id,
            kind,
            data: Some(json!({ "kind": certificate, "number": number }).to_string()),
            ..Default::default()
        })
        .await?;
        Ok(())
    }

    /// Which supplies are certified may have changed: every offer that pools goods of the business is looked at anew.
    async fn certificates_changed(&self, umkm: OrganisationId) -> Result<(), Error> {
        #[derive(FromQueryResult)]
        struct Offer {
            offer_id: Uuid,
        }
        let offers: Vec<Offer> = self
            .rows(
                "SELECT DISTINCT offer_id FROM supplies WHERE supplier_id = $1 AND withdrawn_at IS NULL ORDER BY offer_id",
                [umkm.0.into()],
            )
            .await?;
        let offers: Vec<Uuid> = offers.into_iter().map(|row| row.offer_id).collect();
        self.check_permits(&offers).await?;
        self.offers_look_changed(&offers).await
    }
}
