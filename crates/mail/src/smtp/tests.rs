//! Real SMTP over loopback against a small server whose answers a test chooses.

use std::sync::{Arc, Mutex};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

use super::*;
use crate::{Config, Transport, letter::tests::letter};

/// Answers `reply` to every command beginning with `on`, and takes everything else.
#[derive(Clone, Copy)]
struct Script {
    on: &'static str,
    reply: &'static str,
}

const TAKES_ALL: Script = Script { on: "-", reply: "" };
/// Instead of a reply: says nothing any more.
const SILENCE: &str = "";

/// Instead of a reply: takes what was said, and hangs up without a word.
const HANGS_UP: &str = "-";

#[derive(Default)]
struct Seen {
    connections: usize,
    /// Every line but those of letters.
    lines: Vec<String>,
    recipients: Vec<String>,
    letters: Vec<String>,
}

struct Sink {
    port: u16,
    seen: Arc<Mutex<Seen>>,
}

impl Sink {
    async fn start(script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::new(Mutex::new(Seen::default()));
        let shared = seen.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                shared.lock().unwrap().connections += 1;
                tokio::spawn(talk(stream, script, shared.clone()));
            }
        });
        Self { port, seen }
    }

    fn transport(&self) -> Transport {
        open(&format!("smtp://127.0.0.1:{}", self.port)).unwrap()
    }
}

async fn talk(stream: TcpStream, script: Script, seen: Arc<Mutex<Seen>>) {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 sink ready\r\n").await.unwrap();
    let mut data: Option<String> = None;
    while let Ok(Some(line)) = lines.next_line().await {
        let command = if let Some(letter) = &mut data {
            if line != "." {
                letter.push_str(&line);
                letter.push('\n');
                continue;
            }
            "."
        } else {
            line.as_str()
        };
        seen.lock().unwrap().lines.push(command.to_owned());
        let mut letter = (command == ".").then(|| data.take()).flatten();
        let reply = if command.starts_with(script.on) {
            script.reply
        } else if command.starts_with("EHLO") {
            "250-sink\r\n250 8BITMIME"
        } else if command.starts_with("DATA") {
            data = Some(String::new());
            "354 go on"
        } else if command == "." {
            seen.lock().unwrap().letters.extend(letter.take());
            "250 taken"
        } else {
            if let Some(to) = command.strip_prefix("RCPT TO:") {
                seen.lock().unwrap().recipients.push(to.to_owned());
            }
            "250 fine"
        };
        if reply == HANGS_UP {
            seen.lock().unwrap().letters.extend(letter);
            return;
        }
        if reply == SILENCE {
            std::future::pending::<()>().await;
        }
        if write
            .write_all(format!("{reply}\r\n").as_bytes())
            .await
            .is_err()
        {
            return;
        }
    }
}

fn open(url: &str) -> Result<Transport, ConfigError> {
    Transport::open(&Config {
        smtp_url: Some(url.to_owned()),
        mail_from: Some("Lumbung <surat@contoh.example>".to_owned()),
        timeout: Duration::from_millis(400),
        ..Config::folder("unused")
    })
}

#[tokio::test]
async fn letters_reach_a_server_over_connections_that_are_kept() {
    let sink = Sink::start(TAKES_ALL).await;
    let transport = sink.transport();
    for _ in 0..12 {
        transport.send(&letter()).await.unwrap();
        // The connection goes back to its pool in a task of its own.
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
    }
    let seen = sink.seen.lock().unwrap();
    assert!(seen.connections < 12, "{}", seen.connections);
    assert_eq!(seen.recipients, vec!["<u01@contoh.example>"; 12]);
    assert_eq!(seen.letters.len(), 12);
    assert!(seen.letters[0].contains("Message-ID: <order-placed~42@contoh.example>\n"));
    assert!(seen.letters[0].contains("Halo Bu Tani"));
}

