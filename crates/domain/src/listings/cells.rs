//! The cells of one row of goods: read exactly, or a problem with the column's name.

use super::{Field, Known, ListingDraft};
use crate::{
    ids::{CategoryId, CommodityId},
    imports::{CellProblem, Cells, Reader},
    money::{self, Rupiah},
    names::{clean_line_optional, clean_text_optional, fold},
    problem::Problem,
    products::{Content, Grade, SaleUnit, hints_from_name},
    quantity::{Packs, parse_whole},
};

/// Characters of a product's name.
const NAME_CHARS: usize = 120;
const DESCRIPTION_CHARS: usize = 2_000;
const SHORT_CHARS: usize = 60;
/// More sale units than any member has.
const STOCK_MAX: i64 = 1_000_000_000;
const CARTON_MAX: i64 = 10_000;

/// The draft, and whether the row itself states the unit.
pub(super) fn read(
    row: &Cells<'_, Field>,
    known: &Known<'_>,
) -> Result<(ListingDraft, bool), Vec<CellProblem>> {
    if let Some(problem) = row.too_many() {
        let column = String::new();
        return Err(vec![CellProblem { column, problem }]);
    }
    let mut reader = Reader::new(row);
    let name = reader.read(Field::Name, |raw| clean_line_optional(raw, NAME_CHARS));
    if row.raw(Field::Name).is_empty() {
        reader.note(Field::Name, Problem::required());
    }
    let price = reader.read(Field::Price, price);
    let unit = reader.read(Field::Unit, unit);
    let stock = reader.read(Field::Stock, stock);
    let measure = row
        .column(Field::Content)
        .and_then(|(_, column)| column.measure.as_deref());
    let content = reader.read(Field::Content, |raw| content(raw, measure));
    let packs_per_carton = reader.read(Field::PacksPerCarton, |raw| {
        let (count, _) = split_unit(raw);
        parse_whole(count, 1, CARTON_MAX).map(Some)
    });
    let description = reader.read(Field::Description, |raw| {
        clean_text_optional(raw, DESCRIPTION_CHARS)
    });
    let grade = reader.read(Field::Grade, |raw| clean_line_optional(raw, SHORT_CHARS));
    // A marketplace has categories of its own: one that isn't ours is a gap and no mistake.
    let category = category(row.raw(Field::Category), known.categories);
    let seller = reader.read(Field::Seller, |raw| clean_line_optional(raw, NAME_CHARS));
    let origin = reader.read(Field::Origin, |raw| {
        let place = clean_line_optional(raw, SHORT_CHARS)?;
        Ok(place.map(|place| origin_in_one_spelling(&place)))
    });

    let (unit, content) = match unit {
        Some(Unit {
            unit,
            content: told,
        }) => (Some(unit), content.or(told)),
        None => (None, content),
    };
    let (stock, stock_unit) = stock.map_or((None, None), |(packs, unit)| (Some(packs), unit));
    if let (Some(unit), Some(other)) = (unit, stock_unit)
        && unit != other
    {
        let problem = Problem::new("error-import-other-unit")
            .with("stock", other)
            .with("unit", unit);
        reader.note(Field::Stock, problem);
    }
    let (Some(name), false) = (name, reader.has_problems()) else {
        return Err(reader.problems());
    };

    let told = hints_from_name(&name);
    let (category, commodity) = kind(category, &name, known);
    let stated = unit.or(stock_unit);
    let draft = ListingDraft {
        price,
        unit: stated.or(told.unit),
        stock,
        content: content
            .or(told.content)
            .or_else(|| told.pieces.map(Content::pieces)),
        pieces: told.pieces,
        packs_per_carton,
        description: description.unwrap_or_default(),
        grade: grade.map(Grade),
        category,
        commodity,
        seller,
        origin,
        name,
    };
    Ok((draft, stated.is_some()))
}

fn price(raw: &str) -> Result<Option<Rupiah>, Problem> {
    match money::parse(raw)? {
        Rupiah::ZERO => Err(Problem::new("error-import-price-zero")),
        price => Ok(Some(price)),
    }
}

