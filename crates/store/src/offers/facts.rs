//! What ordering needs to know of offers, read together: terms, prices, freight, and the cooperative behind them.

use domain::ids::{OfferId, OrganisationId};
use domain::money::{Overflow, Rupiah};
use domain::offers::{self, Freight, FreightProblem, FreightRates, PriceRow, PriceTable, Viewer};
use domain::pricing::UnitCosts;
use domain::products::Grade;
use domain::quantity::Units;
use domain::time::{Day, Zone};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use crate::error::Error;
use crate::offers::visibility::visible_by_id;
use crate::sql::{Sql, placeholders};
use crate::supplies::PoolTerms;

/// An offer as the ordering deed sees it.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct OfferFacts {
    pub id: Uuid,
    pub cooperative_id: Uuid,
    pub title: String,
    pub picture: String,
    pub unit: String,
    pub carton_name: Option<String>,
    pub packs_per_unit: i64,
    pub mixed_carton: String,
    pub grades: String,
    pub required_certificates: String,
    pub minimum_units: i64,
    pub multiple_units: i64,
    pub lead_time_days: i32,
    pub rule: String,
    pub max_share_bp: Option<i64>,
    pub min_share_units: i64,
    pub lower_grade_max_bp: Option<i64>,
    pub delivery_basis: String,
    pub ppn_treatment: String,
    pub packaging_rupiah: i64,
    pub transport_rupiah: i64,
    pub version: i64,
    #[sea_orm(skip)]
    pub prices: PriceTable,
    #[sea_orm(skip)]
    pub freight: FreightRates,
}

#[derive(FromQueryResult)]
struct PriceRecord {
    offer_id: Uuid,
    grade: String,
    minimum_units: i64,
    buyer_price_rupiah: i64,
    member_price_rupiah: i64,
}

#[derive(FromQueryResult)]
struct FreightRow {
    offer_id: Uuid,
    region_code: String,
    rupiah_per_unit: i64,
}

const COLUMNS: &str = "o.id, o.cooperative_id, o.title, k.picture, o.unit, o.carton_name, o.packs_per_unit, \
    o.mixed_carton, o.grades, o.required_certificates, o.minimum_units, o.multiple_units, o.lead_time_days, o.rule, \
    o.max_share_bp, o.min_share_units, o.lower_grade_max_bp, o.delivery_basis, o.ppn_treatment, o.packaging_rupiah, \
    o.transport_rupiah, o.version";

/// The offers of `ids` that this viewer may order, in no particular order; the others are missing.
pub(crate) async fn orderable(
    sql: &impl Sql,
    viewer: &Viewer,
    now: domain::time::Instant,
    ids: &[OfferId],
) -> Result<Vec<OfferFacts>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let (condition, mut values) = visible_by_id(viewer, now, 1);
    let first = values.len() + 1;
    values.extend(ids.iter().map(|id| Value::from(id.0)));
    load(
        sql,
        &format!(
            "{condition} AND {} AND o.id IN ({})",
            price_shown(viewer, 2, 3),
            placeholders(first, ids.len())
        ),
        values,
    )
    .await
}

/// The condition that this viewer may see offer `o`'s price: what is hidden can't be ordered either.
fn price_shown(viewer: &Viewer, verified: usize, buyer: usize) -> String {
    if !viewer.signed_in {
        return "o.price_visibility = 'public'".to_owned();
    }
    format!(
        "(o.price_visibility IN ('public', 'registered') OR (o.price_visibility = 'verified' AND ${verified} = 1) \
         OR (o.price_visibility = 'buyers' AND EXISTS (SELECT 1 FROM catalog_offers po JOIN catalogs pc \
         ON pc.id = po.catalog_id AND pc.state = 'published' JOIN catalog_buyers pb ON pb.catalog_id = pc.id \
         WHERE po.offer_id = o.id AND pb.buyer_id = ${buyer})))"
    )
}

/// The offers of `ids`, whatever their state: for orders that were placed while they were live.
pub(crate) async fn by_ids(sql: &impl Sql, ids: &[OfferId]) -> Result<Vec<OfferFacts>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let values = ids.iter().map(|id| Value::from(id.0)).collect();
    load(
        sql,
        &format!("o.id IN ({})", placeholders(1, ids.len())),
        values,
    )
    .await
}

async fn load(
    sql: &impl Sql,
    condition: &str,
    values: Vec<Value>,
) -> Result<Vec<OfferFacts>, Error> {
    let mut offers: Vec<OfferFacts> = sql
        .rows(
            format!("SELECT {COLUMNS} FROM offers o JOIN commodities k ON k.id = o.commodity_id WHERE {condition}"),
            values,
        )
        .await?;
    if offers.is_empty() {
        return Ok(offers);
    }
    let list = placeholders(1, offers.len());
    let ids = || {
        offers
            .iter()
            .map(|offer| Value::from(offer.id))
            .collect::<Vec<_>>()
    };
    let prices: Vec<PriceRecord> = sql
        .rows(
            format!(
                "SELECT offer_id, grade, minimum_units, buyer_price_rupiah, member_price_rupiah FROM offer_prices \
                 WHERE offer_id IN ({list}) ORDER BY offer_id, grade, minimum_units"
            ),
            ids(),
        )
        .await?;
    let freight: Vec<FreightRow> = sql
        .rows(
            format!("SELECT offer_id, region_code, rupiah_per_unit FROM freight_rates WHERE offer_id IN ({list})"),
            ids(),
        )
        .await?;
    for offer in &mut offers {
        offer.picture = domain::products::picture(&offer.picture, &offer.title);
        let prices = prices
            .iter()
            .filter(|row| row.offer_id == offer.id)
            .map(|row| PriceRow {
                grade: Grade(row.grade.clone()),
                min_units: Units(row.minimum_units),
                buyer_price: Rupiah(row.buyer_price_rupiah),
                member_price: Rupiah(row.member_price_rupiah),
            })
            .collect();
        offer.prices = PriceTable::stored(prices);
        let freight = freight
            .iter()
            .filter(|row| row.offer_id == offer.id)
            .map(|row| (row.region_code.clone(), Rupiah(row.rupiah_per_unit)))
            .collect();
        offer.freight = FreightRates(freight);
    }
    Ok(offers)
}

