//! An XLSX workbook. `calamine` reads the cells of what passed the gate; this file makes of each the text that a person
//! would type for it, so that the same rules judge a workbook and a CSV file.
//!
//! Numbers come as Indonesian reads them (`12,5`), dates as `2026-11-24`. A merged area over several rows has no single
//! meaning and is refused; so is a formula that failed.

use std::{
    collections::BTreeMap,
    io::Cursor,
    panic::{AssertUnwindSafe, catch_unwind},
};

use calamine::{DataRef, Dimensions, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx};

use super::{Limits, Note, Row, Sheet, gate, headers_of, letters_of};
use crate::SheetError;

/// Rows above the header in which a title may stand.
const TITLE_ROWS_MAX: usize = 10;

type Book<'a> = Xlsx<Cursor<&'a [u8]>>;
/// Cells by row, both counted from 0; rows without text have no entry.
type Grid = BTreeMap<u32, Vec<String>>;

pub(super) fn read_all(bytes: &[u8], limits: &Limits) -> Result<Vec<Sheet>, SheetError> {
    gate::check(bytes, limits)?;
    // A file may still be broken in ways that its reader did not foresee.
    catch_unwind(AssertUnwindSafe(|| tables(bytes, limits))).unwrap_or(Err(SheetError::Damaged))
}

fn tables(bytes: &[u8], limits: &Limits) -> Result<Vec<Sheet>, SheetError> {
    let mut book: Book<'_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| SheetError::Damaged)?;
    let all: Vec<(String, bool)> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| (sheet.name.clone(), sheet.visible == SheetVisible::Visible))
        .collect();
    if all.len() > limits.sheets {
        return Err(SheetError::TooManySheets {
            limit: limits.sheets,
        });
    }
    let any_visible = all.iter().any(|(_, is_visible)| *is_visible);
    let mut found: Vec<Sheet> = Vec::new();
    let mut unread = Vec::new();
    let mut left = *limits;
    for (name, is_visible) in all {
        if any_visible && !is_visible {
            continue;
        }
        match table(&mut book, &name, &left) {
            Ok(Some(sheet)) => {
                left.rows = left.rows.saturating_sub(sheet.rows.len());
                found.push(sheet);
            }
            Ok(None) => {}
            Err(error) if found.is_empty() => return Err(error),
            Err(_) => unread.push(Note::UnreadSheet(name)),
        }
    }
    match found.first_mut() {
        Some(first) => first.notes.extend(unread),
        None => return Err(SheetError::Empty),
    }
    Ok(found)
}

/// One sheet as a table; `None` when it holds nothing.
fn table(book: &mut Book<'_>, name: &str, limits: &Limits) -> Result<Option<Sheet>, SheetError> {
    let mut grid = grid(book, name, limits)?;
    let titles = title_rows(&grid);
    for _ in 0..titles {
        grid.pop_first();
    }
    let Some((header_at, cells)) = grid.pop_first() else {
        return Ok(None);
    };
    let merged = book
        .merge_cells_by_sheet_name(name)
        .map_err(|_| SheetError::Damaged)?;
    check_merged(&merged, header_at, grid.keys().next_back().copied())?;
    let headers = headers_of(&Row {
        number: number_of(header_at),
        cells,
    })?;
    let mut notes = Vec::new();
    if titles > 0 {
        notes.push(Note::TitleRows(titles));
    }
    let mut blank = 0;
    let mut last = header_at;
    for at in grid.keys() {
        blank += usize::try_from(at.saturating_sub(last).saturating_sub(1)).unwrap_or(0);
        last = *at;
    }
    if blank > 0 {
        notes.push(Note::BlankRows(blank));
    }
    if grid.len() > limits.rows {
        return Err(SheetError::TooManyRows { limit: limits.rows });
    }
    let rows = grid
        .into_iter()
        .map(|(at, cells)| Row {
            number: number_of(at),
            cells,
        })
        .collect();
    Ok(Some(Sheet {
        name: Some(name.to_owned()),
        headers,
        rows,
        notes,
    }))
}

fn grid(book: &mut Book<'_>, name: &str, limits: &Limits) -> Result<Grid, SheetError> {
    let mut cells = book
        .worksheet_cells_reader(name)
        .map_err(|_| SheetError::Damaged)?;
    let mut grid = Grid::new();
    while let Some(cell) = cells.next_cell().map_err(|_| SheetError::Damaged)? {
        let (row, column) = cell.get_position();
        let at = usize::try_from(column).unwrap_or(usize::MAX);
        let text = match text(cell.get_value()) {
            Ok(text) => text,
            Err(fault) => {
                return Err(SheetError::FormulaFault {
                    row: number_of(row),
                    column: letters_of(at),
                    fault,
                });
            }
        };
        if text.trim().is_empty() {
            continue;
        }
        if at >= limits.columns {
            return Err(SheetError::TooManyColumns {
                row: number_of(row),
                columns: at.saturating_add(1),
                limit: limits.columns,
            });
        }
        if text.chars().count() > limits.cell_chars {
            return Err(SheetError::CellTooLong {
                row: number_of(row),
                column: letters_of(at),
                limit: limits.cell_chars,
            });
        }
        if text
            .chars()
            .any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
        {
            return Err(SheetError::Unreadable {
                row: number_of(row),
                column: letters_of(at),
            });
        }
        let is_new = !grid.contains_key(&row);
        if is_new && grid.len() > limits.rows.saturating_add(TITLE_ROWS_MAX) {
            return Err(SheetError::TooManyRows { limit: limits.rows });
        }
        let cells = grid.entry(row).or_default();
        if cells.len() <= at {
            cells.resize(at + 1, String::new());
        }
        if let Some(place) = cells.get_mut(at) {
            *place = text;
        }
    }
    Ok(grid)
}

