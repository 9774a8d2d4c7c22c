//! Notices: what the person was told in the matters of the organisation they act for, and by which ways they want to be
//! told. The sentences are those of the letters (`mail::letters::Told`).

mod index;
mod reading;
mod settings;
mod words;

use crate::routes::{Access, Route};

#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/notices", Access::SignedIn, index::page),
        Route::post("/notices/reading", Access::SignedIn, reading::all),
        Route::get("/notices/settings", Access::SignedIn, settings::page),
        Route::post("/notices/settings", Access::SignedIn, settings::submit),
        Route::post("/notices/{id}/reading", Access::SignedIn, reading::one).own("notice"),
    ]
}
