//! The way to a mail server: encrypted unless it is this machine, with time limits, over a few kept connections.

use std::{fmt, sync::Arc, time::Duration};

use figures::{Counter, Sheet, Timings};
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Tokio1Executor,
    message::Mailbox,
    transport::smtp::{self, PoolConfig},
};
use url::Url;

use crate::{ConfigError, Letter, SendError, error::one_line};

/// A mail server.
#[derive(Clone)]
pub struct Smtp {
    sender: Mailbox,
    server: AsyncSmtpTransport<Tokio1Executor>,
    timeout: Duration,
    figures: Arc<Figures>,
}

/// What became of letters since the process began.
#[derive(Debug, Default)]
struct Figures {
    sent: Counter,
    later: Counter,
    refused: Counter,
    took: Timings,
}

/// Without the connection, whose settings hold the password.
impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Smtp")
            .field("sender", &self.sender)
            .finish_non_exhaustive()
    }
}

const CONNECTIONS_MAX: u32 = 4;
const IDLE_SECONDS_MAX: u64 = 60;

impl Smtp {
    pub(crate) fn open(url: &str, sender: Mailbox, timeout: Duration) -> Result<Self, ConfigError> {
        check(url)?;
        let pool = PoolConfig::new()
            .max_size(CONNECTIONS_MAX)
            .idle_timeout(Duration::from_secs(IDLE_SECONDS_MAX));
        let server = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .map_err(|_| ConfigError::Url)?
            .timeout(Some(timeout))
            .pool_config(pool)
            .build();
        Ok(Self {
            sender,
            server,
            timeout,
            figures: Arc::default(),
        })
    }

    pub(crate) async fn send(&self, letter: &Letter) -> Result<(), SendError> {
        let begun = std::time::Instant::now();
        let outcome = self.hand_over(letter).await;
        self.figures.took.add(begun.elapsed());
        let counter = match &outcome {
            Ok(()) => &self.figures.sent,
            Err(SendError::Retry(_)) => &self.figures.later,
            Err(SendError::Permanent(_)) => &self.figures.refused,
        };
        counter.add(1);
        outcome
    }

    pub(crate) fn write_figures(&self, sheet: &mut Sheet) {
        let help = "Tries to hand a letter to the mail server, by outcome.";
        for (outcome, counter) in [
            ("sent", &self.figures.sent),
            ("later", &self.figures.later),
            ("refused", &self.figures.refused),
        ] {
            sheet.counter(
                "lumbung_letters_total",
                help,
                &[("outcome", outcome)],
                counter.get(),
            );
        }
        let help = "How long the mail server took for a letter.";
        sheet.timings("lumbung_letter_seconds", help, &[], &self.figures.took);
    }

    async fn hand_over(&self, letter: &Letter) -> Result<(), SendError> {
        let message = letter.message(&self.sender)?;
        // The server's own limit is per step; a server that drips bytes could stretch each.
        let whole = self.timeout.saturating_mul(3);
        match tokio::time::timeout(whole, self.server.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(fault)) => Err(judge(&fault)),
            Err(_) => Err(too_slow()),
        }
    }

    /// The server is there and takes our password. Sends nothing.
    pub(crate) async fn ping(&self) -> Result<(), SendError> {
        match tokio::time::timeout(self.timeout, self.server.test_connection()).await {
            Ok(Ok(true)) => Ok(()),
            Ok(Ok(false)) => Err(SendError::Retry("the mail server hangs up".to_owned())),
            Ok(Err(fault)) => Err(SendError::Retry(words(&fault))),
            Err(_) => Err(too_slow()),
        }
    }
}

fn too_slow() -> SendError {
    SendError::Retry("the mail server is too slow".to_owned())
}

fn words(fault: &smtp::Error) -> String {
    let mut words = fault.to_string();
    let mut source = std::error::Error::source(fault);
    while let Some(deeper) = source {
        words = format!("{words}: {deeper}");
        source = deeper.source();
    }
    one_line(&words)
}

/// Only a 5xx about this letter is final. A refused password (53x) is our setting, which somebody will mend.
fn judge(fault: &smtp::Error) -> SendError {
    let words = words(fault);
    let about_password = fault
        .status()
        .is_some_and(|code| matches!(u16::from(code), 530..=538));
    if fault.is_permanent() && !about_password {
        SendError::Permanent(words)
    } else {
        SendError::Retry(words)
    }
}

/// `smtps://` anywhere, `smtp://…?tls=required` anywhere, `smtp://` to this machine. Nothing else: an
/// opportunistic connection can be talked out of its encryption.
fn check(url: &str) -> Result<(), ConfigError> {
    let url = Url::parse(url).map_err(|_| ConfigError::Url)?;
    let host = url.host_str().unwrap_or_default();
    if host.is_empty() {
        return Err(ConfigError::Url);
    }
    if !url.username().is_empty() && url.password().is_none() {
        return Err(ConfigError::NoPassword);
    }
    let settings: Vec<_> = url.query_pairs().collect();
    let tls = match settings.as_slice() {
        [] => None,
        [(key, value)] if key == "tls" => Some(value.as_ref()),
        _ => return Err(ConfigError::Url),
    };
    match (url.scheme(), tls) {
        ("smtps", None | Some("required")) | ("smtp", Some("required")) => Ok(()),
        ("smtp", None) if is_this_machine(host) => Ok(()),
        ("smtp" | "smtps", _) => Err(ConfigError::Unencrypted),
        _ => Err(ConfigError::Url),
    }
}

fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<std::net::Ipv4Addr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests;
