//! Changing what is stated of a product. Whoever comes second sees what is stored now beside what was typed.

use actix_web::http::StatusCode;
use askama::Template;
use domain::{ids::ProductId, problem::Problem, products::ProductState};
use store::products::{ProductError, ProductView};

use super::{
    desk::Desk,
    fields::{self, Fields},
};
use crate::{
    ctx::Ctx,
    flash::Flash,
    form::Form,
    handler::{Answer, Id},
    shell::Shell,
};

#[derive(Template)]
#[template(path = "products/edit.html")]
struct Page {
    shell: Shell,
    desk: Desk,
    product: ProductView,
    fields: Fields,
}

impl Page {
    /// The product's page, or one below it.
    fn to(&self, below: &str) -> String {
        self.desk.to(self.product.id, below)
    }

    fn is_draft(&self) -> bool {
        self.product.state == ProductState::Draft
    }
}

async fn draw(
    ctx: &Ctx,
    desk: Desk,
    product: ProductView,
    form: Form,
    status: StatusCode,
) -> Answer {
    let page = Page {
        shell: ctx.shell().await,
        fields: Fields::of(ctx, form).await?,
        desk,
        product,
    };
    ctx.html_as(status, &page)
}

pub async fn page(ctx: Ctx, Id(id): Id<ProductId>) -> Answer {
    let desk = Desk::of(&ctx).await?;
    let product = desk.product(&ctx, id).await?;
    if product.state == ProductState::Archived {
        return ctx.see(desk.to(id, ""));
    }
    let form = fields::filled(ctx.empty_form(), &product.facts);
    draw(&ctx, desk, product, form, StatusCode::OK).await
}

pub async fn submit(ctx: Ctx, Id(id): Id<ProductId>) -> Answer {
    let desk = Desk::of(&ctx).await?;
    let product = desk.product(&ctx, id).await?;
    let categories = ctx.store().kinds().await?;
    let mut reader = ctx.reader();
    let version = reader.whole("version", 1, i64::MAX);
    let facts = fields::read(
        &mut reader,
        &categories,
        product.state != ProductState::Draft,
    );
    let (version, facts) = match reader.finish(|| Some((version?, facts()?))) {
        Ok(command) => command,
        Err(form) => {
            return draw(&ctx, desk, product, form, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    let edited = ctx
        .store()
        .edit_product(&desk.act, desk.umkm, id, version, &facts)
        .await;
    let mut form = Form::of(ctx.posted(), ctx.lang());
    match edited {
        Ok(()) => {
            ctx.flash(Flash::done(ctx.t("products-saved"))).await?;
            return ctx.see(desk.to(id, ""));
        }
        Err(ProductError::Changed) => {
            let product = desk.product(&ctx, id).await?;
            let stored = fields::filled(ctx.empty_form(), &product.facts);
            let mine = fields::filled(ctx.empty_form(), &facts);
            for field in [
                "name",
                "kind",
                "unit",
                "content",
                "price",
                "description",
                "grade",
                "packs_per_carton",
                "lead_time_days",
                "shelf_life_days",
                "place",
                "minimum_packs",
            ] {
                if stored.value(field) != mine.value(field) {
                    let words = fields::stored_words(ctx.lang(), &stored, field);
                    form.add(
                        field,
                        Problem::new("products-stored-now").with("value", words),
                    );
                }
            }
            if !form.has_errors() {
                form.add("", Problem::new("products-changed"));
            }
            return draw(&ctx, desk, product, form, StatusCode::CONFLICT).await;
        }
        Err(ProductError::Gaps(gaps)) => {
            for gap in gaps {
                form.add(super::gap_field(gap), Problem::new(fields::need_key(gap)));
            }
        }
        Err(ProductError::Pooled { offer }) => {
            form.add("", Problem::new("products-pooled").with("offer", offer));
        }
        Err(ProductError::PooledElsewhere) => {
            form.add("", Problem::new("products-pooled-elsewhere"));
        }
        Err(ProductError::PriceAboveOffer { most, offer }) => {
            let problem = Problem::new("products-price-above")
                .with("most", most)
                .with("offer", offer);
            form.add("price", problem);
        }
        Err(other) => return Err(desk.refused(ctx.lang(), id, other)),
    }
    draw(&ctx, desk, product, form, StatusCode::UNPROCESSABLE_ENTITY).await
}
