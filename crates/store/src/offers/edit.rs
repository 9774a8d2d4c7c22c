//! The terms of an offer: made, read and changed by the cooperative's manager.

use std::str::FromStr;

use domain::allocation::{MixedCarton, Rule};
use domain::ids::{CommodityId, OfferId, OrganisationId};
use domain::money::Rupiah;
use domain::offers::{
    DeliveryBasis, FreightRates, OfferState, PriceTable, PriceVisibility, SoldBy, Spec,
};
use domain::pricing::{MarginModel, UnitCosts};
use domain::products::{CertificateKind, Content, Grade, SaleUnit};
use domain::quantity::Units;
use domain::time::Instant;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::act::Act;
use crate::entities::{freight_rates, offers};
use crate::error::Error;
use crate::events::Event;
use crate::offers::error::OfferError;
use crate::offers::facts::{self, OfferFacts};
use crate::sql::Sql;
use crate::write::{Store, Tx};

/// What the manager decides about an offer, prices and supplies aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferTerms {
    pub title: String,
    pub description: String,
    /// Its category and PPN treatment follow.
    pub commodity: CommodityId,
    pub unit: SaleUnit,
    /// What one sale unit holds; `None` where the offer does not care.
    pub content: Option<Content>,
    /// Best first; empty when goods are pooled without grades.
    pub grades: Vec<Grade>,
    pub required_certificates: Vec<CertificateKind>,
    /// `dus`, `karung`; `None` when single packs are sold.
    pub carton_name: Option<String>,
    /// Packs in a carton; 1 when single packs are sold.
    pub packs_per_unit: i64,
    pub mixed_carton: MixedCarton,
    pub minimum: Units,
    pub multiple: Units,
    pub lead_time_days: i32,
    pub rule: Rule,
    /// The most one member may get of an order, in basis points.
    pub max_share_bp: Option<i64>,
    /// The least a member gets if it gets anything, in units of the sharing rule.
    pub min_share: Units,
    /// The most that may be of less than the best grade, in basis points.
    pub lower_grade_max_bp: Option<i64>,
    pub delivery_basis: DeliveryBasis,
    /// By region; used when `delivery_basis` is franco.
    pub freight: FreightRates,
    pub price_visibility: PriceVisibility,
}

impl OfferTerms {
    /// What the buyer orders: single packs or cartons.
    #[must_use]
    pub fn sold_by(&self) -> SoldBy {
        SoldBy::stored(self.carton_name.as_deref(), self.packs_per_unit)
    }

    /// Whether the goods themselves are the same: what may not change after publishing.
    fn same_goods(&self, other: &Self) -> bool {
        self.commodity == other.commodity
            && self.unit == other.unit
            && self.content == other.content
            && self.grades == other.grades
            && self.carton_name.is_some() == other.carton_name.is_some()
            && self.packs_per_unit == other.packs_per_unit
    }
}

/// An offer as its cooperative sees it.
#[derive(Clone, Debug)]
pub struct ManagedOffer {
    pub id: OfferId,
    pub cooperative: OrganisationId,
    pub state: OfferState,
    pub version: i64,
    pub updated_at: Instant,
    pub published_at: Option<Instant>,
    pub terms: OfferTerms,
    pub margin_model: MarginModel,
    pub costs: UnitCosts,
    /// Buyers who see the price also see what it is made of.
    pub build_up_shown: bool,
    pub prices: PriceTable,
    pub commodity_name_id: String,
    pub commodity_name_en: String,
    pub picture: String,
    /// Supplies that are not withdrawn.
    pub supplies: i64,
    /// Catalogs, not archived, in which it stands.
    pub catalogs: i64,
}

impl ManagedOffer {
    /// What a product must be to be pooled.
    #[must_use]
    pub fn spec(&self) -> Spec {
        spec(&self.terms, &self.prices)
    }

    /// Whether it was published once, so that its goods can't change any more.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        self.published_at.is_some()
    }
}

pub(crate) fn spec(terms: &OfferTerms, prices: &PriceTable) -> Spec {
    Spec {
        commodity: terms.commodity.clone(),
        unit: terms.unit,
        content: terms.content,
        grades: terms.grades.clone(),
        required_certificates: terms.required_certificates.clone(),
        lowest_member_prices: prices.lowest_member_prices(),
    }
}

pub(crate) fn word<T: FromStr>(text: &str) -> Result<T, Error> {
    text.parse().map_err(|_| Error::Corrupt(text.to_owned()))
}

