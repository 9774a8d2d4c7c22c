//! Photos that were sent with a form and never came onto any goods: after some days they go, rows first and files later.
//!
//! A photo that was ever on goods stays, shown or not. The bytes of what nobody uses any more are taken away by a job,
//! which asks again before it does ([`Store::is_file_kept`]): another photo may have come to the same file meanwhile.

use domain::photos::FileHash;
use domain::time::Instant;
use sea_orm::{FromQueryResult, Value};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::act::Act;
use crate::error::Error;
use crate::events::Event;
use crate::sql::{Sql, placeholders};
use crate::write::{Store, Tx};

/// The kind of job that takes a file away.
pub const FORGET_FILE: &str = "forget_file";

/// Photos looked at in one deed.
const BATCH: i64 = 200;

/// The payload of a [`FORGET_FILE`] job.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct UnusedFile {
    pub hash: String,
}

#[derive(FromQueryResult)]
struct StagedRow {
    id: Uuid,
}

#[derive(FromQueryResult)]
struct FileRow {
    hash: String,
}

impl Store {
    /// Forgets photos kept before `before` that never were on any goods. Answers how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_staged_photos(&self, act: &Act, before: Instant) -> Result<usize, Error> {
        let mut forgotten = 0;
        loop {
            let batch = self
                .write(act, async |tx| tx.forget_staged_photos(before).await)
                .await?;
            if batch == 0 {
                return Ok(forgotten);
            }
            forgotten += batch;
        }
    }

    /// Whether a stored file is some photo's.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn is_file_kept(&self, hash: &FileHash) -> Result<bool, Error> {
        let kept = self
            .number(
                "SELECT COUNT(*) FROM files WHERE hash = $1",
                [hash.as_str().into()],
            )
            .await?;
        Ok(kept > 0)
    }
}

impl Tx {
    async fn forget_staged_photos(&self, before: Instant) -> Result<usize, Error> {
        let staged: Vec<StagedRow> = self
            .rows(
                "SELECT p.id FROM photos p WHERE p.created_at < $1 \
                 AND NOT EXISTS (SELECT 1 FROM product_photos g WHERE g.photo_id = p.id) \
                 AND NOT EXISTS (SELECT 1 FROM offer_photos o WHERE o.photo_id = p.id) ORDER BY p.id LIMIT $2",
                [before.0.into(), BATCH.into()],
            )
            .await?;
        if staged.is_empty() {
            return Ok(0);
        }
        let ids = || staged.iter().map(|row| Value::from(row.id));
        let these = placeholders(1, staged.len());
        let files: Vec<FileRow> = self
            .rows(
                format!(
                    "SELECT DISTINCT f.file_hash AS hash FROM photo_files f WHERE f.photo_id IN ({these}) \
                     AND NOT EXISTS (SELECT 1 FROM photo_files g WHERE g.file_hash = f.file_hash \
                     AND g.photo_id NOT IN ({these})) ORDER BY hash"
                ),
                ids(),
            )
            .await?;
        self.exec(
            format!("DELETE FROM photo_files WHERE photo_id IN ({these})"),
            ids(),
        )
        .await?;
        self.exec(format!("DELETE FROM photos WHERE id IN ({these})"), ids())
            .await?;
        if !files.is_empty() {
            self.exec(
                format!(
                    "DELETE FROM files WHERE hash IN ({})",
                    placeholders(1, files.len())
                ),
                files.iter().map(|file| Value::from(file.hash.as_str())),
            )
            .await?;
        }
        for photo in &staged {
            self.event(Event {
                subject_kind: "photo",
                subject_id: photo.id,
                kind: "photo_forgotten",
                ..Event::default()
            })
            .await?;
        }
        // Named by the day too: the same file may come, and go, again.
        let at = self.now().0;
        let jobs: Vec<(String, UnusedFile)> = files
            .into_iter()
            .map(|file| {
                let dedupe = format!("{FORGET_FILE}:{}:{at}", file.hash);
                (dedupe, UnusedFile { hash: file.hash })
            })
            .collect();
        self.jobs(FORGET_FILE, None, &jobs).await?;
        Ok(staged.len())
    }
}
