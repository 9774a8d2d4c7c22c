//! Tables that people bring and take away: reading and writing CSV files.
//!
//! A file is read completely or refused with the row and column at fault; nothing is guessed silently. What a
//! column means is not decided here (see `domain::listings`). XLSX is recognised and refused with a clear answer.
//! Start at [`read`]; [`write`] makes files that a spreadsheet opens without running anything in them.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod catalog;
mod decode;
mod error;
mod read;
mod write;

pub use error::SheetError;
pub use read::{Limits, Note, Row, Sheet, read};
pub use write::{Cell, neutralise, write};
