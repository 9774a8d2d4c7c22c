//! Orders: lines with frozen prices, runs of the sharing rule, shares, holds on lots, consents.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: &str = r"
CREATE TABLE orders (
  id UUID NOT NULL PRIMARY KEY,
  number TEXT UNIQUE,
  buyer_id UUID NOT NULL REFERENCES organisations (id),
  cooperative_id UUID NOT NULL REFERENCES organisations (id),
  state TEXT NOT NULL CHECK (state IN ('draft', 'pending_approval', 'sent', 'confirmed', 'declined', 'cancelled', 'expired')),
  created_by UUID NOT NULL REFERENCES people (id),
  created_at BIGINT NOT NULL,
  submitted_at BIGINT,
  sent_at BIGINT,
  goods_rupiah BIGINT NOT NULL CHECK (goods_rupiah >= 0),
  ppn_rupiah BIGINT NOT NULL CHECK (ppn_rupiah >= 0),
  freight_rupiah BIGINT NOT NULL CHECK (freight_rupiah >= 0),
  total_rupiah BIGINT NOT NULL,
  freight_pending BOOLEAN NOT NULL,
  po_number TEXT NOT NULL,
  note TEXT NOT NULL,
  deliver_to TEXT NOT NULL,
  region_code TEXT NOT NULL,
  wanted_on INTEGER,
  is_pkp BOOLEAN NOT NULL,
  terms TEXT NOT NULL,
  content_hash TEXT NOT NULL,
  answer_by BIGINT,
  expires_at BIGINT,
  version BIGINT NOT NULL,
  CHECK (total_rupiah = goods_rupiah + ppn_rupiah + freight_rupiah)
);
CREATE INDEX orders_by_buyer ON orders (buyer_id, state, created_at);
CREATE INDEX orders_by_cooperative ON orders (cooperative_id, state, created_at);
CREATE INDEX orders_by_expiry ON orders (state, expires_at);
CREATE TABLE order_lines (
  id UUID NOT NULL PRIMARY KEY,
  order_id UUID NOT NULL REFERENCES orders (id),
  position INTEGER NOT NULL,
  offer_id UUID NOT NULL REFERENCES offers (id),
  offer_version BIGINT NOT NULL,
  title TEXT NOT NULL,
  picture TEXT NOT NULL,
  unit TEXT NOT NULL,
  carton_name TEXT,
  packs_per_unit BIGINT NOT NULL CHECK (packs_per_unit > 0),
  mixed_carton TEXT NOT NULL,
  rule TEXT NOT NULL,
  ordered_units BIGINT NOT NULL CHECK (ordered_units > 0),
  units BIGINT NOT NULL CHECK (units >= 0),
  packs BIGINT NOT NULL CHECK (packs >= 0),
  tier_minimum_units BIGINT NOT NULL,
  ppn_treatment TEXT NOT NULL,
  delivery_basis TEXT NOT NULL,
  packaging_rupiah BIGINT NOT NULL,
  transport_rupiah BIGINT NOT NULL,
  margin_rupiah BIGINT NOT NULL,
  second_run_at BIGINT,
  goods_rupiah BIGINT NOT NULL CHECK (goods_rupiah >= 0),
  ppn_rupiah BIGINT NOT NULL CHECK (ppn_rupiah >= 0),
  freight_rupiah BIGINT NOT NULL CHECK (freight_rupiah >= 0),
  UNIQUE (order_id, position),
  UNIQUE (order_id, offer_id),
  CHECK (units <= ordered_units),
  CHECK (packs = units * packs_per_unit)
);
CREATE INDEX order_lines_by_offer ON order_lines (offer_id);
CREATE TABLE order_line_prices (
  order_line_id UUID NOT NULL REFERENCES order_lines (id),
  grade TEXT NOT NULL,
  buyer_price_rupiah BIGINT NOT NULL CHECK (buyer_price_rupiah > 0),
  member_price_rupiah BIGINT NOT NULL CHECK (member_price_rupiah > 0),
  PRIMARY KEY (order_line_id, grade)
);
CREATE TABLE allocations (
  id UUID NOT NULL PRIMARY KEY,
  order_line_id UUID NOT NULL REFERENCES order_lines (id),
  run INTEGER NOT NULL CHECK (run > 0),
  rule TEXT NOT NULL,
  rule_version INTEGER NOT NULL,
  content TEXT NOT NULL,
  at BIGINT NOT NULL,
  UNIQUE (order_line_id, run)
);
CREATE TABLE allocation_rows (
  allocation_id UUID NOT NULL REFERENCES allocations (id),
  supply_id UUID NOT NULL REFERENCES supplies (id),
  cooperative_id UUID NOT NULL REFERENCES organisations (id),
  supplier_id UUID NOT NULL REFERENCES organisations (id),
  offered_packs BIGINT NOT NULL CHECK (offered_packs >= 0),
  given_packs BIGINT NOT NULL CHECK (given_packs >= 0),
  at BIGINT NOT NULL,
  PRIMARY KEY (allocation_id, supply_id)
);
CREATE INDEX allocation_rows_by_supplier ON allocation_rows (cooperative_id, supplier_id, at);
CREATE TABLE shares (
  id UUID NOT NULL PRIMARY KEY,
  order_id UUID NOT NULL REFERENCES orders (id),
  order_line_id UUID NOT NULL REFERENCES order_lines (id),
  allocation_id UUID NOT NULL REFERENCES allocations (id),
  cooperative_id UUID NOT NULL REFERENCES organisations (id),
  supplier_id UUID NOT NULL REFERENCES organisations (id),
  supply_id UUID NOT NULL REFERENCES supplies (id),
  product_id UUID NOT NULL REFERENCES products (id),
  grade TEXT NOT NULL,
  proposed_packs BIGINT NOT NULL CHECK (proposed_packs > 0),
  packs BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('proposed', 'accepted', 'reduced', 'declined', 'released')),
  answer_by BIGINT,
  answered_at BIGINT,
  answered_by UUID REFERENCES people (id),
  on_behalf BOOLEAN NOT NULL,
  reason TEXT,
  created_at BIGINT NOT NULL,
  UNIQUE (allocation_id, supply_id),
  CHECK (0 <= packs AND packs <= proposed_packs)
);
CREATE INDEX shares_by_order ON shares (order_id);
CREATE INDEX shares_by_line ON shares (order_line_id);
CREATE INDEX shares_by_supplier ON shares (supplier_id, state, created_at);
CREATE INDEX shares_by_deadline ON shares (state, answer_by);
CREATE TABLE holds (
  id UUID NOT NULL PRIMARY KEY,
  lot_id UUID NOT NULL REFERENCES lots (id),
  kind TEXT NOT NULL CHECK (kind IN ('checkout', 'approval', 'quotation', 'order')),
  order_id UUID REFERENCES orders (id),
  share_id UUID REFERENCES shares (id),
  packs BIGINT NOT NULL CHECK (packs > 0),
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  released_at BIGINT,
  release_reason TEXT,
  CHECK ((released_at IS NULL) = (release_reason IS NULL))
);
CREATE INDEX holds_by_lot ON holds (lot_id, released_at);
CREATE INDEX holds_by_share ON holds (share_id);
CREATE INDEX holds_by_order ON holds (order_id);
CREATE INDEX holds_by_expiry ON holds (released_at, expires_at);
CREATE TABLE consents (
  id UUID NOT NULL PRIMARY KEY,
  order_id UUID NOT NULL REFERENCES orders (id),
  kind TEXT NOT NULL CHECK (kind IN ('reduced', 'freight')),
  before_rupiah BIGINT NOT NULL,
  after_rupiah BIGINT NOT NULL,
  proposal TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'accepted', 'refused', 'withdrawn')),
  asked_at BIGINT NOT NULL,
  asked_by UUID REFERENCES people (id),
  answered_at BIGINT,
  answered_by UUID REFERENCES people (id)
);
CREATE INDEX consents_by_order ON consents (order_id, asked_at);
CREATE UNIQUE INDEX consents_one_open ON consents (order_id) WHERE state = 'open';
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
                "consents",
                "holds",
                "shares",
                "allocation_rows",
                "allocations",
                "order_line_prices",
                "order_lines",
                "orders",
            ],
        )
        .await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
