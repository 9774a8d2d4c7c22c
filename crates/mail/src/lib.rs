//! Letters: what they say ([`letters`]) and how they leave the house ([`Transport`]).
//!
//! Nobody sends from a request. A letter is a row in `jobs`, written by the deed it reports; the runner sends it
//! until it is done. Sending twice is harmless: the dedupe id makes the Message-ID and the name in the folder.
//! Start at [`Transport::open`]. Not here: when to write to whom (jobs), the page that shows the folder (web).
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod config;
mod error;
mod folder;
mod letter;
pub mod letters;
mod memory;
mod smtp;

pub use config::{Config, ConfigError};
pub use error::SendError;
pub use folder::{Folder, Listing, StoredLetter};
pub use letter::{Letter, Recipient};
pub use memory::Memory;
pub use smtp::Smtp;

/// The way out, chosen once at the start.
#[derive(Clone, Debug)]
pub enum Transport {
    /// To a mail server.
    Smtp(Smtp),
    /// Into a folder of `.eml` files, kept and not sent.
    Folder(Folder),
    /// Into memory, for tests.
    Memory(Memory),
}

impl Transport {
    /// The mail server when one is configured, else the folder, which is made if it is missing.
    ///
    /// # Errors
    /// [`ConfigError`] for settings that would send passwords or letters in the clear, or can't work at all.
    pub fn open(config: &Config) -> Result<Self, ConfigError> {
        let sender = config.sender()?;
        match &config.smtp_url {
            Some(url) => Smtp::open(url, sender, config.timeout).map(Self::Smtp),
            None => Folder::open(&config.mailbox, sender).map(Self::Folder),
        }
    }

    /// Sends one letter to its one recipient.
    ///
    /// # Errors
    /// [`SendError`]: whether another try can help.
    pub async fn send(&self, letter: &Letter) -> Result<(), SendError> {
        match self {
            Self::Smtp(smtp) => smtp.send(letter).await,
            Self::Folder(folder) => folder.send(letter).await,
            Self::Memory(memory) => memory.send(letter),
        }
    }

    /// Letters can be handed over. Sends none.
    ///
    /// # Errors
    /// [`SendError`] when they can't at the moment.
    pub async fn ping(&self) -> Result<(), SendError> {
        match self {
            Self::Smtp(smtp) => smtp.ping().await,
            Self::Folder(_) | Self::Memory(_) => Ok(()),
        }
    }

    /// Writes what became of letters that were to go to a mail server.
    pub fn write_figures(&self, sheet: &mut figures::Sheet) {
        if let Self::Smtp(smtp) = self {
            smtp.write_figures(sheet);
        }
    }

    /// The folder, where letters are kept and not sent.
    #[must_use]
    pub fn folder(&self) -> Option<&Folder> {
        match self {
            Self::Folder(folder) => Some(folder),
            Self::Smtp(_) | Self::Memory(_) => None,
        }
    }
}
