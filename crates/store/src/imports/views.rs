//! Imports as their pages show them.

use domain::{
    ids::{ImportId, OrganisationId},
    imports::ImportKind,
    time::Instant,
};
use sea_orm::FromQueryResult;

use super::{Content, ImportReport, ImportState, Progress, Reading, Table, find};
use crate::error::Error;
use crate::sql::Sql;
use crate::write::Store;

/// Imports on one page of their list.
pub const IMPORTS_PAGE: i64 = 20;

/// An import as its page shows it.
#[derive(Clone, Debug)]
pub struct ImportView {
    pub id: ImportId,
    pub file_name: String,
    pub state: ImportState,
    pub created_at: Instant,
    /// The file's tables; none once it is long done.
    pub tables: Vec<Table>,
    pub reading: Reading,
    /// Once it is done.
    pub report: Option<ImportReport>,
    /// While it is being taken.
    pub progress: Option<Progress>,
    /// Why it is a preview again: `changed` or `cancelled`.
    pub note: Option<String>,
    /// The cooperative that brought it on the owner's behalf.
    pub brought_by: Option<String>,
}

impl ImportView {
    /// The table that is read.
    #[must_use]
    pub fn table(&self) -> Option<&Table> {
        self.tables.get(self.reading.sheet)
    }
}

/// An import in the list of them.
#[derive(Clone, Debug)]
pub struct ImportLine {
    pub id: ImportId,
    pub file_name: String,
    pub state: ImportState,
    pub created_at: Instant,
    pub report: Option<ImportReport>,
    /// The cooperative that brought it on the owner's behalf.
    pub brought_by: Option<String>,
}

impl Store {
    /// One import with its tables. A cooperative that works for the owner finds those alone that it brought itself: `by`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn import(
        &self,
        kind: ImportKind,
        owner: OrganisationId,
        by: Option<OrganisationId>,
        import: ImportId,
    ) -> Result<Option<ImportView>, Error> {
        let row = find(self, kind, owner, import, "").await?.filter(|row| {
            let brought_by = row.organisation_id.map(OrganisationId::from);
            by.is_none_or(|by| brought_by == Some(by))
        });
        row.map(|row| {
            let content = Content::of(&row.content)?;
            Ok(ImportView {
                id: import,
                state: row.state()?,
                report: row.report()?,
                progress: row.progress(),
                note: row.note,
                brought_by: row.brought_by,
                file_name: row.file_name,
                created_at: Instant(row.created_at),
                tables: content.tables,
                reading: content.reading,
            })
        })
        .transpose()
    }

    /// A page of an owner's imports, the newest first, and how many there are; those that were dropped left out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn imports(
        &self,
        kind: ImportKind,
        owner: OrganisationId,
        by: Option<OrganisationId>,
        page: i64,
    ) -> Result<(Vec<ImportLine>, i64), Error> {
        #[derive(FromQueryResult)]
        struct Line {
            id: uuid::Uuid,
            file_name: String,
            state: String,
            report: Option<String>,
            created_at: i64,
            is_taking: bool,
            brought_by: Option<String>,
        }
        let condition = "i.owner_id = $1 AND i.kind = $2 AND i.state <> 'discarded' \
             AND COALESCE(i.organisation_id, i.owner_id) = COALESCE($3, i.organisation_id, i.owner_id)";
        let whose = || -> [sea_orm::Value; 3] {
            [
                owner.0.into(),
                kind.as_str().into(),
                by.map(uuid::Uuid::from).into(),
            ]
        };
        let found = self
            .number(
                format!("SELECT COUNT(*) FROM imports i WHERE {condition}"),
                whose(),
            )
            .await?;
        let offset = (page.clamp(1, 100_000) - 1).saturating_mul(IMPORTS_PAGE);
        let rows: Vec<Line> = self
            .rows(
                format!(
                    "SELECT i.id, i.file_name, i.state, i.report, i.created_at, b.name AS brought_by, \
                     EXISTS (SELECT 1 FROM import_takings t WHERE t.import_id = i.id) AS is_taking \
                     FROM imports i LEFT JOIN organisations b ON b.id = i.organisation_id AND b.id <> i.owner_id \
                     WHERE {condition} ORDER BY i.created_at DESC, i.id DESC LIMIT {IMPORTS_PAGE} OFFSET {offset}"
                ),
                whose(),
            )
            .await?;
        let lines = rows
            .into_iter()
            .map(|row| {
                Ok(ImportLine {
                    id: ImportId(row.id),
                    file_name: row.file_name,
                    state: match row.is_taking {
                        true => ImportState::Taking,
                        false => ImportState::read(&row.state)?,
                    },
                    created_at: Instant(row.created_at),
                    brought_by: row.brought_by,
                    report: row
                        .report
                        .as_deref()
                        .map(serde_json::from_str)
                        .transpose()?,
                })
            })
            .collect::<Result<_, Error>>()?;
        Ok((lines, found))
    }
}
