//! The cells of one row: read exactly, or a problem with the column's name.

use super::{CellProblem, Column, Field};
use crate::problem::Problem;

/// A row's cells by field.
pub struct Cells<'a, F> {
    columns: &'a [Column<F>],
    cells: &'a [String],
}

impl<'a, F: Field> Cells<'a, F> {
    #[must_use]
    pub fn new(columns: &'a [Column<F>], cells: &'a [String]) -> Self {
        Self { columns, cells }
    }

    /// The trimmed cell; empty without such a column, or when the row ends before it.
    #[must_use]
    pub fn raw(&self, field: F) -> &'a str {
        self.column(field)
            .and_then(|(at, _)| self.cells.get(at))
            .map_or("", |cell| cell.trim())
    }

    /// The column of a field, with its place.
    #[must_use]
    pub fn column(&self, field: F) -> Option<(usize, &'a Column<F>)> {
        self.columns
            .iter()
            .enumerate()
            .find(|(_, column)| column.field == Some(field))
    }

    /// Cells beyond the last header, such as a comma in an unquoted name leaves: then all columns are off by one.
    #[must_use]
    pub fn too_many(&self) -> Option<Problem> {
        let beyond = self.cells.get(self.columns.len()..).unwrap_or_default();
        beyond.iter().any(|cell| !cell.trim().is_empty()).then(|| {
            Problem::new("error-import-too-many-cells")
                .with("found", self.cells.len())
                .with("expected", self.columns.len())
        })
    }
}

/// Reads a row's cells and collects what can't be read.
pub struct Reader<'a, F> {
    pub row: &'a Cells<'a, F>,
    problems: Vec<(usize, CellProblem)>,
}

impl<'a, F: Field> Reader<'a, F> {
    #[must_use]
    pub fn new(row: &'a Cells<'a, F>) -> Self {
        Self {
            row,
            problems: Vec::new(),
        }
    }

    /// What a cell says; `None` when it is empty, or after noting that it can't be read.
    pub fn read<T>(
        &mut self,
        field: F,
        parse: impl FnOnce(&str) -> Result<Option<T>, Problem>,
    ) -> Option<T> {
        let raw = self.row.raw(field);
        if raw.is_empty() {
            return None;
        }
        match parse(raw) {
            Ok(value) => value,
            Err(problem) => {
                self.note(field, problem);
                None
            }
        }
    }

    /// Notes what is wrong with a cell.
    pub fn note(&mut self, field: F, problem: Problem) {
        let (at, column) = match self.row.column(field) {
            Some((at, column)) => (at, column.header.clone()),
            None => (0, String::new()),
        };
        self.problems.push((at, CellProblem { column, problem }));
    }

    #[must_use]
    pub fn has_problems(&self) -> bool {
        !self.problems.is_empty()
    }

    /// Everything that was noted, in the order of the columns.
    #[must_use]
    pub fn problems(mut self) -> Vec<CellProblem> {
        self.problems.sort_by_key(|(at, _)| *at);
        self.problems.into_iter().map(|(_, p)| p).collect()
    }
}
