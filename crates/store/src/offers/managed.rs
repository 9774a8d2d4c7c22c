//! An offer as its cooperative reads it: its terms, and all that stands around them.

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

use crate::entities::offers;
use crate::error::Error;
use crate::offers::facts::{self, OfferFacts};
use crate::sql::Sql;
use crate::write::Store;

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
    pub(super) fn same_goods(&self, other: &Self) -> bool {
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

impl Store {
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
