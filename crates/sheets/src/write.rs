//! Writing tables that people open in a spreadsheet, as CSV here and as XLSX in `workbook`. Text that a spreadsheet would
//! run as a formula is made harmless (CHECKLIST D04); numbers stay numbers, and numbers that are names keep their zeros.

use std::borrow::Cow;

mod workbook;

pub use workbook::{Choices, Guide, write_workbook};

use crate::SheetError;

/// One cell of a file to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Words, and numbers that are names (NIB, phone): written as they are, unless they look like a formula.
    Text(String),
    /// A figure, written in plain digits.
    Number(i64),
    /// A day as `2026-11-24`: a real date where the file knows dates.
    Day(String),
    /// Nothing.
    Empty,
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}
impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}
impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}
impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(cell: Option<T>) -> Self {
        cell.map_or(Self::Empty, Into::into)
    }
}

/// A table to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    pub headers: Vec<String>,
    pub rows: Vec<Vec<Cell>>,
}

/// A CSV file: UTF-8 with a byte order mark (so that Excel reads it right), commas, CRLF.
///
/// # Errors
/// [`SheetError::Unwritten`] when the `csv` writer fails, which writing to memory does not.
pub fn write(table: &Table) -> Result<Vec<u8>, SheetError> {
    let unwritten = |_| SheetError::Unwritten;
    let mut writer = csv::WriterBuilder::new()
        .flexible(true)
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{FEFF}".as_bytes().to_vec());
    writer
        .write_record(
            table
                .headers
                .iter()
                .map(|header| neutralise(header).into_owned()),
        )
        .map_err(unwritten)?;
    for row in &table.rows {
        writer
            .write_record(row.iter().map(|cell| match cell {
                Cell::Text(text) => neutralise(text).into_owned(),
                Cell::Number(number) => number.to_string(),
                Cell::Day(day) => day.clone(),
                Cell::Empty => String::new(),
            }))
            .map_err(unwritten)?;
    }
    writer.into_inner().map_err(|_| SheetError::Unwritten)
}

/// Text that a spreadsheet would take for a formula gets an apostrophe in front. So does text that looks as if it had got
/// one already, so that [`restored`] gives back every text as it was.
#[must_use]
pub fn neutralise(text: &str) -> Cow<'_, str> {
    if is_formula(text.trim_start_matches('\'')) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// A cell without the apostrophe that [`neutralise`], here or in somebody else's program, put in front of it.
#[must_use]
pub fn restored(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(text) if is_formula(text.trim_start_matches('\'')) => text,
        _ => cell,
    }
}

fn is_formula(text: &str) -> bool {
    text.starts_with(['\t', '\r', '\n'])
        || text
            .trim_start()
            .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

#[cfg(test)]
mod tests;
