//! What a phone shows when the line is gone. `static/sw.js` fetches the page ahead and keeps it.

mod index;

use crate::routes::{Access, Route};

#[must_use]
pub fn routes() -> Vec<Route> {
    vec![Route::get("/offline", Access::Public, index::page)]
}
