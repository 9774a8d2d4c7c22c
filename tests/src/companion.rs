//! A program beside the tests (a database server, a browser's driver) that ends when the test process does, however it
//! does: after the last test, by a panic, by a signal.
//!
//! Rust drops no statics and a killed process cleans nothing up. So the program is started by a small shell script that
//! waits for the end of its standard input, a pipe whose other end only this process holds, and then tidies up.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    os::unix::process::CommandExt as _,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

/// A running script. Dropping it ends the script and waits until it has tidied up.
#[derive(Debug)]
pub struct Companion {
    script: Child,
    open: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Companion {
    /// Runs `script` by `sh` with `arguments` as `$1`, `$2`, …, as the user `run_as` when one is named. The script must
    /// end soon after its standard input does.
    ///
    /// # Panics
    /// When there is no `sh` (or `setpriv`, when a user is named).
    #[must_use]
    pub fn start(script: &str, arguments: &[&str], run_as: Option<&str>) -> Self {
        let mut command = match run_as {
            Some(user) => {
                let mut command = Command::new("setpriv");
                command
                    .arg(format!("--reuid={user}"))
                    .arg(format!("--regid={user}"))
                    .args(["--clear-groups", "sh"]);
                command
            }
            None => Command::new("sh"),
        };
        let mut script = command
            .args(["-c", script, "companion"])
            .args(arguments)
            .current_dir("/")
            // Ctrl-C is for the tests; the script ends through the pipe and so always tidies up.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("sh (and setpriv) can be started");
        Self {
            open: script.stdin.take(),
            answers: BufReader::new(script.stdout.take().expect("standard output is a pipe")),
            script,
        }
    }

    /// Sends the script a line.
    ///
    /// # Panics
    /// When it has ended.
    pub fn tell(&mut self, line: &str) {
        let input = self.open.as_mut().expect("it is open until it is dropped");
        writeln!(input, "{line}").expect("the script reads");
    }

    /// The next line that the script prints; `None` when it has ended.
    pub fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        match self.answers.read_line(&mut line) {
            Ok(0) | Err(_) => None,
            Ok(_) => Some(line.trim_end().to_owned()),
        }
    }
}

impl Drop for Companion {
    fn drop(&mut self) {
        self.open = None;
        // Nothing to do about a script that is gone already.
        let _ = self.script.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::Companion;

    #[test]
    fn a_dropped_companion_tidies_up() {
        let file = std::env::temp_dir().join(format!("lumbung-companion-{}", std::process::id()));
        let path = file.to_string_lossy();
        let script = "touch \"$1\"; echo ready; cat >/dev/null; rm \"$1\"";
        let mut companion = Companion::start(script, &[&path], None);
        assert_eq!(companion.line().as_deref(), Some("ready"));
        assert!(file.exists());
        drop(companion);
        assert!(!file.exists());
    }
}
