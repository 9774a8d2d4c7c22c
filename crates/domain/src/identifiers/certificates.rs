//! Permits and certificates of goods: P-IRT, BPOM, halal, SNI. Which product needs which is not decided here.

use super::{Checked, compact, given, is_digits, number, part};
use crate::{problem::Problem, regions, time::Day};

/// P-IRT of home industries: 13 digits, a hyphen and the year it ends (`2063325010012-29`), `P-IRT` before optional.
/// Warns for an unknown region (`warning-pirt-region`) and when the year is over (`warning-pirt-expired`).
///
/// # Errors
/// `error-required`, `error-pirt` (shape), `error-pirt-kind` (no such packaging or food type).
pub fn pirt(raw: &str, today: Day) -> Result<Checked, Problem> {
    let text = given(raw)?.to_ascii_uppercase();
    let compacted = compact(&text);
    let digits = compacted.strip_prefix("PIRT").unwrap_or(&compacted);
    let digits = digits.strip_prefix("NO").unwrap_or(digits);
    if !is_digits(digits, 15..=15) {
        return Err(Problem::new("error-pirt"));
    }
    let pack = number(part(digits, 0..1));
    let food = number(part(digits, 1..3));
    if !(1..=8).contains(&pack) || !(1..=15).contains(&food) {
        return Err(Problem::new("error-pirt-kind"));
    }
    let region = format!("{}.{}", part(digits, 3..5), part(digits, 5..7));
    let ends = i64::from(2000 + number(part(digits, 13..15)));
    let this_year = today.ymd().map_or(0, |(year, _, _)| i64::from(year));
    let normalised = format!("{}-{}", part(digits, 0..13), part(digits, 13..15));
    Ok(Checked::new(raw, normalised)
        .warn_if(ends < this_year, "warning-pirt-expired")
        .warn_if(regions::find(&region).is_none(), "warning-pirt-region"))
}

/// BPOM food permit: `MD` (made here) or `ML` (imported) and 12 digits, newer ones to 15; `BPOM RI` before optional.
/// `SD` is for supplements and warns (`warning-bpom-supplement`).
///
/// # Errors
/// `error-required`, `error-bpom`, `error-bpom-not-food` (cosmetics and herbal medicine have their own field).
pub fn bpom(raw: &str) -> Result<Checked, Problem> {
    let compacted = compact(&given(raw)?.to_uppercase());
    let text = compacted.strip_prefix("BPOM").unwrap_or(&compacted);
    let text = text.strip_prefix("RI").unwrap_or(text);
    let (kind, digits) = text
        .split_at_checked(2)
        .ok_or_else(|| Problem::new("error-bpom"))?;
    match kind {
        "MD" | "ML" if is_digits(digits, 12..=15) => {
            Ok(Checked::new(raw, format!("{kind} {digits}")))
        }
        "SD" if is_digits(digits, 9..=15) => {
            Ok(Checked::new(raw, format!("{kind} {digits}"))
                .warn_if(true, "warning-bpom-supplement"))
        }
        "NA" | "NB" | "NC" | "ND" | "NE" | "TR" | "TI" | "TL" if is_digits(digits, 1..=15) => {
            Err(Problem::new("error-bpom-not-food"))
        }
        _ => Err(Problem::new("error-bpom")),
    }
}

/// Halal certificate: `ID` and 14 to 20 digits. It has no end while the recipe stays.
///
/// # Errors
/// `error-required`, `error-halal`, `error-halal-decree` (`KH-…` is the fatwa's number, not the certificate's).
pub fn halal(raw: &str) -> Result<Checked, Problem> {
    let text = compact(&given(raw)?.to_uppercase());
    match text.strip_prefix("ID") {
        Some(digits) if is_digits(digits, 14..=20) => Ok(Checked::new(raw, text.as_str())),
        _ if text.starts_with("KH") => Err(Problem::new("error-halal-decree")),
        _ => Err(Problem::new("error-halal")),
    }
}

/// SNI standard: `SNI 8664:2018`, `SNI 01-2973-1992`, `SNI ISO/IEC 17025:2017`.
///
/// # Errors
/// `error-required`, `error-sni`.
pub fn sni(raw: &str) -> Result<Checked, Problem> {
    let text = given(raw)?.to_uppercase();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if sni_fits(&text) {
        Ok(Checked::new(raw, text))
    } else {
        Err(Problem::new("error-sni"))
    }
}

/// `^SNI( ISO(/IEC)?)? (\d{2}-)?\d{3,5}(\.\d+)*[:-]\d{4}$`
fn sni_fits(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("SNI ") else {
        return false;
    };
    let rest = rest
        .strip_prefix("ISO/IEC ")
        .or_else(|| rest.strip_prefix("ISO "))
        .unwrap_or(rest);
    let Some((number, year)) = rest.rsplit_once([':', '-']) else {
        return false;
    };
    let number = match number.split_once('-') {
        Some((sector, number)) if is_digits(sector, 2..=2) => number,
        Some(_) => return false,
        None => number,
    };
    let mut parts = number.split('.');
    is_digits(year, 4..=4)
        && parts.next().is_some_and(|main| is_digits(main, 3..=5))
        && parts.all(|part| is_digits(part, 1..=usize::MAX))
}

