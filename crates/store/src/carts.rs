//! A buyer's carts: one for each cooperative, since each order goes to one. A cart promises nothing; the check page
//! runs the sharing rule over what is free now, so that its figures are the ones the order would get.

use domain::ids::{OfferId, OrganisationId};
use domain::money::Rupiah;
use domain::offers::{QuantityProblem, Viewer, check_quantity};
use domain::pricing::{LineTotals, order_totals};
use domain::quantity::{Packs, Units};
use domain::time::{Day, Instant};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::act::Act;
use crate::error::Error;
use crate::offers::facts::{self, OfferFacts};
use crate::orders::place::{self, Destination, PlaceError, Short};
use crate::sql::Sql;
use crate::supplies;
use crate::write::{Store, Tx, rerun_by_store};

/// Lines in one cart.
const LINES_MAX: i64 = 50;

/// One wanted offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CartLine {
    pub offer: OfferId,
    pub units: Units,
    /// Price per sale unit when it was put in or last shown.
    pub seen_price: Rupiah,
}

#[derive(FromQueryResult)]
struct LineRow {
    offer_id: Uuid,
    units: i64,
    seen_price_rupiah: i64,
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
    pub goods: Rupiah,
    pub ppn: Rupiah,
    pub freight: Rupiah,
    /// The cooperative works the freight out; it counts 0 until then.
    pub freight_pending: bool,
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
    pub freight: Rupiah,
    pub freight_pending: bool,
    pub total: Rupiah,
    pub needs_approval: bool,
    pub buyer_verified: bool,
    /// Comes back with the confirmation.
    pub seen: String,
    pub details: Details,
}

/// What the buyer writes beside the goods.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details {
    pub po_number: String,
    pub note: String,
    pub deliver_to: String,
    pub region_code: String,
    pub wanted_on: Option<Day>,
}

#[derive(FromQueryResult)]
struct CartRow {
    id: Uuid,
    po_number: String,
    note: String,
    deliver_to: String,
    region_code: String,
    wanted_on: Option<i32>,
}

async fn cart(
    sql: &impl Sql,
    buyer: OrganisationId,
    cooperative: OrganisationId,
) -> Result<Option<CartRow>, Error> {
    sql.row(
        "SELECT id, po_number, note, deliver_to, region_code, wanted_on FROM carts \
         WHERE buyer_id = $1 AND cooperative_id = $2",
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
            "SELECT l.offer_id, l.units, l.seen_price_rupiah FROM cart_lines l JOIN carts c ON c.id = l.cart_id \
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
        })
        .collect())
}

