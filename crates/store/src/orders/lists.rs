//! Orders and shares as lists: what a buyer ordered, what a cooperative has to answer, what a member is to give.
//!
//! Every query takes its owner. A cooperative sees an order from the moment it was sent; a member sees a share from the
//! moment it was asked.

use std::str::FromStr;

use domain::ids::{OrderId, OrganisationId, ShareId};
use domain::money::Rupiah;
use domain::orders::OrderState;
use domain::shares::ShareState;
use domain::time::Instant;
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use crate::error::Error;
use crate::sql::Sql;
use crate::write::Store;

/// Rows of one page.
pub const PAGE_ROWS: i64 = 20;

/// Whose orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Buyer(OrganisationId),
    Cooperative(OrganisationId),
}

/// What part of a list.
#[derive(Clone, Debug, Default)]
pub struct Filter<S> {
    /// Empty for all.
    pub states: Vec<S>,
    /// Part of a number, a name or a title.
    pub text: String,
    /// From 1.
    pub page: i64,
}

/// One order in a list.
#[derive(Clone, Debug)]
pub struct OrderItem {
    pub id: OrderId,
    pub number: String,
    /// The other side: the cooperative for a buyer, the buyer for a cooperative.
    pub party: String,
    pub title: String,
    /// Lines beside the first.
    pub more_lines: i64,
    pub state: OrderState,
    pub total: Rupiah,
    pub created_at: Instant,
    pub answer_by: Option<Instant>,
    pub expires_at: Option<Instant>,
    pub packs: i64,
    /// Packs that members have said yes to.
    pub given_packs: i64,
    pub open_shares: i64,
    /// A question waits for the buyer.
    pub consent_open: bool,
    pub freight_pending: bool,
}

/// One share in a member's list.
#[derive(Clone, Debug)]
pub struct ShareItem {
    pub id: ShareId,
    pub number: String,
    pub cooperative: String,
    pub cooperative_region: String,
    pub title: String,
    pub picture: String,
    pub unit: String,
    pub carton_name: Option<String>,
    pub packs_per_unit: i64,
    pub packs: i64,
    pub proposed_packs: i64,
    pub member_price: Rupiah,
    pub state: ShareState,
    pub order_state: OrderState,
    pub answer_by: Option<Instant>,
}

/// A page of a list with the number of all rows that fit the filter, and the number in each state whatever the filter.
#[derive(Clone, Debug)]
pub struct Listed<T, S> {
    pub rows: Vec<T>,
    pub found: i64,
    pub counts: Vec<(S, i64)>,
}

impl<T, S: PartialEq> Listed<T, S> {
    /// Rows in any of these states, whatever the filter; all of them for none.
    #[must_use]
    pub fn count(&self, states: &[S]) -> i64 {
        self.counts
            .iter()
            .filter(|(state, _)| states.is_empty() || states.contains(state))
            .map(|(_, n)| n)
            .sum()
    }
}

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

#[derive(FromQueryResult)]
struct CountRow {
    state: String,
    n: i64,
}

#[derive(FromQueryResult)]
struct OrderRow {
    id: Uuid,
    number: Option<String>,
    party: String,
    title: String,
    line_count: i64,
    state: String,
    total_rupiah: i64,
    created_at: i64,
    answer_by: Option<i64>,
    expires_at: Option<i64>,
    packs: i64,
    given_packs: i64,
    open_shares: i64,
    open_consents: i64,
    freight_pending: bool,
}

#[derive(FromQueryResult)]
struct ShareRow {
    id: Uuid,
    number: Option<String>,
    cooperative: String,
    cooperative_region: String,
    title: String,
    picture: String,
    unit: String,
    carton_name: Option<String>,
    packs_per_unit: i64,
    packs: i64,
    proposed_packs: i64,
    member_price_rupiah: i64,
    state: String,
    order_state: String,
    answer_by: Option<i64>,
}

pub(crate) fn stored<T: FromStr>(word: &str) -> Result<T, Error> {
    word.parse().map_err(|_| Error::Corrupt(word.to_owned()))
}

