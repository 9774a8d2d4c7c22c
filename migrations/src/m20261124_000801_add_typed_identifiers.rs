//! NIB and NPWP as they were typed, beside their normal spelling (DOMAIN §3): what somebody wrote can be shown again when
//! a number turns out to be another's.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: &str = r"
ALTER TABLE organisations ADD COLUMN nib_typed TEXT;
ALTER TABLE organisations ADD COLUMN npwp_typed TEXT;
UPDATE organisations SET nib_typed = nib, npwp_typed = npwp;
";

const DOWN: &str = r"
ALTER TABLE organisations DROP COLUMN npwp_typed;
ALTER TABLE organisations DROP COLUMN nib_typed;
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
