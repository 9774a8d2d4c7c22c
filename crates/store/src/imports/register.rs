//! A cooperative's members from its register: businesses that nobody signs in for yet, their memberships, and the
//! opening balances of their savings, kept for the ledger to come.
//!
//! A member is looked for among this cooperative's own alone: a business that is registered elsewhere stays its owner's,
//! and is told nothing and shown to nobody by a number in a list (CHECKLIST A07, B08). Its owner comes by an invitation.

use std::collections::{HashMap, HashSet};

use domain::{
    accounts::{OrganisationKind, Verification},
    ids::{ImportId, MemberId, OrganisationId},
    imports::{Fingerprint, RowOutcome, RowReading},
    members::MemberStatus,
    money::Rupiah,
    names::slug,
    registers::{Known, KnownMember, MemberEntry, Preview, SavingsKind, interpret},
    time::{Day, Instant, Zone},
};
use sea_orm::{FromQueryResult, Value};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::{ImportError, Reading, Table, parts::Part};
use crate::entities::{imported_members, members, opening_balances, organisations};
use crate::error::Error;
use crate::sql::{Sql, placeholders};
use crate::write::{Store, Tx};

/// What the opening balances of a member or a cooperative add up to.
#[derive(Clone, Debug, FromQueryResult)]
pub struct SavingsSum {
    /// `principal`, `mandatory` or `voluntary`.
    pub kind: String,
    pub rupiah: i64,
    /// The day they stood so, as days since 1970-01-01.
    pub as_of: i32,
}

/// What a row adds to a member that is there already.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Completed {
    member: MemberId,
    number: Option<i32>,
    joined_on: Option<Day>,
    status: MemberStatus,
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

/// What is decided for a whole register before its rows are written.
pub(super) struct Plan {
    /// Where a member is whose row names no regency.
    region: String,
    today: Day,
    /// One for each row of the preview.
    pub rows: Vec<Planned>,
}

/// What a row gets beside what it says.
#[derive(Clone, Debug, Default)]
pub(super) struct Planned {
    /// Its own number, else the next that is free.
    number: Option<i32>,
    /// The business's address.
    slug: String,
    /// The number of its event among those of the member.
    seq: i64,
}

