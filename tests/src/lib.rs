//! The kit that the tests share: what to do about a missing part, and the parts themselves.
//!
//! Not tests: those are in `app` (requests over a real database), `browser` (journeys in a real browser) and `tidy`
//! (rules of the house that a compiler can't check). Start with [`skip::need`], which every optional part goes
//! through, and with [`app::TestApp`], the real app for one test; [`people::Person`] and [`page::Page`] are what most
//! tests talk to.

pub mod app;
pub mod bare;
pub mod browser;
pub mod build;
#[cfg(test)]
mod canned;
pub mod companion;
pub mod cutter;
pub mod database;
pub mod form;
pub mod page;
pub mod people;
pub mod postgres;
pub mod rows;
pub mod s3;
pub mod served;
pub mod skip;
pub mod smtp;
pub mod visitor;
