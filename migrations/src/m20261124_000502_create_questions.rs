//! Questions of buyers about offers, and their answers.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: &str = r"
CREATE TABLE questions (
  id UUID NOT NULL PRIMARY KEY,
  offer_id UUID NOT NULL REFERENCES offers (id),
  cooperative_id UUID NOT NULL REFERENCES organisations (id),
  buyer_id UUID NOT NULL REFERENCES organisations (id),
  asked_by UUID NOT NULL REFERENCES people (id),
  asked_at BIGINT NOT NULL,
  question TEXT NOT NULL,
  answer TEXT,
  answered_by UUID REFERENCES people (id),
  answered_at BIGINT,
  is_public BOOLEAN NOT NULL,
  hidden_by UUID REFERENCES people (id),
  hidden_at BIGINT,
  version BIGINT NOT NULL,
  CHECK ((answer IS NULL) = (answered_at IS NULL)),
  CHECK ((answer IS NULL) = (answered_by IS NULL)),
  CHECK ((hidden_by IS NULL) = (hidden_at IS NULL)),
  CHECK (answer IS NOT NULL OR NOT is_public)
);
CREATE INDEX questions_by_offer ON questions (offer_id, answered_at);
CREATE INDEX questions_by_cooperative ON questions (cooperative_id, asked_at);
CREATE INDEX questions_waiting ON questions (cooperative_id) WHERE answered_at IS NULL AND hidden_at IS NULL;
CREATE INDEX questions_by_buyer ON questions (buyer_id, offer_id);
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::ddl(manager, TABLES).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::drop_tables(manager, &["questions"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
