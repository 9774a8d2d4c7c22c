//! Sale units and what one of them holds (DOMAIN §5).
//!
//! Stock counts sale units. Base units (gram, millilitre, centimetre, piece) only compare and convert; nothing here
//! converts between dimensions.

use serde::{Deserialize, Serialize};

use super::hints::hints_from_name;
use crate::{coded::coded, money::grouped, problem::Problem};

coded! {
    /// What is measured. Base units: gram, millilitre, centimetre, piece.
    pub enum Dimension {
        Mass = "mass",
        Volume = "volume",
        Length = "length",
        Count = "count",
    }
}

coded! {
    /// The unit a member sells in and all prices and stock are counted in. Words for people are in the text crate.
    pub enum SaleUnit {
        Bungkus = "bungkus",
        Kg = "kg",
        Botol = "botol",
        Kotak = "kotak",
        Buah = "buah",
        Lembar = "lembar",
        Set = "set",
        Ons = "ons",
        Kuintal = "kuintal",
        Ton = "ton",
        Liter = "liter",
        Meter = "meter",
        Butir = "butir",
        Ekor = "ekor",
        Pasang = "pasang",
        Lusin = "lusin",
        Kodi = "kodi",
        Gros = "gros",
        Rim = "rim",
        Toples = "toples",
        Kaleng = "kaleng",
        Sachet = "sachet",
        Cup = "cup",
        Pak = "pak",
        Paket = "paket",
        Ikat = "ikat",
        Sisir = "sisir",
        Tandan = "tandan",
        Papan = "papan",
        Karung = "karung",
        Peti = "peti",
        Krat = "krat",
        Dus = "dus",
        Ball = "ball",
        Jeriken = "jeriken",
        Galon = "galon",
    }
}

/// An amount in base units: 250 g, 650 ml, 200 cm, 25 pieces. Always more than 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Content {
    /// In base units of the dimension.
    pub amount: i64,
    pub dimension: Dimension,
}

impl Content {
    #[must_use]
    pub const fn grams(amount: i64) -> Self {
        Self {
            amount,
            dimension: Dimension::Mass,
        }
    }

    #[must_use]
    pub const fn millilitres(amount: i64) -> Self {
        Self {
            amount,
            dimension: Dimension::Volume,
        }
    }

    #[must_use]
    pub const fn centimetres(amount: i64) -> Self {
        Self {
            amount,
            dimension: Dimension::Length,
        }
    }

    #[must_use]
    pub const fn pieces(amount: i64) -> Self {
        Self {
            amount,
            dimension: Dimension::Count,
        }
    }
}

impl Content {
    /// Reads what one pack holds, as people write it: `250 g`, `1/4 kg`, `1,5 liter`, `25 kantong`. Nothing but the
    /// amount may stand there, so that no word is passed over.
    ///
    /// # Errors
    /// `error-required`; `error-import-content` when it tells no amount, or several.
    pub fn parse(raw: &str) -> Result<Self, Problem> {
        if raw.trim().is_empty() {
            return Err(Problem::required());
        }
        hints_from_name(raw)
            .stated_content()
            .filter(|_| is_only_an_amount(raw))
            .ok_or_else(|| Problem::new("error-import-content"))
    }
}

/// Figures and one word behind them; "isi" and "netto" may stand before.
fn is_only_an_amount(raw: &str) -> bool {
    let text = raw.trim().to_lowercase();
    let text = ["isi", "netto", "neto", "berat"]
        .iter()
        .find_map(|word| text.strip_prefix(word))
        .unwrap_or(&text)
        .trim_start();
    let figures = text.trim_end_matches(|c: char| c.is_alphabetic() || c == '.');
    figures
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '/' | ' ' | '½' | '¼' | '¾'))
}

