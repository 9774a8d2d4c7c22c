//! What happens after a deed: the timed sweep. Letters and index work of the outbox follow.

use std::time::Duration;

use domain::time::Instant;

/// How often time is looked at.
const PAUSE: Duration = Duration::from_secs(2);

/// Does what is due, until it is told to stop.
pub struct Runner {
    store: store::Store,
    now: Box<dyn Fn() -> Instant>,
}

impl Runner {
    #[must_use]
    pub fn new(
        store: store::Store,
        _search: search::Search,
        _mail: mail::Transport,
        _base_url: String,
        now: impl Fn() -> Instant + 'static,
    ) -> Self {
        Self {
            store,
            now: Box::new(now),
        }
    }

    /// Runs until `stop` is over.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let mut stop = std::pin::pin!(stop);
        loop {
            if let Err(error) = self.store.sweep((self.now)()).await {
                tracing::error!(%error, "the sweep failed");
            }
            tokio::select! {
                () = &mut stop => return,
                () = tokio::time::sleep(PAUSE) => {}
            }
        }
    }
}
