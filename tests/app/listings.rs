//! A list of goods as a marketplace exports it, read from the file to the closing line.

use std::collections::HashSet;

use domain::imports::{RepeatOf, SheetRow};
use domain::listings::{Known, ListingDraft, Preview, interpret};
use domain::products::{Content, Gap, SaleUnit};

type RowOutcome = domain::imports::RowOutcome<ListingDraft>;

const SAMPLE: &[u8] = include_bytes!("../data/listings-sample.csv");

fn preview(known: &Known<'_>) -> Preview {
    let sheet = sheets::read(SAMPLE, &sheets::Limits::default()).unwrap();
    let rows = sheet.rows.iter().map(|row| SheetRow {
        number: row.number,
        cells: &row.cells,
    });
    interpret(&sheet.headers, rows, known).unwrap()
}

fn outcome(preview: &Preview, number: u32) -> &RowOutcome {
    &preview
        .rows
        .iter()
        .find(|row| row.number == number)
        .unwrap()
        .outcome
}

#[test]
fn every_row_of_a_marketplace_export_is_accounted_for() {
    let preview = preview(&Known::default());
    assert_eq!(
        preview.tally().to_string(),
        "read 20 = new 0 + drafts 12 + repeats 4 + refused 4 + filtered 0"
    );
    for (number, first) in [(7, 4), (10, 5), (16, 4), (21, 13)] {
        let repeat = RowOutcome::Repeat(RepeatOf::Row(first));
        assert_eq!(*outcome(&preview, number), repeat, "row {number}");
    }
    let refused = |number| match outcome(&preview, number) {
        RowOutcome::Refused(problems) => problems
            .iter()
            .map(|p| (p.column.as_str(), p.problem.code))
            .collect::<Vec<_>>(),
        other => panic!("row {number}: {other:?}"),
    };
    assert_eq!(refused(13), [("Harga", "error-money-number")]);
    assert_eq!(refused(15), [("Harga", "error-money-comma")]);
    assert_eq!(refused(17), [("Nama", "error-required")]);
    assert_eq!(refused(18), [("", "error-import-too-many-cells")]);
}

#[test]
fn a_row_without_unit_and_stock_is_a_draft_with_what_its_name_tells() {
    let preview = preview(&Known::default());
    let draft = |number| match outcome(&preview, number) {
        RowOutcome::Draft(draft, gaps) => {
            assert!(gaps.contains(&Gap::Unit) && gaps.contains(&Gap::Stock));
            draft
        }
        other => panic!("row {number}: {other:?}"),
    };
    assert_eq!(draft(5).content, Some(Content::grams(180)));
    assert_eq!(draft(5).origin.as_deref(), Some("Kab. Ciamis"));
    assert_eq!(draft(5).price.map(|p| p.0), Some(29_000));
    assert_eq!(draft(3).pieces, Some(5));
    assert_eq!(draft(8).content, Some(Content::grams(250)));
    assert_eq!(draft(12).content, Some(Content::grams(1_000)));
    assert_eq!(draft(2).unit, Some(SaleUnit::Paket));
    assert_eq!(draft(14).price.map(|p| p.0), Some(5_000));
    assert_eq!(draft(9).name, "gula semut 5000 ,manis dan gurih");
}

#[test]
fn an_import_of_the_same_file_again_brings_nothing_new() {
    let first = preview(&Known::default());
    let imported: HashSet<_> = first
        .rows
        .iter()
        .filter(|row| matches!(row.outcome, RowOutcome::Draft(..)))
        .map(|row| row.fingerprint.clone())
        .collect();
    let again = preview(&Known {
        imported: Some(&imported),
        ..Known::default()
    });
    assert_eq!(
        again.tally().to_string(),
        "read 20 = new 0 + drafts 0 + repeats 16 + refused 4 + filtered 0"
    );
}

#[test]
fn only_the_rows_of_the_seller_asked_for_are_read() {
    let one = preview(&Known {
        seller: Some(" DAPUR  Contoh "),
        ..Known::default()
    });
    assert_eq!(
        one.tally().to_string(),
        "read 20 = new 0 + drafts 3 + repeats 3 + refused 2 + filtered 12"
    );
}
