//! Tests of the whole crate, through its public interface and on real files.
//!
//! `corpus` is DOMAIN §14's forty offers; `relevance` what is typed and what must come up; `gate` who sees what;
//! `facets` filters, counts and sorts; `faults` damaged files and two processes.

mod corpus;
mod facets;
mod faults;
mod gate;
mod relevance;
