//! Workbooks made to hurt (CHECKLIST E05). Each is written to a file and read by a child process of its own, which tells
//! what came of it and how much memory it ever had.

use std::{
    io::{Cursor, Write},
    process::Command,
    time::{Duration, Instant},
};

use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::*;

const TYPES: &str = "<?xml version=\"1.0\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
    <Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>";
const ROOT: &str = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
    <Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" \
    Target=\"xl/workbook.xml\"/></Relationships>";
const BOOK: &str = "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" \
    xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets>\
    <sheet name=\"Data\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>";
const RELATIONS: &str = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
    <Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" \
    Target=\"worksheets/sheet1.xml\"/></Relationships>";
const SHEET: &str = "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>\
    <row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>Nama</t></is></c><c r=\"B1\" t=\"inlineStr\"><is><t>Harga</t></is></c></row>\
    <row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>Kripik</t></is></c><c r=\"B2\"><v>5000</v></c></row>\
    </sheetData></worksheet>";

type Zip = ZipWriter<Cursor<Vec<u8>>>;

fn fast() -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(1))
}

fn put(zip: &mut Zip, name: &str, content: &[u8]) {
    zip.start_file(name, fast()).unwrap();
    zip.write_all(content).unwrap();
}

/// A whole workbook, with some parts replaced or added.
fn book(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = Zip::new(Cursor::new(Vec::new()));
    let usual = [
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", ROOT),
        ("xl/workbook.xml", BOOK),
        ("xl/_rels/workbook.xml.rels", RELATIONS),
        ("xl/worksheets/sheet1.xml", SHEET),
    ];
    for (name, content) in usual {
        if parts.iter().all(|(other, _)| *other != name) {
            put(&mut zip, name, content.as_bytes());
        }
    }
    for (name, content) in parts {
        put(&mut zip, name, content.as_bytes());
    }
    zip.finish().unwrap().into_inner()
}

fn refusal(bytes: &[u8]) -> SheetError {
    read(bytes, &Limits::default()).unwrap_err()
}

#[test]
fn a_plain_workbook_passes_the_gate() {
    let sheet = read(&book(&[]), &Limits::default()).unwrap();
    assert_eq!(sheet.name.as_deref(), Some("Data"));
    assert_eq!(sheet.headers, ["Nama", "Harga"]);
    assert_eq!(sheet.rows[0].number, 2);
    assert_eq!(sheet.rows[0].cells, ["Kripik", "5000"]);
}

