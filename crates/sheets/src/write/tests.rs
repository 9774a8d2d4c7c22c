use proptest::prelude::*;

use super::*;
use crate::{Limits, read};

fn table(headers: &[&str], rows: Vec<Vec<Cell>>) -> Table {
    Table {
        headers: headers.iter().map(|header| (*header).to_owned()).collect(),
        rows,
    }
}

/// A part of a workbook as it is.
fn part(book: &[u8], name: &str) -> String {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(book)).unwrap();
    let mut part = zip.by_name(name).unwrap();
    let mut xml = String::new();
    std::io::Read::read_to_string(&mut part, &mut xml).unwrap();
    xml
}

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
        // D04: in both kinds of file.
        let table = table(&["a", "b"], vec![vec!["x".into(), evil.into()]]);
        let text = write(&table).unwrap();
        let book = write_workbook("Data", &table, &[], None).unwrap();
        // Quotation marks stand twice in CSV.
        let quoted = format!("'{evil}").replace('"', "\"\"");
        assert!(String::from_utf8_lossy(&text).contains(&quoted));
        let words = part(&book, "xl/sharedStrings.xml");
        assert!(words.contains(">'"), "{evil:?}: {words}");
        // And it comes back as it was.
        for file in [text, book] {
            let sheet = read(&file, &Limits::default()).unwrap();
            assert_eq!(sheet.rows[0].cells[1], evil);
        }
    }
    for harmless in ["Keripik = enak", "0812", "a-b", "", "'", "'90-an", "it's"] {
        assert_eq!(neutralise(harmless), harmless);
        assert_eq!(restored(harmless), harmless);
    }
}

#[test]
fn numbers_stay_numbers_and_names_keep_their_zeros() {
    let table = table(
        &["NIB", "Sisa", "Nama", "Sejak"],
        vec![vec![
            "0220000000018".into(),
            (-5).into(),
            "a,\"b\"".into(),
            Cell::Day("2026-11-24".to_owned()),
        ]],
    );
    assert_eq!(
        String::from_utf8(write(&table).unwrap()).unwrap(),
        "\u{FEFF}NIB,Sisa,Nama,Sejak\r\n0220000000018,-5,\"a,\"\"b\"\"\",2026-11-24\r\n"
    );
    let book = write_workbook("Data", &table, &[], None).unwrap();
    let sheet = read(&book, &Limits::default()).unwrap();
    assert_eq!(
        sheet.rows[0].cells,
        ["0220000000018", "-5", "a,\"b\"", "2026-11-24"]
    );
    // As Excel sees it: a number and a date, not their words.
    let xml = part(&book, "xl/worksheets/sheet1.xml");
    assert!(
        xml.contains("<v>-5</v>") && xml.contains("<v>46350</v>"),
        "{xml}"
    );
}

#[test]
fn a_template_offers_its_choices_short_and_long() {
    let table = table(&["Nama", "Satuan", "Daerah"], vec![]);
    let long: Vec<String> = (0..300).map(|n| format!("Kabupaten {n}")).collect();
    let choices = [
        Choices {
            column: 1,
            words: vec!["bungkus".to_owned(), "kg".to_owned()],
        },
        Choices {
            column: 2,
            words: long,
        },
    ];
    let guide = Guide {
        title: "Petunjuk".to_owned(),
        examples: vec![vec!["Keripik".into(), "kg".into()]],
        lines: vec!["Satu".to_owned(), "=Dua".to_owned()],
    };
    let book = write_workbook("Data", &table, &choices, Some(&guide)).unwrap();
    let sheets = crate::read_all(&book, &Limits::default()).unwrap();
    assert_eq!(sheets[0].headers, ["Nama", "Satuan", "Daerah"]);
    assert_eq!(sheets.len(), 2);
}

/// A header and rows of text and figures, as a person's data may be.
fn data() -> impl Strategy<Value = Vec<(String, i64)>> {
    proptest::collection::vec(
        (
            "'{0,2}[=+@-]?[^\\p{C}\r]{0,30}[^\\p{C}\\p{Z}]",
            -999_999_999_999_i64..=999_999_999_999,
        ),
        0..20,
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_written_reads_the_same_in_both_kinds_of_file(rows in data()) {
        let cells = rows.iter().map(|(text, n)| vec![text.as_str().into(), (*n).into()]).collect();
        let table = table(&["kata", "angka"], cells);
        let wanted: Vec<Vec<String>> = rows
            .iter()
            .map(|(text, n)| vec![text.clone(), n.to_string()])
            .collect();
        for file in [write(&table).unwrap(), write_workbook("Data", &table, &[], None).unwrap()] {
            let sheet = read(&file, &Limits::default()).unwrap();
            let found: Vec<Vec<String>> = sheet.rows.into_iter().map(|row| row.cells).collect();
            prop_assert_eq!(&found, &wanted);
        }
    }
}
