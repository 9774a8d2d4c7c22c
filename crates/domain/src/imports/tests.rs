use super::*;
use crate::listings;

fn cells(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn the_fingerprint_is_stable() {
    let of = |headers: &[&str], row: &[&str]| {
        let headers: Vec<String> = headers.iter().map(|header| fold(header)).collect();
        fingerprint(&headers, &cells(row))
    };
    let kopi = of(&["Nama", "Harga"], &["Kopi", "Rp5.000"]);
    // Rows imported by an older version are known again only as long as this holds.
    assert_eq!(
        kopi.0,
        "3821f2b3bd6146f39b034d5a0ff89d3b3dbf2038baaad898747f8ab7f218624b"
    );
    assert_eq!(kopi, of(&["HARGA", "nama"], &[" Rp5.000", "Kopi "]));
    assert_eq!(
        kopi,
        of(&["Nama", "Harga", "Stok"], &["Kopi", "Rp5.000", ""])
    );
    assert_ne!(kopi, of(&["Nama", "Harga"], &["kopi", "Rp5.000"]));
    assert_ne!(kopi, of(&["Nama", "Stok"], &["Kopi", "Rp5.000"]));
    assert_ne!(of(&["a", "b"], &["xy", "z"]), of(&["a", "b"], &["x", "yz"]));
}

#[test]
fn columns_are_as_a_person_says_and_never_twice() {
    let headers = cells(&["Produk", "Harga per kg", "Berat (gram)"]);
    let mapping = |pairs: &[(&str, usize)]| {
        let pairs = pairs.iter().map(|(code, at)| ((*code).to_owned(), *at));
        Mapping(pairs.collect())
    };
    let chosen = mapping(&[
        ("name", 0),
        ("price", 1),
        ("content", 2),
        ("grade", 9),
        ("x", 0),
    ]);
    let columns = columns_of::<listings::Field>(&headers, Some(&chosen)).unwrap();
    assert_eq!(columns[1].field, Some(listings::Field::Price));
    assert_eq!(columns[2].measure.as_deref(), Some("gram"));
    let twice = mapping(&[("name", 0), ("price", 0)]);
    let code = |chosen: &Mapping| {
        columns_of::<listings::Field>(&headers, Some(chosen))
            .unwrap_err()
            .code
    };
    assert_eq!(code(&twice), "error-import-column-twice");
    assert_eq!(code(&mapping(&[("price", 0)])), "error-import-no-name");
    // Two headers of one meaning: the guess offers the first, and does not decide.
    let doubtful = cells(&["Nama", "Nama barang"]);
    assert_eq!(
        columns_of::<listings::Field>(&doubtful, None)
            .unwrap_err()
            .code,
        "error-import-same-column"
    );
    assert_eq!(
        first_guess::<listings::Field>(&doubtful),
        mapping(&[("name", 0)])
    );
}
