//! The deeds on a list: staging it, reading it in another way, consenting, dropping it, taking it back.

use domain::{
    ids::{EventId, ImportId, OrganisationId},
    imports::ImportKind,
};
use uuid::Uuid;

use super::parts::Part;
use super::{
    Content, ImportError, ImportOptions, ImportOutcome, ImportReport, ImportState, ImportView,
    Preview, Reading, Row, Table, find, listings, preview, register,
};
use crate::act::Act;
use crate::entities::imports;
use crate::error::Error;
use crate::events;
use crate::letters::About;
use crate::sql::Sql;
use crate::write::{Store, Tx};

/// A preview that nobody came back to is dropped with what it holds after so many days.
const PREVIEW_DAYS: i64 = 7;
/// Of so many finished lists an owner's tables are kept; of older ones only the outcome (CHECKLIST E07).
const TABLES_KEPT: i64 = 10;

impl Store {
    /// What a staged list would bring now.
    ///
    /// # Errors
    /// [`ImportError::Unreadable`] when its columns make no such list.
    pub async fn preview_import(
        &self,
        kind: ImportKind,
        owner: OrganisationId,
        now: domain::time::Instant,
        import: &ImportView,
    ) -> Result<Preview, ImportError> {
        let table = import.table().ok_or(ImportError::NotFound)?;
        preview(self, kind, owner, now, table, &import.reading).await
    }

    /// Reads a list of goods for the command line: writes it in one deed, or with `dry_run` only tells what it would do.
    ///
    /// # Errors
    /// [`ImportError::Unreadable`]; nothing is written then.
    pub async fn import_listings(
        &self,
        act: &Act,
        umkm: OrganisationId,
        file_name: &str,
        table: &Table,
        options: &ImportOptions,
        dry_run: bool,
    ) -> Result<ImportOutcome, ImportError> {
        let reading = Reading {
            seller: options.seller.clone(),
            ..Reading::default()
        };
        if dry_run {
            let preview = listings::read(self, umkm, table, &reading).await?;
            return Ok(ImportOutcome {
                report: ImportReport {
                    tally: preview.tally(),
                    ..ImportReport::default()
                },
                preview,
                import: None,
            });
        }
        self.write(act, async |tx| -> Result<ImportOutcome, ImportError> {
            let kind = ImportKind::Listings;
            let tables = std::slice::from_ref(table);
            let import = tx
                .stage_import(kind, umkm, file_name, tables, &reading)
                .await?;
            let (preview, report) = tx
                .take_import(kind, umkm, import, options.publish, None)
                .await?;
            match preview {
                Preview::Listings(preview) => Ok(ImportOutcome {
                    preview,
                    report,
                    import: Some(import),
                }),
                Preview::Members(_) => Err(ImportError::NotFound),
            }
        })
        .await
    }

    /// Keeps a file's tables for the preview page. An older preview of whoever brings it is dropped: one is
    /// looked at at a time.
    ///
    /// # Errors
    /// [`ImportError::NotFound`] for whoever may not act for the owner.
    pub async fn stage_import(
        &self,
        act: &Act,
        kind: ImportKind,
        owner: OrganisationId,
        file_name: &str,
        tables: &[Table],
        reading: &Reading,
    ) -> Result<ImportId, ImportError> {
        self.write(act, async |tx| -> Result<ImportId, ImportError> {
            tx.stage_import(kind, owner, file_name, tables, reading)
                .await
        })
        .await
    }

    /// Has a staged list read in another way. Whether it can be read so, its preview says.
    ///
    /// # Errors
    /// [`ImportError::WrongState`] when it is no preview any more.
    pub async fn reread_import(
        &self,
        act: &Act,
        kind: ImportKind,
        owner: OrganisationId,
        import: ImportId,
        reading: &Reading,
    ) -> Result<(), ImportError> {
        self.write(act, async |tx| -> Result<(), ImportError> {
            let row = tx
                .lock_import(kind, owner, import, ImportState::Preview)
                .await?;
            let mut content = Content::of(&row.content)?;
            if reading.sheet >= content.tables.len() {
                return Err(ImportError::NotFound);
            }
            content.reading = reading.clone();
            tx.exec(
                "UPDATE imports SET content = $2 WHERE id = $1",
                [
                    import.0.into(),
                    serde_json::to_string(&content).map_err(Error::from)?.into(),
                ],
            )
            .await?;
            Ok(())
        })
        .await
    }

    /// Writes a previewed list, all or nothing. `seen` is the digest of the preview that the owner consented to.
    ///
    /// # Errors
    /// [`ImportError::Changed`] when the list would do something else by now; [`ImportError::WrongState`].
    pub async fn consent_import(
        &self,
        act: &Act,
        kind: ImportKind,
        owner: OrganisationId,
        import: ImportId,
        publish: bool,
        seen: &str,
    ) -> Result<ImportReport, ImportError> {
        let outcome = self
            .write(act, async |tx| -> Result<ImportReport, ImportError> {
                let (_, report) = tx
                    .take_import(kind, owner, import, publish, Some(seen))
                    .await?;
                Ok(report)
            })
            .await;
        match outcome {
            // Somebody took a number or an address between the preview and the rows.
            Err(ImportError::Store(error)) if error.is_unique_violation() => {
                Err(ImportError::Changed)
            }
            outcome => outcome,
        }
    }

