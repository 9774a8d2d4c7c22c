//! From sheets to a PDF file: every word tagged with what it is, ornaments marked as such, links where words lead.

use std::num::NonZeroU16;

use krilla::{
    Document, SerializeSettings,
    action::{Action, LinkAction},
    annotation::{Annotation, LinkAnnotation, Target},
    color::luma,
    configure::{Accessibility, ConfigurationBuilder},
    destination::XyzDestination,
    geom::{Path, PathBuilder, Point, Rect, Size, Transform},
    image::Image,
    metadata::Metadata,
    num::NormalizedF32,
    outline::{Outline, OutlineNode},
    page::{Page, PageSettings},
    paint::{Fill, FillRule},
    surface::Surface,
    tagging::{
        Artifact, ArtifactType, ContentTag, Identifier, SpanTag, TableHeaderScope, Tag, TagGroup,
        TagTree,
    },
    text::TextDirection,
};
use text::t_with;

use crate::{
    PaperError,
    faces::{Faces, faces},
    layout::{FOOT, HEIGHT, MARGIN, MEASURE, MM, Mark, Node, Part, Role, Sheet, WIDTH},
    paper::{Block, Paper},
    qr,
};

/// A stretch of words that leads somewhere, to be made a link when the sheet is drawn.
struct Link {
    rect: Rect,
    to: String,
    /// What it says.
    words: String,
    /// The words as drawn, and where in the tree they belong.
    content: Identifier,
    place: usize,
}

/// Writes the sheets of a paper.
pub(crate) fn write(paper: &Paper, sheets: &[Sheet]) -> Result<Vec<u8>, PaperError> {
    let configuration = ConfigurationBuilder::new()
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|error| PaperError::Pdf(format!("{error:?}")))?;
    let mut document = Document::new_with(SerializeSettings {
        configuration,
        ..SerializeSettings::default()
    });
    document.set_metadata(
        Metadata::new()
            .title(paper.title.clone())
            .authors(vec![paper.letterhead.name.clone()])
            .creator("Lumbung".to_owned())
            .language(paper.lang.code().to_owned()),
    );
    let drawer = Drawer {
        paper,
        faces: faces()?,
        pictures: pictures(paper)?,
        code: code(&paper.address),
    };
    let mut tree = Tree {
        top: Vec::new(),
        table: None,
        outline: Outline::new(),
    };
    for (number, sheet) in (1..).zip(sheets) {
        let settings = PageSettings::from_wh(WIDTH, HEIGHT)
            .ok_or_else(|| PaperError::Pdf("no sheet".to_owned()))?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        let mut links = Vec::new();
        for node in &sheet.nodes {
            tree.remember(node, number - 1);
            drawer.node(&mut surface, node, &mut tree, &mut links);
        }
        drawer.foot(&mut surface, number, sheets.len());
        surface.finish();
        for link in links {
            lead(&mut page, link, &mut tree);
        }
        page.finish();
    }
    let mut tags = TagTree::new().with_lang(Some(paper.lang.code().to_owned()));
    for group in tree.top {
        tags.push(group);
    }
    document.set_tag_tree(tags);
    document.set_outline(tree.outline);
    document
        .finish()
        .map_err(|error| PaperError::Pdf(format!("{error:?}")))
}

/// What a screen reader goes through.
struct Tree {
    top: Vec<TagGroup>,
    /// The number of the table that rows are being added to, and its place in `top`.
    table: Option<(usize, usize)>,
    /// Headings, to jump to.
    outline: Outline,
}

impl Tree {
    fn remember(&mut self, node: &Node, sheet: usize) {
        let Node::Part(part) = node else {
            return;
        };
        let is_heading = matches!(part.role, Role::Title | Role::Heading | Role::SubHeading);
        if let (true, Some(Mark::Words { x, y, size, .. })) = (is_heading, part.marks.first()) {
            let there = XyzDestination::new(sheet, Point::from_xy(*x, y - size));
            self.outline
                .push_child(OutlineNode::new(words_of(part), there));
        }
    }
}

/// The lines of a part as one.
fn words_of(part: &Part) -> String {
    let lines: Vec<&str> = part
        .marks
        .iter()
        .filter_map(|mark| match mark {
            Mark::Words { text, .. } => Some(text.as_str()),
            _ => None,
        })
        .collect();
    lines.join(" ")
}

/// Makes words a link, and says so in the tree.
fn lead(page: &mut Page<'_>, link: Link, tree: &mut Tree) {
    let action = Action::Link(LinkAction::new(link.to));
    let annotation = LinkAnnotation::new(link.rect, Target::Action(action));
    let id = page.add_tagged_annotation(Annotation::new_link(annotation, Some(link.words)));
    let mut group = TagGroup::new(Tag::Link);
    group.push(link.content);
    group.push(id);
    if let Some(place) = tree.top.get_mut(link.place) {
        place.push(group);
    }
}

