//! An XLSX workbook of one table, with a bold head that stays in view; for templates with drop-down choices and a second
//! sheet of words.

use rust_xlsxwriter::{
    DataValidation, ExcelDateTime, Format, FormatAlign, Formula, Workbook, Worksheet, XlsxError,
};

use super::{Cell, Table, neutralise};
use crate::SheetError;

/// Excel takes 32,767 characters in a cell.
const CELL_CHARS_MAX: usize = 32_000;
/// Widths of columns in characters.
const WIDTH_MIN: usize = 10;
const WIDTH_MAX: usize = 50;
/// Rows of a template that offer their choices.
const CHOICE_ROWS: u32 = 5_000;
/// Integers beyond this lose digits in a spreadsheet, which reckons in floating point.
const NUMBER_MAX: u64 = 1_000_000_000_000_000;

/// What may be chosen in a column of a template.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choices {
    /// Column, counted from 0.
    pub column: u16,
    pub words: Vec<String>,
}

/// The second sheet of a template: examples below the same headers, and lines of words below them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Guide {
    pub title: String,
    pub examples: Vec<Vec<Cell>>,
    pub lines: Vec<String>,
}

/// A workbook: the table on the first sheet, the guide on a second one where there is one.
///
/// # Errors
/// [`SheetError::Unwritten`] when the table is larger than a sheet, or a name is none for a sheet.
pub fn write_workbook(
    name: &str,
    table: &Table,
    choices: &[Choices],
    guide: Option<&Guide>,
) -> Result<Vec<u8>, SheetError> {
    made(name, table, choices, guide).map_err(|_| SheetError::Unwritten)
}

fn made(
    name: &str,
    table: &Table,
    choices: &[Choices],
    guide: Option<&Guide>,
) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let formats = Formats::new();
    let sheet = book.add_worksheet();
    sheet.set_name(name)?;
    fill(sheet, &table.headers, &table.rows, &formats)?;
    // Long lists of choices stand on the sheet of words, behind its lines.
    let mut listed = Vec::new();
    for list in choices {
        let validation = if list.words.join(",").encode_utf16().count() <= 255 {
            DataValidation::new().allow_list_strings(&list.words)?
        } else {
            let column = u16::try_from(table.headers.len() + 1 + listed.len()).unwrap_or(u16::MAX);
            let letter = char::from(b'A' + u8::try_from(column.min(25)).unwrap_or(25));
            let title = guide.map_or("", |guide| guide.title.as_str());
            let formula = Formula::new(format!(
                "='{title}'!${letter}$1:${letter}${}",
                list.words.len()
            ));
            listed.push((column, list));
            DataValidation::new().allow_list_formula(formula)
        };
        sheet.add_data_validation(1, list.column, CHOICE_ROWS, list.column, &validation)?;
    }
    if let Some(guide) = guide {
        let sheet = book.add_worksheet();
        sheet.set_name(&guide.title)?;
        fill(sheet, &table.headers, &guide.examples, &formats)?;
        let below = u32::try_from(guide.examples.len() + 2).unwrap_or(u32::MAX);
        for (row, line) in (below..).zip(&guide.lines) {
            sheet.write_string(row, 0, neutralise(line))?;
        }
        for (column, list) in listed {
            for (row, word) in (0_u32..).zip(&list.words) {
                sheet.write_string(row, column, neutralise(word))?;
            }
        }
    }
    book.save_to_buffer()
}

struct Formats {
    head: Format,
    day: Format,
    /// Numbers that are names stay text when somebody types over them.
    text: Format,
}

impl Formats {
    fn new() -> Self {
        Self {
            head: Format::new()
                .set_bold()
                .set_background_color(0x00DC_EBE1)
                .set_align(FormatAlign::Left),
            day: Format::new().set_num_format("yyyy-mm-dd"),
            text: Format::new().set_num_format("@"),
        }
    }
}

/// Headers and rows from the sheet's first cell on.
fn fill(
    sheet: &mut Worksheet,
    headers: &[String],
    rows: &[Vec<Cell>],
    formats: &Formats,
) -> Result<(), XlsxError> {
    sheet.set_freeze_panes(1, 0)?;
    for (column, header) in (0_u16..).zip(headers) {
        let width = rows
            .iter()
            .take(200)
            .filter_map(|row| row.get(usize::from(column)))
            .map(|cell| shown(cell).chars().count())
            .chain([header.chars().count()])
            .max()
            .unwrap_or(0)
            .clamp(WIDTH_MIN, WIDTH_MAX);
        sheet.set_column_width(column, u16::try_from(width + 2).unwrap_or(52))?;
        sheet.write_string_with_format(0, column, neutralise(header), &formats.head)?;
    }
    for (at, row) in (1_u32..).zip(rows) {
        for (column, cell) in (0_u16..).zip(row) {
            match cell {
                Cell::Number(number) if number.unsigned_abs() < NUMBER_MAX => {
                    // Exact up to 2^53, and the bound lies below.
                    #[allow(clippy::cast_precision_loss)]
                    sheet.write_number(at, column, *number as f64)?;
                }
                Cell::Number(number) => {
                    words_in(sheet, at, column, &number.to_string(), &formats.text)?
                }
                Cell::Text(words) => {
                    words_in(sheet, at, column, &neutralise(words), &formats.text)?
                }
                Cell::Day(iso) => match ExcelDateTime::parse_from_str(iso) {
                    Ok(date) => {
                        sheet.write_datetime_with_format(at, column, &date, &formats.day)?;
                    }
                    Err(_) => words_in(sheet, at, column, iso, &formats.text)?,
                },
                Cell::Empty => {}
            }
        }
    }
    if let (false, Some(last)) = (rows.is_empty(), headers.len().checked_sub(1)) {
        let last_row = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        sheet.autofilter(0, 0, last_row, u16::try_from(last).unwrap_or(u16::MAX))?;
    }
    Ok(())
}

fn words_in(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    words: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    if words.is_empty() {
        return Ok(());
    }
    let short: String = words.chars().take(CELL_CHARS_MAX).collect();
    sheet.write_string_with_format(row, column, short, format)?;
    Ok(())
}

fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) | Cell::Day(text) => text.clone(),
        Cell::Number(number) => number.to_string(),
        Cell::Empty => String::new(),
    }
}
