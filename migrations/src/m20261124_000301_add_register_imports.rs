//! Imports of several kinds, what an import of a register brought, and opening balances of savings.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: &str = r"
ALTER TABLE imports RENAME COLUMN umkm_id TO owner_id;
ALTER TABLE imports ADD COLUMN kind TEXT NOT NULL DEFAULT 'listings' CHECK (kind IN ('listings', 'members'));
DROP INDEX imports_by_umkm;
CREATE INDEX imports_by_owner ON imports (owner_id, kind, created_at);
CREATE INDEX imports_by_state ON imports (state, created_at);
CREATE TABLE imported_members (
  import_id UUID NOT NULL REFERENCES imports (id),
  member_id UUID NOT NULL REFERENCES members (id),
  cooperative_id UUID NOT NULL REFERENCES organisations (id),
  is_new BOOLEAN NOT NULL,
  fingerprint TEXT NOT NULL,
  PRIMARY KEY (import_id, member_id)
);
CREATE INDEX imported_members_by_cooperative ON imported_members (cooperative_id);
CREATE TABLE opening_balances (
  id UUID NOT NULL PRIMARY KEY,
  cooperative_id UUID NOT NULL REFERENCES organisations (id),
  member_id UUID NOT NULL REFERENCES members (id),
  kind TEXT NOT NULL CHECK (kind IN ('principal', 'mandatory', 'voluntary')),
  amount_rupiah BIGINT NOT NULL CHECK (amount_rupiah <> 0),
  as_of INTEGER NOT NULL,
  import_id UUID NOT NULL REFERENCES imports (id),
  reverses UUID UNIQUE REFERENCES opening_balances (id),
  created_at BIGINT NOT NULL,
  CHECK ((reverses IS NULL) = (amount_rupiah > 0))
);
CREATE INDEX opening_balances_by_member ON opening_balances (member_id, kind);
CREATE INDEX opening_balances_by_cooperative ON opening_balances (cooperative_id);
CREATE INDEX opening_balances_by_import ON opening_balances (import_id);
";

const DOWN: &str = r"
DROP INDEX imports_by_state;
DROP INDEX imports_by_owner;
DELETE FROM imports WHERE kind <> 'listings';
ALTER TABLE imports DROP COLUMN kind;
ALTER TABLE imports RENAME COLUMN owner_id TO umkm_id;
CREATE INDEX imports_by_umkm ON imports (umkm_id, created_at);
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::ddl(manager, UP).await?;
        crate::forbid_change(manager, "opening_balances").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::drop_tables(manager, &["opening_balances", "imported_members"]).await?;
        crate::ddl(manager, DOWN).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
