//! The people of one's own organisation: who has which role, inviting colleagues, taking roles away.

mod index;
mod invitations_new;
mod invitations_withdraw;
mod removal;

use crate::{
    ctx::PeopleManager,
    routes::{Access, Route},
};

const MANAGES: Access = Access::Roles(PeopleManager::ROLES);

#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/people", Access::SignedIn, index::page),
        Route::get("/people/invitations/new", MANAGES, invitations_new::page),
        Route::post("/people/invitations/new", MANAGES, invitations_new::submit),
        Route::post(
            "/people/invitations/{id}/withdrawal",
            MANAGES,
            invitations_withdraw::submit,
        )
        .own("invitation"),
        Route::post("/people/removal", MANAGES, removal::submit),
    ]
}
