//! Bringing in a long list that its owner has consented to: a job prepares its rows a part at a time and lays them aside,
//! so that the database's one writer is free in between and the owner sees how far it is; then one deed writes all of it.
//! Until then nobody finds anything of the list. A job that is broken off goes on with the next part; dropped by its
//! owner, or changed by what happened meanwhile, the list is a preview again.

use domain::{
    ids::{ImportId, OrganisationId},
    imports::ImportKind,
    time::Instant,
};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::{
    Content, ImportError, ImportState, Preview, Reading, find, listings, parts::Part, preview,
    register,
};
use crate::act::Act;
use crate::entities::{import_parts, import_takings};
use crate::error::Error;
use crate::events::Event;
use crate::jobs::Claimed;
use crate::sql::Sql;
use crate::write::{Store, Tx};

/// The kind of job that brings a long list in.
pub const TAKE_IMPORT: &str = "take_import";
/// Lists with more rows to be written than this are brought in by a job.
pub const AT_ONCE_MAX: usize = 500;
/// Rows prepared in one deed.
const PART_ROWS: usize = 250;

/// How far a list is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub rows_all: i64,
    pub rows_done: i64,
    /// When the first part was begun; not before its turn comes.
    pub begun_at: Option<Instant>,
    /// When something last moved.
    pub moved_at: Instant,
}

impl Progress {
    /// Of a hundred. All of it only when it is in: writing what is prepared is the last hundredth.
    #[must_use]
    pub fn percent(&self) -> i64 {
        self.rows_done.saturating_mul(99) / self.rows_all.max(1)
    }

    /// Seconds that are left, as fast as it went so far; unknown before the first part.
    #[must_use]
    pub fn seconds_left(&self, now: Instant) -> Option<i64> {
        let begun = self.begun_at.filter(|_| self.rows_done > 0)?;
        let took = now.0.saturating_sub(begun.0).max(0) / 1_000_000;
        let left = self.rows_all.saturating_sub(self.rows_done).max(0);
        Some(took.saturating_mul(left) / self.rows_done.max(1) + 1)
    }
}

#[derive(Clone, Copy, Serialize, Deserialize)]
struct Wanted {
    import: ImportId,
    kind: ImportKind,
    owner: OrganisationId,
}

/// What an owner consents to.
#[derive(Clone, Copy)]
pub struct Consent<'a> {
    /// What the list would bring at this moment.
    pub preview: &'a Preview,
    /// Complete rows are published at once.
    pub publish: bool,
    /// The digest of the preview that was looked at.
    pub seen: &'a str,
}

/// A list in the hands of its job.
pub struct Taking {
    wanted: Wanted,
    job: Uuid,
    /// Whoever consented.
    act: Act,
    publish: bool,
    seen: String,
    preview: Preview,
    plan: Plan,
    parts_done: usize,
}

enum Plan {
    Listings(domain::time::Day),
    Members(register::Plan),
}

impl Taking {
    fn rows(&self) -> usize {
        match &self.preview {
            Preview::Listings(preview) => preview.rows.len(),
            Preview::Members(preview) => preview.rows.len(),
        }
    }

    /// Whether every row is prepared.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.parts_done >= self.rows().div_ceil(PART_ROWS)
    }

    fn at(&self, now: Instant) -> Act {
        Act { now, ..self.act }
    }
}

impl Store {
    /// Has a job bring in a list that the owner consented to.
    ///
    /// # Errors
    /// [`ImportError::Changed`], [`ImportError::Busy`] while another list of the owner is on its way,
    /// [`ImportError::WrongState`].
    pub async fn queue_import(
        &self,
        act: &Act,
        kind: ImportKind,
        owner: OrganisationId,
        import: ImportId,
        consent: &Consent<'_>,
    ) -> Result<(), ImportError> {
        let Consent {
            preview,
            publish,
            seen,
        } = *consent;
        if preview.digest() != seen {
            return Err(ImportError::Changed);
        }
        let rows = preview.tally().read;
        self.write(act, async |tx| -> Result<(), ImportError> {
            tx.lock_import(kind, owner, import, ImportState::Preview)
                .await?;
            let others = tx
                .number(
                    "SELECT COUNT(*) FROM import_takings t JOIN imports i ON i.id = t.import_id \
                     WHERE i.owner_id = $1 AND i.kind = $2",
                    [owner.0.into(), kind.as_str().into()],
                )
                .await?;
            if others > 0 {
                return Err(ImportError::Busy);
            }
            tx.brings(import).await?;
            tx.insert(import_takings::Model {
                import_id: import.0,
                publish,
                seen: seen.to_owned(),
                rows_all: i64::try_from(rows).unwrap_or(i64::MAX),
                rows_done: 0,
                begun_at: None,
                moved_at: tx.now().0,
            })
            .await?;
            let event = tx.import_event(import, "import_consented").await?;
            let wanted = Wanted {
                import,
                kind,
                owner,
            };
            let dedupe = format!("{TAKE_IMPORT}:{event}");
            Ok(tx.job(TAKE_IMPORT, dedupe, Some(event), &wanted).await?)
        })
        .await
    }

