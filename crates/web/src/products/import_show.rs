//! What a list of goods would bring, row by row, before the owner consents; afterwards what it brought.

use askama::Template;
use domain::{
    ids::ImportId,
    listings::{ListingDraft, RepeatOf, RowOutcome, RowReading, Tally},
};
use store::products::{ImportState, ImportView};
use text::units;

use super::desk::zone;
use crate::{
    ctx::{Ctx, Seller},
    error::Error,
    handler::{Answer, Id},
    parts::{Head, Pager, Tab},
    shell::Shell,
};

/// Rows on one page.
const ROWS_PAGE: usize = 50;

/// Which rows are shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    All,
    New,
    Drafts,
    Repeats,
    Refused,
}

impl Part {
    const ALL: [Self; 5] = [
        Self::All,
        Self::New,
        Self::Drafts,
        Self::Repeats,
        Self::Refused,
    ];

    fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::New => "new",
            Self::Drafts => "drafts",
            Self::Repeats => "repeats",
            Self::Refused => "refused",
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::All => "products-import-all",
            Self::New => "products-import-new-rows",
            Self::Drafts => "products-import-drafts",
            Self::Repeats => "products-import-repeats",
            Self::Refused => "products-import-refused",
        }
    }

    fn of(word: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|part| part.word() == word)
            .unwrap_or(Self::All)
    }

    /// Rows of other sellers are counted, and never listed.
    fn holds(self, outcome: &RowOutcome) -> bool {
        match outcome {
            RowOutcome::New(_) => matches!(self, Self::All | Self::New),
            RowOutcome::Draft(..) => matches!(self, Self::All | Self::Drafts),
            RowOutcome::Repeat(_) => matches!(self, Self::All | Self::Repeats),
            RowOutcome::Refused(_) => matches!(self, Self::All | Self::Refused),
            RowOutcome::Filtered => false,
        }
    }

    fn count(self, tally: &Tally) -> usize {
        match self {
            Self::All => tally.read - tally.filtered,
            Self::New => tally.new,
            Self::Drafts => tally.drafts,
            Self::Repeats => tally.repeats,
            Self::Refused => tally.refused,
        }
    }
}

/// A row as the table shows it.
struct Line {
    number: i64,
    name: String,
    /// Price and unit as they were read.
    read: String,
    word: String,
    kind: &'static str,
    icon: &'static str,
    /// What is missing or wrong, one sentence each.
    remarks: Vec<String>,
}

#[derive(Template)]
#[template(path = "products/import_show.html")]
struct Page {
    shell: Shell,
    import: ImportView,
    tally: Tally,
    lines: Vec<Line>,
    tabs: Vec<Tab>,
    pager: Pager,
    heads: Vec<Head>,
    when: String,
    /// Headers that fill nothing.
    unused: String,
}

impl Page {
    /// What is done with this import.
    fn to(&self, deed: &str) -> String {
        format!("/products/imports/{}{deed}", self.import.id)
    }

    fn is_preview(&self) -> bool {
        self.import.state == ImportState::Preview
    }

    fn is_done(&self) -> bool {
        self.import.state == ImportState::Done
    }

    fn has_goods(&self) -> bool {
        self.tally.new + self.tally.drafts > 0
    }

    /// The closing line: every row is in it.
    fn closing(&self) -> String {
        closing(&self.shell, &self.tally)
    }

    fn undone(&self) -> String {
        let report = self.import.report.unwrap_or_default();
        self.shell.t2(
            "products-import-undone",
            "archived",
            report.archived,
            "kept",
            report.kept,
        )
    }
}

fn closing(shell: &Shell, tally: &Tally) -> String {
    text::t_with(
        shell.lang,
        "products-import-closing",
        &[
            ("read", tally.read.into()),
            ("new", tally.new.into()),
            ("drafts", tally.drafts.into()),
            ("repeats", tally.repeats.into()),
            ("refused", tally.refused.into()),
            ("filtered", tally.filtered.into()),
        ],
    )
}

