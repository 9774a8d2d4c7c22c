//! Which members' goods could be pooled in an offer, and why others can't (DOMAIN U-3).

use std::collections::HashSet;

use domain::ids::{OfferId, OrganisationId, ProductId};
use domain::money::Rupiah;
use domain::offers::{Misfit, PriceRow, PriceTable, Spec, misfits};
use domain::products::{Certificate, CertificateKind, Grade, ProductFacts};
use domain::quantity::Packs;
use domain::time::{Day, Instant};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use crate::error::Error;
use crate::events::Event;
use crate::letters::About;
use crate::offers::edit::moved_to;
use crate::offers::managed::{ManagedOffer, OfferTerms, content, spec, word};
use crate::offers::supply::earliest;
use crate::sql::{Sql, placeholders};
use crate::write::{Store, Tx};

/// A permit that lapses within so many days after the delivery is worth a look.
const LAPSES_SOON_DAYS: i32 = 30;

/// A member's product that could be pooled.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub product: ProductId,
    pub supplier: OrganisationId,
    pub supplier_name: String,
    pub facts: ProductFacts,
    /// The grade it is pooled under; `None` when its grade is not accepted.
    pub grade: Option<Grade>,
    /// Empty when it fits.
    pub misfits: Vec<Misfit>,
    /// A required permit that lapses soon after the delivery.
    pub lapses: Option<(CertificateKind, Day)>,
    /// Free packs in lots that are ready and still good on the delivery day.
    pub free: Packs,
    /// Free packs in lots that are ready later.
    pub later: Packs,
    /// How it is pooled now, if it is.
    pub supplied: Option<Supplied>,
}

/// A product's place in the pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Supplied {
    /// The most packs of it that the offer may promise.
    pub limit: Option<Packs>,
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    umkm_id: Uuid,
    supplier_name: String,
    name: String,
    category_id: Option<String>,
    commodity_id: Option<String>,
    unit: Option<String>,
    content_amount: Option<i64>,
    content_dimension: Option<String>,
    price_rupiah: Option<i64>,
    grade: Option<String>,
    state: String,
    free: i64,
    later: i64,
    on_hand: i64,
    supply_id: Option<Uuid>,
    limit_packs: Option<i64>,
}

#[derive(FromQueryResult)]
struct CertificateRow {
    organisation_id: Uuid,
    product_id: Option<Uuid>,
    kind: String,
    valid_from: Option<i32>,
    valid_until: Option<i32>,
}

impl CertificateRow {
    fn read(&self) -> Option<Certificate> {
        Some(Certificate {
            // Kinds that a later version knows are none of this one's.
            kind: self.kind.parse().ok()?,
            valid_from: self.valid_from.map(Day),
            valid_until: self.valid_until.map(Day),
        })
    }
}

