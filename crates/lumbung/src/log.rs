//! Logging to standard error: lines for people on a terminal, JSON for machines.
//!
//! What people type ends up in logs (a path, an error's words). A line end or an escape sequence in it would write lines
//! of its own or steer the reader's terminal, so every line leaves through [`OneLine`] (CHECKLIST D06).

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::util::SubscriberInitExt;

use crate::cli::LogFormat;

/// Traces go on until this is dropped.
#[cfg(feature = "otel")]
pub type Traces = crate::traces::Traces;
#[cfg(not(feature = "otel"))]
pub struct Traces;

/// Starts it, once per process.
pub fn start(filter: &str, format: LogFormat) -> Traces {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| "info".into());
    // Tantivy tells every commit; that is not the operator's business.
    let filter = match "tantivy=warn".parse() {
        Ok(directive) => filter.add_directive(directive),
        Err(_) => filter,
    };
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        // Colours are escape sequences too; no line needs them.
        .with_ansi(false)
        // A line that can't be written, as on a full disk, is lost; telling of it on the same stream would panic, and end
        // the request that was to be told of.
        .log_internal_errors(false)
        .with_writer(|| OneLine(io::stderr()));
    let is_text = match format {
        LogFormat::Auto => io::stderr().is_terminal(),
        LogFormat::Text => true,
        LogFormat::Json => false,
    };
    if is_text {
        init(builder.finish())
    } else {
        init(builder.json().finish())
    }
}

#[cfg(not(feature = "otel"))]
fn init(lines: impl SubscriberInitExt) -> Traces {
    lines.init();
    Traces
}

#[cfg(feature = "otel")]
fn init<S>(lines: S) -> Traces
where
    S: tracing::Subscriber
        + for<'span> tracing_subscriber::registry::LookupSpan<'span>
        + Send
        + Sync,
{
    use tracing_subscriber::layer::SubscriberExt as _;
    let (traces, layer) = crate::traces::start();
    lines.with(layer).init();
    traces
}

/// Writes each record, which comes whole, as one line: what controls a terminal or a reader is written as `\u001b`.
struct OneLine<W>(W);

impl<W: Write> Write for OneLine<W> {
    fn write(&mut self, record: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(record);
        let (line, end) = match text.strip_suffix('\n') {
            Some(line) => (line, "\n"),
            None => (text.as_ref(), ""),
        };
        let mut out = String::with_capacity(line.len() + 1);
        for c in line.chars() {
            if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') {
                // The same escape holds inside JSON; a String takes it always.
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            } else {
                out.push(c);
            }
        }
        out.push_str(end);
        self.0.write_all(out.as_bytes())?;
        Ok(record.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    const EVIL: &str = "a\r\n2026-11-24 INFO signed in person=admin\x1b[2J\u{9b}31m\u{2028}b\0";

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Kept {
        fn text(&self) -> String {
            String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
        }
    }

    fn log() {
        let error = io::Error::other(EVIL);
        tracing::warn!(name = EVIL, %error, debug = ?EVIL, "words: {EVIL}");
    }

    fn is_one_clean_line(text: &str) {
        let line = text.strip_suffix('\n').expect("a whole line");
        let stray: Vec<char> = line
            .chars()
            .filter(|c| c.is_control() || *c == '\u{2028}')
            .collect();
        assert!(stray.is_empty(), "{stray:?} in {text:?}");
    }

    // D06
    #[test]
    fn what_people_type_stays_on_its_line_of_a_text_log() {
        let kept = Kept::default();
        let its = kept.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_ansi(false)
            .with_writer(move || OneLine(its.clone()))
            .finish();
        tracing::subscriber::with_default(subscriber, log);
        is_one_clean_line(&kept.text());
        assert!(
            kept.text().contains("\\u000d\\u000a2026"),
            "{}",
            kept.text()
        );
    }

    // D06
    #[test]
    fn a_json_log_stays_json_with_the_same_words() {
        let kept = Kept::default();
        let its = kept.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_ansi(false)
            .json()
            .with_writer(move || OneLine(its.clone()))
            .finish();
        tracing::subscriber::with_default(subscriber, log);
        is_one_clean_line(&kept.text());
        let record: serde_json::Value = serde_json::from_str(&kept.text()).unwrap();
        assert_eq!(record["fields"]["name"], EVIL);
        assert_eq!(record["fields"]["error"], EVIL);
    }
}
