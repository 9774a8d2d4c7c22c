//! What a person has put away for good: help that was read.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: &str = r"
CREATE TABLE dismissals (
  person_id UUID NOT NULL REFERENCES people (id),
  what TEXT NOT NULL CHECK (what IN ('guide_umkm', 'guide_cooperative', 'guide_buyer')),
  at BIGINT NOT NULL,
  PRIMARY KEY (person_id, what)
);
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::ddl(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::drop_tables(manager, &["dismissals"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
