//! What the rows of a register become: businesses, memberships, opening balances.

use domain::{
    accounts::{OrganisationKind, Verification},
    ids::{ImportId, MemberId, OrganisationId},
    imports::{RowOutcome, RowReading},
    members::MemberStatus,
    money::Rupiah,
    registers::MemberEntry,
    time::Day,
};
use sea_orm::Value;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::planning::{Plan, Planned};
use crate::entities::{imported_members, members, opening_balances, organisations};
use crate::error::Error;
use crate::imports::{ImportError, parts::Part};
use crate::sql::Sql;
use crate::write::Tx;

/// What a row adds to a member that is there already.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::imports) struct Completed {
    member: MemberId,
    number: Option<i32>,
    joined_on: Option<Day>,
    status: MemberStatus,
}

impl Tx {
    /// Two imports of one register, or an import and an admission, follow each other.
    pub(in crate::imports) async fn lock_register(
        &self,
        cooperative: OrganisationId,
    ) -> Result<(), Error> {
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
    pub(in crate::imports) fn register_part(
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
    pub(in crate::imports) async fn complete_members(
        &self,
        completed: &[Completed],
    ) -> Result<(), Error> {
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
}
