//! Photos of goods: taking them in, putting them on a product, and handing out their files.
//!
//! A photo is made in the request that brings it: with the line as slow as it is, the half second that this takes is
//! nothing beside the minute of sending, and what comes next is a page that shows the photo, or says at its field why it
//! can't. As a job it would be seen later than its owner looks, and refused when nobody looks.

mod drawn;
pub(crate) mod file;
mod index;
mod position;
mod removal;
mod returned;

use std::{collections::HashMap, fs::File, sync::Arc};

use domain::{
    ids::{OfferId, OrganisationId, PhotoId},
    photos::{PER_PRODUCT_MAX, UPLOADS_MAX, UPLOADS_WINDOW_SECONDS},
    problem::Problem,
};
use media::{Darkroom, Media, Picture, Refusal};
use store::{
    Act,
    accounts::Tries,
    photos::{NewFile, NewPhoto, Photo, PhotoError},
};

use crate::{
    ctx::{Ctx, Manager, Seller},
    error::Error,
    parts,
    posted::SentPhoto,
    products::desk::Desk,
    routes::{Access, Route},
};

/// The field of a form that a photo is sent in.
pub(crate) const FIELD: &str = "photo_file";

const SELLER: Access = Access::Roles(Seller::ROLES);
const MANAGER: Access = Access::Roles(Manager::ROLES);

#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/photos/{photo}/{file}", Access::Public, file::page),
        Route::get("/pictures/{file}", Access::Public, drawn::page),
        Route::get("/products/{id}/photos", SELLER, index::page).own("product"),
        Route::post("/products/{id}/photos", SELLER, index::submit)
            .own("product")
            .photos(),
        Route::post(
            "/products/{id}/photos/{photo}/position",
            SELLER,
            position::submit,
        )
        .own("product"),
        Route::post(
            "/products/{id}/photos/{photo}/removal",
            SELLER,
            removal::submit,
        )
        .own("product"),
        Route::post(
            "/products/{id}/photos/{photo}/return",
            SELLER,
            returned::submit,
        )
        .own("product"),
        // The same for the manager who works at a member's goods on its behalf.
        Route::get(
            "/members/{member}/products/{id}/photos",
            MANAGER,
            index::page,
        )
        .own("member"),
        Route::post(
            "/members/{member}/products/{id}/photos",
            MANAGER,
            index::submit,
        )
        .own("member")
        .photos(),
        Route::post(
            "/members/{member}/products/{id}/photos/{photo}/position",
            MANAGER,
            position::submit,
        )
        .own("member"),
        Route::post(
            "/members/{member}/products/{id}/photos/{photo}/removal",
            MANAGER,
            removal::submit,
        )
        .own("member"),
        Route::post(
            "/members/{member}/products/{id}/photos/{photo}/return",
            MANAGER,
            returned::submit,
        )
        .own("member"),
    ]
}

impl From<PhotoError> for Error {
    fn from(error: PhotoError) -> Self {
        match error {
            PhotoError::NotFound => Self::NotFound,
            PhotoError::TooMany(n) => {
                Self::conflict("photos-too-many").arg("n", i64::try_from(n).unwrap_or(0))
            }
            PhotoError::NoRoom => Self::conflict("photos-no-room"),
            PhotoError::Archived => Self::conflict("photos-archived"),
            PhotoError::Store(error) => error.into(),
        }
    }
}

impl From<media::Error> for Error {
    fn from(error: media::Error) -> Self {
        match error {
            // A full disk or a store that is away is told to try again, and told to the log.
            passing if passing.is_passing() => Self::Unavailable(format!("files: {passing}")),
            other => Self::Broken(other.to_string()),
        }
    }
}

/// Why something is not taken as a photo, for its field.
fn words(refusal: Refusal) -> Problem {
    Problem::new(match refusal {
        Refusal::Empty => "photos-empty",
        Refusal::Heic => "photos-heic",
        Refusal::Kind => "photos-kind",
        Refusal::NoPicture => "photos-no-picture",
        Refusal::Moving => "photos-moving",
        Refusal::TooLarge => "photos-too-large",
        Refusal::TooSmall => "photos-too-small",
        Refusal::Broken => "photos-broken",
    })
}

