//! Lists from files: what every kind of list shares. The columns are guessed or chosen, each row is judged by the rules
//! of its kind, and every row is accounted for exactly once.
//!
//! The kinds are [`crate::listings`] (a member's goods) and [`crate::registers`] (a cooperative's members). Nothing is
//! guessed silently: a cell that can't be read refuses its row, with the column. Reading the file is the work of
//! `sheets`, saving that of `store`. Start at [`interpret`].

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{coded::coded, names::fold, problem::Problem, products::Gap};

mod cells;
mod columns;

pub use cells::{Cells, Reader};
pub(crate) use columns::fields;
pub use columns::{Column, Field, Mapping, first_guess, guess_columns, mapped_columns};

coded! {
    /// The kinds of lists.
    pub enum ImportKind {
        Listings = "listings",
        Members = "members",
    }
}

/// One row of the file: its number as the file's reader counts, and its cells as written.
#[derive(Clone, Copy, Debug)]
pub struct SheetRow<'a> {
    pub number: u32,
    pub cells: &'a [String],
}

/// The same for rows whose cells are the same after trimming, whatever the order of the columns.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(pub String);

/// What a row becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowOutcome<D> {
    /// Complete, and not there yet.
    New(D),
    /// Something is missing, in the order of the form; at least one gap.
    Draft(D, Vec<Gap>),
    /// It adds to something that is there already.
    Match(D),
    /// All cells are those of another row.
    Repeat(RepeatOf),
    /// At least one problem, in the order of the columns.
    Refused(Vec<CellProblem>),
    /// A row of another seller than the one asked for.
    Filtered,
}

impl<D> RowOutcome<D> {
    /// What will be written, if anything.
    #[must_use]
    pub fn taken(&self) -> Option<&D> {
        match self {
            Self::New(draft) | Self::Draft(draft, _) | Self::Match(draft) => Some(draft),
            Self::Repeat(_) | Self::Refused(_) | Self::Filtered => None,
        }
    }

    /// One letter for each sort of outcome.
    fn sign(&self) -> &'static str {
        match self {
            Self::New(_) => "n",
            Self::Draft(..) => "d",
            Self::Match(_) => "m",
            Self::Repeat(_) => "r",
            Self::Refused(_) => "x",
            Self::Filtered => "f",
        }
    }
}

/// Which row was there first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RepeatOf {
    /// The row of that number in this file.
    Row(u32),
    /// A row of an earlier import.
    Imported,
}

/// Why a cell can't be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellProblem {
    /// The column's name in the file; empty when the whole row is at fault.
    pub column: String,
    pub problem: Problem,
}

/// A row with what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowReading<D> {
    pub number: u32,
    pub fingerprint: Fingerprint,
    pub outcome: RowOutcome<D>,
}

/// What an import would do, before it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview<F, D> {
    /// One for each header, in the file's order.
    pub columns: Vec<Column<F>>,
    /// One for each row, in the file's order.
    pub rows: Vec<RowReading<D>>,
}

/// How many rows became what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    pub read: usize,
    pub new: usize,
    pub drafts: usize,
    /// Rows that add to what is there already.
    #[serde(default)]
    pub matched: usize,
    pub repeats: usize,
    pub refused: usize,
    pub filtered: usize,
}

impl Tally {
    /// Rows that something will be written for.
    #[must_use]
    pub fn taken(&self) -> usize {
        self.new + self.drafts + self.matched
    }
}

/// The closing line: `read 650 = new 0 + drafts 87 + repeats 563 + refused 0 + filtered 0`.
impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            read,
            new,
            drafts,
            matched,
            repeats,
            refused,
            filtered,
        } = self;
        write!(f, "read {read} = new {new} + drafts {drafts}")?;
        if *matched > 0 {
            write!(f, " + matched {matched}")?;
        }
        write!(
            f,
            " + repeats {repeats} + refused {refused} + filtered {filtered}"
        )
    }
}

