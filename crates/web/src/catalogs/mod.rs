//! Catalogs as the cooperative makes them: which offers, for whom, from when to when, and their editions.

mod edit;
mod editions;
mod index;
mod letters;
mod new;
mod publication;
pub(crate) mod terms;

use store::catalogs::CatalogError;

use crate::{
    ctx::{CoopReader, Manager},
    error::Error,
    routes::{Access, Route},
};

#[must_use]
pub fn routes() -> Vec<Route> {
    let manager = Access::Roles(Manager::ROLES);
    vec![
        Route::get("/catalogs", Access::Roles(CoopReader::ROLES), index::page),
        Route::get("/catalogs/new", manager, new::page),
        Route::post("/catalogs/new", manager, new::submit),
        Route::get("/catalogs/{id}/edit", manager, edit::page).own("catalog"),
        Route::post("/catalogs/{id}/edit", manager, edit::submit).own("catalog"),
        Route::get(
            "/catalogs/{id}/editions",
            Access::Roles(CoopReader::ROLES),
            editions::page,
        )
        .own("catalog"),
        Route::post("/catalogs/{id}/letters", manager, letters::submit).own("catalog"),
        Route::post("/catalogs/{id}/publication", manager, publication::submit).own("catalog"),
    ]
}

impl From<CatalogError> for Error {
    fn from(error: CatalogError) -> Self {
        let conflict = |key| Self::conflict(key).way_out("/catalogs", "catalogs-way-back");
        match error {
            CatalogError::NotFound => Self::NotFound,
            CatalogError::Stale(_) => conflict("catalogs-stale"),
            CatalogError::Refused(_) => conflict("catalogs-already"),
            CatalogError::Time(_) => conflict("catalogs-time"),
            CatalogError::Over => conflict("catalogs-over"),
            CatalogError::NoLiveOffer => conflict("catalogs-no-live-offer"),
            CatalogError::NoBuyer => conflict("catalogs-no-buyer"),
            CatalogError::Sent => conflict("catalogs-sent-before"),
            CatalogError::Unverified => Self::Unverified,
            CatalogError::Store(error) => error.into(),
        }
    }
}
