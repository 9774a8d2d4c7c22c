//! A new lot of a product: how much, from when, until when good.

use askama::Template;
use domain::{ids::ProductId, products::ProductState, quantity::Packs};
use store::products::{NewLot, ProductView};
use text::units;

use super::{
    desk::Desk,
    fields::{self, STOCK_MAX},
};
use crate::{
    ctx::Ctx,
    flash::Flash,
    form::Form,
    handler::{Answer, Id},
    shell::Shell,
};

#[derive(Template)]
#[template(path = "products/lots.html")]
struct Page {
    shell: Shell,
    desk: Desk,
    product: ProductView,
    form: Form,
}

impl Page {
    /// The product's page, or one below it.
    fn to(&self, below: &str) -> String {
        self.desk.to(self.product.id, below)
    }

    fn unit(&self) -> String {
        self.product
            .facts
            .unit
            .map(|unit| units::unit(self.shell.lang, unit))
            .unwrap_or_default()
    }
}

async fn draw(ctx: &Ctx, desk: Desk, product: ProductView, form: Form) -> Answer {
    let is_again = form.has_errors();
    let page = Page {
        shell: ctx.shell().await,
        desk,
        product,
        form,
    };
    if is_again {
        ctx.unprocessable(&page)
    } else {
        ctx.html(&page)
    }
}

pub async fn page(ctx: Ctx, Id(id): Id<ProductId>) -> Answer {
    let desk = Desk::of(&ctx).await?;
    let product = desk.product(&ctx, id).await?;
    if product.state == ProductState::Archived {
        return ctx.see(desk.to(id, ""));
    }
    let form = ctx.empty_form().with("ready_on", desk.today().iso());
    draw(&ctx, desk, product, form).await
}

pub async fn submit(ctx: Ctx, Id(id): Id<ProductId>) -> Answer {
    let desk = Desk::of(&ctx).await?;
    let product = desk.product(&ctx, id).await?;
    let mut reader = ctx.reader();
    let packs = reader.whole("packs", 1, STOCK_MAX);
    let dates = fields::read_dates(&mut reader, desk.today());
    let lot = match reader.finish(|| {
        let (ready_on, good_until) = dates?;
        Some(NewLot {
            ready_on,
            good_until,
            packs: Packs(packs?),
        })
    }) {
        Ok(lot) => lot,
        Err(form) => return draw(&ctx, desk, product, form).await,
    };
    ctx.store()
        .add_lot(&desk.act, desk.umkm, id, &lot)
        .await
        .map_err(|error| desk.refused(ctx.lang(), id, error))?;
    ctx.flash(Flash::done(ctx.t("products-lot-added"))).await?;
    ctx.see(desk.to(id, ""))
}