/// `250 g`, `1 kg`, `1,25 kg`, `650 ml`, `1 liter`, `200 cm`, `25 pcs`: the same in both languages (DOMAIN M-2).
impl std::fmt::Display for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (large, per_large, small) = match self.dimension {
            Dimension::Mass => ("kg", 1_000, "g"),
            Dimension::Volume => ("liter", 1_000, "ml"),
            Dimension::Length => ("m", 100, "cm"),
            Dimension::Count => ("pcs", 1, "pcs"),
        };
        // Metres only where they are whole: cloth is spoken of in centimetres.
        let in_large = match self.dimension {
            Dimension::Length => self.amount % per_large == 0 && self.amount >= 1_000,
            _ => self.amount >= per_large,
        };
        if !in_large {
            return write!(f, "{} {small}", grouped(self.amount));
        }
        let (whole, part) = (self.amount / per_large, self.amount % per_large);
        f.write_str(&grouped(whole))?;
        if part != 0 {
            let digits = format!("{part:03}");
            write!(f, ",{}", digits.trim_end_matches('0'))?;
        }
        write!(f, " {large}")
    }
}

impl SaleUnit {
    /// What one of it always holds, whatever the product: 1 kg = 1.000 g, 1 lusin = 12 pieces. `None` where it is the
    /// product's own (bungkus, karung, ikat).
    #[must_use]
    pub fn fixed_content(self) -> Option<Content> {
        Some(match self {
            Self::Ons => Content::grams(100),
            Self::Kg => Content::grams(1_000),
            Self::Kuintal => Content::grams(100_000),
            Self::Ton => Content::grams(1_000_000),
            Self::Liter => Content::millilitres(1_000),
            Self::Galon => Content::millilitres(19_000),
            Self::Meter => Content::centimetres(100),
            Self::Buah | Self::Butir | Self::Ekor | Self::Lembar | Self::Set => Content::pieces(1),
            Self::Pasang => Content::pieces(2),
            Self::Lusin => Content::pieces(12),
            Self::Kodi => Content::pieces(20),
            Self::Gros => Content::pieces(144),
            Self::Rim => Content::pieces(500),
            _ => return None,
        })
    }

    /// Whether the product has to state what one of it holds.
    #[must_use]
    pub fn needs_content(self) -> bool {
        self.fixed_content().is_none()
    }

    /// What one of it holds: for measures (kg, liter) always their own size, for pieces what the product states
    /// beside ("set of 3", "sheet of 200 cm"), for packs only that.
    #[must_use]
    pub fn content(self, stated: Option<Content>) -> Option<Content> {
        match self.fixed_content() {
            Some(fixed) if fixed.dimension != Dimension::Count => Some(fixed),
            fixed => stated.or(fixed),
        }
    }

