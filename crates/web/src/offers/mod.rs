//! Bulk offers as the cooperative makes them: terms, members' goods, prices, going live.
//!
//! The four steps are pages of one offer: [`edit`], [`supplies`], [`prices`], [`state`]; `new` is the first step of an
//! offer that does not exist yet.

mod edit;
mod export;
mod index;
mod new;
mod photos;
mod prices;
mod state;
mod supplies;
mod terms;
mod tiers;
pub(crate) mod words;

use domain::ids::{OfferId, OrganisationId};
use store::offers::{ManagedOffer, OfferError};

use crate::{
    ctx::{CoopReader, Ctx, Manager},
    error::Error,
    parts::Crumb,
    routes::{Access, Route},
    shell::Shell,
};

#[must_use]
pub fn routes() -> Vec<Route> {
    let manager = Access::Roles(Manager::ROLES);
    let reader = Access::Roles(CoopReader::ROLES);
    vec![
        Route::get("/offers", reader, index::page),
        Route::get("/offers/export", reader, export::page),
        Route::get("/offers/new", manager, new::page),
        Route::post("/offers/new", manager, new::submit),
        Route::get("/offers/{id}/edit", manager, edit::page).own("offer"),
        Route::post("/offers/{id}/edit", manager, edit::submit).own("offer"),
        Route::get("/offers/{id}/supplies", reader, supplies::page).own("offer"),
        Route::post("/offers/{id}/supplies", manager, supplies::submit).own("offer"),
        Route::get("/offers/{id}/prices", reader, prices::page).own("offer"),
        Route::post("/offers/{id}/prices", manager, prices::submit).own("offer"),
        Route::get("/offers/{id}/photos", reader, photos::page).own("offer"),
        Route::post("/offers/{id}/photos", manager, photos::submit).own("offer"),
        Route::post("/offers/{id}/build-up", manager, prices::show_build_up).own("offer"),
        Route::get("/offers/{id}/state", reader, state::page).own("offer"),
        Route::post("/offers/{id}/state", manager, state::submit).own("offer"),
    ]
}

impl From<OfferError> for Error {
    fn from(error: OfferError) -> Self {
        let conflict = |key| Self::conflict(key).way_out("/offers", "offers-way-back");
        match error {
            OfferError::NotFound => Self::NotFound,
            OfferError::Stale(_) => conflict("offers-stale"),
            OfferError::State(_) => conflict("offers-archived"),
            OfferError::Locked => conflict("offers-locked"),
            OfferError::Refused(_) => conflict("offers-already"),
            OfferError::Gaps(_) => conflict("offers-has-gaps"),
            OfferError::Prices(_) | OfferError::Misfits(_) => Self::BadRequest,
            OfferError::Store(error) => error.into(),
        }
    }
}

/// The cooperative's offer, or 404.
async fn find(ctx: &Ctx, cooperative: OrganisationId, id: OfferId) -> Result<ManagedOffer, Error> {
    ctx.store()
        .managed_offer(cooperative, id)
        .await?
        .ok_or(Error::NotFound)
}

fn crumbs(shell: &Shell) -> Vec<Crumb> {
    vec![Crumb::new("/offers", shell.t("offers-title"))]
}

/// The names of the four steps.
fn step_names(shell: &Shell) -> Vec<String> {
    [
        "offers-step-terms",
        "offers-step-supplies",
        "offers-step-prices",
        "offers-step-live",
    ]
    .iter()
    .map(|key| shell.t(key))
    .collect()
}
