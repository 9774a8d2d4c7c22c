//! Imports as their pages show them.

use domain::{
    ids::{ImportId, OrganisationId},
    imports::ImportKind,
    time::Instant,
};
use sea_orm::FromQueryResult;

use super::{Content, ImportReport, ImportState, Progress, ROW, Reading, Row, Table};
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
}

impl Store {
    /// One import with its tables.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn import(
        &self,
        kind: ImportKind,
        owner: OrganisationId,
        import: ImportId,
    ) -> Result<Option<ImportView>, Error> {
        let row: Option<Row> = self
            .row(
                format!("SELECT {ROW} WHERE i.id = $1 AND i.owner_id = $2 AND i.kind = $3"),
                [import.0.into(), owner.0.into(), kind.as_str().into()],
            )
            .await?;
        row.map(|row| {
            let content = Content::of(&row.content)?;
            Ok(ImportView {
                id: import,
                state: row.state()?,
                report: row.report()?,
                progress: row.progress(),
                note: row.note,
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
        }
        let condition = "owner_id = $1 AND kind = $2 AND state <> 'discarded'";
        let found = self
            .number(
                format!("SELECT COUNT(*) FROM imports WHERE {condition}"),
                [owner.0.into(), kind.as_str().into()],
            )
            .await?;
        let offset = (page.clamp(1, 100_000) - 1).saturating_mul(IMPORTS_PAGE);
        let rows: Vec<Line> = self
            .rows(
                format!(
                    "SELECT id, file_name, state, report, created_at, \
                     EXISTS (SELECT 1 FROM import_takings t WHERE t.import_id = imports.id) AS is_taking \
                     FROM imports WHERE {condition} \
                     ORDER BY created_at DESC, id DESC LIMIT {IMPORTS_PAGE} OFFSET {offset}"
                ),
                [owner.0.into(), kind.as_str().into()],
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
