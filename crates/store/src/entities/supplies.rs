//! One row of `supplies`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "supplies")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub offer_id: Uuid,
    pub product_id: Uuid,
    pub cooperative_id: Uuid,
    pub supplier_id: Uuid,
    pub grade: String,
    pub limit_packs: Option<i64>,
    pub offered_at: i64,
    pub withdrawn_at: Option<i64>,
    pub out_by_price: bool,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