    /// Drops a preview.
    ///
    /// # Errors
    /// [`ImportError::WrongState`] when it is none any more.
    pub async fn discard_import(
        &self,
        act: &Act,
        kind: ImportKind,
        owner: OrganisationId,
        import: ImportId,
    ) -> Result<(), ImportError> {
        self.write(act, async |tx| -> Result<(), ImportError> {
            tx.lock_import(kind, owner, import, ImportState::Preview)
                .await?;
            tx.exec(
                "UPDATE imports SET state = 'discarded', content = '', done_at = $2 WHERE id = $1",
                [import.0.into(), tx.now().0.into()],
            )
            .await?;
            Ok(())
        })
        .await
    }

    /// Takes back what an import brought, as far as it is still as it came. Afterwards the same file can be imported
    /// again.
    ///
    /// # Errors
    /// [`ImportError::WrongState`] unless it is done.
    pub async fn undo_import(
        &self,
        act: &Act,
        kind: ImportKind,
        owner: OrganisationId,
        import: ImportId,
    ) -> Result<ImportReport, ImportError> {
        self.write(act, async |tx| -> Result<ImportReport, ImportError> {
            tx.undo_import(kind, owner, import).await
        })
        .await
    }
}

impl Tx {
    /// Whether this deed may bring lists to the owner; anybody else finds nothing there.
    async fn importer(&self, kind: ImportKind, owner: OrganisationId) -> Result<(), ImportError> {
        let may = match kind {
            ImportKind::Listings => self.product_actor(owner).await.map(|_| ()),
            // A register is the cooperative's own; the page asks for its manager.
            ImportKind::Members if self.act.organisation == Some(owner) => Ok(()),
            ImportKind::Members => Err(Error::NotFound),
        };
        may.map_err(|error| match error {
            Error::NotFound => ImportError::NotFound,
            other => ImportError::Store(other),
        })
    }

    pub(super) async fn lock_import(
        &self,
        kind: ImportKind,
        owner: OrganisationId,
        import: ImportId,
        wanted: ImportState,
    ) -> Result<Row, ImportError> {
        self.importer(kind, owner).await?;
        let lock = match self.is_postgres() {
            true => " FOR UPDATE OF i",
            false => "",
        };
        let row = find(self, kind, owner, import, lock)
            .await?
            .ok_or(ImportError::NotFound)?;
        // Who works on the owner's behalf finds the lists alone that its own organisation brought.
        if self.act.on_behalf_of.is_some()
            && row.organisation_id != self.act.organisation.map(Uuid::from)
        {
            return Err(ImportError::NotFound);
        }
        let state = row.state()?;
        if state != wanted {
            return Err(ImportError::WrongState(state));
        }
        Ok(row)
    }

    async fn stage_import(
        &self,
        kind: ImportKind,
        owner: OrganisationId,
        file_name: &str,
        tables: &[Table],
        reading: &Reading,
    ) -> Result<ImportId, ImportError> {
        self.importer(kind, owner).await?;
        let forgotten = self.now().plus_days(-PREVIEW_DAYS);
        self.exec(
            "UPDATE imports SET state = 'discarded', content = '', done_at = $3 WHERE state = 'preview' \
             AND ((owner_id = $1 AND kind = $2 AND organisation_id = $5) OR created_at < $4) \
             AND id NOT IN (SELECT import_id FROM import_takings)",
            [
                owner.0.into(),
                kind.as_str().into(),
                self.now().0.into(),
                forgotten.0.into(),
                self.act.organisation.map_or(Uuid::nil(), Uuid::from).into(),
            ],
        )
        .await?;
        let id = ImportId(self.new_id());
        let content = Content {
            tables: tables.to_vec(),
            reading: reading.clone(),
        };
        self.insert(imports::Model {
            id: id.0,
            owner_id: owner.0,
            kind: kind.as_str().to_owned(),
            person_id: self.act.person.map(Into::into),
            organisation_id: self.act.organisation.map(Into::into),
            file_name: file_name.to_owned(),
            content: serde_json::to_string(&content).map_err(Error::from)?,
            state: ImportState::Preview.as_str().to_owned(),
            report: None,
            note: None,
            created_at: self.now().0,
            done_at: None,
        })
        .await?;
        Ok(id)
    }

