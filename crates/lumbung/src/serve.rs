//! `lumbung serve`: production.

use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, bail};
use jobs::Runner;
use search::Search;
use store::{Durability, Store};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use web::clock::Clock;
use web::server::{Config, Parts};

use crate::cli::{Part, Serve, Settings};
use crate::setup;

/// The mark in a database that the demo made.
pub const DEMO_MARK: &str = "demo";

pub async fn run(settings: Settings, options: &Serve) -> anyhow::Result<ExitCode> {
    let web = options.only != Some(Part::Jobs);
    if web && settings.base_url.is_none() && !setup::is_loopback(&settings.addr)? {
        bail!(
            "LUMBUNG_ADDR can be reached by others; say with LUMBUNG_BASE_URL under which address"
        );
    }
    let store = setup::open_store(&settings, Durability::Full).await?;
    if !options.no_migrate {
        store
            .migrate()
            .await
            .context("the database can't be brought up to date")?;
    }
    if store.mark(DEMO_MARK).await?.is_some() {
        bail!("this database holds demo data with public passwords; `serve` does not serve it");
    }
    if settings.smtp_url.is_none() {
        tracing::warn!("SMTP_URL is not set: mails are kept in the data dir, not sent");
    }
    let search = setup::open_search(&settings)?.search;
    serve(
        &settings,
        store,
        search,
        Mode {
            demo: false,
            public_demo: false,
            only: options.only,
        },
        |_| {},
    )
    .await?;
    Ok(ExitCode::SUCCESS)
}

/// How the site is served.
pub struct Mode {
    pub demo: bool,
    pub public_demo: bool,
    pub only: Option<Part>,
}

/// Serves until SIGTERM or SIGINT; then running requests and jobs have 30 s to finish.
pub async fn serve(
    settings: &Settings,
    store: Store,
    search: Search,
    mode: Mode,
    ready: impl FnOnce(&str),
) -> anyhow::Result<()> {
    let transport = setup::open_mail(settings)?;
    let secret = setup::secret(settings)?;
    let clock = Clock::System;
    let mut signals = Signals::listen()?;
    let (stop, stopping) = watch::channel(false);
    let does_jobs = mode.only != Some(Part::Web);
    let media = setup::open_media(settings, true)?;
    let runner = |base_url: String| {
        let clock = clock.clone();
        Runner::new(
            store.clone(),
            search.clone(),
            transport.clone(),
            base_url,
            move || clock.now(),
        )
        .with_secret(&secret)
        .with_media(media.clone())
    };

    if mode.only == Some(Part::Jobs) {
        let base_url = settings
            .base_url
            .clone()
            .unwrap_or_else(|| format!("http://{}", settings.addr));
        say(&base_url);
        ready(&base_url);
        let jobs = start_jobs(runner(base_url), stopping);
        signals.wait().await;
        let end = tokio::time::Instant::now() + GRACE;
        let _ = stop.send(true);
        finish(Some(jobs), store, end).await;
        return Ok(());
    }

    let config = Config {
        addr: settings.addr.clone(),
        base_url: settings
            .base_url
            .clone()
            .unwrap_or_default()
            .trim_end_matches('/')
            .to_owned(),
        demo: mode.demo,
        public_demo: mode.public_demo,
        trusted_proxies: settings.trusted_proxies.clone(),
        metrics_token: settings.metrics_token.clone(),
        pages_lag: web::edition::LAG,
        workers: std::thread::available_parallelism().map_or(2, usize::from),
    };
    let parts = Parts {
        store: store.clone(),
        search: Some(search.clone()),
        mailbox: transport.folder().cloned(),
        mail: Some(transport.clone()),
        media: media.clone(),
        clock: clock.clone(),
        secret: secret.clone(),
    };
    let running = web::server::start(config, parts)
        .with_context(|| format!("{} can't be listened on", settings.addr))?;
    let base_url = running.state.config.base_url.clone();
    say(&running.url);
    ready(&base_url);
    let jobs = does_jobs.then(|| start_jobs(runner(base_url), stopping));
    ask_for_files(media);
    let handle = running.handle.clone();
    let mut server = std::pin::pin!(running.server);
    let end = tokio::select! {
        outcome = &mut server => {
            outcome?;
            let _ = stop.send(true);
            tokio::time::Instant::now() + GRACE
        }
        () = signals.wait() => {
            let end = tokio::time::Instant::now() + GRACE;
            // Jobs in hand come to their end meanwhile. What is new waits in the database for the next start.
            let _ = stop.send(true);
            // Requests that run may finish; new ones are refused.
            let (_, outcome) = tokio::join!(handle.stop(true), server);
            outcome?;
            end
        }
    };
    finish(jobs, store, end).await;
    Ok(())
}

/// Everything that still runs when we are asked to stop ends within this; a service manager waits 30 s.
const GRACE: Duration = Duration::from_secs(27);
/// For closing the database.
const CLOSING: Duration = Duration::from_secs(2);

/// Waits for the jobs in hand, but not for ever: a mail server that hangs may take longer than anybody waits for us. What is
/// given up then comes back when its lease is over, under the same id.
async fn finish(
    jobs: Option<actix_web::rt::task::JoinHandle<()>>,
    store: Store,
    end: tokio::time::Instant,
) {
    if let Some(jobs) = jobs {
        let given_up = jobs.abort_handle();
        match tokio::time::timeout_at(end, jobs).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "the jobs broke"),
            Err(_) => {
                tracing::warn!("jobs in hand are left for the next start");
                given_up.abort();
            }
        }
    }
    if tokio::time::timeout(CLOSING, store.close()).await.is_err() {
        tracing::warn!("the database was left open");
    }
}

/// Says at the start whether the files can be reached. Pages go on without them.
fn ask_for_files(media: media::Media) {
    actix_web::rt::spawn(async move {
        if let Err(error) = media.ping().await {
            tracing::warn!(%error, "files can't be reached; photos are missing until they are");
        }
    });
}

fn start_jobs(
    runner: Runner,
    mut stopping: watch::Receiver<bool>,
) -> actix_web::rt::task::JoinHandle<()> {
    actix_web::rt::spawn(async move {
        runner
            .run(async move {
                let _ = stopping.wait_for(|stop| *stop).await;
            })
            .await;
    })
}

/// SIGTERM and SIGINT, listened for from the moment this is made: a signal that comes while we still start up is not
/// lost.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn listen() -> anyhow::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn wait(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// Prints a line; nobody reading it is no reason to stop serving.
pub fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}
