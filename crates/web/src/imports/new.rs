//! Bringing a list: choosing its file. What it would do is shown on the next page, before anything happens.

use askama::Template;
use domain::problem::Problem;
use sheets::{Limits, Sheet, SheetError, first_table};
use store::imports::{Reading, Table};

use super::{kinds::Desk, problems::sheet_problem};
use crate::{ctx::Ctx, form::Form, handler::Answer, routes::UPLOAD_BYTES_MAX, shell::Shell, turns};

/// Rows of a list brought by the web page; a page stays quick with these.
const ROWS_MAX: usize = 5_000;
const FILE_NAME_CHARS: usize = 120;
const SELLER_CHARS: usize = 120;
/// Lists of one organisation within the window.
const TRIES_MAX: i64 = 60;
const WINDOW_SECONDS: i64 = 3600;

#[derive(Template)]
#[template(path = "imports/new.html")]
struct Page {
    shell: Shell,
    desk: Desk,
    form: Form,
}

impl Page {
    /// Below this desk.
    fn to(&self, below: &str) -> String {
        format!("{}{below}", self.desk.base())
    }
}

async fn draw(ctx: &Ctx, desk: Desk, form: Form) -> Answer {
    let is_again = form.has_errors();
    let page = Page {
        shell: ctx.shell().await,
        desk,
        form,
    };
    if is_again {
        ctx.unprocessable(&page)
    } else {
        ctx.html(&page)
    }
}

pub async fn page(ctx: Ctx, desk: Desk) -> Answer {
    draw(&ctx, desk, ctx.empty_form()).await
}

fn of_sheet(sheet: Sheet) -> Table {
    Table {
        name: sheet.name,
        headers: sheet.headers,
        rows: sheet
            .rows
            .into_iter()
            .map(|row| (row.number, row.cells))
            .collect(),
    }
}

/// Reads a file's bytes as the table that an import takes; for the command line and tests.
///
/// # Errors
/// [`SheetError`] with row and column where the file can't be read as it was meant.
pub fn table(bytes: &[u8], limits: &Limits) -> Result<Table, SheetError> {
    sheets::read(bytes, limits).map(of_sheet)
}

pub async fn submit(ctx: Ctx, desk: Desk) -> Answer {
    let mut reader = ctx.reader();
    let only = reader.optional_line("seller", SELLER_CHARS);
    let file = ctx.posted().file("file");
    let file = file.map(|file| (file.file_name.clone(), file.bytes.to_vec()));
    // Rows copied in a spreadsheet are a file like any other: cells between tabs.
    let pasted = reader.raw("pasted");
    let file = file.or_else(|| {
        let is_there = !pasted.trim().is_empty();
        is_there.then(|| (ctx.t("imports-pasted-name"), pasted.as_bytes().to_vec()))
    });
    if file.is_none() {
        reader.add("file", Problem::new("imports-choose"));
    }
    let (file, only) = match reader.finish(|| Some((file?, only?))) {
        Ok(command) => command,
        Err(form) => return draw(&ctx, desk, form).await,
    };
    // CHECKLIST G05, E07: counted before the work of reading.
    let bucket = format!("import:{}", desk.by().unwrap_or(desk.owner));
    turns::allow(&ctx, &bucket, TRIES_MAX, WINDOW_SECONDS).await?;
    let limits = Limits {
        bytes: UPLOAD_BYTES_MAX,
        rows: ROWS_MAX,
        ..Limits::default()
    };
    let (name, bytes) = file;
    let name = shown_name(&name);
    let turn = ctx.state().turns.take().await?;
    let read = turn.run(move || sheets::read_all(&bytes, &limits)).await?;
    let sheets = match read {
        Ok(sheets) => sheets,
        Err(error) => {
            let mut form = Form::of(ctx.posted(), ctx.lang());
            let field = if ctx.posted().file("file").is_some() {
                "file"
            } else {
                "pasted"
            };
            form.add(field, sheet_problem(&error));
            return draw(&ctx, desk, form).await;
        }
    };
    let sheets = without_guide(sheets);
    if sheets.iter().all(|sheet| sheet.rows.is_empty()) {
        let mut form = Form::of(ctx.posted(), ctx.lang());
        form.add("file", Problem::new("imports-template-unfilled"));
        return draw(&ctx, desk, form).await;
    }
    let reading = Reading {
        sheet: first_table(&sheets),
        mapping: None,
        seller: only.filter(|_| desk.is_listings()),
    };
    let tables: Vec<Table> = sheets.into_iter().map(of_sheet).collect();
    let staged = ctx
        .store()
        .stage_import(&desk.act, desk.kind, desk.owner, &name, &tables, &reading)
        .await?;
    ctx.see(format!("{}/{staged}", desk.base()))
}

/// The sheets of a file without the one of examples and words that our own empty lists have beside their first.
fn without_guide(mut sheets: Vec<Sheet>) -> Vec<Sheet> {
    let Some(first) = sheets.first().map(|sheet| sheet.headers.clone()) else {
        return sheets;
    };
    let names = text::Lang::ALL.map(|lang| text::t(lang, "imports-template-guide"));
    let mut at = 0;
    sheets.retain(|sheet| {
        at += 1;
        let is_named = sheet.name.as_ref().is_some_and(|name| names.contains(name));
        at == 1 || !(is_named && sheet.headers.starts_with(&first))
    });
    sheets
}

/// A file's name, only ever shown: control characters and paths have no business in it.
fn shown_name(name: &str) -> String {
    name.rsplit(['/', '\\'])
        .next()
        .unwrap_or_default()
        .chars()
        .filter(|c| !c.is_control())
        .take(FILE_NAME_CHARS)
        .collect()
}
