//! Numbers given out by the state: business, tax, person, cooperative, region.

use super::{Checked, compact, given, is_digits, number, part};
use crate::{problem::Problem, regions};

/// NIB: exactly 13 digits, no checksum.
///
/// # Errors
/// `error-required`, `error-nib`.
pub fn nib(raw: &str) -> Result<Checked, Problem> {
    let text = given(raw)?;
    if !is_digits(text, 13..=13) {
        return Err(Problem::new("error-nib"));
    }
    Ok(Checked::new(raw, text))
}

/// NPWP of 15 or 16 digits, dots and hyphens ignored, normalised to 16. Sixteen digits that don't begin with 0 are
/// the holder's NIK. DJP publishes no checksum, so a failing one (`warning-npwp-check`) only warns.
///
/// # Errors
/// `error-required`, `error-npwp`, and those of [`nik`].
pub fn npwp(raw: &str) -> Result<Checked, Problem> {
    let digits = compact(given(raw)?);
    if !is_digits(&digits, 15..=16) {
        return Err(Problem::new("error-npwp"));
    }
    if digits.len() == 16 && !digits.starts_with('0') {
        let person = nik(&digits)?;
        return Ok(Checked {
            value: raw.trim().to_owned(),
            ..person
        });
    }
    let sixteen = format!("{digits:0>16}");
    let odd = !luhn(part(&sixteen, 1..10));
    Ok(Checked::new(raw, sixteen).warn_if(odd, "warning-npwp-check"))
}

/// How an NPWP is printed: `00.000.011.7-503.000`, or the 16 digits of a NIK as they are.
#[must_use]
pub fn npwp_display(normalised: &str) -> String {
    let old = match normalised.strip_prefix('0') {
        Some(old) if is_digits(old, 15..=15) => old,
        _ => return normalised.to_owned(),
    };
    format!(
        "{}.{}.{}.{}-{}.{}",
        part(old, 0..2),
        part(old, 2..5),
        part(old, 5..8),
        part(old, 8..9),
        part(old, 9..12),
        part(old, 12..15)
    )
}

fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .zip([1, 2].into_iter().cycle())
        .map(|(byte, weight)| {
            let product = u32::from(byte.wrapping_sub(b'0')) * weight;
            product / 10 + product % 10
        })
        .sum();
    sum.is_multiple_of(10)
}

/// NITKU, the tax number of a place of business: NPWP of 16 digits and 6 more, `000000` for the head office.
///
/// # Errors
/// `error-required`, `error-nitku`, and those of [`npwp`].
pub fn nitku(raw: &str) -> Result<Checked, Problem> {
    let digits = compact(given(raw)?);
    if !is_digits(&digits, 22..=22) {
        return Err(Problem::new("error-nitku"));
    }
    let owner = npwp(part(&digits, 0..16))?;
    Ok(Checked {
        value: raw.trim().to_owned(),
        normalised: digits,
        ..owner
    })
}

/// NIK of a person: region of first issue, date of birth (women: day + 40), serial. An unknown region may be an
/// abolished one and only warns (`warning-nik-region`).
///
/// # Errors
/// `error-required`, `error-nik` (not 16 digits, or serial 0000), `error-nik-date` (no such day).
pub fn nik(raw: &str) -> Result<Checked, Problem> {
    let digits = compact(given(raw)?);
    if !is_digits(&digits, 16..=16) || part(&digits, 12..16) == "0000" {
        return Err(Problem::new("error-nik"));
    }
    let day = match number(part(&digits, 6..8)) {
        day @ 1..=31 => day,
        day @ 41..=71 => day - 40,
        _ => return Err(Problem::new("error-nik-date")),
    };
    let month = number(part(&digits, 8..10));
    // Whether it is 19yy or 20yy doesn't matter: nobody alive was born in 1900, the one leap exception.
    let leap = number(part(&digits, 10..12)).is_multiple_of(4);
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    if day > days {
        return Err(Problem::new("error-nik-date"));
    }
    let known = regions::find(&format!("{}.{}", part(&digits, 0..2), part(&digits, 2..4)));
    Ok(Checked::new(raw, digits).warn_if(known.is_none(), "warning-nik-region"))
}

