//! What is printed: the only crate that knows PDF and QR codes.
//!
//! A [`Paper`] is a letterhead, a title and [`Block`]s; [`Paper::pdf`] lays it out on A4 sheets and writes a tagged PDF
//! with its fonts inside. A new kind of paper is a new list of blocks; a new kind of block is a variant here and a
//! function in `layout`. [`qr_svg`] draws a code for a page. What a paper says is not decided here.

mod draw;
mod faces;
mod layout;
mod paper;
mod qr;
#[cfg(test)]
mod tests;

pub use paper::{Block, Column, Good, Letterhead, Paper, Picture, Table};
pub use qr::qr_svg;

/// Why a paper can't be written.
#[derive(Debug, thiserror::Error)]
pub enum PaperError {
    /// The fonts in the binary can't be read.
    #[error("the fonts can't be read")]
    Fonts,
    /// A picture is no JPEG.
    #[error("a picture can't be read: {0}")]
    Picture(String),
    #[error("the file can't be written: {0}")]
    Pdf(String),
}
