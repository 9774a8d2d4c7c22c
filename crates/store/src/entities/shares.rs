//! One row of `shares`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "shares")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub order_id: Uuid,
    pub order_line_id: Uuid,
    pub allocation_id: Uuid,
    pub cooperative_id: Uuid,
    pub supplier_id: Uuid,
    pub supply_id: Uuid,
    pub product_id: Uuid,
    pub grade: String,
    pub proposed_packs: i64,
    pub packs: i64,
    pub state: String,
    pub answer_by: Option<i64>,
    pub answered_at: Option<i64>,
    pub answered_by: Option<Uuid>,
    pub on_behalf: bool,
    pub reason: Option<String>,
    pub created_at: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
