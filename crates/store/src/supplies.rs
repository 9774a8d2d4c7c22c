//! The pool behind an offer: which members' lots can serve it, and how many packs are free in each.
//!
//! Offer pages, the sharing rule and the audit all read the pool through [`pools`], so that what a buyer sees is what
//! can be promised. A supply counts while it is not withdrawn, its product is live, its member belongs to the
//! cooperative, and its required certificates hold on the delivery day (DOMAIN U-3).

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use domain::allocation::{LotStock, Row, Served};
use domain::ids::{LotId, OfferId, OrganisationId, ProductId, SupplyId};
use domain::quantity::{Packs, Units};
use domain::time::{Day, Instant};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use crate::error::Error;
use crate::offers::facts::OfferFacts;
use crate::sql::{Sql, placeholders};

/// History that the served ratio looks back on (DOMAIN §8).
const SERVED_DAYS: i64 = 90;

/// One member's supply to an offer with its usable lots.
#[derive(Clone, Debug)]
pub(crate) struct Supply {
    pub id: SupplyId,
    pub offer: OfferId,
    pub supplier: OrganisationId,
    pub product: ProductId,
    pub grade: String,
    pub offered_at: Instant,
    /// The least its member gives to one order; 0 where it does not say.
    pub minimum: Packs,
    pub lots: Vec<LotStock>,
    /// What the supply may still promise: free packs of its lots, within the member's own limit for this offer.
    pub free: Packs,
}

/// What the pool needs to know of an offer.
#[derive(Clone, Debug)]
pub(crate) struct PoolTerms {
    pub offer: OfferId,
    /// Certificate kinds every supply must have on `delivery`.
    pub required_certificates: Vec<String>,
    /// Lots must be ready by then and still good.
    pub delivery: Day,
}

#[derive(FromQueryResult)]
struct LotRow {
    supply_id: Uuid,
    offer_id: Uuid,
    cooperative_id: Uuid,
    supplier_id: Uuid,
    product_id: Uuid,
    grade: String,
    offered_at: i64,
    limit_packs: Option<i64>,
    minimum_packs: i64,
    promised: i64,
    lot_id: Uuid,
    ready_on: i32,
    good_until: Option<i32>,
    free: i64,
}

/// All lots behind some offers with their certificates, from which the pool of any day can be told.
#[derive(Default)]
pub(crate) struct Lots {
    rows: Vec<LotRow>,
    certificates: HashMap<Uuid, Vec<Certificate>>,
}

/// Reads the lots behind offers: one query for all of them and one for certificates.
pub(crate) async fn lots(sql: &impl Sql, offers: &[OfferId]) -> Result<Lots, Error> {
    let rows = lot_rows(sql, offers).await?;
    let suppliers: HashSet<Uuid> = rows.iter().map(|row| row.supplier_id).collect();
    let mut known: HashMap<Uuid, Vec<Certificate>> = HashMap::new();
    for row in certificates(sql, &suppliers).await? {
        known.entry(row.organisation_id).or_default().push(row);
    }
    Ok(Lots {
        rows,
        certificates: known,
    })
}

/// As [`lots`], where the certificates of all suppliers have been read already.
pub(crate) async fn lots_with(
    sql: &impl Sql,
    offers: &[OfferId],
    certificates: HashMap<Uuid, Vec<Certificate>>,
) -> Result<Lots, Error> {
    Ok(Lots {
        rows: lot_rows(sql, offers).await?,
        certificates,
    })
}

async fn lot_rows(sql: &impl Sql, offers: &[OfferId]) -> Result<Vec<LotRow>, Error> {
    if offers.is_empty() {
        return Ok(Vec::new());
    }
    let rows = sql
        .rows(
            format!(
                "SELECT s.id AS supply_id, s.offer_id, s.cooperative_id, s.supplier_id, s.product_id, s.grade, s.offered_at, s.limit_packs, \
                 COALESCE(p.minimum_packs, 0) AS minimum_packs, \
                 CASE WHEN s.limit_packs IS NULL THEN 0 ELSE (SELECT CAST(COALESCE(SUM(sh.packs), 0) AS BIGINT) FROM \
                 shares sh WHERE sh.supply_id = s.id AND sh.state IN ('proposed', 'accepted', 'reduced')) END AS promised, \
                 l.id AS lot_id, l.ready_on, l.good_until, l.on_hand - l.held AS free \
                 FROM supplies s JOIN products p ON p.id = s.product_id AND p.state = 'live' \
                 JOIN members m ON m.cooperative_id = s.cooperative_id AND m.supplier_id = s.supplier_id \
                 AND m.status IN ('active', 'candidate', 'associate') \
                 JOIN lots l ON l.product_id = s.product_id \
                 WHERE s.withdrawn_at IS NULL AND s.offer_id IN ({}) ORDER BY s.offer_id, s.id, l.id",
                placeholders(1, offers.len())
            ),
            offers.iter().map(|offer| Value::from(offer.0)),
        )
        .await?;
    Ok(rows)
}

