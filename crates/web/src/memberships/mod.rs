//! The supplier's side of membership: its cooperatives, and those it could join.

mod departure;
mod index;

use crate::{
    ctx::Seller,
    routes::{Access, Route},
};

#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/memberships", Access::Roles(Seller::ROLES), index::page),
        Route::post("/memberships", Access::Roles(Seller::ROLES), index::submit),
        Route::get(
            "/memberships/{id}/departure",
            Access::Roles(Seller::ROLES),
            departure::page,
        )
        .own("membership"),
        Route::post(
            "/memberships/{id}/departure",
            Access::Roles(Seller::ROLES),
            departure::submit,
        )
        .own("membership"),
    ]
}
