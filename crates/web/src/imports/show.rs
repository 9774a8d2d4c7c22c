//! What a list would bring, row by row, before the owner consents; afterwards what it brought.

use std::collections::BTreeMap;

use askama::Template;
use domain::{
    ids::ImportId,
    imports::{Field, Tally},
    names::fold,
    problem::Problem,
};
use store::imports::{AT_ONCE_MAX, ImportError, ImportState, ImportView, Preview, Table};

use super::{
    find,
    kinds::Desk,
    lines::{self, Line, Part, closing},
    progress,
};
use crate::{
    ctx::Ctx,
    error::Error,
    form::Form,
    handler::{Answer, Id},
    parts::{Choice, Head, Pager, Tab},
    shell::Shell,
};

/// Rows on one page.
const ROWS_PAGE: usize = 50;
/// Sellers that can be chosen.
const SELLERS_MAX: usize = 200;
/// Sellers that are named where the one that was asked for is none of them.
const SELLERS_NAMED: usize = 5;
/// Letters of a column's samples.
const SAMPLE_CHARS: usize = 30;

/// A column's choice: the field it fills.
struct Chooser {
    code: &'static str,
    label: String,
}

#[derive(Template)]
#[template(path = "imports/show.html")]
struct Page {
    shell: Shell,
    desk: Desk,
    form: Form,
    import: ImportView,
    tally: Tally,
    digest: String,
    lines: Vec<Line>,
    tabs: Vec<Tab>,
    pager: Pager,
    heads: Vec<Head>,
    when: String,
    /// Headers that fill nothing.
    unused: String,
    /// Why the table can't be read as it is.
    problem: Option<String>,
    choosers: Vec<Chooser>,
    /// The file's columns, each with what stands in it.
    columns: Vec<Choice>,
    sheets: Vec<Choice>,
    sellers: Vec<Choice>,
    /// Rows of several sellers would become one's own.
    is_of_many: bool,
    owner: String,
}

impl Page {
    /// What is done with this import.
    fn to(&self, deed: &str) -> String {
        format!("{}/{}{deed}", self.desk.base(), self.import.id)
    }

    fn is_preview(&self) -> bool {
        self.import.state == ImportState::Preview
    }

    fn is_done(&self) -> bool {
        self.import.state == ImportState::Done
    }

    /// The closing line: every row is in it.
    fn closing(&self) -> String {
        closing(&self.shell, &self.desk, &self.tally)
    }

    fn undone(&self) -> String {
        let report = self.import.report.unwrap_or_default();
        let key = self
            .desk
            .key("imports-undone-listings", "imports-undone-members");
        self.shell
            .t2(key, "archived", report.archived, "kept", report.kept)
    }

    /// Where the goods are that it brought.
    fn filled(&self) -> String {
        format!("{}{}", self.desk.home(), self.desk.key("?shelf=draft", ""))
    }

    /// Who brought it, if not the owner.
    fn brought_by(&self) -> Option<String> {
        let by = self.import.brought_by.as_deref()?;
        Some(self.shell.t1("imports-brought-by", "name", by))
    }

    /// The seller that was asked for is not in the file: who is.
    fn unknown_seller(&self) -> Option<String> {
        let seller = self.import.reading.seller.as_deref()?;
        if self.tally.read == 0 || self.tally.filtered < self.tally.read {
            return None;
        }
        let named: Vec<&str> = self
            .sellers
            .iter()
            .take(SELLERS_NAMED)
            .map(|choice| choice.label.as_str())
            .collect();
        Some(self.shell.t2(
            "imports-seller-unknown",
            "seller",
            seller,
            "sellers",
            named.join(", "),
        ))
    }

    /// Why it is a preview again.
    fn note(&self) -> Option<String> {
        let key = match self.import.note.as_deref()? {
            "cancelled" => "imports-cancelled",
            _ => "imports-put-back",
        };
        Some(self.shell.t(key))
    }

    fn consent(&self) -> String {
        let key = self
            .desk
            .key("imports-consent-listings", "imports-consent-members");
        self.shell.t1(key, "n", self.tally.taken())
    }

    fn savings(&self) -> String {
        let report = self.import.report.unwrap_or_default();
        if report.savings_rupiah == 0 {
            return String::new();
        }
        let sum = domain::money::Rupiah(report.savings_rupiah);
        self.shell.t1("imports-savings-sum", "sum", sum.to_string())
    }
}

