use proptest::prelude::*;

use super::*;
use crate::{
    imports::{RepeatOf, guess_columns},
    products::Dimension,
};

type RowOutcome = imports::RowOutcome<ListingDraft>;

type Cells = Vec<String>;

fn cells(texts: &[&str]) -> Cells {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn preview(headers: &[&str], rows: &[&[&str]], known: &Known<'_>) -> Preview {
    let rows: Vec<Cells> = rows.iter().map(|row| cells(row)).collect();
    interpret(&cells(headers), numbered(&rows), known).unwrap()
}

fn numbered(rows: &[Cells]) -> impl Iterator<Item = SheetRow<'_>> {
    (2..)
        .zip(rows)
        .map(|(number, cells)| SheetRow { number, cells })
}

fn only(headers: &[&str], row: &[&str]) -> RowOutcome {
    let categories = [(
        "Makanan ringan".to_owned(),
        CategoryId::from("makanan-ringan"),
    )];
    let known = Known {
        categories: &categories,
        ..Known::default()
    };
    preview(headers, &[row], &known).rows.remove(0).outcome
}

fn problems(headers: &[&str], row: &[&str]) -> Vec<(String, &'static str)> {
    match only(headers, row) {
        RowOutcome::Refused(problems) => problems
            .into_iter()
            .map(|p| (p.column, p.problem.code))
            .collect(),
        other => panic!("{row:?}: {other:?}"),
    }
}

fn draft(headers: &[&str], row: &[&str]) -> (ListingDraft, Vec<Gap>) {
    match only(headers, row) {
        RowOutcome::Draft(draft, gaps) => (draft, gaps),
        RowOutcome::New(draft) => (draft, Vec::new()),
        other => panic!("{row:?}: {other:?}"),
    }
}

const FULL: &[&str] = &[
    "Kategori",
    "Nama Barang *",
    "Harga (Rp)",
    "Satuan",
    "Sisa",
    "Berat bersih (gram)",
    "Isi per dus",
    "Mutu",
    "Deskripsi",
];

#[test]
fn a_complete_row_is_new() {
    let row = [
        "makanan RINGAN",
        " Keripik  singkong ",
        "Rp 12.500",
        "Bks",
        "1.000",
        "250",
        "40",
        "A",
        "Renyah.\nGurih.",
    ];
    let RowOutcome::New(draft) = only(FULL, &row) else {
        panic!("{:?}", only(FULL, &row));
    };
    let expected = ListingDraft {
        name: "Keripik singkong".into(),
        price: Some(Rupiah(12_500)),
        unit: Some(SaleUnit::Bungkus),
        stock: Some(Packs(1000)),
        content: Some(Content::grams(250)),
        pieces: None,
        packs_per_carton: Some(40),
        description: "Renyah.\nGurih.".into(),
        grade: Some(Grade::from("A")),
        commodity: None,
        category: Some(CategoryId::from("makanan-ringan")),
        seller: None,
        origin: None,
    };
    assert_eq!(draft, expected);
}

#[test]
fn each_empty_cell_is_a_gap_in_the_order_of_the_form() {
    let (_, gaps) = draft(FULL, &["", "Keripik"]);
    let all = [
        Gap::Category,
        Gap::Unit,
        Gap::Content,
        Gap::Price,
        Gap::Stock,
    ];
    assert_eq!(gaps, all);
    let whole = ["makanan ringan", "Keripik", "12500", "bungkus", "5", "250"];
    for (at, gap) in [
        (0, Gap::Category),
        (2, Gap::Price),
        (3, Gap::Unit),
        (4, Gap::Stock),
        (5, Gap::Content),
    ] {
        let mut row = whole;
        row[at] = " ";
        assert_eq!(draft(FULL, &row).1, [gap]);
    }
    assert_eq!(draft(FULL, &whole).1, []);
}

#[test]
fn a_unit_that_only_the_name_tells_stays_a_gap() {
    let (draft, gaps) = draft(
        &["Kategori", "Nama", "Harga", "Stok"],
        &["Makanan ringan", "Paket kopi 200gr", "9.000", "3"],
    );
    assert_eq!(draft.unit, Some(SaleUnit::Paket));
    assert_eq!(draft.content, Some(Content::grams(200)));
    assert_eq!(gaps, [Gap::Unit]);
}

