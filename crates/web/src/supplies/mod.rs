//! The supplier's view of the pools: which offers use its goods, at what price, and what the price is made of.

mod index;

use crate::{
    ctx::Seller,
    routes::{Access, Route},
};

#[must_use]
pub fn routes() -> Vec<Route> {
    vec![Route::get(
        "/supplies",
        Access::Roles(Seller::ROLES),
        index::page,
    )]
}
