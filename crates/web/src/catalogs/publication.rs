//! A catalog is published in its next edition, closed, or put away.

use domain::ids::CatalogId;
use store::catalogs::CatalogError;

use crate::{
    ctx::{Ctx, Manager},
    error::Error,
    flash::Flash,
    handler::{Answer, Id},
};

pub async fn submit(ctx: Ctx, manager: Manager, Id(id): Id<CatalogId>) -> Answer {
    let cooperative = manager.organisation;
    ctx.store()
        .managed_catalog(cooperative, id)
        .await?
        .ok_or(Error::NotFound)?;
    let back =
        |key| Error::conflict(key).way_out(format!("/catalogs/{id}/edit"), "catalogs-way-edit");
    let store = ctx.store();
    let act = ctx.act();
    let outcome = match ctx.posted().only("event").unwrap_or_default() {
        "publish" => store
            .publish_catalog(&act, cooperative, id)
            .await
            .map(|edition| {
                text::t_with(
                    ctx.lang(),
                    "catalogs-done-published",
                    &[("edition", i64::from(edition).into())],
                )
            }),
        "close" => store
            .close_catalog(&act, cooperative, id)
            .await
            .map(|()| ctx.t("catalogs-done-closed")),
        "archive" => store
            .archive_catalog(&act, cooperative, id)
            .await
            .map(|()| ctx.t("catalogs-done-archived")),
        _ => return Err(Error::BadRequest),
    };
    let words = match outcome {
        Ok(words) => words,
        Err(CatalogError::NoLiveOffer) => return Err(back("catalogs-no-live-offer")),
        Err(CatalogError::NoBuyer) => return Err(back("catalogs-no-buyer")),
        Err(CatalogError::Over) => return Err(back("catalogs-over")),
        Err(CatalogError::Refused(_)) => return Err(back("catalogs-already")),
        Err(error) => return Err(error.into()),
    };
    ctx.flash(Flash::done(words)).await?;
    ctx.see(format!("/catalogs/{id}/edit"))
}
