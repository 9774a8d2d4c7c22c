//! Why a letter did not leave.

use thiserror::Error;

/// The runner tries a [`SendError::Retry`] again later and gives a [`SendError::Permanent`] up.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SendError {
    /// The server is down, slow, busy or doesn't take our password: later may do.
    #[error("not sent yet: {0}")]
    Retry(String),
    /// The server refuses this letter for good, or the letter itself is not fit to be sent.
    #[error("can't be sent: {0}")]
    Permanent(String),
}

/// A server's words go into a log and a page for the administrator: one line, not endless.
pub(crate) fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(300)
        .collect()
}
