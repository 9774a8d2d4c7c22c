//! One-time links by mail, what is known of a person's address, consent, and the device behind a session.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

// `reset_issued_*`: somebody else made a link for a new password; told to the person at the next sign-in.
const SHAPE: &str = r"
ALTER TABLE people ADD COLUMN email_confirmed BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE people ADD COLUMN consented_at BIGINT;
ALTER TABLE people ADD COLUMN consented_to INTEGER;
ALTER TABLE people ADD COLUMN reset_issued_at BIGINT;
ALTER TABLE people ADD COLUMN reset_issued_by UUID;
ALTER TABLE sessions ADD COLUMN agent TEXT;
CREATE TABLE links (
  token_hash TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('reset', 'email', 'former', 'step')),
  person_id UUID NOT NULL REFERENCES people (id),
  email TEXT,
  keep BOOLEAN NOT NULL,
  issued_by UUID REFERENCES people (id),
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  CHECK (kind NOT IN ('email', 'former') OR email IS NOT NULL)
);
CREATE INDEX links_by_person ON links (person_id, kind);
CREATE INDEX links_by_expiry ON links (expires_at);
";

const BACK: &str = r"
DROP TABLE links;
ALTER TABLE sessions DROP COLUMN agent;
ALTER TABLE people DROP COLUMN reset_issued_by;
ALTER TABLE people DROP COLUMN reset_issued_at;
ALTER TABLE people DROP COLUMN consented_to;
ALTER TABLE people DROP COLUMN consented_at;
ALTER TABLE people DROP COLUMN email_confirmed;
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
