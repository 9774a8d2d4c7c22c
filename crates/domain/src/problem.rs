//! Typing mistakes as values: what a person typed can't be used, and why, for the words next to the field.
//!
//! Not for refusals (right input, wrong state): those are error enums of their deed. A code is the key of its
//! sentence in `crates/text/locales/{id,en}/errors.ftl`; a test there finds every code of this crate in both languages.

use serde::Serialize;

/// One typing mistake: the key of its sentence and the values put into it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{code}")]
pub struct Problem {
    /// Fluent key, such as `error-money-empty`.
    pub code: &'static str,
    /// Values for the sentence, already formatted for reading.
    pub args: Vec<(&'static str, String)>,
}

impl Problem {
    #[must_use]
    pub const fn new(code: &'static str) -> Self {
        Self {
            code,
            args: Vec::new(),
        }
    }

    /// The same problem with a value for its sentence.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((name, value.to_string()));
        self
    }

    /// A field that must be filled in is empty.
    #[must_use]
    pub const fn required() -> Self {
        Self::new("error-required")
    }
}

/// All typing mistakes of a form, each with the name of its field, in the order of the fields.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{} fields need correction", .0.len())]
pub struct FieldProblems(pub Vec<(&'static str, Problem)>);

impl FieldProblems {
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    pub fn add(&mut self, field: &'static str, problem: Problem) {
        self.0.push((field, problem));
    }

    /// The value, or `None` after noting its problem: a parser collects all fields before it gives up.
    pub fn take<T>(&mut self, field: &'static str, parsed: Result<T, Problem>) -> Option<T> {
        match parsed {
            Ok(value) => Some(value),
            Err(problem) => {
                self.add(field, problem);
                None
            }
        }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first problem of a field.
    #[must_use]
    pub fn of(&self, field: &str) -> Option<&Problem> {
        self.0
            .iter()
            .find(|(name, _)| *name == field)
            .map(|(_, problem)| problem)
    }

    /// What was parsed, when there was nothing to complain about.
    ///
    /// # Errors
    /// The problems, when there is any or when `value` is missing.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Self> {
        match value {
            Some(value) if self.is_empty() => Ok(value),
            _ => Err(self),
        }
    }
}

/// Where a command reads its fields from: the raw text of a field, `None` when it was not sent.
pub type Source<'a> = &'a dyn Fn(&str) -> Option<String>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_of_a_form_is_kept_and_none_means_success() {
        let mut problems = FieldProblems::new();
        let name: Option<i32> = problems.take("name", Err(Problem::required()));
        assert_eq!(name, None);
        assert_eq!(problems.take("price", Ok(5)), Some(5));
        problems.add("stock", Problem::new("error-quantity-max").with("max", 3));
        assert_eq!(problems.of("name"), Some(&Problem::required()));
        assert_eq!(problems.of("price"), None);
        assert_eq!(
            problems.of("stock").unwrap().args,
            [("max", "3".to_owned())]
        );
        assert_eq!(problems.clone().finish(Some(1)), Err(problems));
        assert_eq!(FieldProblems::new().finish(Some(1)), Ok(1));
    }
}
