//! From blocks to sheets: what stands where, in points from the top left corner of an A4 sheet.
//!
//! Blocks become pieces that do not break; pieces are put below each other, and where the next one does not fit, a new
//! sheet begins (IDENTITY §11: 18 mm margins, 10.5 pt, tables 9.5 pt, head rows repeat, a row never breaks).

use crate::{
    PaperError,
    faces::{Face, Faces, faces},
    paper::{Block, Column, Good, Paper, Table},
};

pub(crate) const MM: f32 = 72.0 / 25.4;
pub(crate) const WIDTH: f32 = 210.0 * MM;
pub(crate) const HEIGHT: f32 = 297.0 * MM;
pub(crate) const MARGIN: f32 = 18.0 * MM;
/// The width of what is printed.
pub(crate) const MEASURE: f32 = WIDTH - 2.0 * MARGIN;
/// The foot with its code, which has to be 2 cm wide to be read.
pub(crate) const FOOT: f32 = 20.0 * MM;
const BOTTOM: f32 = HEIGHT - MARGIN - FOOT - 5.0 * MM;

const BODY: f32 = 10.5;
const SMALL: f32 = 9.5;
const LEADING: f32 = 1.35;
/// Above and below the words of a row.
const PADDING: f32 = 3.0;
/// Left and right of the words of a cell.
const GUTTER: f32 = 4.0;
/// Lines of one cell or paragraph that stay together; more than this would not fit on a sheet.
const LINES_MAX: usize = 24;

/// Something drawn. Its place is within its piece until pieces are put on sheets.
#[derive(Clone, Debug)]
pub(crate) enum Mark {
    Words {
        x: f32,
        /// Of the line that letters stand on.
        y: f32,
        size: f32,
        bold: bool,
        text: String,
        /// Where it leads; empty for nowhere.
        link: String,
    },
    /// A straight rule.
    Rule {
        x: f32,
        y: f32,
        width: f32,
        thickness: f32,
    },
    Picture {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        /// Which of the paper's pictures, counted through all blocks.
        picture: usize,
    },
}

/// What a part is to somebody who hears the paper.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Role {
    Title,
    Heading,
    SubHeading,
    Paragraph,
    Figure(String),
    HeadCell,
    Cell,
}

#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub role: Role,
    pub marks: Vec<Mark>,
}

#[derive(Clone, Debug)]
pub(crate) enum Node {
    Part(Part),
    /// A table that stays in one piece.
    Table(Vec<Vec<Part>>),
    /// A row of a table that runs over several pieces; the number tells which table.
    Row(usize, Vec<Part>),
    /// Not read aloud: rules, repeated heads.
    Ornament(Vec<Mark>),
}

/// What does not break.
#[derive(Clone, Debug, Default)]
struct Piece {
    /// Left free above, except at the top of a sheet.
    gap: f32,
    height: f32,
    /// Stays on the sheet of the piece that follows.
    keeps: bool,
    nodes: Vec<Node>,
    /// For rows: the head of the table, drawn again where a sheet begins with this piece.
    head: Option<Box<Piece>>,
}

/// One sheet with everything in its place.
#[derive(Debug, Default)]
pub(crate) struct Sheet {
    pub nodes: Vec<Node>,
}

/// Lays a paper out.
pub(crate) fn sheets(paper: &Paper) -> Result<Vec<Sheet>, PaperError> {
    let mut setter = Setter {
        faces: faces()?,
        pictures: 0,
        tables: 0,
        pieces: Vec::new(),
    };
    setter.letterhead(paper);
    for block in &paper.blocks {
        match block {
            Block::Heading(words) => setter.heading(words),
            Block::Text(words) => setter.text(words),
            Block::Facts(facts) => setter.facts(facts),
            Block::Table(table) => setter.table(table),
            Block::Good(good) => setter.good(good),
        }
    }
    Ok(put_on_sheets(setter.pieces))
}

