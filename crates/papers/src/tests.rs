//! What stands where. Whole files are read back in the tests of the app.

use text::Lang;

use crate::{
    Block, Column, Good, Letterhead, Paper, Table,
    layout::{self, Mark},
};

fn paper(blocks: Vec<Block>) -> Paper {
    Paper {
        lang: Lang::Id,
        letterhead: Letterhead {
            name: "Koperasi Produsen Rasa Alas Roban".to_owned(),
            lines: vec!["Jl. Raya Subang 1, Kabupaten Batang".to_owned()],
        },
        title: "Katalog utama".to_owned(),
        subtitle: "Edisi 2".to_owned(),
        blocks,
        address: "https://lumbung.example/catalogs/0198c0de-0000-7000-8000-000000000001/editions/2"
            .to_owned(),
        foot: "Katalog utama, edisi 2".to_owned(),
    }
}

fn ladder(rows: usize) -> Table {
    Table {
        columns: vec![
            Column::text("Jumlah", 3),
            Column::number("Per bungkus", 2),
            Column::number("Per dus", 2),
        ],
        rows: (0..rows)
            .map(|row| {
                vec![
                    format!("mulai {row} dus"),
                    "Rp12.500".to_owned(),
                    "Rp500.000".to_owned(),
                ]
            })
            .collect(),
    }
}

fn good(name: &str) -> Block {
    Block::Good(Good {
        picture: None,
        name: name.to_owned(),
        link: "https://lumbung.example/offers/0198c0de-0000-7000-8000-000000000001".to_owned(),
        lines: vec!["Isi 250 g. 1 dus = 40 bungkus. Paling sedikit 10 dus.".to_owned()],
        table: Some(ladder(3)),
    })
}

#[test]
fn a_paper_fits_its_sheets_is_small_and_the_same_each_time() {
    let blocks = vec![
        Block::Text("Hasil anggota Koperasi. Harga belum termasuk PPN.".to_owned()),
        Block::Facts(vec![("Edisi".to_owned(), "2".to_owned())]),
        Block::Heading("Penawaran".to_owned()),
        good("Keripik singkong balado"),
        Block::Table(ladder(60)),
    ];
    let paper = paper(blocks);
    let pdf = paper.pdf().unwrap();
    assert!(pdf.starts_with(b"%PDF-1.7") && pdf.len() < 100_000);
    assert_eq!(pdf, paper.pdf().unwrap());
    let sheets = layout::sheets(&paper).unwrap();
    assert_eq!(sheets.len(), 3);
    for sheet in &sheets {
        for mark in sheet.nodes.iter().flat_map(layout::marks_of) {
            let (y, height) = match mark {
                Mark::Words { y, .. } => (*y, 0.0),
                Mark::Rule { y, thickness, .. } => (*y, *thickness),
                Mark::Picture { y, height, .. } => (*y, *height),
            };
            let bottom = layout::HEIGHT - layout::MARGIN - layout::FOOT;
            assert!(y >= layout::MARGIN && y + height <= bottom, "{mark:?}");
        }
    }
}

#[test]
fn each_sheet_of_a_long_table_begins_with_its_head_and_no_row_is_lost() {
    let sheets = layout::sheets(&paper(vec![Block::Table(ladder(60))])).unwrap();
    assert!(sheets.len() > 1);
    let mut rows = 0;
    for sheet in &sheets {
        let heads = sheet.nodes.iter().flat_map(layout::marks_of).filter(
            |mark| matches!(mark, Mark::Words { text, bold: true, .. } if text == "Per dus"),
        );
        assert_eq!(heads.count(), 1);
        rows += sheet
            .nodes
            .iter()
            .filter(|node| matches!(node, layout::Node::Row(..)))
            .count();
    }
    assert_eq!(rows, 61);
}

#[test]
fn a_good_never_breaks_and_a_heading_is_never_left_alone() {
    // Whatever stands before, a heading and the good below it are on one sheet.
    for lines in 1..60 {
        let text = vec!["Satu baris."; lines].join("\n");
        let blocks = vec![
            Block::Text(text),
            Block::Heading("Penawaran".to_owned()),
            good("Keripik"),
        ];
        let sheets = layout::sheets(&paper(blocks)).unwrap();
        let with = |words: &str| {
            sheets.iter().position(|sheet| {
                sheet
                    .nodes
                    .iter()
                    .flat_map(layout::marks_of)
                    .any(|mark| matches!(mark, Mark::Words { text, .. } if text == words))
            })
        };
        assert_eq!(with("Penawaran"), with("Keripik"), "after {lines} lines");
        assert_eq!(with("Keripik"), with("mulai 2 dus"), "after {lines} lines");
    }
}
