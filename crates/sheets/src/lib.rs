//! Tables that people bring and take away: reading and writing CSV and XLSX files.
//!
//! A file is read completely or refused with the row and column at fault; nothing is guessed silently. What a
//! column means is not decided here (see `domain::imports`). A workbook passes a gate first (`read/gate.rs`).
//! Start at [`read`]; [`write`] makes files that a spreadsheet opens without running anything in them.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod catalog;
mod decode;
mod error;
mod read;
mod write;

pub use error::SheetError;
pub use read::{Limits, Note, Row, Sheet, first_table, read, read_all};
pub use write::{Cell, Choices, Guide, Table, neutralise, restored, write, write_workbook};
