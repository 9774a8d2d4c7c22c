//! Where pooled goods come from: the supplies behind offers with their businesses, places and permits.
//!
//! Names of businesses and places only; phones, addresses and numbers of people never leave the rows (CHECKLIST B11).

use std::collections::{BTreeSet, HashMap};

use domain::ids::{OfferId, SupplyId};
use domain::time::Day;
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use crate::error::Error;
use crate::sql::{Sql, placeholders};
use crate::supplies::Certificate;

/// One member's product in an offer, in stock or not.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct SourceRow {
    pub supply_id: Uuid,
    pub offer_id: Uuid,
    pub supplier_id: Uuid,
    pub product_id: Uuid,
    pub product_name: String,
    pub business: String,
    pub region_code: String,
    pub village: Option<String>,
    /// Where the product is made, when it says so itself.
    pub place: Option<String>,
    pub shelf_life_days: Option<i32>,
    /// Ready day of its earliest lot with free packs.
    pub ready_on: Option<i32>,
}

/// A permit of a supplier, for one product or for all.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct PermitRow {
    pub organisation_id: Uuid,
    pub product_id: Option<Uuid>,
    pub kind: String,
    pub number: String,
    pub valid_from: Option<i32>,
    pub valid_until: Option<i32>,
}

/// The sources of several offers with the permits of their suppliers.
#[derive(Debug, Default)]
pub(crate) struct Sources {
    pub rows: Vec<SourceRow>,
    permits: HashMap<Uuid, Vec<PermitRow>>,
}

/// Reads the sources of offers: one query for supplies, one for permits.
pub(crate) async fn sources(sql: &impl Sql, offers: &[Uuid]) -> Result<Sources, Error> {
    if offers.is_empty() {
        return Ok(Sources::default());
    }
    let rows: Vec<SourceRow> = sql
        .rows(
            format!(
                "SELECT s.id AS supply_id, s.offer_id, s.supplier_id, s.product_id, p.name AS product_name, \
                 m.name AS business, m.region_code, m.village, p.place, p.shelf_life_days, \
                 (SELECT MIN(l.ready_on) FROM lots l WHERE l.product_id = p.id AND l.on_hand > l.held) AS ready_on \
                 FROM supplies s JOIN products p ON p.id = s.product_id AND p.state = 'live' \
                 JOIN organisations m ON m.id = s.supplier_id \
                 JOIN members b ON b.cooperative_id = s.cooperative_id AND b.supplier_id = s.supplier_id \
                 AND b.status IN ('active', 'candidate', 'associate') \
                 WHERE s.withdrawn_at IS NULL AND s.offer_id IN ({}) ORDER BY s.offer_id, m.name, s.id",
                placeholders(1, offers.len())
            ),
            offers.iter().map(|id| Value::from(*id)),
        )
        .await?;
    let suppliers: BTreeSet<Uuid> = rows.iter().map(|row| row.supplier_id).collect();
    let mut permits: HashMap<Uuid, Vec<PermitRow>> = HashMap::new();
    if !suppliers.is_empty() {
        let found: Vec<PermitRow> = sql
            .rows(
                format!(
                    "SELECT organisation_id, product_id, kind, number, valid_from, valid_until FROM certificates \
                     WHERE organisation_id IN ({}) ORDER BY kind, number",
                    placeholders(1, suppliers.len())
                ),
                suppliers.iter().map(|id| Value::from(*id)),
            )
            .await?;
        for permit in found {
            permits
                .entry(permit.organisation_id)
                .or_default()
                .push(permit);
        }
    }
    Ok(Sources { rows, permits })
}

impl Sources {
    pub fn of(&self, offer: OfferId) -> impl Iterator<Item = &SourceRow> {
        self.rows.iter().filter(move |row| row.offer_id == offer.0)
    }

    /// How many businesses stand behind an offer.
    pub fn businesses(&self, offer: OfferId) -> usize {
        let businesses: BTreeSet<Uuid> = self.of(offer).map(|row| row.supplier_id).collect();
        businesses.len()
    }

    /// Permits that one source has on `day`.
    pub fn permits_of(&self, row: &SourceRow, day: Day) -> impl Iterator<Item = &PermitRow> {
        self.permits
            .get(&row.supplier_id)
            .into_iter()
            .flatten()
            .filter(move |permit| permit.is_for(row) && permit.holds(day))
    }

    /// The permits as the pool wants them, so that they need not be read twice.
    pub fn certificates(&self) -> HashMap<Uuid, Vec<Certificate>> {
        let of = |permits: &Vec<PermitRow>| {
            permits
                .iter()
                .map(|permit| Certificate {
                    organisation_id: permit.organisation_id,
                    product_id: permit.product_id,
                    kind: permit.kind.clone(),
                    valid_from: permit.valid_from,
                    valid_until: permit.valid_until,
                })
                .collect()
        };
        self.permits
            .iter()
            .map(|(supplier, permits)| (*supplier, of(permits)))
            .collect()
    }

    /// Kinds that every source of an offer has on `day`, sorted; none without a source.
    pub fn common_permits(&self, offer: OfferId, day: Day) -> Vec<String> {
        let mut common: Option<BTreeSet<String>> = None;
        for row in self.of(offer) {
            let has: BTreeSet<String> = self
                .permits_of(row, day)
                .map(|permit| permit.kind.clone())
                .collect();
            common = Some(match common {
                Some(before) => before.intersection(&has).cloned().collect(),
                None => has,
            });
        }
        let rank = |kind: &String| {
            domain::products::CertificateKind::ALL
                .iter()
                .position(|known| known.as_str() == kind)
        };
        let mut kinds: Vec<String> = common.unwrap_or_default().into_iter().collect();
        kinds.sort_by_key(rank);
        kinds
    }
}

impl SourceRow {
    pub fn supply(&self) -> SupplyId {
        SupplyId(self.supply_id)
    }

    /// The village or place, and the regency: `Gringsing, Kab. Batang`.
    pub fn place_name(&self) -> String {
        let regency = domain::regions::short_name(&self.region_code);
        let place = self
            .village
            .as_deref()
            .or(self.place.as_deref())
            .map(str::trim)
            .filter(|place| !place.is_empty() && *place != regency);
        match place {
            Some(place) => format!("{place}, {regency}"),
            None => regency,
        }
    }
}

impl PermitRow {
    fn is_for(&self, row: &SourceRow) -> bool {
        self.product_id
            .is_none_or(|product| product == row.product_id)
    }

    fn holds(&self, day: Day) -> bool {
        self.valid_from.is_none_or(|from| from <= day.0)
            && self.valid_until.is_none_or(|until| until >= day.0)
    }
}
