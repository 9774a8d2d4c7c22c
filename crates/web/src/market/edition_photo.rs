//! A photo that an edition shows, in one of its sizes: whoever may see the edition sees it, also when its goods have
//! another photo by now.

use domain::ids::{CatalogId, PhotoId};

use super::edition;
use crate::{
    ctx::Ctx,
    error::Error,
    handler::{Answer, Id},
    photos,
};

pub async fn page(ctx: Ctx, Id(id): Id<CatalogId>) -> Answer {
    let photo: PhotoId = ctx.param("photo")?;
    let name: String = ctx.param("file")?;
    let edition = edition::find(&ctx, id).await?;
    let mut offers = edition.edition.offers.iter();
    if !offers.any(|offer| offer.photo.id() == Some(photo)) {
        return Err(Error::NotFound);
    }
    let file = ctx.store().file_of_shown_photo(photo, &name).await?;
    photos::file::answer(&ctx, photo, &name, file.ok_or(Error::NotFound)?).await
}
