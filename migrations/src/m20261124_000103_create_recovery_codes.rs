//! The second step of signing in: the seed of an authenticator app's secret, the last code taken, and codes for the day
//! the telephone is lost.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

// `step_seed` is not the secret: that is derived from it with the secret of the installation.
const SHAPE: &str = r"
ALTER TABLE people ADD COLUMN step_seed TEXT;
ALTER TABLE people ADD COLUMN step_since BIGINT;
ALTER TABLE people ADD COLUMN step_last BIGINT;
CREATE TABLE recovery_codes (
  person_id UUID NOT NULL REFERENCES people (id),
  code_hash TEXT NOT NULL,
  used_at BIGINT,
  PRIMARY KEY (person_id, code_hash)
);
";

const BACK: &str = r"
DROP TABLE recovery_codes;
ALTER TABLE people DROP COLUMN step_last;
ALTER TABLE people DROP COLUMN step_since;
ALTER TABLE people DROP COLUMN step_seed;
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::ddl(manager, SHAPE).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::ddl(manager, BACK).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
