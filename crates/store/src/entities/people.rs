//! One row of `people`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "people")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    pub email: Option<String>,
    pub email_key: Option<String>,
    pub phone: Option<String>,
    pub phone_confirmed: bool,
    pub password_hash: Option<String>,
    pub lang: Option<String>,
    pub created_at: i64,
    pub locked_at: Option<i64>,
    pub email_confirmed: bool,
    pub consented_at: Option<i64>,
    pub consented_to: Option<i32>,
    pub reset_issued_at: Option<i64>,
    pub reset_issued_by: Option<Uuid>,
    pub step_seed: Option<String>,
    pub step_since: Option<i64>,
    pub step_last: Option<i64>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
