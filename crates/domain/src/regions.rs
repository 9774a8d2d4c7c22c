//! The 38 provinces and 514 regencies and cities of Indonesia (Kepmendagri 300.2.2-2138/2025), as the project's own
//! table in `data/regions.csv`. Codes are text with dots: `33` a province, `33.25` a regency.
//!
//! Not here: districts and villages, and time zones ([`crate::time::Zone::of_region`]).

use std::sync::LazyLock;

use crate::names::fold;

/// A province, regency (kabupaten) or city (kota).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Region {
    /// `33` or `33.25`.
    pub code: &'static str,
    /// `Jawa Tengah`, `Kabupaten Batang`, `Kota Semarang`.
    pub name: &'static str,
}

static TABLE: LazyLock<Vec<Region>> = LazyLock::new(|| {
    let mut table: Vec<Region> = include_str!("../data/regions.csv")
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(','))
        .map(|(code, name)| Region { code, name })
        .collect();
    table.sort_by_key(|region| region.code);
    table
});

static PROVINCES: LazyLock<Vec<Region>> = LazyLock::new(|| {
    let is_province = |region: &&Region| region.code.len() == 2;
    TABLE.iter().filter(is_province).copied().collect()
});

/// All provinces by code.
#[must_use]
pub fn provinces() -> &'static [Region] {
    &PROVINCES
}

/// All regencies and cities of a province by code; empty for an unknown province.
#[must_use]
pub fn regencies(province: &str) -> &'static [Region] {
    if find(province).is_none_or(|region| region.code.len() != 2) {
        return &[];
    }
    // The table is sorted, and `33` sorts directly before `33.01`.
    let from = TABLE.partition_point(|region| region.code <= province);
    let to = TABLE.partition_point(|region| region.code.get(..2).unwrap_or("") <= province);
    TABLE.get(from..to).unwrap_or(&[])
}

/// All 514 regencies and cities by code, for one long picker.
pub fn all_regencies() -> impl Iterator<Item = &'static Region> {
    TABLE.iter().filter(|region| region.is_regency())
}

/// The region of a code, written as in the table (`33.25`).
#[must_use]
pub fn find(code: &str) -> Option<&'static Region> {
    let place = TABLE
        .binary_search_by_key(&code, |region| region.code)
        .ok()?;
    TABLE.get(place)
}

/// `Kabupaten Batang`; the code itself when it is not in the table, so that a page always has something to show.
#[must_use]
pub fn name(code: &str) -> &str {
    find(code).map_or(code, |region| region.name)
}

/// `Kab. Batang`; the code itself when it is not in the table.
#[must_use]
pub fn short_name(code: &str) -> String {
    find(code).map_or_else(|| code.to_owned(), Region::short_name)
}

/// The province that a regency, district or village code belongs to.
#[must_use]
pub fn province_of(code: &str) -> Option<&'static Region> {
    find(code.get(..2)?)
}

/// The regency or city that people mean by `Kab. Garut`, `kabupaten garut` or `Kota Semarang`. A bare name (`Garut`)
/// is understood where only one region has it; `Bandung` alone is not.
#[must_use]
pub fn regency_by_name(text: &str) -> Option<&'static Region> {
    let text = fold(text);
    let kinds = |region: &&Region| {
        let full = fold(region.name);
        full == text
            || fold(&region.short_name()) == text
            || full == text.replacen("kab ", "kabupaten ", 1)
    };
    if let Some(exact) = all_regencies().find(kinds) {
        return Some(exact);
    }
    let mut bare = all_regencies().filter(|region| fold(region.bare_name()) == text);
    match (bare.next(), bare.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}

impl Region {
    /// `Kab. Batang`, `Kab. Adm. Kepulauan Seribu`; cities and provinces as they are.
    #[must_use]
    pub fn short_name(&self) -> String {
        self.name
            .replacen("Kabupaten ", "Kab. ", 1)
            .replacen(" Administrasi ", " Adm. ", 1)
    }

    #[must_use]
    pub fn is_regency(&self) -> bool {
        self.code.len() == 5
    }

    /// A city by its number: kabupaten 01–69, kota 71–99 (DOMAIN §3).
    #[must_use]
    pub fn is_city(&self) -> bool {
        self.is_regency() && self.code.get(3..) > Some("70")
    }