    /// The unit that a word means, in any of its common spellings (`pcs`, `bks`, `ltr`), regardless of case.
    #[must_use]
    pub fn find(word: &str) -> Option<Self> {
        let word = word.trim().trim_end_matches('.').to_lowercase();
        Some(match word.as_str() {
            "bks" | "bgks" | "bungkusan" | "pouch" | "kemasan" => Self::Bungkus,
            "kilo" | "kilogram" | "kgs" => Self::Kg,
            "btl" | "bottle" => Self::Botol,
            "box" | "boks" | "ktk" => Self::Kotak,
            "pcs" | "pc" | "pieces" | "piece" | "biji" | "bh" | "unit" => Self::Buah,
            "helai" | "lbr" | "sheet" => Self::Lembar,
            "kw" | "kwintal" => Self::Kuintal,
            "l" | "lt" | "ltr" | "litre" => Self::Liter,
            "m" | "mtr" => Self::Meter,
            "psg" => Self::Pasang,
            "lsn" => Self::Lusin,
            "jar" => Self::Toples,
            "klg" | "can" => Self::Kaleng,
            "saset" | "sachets" => Self::Sachet,
            "pack" | "pck" | "packs" | "pk" => Self::Pak,
            "pkt" | "bundle" | "bundling" => Self::Paket,
            "iket" => Self::Ikat,
            "sak" | "zak" | "krg" => Self::Karung,
            "karton" | "kardus" | "doos" | "dos" | "ctn" => Self::Dus,
            "bal" => Self::Ball,
            "jerigen" | "jirigen" => Self::Jeriken,
            other => return other.parse().ok(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixed_factors_are_those_of_the_trade() {
        for (unit, amount) in [
            (SaleUnit::Ons, 100),
            (SaleUnit::Kg, 1_000),
            (SaleUnit::Kuintal, 100_000),
            (SaleUnit::Ton, 1_000_000),
            (SaleUnit::Liter, 1_000),
            (SaleUnit::Galon, 19_000),
            (SaleUnit::Meter, 100),
            (SaleUnit::Pasang, 2),
            (SaleUnit::Lusin, 12),
            (SaleUnit::Kodi, 20),
            (SaleUnit::Gros, 144),
            (SaleUnit::Rim, 500),
            (SaleUnit::Buah, 1),
        ] {
            assert_eq!(unit.fixed_content().unwrap().amount, amount, "{unit}");
        }
        for unit in [
            SaleUnit::Karung,
            SaleUnit::Peti,
            SaleUnit::Ikat,
            SaleUnit::Dus,
        ] {
            assert!(unit.needs_content(), "{unit}");
        }
    }

    #[test]
    fn a_measure_holds_its_own_size_and_a_pack_what_the_product_states() {
        let stated = Some(Content::grams(500));
        assert_eq!(SaleUnit::Kg.content(stated), Some(Content::grams(1_000)));
        assert_eq!(SaleUnit::Bungkus.content(stated), stated);
        assert_eq!(SaleUnit::Bungkus.content(None), None);
        assert_eq!(
            SaleUnit::Set.content(Some(Content::pieces(3))),
            Some(Content::pieces(3))
        );
        assert_eq!(SaleUnit::Set.content(None), Some(Content::pieces(1)));
    }

    #[test]
    fn a_unit_is_found_by_its_name_and_its_other_spellings() {
        for &unit in SaleUnit::ALL {
            assert_eq!(SaleUnit::find(unit.as_str()), Some(unit));
        }
        for (word, unit) in [
            ("Pcs", SaleUnit::Buah),
            (" BKS. ", SaleUnit::Bungkus),
            ("Kilo", SaleUnit::Kg),
            ("sak", SaleUnit::Karung),
            ("karton", SaleUnit::Dus),
        ] {
            assert_eq!(SaleUnit::find(word), Some(unit), "{word}");
        }
        assert_eq!(SaleUnit::find("gelas besar"), None);
        assert_eq!(SaleUnit::find(""), None);
    }

    #[test]
    fn a_content_is_read_exactly_or_refused() {
        for (typed, content) in [
            ("250 g", Content::grams(250)),
            (" 250gr ", Content::grams(250)),
            ("1/4 kg", Content::grams(250)),
            ("1.000 gram", Content::grams(1_000)),
            ("1,5 liter", Content::millilitres(1_500)),
            ("25 kantong", Content::pieces(25)),
            ("isi 10 pcs", Content::pieces(10)),
        ] {
            assert_eq!(Content::parse(typed), Ok(content), "{typed}");
        }
        for typed in [
            "250",
            "g",
            "250-500 g",
            "1,000 kg",
            "banyak",
            "keripik enak isi 5 pcs",
            "-3 kg g",
            "1e6 g",
            "0 g",
        ] {
            let problem = Content::parse(typed).unwrap_err();
            assert_eq!(problem.code, "error-import-content", "{typed}");
        }
        assert_eq!(Content::parse(" ").unwrap_err().code, "error-required");
    }

    #[test]
    fn contents_read_as_people_write_them() {
        for (content, text) in [
            (Content::grams(250), "250 g"),
            (Content::grams(1_000), "1 kg"),
            (Content::grams(1_250), "1,25 kg"),
            (Content::grams(1_005), "1,005 kg"),
            (Content::grams(60_000), "60 kg"),
            (Content::millilitres(650), "650 ml"),
            (Content::millilitres(1_500), "1,5 liter"),
            (Content::centimetres(200), "200 cm"),
            (Content::centimetres(1_000), "10 m"),
            (Content::pieces(25), "25 pcs"),
        ] {
            assert_eq!(content.to_string(), text);
        }
    }
}
