//! History: one append-only row for each thing that happened, written in the deed that made it happen; and searching it.

use std::collections::HashMap;

use domain::ids::EventId;
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use crate::entities::events;
use crate::error::Error;
use crate::sql::{Sql, placeholders};
use crate::write::Tx;

mod log;

pub(crate) use log::Where;
pub use log::{EVENT_ROWS, EVENTS_COUNTED, EventFilter, LoggedEvent};

/// What happened to a subject. `kind` is a verb of the trade in the past tense (`order_sent`).
#[derive(Clone, Debug, Default)]
pub(crate) struct Event<'a> {
    pub subject_kind: &'a str,
    pub subject_id: Uuid,
    pub kind: &'a str,
    pub from_state: Option<&'a str>,
    pub to_state: Option<&'a str>,
    pub reason: Option<&'a str>,
    /// JSON with facts worth keeping.
    pub data: Option<String>,
}

impl Tx {
    /// The row of an event whose number is known, for deeds that write many at once. `change` is from which state to
    /// which; empty texts are left out.
    pub(crate) fn event_row(
        &self,
        subject_kind: &str,
        subject_id: Uuid,
        seq: i64,
        kind: &str,
        change: (Option<&str>, &str),
        data: String,
    ) -> events::Model {
        events::Model {
            id: self.new_id(),
            subject_kind: subject_kind.to_owned(),
            subject_id,
            seq,
            at: self.now().0,
            person_id: self.act.person.map(Into::into),
            organisation_id: self.act.organisation.map(Into::into),
            on_behalf_of: self.act.on_behalf_of.map(Into::into),
            kind: kind.to_owned(),
            from_state: change.0.map(str::to_owned),
            to_state: Some(change.1.to_owned()).filter(|state| !state.is_empty()),
            reason: None,
            data: Some(data).filter(|data| !data.is_empty()),
        }
    }

    /// Appends an event with the next number of its subject.
    ///
    /// What happens to an offer, a catalog, a cooperative or its membership, and what categories are called, shows on
    /// public pages: those get a new edition. Sales and stock say so themselves (`availability_changed`).
    pub(crate) async fn event(&self, event: Event<'_>) -> Result<EventId, Error> {
        if matches!(
            event.subject_kind,
            "offer" | "catalog" | "organisation" | "member" | "category" | "commodity"
        ) {
            self.pages_changed();
        }
        let seq = self
            .number(
                "SELECT COALESCE(MAX(seq), 0) + 1 FROM events WHERE subject_kind = $1 AND subject_id = $2",
                [event.subject_kind.into(), event.subject_id.into()],
            )
            .await?;
        let id = self.new_id();
        self.insert(events::Model {
            id,
            subject_kind: event.subject_kind.to_owned(),
            subject_id: event.subject_id,
            seq,
            at: self.now().0,
            person_id: self.act.person.map(Into::into),
            organisation_id: self.act.organisation.map(Into::into),
            on_behalf_of: self.act.on_behalf_of.map(Into::into),
            kind: event.kind.to_owned(),
            from_state: event.from_state.map(str::to_owned),
            to_state: event.to_state.map(str::to_owned),
            reason: event.reason.map(str::to_owned),
            data: event.data,
        })
        .await?;
        Ok(EventId(id))
    }

    /// Appends an event to each of many subjects of one kind, in a few statements. No subject may come twice.
    pub(crate) async fn events(&self, events: Vec<Event<'_>>) -> Result<(), Error> {
        #[derive(FromQueryResult)]
        struct Last {
            subject_id: Uuid,
            seq: i64,
        }
        let Some(first) = events.first() else {
            return Ok(());
        };
        let mut values: Vec<Value> = vec![first.subject_kind.into()];
        values.extend(events.iter().map(|event| Value::from(event.subject_id)));
        let last: Vec<Last> = self
            .rows(
                format!(
                    "SELECT subject_id, CAST(MAX(seq) AS BIGINT) AS seq FROM events WHERE subject_kind = $1 \
                     AND subject_id IN ({}) GROUP BY subject_id",
                    placeholders(2, events.len())
                ),
                values,
            )
            .await?;
        let last: HashMap<Uuid, i64> = last
            .into_iter()
            .map(|row| (row.subject_id, row.seq))
            .collect();
        let rows = events
            .into_iter()
            .map(|event| events::Model {
                id: self.new_id(),
                subject_kind: event.subject_kind.to_owned(),
                subject_id: event.subject_id,
                seq: last.get(&event.subject_id).copied().unwrap_or(0) + 1,
                at: self.now().0,
                person_id: self.act.person.map(Into::into),
                organisation_id: self.act.organisation.map(Into::into),
                on_behalf_of: self.act.on_behalf_of.map(Into::into),
                kind: event.kind.to_owned(),
                from_state: event.from_state.map(str::to_owned),
                to_state: event.to_state.map(str::to_owned),
                reason: event.reason.map(str::to_owned),
                data: event.data,
            })
            .collect();
        self.insert_many(rows).await
    }
}
