//! Who has which role in an organisation, giving and taking roles, and making a link for somebody who forgot the
//! password and can't get mail.

use domain::{
    accounts::Role,
    ids::{MemberId, OrganisationId, PersonId},
    time::Instant,
};
use sea_orm::FromQueryResult;
use serde_json::json;
use uuid::Uuid;

use super::links::{LinkKind, NewLink, RESET_SECONDS};
use crate::{
    Act, Error, Store,
    events::Event,
    letters::About,
    sql::Sql,
    write::{Tx, rerun_by_store},
};

/// People on a list.
const LIST_MAX: i64 = 500;

/// A person in a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleHolder {
    pub person: PersonId,
    pub name: String,
    pub role: Role,
    pub since: Instant,
    pub email: Option<String>,
    /// The last four digits.
    pub phone_end: Option<String>,
}

/// Why a role was not taken.
#[derive(Debug, thiserror::Error)]
pub enum RevokeError {
    #[error("no such role")]
    NotFound,
    /// Nobody would be left who can give roles.
    #[error("the last one who manages")]
    Last,
    #[error(transparent)]
    Store(#[from] Error),
}
rerun_by_store!(RevokeError);

/// Why no link was made.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    #[error("not found")]
    NotFound,
    /// The person also acts for others than this cooperative's members: only the administrator may help.
    #[error("the person has other roles")]
    OtherRoles,
    #[error(transparent)]
    Store(#[from] Error),
}
rerun_by_store!(IssueError);

#[derive(FromQueryResult)]
struct HolderRow {
    person_id: Uuid,
    name: String,
    role: String,
    since: i64,
    email: Option<String>,
    phone: Option<String>,
}

#[derive(FromQueryResult)]
struct OwnerRow {
    person_id: Uuid,
    name: String,
    phone: Option<String>,
}

impl Store {
    /// Everybody with a role in an organisation, by role and name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn people_of(&self, organisation: OrganisationId) -> Result<Vec<RoleHolder>, Error> {
        self.rows::<HolderRow>(
            format!(
                "SELECT r.person_id, p.name, r.role, r.since, p.email, p.phone FROM roles r \
                 JOIN people p ON p.id = r.person_id WHERE r.organisation_id = $1 AND r.until IS NULL \
                 ORDER BY r.role, p.name, p.id LIMIT {LIST_MAX}"
            ),
            [organisation.0.into()],
        )
        .await?
        .into_iter()
        .map(|row| {
            Ok(RoleHolder {
                person: PersonId(row.person_id),
                name: row.name,
                role: row.role.parse().map_err(|_| Error::Corrupt(row.role))?,
                since: Instant(row.since),
                email: row.email,
                phone_end: row.phone.map(|phone| {
                    let skip = phone.chars().count().saturating_sub(4);
                    phone.chars().skip(skip).collect()
                }),
            })
        })
        .collect()
    }

    /// Takes a role away, from the very next request on. The last one who manages people stays.
    ///
    /// # Errors
    /// [`RevokeError`].
    pub async fn revoke(
        &self,
        act: &Act,
        organisation: OrganisationId,
        person: PersonId,
        role: Role,
    ) -> Result<(), RevokeError> {
        self.write(act, async |tx| tx.revoke(organisation, person, role).await)
            .await
    }

