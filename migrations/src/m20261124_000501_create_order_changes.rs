//! A returned order that is being changed in a cart, and the order that took its place.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: &str = r"
CREATE TABLE order_changes (
  order_id UUID NOT NULL PRIMARY KEY REFERENCES orders (id),
  cart_id UUID UNIQUE REFERENCES carts (id),
  replaced_by UUID UNIQUE REFERENCES orders (id),
  CHECK ((cart_id IS NULL) <> (replaced_by IS NULL))
);
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::ddl(manager, TABLES).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::drop_tables(manager, &["order_changes"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