#[tokio::test]
async fn a_busy_server_means_later_and_a_refusing_one_never() {
    for (on, reply, later) in [
        ("EHLO", "421 too busy", true),
        ("MAIL", "450 try later", true),
        ("RCPT", "451 greylisted", true),
        (".", "452 full", true),
        ("MAIL", "550 unknown sender", false),
        ("RCPT", "550 no such mailbox", false),
        (".", "554 looks like spam", false),
        ("MAIL", "530 sign in first", true),
    ] {
        let sink = Sink::start(Script { on, reply }).await;
        let answer = sink.transport().send(&letter()).await;
        match (&answer, later) {
            (Err(SendError::Retry(_)), true) | (Err(SendError::Permanent(_)), false) => {}
            _ => panic!("{on} {reply}: {answer:?}"),
        }
        assert!(sink.seen.lock().unwrap().letters.is_empty());
    }
}

#[tokio::test]
async fn a_silent_or_absent_server_means_later_within_the_time_limit() {
    let started = std::time::Instant::now();
    for on in ["EHLO", "MAIL", "DATA"] {
        let sink = Sink::start(Script { on, reply: SILENCE }).await;
        let answer = sink.transport().send(&letter()).await;
        assert!(
            matches!(answer, Err(SendError::Retry(_))),
            "{on}: {answer:?}"
        );
    }
    assert!(started.elapsed() < Duration::from_secs(6));

    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = closed.local_addr().unwrap().port();
    drop(closed);
    let nobody = open(&format!("smtp://127.0.0.1:{port}")).unwrap();
    let answer = nobody.send(&letter()).await;
    assert!(matches!(answer, Err(SendError::Retry(_))), "{answer:?}");
}

#[tokio::test]
async fn a_letter_is_sent_after_the_server_comes_back() {
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = closed.local_addr().unwrap();
    drop(closed);
    let transport = open(&format!("smtp://{address}")).unwrap();
    transport.send(&letter()).await.unwrap_err();
    let listener = TcpListener::bind(address).await.unwrap();
    let seen = Arc::new(Mutex::new(Seen::default()));
    let shared = seen.clone();
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        talk(stream, TAKES_ALL, shared).await;
    });
    transport.send(&letter()).await.unwrap();
    assert_eq!(seen.lock().unwrap().letters.len(), 1);
}

/// What was taken without an answer is sent again, and whoever gets it twice can tell by its id.
#[tokio::test]
async fn a_letter_whose_answer_was_lost_is_sent_again_under_the_same_id() {
    let sink = Sink::start(Script {
        on: ".",
        reply: HANGS_UP,
    })
    .await;
    let transport = sink.transport();
    for _ in 0..2 {
        let answer = transport.send(&letter()).await;
        assert!(matches!(answer, Err(SendError::Retry(_))), "{answer:?}");
    }
    let seen = sink.seen.lock().unwrap();
    let ids: Vec<&str> = seen
        .letters
        .iter()
        .flat_map(|letter| letter.lines())
        .filter(|line| line.starts_with("Message-ID:"))
        .collect();
    assert_eq!(ids, ["Message-ID: <order-placed~42@contoh.example>"; 2]);
}

