//! Goods set aside for a cart while its buyer checks the order: for some minutes, and only when everything in the cart
//! can be had. Sending the address asks for it; drawing a page never does.
//!
//! The cart's own holds count as free for itself. They end when the order is placed, the cart changes, or their time is
//! up.

use domain::ids::{LotId, OrganisationId};
use domain::offers::Viewer;
use domain::quantity::Packs;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::{lines, lock};
use crate::error::Error;
use crate::offers::facts;
use crate::orders::PlaceError;
use crate::orders::lines::{Destination, apportion, pool_terms};
use crate::settings;
use crate::sql::Sql;
use crate::stock::StockError;
use crate::supplies;
use crate::write::Tx;

impl Tx {
    /// Sets everything in a cart aside, in place of what was before. Where not all of it can be had, nothing is: the
    /// page that follows says why.
    pub(super) async fn hold_cart(
        &self,
        viewer: &Viewer,
        buyer: OrganisationId,
        cooperative: OrganisationId,
    ) -> Result<(), Error> {
        let Some(cart) = lock(self, buyer, cooperative).await? else {
            return Ok(());
        };
        let wanted = lines(self, buyer, cooperative).await?;
        let offers = match self.checked_offers(viewer, cooperative, &wanted).await {
            Ok(offers) => offers,
            Err(PlaceError::Store(error)) => return Err(error),
            Err(_) => return self.let_cart_go(cart.id).await,
        };
        let party = facts::party(self, cooperative, "cooperative").await?;
        let terms = settings::terms(self, cooperative, party.zone().day_of(self.now())).await?;
        let wanted_on = cart.wanted_on();
        let pool = self
            .locked_pool(
                &pool_terms(&offers, self.now(), &party, wanted_on),
                Some(cart.id),
            )
            .await?;
        let served = supplies::served(self, cooperative, self.now()).await?;
        let to = Destination {
            terms: &terms,
            region_code: "",
            wanted_on,
        };
        let shared = apportion(&party, &offers, &wanted, &to, pool, &served, Uuid::nil);
        let (shared, short) = match shared {
            Ok(shared) => shared,
            Err(PlaceError::Store(error)) => return Err(error),
            Err(_) => return Ok(()),
        };
        if !short.is_empty() {
            return Ok(());
        }
        let picks: Vec<(LotId, Packs)> =
            shared.iter().flat_map(|line| line.shared.picks()).collect();
        let until = terms.checkout_held_until(self.now());
        match self.hold_for_cart(cart.id, &picks, until).await {
            Ok(()) => {}
            Err(StockError::TooFew(lot)) => {
                return Err(Error::Corrupt(format!(
                    "lot {lot} has less free than counted"
                )));
            }
            Err(StockError::Store(error)) => return Err(error),
        }
        let ids: Vec<Uuid> = offers.iter().map(|offer| offer.id).collect();
        self.availability_changed(&ids).await
    }

    /// Ends what is set aside for a cart; the index hears of it.
    pub(crate) async fn let_cart_go(&self, cart: Uuid) -> Result<(), Error> {
        let lots = self.release_cart(cart).await?;
        self.offers_of_lots_changed(&lots).await
    }
}

/// A pack that is set aside for a cart.
#[derive(FromQueryResult)]
pub(super) struct Aside {
    pub cart_id: Uuid,
    pub cooperative_id: Uuid,
    pub lot_id: Uuid,
    pub packs: i64,
    pub expires_at: Option<i64>,
}

/// What is set aside for a buyer's carts.
pub(super) async fn aside(sql: &impl Sql, buyer: OrganisationId) -> Result<Vec<Aside>, Error> {
    sql.rows(
        "SELECT x.cart_id, c.cooperative_id, h.lot_id, h.packs, h.expires_at FROM cart_holds x \
         JOIN holds h ON h.id = x.hold_id JOIN carts c ON c.id = x.cart_id \
         WHERE c.buyer_id = $1 AND h.released_at IS NULL",
        [buyer.0.into()],
    )
    .await
}
