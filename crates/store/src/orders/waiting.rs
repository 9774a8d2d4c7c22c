//! What waits for somebody: counts for home pages and menus, and the shares of a member in one order.

use domain::ids::{OrderId, OrganisationId, ShareId};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::error::Error;
use crate::sql::Sql;
use crate::write::Store;

/// What waits for somebody, for home pages and menus.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Shares a member has not answered.
    pub shares: i64,
    /// Sent orders a manager has not answered.
    pub to_answer: i64,
    /// Sent orders whose members all answered, with too little.
    pub short: i64,
    /// Sent orders that can be confirmed.
    pub complete: i64,
    /// Orders that wait for the buyer's approver.
    pub to_approve: i64,
    /// Orders with a question to the buyer.
    pub consents: i64,
    /// Orders the approver gave back.
    pub returned: i64,
}

/// Where a buyer had goods brought before.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Address {
    /// When the last order that went there was made, epoch microseconds.
    pub last_used: i64,
    pub deliver_to: String,
    pub region_code: String,
}

/// Addresses shown of a buyer.
const ADDRESSES_MAX: i64 = 6;

impl Store {
    /// The addresses of a buyer's orders, each once, the last used first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn addresses(&self, buyer: OrganisationId) -> Result<Vec<Address>, Error> {
        self.rows(
            "SELECT MAX(created_at) AS last_used, deliver_to, region_code FROM orders WHERE buyer_id = $1 \
             AND deliver_to <> '' GROUP BY deliver_to, region_code ORDER BY MAX(created_at) DESC, deliver_to LIMIT $2",
            [buyer.0.into(), ADDRESSES_MAX.into()],
        )
        .await
    }

    /// The shares a member has in one order, as far as it was asked.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn shares_in(
        &self,
        supplier: OrganisationId,
        order: OrderId,
    ) -> Result<Vec<ShareId>, Error> {
        #[derive(FromQueryResult)]
        struct Row {
            id: Uuid,
        }
        let rows: Vec<Row> = self
            .rows(
                "SELECT id FROM shares WHERE supplier_id = $1 AND order_id = $2 AND answer_by IS NOT NULL \
                 ORDER BY created_at DESC, id",
                [supplier.0.into(), order.0.into()],
            )
            .await?;
        Ok(rows.into_iter().map(|row| ShareId(row.id)).collect())
    }

    /// What waits for the people of an organisation, whatever its kind; one query.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn orders_waiting(&self, organisation: OrganisationId) -> Result<Waiting, Error> {
        #[derive(FromQueryResult)]
        struct Row {
            shares: i64,
            to_answer: i64,
            short: i64,
            complete: i64,
            to_approve: i64,
            consents: i64,
            returned: i64,
        }
        const ANSWERED: &str = "SELECT COUNT(*) FROM orders o WHERE o.cooperative_id = $1 AND o.state = 'sent' \
            AND NOT EXISTS (SELECT 1 FROM shares s WHERE s.order_id = o.id AND s.state = 'proposed') \
            AND NOT EXISTS (SELECT 1 FROM consents c WHERE c.order_id = o.id AND c.state = 'open')";
        const SHORT: &str = "EXISTS (SELECT 1 FROM order_lines l WHERE l.order_id = o.id AND l.packs > \
            (SELECT COALESCE(SUM(s.packs), 0) FROM shares s WHERE s.order_line_id = l.id \
            AND s.state IN ('accepted', 'reduced')))";
        let row: Option<Row> = self
            .row(
                format!(
                    "SELECT (SELECT COUNT(*) FROM shares s WHERE s.supplier_id = $1 AND s.state = 'proposed' \
                     AND s.answer_by IS NOT NULL) AS shares, \
                     (SELECT COUNT(*) FROM orders o WHERE o.cooperative_id = $1 AND o.state = 'sent') AS to_answer, \
                     ({ANSWERED} AND {SHORT}) AS short, ({ANSWERED} AND NOT {SHORT}) AS complete, \
                     (SELECT COUNT(*) FROM orders o WHERE o.buyer_id = $1 AND o.state = 'pending_approval') AS to_approve, \
                     (SELECT COUNT(*) FROM consents c JOIN orders o ON o.id = c.order_id WHERE o.buyer_id = $1 \
                     AND c.state = 'open') AS consents, \
                     (SELECT COUNT(*) FROM orders o WHERE o.buyer_id = $1 AND o.state = 'draft') AS returned"
                ),
                [organisation.0.into()],
            )
            .await?;
        Ok(row.map_or_else(Waiting::default, |row| Waiting {
            shares: row.shares,
            to_answer: row.to_answer,
            short: row.short,
            complete: row.complete,
            to_approve: row.to_approve,
            consents: row.consents,
            returned: row.returned,
        }))
    }
}
