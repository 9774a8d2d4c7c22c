//! Why a file can't be read, in words.

use domain::{money::grouped, problem::Problem};
use sheets::SheetError;

/// Why a file can't be read, in words.
pub(super) fn sheet_problem(error: &SheetError) -> Problem {
    let problem = match error {
        SheetError::Empty => Problem::new("imports-sheet-empty"),
        SheetError::TooLarge { .. } => Problem::new("imports-sheet-too-large"),
        SheetError::OldExcel => Problem::new("imports-sheet-old-excel"),
        SheetError::NotWorkbook => Problem::new("imports-sheet-not-workbook"),
        SheetError::Damaged | SheetError::Unwritten => Problem::new("imports-sheet-damaged"),
        SheetError::TooBigUnpacked { .. } => Problem::new("imports-sheet-too-big-unpacked"),
        SheetError::TooManySheets { limit } => {
            Problem::new("imports-sheet-too-many-sheets").with("limit", limit)
        }
        SheetError::Macros => Problem::new("imports-sheet-macros"),
        SheetError::Links => Problem::new("imports-sheet-links"),
        SheetError::Nested => Problem::new("imports-sheet-nested"),
        SheetError::Entities => Problem::new("imports-sheet-entities"),
        SheetError::MergedRows { .. } => Problem::new("imports-sheet-merged-rows"),
        SheetError::FormulaWithoutValue { .. } => {
            Problem::new("imports-sheet-formula-without-value")
        }
        SheetError::FormulaFault { .. } => Problem::new("imports-sheet-formula-fault"),
        SheetError::NotText => Problem::new("imports-sheet-not-text"),
        SheetError::Unreadable { .. } => Problem::new("imports-sheet-unreadable"),
        SheetError::UnclosedQuote { .. } => Problem::new("imports-sheet-unclosed-quote"),
        SheetError::StrayQuote { .. } => Problem::new("imports-sheet-stray-quote"),
        SheetError::TooManyRows { limit } => {
            Problem::new("imports-sheet-too-many-rows").with("limit", grouped_of(*limit))
        }
        SheetError::TooManyColumns { .. } => Problem::new("imports-sheet-too-many-columns"),
        SheetError::CellTooLong { .. } => Problem::new("imports-sheet-cell-too-long"),
        SheetError::DuplicateColumn { .. } => Problem::new("imports-sheet-duplicate-column"),
    };
    let problem = match error.row() {
        Some(row) => problem.with("row", row),
        None => problem,
    };
    match error.column() {
        Some(column) => problem.with("column", column),
        None => problem,
    }
}

fn grouped_of(n: usize) -> String {
    grouped(i64::try_from(n).unwrap_or(i64::MAX))
}
