//! The sale units there are, in the words of both languages. They are part of the program, because quantities of orders
//! and documents are converted by them; the page shows what can be chosen.

use askama::Template;
use domain::products::SaleUnit;
use text::{Lang, units};

use crate::{
    ctx::{Admin, Ctx},
    handler::Answer,
    parts::Head,
    shell::Shell,
};

#[derive(Template)]
#[template(path = "admin/units.html")]
struct Page {
    shell: Shell,
    /// Code, Indonesian, English for one and for several.
    rows: Vec<(&'static str, String, String)>,
}

impl Page {
    fn heads(&self) -> Vec<Head> {
        ["admin-unit-code", "admin-kind-name", "admin-kind-name-en"]
            .map(|key| Head::text(self.shell.t(key)))
            .into()
    }
}

pub async fn page(ctx: Ctx, _: Admin) -> Answer {
    let page = Page {
        shell: ctx.shell().await,
        rows: SaleUnit::ALL
            .iter()
            .map(|unit| {
                let one = units::unit(Lang::En, *unit);
                let several = units::units(Lang::En, 2, *unit);
                let english = match one == several {
                    true => one,
                    false => format!("{one}, {several}"),
                };
                (unit.as_str(), units::unit(Lang::Id, *unit), english)
            })
            .collect(),
    };
    ctx.html(&page)
}
