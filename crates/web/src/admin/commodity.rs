//! One commodity: what it is called, how it is taxed and graded, its picture, and whether it can be chosen.

use askama::Template;
use domain::{ids::CommodityId, names, problem::Problem};
use store::kinds::{CommodityFacts, CommodityRow, KindError};

use super::categories;
use crate::{
    ctx::{Admin, Ctx},
    error::Error,
    flash::Flash,
    form::{Form, Reader},
    handler::{Answer, Id},
    parts::{Choice, Crumb},
    shell::Shell,
};

/// Grades of one commodity.
const GRADES_MAX: usize = 8;
/// Longest grade, in characters.
const GRADE_CHARS: usize = 12;

#[derive(Template)]
#[template(path = "admin/commodity.html")]
struct Page {
    shell: Shell,
    form: Form,
    pictures: Vec<Choice>,
    treatments: Vec<Choice>,
    row: CommodityRow,
}

impl Page {
    fn crumbs(&self) -> Vec<Crumb> {
        let above = format!("/admin/categories/{}", self.row.category_id);
        vec![
            Crumb::new("/admin/categories", self.shell.t("admin-categories")),
            Crumb::new(above, self.shell.t("admin-kind-category")),
        ]
    }

    fn facts(&self) -> Vec<(String, String)> {
        vec![
            (self.shell.t("admin-kind-id"), self.row.id.clone()),
            (
                self.shell.t("admin-kind-dimension"),
                dimension(&self.shell, &self.row.dimension),
            ),
        ]
    }
}

pub(super) fn dimension(shell: &Shell, word: &str) -> String {
    match word {
        "mass" => shell.t("admin-dimension-mass"),
        "volume" => shell.t("admin-dimension-volume"),
        "length" => shell.t("admin-dimension-length"),
        _ => shell.t("admin-dimension-count"),
    }
}

pub(super) fn treatment(shell: &Shell, exempt: bool) -> String {
    shell.t(if exempt {
        "admin-ppn-exempt"
    } else {
        "admin-ppn-taxable"
    })
}

pub(super) fn treatments(shell: &Shell) -> Vec<Choice> {
    [("taxable", false), ("exempt", true)]
        .map(|(word, exempt)| Choice::new(word, treatment(shell, exempt)))
        .into()
}

/// "A, B, C", best first.
fn grades(raw: &str) -> Result<Vec<String>, Problem> {
    let mut grades: Vec<String> = Vec::new();
    for grade in raw.split(',').map(str::trim).filter(|one| !one.is_empty()) {
        let grade = names::clean_line(grade, GRADE_CHARS)?;
        if !grades.contains(&grade) {
            grades.push(grade);
        }
    }
    if grades.len() > GRADES_MAX {
        return Err(Problem::new("admin-kind-grades-many").with("max", GRADES_MAX));
    }
    Ok(grades)
}

/// What a form says of a commodity. Fields of the form for a new one begin with `new_`, for both stand on a page with
/// the category's own.
pub(super) fn read<T>(
    mut reader: Reader<'_>,
    prefix: &'static str,
    dimension: Option<T>,
) -> Result<(T, CommodityFacts), Form> {
    let of_new = !prefix.is_empty();
    let name = |new: &'static str, own: &'static str| if of_new { new } else { own };
    let name_id = reader.line(name("new_name_id", "name_id"), categories::NAME_CHARS);
    let name_en = reader.line(name("new_name_en", "name_en"), categories::NAME_CHARS);
    let picture = reader.with(name("new_picture", "picture"), categories::picture);
    let exempt = reader.with("ppn", |raw| match raw.trim() {
        "exempt" => Ok(true),
        "taxable" => Ok(false),
        _ => Err(Problem::new("form-choose")),
    });
    let grades = reader.with("grades", grades);
    let perishable = reader.checked("perishable");
    let retired = !of_new && reader.checked("retired");
    reader.finish(|| {
        Some((
            dimension?,
            CommodityFacts {
                name_id: name_id?,
                name_en: name_en?,
                picture: picture?,
                exempt: exempt?,
                perishable,
                grades: grades?,
                retired,
            },
        ))
    })
}

async fn find(ctx: &Ctx, id: &CommodityId) -> Result<CommodityRow, Error> {
    ctx.store().commodity_row(id).await?.ok_or(Error::NotFound)
}

pub async fn page(ctx: Ctx, _: Admin, Id(id): Id<String>) -> Answer {
    let row = find(&ctx, &CommodityId(id)).await?;
    let mut form = ctx
        .empty_form()
        .with("name_id", &row.name_id)
        .with("name_en", &row.name_en)
        .with("picture", &row.picture)
        .with("ppn", &row.ppn_treatment)
        .with("grades", row.grades.replace(',', ", "));
    if row.perishable {
        form = form.with("perishable", "on");
    }
    if row.retired_at.is_some() {
        form = form.with("retired", "on");
    }
    draw(&ctx, row, form).await
}

async fn draw(ctx: &Ctx, row: CommodityRow, form: Form) -> Answer {
    let is_again = form.has_errors();
    let shell = ctx.shell().await;
    let page = Page {
        pictures: categories::pictures(),
        treatments: treatments(&shell),
        row,
        form,
        shell,
    };
    if is_again {
        ctx.unprocessable(&page)
    } else {
        ctx.html(&page)
    }
}

pub async fn submit(ctx: Ctx, _: Admin, Id(id): Id<String>) -> Answer {
    let id = CommodityId(id);
    let row = find(&ctx, &id).await?;
    let ((), facts) = match read(ctx.reader(), "", Some(())) {
        Ok(read) => read,
        Err(form) => return draw(&ctx, row, form).await,
    };
    match ctx.store().change_commodity(&ctx.act(), &id, &facts).await {
        Ok(()) => {}
        Err(KindError::NameTaken(field)) => {
            return draw(&ctx, row, categories::taken(&ctx, field)).await;
        }
        Err(error) => return Err(error.into()),
    }
    ctx.flash(Flash::done(ctx.t("admin-kind-changed"))).await?;
    ctx.see(format!("/admin/commodities/{id}"))
}

#[cfg(test)]
mod tests {
    use super::grades;

    #[test]
    fn grades_are_read_best_first_each_once() {
        assert_eq!(grades(" A, B ,,A").unwrap(), ["A", "B"]);
        assert!(grades("").unwrap().is_empty());
        assert!(grades("1,2,3,4,5,6,7,8,9").is_err());
        assert!(grades("A\0").is_err());
    }
}
