//! The rows of a preview in the reader's words.

use domain::{
    imports::{CellProblem, Field, Preview, RepeatOf, RowOutcome, RowReading, Tally},
    listings::ListingDraft,
    registers::{MemberEntry, SavingsKind},
};
use store::imports::{ImportView, Table};
use text::{Lang, units};

use super::kinds::Desk;
use crate::shell::Shell;

/// A row as the table shows it.
pub(super) struct Line {
    pub number: i64,
    pub name: String,
    /// Whose it is in the file.
    pub seller: String,
    /// What was read.
    pub read: String,
    pub word: String,
    pub kind: &'static str,
    pub icon: &'static str,
    /// What is missing or noteworthy, one sentence each.
    pub remarks: Vec<String>,
    /// Cells that can't be read.
    pub wrong: Vec<Wrong>,
}

/// A cell that can't be read: its column, what stands there, and why.
pub(super) struct Wrong {
    pub column: String,
    pub cell: String,
    pub why: String,
}

/// Which rows are shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    All,
    New,
    Drafts,
    Matched,
    Repeats,
    Refused,
}

impl Part {
    pub(super) fn all(desk: &Desk) -> [Self; 5] {
        let third = if desk.is_listings() {
            Self::Drafts
        } else {
            Self::Matched
        };
        [Self::All, Self::New, third, Self::Repeats, Self::Refused]
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::New => "new",
            Self::Drafts => "drafts",
            Self::Matched => "matched",
            Self::Repeats => "repeats",
            Self::Refused => "refused",
        }
    }

    pub(super) fn key(self, desk: &Desk) -> &'static str {
        match self {
            Self::All => "imports-all",
            Self::New => desk.key("imports-new-goods", "imports-new-members"),
            Self::Drafts => "imports-drafts",
            Self::Matched => "imports-matched",
            Self::Repeats => "imports-repeats",
            Self::Refused => "imports-refused",
        }
    }

    pub(super) fn of(word: &str, desk: &Desk) -> Self {
        Self::all(desk)
            .into_iter()
            .find(|part| part.word() == word)
            .unwrap_or(Self::All)
    }

    /// Rows of other sellers are counted, and never listed.
    fn holds<D>(self, outcome: &RowOutcome<D>) -> bool {
        match outcome {
            RowOutcome::New(_) => matches!(self, Self::All | Self::New),
            RowOutcome::Draft(..) => matches!(self, Self::All | Self::Drafts),
            RowOutcome::Match(_) => matches!(self, Self::All | Self::Matched),
            RowOutcome::Repeat(_) => matches!(self, Self::All | Self::Repeats),
            RowOutcome::Refused(_) => matches!(self, Self::All | Self::Refused),
            RowOutcome::Filtered => false,
        }
    }

    pub(super) fn count(self, tally: &Tally) -> usize {
        match self {
            Self::All => tally.read - tally.filtered,
            Self::New => tally.new,
            Self::Drafts => tally.drafts,
            Self::Matched => tally.matched,
            Self::Repeats => tally.repeats,
            Self::Refused => tally.refused,
        }
    }
}

/// The closing line: every row is in it.
pub(super) fn closing(shell: &Shell, desk: &Desk, tally: &Tally) -> String {
    text::t_with(
        shell.lang,
        desk.key("imports-closing-listings", "imports-closing-members"),
        &[
            ("read", tally.read.into()),
            ("new", tally.new.into()),
            ("drafts", tally.drafts.into()),
            ("matched", tally.matched.into()),
            ("repeats", tally.repeats.into()),
            ("refused", tally.refused.into()),
            ("filtered", tally.filtered.into()),
        ],
    )
}

/// Why a cell can't be read: `Kolom Harga: Tulis harga dengan angka`.
pub(super) fn reason(lang: Lang, found: &CellProblem) -> String {
    let words = text::problem(lang, &found.problem);
    match found.column.as_str() {
        "" => words,
        column => text::t_with(
            lang,
            "imports-row-column",
            &[("column", column.into()), ("problem", words.into())],
        ),
    }
}

/// A page of a part of a preview, and how many rows the part has.
pub(super) fn page<F: Field, D>(
    shell: &Shell,
    import: &ImportView,
    preview: &Preview<F, D>,
    part: Part,
    skip: usize,
    take: usize,
    read: impl Fn(&mut Line, &D),
) -> (Vec<Line>, usize) {
    let rows: Vec<&RowReading<D>> = preview
        .rows
        .iter()
        .filter(|row| part.holds(&row.outcome))
        .collect();
    let lines = rows
        .iter()
        .skip(skip)
        .take(take)
        .map(|row| {
            let table = import.table();
            let mut line = line(shell, table, preview, row);
            if let Some(taken) = row.outcome.taken() {
                read(&mut line, taken);
            }
            line
        })
        .collect();
    (lines, rows.len())
}

