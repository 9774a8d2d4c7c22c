//! Why a file was refused. [`SheetError::code`] is the stable name that pages turn into a sentence.

use thiserror::Error;

/// A whole file is refused. Rows are numbered as a spreadsheet shows them: the header is row 1.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SheetError {
    #[error("the file is empty")]
    Empty,
    #[error("the file has {bytes} bytes, at most {limit} are taken")]
    TooLarge { bytes: usize, limit: usize },
    #[error("this is an Excel file; save it as CSV and try again")]
    Excel,
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
}

impl SheetError {
    /// A stable, lower-case name of the refusal, for the sentence that a person reads.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLarge { .. } => "too-large",
            Self::Excel => "excel",
            Self::NotText => "not-text",
            Self::Unreadable { .. } => "unreadable",
            Self::UnclosedQuote { .. } => "unclosed-quote",
            Self::StrayQuote { .. } => "stray-quote",
            Self::TooManyRows { .. } => "too-many-rows",
            Self::TooManyColumns { .. } => "too-many-columns",
            Self::CellTooLong { .. } => "cell-too-long",
            Self::DuplicateColumn { .. } => "duplicate-column",
        }
    }

    /// The row at fault, where there is one.
    #[must_use]
    pub fn row(&self) -> Option<u32> {
        match self {
            Self::Unreadable { row, .. }
            | Self::UnclosedQuote { row }
            | Self::StrayQuote { row, .. }
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
            | Self::CellTooLong { column, .. }
            | Self::DuplicateColumn { column } => Some(column),
            _ => None,
        }
    }
}