#[test]
fn macros_links_nested_files_and_entities_are_refused_by_name() {
    let laughs = "<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY lol \"lol\"><!ENTITY l2 \"&lol;&lol;&lol;\">]>\
        <worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"str\"><v>&l2;</v></c></row></sheetData></worksheet>";
    let outside = "<!DOCTYPE x SYSTEM \"file:///etc/passwd\"><sst/>";
    let attached = "<Relationships><Relationship Id=\"r9\" Type=\"http://x/attachedTemplate\" \
        Target=\"http://evil.example/x.xltm\" TargetMode=\"External\"/></Relationships>";
    let typed = TYPES.replace(
        "application/xml",
        "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    );
    for (part, content, expected) in [
        ("xl/worksheets/sheet1.xml", laughs, SheetError::Entities),
        ("xl/sharedStrings.xml", outside, SheetError::Entities),
        ("xl/vbaProject.bin", "x", SheetError::Macros),
        ("[Content_Types].xml", typed.as_str(), SheetError::Macros),
        (
            "xl/externalLinks/externalLink1.xml",
            "<x/>",
            SheetError::Links,
        ),
        ("xl/connections.xml", "<x/>", SheetError::Links),
        ("xl/_rels/other.xml.rels", attached, SheetError::Links),
        ("xl/embeddings/oleObject1.bin", "x", SheetError::Nested),
        ("xl/media/image1.png", "PK\u{3}\u{4}", SheetError::Nested),
    ] {
        assert_eq!(refusal(&book(&[(part, content)])), expected, "{part}");
    }
    // A link that a person may click is no link between files.
    let clicked = "<Relationships><Relationship Id=\"r1\" Type=\"http://x/relationships/hyperlink\" \
        Target=\"mailto:a@contoh.example\" TargetMode=\"External\"/></Relationships>";
    let fine = book(&[("xl/worksheets/_rels/sheet1.xml.rels", clicked)]);
    assert!(read(&fine, &Limits::default()).is_ok());
}

#[test]
fn broken_workbooks_are_refused_and_never_break_the_reader() {
    let whole = book(&[]);
    for cut in [4, 30, whole.len() / 2, whole.len() - 5] {
        assert_eq!(refusal(&whole[..cut]), SheetError::Damaged, "cut at {cut}");
    }
    let other = {
        let mut zip = Zip::new(Cursor::new(Vec::new()));
        put(&mut zip, "[Content_Types].xml", TYPES.as_bytes());
        put(&mut zip, "word/document.xml", b"<x/>");
        zip.finish().unwrap().into_inner()
    };
    assert_eq!(refusal(&other), SheetError::NotWorkbook);
    let cell = |row: &str| {
        format!(
            "<worksheet><dimension ref=\"A1:XFD1048576\"/><sheetData>{row}</sheetData></worksheet>"
        )
    };
    for row in [
        "<row r=\"4294967295\"><c><v>1</v></c></row><row><c><v>2</v></c></row>",
        "<row r=\"99999999999999999999\"><c><v>1</v></c></row>",
        "<row r=\"1\"><c r=\"ZZZZZZZZZZ1\"><v>1</v></c></row>",
        "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>99999999</v></c></row>",
        "<row r=\"1\"><c r=\"A1\" s=\"99999999\"><v>1e999</v></c></row>",
        "<row r=\"1\"><c r=\"A1\"><v>",
    ] {
        let sheet = cell(row);
        // Refused or read: what counts is that an answer comes.
        let _ = read(
            &book(&[("xl/worksheets/sheet1.xml", &sheet)]),
            &Limits::default(),
        );
    }
    let deep = format!("<worksheet>{}", "<a>".repeat(200_000));
    assert_eq!(
        refusal(&book(&[("xl/worksheets/sheet1.xml", &deep)])),
        SheetError::Damaged
    );
}

#[test]
fn merged_rows_and_formulas_without_a_value_are_refused_with_their_place() {
    let merged = SHEET.replace(
        "</sheetData>",
        "<row r=\"3\"><c r=\"B3\"><v>1</v></c></row></sheetData><mergeCells><mergeCell ref=\"A2:A3\"/></mergeCells>",
    );
    assert_eq!(
        refusal(&book(&[("xl/worksheets/sheet1.xml", &merged)])),
        SheetError::MergedRows {
            row: 2,
            column: "A".to_owned()
        }
    );
    for formula in [
        "<f>B3*2</f>",
        "<f>B3*2</f><v></v>",
        "<f t=\"shared\" si=\"0\"/>",
        "<f>1</f><v/>",
    ] {
        let sheet = SHEET.replace("<v>5000</v>", formula);
        assert_eq!(
            refusal(&book(&[("xl/worksheets/sheet1.xml", &sheet)])),
            SheetError::FormulaWithoutValue {
                row: 2,
                column: "B".to_owned()
            },
            "{formula}"
        );
    }
    let valued = SHEET.replace("<v>5000</v>", "<f>B3*2</f><v>7500</v>");
    let sheet = read(
        &book(&[("xl/worksheets/sheet1.xml", &valued)]),
        &Limits::default(),
    )
    .unwrap();
    assert_eq!(sheet.rows[0].cells[1], "7500");
    let failed = SHEET.replace("<c r=\"B2\"><v>5000", "<c r=\"B2\" t=\"e\"><v>#DIV/0!");
    assert!(matches!(
        refusal(&book(&[("xl/worksheets/sheet1.xml", &failed)])),
        SheetError::FormulaFault { row: 2, .. }
    ));
}

#[test]
fn titles_and_blank_rows_are_passed_over_and_rows_keep_their_numbers() {
    let sheet = "<worksheet><sheetData>\
        <row r=\"1\"><c r=\"A1\" t=\"str\"><v>Daftar anggota 2026</v></c></row>\
        <row r=\"4\"><c r=\"A4\" t=\"str\"><v>No</v></c><c r=\"B4\" t=\"str\"><v>Nama</v></c></row>\
        <row r=\"7\"><c r=\"A7\"><v>1</v></c><c r=\"B7\" t=\"str\"><v>Siti</v></c></row>\
        </sheetData><mergeCells><mergeCell ref=\"A1:B2\"/></mergeCells></worksheet>";
    let sheet = read(
        &book(&[("xl/worksheets/sheet1.xml", sheet)]),
        &Limits::default(),
    )
    .unwrap();
    assert_eq!(sheet.headers, ["No", "Nama"]);
    assert_eq!(sheet.rows[0].number, 7);
    assert_eq!(sheet.notes, [Note::TitleRows(1), Note::BlankRows(2)]);
}

/// A bomb whose directory tells the truth: a hundred parts of 10 MB each, all of them the same bytes of the file.
fn honest_bomb() -> Vec<u8> {
    let mut zip = Zip::new_append(Cursor::new(book(&[]))).unwrap();
    put(&mut zip, "xl/theme/theme0.xml", &vec![b' '; 10_000_000]);
    let one = zip.finish().unwrap().into_inner();
    overlapped(&one, "xl/theme/theme0.xml", 100)
}

/// The zip with its entry `name` listed `times` times more under other names: some 50 kB that unpack to a gigabyte.
fn overlapped(zip: &[u8], name: &str, times: usize) -> Vec<u8> {
    let end = zip.windows(4).rposition(|w| w == b"PK\x05\x06").unwrap();
    let number = |at: usize, size: usize| {
        zip[at..at + size]
            .iter()
            .rev()
            .fold(0_usize, |n, byte| n << 8 | usize::from(*byte))
    };
    let (count, start) = (number(end + 10, 2), number(end + 16, 4));
    let mut entry = zip[start..end]
        .windows(4)
        .enumerate()
        .filter(|(_, w)| w == b"PK\x01\x02")
        .map(|(at, _)| start + at)
        .find(|at| &zip[at + 46..at + 46 + number(at + 28, 2)] == name.as_bytes())
        .map(|at| zip[at..at + 46 + number(at + 28, 2) + number(at + 30, 2)].to_vec())
        .unwrap();
    let mut bomb = zip[..end].to_vec();
    for n in 0..times {
        let fresh = format!("xl/theme/{n:06}.xml");
        let fresh = &fresh.as_bytes()[..name.len()];
        entry[46..46 + name.len()].copy_from_slice(fresh);
        bomb.extend_from_slice(&entry);
    }
    let mut tail = zip[end..].to_vec();
    let all = u16::try_from(count + times).unwrap().to_le_bytes();
    tail[8..10].copy_from_slice(&all);
    tail[10..12].copy_from_slice(&all);
    let size = u32::try_from(bomb.len() - start).unwrap().to_le_bytes();
    tail[12..16].copy_from_slice(&size);
    bomb.extend_from_slice(&tail);
    bomb
}

/// A bomb whose directory lies: a part of 200 MB that claims to have 1,000 bytes.
fn lying_bomb() -> Vec<u8> {
    let mut zip = Zip::new(Cursor::new(Vec::new()));
    put(&mut zip, "[Content_Types].xml", TYPES.as_bytes());
    zip.start_file("xl/sharedStrings.xml", fast()).unwrap();
    let block = vec![b'x'; 1_000_000];
    for _ in 0..200 {
        zip.write_all(&block).unwrap();
    }
    let mut file = zip.finish().unwrap().into_inner();
    let wanted = 200_000_000_u32.to_le_bytes();
    let places: Vec<usize> = file
        .windows(4)
        .enumerate()
        .filter(|(_, w)| *w == wanted)
        .map(|(at, _)| at)
        .collect();
    for at in places {
        file[at..at + 4].copy_from_slice(&1_000_u32.to_le_bytes());
    }
    file
}

fn a_million_rows() -> Vec<u8> {
    let mut zip = Zip::new(Cursor::new(Vec::new()));
    for (name, content) in [
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", ROOT),
        ("xl/workbook.xml", BOOK),
        ("xl/_rels/workbook.xml.rels", RELATIONS),
    ] {
        put(&mut zip, name, content.as_bytes());
    }
    zip.start_file("xl/worksheets/sheet1.xml", fast()).unwrap();
    zip.write_all(b"<worksheet><sheetData>").unwrap();
    let mut block = String::new();
    for n in 0..1_000_000_u32 {
        block.push_str(&format!(
            "<row><c><v>{}</v></c></row>",
            n.wrapping_mul(2_654_435_761) % 9_973
        ));
        if block.len() > 1_000_000 {
            zip.write_all(block.as_bytes()).unwrap();
            block.clear();
        }
    }
    zip.write_all(block.as_bytes()).unwrap();
    zip.write_all(b"</sheetData></worksheet>").unwrap();
    zip.finish().unwrap().into_inner()
}

fn ten_thousand_sheets() -> Vec<u8> {
    let sheets: Vec<(String, String)> = (1..=10_000)
        .map(|n| (format!("xl/worksheets/sheet{n}.xml"), SHEET.to_owned()))
        .collect();
    let parts: Vec<(&str, &str)> = sheets
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    book(&parts)
}

/// The most memory that this process ever had, in kB.
fn most_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|rest| rest.split_whitespace().next())
        .and_then(|kb| kb.parse().ok())
        .unwrap_or(0)
}

