//! Lists from files: kept as a preview, written all or nothing with the owner's consent, undone as a whole.
//!
//! One way for every kind of list: a file's tables are staged, their columns chosen, each row judged by the rules of its
//! kind (`domain::imports`), and only what was seen is written. What a row becomes in the database is in [`listings`]
//! (a member's goods) and [`register`] (a cooperative's members), gathered in [`parts`]. A short list is written in the
//! request that consents to it, a long one by a job ([`taking`]); both in one deed. The web page and the command `import
//! listings` share this. Start at [`Store::stage_import`].

mod deeds;
mod listings;
mod parts;
mod register;
mod taking;
mod views;

pub use register::SavingsSum;
pub use taking::{AT_ONCE_MAX, Consent, Progress, TAKE_IMPORT, Taking};
pub use views::{IMPORTS_PAGE, ImportLine, ImportView};

use domain::{
    ids::{ImportId, OrganisationId},
    imports::{ImportKind, Mapping, SheetRow, Tally},
    problem::Problem,
    time::Instant,
};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::Error;
use crate::sql::Sql;
use crate::write::rerun_by_store;

/// A table of a file: headers, and rows with their numbers as the file's reader counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// The sheet's name in its workbook.
    #[serde(default)]
    pub name: Option<String>,
    pub headers: Vec<String>,
    pub rows: Vec<(u32, Vec<String>)>,
}

impl Table {
    fn sheet_rows(&self) -> impl Iterator<Item = SheetRow<'_>> {
        self.rows.iter().map(|(number, cells)| SheetRow {
            number: *number,
            cells,
        })
    }
}

/// How a file's tables are read: which of them, by which columns, whose rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// Place of the table in the file.
    #[serde(default)]
    pub sheet: usize,
    /// The columns as somebody chose them; guessed without.
    #[serde(default)]
    pub mapping: Option<Mapping>,
    /// Only rows of this seller.
    #[serde(default)]
    pub seller: Option<String>,
}

/// How a table is taken by the command line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportOptions {
    /// Only rows of this seller.
    pub seller: Option<String>,
    /// Complete rows are published at once; otherwise every row becomes a draft.
    pub publish: bool,
}

/// What an import brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportReport {
    pub tally: Tally,
    /// Products that are on sale at once.
    #[serde(default)]
    pub published: usize,
    /// Opening balances, in rupiah.
    #[serde(default)]
    pub savings_rupiah: i64,
    /// Set by undoing: what was taken back, and what was kept because it is in use.
    #[serde(default)]
    pub archived: usize,
    #[serde(default)]
    pub kept: usize,
}

/// What an import would bring, by its kind.
#[derive(Clone, Debug)]
pub enum Preview {
    Listings(domain::listings::Preview),
    Members(domain::registers::Preview),
}

impl Preview {
    #[must_use]
    pub fn tally(&self) -> Tally {
        match self {
            Self::Listings(preview) => preview.tally(),
            Self::Members(preview) => preview.tally(),
        }
    }

    /// What a person consents to: the same as long as every row says and becomes the same.
    #[must_use]
    pub fn digest(&self) -> String {
        match self {
            Self::Listings(preview) => preview.digest(),
            Self::Members(preview) => preview.digest(),
        }
    }
}

/// Where an import stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportState {
    Preview,
    /// Consented to, and being brought in by a job; nothing of it is there yet.
    Taking,
    Done,
    Undone,
    Discarded,
}

impl ImportState {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Preview => "preview",
            Self::Taking => "taking",
            Self::Done => "done",
            Self::Undone => "undone",
            Self::Discarded => "discarded",
        }
    }

    /// `taking` is no word of the table: whether a preview is being taken, another table says.
    fn read(word: &str) -> Result<Self, Error> {
        [Self::Preview, Self::Done, Self::Undone, Self::Discarded]
            .into_iter()
            .find(|state| state.as_str() == word)
            .ok_or_else(|| Error::Corrupt(word.to_owned()))
    }
}

