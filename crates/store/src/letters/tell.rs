//! Telling people: one row for each of them and each thing, from which come a notice inside Lumbung and a letter.
//!
//! Who is told what is decided by the deed; by which way and when, by each person ([`domain::notices`]). Notices hold
//! ids, never words: they are read in the reader's language, with the names of that day.

use std::collections::HashMap;

use domain::ids::{EventId, OrganisationId, PersonId};
use domain::notices::{Digest, QuietHours, Topic};
use domain::time::{Instant, Zone};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use super::{About, DIGEST, JOB, LetterJob, NAMES};
use crate::error::Error;
use crate::sql::{Sql, placeholders};
use crate::write::Tx;

/// Rows of one INSERT.
const ROWS_MAX: usize = 200;

/// Whether a letter is a notice, too: what happens to an account is told by letter alone.
fn is_notice(what: &str) -> bool {
    Topic::of(what).may_be_muted() || what.starts_with("organisation_")
}

/// Somebody who is told something.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Told {
    pub person: PersonId,
    /// In whose matter: the person reads it when acting for that organisation.
    pub organisation: Option<OrganisationId>,
    pub about: About,
}

#[derive(FromQueryResult)]
struct Wish {
    id: Uuid,
    has_email: i64,
    by_mail: Option<bool>,
    in_app: Option<bool>,
    begins_minute: Option<i32>,
    ends_minute: Option<i32>,
    zone: Option<String>,
    digest_minute: Option<i32>,
    digest_zone: Option<String>,
}

impl Wish {
    fn digest(&self) -> Option<Digest> {
        Some(Digest {
            at: self.digest_minute?,
            zone: zone(self.digest_zone.as_deref()?),
        })
    }

    fn quiet(&self) -> Option<QuietHours> {
        Some(QuietHours {
            begins: self.begins_minute?,
            ends: self.ends_minute?,
            zone: zone(self.zone.as_deref()?),
        })
    }
}

pub(crate) fn zone(word: &str) -> Zone {
    match word {
        "WITA" => Zone::Wita,
        "WIT" => Zone::Wit,
        _ => Zone::Wib,
    }
}

impl Tx {
    /// Tells people something: one query for what they want, one statement for the notices, one for the letters.
    pub(crate) async fn tell(&self, what: &str, event: EventId, to: &[Told]) -> Result<(), Error> {
        debug_assert!(NAMES.contains(&what), "no letter {what}");
        for chunk in to.chunks(ROWS_MAX) {
            let wishes = self.wishes(what, chunk).await?;
            let mut notices = Vec::new();
            let mut letters = Vec::new();
            let mut digests = Vec::new();
            for told in chunk {
                let Some(wish) = wishes.get(&told.person.0) else {
                    continue;
                };
                let topic = Topic::of(what);
                let mutes = topic.may_be_muted();
                let by_mail = !mutes || wish.by_mail.unwrap_or(true);
                let in_app = !mutes || wish.in_app.unwrap_or(true) || wish.has_email == 0;
                let by_letter = wish.has_email == 1 && by_mail;
                // A digest counts notices, so they are there for whoever has one.
                let digest = wish.digest().filter(|_| mutes && by_letter);
                if (in_app || digest.is_some()) && is_notice(what) {
                    notices.push(*told);
                }
                let quiet = wish.quiet().filter(|_| mutes);
                let after = |at| quiet.map_or(at, |quiet| quiet.wait(at));
                match digest {
                    Some(digest) => digests.push((*told, after(digest.next(self.now())))),
                    None if by_letter => letters.push((*told, after(self.now()))),
                    None => {}
                }
            }
            self.insert_digests(event, &digests).await?;
            self.insert_notices(what, event, &notices).await?;
            self.insert_letters(what, event, &letters).await?;
        }
        Ok(())
    }

    async fn wishes(&self, what: &str, to: &[Told]) -> Result<HashMap<Uuid, Wish>, Error> {
        let mut values: Vec<Value> = vec![Topic::of(what).as_str().into()];
        values.extend(to.iter().map(|told| Value::from(told.person.0)));
        let rows: Vec<Wish> = self
            .rows(
                format!(
                    "SELECT p.id, CAST(CASE WHEN p.email IS NULL THEN 0 ELSE 1 END AS BIGINT) AS has_email, c.by_mail, \
                     c.in_app, q.begins_minute, q.ends_minute, q.zone, d.at_minute AS digest_minute, \
                     d.zone AS digest_zone FROM people p LEFT JOIN digests d ON d.person_id = p.id \
                     LEFT JOIN notice_choices c ON c.person_id = p.id AND c.topic = $1 \
                     LEFT JOIN quiet_hours q ON q.person_id = p.id WHERE p.id IN ({})",
                    placeholders(2, to.len())
                ),
                values,
            )
            .await?;
        Ok(rows.into_iter().map(|row| (row.id, row)).collect())
    }

