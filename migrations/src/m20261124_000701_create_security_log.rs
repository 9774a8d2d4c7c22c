//! The security log, and what the administrator's desk looks things up by.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: &str = r"
CREATE TABLE security_log (
  id UUID NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL,
  kind TEXT NOT NULL,
  person_id UUID REFERENCES people (id),
  organisation_id UUID REFERENCES organisations (id),
  address TEXT,
  detail TEXT
);
CREATE INDEX security_log_by_time ON security_log (at);
CREATE INDEX security_log_by_person ON security_log (person_id, at);
CREATE INDEX security_log_by_kind ON security_log (kind, at);
CREATE INDEX events_by_person ON events (person_id, at);
CREATE INDEX events_by_kind ON events (kind, at);
CREATE INDEX jobs_dead ON jobs (dead_at) WHERE dead_at IS NOT NULL;
ALTER TABLE categories ADD COLUMN retired_at BIGINT;
ALTER TABLE commodities ADD COLUMN retired_at BIGINT;
";

const DOWN: &str = r"
ALTER TABLE commodities DROP COLUMN retired_at;
ALTER TABLE categories DROP COLUMN retired_at;
DROP INDEX jobs_dead;
DROP INDEX events_by_kind;
DROP INDEX events_by_person;
DROP TABLE security_log;
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::ddl(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::ddl(manager, DOWN).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
