//! Carts checked against what is true now: prices, what is left, freight, the earliest day. Both the cart and the page
//! before an order show this; all of a buyer's carts are read together.

use std::collections::HashMap;

use domain::carts::CartView;
use domain::ids::{OfferId, OrderId, OrganisationId};
use domain::money::Rupiah;
use domain::offers::{DeliveryBasis, FreightSum, Viewer, check_quantity, freight_sum};
use domain::pricing::{LineTotals, order_totals};
use domain::quantity::{Packs, Units};
use domain::settings::Terms;
use domain::time::{Day, Instant};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use super::{CartLine, Details, best_price, checkout};
use crate::error::Error;
use crate::offers::facts::{self, OfferFacts, Party};
use crate::orders::lines::{self, Destination, Line};
use crate::orders::{PlaceError, Short};
use crate::settings;
use crate::sql::Sql;
use crate::supplies;
use crate::write::Store;

/// A line of the cart as its page shows it.
#[derive(Clone, Debug)]
pub struct CheckLine {
    pub offer: OfferId,
    pub title: String,
    pub picture: String,
    pub unit: String,
    pub carton_name: Option<String>,
    pub packs_per_unit: i64,
    pub units: Units,
    pub packs: Packs,
    pub minimum_units: i64,
    pub multiple_units: i64,
    /// Per sale unit, of the best grade, at this quantity.
    pub price: Rupiah,
    /// What the price was when the buyer last saw it, where it is another one now.
    pub price_before: Option<Rupiah>,
    /// From how many units on a better price begins, and that price.
    pub next_tier: Option<(Units, Rupiah)>,
    pub goods: Rupiah,
    pub ppn: Rupiah,
    pub freight: Rupiah,
    /// The cooperative works the freight out; it counts 0 until then.
    pub freight_pending: bool,
    pub delivery_basis: DeliveryBasis,
    /// Set when fewer units are left than wanted.
    pub left: Option<Units>,
    /// The quantity no longer fits the minimum or multiple.
    pub misfit: bool,
}

/// Everything the "check your answers" page shows of one cooperative's cart.
#[derive(Clone, Debug)]
pub struct Check {
    pub cooperative: OrganisationId,
    pub cooperative_name: String,
    pub cooperative_region: String,
    pub is_pkp: bool,
    pub lines: Vec<CheckLine>,
    /// Offers that were in the cart and can't be ordered any more: their titles.
    pub gone: Vec<(OfferId, String)>,
    pub goods: Rupiah,
    pub ppn: Rupiah,
    pub freight: FreightSum,
    pub freight_pending: bool,
    pub total: Rupiah,
    /// The first day, in the cooperative's zone, on which every line can be delivered.
    pub earliest_on: Day,
    pub needs_approval: bool,
    pub buyer_verified: bool,
    /// How the buyer pays, where that is agreed: a word of [`domain::orders::PaymentTerm`].
    pub payment_term: Option<String>,
    /// The returned order that this cart changes, with its number.
    pub changes: Option<(OrderId, String)>,
    /// Comes back with the confirmation.
    pub seen: CartView,
    pub details: Details,
    /// Until when everything is set aside for this cart, if it is.
    pub held_until: Option<Instant>,
}

impl Check {
    /// Whether the buyer fetches everything, so that no address is asked for.
    #[must_use]
    pub fn is_fetched(&self) -> bool {
        let is_loco = |line: &CheckLine| line.delivery_basis == DeliveryBasis::Loco;
        !self.lines.is_empty() && self.lines.iter().all(is_loco)
    }

    /// Whether the buyer fetches some of it.
    #[must_use]
    pub fn is_partly_fetched(&self) -> bool {
        let is_loco = |line: &CheckLine| line.delivery_basis == DeliveryBasis::Loco;
        self.lines.iter().any(is_loco)
    }

    /// Whether nothing stands in the way of an order.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        let is_whole = |line: &CheckLine| line.left.is_none() && !line.misfit;
        !self.lines.is_empty() && self.gone.is_empty() && self.lines.iter().all(is_whole)
    }
}

#[derive(FromQueryResult)]
struct CartRow {
    id: Uuid,
    cooperative_id: Uuid,
    po_number: String,
    note: String,
    deliver_to: String,
    region_code: String,
    wanted_on: Option<i32>,
    changes: Option<Uuid>,
    changes_number: Option<String>,
}

#[derive(FromQueryResult)]
struct WantedRow {
    cart_id: Uuid,
    offer_id: Uuid,
    units: i64,
    seen_price_rupiah: i64,
    seen_units: i64,
}

/// What the check of one cart needs, out of what was read for all of them.
struct Ground<'a> {
    now: Instant,
    buyer: &'a Party,
    cooperative: &'a Party,
    terms: &'a Terms,
    offers: Vec<OfferFacts>,
    gone: Vec<(OfferId, String)>,
    pool: Vec<supplies::Supply>,
    served: HashMap<OrganisationId, domain::allocation::Served>,
    held_until: Option<Instant>,
}

