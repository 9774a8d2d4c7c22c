//! A mail server on loopback whose mood a test chooses: real SMTP, no mock.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
    time::{Duration, sleep},
};

/// How the server takes letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    Takes,
    /// Takes them, each step after a while.
    Slow,
    /// Greets, and says nothing any more.
    Hangs,
    /// 451 to each recipient: later.
    Busy,
    /// 550 to each recipient: never.
    Refuses,
    /// Closes the connection as soon as it is there.
    Away,
}

/// A letter that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// As the envelope had them.
    pub recipients: Vec<String>,
    pub message_id: String,
    /// Headers and body as they came.
    pub wire: String,
}

/// The server. Dropping it closes it.
#[derive(Debug)]
pub struct MailServer {
    /// `smtp://127.0.0.1:49152`.
    pub url: String,
    mood: Arc<Mutex<Mood>>,
    taken: Arc<Mutex<Vec<Taken>>>,
    connections: Arc<Mutex<usize>>,
    task: JoinHandle<()>,
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl MailServer {
    /// # Panics
    /// When no port is free.
    pub async fn start(mood: Mood) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let mood = Arc::new(Mutex::new(mood));
        let taken = Arc::new(Mutex::new(Vec::new()));
        let connections = Arc::new(Mutex::new(0));
        let (its_mood, its_taken, its_connections) =
            (mood.clone(), taken.clone(), connections.clone());
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                *lock(&its_connections) += 1;
                tokio::spawn(talk(stream, its_mood.clone(), its_taken.clone()));
            }
        });
        Self {
            url: format!("smtp://{address}"),
            mood,
            taken,
            connections,
            task,
        }
    }

    /// From the next step on it is in another mood.
    pub fn turn(&self, mood: Mood) {
        *lock(&self.mood) = mood;
    }

    /// What was taken so far.
    #[must_use]
    pub fn taken(&self) -> Vec<Taken> {
        lock(&self.taken).clone()
    }

    /// How often somebody called.
    #[must_use]
    pub fn connections(&self) -> usize {
        *lock(&self.connections)
    }

    /// The way to this server, with a short patience.
    ///
    /// # Panics
    /// When the address is refused.
    #[must_use]
    pub fn transport(&self) -> mail::Transport {
        mail::Transport::open(&mail::Config {
            smtp_url: Some(self.url.clone()),
            mail_from: Some("Lumbung <surat@lumbung.example>".to_owned()),
            timeout: Duration::from_millis(300),
            ..mail::Config::folder("unused")
        })
        .expect("plain SMTP to this machine is allowed")
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn talk(stream: TcpStream, mood: Arc<Mutex<Mood>>, taken: Arc<Mutex<Vec<Taken>>>) {
    if *lock(&mood) == Mood::Away {
        return;
    }
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    let mut recipients = Vec::new();
    let mut data: Option<String> = None;
    if write.write_all(b"220 tiruan\r\n").await.is_err() {
        return;
    }
    while let Ok(Some(line)) = lines.next_line().await {
        if let Some(wire) = &mut data
            && line != "."
        {
            wire.push_str(&line);
            wire.push('\n');
            continue;
        }
        let now = *lock(&mood);
        let reply = match (now, line.as_str()) {
            (Mood::Away, _) => return,
            (Mood::Hangs, _) => {
                std::future::pending::<()>().await;
                return;
            }
            (Mood::Busy, line) if line.starts_with("RCPT") => "451 try later",
            (Mood::Refuses, line) if line.starts_with("RCPT") => "550 no such mailbox",
            (_, ".") => {
                let wire = data.take().unwrap_or_default();
                let id = wire
                    .lines()
                    .find_map(|line| line.strip_prefix("Message-ID: "));
                lock(&taken).push(Taken {
                    recipients: std::mem::take(&mut recipients),
                    message_id: id.unwrap_or_default().to_owned(),
                    wire,
                });
                "250 taken"
            }
            (_, "DATA") => {
                data = Some(String::new());
                "354 go on"
            }
            (_, line) if line.starts_with("EHLO") => "250-tiruan\r\n250 8BITMIME",
            (_, line) => {
                if let Some(to) = line.strip_prefix("RCPT TO:") {
                    recipients.push(to.trim_matches(['<', '>']).to_owned());
                } else if line.starts_with("MAIL") || line.starts_with("RSET") {
                    recipients.clear();
                }
                "250 fine"
            }
        };
        if now == Mood::Slow {
            sleep(Duration::from_millis(60)).await;
        }
        let reply = format!("{reply}\r\n");
        if write.write_all(reply.as_bytes()).await.is_err() {
            return;
        }
    }
}
