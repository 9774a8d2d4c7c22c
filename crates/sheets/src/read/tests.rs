use proptest::prelude::*;

use super::*;

fn sheet(text: &str) -> Sheet {
    read(text.as_bytes(), &Limits::default()).unwrap()
}

fn refusal(bytes: &[u8]) -> SheetError {
    read(bytes, &Limits::default()).unwrap_err()
}

#[test]
fn cells_are_found_by_row_number_and_column_name() {
    let sheet =
        sheet("Nama, Harga \r\nKeripik,Rp5.000\r\n\r\n\"Kopi, \"\"asli\"\"\",\" Rp9.000 \"\r\n");
    assert_eq!(sheet.headers, ["Nama", "Harga"]);
    assert_eq!(
        sheet.rows.iter().map(|r| r.number).collect::<Vec<_>>(),
        [2, 4]
    );
    assert_eq!(sheet.cell(&sheet.rows[1], "Nama"), "Kopi, \"asli\"");
    assert_eq!(sheet.cell(&sheet.rows[1], "Harga"), "Rp9.000");
    assert_eq!(sheet.cell(&sheet.rows[1], "Kota"), "");
    assert_eq!(sheet.notes, [Note::BlankRows(1)]);
}

#[test]
fn row_numbers_follow_the_spreadsheet_when_cells_hold_line_breaks() {
    for newline in ["\n", "\r\n", "\r"] {
        let text = ["a,b", "\"x\ny\nz\",1", "", "", "p,2", ",", "q,3"].join(newline);
        let sheet = sheet(&text);
        let numbers: Vec<_> = sheet.rows.iter().map(|r| r.number).collect();
        assert_eq!(numbers, [2, 5, 7], "with {newline:?}");
        assert_eq!(sheet.notes, [Note::BlankRows(3)]);
    }
}

#[test]
fn every_usual_encoding_reads_the_same() {
    let text = "Nama;Asal\nKopi Gayó;Aceh\n";
    let utf16 = |order: fn(u16) -> [u8; 2], mark: bool| -> Vec<u8> {
        let mark = mark.then_some(0xFEFF);
        mark.into_iter()
            .chain(text.encode_utf16())
            .flat_map(order)
            .collect()
    };
    let cp1252: Vec<u8> = text.chars().map(|c| u8::try_from(c).unwrap()).collect();
    let files = [
        (text.as_bytes().to_vec(), None),
        ([b"\xEF\xBB\xBF", text.as_bytes()].concat(), None),
        (utf16(u16::to_le_bytes, true), Some("UTF-16LE")),
        (utf16(u16::to_be_bytes, true), Some("UTF-16BE")),
        (utf16(u16::to_le_bytes, false), Some("UTF-16LE")),
        (utf16(u16::to_be_bytes, false), Some("UTF-16BE")),
        (cp1252, Some("windows-1252")),
    ];
    for (bytes, encoding) in files {
        let sheet = read(&bytes, &Limits::default()).unwrap();
        assert_eq!(sheet.headers, ["Nama", "Asal"], "{encoding:?}");
        assert_eq!(sheet.rows[0].cells, ["Kopi Gayó", "Aceh"], "{encoding:?}");
        let mut notes: Vec<Note> = encoding.map(Note::Encoding).into_iter().collect();
        notes.push(Note::Delimiter(';'));
        assert_eq!(sheet.notes, notes);
    }
}

#[test]
fn the_delimiter_is_the_one_that_makes_even_rows() {
    for (text, cells) in [
        ("a;b\n\"1,5\";2\n3,4;5\n", ["3,4", "5"]),
        ("nama, lengkap;b\nx;y\np,q;5\n", ["p,q", "5"]),
        ("a\tb\nx;y,z\t1\nu\t2\n", ["u", "2"]),
        ("sep=;\na,x;b\n1;2\n3,4;5\n", ["3,4", "5"]),
    ] {
        assert_eq!(sheet(text).rows[1].cells, cells, "{text}");
    }
    assert_eq!(sheet("Nama\nKopi\n").rows[0].cells, ["Kopi"]);
}

