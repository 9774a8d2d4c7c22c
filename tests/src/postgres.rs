//! A PostgreSQL server of the tests' own: one cluster per test process, one fresh database per test.
//!
//! Start with [`fresh_database`]. It touches no server that it didn't start; see `postgres.sh` for how it is set up and
//! `companion` for how it ends.

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

use crate::{companion::Companion, database, skip};

/// A running cluster; it is stopped and removed when dropped or when the test process ends.
#[derive(Debug)]
pub struct Cluster {
    port: u16,
    databases: AtomicU32,
    server: Companion,
}

impl Cluster {
    /// Starts a cluster. `fsync` as in production costs time; without it a commit is lost only with the machine.
    /// `None`, said aloud, where PostgreSQL's programs are missing.
    ///
    /// # Panics
    /// When the programs are there but don't start, or where skipping is forbidden.
    #[must_use]
    pub fn start(fsync: bool) -> Option<Self> {
        let bin = skip::need("PostgreSQL server", programs())?;
        // PostgreSQL refuses to run as root.
        let user = is_root().then(unprivileged);
        let bin = bin.to_string_lossy();
        let mut said = Vec::new();
        // Another process may take the port between our look and the server's start.
        for _ in 0..3 {
            let port = free_port();
            let fsync = if fsync { "on" } else { "off" };
            let mut server = Companion::start(
                include_str!("postgres.sh"),
                &[&bin, &port.to_string(), fsync],
                user,
            );
            while let Some(line) = server.line() {
                if line == "ready" {
                    return Some(Self {
                        port,
                        databases: AtomicU32::new(0),
                        server,
                    });
                }
                said.push(line);
            }
        }
        panic!("PostgreSQL does not start:\n{}", said.join("\n"));
    }

    /// Stops the server at once, as a crash would; what was committed is there when it starts again.
    pub fn stop(&mut self) {
        self.obey("stop");
    }

    /// Starts a stopped server again, on the same port with the same databases.
    pub fn start_again(&mut self) {
        self.obey("start");
    }

    fn obey(&mut self, order: &str) {
        self.server.tell(order);
        let answer = self.server.line();
        assert_eq!(
            answer.as_deref(),
            Some("done"),
            "PostgreSQL did not {order}"
        );
    }

    /// Where it listens on loopback.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The URL of a new, empty database.
    ///
    /// # Panics
    /// When the server refuses.
    pub async fn database(&self) -> String {
        self.create("template0").await
    }

    /// The URL of a new database that is a copy of `template`, a database of this cluster to which nobody is connected.
    ///
    /// # Panics
    /// When the server refuses.
    pub async fn copy(&self, template: &str) -> String {
        let name = template.rsplit('/').next().unwrap_or(template);
        self.create(name).await
    }

    async fn create(&self, template: &str) -> String {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        database::run(
            &self.url("postgres"),
            &format!("CREATE DATABASE {name} TEMPLATE {template}"),
        )
        .await;
        self.url(&name)
    }

    fn url(&self, database: &str) -> String {
        format!("postgres://lumbung@127.0.0.1:{}/{database}", self.port)
    }
}

/// The cluster that the tests of this process share, without fsync. `None`, said aloud, where PostgreSQL is missing.
pub fn shared() -> Option<&'static Cluster> {
    static SHARED: OnceLock<Option<Cluster>> = OnceLock::new();
    match SHARED.get_or_init(|| Cluster::start(false)) {
        Some(cluster) => Some(cluster),
        None => {
            // Every test that goes without says so, not only the first.
            let _ = skip::need::<()>("PostgreSQL server", Err("see above".to_owned()));
            None
        }
    }
}

/// The URL of a new, empty database in the shared cluster.
pub async fn fresh_database() -> Option<String> {
    Some(shared()?.database().await)
}

/// The folder that holds `initdb`, `pg_ctl` and `postgres`: Debian's newest, else one on the path.
fn programs() -> Result<PathBuf, String> {
    let mut debian: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let version = entry.file_name().to_string_lossy().parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .collect();
    debian.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    debian
        .into_iter()
        .rev()
        .map(|(_, bin)| bin)
        .chain(std::env::split_paths(&path))
        .find(|bin| has_programs(bin))
        .ok_or_else(|| {
            "initdb, pg_ctl and postgres are neither in /usr/lib/postgresql nor on the path"
                .to_owned()
        })
}

fn has_programs(bin: &Path) -> bool {
    ["initdb", "pg_ctl", "postgres"]
        .iter()
        .all(|program| bin.join(program).is_file())
}

fn id(arguments: &[&str]) -> Option<String> {
    let out = Command::new("id").args(arguments).output().ok()?;
    out.status
        .success()
        .then(|| String::from_utf8_lossy(&out.stdout).trim().to_owned())
}

fn is_root() -> bool {
    id(&["-u"]).as_deref() == Some("0")
}

/// Whom root runs the server as: PostgreSQL's own user, else one without rights whose group has another name on Debian.
fn unprivileged() -> &'static str {
    if id(&["-u", "postgres"]).is_some() {
        "postgres"
    } else {
        "65534"
    }
}

fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0))
        .and_then(|listener| listener.local_addr())
        .expect("a free port")
        .port()
}

#[cfg(test)]
mod tests {
    use super::{fresh_database, shared};
    use crate::database::{number, run};

    #[tokio::test]
    async fn a_copy_has_the_rows_of_its_template() {
        let Some(template) = fresh_database().await else {
            return;
        };
        run(&template, "CREATE TABLE lots AS SELECT 7::BIGINT AS n").await;
        let cluster = shared().expect("it just gave a database");
        let copy = cluster.copy(&template).await;
        assert_eq!(number(&copy, "SELECT n FROM lots").await, 7);
    }
}
