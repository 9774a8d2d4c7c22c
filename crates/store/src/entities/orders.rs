//! One row of `orders`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "orders")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub number: Option<String>,
    pub buyer_id: Uuid,
    pub cooperative_id: Uuid,
    pub state: String,
    pub created_by: Uuid,
    pub created_at: i64,
    pub submitted_at: Option<i64>,
    pub sent_at: Option<i64>,
    pub goods_rupiah: i64,
    pub ppn_rupiah: i64,
    pub freight_rupiah: i64,
    pub total_rupiah: i64,
    pub freight_pending: bool,
    pub po_number: String,
    pub note: String,
    pub deliver_to: String,
    pub region_code: String,
    pub wanted_on: Option<i32>,
    pub is_pkp: bool,
    pub terms: String,
    pub payment_term: Option<String>,
    pub content_hash: String,
    pub answer_by: Option<i64>,
    pub expires_at: Option<i64>,
    pub version: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
