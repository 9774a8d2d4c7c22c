//! Taking a permit away.

use domain::ids::{CertificateId, ProductId};

use super::desk::Desk;
use crate::{
    ctx::Ctx,
    flash::Flash,
    handler::{Answer, Id},
};

pub async fn submit(ctx: Ctx, Id(id): Id<ProductId>) -> Answer {
    let desk = Desk::of(&ctx).await?;
    let certificate: CertificateId = ctx.param("certificate")?;
    ctx.store()
        .remove_certificate(&desk.act, desk.umkm, id, certificate)
        .await
        .map_err(|error| desk.refused(ctx.lang(), id, error))?;
    ctx.flash(Flash::done(ctx.t("products-permit-removed")))
        .await?;
    ctx.see(desk.to(id, "/certificates"))
}
