//! One row of `catalog_editions`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "catalog_editions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub catalog_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub edition: i32,
    pub published_at: i64,
    pub published_by: Option<Uuid>,
    pub content: String,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
