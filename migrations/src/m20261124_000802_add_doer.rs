//! Who did it, in the security log, where that is another than whom it is about: an administrator who locks an account.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: &str = r"
ALTER TABLE security_log ADD COLUMN by_id UUID REFERENCES people (id);
CREATE INDEX security_log_by_doer ON security_log (by_id, at) WHERE by_id IS NOT NULL;
";

const DOWN: &str = r"
DROP INDEX security_log_by_doer;
ALTER TABLE security_log DROP COLUMN by_id;
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
