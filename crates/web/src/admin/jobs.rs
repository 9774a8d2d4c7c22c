//! Whether the machine runs: work that waits, letters that could not be sent, and the search index.

use askama::Template;
use domain::{
    ids::JobId,
    money::grouped,
    time::{Instant, Zone},
};
use store::jobs::{DEAD_ROWS, DeadJob, DeadJobError, JobsOfKind};

use crate::{
    ctx::{Admin, Ctx},
    error::Error,
    flash::Flash,
    handler::{Answer, Id},
    parts::{Head, Pager},
    shell::Shell,
};

#[derive(Template)]
#[template(path = "admin/jobs.html")]
struct Page {
    shell: Shell,
    zone: Zone,
    kinds: Vec<JobsOfKind>,
    /// Kind of job and words of the error that was written down last.
    last_error: Option<(String, String)>,
    last_done: Option<Instant>,
    dead: Vec<DeadJob>,
    dead_letters: bool,
    pager: Pager,
    index: Index,
}

/// The search index beside the database.
struct Index {
    facts: Vec<(String, String)>,
    /// Kind and words of a note.
    state: (&'static str, String),
    /// A new index is being made or waited for: the page looks again by itself.
    is_busy: bool,
}

impl Page {
    fn heads(&self) -> Vec<Head> {
        vec![
            Head::text(self.shell.t("admin-jobs-kind")),
            Head::number(self.shell.t("admin-jobs-waiting")),
            Head::number(self.shell.t("admin-jobs-planned")),
            Head::number(self.shell.t("admin-jobs-retrying")),
            Head::number(self.shell.t("admin-jobs-dead")),
            Head::text(self.shell.t("admin-jobs-oldest")),
        ]
    }

    fn dead_heads(&self) -> Vec<Head> {
        [
            "admin-jobs-letter",
            "admin-jobs-to",
            "admin-jobs-error",
            "admin-jobs-since",
            "admin-jobs-acts",
        ]
        .map(|key| Head::text(self.shell.t(key)))
        .into()
    }

    fn kind(&self, kind: &str) -> String {
        kind_words(&self.shell, kind)
    }

    fn time(&self, at: &i64) -> String {
        self.shell.date_time(Instant(*at), self.zone)
    }

    fn oldest(&self, kind: &JobsOfKind) -> String {
        kind.oldest_at
            .as_ref()
            .map(|at| self.time(at))
            .unwrap_or_default()
    }

    fn done(&self) -> String {
        self.last_done
            .map(|at| self.shell.date_time(at, self.zone))
            .unwrap_or_default()
    }

    /// The letter's name, or the kind of work.
    fn what(&self, job: &DeadJob) -> String {
        job.letter().map_or_else(
            || self.kind(&job.kind),
            |letter| super::plain_words(&letter),
        )
    }

    fn error(&self, job: &DeadJob) -> String {
        job.last_error.clone().unwrap_or_default()
    }

    fn to(&self, job: &DeadJob) -> String {
        job.person.clone().unwrap_or_default()
    }

