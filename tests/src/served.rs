//! A real program that serves: started, asked, stopped as a service manager does. It ends with its handle.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

#[derive(Debug)]
pub struct Served {
    child: Child,
    /// Where it listens: `http://127.0.0.1:49152`.
    pub url: String,
}

impl Served {
    /// Starts a server and waits until it says, on its first line, where it listens.
    ///
    /// # Panics
    /// When it doesn't start, or says something else.
    #[must_use]
    pub fn start(mut command: Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("a program");
        let mut line = String::new();
        let output = child.stdout.take().expect("its output");
        BufReader::new(output)
            .read_line(&mut line)
            .expect("its first line");
        let url = line.trim().to_owned();
        assert!(url.starts_with("http://"), "the first line was {url:?}");
        Self { child, url }
    }

    /// The first line of its answer.
    ///
    /// # Panics
    /// When it doesn't answer.
    #[must_use]
    pub fn status_of(&self, path: &str) -> String {
        let host = self.url.strip_prefix("http://").expect("an address");
        let mut stream = TcpStream::connect(host).expect("a connection");
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        )
        .expect("a request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer.lines().next().unwrap_or_default().to_owned()
    }

    /// Its process.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to stop as a service manager does.
    ///
    /// # Panics
    /// When it is not there any more.
    pub fn terminate(&self) {
        let killed = Command::new("kill")
            .arg(self.child.id().to_string())
            .status();
        assert!(killed.expect("kill").success());
    }

    /// Asks it to stop.
    ///
    /// # Panics
    /// When it doesn't end well.
    pub fn stop(mut self) {
        self.terminate();
        let ended = self.child.wait().expect("its end");
        assert!(ended.success(), "the server did not end well");
    }

    /// Waits for the end of a server that was asked to stop.
    ///
    /// # Panics
    /// When the end isn't a good one, or doesn't come in time.
    pub fn ends_within(&mut self, limit: Duration) {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("its state") {
                assert!(status.success(), "the server ended with {status}");
                return;
            }
            assert!(begun.elapsed() < limit, "still there after {limit:?}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
