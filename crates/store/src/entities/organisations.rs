//! One row of `organisations`.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "organisations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub kind: String,
    pub name: String,
    pub slug: String,
    pub code: Option<String>,
    pub region_code: String,
    pub village: Option<String>,
    pub address: Option<String>,
    pub postal_code: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub nib: Option<String>,
    pub npwp: Option<String>,
    pub nib_typed: Option<String>,
    pub npwp_typed: Option<String>,
    pub is_pkp: bool,
    pub coop_kind: Option<String>,
    pub buyer_kind: Option<String>,
    pub supply_model: Option<String>,
    pub default_rule: Option<String>,
    pub staff_limit_rupiah: Option<i64>,
    pub payment_term: Option<String>,
    pub verification: String,
    pub verification_note: Option<String>,
    pub verified_at: Option<i64>,
    pub verified_by: Option<Uuid>,
    pub created_at: i64,
    pub version: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
