//! The one crate that knows SQL. Features are modules; each holds reads (view structs) and deeds (one
//! transaction each), called alike by pages, commands, demo data and jobs. There is no service layer above.
//!
//! [`Store`] opens SQLite or PostgreSQL and is the one door for writes (`Store::write`). Nobody outside this
//! crate sees a transaction or an entity. Start reading at [`Store`], then at a feature such as `orders`.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod act;
#[allow(
    dead_code,
    reason = "every table has its entity, also those that only raw SQL touches so far"
)]
mod entities;
mod error;
mod figures;
mod numbers;
mod open;
mod sql;
mod stock;
mod supplies;
mod write;
mod writer;

pub mod accounts;
mod audit;
pub mod backup;
pub mod carts;
pub mod catalogs;
pub mod cooperatives;
pub mod editions;
pub mod events;
pub mod fill;
pub mod guides;
pub mod imports;
pub mod jobs;
pub mod kinds;
pub mod letters;
pub mod marks;
pub mod members;
pub mod notices;
pub mod offers;
pub mod orders;
pub mod people;
pub mod photos;
pub mod products;
pub mod questions;
pub mod security;
pub mod settings;
pub mod tokens;

pub use act::Act;
pub use audit::Breach;
pub use error::Error;
pub use figures::Waiting;
pub use open::{Config, Durability, Store};

/// Lower-case hexadecimal, as hashes are stored.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
            let _ = write!(out, "{byte:02x}");
            out
        })
}