/// A comma-separated list as stored.
pub(crate) fn list(text: &str) -> Vec<String> {
    text.split(',')
        .filter(|item| !item.is_empty())
        .map(str::to_owned)
        .collect()
}

impl OfferFacts {
    /// Best grade first; one nameless grade where goods are pooled without grades.
    pub(crate) fn grades(&self) -> Vec<String> {
        let grades = list(&self.grades);
        if grades.is_empty() {
            vec![String::new()]
        } else {
            grades
        }
    }

    /// Whether a row of the sharing rule counts packs (mixed cartons) rather than whole units.
    pub(crate) fn mixes_cartons(&self) -> bool {
        self.mixed_carton == "same_grade" && self.packs_per_unit > 1
    }

    /// Packs in one row unit of the sharing rule.
    pub(crate) fn packs_per_row_unit(&self) -> i64 {
        if self.mixes_cartons() {
            1
        } else {
            self.packs_per_unit
        }
    }

    /// The price per sale unit of a grade when a line orders `units` in all: the tier follows the whole quantity.
    pub(crate) fn price_at(&self, grade: &str, units: Units) -> Option<&PriceRow> {
        self.prices.price_at(&Grade(grade.to_owned()), units)
    }

    /// Where the next better price of the best grade begins, and what it is.
    pub(crate) fn next_tier(&self, units: Units) -> Option<(Units, Rupiah)> {
        let grade = self.grades().into_iter().next()?;
        let row = self.prices.next_tier(&Grade(grade), units)?;
        Some((row.min_units, row.buyer_price))
    }

    /// What the cooperative spends on a unit.
    pub(crate) fn unit_costs(&self) -> UnitCosts {
        UnitCosts {
            packaging: Rupiah(self.packaging_rupiah),
            transport: Rupiah(self.transport_rupiah),
        }
    }

    /// The day the goods are promised for: after the lead time, or later where the buyer wants them later.
    pub(crate) fn delivery(
        &self,
        now: domain::time::Instant,
        zone: Zone,
        wanted_on: Option<Day>,
    ) -> Day {
        let ready = zone.day_of(now).plus(self.lead_time_days);
        wanted_on.map_or(ready, |day| day.max(ready))
    }

    /// Who brings these goods; the cooperative works the freight out where the stored word is not known.
    pub(crate) fn basis(&self) -> offers::DeliveryBasis {
        self.delivery_basis
            .parse()
            .unwrap_or(offers::DeliveryBasis::Quoted)
    }

    pub(crate) fn pool_terms(&self, delivery: Day) -> PoolTerms {
        PoolTerms {
            offer: OfferId(self.id),
            required_certificates: list(&self.required_certificates),
            delivery,
        }
    }

    /// Freight of `units` to a regency. Where a franco table has no row for it, the cooperative works it out.
    pub(crate) fn freight_to(&self, region_code: &str, units: Units) -> Result<Freight, Overflow> {
        match offers::freight(self.basis(), &self.freight, region_code, units) {
            Ok(freight) => Ok(freight),
            Err(FreightProblem::NoDelivery { .. }) => Ok(Freight::Pending),
            Err(FreightProblem::Overflow(overflow)) => Err(overflow),
        }
    }
}

/// The first day on which all of these offers can be delivered, in the cooperative's zone.
pub(crate) fn earliest(offers: &[OfferFacts], now: domain::time::Instant, zone: Zone) -> Day {
    offers
        .iter()
        .map(|offer| offer.delivery(now, zone, None))
        .max()
        .unwrap_or_else(|| zone.day_of(now))
}

/// The cooperative's side of an order.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Party {
    pub id: Uuid,
    pub name: String,
    pub code: Option<String>,
    pub region_code: String,
    pub is_pkp: bool,
    pub verification: String,
    pub staff_limit_rupiah: Option<i64>,
    pub payment_term: Option<String>,
}

impl Party {
    pub(crate) fn zone(&self) -> Zone {
        Zone::of_region(&self.region_code)
    }

    pub(crate) fn is_verified(&self) -> bool {
        self.verification == "verified"
    }
}

/// Organisations of a given kind, in no particular order.
pub(crate) async fn parties(
    sql: &impl Sql,
    ids: &[OrganisationId],
    kind: &str,
) -> Result<Vec<Party>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut values: Vec<Value> = vec![kind.into()];
    values.extend(ids.iter().map(|id| Value::from(id.0)));
    sql.rows(
        format!(
            "SELECT id, name, code, region_code, is_pkp, verification, staff_limit_rupiah, payment_term FROM organisations \
             WHERE kind = $1 AND id IN ({})",
            placeholders(2, ids.len())
        ),
        values,
    )
    .await
}

/// An organisation of a given kind.
pub(crate) async fn party(sql: &impl Sql, id: OrganisationId, kind: &str) -> Result<Party, Error> {
    sql.row(
        "SELECT id, name, code, region_code, is_pkp, verification, staff_limit_rupiah, payment_term FROM organisations \
         WHERE id = $1 AND kind = $2",
        [id.0.into(), kind.into()],
    )
    .await?
    .ok_or(Error::NotFound)
}
