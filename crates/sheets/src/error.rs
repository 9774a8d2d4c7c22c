//! Why a file was refused. [`SheetError::code`] is the stable name that pages turn into a sentence.

use thiserror::Error;

/// A whole file is refused. Rows are numbered as a spreadsheet shows them: the header is row 1.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SheetError {
    #[error("the file is empty")]
    Empty,
    #[error("the file has {bytes} bytes, at most {limit} are taken")]
    TooLarge { bytes: usize, limit: usize },
    #[error(
        "this is an old or locked Excel file; save it as XLSX without a password and try again"
    )]
    OldExcel,
    #[error("this is no Excel workbook")]
    NotWorkbook,
    #[error("the workbook is damaged; open it in Excel, save it anew and try again")]
    Damaged,
    #[error("the workbook unpacks to more than {limit} bytes")]
    TooBigUnpacked { limit: usize },
    #[error("the workbook has more than {limit} sheets")]
    TooManySheets { limit: usize },
    #[error("the workbook has macros; save it as a plain XLSX and try again")]
    Macros,
    #[error("the workbook is linked with other files; break the links and try again")]
    Links,
    #[error("the workbook has files packed inside it; take them out and try again")]
    Nested,
    #[error("the workbook has definitions of its own in its XML")]
    Entities,
    #[error("row {row}, column `{column}`: cells of several rows are merged; unmerge them")]
    MergedRows { row: u32, column: String },
    #[error(
        "row {row}, column `{column}`: a formula without its value; open the file in Excel and save it"
    )]
    FormulaWithoutValue { row: u32, column: String },
    #[error("row {row}, column `{column}`: the formula fails with {fault}")]
    FormulaFault {
        row: u32,
        column: String,
        fault: String,
    },
    #[error("this is not a text file")]
    NotText,
    #[error("row {row}, column `{column}`: unreadable character")]
    Unreadable { row: u32, column: String },
    #[error("row {row}: a quotation mark is opened and never closed")]
    UnclosedQuote { row: u32 },
    #[error("row {row}, column `{column}`: text after a closing quotation mark")]
    StrayQuote { row: u32, column: String },
    #[error("more than {limit} rows")]
    TooManyRows { limit: usize },
    #[error("row {row}: {columns} columns, at most {limit} are taken")]
    TooManyColumns {
        row: u32,
        columns: usize,
        limit: usize,
    },
    #[error("row {row}, column `{column}`: more than {limit} characters")]
    CellTooLong {
        row: u32,
        column: String,
        limit: usize,
    },
    #[error("two columns are named `{column}`")]
    DuplicateColumn { column: String },
    #[error("the table can't be written")]
    Unwritten,
}

impl SheetError {
    /// A stable, lower-case name of the refusal, for the sentence that a person reads.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLarge { .. } => "too-large",
            Self::OldExcel => "old-excel",
            Self::NotWorkbook => "not-workbook",
            Self::Damaged => "damaged",
            Self::TooBigUnpacked { .. } => "too-big-unpacked",
            Self::TooManySheets { .. } => "too-many-sheets",
            Self::Macros => "macros",
            Self::Links => "links",
            Self::Nested => "nested",
            Self::Entities => "entities",
            Self::MergedRows { .. } => "merged-rows",
            Self::FormulaWithoutValue { .. } => "formula-without-value",
            Self::FormulaFault { .. } => "formula-fault",
            Self::NotText => "not-text",
            Self::Unreadable { .. } => "unreadable",
            Self::UnclosedQuote { .. } => "unclosed-quote",
            Self::StrayQuote { .. } => "stray-quote",
            Self::TooManyRows { .. } => "too-many-rows",
            Self::TooManyColumns { .. } => "too-many-columns",
            Self::CellTooLong { .. } => "cell-too-long",
            Self::DuplicateColumn { .. } => "duplicate-column",
            Self::Unwritten => "unwritten",
        }
    }

    /// The row at fault, where there is one.
    #[must_use]
    pub fn row(&self) -> Option<u32> {
        match self {
            Self::Unreadable { row, .. }
            | Self::UnclosedQuote { row }
            | Self::StrayQuote { row, .. }
            | Self::MergedRows { row, .. }
            | Self::FormulaWithoutValue { row, .. }
            | Self::FormulaFault { row, .. }
            | Self::TooManyColumns { row, .. }
            | Self::CellTooLong { row, .. } => Some(*row),
            _ => None,
        }
    }

    /// The column at fault, where there is one.
    #[must_use]
    pub fn column(&self) -> Option<&str> {
        match self {
            Self::Unreadable { column, .. }
            | Self::StrayQuote { column, .. }
            | Self::MergedRows { column, .. }
            | Self::FormulaWithoutValue { column, .. }
            | Self::FormulaFault { column, .. }
            | Self::CellTooLong { column, .. }
            | Self::DuplicateColumn { column } => Some(column),
            _ => None,
        }
    }
}
