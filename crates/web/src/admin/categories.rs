//! Categories in the order of lists, and a form for a new one.

use askama::Template;
use domain::{ids::CategoryId, problem::Problem};
use store::kinds::{CategoryFacts, CategoryRow, KindError};

use crate::{
    assets,
    ctx::{Admin, Ctx},
    error::Error,
    flash::Flash,
    form::{Form, Reader},
    handler::Answer,
    parts::{Choice, Head},
    shell::Shell,
};

/// Longest name, in characters.
pub(super) const NAME_CHARS: usize = 60;

#[derive(Template)]
#[template(path = "admin/categories.html")]
struct Page {
    shell: Shell,
    form: Form,
    pictures: Vec<Choice>,
    rows: Vec<CategoryRow>,
}

impl Page {
    fn heads(&self) -> Vec<Head> {
        vec![
            Head::text(self.shell.t("admin-kind-name")),
            Head::text(self.shell.t("admin-kind-name-en")),
            Head::number(self.shell.t("admin-kind-position")),
            Head::number(self.shell.t("admin-kind-commodities")),
            Head::number(self.shell.t("admin-kind-live-offers")),
        ]
    }
}

/// The drawn pictures there are.
pub(super) fn pictures() -> Vec<Choice> {
    assets::pictures()
        .map(|name| Choice::new(name, name.replace('-', " ")))
        .collect()
}

/// One of the drawn pictures.
pub(super) fn picture(raw: &str) -> Result<String, Problem> {
    let raw = raw.trim();
    assets::pictures()
        .find(|name| *name == raw)
        .map(str::to_owned)
        .ok_or_else(|| Problem::new("form-choose"))
}

/// What a form says of a category. `retired` is a box that only existing ones have.
pub(super) fn read(mut reader: Reader<'_>) -> Result<CategoryFacts, Form> {
    let name_id = reader.line("name_id", NAME_CHARS);
    let name_en = reader.line("name_en", NAME_CHARS);
    let position = reader.whole("position", 1, 999);
    let picture = reader.with("picture", picture);
    let retired = reader.checked("retired");
    reader.finish(|| {
        Some(CategoryFacts {
            name_id: name_id?,
            name_en: name_en?,
            position: i32::try_from(position?).ok()?,
            picture: picture?,
            retired,
        })
    })
}

/// The form again, with the name that is another one's.
pub(super) fn taken(ctx: &Ctx, field: &str) -> Form {
    let mut form = Form::of(ctx.posted(), ctx.lang());
    form.add(field, Problem::new("admin-kind-taken"));
    form
}

pub async fn page(ctx: Ctx, _: Admin) -> Answer {
    draw(&ctx, ctx.empty_form()).await
}

async fn draw(ctx: &Ctx, form: Form) -> Answer {
    let rows = ctx.store().category_rows().await?;
    let is_again = form.has_errors();
    let next = rows.iter().map(|row| row.position).max().unwrap_or(0) + 1;
    let page = Page {
        form: if is_again {
            form
        } else {
            form.with("position", next).with("picture", "barang")
        },
        pictures: pictures(),
        rows,
        shell: ctx.shell().await,
    };
    if is_again {
        ctx.unprocessable(&page)
    } else {
        ctx.html(&page)
    }
}

pub async fn submit(ctx: Ctx, _: Admin) -> Answer {
    let facts = match read(ctx.reader()) {
        Ok(facts) => facts,
        Err(form) => return draw(&ctx, form).await,
    };
    let CategoryId(id) = match ctx.store().add_category(&ctx.act(), &facts).await {
        Ok(id) => id,
        Err(KindError::NameTaken(field)) => return draw(&ctx, taken(&ctx, field)).await,
        Err(error) => return Err(error.into()),
    };
    ctx.flash(Flash::done(ctx.t("admin-kind-added"))).await?;
    ctx.see(format!("/admin/categories/{id}"))
}

impl From<KindError> for Error {
    fn from(error: KindError) -> Self {
        match error {
            KindError::NotFound => Self::NotFound,
            KindError::NameTaken(_) => Self::BadRequest,
            KindError::Store(error) => error.into(),
        }
    }
}
