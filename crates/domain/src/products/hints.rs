//! What a marketplace title tells of a product: "… 180gr", "… isi (5pcs)", "… 1/4 kg".
//!
//! Only what is said once, or twice the same, counts: two different weights in one title tell nothing. Whatever is
//! not told stays a gap for the member to fill; nothing is guessed.

use super::units::{Content, Dimension, SaleUnit};

/// What a name tells. Every part may be missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NameHints {
    /// Net content of one pack.
    pub content: Option<Content>,
    /// Pieces in one pack ("isi 5pcs").
    pub pieces: Option<i64>,
    /// The unit the name speaks of without a number before it ("Paket …", "… botol").
    pub unit: Option<SaleUnit>,
}

impl NameHints {
    /// What to fill in as the content of a sale unit: the net content, else the pieces ("celup 25 kantong").
    #[must_use]
    pub fn stated_content(&self) -> Option<Content> {
        self.content.or(self.pieces.map(Content::pieces))
    }
}

/// Most that a title may say of one pack, in base units (a tonne); more is a typing mistake.
const MOST: i64 = 1_000_000;

/// Reads a product's name as Indonesian marketplaces write it.
#[must_use]
pub fn hints_from_name(name: &str) -> NameHints {
    let tokens = tokens(name);
    let mut contents = Said::Nothing;
    let mut pieces = Said::Nothing;
    let mut units = Said::Nothing;
    let at = |index: usize| tokens.get(index);
    let before = |index: usize, back: usize| index.checked_sub(back).and_then(at);
    let mut index = 0;
    while let Some(token) = at(index) {
        match token {
            Token::Number(number) => {
                let (value, next) = quantity(&tokens, index, *number);
                let unit = match at(next) {
                    Some(Token::Word(word)) => Some(word.as_str()),
                    _ => None,
                };
                // "250-500 gr" and "100/200gr" offer a choice, "60 x 200 cm" measures a cloth.
                let choice = is_choice(&tokens, index);
                let crossed = is_cross(before(index, 1))
                    && matches!(before(index, 2), Some(Token::Number(_)));
                match unit.and_then(measure) {
                    Some((dimension, factor)) => {
                        let measured = value
                            .times(factor)
                            .filter(|amount| (1..=MOST).contains(amount));
                        if dimension == Dimension::Length && crossed {
                            // A size, not a content.
                        } else if choice {
                            contents = Said::Contradiction;
                        } else if let Some(amount) = measured {
                            contents = contents.and(Content { amount, dimension });
                        }
                        if is_cross(at(next + 1))
                            && let Some(Token::Number(times)) = at(next + 2)
                            && at(next + 3).is_none_or(|token| !is_measure(token))
                        {
                            pieces =
                                pieces.and_some(times.times(1).filter(|n| (1..=MOST).contains(n)));
                        }
                    }
                    None => {
                        let counted = unit.is_some_and(is_counter)
                            || introduces_pieces(before(index, 1), before(index, 2));
                        let multiplied = is_cross(at(next))
                            && matches!(at(next + 1), Some(Token::Number(_)))
                            && at(next + 2)
                                .and_then(word)
                                .and_then(measure)
                                .is_some_and(|(d, _)| d != Dimension::Length);
                        if counted || multiplied {
                            let told = value.times(1).filter(|n| (1..=MOST).contains(n));
                            pieces = if choice {
                                Said::Contradiction
                            } else {
                                pieces.and_some(told)
                            };
                        }
                    }
                }
                index = next.max(index + 1);
            }
            Token::Word(word) => {
                let numbered = matches!(before(index, 1), Some(Token::Number(_)));
                if !numbered && let Some(unit) = container(word) {
                    units = units.and(unit);
                }
                if is_per(before(index, 1)) && matches!(word.as_str(), "kg" | "kilo") {
                    units = units.and(SaleUnit::Kg);
                }
                index += 1;
            }
            Token::Sign(_) => index += 1,
        }
    }
    NameHints {
        content: contents.only(),
        pieces: pieces.only(),
        unit: units.only(),
    }
}

