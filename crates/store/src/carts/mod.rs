//! A buyer's carts: one for each cooperative, since each order goes to one. A cart promises nothing; the [`check`]
//! runs the sharing rule over what is free now, so that its figures are the ones the order would get.

use domain::ids::{OfferId, OrganisationId};
use domain::money::Rupiah;
use domain::offers::{QuantityProblem, Viewer, check_quantity};
use domain::quantity::Units;
use domain::time::{Day, Instant};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::act::Act;
use crate::error::Error;
use crate::offers::facts::{self, OfferFacts};
use crate::sql::Sql;
use crate::supplies;
use crate::write::{Store, Tx, rerun_by_store};

mod check;
mod checkout;
mod quantities;

pub use check::{Check, CheckLine};
pub use quantities::{QuantitiesError, Wanted};

/// Lines in one cart.
const LINES_MAX: i64 = 50;

/// One wanted offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CartLine {
    pub offer: OfferId,
    pub units: Units,
    /// Price per sale unit when it was put in or last shown, for `seen_units`.
    pub seen_price: Rupiah,
    pub seen_units: Units,
}

#[derive(FromQueryResult)]
struct LineRow {
    offer_id: Uuid,
    units: i64,
    seen_price_rupiah: i64,
    seen_units: i64,
}

/// Why a cart does not take a line.
#[derive(Debug, thiserror::Error)]
pub enum CartError {
    #[error("the offer is not to be had")]
    Gone,
    #[error(transparent)]
    Quantity(#[from] QuantityProblem),
    #[error("the cart is full")]
    Full,
    #[error(transparent)]
    Store(#[from] Error),
}
rerun_by_store!(CartError);

/// What the buyer writes beside the goods.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details {
    pub po_number: String,
    pub note: String,
    pub deliver_to: String,
    pub region_code: String,
    pub wanted_on: Option<Day>,
}

/// A cart's row.
#[derive(FromQueryResult)]
pub(crate) struct CartRow {
    pub id: Uuid,
    wanted_on: Option<i32>,
}

impl CartRow {
    fn wanted_on(&self) -> Option<Day> {
        self.wanted_on.map(Day)
    }
}

async fn cart(
    sql: &impl Sql,
    buyer: OrganisationId,
    cooperative: OrganisationId,
) -> Result<Option<CartRow>, Error> {
    sql.row(
        "SELECT id, wanted_on FROM carts WHERE buyer_id = $1 AND cooperative_id = $2",
        [buyer.0.into(), cooperative.0.into()],
    )
    .await
}

/// The lines of a cart, oldest first.
pub(crate) async fn lines(
    sql: &impl Sql,
    buyer: OrganisationId,
    cooperative: OrganisationId,
) -> Result<Vec<CartLine>, Error> {
    let rows: Vec<LineRow> = sql
        .rows(
            "SELECT l.offer_id, l.units, l.seen_price_rupiah, l.seen_units FROM cart_lines l JOIN carts c ON c.id = l.cart_id \
             WHERE c.buyer_id = $1 AND c.cooperative_id = $2 ORDER BY l.added_at, l.offer_id",
            [buyer.0.into(), cooperative.0.into()],
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| CartLine {
            offer: OfferId(row.offer_id),
            units: Units(row.units),
            seen_price: Rupiah(row.seen_price_rupiah),
            seen_units: Units(row.seen_units),
        })
        .collect())
}

/// Locks a cart until the deed ends, if there is one; on SQLite the write transaction has locked everything already.
pub(crate) async fn lock(
    tx: &Tx,
    buyer: OrganisationId,
    cooperative: OrganisationId,
) -> Result<Option<CartRow>, Error> {
    tx.row(
        format!(
            "SELECT id, wanted_on FROM carts WHERE buyer_id = $1 AND cooperative_id = $2{}",
            tx.for_update()
        ),
        [buyer.0.into(), cooperative.0.into()],
    )
    .await
}

/// Empties a cart; its details stay for the next order.
pub(crate) async fn clear(
    tx: &Tx,
    buyer: OrganisationId,
    cooperative: OrganisationId,
) -> Result<(), Error> {
    tx.exec(
        "DELETE FROM cart_lines WHERE cart_id IN (SELECT id FROM carts WHERE buyer_id = $1 AND cooperative_id = $2)",
        [buyer.0.into(), cooperative.0.into()],
    )
    .await?;
    tx.exec(
        "UPDATE carts SET po_number = '', note = '', wanted_on = NULL WHERE buyer_id = $1 AND cooperative_id = $2",
        [buyer.0.into(), cooperative.0.into()],
    )
    .await?;
    Ok(())
}

