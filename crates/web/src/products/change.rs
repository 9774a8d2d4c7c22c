//! One change of many products: what it did, and taking it back.

use askama::Template;
use domain::{
    ids::ProductBatchId,
    money::{Rupiah, grouped},
    products::{BatchKind, Content, Shelf},
};
use store::products::{BatchLine, BatchView};
use text::{Lang, units};

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
        .undo_product_batch(&desk.act, desk.umkm, id, desk.today())
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
            .t1(done_key(self.batch.kind), "n", self.batch.products)
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

    fn price(&self, price: Option<i64>) -> String {
        price.map_or_else(
            || self.shell.t("products-nothing"),
            |price| Rupiah(price).to_string(),
        )
    }

    fn shelf(&self, state: &str) -> String {
        match state.parse::<Shelf>() {
            Ok(shelf) => self.shell.t(super::shelf_badge(shelf).0),
            Err(_) => self.shell.t("products-shelf-paused"),
        }
    }

    fn name(&self, id: Option<&str>, en: Option<&str>) -> String {
        let name = match self.shell.lang {
            Lang::Id => id,
            Lang::En => en,
        };
        name.map_or_else(|| self.shell.t("products-nothing"), str::to_owned)
    }

    /// "bungkus 250 g, 40".
    fn unit(&self, unit: Option<&str>, content: Option<Content>, carton: Option<i64>) -> String {
        let unit = unit.and_then(|unit| unit.parse().ok());
        let words = [
            unit.map(|unit| units::unit(self.shell.lang, unit)),
            content.map(|content| content.to_string()),
            carton.map(|carton| {
                self.shell
                    .t1("products-change-carton", "n", grouped(carton))
            }),
        ];
        let words: Vec<String> = words.into_iter().flatten().collect();
        match words.is_empty() {
            true => self.shell.t("products-nothing"),
            false => words.join(" "),
        }
    }

    /// "+40": by how much the stock moved; empty where it did not.
    fn packs(&self, packs: i64) -> String {
        match packs {
            0 => String::new(),
            more if more > 0 => self.shell.t1("products-change-more", "n", grouped(more)),
            less => self
                .shell
                .t1("products-change-less", "n", grouped(less.saturating_neg())),
        }
    }

    fn before(&self, line: &BatchLine) -> String {
        match self.batch.kind {
            BatchKind::Price | BatchKind::Table => self.price(line.price_before),
            BatchKind::Kind => {
                self.name(line.kind_before.as_deref(), line.kind_before_en.as_deref())
            }
            BatchKind::Unit => self.unit(
                line.unit_before.as_deref(),
                line.contents().0,
                line.carton_before,
            ),
            BatchKind::Stock => String::new(),
            BatchKind::Publish | BatchKind::Archive => self.shelf(&line.state_before),
        }
    }

    fn now(&self, line: &BatchLine) -> String {
        match self.batch.kind {
            BatchKind::Price => self.price(line.price_rupiah),
            BatchKind::Table => {
                let price = self.price(line.price_rupiah);
                let parts = [price, self.packs(line.packs)];
                let parts = parts.into_iter().filter(|part| !part.is_empty());
                parts.collect::<Vec<_>>().join(" · ")
            }
            BatchKind::Kind => self.name(line.kind.as_deref(), line.kind_en.as_deref()),
            BatchKind::Unit => self.unit(
                line.unit.as_deref(),
                line.contents().1,
                line.packs_per_carton,
            ),
            BatchKind::Stock => self.packs(line.packs),
            BatchKind::Publish | BatchKind::Archive => self.shelf(&line.state),
        }
    }
}
