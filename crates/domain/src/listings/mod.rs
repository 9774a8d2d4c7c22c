//! Product listings from a table: what each row of a file becomes. The same rules for the command and the web page.
//!
//! Every row is accounted for exactly once: new, draft, repeat, refused or filtered. Nothing is guessed silently: a
//! cell that can't be read refuses its row, with the column; a cell that is empty leaves a gap, named in the draft.
//! Reading the file is the work of `sheets`, saving that of `store`. Start at [`interpret`].

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    ids::CategoryId,
    money::Rupiah,
    names::fold,
    problem::Problem,
    products::{Content, Gap, Grade, ProductFacts, ProductState, SaleUnit, gaps},
    quantity::Packs,
};

mod cells;
mod columns;

pub use columns::{Column, Field, guess_columns};

/// One row of the file: its number as the file's reader counts, and its cells as written.
#[derive(Clone, Copy, Debug)]
pub struct SheetRow<'a> {
    pub number: u32,
    pub cells: &'a [String],
}

/// What the rules need to know beside the file.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'a> {
    /// Only rows of this seller are read, whatever its case; the others are filtered.
    pub seller: Option<&'a str>,
    /// Rows that this owner has imported before.
    pub imported: Option<&'a HashSet<Fingerprint>>,
    /// The names that a category goes by, in all languages, with its id.
    pub categories: &'a [(String, CategoryId)],
}

/// The same for rows whose cells are the same after trimming, whatever the order of the columns.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(pub String);

/// What is known of a product from its row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListingDraft {
    pub name: String,
    /// What the member asks per sale unit.
    pub price: Option<Rupiah>,
    /// From its column, else as the name tells; then it is a gap nevertheless, for the member to agree.
    pub unit: Option<SaleUnit>,
    /// On hand, in sale units.
    pub stock: Option<Packs>,
    /// What one sale unit holds, from its column, else as the name tells ("180gr", "isi 5pcs").
    pub content: Option<Content>,
    /// Pieces in one sale unit, as the name tells ("isi 5pcs").
    pub pieces: Option<i64>,
    pub packs_per_carton: Option<i64>,
    pub description: String,
    pub grade: Option<Grade>,
    pub category: Option<CategoryId>,
    /// As in the file; whose products these are is not decided by it.
    pub seller: Option<String>,
    /// Place of origin in one spelling: `Kab. Ciamis`, `Jakarta Timur`.
    pub origin: Option<String>,
}

/// What a row becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowOutcome {
    /// Complete: it could be published as it is.
    New(ListingDraft),
    /// Something is missing, in the order of the form; at least one gap.
    Draft(ListingDraft, Vec<Gap>),
    /// All cells are those of another row.
    Repeat(RepeatOf),
    /// At least one problem, in the order of the columns.
    Refused(Vec<CellProblem>),
    /// A row of another seller than the one asked for.
    Filtered,
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
pub struct RowReading {
    pub number: u32,
    pub fingerprint: Fingerprint,
    pub outcome: RowOutcome,
}

/// What an import would do, before it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// One for each header, in the file's order.
    pub columns: Vec<Column>,
    /// One for each row, in the file's order.
    pub rows: Vec<RowReading>,
}

/// How many rows became what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    pub read: usize,
    pub new: usize,
    pub drafts: usize,
    pub repeats: usize,
    pub refused: usize,
    pub filtered: usize,
}

/// The closing line: `read 650 = new 0 + drafts 87 + repeats 563 + refused 0 + filtered 0`.
impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            read,
            new,
            drafts,
            repeats,
            refused,
            filtered,
        } = self;
        write!(
            f,
            "read {read} = new {new} + drafts {drafts} + repeats {repeats} + refused {refused} + filtered {filtered}"
        )
    }
}

impl Preview {
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
                RowOutcome::Repeat(_) => &mut tally.repeats,
                RowOutcome::Refused(_) => &mut tally.refused,
                RowOutcome::Filtered => &mut tally.filtered,
            };
            *count += 1;
        }
        tally
    }
}

/// Reads a table of listings. The columns are known by their headers, in any order; unknown ones are left aside.
///
/// # Errors
/// `error-import-no-name` without a column for the product's name; `error-import-no-seller` when a seller is asked for
/// and there is no such column; `error-import-same-column` when two columns would fill the same field.
pub fn interpret<'a>(
    headers: &[String],
    rows: impl IntoIterator<Item = SheetRow<'a>>,
    known: &Known<'_>,
) -> Result<Preview, Problem> {
    let columns = guess_columns(headers)?;
    let has = |field| columns.iter().any(|column| column.field == Some(field));
    if !has(Field::Name) {
        return Err(Problem::new("error-import-no-name"));
    }
    if known.seller.is_some() && !has(Field::Seller) {
        return Err(Problem::new("error-import-no-seller"));
    }
    let wanted = known.seller.map(fold);
    let mut seen: HashMap<Fingerprint, u32> = HashMap::new();
    let mut readings = Vec::new();
    for SheetRow { number, cells } in rows {
        let row = cells::Cells::new(&columns, cells);
        let fingerprint = fingerprint(headers, cells);
        let outcome = if wanted
            .as_ref()
            .is_some_and(|wanted| fold(row.raw(Field::Seller)) != *wanted)
        {
            RowOutcome::Filtered
        } else if let Some(first) = seen.get(&fingerprint) {
            RowOutcome::Repeat(RepeatOf::Row(*first))
        } else {
            seen.insert(fingerprint.clone(), number);
            if known
                .imported
                .is_some_and(|imported| imported.contains(&fingerprint))
            {
                RowOutcome::Repeat(RepeatOf::Imported)
            } else {
                judge(&row, known)
            }
        };
        readings.push(RowReading {
            number,
            fingerprint,
            outcome,
        });
    }
    Ok(Preview {
        columns,
        rows: readings,
    })
}

/// A row that is nobody's repeat.
fn judge(row: &cells::Cells<'_>, known: &Known<'_>) -> RowOutcome {
    let (draft, unit_stated) = match cells::read(row, known.categories) {
        Ok(read) => read,
        Err(problems) => return RowOutcome::Refused(problems),
    };
    let mut missing = gaps(&ProductFacts {
        state: ProductState::Draft,
        name: draft.name.clone(),
        category: draft.category.clone(),
        commodity: None,
        unit: draft.unit,
        content: draft.content,
        grade: draft.grade.clone(),
        asked_price: draft.price,
        on_hand: draft.stock.unwrap_or_default(),
    });
    // A unit that only the name tells is an offer to the member, not an answer.
    if !unit_stated && !missing.contains(&Gap::Unit) {
        let place = missing.iter().filter(|gap| **gap < Gap::Unit).count();
        missing.insert(place, Gap::Unit);
    }
    if missing.is_empty() {
        RowOutcome::New(draft)
    } else {
        RowOutcome::Draft(draft, missing)
    }
}

/// Columns by name, each with its trimmed cell; empty cells say nothing.
fn fingerprint(headers: &[String], cells: &[String]) -> Fingerprint {
    let mut named: Vec<(String, &str)> = cells
        .iter()
        .enumerate()
        .map(|(at, cell)| {
            let name = headers.get(at).map_or_else(|| at.to_string(), |h| fold(h));
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
    let hex = hash.finalize().iter().fold(String::new(), |mut hex, byte| {
        hex.push_str(&format!("{byte:02x}"));
        hex
    });
    Fingerprint(hex)
}

#[cfg(test)]
mod tests;
