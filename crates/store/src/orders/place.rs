//! Placing an order: the cart becomes an order, the sharing rule runs, and the stock is held, all in one deed.
//!
//! The page that asks "check your answers" draws the order's id; sending it twice gives the same order once. What the
//! buyer saw (units and prices) comes back with the form: where it differs from what holds now, nothing is placed and the
//! buyer sees old and new.

use domain::carts::{CartView, Change, changed_since};
use domain::ids::{OfferId, OrderId, OrganisationId};
use domain::money::{Overflow, Rupiah};
use domain::offers::{DeliveryBasis, Viewer};
use domain::orders::{Actor, OrderState, placing_event, transition};
use domain::pricing::{LineTotals, order_totals};
use domain::quantity::Units;
use domain::time::Day;
use sea_orm::FromQueryResult;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::lines::{self, Destination};
use crate::act::Act;
use crate::carts;
use crate::entities::orders;
use crate::error::Error;
use crate::figures::Placing;
use crate::offers::facts;
use crate::sql::Sql;
use crate::stock::StockError;
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
    /// The returned order that this one takes the place of, as the page showed it.
    pub changes: Option<OrderId>,
    /// What the page showed, from [`crate::carts::Check::seen`]. Only compared: prices come from the offers.
    pub seen: CartView,
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
    /// Prices or quantities are not what the buyer saw; each with old and new, as far as one figure tells it.
    #[error("prices or quantities changed")]
    Changed(Vec<Change>),
    /// The goods are wanted before the first day on which they can be there.
    #[error("nothing can be delivered before {0:?}")]
    TooEarly(Day),
    /// Goods that are brought need an address.
    #[error("there is no address")]
    NoAddress,
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

impl Store {
    /// Places the order: checks, shares out, holds stock, writes everything and queues the letters.
    ///
    /// # Errors
    /// [`PlaceError`]; nothing is written then.
    pub async fn place_order(&self, act: &Act, cmd: &PlaceOrder) -> Result<Placed, PlaceError> {
        let placing = Placing::default();
        let placed = self
            .write(act, async |tx| {
                placing.begin();
                tx.place(cmd, &placing).await
            })
            .await;
        match &placed {
            Ok(_) if placing.packs() > 0 => {
                self.figures.orders_placed.add(1);
                self.figures.packs_allocated.add(placing.packs());
            }
            Err(PlaceError::SoldOut(_)) => self.figures.stock_refusals.add(1),
            _ => {}
        }
        match placed {
            // Two copies of one confirm raced on the key: the other one placed it.
            Err(PlaceError::Store(error)) if error.is_unique_violation() => {
                self.write(act, async |tx| {
                    tx.placed_before(cmd)
                        .await?
                        .ok_or_else(|| PlaceError::Changed(Vec::new()))
                })
                .await
            }
            other => other,
        }
    }
}

impl Tx {
    async fn place(&self, cmd: &PlaceOrder, placing: &Placing) -> Result<Placed, PlaceError> {
        // Copies of one confirm wait for each other here, so that the later ones find the order and not its gap in stock.
        let cart = carts::lock(self, cmd.buyer, cmd.cooperative).await?;
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
        let are_fetched = |offer: &facts::OfferFacts| offer.basis() == DeliveryBasis::Loco;
        if cmd.deliver_to.trim().is_empty() && !offers.iter().all(are_fetched) {
            return Err(PlaceError::NoAddress);
        }
        lines::in_time(&offers, cmd.wanted_on, self.now(), zone)?;
        let changes = self.changed_by_cart(cmd.buyer, cmd.cooperative).await?;
        let to = Destination {
            terms: &terms,
            region_code: &cmd.region_code,
            wanted_on: cmd.wanted_on,
        };
        let lines = self
            .share_out(
                &cooperative,
                &offers,
                &wanted,
                &to,
                cart.map(|cart| cart.id),
            )
            .await?;
        let changed = changed_since(&cmd.seen, &lines::seen(&lines, &[])?);
        if !changed.is_empty() || changes != cmd.changes {
            return Err(PlaceError::Changed(changed));
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
            payment_term: buyer.payment_term.clone(),
            content_hash: content_hash(cmd)?,
            answer_by: None,
            expires_at: None,
            version: 1,
        })
        .await?;
        for (position, line) in (1_i32..).zip(lines) {
            for given in line.shared.given() {
                placing.shared_out(given.packs.0);
            }
            self.write_line(cmd.order, position, line, state, &terms)
                .await?;
        }
        if let Some(old) = changes {
            self.replace(cmd.buyer, cmd.actor, old, cmd.order).await?;
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
                if order.buyer_id == cmd.buyer.0 && order.content_hash == content_hash(cmd)? =>
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
}

fn content_hash(cmd: &PlaceOrder) -> Result<String, Error> {
    let mut hash = Sha256::new();
    for part in [
        cmd.buyer.to_string(),
        cmd.cooperative.to_string(),
        cmd.po_number.clone(),
        cmd.note.clone(),
        cmd.deliver_to.clone(),
        cmd.region_code.clone(),
        cmd.wanted_on.map(|day| day.iso()).unwrap_or_default(),
        cmd.changes
            .map(|order| order.to_string())
            .unwrap_or_default(),
        serde_json::to_string(&cmd.seen)?,
    ] {
        hash.update(part.len().to_be_bytes());
        hash.update(part.as_bytes());
    }
    Ok(crate::hex(&hash.finalize()))
}
