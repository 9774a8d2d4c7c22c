//! The rules of the trade, without IO: no clock, no SQL, no HTTP, no async, no randomness.
//!
//! Everything here is a pure function of its arguments; `now` and ids are always passed in.
//! Money and quantities are integers in newtypes ([`money::Rupiah`], [`quantity::Packs`]) with checked
//! arithmetic. Start reading at [`orders`] (the life of an order) and [`allocation`] (how it is shared out).
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod accounts;
pub mod allocation;
pub mod carts;
pub mod catalogs;
pub mod coded;
pub mod identifiers;
pub mod ids;
pub mod imports;
pub mod listings;
pub mod members;
pub mod money;
pub mod names;
pub mod notices;
pub mod offers;
pub mod orders;
pub mod photos;
pub mod pricing;
pub mod problem;
pub mod products;
pub mod quantity;
pub mod regions;
pub mod registers;
pub mod settings;
pub mod shares;
pub mod time;
