//! The limit on searches (CHECKLIST G05): counters in the database, written once for many.
//!
//! A kept page costs nothing and is not counted. Searches that are worked out are gathered here by visitor and written
//! down [`STEP`] at a time, so that several processes see the same sum and nobody's search is a write. Who is over the
//! limit is refused from memory until the time is up.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use domain::time::Instant;
use store::accounts::Tries;

use crate::{ctx::Ctx, error::Error};

/// Searches in a window.
const LIMIT: i64 = 600;
const WINDOW_SECONDS: i64 = 300;
/// Searches gathered before they are written down.
const STEP: i64 = 20;
/// Visitors remembered; more than so many at once is no ordinary day, and forgetting them only costs writes.
const VISITORS_MAX: usize = 10_000;

#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    gathered: i64,
    refused_until: Option<Instant>,
}

/// What this process knows of its visitors' searches.
#[derive(Debug, Default)]
pub struct Searches(Mutex<HashMap<String, Tally>>);

enum Step {
    Go,
    Count,
    Refuse { retry_after_seconds: i64 },
}

impl Searches {
    fn step(&self, bucket: &str, now: Instant) -> Step {
        let mut tallies = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if tallies.len() >= VISITORS_MAX && !tallies.contains_key(bucket) {
            tallies.clear();
        }
        let tally = tallies.entry(bucket.to_owned()).or_default();
        if let Some(until) = tally.refused_until {
            let seconds = until.epoch_seconds() - now.epoch_seconds();
            if seconds > 0 {
                return Step::Refuse {
                    retry_after_seconds: seconds,
                };
            }
            tally.refused_until = None;
        }
        tally.gathered += 1;
        if tally.gathered < STEP {
            return Step::Go;
        }
        tally.gathered = 0;
        Step::Count
    }

    fn refuse(&self, bucket: &str, until: Instant) {
        let mut tallies = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tallies.entry(bucket.to_owned()).or_default().refused_until = Some(until);
    }
}

/// Counts a search of this visitor.
pub(super) async fn count(ctx: &Ctx) -> Result<(), Error> {
    let bucket = match (ctx.visitor(), ctx.ip()) {
        (Some(visitor), _) => format!("search:person:{}", visitor.person),
        (None, Some(ip)) => format!("search:address:{ip}"),
        (None, None) => "search:address:unknown".to_owned(),
    };
    let searches = &ctx.state().searches;
    let retry_after_seconds = match searches.step(&bucket, ctx.now()) {
        Step::Go => return Ok(()),
        Step::Refuse {
            retry_after_seconds,
        } => retry_after_seconds,
        Step::Count => {
            let tries = ctx
                .store()
                .count_tries(&ctx.act(), &bucket, STEP, LIMIT, WINDOW_SECONDS)
                .await?;
            let Tries::Exhausted {
                retry_after_seconds,
            } = tries
            else {
                return Ok(());
            };
            searches.refuse(&bucket, ctx.now().plus_seconds(retry_after_seconds));
            tracing::warn!(ip = ?ctx.ip(), "searches refused: too many");
            retry_after_seconds
        }
    };
    Err(Error::TooMany {
        retry_after_seconds,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_in_twenty_searches_is_written_down_and_a_refusal_lasts() {
        let searches = Searches::default();
        let now = Instant(1_800_000_000_000_000);
        let steps: Vec<bool> = (0..60)
            .map(|_| matches!(searches.step("a", now), Step::Count))
            .collect();
        assert_eq!(steps.iter().filter(|counts| **counts).count(), 3);
        searches.refuse("a", now.plus_seconds(30));
        assert!(matches!(
            searches.step("a", now.plus_seconds(10)),
            Step::Refuse {
                retry_after_seconds: 20
            }
        ));
        assert!(matches!(searches.step("b", now), Step::Go));
        assert!(matches!(searches.step("a", now.plus_seconds(30)), Step::Go));
    }
}
