//! The permits that may be stated with a new product: several rows of the same three fields, each empty or whole.

use domain::{problem::Problem, products::CertificateKind, time::Day};
use store::products::NewCertificate;

use super::fields::permit_number;
use crate::form::{Form, Reader};

/// The names of the fields of one permit.
#[derive(Debug)]
pub struct Row {
    pub kind: &'static str,
    pub number: &'static str,
    pub until: &'static str,
}

impl Row {
    pub(super) fn names(&self) -> [&'static str; 3] {
        [self.kind, self.number, self.until]
    }

    fn is_empty(&self, form: &Form) -> bool {
        self.names()
            .into_iter()
            .all(|name| form.value(name).trim().is_empty())
    }
}

/// As many as a form takes: more than any good has. The first keeps the names that it has had alone.
pub(super) const ROWS: [Row; 6] = [
    Row {
        kind: "permit_kind",
        number: "permit_number",
        until: "permit_until",
    },
    Row {
        kind: "permit_kind_2",
        number: "permit_number_2",
        until: "permit_until_2",
    },
    Row {
        kind: "permit_kind_3",
        number: "permit_number_3",
        until: "permit_until_3",
    },
    Row {
        kind: "permit_kind_4",
        number: "permit_number_4",
        until: "permit_until_4",
    },
    Row {
        kind: "permit_kind_5",
        number: "permit_number_5",
        until: "permit_until_5",
    },
    Row {
        kind: "permit_kind_6",
        number: "permit_number_6",
        until: "permit_until_6",
    },
];

/// The rows that a form shows: up to the last that says something, and at least one; one more where it is asked for.
pub(super) fn shown(form: &Form) -> &'static [Row] {
    let last = ROWS.iter().rposition(|row| !row.is_empty(form));
    let filled = last.map_or(0, |at| at + 1);
    let rows = match form.value("action") {
        "permit" => filled + 1,
        _ => filled,
    };
    ROWS.get(..rows.clamp(1, ROWS.len())).unwrap_or(&ROWS)
}

type Stated = (NewCertificate, Option<Problem>);

/// Reads the permits that are stated, each with what looks odd about it.
pub fn read_permits(
    reader: &mut Reader<'_>,
    today: Day,
) -> impl FnOnce() -> Option<Vec<Stated>> + use<> {
    let mut read = Vec::new();
    for row in &ROWS {
        if row
            .names()
            .into_iter()
            .all(|name| reader.raw(name).trim().is_empty())
        {
            continue;
        }
        let kind = reader.choice::<CertificateKind>(row.kind);
        let number = reader.with(row.number, |raw| permit_number(kind, raw, today));
        let until = reader.optional_day(row.until);
        read.push((kind, number, until));
    }
    move || {
        read.into_iter()
            .map(|(kind, number, until)| {
                let (number, warning) = number?;
                let permit = NewCertificate {
                    kind: kind?,
                    number,
                    valid_until: until?,
                    for_all: false,
                };
                Some((permit, warning))
            })
            .collect()
    }
}