/// An import with what it would bring now.
pub(super) struct Shown {
    desk: Desk,
    import: ImportView,
    preview: Result<Option<Preview>, Problem>,
    sellers: Vec<(String, usize)>,
    pub is_of_many: bool,
}

impl Shown {
    pub(super) async fn load(ctx: &Ctx, desk: Desk, id: ImportId) -> Result<Self, Error> {
        let import = find(ctx, &desk, id).await?;
        if import.state == ImportState::Taking {
            return Err(ImportError::WrongState(import.state).into());
        }
        let preview = if import.table().is_none() {
            // Long done: only the outcome is kept.
            Ok(None)
        } else {
            let preview = ctx
                .store()
                .preview_import(desk.kind, desk.owner, ctx.now(), &import)
                .await;
            match preview {
                Ok(preview) => Ok(Some(preview)),
                Err(ImportError::Unreadable(problem)) => Err(problem),
                Err(error) => return Err(error.into()),
            }
        };
        let sellers = match &preview {
            Ok(Some(Preview::Listings(preview))) => sellers(&import, preview),
            _ => Vec::new(),
        };
        Ok(Self {
            is_of_many: sellers.len() > 1 && import.reading.seller.is_none(),
            desk,
            import,
            preview,
            sellers,
        })
    }

    /// What it would bring, if that is more than one waits for.
    pub(super) fn long(&self) -> Option<&Preview> {
        let preview = self.preview.as_ref().ok()?.as_ref()?;
        (preview.tally().taken() > AT_ONCE_MAX).then_some(preview)
    }

    pub(super) async fn draw(self, ctx: &Ctx, form: Form) -> Answer {
        let desk = self.desk;
        let shell = ctx.shell().await;
        let import = self.import;
        let is_preview = import.state == ImportState::Preview;
        let (preview, problem) = match self.preview {
            Ok(preview) => (preview, None),
            Err(problem) => (None, Some(text::problem(shell.lang, &problem))),
        };
        let tally = match (&import.report, &preview) {
            (Some(report), _) if !is_preview => report.tally,
            (_, Some(preview)) => preview.tally(),
            _ => Tally::default(),
        };
        // Once the list is in, its rows are all repeats of themselves; what was refused stays worth a look.
        let part = if is_preview {
            Part::of(ctx.query().first("rows"), &desk)
        } else {
            Part::Refused
        };
        let asked: usize = ctx.query().first("page").parse().unwrap_or(1);
        let page_of = |asked: usize| {
            let skip = asked.saturating_sub(1).saturating_mul(ROWS_PAGE);
            match &preview {
                Some(Preview::Listings(preview)) => lines::page(
                    &shell,
                    &import,
                    preview,
                    part,
                    skip,
                    ROWS_PAGE,
                    |line, draft| {
                        lines::read_goods(&shell, line, draft);
                    },
                ),
                Some(Preview::Members(preview)) => lines::page(
                    &shell,
                    &import,
                    preview,
                    part,
                    skip,
                    ROWS_PAGE,
                    |line, entry| {
                        lines::read_member(&shell, line, entry);
                    },
                ),
                None => (Vec::new(), 0),
            }
        };
        let (_, rows) = page_of(usize::MAX);
        let pages = rows.div_ceil(ROWS_PAGE).max(1);
        let number = asked.clamp(1, pages);
        let (shown, _) = page_of(number);
        let here = format!("{}/{}", desk.base(), import.id);
        let href = |part: Part, page: i64| format!("{here}?rows={}&page={page}", part.word());
        let start = (number - 1) * ROWS_PAGE;
        let sentence = shell.t3(
            "imports-of",
            "first",
            start + usize::from(!shown.is_empty()),
            "last",
            start + shown.len(),
            "all",
            rows,
        );
        let whole = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let mut heads = vec![Head::text(
            shell.t(desk.key("imports-head-goods", "imports-head-member")),
        )];
        if self.is_of_many {
            heads.push(Head::text(shell.t("imports-field-seller")));
        }
        heads.push(Head::text(shell.t("imports-head-read")));
        heads.push(Head::text(shell.t("imports-head-outcome")));
        let table = import.table().cloned().unwrap_or_default();
        let page = Page {
            tabs: Part::all(&desk)
                .into_iter()
                .map(|one| Tab {
                    href: href(one, 1),
                    label: shell.t(one.key(&desk)),
                    count: Some(whole(one.count(&tally))),
                    is_hot: one == Part::Refused && tally.refused > 0,
                    is_current: one == part,
                })
                .collect(),
            pager: Pager::new(sentence, whole(number), whole(pages), |page| {
                href(part, page)
            }),
            when: shell.date_time(import.created_at, desk.zone),
            unused: preview.as_ref().map(unused).unwrap_or_default(),
            digest: preview.as_ref().map(Preview::digest).unwrap_or_default(),
            choosers: desk
                .fields()
                .into_iter()
                .map(|(code, key)| Chooser {
                    code,
                    label: shell.t(key),
                })
                .collect(),
            columns: columns(&table),
            sheets: sheets(&import),
            sellers: self
                .sellers
                .iter()
                .take(SELLERS_MAX)
                .map(|(name, rows)| {
                    let label =
                        shell.t2("imports-seller-rows", "seller", name.as_str(), "n", *rows);
                    Choice::new(name, label)
                })
                .collect(),
            form: chosen(form, &desk, &import, &table),
            is_of_many: self.is_of_many,
            owner: desk.name.clone(),
            tally,
            lines: shown,
            heads,
            problem,
            desk,
            import,
            shell,
        };
        if page.form.has_errors() {
            ctx.unprocessable(&page)
        } else {
            ctx.html(&page)
        }
    }
}