/// Puts pieces below each other.
fn put_on_sheets(pieces: Vec<Piece>) -> Vec<Sheet> {
    let mut sheets = vec![Sheet::default()];
    let mut y = MARGIN;
    let mut at = 0;
    // A run of pieces that keep together is as high as all of them.
    let run_height = |from: usize| -> f32 {
        let mut height = 0.0;
        for piece in pieces.iter().skip(from) {
            height += piece.gap + piece.height;
            if !piece.keeps {
                break;
            }
        }
        height
    };
    while let Some(piece) = pieces.get(at) {
        let is_first = y <= MARGIN;
        let needed = run_height(at);
        let fits_alone = y + piece.gap + piece.height <= BOTTOM;
        let fits = y + needed <= BOTTOM || (needed > BOTTOM - MARGIN && fits_alone);
        if !is_first && !fits {
            sheets.push(Sheet::default());
            y = MARGIN;
        }
        let Some(sheet) = sheets.last_mut() else {
            return sheets;
        };
        if y <= MARGIN
            && let Some(head) = &piece.head
        {
            let marks = head.nodes.iter().flat_map(marks_of).cloned().collect();
            sheet.nodes.push(moved(&Node::Ornament(marks), y));
            y += head.height;
        } else if y > MARGIN {
            y += piece.gap;
        }
        sheet
            .nodes
            .extend(piece.nodes.iter().map(|node| moved(node, y)));
        y += piece.height;
        at += 1;
    }
    sheets
}

pub(crate) fn marks_of(node: &Node) -> Vec<&Mark> {
    match node {
        Node::Part(part) => part.marks.iter().collect(),
        Node::Table(rows) => rows.iter().flatten().flat_map(|part| &part.marks).collect(),
        Node::Row(_, cells) => cells.iter().flat_map(|part| &part.marks).collect(),
        Node::Ornament(marks) => marks.iter().collect(),
    }
}

fn moved(node: &Node, by: f32) -> Node {
    let part = |part: &Part| Part {
        role: part.role.clone(),
        marks: part.marks.iter().map(|mark| lower(mark, by)).collect(),
    };
    match node {
        Node::Part(one) => Node::Part(part(one)),
        Node::Table(rows) => Node::Table(
            rows.iter()
                .map(|row| row.iter().map(part).collect())
                .collect(),
        ),
        Node::Row(table, cells) => Node::Row(*table, cells.iter().map(part).collect()),
        Node::Ornament(marks) => Node::Ornament(marks.iter().map(|mark| lower(mark, by)).collect()),
    }
}

fn lower(mark: &Mark, by: f32) -> Mark {
    let mut mark = mark.clone();
    match &mut mark {
        Mark::Words { y, .. } | Mark::Rule { y, .. } | Mark::Picture { y, .. } => *y += by,
    }
    mark
}

/// Makes pieces of blocks.
struct Setter {
    faces: &'static Faces,
    pictures: usize,
    tables: usize,
    pieces: Vec<Piece>,
}

/// Lines of one size below each other, from `top` on; answers the part and where it ends.
struct Lines<'a> {
    x: f32,
    top: f32,
    width: f32,
    size: f32,
    bold: bool,
    link: &'a str,
}

impl Lines<'_> {
    fn at(x: f32, top: f32, width: f32, size: f32) -> Self {
        Lines {
            x,
            top,
            width,
            size,
            bold: false,
            link: "",
        }
    }

    fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    fn set(&self, faces: &Faces, words: &str, role: Role) -> (Part, f32) {
        let lines = faces.of(self.bold).lines(words, self.size, self.width);
        self.set_lines(&lines, role)
    }

    fn set_lines(&self, lines: &[String], role: Role) -> (Part, f32) {
        let height = self.size * LEADING;
        let mut y = self.top;
        let mut marks = Vec::with_capacity(lines.len());
        for text in lines {
            marks.push(Mark::Words {
                x: self.x,
                // Letters of Roboto stand on about three quarters of their line.
                y: y + height * 0.76,
                size: self.size,
                bold: self.bold,
                text: text.clone(),
                link: self.link.to_owned(),
            });
            y += height;
        }
        (Part { role, marks }, y)
    }
}

