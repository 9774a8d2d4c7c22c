//! Reading a table file: CSV in `text`, Excel's XLSX in `workbook`, told apart by their content.

use std::collections::HashSet;

use crate::{SheetError, decode, restored};

mod gate;
mod text;
mod workbook;

/// How much of a file is taken. Beyond a limit the file is refused, never cut.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub bytes: usize,
    /// Rows without the header; of all sheets of a workbook together.
    pub rows: usize,
    pub columns: usize,
    pub cell_chars: usize,
    /// What a workbook may unpack to, in bytes.
    pub unpacked_bytes: usize,
    /// Sheets of a workbook.
    pub sheets: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 5_000_000,
            rows: 20_000,
            columns: 60,
            cell_chars: 5_000,
            unpacked_bytes: 50_000_000,
            sheets: 30,
        }
    }
}

/// A table with named columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// The sheet's name in its workbook.
    pub name: Option<String>,
    /// Trimmed and different from each other; a column without a name has its letter (`G`).
    pub headers: Vec<String>,
    /// Rows with at least one cell that is not blank, in the file's order.
    pub rows: Vec<Row>,
    /// What the reader noticed, to be shown beside the preview.
    pub notes: Vec<Note>,
}

/// One row. It may have fewer cells than there are headers, or more: the caller judges that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// As a spreadsheet numbers it: the header is row 1, blank lines count.
    pub number: u32,
    /// As meant, not trimmed: without the apostrophe that made a cell harmless when it was written.
    pub cells: Vec<String>,
}

/// Something noticed that did not stop the reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// The file was not UTF-8 but this encoding.
    Encoding(&'static str),
    /// Cells are separated by this and not by a comma.
    Delimiter(char),
    /// So many rows held nothing and were left out.
    BlankRows(usize),
    /// So many rows above the header held one cell each: a title.
    TitleRows(usize),
    /// A further sheet of the workbook that was not read, by name.
    UnreadSheet(String),
}

impl Sheet {
    /// The trimmed cell of a row in the column of that name; empty when the row ends before it.
    #[must_use]
    pub fn cell<'a>(&self, row: &'a Row, column: &str) -> &'a str {
        self.headers
            .iter()
            .position(|header| header == column)
            .and_then(|at| row.cells.get(at))
            .map_or("", |cell| cell.trim())
    }
}

/// Reads the table of a file. Of a workbook it is the first sheet with at least two columns, else the first with rows.
///
/// # Errors
/// [`SheetError`] with row and column where the file can't be read exactly as it was meant.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Sheet, SheetError> {
    let mut sheets = read_all(bytes, limits)?;
    let at = first_table(&sheets);
    if at < sheets.len() {
        Ok(sheets.swap_remove(at))
    } else {
        Err(SheetError::Empty)
    }
}

/// Every table of a file: one of a CSV file, the visible sheets with rows of a workbook; at least one.
///
/// # Errors
/// As [`read`]. A later sheet that is no table is left out with a note on the first.
pub fn read_all(bytes: &[u8], limits: &Limits) -> Result<Vec<Sheet>, SheetError> {
    if bytes.len() > limits.bytes {
        return Err(SheetError::TooLarge {
            bytes: bytes.len(),
            limit: limits.bytes,
        });
    }
    let mut sheets = if decode::is_zip(bytes) {
        workbook::read_all(bytes, limits)?
    } else {
        vec![text::read(bytes, limits)?]
    };
    for cell in sheets.iter_mut().flat_map(cells_of) {
        if restored(cell).len() < cell.len() {
            cell.remove(0);
        }
    }
    Ok(sheets)
}

fn cells_of(sheet: &mut Sheet) -> impl Iterator<Item = &mut String> {
    let rows = sheet.rows.iter_mut().flat_map(|row| &mut row.cells);
    sheet.headers.iter_mut().chain(rows)
}

/// Which of a file's sheets is most likely the list.
#[must_use]
pub fn first_table(sheets: &[Sheet]) -> usize {
    sheets
        .iter()
        .position(|sheet| sheet.headers.len() > 1 && !sheet.rows.is_empty())
        .unwrap_or(0)
}

fn headers_of(first: &Row) -> Result<Vec<String>, SheetError> {
    let mut seen = HashSet::new();
    let mut headers = Vec::with_capacity(first.cells.len());
    for (at, cell) in first.cells.iter().enumerate() {
        let name = cell.split_whitespace().collect::<Vec<_>>().join(" ");
        let name = if name.is_empty() {
            letters_of(at)
        } else {
            name
        };
        if !seen.insert(name.to_lowercase()) {
            return Err(SheetError::DuplicateColumn { column: name });
        }
        headers.push(name);
    }
    Ok(headers)
}

/// A column's letters as in a spreadsheet: 0 → `A`, 25 → `Z`, 26 → `AA`.
fn letters_of(at: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = at;
    loop {
        letters.push(char::from(
            b'A'.saturating_add(u8::try_from(rest % 26).unwrap_or(0)),
        ));
        if rest < 26 {
            break;
        }
        rest = rest / 26 - 1;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod hostile_tests;
#[cfg(test)]
mod tests;
