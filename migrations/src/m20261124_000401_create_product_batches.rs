//! Changes of many products at once that can be taken back, and the least a member gives to an order.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: &str = r"
ALTER TABLE products ADD COLUMN minimum_packs BIGINT CHECK (minimum_packs > 0);
CREATE TABLE product_batches (
  id UUID NOT NULL PRIMARY KEY,
  umkm_id UUID NOT NULL REFERENCES organisations (id),
  kind TEXT NOT NULL CHECK (kind IN ('publish', 'price', 'archive')),
  percent_bp BIGINT,
  person_id UUID REFERENCES people (id),
  organisation_id UUID REFERENCES organisations (id),
  created_at BIGINT NOT NULL,
  undone_at BIGINT,
  CHECK ((kind = 'price') = (percent_bp IS NOT NULL))
);
CREATE INDEX product_batches_by_umkm ON product_batches (umkm_id, created_at);
CREATE TABLE product_batch_rows (
  batch_id UUID NOT NULL REFERENCES product_batches (id),
  product_id UUID NOT NULL REFERENCES products (id),
  state TEXT NOT NULL,
  price_rupiah BIGINT,
  version BIGINT NOT NULL,
  PRIMARY KEY (batch_id, product_id)
);
CREATE INDEX product_batch_rows_by_product ON product_batch_rows (product_id);
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::ddl(manager, TABLES).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::drop_tables(manager, &["product_batch_rows", "product_batches"]).await?;
        crate::ddl(manager, "ALTER TABLE products DROP COLUMN minimum_packs").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
