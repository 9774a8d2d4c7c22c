//! One row of `notices`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notices")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub person_id: Uuid,
    pub organisation_id: Option<Uuid>,
    pub event_id: Uuid,
    pub kind: String,
    pub order_id: Option<Uuid>,
    pub share_id: Option<Uuid>,
    pub subject_id: Option<Uuid>,
    pub cooperative_id: Option<Uuid>,
    pub dedupe: String,
    pub at: i64,
    pub read_at: Option<i64>,
    pub offer_id: Option<Uuid>,
    pub catalog_id: Option<Uuid>,
    pub question_id: Option<Uuid>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
