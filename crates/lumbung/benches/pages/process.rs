//! The programs that are measured, and what the operating system says of them.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use tests::served::Served;

use crate::load::one;
use crate::plain;

/// Clock ticks of `/proc` in a second, on every Linux there is.
const TICKS: f64 = 100.0;

/// A server that ends with its handle.
pub struct Process {
    served: Served,
    pub url: String,
    /// From the start of the program to the end of its first answer.
    pub first_answer: Duration,
}

fn lumbung(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lumbung"));
    command
        .args(arguments)
        .env_clear()
        .env("LUMBUNG_ADDR", "127.0.0.1:0")
        .env("LUMBUNG_LOG", "error")
        .env("LUMBUNG_DATA_DIR", folder)
        // Visitors are told apart by the header that a proxy would set: the limit on searches is each one's own.
        .env("LUMBUNG_TRUSTED_PROXIES", "127.0.0.1");
    command
}

/// Makes the market of so many products with its index, unless it is there from another run.
pub fn fill(folder: &Path, products: u32) {
    let began = Instant::now();
    let products = products.to_string();
    for arguments in [
        vec!["fill", "--products", products.as_str()],
        vec!["search", "reindex"],
    ] {
        let done = lumbung(folder, &arguments).status().unwrap();
        assert!(
            done.success(),
            "lumbung {arguments:?} failed; empty {}",
            folder.display()
        );
    }
    eprintln!(
        "{products}: filled and indexed in {:.0} s",
        began.elapsed().as_secs_f64()
    );
}

impl Process {
    fn start(command: Command) -> Self {
        let began = Instant::now();
        let served = Served::start(command);
        let answer = one(&served.url, "/", "gzip, br");
        assert_eq!(answer.status, 200);
        Self {
            url: served.url.clone(),
            served,
            first_answer: began.elapsed(),
        }
    }

    pub fn serve(folder: &Path) -> Self {
        Self::start(lumbung(folder, &["serve"]))
    }

    pub fn plain(bytes: usize) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args([plain::MODE, &bytes.to_string()]);
        Self::start(command)
    }

    /// Waits until nothing is left in the outbox, then a moment more.
    pub fn settle(&self) {
        for _ in 0..600 {
            let metrics = one(&self.url, "/metrics", "identity");
            let metrics = String::from_utf8_lossy(&metrics.body).into_owned();
            if metrics.lines().any(|line| line == "lumbung_open_jobs 0") {
                break;
            }
            thread::sleep(Duration::from_millis(500));
        }
        thread::sleep(Duration::from_secs(3));
    }

    /// Seconds of processor time so far.
    pub fn cpu_seconds(&self) -> f64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.served.id())).unwrap();
        let after_name = stat.rsplit(')').next().unwrap();
        let fields: Vec<&str> = after_name.split_whitespace().collect();
        let ticks = |at: usize| fields[at].parse::<f64>().unwrap();
        (ticks(11) + ticks(12)) / TICKS
    }

    /// Memory that is really there.
    pub fn mebibytes(&self) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.served.id())).unwrap();
        let line = status
            .lines()
            .find(|line| line.starts_with("VmRSS:"))
            .unwrap();
        let kibibytes: f64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
        kibibytes / 1024.0
    }
}