/// Numbers, addresses and places in the history for the rows of a register.
pub(super) async fn plan(
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
async fn member_seqs(
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

impl Tx {
    /// Two imports of one register, or an import and an admission, follow each other.
    pub(super) async fn lock_register(&self, cooperative: OrganisationId) -> Result<(), Error> {
        if self.is_postgres() {
            self.exec(
                "SELECT id FROM organisations WHERE id = $1 FOR UPDATE",
                [cooperative.0.into()],
            )
            .await?;
        }
        Ok(())
    }

    /// What these rows of a register become: `planned` goes beside them.
    pub(super) fn register_part(
        &self,
        cooperative: OrganisationId,
        import: ImportId,
        plan: &Plan,
        rows: &[RowReading<MemberEntry>],
        planned: &[Planned],
    ) -> Result<Part, ImportError> {
        let mut part = Part::default();
        let mut sum = Rupiah::ZERO;
        for (row, planned) in rows.iter().zip(planned) {
            let (entry, is_new) = match &row.outcome {
                RowOutcome::New(entry) => (entry, true),
                RowOutcome::Match(entry) => (entry, false),
                _ => continue,
            };
            let member = match entry.existing {
                Some(member) => {
                    // A match keeps what it has; who comes back, or waits to be admitted, takes the row's status.
                    part.completed.push(Completed {
                        member,
                        number: planned.number,
                        joined_on: entry.joined_on,
                        status: entry.status,
                    });
                    member
                }
                None => {
                    let (member, business) = (MemberId(self.new_id()), self.new_id());
                    let slug = planned.slug.clone();
                    part.organisations
                        .push(self.business(business, entry, &plan.region, slug));
                    part.members.push(members::Model {
                        id: member.0,
                        cooperative_id: cooperative.0,
                        supplier_id: business,
                        number: planned.number,
                        status: entry.status.as_str().to_owned(),
                        applied_at: self.now().0,
                        decided_at: Some(self.now().0),
                        joined_on: entry.joined_on.map(|day| day.0),
                        left_on: None,
                        note: None,
                    });
                    let data = json!({ "import": import }).to_string();
                    let to = (None, Verification::Unverified.as_str());
                    part.events.push(self.event_row(
                        "organisation",
                        business,
                        1,
                        "organisation_entered",
                        to,
                        data,
                    ));
                    member
                }
            };
            let data = json!({ "import": import, "savings": entry.savings.len() }).to_string();
            let to = (None, entry.status.as_str());
            let kind = if is_new {
                "membership_entered"
            } else {
                "membership_completed"
            };
            part.events
                .push(self.event_row("member", member.0, planned.seq, kind, to, data));
            part.links.push(imported_members::Model {
                import_id: import.0,
                member_id: member.0,
                cooperative_id: cooperative.0,
                is_new,
                fingerprint: row.fingerprint.0.clone(),
            });
            for (kind, amount) in &entry.savings {
                sum = sum
                    .checked_add(*amount)
                    .map_err(|_| Error::Corrupt("savings are too large to add up".to_owned()))?;
                part.balances.push(opening_balances::Model {
                    id: self.new_id(),
                    cooperative_id: cooperative.0,
                    member_id: member.0,
                    kind: kind.as_str().to_owned(),
                    amount_rupiah: amount.0,
                    as_of: plan.today.0,
                    import_id: import.0,
                    reverses: None,
                    created_at: self.now().0,
                });
            }
        }
        part.savings_rupiah = sum.0;
        Ok(part)
    }

    fn business(
        &self,
        id: Uuid,
        entry: &MemberEntry,
        home_region: &str,
        slug: String,
    ) -> organisations::Model {
        organisations::Model {
            id,
            kind: OrganisationKind::Umkm.as_str().to_owned(),
            name: entry.name.clone(),
            slug,
            code: None,
            region_code: entry
                .region
                .clone()
                .unwrap_or_else(|| home_region.to_owned()),
            village: entry.village.clone(),
            address: None,
            postal_code: None,
            phone: entry.phone.clone(),
            email: entry.email.clone(),
            nib: None,
            npwp: None,
            nib_typed: None,
            npwp_typed: None,
            is_pkp: false,
            coop_kind: None,
            buyer_kind: None,
            supply_model: None,
            default_rule: None,
            staff_limit_rupiah: None,
            payment_term: None,
            verification: Verification::Unverified.as_str().to_owned(),
            verification_note: None,
            verified_at: None,
            verified_by: None,
            created_at: self.now().0,
            version: 1,
        }
    }

    /// Fills in what members lack; those that wait or came back take the row's status.
    pub(super) async fn complete_members(&self, completed: &[Completed]) -> Result<(), Error> {
        for chunk in completed.chunks(1_000) {
            let mut values: Vec<Value> = vec![self.now().0.into()];
            let mut list = String::new();
            for (n, row) in chunk.iter().enumerate() {
                let comma = if n == 0 { "" } else { ", " };
                let first = 4 * n + 2;
                list.push_str(&format!(
                    "{comma}(${first}, CAST(${} AS INTEGER), CAST(${} AS INTEGER), CAST(${} AS TEXT))",
                    first + 1,
                    first + 2,
                    first + 3
                ));
                values.push(row.member.0.into());
                values.push(row.number.into());
                values.push(row.joined_on.map(|day| day.0).into());
                values.push(row.status.as_str().into());
            }
            self.exec(
                format!(
                    "UPDATE members SET number = COALESCE(number, v.column2), joined_on = COALESCE(joined_on, v.column3), \
                     decided_at = COALESCE(decided_at, $1), \
                     left_on = CASE WHEN status IN ('applied', 'declined') THEN NULL ELSE left_on END, \
                     status = CASE WHEN status IN ('applied', 'declined') THEN COALESCE(v.column4, status) ELSE status END \
                     FROM (VALUES {list}) AS v WHERE members.id = v.column1"
                ),
                values,
            )
            .await?;
        }
        Ok(())
    }

    /// Takes back the members that an import entered, as long as nobody signs in for them and nothing of theirs is in
    /// use, and every balance it opened. How many members, and how many stay.
    pub(super) async fn take_back_register(
        &self,
        cooperative: OrganisationId,
        import: ImportId,
    ) -> Result<(usize, usize), ImportError> {
        #[derive(FromQueryResult)]
        struct Member {
            id: Uuid,
            status: String,
            is_free: i64,
        }
        #[derive(FromQueryResult)]
        struct Balance {
            id: Uuid,
            member_id: Uuid,
            kind: String,
            amount_rupiah: i64,
            as_of: i32,
        }
        self.lock_register(cooperative).await?;
        let members: Vec<Member> = self
            .rows(
                "SELECT m.id, m.status, CASE WHEN EXISTS (SELECT 1 FROM roles r WHERE r.organisation_id = m.supplier_id) \
                 OR EXISTS (SELECT 1 FROM products p WHERE p.umkm_id = m.supplier_id) \
                 OR EXISTS (SELECT 1 FROM members x WHERE x.supplier_id = m.supplier_id AND x.id <> m.id) \
                 THEN CAST(0 AS BIGINT) ELSE CAST(1 AS BIGINT) END AS is_free FROM members m \
                 JOIN imported_members i ON i.member_id = m.id WHERE i.import_id = $1 AND m.cooperative_id = $2 AND i.is_new \
                 AND m.status <> 'declined' ORDER BY m.id",
                [import.0.into(), cooperative.0.into()],
            )
            .await?;
        let balances: Vec<Balance> = self
            .rows(
                "SELECT b.id, b.member_id, b.kind, b.amount_rupiah, b.as_of FROM opening_balances b WHERE b.import_id = $1 \
                 AND b.reverses IS NULL AND NOT EXISTS (SELECT 1 FROM opening_balances r WHERE r.reverses = b.id) \
                 ORDER BY b.id",
                [import.0.into()],
            )
            .await?;
        let reversed = balances
            .into_iter()
            .map(|row| opening_balances::Model {
                id: self.new_id(),
                cooperative_id: cooperative.0,
                member_id: row.member_id,
                kind: row.kind,
                amount_rupiah: -row.amount_rupiah,
                as_of: row.as_of,
                import_id: import.0,
                reverses: Some(row.id),
                created_at: self.now().0,
            })
            .collect();
        self.insert_many(reversed).await?;
        let free: Vec<&Member> = members.iter().filter(|row| row.is_free == 1).collect();
        let mut seqs = member_seqs(self, cooperative).await?;
        let mut history = Vec::with_capacity(free.len());
        for member in &free {
            let seq = seqs.remove(&member.id).unwrap_or(0) + 1;
            let change = (
                Some(member.status.as_str()),
                MemberStatus::Declined.as_str(),
            );
            let mut row = self.event_row(
                "member",
                member.id,
                seq,
                "membership_taken_back",
                change,
                String::new(),
            );
            row.reason = Some("import undone".to_owned());
            history.push(row);
        }
        self.insert_many(history).await?;
        for chunk in free.chunks(5_000) {
            // The number is free again; the row stays, because history points at it.
            self.exec(
                format!(
                    "UPDATE members SET status = 'declined', number = NULL, joined_on = NULL WHERE id IN ({})",
                    placeholders(1, chunk.len())
                ),
                chunk.iter().map(|member| member.id.into()),
            )
            .await?;
        }
        Ok((free.len(), members.len() - free.len()))
    }
}