/// The form with what is chosen now.
fn chosen(mut form: Form, desk: &Desk, import: &ImportView, table: &Table) -> Form {
    let mapping = match &import.reading.mapping {
        Some(mapping) => mapping.clone(),
        None => desk.guess(&table.headers),
    };
    for (code, place) in &mapping.0 {
        form = form.with(code, place);
    }
    form.with("sheet", import.reading.sheet)
        .with("only", import.reading.seller.clone().unwrap_or_default())
}

/// Whose rows a list of goods has, each with how many, the most first.
fn sellers(import: &ImportView, preview: &domain::listings::Preview) -> Vec<(String, usize)> {
    let place = preview
        .columns
        .iter()
        .position(|column| column.field == Some(domain::listings::Field::Seller));
    let (Some(place), Some(table)) = (place, import.table()) else {
        return Vec::new();
    };
    let mut found: BTreeMap<String, (String, usize)> = BTreeMap::new();
    for (_, cells) in &table.rows {
        let name = cells.get(place).map_or("", |cell| cell.trim());
        if !name.is_empty() {
            let seller = found
                .entry(fold(name))
                .or_insert_with(|| (name.to_owned(), 0));
            seller.1 += 1;
        }
    }
    let mut sellers: Vec<(String, usize)> = found.into_values().collect();
    sellers.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    sellers
}

/// The file's columns, each with the first things that stand in it: `Harga: 5.000, Rp12.500`.
fn columns(table: &Table) -> Vec<Choice> {
    table
        .headers
        .iter()
        .enumerate()
        .map(|(at, header)| {
            let samples: Vec<String> = table
                .rows
                .iter()
                .filter_map(|(_, cells)| cells.get(at).map(|cell| cell.trim()))
                .filter(|cell| !cell.is_empty())
                .take(2)
                .map(|cell| cell.chars().take(SAMPLE_CHARS).collect())
                .collect();
            let label = match samples.is_empty() {
                true => header.clone(),
                false => format!("{header}: {}", samples.join(", ")),
            };
            Choice::new(at, label)
        })
        .collect()
}

fn sheets(import: &ImportView) -> Vec<Choice> {
    if import.tables.len() < 2 {
        return Vec::new();
    }
    let tables = import.tables.iter().enumerate();
    tables
        .map(|(at, table)| {
            let name = table.name.clone().unwrap_or_else(|| (at + 1).to_string());
            Choice::new(at, format!("{name} ({})", table.rows.len()))
        })
        .collect()
}

/// Headers that fill nothing.
fn unused(preview: &Preview) -> String {
    fn of<F: Field>(columns: &[domain::imports::Column<F>]) -> String {
        let unused = columns.iter().filter(|column| column.field.is_none());
        let headers: Vec<&str> = unused.map(|column| column.header.as_str()).collect();
        headers.join(", ")
    }
    match preview {
        Preview::Listings(preview) => of(&preview.columns),
        Preview::Members(preview) => of(&preview.columns),
    }
}

pub async fn page(ctx: Ctx, desk: Desk, Id(id): Id<ImportId>) -> Answer {
    let form = ctx.empty_form();
    let import = find(&ctx, &desk, id).await?;
    if let Some(progress) = import.progress {
        return progress::draw(&ctx, desk, &import, progress).await;
    }
    Shown::load(&ctx, desk, id).await?.draw(&ctx, form).await
}
