//! The edition of the public pages, and how each offer's availability was last told on them.
//!
//! A page that was drawn for one edition is good until the next: whatever changes what everybody sees moves the number on
//! in the same transaction. Sales and stock move it only when the availability that is *told* (a band) changes.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: &str = r"
CREATE TABLE editions (
  id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  number BIGINT NOT NULL CHECK (number > 0)
);
INSERT INTO editions (id, number) VALUES (1, 1);
CREATE TABLE outlooks (
  offer_id UUID NOT NULL PRIMARY KEY REFERENCES offers (id),
  told TEXT NOT NULL
);
CREATE INDEX offers_by_publication ON offers (state, published_at, id);
CREATE INDEX offers_newest_of_cooperative ON offers (cooperative_id, state, published_at);
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::ddl(manager, TABLES).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for index in ["offers_by_publication", "offers_newest_of_cooperative"] {
            manager
                .get_connection()
                .execute_unprepared(&format!("DROP INDEX {index}"))
                .await?;
        }
        crate::drop_tables(manager, &["outlooks", "editions"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
