//! What members make: categories, products, certificates, lots with their movements, and imports.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: &str = r"
CREATE TABLE categories (
  id TEXT NOT NULL PRIMARY KEY,
  position INTEGER NOT NULL,
  name_id TEXT NOT NULL,
  name_en TEXT NOT NULL,
  picture TEXT NOT NULL
);
CREATE TABLE commodities (
  id TEXT NOT NULL PRIMARY KEY,
  category_id TEXT NOT NULL REFERENCES categories (id),
  name_id TEXT NOT NULL,
  name_en TEXT NOT NULL,
  dimension TEXT NOT NULL CHECK (dimension IN ('mass', 'volume', 'length', 'count')),
  ppn_treatment TEXT NOT NULL CHECK (ppn_treatment IN ('taxable', 'exempt')),
  perishable BOOLEAN NOT NULL,
  grades TEXT NOT NULL,
  picture TEXT NOT NULL
);
CREATE INDEX commodities_by_category ON commodities (category_id, name_id);
CREATE TABLE imports (
  id UUID NOT NULL PRIMARY KEY,
  umkm_id UUID NOT NULL REFERENCES organisations (id),
  person_id UUID REFERENCES people (id),
  organisation_id UUID REFERENCES organisations (id),
  file_name TEXT NOT NULL,
  content TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('preview', 'done', 'undone', 'discarded')),
  report TEXT,
  created_at BIGINT NOT NULL,
  done_at BIGINT
);
CREATE INDEX imports_by_umkm ON imports (umkm_id, created_at);
CREATE TABLE products (
  id UUID NOT NULL PRIMARY KEY,
  umkm_id UUID NOT NULL REFERENCES organisations (id),
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  category_id TEXT REFERENCES categories (id),
  commodity_id TEXT REFERENCES commodities (id),
  unit TEXT,
  content_amount BIGINT CHECK (content_amount > 0),
  content_dimension TEXT CHECK (content_dimension IN ('mass', 'volume', 'length', 'count')),
  packs_per_carton BIGINT CHECK (packs_per_carton > 0),
  price_rupiah BIGINT CHECK (price_rupiah > 0),
  grade TEXT,
  lead_time_days INTEGER CHECK (lead_time_days >= 0),
  shelf_life_days INTEGER CHECK (shelf_life_days > 0),
  place TEXT,
  state TEXT NOT NULL CHECK (state IN ('draft', 'live', 'paused', 'hidden', 'archived')),
  import_id UUID REFERENCES imports (id),
  fingerprint TEXT,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  CHECK ((content_amount IS NULL) = (content_dimension IS NULL)),
  CHECK (state <> 'live' OR (unit IS NOT NULL AND price_rupiah IS NOT NULL AND category_id IS NOT NULL)),
  UNIQUE (umkm_id, fingerprint)
);
CREATE INDEX products_by_umkm ON products (umkm_id, state, name);
CREATE INDEX products_by_commodity ON products (commodity_id, state);
CREATE INDEX products_by_import ON products (import_id);
CREATE TABLE certificates (
  id UUID NOT NULL PRIMARY KEY,
  organisation_id UUID NOT NULL REFERENCES organisations (id),
  product_id UUID REFERENCES products (id),
  kind TEXT NOT NULL,
  number TEXT NOT NULL,
  issuer TEXT,
  valid_from INTEGER,
  valid_until INTEGER,
  created_at BIGINT NOT NULL,
  CHECK (valid_from IS NULL OR valid_until IS NULL OR valid_from <= valid_until)
);
CREATE INDEX certificates_by_organisation ON certificates (organisation_id, kind);
CREATE INDEX certificates_by_product ON certificates (product_id);
CREATE TABLE lots (
  id UUID NOT NULL PRIMARY KEY,
  product_id UUID NOT NULL REFERENCES products (id),
  umkm_id UUID NOT NULL REFERENCES organisations (id),
  ready_on INTEGER NOT NULL,
  good_until INTEGER,
  on_hand BIGINT NOT NULL,
  held BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  CHECK (0 <= held AND held <= on_hand),
  CHECK (good_until IS NULL OR good_until >= ready_on)
);
CREATE INDEX lots_by_product ON lots (product_id, good_until);
CREATE INDEX lots_by_umkm ON lots (umkm_id, product_id);
CREATE TABLE movements (
  id UUID NOT NULL PRIMARY KEY,
  lot_id UUID NOT NULL REFERENCES lots (id),
  kind TEXT NOT NULL CHECK (kind IN ('opening', 'added', 'corrected', 'shipped', 'returned')),
  packs BIGINT NOT NULL CHECK (packs <> 0),
  reason TEXT,
  at BIGINT NOT NULL,
  person_id UUID REFERENCES people (id),
  organisation_id UUID REFERENCES organisations (id),
  on_behalf BOOLEAN NOT NULL
);
CREATE INDEX movements_by_lot ON movements (lot_id, at);
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::ddl(manager, TABLES).await?;
        crate::forbid_change(manager, "movements").await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::drop_tables(
            manager,
            &[
                "movements",
                "lots",
                "certificates",
                "products",
                "imports",
                "commodities",
                "categories",
            ],
        )
        .await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
