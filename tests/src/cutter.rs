//! A wire to PostgreSQL that can be cut at the worst moment: before a COMMIT arrives, or before its answer does.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// When the wire is cut next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// The server never hears of the COMMIT.
    BeforeCommit,
    /// The server commits, and nobody hears that it did.
    BeforeAnswer,
}

/// A listening port whose connections lead to another one.
#[derive(Debug)]
pub struct Wire {
    port: u16,
    cut: Arc<AtomicU32>,
    cuts: Arc<AtomicU32>,
}

impl Wire {
    /// Leads to a port on loopback, within the runtime of the caller.
    ///
    /// # Panics
    /// When no port is free.
    pub async fn to(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let wire = Self {
            port: listener.local_addr().expect("it listens").port(),
            cut: Arc::default(),
            cuts: Arc::default(),
        };
        let (cut, cuts) = (Arc::clone(&wire.cut), Arc::clone(&wire.cuts));
        tokio::spawn(async move {
            while let Ok((here, _)) = listener.accept().await {
                let Ok(there) = TcpStream::connect(("127.0.0.1", port)).await else {
                    continue;
                };
                let over = Arc::new(Notify::new());
                let (from_app, to_app) = here.into_split();
                let (from_server, to_server) = there.into_split();
                let (cut, cuts) = (Arc::clone(&cut), Arc::clone(&cuts));
                let its_over = Arc::clone(&over);
                tokio::spawn(async move {
                    tokio::select! {
                        () = back(from_server, to_app) => {}
                        () = its_over.notified() => {}
                    }
                });
                tokio::spawn(async move {
                    forth(from_app, to_server, &cut, &cuts, &over).await;
                    over.notify_one();
                });
            }
        });
        wire
    }

    /// The address of the same database by this wire.
    #[must_use]
    pub fn lead(&self, url: &str) -> String {
        let (before, after) = url.rsplit_once(':').expect("an address with a port");
        let (_, database) = after.split_once('/').expect("a database");
        format!("{before}:{}/{database}", self.port)
    }

    /// The next COMMIT is cut.
    pub fn cut(&self, when: Cut) {
        let when = match when {
            Cut::BeforeCommit => 1,
            Cut::BeforeAnswer => 2,
        };
        self.cut.store(when, Ordering::SeqCst);
    }

    /// How often it was cut.
    #[must_use]
    pub fn cuts(&self) -> u32 {
        self.cuts.load(Ordering::SeqCst)
    }
}

async fn back(mut from: OwnedReadHalf, mut to: OwnedWriteHalf) {
    let mut bytes = [0; 16 * 1024];
    while let Ok(read @ 1..) = from.read(&mut bytes).await {
        if to.write_all(&bytes[..read]).await.is_err() {
            return;
        }
    }
}

async fn forth(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    cut: &AtomicU32,
    cuts: &AtomicU32,
    over: &Notify,
) {
    let mut bytes = [0; 16 * 1024];
    while let Ok(read @ 1..) = from.read(&mut bytes).await {
        let sent = &bytes[..read];
        let commits = sent.windows(7).any(|part| part == b"COMMIT\0");
        if commits {
            match cut.swap(0, Ordering::SeqCst) {
                1 => {
                    cuts.fetch_add(1, Ordering::SeqCst);
                    return;
                }
                2 => {
                    cuts.fetch_add(1, Ordering::SeqCst);
                    // The way back first, then the COMMIT.
                    over.notify_one();
                    tokio::task::yield_now().await;
                    let _ = to.write_all(sent).await;
                    // Until the server has done it.
                    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
                    return;
                }
                _ => {}
            }
        }
        if to.write_all(sent).await.is_err() {
            return;
        }
    }
}
