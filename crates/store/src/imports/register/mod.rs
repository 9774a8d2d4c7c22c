//! A cooperative's members from its register: businesses that nobody signs in for yet, their memberships, and the
//! opening balances of their savings, kept for the ledger to come.
//!
//! A member is looked for among this cooperative's own alone: a business that is registered elsewhere stays its owner's,
//! and is told nothing and shown to nobody by a number in a list (CHECKLIST A07, B08). Its owner comes by an invitation.
//!
//! Reading is here; what is decided for a whole list in [`planning`], what its rows become in [`entering`], and how they go
//! again in [`leaving`].

use std::collections::{HashMap, HashSet};

use domain::{
    ids::{MemberId, OrganisationId},
    imports::Fingerprint,
    registers::{Known, KnownMember, Preview, SavingsKind, interpret},
    time::{Instant, Zone},
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

mod entering;
mod leaving;
mod planning;

pub(super) use entering::Completed;
pub(super) use planning::{Plan, plan};

use super::{ImportError, Reading, Table};
use crate::error::Error;
use crate::sql::Sql;
use crate::write::Store;

/// What the opening balances of a member or a cooperative add up to.
#[derive(Clone, Debug, FromQueryResult)]
pub struct SavingsSum {
    /// `principal`, `mandatory` or `voluntary`.
    pub kind: String,
    pub rupiah: i64,
    /// The day they stood so, as days since 1970-01-01.
    pub as_of: i32,
}

#[derive(FromQueryResult)]
struct Home {
    region_code: String,
}

async fn home(sql: &impl Sql, cooperative: OrganisationId) -> Result<Home, ImportError> {
    sql.row(
        "SELECT region_code FROM organisations WHERE id = $1 AND kind = 'cooperative'",
        [cooperative.0.into()],
    )
    .await?
    .ok_or(ImportError::NotFound)
}

/// What a register would bring a cooperative.
pub(super) async fn read(
    sql: &impl Sql,
    cooperative: OrganisationId,
    now: Instant,
    table: &Table,
    reading: &Reading,
) -> Result<Preview, ImportError> {
    #[derive(FromQueryResult)]
    struct Member {
        id: Uuid,
        number: Option<i32>,
        name: String,
        phone: Option<String>,
        status: String,
        owners: i64,
    }
    #[derive(FromQueryResult)]
    struct Opened {
        member_id: Uuid,
        kind: String,
    }
    #[derive(FromQueryResult)]
    struct Seen {
        fingerprint: String,
    }
    let home = home(sql, cooperative).await?;
    let rows: Vec<Member> = sql
        .rows(
            "SELECT m.id, m.number, o.name, o.phone, m.status, (SELECT COUNT(*) FROM roles r \
             WHERE r.organisation_id = o.id) AS owners FROM members m JOIN organisations o ON o.id = m.supplier_id \
             WHERE m.cooperative_id = $1 ORDER BY m.id",
            [cooperative.0.into()],
        )
        .await?;
    let opened: Vec<Opened> = sql
        .rows(
            "SELECT b.member_id, b.kind FROM opening_balances b WHERE b.cooperative_id = $1 AND b.reverses IS NULL \
             AND NOT EXISTS (SELECT 1 FROM opening_balances r WHERE r.reverses = b.id)",
            [cooperative.0.into()],
        )
        .await?;
    let mut kinds: HashMap<Uuid, Vec<SavingsKind>> = HashMap::new();
    for row in opened {
        let kind = row.kind.parse().map_err(|_| Error::Corrupt(row.kind))?;
        kinds.entry(row.member_id).or_default().push(kind);
    }
    let members = rows
        .into_iter()
        .map(|row| {
            Ok(KnownMember {
                id: MemberId(row.id),
                number: row.number,
                name: row.name,
                phone: row.phone,
                status: row
                    .status
                    .parse()
                    .map_err(|_| Error::Corrupt(row.status.clone()))?,
                has_owner: row.owners > 0,
                opened: kinds.remove(&row.id).unwrap_or_default(),
            })
        })
        .collect::<Result<Vec<_>, Error>>()?;
    let seen: Vec<Seen> = sql
        .rows(
            "SELECT x.fingerprint FROM imported_members x JOIN imports i ON i.id = x.import_id \
             WHERE x.cooperative_id = $1 AND i.state = 'done'",
            [cooperative.0.into()],
        )
        .await?;
    let imported: HashSet<Fingerprint> = seen
        .into_iter()
        .map(|row| Fingerprint(row.fingerprint))
        .collect();
    let known = Known {
        members: &members,
        imported: Some(&imported),
        mapping: reading.mapping.as_ref(),
        today: Zone::of_region(&home.region_code).day_of(now),
    };
    interpret(&table.headers, table.sheet_rows(), &known).map_err(ImportError::Unreadable)
}

impl Store {
    /// What a member's opening balances add up to, by kind; those that were taken back left out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn opening_balances(
        &self,
        cooperative: OrganisationId,
        member: MemberId,
    ) -> Result<Vec<SavingsSum>, Error> {
        self.rows(
            "SELECT kind, CAST(SUM(amount_rupiah) AS BIGINT) AS rupiah, MAX(as_of) AS as_of FROM opening_balances \
             WHERE cooperative_id = $1 AND member_id = $2 GROUP BY kind HAVING SUM(amount_rupiah) <> 0 \
             ORDER BY CASE kind WHEN 'principal' THEN 1 WHEN 'mandatory' THEN 2 ELSE 3 END",
            [cooperative.0.into(), member.0.into()],
        )
        .await
    }
}
