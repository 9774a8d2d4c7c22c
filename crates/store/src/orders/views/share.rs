//! One share with the run that made it, for its member and its cooperative.

use std::collections::HashMap;

use domain::allocation::{MixedCarton, Rule, Run};
use domain::ids::{OrderId, OrganisationId, ShareId, SupplyId};
use domain::money::Rupiah;
use domain::orders::OrderState;
use domain::shares::ShareState;
use domain::time::Instant;
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use crate::error::Error;
use crate::orders::answers::ShareOwner;
use crate::orders::lists::stored;
use crate::sql::{Sql, placeholders};
use crate::write::Store;

/// A share with the run that made it.
#[derive(Clone, Debug)]
pub struct ShareView {
    pub id: ShareId,
    pub order: OrderId,
    pub number: String,
    pub order_state: OrderState,
    pub cooperative: OrganisationId,
    pub cooperative_name: String,
    pub cooperative_region: String,
    pub supplier: OrganisationId,
    pub supplier_name: String,
    pub supply: SupplyId,
    pub title: String,
    pub picture: String,
    pub unit: String,
    pub carton_name: Option<String>,
    pub packs_per_unit: i64,
    pub mixed: MixedCarton,
    pub grade: String,
    pub proposed_packs: i64,
    pub packs: i64,
    pub state: ShareState,
    pub answer_by: Option<Instant>,
    pub answered_at: Option<Instant>,
    pub by_silence: bool,
    pub on_behalf: bool,
    pub reason: Option<String>,
    pub member_price: Rupiah,
    pub rule: Rule,
    /// 1 for the first run of the line; later ones share out what was missing.
    pub run_number: i32,
    pub run: Run,
    /// Names of the businesses in the run; those of the others only for whoever is with the cooperative still (B10).
    pub names: HashMap<OrganisationId, String>,
    /// Grades of the offer, as the run ranks them.
    pub grades: Vec<String>,
}

#[derive(FromQueryResult)]
struct ShareRow {
    id: Uuid,
    order_id: Uuid,
    number: Option<String>,
    order_state: String,
    cooperative_id: Uuid,
    cooperative_name: String,
    cooperative_region: String,
    supplier_id: Uuid,
    supplier_name: String,
    supply_id: Uuid,
    title: String,
    picture: String,
    unit: String,
    carton_name: Option<String>,
    packs_per_unit: i64,
    mixed_carton: String,
    grade: String,
    grades: String,
    proposed_packs: i64,
    packs: i64,
    state: String,
    answer_by: Option<i64>,
    answered_at: Option<i64>,
    answered_by: Option<Uuid>,
    on_behalf: bool,
    reason: Option<String>,
    member_price_rupiah: i64,
    rule: String,
    run: i32,
    content: String,
}

impl Store {
    /// A share of this member, or of an order that was sent to this cooperative; `None` for everybody else's.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn share(
        &self,
        owner: ShareOwner,
        share: ShareId,
    ) -> Result<Option<ShareView>, Error> {
        let (column, owner, is_supplier) = match owner {
            ShareOwner::Supplier(id) => ("s.supplier_id", id, true),
            ShareOwner::Cooperative(id) => ("s.cooperative_id", id, false),
        };
        let row: Option<ShareRow> = self
            .row(
                format!(
                    "SELECT s.id, s.order_id, o.number, o.state AS order_state, s.cooperative_id, \
                     k.name AS cooperative_name, k.region_code AS cooperative_region, s.supplier_id, \
                     u.name AS supplier_name, s.supply_id, l.title, l.picture, l.unit, l.carton_name, l.packs_per_unit, \
                     l.mixed_carton, s.grade, f.grades, s.proposed_packs, s.packs, s.state, s.answer_by, s.answered_at, \
                     s.answered_by, s.on_behalf, s.reason, p.member_price_rupiah, a.rule, a.run, a.content \
                     FROM shares s JOIN orders o ON o.id = s.order_id JOIN order_lines l ON l.id = s.order_line_id \
                     JOIN offers f ON f.id = l.offer_id JOIN allocations a ON a.id = s.allocation_id \
                     JOIN organisations k ON k.id = s.cooperative_id JOIN organisations u ON u.id = s.supplier_id \
                     JOIN order_line_prices p ON p.order_line_id = s.order_line_id AND p.grade = s.grade \
                     WHERE s.id = $1 AND {column} = $2 AND s.answer_by IS NOT NULL"
                ),
                [share.0.into(), owner.0.into()],
            )
            .await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let run: Run = serde_json::from_str(&row.content)?;
        let has_left = is_supplier
            && self
                .number(
                    "SELECT COUNT(*) FROM members WHERE supplier_id = $1 AND cooperative_id = $2 \
                     AND status IN ('active', 'candidate', 'associate')",
                    [row.supplier_id.into(), row.cooperative_id.into()],
                )
                .await?
                == 0;
        let in_run = run.rows.iter().map(|row| row.supplier);
        let named = in_run.filter(|supplier| !has_left || supplier.0 == row.supplier_id);
        let names = self.names(named).await?;
        Ok(Some(ShareView {
            id: ShareId(row.id),
            order: OrderId(row.order_id),
            number: row.number.unwrap_or_default(),
            order_state: stored(&row.order_state)?,
            cooperative: OrganisationId(row.cooperative_id),
            cooperative_name: row.cooperative_name,
            cooperative_region: row.cooperative_region,
            supplier: OrganisationId(row.supplier_id),
            supplier_name: row.supplier_name,
            supply: SupplyId(row.supply_id),
            title: row.title,
            picture: row.picture,
            unit: row.unit,
            carton_name: row.carton_name,
            packs_per_unit: row.packs_per_unit,
            mixed: stored(&row.mixed_carton)?,
            grade: row.grade,
            grades: crate::offers::facts::list(&row.grades),
            proposed_packs: row.proposed_packs,
            packs: row.packs,
            state: stored(&row.state)?,
            answer_by: row.answer_by.map(Instant),
            answered_at: row.answered_at.map(Instant),
            by_silence: row.answered_at.is_some() && row.answered_by.is_none(),
            on_behalf: row.on_behalf,
            reason: row.reason,
            member_price: Rupiah(row.member_price_rupiah),
            rule: stored(&row.rule)?,
            run_number: row.run,
            run,
            names,
        }))
    }

    async fn names(
        &self,
        ids: impl Iterator<Item = OrganisationId>,
    ) -> Result<HashMap<OrganisationId, String>, Error> {
        #[derive(FromQueryResult)]
        struct Named {
            id: Uuid,
            name: String,
        }
        let mut ids: Vec<Uuid> = ids.map(|id| id.0).collect();
        ids.sort_unstable();
        ids.dedup();
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let list = placeholders(1, ids.len());
        let rows: Vec<Named> = self
            .rows(
                format!("SELECT id, name FROM organisations WHERE id IN ({list})"),
                ids.into_iter().map(Value::from),
            )
            .await?;
        Ok(rows
            .into_iter()
            .map(|row| (OrganisationId(row.id), row.name))
            .collect())
    }
}