impl<F: Field, D> Preview<F, D> {
    #[must_use]
    pub fn tally(&self) -> Tally {
        let mut tally = Tally {
            read: self.rows.len(),
            ..Tally::default()
        };
        for row in &self.rows {
            let count = match row.outcome {
                RowOutcome::New(_) => &mut tally.new,
                RowOutcome::Draft(..) => &mut tally.drafts,
                RowOutcome::Match(_) => &mut tally.matched,
                RowOutcome::Repeat(_) => &mut tally.repeats,
                RowOutcome::Refused(_) => &mut tally.refused,
                RowOutcome::Filtered => &mut tally.filtered,
            };
            *count += 1;
        }
        tally
    }

    /// The same for previews in which every row says and becomes the same, by the same columns: what a person consents to.
    #[must_use]
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        for (at, column) in self.columns.iter().enumerate() {
            let field = column.field.map_or("", Field::code);
            hash.update(format!("{at}:{field};"));
        }
        for row in &self.rows {
            hash.update(format!(
                "{}{}{};",
                row.number,
                row.outcome.sign(),
                row.fingerprint.0
            ));
        }
        hex(&hash.finalize())
    }
}

/// The columns of a file: as chosen, else guessed.
///
/// # Errors
/// `error-import-same-column`, `error-import-column-twice`; `error-import-no-name` without a column that is needed.
pub fn columns_of<F: Field>(
    headers: &[String],
    mapping: Option<&Mapping>,
) -> Result<Vec<Column<F>>, Problem> {
    let columns: Vec<Column<F>> = match mapping {
        Some(mapping) => mapped_columns(headers, mapping)?,
        None => guess_columns(headers)?,
    };
    let has = |field: F| columns.iter().any(|column| column.field == Some(field));
    if F::all()
        .iter()
        .any(|field| field.is_needed() && !has(*field))
    {
        return Err(Problem::new("error-import-no-name"));
    }
    Ok(columns)
}

/// Judges every row that is no repeat of another. `is_asked_for` leaves rows out; `judge` gets a row's number and cells.
#[must_use]
pub fn interpret<'a, F: Field, D>(
    columns: Vec<Column<F>>,
    rows: impl IntoIterator<Item = SheetRow<'a>>,
    imported: Option<&HashSet<Fingerprint>>,
    is_asked_for: impl Fn(&Cells<'_, F>) -> bool,
    mut judge: impl FnMut(u32, &Cells<'_, F>) -> RowOutcome<D>,
) -> Preview<F, D> {
    let headers: Vec<String> = columns.iter().map(|column| fold(&column.header)).collect();
    let mut seen: HashMap<Fingerprint, u32> = HashMap::new();
    let mut readings = Vec::new();
    for SheetRow { number, cells } in rows {
        let row = Cells::new(&columns, cells);
        let fingerprint = fingerprint(&headers, cells);
        let outcome = if !is_asked_for(&row) {
            RowOutcome::Filtered
        } else if let Some(first) = seen.get(&fingerprint) {
            RowOutcome::Repeat(RepeatOf::Row(*first))
        } else {
            seen.insert(fingerprint.clone(), number);
            if imported.is_some_and(|imported| imported.contains(&fingerprint)) {
                RowOutcome::Repeat(RepeatOf::Imported)
            } else {
                judge(number, &row)
            }
        };
        readings.push(RowReading {
            number,
            fingerprint,
            outcome,
        });
    }
    Preview {
        columns,
        rows: readings,
    }
}

/// Columns by folded name, each with its trimmed cell; empty cells say nothing.
fn fingerprint(headers: &[String], cells: &[String]) -> Fingerprint {
    let mut named: Vec<(String, &str)> = cells
        .iter()
        .enumerate()
        .map(|(at, cell)| {
            let name = headers.get(at).cloned().unwrap_or_else(|| at.to_string());
            (name, cell.trim())
        })
        .filter(|(_, cell)| !cell.is_empty())
        .collect();
    named.sort();
    let mut hash = Sha256::new();
    for (name, cell) in named {
        // Lengths first, so that no cell can imitate the border between two.
        hash.update(format!("{}:{}:{name}{cell}", name.len(), cell.len()));
    }
    Fingerprint(hex(&hash.finalize()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        hex.push_str(&format!("{byte:02x}"));
        hex
    })
}

#[cfg(test)]
mod tests;