    async fn insert_notices(&self, what: &str, event: EventId, to: &[Told]) -> Result<(), Error> {
        if to.is_empty() {
            return Ok(());
        }
        let mut values: Vec<Value> = vec![event.0.into(), what.into(), self.now().0.into()];
        let mut rows = Vec::with_capacity(to.len());
        for told in to {
            let n = values.len();
            let holes: Vec<String> = (1..=11).map(|at| format!("${}", n + at)).collect();
            rows.push(format!("($1, $2, $3, {})", holes.join(", ")));
            values.push(self.new_id().into());
            values.push(told.person.0.into());
            values.push(told.organisation.map(Uuid::from).into());
            values.push(told.about.order.map(Uuid::from).into());
            values.push(told.about.share.map(Uuid::from).into());
            values.push(told.about.organisation.map(Uuid::from).into());
            values.push(told.about.cooperative.map(Uuid::from).into());
            values.push(told.about.offer.map(Uuid::from).into());
            values.push(told.about.catalog.map(Uuid::from).into());
            values.push(told.about.question.map(Uuid::from).into());
            values.push(dedupe(what, event, told).into());
        }
        self.exec(
            format!(
                "INSERT INTO notices (event_id, kind, at, id, person_id, organisation_id, order_id, share_id, \
                 subject_id, cooperative_id, offer_id, catalog_id, question_id, dedupe) VALUES {} ON CONFLICT (dedupe) DO NOTHING",
                rows.join(", ")
            ),
            values,
        )
        .await?;
        Ok(())
    }

    async fn insert_letters(
        &self,
        what: &str,
        event: EventId,
        to: &[(Told, Instant)],
    ) -> Result<(), Error> {
        let mut jobs = Vec::with_capacity(to.len());
        for (told, at) in to {
            let job = LetterJob {
                letter: what.to_owned(),
                person: told.person,
                about: told.about,
                link: None,
            };
            jobs.push((job, format!("letter:{}", dedupe(what, event, told)), *at));
        }
        self.queue(event, &jobs).await
    }

    /// The digest of that moment is queued once for each person, by the first thing that it tells.
    async fn insert_digests(&self, event: EventId, to: &[(Told, Instant)]) -> Result<(), Error> {
        let mut jobs = Vec::with_capacity(to.len());
        for (told, at) in to {
            let job = LetterJob {
                letter: DIGEST.to_owned(),
                person: told.person,
                about: About::default(),
                link: None,
            };
            jobs.push((
                job,
                format!("letter:{DIGEST}:{}:{}", told.person, at.0),
                *at,
            ));
        }
        self.queue(event, &jobs).await
    }

    async fn queue(
        &self,
        event: EventId,
        jobs: &[(LetterJob, String, Instant)],
    ) -> Result<(), Error> {
        if jobs.is_empty() {
            return Ok(());
        }
        let mut values: Vec<Value> = vec![JOB.into(), event.0.into(), self.now().0.into()];
        let mut rows = Vec::with_capacity(jobs.len());
        for (job, dedupe, at) in jobs {
            let n = values.len();
            rows.push(format!(
                "(${}, $1, ${}, ${}, $2, ${}, 0, $3)",
                n + 1,
                n + 2,
                n + 3,
                n + 4
            ));
            values.push(self.new_id().into());
            values.push(serde_json::to_string(job)?.into());
            values.push(dedupe.as_str().into());
            values.push(at.0.into());
        }
        self.exec(
            format!(
                "INSERT INTO jobs (id, kind, payload, dedupe, event_id, run_at, attempts, created_at) \
                 VALUES {} ON CONFLICT (dedupe) DO NOTHING",
                rows.join(", ")
            ),
            values,
        )
        .await?;
        Ok(())
    }
}

/// Told once: this thing, for this reason, to this person, about this share.
fn dedupe(what: &str, event: EventId, told: &Told) -> String {
    let share = told.about.share.map(|share| share.to_string());
    format!(
        "{what}:{event}:{}:{}",
        told.person,
        share.unwrap_or_default()
    )
}
