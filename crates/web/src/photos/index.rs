//! The photos of a product: adding some, choosing the main one, taking one off and putting it back.

use askama::Template;
use domain::{
    ids::{PhotoId, ProductId},
    problem::Problem,
    products::ProductState,
};
use store::{
    photos::{Photo, PhotoError, ProductPhotos},
    products::ProductView,
};

use super::{FIELD, make, room};
use crate::{
    ctx::Ctx,
    error::Error,
    flash::Flash,
    form::Form,
    handler::{Answer, Id},
    products::desk::Desk,
    shell::Shell,
};

#[derive(Template)]
#[template(path = "photos/index.html")]
struct Page {
    shell: Shell,
    form: Form,
    desk: Desk,
    product: ProductView,
    photos: ProductPhotos,
    /// How many more there may be.
    room: usize,
}

impl Page {
    fn is_archived(&self) -> bool {
        self.product.state == ProductState::Archived
    }

    /// The product's page, or one below it.
    fn to(&self, below: &str) -> String {
        self.desk.to(self.product.id, below)
    }

    fn deed(&self, photo: &Photo, deed: &str) -> String {
        self.to(&format!("/photos/{}/{deed}", photo.id))
    }
}

async fn draw(ctx: &Ctx, desk: Desk, id: ProductId, form: Form) -> Answer {
    let product = desk.product(ctx, id).await?;
    let photos = ctx.store().product_photos(desk.umkm, id).await?;
    let is_again = form.has_errors();
    let page = Page {
        shell: ctx.shell().await,
        form,
        desk,
        product,
        room: room(photos.shown.len()),
        photos,
    };
    if is_again {
        ctx.unprocessable(&page)
    } else {
        ctx.html(&page)
    }
}

pub async fn page(ctx: Ctx, Id(id): Id<ProductId>) -> Answer {
    let desk = Desk::of(&ctx).await?;
    draw(&ctx, desk, id, ctx.empty_form()).await
}

pub async fn submit(ctx: Ctx, Id(id): Id<ProductId>) -> Answer {
    let desk = Desk::of(&ctx).await?;
    let owner = desk.umkm;
    // Somebody else's goods are told as missing before anything is made.
    let product = desk.product(&ctx, id).await?;
    if product.state == ProductState::Archived {
        return Err(PhotoError::Archived.into());
    }
    let shown = ctx.store().product_photos(owner, id).await?.shown.len();
    let refused = async |desk: Desk, problem: Problem| {
        let mut form = ctx.empty_form();
        form.add(FIELD, problem);
        draw(&ctx, desk, id, form).await
    };
    let sent: Vec<_> = ctx.posted().photos(FIELD).collect();
    if sent.is_empty() {
        return refused(desk, Problem::new("photos-choose")).await;
    }
    if sent.len() > room(shown) {
        return refused(
            desk,
            Problem::new("photos-too-many").with("n", domain::photos::PER_PRODUCT_MAX),
        )
        .await;
    }
    let mut photos = Vec::with_capacity(sent.len());
    for sent in sent {
        match make(&ctx, owner, sent).await? {
            Ok(photo) => photos.push(photo),
            // All that were sent, or none.
            Err(problem) => return refused(desk, problem).await,
        }
    }
    let added = ctx
        .store()
        .add_new_photos(&desk.act, owner, id, &photos)
        .await;
    match added {
        Ok(()) => {}
        Err(PhotoError::NoRoom) => return refused(desk, Problem::new("photos-no-room")).await,
        Err(error) => return Err(error.into()),
    }
    let added = i64::try_from(photos.len()).unwrap_or(0);
    let words = text::t_with(ctx.lang(), "photos-added", &[("n", added.into())]);
    ctx.flash(Flash::done(words)).await?;
    ctx.see(desk.to(id, "/photos"))
}

/// The photo of the path.
pub(super) fn photo(ctx: &Ctx) -> Result<PhotoId, Error> {
    ctx.param("photo")
}