/// A certificate's first and last day, both optional.
///
/// # Errors
/// `error-certificate-period` when it ends before it begins.
pub fn certificate_period(from: Option<Day>, to: Option<Day>) -> Result<(), Problem> {
    match (from, to) {
        (Some(from), Some(to)) if to < from => Err(Problem::new("error-certificate-period")),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Fine, Reject, Warn, table};
    use super::*;

    #[test]
    fn a_pirt_tells_packaging_food_region_and_year() {
        let today = Day::from_ymd(2026, 9, 7).unwrap();
        table(
            |raw| pirt(raw, today),
            &[
                ("P-IRT 2063325010012-29", Fine("2063325010012-29")),
                ("206332501001229", Fine("2063325010012-29")),
                ("P-IRT No. 2063325010012-29", Fine("2063325010012-29")),
                ("pirt 2153325010001-29", Fine("2153325010001-29")),
                ("2093401010004-29", Fine("2093401010004-29")),
                ("2101104010008-26", Fine("2101104010008-26")),
                (
                    "2069925010012-29",
                    Warn("2069925010012-29", "warning-pirt-region"),
                ),
                (
                    "2063325010012-20",
                    Warn("2063325010012-20", "warning-pirt-expired"),
                ),
                ("9063325010012-29", Reject("error-pirt-kind")),
                ("0063325010012-29", Reject("error-pirt-kind")),
                ("2003325010012-29", Reject("error-pirt-kind")),
                ("2163325010012-29", Reject("error-pirt-kind")),
                ("206332501001-29", Reject("error-pirt")),
                ("206332501001A-29", Reject("error-pirt")),
                ("", Reject("error-required")),
            ],
        );
    }

    #[test]
    fn a_bpom_permit_is_for_food() {
        table(
            bpom,
            &[
                ("MD 235611000117", Fine("MD 235611000117")),
                ("BPOM RI ML 555511000117", Fine("ML 555511000117")),
                ("bpom ri md235611000117", Fine("MD 235611000117")),
                ("MD 235611000117123", Fine("MD 235611000117123")),
                (
                    "SD 051523771",
                    Warn("SD 051523771", "warning-bpom-supplement"),
                ),
                ("MD 2356", Reject("error-bpom")),
                ("MD 2356110001171234", Reject("error-bpom")),
                ("235611000117", Reject("error-bpom")),
                ("NA18201200001", Reject("error-bpom-not-food")),
                ("TR 123456789", Reject("error-bpom-not-food")),
                ("M", Reject("error-bpom")),
                ("Mé123", Reject("error-bpom")),
                ("", Reject("error-required")),
            ],
        );
    }

    #[test]
    fn a_halal_certificate_begins_with_id() {
        table(
            halal,
            &[
                ("ID33110000000110126", Fine("ID33110000000110126")),
                ("id 33110000000110126", Fine("ID33110000000110126")),
                ("KH-1234", Reject("error-halal-decree")),
                ("33110000000110126", Reject("error-halal")),
                ("ID3311000000011", Reject("error-halal")),
                ("ID331100000001101261234", Reject("error-halal")),
                ("", Reject("error-required")),
            ],
        );
    }

    #[test]
    fn an_sni_has_a_number_and_a_year() {
        table(
            sni,
            &[
                ("SNI 8664:2018", Fine("SNI 8664:2018")),
                ("sni  01-2973-1992", Fine("SNI 01-2973-1992")),
                ("SNI ISO/IEC 17025:2017", Fine("SNI ISO/IEC 17025:2017")),
                ("SNI ISO 22000.1.2:2018", Fine("SNI ISO 22000.1.2:2018")),
                ("SNI", Reject("error-sni")),
                ("ISO 9001", Reject("error-sni")),
                ("SNI 8664", Reject("error-sni")),
                ("SNI 86:2018", Reject("error-sni")),
                ("SNI 123456:2018", Reject("error-sni")),
                ("SNI 8664:18", Reject("error-sni")),
                ("SNI 1-2973-1992", Reject("error-sni")),
                ("SNI 8664.:2018", Reject("error-sni")),
                ("SNI8664:2018", Reject("error-sni")),
                ("", Reject("error-required")),
            ],
        );
    }

    #[test]
    fn a_certificate_does_not_end_before_it_begins() {
        assert!(certificate_period(Some(Day(5)), Some(Day(5))).is_ok());
        assert!(certificate_period(None, Some(Day(5))).is_ok());
        assert!(certificate_period(Some(Day(5)), None).is_ok());
        assert_eq!(
            certificate_period(Some(Day(5)), Some(Day(4))).map_err(|p| p.code),
            Err("error-certificate-period")
        );
    }
}
