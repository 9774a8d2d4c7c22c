//! Settings of the way out, and their check. Only the binary reads the environment.

use std::{fmt, path::PathBuf, time::Duration};

use lettre::message::Mailbox;
use thiserror::Error;

/// Where letters go.
#[derive(Clone)]
pub struct Config {
    /// `smtps://user:pass@host`, `smtp://host?tls=required`; plain `smtp://` to this machine only.
    pub smtp_url: Option<String>,
    /// The sender, as `Lumbung <surat@contoh.example>` or a bare address. Needed with `smtp_url`.
    pub mail_from: Option<String>,
    /// The folder that keeps letters when there is no mail server.
    pub mailbox: PathBuf,
    /// How long the mail server may take for one step, and thrice that for one letter.
    pub timeout: Duration,
}

impl Config {
    /// Letters are kept in this folder.
    #[must_use]
    pub fn folder(mailbox: impl Into<PathBuf>) -> Self {
        Self {
            smtp_url: None,
            mail_from: None,
            mailbox: mailbox.into(),
            timeout: TIMEOUT,
        }
    }

    pub(crate) fn sender(&self) -> Result<Mailbox, ConfigError> {
        let from = match (&self.mail_from, &self.smtp_url) {
            (Some(from), _) => from.trim(),
            (None, None) => FOLDER_SENDER,
            (None, Some(_)) => return Err(ConfigError::NoSender),
        };
        if from.chars().any(char::is_control) {
            return Err(ConfigError::Sender);
        }
        from.parse().map_err(|_| ConfigError::Sender)
    }
}

/// The default of [`Config::timeout`].
pub const TIMEOUT: Duration = Duration::from_secs(20);
pub(crate) const FOLDER_SENDER: &str = "Lumbung <surat@lumbung.example>";

/// The URL holds a password.
impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("smtp_url", &self.smtp_url.as_ref().map(|_| "…"))
            .field("mail_from", &self.mail_from)
            .field("mailbox", &self.mailbox)
            .field("timeout", &self.timeout)
            .finish()
    }
}

/// Settings that can't be used. The messages name the variable and never its value.
#[derive(Debug, Error)]
pub enum ConfigError {
    #[error("SMTP_URL is not a URL like smtps://user:password@host or smtp://host?tls=required")]
    Url,
    #[error(
        "SMTP_URL would send letters unencrypted: use smtps:// or ?tls=required (plain smtp:// goes only to localhost or 127.0.0.1)"
    )]
    Unencrypted,
    #[error("SMTP_URL has a user name without a password")]
    NoPassword,
    #[error("MAIL_FROM is needed together with SMTP_URL")]
    NoSender,
    #[error("MAIL_FROM is not an address like surat@contoh.example")]
    Sender,
    #[error("can't use the mailbox folder {path}")]
    Folder {
        path: PathBuf,
        source: std::io::Error,
    },
}
