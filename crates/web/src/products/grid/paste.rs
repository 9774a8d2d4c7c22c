//! Lines copied from a spreadsheet, as names with prices and stock.
//!
//! Where the first line says what its columns are, so they are read. Otherwise the name stands first, and of what follows
//! a price with a whole number behind it is price and stock, while a single last cell is the price.

use domain::{
    imports::{Mapping, first_guess},
    listings::Field,
    money,
    quantity::parse_whole,
};

use super::STOCK_MAX;

/// One pasted line. Cells that are empty say nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pasted<'a> {
    /// As it was pasted.
    pub line: &'a str,
    /// `None` where the line is no row of such a table.
    pub name: Option<&'a str>,
    pub price: Option<&'a str>,
    pub stock: Option<&'a str>,
}

pub(super) fn lines(pasted: &str) -> Vec<Pasted<'_>> {
    let mut lines = pasted.lines().filter(|line| !line.trim().is_empty());
    let mut lines = lines.by_ref().peekable();
    let head = lines.peek().and_then(|line| head(line));
    if head.is_some() {
        lines.next();
    }
    lines.map(|line| read(line, head.as_ref())).collect()
}

/// A tab tells the columns apart; a semicolon where there is none.
fn cells(line: &str) -> Vec<&str> {
    let separator = if line.contains('\t') { '\t' } else { ';' };
    line.split(separator).map(str::trim).collect()
}

/// Which column is which, where the line says so.
fn head(line: &str) -> Option<Mapping> {
    let headers: Vec<String> = cells(line).into_iter().map(str::to_owned).collect();
    let mapping = first_guess::<Field>(&headers);
    let has = |field: Field| mapping.0.contains_key(field.as_str());
    let is_head = has(Field::Name) && (has(Field::Price) || has(Field::Stock));
    is_head.then_some(mapping)
}

fn read<'a>(line: &'a str, head: Option<&Mapping>) -> Pasted<'a> {
    let cells = cells(line);
    let filled = |cell: Option<&&'a str>| cell.copied().filter(|cell| !cell.is_empty());
    let (name, price, stock) = match head {
        Some(head) => {
            let of = |field: Field| {
                let at = head.0.get(field.as_str())?;
                filled(cells.get(*at))
            };
            (of(Field::Name), of(Field::Price), of(Field::Stock))
        }
        None => {
            let name = filled(cells.first());
            let rest: Vec<&str> = cells
                .iter()
                .skip(1)
                .copied()
                .filter(|cell| !cell.is_empty())
                .collect();
            match rest.as_slice() {
                [.., price, stock]
                    if money::parse(price).is_ok() && parse_whole(stock, 0, STOCK_MAX).is_ok() =>
                {
                    (name, Some(*price), Some(*stock))
                }
                [.., price] => (name, Some(*price), None),
                [] => (None, None, None),
            }
        }
    };
    let is_row = price.is_some() || stock.is_some();
    Pasted {
        line: line.trim(),
        name: name.filter(|_| is_row),
        price,
        stock,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(pasted: &str) -> Vec<(Option<&str>, Option<&str>, Option<&str>)> {
        let lines = lines(pasted);
        lines
            .into_iter()
            .map(|one| (one.name, one.price, one.stock))
            .collect()
    }

    #[test]
    fn columns_of_a_sheet_are_name_price_and_stock() {
        let emping = Some("Emping");
        for (line, price, stock) in [
            ("Emping\t12.500", Some("12.500"), None),
            ("Emping \t kg \t 12.500 \t", Some("12.500"), None),
            ("Emping; 12500", Some("12500"), None),
            ("Emping\t12.500\t40", Some("12.500"), Some("40")),
            (
                "Emping\tkg\tRp12.500\t1.200",
                Some("Rp12.500"),
                Some("1.200"),
            ),
            // No price before it: the last is the price, right or wrong.
            ("Emping\tkg\tmahal", Some("mahal"), None),
        ] {
            assert_eq!(told(line), [(emping, price, stock)], "{line:?}");
        }
        for odd in ["Emping", "Emping\t", "\t12.500"] {
            assert_eq!(told(odd)[0].0, None, "{odd:?}");
        }
        assert_eq!(told(" \n"), []);
    }

    #[test]
    fn a_line_of_headers_says_which_column_is_which() {
        let sheet = "Stok\tNama barang\tHarga\n40\tEmping\t12.500\n\tTalas\t\n5\tUbi\t";
        assert_eq!(
            told(sheet),
            [
                (Some("Emping"), Some("12.500"), Some("40")),
                (None, None, None),
                (Some("Ubi"), None, Some("5")),
            ]
        );
    }
}
