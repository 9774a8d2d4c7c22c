//! One row of `allocation_rows`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "allocation_rows")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub allocation_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub supply_id: Uuid,
    pub cooperative_id: Uuid,
    pub supplier_id: Uuid,
    pub offered_packs: i64,
    pub given_packs: i64,
    pub at: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
