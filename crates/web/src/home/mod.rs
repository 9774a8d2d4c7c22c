//! The first page after signing in: what there is to do, by role.

mod guide;
mod index;
mod tasks;

use crate::routes::{Access, Route};

#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/home", Access::SignedIn, index::page),
        Route::post("/home/guide", Access::SignedIn, guide::submit),
    ]
}
