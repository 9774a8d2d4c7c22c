//! The one crate that knows HTTP: actix-web, askama, cookies and forms. No SQL, no rules of the trade.
//!
//! A request goes through [`guard`] (session, rights, body, form token) to the page function that its row in
//! [`routes`] names. Page functions take a [`ctx::Ctx`] and typed arguments such as [`ctx::Seller`], ask the store,
//! and draw a template around a [`shell::Shell`]. Start reading at [`routes`], then at a feature such as [`accounts`].
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a test that can't go on fails"
    )
)]

pub mod accounts;
pub mod admin;
pub mod assets;
pub mod cart;
pub mod catalogs;
pub mod clock;
pub mod ctx;
pub mod dev;
pub mod downloads;
pub mod edition;
pub mod error;
pub mod flash;
pub mod form;
pub mod guard;
pub mod handler;
pub mod health;
pub mod help;
pub mod home;
pub mod imports;
pub mod market;
pub mod members;
pub mod memberships;
pub mod metrics;
pub mod nav;
pub mod notices;
pub mod offers;
pub mod offline;
pub mod orders;
pub mod parts;
mod passage;
pub mod passwords;
pub mod people;
pub mod photos;
pub mod posted;
pub mod products;
pub mod questions;
pub mod rights;
pub mod routes;
pub mod security;
pub mod server;
pub mod session;
pub mod shares;
pub mod shell;
mod summary;
pub mod supplies;
pub mod turns;
mod whatsapp;

#[cfg(test)]
mod tests;

pub use error::Error;
