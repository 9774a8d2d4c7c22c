//! Help: how each role does its work, words that the trade uses, and questions that are often asked.

mod index;

use crate::routes::{Access, Route};

#[must_use]
pub fn routes() -> Vec<Route> {
    vec![Route::get("/help", Access::Public, index::page)]
}
