//! The terms of an offer, made and changed by the cooperative's manager. How they are read is in `managed`.

use domain::ids::{CommodityId, OfferId, OrganisationId};
use domain::offers::{DeliveryBasis, OfferState, PriceTable};
use domain::pricing::MarginModel;
use domain::products::Grade;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::act::Act;
use crate::entities::{freight_rates, offers};
use crate::error::Error;
use crate::events::Event;
use crate::offers::error::OfferError;
use crate::offers::managed::{OfferTerms, terms, whole, word};
use crate::sql::Sql;
use crate::write::{Store, Tx};

fn joined<T: std::fmt::Display>(items: &[T]) -> String {
    items
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(",")
}

#[derive(FromQueryResult)]
struct Commodity {
    category_id: String,
    ppn_treatment: String,
}

impl Store {
    /// A new draft, version 1.
    ///
    /// # Errors
    /// [`OfferError`]: `NotFound` when there is no such commodity.
    pub async fn create_offer(
        &self,
        act: &Act,
        cooperative: OrganisationId,
        terms: &OfferTerms,
    ) -> Result<OfferId, OfferError> {
        self.write(act, async |tx| tx.create_offer(cooperative, terms).await)
            .await
    }

    /// Changes the terms. Supplies that no longer fit are withdrawn; a tier that began below the new minimum begins
    /// there. Answers the new version.
    ///
    /// # Errors
    /// [`OfferError`].
    pub async fn edit_offer(
        &self,
        act: &Act,
        cooperative: OrganisationId,
        offer: OfferId,
        version: i64,
        terms: &OfferTerms,
    ) -> Result<i64, OfferError> {
        self.write(act, async |tx| {
            tx.edit_offer(cooperative, offer, version, terms).await
        })
        .await
    }
}

impl Tx {
    async fn commodity(&self, id: &CommodityId) -> Result<Commodity, OfferError> {
        self.row::<Commodity>(
            "SELECT category_id, ppn_treatment FROM commodities WHERE id = $1",
            [id.0.as_str().into()],
        )
        .await?
        .ok_or(OfferError::NotFound)
    }

    pub(crate) async fn create_offer(
        &self,
        cooperative: OrganisationId,
        terms: &OfferTerms,
    ) -> Result<OfferId, OfferError> {
        let commodity = self.commodity(&terms.commodity).await?;
        let id = self.new_id();
        let row = offers::Model {
            id,
            cooperative_id: cooperative.0,
            title: terms.title.clone(),
            description: terms.description.clone(),
            category_id: commodity.category_id,
            commodity_id: terms.commodity.0.clone(),
            unit: terms.unit.to_string(),
            content_amount: terms.content.map(|content| content.amount),
            content_dimension: terms.content.map(|content| content.dimension.to_string()),
            grades: joined(&terms.grades),
            required_certificates: joined(&terms.required_certificates),
            carton_name: terms.carton_name.clone(),
            packs_per_unit: terms.packs_per_unit,
            mixed_carton: terms.mixed_carton.to_string(),
            minimum_units: terms.minimum.0,
            multiple_units: terms.multiple.0,
            lead_time_days: terms.lead_time_days,
            rule: terms.rule.to_string(),
            max_share_bp: terms.max_share_bp,
            min_share_units: terms.min_share.0,
            lower_grade_max_bp: terms.lower_grade_max_bp,
            delivery_basis: terms.delivery_basis.to_string(),
            ppn_treatment: commodity.ppn_treatment,
            price_visibility: terms.price_visibility.to_string(),
            margin_model: MarginModel::Spread.to_string(),
            packaging_rupiah: 0,
            transport_rupiah: 0,
            state: OfferState::Draft.to_string(),
            version: 1,
            created_at: self.now().0,
            updated_at: self.now().0,
            published_at: None,
            build_up_shown: false,
        };
        self.insert(row).await?;
        self.set_freight(id, terms).await?;
        self.event(Event {
            subject_kind: "offer",
            subject_id: id,
            kind: "offer_created",
            to_state: Some(OfferState::Draft.as_str()),
            ..Event::default()
        })
        .await?;
        Ok(OfferId(id))
    }

    async fn set_freight(&self, offer: Uuid, terms: &OfferTerms) -> Result<(), Error> {
        self.exec(
            "DELETE FROM freight_rates WHERE offer_id = $1",
            [offer.into()],
        )
        .await?;
        let rates = match terms.delivery_basis {
            DeliveryBasis::Franco => terms.freight.0.as_slice(),
            _ => &[],
        };
        self.insert_many(
            rates
                .iter()
                .map(|(region, rupiah)| freight_rates::Model {
                    offer_id: offer,
                    region_code: region.clone(),
                    rupiah_per_unit: rupiah.0,
                })
                .collect(),
        )
        .await
    }