/// Packs set aside for a buyer's own carts, by the cooperative of the cart and the lot.
pub(crate) type Aside = HashMap<(Uuid, Uuid), i64>;

/// As [`pools`], where what is set aside for these carts is free for the offers of their cooperative.
pub(crate) async fn pools_with(
    sql: &impl Sql,
    terms: &[PoolTerms],
    aside: &Aside,
) -> Result<Vec<Supply>, Error> {
    let offers: Vec<OfferId> = terms.iter().map(|terms| terms.offer).collect();
    let mut lots = lots(sql, &offers).await?;
    for row in &mut lots.rows {
        let own = aside.get(&(row.cooperative_id, row.lot_id));
        row.free = row.free.saturating_add(own.copied().unwrap_or(0));
    }
    Ok(lots.pools(terms))
}

/// The usable supplies of offers, in (offer, supply) order.
pub(crate) async fn pools(sql: &impl Sql, terms: &[PoolTerms]) -> Result<Vec<Supply>, Error> {
    let offers: Vec<OfferId> = terms.iter().map(|terms| terms.offer).collect();
    Ok(lots(sql, &offers).await?.pools(terms))
}

impl Lots {
    /// Days on which further lots of an offer with something free become ready, after `after`, in order.
    pub(crate) fn ready_after(&self, offer: OfferId, after: Day) -> impl Iterator<Item = Day> {
        let days: BTreeSet<i32> = self
            .rows
            .iter()
            .filter(|row| row.offer_id == offer.0 && row.free > 0 && row.ready_on > after.0)
            .map(|row| row.ready_on)
            .collect();
        days.into_iter().map(Day)
    }

    /// The usable supplies under these terms, in (offer, supply) order.
    pub(crate) fn pools(&self, terms: &[PoolTerms]) -> Vec<Supply> {
        let by_offer: HashMap<OfferId, &PoolTerms> = terms.iter().map(|t| (t.offer, t)).collect();
        let mut pool: BTreeMap<(Uuid, Uuid), Supply> = BTreeMap::new();
        for row in &self.rows {
            let Some(terms) = by_offer.get(&OfferId(row.offer_id)) else {
                continue;
            };
            if row.ready_on > terms.delivery.0
                || row.good_until.is_some_and(|day| day < terms.delivery.0)
            {
                continue;
            }
            let certified = terms.required_certificates.iter().all(|kind| {
                self.certificates
                    .get(&row.supplier_id)
                    .into_iter()
                    .flatten()
                    .any(|c| {
                        c.kind == *kind
                            && c.product_id.is_none_or(|product| product == row.product_id)
                            && c.valid_from.is_none_or(|day| day <= terms.delivery.0)
                            && c.valid_until.is_none_or(|day| day >= terms.delivery.0)
                    })
            });
            if !certified {
                continue;
            }
            let left = row
                .limit_packs
                .map_or(i64::MAX, |limit| (limit - row.promised).max(0));
            let supply = pool
                .entry((row.offer_id, row.supply_id))
                .or_insert_with(|| Supply {
                    id: SupplyId(row.supply_id),
                    offer: OfferId(row.offer_id),
                    supplier: OrganisationId(row.supplier_id),
                    product: ProductId(row.product_id),
                    grade: row.grade.clone(),
                    offered_at: Instant(row.offered_at),
                    minimum: Packs(row.minimum_packs),
                    lots: Vec::new(),
                    free: Packs(0),
                });
            supply.lots.push(LotStock {
                lot: LotId(row.lot_id),
                free: Packs(row.free),
                good_until: row.good_until.map(Day),
                ready_on: Day(row.ready_on),
            });
            supply.free = Packs((supply.free.0.saturating_add(row.free)).min(left));
        }
        pool.into_values().collect()
    }
}

/// A certificate of a supplier, for one product or for all.
#[derive(FromQueryResult)]
pub(crate) struct Certificate {
    pub organisation_id: Uuid,
    pub product_id: Option<Uuid>,
    pub kind: String,
    pub valid_from: Option<i32>,
    pub valid_until: Option<i32>,
}

async fn certificates(
    sql: &impl Sql,
    suppliers: &HashSet<Uuid>,
) -> Result<Vec<Certificate>, Error> {
    if suppliers.is_empty() {
        return Ok(Vec::new());
    }
    sql.rows(
        format!(
            "SELECT organisation_id, product_id, kind, valid_from, valid_until FROM certificates \
             WHERE organisation_id IN ({})",
            placeholders(1, suppliers.len())
        ),
        suppliers.iter().map(|id| Value::from(*id)),
    )
    .await
}

