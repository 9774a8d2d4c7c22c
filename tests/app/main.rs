//! Tests.
mod listings;
