//! Forms: reading what was typed, field by field, and drawing it again with what is wrong.
//!
//! A page function asks a [`Reader`] for each field; every answer is an `Option`, and what is wrong is collected:
//!
//! ```ignore
//! let mut reader = ctx.reader();
//! let name = reader.line("name", 80);
//! let price = reader.rupiah("price");
//! let command = match reader.finish(|| Some(Add { name: name?, price: price? })) {
//!     Ok(command) => command,
//!     Err(form) => return draw(&ctx, form).await, // 422, everything typed is kept
//! };
//! ```

use std::{cell::RefCell, collections::BTreeSet, str::FromStr};

use domain::{
    money::{self, Rupiah},
    names,
    problem::{FieldProblems, Problem},
    quantity,
    time::Day,
};
use text::Lang;

use crate::posted::Posted;

/// What a form shows: the typed (or stored) text of each field, and what is wrong.
#[derive(Clone, Debug, Default)]
pub struct Form {
    lang: Lang,
    values: Vec<(String, String)>,
    problems: Vec<(String, Problem)>,
}

/// One line of the error summary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The field's name, which is also the `id` of its input; empty for the form as a whole.
    pub field: String,
    pub text: String,
}

impl Form {
    #[must_use]
    pub fn empty(lang: Lang) -> Self {
        Self {
            lang,
            ..Self::default()
        }
    }

    /// What was sent, as it was typed. Passwords never come back.
    #[must_use]
    pub fn of(posted: &Posted, lang: Lang) -> Self {
        let values = posted
            .pairs()
            .iter()
            .filter(|(name, _)| !name.contains("password"))
            .cloned()
            .collect();
        Self {
            lang,
            values,
            problems: Vec::new(),
        }
    }

    /// A value that is there before anything is typed.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.values.push((name.to_owned(), value.to_string()));
        self
    }

    /// Notes what is wrong with a field; an empty name means the form as a whole.
    pub fn add(&mut self, field: &str, problem: Problem) {
        self.problems.push((field.to_owned(), problem));
    }

    /// Notes several, as the domain found them.
    pub fn add_all(&mut self, problems: FieldProblems) {
        for (field, problem) in problems.0 {
            self.add(field, problem);
        }
    }

    /// The text in a field; empty when there is none.
    #[must_use]
    pub fn value(&self, name: &str) -> &str {
        self.values
            .iter()
            .find(|(field, _)| field == name)
            .map_or("", |(_, value)| value)
    }

    /// Whether a box or choice is taken.
    #[must_use]
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.values.iter().any(|(f, v)| f == name && v == value)
    }

    /// What is wrong with a field, in words; the first where there are several.
    #[must_use]
    pub fn error(&self, name: &str) -> Option<String> {
        self.problems
            .iter()
            .find(|(field, _)| field == name)
            .map(|(_, problem)| self.words(problem))
    }

    /// Everything that is wrong, in the order of reading, for the summary.
    #[must_use]
    pub fn errors(&self) -> Vec<FieldError> {
        self.problems
            .iter()
            .map(|(field, problem)| FieldError {
                field: field.clone(),
                text: self.words(problem),
            })
            .collect()
    }

    #[must_use]
    pub fn has_errors(&self) -> bool {
        !self.problems.is_empty()
    }

    fn words(&self, problem: &Problem) -> String {
        text::problem(self.lang, problem)
    }
}

/// Reads a form and remembers each problem at its field.
pub struct Reader<'a> {
    posted: &'a Posted,
    form: Form,
    seen_twice: RefCell<BTreeSet<&'static str>>,
}

impl<'a> Reader<'a> {
    #[must_use]
    pub fn new(posted: &'a Posted, lang: Lang) -> Self {
        Self {
            posted,
            form: Form::of(posted, lang),
            seen_twice: RefCell::default(),
        }
    }

