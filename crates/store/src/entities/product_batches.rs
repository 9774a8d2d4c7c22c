//! One row of `product_batches`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "product_batches")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub umkm_id: Uuid,
    pub kind: String,
    pub percent_bp: Option<i64>,
    pub person_id: Option<Uuid>,
    pub organisation_id: Option<Uuid>,
    pub created_at: i64,
    pub undone_at: Option<i64>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
