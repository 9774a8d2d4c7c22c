//! Invitations by link: sending them, the list, taking them back. A cooperative invites members, an organisation
//! colleagues to a role. A business that stands in the register without an account is invited as itself. What happens
//! when the link is opened is in [`super::acceptance`].

use domain::{
    accounts::{Invited, Role},
    ids::{InvitationId, MemberId, OrganisationId},
    time::Instant,
};
use sea_orm::FromQueryResult;
use serde_json::json;
use uuid::Uuid;

use super::links::NewLink;
use crate::{
    Act, Error, Store, entities::invitations, events::Event, letters::About, sql::Sql, write::Tx,
};

/// How long an invitation is open (days).
pub const OPEN_DAYS: i64 = 14;
/// How long name and contact of somebody who never came are kept (days).
const KEEP_DAYS: i64 = 90;
/// Invitations on one page of a list: more than are ever made at once, so that those just made are on the first.
pub const INVITATIONS_PAGE: i64 = 100;

/// One invitation to send.
#[derive(Clone, Debug)]
pub struct NewInvitation {
    pub invited: Invited,
    pub link: NewLink,
    /// The business of a member that has no account yet, which the invited takes over.
    pub business: Option<OrganisationId>,
}

/// A member whose business nobody signs in for.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Ownerless {
    pub organisation_id: Uuid,
    pub name: String,
    pub phone: Option<String>,
    pub email: Option<String>,
}

/// Where an invitation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvitationState {
    Open,
    Accepted,
    Expired,
    Withdrawn,
}

/// A line of the list.
#[derive(Clone, Debug)]
pub struct Invitation {
    pub id: InvitationId,
    pub token_hash: String,
    pub role: Option<Role>,
    /// Of the invited; of the person who accepted, once somebody has.
    pub name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub state: InvitationState,
    pub invited_by: String,
    pub at: Instant,
    pub until: Instant,
}

#[derive(FromQueryResult)]
struct ListRow {
    id: Uuid,
    token_hash: String,
    role: Option<String>,
    name: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    state: String,
    invited_by: String,
    accepted_by: Option<String>,
    created_at: i64,
    expires_at: i64,
}

pub(super) fn role_of(word: Option<String>) -> Result<Option<Role>, Error> {
    word.map(|word| word.parse().map_err(|_| Error::Corrupt(word)))
        .transpose()
}

impl Store {
    /// Invites people to an organisation: to a role in it, or (`None`) as members of the cooperative. Who was invited
    /// before and has not answered gets a new link, and the old one is void. Letters go to those with an address.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn invite(
        &self,
        act: &Act,
        organisation: OrganisationId,
        role: Option<Role>,
        people: &[NewInvitation],
    ) -> Result<(), Error> {
        self.write(act, async |tx| -> Result<(), Error> {
            tx.forget_invitations().await?;
            for person in people {
                tx.invite(organisation, role, person).await?;
            }
            Ok(())
        })
        .await
    }

    /// A cooperative's member, where nobody signs in for its business: a business from a list that was brought in.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn ownerless_member(
        &self,
        cooperative: OrganisationId,
        member: MemberId,
    ) -> Result<Option<Ownerless>, Error> {
        self.row(
            "SELECT o.id AS organisation_id, o.name, o.phone, o.email FROM members m \
             JOIN organisations o ON o.id = m.supplier_id AND o.kind = 'umkm' \
             WHERE m.id = $1 AND m.cooperative_id = $2 AND m.status IN ('active', 'candidate', 'associate') \
             AND NOT EXISTS (SELECT 1 FROM roles r WHERE r.organisation_id = o.id)",
            [member.0.into(), cooperative.0.into()],
        )
        .await
    }

    /// A page of an organisation's invitations, to roles or (`false`) to membership, the newest first; and how many there
    /// are. Behind the last page is the last one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn invitations(
        &self,
        organisation: OrganisationId,
        to_roles: bool,
        now: Instant,
        page: i64,
    ) -> Result<(Vec<Invitation>, i64), Error> {
        let kind = if to_roles { "IS NOT NULL" } else { "IS NULL" };
        let total = self
            .number(
                format!(
                    "SELECT COUNT(*) FROM invitations WHERE organisation_id = $1 AND role {kind}"
                ),
                [organisation.0.into()],
            )
            .await?;
        let pages = (total + INVITATIONS_PAGE - 1) / INVITATIONS_PAGE;
        let offset = (page.clamp(1, pages.max(1)) - 1) * INVITATIONS_PAGE;
        let rows = self.rows::<ListRow>(
            format!(
                "SELECT i.id, i.token_hash, i.role, i.name, i.email, i.phone, i.state, b.name AS invited_by, \
                 a.name AS accepted_by, i.created_at, i.expires_at FROM invitations i \
                 JOIN people b ON b.id = i.invited_by LEFT JOIN people a ON a.id = i.accepted_by \
                 WHERE i.organisation_id = $1 AND i.role {kind} ORDER BY i.created_at DESC, i.id LIMIT $2 OFFSET $3"
            ),
            [
                organisation.0.into(),
                INVITATIONS_PAGE.into(),
                offset.into(),
            ],
        )
        .await?;
        let rows = rows
            .into_iter()
            .map(|row| {
                Ok(Invitation {
                    id: InvitationId(row.id),
                    token_hash: row.token_hash,
                    role: role_of(row.role)?,
                    name: row.accepted_by.or(row.name).unwrap_or_default(),
                    email: row.email,
                    phone: row.phone,
                    state: match row.state.as_str() {
                        "accepted" => InvitationState::Accepted,
                        "withdrawn" => InvitationState::Withdrawn,
                        _ if row.expires_at <= now.0 => InvitationState::Expired,
                        _ => InvitationState::Open,
                    },
                    invited_by: row.invited_by,
                    at: Instant(row.created_at),
                    until: Instant(row.expires_at),
                })
            })
            .collect::<Result<Vec<_>, Error>>()?;
        Ok((rows, total))
    }

    /// Takes an open invitation back. `false` when it isn't the organisation's, or not open any more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn withdraw_invitation(
        &self,
        act: &Act,
        organisation: OrganisationId,
        id: InvitationId,
    ) -> Result<Option<bool>, Error> {
        self.write(act, async |tx| -> Result<Option<bool>, Error> {
            let there = tx
                .number(
                    "SELECT COUNT(*) FROM invitations WHERE id = $1 AND organisation_id = $2",
                    [id.0.into(), organisation.0.into()],
                )
                .await?;
            if there == 0 {
                return Ok(None);
            }
            let changed = tx
                .exec(
                    "UPDATE invitations SET state = 'withdrawn', closed_at = $3, name = NULL, email = NULL, \
                     phone = NULL WHERE id = $1 AND organisation_id = $2 AND state = 'open'",
                    [id.0.into(), organisation.0.into(), tx.now().0.into()],
                )
                .await?;
            if changed == 1 {
                tx.event(Event {
                    subject_kind: "invitation",
                    subject_id: id.0,
                    kind: "invitation_withdrawn",
                    from_state: Some("open"),
                    to_state: Some("withdrawn"),
                    ..Event::default()
                })
                .await?;
            }
            Ok(Some(changed == 1))
        })
        .await
    }
}