/// What was said so far about one thing.
#[derive(Clone, Copy)]
enum Said<T> {
    Nothing,
    Once(T),
    Contradiction,
}

impl<T: PartialEq + Copy> Said<T> {
    fn and(self, value: T) -> Self {
        match self {
            Self::Nothing => Self::Once(value),
            Self::Once(old) if old == value => self,
            _ => Self::Contradiction,
        }
    }

    fn and_some(self, value: Option<T>) -> Self {
        value.map_or(self, |value| self.and(value))
    }

    fn only(self) -> Option<T> {
        match self {
            Self::Once(value) => Some(value),
            _ => None,
        }
    }
}

enum Token {
    Number(Number),
    /// Lower case.
    Word(String),
    Sign(char),
}

/// An exact fraction read from a title.
#[derive(Clone, Copy)]
struct Number {
    numerator: i64,
    denominator: i64,
}

impl Number {
    /// Times a factor, when that is a whole number.
    fn times(self, factor: i64) -> Option<i64> {
        let product = self.numerator.checked_mul(factor)?;
        (product.checked_rem(self.denominator)? == 0).then(|| product / self.denominator)
    }

    fn whole(self) -> Option<i64> {
        (self.denominator == 1).then_some(self.numerator)
    }

    /// `1.000` is a thousand, `1,5` and `1.5` one and a half; `1,000` may be either and is nothing.
    fn read(text: &str) -> Option<Self> {
        let digits = |text: &str| text.parse::<i64>().ok();
        let separators = text.matches(['.', ',']).count();
        let Some((whole, part)) = text.split_once(['.', ',']) else {
            return Some(Self {
                numerator: digits(text)?,
                denominator: 1,
            });
        };
        let dotted = !text.contains(',');
        let grouped =
            !whole.starts_with('0') && text.split('.').skip(1).all(|group| group.len() == 3);
        if dotted && grouped {
            return Some(Self {
                numerator: digits(&text.replace('.', ""))?,
                denominator: 1,
            });
        }
        if separators > 1 || part.len() > 3 || (part.len() == 3 && !whole.starts_with('0')) {
            return None;
        }
        let denominator = 10_i64.pow(u32::try_from(part.len()).ok()?);
        let numerator = digits(whole)?
            .checked_mul(denominator)?
            .checked_add(digits(part)?)?;
        Some(Self {
            numerator,
            denominator,
        })
    }
}

fn tokens(name: &str) -> Vec<Token> {
    let name = name
        .to_lowercase()
        .replace('½', " 1/2")
        .replace('¼', " 1/4")
        .replace('¾', " 3/4");
    let mut tokens = Vec::new();
    let mut chars = name.chars().peekable();
    while let Some(&first) = chars.peek() {
        if first.is_ascii_digit() {
            let mut text = String::new();
            while let Some(&c) = chars.peek() {
                let continues = c.is_ascii_digit()
                    || (matches!(c, '.' | ',')
                        && chars
                            .clone()
                            .nth(1)
                            .is_some_and(|next| next.is_ascii_digit()));
                if !continues {
                    break;
                }
                text.push(c);
                chars.next();
            }
            tokens.push(Number::read(&text).map_or(Token::Sign('?'), Token::Number));
        } else if first.is_alphabetic() {
            let mut text = String::new();
            while let Some(&c) = chars.peek() {
                if !c.is_alphabetic() {
                    break;
                }
                text.push(c);
                chars.next();
            }
            tokens.push(Token::Word(text));
        } else {
            if !first.is_whitespace() {
                tokens.push(Token::Sign(first));
            }
            chars.next();
        }
    }
    tokens
}