    /// The name without its kind: `Batang`.
    #[must_use]
    pub fn bare_name(&self) -> &'static str {
        let name = self
            .name
            .strip_prefix("Kabupaten ")
            .or_else(|| self.name.strip_prefix("Kota "))
            .unwrap_or(self.name);
        name.strip_prefix("Administrasi ").unwrap_or(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_38_provinces_416_regencies_and_98_cities() {
        assert_eq!(provinces().len(), 38);
        assert_eq!(all_regencies().count(), 514);
        assert_eq!(all_regencies().filter(|r| r.is_city()).count(), 98);
        for region in all_regencies() {
            let kind = if region.is_city() {
                "Kota "
            } else {
                "Kabupaten "
            };
            assert!(region.name.starts_with(kind), "{region:?}");
            assert!(province_of(region.code).is_some(), "{region:?}");
        }
        assert_eq!(
            provinces()
                .iter()
                .map(|p| regencies(p.code).len())
                .sum::<usize>(),
            514
        );
    }

    #[test]
    fn the_table_is_well_written() {
        for region in TABLE.iter() {
            assert_eq!(region.name.trim(), region.name);
            assert!(!region.name.contains("  ") && !region.name.contains('"'));
            assert!(region.code.bytes().all(|b| b.is_ascii_digit() || b == b'.'));
            assert_eq!(find(region.code), Some(region));
        }
        assert_eq!(
            TABLE.len(),
            include_str!("../data/regions.csv").lines().count() - 1
        );
        assert!(TABLE.windows(2).all(|pair| pair[0].code < pair[1].code));
    }

    #[test]
    fn regions_are_found_by_code_and_belong_to_their_province() {
        assert_eq!(name("33.25"), "Kabupaten Batang");
        assert_eq!(short_name("33.25"), "Kab. Batang");
        assert_eq!(short_name("33.74"), "Kota Semarang");
        assert_eq!(short_name("31.01"), "Kab. Adm. Kepulauan Seribu");
        assert_eq!(name("33"), "Jawa Tengah");
        assert_eq!(name("11.10"), "Kabupaten Aceh Singkil");
        assert_eq!(
            province_of("52.03").map(|p| p.name),
            Some("Nusa Tenggara Barat")
        );
        for unknown in ["", "3", "33.70", "33.2", "11.1", "99", "3325", "€33", "é"] {
            assert_eq!(find(unknown), None, "{unknown}");
            assert_eq!(name(unknown), unknown);
            assert!(regencies(unknown).is_empty());
        }
        assert_eq!(province_of("99.01"), None);
        let java: Vec<_> = regencies("34").iter().map(|r| r.code).collect();
        assert_eq!(java, ["34.01", "34.02", "34.03", "34.04", "34.71"]);
        assert!(regencies("34.01").is_empty());
    }

    #[test]
    fn regions_are_found_by_the_names_people_write() {
        for (text, code) in [
            ("Kab. Garut", "32.05"),
            ("kabupaten garut", "32.05"),
            ("KAB GARUT", "32.05"),
            ("Garut", "32.05"),
            ("Kota Bandung", "32.73"),
            ("Kab. Bandung", "32.04"),
            ("Jakarta Pusat", "31.71"),
        ] {
            assert_eq!(regency_by_name(text).map(|r| r.code), Some(code), "{text}");
        }
        assert_eq!(regency_by_name("Bandung"), None);
        assert_eq!(regency_by_name("Atlantis"), None);
        assert_eq!(regency_by_name(""), None);
    }

    /// Compares with an official list where one is at hand: `code,name` lines under a header.
    #[test]
    fn the_table_agrees_with_the_reference_list() {
        let Ok(path) = std::env::var("LUMBUNG_REGIONS_REFERENCE") else {
            let skipping = std::env::var_os("LUMBUNG_TEST_NO_SKIP").is_none();
            assert!(skipping, "LUMBUNG_REGIONS_REFERENCE names no list");
            return;
        };
        let reference = std::fs::read_to_string(path).unwrap();
        let mut reference: Vec<(&str, &str)> = reference
            .lines()
            .skip(1)
            .filter_map(|line| line.split_once(','))
            .map(|(code, name)| (code.trim(), name.trim()))
            .collect();
        reference.sort_unstable();
        let ours: Vec<_> = TABLE.iter().map(|r| (r.code, r.name)).collect();
        assert_eq!(ours, reference);
    }
}