impl Store {
    /// All of a buyer's carts that hold something, checked against what is true now; as many queries for one as for
    /// many.
    ///
    /// # Errors
    /// When the database fails or a sum overflows.
    pub async fn carts(
        &self,
        viewer: &Viewer,
        buyer: OrganisationId,
        now: Instant,
    ) -> Result<Vec<Check>, PlaceError> {
        self.checks(viewer, buyer, None, now).await
    }

    /// The cart with one cooperative, checked against what is true now; `None` when it is empty.
    ///
    /// # Errors
    /// When the database fails or a sum overflows.
    pub async fn check_cart(
        &self,
        viewer: &Viewer,
        buyer: OrganisationId,
        cooperative: OrganisationId,
        now: Instant,
    ) -> Result<Option<Check>, PlaceError> {
        let checks = self.checks(viewer, buyer, Some(cooperative), now).await?;
        Ok(checks.into_iter().next())
    }

    async fn checks(
        &self,
        viewer: &Viewer,
        buyer: OrganisationId,
        only: Option<OrganisationId>,
        now: Instant,
    ) -> Result<Vec<Check>, PlaceError> {
        let mut values: Vec<Value> = vec![buyer.0.into()];
        values.extend(only.map(|cooperative| Value::from(cooperative.0)));
        let which = if only.is_some() {
            "c.buyer_id = $1 AND c.cooperative_id = $2"
        } else {
            "c.buyer_id = $1"
        };
        let carts: Vec<CartRow> = self
            .rows(
                format!(
                    "SELECT c.id, c.cooperative_id, c.po_number, c.note, c.deliver_to, c.region_code, c.wanted_on, \
                     x.order_id AS changes, o.number AS changes_number FROM carts c \
                     LEFT JOIN order_changes x ON x.cart_id = c.id LEFT JOIN orders o ON o.id = x.order_id \
                     WHERE {which} AND EXISTS (SELECT 1 FROM cart_lines l WHERE l.cart_id = c.id) \
                     ORDER BY c.updated_at, c.id"
                ),
                values.clone(),
            )
            .await?;
        if carts.is_empty() {
            return Ok(Vec::new());
        }
        let wanted: Vec<WantedRow> = self
            .rows(
                format!(
                    "SELECT l.cart_id, l.offer_id, l.units, l.seen_price_rupiah, l.seen_units FROM cart_lines l \
                     JOIN carts c ON c.id = l.cart_id WHERE {which} ORDER BY l.added_at, l.offer_id"
                ),
                values,
            )
            .await?;
        let cooperatives: Vec<OrganisationId> = carts
            .iter()
            .map(|cart| OrganisationId(cart.cooperative_id))
            .collect();
        let parties = facts::parties(self, &cooperatives, "cooperative").await?;
        let buyer = facts::party(self, buyer, "buyer").await?;
        let days: Vec<(OrganisationId, Day)> = parties
            .iter()
            .map(|party| (OrganisationId(party.id), party.zone().day_of(now)))
            .collect();
        let terms = settings::terms_of(self, &days).await?;
        let ids: Vec<OfferId> = wanted.iter().map(|line| OfferId(line.offer_id)).collect();
        let offers = facts::orderable(self, viewer, now, &ids).await?;
        let missing: Vec<OfferId> = ids
            .iter()
            .copied()
            .filter(|id| !offers.iter().any(|offer| offer.id == id.0))
            .collect();
        let missing = facts::by_ids(self, &missing).await?;
        let mut pool_terms = Vec::with_capacity(offers.len());
        for (cart, party) in carts.iter().filter_map(|cart| {
            let party = parties.iter().find(|party| party.id == cart.cooperative_id);
            Some((cart, party?))
        }) {
            let mine = offers
                .iter()
                .filter(|offer| offer.cooperative_id == party.id);
            pool_terms.extend(mine.map(|offer| {
                offer.pool_terms(offer.delivery(now, party.zone(), cart.wanted_on.map(Day)))
            }));
        }
        let aside = checkout::aside(self, OrganisationId(buyer.id)).await?;
        let mut own = supplies::Aside::new();
        for held in &aside {
            *own.entry((held.cooperative_id, held.lot_id)).or_default() += held.packs;
        }
        let pool = supplies::pools_with(self, &pool_terms, &own).await?;
        let mut served = supplies::served_by(self, &cooperatives, now).await?;

        let mut checks = Vec::with_capacity(carts.len());
        for cart in carts {
            let cooperative = OrganisationId(cart.cooperative_id);
            let party = parties.iter().find(|party| party.id == cart.cooperative_id);
            let (Some(party), Some(terms)) = (party, terms.get(&cooperative)) else {
                return Err(Error::NotFound.into());
            };
            let lines: Vec<CartLine> = wanted
                .iter()
                .filter(|line| line.cart_id == cart.id)
                .map(|line| CartLine {
                    offer: OfferId(line.offer_id),
                    units: Units(line.units),
                    seen_price: Rupiah(line.seen_price_rupiah),
                    seen_units: Units(line.seen_units),
                })
                .collect();
            let has = |id: Uuid| lines.iter().any(|line| line.offer.0 == id);
            let offers: Vec<OfferFacts> = offers
                .iter()
                .filter(|offer| has(offer.id))
                .cloned()
                .collect();
            let ground = Ground {
                now,
                buyer: &buyer,
                cooperative: party,
                terms,
                pool: pool
                    .iter()
                    .filter(|supply| has(supply.offer.0))
                    .cloned()
                    .collect(),
                offers,
                gone: missing
                    .iter()
                    .filter(|offer| has(offer.id))
                    .map(|offer| (OfferId(offer.id), offer.title.clone()))
                    .collect(),
                held_until: aside
                    .iter()
                    .filter(|held| held.cart_id == cart.id)
                    .filter_map(|held| held.expires_at.map(Instant))
                    .min()
                    .filter(|until| *until > now),
                served: served.remove(&cooperative).unwrap_or_default(),
            };
            checks.push(check(cart, &lines, ground)?);
        }
        Ok(checks)
    }
}

