//! Checks the promises about stock, orders and history in the database, from the rows up.
//!
//! Nothing here trusts a stored sum: everything is added up again. A breach is a line for the operator, never repaired
//! by itself. The ids (I1 …) are those of the invariants in ARCHITECTURE.md.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use domain::allocation::Run;
use domain::ids::OfferId;
use domain::orders::{Actor, OrderEvent, OrderState};
use domain::shares::{ShareActor, ShareEvent, ShareState};
use domain::time::Instant;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::error::Error;
use crate::sql::Sql;
use crate::write::Store;

mod checks;

use checks::{CHECKS, OWNERS};

/// Breaches shown of one kind; the rest is counted.
const SHOWN_MAX: i64 = 20;

/// A promise that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// `I1`, `I2`, …
    pub invariant: &'static str,
    pub text: String,
}

#[derive(FromQueryResult)]
struct Finding {
    id: Uuid,
    stored: i64,
    found: i64,
}

#[derive(FromQueryResult)]
struct Stranger {
    id: Uuid,
    other: Uuid,
}

#[derive(FromQueryResult)]
struct EventRow {
    subject_id: Uuid,
    seq: i64,
    kind: String,
    from_state: Option<String>,
    to_state: Option<String>,
}

impl Store {
    /// Every breach there is, at most a handful of each kind. Empty when all promises hold.
    ///
    /// `indexed` are the offers that the search index holds, where there is one to be read.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn audit(
        &self,
        now: Instant,
        indexed: Option<&[OfferId]>,
    ) -> Result<Vec<Breach>, Error> {
        let mut breaches = Vec::new();
        for check in CHECKS {
            let findings: Vec<Finding> = self
                .rows(format!("{} LIMIT {SHOWN_MAX}", check.sql), [])
                .await?;
            breaches.extend(findings.into_iter().map(|finding| Breach {
                invariant: check.invariant,
                text: format!(
                    "{} {}: {} stored, {} found",
                    check.what, finding.id, finding.stored, finding.found
                ),
            }));
        }
        for check in OWNERS {
            let found: Vec<Stranger> = self
                .rows(format!("{} LIMIT {SHOWN_MAX}", check.sql), [])
                .await?;
            breaches.extend(found.into_iter().map(|row| Breach {
                invariant: check.invariant,
                text: format!("{}: {} points at {}", check.what, row.id, row.other),
            }));
        }
        self.audit_runs(&mut breaches).await?;
        self.audit_history(&mut breaches).await?;
        if let Some(indexed) = indexed {
            self.audit_index(now, indexed, &mut breaches).await?;
        }
        Ok(breaches)
    }

    /// I5: every stored run of a sharing rule gives the same result again.
    async fn audit_runs(&self, breaches: &mut Vec<Breach>) -> Result<(), Error> {
        #[derive(FromQueryResult)]
        struct Row {
            id: Uuid,
            rule_version: i32,
            content: String,
        }
        let mut after = Uuid::nil();
        loop {
            let rows: Vec<Row> = self
                .rows(
                    "SELECT id, rule_version, content FROM allocations WHERE id > $1 ORDER BY id LIMIT 500",
                    [after.into()],
                )
                .await?;
            let Some(last) = rows.last() else {
                return Ok(());
            };
            after = last.id;
            for row in rows
                .iter()
                .filter(|row| row.rule_version == domain::allocation::VERSION)
            {
                let same = serde_json::from_str::<Run>(&row.content)
                    .is_ok_and(|run| run.is_reproducible());
                if !same {
                    breaches.push(Breach {
                        invariant: "I5",
                        text: format!("sharing run {} gives another result when run again", row.id),
                    });
                }
            }
        }
    }

    /// I7: each order and share went only ways that the tables of the domain know, and stands where its history ends.
    async fn audit_history(&self, breaches: &mut Vec<Breach>) -> Result<(), Error> {
        let order_step = |event: &str, from: &str, to: &str| {
            let (Ok(event), Ok(from), Ok(to)) = (
                OrderEvent::from_str(event),
                OrderState::from_str(from),
                OrderState::from_str(to),
            ) else {
                return false;
            };
            Actor::ALL.iter().any(|actor| {
                domain::orders::transition(from, event, *actor).is_ok_and(|state| state == to)
            })
        };
        let share_step = |event: &str, from: &str, to: &str| {
            let (Ok(event), Ok(from), Ok(to)) = (
                ShareEvent::from_str(event),
                ShareState::from_str(from),
                ShareState::from_str(to),
            ) else {
                return false;
            };
            ShareActor::ALL.iter().any(|actor| {
                domain::shares::transition(from, event, *actor).is_ok_and(|state| state == to)
            })
        };
        self.audit_steps(
            "order",
            "orders",
            OrderState::Draft.as_str(),
            &order_step,
            breaches,
        )
        .await?;
        self.audit_steps(
            "share",
            "shares",
            ShareState::Proposed.as_str(),
            &share_step,
            breaches,
        )
        .await
    }

    async fn audit_steps(
        &self,
        subject: &'static str,
        table: &'static str,
        start: &str,
        allowed: &dyn Fn(&str, &str, &str) -> bool,
        breaches: &mut Vec<Breach>,
    ) -> Result<(), Error> {
        #[derive(FromQueryResult)]
        struct State {
            id: Uuid,
            state: String,
        }
        let mut after = Uuid::nil();
        loop {
            let states: Vec<State> = self
                .rows(
                    format!("SELECT id, state FROM {table} WHERE id > $1 ORDER BY id LIMIT 500"),
                    [after.into()],
                )
                .await?;
            let (Some(first), Some(last)) = (states.first(), states.last()) else {
                return Ok(());
            };
            after = last.id;
            let events: Vec<EventRow> = self
                .rows(
                    "SELECT subject_id, seq, kind, from_state, to_state FROM events WHERE subject_kind = $1 \
                     AND subject_id >= $2 AND subject_id <= $3 ORDER BY subject_id, seq",
                    [subject.into(), first.id.into(), last.id.into()],
                )
                .await?;
            let mut by_subject: BTreeMap<Uuid, Vec<&EventRow>> = BTreeMap::new();
            for event in &events {
                by_subject.entry(event.subject_id).or_default().push(event);
            }
            for state in &states {
                let mut at = start;
                let mut told = false;
                for (position, event) in
                    (1_i64..).zip(by_subject.get(&state.id).into_iter().flatten())
                {
                    let mut wrong = |what: String| {
                        breaches.push(Breach {
                            invariant: "I7",
                            text: format!("{subject} {}: {what}", state.id),
                        });
                        told = true;
                    };
                    if event.seq != position {
                        wrong(format!(
                            "event {} stands where {position} should",
                            event.seq
                        ));
                    }
                    let (Some(from), Some(to)) = (&event.from_state, &event.to_state) else {
                        continue;
                    };
                    if from != at {
                        wrong(format!(
                            "`{}` starts from {from}, the history had come to {at}",
                            event.kind
                        ));
                    } else if !allowed(&event.kind, from, to) {
                        wrong(format!(
                            "`{}` does not lead from {from} to {to}",
                            event.kind
                        ));
                    }
                    at = to;
                }
                // A share that ended with its order is told by the order's event.
                let released = subject == "share" && state.state == ShareState::Released.as_str();
                if at != state.state && !released && !told {
                    breaches.push(Breach {
                        invariant: "I7",
                        text: format!(
                            "{subject} {} is {}, its history ends at {at}",
                            state.id, state.state
                        ),
                    });
                }
            }
        }
    }

    /// I9: the index holds no offer that nobody may see; with no index work waiting it holds all the others.
    async fn audit_index(
        &self,
        now: Instant,
        indexed: &[OfferId],
        breaches: &mut Vec<Breach>,
    ) -> Result<(), Error> {
        #[derive(FromQueryResult)]
        struct Offer {
            id: Uuid,
            shown: i64,
        }
        // The index filters by opening hours itself: what is published but not open yet, or not open any more, may
        // stand in it.
        let offers: Vec<Offer> = self
            .rows(
                "SELECT DISTINCT o.id, CAST(CASE WHEN c.opens_at <= $1 AND (c.closes_at IS NULL OR c.closes_at > $1) THEN 1 \
                 ELSE 0 END AS BIGINT) AS shown FROM offers o JOIN catalog_offers co ON co.offer_id = o.id JOIN catalogs c \
                 ON c.id = co.catalog_id AND c.state = 'published' WHERE o.state = 'live'",
                [now.0.into()],
            )
            .await?;
        let waiting = self
            .number(
                "SELECT COUNT(*) FROM jobs WHERE kind = $1 AND done_at IS NULL AND dead_at IS NULL",
                [crate::jobs::INDEX_OFFER.into()],
            )
            .await?;
        if waiting > 0 {
            return Ok(());
        }
        let may: BTreeSet<Uuid> = offers.iter().map(|offer| offer.id).collect();
        let must: BTreeSet<Uuid> = offers
            .iter()
            .filter(|offer| offer.shown == 1)
            .map(|offer| offer.id)
            .collect();
        let has: BTreeSet<Uuid> = indexed.iter().map(|id| id.0).collect();
        for id in has.difference(&may) {
            breaches.push(Breach {
                invariant: "I9",
                text: format!("offer {id} can be found but is not on offer"),
            });
        }
        for id in must.difference(&has) {
            breaches.push(Breach {
                invariant: "I9",
                text: format!("offer {id} is on offer but can't be found"),
            });
        }
        Ok(())
    }
}