#[test]
fn headers_are_known_by_the_words_of_sellers() {
    for (header, field) in [
        ("Nama", Some(Field::Name)),
        ("nama produk", Some(Field::Name)),
        ("NAMA BARANG", Some(Field::Name)),
        ("Produk", Some(Field::Name)),
        ("Harga (Rp)", Some(Field::Price)),
        ("harga_jual", Some(Field::Price)),
        ("Penjual", Some(Field::Seller)),
        ("Nama Toko", Some(Field::Seller)),
        ("Kota", Some(Field::Origin)),
        ("Kab/Kota", Some(Field::Origin)),
        ("Asal daerah", Some(Field::Origin)),
        ("Satuan", Some(Field::Unit)),
        ("Stok", Some(Field::Stock)),
        ("Sisa barang", Some(Field::Stock)),
        ("Isi per dus", Some(Field::PacksPerCarton)),
        ("Isi", Some(Field::Content)),
        ("Berat (gr)", Some(Field::Content)),
        ("Mutu", Some(Field::Grade)),
        ("Grade", Some(Field::Grade)),
        ("Deskripsi", Some(Field::Description)),
        ("Kategori", Some(Field::Category)),
        ("Laris", None),
        ("Rating", None),
        ("Harga modal", None),
        ("Harga per kg", None),
        ("Nama pembeli", None),
        ("", None),
    ] {
        let columns = guess_columns::<Field>(&cells(&[header])).unwrap();
        assert_eq!(columns[0].field, field, "{header}");
    }
}

#[test]
fn a_file_that_can_not_be_understood_is_refused_as_a_whole() {
    let refusal = |headers: &[&str], seller: Option<&str>| {
        let known = Known {
            seller,
            ..Known::default()
        };
        interpret(&cells(headers), [], &known).unwrap_err().code
    };
    assert_eq!(refusal(&["Harga"], None), "error-import-no-name");
    assert_eq!(refusal(&["Nama"], Some("x")), "error-import-no-seller");
    let twice = ["Nama", "Harga", "Harga jual"];
    assert_eq!(refusal(&twice, None), "error-import-same-column");
}

#[test]
fn a_cell_that_can_not_be_read_refuses_its_row_with_the_column() {
    for (column, text, code) in [
        (1, " ", "error-required"),
        (1, "Ke\u{200b}ripik", "error-text-hidden-characters"),
        (1, &"n".repeat(121), "error-text-too-long"),
        (2, "1,000", "error-money-comma"),
        (2, "1.23.456", "error-money-number"),
        (2, "1e6", "error-money-number"),
        (2, "-5", "error-money-negative"),
        (2, "Rp0", "error-import-price-zero"),
        (2, "Rp5.000 - Rp6.000", "error-money-number"),
        (3, "gelas besar", "error-import-unit"),
        (4, "12,5 kg", "error-quantity-fraction"),
        (4, "1,000", "error-quantity-comma"),
        (4, "banyak", "error-quantity-number"),
        (4, "-1", "error-quantity-min"),
        (4, "3 botol", "error-import-other-unit"),
        (5, "sedang", "error-import-content"),
        (6, "0", "error-quantity-min"),
    ] {
        let mut row = ["", "Keripik", "12.500", "bungkus", "5", "250", "40", "", ""];
        row[column] = text;
        let headers = FULL[column].to_owned();
        assert_eq!(problems(FULL, &row), [(headers, code)], "{text}");
    }
}

#[test]
fn all_problems_of_a_row_are_told_in_the_order_of_its_columns() {
    let found = problems(&["Stok", "Harga", "Nama"], &["banyak", "murah", ""]);
    let columns: Vec<_> = found.iter().map(|(column, _)| column.as_str()).collect();
    assert_eq!(columns, ["Stok", "Harga", "Nama"]);
}