/// NIK koperasi, the ministry's number of a cooperative. Its format is not officially confirmed: digits only;
/// another length than 10 to 20 warns (`warning-coop-nik-length`).
///
/// # Errors
/// `error-required`, `error-coop-nik`.
pub fn coop_nik(raw: &str) -> Result<Checked, Problem> {
    let text = given(raw)?;
    if !is_digits(text, 1..=60) {
        return Err(Problem::new("error-coop-nik"));
    }
    let odd = !(10..=20).contains(&text.len());
    Ok(Checked::new(raw, text).warn_if(odd, "warning-coop-nik-length"))
}

/// Number of the deed that made a cooperative a legal entity: free text, at most 60 characters.
///
/// # Errors
/// Those of [`crate::names::clean_line`].
pub fn legal_entity_number(raw: &str) -> Result<Checked, Problem> {
    Ok(Checked::new(raw, crate::names::clean_line(raw, 60)?))
}

/// Region code of a province, regency, district or village, dots optional, normalised with dots (`33.25.01.2001`).
/// One whose province or regency is not in our table warns (`warning-region-unknown`).
///
/// # Errors
/// `error-required`, `error-region-code`.
pub fn region_code(raw: &str) -> Result<Checked, Problem> {
    let text = given(raw)?;
    let refused = || Problem::new("error-region-code");
    let digits = text.replace('.', "");
    if !matches!(digits.len(), 2 | 4 | 6 | 10) || !is_digits(&digits, 2..=10) {
        return Err(refused());
    }
    let groups = [
        part(&digits, 0..2),
        part(&digits, 2..4),
        part(&digits, 4..6),
        part(&digits, 6..10),
    ];
    let groups: Vec<&str> = groups.into_iter().filter(|g| !g.is_empty()).collect();
    let dotted = groups.join(".");
    if text != digits && text != dotted {
        return Err(refused());
    }
    let regency_fits = groups.get(1).is_none_or(|g| !matches!(*g, "00" | "70"));
    let village_fits = groups
        .get(3)
        .is_none_or(|g| matches!(g.as_bytes().first(), Some(b'1'..=b'3')));
    if !regency_fits || !village_fits || groups.first() == Some(&"00") {
        return Err(refused());
    }
    let known = regions::find(dotted.get(..5).unwrap_or(&dotted));
    Ok(Checked::new(raw, dotted.as_str()).warn_if(known.is_none(), "warning-region-unknown"))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Fine, Reject, Warn, table};
    use super::*;

    #[test]
    fn a_nib_has_thirteen_digits() {
        table(
            nib,
            &[
                ("9120000000017", Fine("9120000000017")),
                (" 0220000000018 ", Fine("0220000000018")),
                ("912000000001", Reject("error-nib")),
                ("91200000000171", Reject("error-nib")),
                ("91200A0000017", Reject("error-nib")),
                ("９１２０００００００１７", Reject("error-nib")),
                ("", Reject("error-required")),
            ],
        );
    }

    #[test]
    fn an_npwp_is_kept_in_sixteen_digits_and_a_wrong_check_digit_only_warns() {
        table(
            npwp,
            &[
                ("00.000.011.7-503.000", Fine("0000000117503000")),
                ("0000000117503000", Fine("0000000117503000")),
                ("000000117503000", Fine("0000000117503000")),
                ("00.000.012.5-503.000", Fine("0000000125503000")),
                ("00.000.013.3-503.000", Fine("0000000133503000")),
                ("00.000.014.1-503.000", Fine("0000000141503000")),
                ("3325014708900001", Fine("3325014708900001")),
                (
                    "00.000.011.8-503.000",
                    Warn("0000000118503000", "warning-npwp-check"),
                ),
                ("123456789", Reject("error-npwp")),
                ("00000001175030000", Reject("error-npwp")),
                ("00000001175030A0", Reject("error-npwp")),
                ("3325013208900001", Reject("error-nik-date")),
                ("", Reject("error-required")),
            ],
        );
        assert_eq!(npwp_display("0000000117503000"), "00.000.011.7-503.000");
        assert_eq!(npwp_display("3325014708900001"), "3325014708900001");
        assert_eq!(npwp_display("é"), "é");
        assert_eq!(
            npwp(" 00.000.011.7-503.000 ").unwrap().value,
            "00.000.011.7-503.000"
        );
    }

    #[test]
    fn a_nitku_is_an_npwp_and_six_digits() {
        table(
            nitku,
            &[
                ("0000000117503000000000", Fine("0000000117503000000000")),
                (
                    "0000000118503000000000",
                    Warn("0000000118503000000000", "warning-npwp-check"),
                ),
                ("000000011750300000000", Reject("error-nitku")),
                ("", Reject("error-required")),
            ],
        );
    }

    #[test]
    fn a_nik_holds_a_day_that_exists() {
        table(
            nik,
            &[
                ("3325014708900001", Fine("3325014708900001")),
                ("3205051705850002", Fine("3205051705850002")),
                ("3325012902000001", Fine("3325012902000001")),
                (
                    "9999011705850002",
                    Warn("9999011705850002", "warning-nik-region"),
                ),
                ("3325013208900001", Reject("error-nik-date")),
                ("3325010008900001", Reject("error-nik-date")),
                ("3325017208900001", Reject("error-nik-date")),
                ("3325014713900001", Reject("error-nik-date")),
                ("3325014700900001", Reject("error-nik-date")),
                ("3325013002900001", Reject("error-nik-date")),
                ("3325012902010001", Reject("error-nik-date")),
                ("3325014708900000", Reject("error-nik")),
                ("332501470890001", Reject("error-nik")),
                ("", Reject("error-required")),
            ],
        );
    }

    #[test]
    fn a_cooperatives_nik_is_digits_of_any_usual_length() {
        table(
            coop_nik,
            &[
                ("3325000000011", Fine("3325000000011")),
                ("123456789", Warn("123456789", "warning-coop-nik-length")),
                (
                    "123456789012345678901",
                    Warn("123456789012345678901", "warning-coop-nik-length"),
                ),
                ("33-25/ABC", Reject("error-coop-nik")),
                ("", Reject("error-required")),
            ],
        );
    }

    #[test]
    fn a_legal_entity_number_is_free_text() {
        table(
            legal_entity_number,
            &[
                (
                    "AHU-0000011.AH.01.26.TAHUN 2022",
                    Fine("AHU-0000011.AH.01.26.TAHUN 2022"),
                ),
                ("518/011/BH/2008", Fine("518/011/BH/2008")),
                ("", Reject("error-required")),
                (
                    "1234567890123456789012345678901234567890123456789012345678901",
                    Reject("error-text-too-long"),
                ),
            ],
        );
    }

    #[test]
    fn a_region_code_has_two_four_six_or_ten_digits() {
        table(
            region_code,
            &[
                ("33", Fine("33")),
                ("3325", Fine("33.25")),
                ("332501", Fine("33.25.01")),
                ("3325012001", Fine("33.25.01.2001")),
                ("33.25.01.2001", Fine("33.25.01.2001")),
                ("33.25", Fine("33.25")),
                ("11.10", Fine("11.10")),
                ("33.69", Warn("33.69", "warning-region-unknown")),
                ("99", Warn("99", "warning-region-unknown")),
                ("332", Reject("error-region-code")),
                ("3370", Reject("error-region-code")),
                ("3300", Reject("error-region-code")),
                ("0001", Reject("error-region-code")),
                ("3325014001", Reject("error-region-code")),
                ("3325010001", Reject("error-region-code")),
                ("1", Reject("error-region-code")),
                ("11.1", Reject("error-region-code")),
                ("1.11.0", Reject("error-region-code")),
                ("33.2501", Reject("error-region-code")),
                ("33A5", Reject("error-region-code")),
                ("", Reject("error-required")),
            ],
        );
    }
}
