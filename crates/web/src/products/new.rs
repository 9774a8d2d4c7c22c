//! Making a product: four things and its kind, the rest when there is time. It is kept as a draft or published at once.

use askama::Template;
use domain::{ids::PhotoId, problem::Problem};
use store::{photos::Photo, products::ProductError};

use super::{
    desk::Desk,
    fields::{self, Fields},
};
use crate::{
    ctx::Ctx, error::Error, flash::Flash, form::Form, handler::Answer, photos, shell::Shell,
};

#[derive(Template)]
#[template(path = "products/new.html")]
struct Page {
    shell: Shell,
    desk: Desk,
    fields: Fields,
    /// What was sent before, when something else was wrong: it is kept, and need not be sent again.
    photo: Option<Photo>,
}

async fn draw(ctx: &Ctx, desk: Desk, form: Form, photo: Option<Photo>) -> Answer {
    let is_again = form.has_errors();
    let page = Page {
        shell: ctx.shell().await,
        fields: Fields::of(ctx, form).await?,
        desk,
        photo,
    };
    if is_again {
        ctx.unprocessable(&page)
    } else {
        ctx.html(&page)
    }
}

pub async fn page(ctx: Ctx) -> Answer {
    let desk = Desk::of(&ctx).await?;
    draw(&ctx, desk, ctx.empty_form(), None).await
}

/// The photo of a new product: the one that comes with the form, else one that came before and was kept. The inner error
/// is for its field.
async fn photo(ctx: &Ctx, desk: &Desk) -> Result<Result<Option<Photo>, Problem>, Error> {
    let posted = ctx.posted();
    let id = match posted.photos(photos::FIELD).next() {
        Some(sent) => match photos::keep(ctx, desk, sent).await? {
            Ok(id) => Some(id),
            Err(problem) => return Ok(Err(problem)),
        },
        None => posted.first("photo").parse::<PhotoId>().ok(),
    };
    Ok(Ok(match id {
        Some(id) => ctx.store().kept_photo(desk.umkm, id).await?,
        None => None,
    }))
}

pub async fn submit(ctx: Ctx) -> Answer {
    let desk = Desk::of(&ctx).await?;
    let categories = ctx.store().kinds_to_choose().await?;
    let mut reader = ctx.reader();
    let publish = reader.raw("action") != "draft";
    let facts = fields::read(&mut reader, &categories, publish);
    let opening = fields::read_opening(&mut reader, desk.today(), publish);
    let photo = match photo(&ctx, &desk).await? {
        Ok(photo) => photo,
        Err(problem) => {
            reader.add(photos::FIELD, problem);
            None
        }
    };
    let permit = fields::read_permit(&mut reader, desk.today());
    let (facts, opening, permit) = match reader.finish(|| Some((facts()?, opening()?, permit()?))) {
        Ok(command) => command,
        Err(form) => return draw(&ctx, desk, form, photo).await,
    };
    let (store, opening) = (ctx.store(), opening.as_ref());
    let made = match &photo {
        Some(photo) => {
            store
                .create_product_with_photo(&desk.act, desk.umkm, &facts, opening, publish, photo.id)
                .await
        }
        None => {
            store
                .create_product(&desk.act, desk.umkm, &facts, opening, publish)
                .await
        }
    };
    let product = match made {
        Ok(product) => product,
        Err(ProductError::Gaps(gaps)) => {
            let mut form = Form::of(ctx.posted(), ctx.lang());
            for gap in gaps {
                let problem = domain::problem::Problem::new(fields::need_key(gap));
                form.add(super::gap_field(gap), problem);
            }
            return draw(&ctx, desk, form, photo).await;
        }
        Err(ProductError::UnknownKind) => return Err(Error::BadRequest),
        Err(ProductError::Store(error)) => return Err(error.into()),
        Err(other) => return Err(Error::broken(other)),
    };
    if let Some((permit, _)) = &permit {
        ctx.store()
            .add_certificate(&desk.act, desk.umkm, product, permit)
            .await
            .map_err(|error| desk.refused(ctx.lang(), product, error))?;
    }
    let key = if publish {
        "products-published"
    } else {
        "products-kept"
    };
    let words = text::t_with(ctx.lang(), key, &[("name", facts.name.into())]);
    ctx.flash(match permit.and_then(|(_, odd)| odd) {
        None => Flash::done(words),
        Some(odd) => Flash::note(format!("{words} {}.", text::problem(ctx.lang(), &odd))),
    })
    .await?;
    ctx.see(desk.to(product, ""))
}
