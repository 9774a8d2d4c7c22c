//! Which column is which: guessed by the words that people put above them, or as a person said.

use std::{collections::BTreeMap, fmt::Debug, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{names::fold, problem::Problem};

/// What a column can fill; an enum for each kind of list.
pub trait Field: Copy + Debug + Eq + FromStr + 'static {
    /// In the order in which a person thinks of them.
    fn all() -> &'static [Self];

    /// The word that stands for it in forms and in what is stored.
    fn code(self) -> &'static str;

    /// Headers that mean it, in lower case, without marks and remarks.
    fn headers(self) -> &'static [&'static str];

    /// Headers, as in [`Field::headers`], that win where another one means the same: the business's name over the owner's.
    fn preferred(self) -> &'static [&'static str] {
        &[]
    }

    /// Whether a header may state the measure of the bare numbers below it: "Berat (gram)".
    fn takes_measure(self) -> bool {
        false
    }

    /// Without it there is no list.
    fn is_needed(self) -> bool;
}

/// Declares what the columns of one kind of list can fill: the enum `Field`, each variant with its code and the headers
/// that mean it.
macro_rules! fields {
    (needs $needed:ident $(, measures $measured:ident)? $(, prefers $prefers:ident [$($preferred:literal),*])?; $($variant:ident = $code:literal => [$($header:literal),* $(,)?];)*) => {
        $crate::coded::coded! {
            /// What a column can fill.
            pub enum Field { $($variant = $code),* }
        }

        impl $crate::imports::Field for Field {
            fn all() -> &'static [Self] {
                Self::ALL
            }

            fn code(self) -> &'static str {
                self.as_str()
            }

            fn headers(self) -> &'static [&'static str] {
                match self { $(Self::$variant => &[$($header),*]),* }
            }

            $(fn preferred(self) -> &'static [&'static str] {
                match self {
                    Self::$prefers => &[$($preferred),*],
                    _ => &[],
                }
            })?

            $(fn takes_measure(self) -> bool {
                self == Self::$measured
            })?

            fn is_needed(self) -> bool {
                self == Self::$needed
            }
        }
    };
}
pub(crate) use fields;

/// A column of the file and what it fills; `None` is left aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column<F> {
    /// As in the file.
    pub header: String,
    pub field: Option<F>,
    /// The measure in the header, for bare numbers below it: `gram` in "Berat (gram)".
    pub measure: Option<String>,
}

/// The columns as a person chose them: the code of a field, and the column's place in the file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mapping(pub BTreeMap<String, usize>);

/// Remarks behind a header that change nothing: "Harga (Rp)", "Nama *".
const REMARKS: &[&str] = &[
    "rp", "idr", "rupiah", "wajib", "required", "opsional", "optional",
];
const MEASURES: &[&str] = &["g", "gr", "gram", "kg", "ml", "l", "liter", "cm", "m"];

/// The field of each header, guessed.
///
/// # Errors
/// `error-import-same-column` when two headers mean the same field and neither is preferred: which one counts is for a
/// person to say.
pub fn guess_columns<F: Field>(headers: &[String]) -> Result<Vec<Column<F>>, Problem> {
    let mut columns: Vec<Column<F>> = Vec::with_capacity(headers.len());
    for header in headers {
        let (field, measure) = field_of(header);
        let mut field = field;
        if let Some(other) = columns
            .iter_mut()
            .find(|c| field.is_some() && c.field == field)
        {
            match (
                is_preferred(field, &other.header),
                is_preferred(field, header),
            ) {
                (true, false) => field = None,
                (false, true) => other.field = None,
                _ => {
                    return Err(Problem::new("error-import-same-column")
                        .with("first", &other.header)
                        .with("second", header));
                }
            }
        }
        columns.push(Column {
            header: header.clone(),
            field,
            measure,
        });
    }
    Ok(columns)
}

/// The field of each header, as a person said. What the file has no column for is left out.
///
/// # Errors
/// `error-import-same-column` when one column would fill two fields.
pub fn mapped_columns<F: Field>(
    headers: &[String],
    mapping: &Mapping,
) -> Result<Vec<Column<F>>, Problem> {
    let mut columns: Vec<Column<F>> = headers
        .iter()
        .map(|header| Column {
            header: header.clone(),
            field: None,
            measure: None,
        })
        .collect();
    for (code, at) in &mapping.0 {
        let (Ok(field), Some(column)) = (code.parse::<F>(), columns.get_mut(*at)) else {
            continue;
        };
        if column.field.is_some() {
            return Err(Problem::new("error-import-column-twice").with("column", &column.header));
        }
        column.field = Some(field);
        if field.takes_measure() {
            column.measure = measure_of(&column.header);
        }
    }
    Ok(columns)
}

/// What the guess comes to as far as it is plain: where two headers mean the same, the preferred one, else the first.
#[must_use]
pub fn first_guess<F: Field>(headers: &[String]) -> Mapping {
    let mut mapping = Mapping::default();
    for (at, header) in headers.iter().enumerate() {
        if let (Some(field), _) = field_of::<F>(header) {
            let place = mapping.0.entry(field.code().to_owned()).or_insert(at);
            let stands = headers.get(*place).map_or("", String::as_str);
            if is_preferred(Some(field), header) && !is_preferred(Some(field), stands) {
                *place = at;
            }
        }
    }
    mapping
}

fn is_preferred<F: Field>(field: Option<F>, header: &str) -> bool {
    let header = words_of(header).join(" ");
    field.is_some_and(|field| field.preferred().contains(&header.as_str()))
}

fn words_of(header: &str) -> Vec<String> {
    fold(header)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The one measure that a header names.
fn measure_of(header: &str) -> Option<String> {
    let mut found = words_of(header)
        .into_iter()
        .filter(|word| MEASURES.contains(&word.as_str()));
    match (found.next(), found.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}

fn field_of<F: Field>(header: &str) -> (Option<F>, Option<String>) {
    let words = words_of(header);
    if let Some(field) = lookup(&words) {
        return (Some(field), None);
    }
    let (measures, rest): (Vec<String>, Vec<String>) = words
        .into_iter()
        .filter(|word| !REMARKS.contains(&word.as_str()))
        .partition(|word| MEASURES.contains(&word.as_str()));
    match (lookup::<F>(&rest), measures.as_slice()) {
        (Some(field), [measure]) if field.takes_measure() => (Some(field), Some(measure.clone())),
        (field, []) => (field, None),
        // "Harga per kg" states the unit of the price: not ours to drop.
        _ => (None, None),
    }
}

fn lookup<F: Field>(words: &[String]) -> Option<F> {
    let header = words.join(" ");
    F::all()
        .iter()
        .copied()
        .find(|field| field.headers().contains(&header.as_str()))
}
