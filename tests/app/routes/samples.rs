//! One row of each kind that a route may own, made through the store, with the organisations it belongs to.
//!
//! `Route::….own("order")` in the table asks for a sample called `order` here.

use std::collections::BTreeMap;

use domain::ids::OrganisationId;
use tests::app::TestApp;

use super::People;

/// A row and whose it is.
pub struct Sample {
    /// As it stands in the path.
    pub id: String,
    /// Whoever acts for one of these may see it, if the role fits.
    pub owners: Vec<OrganisationId>,
}

/// A sample of each kind. The people are those of [`People`]: `people.get("umkm")`, `"manager"`, `"buyer"`, …
pub async fn make(_app: &TestApp, _people: &People) -> BTreeMap<&'static str, Sample> {
    BTreeMap::new()
}
