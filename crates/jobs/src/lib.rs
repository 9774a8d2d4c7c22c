//! Work after the deed: takes rows of the outbox and does them, and brings about what time alone brings about.
//!
//! Start at [`Runner`]. A job is leased while it is done, so that several processes may run; it is done at least once,
//! and doing it twice is harmless (a letter has its job's id as its name, an index entry replaces the one before). What a
//! letter says is in `mail`; who gets one was decided by the deed in `store`; here they only meet ([`letters`]).
//! Index work is done by the process that holds the index lock ([`index`]). Long lists from files are brought in part by
//! part ([`lists`]).
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod index;
mod letters;
mod lists;
mod runner;

pub use index::{IndexError, rebuild_index};
pub use letters::{ComposeError, Site, compose};
pub use runner::Runner;

#[cfg(test)]
mod tests;
