//! Rust source as code and string literals, comments left out. Enough of the language for the rules, not a parser.

/// A run of code, or the inside of one string literal.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece {
    Code(String),
    Literal(String),
}

/// Splits `source` in order; escapes in literals stay as written.
pub fn pieces(source: &str) -> Vec<Piece> {
    let chars: Vec<char> = source.chars().collect();
    let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
    let mut pieces = Vec::new();
    let mut code = String::new();
    let mut i = 0;
    while i < chars.len() {
        match (at(i), at(i + 1)) {
            ('/', '/') => {
                while i < chars.len() && at(i) != '\n' {
                    i += 1;
                }
            }
            ('/', '*') => {
                let mut depth = 1;
                i += 2;
                while i < chars.len() && depth > 0 {
                    match (at(i), at(i + 1)) {
                        ('/', '*') => (depth, i) = (depth + 1, i + 2),
                        ('*', '/') => (depth, i) = (depth - 1, i + 2),
                        _ => i += 1,
                    }
                }
            }
            ('r', '"' | '#') if !code.ends_with(|c: char| c.is_alphanumeric() || c == '_') => {
                let hashes = (i + 1..).take_while(|&j| at(j) == '#').count();
                if at(i + 1 + hashes) != '"' {
                    // A raw identifier.
                    code.push('r');
                    i += 1;
                    continue;
                }
                i += 2 + hashes;
                let mut text = String::new();
                while i < chars.len() && !(at(i) == '"' && (1..=hashes).all(|j| at(i + j) == '#')) {
                    text.push(at(i));
                    i += 1;
                }
                i += 1 + hashes;
                pieces.push(Piece::Code(std::mem::take(&mut code)));
                pieces.push(Piece::Literal(text));
            }
            ('"', _) => {
                i += 1;
                let mut text = String::new();
                while i < chars.len() && at(i) != '"' {
                    if at(i) == '\\' {
                        text.push(at(i));
                        i += 1;
                    }
                    text.push(at(i));
                    i += 1;
                }
                i += 1;
                pieces.push(Piece::Code(std::mem::take(&mut code)));
                pieces.push(Piece::Literal(text));
            }
            ('\'', '\\') => {
                // A char such as '\'' or '\u{1F}'.
                let end = (i + 3..chars.len()).find(|&j| at(j) == '\'').unwrap_or(i);
                code.extend(&chars[i..=end]);
                i = end + 1;
            }
            ('\'', quoted) if at(i + 2) == '\'' => {
                code.extend(['\'', quoted, '\'']);
                i += 3;
            }
            (c, _) => {
                code.push(c);
                i += 1;
            }
        }
    }
    pieces.push(Piece::Code(code));
    pieces
}

/// The code alone: no comments, no insides of literals.
pub fn code(source: &str) -> String {
    pieces(source)
        .into_iter()
        .map(|piece| match piece {
            Piece::Code(code) => code,
            Piece::Literal(_) => "\"\"".to_owned(),
        })
        .collect()
}

/// The words (identifiers, numbers) of some code.
pub fn words(code: &str) -> impl Iterator<Item = &str> {
    code.split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
}

#[test]
fn comments_go_and_literals_are_told_from_code() {
    let source = r##"a("x\"y", '"', 'b', '\'') /* "no" /* no */ */ // "no"
        let s: &'static str = r#"raw "x""#; r#type"##;
    let literals: Vec<_> = pieces(source)
        .into_iter()
        .filter_map(|piece| match piece {
            Piece::Literal(text) => Some(text),
            Piece::Code(_) => None,
        })
        .collect();
    assert_eq!(literals, [r#"x\"y"#, r#"raw "x""#]);
    assert!(!code(source).contains("no"));
    assert!(code(source).ends_with("r#type"));
}
