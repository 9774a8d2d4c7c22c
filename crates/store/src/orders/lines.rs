//! The lines of an order before they are written: offers that can be ordered, the sharing rule over the pool, the money
//! that comes of it. The check of a cart asks the same of the pool as it stands, the placing deed of the locked one.

use std::collections::HashMap;

use domain::carts::{CartView, LineView};
use domain::ids::{OfferId, OrderId, OrderLineId, OrganisationId};
use domain::money::{Overflow, Rupiah};
use domain::offers::{Freight, Viewer, check_quantity};
use domain::orders::OrderState;
use domain::pricing::{BuildUp, GradePart, LineTotals, PpnRate, bears_ppn, order_totals};
use domain::quantity::Units;
use domain::settings::Terms;
use domain::time::{Day, Instant, Zone};
use uuid::Uuid;

use super::place::{PlaceError, Short};
use super::sharing::{self, Portion, Shared};
use crate::carts::{self, CartLine};
use crate::entities::{order_line_prices, order_lines};
use crate::error::Error;
use crate::offers::facts::{self, OfferFacts, Party};
use crate::stock::HoldKind;
use crate::supplies;
use crate::write::Tx;

/// A line with its share-out and its money, before it is written.
pub(crate) struct Line {
    pub id: OrderLineId,
    pub offer: OfferFacts,
    pub units: Units,
    pub shared: Shared,
    pub money: LineMoney,
}

/// Rupiah of one line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LineMoney {
    pub totals: LineTotals,
    /// Whether the cooperative still has to work the freight out; it counts 0 until then.
    pub freight_pending: bool,
    /// What the cooperative keeps: goods less member prices, stated costs and the platform's fee.
    pub margin: Rupiah,
}

impl Tx {
    /// The offers of the wanted lines, all of one cooperative, orderable, with quantities that fit.
    pub(crate) async fn checked_offers(
        &self,
        viewer: &Viewer,
        cooperative: OrganisationId,
        wanted: &[CartLine],
    ) -> Result<Vec<OfferFacts>, PlaceError> {
        let ids: Vec<OfferId> = wanted.iter().map(|line| line.offer).collect();
        let offers = facts::orderable(self, viewer, self.now(), &ids).await?;
        let gone: Vec<OfferId> = ids
            .iter()
            .copied()
            .filter(|id| {
                !offers.iter().any(|offer| {
                    offer.id == id.0
                        && offer.cooperative_id == cooperative.0
                        && !offer.prices.rows().is_empty()
                })
            })
            .collect();
        if !gone.is_empty() {
            return Err(PlaceError::Gone(gone));
        }
        for line in wanted {
            for offer in offers.iter().filter(|offer| offer.id == line.offer.0) {
                // How much is left is the sharing rule's to say, under the locks.
                check_quantity(
                    line.units,
                    Units(offer.minimum_units),
                    Units(offer.multiple_units),
                    Units(i64::MAX),
                )
                .map_err(|_| PlaceError::Quantity(line.offer))?;
            }
        }
        Ok(offers)
    }

    /// Locks the lots behind the lines, runs the rule of each, and prices what came of it.
    pub(crate) async fn share_out(
        &self,
        cooperative: &Party,
        offers: &[OfferFacts],
        wanted: &[CartLine],
        to: &Destination<'_>,
        cart: Option<Uuid>,
    ) -> Result<Vec<Line>, PlaceError> {
        let pool_terms = pool_terms(offers, self.now(), cooperative, to.wanted_on);
        let pool = self.locked_pool(&pool_terms, cart).await?;
        let served = supplies::served(self, OrganisationId(cooperative.id), self.now()).await?;
        let (lines, short) = apportion(cooperative, offers, wanted, to, pool, &served, || {
            self.new_id()
        })?;
        if short.is_empty() {
            Ok(lines)
        } else {
            Err(PlaceError::SoldOut(short))
        }
    }

