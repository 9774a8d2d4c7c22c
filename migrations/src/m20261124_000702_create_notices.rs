//! Notices inside Lumbung, and what each person wants to be told by which way.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: &str = r"
CREATE TABLE notices (
  id UUID NOT NULL PRIMARY KEY,
  person_id UUID NOT NULL REFERENCES people (id),
  organisation_id UUID REFERENCES organisations (id),
  event_id UUID NOT NULL REFERENCES events (id),
  kind TEXT NOT NULL,
  order_id UUID REFERENCES orders (id),
  share_id UUID REFERENCES shares (id),
  subject_id UUID REFERENCES organisations (id),
  cooperative_id UUID REFERENCES organisations (id),
  dedupe TEXT NOT NULL UNIQUE,
  at BIGINT NOT NULL,
  read_at BIGINT,
  CHECK (read_at IS NULL OR read_at >= at)
);
CREATE INDEX notices_by_person ON notices (person_id, at);
CREATE INDEX notices_unread ON notices (person_id) WHERE read_at IS NULL;
CREATE INDEX notices_by_event ON notices (event_id);
CREATE INDEX notices_by_time ON notices (at);
CREATE TABLE notice_choices (
  person_id UUID NOT NULL REFERENCES people (id),
  topic TEXT NOT NULL CHECK (topic IN ('orders', 'shares', 'members')),
  by_mail BOOLEAN NOT NULL,
  in_app BOOLEAN NOT NULL,
  PRIMARY KEY (person_id, topic)
);
CREATE TABLE quiet_hours (
  person_id UUID NOT NULL PRIMARY KEY REFERENCES people (id),
  begins_minute INTEGER NOT NULL CHECK (begins_minute BETWEEN 0 AND 1439),
  ends_minute INTEGER NOT NULL CHECK (ends_minute BETWEEN 0 AND 1439),
  zone TEXT NOT NULL CHECK (zone IN ('WIB', 'WITA', 'WIT')),
  CHECK (begins_minute <> ends_minute)
);
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::ddl(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::drop_tables(manager, &["quiet_hours", "notice_choices", "notices"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
