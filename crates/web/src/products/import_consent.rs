//! The owner's consent to a previewed list: all of it is written in one deed, or nothing.

use domain::ids::ImportId;
use store::products::ImportError;

use crate::{
    ctx::{Ctx, Seller},
    error::Error,
    flash::Flash,
    handler::{Answer, Id},
};

pub async fn submit(ctx: Ctx, seller: Seller, Id(id): Id<ImportId>) -> Answer {
    let mut reader = ctx.reader();
    let seen = ctx.posted().only("seen").unwrap_or_default().to_owned();
    let publish = reader.checked("publish");
    let here = format!("/products/imports/{id}");
    let report = ctx
        .store()
        .consent_import(&ctx.act(), seller.organisation, id, publish, &seen)
        .await
        .map_err(|error| match error {
            ImportError::Changed => Error::conflict("products-import-changed")
                .way_out(here.clone(), "products-import-way-preview"),
            other => other.into(),
        })?;
    ctx.flash(Flash::done(text::t_with(
        ctx.lang(),
        "products-import-done",
        &[
            ("n", (report.tally.new + report.tally.drafts).into()),
            ("published", report.published.into()),
        ],
    )))
    .await?;
    ctx.see(here)
}
