//! Settings with dates, read for one day and one cooperative. The rules receive [`Terms`], never a key.

use std::collections::HashMap;
use std::str::FromStr;

use domain::ids::OrganisationId;
use domain::settings::{Key, Scope, SettingRow, Terms, second_step_required};
use domain::time::{Day, Instant, Zone};
use sea_orm::{FromQueryResult, Value};

use crate::error::Error;
use crate::sql::{Sql, placeholders};
use crate::write::Store;

mod desk;

pub use desk::{Decided, Decision, SettingError};

/// The scope text of rows that hold for everyone.
pub(crate) const PLATFORM: &str = "platform";

#[derive(FromQueryResult)]
struct Row {
    scope: String,
    key: String,
    value: String,
    valid_from: i32,
    valid_until: Option<i32>,
}

/// The terms that hold on `day` for a cooperative.
pub(crate) async fn terms(
    sql: &impl Sql,
    cooperative: OrganisationId,
    day: Day,
) -> Result<Terms, Error> {
    terms_of(sql, &[(cooperative, day)])
        .await?
        .remove(&cooperative)
        .ok_or(Error::NotFound)
}

/// The terms of several cooperatives, each on its own day; one query.
pub(crate) async fn terms_of(
    sql: &impl Sql,
    days: &[(OrganisationId, Day)],
) -> Result<HashMap<OrganisationId, Terms>, Error> {
    let day = |day: Option<Day>| Value::from(day.unwrap_or_default().0);
    let mut values: Vec<Value> = vec![
        day(days.iter().map(|(_, day)| *day).min()),
        day(days.iter().map(|(_, day)| *day).max()),
        PLATFORM.into(),
    ];
    values.extend(days.iter().map(|(id, _)| Value::from(id.to_string())));
    let rows: Vec<Row> = sql
        .rows(
            format!(
                "SELECT scope, key, value, valid_from, valid_until FROM settings WHERE valid_from <= $2 \
                 AND (valid_until IS NULL OR valid_until >= $1) AND scope IN ({})",
                placeholders(3, days.len() + 1)
            ),
            values,
        )
        .await?;
    days.iter()
        .map(|(cooperative, day)| {
            let own = cooperative.to_string();
            let rows: Vec<SettingRow> = rows
                .iter()
                .filter(|row| row.scope == PLATFORM || row.scope == own)
                .filter_map(setting)
                .collect();
            let terms =
                Terms::resolve(*day, &rows).map_err(|bad| Error::Corrupt(bad.to_string()))?;
            Ok((*cooperative, terms))
        })
        .collect()
}

impl Store {
    /// Whether roles that guard money or rights have to sign in with a second step today, in the platform's zone.
    ///
    /// # Errors
    /// When the database fails, or holds another value than its rules allow.
    pub async fn second_step_required(&self, now: Instant) -> Result<bool, Error> {
        let day = Zone::Wib.day_of(now);
        let rows: Vec<Row> = self
            .rows(
                "SELECT scope, key, value, valid_from, valid_until FROM settings WHERE scope = $1 AND key = $2 \
                 AND valid_from <= $3",
                [
                    PLATFORM.into(),
                    Key::SecondStep.as_str().into(),
                    day.0.into(),
                ],
            )
            .await?;
        let rows: Vec<SettingRow> = rows.iter().filter_map(setting).collect();
        second_step_required(day, &rows).map_err(|bad| Error::Corrupt(bad.to_string()))
    }
}

fn setting(row: &Row) -> Option<SettingRow> {
    Some(SettingRow {
        scope: if row.scope == PLATFORM {
            Scope::Platform
        } else {
            Scope::Cooperative
        },
        // A key that this version does not know is a later version's business.
        key: Key::from_str(&row.key).ok()?,
        value: row.value.clone(),
        valid_from: Day(row.valid_from),
        valid_until: row.valid_until.map(Day),
    })
}