/// What each supplier of a cooperative was given of what it offered in the last 90 days, in packs (DOMAIN §8).
pub(crate) async fn served(
    sql: &impl Sql,
    cooperative: OrganisationId,
    now: Instant,
) -> Result<HashMap<OrganisationId, Served>, Error> {
    let mut served = served_by(sql, &[cooperative], now).await?;
    Ok(served.remove(&cooperative).unwrap_or_default())
}

/// As [`served`], of several cooperatives: two queries for all of them.
pub(crate) async fn served_by(
    sql: &impl Sql,
    cooperatives: &[OrganisationId],
    now: Instant,
) -> Result<HashMap<OrganisationId, HashMap<OrganisationId, Served>>, Error> {
    #[derive(FromQueryResult)]
    struct Sum {
        cooperative_id: Uuid,
        supplier_id: Uuid,
        packs: i64,
    }
    let mut served: HashMap<OrganisationId, HashMap<OrganisationId, Served>> = HashMap::new();
    if cooperatives.is_empty() {
        return Ok(served);
    }
    let mut values: Vec<Value> = vec![now.plus_days(-SERVED_DAYS).0.into()];
    values.extend(cooperatives.iter().map(|id| Value::from(id.0)));
    let list = placeholders(2, cooperatives.len());
    let offered: Vec<Sum> = sql
        .rows(
            format!(
                "SELECT cooperative_id, supplier_id, CAST(SUM(offered_packs) AS BIGINT) AS packs FROM allocation_rows \
                 WHERE at >= $1 AND cooperative_id IN ({list}) GROUP BY cooperative_id, supplier_id"
            ),
            values.clone(),
        )
        .await?;
    let given: Vec<Sum> = sql
        .rows(
            format!(
                "SELECT cooperative_id, supplier_id, CAST(SUM(packs) AS BIGINT) AS packs FROM shares \
                 WHERE created_at >= $1 AND cooperative_id IN ({list}) AND state IN ('accepted', 'reduced') \
                 GROUP BY cooperative_id, supplier_id"
            ),
            values,
        )
        .await?;
    let given: HashMap<(Uuid, Uuid), i64> = given
        .into_iter()
        .map(|row| ((row.cooperative_id, row.supplier_id), row.packs))
        .collect();
    for row in offered {
        let given = given.get(&(row.cooperative_id, row.supplier_id));
        served
            .entry(OrganisationId(row.cooperative_id))
            .or_default()
            .insert(
                OrganisationId(row.supplier_id),
                Served {
                    fulfilled_units: given.copied().unwrap_or(0),
                    offered_units: row.packs,
                },
            );
    }
    Ok(served)
}

impl Supply {
    /// The supply as a row of the sharing rule. `packs_per_row_unit` is the carton's content where cartons are not
    /// mixed, otherwise 1.
    pub(crate) fn row(
        &self,
        grades: &[String],
        packs_per_row_unit: i64,
        min_units: Units,
        served: &HashMap<OrganisationId, Served>,
    ) -> Row {
        let rank = grades
            .iter()
            .position(|grade| *grade == self.grade)
            .unwrap_or(0);
        Row {
            supply: self.id,
            supplier: self.supplier,
            grade_rank: u8::try_from(rank).unwrap_or(u8::MAX),
            capacity: domain::allocation::row_capacity(self.free, packs_per_row_unit),
            min_units: min_units.max(at_least(self.minimum, packs_per_row_unit)),
            served: served.get(&self.supplier).copied().unwrap_or_default(),
            offered_at: self.offered_at,
            kept: Units(0),
        }
    }
}

/// The whole units that so many packs need.
fn at_least(packs: Packs, packs_per_unit: i64) -> Units {
    let per = packs_per_unit.max(1);
    Units(packs.0 / per + i64::from(packs.0 % per != 0))
}

/// Whole units that the pool of an offer holds free.
pub(crate) fn pooled(pool: &[Supply], offer: &OfferFacts) -> Units {
    pooled_units(
        pool,
        OfferId(offer.id),
        &offer.grades(),
        offer.packs_per_unit,
        &offer.mixed_carton,
    )
}

/// As [`pooled`], for an offer of which only these terms are known.
pub(crate) fn pooled_units(
    pool: &[Supply],
    offer: OfferId,
    grades: &[String],
    packs_per_unit: i64,
    mixed_carton: &str,
) -> Units {
    let mixed = mixed_carton
        .parse()
        .unwrap_or(domain::allocation::MixedCarton::No);
    let rows = pool
        .iter()
        .filter(|supply| supply.offer == offer)
        .map(|supply| {
            let rank = grades
                .iter()
                .position(|grade| *grade == supply.grade)
                .unwrap_or(0);
            (u8::try_from(rank).unwrap_or(u8::MAX), supply.free)
        });
    domain::allocation::pooled_units(rows, packs_per_unit, mixed)
}