/// The number that begins at `index`, with a fraction behind it (`1/4`, `1 1/2`), and the index after it.
fn quantity(tokens: &[Token], index: usize, number: Number) -> (Number, usize) {
    let whole_at = |index: usize| match tokens.get(index) {
        Some(Token::Number(number)) => number.whole(),
        _ => None,
    };
    let fraction_at = |index: usize| -> Option<Number> {
        let (numerator, denominator) = (whole_at(index)?, whole_at(index + 2)?);
        let slash = matches!(tokens.get(index + 1), Some(Token::Sign('/')));
        (slash && numerator < denominator && denominator <= 10).then_some(Number {
            numerator,
            denominator,
        })
    };
    if let Some(fraction) = fraction_at(index) {
        return (fraction, index + 3);
    }
    if let (Some(whole), Some(fraction)) = (number.whole(), fraction_at(index + 1))
        && let Some(numerator) = whole
            .checked_mul(fraction.denominator)
            .and_then(|n| n.checked_add(fraction.numerator))
    {
        return (
            Number {
                numerator,
                denominator: fraction.denominator,
            },
            index + 4,
        );
    }
    (number, index + 1)
}

/// Whether the number at `index` is the second of two to choose from.
fn is_choice(tokens: &[Token], index: usize) -> bool {
    let back = |n: usize| index.checked_sub(n).and_then(|index| tokens.get(index));
    matches!(back(1), Some(Token::Sign('-' | '–' | '/' | '&')))
        && matches!(back(2), Some(Token::Number(_) | Token::Sign('?')))
}

fn word(token: &Token) -> Option<&str> {
    match token {
        Token::Word(word) => Some(word),
        _ => None,
    }
}

fn is_measure(token: &Token) -> bool {
    word(token).and_then(measure).is_some()
}

fn is_cross(token: Option<&Token>) -> bool {
    match token {
        Some(Token::Word(word)) => word == "x",
        Some(Token::Sign(sign)) => matches!(sign, '×' | '*'),
        _ => false,
    }
}

fn is_per(token: Option<&Token>) -> bool {
    match token {
        Some(Token::Word(word)) => word == "per",
        Some(Token::Sign(sign)) => *sign == '/',
        _ => false,
    }
}

/// "isi 12", "isi (5", "isi: 10", "set 3".
fn introduces_pieces(before: Option<&Token>, further: Option<&Token>) -> bool {
    let says_so = |token: Option<&Token>| {
        token
            .and_then(word)
            .is_some_and(|word| matches!(word, "isi" | "set"))
    };
    match before {
        Some(Token::Sign('(' | ':' | '=' | '[' | '@' | '±')) => says_so(further),
        token => says_so(token),
    }
}

/// Dimension and base units of a measure's word.
fn measure(word: &str) -> Option<(Dimension, i64)> {
    Some(match word {
        "g" | "gr" | "gram" | "grm" | "grams" => (Dimension::Mass, 1),
        "ons" => (Dimension::Mass, 100),
        "kg" | "kilo" | "kilogram" => (Dimension::Mass, 1_000),
        "ml" | "mili" | "mililiter" | "cc" => (Dimension::Volume, 1),
        "l" | "lt" | "ltr" | "liter" | "litre" => (Dimension::Volume, 1_000),
        "cm" => (Dimension::Length, 1),
        "meter" | "mtr" => (Dimension::Length, 100),
        _ => return None,
    })
}

/// Words that count what is inside a pack.
fn is_counter(word: &str) -> bool {
    matches!(
        word,
        "pcs"
            | "pc"
            | "pieces"
            | "biji"
            | "bj"
            | "butir"
            | "buah"
            | "bh"
            | "bungkus"
            | "bks"
            | "sachet"
            | "saset"
            | "kantong"
            | "lembar"
            | "botol"
            | "pak"
            | "pack"
            | "cup"
            | "tusuk"
            | "batang"
            | "keping"
    )
}

/// Containers whose name in a title says how the product is sold.
fn container(word: &str) -> Option<SaleUnit> {
    match word {
        "bungkus" | "botol" | "kotak" | "toples" | "kaleng" | "sachet" | "cup" | "paket"
        | "karung" | "dus" | "karton" | "ball" | "bal" | "jeriken" | "jerigen" | "galon"
        | "lusin" | "kodi" | "set" => SaleUnit::find(word),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
