//! What is decided for a whole register before its rows are written: numbers, addresses, places in the history.

use std::collections::{HashMap, HashSet};

use domain::{
    ids::OrganisationId,
    imports::RowOutcome,
    names::slug,
    registers::{MemberEntry, Preview},
    time::{Day, Instant, Zone},
};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use super::home;
use crate::error::Error;
use crate::imports::ImportError;
use crate::sql::{Sql, placeholders};

/// What is decided for a whole register before its rows are written.
pub(in crate::imports) struct Plan {
    /// Where a member is whose row names no regency.
    pub(super) region: String,
    pub(super) today: Day,
    /// One for each row of the preview.
    pub rows: Vec<Planned>,
}

/// What a row gets beside what it says.
#[derive(Clone, Debug, Default)]
pub(in crate::imports) struct Planned {
    /// Its own number, else the next that is free.
    pub(super) number: Option<i32>,
    /// The business's address.
    pub(super) slug: String,
    /// The number of its event among those of the member.
    pub(super) seq: i64,
}

/// Numbers, addresses and places in the history for the rows of a register.
pub(in crate::imports) async fn plan(
    sql: &impl Sql,
    cooperative: OrganisationId,
    now: Instant,
    preview: &Preview,
    chance: impl Fn() -> Uuid,
) -> Result<Plan, ImportError> {
    let home = home(sql, cooperative).await?;
    let entries: Vec<Option<(&MemberEntry, bool)>> = preview
        .rows
        .iter()
        .map(|row| match &row.outcome {
            RowOutcome::New(entry) => Some((entry, true)),
            RowOutcome::Match(entry) => Some((entry, false)),
            _ => None,
        })
        .collect();
    let highest = sql
        .number(
            "SELECT CAST(COALESCE(MAX(number), 0) AS BIGINT) FROM members WHERE cooperative_id = $1",
            [cooperative.0.into()],
        )
        .await?;
    let highest = i32::try_from(highest).unwrap_or(i32::MAX);
    let stated = entries.iter().flatten();
    let stated = stated.filter_map(|(entry, _)| entry.number).max();
    // Numbers that neither a member nor a row has, upwards.
    let mut numbers = highest.max(stated.unwrap_or(0)).saturating_add(1)..i32::MAX;
    let mut slugs = free_slugs(sql, &entries, chance).await?.into_iter();
    let seqs = member_seqs(sql, cooperative).await?;
    let rows = entries
        .iter()
        .map(|entry| {
            let Some((entry, is_new)) = entry else {
                return Planned::default();
            };
            let existing = entry.existing.and_then(|member| seqs.get(&member.0));
            Planned {
                number: entry
                    .number
                    .or_else(|| is_new.then(|| numbers.next()).flatten()),
                slug: slugs.next().unwrap_or_default(),
                seq: existing.copied().unwrap_or(0) + 1,
            }
        })
        .collect();
    Ok(Plan {
        today: Zone::of_region(&home.region_code).day_of(now),
        region: home.region_code,
        rows,
    })
}

/// An address for each row that is taken: its name's, with a piece of chance where that is somebody's already.
async fn free_slugs(
    sql: &impl Sql,
    entries: &[Option<(&MemberEntry, bool)>],
    chance: impl Fn() -> Uuid,
) -> Result<Vec<String>, Error> {
    #[derive(FromQueryResult)]
    struct Slug {
        slug: String,
    }
    let wanted: Vec<String> = entries
        .iter()
        .flatten()
        .map(|(entry, _)| slug(&entry.name))
        .collect();
    let mut used: HashSet<String> = HashSet::new();
    for chunk in wanted.chunks(5_000) {
        let found: Vec<Slug> = sql
            .rows(
                format!(
                    "SELECT slug FROM organisations WHERE slug IN ({})",
                    placeholders(1, chunk.len())
                ),
                chunk.iter().map(|slug| Value::from(slug.as_str())),
            )
            .await?;
        used.extend(found.into_iter().map(|row| row.slug));
    }
    Ok(wanted
        .into_iter()
        .map(|slug| {
            let slug = match used.contains(&slug) {
                // The end of an id is chance; the table's own constraint sees to the rest.
                true => {
                    let chance = chance().simple().to_string();
                    format!("{slug}-{}", chance.get(22..).unwrap_or_default())
                }
                false => slug,
            };
            used.insert(slug.clone());
            slug
        })
        .collect())
}

/// How many events each member of a cooperative has.
pub(super) async fn member_seqs(
    sql: &impl Sql,
    cooperative: OrganisationId,
) -> Result<HashMap<Uuid, i64>, Error> {
    #[derive(FromQueryResult)]
    struct Last {
        id: Uuid,
        seq: i64,
    }
    let rows: Vec<Last> = sql
        .rows(
            "SELECT m.id, MAX(e.seq) AS seq FROM members m JOIN events e ON e.subject_kind = 'member' \
             AND e.subject_id = m.id WHERE m.cooperative_id = $1 GROUP BY m.id",
            [cooperative.0.into()],
        )
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.seq)).collect())
}
