//! A member's share of an order: how much, why that much, and the answer.

mod answer;
mod show;
mod why;

use domain::{
    accounts::{OrganisationKind, Role},
    shares::AnswerProblem,
};
use store::orders::{AnswerError, ShareOwner};

use crate::{
    ctx::Ctx,
    error::Error,
    routes::{Access, Route},
};

/// The member itself, and whoever may look at the cooperative's work.
const READERS: &[Role] = &[
    Role::UmkmOwner,
    Role::CoopManager,
    Role::CoopBoard,
    Role::CoopSupervisor,
    Role::CoopTreasurer,
];
/// The member, or the manager in its place.
const ANSWERERS: &[Role] = &[Role::UmkmOwner, Role::CoopManager];

#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/shares/{id}", Access::Roles(READERS), show::page).own("share"),
        Route::post(
            "/shares/{id}/answer",
            Access::Roles(ANSWERERS),
            answer::submit,
        )
        .own("share"),
    ]
}

/// As whom the visitor looks at shares.
fn owner(ctx: &Ctx) -> Result<ShareOwner, Error> {
    let acting = ctx.acting().ok_or(Error::Forbidden)?;
    Ok(if acting.kind == OrganisationKind::Umkm {
        ShareOwner::Supplier(acting.organisation)
    } else {
        ShareOwner::Cooperative(acting.organisation)
    })
}

impl From<AnswerError> for Error {
    fn from(error: AnswerError) -> Self {
        let key = match error {
            AnswerError::Problem(AnswerProblem::TooLate { .. }) => "shares-refused-late",
            AnswerError::Problem(_) => "shares-refused-answered",
            AnswerError::OrderState(_) => "shares-refused-order",
            AnswerError::Store(error) => return error.into(),
        };
        Self::conflict(key).way_out("/orders", "orders-way-orders")
    }
}
