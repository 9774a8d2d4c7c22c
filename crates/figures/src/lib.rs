//! Figures of a running process: what is counted since it began, and the page of it that Prometheus reads.
//!
//! The only crate that knows that page's format. Each part of the product owns its figures ([`Counter`], [`Timings`]) and
//! writes them with [`Sheet`]; nothing here is registered or global, so two apps in one test count apart.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

use std::{
    fmt::Write as _,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// Goes only up.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    pub fn add(&self, n: u64) {
        self.0.fetch_add(n, Ordering::Relaxed);
    }

    #[must_use]
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Upper bounds of the steps of [`Timings`], in milliseconds.
pub const BOUNDS: [u64; 9] = [1, 5, 25, 100, 250, 500, 1_000, 2_500, 10_000];

/// How long things took.
#[derive(Debug, Default)]
pub struct Timings {
    /// Of each step: no longer than its bound, and longer than the one before.
    within: [AtomicU64; BOUNDS.len()],
    count: AtomicU64,
    microseconds: AtomicU64,
}

impl Timings {
    pub fn add(&self, took: Duration) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.count.fetch_add(1, Ordering::Relaxed);
        self.microseconds.fetch_add(micros, Ordering::Relaxed);
        let mut steps = BOUNDS.iter().zip(&self.within);
        if let Some((_, step)) = steps.find(|(bound, _)| micros <= **bound * 1_000) {
            step.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[must_use]
    pub fn count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }
}

/// The page, in Prometheus' text format 0.0.4. Lines of one name have to be written one after the other.
#[derive(Debug, Default)]
pub struct Sheet {
    text: String,
    last: &'static str,
}

/// Names of a line and their values: `&[("route", "/orders"), ("status", "2xx")]`.
pub type Labels<'a> = &'a [(&'a str, &'a str)];

impl Sheet {
    /// One value of what goes only up. `name` ends in `_total`.
    pub fn counter(&mut self, name: &'static str, help: &str, labels: Labels<'_>, value: u64) {
        self.head(name, help, "counter");
        self.line(name, "", labels, None, &value.to_string());
    }

    /// One value of what goes up and down.
    pub fn gauge(&mut self, name: &'static str, help: &str, labels: Labels<'_>, value: i64) {
        self.head(name, help, "gauge");
        self.line(name, "", labels, None, &value.to_string());
    }

    /// How long things took. `name` ends in `_seconds`.
    pub fn timings(
        &mut self,
        name: &'static str,
        help: &str,
        labels: Labels<'_>,
        timings: &Timings,
    ) {
        self.head(name, help, "histogram");
        let mut sum = 0;
        for (bound, step) in BOUNDS.iter().zip(&timings.within) {
            sum += step.load(Ordering::Relaxed);
            let bound = format!("{}.{:03}", bound / 1_000, bound % 1_000);
            self.line(name, "_bucket", labels, Some(&bound), &sum.to_string());
        }
        // Another thread may have counted meanwhile; a step is never more than all.
        let count = timings.count().max(sum).to_string();
        let micros = timings.microseconds.load(Ordering::Relaxed);
        let seconds = format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
        self.line(name, "_bucket", labels, Some("+Inf"), &count);
        self.line(name, "_sum", labels, None, &seconds);
        self.line(name, "_count", labels, None, &count);
    }

    #[must_use]
    pub fn into_text(self) -> String {
        self.text
    }

    fn head(&mut self, name: &'static str, help: &str, kind: &str) {
        if self.last != name {
            self.last = name;
            let _ = writeln!(self.text, "# HELP {name} {help}\n# TYPE {name} {kind}");
        }
    }

    fn line(
        &mut self,
        name: &str,
        ending: &str,
        labels: Labels<'_>,
        le: Option<&str>,
        value: &str,
    ) {
        let _ = write!(self.text, "{name}{ending}");
        let le = le.map(|le| ("le", le));
        let mut begin = '{';
        for (label, of) in labels.iter().copied().chain(le) {
            let _ = write!(self.text, "{begin}{label}=\"{}\"", escaped(of));
            begin = ',';
        }
        let end = if begin == ',' { "}" } else { "" };
        let _ = writeln!(self.text, "{end} {value}");
    }
}

fn escaped(value: &str) -> String {
    value
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_reads_as_prometheus_writes_it() {
        let mut sheet = Sheet::default();
        for (path, n) in [("/orders/{id}", 3), ("a\"b\\c\nd", 1)] {
            sheet.counter("x_total", "All x.", &[("route", path)], n);
        }
        sheet.gauge("y", "Now.", &[], -2);
        assert_eq!(
            sheet.into_text(),
            "# HELP x_total All x.\n# TYPE x_total counter\nx_total{route=\"/orders/{id}\"} 3\n\
             x_total{route=\"a\\\"b\\\\c\\nd\"} 1\n# HELP y Now.\n# TYPE y gauge\ny -2\n"
        );
    }

    #[test]
    fn steps_add_up_and_slow_ones_are_in_the_last_alone() {
        let timings = Timings::default();
        for millis in [0, 1, 3, 30, 60_000] {
            timings.add(Duration::from_millis(millis));
        }
        let mut sheet = Sheet::default();
        sheet.timings("t_seconds", "Times.", &[("kind", "a")], &timings);
        let text = sheet.into_text();
        for line in [
            "t_seconds_bucket{kind=\"a\",le=\"0.001\"} 2",
            "t_seconds_bucket{kind=\"a\",le=\"0.005\"} 3",
            "t_seconds_bucket{kind=\"a\",le=\"0.100\"} 4",
            "t_seconds_bucket{kind=\"a\",le=\"10.000\"} 4",
            "t_seconds_bucket{kind=\"a\",le=\"+Inf\"} 5",
            "t_seconds_sum{kind=\"a\"} 60.034000",
            "t_seconds_count{kind=\"a\"} 5",
        ] {
            assert!(text.lines().any(|l| l == line), "{line} in {text}");
        }
    }
}
