//! Counting a lot anew: more or fewer than written down, with the reason. What is promised to orders stays.

use askama::Template;
use domain::{
    ids::{LotId, ProductId},
    problem::Problem,
    quantity::Packs,
};
use store::products::{LotView, ProductError, ProductView};
use text::units;

use super::{desk::Desk, fields::STOCK_MAX};
use crate::{
    ctx::Ctx,
    error::Error,
    flash::Flash,
    form::Form,
    handler::{Answer, Id},
    shell::Shell,
};

const REASON_CHARS: usize = 200;

#[derive(Template)]
#[template(path = "products/adjustment.html")]
struct Page {
    shell: Shell,
    desk: Desk,
    product: ProductView,
    lot: LotView,
    form: Form,
}

impl Page {
    /// The product's page, or one below it.
    fn to(&self, below: &str) -> String {
        self.desk.to(self.product.id, below)
    }

    fn count(&self, packs: Packs) -> String {
        match self.product.facts.unit {
            Some(unit) => units::count(self.shell.lang, packs.0, unit),
            None => packs.to_string(),
        }
    }

    fn unit(&self) -> String {
        self.product
            .facts
            .unit
            .map(|unit| units::unit(self.shell.lang, unit))
            .unwrap_or_default()
    }
}

async fn draw(ctx: &Ctx, desk: Desk, product: ProductView, lot: LotView, form: Form) -> Answer {
    let is_again = form.has_errors();
    let page = Page {
        shell: ctx.shell().await,
        desk,
        product,
        lot,
        form,
    };
    if is_again {
        ctx.unprocessable(&page)
    } else {
        ctx.html(&page)
    }
}

async fn find(ctx: &Ctx, desk: &Desk, product: ProductId) -> Result<(ProductView, LotView), Error> {
    let id: LotId = ctx.param("lot")?;
    let view = desk.product(ctx, product).await?;
    let lot = ctx
        .store()
        .lot(desk.umkm, product, id)
        .await?
        .ok_or(Error::NotFound)?;
    Ok((view, lot))
}

pub async fn page(ctx: Ctx, Id(id): Id<ProductId>) -> Answer {
    let desk = Desk::of(&ctx).await?;
    let (product, lot) = find(&ctx, &desk, id).await?;
    let form = ctx.empty_form().with("on_hand", lot.on_hand);
    draw(&ctx, desk, product, lot, form).await
}

pub async fn submit(ctx: Ctx, Id(id): Id<ProductId>) -> Answer {
    let desk = Desk::of(&ctx).await?;
    let (product, lot) = find(&ctx, &desk, id).await?;
    let mut reader = ctx.reader();
    let seen = reader.whole("seen", 0, i64::MAX);
    let counted = reader.whole("on_hand", 0, STOCK_MAX);
    let reason = reader.optional_line("reason", REASON_CHARS);
    // Without script the two buttons beside the figure send the form.
    let step = match reader.raw("do") {
        "less" => -1,
        "more" => 1,
        _ => 0,
    };
    let (change, reason) = match reader.finish(|| Some((counted? + step - seen?, reason?))) {
        Ok(command) => command,
        Err(form) => return draw(&ctx, desk, product, lot, form).await,
    };
    let adjusted = ctx
        .store()
        .adjust_lot(&desk.act, desk.umkm, id, lot.id, change, reason.as_deref())
        .await;
    match adjusted {
        Ok(()) => {}
        Err(ProductError::TooFew { free }) => {
            let least = lot.on_hand.0.saturating_sub(free.0).max(0);
            let mut form = Form::of(ctx.posted(), ctx.lang());
            let problem =
                Problem::new("products-too-few-held").with("held", domain::money::grouped(least));
            form.add("on_hand", problem);
            return draw(&ctx, desk, product, lot, form).await;
        }
        Err(error) => return Err(desk.refused(ctx.lang(), id, error)),
    }
    if step != 0 {
        return ctx.see(desk.to(id, &format!("/lots/{}/adjustment", lot.id)));
    }
    ctx.flash(Flash::done(ctx.t("products-lot-adjusted")))
        .await?;
    ctx.see(desk.to(id, ""))
}