fn line(shell: &Shell, import: &ImportView, row: &RowReading) -> Line {
    let lang = shell.lang;
    let mut line = Line {
        number: i64::from(row.number),
        name: String::new(),
        read: String::new(),
        word: String::new(),
        kind: "",
        icon: "",
        remarks: Vec::new(),
    };
    let read = |draft: &ListingDraft| {
        let unit = draft.unit.map(|unit| units::unit(lang, unit));
        let price = match (draft.price, unit) {
            (Some(price), Some(unit)) => Some(format!("{price} / {unit}")),
            (Some(price), None) => Some(price.to_string()),
            (None, unit) => unit,
        };
        let content = draft.content.map(|content| content.to_string());
        let stock = draft
            .stock
            .map(|stock| shell.t1("products-import-stock", "n", stock.to_string()));
        let parts = [price, content, stock];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    };
    match &row.outcome {
        RowOutcome::New(draft) => {
            line.name.clone_from(&draft.name);
            line.read = read(draft);
            (line.word, line.kind) = (shell.t("products-row-new"), "ok");
        }
        RowOutcome::Draft(draft, gaps) => {
            line.name.clone_from(&draft.name);
            line.read = read(draft);
            line.word = shell.t("products-row-draft");
            let gaps = super::gap_words(lang, gaps);
            line.remarks = vec![shell.t1("products-row-gaps", "gaps", gaps)];
        }
        RowOutcome::Repeat(of) => {
            line.name = cell(import, row.number);
            (line.word, line.kind, line.icon) = (shell.t("products-row-repeat"), "info", "info");
            line.remarks = vec![match of {
                RepeatOf::Row(first) => {
                    shell.t1("products-row-repeat-of", "row", i64::from(*first))
                }
                RepeatOf::Imported => shell.t("products-row-repeat-imported"),
            }];
        }
        RowOutcome::Refused(problems) => {
            line.name = cell(import, row.number);
            (line.word, line.kind) = (shell.t("products-row-refused"), "bad");
            line.remarks = problems
                .iter()
                .map(|found| {
                    let words = text::problem(lang, &found.problem);
                    match found.column.as_str() {
                        "" => words,
                        column => {
                            shell.t2("products-row-column", "column", column, "problem", words)
                        }
                    }
                })
                .collect();
        }
        RowOutcome::Filtered => {}
    }
    line
}

/// The longest cell of a row that can't be read: people know it by that.
fn cell(import: &ImportView, number: u32) -> String {
    import
        .table
        .rows
        .iter()
        .find(|(of, _)| *of == number)
        .and_then(|(_, cells)| cells.iter().max_by_key(|cell| cell.trim().chars().count()))
        .map(|cell| cell.trim().chars().take(80).collect())
        .unwrap_or_default()
}

pub async fn page(ctx: Ctx, seller: Seller, Id(id): Id<ImportId>) -> Answer {
    let umkm = seller.organisation;
    let import = ctx
        .store()
        .import(umkm, id)
        .await?
        .filter(|import| import.state != ImportState::Discarded)
        .ok_or(Error::NotFound)?;
    let shell = ctx.shell().await;
    let preview = ctx
        .store()
        .preview_listings(umkm, &import.table, import.seller.as_deref())
        .await?;
    let is_preview = import.state == ImportState::Preview;
    let tally = match (&import.report, is_preview) {
        (Some(report), false) => report.tally,
        _ => preview.tally(),
    };
    // Once the list is in, its rows are all repeats of themselves; what was refused stays worth a look.
    let part = if is_preview {
        Part::of(ctx.query().first("rows"))
    } else {
        Part::Refused
    };
    let rows: Vec<&RowReading> = preview
        .rows
        .iter()
        .filter(|row| part.holds(&row.outcome))
        .collect();
    let pages = rows.len().div_ceil(ROWS_PAGE).max(1);
    let page_number: usize = ctx
        .query()
        .first("page")
        .parse()
        .unwrap_or(1)
        .clamp(1, pages);
    let here = format!("/products/imports/{id}");
    let href = |part: Part, page: i64| format!("{here}?rows={}&page={page}", part.word());
    let start = (page_number - 1) * ROWS_PAGE;
    let lines: Vec<Line> = rows
        .iter()
        .skip(start)
        .take(ROWS_PAGE)
        .map(|row| line(&shell, &import, row))
        .collect();
    let sentence = shell.t3(
        "products-import-of",
        "first",
        start + usize::from(!lines.is_empty()),
        "last",
        start + lines.len(),
        "all",
        rows.len(),
    );
    let whole = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let page = Page {
        tabs: Part::ALL
            .into_iter()
            .map(|one| Tab {
                href: href(one, 1),
                label: shell.t(one.key()),
                count: Some(whole(one.count(&tally))),
                is_hot: one == Part::Refused && tally.refused > 0,
                is_current: one == part,
            })
            .collect(),
        pager: Pager::new(sentence, whole(page_number), whole(pages), |page| {
            href(part, page)
        }),
        heads: vec![
            Head::text(shell.t("products-import-head-name")),
            Head::text(shell.t("products-import-head-read")),
            Head::text(shell.t("products-import-head-outcome")),
        ],
        when: shell.date_time(import.created_at, zone(&ctx)),
        unused: preview
            .columns
            .iter()
            .filter(|column| column.field.is_none())
            .map(|column| column.header.as_str())
            .collect::<Vec<_>>()
            .join(", "),
        tally,
        lines,
        import,
        shell,
    };
    ctx.html(&page)
}
