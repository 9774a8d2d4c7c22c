//! Stored files by the hash of their content, photos with their sizes, and which goods and offers show them.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: &str = r"
CREATE TABLE files (
  hash TEXT NOT NULL PRIMARY KEY CHECK (length(hash) = 64),
  media_type TEXT NOT NULL,
  bytes BIGINT NOT NULL CHECK (bytes > 0),
  created_at BIGINT NOT NULL
);
CREATE TABLE photos (
  id UUID NOT NULL PRIMARY KEY,
  organisation_id UUID NOT NULL REFERENCES organisations (id),
  person_id UUID REFERENCES people (id),
  width INTEGER NOT NULL CHECK (width > 0),
  height INTEGER NOT NULL CHECK (height > 0),
  colour TEXT NOT NULL CHECK (length(colour) = 7),
  bytes BIGINT NOT NULL CHECK (bytes > 0),
  created_at BIGINT NOT NULL
);
CREATE INDEX photos_by_organisation ON photos (organisation_id, created_at);
CREATE TABLE photo_files (
  photo_id UUID NOT NULL REFERENCES photos (id),
  name TEXT NOT NULL,
  file_hash TEXT NOT NULL REFERENCES files (hash),
  PRIMARY KEY (photo_id, name)
);
CREATE INDEX photo_files_by_file ON photo_files (file_hash);
CREATE TABLE product_photos (
  product_id UUID NOT NULL REFERENCES products (id),
  photo_id UUID NOT NULL REFERENCES photos (id),
  position INTEGER CHECK (position BETWEEN 1 AND 8),
  removed_at BIGINT,
  PRIMARY KEY (product_id, photo_id),
  UNIQUE (product_id, position),
  CHECK ((position IS NULL) = (removed_at IS NOT NULL))
);
CREATE INDEX product_photos_by_photo ON product_photos (photo_id);
CREATE TABLE offer_photos (
  offer_id UUID NOT NULL PRIMARY KEY REFERENCES offers (id),
  photo_id UUID NOT NULL REFERENCES photos (id)
);
CREATE INDEX offer_photos_by_photo ON offer_photos (photo_id);
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::ddl(manager, TABLES).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::drop_tables(
            manager,
            &[
                "offer_photos",
                "product_photos",
                "photo_files",
                "photos",
                "files",
            ],
        )
        .await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
