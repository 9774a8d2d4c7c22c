//! Taking a permit away.

use domain::ids::{CertificateId, ProductId};

use crate::{
    ctx::{Ctx, Seller},
    flash::Flash,
    handler::{Answer, Id},
};

pub async fn submit(ctx: Ctx, seller: Seller, Id(id): Id<ProductId>) -> Answer {
    let certificate: CertificateId = ctx.param("certificate")?;
    ctx.store()
        .remove_certificate(&ctx.act(), seller.organisation, id, certificate)
        .await
        .map_err(|error| super::refused(ctx.lang(), id, error))?;
    ctx.flash(Flash::done(ctx.t("products-permit-removed")))
        .await?;
    ctx.see(format!("/products/{id}/certificates"))
}
