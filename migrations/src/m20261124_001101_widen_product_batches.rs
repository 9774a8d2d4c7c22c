//! Changes of many products at once also set their kind, their unit and their stock. A table's checks can't be changed
//! everywhere, so both tables are made anew.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// `packs` of a row is by how much the change moved the product's stock.
const UP: &str = r"
CREATE TABLE product_batches_new (
  id UUID NOT NULL PRIMARY KEY,
  umkm_id UUID NOT NULL REFERENCES organisations (id),
  kind TEXT NOT NULL CHECK (kind IN ('publish', 'price', 'archive', 'kind', 'unit', 'stock', 'table')),
  percent_bp BIGINT,
  person_id UUID REFERENCES people (id),
  organisation_id UUID REFERENCES organisations (id),
  created_at BIGINT NOT NULL,
  undone_at BIGINT,
  CHECK ((kind = 'price') = (percent_bp IS NOT NULL))
);
INSERT INTO product_batches_new (id, umkm_id, kind, percent_bp, person_id, organisation_id, created_at, undone_at)
  SELECT id, umkm_id, CASE WHEN percent_bp = 0 THEN 'table' ELSE kind END, NULLIF(percent_bp, 0), person_id,
  organisation_id, created_at, undone_at FROM product_batches;
CREATE TABLE product_batch_rows_new (
  batch_id UUID NOT NULL REFERENCES product_batches_new (id),
  product_id UUID NOT NULL REFERENCES products (id),
  state TEXT NOT NULL,
  price_rupiah BIGINT,
  category_id TEXT REFERENCES categories (id),
  commodity_id TEXT REFERENCES commodities (id),
  unit TEXT,
  content_amount BIGINT,
  content_dimension TEXT,
  packs_per_carton BIGINT,
  packs BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (batch_id, product_id)
);
INSERT INTO product_batch_rows_new (batch_id, product_id, state, price_rupiah, category_id, commodity_id, unit,
  content_amount, content_dimension, packs_per_carton, packs, version)
  SELECT r.batch_id, r.product_id, r.state, r.price_rupiah, p.category_id, p.commodity_id, p.unit, p.content_amount,
  p.content_dimension, p.packs_per_carton, 0, r.version FROM product_batch_rows r JOIN products p ON p.id = r.product_id;
DROP TABLE product_batch_rows;
DROP TABLE product_batches;
ALTER TABLE product_batches_new RENAME TO product_batches;
ALTER TABLE product_batch_rows_new RENAME TO product_batch_rows;
CREATE INDEX product_batches_by_umkm ON product_batches (umkm_id, created_at);
CREATE INDEX product_batch_rows_by_product ON product_batch_rows (product_id);
";

const DOWN: &str = r"
CREATE TABLE product_batches_old (
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
INSERT INTO product_batches_old (id, umkm_id, kind, percent_bp, person_id, organisation_id, created_at, undone_at)
  SELECT id, umkm_id, CASE WHEN kind = 'table' THEN 'price' ELSE kind END,
  CASE WHEN kind = 'table' THEN 0 ELSE percent_bp END, person_id, organisation_id, created_at, undone_at
  FROM product_batches WHERE kind IN ('publish', 'price', 'archive', 'table');
CREATE TABLE product_batch_rows_old (
  batch_id UUID NOT NULL REFERENCES product_batches_old (id),
  product_id UUID NOT NULL REFERENCES products (id),
  state TEXT NOT NULL,
  price_rupiah BIGINT,
  version BIGINT NOT NULL,
  PRIMARY KEY (batch_id, product_id)
);
INSERT INTO product_batch_rows_old (batch_id, product_id, state, price_rupiah, version)
  SELECT batch_id, product_id, state, price_rupiah, version FROM product_batch_rows
  WHERE batch_id IN (SELECT id FROM product_batches_old);
DROP TABLE product_batch_rows;
DROP TABLE product_batches;
ALTER TABLE product_batches_old RENAME TO product_batches;
ALTER TABLE product_batch_rows_old RENAME TO product_batch_rows;
CREATE INDEX product_batches_by_umkm ON product_batches (umkm_id, created_at);
CREATE INDEX product_batch_rows_by_product ON product_batch_rows (product_id);
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
