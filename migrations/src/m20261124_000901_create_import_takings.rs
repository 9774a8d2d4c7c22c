//! Long lists on their way in: how far each is, and what is prepared of it; why one is a preview again.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: &str = r"
ALTER TABLE imports ADD COLUMN note TEXT CHECK (note IN ('changed', 'cancelled'));
CREATE TABLE import_takings (
  import_id UUID NOT NULL PRIMARY KEY REFERENCES imports (id),
  publish BOOLEAN NOT NULL,
  seen TEXT NOT NULL,
  rows_all BIGINT NOT NULL CHECK (rows_all > 0),
  rows_done BIGINT NOT NULL CHECK (rows_done BETWEEN 0 AND rows_all),
  begun_at BIGINT,
  moved_at BIGINT NOT NULL
);
CREATE TABLE import_parts (
  import_id UUID NOT NULL REFERENCES import_takings (import_id),
  part INTEGER NOT NULL CHECK (part >= 0),
  content TEXT NOT NULL,
  PRIMARY KEY (import_id, part)
);
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::ddl(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::drop_tables(manager, &["import_parts", "import_takings"]).await?;
        crate::ddl(manager, "ALTER TABLE imports DROP COLUMN note;\n").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