/// Products of the cooperative's members that are of the spec's commodity, or pooled already, by supplier's name.
pub(crate) async fn candidates(
    sql: &impl Sql,
    cooperative: OrganisationId,
    offer: OfferId,
    spec: &Spec,
    day: Day,
) -> Result<Vec<Candidate>, Error> {
    let rows: Vec<Row> = sql
        .rows(
            "SELECT p.id, p.umkm_id, u.name AS supplier_name, p.name, p.category_id, p.commodity_id, p.unit, \
             p.content_amount, p.content_dimension, p.price_rupiah, p.grade, p.state, \
             (SELECT CAST(COALESCE(SUM(l.on_hand - l.held), 0) AS BIGINT) FROM lots l WHERE l.product_id = p.id AND \
             l.ready_on <= $4 AND (l.good_until IS NULL OR l.good_until >= $4)) AS free, \
             (SELECT CAST(COALESCE(SUM(l.on_hand - l.held), 0) AS BIGINT) FROM lots l WHERE l.product_id = p.id AND \
             l.ready_on > $4) AS later, \
             (SELECT CAST(COALESCE(SUM(l.on_hand), 0) AS BIGINT) FROM lots l WHERE l.product_id = p.id) AS on_hand, \
             s.id AS supply_id, s.limit_packs \
             FROM products p JOIN organisations u ON u.id = p.umkm_id \
             JOIN members m ON m.cooperative_id = $1 AND m.supplier_id = p.umkm_id AND m.status IN ('active', 'candidate', \
             'associate') \
             LEFT JOIN supplies s ON s.offer_id = $2 AND s.product_id = p.id AND s.withdrawn_at IS NULL \
             WHERE (p.commodity_id = $3 AND p.state IN ('live', 'paused')) OR s.id IS NOT NULL \
             ORDER BY LOWER(u.name), u.id, LOWER(p.name), p.id",
            [
                cooperative.0.into(),
                offer.0.into(),
                spec.commodity.0.as_str().into(),
                day.0.into(),
            ],
        )
        .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut suppliers: Vec<Uuid> = rows.iter().map(|row| row.umkm_id).collect();
    suppliers.dedup();
    let certificates: Vec<CertificateRow> = sql
        .rows(
            format!(
                "SELECT organisation_id, product_id, kind, valid_from, valid_until FROM certificates \
                 WHERE organisation_id IN ({})",
                placeholders(1, suppliers.len())
            ),
            suppliers.iter().map(|id| Value::from(*id)),
        )
        .await?;
    rows.into_iter()
        .map(|row| row.read(spec, &certificates, day))
        .collect()
}

impl Row {
    fn read(
        self,
        spec: &Spec,
        certificates: &[CertificateRow],
        day: Day,
    ) -> Result<Candidate, Error> {
        let held: Vec<Certificate> = certificates
            .iter()
            .filter(|certificate| {
                certificate.organisation_id == self.umkm_id
                    && certificate.product_id.is_none_or(|id| id == self.id)
            })
            .filter_map(CertificateRow::read)
            .collect();
        let facts = ProductFacts {
            state: word(&self.state)?,
            name: self.name,
            category: self.category_id.as_deref().map(Into::into),
            commodity: self.commodity_id.as_deref().map(Into::into),
            unit: self.unit.as_deref().map(word).transpose()?,
            content: content(self.content_amount, self.content_dimension.as_deref())?,
            grade: self.grade.map(Grade),
            asked_price: self.price_rupiah.map(Rupiah),
            on_hand: Packs(self.on_hand),
        };
        let misfits = misfits(spec, &facts, &held, day);
        let lapses = spec
            .required_certificates
            .iter()
            .filter_map(|kind| lapse(*kind, &held))
            .filter(|(_, last)| *last >= day && last.0 <= day.0.saturating_add(LAPSES_SOON_DAYS))
            .min_by_key(|(_, last)| *last);
        Ok(Candidate {
            product: ProductId(self.id),
            supplier: OrganisationId(self.umkm_id),
            supplier_name: self.supplier_name,
            grade: spec.grade_of(&facts),
            facts,
            misfits,
            lapses,
            free: Packs(self.free),
            later: Packs(self.later),
            supplied: self.supply_id.map(|_| Supplied {
                limit: self.limit_packs.map(Packs),
            }),
        })
    }
}

/// The last day on which a kind of permit holds; `None` when one of them does not lapse.
fn lapse(kind: CertificateKind, held: &[Certificate]) -> Option<(CertificateKind, Day)> {
    let of_kind = || held.iter().filter(|certificate| certificate.kind == kind);
    if of_kind().any(|certificate| certificate.valid_until.is_none()) {
        return None;
    }
    of_kind()
        .filter_map(|certificate| certificate.valid_until)
        .max()
        .map(|last| (kind, last))
}

/// Whether time or the member can mend it without the offer changing: such a supply stays and counts nothing meanwhile.
fn passes(misfit: &Misfit) -> bool {
    matches!(
        misfit,
        Misfit::NotLive { .. }
            | Misfit::CertificateMissing { .. }
            | Misfit::CertificateExpired { .. }
            | Misfit::CertificateNotYet { .. }
    )
}