/// `%text%` for LIKE with `\` as escape, in lower case.
pub(crate) fn like(text: &str) -> String {
    let mut pattern = String::from("%");
    for sign in text.trim().to_lowercase().chars() {
        if matches!(sign, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(sign);
    }
    pattern.push('%');
    pattern
}

/// ` AND x.state IN ($3, …)`, with its values.
fn in_states(column: &str, states: Vec<&'static str>, values: &mut Vec<Value>) -> String {
    if states.is_empty() {
        return String::new();
    }
    let first = values.len() + 1;
    let list = crate::sql::placeholders(first, states.len());
    values.extend(states.into_iter().map(Value::from));
    format!(" AND {column} IN ({list})")
}

fn offset(page: i64, rows: i64) -> i64 {
    (page.clamp(1, 100_000) - 1).saturating_mul(rows)
}

impl Store {
    /// A page of a buyer's or a cooperative's orders, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn orders(
        &self,
        side: Side,
        filter: &Filter<OrderState>,
    ) -> Result<Listed<OrderItem, OrderState>, Error> {
        self.orders_by(side, filter, PAGE_ROWS).await
    }

    /// As [`Store::orders`], in pages of so many rows.
    pub(super) async fn orders_by(
        &self,
        side: Side,
        filter: &Filter<OrderState>,
        rows_max: i64,
    ) -> Result<Listed<OrderItem, OrderState>, Error> {
        let (mine, party, owner) = match side {
            Side::Buyer(id) => ("o.buyer_id = $1", "o.cooperative_id", id),
            Side::Cooperative(id) => (
                "o.cooperative_id = $1 AND o.sent_at IS NOT NULL",
                "o.buyer_id",
                id,
            ),
        };
        let counts: Vec<CountRow> = self
            .rows(
                format!(
                    "SELECT o.state, COUNT(*) AS n FROM orders o WHERE {mine} GROUP BY o.state"
                ),
                [owner.0.into()],
            )
            .await?;
        let mut values: Vec<Value> = vec![owner.0.into()];
        let mut condition = mine.to_owned();
        if !filter.text.trim().is_empty() {
            values.push(like(&filter.text).into());
            condition.push_str(
                " AND (LOWER(o.number) LIKE $2 ESCAPE '\\' OR LOWER(o.po_number) LIKE $2 ESCAPE '\\' \
                 OR LOWER(p.name) LIKE $2 ESCAPE '\\' OR EXISTS (SELECT 1 FROM order_lines x \
                 WHERE x.order_id = o.id AND LOWER(x.title) LIKE $2 ESCAPE '\\'))",
            );
        }
        let states = filter.states.iter().map(|state| state.as_str()).collect();
        condition.push_str(&in_states("o.state", states, &mut values));
        let from =
            format!("FROM orders o JOIN organisations p ON p.id = {party} WHERE {condition}");
        let found = self
            .number(format!("SELECT COUNT(*) {from}"), values.clone())
            .await?;
        let rows: Vec<OrderRow> = self
            .rows(
                format!(
                    "SELECT o.id, o.number, p.name AS party, o.state, o.total_rupiah, o.created_at, o.answer_by, \
                     o.expires_at, o.freight_pending, \
                     (SELECT l.title FROM order_lines l WHERE l.order_id = o.id AND l.position = 1) AS title, \
                     (SELECT COUNT(*) FROM order_lines l WHERE l.order_id = o.id) AS line_count, \
                     (SELECT CAST(COALESCE(SUM(l.packs), 0) AS BIGINT) FROM order_lines l WHERE l.order_id = o.id) AS packs, \
                     (SELECT CAST(COALESCE(SUM(s.packs), 0) AS BIGINT) FROM shares s WHERE s.order_id = o.id \
                     AND s.state IN ('accepted', 'reduced')) AS given_packs, \
                     (SELECT COUNT(*) FROM shares s WHERE s.order_id = o.id AND s.state = 'proposed') AS open_shares, \
                     (SELECT COUNT(*) FROM consents c WHERE c.order_id = o.id AND c.state = 'open') AS open_consents \
                     {from} ORDER BY o.created_at DESC, o.id DESC LIMIT {rows_max} OFFSET {}",
                    offset(filter.page, rows_max)
                ),
                values,
            )
            .await?;
        Ok(Listed {
            rows: rows.into_iter().map(order_item).collect::<Result<_, _>>()?,
            found,
            counts: counts
                .into_iter()
                .map(|row| Ok((stored(&row.state)?, row.n)))
                .collect::<Result<_, Error>>()?,
        })
    }

    /// A page of a member's shares: what waits for an answer first, then the newest.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn shares_of(
        &self,
        supplier: OrganisationId,
        filter: &Filter<ShareState>,
    ) -> Result<Listed<ShareItem, ShareState>, Error> {
        self.shares_by(supplier, filter, PAGE_ROWS).await
    }

    /// As [`Store::shares_of`], in pages of so many rows.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn shares_by(
        &self,
        supplier: OrganisationId,
        filter: &Filter<ShareState>,
        rows_max: i64,
    ) -> Result<Listed<ShareItem, ShareState>, Error> {
        // A share is the member's to see once it was asked.
        let mine = "s.supplier_id = $1 AND s.answer_by IS NOT NULL";
        let counts: Vec<CountRow> = self
            .rows(
                format!(
                    "SELECT s.state, COUNT(*) AS n FROM shares s WHERE {mine} GROUP BY s.state"
                ),
                [supplier.0.into()],
            )
            .await?;
        let mut values: Vec<Value> = vec![supplier.0.into()];
        let mut condition = mine.to_owned();
        if !filter.text.trim().is_empty() {
            values.push(like(&filter.text).into());
            condition.push_str(
                " AND (LOWER(o.number) LIKE $2 ESCAPE '\\' OR LOWER(l.title) LIKE $2 ESCAPE '\\' \
                 OR LOWER(k.name) LIKE $2 ESCAPE '\\')",
            );
        }
        let states = filter.states.iter().map(|state| state.as_str()).collect();
        condition.push_str(&in_states("s.state", states, &mut values));
        let from = format!(
            "FROM shares s JOIN orders o ON o.id = s.order_id JOIN order_lines l ON l.id = s.order_line_id \
             JOIN organisations k ON k.id = s.cooperative_id JOIN order_line_prices p \
             ON p.order_line_id = s.order_line_id AND p.grade = s.grade WHERE {condition}"
        );
        let found = self
            .number(format!("SELECT COUNT(*) {from}"), values.clone())
            .await?;
        let rows: Vec<ShareRow> = self
            .rows(
                format!(
                    "SELECT s.id, o.number, k.name AS cooperative, k.region_code AS cooperative_region, l.title, \
                     l.picture, l.unit, l.carton_name, l.packs_per_unit, s.packs, s.proposed_packs, \
                     p.member_price_rupiah, s.state, o.state AS order_state, s.answer_by {from} \
                     ORDER BY CASE WHEN s.state = 'proposed' THEN 0 ELSE 1 END, s.created_at DESC, s.id DESC \
                     LIMIT {rows_max} OFFSET {}",
                    offset(filter.page, rows_max)
                ),
                values,
            )
            .await?;
        Ok(Listed {
            rows: rows.into_iter().map(share_item).collect::<Result<_, _>>()?,
            found,
            counts: counts
                .into_iter()
                .map(|row| Ok((stored(&row.state)?, row.n)))
                .collect::<Result<_, Error>>()?,
        })
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

fn order_item(row: OrderRow) -> Result<OrderItem, Error> {
    Ok(OrderItem {
        id: OrderId(row.id),
        number: row.number.unwrap_or_default(),
        party: row.party,
        title: row.title,
        more_lines: (row.line_count - 1).max(0),
        state: stored(&row.state)?,
        total: Rupiah(row.total_rupiah),
        created_at: Instant(row.created_at),
        answer_by: row.answer_by.map(Instant),
        expires_at: row.expires_at.map(Instant),
        packs: row.packs,
        given_packs: row.given_packs,
        open_shares: row.open_shares,
        consent_open: row.open_consents > 0,
        freight_pending: row.freight_pending,
    })
}

fn share_item(row: ShareRow) -> Result<ShareItem, Error> {
    Ok(ShareItem {
        id: ShareId(row.id),
        number: row.number.unwrap_or_default(),
        cooperative: row.cooperative,
        cooperative_region: row.cooperative_region,
        title: row.title,
        picture: row.picture,
        unit: row.unit,
        carton_name: row.carton_name,
        packs_per_unit: row.packs_per_unit,
        packs: row.packs,
        proposed_packs: row.proposed_packs,
        member_price: Rupiah(row.member_price_rupiah),
        state: stored(&row.state)?,
        order_state: stored(&row.order_state)?,
        answer_by: row.answer_by.map(Instant),
    })
}
