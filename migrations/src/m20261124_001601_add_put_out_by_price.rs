//! Which goods left an offer because its price fell below what their members ask: they come back when it rises again.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::ddl(
            manager,
            "ALTER TABLE supplies ADD COLUMN out_by_price BOOLEAN NOT NULL DEFAULT FALSE",
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::ddl(manager, "ALTER TABLE supplies DROP COLUMN out_by_price").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
