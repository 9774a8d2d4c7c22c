//! One row of `imports`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "imports")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub owner_id: Uuid,
    pub kind: String,
    pub person_id: Option<Uuid>,
    pub organisation_id: Option<Uuid>,
    pub file_name: String,
    pub content: String,
    pub state: String,
    pub report: Option<String>,
    pub note: Option<String>,
    pub created_at: i64,
    pub done_at: Option<i64>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