impl Setter {
    fn letterhead(&mut self, paper: &Paper) {
        let mut nodes = Vec::new();
        let (name, mut y) = Lines::at(MARGIN, 0.0, MEASURE, 14.0).bold().set(
            self.faces,
            &paper.letterhead.name,
            Role::Paragraph,
        );
        nodes.push(Node::Part(name));
        for line in &paper.letterhead.lines {
            let (part, end) =
                Lines::at(MARGIN, y, MEASURE, SMALL).set(self.faces, line, Role::Paragraph);
            nodes.push(Node::Part(part));
            y = end;
        }
        y += 6.0;
        nodes.push(Node::Ornament(vec![Mark::Rule {
            x: MARGIN,
            y,
            width: MEASURE,
            thickness: 1.5,
        }]));
        self.pieces.push(Piece {
            height: y + 1.5,
            nodes,
            ..Piece::default()
        });
        let (title, mut y) =
            Lines::at(MARGIN, 0.0, MEASURE, 20.0)
                .bold()
                .set(self.faces, &paper.title, Role::Title);
        let mut nodes = vec![Node::Part(title)];
        if !paper.subtitle.is_empty() {
            let (part, end) = Lines::at(MARGIN, y, MEASURE, BODY).set(
                self.faces,
                &paper.subtitle,
                Role::Paragraph,
            );
            nodes.push(Node::Part(part));
            y = end;
        }
        self.pieces.push(Piece {
            gap: 16.0,
            height: y,
            nodes,
            ..Piece::default()
        });
    }

    fn heading(&mut self, words: &str) {
        let (part, height) =
            Lines::at(MARGIN, 0.0, MEASURE, 13.0)
                .bold()
                .set(self.faces, words, Role::Heading);
        self.pieces.push(Piece {
            gap: 14.0,
            height,
            keeps: true,
            nodes: vec![Node::Part(part)],
            head: None,
        });
    }

    fn text(&mut self, words: &str) {
        for (nth, paragraph) in words
            .lines()
            .filter(|line| !line.trim().is_empty())
            .enumerate()
        {
            let lines = self.faces.regular.lines(paragraph, BODY, MEASURE);
            for (part_of, lines) in lines.chunks(LINES_MAX).enumerate() {
                let (part, height) =
                    Lines::at(MARGIN, 0.0, MEASURE, BODY).set_lines(lines, Role::Paragraph);
                self.pieces.push(Piece {
                    gap: match (nth, part_of) {
                        (0, 0) => 8.0,
                        (_, 0) => 4.0,
                        _ => 0.0,
                    },
                    height,
                    nodes: vec![Node::Part(part)],
                    ..Piece::default()
                });
            }
        }
    }

    /// A table without head: terms are its head cells.
    fn facts(&mut self, facts: &[(String, String)]) {
        let term_width = MEASURE * 0.28;
        let rows: Vec<Vec<Part>> = Vec::with_capacity(facts.len());
        let (mut rows, mut y) = (rows, 0.0);
        for (term, words) in facts {
            let (term, term_end) = Lines::at(MARGIN, y, term_width - GUTTER, BODY).set(
                self.faces,
                term,
                Role::HeadCell,
            );
            let lines = capped(&self.faces.regular, words, BODY, MEASURE - term_width);
            let (words, end) = Lines::at(MARGIN + term_width, y, MEASURE - term_width, BODY)
                .set_lines(&lines, Role::Cell);
            rows.push(vec![term, words]);
            y = f32::max(term_end, end) + 2.0;
        }
        if !rows.is_empty() {
            self.pieces.push(Piece {
                gap: 10.0,
                height: y,
                nodes: vec![Node::Table(rows)],
                ..Piece::default()
            });
        }
    }

    fn table(&mut self, table: &Table) {
        let number = self.tables;
        self.tables += 1;
        let widths = widths(&table.columns, MEASURE);
        let heads: Vec<&str> = table.columns.iter().map(|c| c.head.as_str()).collect();
        let (cells, rule, height) = row(self.faces, table, &widths, MARGIN, 0.0, &heads, true);
        let head = Piece {
            gap: 8.0,
            height,
            keeps: true,
            nodes: vec![Node::Row(number, cells), rule],
            head: None,
        };
        self.pieces.push(head.clone());
        for cells in &table.rows {
            let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
            let (cells, rule, height) = row(self.faces, table, &widths, MARGIN, 0.0, &cells, false);
            self.pieces.push(Piece {
                gap: 0.0,
                height,
                keeps: false,
                nodes: vec![Node::Row(number, cells), rule],
                head: Some(Box::new(head.clone())),
            });
        }
    }

