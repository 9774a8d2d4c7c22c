//! The lists that were brought, the newest first, each with what came of it.

use askama::Template;
use store::imports::{IMPORTS_PAGE, ImportLine, ImportState};

use super::{kinds::Desk, lines::closing};
use crate::{ctx::Ctx, handler::Answer, parts::Pager, shell::Shell};

#[derive(Template)]
#[template(path = "imports/index.html")]
struct Page {
    shell: Shell,
    desk: Desk,
    imports: Vec<ImportLine>,
    pager: Pager,
}

impl Page {
    /// Below this desk.
    fn to(&self, below: &str) -> String {
        format!("{}{below}", self.desk.base())
    }

    fn badge(&self, import: &ImportLine) -> (&'static str, String, &'static str) {
        let (kind, key, icon) = match import.state {
            ImportState::Preview => ("wait", "imports-state-preview", "clock"),
            ImportState::Taking => ("wait", "imports-state-taking", "clock"),
            ImportState::Done => ("ok", "imports-state-done", "check"),
            ImportState::Undone | ImportState::Discarded => ("", "imports-state-undone", "undo"),
        };
        (kind, self.shell.t(key), icon)
    }

    /// Who brought it, if not the owner.
    fn brought_by(&self, import: &ImportLine) -> Option<String> {
        let by = import.brought_by.as_deref()?;
        Some(self.shell.t1("imports-brought-by", "name", by))
    }

    fn outcome(&self, import: &ImportLine) -> String {
        import.report.map_or_else(String::new, |report| {
            closing(&self.shell, &self.desk, &report.tally)
        })
    }
}

pub async fn page(ctx: Ctx, desk: Desk) -> Answer {
    let page: i64 = ctx
        .query()
        .first("page")
        .parse()
        .unwrap_or(1)
        .clamp(1, 10_000);
    let (imports, found) = ctx
        .store()
        .imports(desk.kind, desk.owner, desk.by(), page)
        .await?;
    let shell = ctx.shell().await;
    let first = (page - 1) * IMPORTS_PAGE;
    let last = first.saturating_add(i64::try_from(imports.len()).unwrap_or(0));
    let pages = ((found + IMPORTS_PAGE - 1) / IMPORTS_PAGE).max(1);
    let sentence = shell.t3(
        "imports-pager",
        "first",
        (first + 1).min(last),
        "last",
        last,
        "all",
        found,
    );
    let page = Page {
        pager: Pager::new(sentence, page, pages, |page| {
            format!("{}?page={page}", desk.base())
        }),
        desk,
        imports,
        shell,
    };
    ctx.html(&page)
}
