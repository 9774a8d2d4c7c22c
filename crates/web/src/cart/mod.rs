//! The buyer's cart: what is wanted, by cooperative. It promises nothing; every page of it reads the truth.

mod addition;
pub(crate) mod card;
pub(crate) mod index;
mod quantities;

use domain::{offers::QuantityProblem, offers::Viewer, problem::Problem};
use store::carts::CartError;

use crate::{
    ctx::Buyer,
    error::Error,
    routes::{Access, Route},
};

#[must_use]
pub fn routes() -> Vec<Route> {
    let buyer = Access::Roles(Buyer::ROLES);
    vec![
        Route::get("/cart", buyer, index::page),
        Route::post("/cart", buyer, index::submit),
    ]
}

/// A buyer as it looks at offers; only verified ones come this far.
pub(crate) fn viewer(buyer: &Buyer) -> Viewer {
    Viewer {
        signed_in: true,
        verified: true,
        buyer: Some(buyer.organisation),
    }
}

/// What to say at the quantity's field; breakages stay errors.
fn problem(error: CartError) -> Result<Problem, Error> {
    Ok(match error {
        CartError::Gone => Problem::new("cart-gone"),
        CartError::Full => Problem::new("cart-full"),
        CartError::Quantity(QuantityProblem::NotPositive { .. }) => {
            Problem::new("error-quantity-min").with("min", 1)
        }
        CartError::Quantity(QuantityProblem::BelowMinimum { least, .. }) => {
            Problem::new("cart-below-minimum").with("least", least)
        }
        CartError::Quantity(QuantityProblem::NotMultiple {
            multiple, above, ..
        }) => Problem::new("cart-not-multiple")
            .with("multiple", multiple)
            .with("above", above),
        CartError::Quantity(QuantityProblem::NotEnough {
            most: Some(most), ..
        }) => Problem::new("cart-not-enough").with("most", most),
        CartError::Quantity(QuantityProblem::NotEnough { most: None, .. }) => {
            Problem::new("cart-nothing-left")
        }
        CartError::Store(error) => return Err(error.into()),
    })
}
