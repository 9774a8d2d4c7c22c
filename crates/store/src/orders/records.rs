//! Orders as rows of a file to keep: what the list shows, and the figures that bookkeeping wants beside it.

use std::collections::HashMap;

use domain::money::Rupiah;
use domain::orders::OrderState;
use domain::time::Day;
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use super::{Filter, OrderItem, Side};
use crate::error::Error;
use crate::sql::{Sql, placeholders};
use crate::write::Store;

/// One order of an exported list.
#[derive(Clone, Debug)]
pub struct OrderRecord {
    pub item: OrderItem,
    pub po_number: String,
    pub goods: Rupiah,
    pub ppn: Rupiah,
    pub freight: Rupiah,
    pub wanted_on: Option<Day>,
    pub lines: Vec<RecordLine>,
}

/// What was ordered, in the order's own words.
#[derive(Clone, Debug, FromQueryResult)]
pub struct RecordLine {
    pub order_id: Uuid,
    pub title: String,
    pub unit: String,
    pub carton_name: Option<String>,
    pub packs_per_unit: i64,
    pub packs: i64,
}

#[derive(FromQueryResult)]
struct Figures {
    id: Uuid,
    po_number: String,
    goods_rupiah: i64,
    ppn_rupiah: i64,
    freight_rupiah: i64,
    wanted_on: Option<i32>,
}

impl Store {
    /// The first `rows_max` orders of a filtered list, and how many it has in all.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn order_records(
        &self,
        side: Side,
        filter: &Filter<OrderState>,
        rows_max: i64,
    ) -> Result<(Vec<OrderRecord>, i64), Error> {
        let listed = self.orders_by(side, filter, rows_max).await?;
        if listed.rows.is_empty() {
            return Ok((Vec::new(), listed.found));
        }
        let ids = || listed.rows.iter().map(|item| Value::from(item.id.0));
        let list = placeholders(1, listed.rows.len());
        let figures: Vec<Figures> = self
            .rows(
                format!(
                    "SELECT id, po_number, goods_rupiah, ppn_rupiah, freight_rupiah, wanted_on FROM orders WHERE id IN ({list})"
                ),
                ids(),
            )
            .await?;
        let mut figures: HashMap<Uuid, Figures> =
            figures.into_iter().map(|row| (row.id, row)).collect();
        let all: Vec<RecordLine> = self
            .rows(
                format!(
                    "SELECT order_id, title, unit, carton_name, packs_per_unit, packs FROM order_lines \
                     WHERE order_id IN ({list}) ORDER BY order_id, position"
                ),
                ids(),
            )
            .await?;
        let mut lines: HashMap<Uuid, Vec<RecordLine>> = HashMap::new();
        for line in all {
            lines.entry(line.order_id).or_default().push(line);
        }
        let records = listed
            .rows
            .into_iter()
            .filter_map(|item| {
                let row = figures.remove(&item.id.0)?;
                Some(OrderRecord {
                    lines: lines.remove(&item.id.0).unwrap_or_default(),
                    item,
                    po_number: row.po_number,
                    goods: Rupiah(row.goods_rupiah),
                    ppn: Rupiah(row.ppn_rupiah),
                    freight: Rupiah(row.freight_rupiah),
                    wanted_on: row.wanted_on.map(Day),
                })
            })
            .collect();
        Ok((records, listed.found))
    }
}
