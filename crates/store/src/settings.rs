//! Settings with dates, read for one day and one cooperative. The rules receive [`Terms`], never a key.

use std::str::FromStr;

use domain::ids::OrganisationId;
use domain::settings::{Key, Scope, SettingRow, Terms};
use domain::time::Day;
use sea_orm::FromQueryResult;

use crate::error::Error;
use crate::sql::Sql;

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
    let rows: Vec<Row> = sql
        .rows(
            "SELECT scope, key, value, valid_from, valid_until FROM settings WHERE scope IN ($1, $2) \
             AND valid_from <= $3 AND (valid_until IS NULL OR valid_until >= $3)",
            [PLATFORM.into(), cooperative.to_string().into(), day.0.into()],
        )
        .await?;
    let rows: Vec<SettingRow> = rows
        .into_iter()
        .filter_map(|row| {
            Some(SettingRow {
                scope: if row.scope == PLATFORM {
                    Scope::Platform
                } else {
                    Scope::Cooperative
                },
                // A key that this version does not know is a later version's business.
                key: Key::from_str(&row.key).ok()?,
                value: row.value,
                valid_from: Day(row.valid_from),
                valid_until: row.valid_until.map(Day),
            })
        })
        .collect();
    Terms::resolve(day, &rows).map_err(|bad| Error::Corrupt(bad.to_string()))
}