/// Goods that a change would put out of an offer.
#[derive(Clone, Debug)]
pub struct PutOut {
    pub product: ProductId,
    pub business: String,
    pub goods: String,
    /// What the member asks per pack.
    pub asks: Option<Rupiah>,
    /// Free packs that the offer would lose.
    pub free: Packs,
    /// Why they would no longer fit.
    pub misfits: Vec<Misfit>,
}

impl Store {
    /// Which pooled goods would leave the offer under these terms, or count nothing any more, by business.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn put_out_by_terms(
        &self,
        offer: &ManagedOffer,
        wanted: &OfferTerms,
        now: Instant,
    ) -> Result<Vec<PutOut>, Error> {
        let fit_now: HashSet<ProductId> = self
            .fitting(offer, &offer.terms, &offer.prices, now)
            .await?
            .into_iter()
            .filter(|candidate| candidate.misfits.is_empty())
            .map(|candidate| candidate.product)
            .collect();
        let prices = moved_to(&offer.prices, wanted);
        let found = self.fitting(offer, wanted, &prices, now).await?;
        Ok(found
            .into_iter()
            .filter(|candidate| {
                let is_lost = fit_now.contains(&candidate.product) && !candidate.misfits.is_empty();
                candidate.supplied.is_some() && (is_lost || !candidate.stays())
            })
            .map(PutOut::of)
            .collect())
    }

    async fn fitting(
        &self,
        offer: &ManagedOffer,
        terms: &OfferTerms,
        prices: &PriceTable,
        now: Instant,
    ) -> Result<Vec<Candidate>, Error> {
        let day = earliest(self, offer.cooperative, terms.lead_time_days, now).await?;
        let spec = spec(terms, prices);
        candidates(self, offer.cooperative, offer.id, &spec, day).await
    }

    /// Which pooled goods would leave the offer with these prices, by business; none where the prices can't be set.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn put_out_by(
        &self,
        offer: &ManagedOffer,
        rows: &[PriceRow],
        now: Instant,
    ) -> Result<Vec<PutOut>, Error> {
        let terms = &offer.terms;
        let Ok(prices) = PriceTable::new(rows.to_vec(), &terms.grades, terms.minimum) else {
            return Ok(Vec::new());
        };
        let found = self.fitting(offer, terms, &prices, now).await?;
        Ok(found
            .into_iter()
            .filter(|candidate| candidate.supplied.is_some() && !candidate.stays())
            .map(PutOut::of)
            .collect())
    }
}

impl PutOut {
    fn of(candidate: Candidate) -> Self {
        Self {
            product: candidate.product,
            business: candidate.supplier_name,
            goods: candidate.facts.name,
            asks: candidate.facts.asked_price,
            free: candidate.free,
            misfits: candidate.misfits,
        }
    }
}

impl Candidate {
    /// Whether it may be in the pool as it is, or once time or its member has mended it.
    fn stays(&self) -> bool {
        self.misfits.iter().all(passes)
    }

    /// Whether nothing but the price keeps it out.
    fn is_out_by_price(&self) -> bool {
        let is_price = |misfit: &Misfit| matches!(misfit, Misfit::Price { .. });
        self.misfits
            .iter()
            .all(|misfit| passes(misfit) || is_price(misfit))
    }
}

