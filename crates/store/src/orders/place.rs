//! Placing an order: the cart becomes an order, the sharing rule runs, and the stock is held, all in one deed.
//!
//! The page that asks "check your answers" draws the order's id; sending it twice gives the same order once. What the
//! buyer saw (units and prices) comes back with the form as a fingerprint: where it differs from what holds now,
//! nothing is placed and the buyer sees old and new.

use std::collections::HashMap;

use domain::ids::{OfferId, OrderId, OrderLineId, OrganisationId};
use domain::money::{Overflow, Rupiah};
use domain::offers::{Freight, Viewer, check_quantity};
use domain::orders::{Actor, OrderEvent, OrderState, placing_event, transition};
use domain::pricing::{BuildUp, GradePart, LineTotals, PpnRate, bears_ppn, order_totals};
use domain::quantity::Units;
use domain::settings::Terms;
use domain::time::{Day, Instant};
use sea_orm::FromQueryResult;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::act::Act;
use crate::carts::{self, CartLine};
use crate::entities::{order_line_prices, order_lines, orders};
use crate::error::Error;
use crate::events::Event;
use crate::letters::About;
use crate::offers::facts::{self, OfferFacts, Party};
use crate::orders::sharing::{self, Portion, Shared};
use crate::sql::Sql;
use crate::stock::{HoldKind, StockError};
use crate::supplies;
use crate::write::{Store, Tx, rerun_by_store};

/// A buyer's order as the "check your answers" page sent it. Lines and prices are not in it: they come from the
/// cart and the offers.
#[derive(Clone, Debug)]
pub struct PlaceOrder {
    /// Made when the page was drawn: the one-time key.
    pub order: OrderId,
    pub buyer: OrganisationId,
    pub cooperative: OrganisationId,
    /// Staff or approver.
    pub actor: Actor,
    pub po_number: String,
    pub note: String,
    pub deliver_to: String,
    pub region_code: String,
    pub wanted_on: Option<Day>,
    /// What the page showed, from [`crate::carts::Check::seen`].
    pub seen: String,
}

/// The order that is now there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    pub order: OrderId,
    pub state: OrderState,
}

/// An offer that can't give what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Short {
    pub offer: OfferId,
    pub title: String,
    pub wanted: Units,
    pub left: Units,
}

