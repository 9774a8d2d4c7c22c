//! One row of `product_batch_rows`: a product as it was before, and its version afterwards.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "product_batch_rows")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub batch_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub product_id: Uuid,
    pub state: String,
    pub price_rupiah: Option<i64>,
    pub category_id: Option<String>,
    pub commodity_id: Option<String>,
    pub unit: Option<String>,
    pub content_amount: Option<i64>,
    pub content_dimension: Option<String>,
    pub packs_per_carton: Option<i64>,
    pub packs: i64,
    pub version: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
