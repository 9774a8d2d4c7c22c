//! What buyers see: offers with prices and pooled supplies, catalogs with editions, carts.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: &str = r"
CREATE TABLE offers (
  id UUID NOT NULL PRIMARY KEY,
  cooperative_id UUID NOT NULL REFERENCES organisations (id),
  title TEXT NOT NULL,
  description TEXT NOT NULL,
  category_id TEXT NOT NULL REFERENCES categories (id),
  commodity_id TEXT NOT NULL REFERENCES commodities (id),
  unit TEXT NOT NULL,
  content_amount BIGINT CHECK (content_amount > 0),
  content_dimension TEXT CHECK (content_dimension IN ('mass', 'volume', 'length', 'count')),
  grades TEXT NOT NULL,
  required_certificates TEXT NOT NULL,
  carton_name TEXT,
  packs_per_unit BIGINT NOT NULL CHECK (packs_per_unit > 0),
  mixed_carton TEXT NOT NULL CHECK (mixed_carton IN ('no', 'same_grade')),
  minimum_units BIGINT NOT NULL CHECK (minimum_units > 0),
  multiple_units BIGINT NOT NULL CHECK (multiple_units > 0),
  lead_time_days INTEGER NOT NULL CHECK (lead_time_days >= 0),
  rule TEXT NOT NULL CHECK (rule IN ('pro_rata', 'equal_share', 'least_served', 'grade_first', 'first_come')),
  max_share_bp BIGINT CHECK (max_share_bp BETWEEN 1 AND 10000),
  min_share_units BIGINT NOT NULL CHECK (min_share_units >= 0),
  lower_grade_max_bp BIGINT CHECK (lower_grade_max_bp BETWEEN 0 AND 10000),
  delivery_basis TEXT NOT NULL CHECK (delivery_basis IN ('loco', 'franco', 'quoted')),
  ppn_treatment TEXT NOT NULL CHECK (ppn_treatment IN ('taxable', 'exempt')),
  price_visibility TEXT NOT NULL CHECK (price_visibility IN ('public', 'registered', 'verified', 'buyers')),
  margin_model TEXT NOT NULL CHECK (margin_model IN ('spread', 'pct_of_buyer_price', 'pct_on_member_price', 'fixed_per_unit')),
  packaging_rupiah BIGINT NOT NULL CHECK (packaging_rupiah >= 0),
  transport_rupiah BIGINT NOT NULL CHECK (transport_rupiah >= 0),
  state TEXT NOT NULL CHECK (state IN ('draft', 'live', 'paused', 'archived')),
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  published_at BIGINT
);
CREATE INDEX offers_by_cooperative ON offers (cooperative_id, state, title);
CREATE INDEX offers_by_state ON offers (state, published_at);
CREATE TABLE offer_prices (
  offer_id UUID NOT NULL REFERENCES offers (id),
  grade TEXT NOT NULL,
  minimum_units BIGINT NOT NULL CHECK (minimum_units > 0),
  buyer_price_rupiah BIGINT NOT NULL CHECK (buyer_price_rupiah > 0),
  member_price_rupiah BIGINT NOT NULL CHECK (member_price_rupiah > 0),
  PRIMARY KEY (offer_id, grade, minimum_units),
  CHECK (member_price_rupiah <= buyer_price_rupiah)
);
CREATE TABLE freight_rates (
  offer_id UUID NOT NULL REFERENCES offers (id),
  region_code TEXT NOT NULL,
  rupiah_per_unit BIGINT NOT NULL CHECK (rupiah_per_unit >= 0),
  PRIMARY KEY (offer_id, region_code)
);
CREATE TABLE supplies (
  id UUID NOT NULL PRIMARY KEY,
  offer_id UUID NOT NULL REFERENCES offers (id),
  product_id UUID NOT NULL REFERENCES products (id),
  cooperative_id UUID NOT NULL REFERENCES organisations (id),
  supplier_id UUID NOT NULL REFERENCES organisations (id),
  grade TEXT NOT NULL,
  limit_packs BIGINT CHECK (limit_packs >= 0),
  offered_at BIGINT NOT NULL,
  withdrawn_at BIGINT,
  UNIQUE (offer_id, product_id)
);
CREATE INDEX supplies_by_product ON supplies (product_id);
CREATE INDEX supplies_by_supplier ON supplies (supplier_id, cooperative_id);
CREATE TABLE catalogs (
  id UUID NOT NULL PRIMARY KEY,
  cooperative_id UUID NOT NULL REFERENCES organisations (id),
  title TEXT NOT NULL,
  description TEXT NOT NULL,
  audience TEXT NOT NULL CHECK (audience IN ('public', 'verified', 'buyers')),
  opens_at BIGINT NOT NULL,
  closes_at BIGINT,
  state TEXT NOT NULL CHECK (state IN ('draft', 'published', 'closed', 'archived')),
  edition INTEGER NOT NULL CHECK (edition >= 0),
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  CHECK (closes_at IS NULL OR closes_at > opens_at)
);
CREATE INDEX catalogs_by_cooperative ON catalogs (cooperative_id, state, title);
CREATE TABLE catalog_offers (
  catalog_id UUID NOT NULL REFERENCES catalogs (id),
  offer_id UUID NOT NULL REFERENCES offers (id),
  position INTEGER NOT NULL,
  PRIMARY KEY (catalog_id, offer_id)
);
CREATE INDEX catalog_offers_by_offer ON catalog_offers (offer_id);
CREATE TABLE catalog_buyers (
  catalog_id UUID NOT NULL REFERENCES catalogs (id),
  buyer_id UUID NOT NULL REFERENCES organisations (id),
  PRIMARY KEY (catalog_id, buyer_id)
);
CREATE INDEX catalog_buyers_by_buyer ON catalog_buyers (buyer_id);
CREATE TABLE catalog_editions (
  catalog_id UUID NOT NULL REFERENCES catalogs (id),
  edition INTEGER NOT NULL,
  published_at BIGINT NOT NULL,
  published_by UUID REFERENCES people (id),
  content TEXT NOT NULL,
  PRIMARY KEY (catalog_id, edition)
);
CREATE TABLE carts (
  id UUID NOT NULL PRIMARY KEY,
  buyer_id UUID NOT NULL REFERENCES organisations (id),
  cooperative_id UUID NOT NULL REFERENCES organisations (id),
  po_number TEXT NOT NULL,
  note TEXT NOT NULL,
  deliver_to TEXT NOT NULL,
  region_code TEXT NOT NULL,
  wanted_on INTEGER,
  updated_at BIGINT NOT NULL,
  UNIQUE (buyer_id, cooperative_id)
);
CREATE TABLE cart_lines (
  cart_id UUID NOT NULL REFERENCES carts (id),
  offer_id UUID NOT NULL REFERENCES offers (id),
  units BIGINT NOT NULL CHECK (units > 0),
  seen_price_rupiah BIGINT NOT NULL,
  seen_units BIGINT NOT NULL,
  added_at BIGINT NOT NULL,
  PRIMARY KEY (cart_id, offer_id)
);
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::ddl(manager, TABLES).await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::drop_tables(
            manager,
            &[
                "cart_lines",
                "carts",
                "catalog_editions",
                "catalog_buyers",
                "catalog_offers",
                "catalogs",
                "supplies",
                "freight_rates",
                "offer_prices",
                "offers",
            ],
        )
        .await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
