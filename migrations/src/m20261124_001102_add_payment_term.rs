//! An order keeps how it is to be paid, as it was agreed with the buyer on the day it was made.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: &str = r"
ALTER TABLE orders ADD COLUMN payment_term TEXT;
UPDATE orders SET payment_term = (SELECT b.payment_term FROM organisations b WHERE b.id = orders.buyer_id);
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::ddl(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::ddl(manager, "ALTER TABLE orders DROP COLUMN payment_term").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