    fn attempts(&self, job: &DeadJob) -> String {
        self.shell
            .t1("admin-jobs-attempts", "n", i64::from(job.attempts))
    }
}

fn kind_words(shell: &Shell, kind: &str) -> String {
    match kind {
        store::letters::JOB => shell.t("admin-jobs-letters"),
        store::jobs::INDEX_OFFER => shell.t("admin-jobs-index-offer"),
        store::jobs::REBUILD_INDEX => shell.t("admin-jobs-rebuild-index"),
        store::photos::FORGET_FILE => shell.t("admin-jobs-forget-file"),
        store::accounts::RESET_JOB => shell.t("admin-jobs-reset"),
        store::imports::TAKE_IMPORT => shell.t("admin-jobs-take-import"),
        other => super::plain_words(other),
    }
}

async fn index(ctx: &Ctx, shell: &Shell) -> Result<Index, Error> {
    let store = ctx.store();
    let should = store.indexed_offers(ctx.now()).await?;
    let (rebuild_waits, backlog) = store.index_backlog(ctx.now()).await?;
    let Some(search) = ctx.state().search.clone() else {
        return Ok(Index {
            facts: Vec::new(),
            state: ("wait", shell.t("admin-index-none")),
            is_busy: false,
        });
    };
    // Files are read: not on the threads that answer.
    let health = tokio::task::spawn_blocking(move || search.health())
        .await
        .map_err(|error| Error::Broken(format!("index health: {error}")))?;
    let documents = i64::try_from(health.documents).unwrap_or(i64::MAX);
    let facts = [
        ("admin-index-documents", grouped(documents)),
        ("admin-index-offers", grouped(should)),
        ("admin-index-backlog", grouped(backlog)),
        (
            "admin-index-size",
            shell.t1(
                "admin-index-kilobytes",
                "n",
                grouped(i64::try_from(health.bytes / 1024).unwrap_or(i64::MAX)),
            ),
        ),
    ]
    .into_iter()
    .map(|(key, value)| (shell.t(key), value))
    .collect();
    let state = if let Some(done) = health.rebuilding {
        let done = i64::try_from(done).unwrap_or(i64::MAX);
        let percent = if should > 0 {
            done.saturating_mul(100) / should
        } else {
            100
        };
        let words = shell.t3(
            "admin-index-rebuilding",
            "done",
            grouped(done),
            "all",
            grouped(should),
            "percent",
            percent.min(100),
        );
        ("info", words)
    } else if rebuild_waits {
        ("info", shell.t("admin-index-waiting"))
    } else if health.needs_rebuild {
        ("bad", shell.t("admin-index-damaged"))
    } else if backlog > 0 {
        ("wait", shell.t1("admin-index-behind", "n", backlog))
    } else if documents == should {
        ("ok", shell.t("admin-index-level"))
    } else {
        ("wait", shell.t("admin-index-differs"))
    };
    Ok(Index {
        facts,
        is_busy: health.rebuilding.is_some() || rebuild_waits,
        state,
    })
}

pub async fn page(ctx: Ctx, _: Admin) -> Answer {
    let store = ctx.store();
    let number = super::page_number(&ctx);
    let dead = store.dead_jobs(number).await?;
    let all_dead = store.dead_jobs_waiting().await?;
    let shell = ctx.shell().await;
    let page = Page {
        zone: super::zone(&ctx),
        kinds: store.jobs_by_kind(ctx.now()).await?,
        last_error: store
            .last_job_error()
            .await?
            .map(|(kind, error)| (kind_words(&shell, &kind), error)),
        last_done: store.last_job_done().await?,
        dead_letters: dead.iter().any(|job| job.letter().is_some()),
        pager: super::pager(&shell, number, DEAD_ROWS, dead.len(), all_dead, |page| {
            format!("/admin/jobs?page={page}")
        }),
        dead,
        index: index(&ctx, &shell).await?,
        shell,
    };
    ctx.html(&page)
}

/// One dead job: tried again, or given up.
pub async fn submit(ctx: Ctx, _: Admin, Id(id): Id<JobId>) -> Answer {
    let mut reader = ctx.reader();
    let retry = match reader.raw("decision") {
        "retry" => Some(true),
        "discard" => Some(false),
        _ => None,
    };
    if retry.is_none() {
        reader.add("decision", domain::problem::Problem::new("form-choose"));
    }
    let Ok(retry) = reader.finish(|| retry) else {
        return Err(Error::BadRequest);
    };
    let key = if retry {
        ctx.store().retry_dead_job(&ctx.act(), id).await?;
        "admin-jobs-retried"
    } else {
        ctx.store().discard_dead_job(&ctx.act(), id).await?;
        "admin-jobs-discarded"
    };
    ctx.flash(Flash::done(ctx.t(key))).await?;
    ctx.see("/admin/jobs")
}

/// All dead letters at once, after the mail server was mended.
pub async fn retry_letters(ctx: Ctx, _: Admin) -> Answer {
    let retried = ctx.store().retry_dead_letters(&ctx.act()).await?;
    let retried = i64::try_from(retried).unwrap_or(i64::MAX);
    let words = text::t_with(
        ctx.lang(),
        "admin-jobs-all-retried",
        &[("n", retried.into())],
    );
    ctx.flash(Flash::done(words)).await?;
    ctx.see("/admin/jobs")
}

pub async fn reindex(ctx: Ctx, _: Admin) -> Answer {
    ctx.store().ask_reindex(&ctx.act()).await?;
    ctx.flash(Flash::done(ctx.t("admin-index-asked"))).await?;
    ctx.see("/admin/jobs")
}

impl From<DeadJobError> for Error {
    fn from(error: DeadJobError) -> Self {
        match error {
            DeadJobError::NotFound => Self::NotFound,
            DeadJobError::NotDead => {
                Self::conflict("admin-jobs-not-dead").way_out("/admin/jobs", "admin-way-back")
            }
            DeadJobError::Store(error) => error.into(),
        }
    }
}
