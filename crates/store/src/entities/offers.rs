//! One row of `offers`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "offers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub cooperative_id: Uuid,
    pub title: String,
    pub description: String,
    pub category_id: String,
    pub commodity_id: String,
    pub unit: String,
    pub content_amount: Option<i64>,
    pub content_dimension: Option<String>,
    pub grades: String,
    pub required_certificates: String,
    pub carton_name: Option<String>,
    pub packs_per_unit: i64,
    pub mixed_carton: String,
    pub minimum_units: i64,
    pub multiple_units: i64,
    pub lead_time_days: i32,
    pub rule: String,
    pub max_share_bp: Option<i64>,
    pub min_share_units: i64,
    pub lower_grade_max_bp: Option<i64>,
    pub delivery_basis: String,
    pub ppn_treatment: String,
    pub price_visibility: String,
    pub margin_model: String,
    pub packaging_rupiah: i64,
    pub transport_rupiah: i64,
    pub state: String,
    pub version: i64,
    pub created_at: i64,
    pub updated_at: i64,
    pub published_at: Option<i64>,
    pub build_up_shown: bool,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
