//! Searching the history: by subject, person, kind and time, a page at a time.

use domain::ids::{OrganisationId, PersonId};
use domain::time::Instant;
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use crate::error::Error;
use crate::members::like;
use crate::sql::Sql;
use crate::write::Store;

/// Events on one page.
pub const EVENT_ROWS: i64 = 50;
/// Counting stops here; who finds more asks more closely.
pub const EVENTS_COUNTED: i64 = 5_000;
/// People whose name fits that are taken into the search.
const PEOPLE_MAX: i64 = 50;

/// What to look for; empty fields look for everything.
#[derive(Clone, Debug, Default)]
pub struct EventFilter {
    /// `order`, `share`, `organisation`, …
    pub subject_kind: String,
    /// An id, or an order's number.
    pub subject: String,
    /// Part of the name of whoever did it, or an id.
    pub person: String,
    /// The event's word: `order_sent`, `role_granted`, …
    pub kind: String,
    pub from: Option<Instant>,
    /// Not included.
    pub until: Option<Instant>,
    /// From 1.
    pub page: i64,
}

/// A row of history, in the words it was written with.
#[derive(Clone, Debug, FromQueryResult)]
pub struct LoggedEvent {
    pub id: Uuid,
    pub subject_kind: String,
    pub subject_id: Uuid,
    pub seq: i64,
    pub at: i64,
    pub person_id: Option<Uuid>,
    pub person: Option<String>,
    pub organisation: Option<String>,
    pub on_behalf_of: Option<String>,
    pub kind: String,
    pub from_state: Option<String>,
    pub to_state: Option<String>,
    pub reason: Option<String>,
    pub data: Option<String>,
    /// Of an order.
    pub number: Option<String>,
}

/// A condition with its values, put together piece by piece.
#[derive(Default)]
pub(crate) struct Where {
    parts: Vec<String>,
    pub(crate) values: Vec<Value>,
}

impl Where {
    /// Adds a condition whose one placeholder is written `{}`.
    pub(crate) fn and(&mut self, condition: &str, value: impl Into<Value>) {
        self.values.push(value.into());
        let placeholder = format!("${}", self.values.len());
        self.parts.push(condition.replace("{}", &placeholder));
    }

    pub(crate) fn and_one_of(&mut self, column: &str, ids: &[Uuid]) {
        if ids.is_empty() {
            self.parts.push("1 = 0".to_owned());
            return;
        }
        let first = self.values.len() + 1;
        self.values.extend(ids.iter().map(|id| Value::from(*id)));
        let holes = crate::sql::placeholders(first, ids.len());
        self.parts.push(format!("{column} IN ({holes})"));
    }

    /// One of the ids stands in either column.
    pub(crate) fn and_one_of_either(&mut self, one: &str, other: &str, ids: &[Uuid]) {
        self.and_one_of(one, ids);
        if let (Some(part), false) = (self.parts.last_mut(), ids.is_empty()) {
            // The same placeholders stand for the same values.
            *part = format!("({part} OR {})", part.replacen(one, other, 1));
        }
    }

    pub(crate) fn sql(&self) -> String {
        if self.parts.is_empty() {
            return "1 = 1".to_owned();
        }
        self.parts.join(" AND ")
    }
}

#[derive(FromQueryResult)]
struct Id {
    id: Uuid,
}

impl Store {
    /// A page of history, latest first, and how many events there are, counted up to [`EVENTS_COUNTED`].
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_events(
        &self,
        filter: &EventFilter,
    ) -> Result<(Vec<LoggedEvent>, i64), Error> {
        let mut found = Where::default();
        if !filter.subject_kind.is_empty() {
            found.and("e.subject_kind = {}", filter.subject_kind.as_str());
        }
        if !filter.kind.is_empty() {
            found.and("e.kind = {}", filter.kind.as_str());
        }
        if !filter.subject.is_empty() {
            match filter.subject.parse::<Uuid>() {
                Ok(id) => found.and("e.subject_id = {}", id),
                Err(_) => found.and(
                    "e.subject_id IN (SELECT id FROM orders WHERE number = {})",
                    filter.subject.to_uppercase(),
                ),
            }
        }
        if !filter.person.is_empty() {
            let people = self.people_like(&filter.person).await?;
            found.and_one_of("e.person_id", &people);
        }
        if let Some(from) = filter.from {
            found.and("e.at >= {}", from.0);
        }
        if let Some(until) = filter.until {
            found.and("e.at < {}", until.0);
        }
        let condition = found.sql();
        let count = self
            .number(
                format!(
                    "SELECT COUNT(*) FROM (SELECT 1 AS one FROM events e WHERE {condition} LIMIT {EVENTS_COUNTED}) found"
                ),
                found.values.clone(),
            )
            .await?;
        let offset = (filter.page.max(1) - 1).saturating_mul(EVENT_ROWS);
        let rows = self
            .rows(
                format!(
                    "SELECT e.id, e.subject_kind, e.subject_id, e.seq, e.at, e.person_id, p.name AS person, \
                     o.name AS organisation, b.name AS on_behalf_of, e.kind, e.from_state, e.to_state, e.reason, \
                     e.data, s.number FROM events e LEFT JOIN people p ON p.id = e.person_id \
                     LEFT JOIN organisations o ON o.id = e.organisation_id \
                     LEFT JOIN organisations b ON b.id = e.on_behalf_of \
                     LEFT JOIN orders s ON s.id = e.subject_id \
                     WHERE {condition} ORDER BY e.at DESC, e.id DESC LIMIT {EVENT_ROWS} OFFSET {offset}"
                ),
                found.values,
            )
            .await?;
        Ok((rows, count))
    }

    /// Ids of people whose name holds `text`, or the one with that id.
    pub(crate) async fn people_like(&self, text: &str) -> Result<Vec<Uuid>, Error> {
        if let Ok(id) = text.trim().parse::<Uuid>() {
            return Ok(vec![id]);
        }
        let people: Vec<Id> = self
            .rows(
                "SELECT id FROM people WHERE LOWER(name) LIKE $1 ESCAPE '\\' ORDER BY name, id LIMIT $2",
                [like(text).into(), PEOPLE_MAX.into()],
            )
            .await?;
        Ok(people.into_iter().map(|row| row.id).collect())
    }

    /// What happened to an organisation, latest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn organisation_history(
        &self,
        organisation: OrganisationId,
    ) -> Result<Vec<LoggedEvent>, Error> {
        let filter = EventFilter {
            subject_kind: "organisation".to_owned(),
            subject: organisation.to_string(),
            page: 1,
            ..EventFilter::default()
        };
        Ok(self.find_events(&filter).await?.0)
    }

    /// What happened to a person's account, latest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn person_history(&self, person: PersonId) -> Result<Vec<LoggedEvent>, Error> {
        let filter = EventFilter {
            subject_kind: "person".to_owned(),
            subject: person.to_string(),
            page: 1,
            ..EventFilter::default()
        };
        Ok(self.find_events(&filter).await?.0)
    }
}
