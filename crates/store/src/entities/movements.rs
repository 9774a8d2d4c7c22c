//! One row of `movements`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "movements")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub lot_id: Uuid,
    pub kind: String,
    pub packs: i64,
    pub reason: Option<String>,
    pub at: i64,
    pub person_id: Option<Uuid>,
    pub organisation_id: Option<Uuid>,
    pub on_behalf: bool,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
