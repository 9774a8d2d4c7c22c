//! One row of `order_lines`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "order_lines")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub order_id: Uuid,
    pub position: i32,
    pub offer_id: Uuid,
    pub offer_version: i64,
    pub title: String,
    pub picture: String,
    pub unit: String,
    pub carton_name: Option<String>,
    pub packs_per_unit: i64,
    pub mixed_carton: String,
    pub rule: String,
    pub ordered_units: i64,
    pub units: i64,
    pub packs: i64,
    pub tier_minimum_units: i64,
    pub ppn_treatment: String,
    pub delivery_basis: String,
    pub packaging_rupiah: i64,
    pub transport_rupiah: i64,
    pub margin_rupiah: i64,
    pub second_run_at: Option<i64>,
    pub goods_rupiah: i64,
    pub ppn_rupiah: i64,
    pub freight_rupiah: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
