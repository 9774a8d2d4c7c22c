//! Events, settings with dates, document counters, jobs (the outbox) and marks.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: &str = r"
CREATE TABLE events (
  id UUID NOT NULL PRIMARY KEY,
  subject_kind TEXT NOT NULL,
  subject_id UUID NOT NULL,
  seq BIGINT NOT NULL CHECK (seq > 0),
  at BIGINT NOT NULL,
  person_id UUID REFERENCES people (id),
  organisation_id UUID REFERENCES organisations (id),
  on_behalf_of UUID REFERENCES organisations (id),
  kind TEXT NOT NULL,
  from_state TEXT,
  to_state TEXT,
  reason TEXT,
  data TEXT,
  UNIQUE (subject_kind, subject_id, seq)
);
CREATE INDEX events_by_time ON events (at);
CREATE TABLE settings (
  id UUID NOT NULL PRIMARY KEY,
  scope TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  valid_from INTEGER NOT NULL,
  valid_until INTEGER,
  legal_basis TEXT,
  decided_by TEXT,
  created_at BIGINT NOT NULL,
  UNIQUE (scope, key, valid_from),
  CHECK (valid_until IS NULL OR valid_until >= valid_from)
);
CREATE TABLE counters (
  issuer_id UUID NOT NULL REFERENCES organisations (id),
  kind TEXT NOT NULL,
  year INTEGER NOT NULL,
  value BIGINT NOT NULL CHECK (value >= 0),
  PRIMARY KEY (issuer_id, kind, year)
);
CREATE TABLE jobs (
  id UUID NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  payload TEXT NOT NULL,
  dedupe TEXT NOT NULL UNIQUE,
  event_id UUID REFERENCES events (id),
  run_at BIGINT NOT NULL,
  attempts INTEGER NOT NULL,
  locked_until BIGINT,
  last_error TEXT,
  done_at BIGINT,
  dead_at BIGINT,
  created_at BIGINT NOT NULL
);
CREATE INDEX jobs_due ON jobs (done_at, dead_at, run_at);
CREATE TABLE marks (
  key TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
);
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::ddl(manager, TABLES).await?;
        crate::forbid_change(manager, "events").await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::drop_tables(
            manager,
            &["marks", "jobs", "counters", "settings", "events"],
        )
        .await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
