//! One file of a photo. Its address names its content, so it is kept for good by whoever may see it.

use actix_web::{HttpResponse, http::header};
use domain::ids::PhotoId;
use store::photos::{PhotoFile, Seen};

use crate::{
    ctx::{Ctx, Manager},
    error::Error,
    handler::{Answer, FromVisit},
    market,
};

pub async fn page(ctx: Ctx) -> Answer {
    let photo: PhotoId = ctx.param("photo")?;
    let name: String = ctx.param("file")?;
    let acting = ctx
        .acting()
        .map(|acting| (acting.organisation, Manager::from_visit(&ctx).is_ok()));
    let file = ctx
        .store()
        .photo_file(&market::viewer(&ctx), acting, ctx.now(), photo, &name)
        .await?
        .ok_or(Error::NotFound)?;
    answer(&ctx, photo, &name, file).await
}

/// The file of a photo that the visitor may see.
pub(crate) async fn answer(ctx: &Ctx, photo: PhotoId, name: &str, file: PhotoFile) -> Answer {
    let content = ctx.state().media.get(&file.hash).await?;
    let content =
        content.ok_or_else(|| Error::Broken(format!("the file {} is gone", file.hash)))?;
    let caching = match file.seen {
        Seen::Public => "public, max-age=31536000, immutable",
        Seen::Parties => "private, max-age=31536000, immutable",
        Seen::Draft => "private, no-store",
    };
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, caching))
        .insert_header((header::CONTENT_TYPE, file.media_type))
        // The name under which it is saved is ours, whatever the file was called when it was sent (CHECKLIST E08).
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("inline; filename=\"{photo}-{name}\""),
        ))
        .body(content))
}
