//! Prices of an offer per grade and tier, the margin model that filled them in, and the costs stated per unit.

use domain::ids::{OfferId, OrganisationId};
use domain::offers::{PriceRow, PriceTable};
use domain::pricing::{MarginModel, UnitCosts};

use crate::act::Act;
use crate::entities::offer_prices;
use crate::error::Error;
use crate::events::Event;
use crate::offers::error::OfferError;
use crate::offers::managed::{terms, whole};
use crate::sql::Sql;
use crate::write::{Store, Tx};

/// What the manager decides about money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pricing {
    /// How the prices were filled in; the prices themselves are what counts.
    pub margin_model: MarginModel,
    /// Per allocation unit.
    pub costs: UnitCosts,
    pub rows: Vec<PriceRow>,
}

/// What setting the prices did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PricesSet {
    pub version: i64,
    /// Supplies withdrawn because their members ask more than the pool now pays.
    pub withdrawn: usize,
    /// Supplies that are back, which only a lower price had put out.
    pub returned: usize,
}

impl Store {
    /// Sets all prices of an offer anew.
    ///
    /// # Errors
    /// [`OfferError`]: `Prices` with every problem of the table.
    pub async fn set_prices(
        &self,
        act: &Act,
        cooperative: OrganisationId,
        offer: OfferId,
        version: i64,
        pricing: &Pricing,
    ) -> Result<PricesSet, OfferError> {
        self.write(act, async |tx| {
            tx.set_prices(cooperative, offer, version, pricing).await
        })
        .await
    }
}

impl Store {
    /// Whether buyers who see the price also see what it is made of. Members always do.
    ///
    /// # Errors
    /// [`OfferError`].
    pub async fn show_build_up(
        &self,
        act: &Act,
        cooperative: OrganisationId,
        offer: OfferId,
        shown: bool,
    ) -> Result<(), OfferError> {
        self.write(act, async |tx| -> Result<(), OfferError> {
            let row = tx.offer_to_change(cooperative, offer, None).await?;
            if row.state == "archived" {
                return Err(OfferError::State(domain::offers::OfferState::Archived));
            }
            if row.build_up_shown == shown {
                return Ok(());
            }
            tx.exec(
                "UPDATE offers SET build_up_shown = $2, version = version + 1, updated_at = $3 WHERE id = $1",
                [offer.0.into(), shown.into(), tx.now().0.into()],
            )
            .await?;
            tx.event(Event {
                subject_kind: "offer",
                subject_id: offer.0,
                kind: "offer_build_up_set",
                data: Some(format!("{{\"shown\":{shown}}}")),
                ..Event::default()
            })
            .await?;
            tx.offers_look_changed(&[offer.0]).await?;
            Ok(())
        })
        .await
    }
}

impl Tx {
    pub(crate) async fn set_prices(
        &self,
        cooperative: OrganisationId,
        offer: OfferId,
        version: i64,
        pricing: &Pricing,
    ) -> Result<PricesSet, OfferError> {
        let row = self
            .offer_to_change(cooperative, offer, Some(version))
            .await?;
        let terms = terms(&row, whole(self, offer).await?.freight)?;
        let prices = PriceTable::new(pricing.rows.clone(), &terms.grades, terms.minimum)
            .map_err(OfferError::Prices)?;
        self.replace_prices(offer, &prices).await?;
        self.exec(
            "UPDATE offers SET margin_model = $2, packaging_rupiah = $3, transport_rupiah = $4, version = version + 1, \
             updated_at = $5 WHERE id = $1",
            [
                offer.0.into(),
                pricing.margin_model.as_str().into(),
                pricing.costs.packaging.0.into(),
                pricing.costs.transport.0.into(),
                self.now().0.into(),
            ],
        )
        .await?;
        self.event(Event {
            subject_kind: "offer",
            subject_id: offer.0,
            kind: "offer_prices_set",
            data: Some(serde_json::to_string(&prices).map_err(Error::from)?),
            ..Event::default()
        })
        .await?;
        let refit = self.refit(offer, &terms, &prices).await?;
        self.offers_look_changed(&[offer.0]).await?;
        Ok(PricesSet {
            version: row.version + 1,
            withdrawn: refit.withdrawn,
            returned: refit.returned,
        })
    }

    pub(crate) async fn replace_prices(
        &self,
        offer: OfferId,
        prices: &PriceTable,
    ) -> Result<(), Error> {
        self.exec(
            "DELETE FROM offer_prices WHERE offer_id = $1",
            [offer.0.into()],
        )
        .await?;
        self.insert_many(
            prices
                .rows()
                .iter()
                .map(|row| offer_prices::Model {
                    offer_id: offer.0,
                    grade: row.grade.0.clone(),
                    minimum_units: row.min_units.0,
                    buyer_price_rupiah: row.buyer_price.0,
                    member_price_rupiah: row.member_price.0,
                })
                .collect(),
        )
        .await
    }
}
