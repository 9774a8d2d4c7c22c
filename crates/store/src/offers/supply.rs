//! Pooling: the manager chooses which members' goods stand behind an offer, and sees what that makes by which day.

use std::collections::HashMap;

use domain::ids::{OfferId, OrganisationId, ProductId};
use domain::offers::Misfit;
use domain::quantity::{Packs, Units};
use domain::time::{Day, Instant, Zone};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::act::Act;
use crate::entities::supplies;
use crate::error::Error;
use crate::events::Event;
use crate::offers::error::OfferError;
use crate::offers::facts::party;
use crate::offers::fitting::{Candidate, candidates};
use crate::offers::managed::{ManagedOffer, spec, terms, whole};
use crate::sql::Sql;
use crate::supplies::{lots, pooled};
use crate::write::{Store, Tx};

/// Days on which lots become ready, for which the pool is added up.
const READY_DAYS: usize = 6;

/// One product chosen for the pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SupplyChoice {
    pub product: ProductId,
    /// The most packs of it that the offer may promise; `None` for all it has.
    pub limit: Option<Packs>,
}

/// What the pool can give for delivery on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AvailableOn {
    pub day: Day,
    /// Whole units under the carton rule.
    pub units: Units,
    /// Free packs of each supplier, most first.
    pub suppliers: Vec<(OrganisationId, Packs)>,
}

impl Store {
    /// Makes the pool of an offer exactly these products; answers the new version.
    ///
    /// # Errors
    /// [`OfferError`]: `NotFound` for a product that is not a member's, `Misfits` for those that don't fit.
    pub async fn set_supplies(
        &self,
        act: &Act,
        cooperative: OrganisationId,
        offer: OfferId,
        version: i64,
        choices: &[SupplyChoice],
    ) -> Result<i64, OfferError> {
        self.write(act, async |tx| {
            tx.set_supplies(cooperative, offer, version, choices).await
        })
        .await
    }

    /// Members' products of the offer's commodity with what speaks against each, for the earliest delivery.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn supply_candidates(
        &self,
        offer: &ManagedOffer,
        now: Instant,
    ) -> Result<Vec<Candidate>, Error> {
        let day = earliest(self, offer.cooperative, offer.terms.lead_time_days, now).await?;
        candidates(self, offer.cooperative, offer.id, &offer.spec(), day).await
    }

    /// What the pool can give on the earliest delivery day, on the next days when lots become ready, and on a day that was
    /// asked for (days before the earliest left out).
    ///
    /// # Errors
    /// When the database fails.
    pub async fn availability(
        &self,
        offer: &ManagedOffer,
        now: Instant,
        asked: Option<Day>,
    ) -> Result<Vec<AvailableOn>, Error> {
        let first = earliest(self, offer.cooperative, offer.terms.lead_time_days, now).await?;
        let facts = whole(self, offer.id).await?;
        let lots = lots(self, &[offer.id]).await?;
        let mut days: Vec<Day> = lots
            .ready_after(offer.id, first)
            .take(READY_DAYS)
            .chain(asked.filter(|day| *day > first))
            .chain([first])
            .collect();
        days.sort_unstable();
        days.dedup();
        Ok(days
            .into_iter()
            .map(|day| {
                let pool = lots.pools(&[facts.pool_terms(day)]);
                let mut by_supplier: HashMap<OrganisationId, i64> = HashMap::new();
                for supply in &pool {
                    let packs = by_supplier.entry(supply.supplier).or_default();
                    *packs = packs.saturating_add(supply.free.0);
                }
                let mut suppliers: Vec<_> = by_supplier
                    .into_iter()
                    .map(|(supplier, packs)| (supplier, Packs(packs)))
                    .collect();
                suppliers.sort_by_key(|(supplier, packs)| (std::cmp::Reverse(packs.0), *supplier));
                AvailableOn {
                    day,
                    units: pooled(&pool, &facts),
                    suppliers,
                }
            })
            .collect())
    }
}

/// The earliest day an order of now could be delivered, in the cooperative's zone.
pub(super) async fn earliest(
    sql: &impl Sql,
    cooperative: OrganisationId,
    lead_time_days: i32,
    now: Instant,
) -> Result<Day, Error> {
    let zone: Zone = party(sql, cooperative, "cooperative").await?.zone();
    Ok(zone.day_of(now).plus(lead_time_days))
}

