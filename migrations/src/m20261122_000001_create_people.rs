//! People, organisations, their roles, sessions, and the counters that protect people.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: &str = r"
CREATE TABLE people (
  id UUID NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  email TEXT,
  email_key TEXT UNIQUE,
  phone TEXT UNIQUE,
  phone_confirmed BOOLEAN NOT NULL,
  password_hash TEXT,
  lang TEXT CHECK (lang IN ('id', 'en')),
  created_at BIGINT NOT NULL,
  locked_at BIGINT,
  CHECK ((email IS NULL) = (email_key IS NULL))
);
CREATE TABLE organisations (
  id UUID NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('umkm', 'cooperative', 'buyer', 'agency', 'platform')),
  name TEXT NOT NULL,
  slug TEXT NOT NULL UNIQUE,
  code TEXT UNIQUE,
  region_code TEXT NOT NULL,
  village TEXT,
  address TEXT,
  postal_code TEXT,
  phone TEXT,
  email TEXT,
  nib TEXT,
  npwp TEXT,
  is_pkp BOOLEAN NOT NULL,
  coop_kind TEXT CHECK (coop_kind IN ('producer', 'consumer', 'marketing', 'service', 'savings_loan')),
  buyer_kind TEXT,
  supply_model TEXT CHECK (supply_model IN ('outright', 'consignment')),
  default_rule TEXT CHECK (default_rule IN ('pro_rata', 'equal_share', 'least_served', 'grade_first', 'first_come')),
  staff_limit_rupiah BIGINT CHECK (staff_limit_rupiah >= 0),
  payment_term TEXT,
  verification TEXT NOT NULL CHECK (verification IN ('unverified', 'submitted', 'verified', 'rejected')),
  verification_note TEXT,
  verified_at BIGINT,
  verified_by UUID REFERENCES people (id),
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  CHECK (kind <> 'cooperative' OR verification <> 'verified' OR code IS NOT NULL)
);
CREATE INDEX organisations_by_kind ON organisations (kind, verification, name);
CREATE TABLE roles (
  person_id UUID NOT NULL REFERENCES people (id),
  organisation_id UUID NOT NULL REFERENCES organisations (id),
  role TEXT NOT NULL CHECK (role IN ('umkm_owner', 'coop_manager', 'coop_board', 'coop_supervisor', 'coop_treasurer', 'buyer_staff', 'buyer_approver', 'platform_admin', 'dinas_observer')),
  since BIGINT NOT NULL,
  until BIGINT,
  PRIMARY KEY (person_id, organisation_id, role)
);
CREATE INDEX roles_by_organisation ON roles (organisation_id, role);
CREATE TABLE sessions (
  token_hash TEXT NOT NULL PRIMARY KEY,
  person_id UUID NOT NULL REFERENCES people (id),
  organisation_id UUID REFERENCES organisations (id),
  csrf TEXT NOT NULL,
  flash TEXT,
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_person ON sessions (person_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
CREATE TABLE rate_counters (
  bucket TEXT NOT NULL,
  window_start BIGINT NOT NULL,
  hits BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (bucket, window_start)
);
CREATE INDEX rate_counters_by_expiry ON rate_counters (expires_at);
CREATE TABLE members (
  id UUID NOT NULL PRIMARY KEY,
  cooperative_id UUID NOT NULL REFERENCES organisations (id),
  supplier_id UUID NOT NULL REFERENCES organisations (id),
  number INTEGER CHECK (number > 0),
  status TEXT NOT NULL CHECK (status IN ('applied', 'candidate', 'active', 'associate', 'declined', 'left')),
  applied_at BIGINT NOT NULL,
  decided_at BIGINT,
  joined_on INTEGER,
  left_on INTEGER,
  note TEXT,
  UNIQUE (cooperative_id, supplier_id),
  UNIQUE (cooperative_id, number)
);
CREATE INDEX members_by_supplier ON members (supplier_id, status);
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
                "members",
                "rate_counters",
                "sessions",
                "roles",
                "organisations",
                "people",
            ],
        )
        .await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
