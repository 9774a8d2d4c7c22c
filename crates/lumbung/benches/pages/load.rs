//! Asking for pages: once, one after the other, or as many as go in a time over a few connections.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::median;
use crate::process::Process;

/// Connections at a time.
const CONNECTIONS: usize = 8;
/// Requests one after the other in one round.
const IN_A_ROW: u64 = 100;

/// The address of the n-th request.
pub type Asked<'a> = dyn Fn(u64) -> String + Sync + 'a;

/// No address is asked for twice in one run, where it must not be.
static NUMBER: AtomicU64 = AtomicU64::new(0);

pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
}

/// What one round came to.
pub struct Load {
    pub per_second: f64,
    /// Processor time of the server for one request.
    pub cpu_micros: f64,
}

struct Connection {
    stream: BufReader<TcpStream>,
    encoding: &'static str,
}

impl Connection {
    fn open(url: &str, encoding: &'static str) -> Self {
        let stream = TcpStream::connect(url.trim_start_matches("http://")).unwrap();
        stream.set_nodelay(true).unwrap();
        Self {
            stream: BufReader::with_capacity(64 * 1024, stream),
            encoding,
        }
    }

    fn ask(&mut self, path: &str, visitor: Option<u64>) -> Answer {
        let from = visitor.map_or_else(String::new, |n| {
            let [.., b, c, d] = n.to_be_bytes();
            format!("X-Forwarded-For: 10.{b}.{c}.{d}\r\n")
        });
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Language: id\r\nAccept-Encoding: {}\r\n{from}\r\n",
            self.encoding
        );
        self.stream.get_mut().write_all(request.as_bytes()).unwrap();
        self.answer()
    }

    fn answer(&mut self) -> Answer {
        let mut line = String::new();
        self.stream.read_line(&mut line).unwrap();
        let status = line.split(' ').nth(1).unwrap().parse().unwrap();
        let mut length = None;
        loop {
            line.clear();
            self.stream.read_line(&mut line).unwrap();
            let head = line.trim_end().to_ascii_lowercase();
            if head.is_empty() {
                break;
            }
            if let Some(n) = head.strip_prefix("content-length: ") {
                length = Some(n.parse().unwrap());
            }
        }
        let mut body = Vec::new();
        match length {
            Some(length) => {
                body.resize(length, 0);
                self.stream.read_exact(&mut body).unwrap();
            }
            None => self.chunks(&mut body),
        }
        Answer { status, body }
    }

    fn chunks(&mut self, body: &mut Vec<u8>) {
        let mut line = String::new();
        loop {
            line.clear();
            self.stream.read_line(&mut line).unwrap();
            let size = usize::from_str_radix(line.trim(), 16).unwrap();
            let mut chunk = vec![0; size + 2];
            self.stream.read_exact(&mut chunk).unwrap();
            if size == 0 {
                return;
            }
            body.extend_from_slice(&chunk[..size]);
        }
    }
}

/// One answer.
pub fn one(url: &str, path: &str, encoding: &'static str) -> Answer {
    Connection::open(url, encoding).ask(path, None)
}

/// As many as go in `time`.
pub fn load(server: &Process, paths: &Asked<'_>, time: Duration) -> Load {
    let over = AtomicBool::new(false);
    let cpu = server.cpu_seconds();
    let began = Instant::now();
    let answered: u64 = thread::scope(|scope| {
        let threads: Vec<_> = (0..CONNECTIONS)
            .map(|_| {
                scope.spawn(|| {
                    let mut connection = Connection::open(&server.url, "gzip, br");
                    let mut answered = 0;
                    while !over.load(Ordering::Relaxed) {
                        let n = NUMBER.fetch_add(1, Ordering::Relaxed);
                        let answer = connection.ask(&paths(n), Some(n));
                        assert_eq!(answer.status, 200, "{}", paths(n));
                        answered += 1;
                    }
                    answered
                })
            })
            .collect();
        thread::sleep(time);
        over.store(true, Ordering::Relaxed);
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .sum()
    });
    let seconds = began.elapsed().as_secs_f64();
    let answered = f64::from(u32::try_from(answered).unwrap());
    Load {
        per_second: answered / seconds,
        cpu_micros: (server.cpu_seconds() - cpu) * 1e6 / answered,
    }
}

/// Milliseconds for one request after the other: the median of each round, and the median of those.
pub fn latency(server: &Process, paths: &Asked<'_>, rounds: usize) -> f64 {
    let mut connection = Connection::open(&server.url, "gzip, br");
    let medians: Vec<f64> = (0..rounds)
        .map(|_| {
            let times: Vec<f64> = (0..IN_A_ROW)
                .map(|_| {
                    let n = NUMBER.fetch_add(1, Ordering::Relaxed);
                    let began = Instant::now();
                    let answer = connection.ask(&paths(n), Some(n));
                    assert_eq!(answer.status, 200);
                    began.elapsed().as_secs_f64() * 1_000.0
                })
                .collect();
            median(&times)
        })
        .collect();
    median(&medians)
}
