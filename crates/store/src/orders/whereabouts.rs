//! Where an order's goods are fetched, whom to call about it, and from when on they are there.
//!
//! A cooperative's address and telephone stand in each of its catalogs. A buyer's telephone is masked to others (DOMAIN
//! P-2); who has confirmed its order has to bring the goods, and is told whom to call.

use domain::ids::{OrderId, OrganisationId};
use domain::time::Day;
use sea_orm::FromQueryResult;

use crate::catalogs::Issuer;
use crate::error::Error;
use crate::sql::Sql;
use crate::write::Store;

/// Whom the cooperative calls about an order that it has confirmed.
#[derive(Clone, Debug, FromQueryResult)]
pub struct BuyerContact {
    /// Who made the order.
    pub person: String,
    pub phone: Option<String>,
}

impl Store {
    /// Name, address and telephone of a cooperative, as in the letterhead of its catalogs.
    ///
    /// # Errors
    /// When the database fails, or there is no such cooperative.
    pub async fn whereabouts(&self, cooperative: OrganisationId) -> Result<Issuer, Error> {
        self.issuer(cooperative.0).await
    }

    /// The buyer's contact, for the cooperative that has confirmed the order; `None` for everybody else and before.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn buyer_contact(
        &self,
        cooperative: OrganisationId,
        order: OrderId,
    ) -> Result<Option<BuyerContact>, Error> {
        self.row(
            "SELECT p.name AS person, COALESCE(b.phone, p.phone) AS phone FROM orders o \
             JOIN organisations b ON b.id = o.buyer_id JOIN people p ON p.id = o.created_by \
             WHERE o.id = $1 AND o.cooperative_id = $2 AND o.state = 'confirmed'",
            [order.0.into(), cooperative.0.into()],
        )
        .await
    }

    /// The day on which the last of the goods set aside for an order is ready; `None` where nothing is.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn ready_on(&self, order: OrderId) -> Result<Option<Day>, Error> {
        #[derive(FromQueryResult)]
        struct Row {
            ready_on: Option<i32>,
        }
        let row: Option<Row> = self
            .row(
                "SELECT MAX(l.ready_on) AS ready_on FROM shares s JOIN holds h ON h.share_id = s.id \
                 AND h.released_at IS NULL JOIN lots l ON l.id = h.lot_id WHERE s.order_id = $1",
                [order.0.into()],
            )
            .await?;
        Ok(row.and_then(|row| row.ready_on).map(Day))
    }
}
