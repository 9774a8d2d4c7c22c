//! One row of `consents`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "consents")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub order_id: Uuid,
    pub kind: String,
    pub before_rupiah: i64,
    pub after_rupiah: i64,
    pub proposal: String,
    pub state: String,
    pub asked_at: i64,
    pub asked_by: Option<Uuid>,
    pub answered_at: Option<i64>,
    pub answered_by: Option<Uuid>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