/// What the command's import did, or would do.
#[derive(Clone, Debug)]
pub struct ImportOutcome {
    pub preview: domain::listings::Preview,
    pub report: ImportReport,
    /// `None` for a dry run.
    pub import: Option<ImportId>,
}

/// Why a list was not taken.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("no such import")]
    NotFound,
    /// The table can't be read as such a list.
    #[error("unreadable: {0}")]
    Unreadable(Problem),
    /// It was consented to, discarded or undone before.
    #[error("the import is {}", .0.as_str())]
    WrongState(ImportState),
    /// Something came in between: the preview is another one now.
    #[error("the preview changed")]
    Changed,
    /// Another long list of the owner is being brought in.
    #[error("another list is being taken")]
    Busy,
    #[error(transparent)]
    Store(#[from] Error),
}
rerun_by_store!(ImportError);

/// An import's content, as it is stored.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Content {
    #[serde(default)]
    tables: Vec<Table>,
    #[serde(default)]
    reading: Reading,
}

impl Content {
    fn of(stored: &str) -> Result<Self, Error> {
        if stored.is_empty() {
            return Ok(Self::default());
        }
        Ok(serde_json::from_str(stored)?)
    }

    fn table(&self) -> Option<&Table> {
        self.tables.get(self.reading.sheet)
    }
}

#[derive(FromQueryResult)]
struct Row {
    file_name: String,
    content: String,
    state: String,
    report: Option<String>,
    note: Option<String>,
    person_id: Option<Uuid>,
    organisation_id: Option<Uuid>,
    /// The cooperative that brought it on the owner's behalf.
    brought_by: Option<String>,
    created_at: i64,
    /// Set while a job takes it.
    publish: Option<bool>,
    seen: Option<String>,
    rows_all: Option<i64>,
    rows_done: Option<i64>,
    begun_at: Option<i64>,
    moved_at: Option<i64>,
}

/// Columns of [`Row`], from `imports i`, `import_takings t` and the cooperative `b` that brought it.
const ROW: &str = "i.file_name, i.content, i.state, i.report, i.note, i.person_id, i.organisation_id, b.name AS brought_by, \
                   i.created_at, t.publish, t.seen, t.rows_all, t.rows_done, t.begun_at, t.moved_at \
                   FROM imports i LEFT JOIN import_takings t ON t.import_id = i.id \
                   LEFT JOIN organisations b ON b.id = i.organisation_id AND b.id <> i.owner_id";

impl Row {
    fn state(&self) -> Result<ImportState, Error> {
        match self.seen {
            Some(_) => Ok(ImportState::Taking),
            None => ImportState::read(&self.state),
        }
    }

    fn progress(&self) -> Option<Progress> {
        Some(Progress {
            rows_all: self.rows_all?,
            rows_done: self.rows_done?,
            begun_at: self.begun_at.map(Instant),
            moved_at: Instant(self.moved_at?),
        })
    }

    fn report(&self) -> Result<Option<ImportReport>, Error> {
        let report = self.report.as_deref();
        Ok(report.map(serde_json::from_str).transpose()?)
    }
}

/// The row of an owner's list. `lock` stands behind the query.
async fn find(
    sql: &impl Sql,
    kind: ImportKind,
    owner: OrganisationId,
    import: ImportId,
    lock: &str,
) -> Result<Option<Row>, Error> {
    sql.row(
        format!("SELECT {ROW} WHERE i.id = $1 AND i.owner_id = $2 AND i.kind = $3{lock}"),
        [import.0.into(), owner.0.into(), kind.as_str().into()],
    )
    .await
}

/// What a table would bring its owner now.
async fn preview(
    sql: &impl Sql,
    kind: ImportKind,
    owner: OrganisationId,
    now: Instant,
    table: &Table,
    reading: &Reading,
) -> Result<Preview, ImportError> {
    Ok(match kind {
        ImportKind::Listings => {
            Preview::Listings(listings::read(sql, owner, table, reading).await?)
        }
        ImportKind::Members => {
            Preview::Members(register::read(sql, owner, now, table, reading).await?)
        }
    })
}