#[test]
fn a_quote_that_never_closes_is_refused_with_its_row() {
    assert_eq!(
        refusal(b"a,b\n1,2\n\"3,4\n5,6\n"),
        SheetError::UnclosedQuote { row: 3 }
    );
    // It would close at the next quote, rows later, and swallow what is between.
    assert_eq!(
        refusal(b"a,b\n\"1,2\n3,4\n5,\"6\"\n"),
        SheetError::StrayQuote {
            row: 2,
            column: "a".into()
        }
    );
    assert_eq!(sheet("a,b\nPipa 5\",2\n").rows[0].cells, ["Pipa 5\"", "2"]);
}

#[test]
fn beyond_each_limit_a_file_is_refused_and_at_it_taken() {
    let limits = Limits {
        bytes: 40,
        rows: 2,
        columns: 2,
        cell_chars: 3,
        ..Limits::default()
    };
    assert!(read(b"a,b\n1,2\n3,\xC3\xA9\xC3\xA9\xC3\xA9\n", &limits).is_ok());
    let refused = |text: &[u8]| read(text, &limits).unwrap_err().code();
    assert_eq!(refused(b"a,b\n1,2\n3,4\n5,6\n"), "too-many-rows");
    assert_eq!(refused(b"a,b\n1,2,3\n"), "too-many-columns");
    assert_eq!(refused(b"a,b,c\n"), "too-many-columns");
    assert_eq!(refused(&[b'x'; 41]), "too-large");
    assert_eq!(
        read(b"a,b\n1,abcd\n", &limits).unwrap_err(),
        SheetError::CellTooLong {
            row: 2,
            column: "b".into(),
            limit: 3
        }
    );
}

#[test]
fn what_is_not_a_csv_file_is_refused_by_its_content() {
    assert_eq!(
        refusal(b"PK\x03\x04rest of a workbook"),
        SheetError::Damaged
    );
    assert_eq!(refusal(b"\xD0\xCF\x11\xE0\xA1\xB1"), SheetError::OldExcel);
    assert_eq!(
        refusal(b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR"),
        SheetError::NotText
    );
    assert_eq!(refusal(b""), SheetError::Empty);
    assert_eq!(refusal(b"\xEF\xBB\xBF\n\n"), SheetError::Empty);
    assert_eq!(
        refusal(b"a,b\n1,\x1b[31m\n"),
        SheetError::Unreadable {
            row: 2,
            column: "b".into()
        }
    );
    assert_eq!(
        refusal(b"Harga,harga\n1,2\n"),
        SheetError::DuplicateColumn {
            column: "harga".into()
        }
    );
}

#[test]
fn a_column_without_a_name_is_called_by_its_letter() {
    assert_eq!(
        sheet("Nama,,Harga\n1,2,3\n").headers,
        ["Nama", "B", "Harga"]
    );
    assert_eq!(letters_of(25), "Z");
    assert_eq!(letters_of(26), "AA");
    assert_eq!(letters_of(701), "ZZ");
    assert_eq!(letters_of(702), "AAA");
}

#[test]
fn uneven_rows_are_kept_as_they_are() {
    let sheet = sheet("a,b\n1\n1,2,3\n1,2\n");
    let widths: Vec<_> = sheet.rows.iter().map(|r| r.cells.len()).collect();
    assert_eq!(widths, [1, 3, 2]);
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = read(&bytes, &Limits::default());
    }

    #[test]
    fn no_mix_of_quotes_and_lines_makes_it_panic_or_lose_count(text in "[ab\",;\r\n\t ]{0,60}") {
        if let Ok(sheet) = read(text.as_bytes(), &Limits::default()) {
            let numbers: Vec<_> = sheet.rows.iter().map(|r| r.number).collect();
            prop_assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]));
            prop_assert!(sheet.rows.iter().all(|r| r.number > 1));
        }
    }

    #[test]
    fn what_a_csv_writer_wrote_is_read_back(
        cells in proptest::collection::vec(proptest::collection::vec("[a-z][a-z ,;\"\n\t.é]{0,12}", 3), 1..8)
    ) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["x", "y", "z"]).unwrap();
        for row in &cells {
            writer.write_record(row).unwrap();
        }
        let read = read(&writer.into_inner().unwrap(), &Limits::default()).unwrap();
        let found: Vec<_> = read.rows.into_iter().map(|r| r.cells).collect();
        prop_assert_eq!(found, cells);
    }
}