    fn good(&mut self, good: &Good) {
        const PICTURE: f32 = 40.0 * MM;
        const BETWEEN: f32 = 6.0 * MM;
        let mut nodes = Vec::new();
        let (mut x, mut bottom) = (MARGIN, 0.0);
        if let Some(picture) = &good.picture {
            nodes.push(Node::Part(Part {
                role: Role::Figure(picture.words.clone()),
                marks: vec![Mark::Picture {
                    x,
                    y: 2.0,
                    width: PICTURE,
                    height: PICTURE * 0.75,
                    picture: self.pictures,
                }],
            }));
            self.pictures += 1;
            x += PICTURE + BETWEEN;
            bottom = PICTURE * 0.75 + 2.0;
        }
        let width = WIDTH - MARGIN - x;
        let (name, mut y) = Lines {
            link: &good.link,
            ..Lines::at(x, 0.0, width, 12.0)
        }
        .bold()
        .set(self.faces, &good.name, Role::SubHeading);
        nodes.push(Node::Part(name));
        for line in &good.lines {
            let lines = capped(&self.faces.regular, line, SMALL, width);
            let (part, end) = Lines::at(x, y, width, SMALL).set_lines(&lines, Role::Paragraph);
            nodes.push(Node::Part(part));
            y = end;
        }
        if let Some(table) = &good.table {
            let widths = widths(&table.columns, width);
            y += 4.0;
            let mut rows = Vec::new();
            let heads: Vec<&str> = table.columns.iter().map(|c| c.head.as_str()).collect();
            let mut ornaments = Vec::new();
            let body = table
                .rows
                .iter()
                .map(|cells| cells.iter().map(String::as_str).collect::<Vec<_>>());
            for (nth, cells) in std::iter::once(heads).chain(body).enumerate() {
                let (cells, rule, height) = row(self.faces, table, &widths, x, y, &cells, nth == 0);
                rows.push(cells);
                // Below the last row stands the rule of the good.
                if nth < table.rows.len() {
                    ornaments.push(rule);
                }
                y += height;
            }
            nodes.push(Node::Table(rows));
            nodes.extend(ornaments);
        }
        let height = f32::max(y, bottom) + 8.0;
        nodes.push(Node::Ornament(vec![Mark::Rule {
            x: MARGIN,
            y: height,
            width: MEASURE,
            thickness: 0.5,
        }]));
        self.pieces.push(Piece {
            gap: 10.0,
            height: height + 0.5,
            nodes,
            ..Piece::default()
        });
    }
}

/// Lines of words, no more than fit; what is left out is marked by an ellipsis.
fn capped(face: &Face, words: &str, size: f32, width: f32) -> Vec<String> {
    let mut lines = face.lines(words, size, width);
    if lines.len() > LINES_MAX {
        lines.truncate(LINES_MAX);
        if let Some(last) = lines.last_mut() {
            last.push('…');
        }
    }
    lines
}

fn widths(columns: &[Column], whole: f32) -> Vec<f32> {
    let parts: f32 = columns.iter().map(|column| f32::from(column.width)).sum();
    columns
        .iter()
        .map(|column| whole * f32::from(column.width) / parts.max(1.0))
        .collect()
}

/// One row at `x`, `y`: its cells, the rule below, its height.
fn row(
    faces: &Faces,
    table: &Table,
    widths: &[f32],
    x: f32,
    y: f32,
    cells: &[&str],
    is_head: bool,
) -> (Vec<Part>, Node, f32) {
    let face = faces.of(is_head);
    let mut parts = Vec::with_capacity(cells.len());
    let (mut left, mut lowest) = (x, y);
    for ((cell, column), width) in cells.iter().zip(&table.columns).zip(widths) {
        let inner = width - 2.0 * GUTTER;
        let lines = capped(face, cell, SMALL, inner);
        let set = Lines {
            bold: is_head,
            ..Lines::at(left + GUTTER, y + PADDING, inner, SMALL)
        };
        let role = if is_head { Role::HeadCell } else { Role::Cell };
        let (mut part, end) = set.set_lines(&lines, role);
        if column.is_number {
            for mark in &mut part.marks {
                if let Mark::Words { x, text, .. } = mark {
                    *x = left + width - GUTTER - face.width(text, SMALL);
                }
            }
        }
        parts.push(part);
        left += width;
        lowest = f32::max(lowest, end);
    }
    let height = lowest - y + PADDING;
    let rule = Node::Ornament(vec![Mark::Rule {
        x,
        y: y + height,
        width: widths.iter().sum(),
        thickness: if is_head { 1.0 } else { 0.5 },
    }]);
    (parts, rule, height)
}
