//! Writing CSV files that people open in a spreadsheet. Text that a spreadsheet would run as a formula is made
//! harmless (CHECKLIST D04); numbers stay numbers.

use std::borrow::Cow;

/// One cell of a file to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Words, and numbers that are names (NIB, phone): written as they are, unless they look like a formula.
    Text(String),
    /// A figure, written in plain digits.
    Number(i64),
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

/// A CSV file: UTF-8 with a byte order mark (so that Excel reads it right), commas, CRLF.
///
/// # Errors
/// When the `csv` writer fails, which writing to memory does not.
pub fn write(
    headers: &[&str],
    rows: impl IntoIterator<Item = Vec<Cell>>,
) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::WriterBuilder::new()
        .flexible(true)
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{FEFF}".as_bytes().to_vec());
    writer.write_record(headers.iter().map(|header| neutralise(header).into_owned()))?;
    for row in rows {
        writer.write_record(row.iter().map(|cell| match cell {
            Cell::Text(text) => neutralise(text).into_owned(),
            Cell::Number(number) => number.to_string(),
        }))?;
    }
    writer
        .into_inner()
        .map_err(|fault| csv::Error::from(fault.into_error()))
}

/// Text that a spreadsheet would take for a formula gets an apostrophe in front.
#[must_use]
pub fn neutralise(text: &str) -> Cow<'_, str> {
    let starts_with_control = text.starts_with(['\t', '\r', '\n']);
    let looks_like_formula = text
        .trim_start()
        .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    if starts_with_control || looks_like_formula {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_looks_like_a_formula_is_made_harmless() {
        for evil in [
            "=HYPERLINK(\"http://x\")",
            "+1",
            "-1+1",
            "@SUM(A1)",
            "\tx",
            "\rx",
            "\nx",
            " =1",
            "＝1",
            "＋1",
            "－1",
            "＠x",
        ] {
            assert_eq!(neutralise(evil), format!("'{evil}"));
        }
        for harmless in ["Keripik = enak", "0812", "a-b", "", "'=1"] {
            assert_eq!(neutralise(harmless), harmless);
        }
    }

    #[test]
    fn numbers_stay_numbers_and_names_keep_their_zeros() {
        let file = write(
            &["NIB", "Sisa", "Nama"],
            [vec!["0220000000018".into(), (-5).into(), "a,\"b\"".into()]],
        )
        .unwrap();
        assert_eq!(
            String::from_utf8(file).unwrap(),
            "\u{FEFF}NIB,Sisa,Nama\r\n0220000000018,-5,\"a,\"\"b\"\"\"\r\n"
        );
    }

    #[test]
    fn what_is_written_can_be_read_again() {
        let file = write(&["a", "b"], [vec!["x\ny".into(), 7.into()]]).unwrap();
        let sheet = crate::read(&file, &crate::Limits::default()).unwrap();
        assert_eq!(sheet.rows[0].cells, ["x\ny", "7"]);
    }
}
