//! Letters in memory, for tests of the runner and of whole requests.

use std::sync::{Arc, Mutex, PoisonError};

use lettre::message::Mailbox;

use crate::{Letter, SendError, config::FOLDER_SENDER};

/// Keeps letters; clones share them. A letter sent again replaces the first.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    letters: Arc<Mutex<Vec<Letter>>>,
    /// What every sending answers until it is taken away again.
    fault: Arc<Mutex<Option<SendError>>>,
}

impl Memory {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// All letters in the order of their first sending.
    #[must_use]
    pub fn letters(&self) -> Vec<Letter> {
        lock(&self.letters).clone()
    }

    /// The letters to one address.
    #[must_use]
    pub fn letters_to(&self, address: &str) -> Vec<Letter> {
        let mut letters = self.letters();
        letters.retain(|letter| letter.to.address == address);
        letters
    }

    /// From now on every sending fails with this, or works again with `None`.
    pub fn fail_with(&self, fault: Option<SendError>) {
        *lock(&self.fault) = fault;
    }

    pub(crate) fn send(&self, letter: &Letter) -> Result<(), SendError> {
        // The same checks as on the way to a real server.
        let sender: Mailbox = FOLDER_SENDER
            .parse()
            .map_err(|_| SendError::Permanent("no sender".to_owned()))?;
        letter.message(&sender)?;
        if let Some(fault) = lock(&self.fault).clone() {
            return Err(fault);
        }
        let mut letters = lock(&self.letters);
        match letters.iter_mut().find(|l| l.dedupe_id == letter.dedupe_id) {
            Some(same) => *same = letter.clone(),
            None => letters.push(letter.clone()),
        }
        Ok(())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