/// How many rows stand above the header with one cell each.
fn title_rows(grid: &Grid) -> usize {
    let filled = |cells: &Vec<String>| cells.iter().filter(|cell| !cell.is_empty()).count();
    grid.values()
        .take(TITLE_ROWS_MAX + 1)
        .position(|cells| filled(cells) > 1)
        .unwrap_or(0)
}

/// Refuses merged areas over several rows from the header down to the last row.
fn check_merged(
    merged: &[Dimensions],
    header_at: u32,
    last: Option<u32>,
) -> Result<(), SheetError> {
    let last = last.unwrap_or(header_at);
    for area in merged {
        if area.end.0 > area.start.0 && area.end.0 >= header_at && area.start.0 <= last {
            return Err(SheetError::MergedRows {
                row: number_of(area.start.0),
                column: letters_of(usize::try_from(area.start.1).unwrap_or(usize::MAX)),
            });
        }
    }
    Ok(())
}

fn number_of(row: u32) -> u32 {
    row.saturating_add(1)
}

/// What a person would type for a cell; `Err` with the fault of a formula.
fn text(value: &DataRef<'_>) -> Result<String, String> {
    Ok(match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => decimal(*number),
        DataRef::Bool(true) => "TRUE".to_owned(),
        DataRef::Bool(false) => "FALSE".to_owned(),
        DataRef::DateTime(at) => moment(at),
        DataRef::DateTimeIso(text) => text
            .strip_suffix("T00:00:00")
            .or_else(|| text.strip_suffix("T00:00:00.000"))
            .unwrap_or(text)
            .to_owned(),
        DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(fault) => return Err(fault.to_string()),
    })
}

/// A number with a decimal comma and the fifteen digits that Excel keeps, without an exponent.
fn decimal(number: f64) -> String {
    if !number.is_finite() {
        return number.to_string();
    }
    // `-1.25000000000000e1`: the fifteen digits and where the point stands.
    let written = format!("{number:.14e}");
    let (mantissa, exponent) = written.split_once('e').unwrap_or((&written, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", mantissa),
    };
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_end_matches('0');
    if digits.is_empty() {
        return "0".to_owned();
    }
    // More zeros than any figure of the trade has: leave it as the machine writes it, to be refused by the rules.
    let Ok(places) = usize::try_from(exponent.unsigned_abs()) else {
        return written;
    };
    if places > 30 {
        return written;
    }
    if exponent < 0 {
        return format!("{sign}0,{}{digits}", "0".repeat(places - 1));
    }
    let whole = places + 1;
    match (digits.get(..whole), digits.get(whole..)) {
        (Some(whole), Some("")) => format!("{sign}{whole}"),
        (Some(whole), Some(rest)) => format!("{sign}{whole},{rest}"),
        _ => format!("{sign}{digits:0<whole$}"),
    }
}

/// `2026-11-24`, `2026-11-24 14:30`, `14:30`.
fn moment(at: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
    let time = if second == 0 {
        format!("{hour:02}:{minute:02}")
    } else {
        format!("{hour:02}:{minute:02}:{second:02}")
    };
    if at.is_duration() || at.as_f64() < 1.0 {
        return time;
    }
    let date = format!("{year:04}-{month:02}-{day:02}");
    if (hour, minute, second) == (0, 0, 0) {
        date
    } else {
        format!("{date} {time}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_as_a_person_would_type_them() {
        for (number, text) in [
            (0.0, "0"),
            (12_500.0, "12500"),
            (12.5, "12,5"),
            (-0.25, "-0,25"),
            (1.234, "1,234"),
            (0.1 + 0.2, "0,3"),
            (1e15, "1000000000000000"),
            (9_120_000_000_017.0, "9120000000017"),
            (0.001, "0,001"),
            (100.0, "100"),
        ] {
            assert_eq!(decimal(number), text);
        }
        assert!(decimal(1e300).contains('e'));
    }

    #[test]
    fn days_are_right_on_both_calendars_of_excel() {
        use calamine::ExcelDateTimeType::DateTime;
        let day = |serial, is_1904| moment(&ExcelDateTime::new(serial, DateTime, is_1904));
        assert_eq!(day(45_943.0, false), "2025-10-13");
        assert_eq!(day(45_943.541_667, false), "2025-10-13 13:00");
        assert_eq!(day(45_943.0 - 1_462.0, true), "2025-10-13");
        assert_eq!(day(60.0, false), "1900-02-29");
        assert_eq!(day(61.0, false), "1900-03-01");
        assert_eq!(day(0.5, false), "12:00");
    }
}