    /// Stops a list that is on its way: nothing of it comes in, and it is a preview again.
    ///
    /// # Errors
    /// [`ImportError::WrongState`] when it is all in already.
    pub async fn cancel_import(
        &self,
        act: &Act,
        kind: ImportKind,
        owner: OrganisationId,
        import: ImportId,
    ) -> Result<(), ImportError> {
        self.write(act, async |tx| -> Result<(), ImportError> {
            tx.lock_import(kind, owner, import, ImportState::Taking)
                .await?;
            tx.put_back(import, "cancelled").await
        })
        .await
    }

    /// Takes a job's list in hand; `None` when there is nothing to do any more.
    ///
    /// # Errors
    /// When the database fails; [`ImportError::Unreadable`].
    pub async fn begin_taking(
        &self,
        now: Instant,
        job: &Claimed,
    ) -> Result<Option<Taking>, ImportError> {
        let wanted: Wanted = serde_json::from_str(&job.payload).map_err(Error::from)?;
        let row = find(self, wanted.kind, wanted.owner, wanted.import, "").await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let (Some(publish), Some(seen)) = (row.publish, row.seen.clone()) else {
            return Ok(None);
        };
        let content = Content::of(&row.content)?;
        let table = content.table().ok_or(ImportError::NotFound)?;
        let Wanted {
            import,
            kind,
            owner,
        } = wanted;
        let organisation: Option<OrganisationId> = row.organisation_id.map(Into::into);
        let act = Act {
            now,
            person: row.person_id.map(Into::into),
            organisation,
            on_behalf_of: organisation.filter(|by| *by != owner).map(|_| owner),
        };
        let preview = preview(self, kind, owner, now, table, &content.reading).await?;
        if preview.digest() != seen {
            self.give_up(&act, wanted).await?;
            return Ok(None);
        }
        let plan = match &preview {
            Preview::Listings(_) => Plan::Listings(listings::today_of(self, owner, now).await?),
            Preview::Members(preview) => {
                Plan::Members(register::plan(self, owner, now, preview, Uuid::now_v7).await?)
            }
        };
        let parts_done = self
            .number(
                "SELECT COUNT(*) FROM import_parts WHERE import_id = $1",
                [import.0.into()],
            )
            .await?;
        Ok(Some(Taking {
            wanted,
            job: job.id,
            act,
            publish,
            seen,
            preview,
            plan,
            parts_done: usize::try_from(parts_done).unwrap_or(0),
        }))
    }