impl Tx {
    pub(crate) async fn set_supplies(
        &self,
        cooperative: OrganisationId,
        offer: OfferId,
        version: i64,
        choices: &[SupplyChoice],
    ) -> Result<i64, OfferError> {
        let row = self
            .offer_to_change(cooperative, offer, Some(version))
            .await?;
        let facts = whole(self, offer).await?;
        let terms = terms(&row, facts.freight)?;
        let day = earliest(self, cooperative, terms.lead_time_days, self.now()).await?;
        let candidates =
            candidates(self, cooperative, offer, &spec(&terms, &facts.prices), day).await?;
        let mut bad: Vec<(ProductId, Vec<Misfit>)> = Vec::new();
        let mut chosen = Vec::with_capacity(choices.len());
        for choice in choices {
            let candidate = match candidates.iter().find(|c| c.product == choice.product) {
                Some(candidate) => candidate,
                // A member's product of another kind does not fit; anybody else's is not there.
                None => {
                    return Err(self
                        .outsider(cooperative, choice.product, &terms.commodity.0)
                        .await?);
                }
            };
            // What is pooled already may stay while a permit is renewed or the member pauses.
            if candidate.misfits.is_empty() || candidate.supplied.is_some() {
                chosen.push((candidate, choice.limit));
            } else {
                bad.push((choice.product, candidate.misfits.clone()));
            }
        }
        if !bad.is_empty() {
            return Err(OfferError::Misfits(bad));
        }
        for candidate in &candidates {
            let stays = chosen.iter().any(|(c, _)| c.product == candidate.product);
            if candidate.supplied.is_some() && !stays {
                self.exec(
                    "UPDATE supplies SET withdrawn_at = $3 WHERE offer_id = $1 AND product_id = $2 \
                     AND withdrawn_at IS NULL",
                    [
                        offer.0.into(),
                        candidate.product.0.into(),
                        self.now().0.into(),
                    ],
                )
                .await?;
            }
        }
        // What the manager leaves out now stays out, whatever the price does.
        self.exec(
            "UPDATE supplies SET out_by_price = FALSE WHERE offer_id = $1 AND out_by_price",
            [offer.0.into()],
        )
        .await?;
        for (candidate, limit) in &chosen {
            self.pool(cooperative, offer, candidate, *limit).await?;
        }
        self.exec(
            "UPDATE offers SET version = version + 1, updated_at = $2 WHERE id = $1",
            [offer.0.into(), self.now().0.into()],
        )
        .await?;
        let products: Vec<_> = chosen
            .iter()
            .map(|(candidate, limit)| serde_json::json!({ "product": candidate.product, "limit": limit.map(|l| l.0) }))
            .collect();
        self.event(Event {
            subject_kind: "offer",
            subject_id: offer.0,
            kind: "offer_supplies_set",
            data: Some(serde_json::Value::from(products).to_string()),
            ..Event::default()
        })
        .await?;
        self.pause_without_supply(offer).await?;
        self.offers_look_changed(&[offer.0]).await?;
        #[derive(FromQueryResult)]
        struct Version {
            version: i64,
        }
        let now: Option<Version> = self
            .row("SELECT version FROM offers WHERE id = $1", [offer.0.into()])
            .await?;
        Ok(now.map_or(row.version + 1, |row| row.version))
    }

    /// Why a product is not among the candidates.
    async fn outsider(
        &self,
        cooperative: OrganisationId,
        product: ProductId,
        commodity: &str,
    ) -> Result<OfferError, Error> {
        #[derive(FromQueryResult)]
        struct Own {
            commodity_id: Option<String>,
            state: String,
        }
        let own: Option<Own> = self
            .row(
                "SELECT p.commodity_id, p.state FROM products p JOIN members m ON m.supplier_id = p.umkm_id \
                 AND m.cooperative_id = $1 AND m.status IN ('active', 'candidate', 'associate') WHERE p.id = $2 \
                 AND p.state NOT IN ('draft', 'archived')",
                [cooperative.0.into(), product.0.into()],
            )
            .await?;
        let Some(own) = own else {
            return Ok(OfferError::NotFound);
        };
        let misfit = match own.commodity_id {
            Some(has) if has == commodity => Misfit::NotLive {
                state: crate::offers::managed::word(&own.state)?,
            },
            has => Misfit::Commodity {
                has: has.as_deref().map(Into::into),
                wants: commodity.into(),
            },
        };
        Ok(OfferError::Misfits(vec![(product, vec![misfit])]))
    }

    async fn pool(
        &self,
        cooperative: OrganisationId,
        offer: OfferId,
        candidate: &Candidate,
        limit: Option<Packs>,
    ) -> Result<(), Error> {
        let limit = limit.map(|packs| packs.0);
        if candidate.supplied.is_some() {
            self.exec(
                "UPDATE supplies SET limit_packs = $3 WHERE offer_id = $1 AND product_id = $2",
                [offer.0.into(), candidate.product.0.into(), limit.into()],
            )
            .await?;
            return Ok(());
        }
        let grade = candidate.grade.clone().unwrap_or_default().0;
        // Who comes back after a withdrawal queues anew: `offered_at` is what first-come counts.
        let back = self
            .exec(
                "UPDATE supplies SET limit_packs = $3, grade = $4, offered_at = $5, withdrawn_at = NULL, \
                 out_by_price = FALSE \
                 WHERE offer_id = $1 AND product_id = $2",
                [
                    offer.0.into(),
                    candidate.product.0.into(),
                    limit.into(),
                    grade.as_str().into(),
                    self.now().0.into(),
                ],
            )
            .await?;
        if back == 0 {
            let id: Uuid = self.new_id();
            self.insert(supplies::Model {
                id,
                offer_id: offer.0,
                product_id: candidate.product.0,
                cooperative_id: cooperative.0,
                supplier_id: candidate.supplier.0,
                grade,
                limit_packs: limit,
                offered_at: self.now().0,
                withdrawn_at: None,
                out_by_price: false,
            })
            .await?;
        }
        Ok(())
    }
}