    /// The row of this cooperative's offer, locked, at the version that was read and not archived.
    pub(crate) async fn offer_to_change(
        &self,
        cooperative: OrganisationId,
        offer: OfferId,
        version: Option<i64>,
    ) -> Result<offers::Model, OfferError> {
        let row = self
            .row::<offers::Model>(
                format!(
                    "SELECT * FROM offers WHERE id = $1 AND cooperative_id = $2{}",
                    self.for_update()
                ),
                [offer.0.into(), cooperative.0.into()],
            )
            .await?
            .ok_or(OfferError::NotFound)?;
        let state: OfferState = word(&row.state)?;
        if version.is_some() && state == OfferState::Archived {
            return Err(OfferError::State(state));
        }
        if version.is_some_and(|version| version != row.version) {
            return Err(OfferError::Stale(row.version));
        }
        Ok(row)
    }

    pub(crate) async fn edit_offer(
        &self,
        cooperative: OrganisationId,
        offer: OfferId,
        version: i64,
        wanted: &OfferTerms,
    ) -> Result<i64, OfferError> {
        let row = self
            .offer_to_change(cooperative, offer, Some(version))
            .await?;
        let facts = whole(self, offer).await?;
        let before = terms(&row, facts.freight)?;
        if row.published_at.is_some() && !before.same_goods(wanted) {
            return Err(OfferError::Locked);
        }
        let commodity = self.commodity(&wanted.commodity).await?;
        self.exec(
            "UPDATE offers SET title = $2, description = $3, category_id = $4, commodity_id = $5, unit = $6, \
             content_amount = $7, content_dimension = $8, grades = $9, required_certificates = $10, carton_name = $11, \
             packs_per_unit = $12, mixed_carton = $13, minimum_units = $14, multiple_units = $15, lead_time_days = $16, \
             rule = $17, max_share_bp = $18, min_share_units = $19, lower_grade_max_bp = $20, delivery_basis = $21, \
             ppn_treatment = $22, price_visibility = $23, version = version + 1, updated_at = $24 WHERE id = $1",
            [
                offer.0.into(),
                wanted.title.as_str().into(),
                wanted.description.as_str().into(),
                commodity.category_id.into(),
                wanted.commodity.0.as_str().into(),
                wanted.unit.as_str().into(),
                wanted.content.map(|content| content.amount).into(),
                wanted
                    .content
                    .map(|content| content.dimension.as_str())
                    .into(),
                joined(&wanted.grades).into(),
                joined(&wanted.required_certificates).into(),
                wanted.carton_name.as_deref().into(),
                wanted.packs_per_unit.into(),
                wanted.mixed_carton.as_str().into(),
                wanted.minimum.0.into(),
                wanted.multiple.0.into(),
                wanted.lead_time_days.into(),
                wanted.rule.as_str().into(),
                wanted.max_share_bp.into(),
                wanted.min_share.0.into(),
                wanted.lower_grade_max_bp.into(),
                wanted.delivery_basis.as_str().into(),
                commodity.ppn_treatment.into(),
                wanted.price_visibility.as_str().into(),
                self.now().0.into(),
            ],
        )
        .await?;
        self.set_freight(offer.0, wanted).await?;
        let prices = moved_to(&facts.prices, wanted);
        if prices != facts.prices {
            self.replace_prices(offer, &prices).await?;
        }
        self.event(Event {
            subject_kind: "offer",
            subject_id: offer.0,
            kind: "offer_changed",
            ..Event::default()
        })
        .await?;
        self.refit(offer, wanted, &prices).await?;
        self.offers_look_changed(&[offer.0]).await?;
        Ok(row.version + 1)
    }
}

/// The prices under changed terms: grades that are gone lose theirs, and the first tier begins at the minimum.
pub(super) fn moved_to(prices: &PriceTable, terms: &OfferTerms) -> PriceTable {
    let ungraded = [Grade::UNGRADED];
    let grades = if terms.grades.is_empty() {
        &ungraded[..]
    } else {
        &terms.grades
    };
    let mut rows = Vec::new();
    for grade in grades {
        let of_grade = || prices.rows().iter().filter(|row| row.grade == *grade);
        let first = prices
            .price_at(grade, terms.minimum)
            .or_else(|| of_grade().min_by_key(|row| row.min_units));
        let Some(first) = first else { continue };
        rows.push(domain::offers::PriceRow {
            min_units: terms.minimum,
            ..first.clone()
        });
        rows.extend(
            of_grade()
                .filter(|row| row.min_units > terms.minimum && row.min_units != first.min_units)
                .cloned(),
        );
    }
    PriceTable::stored(rows)
}
