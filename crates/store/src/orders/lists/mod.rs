//! Orders and shares as lists: what a buyer ordered, what a cooperative has to answer, what a member is to give.
//!
//! Every query takes its owner. A cooperative sees an order from the moment it was sent; a member sees a share from the
//! moment it was asked.

use std::str::FromStr;

use domain::ids::{OrderId, OrganisationId};
use domain::money::Rupiah;
use domain::orders::OrderState;
use domain::time::Instant;
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use crate::error::Error;
use crate::sql::Sql;
use crate::write::Store;

mod shares;

pub use shares::ShareItem;

/// Rows of one page.
pub const PAGE_ROWS: i64 = 20;

/// Whose orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Buyer(OrganisationId),
    Cooperative(OrganisationId),
}

impl Side {
    /// Which orders `o` are this side's, the column of the other side, and the owner that `$1` stands for.
    fn condition(self) -> (&'static str, &'static str, OrganisationId) {
        match self {
            Self::Buyer(id) => ("o.buyer_id = $1", "o.cooperative_id", id),
            Self::Cooperative(id) => (
                "o.cooperative_id = $1 AND o.sent_at IS NOT NULL",
                "o.buyer_id",
                id,
            ),
        }
    }
}

/// What part of a list.
#[derive(Clone, Debug)]
pub struct Filter<S> {
    /// Empty for all.
    pub states: Vec<S>,
    /// Part of a number, a name or a title.
    pub text: String,
    /// The other side: a buyer's cooperative, a cooperative's buyer, the cooperative that asks a member.
    pub partner: Option<OrganisationId>,
    /// Made (or asked) no earlier than this.
    pub from: Option<Instant>,
    /// Made (or asked) before this.
    pub until: Option<Instant>,
    /// From 1.
    pub page: i64,
}

/// Everything, from the first page on.
impl<S> Default for Filter<S> {
    fn default() -> Self {
        Self {
            states: Vec::new(),
            text: String::new(),
            partner: None,
            from: None,
            until: None,
            page: 1,
        }
    }
}

/// The other side of somebody's orders, to choose from.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Partner {
    pub id: Uuid,
    pub name: String,
}

/// Partners to choose from; whoever has more finds the others by name.
const PARTNERS_MAX: i64 = 200;

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

/// ` AND x.created_at >= $4 …` for the days and the partner of a filter, with their values.
fn narrowed<S>(
    created: &str,
    partner: &str,
    filter: &Filter<S>,
    values: &mut Vec<Value>,
) -> String {
    let mut condition = String::new();
    let mut and = |what: &str, value: Value| {
        values.push(value);
        condition.push_str(&format!(" AND {what} ${}", values.len()));
    };
    if let Some(from) = filter.from {
        and(&format!("{created} >="), from.0.into());
    }
    if let Some(until) = filter.until {
        and(&format!("{created} <"), until.0.into());
    }
    if let Some(other) = filter.partner {
        and(&format!("{partner} ="), other.0.into());
    }
    condition
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
        let (mine, party, owner) = side.condition();
        let counts: Vec<CountRow> = self
            .rows(
                format!(
                    "SELECT o.state, COUNT(*) AS n FROM orders o WHERE {mine} GROUP BY o.state"
                ),
                [owner.0.into()],
            )
            .await?;
        let (condition, values) = order_condition(mine, party, owner, filter);
        let from =
            format!("FROM orders o JOIN organisations p ON p.id = {party} WHERE {condition}");
        let found = self
            .number(format!("SELECT COUNT(*) {from}"), values.clone())
            .await?;
        let rows = self
            .order_items(&from, values, rows_max, offset(filter.page, rows_max))
            .await?;
        Ok(Listed {
            rows,
            found,
            counts: counts
                .into_iter()
                .map(|row| Ok((stored(&row.state)?, row.n)))
                .collect::<Result<_, Error>>()?,
        })
    }

    async fn order_items(
        &self,
        from: &str,
        values: Vec<Value>,
        limit: i64,
        offset: i64,
    ) -> Result<Vec<OrderItem>, Error> {
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
                     {from} ORDER BY o.created_at DESC, o.id DESC LIMIT {limit} OFFSET {offset}"
                ),
                values,
            )
            .await?;
        rows.into_iter().map(order_item).collect()
    }

    /// Who stands on the other side of one's orders, by name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn order_partners(&self, side: Side) -> Result<Vec<Partner>, Error> {
        let (mine, party, owner) = side.condition();
        self.rows(
            format!(
                "SELECT p.id, p.name FROM organisations p WHERE p.id IN (SELECT {party} FROM orders o WHERE {mine}) \
                 ORDER BY p.name, p.id LIMIT {PARTNERS_MAX}"
            ),
            [owner.0.into()],
        )
        .await
    }
}

/// Which orders fit a filter, with the values of the condition; `p` is the other side.
fn order_condition(
    mine: &str,
    party: &str,
    owner: OrganisationId,
    filter: &Filter<OrderState>,
) -> (String, Vec<Value>) {
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
    condition.push_str(&narrowed("o.created_at", party, filter, &mut values));
    (condition, values)
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