impl Store {
    /// Puts `units` of an offer into the buyer's cart with its cooperative, in place of what was there.
    ///
    /// # Errors
    /// [`CartError`] when the offer can't be ordered or the quantity does not fit.
    pub async fn put_in_cart(
        &self,
        act: &Act,
        viewer: &Viewer,
        buyer: OrganisationId,
        offer: OfferId,
        units: Units,
    ) -> Result<(), CartError> {
        self.write(act, async |tx| -> Result<(), CartError> {
            let offers = facts::orderable(tx, viewer, tx.now(), &[offer]).await?;
            let facts = offers.first().ok_or(CartError::Gone)?;
            let cart = tx.cart_id(buyer, OrganisationId(facts.cooperative_id)).await?;
            tx.let_cart_go(cart).await?;
            let left = available(tx, facts, tx.now()).await?;
            check_quantity(units, Units(facts.minimum_units), Units(facts.multiple_units), left)?;
            let price = best_price(facts, units).ok_or(CartError::Gone)?;
            let lines = tx
                .number(
                    "SELECT COUNT(*) FROM cart_lines WHERE cart_id = $1 AND offer_id <> $2",
                    [cart.into(), offer.0.into()],
                )
                .await?;
            if lines >= LINES_MAX {
                return Err(CartError::Full);
            }
            tx.exec(
                "INSERT INTO cart_lines (cart_id, offer_id, units, seen_price_rupiah, seen_units, added_at) \
                 VALUES ($1, $2, $3, $4, $3, $5) ON CONFLICT (cart_id, offer_id) DO UPDATE SET \
                 units = excluded.units, seen_price_rupiah = excluded.seen_price_rupiah, seen_units = excluded.seen_units",
                [cart.into(), offer.0.into(), units.0.into(), price.0.into(), tx.now().0.into()],
            )
            .await?;
            Ok(())
        })
        .await
    }

    /// Keeps what the buyer wrote beside the goods, and sets the goods aside while the order is checked.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_cart_details(
        &self,
        act: &Act,
        viewer: &Viewer,
        buyer: OrganisationId,
        cooperative: OrganisationId,
        details: &Details,
    ) -> Result<(), Error> {
        self.write(act, async |tx| -> Result<(), Error> {
            let cart = tx.cart_id(buyer, cooperative).await?;
            tx.exec(
                "UPDATE carts SET po_number = $2, note = $3, deliver_to = $4, region_code = $5, wanted_on = $6, \
                 updated_at = $7 WHERE id = $1",
                [
                    cart.into(),
                    details.po_number.as_str().into(),
                    details.note.as_str().into(),
                    details.deliver_to.as_str().into(),
                    details.region_code.as_str().into(),
                    details.wanted_on.map(|day| day.0).into(),
                    tx.now().0.into(),
                ],
            )
            .await?;
            tx.hold_cart(viewer, buyer, cooperative).await
        })
        .await
    }

    /// How many lines lie in the buyer's carts.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn cart_count(&self, buyer: OrganisationId) -> Result<i64, Error> {
        self.number(
            "SELECT COUNT(*) FROM cart_lines l JOIN carts c ON c.id = l.cart_id WHERE c.buyer_id = $1",
            [buyer.0.into()],
        )
        .await
    }
}

impl Tx {
    /// The buyer's cart with a cooperative, made where there is none.
    pub(crate) async fn cart_id(
        &self,
        buyer: OrganisationId,
        cooperative: OrganisationId,
    ) -> Result<Uuid, Error> {
        if let Some(cart) = cart(self, buyer, cooperative).await? {
            return Ok(cart.id);
        }
        // The buyer's last cart lends its address to the new one.
        self.exec(
            "INSERT INTO carts (id, buyer_id, cooperative_id, po_number, note, deliver_to, region_code, wanted_on, \
             updated_at) SELECT $1, $2, $3, '', '', COALESCE((SELECT deliver_to FROM carts WHERE buyer_id = $2 \
             AND deliver_to <> '' ORDER BY updated_at DESC LIMIT 1), o.address, ''), o.region_code, NULL, $4 \
             FROM organisations o WHERE o.id = $2 ON CONFLICT (buyer_id, cooperative_id) DO NOTHING",
            [self.new_id().into(), buyer.0.into(), cooperative.0.into(), self.now().0.into()],
        )
        .await?;
        cart(self, buyer, cooperative)
            .await?
            .map(|cart| cart.id)
            .ok_or(Error::NotFound)
    }
}

/// Units that the pool of an offer can still give, under its own rule.
pub(crate) async fn available(
    sql: &impl Sql,
    offer: &OfferFacts,
    now: Instant,
) -> Result<Units, Error> {
    let cooperative =
        facts::party(sql, OrganisationId(offer.cooperative_id), "cooperative").await?;
    let terms = offer.pool_terms(offer.delivery(now, cooperative.zone(), None));
    let pool = supplies::pools(sql, &[terms]).await?;
    Ok(supplies::pooled(&pool, offer))
}

/// The price per sale unit of the best grade at a quantity.
pub(crate) fn best_price(offer: &OfferFacts, units: Units) -> Option<Rupiah> {
    let grade = offer.grades().into_iter().next()?;
    offer.price_at(&grade, units).map(|price| price.buyer_price)
}
