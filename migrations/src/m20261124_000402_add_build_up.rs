//! Whether an offer shows its buyers what its prices are made of; and the index by which lapsing permits are found.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::ddl(
            manager,
            "ALTER TABLE offers ADD COLUMN build_up_shown BOOLEAN NOT NULL DEFAULT FALSE;\n\
             CREATE INDEX certificates_by_end ON certificates (valid_until, organisation_id)",
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::ddl(
            manager,
            "DROP INDEX certificates_by_end;\nALTER TABLE offers DROP COLUMN build_up_shown",
        )
        .await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
