//! The kit that the tests share: what to do about a missing part, and the parts themselves.
//!
//! Not tests: those are in `app` (requests over a real database), `browser` (journeys in a real browser) and `tidy`
//! (rules of the house that a compiler can't check). Start with [`skip::need`], which every optional part goes through.

pub mod skip;