    /// Prepares the next part and lays it aside. Answers whether the list is still wanted.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn prepare_part(
        &self,
        now: Instant,
        taking: &mut Taking,
    ) -> Result<bool, ImportError> {
        let Wanted {
            import,
            kind,
            owner,
        } = taking.wanted;
        let part = taking.parts_done;
        let first = part.saturating_mul(PART_ROWS);
        let last = first.saturating_add(PART_ROWS).min(taking.rows());
        let prepared = self
            .write(&taking.at(now), async |tx| -> Result<(), ImportError> {
                tx.lock_import(kind, owner, import, ImportState::Taking)
                    .await?;
                let rows = tx.prepared(taking, first..last)?;
                tx.insert(import_parts::Model {
                    import_id: import.0,
                    part: i32::try_from(part).unwrap_or(i32::MAX),
                    content: serde_json::to_string(&rows).map_err(Error::from)?,
                })
                .await?;
                tx.exec(
                    "UPDATE import_takings SET rows_done = $2, begun_at = COALESCE(begun_at, $3), moved_at = $4 \
                     WHERE import_id = $1",
                    [
                        import.0.into(),
                        i64::try_from(last).unwrap_or(i64::MAX).into(),
                        taking.act.now.0.into(),
                        now.0.into(),
                    ],
                )
                .await?;
                Ok(tx.keep_job(taking.job).await?)
            })
            .await;
        match prepared {
            Ok(()) => {
                taking.parts_done += 1;
                Ok(true)
            }
            Err(ImportError::WrongState(_)) => Ok(false),
            Err(ImportError::NotFound) => {
                self.let_go(now, import).await?;
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    /// Writes everything that was prepared, in one deed; a list that would do something else by now is a preview again.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn finish_taking(&self, now: Instant, taking: &Taking) -> Result<(), ImportError> {
        #[derive(FromQueryResult)]
        struct Stored {
            content: String,
        }
        let Wanted {
            import,
            kind,
            owner,
        } = taking.wanted;
        let act = taking.at(now);
        let written = self
            .write(&act, async |tx| -> Result<(), ImportError> {
                let row = tx
                    .lock_import(kind, owner, import, ImportState::Taking)
                    .await?;
                if kind == ImportKind::Members {
                    tx.lock_register(owner).await?;
                }
                let content = Content::of(&row.content)?;
                let table = content.table().ok_or(ImportError::NotFound)?;
                let reading: &Reading = &content.reading;
                let seen = preview(tx, kind, owner, tx.now(), table, reading).await?;
                if seen.digest() != taking.seen {
                    return Err(ImportError::Changed);
                }
                let stored: Vec<Stored> = tx
                    .rows(
                        "SELECT content FROM import_parts WHERE import_id = $1 ORDER BY part",
                        [import.0.into()],
                    )
                    .await?;
                let parts = stored
                    .iter()
                    .map(|row| serde_json::from_str(&row.content).map_err(Error::from))
                    .collect::<Result<Vec<Part>, Error>>()?;
                tx.write_import(kind, owner, import, &seen, parts).await?;
                tx.forget_parts(import).await?;
                Ok(())
            })
            .await;
        match written {
            // Cancelled at the last moment.
            Ok(()) | Err(ImportError::WrongState(_)) => Ok(()),
            Err(ImportError::NotFound) => self.let_go(now, import).await,
            Err(ImportError::Changed) => self.give_up(&act, taking.wanted).await,
            // Somebody took a number or an address between the preparing and the writing.
            Err(ImportError::Store(error)) if error.is_unique_violation() => {
                self.give_up(&act, taking.wanted).await
            }
            Err(error) => Err(error),
        }
    }

    /// Whoever brought the list may not do so any more, as when a membership ended meanwhile: it is dropped.
    async fn let_go(&self, now: Instant, import: ImportId) -> Result<(), ImportError> {
        self.write(&Act::system(now), async |tx| -> Result<(), ImportError> {
            let dropped = tx
                .exec(
                    "UPDATE imports SET state = 'discarded', content = '', done_at = $2 WHERE id = $1 \
                     AND state = 'preview' AND id IN (SELECT import_id FROM import_takings)",
                    [import.0.into(), tx.now().0.into()],
                )
                .await?;
            if dropped == 1 {
                tx.forget_parts(import).await?;
                tx.import_event(import, "import_dropped").await?;
            }
            Ok(())
        })
        .await
    }

    /// The list is another one than the owner saw.
    async fn give_up(&self, act: &Act, wanted: Wanted) -> Result<(), ImportError> {
        let Wanted {
            import,
            kind,
            owner,
        } = wanted;
        let given_up = self
            .write(act, async |tx| -> Result<(), ImportError> {
                tx.lock_import(kind, owner, import, ImportState::Taking)
                    .await?;
                tx.put_back(import, "changed").await
            })
            .await;
        match given_up {
            Err(ImportError::WrongState(_) | ImportError::NotFound) => Ok(()),
            given_up => given_up,
        }
    }
}

impl Tx {
    fn prepared(&self, taking: &Taking, rows: std::ops::Range<usize>) -> Result<Part, ImportError> {
        let Wanted { import, owner, .. } = taking.wanted;
        match (&taking.preview, &taking.plan) {
            (Preview::Listings(preview), Plan::Listings(today)) => {
                let rows = preview.rows.get(rows).unwrap_or_default();
                Ok(self.listings_part(owner, import, *today, rows, taking.publish))
            }
            (Preview::Members(preview), Plan::Members(plan)) => {
                let planned = plan.rows.get(rows.clone()).unwrap_or_default();
                let rows = preview.rows.get(rows).unwrap_or_default();
                self.register_part(owner, import, plan, rows, planned)
            }
            _ => Err(ImportError::NotFound),
        }
    }

    /// Back to a preview; `note` says why on its page.
    async fn put_back(&self, import: ImportId, note: &str) -> Result<(), ImportError> {
        self.forget_parts(import).await?;
        self.exec(
            "UPDATE imports SET note = $2 WHERE id = $1",
            [import.0.into(), note.into()],
        )
        .await?;
        self.import_event(import, "import_put_back").await?;
        Ok(())
    }

    async fn forget_parts(&self, import: ImportId) -> Result<(), Error> {
        for table in ["import_parts", "import_takings"] {
            self.exec(
                format!("DELETE FROM {table} WHERE import_id = $1"),
                [import.0.into()],
            )
            .await?;
        }
        Ok(())
    }

    async fn import_event(
        &self,
        import: ImportId,
        kind: &'static str,
    ) -> Result<domain::ids::EventId, Error> {
        self.event(Event {
            subject_kind: "import",
            subject_id: import.0,
            kind,
            data: Some(json!({ "import": import }).to_string()),
            ..Event::default()
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_left_goes_by_what_is_done_and_all_of_it_is_never_said_too_early() {
        let begun = Instant(1_000_000_000);
        let mut progress = Progress {
            rows_all: 5_000,
            rows_done: 0,
            begun_at: None,
            moved_at: begun,
        };
        assert_eq!(
            (progress.percent(), progress.seconds_left(begun)),
            (0, None)
        );
        progress.begun_at = Some(begun);
        progress.rows_done = 1_250;
        assert_eq!(progress.percent(), 24);
        assert_eq!(progress.seconds_left(begun.plus_seconds(10)), Some(31));
        progress.rows_done = 5_000;
        assert_eq!(progress.percent(), 99);
        // A clock that was put back makes no negative time.
        assert_eq!(progress.seconds_left(begun.plus_seconds(-60)), Some(1));
    }
}