    /// The pool with its lots locked and their expired holds released, and those that were set aside for this cart.
    pub(crate) async fn locked_pool(
        &self,
        terms: &[supplies::PoolTerms],
        cart: Option<Uuid>,
    ) -> Result<Vec<supplies::Supply>, Error> {
        let pool = supplies::pools(self, terms).await?;
        let mut lots: Vec<_> = pool
            .iter()
            .flat_map(|supply| supply.lots.iter().map(|stock| stock.lot))
            .collect();
        if let Some(cart) = cart {
            lots.extend(self.lots_of_cart(cart).await?);
        }
        self.lock_lots(&lots).await?;
        self.release_expired_on(&lots).await?;
        if let Some(cart) = cart {
            self.release_cart(cart).await?;
        }
        // Read again under the locks: what another deed took meanwhile is gone.
        supplies::pools(self, terms).await
    }

    pub(crate) async fn write_line(
        &self,
        order: OrderId,
        position: i32,
        line: Line,
        state: OrderState,
        terms: &Terms,
    ) -> Result<(), PlaceError> {
        let Line {
            id,
            offer,
            units,
            shared,
            money,
        } = line;
        let packs = units.packs(offer.packs_per_unit).ok_or(Overflow)?;
        let grades = offer.grades();
        let tier = grades
            .first()
            .and_then(|grade| offer.price_at(grade, units))
            .map_or(offer.minimum_units, |price| price.min_units.0);
        self.insert(order_lines::Model {
            id: id.0,
            order_id: order.0,
            position,
            offer_id: offer.id,
            offer_version: offer.version,
            title: offer.title.clone(),
            picture: offer.picture.clone(),
            unit: offer.unit.clone(),
            carton_name: offer.carton_name.clone(),
            packs_per_unit: offer.packs_per_unit,
            mixed_carton: offer.mixed_carton.clone(),
            rule: offer.rule.clone(),
            ordered_units: units.0,
            units: units.0,
            packs: packs.0,
            tier_minimum_units: tier,
            ppn_treatment: offer.ppn_treatment.clone(),
            // A franco offer without a rate for the region: the cooperative works it out for this line.
            delivery_basis: if money.freight_pending {
                "quoted".to_owned()
            } else {
                offer.delivery_basis.clone()
            },
            packaging_rupiah: offer.packaging_rupiah,
            transport_rupiah: offer.transport_rupiah,
            margin_rupiah: money.margin.0,
            second_run_at: None,
            goods_rupiah: money.totals.goods.0,
            ppn_rupiah: money.totals.ppn.0,
            freight_rupiah: money.totals.freight.0,
        })
        .await?;
        let prices = grades
            .iter()
            .filter_map(|grade| offer.price_at(grade, units))
            .map(|price| order_line_prices::Model {
                order_line_id: id.0,
                grade: price.grade.0.clone(),
                buyer_price_rupiah: price.buyer_price.0,
                member_price_rupiah: price.member_price.0,
            })
            .collect();
        self.insert_many(prices).await?;
        let portion = Portion {
            order,
            line: id,
            offer: &offer,
            run: 1,
        };
        let (hold, answer_by) = self.promise(state, terms);
        shared.write(self, &portion, hold, answer_by).await?;
        Ok(())
    }

    /// How an order in this state holds stock, and until when its members may answer.
    pub(crate) fn promise(&self, state: OrderState, terms: &Terms) -> (HoldKind, Option<Instant>) {
        if state == OrderState::PendingApproval {
            let until = self.now().plus_hours(terms.approval_hold_hours);
            (HoldKind::Approval { until }, None)
        } else {
            (
                HoldKind::Order,
                Some(self.now().plus_hours(terms.share_answer_hours)),
            )
        }
    }
}

/// Where and when the goods go, and the terms that hold: the rest of what prices a line.
pub(crate) struct Destination<'a> {
    pub terms: &'a Terms,
    pub region_code: &'a str,
    pub wanted_on: Option<Day>,
}

pub(crate) fn pool_terms(
    offers: &[OfferFacts],
    now: Instant,
    cooperative: &Party,
    wanted_on: Option<Day>,
) -> Vec<supplies::PoolTerms> {
    offers
        .iter()
        .map(|offer| offer.pool_terms(offer.delivery(now, cooperative.zone(), wanted_on)))
        .collect()
}

