use super::*;
use crate::imports::CellProblem;
use uuid::Uuid;

fn cells(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

const TODAY: Day = Day(20_780);

fn preview(headers: &[&str], rows: &[&[&str]], members: &[KnownMember]) -> Preview {
    let rows: Vec<Vec<String>> = rows.iter().map(|row| cells(row)).collect();
    let rows = (2..)
        .zip(&rows)
        .map(|(number, cells)| SheetRow { number, cells });
    let known = Known {
        members,
        imported: None,
        mapping: None,
        today: TODAY,
    };
    interpret(&cells(headers), rows, &known).unwrap()
}

fn codes(problems: &[CellProblem]) -> Vec<(&str, &str)> {
    problems
        .iter()
        .map(|found| (found.column.as_str(), found.problem.code))
        .collect()
}

fn refused(preview: &Preview, at: usize) -> Vec<(&str, &str)> {
    match &preview.rows[at].outcome {
        RowOutcome::Refused(problems) => codes(problems),
        other => panic!("{other:?}"),
    }
}

fn member(id: u128, number: i32, name: &str, phone: &str, status: MemberStatus) -> KnownMember {
    KnownMember {
        id: MemberId(Uuid::from_u128(id)),
        number: (number > 0).then_some(number),
        name: name.to_owned(),
        phone: (!phone.is_empty()).then(|| phone.to_owned()),
        status,
        has_owner: status != MemberStatus::Declined,
        opened: Vec::new(),
    }
}

const BOOK: &[&str] = &[
    "No. Anggota",
    "Nama Anggota",
    "No HP",
    "Desa",
    "Kabupaten/Kota",
    "Tgl masuk",
    "Status",
    "Simpanan Pokok",
    "Simp. Wajib",
    "Sukarela",
];

#[test]
fn a_row_of_the_book_becomes_a_member_with_its_savings() {
    let row: &[&str] = &[
        "12",
        "Dapur Roban",
        "0812-0000-0001",
        "Gringsing",
        "Kab. Batang",
        "15/03/2021",
        "Calon anggota",
        "Rp100.000",
        "240.000",
        "-",
    ];
    let preview = preview(BOOK, &[row], &[]);
    let RowOutcome::New(entry) = &preview.rows[0].outcome else {
        panic!("{preview:?}");
    };
    assert_eq!(entry.number, Some(12));
    assert_eq!(entry.phone.as_deref(), Some("+6281200000001"));
    assert_eq!(entry.region.as_deref(), Some("33.25"));
    assert_eq!(entry.joined_on, Day::from_ymd(2021, 3, 15));
    assert_eq!(entry.status, MemberStatus::Candidate);
    assert_eq!(
        entry.savings,
        [
            (SavingsKind::Principal, Rupiah(100_000)),
            (SavingsKind::Mandatory, Rupiah(240_000))
        ]
    );
}

#[test]
fn days_are_read_day_first_and_never_guessed() {
    for text in [
        "24/11/2021",
        "24-11-2021",
        "2021-11-24",
        "24 November 2021",
        "24 nop 2021",
        "2021-11-24 00:00",
    ] {
        let preview = preview(&["Nama", "Tgl masuk"], &[&["A", text]], &[]);
        let taken = preview.rows[0].outcome.taken().unwrap();
        assert_eq!(taken.joined_on, Day::from_ymd(2021, 11, 24), "{text}");
    }
    for (text, code) in [
        ("11/24/2021", "error-register-day"),
        ("24/11/21", "error-register-day"),
        ("44524", "error-register-day"),
        ("30/02/2021", "error-register-day"),
        ("24/11/1021", "error-register-day-bounds"),
        ("24/11/2099", "error-register-day-bounds"),
    ] {
        let preview = preview(&["Nama", "Tgl masuk"], &[&["A", text]], &[]);
        assert_eq!(refused(&preview, 0), [("Tgl masuk", code)], "{text}");
    }
}

#[test]
fn each_cell_that_can_not_be_read_is_named() {
    let row: &[&str] = &[
        "0", "", "08123", "x", "Atlantis", "besok", "hebat", "1,000", "-5", "1.5",
    ];
    let preview = preview(BOOK, &[row], &[]);
    assert_eq!(
        refused(&preview, 0),
        [
            ("No. Anggota", "error-quantity-min"),
            ("Nama Anggota", "error-required"),
            ("No HP", "error-phone"),
            ("Kabupaten/Kota", "error-register-region"),
            ("Tgl masuk", "error-register-day"),
            ("Status", "error-register-status"),
            ("Simpanan Pokok", "error-money-comma"),
            ("Simp. Wajib", "error-register-negative"),
            ("Sukarela", "error-register-money"),
        ]
    );
}

#[test]
fn two_rows_can_not_be_one_member() {
    let headers = ["Nomor anggota", "Nama", "HP"];
    let rows: [&[&str]; 5] = [
        &["1", "Siti", "081200000001"],
        &["1", "Budi", "081200000002"],
        &["3", "Wati", "081200000001"],
        &["", "siti", ""],
        &["1", "Siti", "081200000001"],
    ];
    let preview = preview(&headers, &rows, &[]);
    assert!(matches!(preview.rows[0].outcome, RowOutcome::New(_)));
    assert_eq!(
        refused(&preview, 1),
        [("Nomor anggota", "error-register-number-twice")]
    );
    assert_eq!(refused(&preview, 2), [("HP", "error-register-phone-twice")]);
    assert_eq!(
        refused(&preview, 3),
        [("Nama", "error-register-name-twice")]
    );
    assert!(matches!(preview.rows[4].outcome, RowOutcome::Repeat(_)));
}

#[test]
fn a_member_is_found_by_number_or_phone_and_a_doubt_is_refused() {
    use MemberStatus as S;
    let mut opened = member(4, 4, "Wajan", "+6281200000004", S::Active);
    opened.opened = vec![SavingsKind::Principal];
    let members = [
        member(1, 1, "Dapur Roban", "+6281200000001", S::Active),
        member(2, 2, "Emping Limpung", "+6281200000002", S::Active),
        member(3, 3, "Pergi Jauh", "+6281200000003", S::Left),
        opened,
        member(5, 0, "Kembali Lagi", "", S::Declined),
        member(6, 0, "Calon Baru", "+6281200000006", S::Applied),
    ];
    let headers = ["Nomor anggota", "Nama", "HP", "Status", "Pokok"];
    let rows: [&[&str]; 11] = [
        &["1", "dapur roban", "", "", "100.000"],
        &["", "Nama lain", "081200000002", "", ""],
        &["9", "Emping Limpung", "081200000002", "", ""],
        &["1", "Orang Lain", "", "", ""],
        &["2", "X", "081200000001", "", ""],
        &["3", "Pergi Jauh", "", "aktif", ""],
        &["4", "Wajan", "", "", "5.000"],
        &["7", "Kembali Lagi", "", "aktif", ""],
        &["", "Calon Baru", "081200000006", "aktif", ""],
        &["", "Wajan", "", "", ""],
        &["", "Benar Baru", "", "", ""],
    ];
    let preview = preview(&headers, &rows, &members);
    let id = |n: u128| Some(MemberId(Uuid::from_u128(n)));
    let existing = |at: usize| preview.rows[at].outcome.taken().unwrap().existing;
    assert!(
        matches!(&preview.rows[0].outcome, RowOutcome::Match(entry) if entry.existing == id(1))
    );
    assert_eq!(existing(1), id(2));
    assert_eq!(refused(&preview, 2), [("HP", "error-register-phone-twice")]);
    assert_eq!(refused(&preview, 3)[0].1, "error-register-number-twice");
    assert_eq!(refused(&preview, 4)[0].1, "error-register-two-members");
    assert_eq!(refused(&preview, 5), [("Nama", "error-register-gone")]);
    assert_eq!(refused(&preview, 6), [("Pokok", "error-register-opened")]);
    // What an undone list had brought comes back as new.
    assert!(matches!(&preview.rows[7].outcome, RowOutcome::New(entry) if entry.existing == id(5)));
    assert_eq!(existing(8), id(6));
    assert_eq!(refused(&preview, 9)[0].1, "error-register-name-twice");
    assert!(
        matches!(&preview.rows[10].outcome, RowOutcome::New(entry) if entry.existing.is_none())
    );
}

#[test]
fn a_member_that_has_another_number_is_not_renumbered() {
    let members = [member(
        2,
        2,
        "Emping Limpung",
        "+6281200000002",
        MemberStatus::Active,
    )];
    let headers = ["Nomor anggota", "Nama", "HP"];
    let preview = preview(
        &headers,
        &[&["9", "Emping Limpung", "081200000002"]],
        &members,
    );
    assert_eq!(
        refused(&preview, 0),
        [("Nomor anggota", "error-register-other-number")]
    );
}

#[test]
fn the_name_of_the_business_wins_over_its_owners_and_the_other_column_is_left_aside() {
    for headers in [["Nama", "Nama usaha"], ["Nama usaha", "Nama"]] {
        let headers: Vec<String> = headers.iter().map(|one| (*one).to_owned()).collect();
        let columns = crate::imports::guess_columns::<Field>(&headers).expect("columns");
        for column in columns {
            let expected = (column.header == "Nama usaha").then_some(Field::Name);
            assert_eq!(column.field, expected, "{}", column.header);
        }
        let guess = crate::imports::first_guess::<Field>(&headers);
        let place = headers.iter().position(|one| one == "Nama usaha");
        assert_eq!(guess.0.get("name").copied(), place);
    }
    // Which of two plain names counts stays for a person to say.
    let headers = ["Nama".to_owned(), "Nama lengkap".to_owned()];
    assert!(crate::imports::guess_columns::<Field>(&headers).is_err());
}