/// The child: reads the file named in the environment and tells what came of it.
#[test]
#[ignore = "the other test runs it in a process of its own"]
fn read_one_file() {
    let Ok(path) = std::env::var("SHEETS_HOSTILE_FILE") else {
        return;
    };
    let bytes = std::fs::read(path).unwrap();
    let limits = Limits {
        bytes: 100_000_000,
        ..Limits::default()
    };
    let begun = Instant::now();
    let outcome = read(&bytes, &limits).map(|sheet| sheet.rows.len());
    let took = begun.elapsed().as_millis();
    let code = outcome.as_ref().map_or_else(SheetError::code, |_| "read");
    println!("outcome {code} {took} {}", most_memory());
}

#[test]
fn bombs_are_refused_quickly_and_within_little_memory() {
    let folder = std::env::temp_dir().join(format!("sheets-hostile-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    for (name, file, expected) in [
        ("overlap", honest_bomb(), "too-big-unpacked"),
        // What it says of its size is caught first: the data does not fit it.
        ("lie", lying_bomb(), "damaged"),
        ("rows", a_million_rows(), "too-many-rows"),
        ("sheets", ten_thousand_sheets(), "too-many-sheets"),
    ] {
        let path = folder.join(name);
        std::fs::write(&path, &file).unwrap();
        let output = Command::new(std::env::current_exe().unwrap())
            .args([
                "--ignored",
                "--exact",
                "--nocapture",
                "read::hostile_tests::read_one_file",
            ])
            .env("SHEETS_HOSTILE_FILE", &path)
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let words: Vec<&str> = text
            .split("outcome ")
            .nth(1)
            .unwrap_or_else(|| panic!("{name}: {text}"))
            .split_whitespace()
            .collect();
        println!("{name}: {} bytes, {words:?}", file.len());
        assert_eq!(words[0], expected, "{name}");
        let took = Duration::from_millis(words[1].parse().unwrap());
        assert!(took < Duration::from_secs(5), "{name} took {took:?}");
        let kb: u64 = words[2].parse().unwrap();
        assert!(kb < 300_000, "{name} took {kb} kB");
    }
    std::fs::remove_dir_all(folder).unwrap();
}