/// The pictures of all goods in their order.
fn pictures(paper: &Paper) -> Result<Vec<Image>, PaperError> {
    paper
        .blocks
        .iter()
        .filter_map(|block| match block {
            Block::Good(good) => good.picture.as_ref(),
            _ => None,
        })
        .map(|picture| {
            Image::from_jpeg(picture.jpeg.as_ref().clone().into(), true)
                .map_err(PaperError::Picture)
        })
        .collect()
}

/// The code of an address as one path, `FOOT` wide with its quiet zone.
fn code(address: &str) -> Option<Path> {
    let rows = qr::modules(address)?;
    let side = FOOT / (rows.len() + 2 * qr::QUIET) as f32;
    let mut path = PathBuilder::new();
    for (y, row) in rows.iter().enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            if run.first() == Some(&true) {
                let rect = Rect::from_xywh(
                    (x + qr::QUIET) as f32 * side,
                    (y + qr::QUIET) as f32 * side,
                    run.len() as f32 * side,
                    side,
                )?;
                path.push_rect(rect);
            }
            x += run.len();
        }
    }
    path.finish()
}

/// Lumbung's small mark (IDENTITY §2), 32 units wide.
fn mark() -> Option<Path> {
    let mut path = PathBuilder::new();
    path.move_to(16.0, 1.0);
    path.cubic_to(22.6, 2.8, 26.5, 7.2, 26.5, 12.8);
    path.cubic_to(26.5, 15.4, 27.5, 17.2, 30.0, 18.6);
    path.line_to(30.0, 21.0);
    path.line_to(2.0, 21.0);
    path.line_to(2.0, 18.6);
    path.cubic_to(4.5, 17.2, 5.5, 15.4, 5.5, 12.8);
    path.cubic_to(5.5, 7.2, 9.4, 2.8, 16.0, 1.0);
    path.close();
    path.move_to(16.0, 6.5);
    path.cubic_to(12.8, 9.6, 12.4, 14.2, 16.0, 18.0);
    path.cubic_to(19.6, 14.2, 19.2, 9.6, 16.0, 6.5);
    path.close();
    for (x, y, width, height) in [
        (5.0, 23.5, 22.0, 3.0),
        (7.0, 26.5, 4.0, 5.0),
        (21.0, 26.5, 4.0, 5.0),
    ] {
        path.push_rect(Rect::from_xywh(x, y, width, height)?);
    }
    path.finish()
}

fn black() -> Fill {
    Fill {
        paint: luma::Color::black().into(),
        opacity: NormalizedF32::ONE,
        rule: FillRule::EvenOdd,
    }
}

struct Drawer<'a> {
    paper: &'a Paper,
    faces: &'static Faces,
    pictures: Vec<Image>,
    code: Option<Path>,
}