    /// The text of a field as it was typed; empty when it was not sent. Sent twice, it is refused in `finish`.
    #[must_use]
    pub fn raw(&self, name: &'static str) -> &'a str {
        let posted: &'a Posted = self.posted;
        let mut values = posted
            .pairs()
            .iter()
            .filter(|(field, _)| field == name)
            .map(|(_, value)| value.as_str());
        let first = values.next().unwrap_or_default();
        if values.next().is_some() {
            self.seen_twice.borrow_mut().insert(name);
        }
        first
    }

    /// Takes what a rule of the domain made of a field, or notes its problem.
    pub fn take<T>(&mut self, name: &'static str, parsed: Result<T, Problem>) -> Option<T> {
        match parsed {
            Ok(value) => Some(value),
            Err(problem) => {
                self.form.add(name, problem);
                None
            }
        }
    }

    /// A field read by a rule of the domain: `reader.with("phone", identifiers::phone)`.
    pub fn with<T>(
        &mut self,
        name: &'static str,
        rule: impl FnOnce(&str) -> Result<T, Problem>,
    ) -> Option<T> {
        let parsed = rule(self.raw(name));
        self.take(name, parsed)
    }

    /// As [`Reader::with`], where an empty field is `Some(None)`.
    pub fn optional<T>(
        &mut self,
        name: &'static str,
        rule: impl FnOnce(&str) -> Result<T, Problem>,
    ) -> Option<Option<T>> {
        if self.raw(name).trim().is_empty() {
            return Some(None);
        }
        self.with(name, rule).map(Some)
    }

    /// A required line of at most so many characters.
    pub fn line(&mut self, name: &'static str, max_chars: usize) -> Option<String> {
        self.with(name, |raw| names::clean_line(raw, max_chars))
    }

    /// A line that may be left empty.
    pub fn optional_line(
        &mut self,
        name: &'static str,
        max_chars: usize,
    ) -> Option<Option<String>> {
        self.with(name, |raw| names::clean_line_optional(raw, max_chars))
    }

    /// A text of several lines that may be left empty.
    pub fn optional_text(
        &mut self,
        name: &'static str,
        max_chars: usize,
    ) -> Option<Option<String>> {
        self.with(name, |raw| names::clean_text_optional(raw, max_chars))
    }

    /// A required text of several lines.
    pub fn text(&mut self, name: &'static str, max_chars: usize) -> Option<String> {
        self.with(name, |raw| names::clean_text(raw, max_chars))
    }

    /// An amount in rupiah, as people write it.
    pub fn rupiah(&mut self, name: &'static str) -> Option<Rupiah> {
        self.with(name, money::parse)
    }

    /// A whole number within bounds, both included.
    pub fn whole(&mut self, name: &'static str, min: i64, max: i64) -> Option<i64> {
        self.with(name, |raw| quantity::parse_whole(raw, min, max))
    }

    /// A calendar day from a date input.
    pub fn day(&mut self, name: &'static str) -> Option<Day> {
        self.with(name, day)
    }

    pub fn optional_day(&mut self, name: &'static str) -> Option<Option<Day>> {
        self.optional(name, day)
    }

    /// One of the words of an enum (`coded!`).
    pub fn choice<T: FromStr>(&mut self, name: &'static str) -> Option<T> {
        self.with(name, |raw| match raw.trim() {
            "" => Err(Problem::new("form-choose")),
            word => word.parse().map_err(|_| Problem::new("form-choose")),
        })
    }

    /// The id of something chosen. Whether it is there and whose it is, the store says.
    pub fn id<T: FromStr>(&mut self, name: &'static str) -> Option<T> {
        self.choice(name)
    }

    /// Every id of a field that may come many times.
    pub fn ids<T: FromStr>(&mut self, name: &'static str) -> Option<Vec<T>> {
        let parsed = self
            .posted
            .all(name)
            .map(|raw| raw.trim().parse().map_err(|_| Problem::new("form-choose")))
            .collect();
        self.take(name, parsed)
    }

    /// A ticked box.
    pub fn checked(&mut self, name: &'static str) -> bool {
        !self.raw(name).is_empty()
    }

    /// Notes a problem that only several fields together show.
    pub fn add(&mut self, field: &str, problem: Problem) {
        self.form.add(field, problem);
    }

    /// The command, if nothing is wrong; otherwise the form to draw again.
    ///
    /// # Errors
    /// The form with everything typed and every problem.
    pub fn finish<T>(mut self, command: impl FnOnce() -> Option<T>) -> Result<T, Form> {
        for name in self.seen_twice.take() {
            self.form.add(name, Problem::new("form-twice"));
        }
        if self.form.has_errors() {
            return Err(self.form);
        }
        match command() {
            Some(command) => Ok(command),
            None => {
                self.form.add("", Problem::new("form-incomplete"));
                Err(self.form)
            }
        }
    }

    /// The form to draw again, for problems found after reading.
    #[must_use]
    pub fn into_form(self) -> Form {
        self.form
    }
}

fn day(raw: &str) -> Result<Day, Problem> {
    match raw.trim() {
        "" => Err(Problem::required()),
        text => Day::from_iso(text).ok_or_else(|| Problem::new("form-day")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Posted {
        Posted::from_urlencoded(text.as_bytes())
    }

    #[test]
    fn every_problem_is_collected_and_everything_typed_is_kept() {
        let posted = read("name=&stock=1e6&day=2026-02-30&note=halo&password=geheim");
        let mut reader = Reader::new(&posted, Lang::Id);
        let name = reader.line("name", 80);
        let stock = reader.whole("stock", 1, 1000);
        let day = reader.day("day");
        let form = reader.finish(|| Some((name?, stock?, day?))).unwrap_err();
        assert_eq!(form.errors().len(), 3);
        assert_eq!(form.value("stock"), "1e6");
        assert_eq!(form.value("note"), "halo");
        assert_eq!(form.value("password"), "");
        assert!(form.error("name").is_some() && form.error("note").is_none());
    }

    #[test]
    fn a_field_sent_twice_is_a_problem_of_that_field() {
        let posted = read("price=1000&price=2000");
        let mut reader = Reader::new(&posted, Lang::En);
        let price = reader.rupiah("price");
        let form = reader.finish(|| price).unwrap_err();
        assert!(form.error("price").is_some());
        let posted = read("price=1.000");
        let mut reader = Reader::new(&posted, Lang::En);
        let price = reader.rupiah("price");
        assert_eq!(reader.finish(|| price).unwrap(), Rupiah(1000));
    }
}
