//! The security log (CHECKLIST G03): signing in, denied access, roles, exports, resets; with time, person and address,
//! and never a secret. It is written beside deeds, kept for a year, and searched at the administrator's desk.

use std::net::IpAddr;

use domain::ids::PersonId;
use domain::time::Instant;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::act::Act;
use crate::entities::security_log;
use crate::error::Error;
use crate::events::{EVENTS_COUNTED, Where};
use crate::sql::Sql;
use crate::write::Store;

/// Rows on one page.
pub const SECURITY_ROWS: i64 = 50;
/// Longest detail that is kept, in characters.
const DETAIL_CHARS: usize = 200;

/// What to look for; empty fields look for everything.
#[derive(Clone, Debug, Default)]
pub struct SecurityFilter {
    /// In the words it was written with: `signed in`, `access denied`, …
    pub kind: String,
    /// Part of a name, or an id, of whom it is about or who did it.
    pub person: String,
    pub address: String,
    pub from: Option<Instant>,
    /// Not included.
    pub until: Option<Instant>,
    /// From 1.
    pub page: i64,
}

/// A row of the log.
#[derive(Clone, Debug, FromQueryResult)]
pub struct LoggedSecurity {
    pub at: i64,
    pub kind: String,
    pub person_id: Option<Uuid>,
    pub person: Option<String>,
    /// Who did it, where that is another.
    pub doer: Option<String>,
    pub organisation: Option<String>,
    pub address: Option<String>,
    pub detail: Option<String>,
}

impl Store {
    /// Writes a line of the security log. `person` is who it is about, where that is another than who acts or nobody
    /// acts yet.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn note_security(
        &self,
        act: &Act,
        kind: &str,
        person: Option<PersonId>,
        address: Option<IpAddr>,
        detail: &str,
    ) -> Result<(), Error> {
        let detail: String = detail.chars().take(DETAIL_CHARS).collect();
        self.write(act, async |tx| -> Result<(), Error> {
            tx.insert(security_log::Model {
                id: tx.new_id(),
                at: tx.now().0,
                kind: kind.to_owned(),
                person_id: person.or(tx.act.person).map(Into::into),
                by_id: tx
                    .act
                    .person
                    .filter(|by| Some(*by) != person)
                    .map(Into::into),
                organisation_id: tx.act.organisation.map(Into::into),
                address: address.map(|address| address.to_string()),
                detail: (!detail.is_empty()).then(|| detail.clone()),
            })
            .await
        })
        .await
    }

    /// A page of the log, latest first, and how many rows there are, counted up to [`EVENTS_COUNTED`].
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_security(
        &self,
        filter: &SecurityFilter,
    ) -> Result<(Vec<LoggedSecurity>, i64), Error> {
        let mut found = Where::default();
        if !filter.kind.is_empty() {
            found.and("l.kind = {}", filter.kind.as_str());
        }
        if !filter.person.is_empty() {
            let people = self.people_like(&filter.person).await?;
            found.and_one_of_either("l.person_id", "l.by_id", &people);
        }
        if !filter.address.is_empty() {
            found.and("l.address = {}", filter.address.as_str());
        }
        if let Some(from) = filter.from {
            found.and("l.at >= {}", from.0);
        }
        if let Some(until) = filter.until {
            found.and("l.at < {}", until.0);
        }
        let condition = found.sql();
        let count = self
            .number(
                format!(
                    "SELECT COUNT(*) FROM (SELECT 1 AS one FROM security_log l WHERE {condition} \
                     LIMIT {EVENTS_COUNTED}) found"
                ),
                found.values.clone(),
            )
            .await?;
        let offset = (filter.page.max(1) - 1).saturating_mul(SECURITY_ROWS);
        let rows = self
            .rows(
                format!(
                    "SELECT l.at, l.kind, l.person_id, p.name AS person, b.name AS doer, o.name AS organisation, l.address, \
                     l.detail FROM security_log l LEFT JOIN people p ON p.id = l.person_id \
                     LEFT JOIN people b ON b.id = l.by_id \
                     LEFT JOIN organisations o ON o.id = l.organisation_id WHERE {condition} \
                     ORDER BY l.at DESC, l.id DESC LIMIT {SECURITY_ROWS} OFFSET {offset}"
                ),
                found.values,
            )
            .await?;
        Ok((rows, count))
    }

    /// Forgets what is older than `before`: addresses are personal data.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_security(&self, act: &Act, before: Instant) -> Result<u64, Error> {
        self.write(act, async |tx| -> Result<u64, Error> {
            tx.exec("DELETE FROM security_log WHERE at < $1", [before.0.into()])
                .await
        })
        .await
    }
}