struct Unit {
    unit: SaleUnit,
    content: Option<Content>,
}

/// `bungkus`, `per kg`, `/pcs`, `bungkus 250 g`.
fn unit(raw: &str) -> Result<Option<Unit>, Problem> {
    let text = raw.trim_start_matches('/').trim();
    let text = match text.split_once(' ') {
        Some((per, rest)) if fold(per) == "per" => rest.trim(),
        _ => text,
    };
    if let Some(unit) = SaleUnit::find(text) {
        let content = None;
        return Ok(Some(Unit { unit, content }));
    }
    let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
    match (SaleUnit::find(word), hints_from_name(rest).content) {
        (Some(unit), content @ Some(_)) => Ok(Some(Unit { unit, content })),
        _ => Err(Problem::new("error-import-unit")),
    }
}

/// `12`, `1.000`, `12 bungkus`; "habis" and "kosong" are nothing.
fn stock(raw: &str) -> Result<Option<(Packs, Option<SaleUnit>)>, Problem> {
    if matches!(fold(raw).as_str(), "habis" | "kosong") {
        return Ok(Some((Packs(0), None)));
    }
    let (count, unit) = split_unit(raw);
    parse_whole(count, 0, STOCK_MAX).map(|packs| Some((Packs(packs), unit)))
}

/// A figure and the sale unit behind it, if there is one.
fn split_unit(raw: &str) -> (&str, Option<SaleUnit>) {
    let figure = raw.trim_end_matches(|c: char| c.is_alphabetic() || c == '.');
    let unit = raw.get(figure.len()..).and_then(SaleUnit::find);
    // `12,5 kg` stays whole: what is wrong with it is said about all of it.
    match unit {
        Some(unit) if !figure.contains(',') => (figure.trim_end(), Some(unit)),
        _ => (raw, None),
    }
}

/// `250 g`, `1 kg`; a bare number when the header has the measure.
fn content(raw: &str, measure: Option<&str>) -> Result<Option<Content>, Problem> {
    let bare = raw
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, '.' | ','));
    let told = match (bare, measure) {
        (true, Some(measure)) => hints_from_name(&format!("{raw} {measure}")),
        _ => hints_from_name(raw),
    };
    told.content
        .or_else(|| told.pieces.map(Content::pieces))
        .map(Some)
        .ok_or_else(|| Problem::new("error-import-content"))
}

/// The category that the row states, with the commodity that the name tells if it is one of it; else both as the name
/// tells, as a form would read them.
fn kind(
    stated: Option<CategoryId>,
    name: &str,
    known: &Known<'_>,
) -> (Option<CategoryId>, Option<CommodityId>) {
    let told = known.kinds.and_then(|(kinds, categories)| {
        let commodity = CommodityId::from(kinds.from_name(name)?);
        let category = categories.get(&commodity)?.clone();
        Some((category, commodity))
    });
    match (stated, told) {
        (None, Some((category, commodity))) => (Some(category), Some(commodity)),
        (Some(stated), Some((category, commodity))) if stated == category => {
            (Some(stated), Some(commodity))
        }
        (stated, _) => (stated, None),
    }
}

fn category(raw: &str, categories: &[(String, CategoryId)]) -> Option<CategoryId> {
    let wanted = fold(raw);
    categories
        .iter()
        .find(|(name, id)| fold(name) == wanted || id.0 == wanted)
        .map(|(_, id)| id.clone())
}

/// `Kab.Ciamis`, `kabupaten Ciamis` → `Kab. Ciamis`. Which regency is meant by a bare name stays open.
fn origin_in_one_spelling(place: &str) -> String {
    for prefix in ["kabupaten ", "kab. ", "kab.", "kab "] {
        let head = place.get(..prefix.len()).map(str::to_lowercase);
        if head.as_deref() == Some(prefix)
            && let Some(rest) = place.get(prefix.len()..)
        {
            return format!("Kab. {}", rest.trim());
        }
    }
    place.to_owned()
}