impl Drawer<'_> {
    fn node(&self, surface: &mut Surface<'_>, node: &Node, tree: &mut Tree, links: &mut Vec<Link>) {
        match node {
            Node::Part(part) => {
                tree.table = None;
                tree.top.push(TagGroup::new(Tag::P));
                let place = tree.top.len() - 1;
                let group = self.part(surface, part, place, links);
                if let Some(there) = tree.top.get_mut(place) {
                    *there = group;
                }
            }
            Node::Table(rows) => {
                tree.table = None;
                let mut table = TagGroup::new(Tag::Table);
                for (nth, row) in rows.iter().enumerate() {
                    // A head cell of the first row alone stands above its column, any other one before its row.
                    let is_head = nth == 0 && row.iter().all(|cell| cell.role == Role::HeadCell);
                    table.push(self.row(surface, row, is_head));
                }
                tree.top.push(table);
            }
            Node::Row(number, cells) => {
                let open = tree.table.filter(|(open, _)| open == number);
                let place = open.map_or(tree.top.len(), |(_, place)| place);
                if open.is_none() {
                    tree.top.push(TagGroup::new(Tag::Table));
                    tree.table = Some((*number, place));
                }
                let is_head = cells.iter().all(|cell| cell.role == Role::HeadCell);
                let row = self.row(surface, cells, is_head);
                if let Some(table) = tree.top.get_mut(place) {
                    table.push(row);
                }
            }
            Node::Ornament(marks) => self.ornament(surface, marks),
        }
    }

    fn row(&self, surface: &mut Surface<'_>, cells: &[Part], is_head: bool) -> TagGroup {
        let mut row = TagGroup::new(Tag::TR);
        for cell in cells {
            let content = surface.start_tagged(ContentTag::Span(SpanTag::empty()));
            self.marks(surface, &cell.marks);
            surface.end_tagged();
            let mut group = match (&cell.role, is_head) {
                (Role::HeadCell, true) => TagGroup::new(Tag::TH(TableHeaderScope::Column)),
                (Role::HeadCell, false) => TagGroup::new(Tag::TH(TableHeaderScope::Row)),
                _ => TagGroup::new(Tag::TD),
            };
            group.push(content);
            row.push(group);
        }
        row
    }

    fn part(
        &self,
        surface: &mut Surface<'_>,
        part: &Part,
        place: usize,
        links: &mut Vec<Link>,
    ) -> TagGroup {
        let heading = |level: NonZeroU16| TagGroup::new(Tag::Hn(level, Some(words_of(part))));
        let mut group = match &part.role {
            Role::Title => heading(NonZeroU16::MIN),
            Role::Heading => heading(NonZeroU16::MIN.saturating_add(1)),
            Role::SubHeading => heading(NonZeroU16::MIN.saturating_add(1)),
            Role::Figure(words) => TagGroup::new(Tag::Figure(Some(words.clone()))),
            Role::Paragraph | Role::HeadCell | Role::Cell => TagGroup::new(Tag::P),
        };
        for mark in &part.marks {
            let content = surface.start_tagged(match part.role {
                Role::Figure(_) => ContentTag::Other,
                _ => ContentTag::Span(SpanTag::empty()),
            });
            self.marks(surface, std::slice::from_ref(mark));
            surface.end_tagged();
            match self.link(mark) {
                Some((rect, to, words)) => links.push(Link {
                    rect,
                    to,
                    words,
                    content,
                    place,
                }),
                None => group.push(content),
            }
        }
        group
    }

    fn link(&self, mark: &Mark) -> Option<(Rect, String, String)> {
        let Mark::Words {
            x,
            y,
            size,
            bold,
            text,
            link,
        } = mark
        else {
            return None;
        };
        if link.is_empty() || text.is_empty() {
            return None;
        }
        let width = self.faces.of(*bold).width(text, *size);
        let rect = Rect::from_xywh(*x, y - size, width, size * 1.3)?;
        Some((rect, link.clone(), text.clone()))
    }

    fn ornament(&self, surface: &mut Surface<'_>, marks: &[Mark]) {
        surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(
            ArtifactType::Other,
        )));
        self.marks(surface, marks);
        surface.end_tagged();
    }

    fn marks(&self, surface: &mut Surface<'_>, marks: &[Mark]) {
        for mark in marks {
            match mark {
                Mark::Words {
                    x,
                    y,
                    size,
                    bold,
                    text,
                    ..
                } => self.words(surface, *x, *y, *size, *bold, text),
                Mark::Rule {
                    x,
                    y,
                    width,
                    thickness,
                } => {
                    let rect = Rect::from_xywh(*x, *y, *width, *thickness);
                    if let Some(path) = rect.and_then(rectangle) {
                        surface.set_fill(Some(black()));
                        surface.draw_path(&path);
                    }
                }
                Mark::Picture {
                    x,
                    y,
                    width,
                    height,
                    picture,
                } => {
                    if let (Some(image), Some(size)) =
                        (self.pictures.get(*picture), Size::from_wh(*width, *height))
                    {
                        surface.push_transform(&Transform::from_translate(*x, *y));
                        surface.draw_image(image.clone(), size);
                        surface.pop();
                    }
                }
            }
        }
    }

    fn words(&self, surface: &mut Surface<'_>, x: f32, y: f32, size: f32, bold: bool, text: &str) {
        if text.is_empty() {
            return;
        }
        surface.set_fill(Some(black()));
        surface.draw_text(
            Point::from_xy(x, y),
            self.faces.of(bold).font.clone(),
            size,
            text,
            false,
            TextDirection::LeftToRight,
        );
    }

    /// Code, number and address at the left; Lumbung's mark and the sheet's number at the right.
    fn foot(&self, surface: &mut Surface<'_>, sheet: usize, sheets: usize) {
        const SMALL: f32 = 8.5;
        let top = HEIGHT - MARGIN - FOOT;
        surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(
            ArtifactType::Other,
        )));
        surface.set_fill(Some(black()));
        if let Some(code) = &self.code {
            surface.push_transform(&Transform::from_translate(MARGIN, top));
            surface.draw_path(code);
            surface.pop();
        }
        let face = &self.faces.regular;
        let left = MARGIN + FOOT + 2.0 * MM;
        let pages = t_with(
            self.paper.lang,
            "papers-page",
            &[("page", sheet.into()), ("pages", sheets.into())],
        );
        let middle = MEASURE - FOOT - 40.0 * MM;
        let foot = face.lines(&self.paper.foot, SMALL, middle);
        let address = face.lines(&self.paper.address, SMALL, middle);
        let mut y = top + 8.0 * MM;
        for line in foot.iter().take(2).chain(address.iter().take(2)) {
            self.words(surface, left, y, SMALL, false, line);
            y += SMALL * 1.35;
        }
        let right = WIDTH - MARGIN;
        let pages = face.printable(&pages);
        let x = right - face.width(&pages, SMALL);
        self.words(surface, x, top + 16.0 * MM, SMALL, false, &pages);
        if let Some(mark) = mark() {
            let scale = 6.0 * MM / 32.0;
            let place =
                Transform::from_row(scale, 0.0, 0.0, scale, right - 6.0 * MM, top + 4.0 * MM);
            surface.push_transform(&place);
            surface.set_fill(Some(black()));
            surface.draw_path(&mark);
            surface.pop();
        }
        surface.end_tagged();
    }
}

fn rectangle(rect: Rect) -> Option<Path> {
    let mut path = PathBuilder::new();
    path.push_rect(rect);
    path.finish()
}
