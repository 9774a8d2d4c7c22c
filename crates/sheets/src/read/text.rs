//! A CSV file. The `csv` crate splits it; this file adds what that crate forgives: quotes that never close, text
//! behind a closed quote, control characters, and limits on everything.

use csv::{ByteRecord, ReaderBuilder};

use super::{Limits, Note, Row, Sheet, headers_of, letters_of};
use crate::{SheetError, decode::decode};

const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// Reads a whole CSV file.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Sheet, SheetError> {
    let (text, encoding) = decode(bytes)?;
    let (text, stated) = stated_delimiter(&text);
    let delimiter = stated.unwrap_or_else(|| guess_delimiter(text.as_bytes()));
    let mut notes = Vec::new();
    notes.extend(encoding.map(Note::Encoding));
    if delimiter != b',' {
        notes.push(Note::Delimiter(char::from(delimiter)));
    }
    let mut records = Records::new(text, delimiter);
    let Some(first) = records.next_row(&[], limits)? else {
        return Err(SheetError::Empty);
    };
    let headers = headers_of(&first)?;
    let mut rows = Vec::new();
    let mut blank = records.blank_lines;
    while let Some(row) = records.next_row(&headers, limits)? {
        if row.cells.iter().all(|cell| cell.trim().is_empty()) {
            blank += 1;
            continue;
        }
        if rows.len() == limits.rows {
            return Err(SheetError::TooManyRows { limit: limits.rows });
        }
        blank += records.blank_lines;
        rows.push(row);
    }
    if blank > 0 {
        notes.push(Note::BlankRows(blank));
    }
    Ok(Sheet {
        name: None,
        headers,
        rows,
        notes,
    })
}

/// Excel writes `sep=;` as a first line of its own.
fn stated_delimiter(text: &str) -> (&str, Option<u8>) {
    let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
    match line.trim_end_matches('\r').strip_prefix("sep=") {
        Some(",") => (rest, Some(b',')),
        Some(";") => (rest, Some(b';')),
        Some("\t") => (rest, Some(b'\t')),
        _ => (text, None),
    }
}

/// The delimiter by which most of the first rows have as many cells as the header, and at least two.
fn guess_delimiter(text: &[u8]) -> u8 {
    let score = |delimiter: u8| {
        let mut reader = reader(text, delimiter);
        let mut widths = reader.byte_records().take(20).flatten().map(|r| r.len());
        let header = widths.next().unwrap_or(0);
        let alike = widths.filter(|width| *width == header).count();
        (header > 1).then_some((alike, header))
    };
    let mut best = (None, b',');
    for delimiter in DELIMITERS {
        let found = score(delimiter);
        if found > best.0 {
            best = (found, delimiter);
        }
    }
    best.1
}

fn reader(text: &[u8], delimiter: u8) -> csv::Reader<&[u8]> {
    ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text)
}

/// The file's records one by one, each with its row number.
struct Records<'a> {
    text: &'a str,
    delimiter: char,
    reader: csv::Reader<&'a [u8]>,
    record: ByteRecord,
    row: u32,
    /// Blank lines passed before the latest record.
    blank_lines: usize,
}

impl<'a> Records<'a> {
    fn new(text: &'a str, delimiter: u8) -> Self {
        Self {
            text,
            delimiter: char::from(delimiter),
            reader: reader(text.as_bytes(), delimiter),
            record: ByteRecord::new(),
            row: 0,
            blank_lines: 0,
        }
    }

    fn next_row(&mut self, headers: &[String], limits: &Limits) -> Result<Option<Row>, SheetError> {
        let from = self.offset();
        // Reading from memory can't fail, and uneven rows are allowed.
        if !self
            .reader
            .read_byte_record(&mut self.record)
            .unwrap_or(false)
        {
            return Ok(None);
        }
        let raw = self.text.get(from..self.offset()).unwrap_or_default();
        let after_return = self.text.get(..from).is_some_and(|t| t.ends_with('\r'));
        let (blank_lines, raw) = skip_blank_lines(raw, after_return);
        self.blank_lines = blank_lines;
        self.row = u32::try_from(blank_lines)
            .ok()
            .and_then(|blank| self.row.checked_add(blank)?.checked_add(1))
            .unwrap_or(u32::MAX);
        let row = self.row;

        let columns = self.record.len();
        if columns > limits.columns {
            return Err(SheetError::TooManyColumns {
                row,
                columns,
                limit: limits.columns,
            });
        }
        let named = |at: usize| headers.get(at).cloned().unwrap_or_else(|| letters_of(at));
        check_quotes(raw, self.delimiter).map_err(|fault| match fault {
            QuoteFault::Unclosed => SheetError::UnclosedQuote { row },
            QuoteFault::Stray(at) => SheetError::StrayQuote {
                row,
                column: named(at),
            },
        })?;
        let mut cells = Vec::with_capacity(columns);
        for (at, bytes) in self.record.iter().enumerate() {
            // The text was decoded before: cells are whole characters.
            let cell = String::from_utf8_lossy(bytes);
            if cell.chars().count() > limits.cell_chars {
                return Err(SheetError::CellTooLong {
                    row,
                    column: named(at),
                    limit: limits.cell_chars,
                });
            }
            if cell
                .chars()
                .any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
            {
                return Err(SheetError::Unreadable {
                    row,
                    column: named(at),
                });
            }
            cells.push(cell.into_owned());
        }
        Ok(Some(Row { number: row, cells }))
    }

    fn offset(&self) -> usize {
        usize::try_from(self.reader.position().byte()).unwrap_or(usize::MAX)
    }
}

/// The reader passes over empty lines; they count as rows nevertheless. The line feed of a return that ended
/// the record before is no line of its own.
fn skip_blank_lines(raw: &str, after_return: bool) -> (usize, &str) {
    let mut rest = raw;
    if after_return {
        rest = rest.strip_prefix('\n').unwrap_or(rest);
    }
    let mut blank = 0;
    while let Some(next) = rest
        .strip_prefix("\r\n")
        .or_else(|| rest.strip_prefix('\n'))
        .or_else(|| rest.strip_prefix('\r'))
    {
        blank += 1;
        rest = next;
    }
    (blank, rest)
}

enum QuoteFault {
    Unclosed,
    /// In the cell at this place of the row.
    Stray(usize),
}

/// Quotes must close, and only a delimiter or the row's end may follow. Otherwise a forgotten quote would
/// swallow the rows up to the next one without a word.
fn check_quotes(raw: &str, delimiter: char) -> Result<(), QuoteFault> {
    enum At {
        Start,
        Plain,
        Quoted,
        Closed,
    }
    let mut at = At::Start;
    let mut cell = 0;
    for c in raw.chars() {
        at = match at {
            At::Quoted if c == '"' => At::Closed,
            At::Quoted => At::Quoted,
            // A doubled quote inside quotes is one quote.
            At::Closed if c == '"' => At::Quoted,
            At::Start if c == '"' => At::Quoted,
            _ if c == delimiter => {
                cell += 1;
                At::Start
            }
            _ if matches!(c, '\n' | '\r') => At::Start,
            At::Closed => return Err(QuoteFault::Stray(cell)),
            At::Start | At::Plain => At::Plain,
        };
    }
    match at {
        At::Quoted => Err(QuoteFault::Unclosed),
        _ => Ok(()),
    }
}