impl Tx {
    /// Withdraws the supplies that a change of terms or prices left outside, and takes back those that only a price had
    /// put out; tells their members, and answers how many went and came.
    pub(crate) async fn refit(
        &self,
        offer: OfferId,
        terms: &OfferTerms,
        prices: &PriceTable,
    ) -> Result<Refit, Error> {
        #[derive(FromQueryResult)]
        struct Owner {
            cooperative_id: Uuid,
            state: String,
        }
        #[derive(FromQueryResult)]
        struct Out {
            product_id: Uuid,
        }
        let owner: Owner = self
            .row(
                "SELECT cooperative_id, state FROM offers WHERE id = $1",
                [offer.0.into()],
            )
            .await?
            .ok_or(Error::NotFound)?;
        let out: Vec<Out> = self
            .rows(
                "SELECT product_id FROM supplies WHERE offer_id = $1 AND withdrawn_at IS NOT NULL AND out_by_price",
                [offer.0.into()],
            )
            .await?;
        let cooperative = OrganisationId(owner.cooperative_id);
        let spec = spec(terms, prices);
        let pooled = candidates(self, cooperative, offer, &spec, Day(0)).await?;
        let (mut went, mut came) = (Vec::new(), Vec::new());
        for candidate in pooled {
            let is_out = out.iter().any(|out| out.product_id == candidate.product.0);
            match (candidate.supplied.is_some(), candidate.stays()) {
                (true, true) => {
                    // Its grade may have a place now that it had not before, or none any more.
                    let grade = candidate.grade.clone().unwrap_or_default();
                    self.exec(
                        "UPDATE supplies SET grade = $3 WHERE offer_id = $1 AND product_id = $2 AND grade <> $3",
                        [offer.0.into(), candidate.product.0.into(), grade.0.into()],
                    )
                    .await?;
                }
                (true, false) => {
                    self.exec(
                        "UPDATE supplies SET withdrawn_at = $3, out_by_price = $4 WHERE offer_id = $1 AND product_id = $2 \
                         AND withdrawn_at IS NULL",
                        [
                            offer.0.into(),
                            candidate.product.0.into(),
                            self.now().0.into(),
                            candidate.is_out_by_price().into(),
                        ],
                    )
                    .await?;
                    went.push(candidate);
                }
                (false, true) if is_out => {
                    // It did not leave by itself, so it keeps its place in the queue.
                    let grade = candidate.grade.clone().unwrap_or_default();
                    self.exec(
                        "UPDATE supplies SET withdrawn_at = NULL, out_by_price = FALSE, grade = $3 \
                         WHERE offer_id = $1 AND product_id = $2",
                        [offer.0.into(), candidate.product.0.into(), grade.0.into()],
                    )
                    .await?;
                    came.push(candidate);
                }
                (false, _) => {}
            }
        }
        let is_told = owner.state != "draft";
        let at = (offer, cooperative, is_told);
        self.supplies_moved(at, "supply_withdrawn", Some("misfit"), "supply_out", &went)
            .await?;
        self.supplies_moved(at, "supply_returned", None, "supply_back", &came)
            .await?;
        if !went.is_empty() {
            self.pause_without_supply(offer).await?;
        }
        Ok(Refit {
            withdrawn: went.len(),
            returned: came.len(),
        })
    }

    /// Writes down which goods left or joined an offer, and tells their members: each once, and not of drafts, which they
    /// never heard of.
    async fn supplies_moved(
        &self,
        (offer, cooperative, is_told): (OfferId, OrganisationId, bool),
        kind: &'static str,
        reason: Option<&str>,
        letter: &str,
        moved: &[Candidate],
    ) -> Result<(), Error> {
        let mut told: Vec<OrganisationId> = Vec::new();
        for candidate in moved {
            let event = self
                .event(Event {
                    subject_kind: "offer",
                    subject_id: offer.0,
                    kind,
                    reason,
                    data: Some(serde_json::json!({ "product": candidate.product }).to_string()),
                    ..Event::default()
                })
                .await?;
            if !is_told || told.contains(&candidate.supplier) {
                continue;
            }
            told.push(candidate.supplier);
            let about = About {
                offer: Some(offer),
                cooperative: Some(cooperative),
                ..About::default()
            };
            self.letter_to_roles(letter, event, candidate.supplier, &["umkm_owner"], about)
                .await?;
        }
        Ok(())
    }
}

/// How many goods left a pool and came back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Refit {
    pub withdrawn: usize,
    pub returned: usize,
}
