//! One category: its names, place and picture, and the commodities below it.

use askama::Template;
use domain::{ids::CategoryId, products::Dimension};
use store::kinds::{CategoryRow, CommodityRow, KindError};

use super::{categories, commodity};
use crate::{
    ctx::{Admin, Ctx},
    error::Error,
    flash::Flash,
    form::Form,
    handler::{Answer, Id},
    parts::{Choice, Crumb, Head},
    shell::Shell,
};

#[derive(Template)]
#[template(path = "admin/category.html")]
struct Page {
    shell: Shell,
    /// Of the category.
    form: Form,
    /// Of a commodity to be added.
    new: Form,
    pictures: Vec<Choice>,
    dimensions: Vec<Choice>,
    treatments: Vec<Choice>,
    row: CategoryRow,
    commodities: Vec<CommodityRow>,
}

impl Page {
    fn crumbs(&self) -> Vec<Crumb> {
        vec![Crumb::new(
            "/admin/categories",
            self.shell.t("admin-categories"),
        )]
    }

    fn heads(&self) -> Vec<Head> {
        [
            "admin-kind-name",
            "admin-kind-name-en",
            "admin-kind-dimension",
            "admin-kind-ppn",
            "admin-kind-grades",
        ]
        .map(|key| Head::text(self.shell.t(key)))
        .into()
    }

    fn dimension(&self, row: &CommodityRow) -> String {
        commodity::dimension(&self.shell, &row.dimension)
    }

    fn treatment(&self, row: &CommodityRow) -> String {
        commodity::treatment(&self.shell, row.ppn_treatment == "exempt")
    }
}

async fn find(ctx: &Ctx, id: &CategoryId) -> Result<(CategoryRow, Vec<CommodityRow>), Error> {
    ctx.store().category_row(id).await?.ok_or(Error::NotFound)
}

pub async fn page(ctx: Ctx, _: Admin, Id(id): Id<String>) -> Answer {
    draw(&ctx, &CategoryId(id), None, ctx.empty_form()).await
}

/// `form` is the category's, when it was refused; `new` the commodity's.
async fn draw(ctx: &Ctx, id: &CategoryId, form: Option<Form>, new: Form) -> Answer {
    let (row, commodities) = find(ctx, id).await?;
    let is_again = form.is_some() || new.has_errors();
    let shell = ctx.shell().await;
    let form = form.unwrap_or_else(|| {
        let form = ctx
            .empty_form()
            .with("name_id", &row.name_id)
            .with("name_en", &row.name_en)
            .with("position", row.position)
            .with("picture", &row.picture);
        match row.retired_at {
            Some(_) => form.with("retired", "on"),
            None => form,
        }
    });
    let page = Page {
        pictures: categories::pictures(),
        dimensions: Dimension::ALL
            .iter()
            .map(|one| Choice::new(one, commodity::dimension(&shell, one.as_str())))
            .collect(),
        treatments: commodity::treatments(&shell),
        row,
        commodities,
        form,
        new,
        shell,
    };
    if is_again {
        ctx.unprocessable(&page)
    } else {
        ctx.html(&page)
    }
}

pub async fn submit(ctx: Ctx, _: Admin, Id(id): Id<String>) -> Answer {
    let id = CategoryId(id);
    find(&ctx, &id).await?;
    let facts = match categories::read(ctx.reader()) {
        Ok(facts) => facts,
        Err(form) => return draw(&ctx, &id, Some(form), ctx.empty_form()).await,
    };
    match ctx.store().change_category(&ctx.act(), &id, &facts).await {
        Ok(()) => {}
        Err(KindError::NameTaken(field)) => {
            let form = categories::taken(&ctx, field);
            return draw(&ctx, &id, Some(form), ctx.empty_form()).await;
        }
        Err(error) => return Err(error.into()),
    }
    ctx.flash(Flash::done(ctx.t("admin-kind-changed"))).await?;
    ctx.see(format!("/admin/categories/{id}"))
}

pub async fn add_commodity(ctx: Ctx, _: Admin, Id(id): Id<String>) -> Answer {
    let id = CategoryId(id);
    find(&ctx, &id).await?;
    let mut reader = ctx.reader();
    let dimension = reader.choice::<Dimension>("dimension");
    let (dimension, facts) = match commodity::read(reader, "new_", dimension) {
        Ok(read) => read,
        Err(form) => return draw(&ctx, &id, None, form).await,
    };
    match ctx
        .store()
        .add_commodity(&ctx.act(), &id, dimension, &facts)
        .await
    {
        Ok(_) => {}
        Err(KindError::NameTaken(field)) => {
            let form = categories::taken(&ctx, &format!("new_{field}"));
            return draw(&ctx, &id, None, form).await;
        }
        Err(error) => return Err(error.into()),
    }
    ctx.flash(Flash::done(ctx.t("admin-kind-added"))).await?;
    ctx.see(format!("/admin/categories/{id}"))
}