#[tokio::test]
async fn a_kept_connection_that_the_server_closed_is_replaced() {
    let sink = Sink::start(Script {
        on: "NOOP",
        reply: HANGS_UP,
    })
    .await;
    let transport = sink.transport();
    for sent in 1..=3 {
        transport.send(&letter()).await.unwrap();
        assert_eq!(sink.seen.lock().unwrap().letters.len(), sent);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Neither letter nor password leaves where encryption was asked for and can't be had.
#[tokio::test]
async fn a_server_without_the_encryption_that_was_asked_for_gets_nothing() {
    for scheme in ["smtp", "smtps"] {
        let sink = Sink::start(TAKES_ALL).await;
        let tls = if scheme == "smtp" {
            "?tls=required"
        } else {
            ""
        };
        let url = format!("{scheme}://kunci:rahasia@127.0.0.1:{}{tls}", sink.port);
        let answer = open(&url).unwrap().send(&letter()).await;
        assert!(matches!(answer, Err(SendError::Retry(_))), "{answer:?}");
        let seen = sink.seen.lock().unwrap();
        assert!(seen.letters.is_empty());
        let said = seen.lines.join("\n");
        assert!(!said.contains("AUTH") && !said.contains("MAIL"), "{said}");
    }
}

#[tokio::test]
async fn a_server_is_asked_whether_it_is_there_without_sending_anything() {
    let sink = Sink::start(TAKES_ALL).await;
    sink.transport().ping().await.unwrap();
    assert!(sink.seen.lock().unwrap().letters.is_empty());
    for (on, reply) in [("EHLO", SILENCE), ("EHLO", "421 too busy")] {
        let sink = Sink::start(Script { on, reply }).await;
        let answer = sink.transport().ping().await;
        assert!(matches!(answer, Err(SendError::Retry(_))), "{answer:?}");
    }
}

#[tokio::test]
async fn a_header_injection_never_reaches_the_server() {
    let sink = Sink::start(TAKES_ALL).await;
    let mut evil = letter();
    evil.subject = "Halo\r\nBcc: semua@contoh.example".into();
    let answer = sink.transport().send(&evil).await;
    assert!(matches!(answer, Err(SendError::Permanent(_))));
    assert_eq!(sink.seen.lock().unwrap().connections, 0);
}

#[tokio::test]
async fn only_encrypted_servers_and_this_machine_are_taken() {
    for url in [
        "smtps://u:p@mail.contoh.example",
        "smtps://mail.contoh.example:465?tls=required",
        "smtp://u:p@mail.contoh.example:587?tls=required",
        "smtp://127.0.0.1:2525",
        "smtp://127.8.0.1",
        "smtp://u:p@localhost",
    ] {
        assert!(open(url).is_ok(), "{url}");
    }
    for (url, words) in [
        ("smtp://mail.contoh.example", "unencrypted"),
        ("smtp://192.168.0.1", "unencrypted"),
        ("smtp://127.0.0.1.contoh.example", "unencrypted"),
        ("smtp://localhost.contoh.example", "unencrypted"),
        (
            "smtp://mail.contoh.example?tls=opportunistic",
            "unencrypted",
        ),
        ("smtps://mail.contoh.example?tls=none", "unencrypted"),
        (
            "smtp://mail.contoh.example?tls=required&tls=none",
            "not a URL",
        ),
        ("smtp://mail.contoh.example?TLS=required", "not a URL"),
        ("http://mail.contoh.example", "not a URL"),
        ("mail.contoh.example", "not a URL"),
        ("smtps://", "not a URL"),
        ("smtps://rahasia@mail.contoh.example", "without a password"),
    ] {
        let refused = open(url).map(|_| url).unwrap_err().to_string();
        assert!(refused.contains(words), "{url}: {refused}");
        assert!(!refused.contains("rahasia"));
    }
}

#[tokio::test]
async fn a_server_needs_a_sender_and_the_password_is_never_shown() {
    let mut config = Config {
        smtp_url: Some("smtps://u:rahasia@mail.contoh.example".to_owned()),
        ..Config::folder("unused")
    };
    assert!(matches!(
        Transport::open(&config),
        Err(ConfigError::NoSender)
    ));
    for bad in ["x", "a@b.id\r\nBcc: c@d.id", "a@b.id, c@d.id"] {
        config.mail_from = Some(bad.to_owned());
        assert!(
            matches!(Transport::open(&config), Err(ConfigError::Sender)),
            "{bad}"
        );
    }
    config.mail_from = Some("surat@contoh.example".to_owned());
    let shown = format!("{config:?} {:?}", Transport::open(&config).unwrap());
    assert!(!shown.contains("rahasia"), "{shown}");
}
