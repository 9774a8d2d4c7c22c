//! The one clock. Tests set it by hand.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use domain::time::Instant;

#[derive(Clone, Debug, Default)]
pub enum Clock {
    #[default]
    System,
    /// Epoch microseconds that a test moves.
    Fake(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands still until it is told to move.
    #[must_use]
    pub fn fake(start: Instant) -> Self {
        Self::Fake(Arc::new(AtomicI64::new(start.0)))
    }

    #[must_use]
    pub fn now(&self) -> Instant {
        match self {
            Self::System => {
                let since = SystemTime::now()
                    .duration_since(UNIX_EPOCH)
                    .unwrap_or_default();
                Instant(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
            }
            Self::Fake(micros) => Instant(micros.load(Ordering::SeqCst)),
        }
    }

    /// Moves a fake clock; the system's is not ours to move.
    pub fn advance_seconds(&self, seconds: i64) {
        if let Self::Fake(micros) = self {
            let later = self.now().plus_seconds(seconds);
            micros.store(later.0, Ordering::SeqCst);
        }
    }
}