impl Tx {
    /// Whoever never came is forgotten after a while.
    async fn forget_invitations(&self) -> Result<(), Error> {
        self.exec(
            "UPDATE invitations SET state = 'withdrawn', closed_at = $2, name = NULL, email = NULL, phone = NULL \
             WHERE state = 'open' AND expires_at < $1",
            [
                self.now().plus_days(-KEEP_DAYS).0.into(),
                self.now().0.into(),
            ],
        )
        .await?;
        Ok(())
    }

    async fn invite(
        &self,
        organisation: OrganisationId,
        role: Option<Role>,
        person: &NewInvitation,
    ) -> Result<(), Error> {
        let login = &person.invited.login;
        let invited_by = self
            .act
            .person
            .ok_or_else(|| Error::Corrupt("an invitation without its inviter".to_owned()))?;
        self.exec(
            "UPDATE invitations SET state = 'withdrawn', closed_at = $3, name = NULL, email = NULL, phone = NULL \
             WHERE organisation_id = $1 AND state = 'open' AND (email = $2 OR phone = $2) \
             AND COALESCE(role, '') = $4",
            [
                organisation.0.into(),
                login.email().or(login.phone()).unwrap_or_default().into(),
                self.now().0.into(),
                role.map_or("", Role::as_str).into(),
            ],
        )
        .await?;
        let id = self.new_id();
        self.insert(invitations::Model {
            id,
            token_hash: person.link.token_hash.clone(),
            organisation_id: organisation.0,
            role: role.map(|role| role.as_str().to_owned()),
            name: Some(person.invited.name.clone()),
            email: login.email().map(str::to_owned),
            phone: login.phone().map(str::to_owned),
            state: "open".to_owned(),
            invited_by: invited_by.0,
            created_at: self.now().0,
            expires_at: self.now().plus_days(OPEN_DAYS).0,
            closed_at: None,
            accepted_by: None,
            supplier_id: person.business.map(Into::into),
        })
        .await?;
        let event = self
            .event(Event {
                subject_kind: "invitation",
                subject_id: id,
                kind: "invitation_sent",
                to_state: Some("open"),
                data: Some(json!({ "organisation": organisation, "role": role }).to_string()),
                ..Event::default()
            })
            .await?;
        if login.email().is_some() {
            let letter = match role {
                None => "member_invited",
                Some(_) => "colleague_invited",
            };
            let about = About::organisation(organisation);
            self.letter_with_link(letter, event, invited_by, about, person.link.letter())
                .await?;
        }
        Ok(())
    }
}
