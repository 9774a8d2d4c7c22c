//! Which drawn picture stands for goods that have no photo: that of their commodity, or of a variety that is drawn of
//! its own and told by the name.

/// Commodity, a word of the name, and the variety's picture; the first row that fits counts.
const VARIETIES: &[(&str, &str, &str)] = &[
    ("keripik-singkong", "balado", "keripik-balado"),
    ("keripik-tempe", "benguk", "keripik-tempe-benguk"),
    ("emping", "pedas", "emping-manis-pedas"),
    ("gula-semut", "jahe", "gula-semut-jahe"),
    ("teh", "celup", "teh-celup"),
    ("teh", "curah", "teh-curah"),
    ("kopi-bubuk", "saring", "kopi-saring"),
];

/// The name of the picture for goods of `picture`'s commodity that are called `name`.
#[must_use]
pub fn picture(picture: &str, name: &str) -> String {
    let name = name.to_lowercase();
    VARIETIES
        .iter()
        .find(|(commodity, word, _)| *commodity == picture && name.contains(word))
        .map_or(picture, |(_, _, variety)| variety)
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variety_with_a_picture_of_its_own_gets_it() {
        assert_eq!(
            picture("keripik-singkong", "Keripik Singkong BALADO 250 g"),
            "keripik-balado"
        );
        assert_eq!(
            picture("keripik-singkong", "Keripik singkong original"),
            "keripik-singkong"
        );
        assert_eq!(
            picture("keripik-pisang", "Keripik pisang balado"),
            "keripik-pisang"
        );
    }
}
