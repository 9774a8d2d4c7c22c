//! Making a product: four things and its kind, the rest when there is time. It is kept as a draft or published at once.

use askama::Template;
use store::products::ProductError;

use super::{
    desk::Desk,
    fields::{self, Fields},
};
use crate::{ctx::Ctx, error::Error, flash::Flash, form::Form, handler::Answer, shell::Shell};

#[derive(Template)]
#[template(path = "products/new.html")]
struct Page {
    shell: Shell,
    desk: Desk,
    fields: Fields,
}

async fn draw(ctx: &Ctx, desk: Desk, form: Form) -> Answer {
    let is_again = form.has_errors();
    let page = Page {
        shell: ctx.shell().await,
        fields: Fields::of(ctx, form).await?,
        desk,
    };
    if is_again {
        ctx.unprocessable(&page)
    } else {
        ctx.html(&page)
    }
}

pub async fn page(ctx: Ctx) -> Answer {
    let desk = Desk::of(&ctx).await?;
    draw(&ctx, desk, ctx.empty_form()).await
}

pub async fn submit(ctx: Ctx) -> Answer {
    let desk = Desk::of(&ctx).await?;
    let categories = ctx.store().kinds_to_choose().await?;
    let mut reader = ctx.reader();
    let publish = reader.raw("action") != "draft";
    let facts = fields::read(&mut reader, &categories, publish);
    let opening = fields::read_opening(&mut reader, desk.today(), publish);
    let (facts, opening) = match reader.finish(|| Some((facts()?, opening()?))) {
        Ok(command) => command,
        Err(form) => return draw(&ctx, desk, form).await,
    };
    let made = ctx
        .store()
        .create_product(&desk.act, desk.umkm, &facts, opening.as_ref(), publish)
        .await;
    let product = match made {
        Ok(product) => product,
        Err(ProductError::Gaps(gaps)) => {
            let mut form = Form::of(ctx.posted(), ctx.lang());
            for gap in gaps {
                let problem = domain::problem::Problem::new(fields::need_key(gap));
                form.add(super::gap_field(gap), problem);
            }
            return draw(&ctx, desk, form).await;
        }
        Err(ProductError::UnknownKind) => return Err(Error::BadRequest),
        Err(ProductError::Store(error)) => return Err(error.into()),
        Err(other) => return Err(Error::broken(other)),
    };
    let key = if publish {
        "products-published"
    } else {
        "products-kept"
    };
    ctx.flash(Flash::done(text::t_with(
        ctx.lang(),
        key,
        &[("name", facts.name.into())],
    )))
    .await?;
    ctx.see(desk.to(product, ""))
}
