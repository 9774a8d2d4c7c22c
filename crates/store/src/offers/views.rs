//! The page of one offer, as one viewer may see it.

use std::collections::BTreeMap;

use domain::ids::{OfferId, OrganisationId};
use domain::money::Rupiah;
use domain::offers::Viewer;
use domain::pricing::{BuildUp, PpnRate, PpnTreatment, PricePair, UnitCosts, bears_ppn};
use domain::products::Content;
use domain::quantity::{Packs, Units};
use domain::time::{Day, Instant};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::error::Error;
use crate::offers::cards::{self, OfferRow, PriceRecord, Shown};
use crate::offers::origin::{self, Sources};
use crate::settings;
use crate::sql::Sql;
use crate::supplies::{self, Lots, Supply};
use crate::write::Store;

/// Later days for which availability is told.
const LATER_DAYS: usize = 3;

/// Everything the page of an offer shows.
#[derive(Clone, Debug)]
pub struct OfferPage {
    pub id: OfferId,
    pub title: String,
    pub description: String,
    pub picture: String,
    pub category: String,
    pub category_name_id: String,
    pub category_name_en: String,
    pub cooperative: OrganisationId,
    pub cooperative_slug: String,
    pub cooperative_name: String,
    pub cooperative_verified: bool,
    pub region_code: String,
    pub unit: String,
    pub content: Option<Content>,
    pub carton_name: Option<String>,
    pub packs_per_unit: i64,
    pub mixes_cartons: bool,
    /// Best first; empty where goods are pooled without grades.
    pub grades: Vec<String>,
    pub least: Units,
    pub step: Units,
    pub lead_time_days: i32,
    /// The first day for which an order placed now is promised.
    pub delivery: Day,
    pub rule: String,
    pub delivery_basis: String,
    /// The rate that is added to prices; `None` where no PPN is charged.
    pub ppn: Option<PpnRate>,
    /// `None` where the viewer may not see prices; they have not been read then. One row per grade and tier.
    pub tiers: Option<Vec<Tier>>,
    /// What each price is made of, in the order of `tiers`; only where the viewer sees prices and the cooperative shows
    /// it to buyers. Nothing of it has been read otherwise.
    pub build_ups: Option<Vec<BuildUp>>,
    /// Everybody may see the prices, so they may be passed on.
    pub prices_public: bool,
    pub available: Shown,
    /// More from a later day on: the day and what there is then.
    pub later: Vec<(Day, Shown)>,
    /// Businesses behind the offer, those with most first.
    pub businesses: Vec<Business>,
    pub permits: Vec<Permit>,
    /// The shortest among the pooled products; `None` unless each of them states one.
    pub shelf_life_days: Option<i32>,
    pub version: i64,
}

/// A price per sale unit from a quantity on, without PPN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tier {
    pub grade: String,
    pub minimum: Units,
    pub price: Rupiah,
}

/// One member's part of the pool: name and place, never more (CHECKLIST B11).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Business {
    pub name: String,
    pub place: String,
    /// Free for the first delivery; `None` where the viewer sees no figures.
    pub packs: Option<Packs>,
}

/// A kind of permit and who has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permit {
    pub kind: String,
    /// Every pooled product has it.
    pub by_all: bool,
    pub holders: Vec<PermitHolder>,
}

/// A permit of one business.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PermitHolder {
    pub business: String,
    pub number: String,
    pub valid_until: Option<Day>,
}

