//! Product listings from a table: what each row of a file becomes. The same rules for the command and the web page.
//!
//! A cell that can't be read refuses its row, with the column; a cell that is empty leaves a gap, named in the draft.
//! What all lists share is in [`crate::imports`]. Start at [`interpret`].

use std::collections::{HashMap, HashSet};

use crate::{
    ids::{CategoryId, CommodityId},
    imports::{self, Cells, Fingerprint, Mapping, RowOutcome, SheetRow, columns_of},
    money::Rupiah,
    names::fold,
    problem::Problem,
    products::{Content, Gap, Grade, Kinds, ProductFacts, ProductState, SaleUnit, gaps},
    quantity::Packs,
};

mod cells;
mod columns;

pub use columns::Field;

/// What a list of goods would bring.
pub type Preview = imports::Preview<Field, ListingDraft>;

/// What the rules need to know beside the file.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'a> {
    /// Only rows of this seller are read, whatever its case; the others are filtered.
    pub seller: Option<&'a str>,
    /// Rows that this owner has imported before.
    pub imported: Option<&'a HashSet<Fingerprint>>,
    /// The columns as somebody chose them; guessed without.
    pub mapping: Option<&'a Mapping>,
    /// The names that a category goes by, in all languages, with its id.
    pub categories: &'a [(String, CategoryId)],
    /// The commodities, to be recognised in a product's name, and the category of each.
    pub kinds: Option<(&'a Kinds, &'a HashMap<CommodityId, CategoryId>)>,
}

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
    /// As the name tells, unless the row's category is another one.
    pub commodity: Option<CommodityId>,
    /// As in the file; whose products these are is not decided by it.
    pub seller: Option<String>,
    /// Place of origin in one spelling: `Kab. Ciamis`, `Jakarta Timur`.
    pub origin: Option<String>,
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
    let columns = columns_of(headers, known.mapping)?;
    let has_seller = columns
        .iter()
        .any(|column| column.field == Some(Field::Seller));
    if known.seller.is_some() && !has_seller {
        return Err(Problem::new("error-import-no-seller"));
    }
    let wanted = known.seller.map(fold);
    Ok(imports::interpret(
        columns,
        rows,
        known.imported,
        |row| {
            wanted
                .as_ref()
                .is_none_or(|wanted| fold(row.raw(Field::Seller)) == *wanted)
        },
        |_, row| judge(row, known),
    ))
}

/// A row that is nobody's repeat.
fn judge(row: &Cells<'_, Field>, known: &Known<'_>) -> RowOutcome<ListingDraft> {
    let (draft, unit_stated) = match cells::read(row, known) {
        Ok(read) => read,
        Err(problems) => return RowOutcome::Refused(problems),
    };
    let mut missing = gaps(&ProductFacts {
        state: ProductState::Draft,
        name: draft.name.clone(),
        category: draft.category.clone(),
        commodity: draft.commodity.clone(),
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

#[cfg(test)]
mod tests;
