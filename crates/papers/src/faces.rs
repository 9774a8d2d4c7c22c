//! The two fonts of every paper, and how wide words are in them.
//!
//! The fonts have no kerning, so a line is as wide as the sum of its characters: what is measured here is what is drawn.

use std::{collections::HashMap, sync::LazyLock};

use krilla::text::Font;
use skrifa::{FontRef, MetadataProvider, instance::LocationRef, instance::Size};

use crate::PaperError;

pub(crate) struct Face {
    pub font: Font,
    /// Widths in thousandths of the size.
    widths: HashMap<char, f32>,
}

pub(crate) struct Faces {
    pub regular: Face,
    pub bold: Face,
}

static FACES: LazyLock<Option<Faces>> = LazyLock::new(|| {
    Some(Faces {
        regular: Face::read(include_bytes!("../fonts/Roboto-Regular.ttf"))?,
        bold: Face::read(include_bytes!("../fonts/Roboto-Bold.ttf"))?,
    })
});

/// The fonts, read once.
pub(crate) fn faces() -> Result<&'static Faces, PaperError> {
    FACES.as_ref().ok_or(PaperError::Fonts)
}

impl Faces {
    pub fn of(&self, bold: bool) -> &Face {
        if bold { &self.bold } else { &self.regular }
    }
}

/// What stands for a character that the fonts lack.
const UNKNOWN: char = '\u{FFFD}';

impl Face {
    fn read(bytes: &'static [u8]) -> Option<Self> {
        let font = FontRef::new(bytes).ok()?;
        let metrics = font.glyph_metrics(Size::new(1_000.0), LocationRef::default());
        let widths = font
            .charmap()
            .mappings()
            .filter_map(|(code, glyph)| {
                Some((char::from_u32(code)?, metrics.advance_width(glyph)?))
            })
            .collect();
        let font = Font::new(bytes.to_vec().into(), 0)?;
        Some(Self { font, widths })
    }

    /// How wide a line is, in points.
    pub fn width(&self, words: &str, size: f32) -> f32 {
        let thousandths: f32 = words.chars().filter_map(|c| self.widths.get(&c)).sum();
        thousandths * size / 1_000.0
    }

    /// The words with what can't be printed left out or marked: controls and directions vanish, characters that the font
    /// lacks become a mark.
    pub fn printable(&self, words: &str) -> String {
        words
            .chars()
            .filter(|c| !c.is_control() && !is_invisible(*c))
            .map(|c| {
                if self.widths.contains_key(&c) {
                    c
                } else {
                    UNKNOWN
                }
            })
            .collect()
    }

    /// Breaks words into lines no wider than `width`; a word that is wider breaks anywhere. At least one line.
    pub fn lines(&self, words: &str, size: f32, width: f32) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line = String::new();
        for word in words.split_whitespace() {
            let word = self.printable(word);
            let longer = match line.is_empty() {
                true => word.clone(),
                false => format!("{line} {word}"),
            };
            if self.width(&longer, size) <= width {
                line = longer;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            for c in word.chars() {
                line.push(c);
                if self.width(&line, size) > width && line.chars().count() > 1 {
                    line.pop();
                    lines.push(std::mem::take(&mut line));
                    line.push(c);
                }
            }
        }
        if !line.is_empty() || lines.is_empty() {
            lines.push(line);
        }
        lines
    }
}

/// Characters without a look of their own, which could hide or turn what is around them.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_all_equally_wide_so_that_prices_align() {
        let faces = faces().unwrap();
        for face in [&faces.regular, &faces.bold] {
            let one = face.width("1", 10.0);
            assert!(one > 4.0);
            assert!(('0'..='9').all(|c| face.width(&c.to_string(), 10.0) == one));
        }
    }

    #[test]
    fn no_line_is_wider_than_its_column_and_no_word_is_lost() {
        let face = &faces().unwrap().regular;
        let words = "Keripik singkong balado dari dua belas usaha di Batang, Pekalongan, dan \
                     Pemalangyangnamanyatidakadahabisnya";
        let lines = face.lines(words, 10.0, 80.0);
        assert!(lines.len() > 5);
        assert!(lines.iter().all(|line| face.width(line, 10.0) <= 80.0));
        assert_eq!(lines.concat().replace(' ', ""), words.replace(' ', ""));
        assert_eq!(face.lines("", 10.0, 80.0), [""]);
    }

    #[test]
    fn what_the_font_lacks_is_marked_and_what_can_not_be_seen_is_left_out() {
        let face = &faces().unwrap().regular;
        assert_eq!(
            face.printable("Gula\u{202E}a\u{200B}ren ꦒ é Rp1 – ½"),
            "Gulaaren \u{FFFD} é Rp1 – ½"
        );
    }
}
