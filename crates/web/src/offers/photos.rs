//! Which photo of the pooled goods an offer shows first.

use askama::Template;
use domain::{ids::OfferId, ids::PhotoId, offers::OfferState};
use store::{offers::ManagedOffer, photos::GalleryPhoto};

use super::find;
use crate::{
    ctx::{CoopReader, Ctx, Manager},
    error::Error,
    flash::Flash,
    handler::{Answer, FromVisit, Id},
    parts::Crumb,
    shell::Shell,
};

#[derive(Template)]
#[template(path = "offers/photos.html")]
struct Page {
    shell: Shell,
    offer: ManagedOffer,
    /// The one that is shown first in front.
    photos: Vec<GalleryPhoto>,
    may_write: bool,
}

pub async fn page(ctx: Ctx, reader: CoopReader, Id(id): Id<OfferId>) -> Answer {
    let offer = find(&ctx, reader.organisation, id).await?;
    let page = Page {
        photos: ctx.store().offer_gallery(id).await?,
        may_write: Manager::from_visit(&ctx).is_ok() && offer.state != OfferState::Archived,
        shell: ctx.shell().await,
        offer,
    };
    ctx.html(&page)
}

pub async fn submit(ctx: Ctx, manager: Manager, Id(id): Id<OfferId>) -> Answer {
    let photo: PhotoId = ctx
        .posted()
        .only("photo")
        .and_then(|id| id.parse().ok())
        .ok_or(Error::BadRequest)?;
    ctx.store()
        .choose_offer_photo(&ctx.act(), manager.organisation, id, photo)
        .await?;
    ctx.flash(Flash::done(ctx.t("offers-photo-chosen"))).await?;
    ctx.see(format!("/offers/{id}/photos"))
}

impl Page {
    fn crumbs(&self) -> Vec<Crumb> {
        let mut crumbs = super::crumbs(&self.shell);
        let title = self.offer.terms.title.clone();
        crumbs.push(Crumb::new(
            format!("/offers/{}/state", self.offer.id),
            title,
        ));
        crumbs
    }
}
