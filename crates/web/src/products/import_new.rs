//! Bringing a list of goods from a file: choosing it. What it would do is shown on the next page, before anything happens.

use askama::Template;
use domain::{money::grouped, problem::Problem};
use sheets::{Limits, SheetError};
use store::{
    accounts::Tries,
    products::{ImportError, ImportLine, ImportState, Table},
};

use super::desk::zone;
use crate::{
    ctx::{Ctx, Seller},
    error::Error,
    form::Form,
    handler::Answer,
    routes::UPLOAD_BYTES_MAX,
    shell::Shell,
};

/// Rows of a list brought by the web page; a page stays quick with these.
const ROWS_MAX: usize = 5_000;
const FILE_NAME_CHARS: usize = 120;
const SELLER_CHARS: usize = 120;
/// Lists of one business within the window.
const TRIES_MAX: i64 = 60;
const WINDOW_SECONDS: i64 = 3600;

#[derive(Template)]
#[template(path = "products/import_new.html")]
struct Page {
    shell: Shell,
    form: Form,
    imports: Vec<ImportLine>,
    zone: domain::time::Zone,
}

impl Page {
    fn state(&self, import: &ImportLine) -> String {
        self.shell.t(match import.state {
            ImportState::Preview => "products-import-state-preview",
            ImportState::Done => "products-import-state-done",
            ImportState::Undone | ImportState::Discarded => "products-import-state-undone",
        })
    }
}

async fn draw(ctx: &Ctx, seller: Seller, form: Form) -> Answer {
    let is_again = form.has_errors();
    let page = Page {
        imports: ctx.store().imports(seller.organisation).await?,
        shell: ctx.shell().await,
        zone: zone(ctx),
        form,
    };
    if is_again {
        ctx.unprocessable(&page)
    } else {
        ctx.html(&page)
    }
}

pub async fn page(ctx: Ctx, seller: Seller) -> Answer {
    draw(&ctx, seller, ctx.empty_form()).await
}

/// Reads a file's bytes as the table that an import takes; the web page and the command line alike.
///
/// # Errors
/// [`SheetError`] with row and column where the file can't be read as it was meant.
pub fn table(bytes: &[u8], limits: &Limits) -> Result<Table, SheetError> {
    let sheet = sheets::read(bytes, limits)?;
    Ok(Table {
        headers: sheet.headers,
        rows: sheet
            .rows
            .into_iter()
            .map(|row| (row.number, row.cells))
            .collect(),
    })
}

/// Why a file can't be read, in words.
fn sheet_problem(error: &SheetError) -> Problem {
    let problem = match error {
        SheetError::Empty => Problem::new("imports-sheet-empty"),
        SheetError::TooLarge { .. } => Problem::new("imports-sheet-too-large"),
        SheetError::OldExcel => Problem::new("imports-sheet-old-excel"),
        SheetError::NotWorkbook => Problem::new("imports-sheet-not-workbook"),
        SheetError::Damaged | SheetError::Unwritten => Problem::new("imports-sheet-damaged"),
        SheetError::TooBigUnpacked { .. } => Problem::new("imports-sheet-too-big-unpacked"),
        SheetError::TooManySheets { limit } => {
            Problem::new("imports-sheet-too-many-sheets").with("limit", limit)
        }
        SheetError::Macros => Problem::new("imports-sheet-macros"),
        SheetError::Links => Problem::new("imports-sheet-links"),
        SheetError::Nested => Problem::new("imports-sheet-nested"),
        SheetError::Entities => Problem::new("imports-sheet-entities"),
        SheetError::MergedRows { .. } => Problem::new("imports-sheet-merged-rows"),
        SheetError::FormulaWithoutValue { .. } => {
            Problem::new("imports-sheet-formula-without-value")
        }
        SheetError::FormulaFault { .. } => Problem::new("imports-sheet-formula-fault"),
        SheetError::NotText => Problem::new("imports-sheet-not-text"),
        SheetError::Unreadable { .. } => Problem::new("imports-sheet-unreadable"),
        SheetError::UnclosedQuote { .. } => Problem::new("imports-sheet-unclosed-quote"),
        SheetError::StrayQuote { .. } => Problem::new("imports-sheet-stray-quote"),
        SheetError::TooManyRows { limit } => {
            Problem::new("imports-sheet-too-many-rows").with("limit", grouped_of(*limit))
        }
        SheetError::TooManyColumns { .. } => Problem::new("imports-sheet-too-many-columns"),
        SheetError::CellTooLong { .. } => Problem::new("imports-sheet-cell-too-long"),
        SheetError::DuplicateColumn { .. } => Problem::new("imports-sheet-duplicate-column"),
    };
    let problem = match error.row() {
        Some(row) => problem.with("row", row),
        None => problem,
    };
    match error.column() {
        Some(column) => problem.with("column", column),
        None => problem,
    }
}

fn grouped_of(n: usize) -> String {
    grouped(i64::try_from(n).unwrap_or(i64::MAX))
}

pub async fn submit(ctx: Ctx, seller: Seller) -> Answer {
    let mut reader = ctx.reader();
    let only = reader.optional_line("seller", SELLER_CHARS);
    let file = ctx.posted().file("file");
    let limits = Limits {
        bytes: UPLOAD_BYTES_MAX,
        rows: ROWS_MAX,
        ..Limits::default()
    };
    let read = match file {
        None => Err(Problem::new("products-import-choose")),
        Some(file) => table(&file.bytes, &limits).map_err(|error| sheet_problem(&error)),
    };
    let read = reader.take("file", read);
    let (table, only) = match reader.finish(|| Some((read?, only?))) {
        Ok(command) => command,
        Err(form) => return draw(&ctx, seller, form).await,
    };
    let bucket = format!("import:{}", seller.organisation);
    let tries = ctx
        .store()
        .count_try(&ctx.act(), &bucket, TRIES_MAX, WINDOW_SECONDS)
        .await?;
    if let Tries::Exhausted {
        retry_after_seconds,
    } = tries
    {
        return Err(Error::TooMany {
            retry_after_seconds,
        });
    }
    // Only ever shown: control characters and paths have no business in it.
    let file_name: String = file
        .map(|file| file.file_name.as_str())
        .and_then(|name| name.rsplit(['/', '\\']).next())
        .unwrap_or_default()
        .chars()
        .filter(|c| !c.is_control())
        .take(FILE_NAME_CHARS)
        .collect();
    let staged = ctx
        .store()
        .stage_import(
            &ctx.act(),
            seller.organisation,
            &file_name,
            &table,
            only.as_deref(),
        )
        .await;
    match staged {
        Ok(import) => ctx.see(format!("/products/imports/{import}")),
        Err(ImportError::Unreadable(problem)) => {
            let mut form = Form::of(ctx.posted(), ctx.lang());
            form.add("file", problem);
            draw(&ctx, seller, form).await
        }
        Err(error) => Err(error.into()),
    }
}
