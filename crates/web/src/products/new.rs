//! Making a product: four things and its kind, the rest when there is time. It is kept as a draft or published at once.

use askama::Template;
use domain::{
    ids::{PhotoId, ProductId},
    problem::Problem,
};
use store::{
    photos::Photo,
    products::{NewProduct, ProductError},
};

use super::{
    desk::Desk,
    fields::{self, Fields},
    permits,
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
    /// The product's id: the one-time key, however often this form is sent.
    key: ProductId,
}

async fn draw(ctx: &Ctx, desk: Desk, form: Form, photo: Option<Photo>) -> Answer {
    let is_again = form.has_errors();
    let key = form.value("key").parse();
    let page = Page {
        key: key.unwrap_or_else(|_| fresh_key()),
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

fn fresh_key() -> ProductId {
    ProductId(uuid::Uuid::now_v7())
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
    let publish = !matches!(reader.raw("action"), "draft" | "permit");
    let facts = fields::read(&mut reader, &categories, publish);
    let opening = fields::read_opening(&mut reader, desk.today(), publish);
    let photo = match photo(&ctx, &desk).await? {
        Ok(photo) => photo,
        Err(problem) => {
            reader.add(photos::FIELD, problem);
            None
        }
    };
    let permits = permits::read_permits(&mut reader, desk.today());
    let key = match reader.raw("key") {
        "" => fresh_key(),
        key => key.parse().map_err(|_| Error::BadRequest)?,
    };
    // One permit more is asked for: nothing is wrong, and everything typed stays.
    if reader.raw("action") == "permit" {
        return draw(&ctx, desk, Form::of(ctx.posted(), ctx.lang()), photo).await;
    }
    let read = reader.finish(|| Some((facts()?, opening()?, permits()?)));
    let (facts, opening, permits) = match read {
        Ok(command) => command,
        Err(form) => return draw(&ctx, desk, form, photo).await,
    };
    let (permits, odd): (Vec<_>, Vec<_>) = permits.into_iter().unzip();
    let new = NewProduct {
        id: key,
        facts,
        opening,
        photo: photo.as_ref().map(|photo| photo.id),
        permits,
        publish,
    };
    match ctx.store().list_product(&desk.act, desk.umkm, &new).await {
        Ok(()) => {}
        Err(ProductError::Gaps(gaps)) => {
            let mut form = Form::of(ctx.posted(), ctx.lang());
            for gap in gaps {
                let problem = domain::problem::Problem::new(fields::need_key(gap));
                form.add(super::gap_field(gap), problem);
            }
            return draw(&ctx, desk, form, photo).await;
        }
        Err(error) => return Err(desk.refused(ctx.lang(), key, error)),
    }
    let words = if publish {
        "products-published"
    } else {
        "products-kept"
    };
    let words = text::t_with(ctx.lang(), words, &[("name", new.facts.name.into())]);
    ctx.flash(match odd.into_iter().flatten().next() {
        None => Flash::done(words),
        Some(odd) => Flash::note(format!("{words} {}.", text::problem(ctx.lang(), &odd))),
    })
    .await?;
    ctx.see(desk.to(key, ""))
}