    /// The person behind a member's business whom a manager can help: who owns it, by name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn owner_of_member(
        &self,
        cooperative: OrganisationId,
        member: MemberId,
    ) -> Result<Option<(PersonId, String, Option<String>)>, Error> {
        let row = self
            .row::<OwnerRow>(
                "SELECT r.person_id, p.name, p.phone FROM members m \
                 JOIN roles r ON r.organisation_id = m.supplier_id AND r.role = 'umkm_owner' AND r.until IS NULL \
                 JOIN people p ON p.id = r.person_id WHERE m.id = $1 AND m.cooperative_id = $2 \
                 AND m.status IN ('active', 'candidate', 'associate') ORDER BY r.since, p.id LIMIT 1",
                [member.0.into(), cooperative.0.into()],
            )
            .await?;
        Ok(row.map(|row| (PersonId(row.person_id), row.name, row.phone)))
    }

    /// A manager makes a one-time link for the owner of a member's business. The person is told by mail and at the next
    /// sign-in. Not for people who also act for anybody else.
    ///
    /// # Errors
    /// [`IssueError`].
    pub async fn issue_reset_for_member(
        &self,
        act: &Act,
        cooperative: OrganisationId,
        member: MemberId,
        link: &NewLink,
    ) -> Result<PersonId, IssueError> {
        let (owner, ..) = self
            .owner_of_member(cooperative, member)
            .await?
            .ok_or(IssueError::NotFound)?;
        self.write(act, async |tx| -> Result<(), IssueError> {
            let elsewhere = tx
                .number(
                    "SELECT COUNT(*) FROM roles r WHERE r.person_id = $1 AND r.until IS NULL AND (r.role <> 'umkm_owner' \
                     OR NOT EXISTS (SELECT 1 FROM members m WHERE m.supplier_id = r.organisation_id \
                     AND m.cooperative_id = $2 AND m.status IN ('active', 'candidate', 'associate')))",
                    [owner.0.into(), cooperative.0.into()],
                )
                .await?;
            if elsewhere > 0 {
                return Err(IssueError::OtherRoles);
            }
            Ok(tx.issue_reset(owner, link).await?)
        })
        .await?;
        Ok(owner)
    }

    /// The administrator makes a one-time link for anybody.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn issue_reset(
        &self,
        act: &Act,
        person: PersonId,
        link: &NewLink,
    ) -> Result<(), Error> {
        self.write(act, async |tx| tx.issue_reset(person, link).await)
            .await
    }
}

impl Tx {
    /// Gives a role from now on; having it already is no error.
    pub(super) async fn grant_role(
        &self,
        person: PersonId,
        organisation: OrganisationId,
        role: Role,
    ) -> Result<(), Error> {
        let changed = self
            .exec(
                "INSERT INTO roles (person_id, organisation_id, role, since) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (person_id, organisation_id, role) DO UPDATE SET until = NULL \
                 WHERE roles.until IS NOT NULL",
                [
                    person.0.into(),
                    organisation.0.into(),
                    role.as_str().into(),
                    self.now().0.into(),
                ],
            )
            .await?;
        if changed == 1 {
            self.role_event("role_granted", person, organisation, role)
                .await?;
        }
        Ok(())
    }

    async fn role_event(
        &self,
        kind: &str,
        person: PersonId,
        organisation: OrganisationId,
        role: Role,
    ) -> Result<(), Error> {
        self.event(Event {
            subject_kind: "organisation",
            subject_id: organisation.0,
            kind,
            data: Some(json!({ "person": person, "role": role }).to_string()),
            ..Event::default()
        })
        .await?;
        Ok(())
    }

    async fn revoke(
        &self,
        organisation: OrganisationId,
        person: PersonId,
        role: Role,
    ) -> Result<(), RevokeError> {
        // Two managers who remove each other at the same moment wait for one another here.
        self.exec(
            "UPDATE organisations SET version = version + 1 WHERE id = $1",
            [organisation.0.into()],
        )
        .await?;
        let changed = self
            .exec(
                "UPDATE roles SET until = $4 WHERE organisation_id = $1 AND person_id = $2 AND role = $3 \
                 AND until IS NULL",
                [
                    organisation.0.into(),
                    person.0.into(),
                    role.as_str().into(),
                    self.now().0.into(),
                ],
            )
            .await?;
        if changed == 0 {
            return Err(RevokeError::NotFound);
        }
        let left = self
            .number(
                "SELECT COUNT(*) FROM roles r JOIN people p ON p.id = r.person_id AND p.locked_at IS NULL \
                 WHERE r.organisation_id = $1 AND r.until IS NULL \
                 AND r.role IN ('umkm_owner', 'coop_manager', 'buyer_approver', 'platform_admin')",
                [organisation.0.into()],
            )
            .await?;
        if left == 0 {
            return Err(RevokeError::Last);
        }
        self.role_event("role_revoked", person, organisation, role)
            .await?;
        Ok(())
    }

    async fn issue_reset(&self, person: PersonId, link: &NewLink) -> Result<(), Error> {
        self.open_link(LinkKind::Reset, person, link, RESET_SECONDS, None)
            .await?;
        self.exec(
            "UPDATE people SET reset_issued_at = $2, reset_issued_by = $3 WHERE id = $1",
            [
                person.0.into(),
                self.now().0.into(),
                self.act.person.map(Uuid::from).into(),
            ],
        )
        .await?;
        let event = self.person_event(person, "reset_issued", None).await?;
        self.letter_if_reachable("reset_issued", event, person, About::default())
            .await
    }
}
