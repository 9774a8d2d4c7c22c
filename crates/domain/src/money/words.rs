//! Terbilang: an amount in Indonesian words (DOMAIN M-5). Documents add ` rupiah` and the capital letter.

use super::{RUPIAH_MAX, Rupiah};

/// Lower case, single spaces, no currency: `13875000` → `tiga belas juta delapan ratus tujuh puluh lima ribu`.
/// `None` beyond ±999.999.999.999.999.
#[must_use]
pub fn words(amount: Rupiah) -> Option<String> {
    if amount.0.unsigned_abs() > RUPIAH_MAX.0.unsigned_abs() {
        return None;
    }
    if amount.0 == 0 {
        return Some("nol".to_owned());
    }
    let mut out = Vec::new();
    if amount.0 < 0 {
        out.push("minus");
    }
    let mut rest = amount.0.unsigned_abs();
    for (scale, name) in [
        (1_000_000_000_000, "triliun"),
        (1_000_000_000, "miliar"),
        (1_000_000, "juta"),
        (1_000, "ribu"),
        (1, ""),
    ] {
        let group = rest / scale;
        rest %= scale;
        match group {
            0 => {}
            1 if name == "ribu" => out.push("seribu"),
            _ => {
                push_group(&mut out, group);
                if !name.is_empty() {
                    out.push(name);
                }
            }
        }
    }
    Some(out.join(" "))
}

/// One group of three digits, 1 to 999.
fn push_group(out: &mut Vec<&'static str>, group: u64) {
    match group / 100 {
        0 => {}
        1 => out.push("seratus"),
        hundreds => out.extend([digit(hundreds), "ratus"]),
    }
    match group % 100 {
        0 => {}
        10 => out.push("sepuluh"),
        11 => out.push("sebelas"),
        below @ 1..=9 => out.push(digit(below)),
        teen @ 12..=19 => out.extend([digit(teen - 10), "belas"]),
        tens => {
            out.extend([digit(tens / 10), "puluh"]);
            if tens % 10 != 0 {
                out.push(digit(tens % 10));
            }
        }
    }
}

fn digit(n: u64) -> &'static str {
    match n {
        1 => "satu",
        2 => "dua",
        3 => "tiga",
        4 => "empat",
        5 => "lima",
        6 => "enam",
        7 => "tujuh",
        8 => "delapan",
        9 => "sembilan",
        _ => "nol",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_spelled_as_the_table_of_the_handbook_has_them() {
        for (amount, text) in [
            (0, "nol"),
            (1, "satu"),
            (10, "sepuluh"),
            (11, "sebelas"),
            (15, "lima belas"),
            (20, "dua puluh"),
            (21, "dua puluh satu"),
            (100, "seratus"),
            (101, "seratus satu"),
            (111, "seratus sebelas"),
            (119, "seratus sembilan belas"),
            (200, "dua ratus"),
            (999, "sembilan ratus sembilan puluh sembilan"),
            (1000, "seribu"),
            (1001, "seribu satu"),
            (1011, "seribu sebelas"),
            (1100, "seribu seratus"),
            (2000, "dua ribu"),
            (10_000, "sepuluh ribu"),
            (11_000, "sebelas ribu"),
            (21_000, "dua puluh satu ribu"),
            (100_000, "seratus ribu"),
            (101_000, "seratus satu ribu"),
            (111_111, "seratus sebelas ribu seratus sebelas"),
            (1_000_000, "satu juta"),
            (1_001_000, "satu juta seribu"),
            (
                13_875_000,
                "tiga belas juta delapan ratus tujuh puluh lima ribu",
            ),
            (
                12_345_678,
                "dua belas juta tiga ratus empat puluh lima ribu enam ratus tujuh puluh delapan",
            ),
            (1_000_000_000, "satu miliar"),
            (1_001_001_001, "satu miliar satu juta seribu satu"),
            (1_000_000_000_000, "satu triliun"),
            (-5000, "minus lima ribu"),
        ] {
            assert_eq!(words(Rupiah(amount)).as_deref(), Some(text), "{amount}");
        }
    }

    #[test]
    fn amounts_beyond_the_largest_have_no_words() {
        assert!(words(RUPIAH_MAX).unwrap().starts_with("sembilan ratus"));
        assert_eq!(words(Rupiah(RUPIAH_MAX.0 + 1)), None);
        assert_eq!(words(Rupiah(i64::MIN)), None);
    }
}
