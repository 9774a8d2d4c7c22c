//! One change of many products: what it did, and taking it back.

use askama::Template;
use domain::{ids::ProductBatchId, money::Rupiah, products::Shelf};
use store::products::{BatchChange, BatchLine, BatchView};

use super::{bulk::done_key, desk::Desk};
use crate::{
    ctx::Ctx,
    error::Error,
    flash::Flash,
    handler::{Answer, Id},
    parts::Head,
    shell::Shell,
};

#[derive(Template)]
#[template(path = "products/change.html")]
struct Page {
    shell: Shell,
    desk: Desk,
    batch: BatchView,
    may_undo: bool,
}

async fn find(ctx: &Ctx, desk: &Desk, id: ProductBatchId) -> Result<BatchView, Error> {
    ctx.store()
        .product_batch(desk.umkm, id)
        .await?
        .ok_or(Error::NotFound)
}

pub async fn page(ctx: Ctx, Id(id): Id<ProductBatchId>) -> Answer {
    let desk = Desk::of(&ctx).await?;
    let batch = find(&ctx, &desk, id).await?;
    let page = Page {
        shell: ctx.shell().await,
        may_undo: batch.undone_at.is_none() && ctx.now() <= batch.undo_until,
        desk,
        batch,
    };
    ctx.html(&page)
}

pub async fn undo(ctx: Ctx, Id(id): Id<ProductBatchId>) -> Answer {
    let desk = Desk::of(&ctx).await?;
    find(&ctx, &desk, id).await?;
    let here = format!("{}/changes/{id}", desk.base);
    let (back, touched) = ctx
        .store()
        .undo_product_batch(&desk.act, desk.umkm, id)
        .await
        .map_err(|error| match error {
            store::products::ProductError::NotFound => Error::NotFound,
            store::products::ProductError::Store(error) => error.into(),
            _ => Error::conflict("products-undo-over").way_out(here, "products-way-change"),
        })?;
    let words = text::t_with(
        ctx.lang(),
        "products-undone",
        &[("n", back.into()), ("touched", touched.into())],
    );
    ctx.flash(Flash::done(words)).await?;
    ctx.see(&desk.base)
}

impl Page {
    fn title(&self) -> String {
        self.shell
            .t1(done_key(self.batch.change), "n", self.batch.products)
    }

    fn made(&self) -> String {
        self.shell.date_time(self.batch.made_at, self.desk.zone)
    }

    fn until(&self) -> String {
        self.shell.date_time(self.batch.undo_until, self.desk.zone)
    }

    fn heads(&self) -> Vec<Head> {
        vec![
            Head::text(self.shell.t("products-head-name")),
            Head::text(self.shell.t("products-change-before")),
            Head::text(self.shell.t("products-change-now")),
        ]
    }

    fn value(&self, price: &Option<i64>, state: &str) -> String {
        match (self.batch.change, price) {
            (BatchChange::Price { .. } | BatchChange::Each, Some(price)) => {
                Rupiah(*price).to_string()
            }
            (BatchChange::Price { .. } | BatchChange::Each, None) => {
                self.shell.t("products-nothing")
            }
            _ => match state.parse::<Shelf>() {
                Ok(shelf) => self.shell.t(super::shelf_badge(shelf).0),
                Err(_) => self.shell.t("products-shelf-paused"),
            },
        }
    }

    fn before(&self, line: &BatchLine) -> String {
        self.value(&line.price_before, &line.state_before)
    }

    fn now(&self, line: &BatchLine) -> String {
        self.value(&line.price_rupiah, &line.state)
    }
}
