//! The platform administrator's pages: looking at cooperatives and buyers before they may act.

mod applicant;
mod index;
mod people;

use crate::{
    ctx::Admin,
    routes::{Access, Route},
};

const ADMIN: Access = Access::Roles(Admin::ROLES);

#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/admin", ADMIN, index::page),
        Route::get("/admin/people", ADMIN, people::page),
        Route::post("/admin/people", ADMIN, people::submit),
        // An applicant is nobody's own: every administrator may look at each.
        Route::get("/admin/applicants/{id}", ADMIN, applicant::page),
        Route::post("/admin/applicants/{id}", ADMIN, applicant::submit),
    ]
}

fn kind_key(kind: domain::accounts::OrganisationKind) -> &'static str {
    match kind {
        domain::accounts::OrganisationKind::Buyer => "admin-kind-buyer",
        _ => "admin-kind-cooperative",
    }
}