/// Runs the rule of each line over the pool and prices it; the lines that the pool can't fill come back as short.
/// The check page asks this of the pool as it stands, the placing deed of the locked one.
pub(crate) fn apportion(
    cooperative: &Party,
    offers: &[OfferFacts],
    wanted: &[CartLine],
    to: &Destination<'_>,
    mut pool: Vec<supplies::Supply>,
    served: &HashMap<OrganisationId, domain::allocation::Served>,
    mut new_id: impl FnMut() -> Uuid,
) -> Result<(Vec<Line>, Vec<Short>), PlaceError> {
    let mut lines = Vec::with_capacity(wanted.len());
    let mut short = Vec::new();
    for line in wanted {
        let Some(offer) = offers.iter().find(|offer| offer.id == line.offer.0) else {
            continue;
        };
        let id = OrderLineId(new_id());
        let packs = line.units.packs(offer.packs_per_unit).ok_or(Overflow)?;
        let shared = sharing::run(offer, packs, &HashMap::new(), &mut pool, served)?;
        if shared.shortfall.0 > 0 {
            short.push(Short {
                offer: line.offer,
                title: offer.title.clone(),
                wanted: line.units,
                left: Units((line.units.0 - shared.shortfall.0).max(0)),
            });
        }
        let given: Vec<_> = shared.given().collect();
        let money = price_line(offer, line.units, &given, cooperative.is_pkp, to)?;
        lines.push(Line {
            id,
            offer: offer.clone(),
            units: line.units,
            shared,
            money,
        });
    }
    Ok((lines, short))
}

/// Whether the goods are wanted no earlier than all of these offers can be delivered.
///
/// # Errors
/// [`PlaceError::TooEarly`] with the first day that can be.
pub(crate) fn in_time(
    offers: &[OfferFacts],
    wanted_on: Option<Day>,
    now: Instant,
    zone: Zone,
) -> Result<(), PlaceError> {
    let earliest = facts::earliest(offers, now, zone);
    match wanted_on {
        Some(day) if day < earliest => Err(PlaceError::TooEarly(earliest)),
        _ => Ok(()),
    }
}

/// What a buyer sees of the lines; it comes back with the confirmation, to be compared with what is true then.
pub(crate) fn seen(lines: &[Line], short: &[Short]) -> Result<CartView, Overflow> {
    let totals = order_totals(lines.iter().map(|line| &line.money.totals))?;
    Ok(CartView {
        total: totals.total,
        lines: lines
            .iter()
            .map(|line| LineView {
                offer: OfferId(line.offer.id),
                units: line.units,
                price: carts::best_price(&line.offer, line.units),
                available: short
                    .iter()
                    .find(|short| short.offer.0 == line.offer.id)
                    .map_or(line.units, |short| short.left),
            })
            .collect(),
    })
}

/// Prices a line by what each grade gives; the tier follows the line's whole quantity.
fn price_line(
    offer: &OfferFacts,
    units: Units,
    given: &[sharing::Given],
    is_pkp: bool,
    to: &Destination<'_>,
) -> Result<LineMoney, PlaceError> {
    let parts = given
        .iter()
        .map(|part| {
            let price = offer.price_at(&part.grade, units).ok_or_else(|| {
                Error::Corrupt(format!(
                    "offer {} has no price for grade {}",
                    offer.id, part.grade
                ))
            })?;
            Ok(GradePart {
                packs: part.packs,
                buyer_price: price.buyer_price,
                member_price: price.member_price,
            })
        })
        .collect::<Result<Vec<_>, Error>>()?;
    let freight = offer.freight_to(to.region_code, units)?;
    let ppn = ppn_rate(is_pkp, &offer.ppn_treatment, to.terms)?;
    let built = BuildUp::of_line(&parts, units, offer.unit_costs(), to.terms.platform_fee_bp)?;
    Ok(LineMoney {
        totals: LineTotals::new(built.buyer, ppn, freight.rupiah())?,
        freight_pending: freight == Freight::Pending,
        margin: built.margin,
    })
}

/// The PPN rate of a line; `None` where the seller or the goods bear none (DOMAIN TX-2).
pub(crate) fn ppn_rate(
    is_pkp: bool,
    treatment: &str,
    terms: &Terms,
) -> Result<Option<PpnRate>, Error> {
    let treatment = treatment
        .parse()
        .map_err(|_| Error::Corrupt(treatment.to_owned()))?;
    Ok(bears_ppn(is_pkp, treatment).then(|| terms.ppn_rate()))
}
