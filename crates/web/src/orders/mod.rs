//! Orders: from the checked cart to the cooperative's yes. Lists and pages show each side what it may see; every deed is
//! a form of its own, and [`show`] offers the one that comes next.

mod approval;
mod asked;
mod beside;
mod cancellation;
mod change;
mod check;
mod confirmation;
mod consent;
mod consent_request;
mod export;
mod freight;
mod index;
mod line;
mod new;
mod refusal;
mod reorder;
mod returned;
mod show;
mod submission;
pub(crate) mod words;

use domain::{
    accounts::Role,
    orders::{ConfirmRefusal, ConsentRefusal},
};
use store::orders::{ConsentError, DecideError, PlaceError};

use crate::{
    ctx::{Approver, Buyer, Manager},
    error::Error,
    routes::{Access, Route},
};

/// Whoever has a side in orders.
const READERS: &[Role] = &[
    Role::UmkmOwner,
    Role::CoopManager,
    Role::CoopBoard,
    Role::CoopSupervisor,
    Role::CoopTreasurer,
    Role::BuyerStaff,
    Role::BuyerApprover,
];

#[must_use]
pub fn routes() -> Vec<Route> {
    let readers = Access::Roles(READERS);
    let buyer = Access::Roles(Buyer::ROLES);
    let approver = Access::Roles(Approver::ROLES);
    let manager = Access::Roles(Manager::ROLES);
    let own = |route: Route| route.own("order");
    vec![
        Route::get("/orders", readers, index::page),
        Route::get("/orders/export", readers, export::page),
        Route::post("/orders", buyer, check::submit),
        Route::get("/orders/new", buyer, new::page),
        Route::post("/orders/details", buyer, new::submit),
        Route::get("/orders/check", buyer, check::page),
        own(Route::get("/orders/{id}", readers, show::page)),
        own(Route::post(
            "/orders/{id}/approval",
            approver,
            approval::submit,
        )),
        own(Route::post(
            "/orders/{id}/return",
            approver,
            returned::submit,
        )),
        own(Route::post(
            "/orders/{id}/submission",
            buyer,
            submission::submit,
        )),
        own(Route::post("/orders/{id}/change", buyer, change::submit)),
        own(Route::post("/orders/{id}/reorder", buyer, reorder::submit)),
        own(Route::post(
            "/orders/{id}/cancellation",
            buyer,
            cancellation::submit,
        )),
        own(Route::post("/orders/{id}/consent", buyer, consent::submit)),
        own(Route::post(
            "/orders/{id}/confirmation",
            manager,
            confirmation::submit,
        )),
        own(Route::post(
            "/orders/{id}/refusal",
            manager,
            refusal::submit,
        )),
        own(Route::post(
            "/orders/{id}/freight",
            manager,
            freight::submit,
        )),
        own(Route::post(
            "/orders/{id}/consent-request",
            manager,
            consent_request::submit,
        )),
    ]
}

impl From<PlaceError> for Error {
    fn from(error: PlaceError) -> Self {
        match error {
            PlaceError::CartEmpty => {
                Self::conflict("orders-refused-cart-empty").way_out("/orders", "orders-way-orders")
            }
            PlaceError::KeyUsed => {
                Self::conflict("orders-refused-key-used").way_out("/cart", "orders-way-cart")
            }
            PlaceError::BuyerNotVerified => Self::Unverified,
            PlaceError::Gone(_) => {
                Self::conflict("orders-refused-gone").way_out("/orders", "orders-way-orders")
            }
            PlaceError::Quantity(_) => {
                Self::conflict("orders-refused-quantity").way_out("/orders", "orders-way-orders")
            }
            PlaceError::TooEarly(_) => {
                Self::conflict("orders-refused-too-early").way_out("/orders", "orders-way-orders")
            }
            PlaceError::NoAddress => {
                Self::conflict("orders-no-address").way_out("/cart", "orders-way-cart")
            }
            PlaceError::Changed(_) => {
                Self::conflict("orders-refused-changed").way_out("/orders", "orders-way-orders")
            }
            PlaceError::SoldOut(short) => {
                let left = short
                    .iter()
                    .map(|line| format!("{}: {} / {}", line.title, line.left, line.wanted))
                    .collect::<Vec<_>>()
                    .join("; ");
                Self::conflict("orders-refused-sold-out")
                    .arg("left", left)
                    .way_out("/search", "orders-way-search")
            }
            PlaceError::Overflow(cause) => Self::broken(cause),
            PlaceError::Store(error) => error.into(),
        }
    }
}

impl From<DecideError> for Error {
    fn from(error: DecideError) -> Self {
        match error {
            DecideError::Refused(_) => {
                Self::conflict("orders-refused-state").way_out("/orders", "orders-way-orders")
            }
            DecideError::SamePerson(_) => {
                Self::conflict("orders-refused-same-person").way_out("/orders", "orders-way-orders")
            }
            DecideError::NotYet(refusal) => match refusal {
                ConfirmRefusal::SharesOpen { open } => {
                    Self::conflict("orders-refused-shares-open").arg("n", open)
                }
                ConfirmRefusal::Short { .. } => Self::conflict("orders-refused-short"),
                ConfirmRefusal::NothingAccepted => Self::conflict("orders-refused-nothing"),
                ConfirmRefusal::FreightMissing => Self::conflict("orders-refused-freight"),
                ConfirmRefusal::ConsentOpen => Self::conflict("orders-refused-consent-open"),
            }
            .way_out("/orders", "orders-way-orders"),
            DecideError::Place(error) => error.into(),
            DecideError::Store(error) => error.into(),
        }
    }
}

impl From<ConsentError> for Error {
    fn from(error: ConsentError) -> Self {
        let key = match error {
            ConsentError::Refused(ConsentRefusal::NeedsApprover { .. }) => {
                "orders-refused-needs-approver"
            }
            ConsentError::Refused(_) | ConsentError::OrderState(_) => "orders-refused-state",
            ConsentError::SharesOpen => "orders-refused-asking-open",
            ConsentError::NothingToAsk => "orders-refused-nothing-to-ask",
            ConsentError::Open => "orders-refused-consent-open",
            ConsentError::NoneOpen => "orders-refused-none-open",
            ConsentError::Overflow(cause) => return Self::broken(cause),
            ConsentError::Store(error) => return error.into(),
        };
        Self::conflict(key).way_out("/orders", "orders-way-orders")
    }
}
