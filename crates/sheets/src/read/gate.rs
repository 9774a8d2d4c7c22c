//! The gate before a workbook: what an XLSX file would do to a reader is judged from its zip directory first, then part
//! by part, each unpacked once within a bound and thrown away (CHECKLIST E05). Only what passes is read.
//!
//! A zip directory may lie about sizes, so what really comes out is counted too.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::Limits;
use crate::SheetError;

/// Files within a workbook; Excel makes a few for each sheet.
const PARTS_MAX: usize = 1_000;
/// XML of spreadsheets shrinks ten- to fiftyfold; what shrinks further was made to.
const RATIO_MAX: u64 = 250;
/// Below this nothing can hurt, however well it shrinks.
const RATIO_FROM_BYTES: u64 = 1_000_000;

/// Lets a workbook through that is safe to read.
pub(super) fn check(bytes: &[u8], limits: &Limits) -> Result<(), SheetError> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| SheetError::Damaged)?;
    let names: Vec<String> = zip
        .file_names()
        .map(|name| name.map(|name| name.to_lowercase()))
        .collect::<Result<_, _>>()
        .map_err(|_| SheetError::Damaged)?;
    let sheets = names
        .iter()
        .filter(|name| name.starts_with("xl/worksheets/") && name.ends_with(".xml"))
        .count();
    if sheets > limits.sheets {
        return Err(SheetError::TooManySheets {
            limit: limits.sheets,
        });
    }
    for name in &names {
        check_name(name)?;
    }
    if !names.iter().any(|name| name == "[content_types].xml")
        || !names.iter().any(|name| name.starts_with("xl/"))
    {
        return Err(SheetError::NotWorkbook);
    }
    let too_big = || SheetError::TooBigUnpacked {
        limit: limits.unpacked_bytes,
    };
    if names.len() > PARTS_MAX {
        return Err(too_big());
    }
    let room = u64::try_from(limits.unpacked_bytes).unwrap_or(u64::MAX);
    let mut stated: u64 = 0;
    for at in 0..zip.len() {
        let part = zip.by_index_raw(at).map_err(|_| SheetError::Damaged)?;
        if part.encrypted() {
            return Err(SheetError::OldExcel);
        }
        stated = stated.saturating_add(part.size());
        let ratio = part.size() / part.compressed_size().max(1);
        if stated > room || (part.size() > RATIO_FROM_BYTES && ratio > RATIO_MAX) {
            return Err(too_big());
        }
    }
    // Entries that share their bytes unpack to many times what the file holds.
    if zip.has_overlapping_files().unwrap_or(true) {
        return Err(too_big());
    }
    let mut left = room;
    for at in 0..zip.len() {
        let part = zip.by_index(at).map_err(|_| SheetError::Damaged)?;
        let name = part.name().map_err(|_| SheetError::Damaged)?.to_lowercase();
        let is_xml = [".xml", ".rels", ".vml"]
            .iter()
            .any(|ending| name.ends_with(ending));
        let take = if is_xml { left.saturating_add(1) } else { 4 };
        let mut content = Vec::new();
        part.take(take)
            .read_to_end(&mut content)
            .map_err(|_| SheetError::Damaged)?;
        if is_xml {
            left = u64::try_from(content.len())
                .ok()
                .and_then(|size| left.checked_sub(size))
                .ok_or_else(too_big)?;
            check_xml(&name, &content)?;
        } else if content.starts_with(b"PK\x03\x04") || content.starts_with(b"\xD0\xCF\x11\xE0") {
            return Err(SheetError::Nested);
        }
    }
    Ok(())
}

/// What a part is for, by its place in the workbook.
fn check_name(name: &str) -> Result<(), SheetError> {
    let is_in = |folder: &str| name.starts_with(folder);
    if name.ends_with("vbaproject.bin") || is_in("xl/macrosheets/") || is_in("customui/") {
        Err(SheetError::Macros)
    } else if is_in("xl/externallinks/")
        || is_in("xl/querytables/")
        || name == "xl/connections.xml"
        || is_in("xl/model/")
    {
        Err(SheetError::Links)
    } else if is_in("xl/embeddings/") || is_in("xl/activex/") {
        Err(SheetError::Nested)
    } else {
        Ok(())
    }
}

fn check_xml(name: &str, content: &[u8]) -> Result<(), SheetError> {
    // Workbooks are UTF-8; another encoding would hide what is looked for below.
    if content.starts_with(b"\xFF\xFE")
        || content.starts_with(b"\xFE\xFF")
        || content.iter().take(4).any(|byte| *byte == 0)
    {
        return Err(SheetError::Damaged);
    }
    let text = std::str::from_utf8(content).map_err(|_| SheetError::Damaged)?;
    if text.contains("<!DOCTYPE") || text.contains("<!ENTITY") {
        return Err(SheetError::Entities);
    }
    if name == "[content_types].xml" && text.to_lowercase().contains("macroenabled") {
        return Err(SheetError::Macros);
    }
    if name.ends_with(".rels") {
        check_relations(text)?;
    }
    if name.starts_with("xl/worksheets/") && name.ends_with(".xml") {
        check_formulas(text)?;
    }
    Ok(())
}

/// A link in a cell leads a person somewhere and is never followed here; every other outside relation is refused.
fn check_relations(text: &str) -> Result<(), SheetError> {
    for relation in text.split("<Relationship ").skip(1) {
        let relation = relation.split('>').next().unwrap_or_default();
        let is_outside = relation.contains("External");
        let is_hyperlink = ["/hyperlink\"", "/hyperlink'"]
            .iter()
            .any(|kind| relation.contains(kind));
        if is_outside && !is_hyperlink {
            return Err(SheetError::Links);
        }
    }
    Ok(())
}

/// A formula without the value that it last had would read as an empty cell.
fn check_formulas(text: &str) -> Result<(), SheetError> {
    for (at, _) in text.match_indices("<f") {
        let rest = text.get(at + 2..).unwrap_or_default();
        if !rest.starts_with(['>', ' ', '/']) {
            continue;
        }
        let cell = rest.split("</c>").next().unwrap_or_default();
        let has_value = cell
            .split("<v")
            .skip(1)
            .filter_map(|value| value.split_once('>'))
            .any(|(tag, value)| !tag.ends_with('/') && !value.starts_with('<'));
        let before = text.get(..at).unwrap_or_default();
        let tag = before.rfind("<c ").and_then(|start| before.get(start..));
        let tag = tag
            .and_then(|tag| tag.split('>').next())
            .unwrap_or_default();
        // The empty text is a value too.
        if has_value || tag.contains("t=\"str\"") || cell.contains("<is>") {
            continue;
        }
        let place = tag
            .split(" r=\"")
            .nth(1)
            .and_then(|place| place.split('"').next())
            .unwrap_or_default();
        let digits = place.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        let letters = place.strip_suffix(digits).unwrap_or_default();
        return Err(SheetError::FormulaWithoutValue {
            row: digits.parse().unwrap_or(0),
            column: letters.to_owned(),
        });
    }
    Ok(())
}