fn line<F: Field, D>(
    shell: &Shell,
    table: Option<&Table>,
    preview: &Preview<F, D>,
    row: &RowReading<D>,
) -> Line {
    let cells = table.and_then(|table| {
        let mut rows = table.rows.iter();
        rows.find(|(number, _)| *number == row.number)
    });
    let cell = |at: usize| -> String {
        let cell = cells.and_then(|(_, cells)| cells.get(at));
        cell.map(|cell| cell.trim().chars().take(80).collect())
            .unwrap_or_default()
    };
    let of_field = |code: &str| -> String {
        let place = preview
            .columns
            .iter()
            .position(|column| column.field.is_some_and(|field| field.code() == code));
        place.map(cell).unwrap_or_default()
    };
    let mut line = Line {
        number: i64::from(row.number),
        name: of_field("name"),
        seller: of_field("seller"),
        read: String::new(),
        word: String::new(),
        kind: "",
        icon: "",
        remarks: Vec::new(),
        wrong: Vec::new(),
    };
    match &row.outcome {
        RowOutcome::New(_) => (line.word, line.kind) = (shell.t("imports-row-new"), "ok"),
        RowOutcome::Draft(_, gaps) => {
            line.word = shell.t("imports-row-draft");
            let gaps = crate::products::gap_words(shell.lang, gaps);
            line.remarks = vec![shell.t1("imports-row-gaps", "gaps", gaps)];
        }
        RowOutcome::Match(_) => {
            (line.word, line.kind, line.icon) = (shell.t("imports-row-match"), "info", "people");
        }
        RowOutcome::Repeat(of) => {
            (line.word, line.kind, line.icon) = (shell.t("imports-row-repeat"), "info", "info");
            line.remarks = vec![match of {
                RepeatOf::Row(first) => shell.t1("imports-row-repeat-of", "row", i64::from(*first)),
                RepeatOf::Imported => shell.t("imports-row-repeat-imported"),
            }];
        }
        RowOutcome::Refused(problems) => {
            (line.word, line.kind) = (shell.t("imports-row-refused"), "bad");
            line.wrong = problems
                .iter()
                .map(|found| {
                    let place = preview
                        .columns
                        .iter()
                        .position(|column| column.header == found.column);
                    Wrong {
                        cell: place.map(cell).unwrap_or_default(),
                        why: text::problem(shell.lang, &found.problem),
                        column: found.column.clone(),
                    }
                })
                .collect();
        }
        RowOutcome::Filtered => {}
    }
    line
}

/// `Rp10.500 / bungkus · 250 g · sisa 40`.
pub(super) fn read_goods(shell: &Shell, line: &mut Line, draft: &ListingDraft) {
    let unit = draft.unit.map(|unit| units::unit(shell.lang, unit));
    let price = match (draft.price, unit) {
        (Some(price), Some(unit)) => Some(format!("{price} / {unit}")),
        (Some(price), None) => Some(price.to_string()),
        (None, unit) => unit,
    };
    let content = draft.content.map(|content| content.to_string());
    let stock = draft
        .stock
        .map(|stock| shell.t1("imports-stock", "n", stock.to_string()));
    line.name.clone_from(&draft.name);
    line.read = joined([price, content, stock]);
}

/// `Nomor 12 · +6281… · Gringsing, Kab. Batang · pokok Rp100.000`.
pub(super) fn read_member(shell: &Shell, line: &mut Line, entry: &MemberEntry) {
    let number = entry
        .number
        .map(|n| shell.t1("imports-number", "n", n.to_string()));
    let region = entry.region.as_deref().map(domain::regions::short_name);
    let place = joined_by(", ", [entry.village.clone(), region]);
    let since = entry.joined_on.map(|day| shell.date(day));
    let savings = entry.savings.iter().map(|(kind, amount)| {
        let key = match kind {
            SavingsKind::Principal => "imports-savings-principal",
            SavingsKind::Mandatory => "imports-savings-mandatory",
            SavingsKind::Voluntary => "imports-savings-voluntary",
        };
        Some(shell.t1(key, "amount", amount.to_string()))
    });
    line.name.clone_from(&entry.name);
    let facts = [
        number,
        entry.phone.clone(),
        Some(place).filter(|place| !place.is_empty()),
        since,
    ];
    line.read = joined(facts.into_iter().chain(savings));
    let (_, key, _) = crate::members::status_badge(entry.status);
    line.remarks.insert(0, shell.t(key));
}

fn joined(parts: impl IntoIterator<Item = Option<String>>) -> String {
    joined_by(" · ", parts)
}

fn joined_by(between: &str, parts: impl IntoIterator<Item = Option<String>>) -> String {
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join(between)
}