    async fn take_import(
        &self,
        kind: ImportKind,
        owner: OrganisationId,
        import: ImportId,
        publish: bool,
        seen: Option<&str>,
    ) -> Result<(Preview, ImportReport), ImportError> {
        let row = self
            .lock_import(kind, owner, import, ImportState::Preview)
            .await?;
        let content = Content::of(&row.content)?;
        let table = content.table().ok_or(ImportError::NotFound)?;
        self.brings(import).await?;
        if kind == ImportKind::Members {
            self.lock_register(owner).await?;
        }
        let preview = preview(self, kind, owner, self.now(), table, &content.reading).await?;
        if seen.is_some_and(|seen| seen != preview.digest()) {
            return Err(ImportError::Changed);
        }
        let part = match &preview {
            Preview::Listings(preview) => {
                let today = listings::today_of(self, owner, self.now()).await?;
                self.listings_part(owner, import, today, &preview.rows, publish)
            }
            Preview::Members(preview) => {
                let chance = || self.new_id();
                let plan = register::plan(self, owner, self.now(), preview, chance).await?;
                self.register_part(owner, import, &plan, &preview.rows, &plan.rows)?
            }
        };
        let report = self
            .write_import(kind, owner, import, &preview, vec![part])
            .await?;
        Ok((preview, report))
    }

    /// Writes everything that a list brings, and what became of it.
    pub(super) async fn write_import(
        &self,
        kind: ImportKind,
        owner: OrganisationId,
        import: ImportId,
        preview: &Preview,
        parts: Vec<Part>,
    ) -> Result<ImportReport, ImportError> {
        let mut report = ImportReport {
            tally: preview.tally(),
            ..ImportReport::default()
        };
        for part in parts {
            report.published += part.published;
            report.savings_rupiah = report
                .savings_rupiah
                .checked_add(part.savings_rupiah)
                .ok_or_else(|| Error::Corrupt("savings are too large to add up".to_owned()))?;
            self.insert_part(part).await?;
        }
        let event = self
            .finish_import(import, ImportState::Done, "import_done", &report)
            .await?;
        if let (Some(member), Some(cooperative)) = (self.act.on_behalf_of, self.act.organisation) {
            let about = About {
                cooperative: Some(cooperative),
                ..About::default()
            };
            self.letter_to_roles("supply_listed", event, member, &["umkm_owner"], about)
                .await?;
        }
        // Names and numbers of people stay in `people` and `organisations` alone.
        match kind {
            ImportKind::Members => {
                self.exec(
                    "UPDATE imports SET content = '' WHERE id = $1",
                    [import.0.into()],
                )
                .await?;
            }
            ImportKind::Listings => {
                self.exec(
                    "UPDATE imports SET content = '' WHERE owner_id = $1 AND kind = $2 AND content <> '' \
                     AND state <> 'preview' AND id NOT IN (SELECT id FROM imports WHERE owner_id = $1 AND kind = $2 \
                     ORDER BY created_at DESC, id DESC LIMIT $3)",
                    [owner.0.into(), kind.as_str().into(), TABLES_KEPT.into()],
                )
                .await?;
            }
        }
        Ok(report)
    }

    /// Whoever consents is who brings it, whoever had sent the file.
    pub(super) async fn brings(&self, import: ImportId) -> Result<(), Error> {
        self.exec(
            "UPDATE imports SET note = NULL, person_id = $2, organisation_id = $3 WHERE id = $1",
            [
                import.0.into(),
                self.act.person.map(Uuid::from).into(),
                self.act.organisation.map(Uuid::from).into(),
            ],
        )
        .await?;
        Ok(())
    }

    /// Writes what became of an import, with its event.
    async fn finish_import(
        &self,
        import: ImportId,
        state: ImportState,
        event: &'static str,
        report: &ImportReport,
    ) -> Result<EventId, ImportError> {
        let words = serde_json::to_string(report).map_err(Error::from)?;
        self.exec(
            "UPDATE imports SET state = $2, report = $3, done_at = $4, note = NULL WHERE id = $1",
            [
                import.0.into(),
                state.as_str().into(),
                words.clone().into(),
                self.now().0.into(),
            ],
        )
        .await?;
        let event = self
            .event(events::Event {
                subject_kind: "import",
                subject_id: import.0,
                kind: event,
                data: Some(words),
                ..Default::default()
            })
            .await?;
        Ok(event)
    }

    async fn undo_import(
        &self,
        kind: ImportKind,
        owner: OrganisationId,
        import: ImportId,
    ) -> Result<ImportReport, ImportError> {
        let row = self
            .lock_import(kind, owner, import, ImportState::Done)
            .await?;
        let mut report = row.report()?.unwrap_or_default();
        let (archived, kept) = match kind {
            ImportKind::Listings => self.take_back_listings(import).await?,
            ImportKind::Members => self.take_back_register(owner, import).await?,
        };
        report.archived = archived;
        report.kept = kept;
        self.finish_import(import, ImportState::Undone, "import_undone", &report)
            .await?;
        Ok(report)
    }
}
