//! A new lot of a product: how much, from when, until when good.

use askama::Template;
use domain::{ids::ProductId, products::ProductState, quantity::Packs, time::Day};
use store::products::{NewLot, ProductView};
use text::units;

use super::{
    fields::{self, STOCK_MAX},
    new::today,
};
use crate::{
    ctx::{Ctx, Seller},
    flash::Flash,
    form::Form,
    handler::{Answer, Id},
    shell::Shell,
};

#[derive(Template)]
#[template(path = "products/lots.html")]
struct Page {
    shell: Shell,
    product: ProductView,
    form: Form,
    today: Day,
}

impl Page {
    /// The product's page, or one below it.
    fn to(&self, below: &str) -> String {
        format!("/products/{}{below}", self.product.id)
    }

    fn unit(&self) -> String {
        self.product
            .facts
            .unit
            .map(|unit| units::unit(self.shell.lang, unit))
            .unwrap_or_default()
    }
}

async fn draw(ctx: &Ctx, product: ProductView, form: Form) -> Answer {
    let is_again = form.has_errors();
    let page = Page {
        shell: ctx.shell().await,
        today: today(ctx),
        product,
        form,
    };
    if is_again {
        ctx.unprocessable(&page)
    } else {
        ctx.html(&page)
    }
}

pub async fn page(ctx: Ctx, seller: Seller, Id(id): Id<ProductId>) -> Answer {
    let product = super::find(&ctx, seller, id).await?;
    if product.state == ProductState::Archived {
        return ctx.see(format!("/products/{id}"));
    }
    let form = ctx.empty_form().with("ready_on", today(&ctx).iso());
    draw(&ctx, product, form).await
}

pub async fn submit(ctx: Ctx, seller: Seller, Id(id): Id<ProductId>) -> Answer {
    let product = super::find(&ctx, seller, id).await?;
    let mut reader = ctx.reader();
    let packs = reader.whole("packs", 1, STOCK_MAX);
    let dates = fields::read_dates(&mut reader, today(&ctx));
    let lot = match reader.finish(|| {
        let (ready_on, good_until) = dates?;
        Some(NewLot {
            ready_on,
            good_until,
            packs: Packs(packs?),
        })
    }) {
        Ok(lot) => lot,
        Err(form) => return draw(&ctx, product, form).await,
    };
    ctx.store()
        .add_lot(&ctx.act(), seller.organisation, id, &lot)
        .await
        .map_err(|error| super::refused(ctx.lang(), id, error))?;
    ctx.flash(Flash::done(ctx.t("products-lot-added"))).await?;
    ctx.see(format!("/products/{id}"))
}
