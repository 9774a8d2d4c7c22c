//! One row of `products`.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "products")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub umkm_id: Uuid,
    pub name: String,
    pub description: String,
    pub category_id: Option<String>,
    pub commodity_id: Option<String>,
    pub unit: Option<String>,
    pub content_amount: Option<i64>,
    pub content_dimension: Option<String>,
    pub packs_per_carton: Option<i64>,
    pub price_rupiah: Option<i64>,
    pub grade: Option<String>,
    pub lead_time_days: Option<i32>,
    pub shelf_life_days: Option<i32>,
    pub place: Option<String>,
    pub minimum_packs: Option<i64>,
    pub state: String,
    pub import_id: Option<Uuid>,
    pub fingerprint: Option<String>,
    pub version: i64,
    pub created_at: i64,
    pub updated_at: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