/// Locks a cart until the deed ends; on SQLite the write transaction has locked everything already.
pub(crate) async fn lock(
    tx: &Tx,
    buyer: OrganisationId,
    cooperative: OrganisationId,
) -> Result<(), Error> {
    #[derive(FromQueryResult)]
    struct Locked {
        #[expect(dead_code, reason = "only the lock is wanted")]
        id: Uuid,
    }
    let _: Option<Locked> = tx
        .row(
            format!(
                "SELECT id FROM carts WHERE buyer_id = $1 AND cooperative_id = $2{}",
                tx.for_update()
            ),
            [buyer.0.into(), cooperative.0.into()],
        )
        .await?;
    Ok(())
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
            let left = available(tx, facts, tx.now()).await?;
            check_quantity(units, Units(facts.minimum_units), Units(facts.multiple_units), left)?;
            let price = best_price(facts, units).ok_or(CartError::Gone)?;
            let cart = tx.cart_id(buyer, OrganisationId(facts.cooperative_id)).await?;
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

    /// Takes an offer out of the buyer's carts. Taking out what is not there changes nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_from_cart(
        &self,
        act: &Act,
        buyer: OrganisationId,
        offer: OfferId,
    ) -> Result<(), Error> {
        self.write(act, async |tx| -> Result<(), Error> {
            tx.exec(
                "DELETE FROM cart_lines WHERE offer_id = $2 AND cart_id IN (SELECT id FROM carts WHERE buyer_id = $1)",
                [buyer.0.into(), offer.0.into()],
            )
            .await?;
            Ok(())
        })
        .await
    }

    /// Keeps what the buyer wrote beside the goods.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_cart_details(
        &self,
        act: &Act,
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
            Ok(())
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

    /// All of a buyer's carts that hold something, checked against what is true now.
    ///
    /// # Errors
    /// When the database fails or a sum overflows.
    pub async fn carts(
        &self,
        viewer: &Viewer,
        buyer: OrganisationId,
        now: Instant,
    ) -> Result<Vec<Check>, PlaceError> {
        #[derive(FromQueryResult)]
        struct Row {
            cooperative_id: Uuid,
        }
        let rows: Vec<Row> = self
            .rows(
                "SELECT c.cooperative_id FROM carts c WHERE c.buyer_id = $1 AND EXISTS \
                 (SELECT 1 FROM cart_lines l WHERE l.cart_id = c.id) ORDER BY c.updated_at, c.id",
                [buyer.0.into()],
            )
            .await?;
        let mut checks = Vec::with_capacity(rows.len());
        // One cooperative at a time: a buyer orders from a handful, and each has its own terms and pool.
        for row in rows {
            if let Some(check) = self
                .check_cart(viewer, buyer, OrganisationId(row.cooperative_id), now)
                .await?
            {
                checks.push(check);
            }
        }
        Ok(checks)
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
        let wanted = lines(self, buyer, cooperative).await?;
        let Some(cart) = cart(self, buyer, cooperative).await? else {
            return Ok(None);
        };
        if wanted.is_empty() {
            return Ok(None);
        }
        let party = facts::party(self, cooperative, "cooperative").await?;
        let buyer_party = facts::party(self, buyer, "buyer").await?;
        let terms = crate::settings::terms(self, cooperative, party.zone().day_of(now)).await?;
        let ids: Vec<OfferId> = wanted.iter().map(|line| line.offer).collect();
        let offers = facts::orderable(self, viewer, now, &ids).await?;
        let gone_ids: Vec<OfferId> = ids
            .iter()
            .copied()
            .filter(|id| !offers.iter().any(|offer| offer.id == id.0))
            .collect();
        let gone = facts::by_ids(self, &gone_ids)
            .await?
            .into_iter()
            .map(|offer| (OfferId(offer.id), offer.title))
            .collect();
        let details = Details {
            po_number: cart.po_number,
            note: cart.note,
            deliver_to: cart.deliver_to,
            region_code: if cart.region_code.is_empty() {
                buyer_party.region_code.clone()
            } else {
                cart.region_code
            },
            wanted_on: cart.wanted_on.map(Day),
        };
        let to = Destination {
            terms: &terms,
            region_code: &details.region_code,
            wanted_on: details.wanted_on,
        };
        let pool = supplies::pools(
            self,
            &place::pool_terms(&offers, now, &party, details.wanted_on),
        )
        .await?;
        let served = supplies::served(self, cooperative, now).await?;
        let present: Vec<CartLine> = wanted
            .iter()
            .copied()
            .filter(|line| offers.iter().any(|offer| offer.id == line.offer.0))
            .collect();
        let (priced, short) =
            place::apportion(&party, &offers, &present, &to, pool, &served, Uuid::nil)?;
        let seen = place::seen(&priced);
        let views = present
            .iter()
            .zip(&priced)
            .map(|(line, priced)| view(line, priced, &short))
            .collect::<Vec<_>>();
        let LineTotals {
            goods,
            ppn,
            freight,
            total,
        } = order_totals(priced.iter().map(|line| &line.money.totals))?;
        Ok(Some(Check {
            cooperative,
            cooperative_name: party.name.clone(),
            cooperative_region: party.region_code.clone(),
            is_pkp: party.is_pkp,
            freight_pending: views.iter().any(|line| line.freight_pending),
            lines: views,
            gone,
            goods,
            ppn,
            freight,
            total,
            needs_approval: domain::orders::needs_approval(
                total,
                buyer_party.staff_limit_rupiah.map(Rupiah),
            ),
            buyer_verified: buyer_party.is_verified(),
            seen,
            details,
        }))
    }
}

impl Tx {
    async fn cart_id(
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

fn view(line: &CartLine, priced: &place::Line, short: &[Short]) -> CheckLine {
    let offer = &priced.offer;
    let price = best_price(offer, line.units).unwrap_or_default();
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
        price_before: (line.seen_price != price).then_some(line.seen_price),
        goods: priced.money.totals.goods,
        ppn: priced.money.totals.ppn,
        freight: priced.money.totals.freight,
        freight_pending: priced.money.freight_pending,
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

fn best_price(offer: &OfferFacts, units: Units) -> Option<Rupiah> {
    let grade = offer.grades().into_iter().next()?;
    offer.price_at(&grade, units).map(|price| price.buyer_price)
}
