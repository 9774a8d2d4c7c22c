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

/// A query that gives a row (id, stored, found) for every breach.
struct Check {
    invariant: &'static str,
    what: &'static str,
    sql: &'static str,
}

const CHECKS: &[Check] = &[
    Check {
        invariant: "I1",
        what: "lot holds more than it has, or a negative amount",
        sql: "SELECT id, on_hand AS stored, held AS found FROM lots WHERE held < 0 OR on_hand < 0 OR held > on_hand",
    },
    Check {
        invariant: "I1",
        what: "lot's held packs differ from the sum of its open holds",
        sql: "SELECT l.id, l.held AS stored, CAST(COALESCE(h.packs, 0) AS BIGINT) AS found FROM lots l LEFT JOIN \
              (SELECT lot_id, SUM(packs) AS packs FROM holds WHERE released_at IS NULL GROUP BY lot_id) h \
              ON h.lot_id = l.id WHERE l.held <> COALESCE(h.packs, 0)",
    },
    Check {
        invariant: "I2",
        what: "lot's packs on hand differ from the sum of its movements",
        sql: "SELECT l.id, l.on_hand AS stored, CAST(COALESCE(m.packs, 0) AS BIGINT) AS found FROM lots l LEFT JOIN \
              (SELECT lot_id, SUM(packs) AS packs FROM movements GROUP BY lot_id) m ON m.lot_id = l.id \
              WHERE l.on_hand <> COALESCE(m.packs, 0)",
    },
    Check {
        invariant: "I3",
        what: "order's total differs from the sum of its lines",
        sql: "SELECT o.id, o.total_rupiah AS stored, CAST(COALESCE(l.total, 0) AS BIGINT) AS found FROM orders o \
              LEFT JOIN (SELECT order_id, SUM(goods_rupiah + ppn_rupiah + freight_rupiah) AS total FROM order_lines \
              GROUP BY order_id) l ON l.order_id = o.id WHERE o.total_rupiah <> COALESCE(l.total, 0) \
              OR o.total_rupiah <> o.goods_rupiah + o.ppn_rupiah + o.freight_rupiah",
    },
    Check {
        invariant: "I5",
        what: "shares give more packs than the line orders",
        sql: "SELECT l.id, l.packs AS stored, CAST(s.packs AS BIGINT) AS found FROM order_lines l JOIN \
              (SELECT order_line_id, SUM(packs) AS packs FROM shares WHERE state IN ('proposed', 'accepted', 'reduced') \
              GROUP BY order_line_id) s ON s.order_line_id = l.id WHERE s.packs > l.packs",
    },
    Check {
        invariant: "I5",
        what: "shares of a confirmed line do not add up to its packs",
        sql: "SELECT l.id, l.packs AS stored, CAST(COALESCE(s.packs, 0) AS BIGINT) AS found FROM order_lines l \
              JOIN orders o ON o.id = l.order_id AND o.state = 'confirmed' LEFT JOIN \
              (SELECT order_line_id, SUM(packs) AS packs FROM shares WHERE state IN ('accepted', 'reduced') \
              GROUP BY order_line_id) s ON s.order_line_id = l.id WHERE l.packs <> COALESCE(s.packs, 0)",
    },
    Check {
        invariant: "I5",
        what: "shares of a confirmed line do not add up to its money",
        sql: "SELECT l.id, l.goods_rupiah AS stored, CAST(COALESCE(s.goods, 0) AS BIGINT) AS found FROM order_lines l \
              JOIN orders o ON o.id = l.order_id AND o.state = 'confirmed' LEFT JOIN \
              (SELECT s.order_line_id, SUM(s.packs * p.buyer_price_rupiah) AS goods FROM shares s \
              JOIN order_line_prices p ON p.order_line_id = s.order_line_id AND p.grade = s.grade \
              WHERE s.state IN ('accepted', 'reduced') GROUP BY s.order_line_id) s ON s.order_line_id = l.id \
              WHERE l.goods_rupiah <> COALESCE(s.goods, 0)",
    },
    Check {
        invariant: "I5",
        what: "share is promised but its lots hold another amount for it",
        sql: "SELECT s.id, s.packs AS stored, CAST(COALESCE(h.packs, 0) AS BIGINT) AS found FROM shares s \
              JOIN orders o ON o.id = s.order_id AND o.state IN ('sent', 'confirmed') LEFT JOIN \
              (SELECT share_id, SUM(packs) AS packs FROM holds WHERE released_at IS NULL GROUP BY share_id) h \
              ON h.share_id = s.id WHERE (s.state IN ('proposed', 'accepted', 'reduced') AND s.packs <> COALESCE(h.packs, 0)) \
              OR (s.state IN ('declined', 'released') AND COALESCE(h.packs, 0) <> 0)",
    },
    Check {
        invariant: "I6",
        what: "order has no line, or no event that placed it",
        sql: "SELECT o.id, (SELECT COUNT(*) FROM order_lines l WHERE l.order_id = o.id) AS stored, \
              (SELECT COUNT(*) FROM events e WHERE e.subject_kind = 'order' AND e.subject_id = o.id \
              AND e.kind IN ('submit', 'ask_approval')) AS found FROM orders o WHERE \
              NOT EXISTS (SELECT 1 FROM order_lines l WHERE l.order_id = o.id) OR NOT EXISTS (SELECT 1 FROM events e \
              WHERE e.subject_kind = 'order' AND e.subject_id = o.id AND e.kind IN ('submit', 'ask_approval'))",
    },
    Check {
        invariant: "I6",
        what: "order that has ended still holds stock",
        sql: "SELECT o.id, CAST(0 AS BIGINT) AS stored, CAST(SUM(h.packs) AS BIGINT) AS found FROM orders o JOIN holds h \
              ON h.order_id = o.id AND h.released_at IS NULL WHERE o.state IN ('draft', 'declined', 'cancelled', 'expired') \
              GROUP BY o.id",
    },
    Check {
        invariant: "I11",
        what: "order numbers of an issuer have gaps",
        sql: "SELECT c.issuer_id AS id, c.value AS stored, (SELECT COUNT(*) FROM orders o WHERE \
              o.cooperative_id = c.issuer_id AND o.number LIKE c.kind || '/%/' || CAST(c.year AS TEXT) || '/%') AS found \
              FROM counters c WHERE c.kind = 'SO' AND c.value <> (SELECT COUNT(*) FROM orders o WHERE \
              o.cooperative_id = c.issuer_id AND o.number LIKE c.kind || '/%/' || CAST(c.year AS TEXT) || '/%')",
    },
];

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
