//! What is counted of the database's work since the process began, for whoever watches it (`GET /metrics`).
//!
//! Only what this process did: several instances are added up by whoever reads them. What stands in the database is
//! asked when the sheet is written ([`Store::waiting_jobs`]).

use std::sync::atomic::{AtomicU64, Ordering};

use domain::time::Instant;
use figures::{Counter, Sheet, Timings};
use sea_orm::FromQueryResult;

use crate::error::Error;
use crate::sql::Sql;
use crate::write::Store;

/// Counted by the store itself.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    /// Whole deeds, from asking for the connection to the commit, reruns included.
    pub(crate) deeds: Timings,
    /// Queries outside of deeds.
    pub(crate) reads: Timings,
    /// Deeds that PostgreSQL rolled back for another one's sake and that were run again.
    pub(crate) reruns: Counter,
    pub(crate) orders_placed: Counter,
    pub(crate) packs_allocated: Counter,
    pub(crate) stock_refusals: Counter,
    pub(crate) jobs_done: Counter,
    pub(crate) jobs_put_back: Counter,
    pub(crate) jobs_died: Counter,
}

/// What one run of the placing deed did; counts only once it is committed.
#[derive(Debug, Default)]
pub(crate) struct Placing {
    packs: AtomicU64,
}

impl Placing {
    /// A run begins: whatever an earlier one did was rolled back.
    pub(crate) fn begin(&self) {
        self.packs.store(0, Ordering::Relaxed);
    }

    pub(crate) fn shared_out(&self, packs: i64) {
        let packs = u64::try_from(packs).unwrap_or(0);
        self.packs.fetch_add(packs, Ordering::Relaxed);
    }

    /// Packs of the order that is new now; 0 where it was placed before.
    pub(crate) fn packs(&self) -> u64 {
        self.packs.load(Ordering::Relaxed)
    }
}

/// Jobs of one kind that are neither done nor dead.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Waiting {
    pub kind: String,
    pub jobs: i64,
    /// Microseconds since 1970; in the future where none is due yet.
    pub oldest_due: i64,
}

impl Store {
    /// What waits in the outbox, by kind.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn waiting_jobs(&self) -> Result<Vec<Waiting>, Error> {
        self.rows(
            "SELECT kind, COUNT(*) AS jobs, MIN(run_at) AS oldest_due FROM jobs \
             WHERE done_at IS NULL AND dead_at IS NULL GROUP BY kind ORDER BY kind",
            [],
        )
        .await
    }

    /// Writes the figures of the database, of jobs and of the trade. What the database itself has to tell is left out where
    /// it does not answer.
    pub async fn write_figures(&self, sheet: &mut Sheet, now: Instant) {
        let counted = &self.figures;
        let (open, idle) = self.connections();
        let in_use = open.saturating_sub(idle);
        let help = "Connections to the database, in use and idle.";
        sheet.gauge(
            "lumbung_database_connections",
            help,
            &[("state", "in_use")],
            in_use,
        );
        sheet.gauge(
            "lumbung_database_connections",
            help,
            &[("state", "idle")],
            idle,
        );
        let help = "Queries outside of deeds.";
        sheet.timings("lumbung_database_query_seconds", help, &[], &counted.reads);
        let help = "Deeds, from asking for a connection to the commit.";
        sheet.timings("lumbung_database_deed_seconds", help, &[], &counted.deeds);
        for (name, help, counter) in [
            (
                "lumbung_database_reruns_total",
                "Deeds run again because another one was first.",
                &counted.reruns,
            ),
            (
                "lumbung_orders_placed_total",
                "Orders placed.",
                &counted.orders_placed,
            ),
            (
                "lumbung_packs_allocated_total",
                "Packs shared out among members by placed orders.",
                &counted.packs_allocated,
            ),
            (
                "lumbung_stock_refusals_total",
                "Orders refused because too little was left.",
                &counted.stock_refusals,
            ),
        ] {
            sheet.counter(name, help, &[], counter.get());
        }
        let help = "Jobs by what became of a try.";
        for (outcome, counter) in [
            ("done", &counted.jobs_done),
            ("put_back", &counted.jobs_put_back),
            ("died", &counted.jobs_died),
        ] {
            sheet.counter(
                "lumbung_jobs_total",
                help,
                &[("outcome", outcome)],
                counter.get(),
            );
        }
        if let Ok(waiting) = self.waiting_jobs().await {
            let open = waiting.iter().map(|kind| kind.jobs).sum();
            sheet.gauge(
                "lumbung_open_jobs",
                "Jobs not done and not dead.",
                &[],
                open,
            );
            let help = "Jobs not done and not dead, by kind.";
            for kind in &waiting {
                sheet.gauge(
                    "lumbung_waiting_jobs",
                    help,
                    &[("kind", &kind.kind)],
                    kind.jobs,
                );
            }
            let help = "How long the oldest job of a kind has been due.";
            for kind in &waiting {
                let age = now.epoch_seconds() - Instant(kind.oldest_due).epoch_seconds();
                sheet.gauge(
                    "lumbung_oldest_job_age_seconds",
                    help,
                    &[("kind", &kind.kind)],
                    age.max(0),
                );
            }
        }
        if let Ok(dead) = self.dead_jobs_waiting().await {
            let help = "Jobs that were given up and wait for the administrator.";
            sheet.gauge("lumbung_dead_jobs", help, &[], dead);
        }
    }
}