/// Why an order was not placed. Nothing was held, and the cart is as it was.
#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    #[error("the cart is empty")]
    CartEmpty,
    /// The key belongs to an order with other content, or to somebody else's.
    #[error("the order was sent with other content before")]
    KeyUsed,
    #[error("the buyer is not verified")]
    BuyerNotVerified,
    /// Offers that are no longer live, or not for this buyer.
    #[error("{0:?} can't be ordered any more")]
    Gone(Vec<OfferId>),
    /// Units below the minimum or off the multiple.
    #[error("the quantity of {0} does not fit")]
    Quantity(OfferId),
    /// Prices or quantities are not what the buyer saw.
    #[error("prices or quantities changed")]
    Changed,
    /// Others were faster.
    #[error("too little left")]
    SoldOut(Vec<Short>),
    #[error(transparent)]
    Overflow(#[from] Overflow),
    #[error(transparent)]
    Store(#[from] Error),
}
rerun_by_store!(PlaceError);

impl From<StockError> for PlaceError {
    fn from(error: StockError) -> Self {
        match error {
            // The lots are locked and counted before they are held: their rows and sums disagree.
            StockError::TooFew(lot) => Self::Store(Error::Corrupt(format!(
                "lot {lot} has less free than counted"
            ))),
            StockError::Store(error) => Self::Store(error),
        }
    }
}

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

impl Store {
    /// Places the order: checks, shares out, holds stock, writes everything and queues the letters.
    ///
    /// # Errors
    /// [`PlaceError`]; nothing is written then.
    pub async fn place_order(&self, act: &Act, cmd: &PlaceOrder) -> Result<Placed, PlaceError> {
        let placed = self.write(act, async |tx| tx.place(cmd).await).await;
        match placed {
            // Two copies of one confirm raced on the key: the other one placed it.
            Err(PlaceError::Store(error)) if error.is_unique_violation() => {
                self.write(act, async |tx| {
                    tx.placed_before(cmd).await?.ok_or(PlaceError::Changed)
                })
                .await
            }
            other => other,
        }
    }
}

impl Tx {
    async fn place(&self, cmd: &PlaceOrder) -> Result<Placed, PlaceError> {
        // Copies of one confirm wait for each other here, so that the later ones find the order and not its gap in stock.
        carts::lock(self, cmd.buyer, cmd.cooperative).await?;
        if let Some(placed) = self.placed_before(cmd).await? {
            return Ok(placed);
        }
        let buyer = facts::party(self, cmd.buyer, "buyer").await?;
        let cooperative = facts::party(self, cmd.cooperative, "cooperative").await?;
        if !buyer.is_verified() {
            return Err(PlaceError::BuyerNotVerified);
        }
        let zone = cooperative.zone();
        let terms = crate::settings::terms(self, cmd.cooperative, zone.day_of(self.now())).await?;
        let wanted = carts::lines(self, cmd.buyer, cmd.cooperative).await?;
        if wanted.is_empty() {
            return Err(PlaceError::CartEmpty);
        }
        let viewer = Viewer {
            signed_in: true,
            verified: true,
            buyer: Some(cmd.buyer),
        };
        let offers = self
            .checked_offers(&viewer, cmd.cooperative, &wanted)
            .await?;
        let to = Destination {
            terms: &terms,
            region_code: &cmd.region_code,
            wanted_on: cmd.wanted_on,
        };
        let lines = self.share_out(&cooperative, &offers, &wanted, &to).await?;
        if seen(&lines) != cmd.seen {
            return Err(PlaceError::Changed);
        }

        let LineTotals {
            goods,
            ppn,
            freight,
            total,
        } = order_totals(lines.iter().map(|line| &line.money.totals))?;
        let event = placing_event(
            total,
            buyer.staff_limit_rupiah.map(Rupiah),
            cmd.actor,
            terms.four_eyes,
        );
        let state = transition(OrderState::Draft, event, cmd.actor)
            .map_err(|refusal| PlaceError::Store(Error::Corrupt(refusal.to_string())))?;

        let created_by = self.act.person.ok_or(Error::NotFound)?;
        self.insert(orders::Model {
            id: cmd.order.0,
            number: None,
            buyer_id: cmd.buyer.0,
            cooperative_id: cmd.cooperative.0,
            state: OrderState::Draft.as_str().to_owned(),
            created_by: created_by.0,
            created_at: self.now().0,
            submitted_at: Some(self.now().0),
            sent_at: None,
            goods_rupiah: goods.0,
            ppn_rupiah: ppn.0,
            freight_rupiah: freight.0,
            total_rupiah: total.0,
            freight_pending: lines.iter().any(|line| line.money.freight_pending),
            po_number: cmd.po_number.clone(),
            note: cmd.note.clone(),
            deliver_to: cmd.deliver_to.clone(),
            region_code: cmd.region_code.clone(),
            wanted_on: cmd.wanted_on.map(|day| day.0),
            is_pkp: cooperative.is_pkp,
            terms: serde_json::to_string(&terms).map_err(Error::from)?,
            content_hash: content_hash(cmd),
            answer_by: None,
            expires_at: None,
            version: 1,
        })
        .await?;
        for (position, line) in (1_i32..).zip(lines) {
            self.write_line(cmd.order, position, line, state, &terms)
                .await?;
        }
        carts::clear(self, cmd.buyer, cmd.cooperative).await?;
        self.submitted(cmd.order, event, state, &terms, &cooperative)
            .await?;
        // The last statement of the deed that issues the order.
        let code = cooperative.code.as_deref().unwrap_or("KOP");
        let number = self.draw_number(cmd.cooperative, "SO", code, zone).await?;
        self.exec(
            "UPDATE orders SET number = $2 WHERE id = $1",
            [cmd.order.0.into(), number.into()],
        )
        .await?;
        Ok(Placed {
            order: cmd.order,
            state,
        })
    }

    /// The order that this key placed already, if any.
    async fn placed_before(&self, cmd: &PlaceOrder) -> Result<Option<Placed>, PlaceError> {
        #[derive(FromQueryResult)]
        struct Before {
            buyer_id: Uuid,
            state: String,
            content_hash: String,
        }
        let before: Option<Before> = self
            .row(
                "SELECT buyer_id, state, content_hash FROM orders WHERE id = $1",
                [cmd.order.0.into()],
            )
            .await?;
        match before {
            None => Ok(None),
            Some(order)
                if order.buyer_id == cmd.buyer.0 && order.content_hash == content_hash(cmd) =>
            {
                let state = order
                    .state
                    .parse()
                    .map_err(|_| Error::Corrupt(order.state.clone()))?;
                Ok(Some(Placed {
                    order: cmd.order,
                    state,
                }))
            }
            Some(_) => Err(PlaceError::KeyUsed),
        }
    }

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
    ) -> Result<Vec<Line>, PlaceError> {
        let pool_terms = pool_terms(offers, self.now(), cooperative, to.wanted_on);
        let pool = self.locked_pool(&pool_terms).await?;
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

    /// The pool with its lots locked and their expired holds released.
    pub(crate) async fn locked_pool(
        &self,
        terms: &[supplies::PoolTerms],
    ) -> Result<Vec<supplies::Supply>, Error> {
        let pool = supplies::pools(self, terms).await?;
        let lots: Vec<_> = pool
            .iter()
            .flat_map(|supply| supply.lots.iter().map(|stock| stock.lot))
            .collect();
        self.lock_lots(&lots).await?;
        self.release_expired_on(&lots).await?;
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

    /// Moves a freshly placed or returned order on, with its event, deadlines and letters.
    pub(crate) async fn submitted(
        &self,
        order: OrderId,
        event: OrderEvent,
        state: OrderState,
        terms: &Terms,
        cooperative: &Party,
    ) -> Result<(), Error> {
        let event = self
            .event(Event {
                subject_kind: "order",
                subject_id: order.0,
                kind: event.as_str(),
                from_state: Some(OrderState::Draft.as_str()),
                to_state: Some(state.as_str()),
                ..Event::default()
            })
            .await?;
        if state == OrderState::PendingApproval {
            self.exec(
                "UPDATE orders SET state = $2, submitted_at = $3 WHERE id = $1",
                [order.0.into(), state.as_str().into(), self.now().0.into()],
            )
            .await?;
            let buyer = self.buyer_of(order).await?;
            self.letter_to_roles(
                "order_needs_approval",
                event,
                buyer,
                &["buyer_approver"],
                About::order(order),
            )
            .await?;
        } else {
            self.mark_sent(order, terms, cooperative.zone()).await?;
            self.letters_when_sent(order, event, OrganisationId(cooperative.id))
                .await?;
        }
        self.offers_of_order_changed(order).await
    }

    /// The order is with the cooperative: its deadlines start.
    pub(crate) async fn mark_sent(
        &self,
        order: OrderId,
        terms: &Terms,
        zone: domain::time::Zone,
    ) -> Result<(), Error> {
        let expires = domain::orders::deadline_working_days(
            self.now(),
            terms.order_timeout_working_days,
            zone,
            &[],
        );
        let answer_by = self.now().plus_hours(terms.share_answer_hours);
        self.exec(
            "UPDATE orders SET state = 'sent', submitted_at = $2, sent_at = $2, answer_by = $3, expires_at = $4 WHERE id = $1",
            [order.0.into(), self.now().0.into(), answer_by.0.into(), expires.0.into()],
        )
        .await?;
        self.exec(
            "UPDATE shares SET answer_by = $2 WHERE order_id = $1 AND state = 'proposed'",
            [order.0.into(), answer_by.0.into()],
        )
        .await?;
        Ok(())
    }

    pub(crate) async fn letters_when_sent(
        &self,
        order: OrderId,
        event: domain::ids::EventId,
        cooperative: OrganisationId,
    ) -> Result<(), Error> {
        self.letter_to_roles(
            "order_sent",
            event,
            cooperative,
            &["coop_manager"],
            About::order(order),
        )
        .await?;
        if let Some(person) = self.act.person {
            self.letter_if_reachable("order_placed", event, person, About::order(order))
                .await?;
        }
        self.letters_to_proposed(event, order).await
    }

    async fn buyer_of(&self, order: OrderId) -> Result<OrganisationId, Error> {
        #[derive(FromQueryResult)]
        struct Buyer {
            buyer_id: Uuid,
        }
        let row: Option<Buyer> = self
            .row(
                "SELECT buyer_id FROM orders WHERE id = $1",
                [order.0.into()],
            )
            .await?;
        row.map(|row| OrganisationId(row.buyer_id))
            .ok_or(Error::NotFound)
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

/// What a buyer saw of the lines, as a short text that comes back with the confirmation.
pub(crate) fn seen(lines: &[Line]) -> String {
    let mut parts: Vec<String> = lines
        .iter()
        .map(|line| {
            let LineTotals {
                goods,
                ppn,
                freight,
                ..
            } = line.money.totals;
            format!(
                "{}:{}:{}:{}:{}",
                line.offer.id, line.units.0, goods.0, ppn.0, freight.0
            )
        })
        .collect();
    parts.sort_unstable();
    crate::hex(&Sha256::digest(parts.join("|")))
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

fn content_hash(cmd: &PlaceOrder) -> String {
    let mut hash = Sha256::new();
    for part in [
        cmd.buyer.to_string(),
        cmd.cooperative.to_string(),
        cmd.po_number.clone(),
        cmd.note.clone(),
        cmd.deliver_to.clone(),
        cmd.region_code.clone(),
        cmd.wanted_on.map(|day| day.iso()).unwrap_or_default(),
        cmd.seen.clone(),
    ] {
        hash.update(part.len().to_be_bytes());
        hash.update(part.as_bytes());
    }
    crate::hex(&hash.finalize())
}