impl Store {
    /// The page of an offer; `None` when the viewer may not see it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn offer_page(
        &self,
        viewer: &Viewer,
        now: Instant,
        id: OfferId,
    ) -> Result<Option<OfferPage>, Error> {
        let Some(offer) = cards::rows(self, Some(viewer), now, &[id])
            .await?
            .into_iter()
            .next()
        else {
            return Ok(None);
        };
        let prices = cards::prices(self, std::slice::from_ref(&offer)).await?;
        let sources = origin::sources(self, &[offer.id]).await?;
        let delivery = offer.delivery(now);
        let lots = supplies::lots_with(self, &[id], sources.certificates()).await?;
        let pool = lots.pools(&[offer.terms(delivery)]);
        let available = offer.pooled(&pool);
        let later = later(&offer, &lots, viewer, delivery, available);
        let ppn = self.ppn_of(&offer, now).await?;
        let content = match (offer.content_amount, offer.content_dimension.as_deref()) {
            (Some(amount), Some(dimension)) => dimension
                .parse()
                .ok()
                .map(|dimension| Content { amount, dimension }),
            _ => None,
        };
        Ok(Some(OfferPage {
            id,
            picture: offer.picture(),
            least: offer.least(),
            step: Units(offer.multiple_units.max(1)),
            build_ups: self.build_ups(&offer, now).await?,
            tiers: (offer.price_shown == 1).then(|| tiers(&offer, prices)),
            prices_public: offer.price_visibility == "public",
            available: Shown::to(viewer, available),
            later,
            businesses: businesses(id, viewer, &sources, &pool),
            permits: permits(id, &sources, delivery),
            shelf_life_days: shortest(sources.of(id).map(|row| row.shelf_life_days)),
            grades: crate::offers::facts::list(&offer.grades),
            cooperative: OrganisationId(offer.cooperative_id),
            cooperative_verified: offer.verification == "verified",
            mixes_cartons: offer.mixed_carton == "same_grade" && offer.packs_per_unit > 1,
            delivery,
            ppn,
            content,
            title: offer.title,
            description: offer.description,
            category: offer.category_id,
            category_name_id: offer.category_name_id,
            category_name_en: offer.category_name_en,
            cooperative_slug: offer.cooperative_slug,
            cooperative_name: offer.cooperative_name,
            region_code: offer.region_code,
            unit: offer.unit,
            carton_name: offer.carton_name,
            packs_per_unit: offer.packs_per_unit,
            lead_time_days: offer.lead_time_days,
            rule: offer.rule,
            delivery_basis: offer.delivery_basis,
            version: offer.version,
        }))
    }

    /// What each price of the offer is made of, if that is for this viewer to see.
    async fn build_ups(
        &self,
        offer: &OfferRow,
        now: Instant,
    ) -> Result<Option<Vec<BuildUp>>, Error> {
        #[derive(FromQueryResult)]
        struct Costs {
            packaging_rupiah: i64,
            transport_rupiah: i64,
        }
        #[derive(FromQueryResult)]
        struct Pair {
            grade: String,
            minimum_units: i64,
            buyer_price_rupiah: i64,
            member_price_rupiah: i64,
        }
        if offer.price_shown != 1 {
            return Ok(None);
        }
        let costs: Option<Costs> = self
            .row(
                "SELECT packaging_rupiah, transport_rupiah FROM offers WHERE id = $1 AND build_up_shown",
                [offer.id.into()],
            )
            .await?;
        let Some(costs) = costs else {
            return Ok(None);
        };
        let mut pairs: Vec<Pair> = self
            .rows(
                "SELECT grade, minimum_units, buyer_price_rupiah, member_price_rupiah FROM offer_prices \
                 WHERE offer_id = $1",
                [offer.id.into()],
            )
            .await?;
        let grades = offer.grades();
        pairs.sort_by_key(|pair| {
            let rank = grades.iter().position(|grade| *grade == pair.grade);
            (rank, pair.minimum_units)
        });
        let costs = UnitCosts {
            packaging: Rupiah(costs.packaging_rupiah),
            transport: Rupiah(costs.transport_rupiah),
        };
        let fee = self
            .platform_fee_bp(OrganisationId(offer.cooperative_id), now)
            .await?;
        let parts = pairs.iter().map(|pair| {
            let prices = PricePair {
                buyer: Rupiah(pair.buyer_price_rupiah),
                member: Rupiah(pair.member_price_rupiah),
            };
            BuildUp::of_pack(prices, costs, offer.packs_per_unit, fee)
        });
        // A figure that can't be counted is no figure to show.
        Ok(parts.collect::<Result<_, _>>().ok())
    }

    async fn ppn_of(&self, offer: &OfferRow, now: Instant) -> Result<Option<PpnRate>, Error> {
        let treatment = offer.ppn_treatment.parse().unwrap_or(PpnTreatment::Taxable);
        if !bears_ppn(offer.is_pkp, treatment) {
            return Ok(None);
        }
        let day = offer.zone().day_of(now);
        let cooperative = OrganisationId(offer.cooperative_id);
        let terms = settings::terms(self, cooperative, day).await?;
        Ok(Some(terms.ppn_rate()))
    }
}

/// The shortest shelf life, where every product states one: what one of them leaves open is promised of none.
fn shortest(stated: impl Iterator<Item = Option<i32>>) -> Option<i32> {
    stated.collect::<Option<Vec<i32>>>()?.into_iter().min()
}