fn check(cart: CartRow, wanted: &[CartLine], ground: Ground<'_>) -> Result<Check, PlaceError> {
    let Ground {
        now,
        buyer,
        cooperative,
        terms,
        offers,
        gone,
        pool,
        served,
        held_until,
    } = ground;
    let details = Details {
        po_number: cart.po_number,
        note: cart.note,
        deliver_to: cart.deliver_to,
        region_code: if cart.region_code.is_empty() {
            buyer.region_code.clone()
        } else {
            cart.region_code
        },
        wanted_on: cart.wanted_on.map(Day),
    };
    let to = Destination {
        terms,
        region_code: &details.region_code,
        wanted_on: details.wanted_on,
    };
    let present: Vec<CartLine> = wanted
        .iter()
        .copied()
        .filter(|line| offers.iter().any(|offer| offer.id == line.offer.0))
        .collect();
    let (priced, short) = lines::apportion(
        cooperative,
        &offers,
        &present,
        &to,
        pool,
        &served,
        Uuid::nil,
    )?;
    let changes = cart
        .changes
        .map(|order| (OrderId(order), cart.changes_number.unwrap_or_default()));
    let seen = lines::seen(&priced, &short)?;
    let views: Vec<CheckLine> = present
        .iter()
        .zip(&priced)
        .map(|(line, priced)| view(line, priced, &short))
        .collect();
    let LineTotals {
        goods,
        ppn,
        freight,
        total,
    } = order_totals(priced.iter().map(|line| &line.money.totals))?;
    let freight_pending = views.iter().any(|line| line.freight_pending);
    Ok(Check {
        cooperative: OrganisationId(cooperative.id),
        cooperative_name: cooperative.name.clone(),
        cooperative_region: cooperative.region_code.clone(),
        is_pkp: cooperative.is_pkp,
        freight: freight_sum(
            priced.iter().map(|line| line.offer.basis()),
            freight_pending,
            freight,
        ),
        freight_pending,
        lines: views,
        gone,
        goods,
        ppn,
        total,
        earliest_on: facts::earliest(&offers, now, cooperative.zone()),
        needs_approval: domain::orders::needs_approval(total, buyer.staff_limit_rupiah.map(Rupiah)),
        buyer_verified: buyer.is_verified(),
        payment_term: buyer.payment_term.clone(),
        changes,
        seen,
        details,
        held_until,
    })
}

fn view(line: &CartLine, priced: &Line, short: &[Short]) -> CheckLine {
    let offer = &priced.offer;
    let price = best_price(offer, line.units).unwrap_or_default();
    // A tier that the buyer chose by its quantity is no change; another price for the same quantity is.
    let has_changed = best_price(offer, line.seen_units) != Some(line.seen_price);
    CheckLine {
        offer: line.offer,
        title: offer.title.clone(),
        picture: offer.picture.clone(),
        unit: offer.unit.clone(),
        carton_name: offer.carton_name.clone(),
        packs_per_unit: offer.packs_per_unit,
        units: line.units,
        packs: line.units.packs(offer.packs_per_unit).unwrap_or_default(),
        minimum_units: offer.minimum_units,
        multiple_units: offer.multiple_units,
        price,
        price_before: (has_changed && line.seen_price != price).then_some(line.seen_price),
        next_tier: offer.next_tier(line.units),
        goods: priced.money.totals.goods,
        ppn: priced.money.totals.ppn,
        freight: priced.money.totals.freight,
        freight_pending: priced.money.freight_pending,
        delivery_basis: offer.basis(),
        left: short.iter().find(|s| s.offer == line.offer).map(|s| s.left),
        misfit: check_quantity(
            line.units,
            Units(offer.minimum_units),
            Units(offer.multiple_units),
            Units(i64::MAX),
        )
        .is_err(),
    }
}
