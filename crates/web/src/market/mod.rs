//! What buyers and passers-by see: the first page, search, offers, catalogs and cooperatives.
//!
//! Everybody sees these pages, each with their own eyes: [`viewer`] says who looks, and the store reads no more than
//! that viewer may see. Nothing is changed here; buying begins with the form that the offer's page sends to the cart.

mod asked;
mod cards;
mod catalog;
mod cooperative;
mod cooperatives;
mod edition;
mod edition_files;
mod edition_photo;
mod goods;
mod how;
mod index;
pub mod kinds;
mod ladder;
pub(crate) mod offer;
mod pool;
mod qr;
mod resting;
mod search;
pub mod throttle;

pub(crate) use goods::aspect_key;

use domain::{accounts::OrganisationKind, accounts::Verification, offers::Viewer};

use crate::{
    ctx::Ctx,
    routes::{Access, Route},
};

#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/", Access::Public, index::page).public(),
        Route::get("/search", Access::Public, search::page).public(),
        Route::get("/how-it-works", Access::Public, how::page).public(),
        Route::get("/offers/{id}", Access::Public, offer::page).public(),
        Route::get("/offers/{id}/qr", Access::Public, qr::page),
        Route::get("/catalogs/{id}", Access::Public, catalog::page).public(),
        Route::get(
            "/catalogs/{id}/editions/{edition}",
            Access::Public,
            edition::page,
        ),
        Route::get(
            "/catalogs/{id}/editions/{edition}/pdf",
            Access::Public,
            edition_files::pdf,
        ),
        Route::get(
            "/catalogs/{id}/editions/{edition}/photos/{photo}/{file}",
            Access::Public,
            edition_photo::page,
        ),
        Route::get(
            "/catalogs/{id}/editions/{edition}/xlsx",
            Access::Public,
            edition_files::xlsx,
        ),
        Route::get("/cooperatives", Access::Public, cooperatives::page).public(),
        Route::get("/cooperatives/{slug}", Access::Public, cooperative::page).public(),
    ]
}

/// Who looks, as far as it decides what is shown.
pub(crate) fn viewer(ctx: &Ctx) -> Viewer {
    let acting = ctx.acting();
    Viewer {
        signed_in: ctx.visitor().is_some(),
        verified: acting.is_some_and(|acting| acting.verification == Verification::Verified),
        buyer: acting
            .filter(|acting| acting.kind == OrganisationKind::Buyer)
            .map(|acting| acting.organisation),
    }
}

/// The page number of a list, from 1.
pub(crate) fn page_number(ctx: &Ctx) -> i64 {
    let typed = ctx.query().first("page").parse().unwrap_or(1_i64);
    typed.clamp(1, 10_000)
}
