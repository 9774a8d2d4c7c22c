//! A catalog for named buyers is sent to their people by mail, once for each edition.

use domain::ids::CatalogId;
use store::catalogs::CatalogError;

use crate::{
    ctx::{Ctx, Manager},
    error::Error,
    flash::Flash,
    handler::{Answer, Id},
};

pub async fn submit(ctx: Ctx, manager: Manager, Id(id): Id<CatalogId>) -> Answer {
    let sent = ctx
        .store()
        .send_catalog(&ctx.act(), manager.organisation, id)
        .await;
    let back =
        |key| Error::conflict(key).way_out(format!("/catalogs/{id}/edit"), "catalogs-way-edit");
    let letters = match sent {
        Ok(letters) => letters,
        Err(CatalogError::Sent) => return Err(back("catalogs-sent-before")),
        Err(CatalogError::NoBuyer) => return Err(back("catalogs-no-buyer")),
        Err(CatalogError::Over) => return Err(back("catalogs-not-open")),
        Err(error) => return Err(error.into()),
    };
    let words = text::t_with(ctx.lang(), "catalogs-sent", &[("n", letters.into())]);
    ctx.flash(Flash::done(words)).await?;
    ctx.see(format!("/catalogs/{id}/edit"))
}
