//! A member's shares as a list.

use domain::ids::{OrderId, OrganisationId, ProductId, ShareId};
use domain::money::Rupiah;
use domain::orders::OrderState;
use domain::shares::ShareState;
use domain::time::Instant;
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use super::{
    CountRow, Filter, Listed, PAGE_ROWS, PARTNERS_MAX, Partner, in_states, like, narrowed, offset,
    stored,
};
use crate::error::Error;
use crate::sql::Sql;
use crate::write::Store;

/// One share in a member's list.
#[derive(Clone, Debug)]
pub struct ShareItem {
    pub id: ShareId,
    pub order: OrderId,
    /// How many shares of its order the list has, and what those that count bring together.
    pub of_order: i64,
    pub order_money: Rupiah,
    pub product: ProductId,
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

#[derive(FromQueryResult)]
struct ShareRow {
    id: Uuid,
    order_id: Uuid,
    of_order: i64,
    order_rupiah: i64,
    product_id: Uuid,
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

impl Store {
    /// The cooperatives that have asked a member for shares, by name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn share_partners(&self, supplier: OrganisationId) -> Result<Vec<Partner>, Error> {
        self.rows(
            format!(
                "SELECT p.id, p.name FROM organisations p WHERE p.id IN (SELECT s.cooperative_id FROM shares s \
                 WHERE s.supplier_id = $1 AND s.answer_by IS NOT NULL) ORDER BY p.name, p.id LIMIT {PARTNERS_MAX}"
            ),
            [supplier.0.into()],
        )
        .await
    }

    /// A page of a member's shares, those of one order together: orders that wait for an answer first, then the newest.
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
        condition.push_str(&narrowed(
            "s.created_at",
            "s.cooperative_id",
            filter,
            &mut values,
        ));
        let from = format!(
            "FROM shares s JOIN orders o ON o.id = s.order_id JOIN order_lines l ON l.id = s.order_line_id \
             JOIN organisations k ON k.id = s.cooperative_id JOIN order_line_prices p \
             ON p.order_line_id = s.order_line_id AND p.grade = s.grade WHERE {condition}"
        );
        let found = self
            .number(format!("SELECT COUNT(*) {from}"), values.clone())
            .await?;
        let counting: Vec<String> = ShareState::ALL
            .iter()
            .filter(|state| state.holds_stock())
            .map(|state| format!("'{state}'"))
            .collect();
        let counting = counting.join(", ");
        let rows: Vec<ShareRow> = self
            .rows(
                format!(
                    "SELECT s.id, s.order_id, COUNT(*) OVER (PARTITION BY s.order_id) AS of_order, \
                     CAST(SUM(CASE WHEN s.state IN ({counting}) THEN s.packs * p.member_price_rupiah ELSE 0 END) \
                     OVER (PARTITION BY s.order_id) AS BIGINT) AS order_rupiah, s.product_id, o.number, k.name AS cooperative, k.region_code AS cooperative_region, \
                     l.title, l.picture, l.unit, l.carton_name, l.packs_per_unit, s.packs, s.proposed_packs, \
                     p.member_price_rupiah, s.state, o.state AS order_state, s.answer_by {from} \
                     ORDER BY CASE WHEN EXISTS (SELECT 1 FROM shares w WHERE w.order_id = s.order_id \
                     AND w.supplier_id = s.supplier_id AND w.state = 'proposed') THEN 0 ELSE 1 END, \
                     o.created_at DESC, o.id DESC, CASE WHEN s.state = 'proposed' THEN 0 ELSE 1 END, s.id DESC \
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
}

fn share_item(row: ShareRow) -> Result<ShareItem, Error> {
    Ok(ShareItem {
        id: ShareId(row.id),
        order: OrderId(row.order_id),
        of_order: row.of_order,
        order_money: Rupiah(row.order_rupiah),
        product: ProductId(row.product_id),
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