fn words<T: FromStr>(list: &str) -> Result<Vec<T>, Error> {
    facts::list(list).iter().map(|item| word(item)).collect()
}

pub(crate) fn content(
    amount: Option<i64>,
    dimension: Option<&str>,
) -> Result<Option<Content>, Error> {
    Ok(match (amount, dimension) {
        (Some(amount), Some(dimension)) => Some(Content {
            amount,
            dimension: word(dimension)?,
        }),
        _ => None,
    })
}

/// The terms as stored.
pub(crate) fn terms(row: &offers::Model, freight: FreightRates) -> Result<OfferTerms, Error> {
    Ok(OfferTerms {
        title: row.title.clone(),
        description: row.description.clone(),
        commodity: row.commodity_id.as_str().into(),
        unit: word(&row.unit)?,
        content: content(row.content_amount, row.content_dimension.as_deref())?,
        grades: facts::list(&row.grades).into_iter().map(Grade).collect(),
        required_certificates: words(&row.required_certificates)?,
        carton_name: row.carton_name.clone(),
        packs_per_unit: row.packs_per_unit,
        mixed_carton: word(&row.mixed_carton)?,
        minimum: Units(row.minimum_units),
        multiple: Units(row.multiple_units),
        lead_time_days: row.lead_time_days,
        rule: word(&row.rule)?,
        max_share_bp: row.max_share_bp,
        min_share: Units(row.min_share_units),
        lower_grade_max_bp: row.lower_grade_max_bp,
        delivery_basis: word(&row.delivery_basis)?,
        freight,
        price_visibility: word(&row.price_visibility)?,
    })
}

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

    /// An offer of this cooperative.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn managed_offer(
        &self,
        cooperative: OrganisationId,
        offer: OfferId,
    ) -> Result<Option<ManagedOffer>, Error> {
        let Some(row) = self
            .row::<offers::Model>(
                "SELECT * FROM offers WHERE id = $1 AND cooperative_id = $2",
                [offer.0.into(), cooperative.0.into()],
            )
            .await?
        else {
            return Ok(None);
        };
        managed(self, &row).await.map(Some)
    }
}

/// The whole offer behind a row.
pub(crate) async fn managed(sql: &impl Sql, row: &offers::Model) -> Result<ManagedOffer, Error> {
    #[derive(FromQueryResult)]
    struct Around {
        name_id: String,
        name_en: String,
        picture: String,
        supplies: i64,
        catalogs: i64,
    }
    let facts = whole(sql, OfferId(row.id)).await?;
    let around: Around = sql
        .row(
            "SELECT k.name_id, k.name_en, k.picture, (SELECT COUNT(*) FROM supplies s WHERE s.offer_id = o.id AND \
             s.withdrawn_at IS NULL) AS supplies, (SELECT COUNT(*) FROM catalog_offers co JOIN catalogs c ON c.id = \
             co.catalog_id WHERE co.offer_id = o.id AND c.state <> 'archived') AS catalogs \
             FROM offers o JOIN commodities k ON k.id = o.commodity_id WHERE o.id = $1",
            [row.id.into()],
        )
        .await?
        .ok_or(Error::NotFound)?;
    Ok(ManagedOffer {
        id: OfferId(row.id),
        cooperative: OrganisationId(row.cooperative_id),
        state: word(&row.state)?,
        version: row.version,
        updated_at: Instant(row.updated_at),
        published_at: row.published_at.map(Instant),
        terms: terms(row, facts.freight)?,
        margin_model: word(&row.margin_model)?,
        costs: UnitCosts {
            packaging: Rupiah(row.packaging_rupiah),
            transport: Rupiah(row.transport_rupiah),
        },
        build_up_shown: row.build_up_shown,
        prices: facts.prices,
        commodity_name_id: around.name_id,
        commodity_name_en: around.name_en,
        picture: around.picture,
        supplies: around.supplies,
        catalogs: around.catalogs,
    })
}

/// Prices and freight come with the facts that ordering reads.
pub(crate) async fn whole(sql: &impl Sql, offer: OfferId) -> Result<OfferFacts, Error> {
    facts::by_ids(sql, &[offer])
        .await?
        .into_iter()
        .next()
        .ok_or(Error::NotFound)
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
        self.withdraw_misfits(offer, wanted, &prices).await?;
        self.offers_look_changed(&[offer.0]).await?;
        Ok(row.version + 1)
    }
}

/// The prices under changed terms: grades that are gone lose theirs, and the first tier begins at the minimum.
fn moved_to(prices: &PriceTable, terms: &OfferTerms) -> PriceTable {
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
