//! Notices about an offer, a catalog or a question; and who wants one letter a day instead of many.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: &str = r"
ALTER TABLE notices ADD COLUMN offer_id UUID REFERENCES offers (id);
ALTER TABLE notices ADD COLUMN catalog_id UUID REFERENCES catalogs (id);
ALTER TABLE notices ADD COLUMN question_id UUID REFERENCES questions (id);
CREATE TABLE digests (
  person_id UUID NOT NULL PRIMARY KEY REFERENCES people (id),
  at_minute INTEGER NOT NULL CHECK (at_minute BETWEEN 0 AND 1439),
  zone TEXT NOT NULL CHECK (zone IN ('WIB', 'WITA', 'WIT'))
);
";

const DOWN: &str = r"
ALTER TABLE notices DROP COLUMN question_id;
ALTER TABLE notices DROP COLUMN catalog_id;
ALTER TABLE notices DROP COLUMN offer_id;
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::ddl(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::drop_tables(manager, &["digests"]).await?;
        crate::ddl(manager, DOWN).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
