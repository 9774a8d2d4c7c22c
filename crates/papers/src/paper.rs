//! What a paper consists of, before anybody knows where on the sheet it stands.

use std::sync::Arc;

use text::Lang;

use crate::{PaperError, draw, layout};

/// One paper: a letterhead, a title, blocks, and a foot on every sheet.
#[derive(Clone, Debug)]
pub struct Paper {
    /// The language of its words, for screen readers; also of `page x of y`.
    pub lang: Lang,
    pub letterhead: Letterhead,
    pub title: String,
    /// What stands below the title in small print: number, date, edition. May be empty.
    pub subtitle: String,
    pub blocks: Vec<Block>,
    /// The public page about this paper: its QR code and its words stand in the foot.
    pub address: String,
    /// A line in the foot above the address, such as the paper's number.
    pub foot: String,
}

/// Who issues the paper.
#[derive(Clone, Debug, Default)]
pub struct Letterhead {
    pub name: String,
    /// Address, telephone, NIB and NPWP; one line each.
    pub lines: Vec<String>,
}

/// A part of a paper. Blocks follow each other from top to bottom and break between sheets.
#[derive(Clone, Debug)]
pub enum Block {
    Heading(String),
    /// Paragraphs, one a line of the text.
    Text(String),
    /// Terms with what they mean, in two columns.
    Facts(Vec<(String, String)>),
    /// Its head row stands again on each sheet, and no row breaks.
    Table(Table),
    Good(Good),
}

/// Columns and rows. A row has as many cells as there are columns; further ones are left out.
#[derive(Clone, Debug, Default)]
pub struct Table {
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<String>>,
}

#[derive(Clone, Debug)]
pub struct Column {
    pub head: String,
    /// Parts of the table's width.
    pub width: u16,
    /// Figures stand at the right.
    pub is_number: bool,
}

impl Column {
    #[must_use]
    pub fn text(head: impl Into<String>, width: u16) -> Self {
        Self {
            head: head.into(),
            width,
            is_number: false,
        }
    }

    #[must_use]
    pub fn number(head: impl Into<String>, width: u16) -> Self {
        Self {
            is_number: true,
            ..Self::text(head, width)
        }
    }
}

/// A good with its picture at the left; name, lines and prices stay on one sheet.
#[derive(Clone, Debug, Default)]
pub struct Good {
    pub picture: Option<Picture>,
    pub name: String,
    /// The address that the name leads to.
    pub link: String,
    pub lines: Vec<String>,
    pub table: Option<Table>,
}

/// A JPEG, drawn four wide and three high.
#[derive(Clone)]
pub struct Picture {
    pub jpeg: Arc<Vec<u8>>,
    /// What it shows, for those who don't see it.
    pub words: String,
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Picture({}, {} bytes)", self.words, self.jpeg.len())
    }
}

impl Paper {
    /// The paper as a PDF file (PDF/UA-1: tagged, with its fonts). Takes some milliseconds a sheet: call it off the
    /// async threads. The same paper gives the same bytes.
    ///
    /// # Errors
    /// [`PaperError`].
    pub fn pdf(&self) -> Result<Vec<u8>, PaperError> {
        let sheets = layout::sheets(self)?;
        draw::write(self, &sheets)
    }
}
