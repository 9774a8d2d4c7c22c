//! Sale units and permits in the reader's words: `12 bungkus` · `12 packs`, `Indikasi geografis`.
//!
//! What a unit holds is in `domain::products`; figures format themselves there too.

use domain::{
    money::grouped,
    products::{CertificateKind, SaleUnit},
};

use crate::{Lang, t, t_with};

/// `bungkus` · `pack`.
#[must_use]
pub fn unit(lang: Lang, unit: SaleUnit) -> String {
    units(lang, 1, unit)
}

/// `bungkus` · `packs`: the word alone, in the number of `n`.
#[must_use]
pub fn units(lang: Lang, n: i64, unit: SaleUnit) -> String {
    t_with(lang, &format!("unit-{unit}"), &[("n", n.into())])
}

/// `1.200 bungkus` · `1.200 packs`.
#[must_use]
pub fn count(lang: Lang, n: i64, unit: SaleUnit) -> String {
    format!("{} {}", grouped(n), units(lang, n, unit))
}

/// As [`count`], for a unit as it is stored; an unknown word stays as it is.
#[must_use]
pub fn count_of(lang: Lang, n: i64, unit: &str) -> String {
    match unit.parse() {
        Ok(unit) => count(lang, n, unit),
        Err(_) => format!("{} {unit}", grouped(n)),
    }
}

/// `P-IRT`, `Halal`, `Indikasi geografis`.
#[must_use]
pub fn permit(lang: Lang, kind: CertificateKind) -> String {
    let kind = kind.as_str().replace('_', "-");
    t(lang, &format!("permit-{kind}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_and_permit_has_its_word_in_both_languages() {
        for lang in Lang::ALL {
            for &kind in SaleUnit::ALL {
                assert!(!unit(lang, kind).contains('-'), "{kind}");
            }
            for &kind in CertificateKind::ALL {
                assert!(!permit(lang, kind).starts_with("permit-"), "{kind}");
            }
        }
        assert_eq!(count(Lang::Id, 1_200, SaleUnit::Bungkus), "1.200 bungkus");
        assert_eq!(count(Lang::En, 1_200, SaleUnit::Bungkus), "1.200 packs");
        assert_eq!(count(Lang::En, 1, SaleUnit::Kotak), "1 box");
        assert_eq!(count_of(Lang::En, 2, "keranjang"), "2 keranjang");
        assert_eq!(
            permit(Lang::En, CertificateKind::GeographicalIndication),
            "Geographical indication"
        );
    }
}