/// Takes in a photo that was sent, on no goods yet. The inner error is for its field.
pub(crate) async fn keep(
    ctx: &Ctx,
    desk: &Desk,
    sent: &SentPhoto,
) -> Result<Result<PhotoId, Problem>, Error> {
    let photo = match make(ctx, desk.umkm, sent).await? {
        Ok(photo) => photo,
        Err(problem) => return Ok(Err(problem)),
    };
    match ctx.store().keep_photo(&desk.act, &photo).await {
        Ok(()) => Ok(Ok(photo.id)),
        Err(PhotoError::NoRoom) => Ok(Err(Problem::new("photos-no-room"))),
        Err(error) => Err(error.into()),
    }
}

/// Makes all sizes of a photo that was sent and keeps their files; its rows are the next step. The inner error is for its
/// field.
pub(crate) async fn make(
    ctx: &Ctx,
    owner: OrganisationId,
    sent: &SentPhoto,
) -> Result<Result<NewPhoto, Problem>, Error> {
    let who = ctx.visitor().map(|visitor| visitor.person.to_string());
    let bucket = format!("photos:{}", who.unwrap_or_default());
    let tries = ctx
        .store()
        .count_try(&ctx.act(), &bucket, UPLOADS_MAX, UPLOADS_WINDOW_SECONDS)
        .await?;
    if let Tries::Exhausted {
        retry_after_seconds,
    } = tries
    {
        return Err(Error::TooMany {
            retry_after_seconds,
        });
    }
    let state = ctx.state();
    match develop(&state.darkroom, &state.media, owner, sent.file.clone()).await {
        Ok(photo) => Ok(Ok(photo)),
        Err(media::Error::Refused(refusal)) => Ok(Err(words(refusal))),
        // Told at the field: whatever else was typed stays, and can be saved without the photo.
        Err(error) if error.is_passing() => {
            tracing::error!(%error, "photo not kept");
            Ok(Err(Problem::new("photos-not-kept")))
        }
        Err(error) => Err(error.into()),
    }
}

/// The files come before the rows: a file without a row is nobody's, a row without its file would be a hole in a page.
async fn develop(
    darkroom: &Darkroom,
    media: &Media,
    owner: OrganisationId,
    file: Arc<File>,
) -> Result<NewPhoto, media::Error> {
    let picture = darkroom.develop(file).await?;
    keep_files(media, owner, picture).await
}

async fn keep_files(
    media: &Media,
    owner: OrganisationId,
    picture: Picture,
) -> Result<NewPhoto, media::Error> {
    let mut files = Vec::with_capacity(picture.variants.len());
    for variant in picture.variants {
        files.push(NewFile {
            bytes: i64::try_from(variant.content.len()).unwrap_or(i64::MAX),
            hash: media.put(variant.content).await?,
            media_type: variant.media_type.to_owned(),
            name: variant.name,
        });
    }
    let side = |pixels: u32| i32::try_from(pixels).unwrap_or(i32::MAX);
    Ok(NewPhoto {
        id: PhotoId::of(owner, files.iter().map(|file| &file.hash)),
        owner,
        width: side(picture.width),
        height: side(picture.height),
        colour: picture.colour,
        files,
    })
}

/// Keeps a photo without a request: for the demo, and for tests.
///
/// # Errors
/// When it is refused, or can't be kept.
pub async fn keep_made(
    store: &store::Store,
    media: &Media,
    act: &Act,
    owner: OrganisationId,
    picture: Picture,
) -> Result<PhotoId, Error> {
    let photo = keep_files(media, owner, picture).await?;
    store.keep_photo(act, &photo).await?;
    Ok(photo.id)
}

/// The photo that each of these offers shows, for their thumbs.
pub(crate) async fn of_offers(
    ctx: &Ctx,
    offers: impl IntoIterator<Item = OfferId>,
) -> Result<HashMap<OfferId, Photo>, Error> {
    let mut offers: Vec<OfferId> = offers.into_iter().collect();
    offers.sort_unstable();
    offers.dedup();
    Ok(ctx.store().offer_photos(&offers).await?)
}

/// The address of the picture that messengers show.
pub(crate) fn share_href(picture: &parts::Picture) -> String {
    match picture.photo() {
        Some(photo) => format!("/photos/{}/share.jpg", photo.id),
        None => format!("/pictures/{}.jpg", picture.drawn()),
    }
}

/// How many photos a product may still get.
fn room(shown: usize) -> usize {
    PER_PRODUCT_MAX.saturating_sub(shown)
}