/// What the pool can give on later days when further lots are ready; only days that bring more.
fn later(
    offer: &OfferRow,
    lots: &Lots,
    viewer: &Viewer,
    delivery: Day,
    available: Units,
) -> Vec<(Day, Shown)> {
    let mut later = Vec::new();
    let mut most = available;
    for day in lots.ready_after(offer.offer(), delivery).take(LATER_DAYS) {
        let then = offer.pooled(&lots.pools(&[offer.terms(day)]));
        let (before, shown) = (Shown::to(viewer, most), Shown::to(viewer, then));
        if then > most && shown != before {
            later.push((day, shown));
            most = then;
        }
    }
    later
}

/// What is told of the availability of the live ones among `ids`, as a text that differs when anything of it does.
pub(crate) async fn told_to(
    sql: &impl Sql,
    viewer: &Viewer,
    now: Instant,
    ids: &[Uuid],
) -> Result<Vec<(Uuid, String)>, Error> {
    let ids: Vec<OfferId> = ids.iter().map(|id| OfferId(*id)).collect();
    let offers = cards::rows(sql, None, now, &ids).await?;
    let live: Vec<OfferId> = offers.iter().map(OfferRow::offer).collect();
    let lots = supplies::lots(sql, &live).await?;
    let told = offers.iter().map(|offer| {
        let delivery = offer.delivery(now);
        let available = offer.pooled(&lots.pools(&[offer.terms(delivery)]));
        let mut told = format!("{} {:?}", delivery.0, Shown::to(viewer, available));
        for (day, shown) in later(offer, &lots, viewer, delivery, available) {
            told.push_str(&format!(" {} {shown:?}", day.0));
        }
        (offer.id, told)
    });
    Ok(told.collect())
}

/// Tiers by grade, best grade first, then by quantity.
fn tiers(offer: &OfferRow, prices: Vec<PriceRecord>) -> Vec<Tier> {
    let grades = offer.grades();
    let mut tiers: Vec<Tier> = prices
        .into_iter()
        .map(|row| Tier {
            grade: row.grade,
            minimum: Units(row.minimum_units),
            price: Rupiah(row.buyer_price_rupiah),
        })
        .collect();
    tiers.sort_by_key(|tier| {
        let rank = grades.iter().position(|grade| *grade == tier.grade);
        (rank, tier.minimum)
    });
    tiers
}

fn businesses(id: OfferId, viewer: &Viewer, sources: &Sources, pool: &[Supply]) -> Vec<Business> {
    let mut found: BTreeMap<Uuid, (Business, i64)> = BTreeMap::new();
    for row in sources.of(id) {
        let free = pool
            .iter()
            .find(|supply| supply.id == row.supply())
            .map_or(0, |supply| supply.free.0);
        let (_, packs) = found.entry(row.supplier_id).or_insert_with(|| {
            let business = Business {
                name: row.business.clone(),
                place: row.place_name(),
                packs: None,
            };
            (business, 0)
        });
        *packs += free;
    }
    let mut found: Vec<(Business, i64)> = found.into_values().collect();
    if viewer.signed_in {
        found.sort_by(|(a, ours), (b, theirs)| theirs.cmp(ours).then_with(|| a.name.cmp(&b.name)));
        for (business, packs) in &mut found {
            business.packs = Some(Packs(*packs));
        }
    } else {
        // The order must not tell who has most either.
        found.sort_by(|(a, _), (b, _)| a.name.cmp(&b.name));
    }
    found.into_iter().map(|(business, _)| business).collect()
}

fn permits(id: OfferId, sources: &Sources, delivery: Day) -> Vec<Permit> {
    let common = sources.common_permits(id, delivery);
    let mut found: BTreeMap<String, Vec<PermitHolder>> = BTreeMap::new();
    for row in sources.of(id) {
        for permit in sources.permits_of(row, delivery) {
            let holders = found.entry(permit.kind.clone()).or_default();
            let holder = PermitHolder {
                business: row.business.clone(),
                number: permit.number.clone(),
                valid_until: permit.valid_until.map(Day),
            };
            if !holders.contains(&holder) {
                holders.push(holder);
            }
        }
    }
    let mut permits: Vec<Permit> = found
        .into_iter()
        .map(|(kind, holders)| Permit {
            by_all: common.contains(&kind),
            kind,
            holders,
        })
        .collect();
    // What all have comes first, in the order in which permits are named everywhere.
    permits.sort_by_key(|permit| {
        let rank = domain::products::CertificateKind::ALL
            .iter()
            .position(|kind| kind.as_str() == permit.kind);
        (!permit.by_all, rank)
    });
    permits
}
