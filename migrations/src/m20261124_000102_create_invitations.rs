//! Invitations by link: of members to a cooperative, of colleagues to one's own organisation.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

// Name and contact stand here only until somebody accepts, or until the row goes.
const TABLE: &str = r"
CREATE TABLE invitations (
  id UUID NOT NULL PRIMARY KEY,
  token_hash TEXT NOT NULL UNIQUE,
  organisation_id UUID NOT NULL REFERENCES organisations (id),
  role TEXT,
  name TEXT,
  email TEXT,
  phone TEXT,
  state TEXT NOT NULL CHECK (state IN ('open', 'accepted', 'withdrawn')),
  invited_by UUID NOT NULL REFERENCES people (id),
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  closed_at BIGINT,
  accepted_by UUID REFERENCES people (id),
  supplier_id UUID REFERENCES organisations (id),
  CHECK ((state = 'open') = (closed_at IS NULL)),
  CHECK (state <> 'open' OR email IS NOT NULL OR phone IS NOT NULL),
  CHECK ((state = 'accepted') = (accepted_by IS NOT NULL))
);
CREATE INDEX invitations_by_organisation ON invitations (organisation_id, created_at);
CREATE INDEX invitations_by_expiry ON invitations (state, expires_at);
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::ddl(manager, TABLE).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::drop_tables(manager, &["invitations"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