#[test]
fn a_row_with_more_cells_than_headers_is_refused_and_a_shorter_one_is_not() {
    let headers = ["Nama", "Harga"];
    let shifted = ["Teh", " hijau", "Rp9.500"];
    let code = "error-import-too-many-cells";
    assert_eq!(problems(&headers, &shifted), [(String::new(), code)]);
    assert_eq!(draft(&headers, &["Teh", "Rp9.500", " "]).0.name, "Teh");
    assert_eq!(draft(&headers, &["Teh"]).0.price, None);
}

#[test]
fn units_and_stock_are_read_as_people_write_them() {
    let headers = ["Nama", "Satuan", "Stok"];
    for (unit, stock, expected) in [
        ("per kg", "12", (Some(SaleUnit::Kg), Some(12))),
        ("/pcs", "1.000", (Some(SaleUnit::Buah), Some(1000))),
        ("bungkus 250 g", "5 bks", (Some(SaleUnit::Bungkus), Some(5))),
        ("", "7 botol", (Some(SaleUnit::Botol), Some(7))),
        ("botol", "habis", (Some(SaleUnit::Botol), Some(0))),
    ] {
        let (draft, _) = draft(&headers, &["Barang", unit, stock]);
        assert_eq!(
            (draft.unit, draft.stock.map(|s| s.0)),
            expected,
            "{unit} {stock}"
        );
    }
    let (pack, _) = draft(&headers, &["Barang", "bungkus 250 g", ""]);
    assert_eq!(pack.content, Some(Content::grams(250)));
    let (piece, _) = draft(&["Nama", "Isi"], &["Barang", "5 pcs"]);
    assert_eq!(piece.content.map(|c| c.dimension), Some(Dimension::Count));
}

fn any_cell() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        "Kopi( 200gr| isi 5)?",
        "(Rp)?[0-9]{1,3}(\\.000|,50)?",
        "kg|bungkus|Toko A|toko a|Toko B",
        "\\PC{0,8}",
    ]
}

proptest! {
    #[test]
    fn every_row_is_accounted_for_once(
        rows in proptest::collection::vec(proptest::collection::vec(any_cell(), 0..7), 0..30),
        by_seller in any::<bool>(),
        imported_of in any::<u8>(),
    ) {
        let headers = cells(&["Nama", "Harga", "Satuan", "Stok", "Toko", "Laris"]);
        let first = interpret(&headers, numbered(&rows), &Known::default()).unwrap();
        let imported: HashSet<_> = first
            .rows
            .iter()
            .filter(|row| row.number % 3 == u32::from(imported_of % 3))
            .map(|row| row.fingerprint.clone())
            .collect();
        let known = Known {
            seller: by_seller.then_some("toko a"),
            imported: Some(&imported),
            mapping: None,
            categories: &[],
            kinds: None,
        };
        for preview in [first, interpret(&headers, numbered(&rows), &known).unwrap()] {
            let tally = preview.tally();
            prop_assert_eq!(tally.read, rows.len());
            let sum = tally.new + tally.drafts + tally.repeats + tally.refused + tally.filtered;
            prop_assert_eq!(tally.read, sum);
            // The closing line says the same as the rows do.
            let figures: Vec<usize> = tally
                .to_string()
                .split(|c: char| !c.is_ascii_digit())
                .filter_map(|figure| figure.parse().ok())
                .collect();
            prop_assert_eq!(figures.first().copied(), Some(rows.len()));
            prop_assert_eq!(figures.iter().skip(1).sum::<usize>(), rows.len());
            let mut kept = HashSet::new();
            for row in &preview.rows {
                match &row.outcome {
                    RowOutcome::New(_) | RowOutcome::Refused(_) => {
                        prop_assert!(kept.insert(row.fingerprint.clone()));
                    }
                    RowOutcome::Draft(_, gaps) => {
                        prop_assert!(!gaps.is_empty());
                        prop_assert!(kept.insert(row.fingerprint.clone()));
                    }
                    RowOutcome::Repeat(RepeatOf::Row(first)) => prop_assert!(*first < row.number),
                    RowOutcome::Repeat(RepeatOf::Imported) => {
                        prop_assert!(imported.contains(&row.fingerprint));
                    }
                    RowOutcome::Match(_) => prop_assert!(false, "goods add to nothing"),
                    RowOutcome::Filtered => prop_assert!(by_seller),
                }
            }
        }
    }
}
