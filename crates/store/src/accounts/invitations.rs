//! Invitations by link. A cooperative invites members: the invited makes an account and a business, or joins with the
//! ones there are. An organisation invites colleagues to a role.
//!
//! The link of an invitation to a number proves the number: whoever only claimed it at registration loses it then. A
//! number or address that somebody has confirmed is never taken over by a link; its owner signs in and accepts.

use domain::{
    accounts::{Invited, OrganisationKind, Role},
    identifiers::Login,
    ids::{InvitationId, OrganisationId, PersonId},
    time::Instant,
};
use sea_orm::FromQueryResult;
use serde_json::json;
use uuid::Uuid;

use super::{NewOrganisation, NewPerson, links::NewLink};
use crate::{
    Act, Error, Store,
    entities::{invitations, roles},
    events::Event,
    letters::About,
    members::MembershipError,
    sql::Sql,
    write::{Tx, rerun_by_store},
};

/// How long an invitation is open (days).
pub const OPEN_DAYS: i64 = 14;
/// How long name and contact of somebody who never came are kept (days).
const KEEP_DAYS: i64 = 90;
/// Invitations on a list.
const LIST_MAX: i64 = 200;

/// One invitation to send.
#[derive(Clone, Debug)]
pub struct NewInvitation {
    pub invited: Invited,
    pub link: NewLink,
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

/// An open invitation, as the invited sees it.
#[derive(Clone, Debug)]
pub struct OpenInvitation {
    pub id: InvitationId,
    pub organisation: OrganisationId,
    pub organisation_name: String,
    pub organisation_kind: OrganisationKind,
    pub region_code: String,
    /// `None`: to become a member.
    pub role: Option<Role>,
    pub name: String,
    pub login: Login,
    pub invited_by: String,
    /// Somebody has confirmed that number or address: they have to sign in.
    pub is_known: bool,
}

/// How an invitation is accepted.
#[derive(Clone, Debug)]
pub enum Acceptance {
    /// By somebody without an account.
    New {
        /// The login is the invitation's.
        name: String,
        password_hash: String,
        lang: String,
        consented_to: i32,
        /// The business to make, for members.
        business: Option<NewOrganisation>,
    },
    /// By somebody who is signed in, with the business that joins.
    Known {
        person: PersonId,
        supplier: Supplier,
    },
}

/// What joins the cooperative, when the invited has an account.
#[derive(Clone, Debug)]
pub enum Supplier {
    /// Nothing joins: an invitation to a role.
    None,
    Own(OrganisationId),
    Made(NewOrganisation),
}

/// Why an invitation was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum InvitationError {
    /// Used, withdrawn, too old, or never there.
    #[error("the invitation is over")]
    Over,
    /// Somebody has confirmed that number or address: they have to sign in.
    #[error("the number or address belongs to an account")]
    Known,
    /// Not a business of this person, or none was given.
    #[error("no such business")]
    NoBusiness,
    #[error("the business can't join: {0}")]
    Membership(MembershipError),
    #[error(transparent)]
    Store(#[from] Error),
}
rerun_by_store!(InvitationError);

impl From<MembershipError> for InvitationError {
    fn from(error: MembershipError) -> Self {
        match error {
            MembershipError::Store(error) => Self::Store(error),
            other => Self::Membership(other),
        }
    }
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

#[derive(FromQueryResult)]
struct OpenRow {
    id: Uuid,
    organisation_id: Uuid,
    organisation_name: String,
    organisation_kind: String,
    region_code: String,
    role: Option<String>,
    name: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    invited_by: String,
}

#[derive(FromQueryResult)]
struct HolderRow {
    id: Uuid,
    phone_confirmed: bool,
    email: Option<String>,
}

fn role_of(word: Option<String>) -> Result<Option<Role>, Error> {
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

    /// The invitations of an organisation, to roles or (`false`) to membership; the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn invitations(
        &self,
        organisation: OrganisationId,
        to_roles: bool,
        now: Instant,
    ) -> Result<Vec<Invitation>, Error> {
        let kind = if to_roles { "IS NOT NULL" } else { "IS NULL" };
        self.rows::<ListRow>(
            format!(
                "SELECT i.id, i.token_hash, i.role, i.name, i.email, i.phone, i.state, b.name AS invited_by, \
                 a.name AS accepted_by, i.created_at, i.expires_at FROM invitations i \
                 JOIN people b ON b.id = i.invited_by LEFT JOIN people a ON a.id = i.accepted_by \
                 WHERE i.organisation_id = $1 AND i.role {kind} ORDER BY i.created_at DESC, i.id LIMIT {LIST_MAX}"
            ),
            [organisation.0.into()],
        )
        .await?
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
        .collect()
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

    /// The open invitation behind a token.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn invitation(
        &self,
        token_hash: &str,
        now: Instant,
    ) -> Result<Option<OpenInvitation>, Error> {
        open_invitation(self, token_hash, now, "").await
    }

    /// Accepts an invitation: account, business, membership or role, all at once or nothing. Answers who accepted.
    ///
    /// # Errors
    /// [`InvitationError`].
    pub async fn accept_invitation(
        &self,
        act: &Act,
        token_hash: &str,
        acceptance: &Acceptance,
    ) -> Result<PersonId, InvitationError> {
        let outcome = self
            .write(act, async |tx| {
                tx.accept_invitation(token_hash, acceptance).await
            })
            .await;
        match outcome {
            // Somebody registered that number or address at the same moment.
            Err(InvitationError::Store(error)) if error.is_unique_violation() => {
                Err(InvitationError::Known)
            }
            outcome => outcome,
        }
    }
}

async fn open_invitation(
    sql: &impl Sql,
    token_hash: &str,
    now: Instant,
    lock: &str,
) -> Result<Option<OpenInvitation>, Error> {
    let row = sql
        .row::<OpenRow>(
            format!(
                "SELECT i.id, i.organisation_id, o.name AS organisation_name, o.kind AS organisation_kind, \
                 o.region_code, i.role, i.name, i.email, i.phone, b.name AS invited_by FROM invitations i \
                 JOIN organisations o ON o.id = i.organisation_id JOIN people b ON b.id = i.invited_by \
                 WHERE i.token_hash = $1 AND i.state = 'open' AND i.expires_at > $2{lock}"
            ),
            [token_hash.into(), now.0.into()],
        )
        .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let login = match (row.email, row.phone) {
        (Some(email), _) => Login::Email(email),
        (None, Some(phone)) => Login::Phone(phone),
        (None, None) => return Err(Error::Corrupt(format!("invitation {}", row.id))),
    };
    let known = match &login {
        // An address is its owner's from the first letter on: only they can have opened it.
        Login::Email(_) => {
            sql.number(
                "SELECT COUNT(*) FROM people WHERE email_key = $1",
                [login.key().into()],
            )
            .await?
        }
        Login::Phone(_) => {
            sql.number(
                "SELECT COUNT(*) FROM people WHERE phone = $1 AND phone_confirmed",
                [login.key().into()],
            )
            .await?
        }
    };
    Ok(Some(OpenInvitation {
        id: InvitationId(row.id),
        organisation: OrganisationId(row.organisation_id),
        organisation_name: row.organisation_name,
        organisation_kind: row
            .organisation_kind
            .parse()
            .map_err(|_| Error::Corrupt(row.organisation_kind))?,
        region_code: row.region_code,
        role: role_of(row.role)?,
        name: row.name.unwrap_or_default(),
        login,
        invited_by: row.invited_by,
        is_known: known > 0,
    }))
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
            supplier_id: None,
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

    async fn accept_invitation(
        &self,
        token_hash: &str,
        acceptance: &Acceptance,
    ) -> Result<PersonId, InvitationError> {
        let lock = if self.is_postgres() {
            " FOR UPDATE OF i"
        } else {
            ""
        };
        let invitation = open_invitation(self, token_hash, self.now(), lock)
            .await?
            .ok_or(InvitationError::Over)?;
        let cooperative = invitation.organisation;
        let (person, supplier) = match acceptance {
            Acceptance::New {
                name,
                password_hash,
                lang,
                consented_to,
                business,
            } => {
                if invitation.is_known {
                    return Err(InvitationError::Known);
                }
                self.take_number(&invitation.login, None).await?;
                let person = NewPerson {
                    name: name.clone(),
                    login: invitation.login.clone(),
                    password_hash: password_hash.clone(),
                    lang: lang.clone(),
                };
                let id = self.new_person(&person, Some(*consented_to)).await?;
                let supplier = match business {
                    Some(business) => Some(self.new_business(id, business, &invitation).await?),
                    None => None,
                };
                (id, supplier)
            }
            Acceptance::Known { person, supplier } => {
                self.take_number(&invitation.login, Some(*person)).await?;
                let supplier = match supplier {
                    Supplier::None => None,
                    Supplier::Own(own) => {
                        let owns = self
                            .number(
                                "SELECT COUNT(*) FROM roles WHERE person_id = $1 AND organisation_id = $2 \
                                 AND role IN ('umkm_owner', 'coop_manager') AND until IS NULL",
                                [person.0.into(), own.0.into()],
                            )
                            .await?;
                        if owns == 0 {
                            return Err(InvitationError::NoBusiness);
                        }
                        Some(*own)
                    }
                    Supplier::Made(business) => {
                        Some(self.new_business(*person, business, &invitation).await?)
                    }
                };
                (*person, supplier)
            }
        };
        self.confirm_login(person, &invitation.login).await?;
        match (invitation.role, supplier) {
            (None, Some(supplier)) => self.join_invited(supplier, cooperative).await?,
            (None, None) => return Err(InvitationError::NoBusiness),
            (Some(role), _) => self.grant_role(person, cooperative, role).await?,
        }
        self.exec(
            "UPDATE invitations SET state = 'accepted', closed_at = $2, accepted_by = $3, supplier_id = $4, \
             name = NULL, email = NULL, phone = NULL WHERE id = $1",
            [
                invitation.id.0.into(),
                self.now().0.into(),
                person.0.into(),
                supplier.map(Uuid::from).into(),
            ],
        )
        .await?;
        self.event(Event {
            subject_kind: "invitation",
            subject_id: invitation.id.0,
            kind: "invitation_accepted",
            from_state: Some("open"),
            to_state: Some("accepted"),
            data: Some(json!({ "person": person, "supplier": supplier }).to_string()),
            ..Event::default()
        })
        .await?;
        Ok(person)
    }

    async fn new_business(
        &self,
        owner: PersonId,
        business: &NewOrganisation,
        invitation: &OpenInvitation,
    ) -> Result<OrganisationId, Error> {
        let id = self.new_organisation(business, &invitation.login).await?;
        self.insert(roles::Model {
            person_id: owner.0,
            organisation_id: id.0,
            role: business.kind.first_role().as_str().to_owned(),
            since: self.now().0,
            until: None,
        })
        .await?;
        self.event(Event {
            subject_kind: "organisation",
            subject_id: id.0,
            kind: "organisation_registered",
            data: Some(json!({ "person": owner, "invitation": invitation.id }).to_string()),
            ..Event::default()
        })
        .await?;
        Ok(id)
    }

    /// Whoever only claimed the number loses it to the one who opened the link that was sent to it; somebody without
    /// another way to sign in is signed out.
    async fn take_number(&self, login: &Login, person: Option<PersonId>) -> Result<(), Error> {
        let Login::Phone(phone) = login else {
            return Ok(());
        };
        let holder = self
            .row::<HolderRow>(
                format!(
                    "SELECT id, phone_confirmed, email FROM people WHERE phone = $1{}",
                    self.for_update()
                ),
                [phone.clone().into()],
            )
            .await?;
        let Some(holder) = holder else {
            return Ok(());
        };
        if holder.phone_confirmed || person.is_some_and(|person| person.0 == holder.id) {
            return Ok(());
        }
        let loser = PersonId(holder.id);
        self.exec(
            "UPDATE people SET phone = NULL WHERE id = $1",
            [holder.id.into()],
        )
        .await?;
        let event = self.person_event(loser, "phone_claim_lost", None).await?;
        if holder.email.is_some() {
            self.letter("phone_changed", event, loser, About::default())
                .await?;
        } else {
            self.end_sessions(loser, "").await?;
        }
        Ok(())
    }

    /// The link proved the number or address, if it is the person's own (or they have none yet).
    async fn confirm_login(&self, person: PersonId, login: &Login) -> Result<(), Error> {
        match login {
            Login::Phone(phone) => {
                self.exec(
                    "UPDATE people SET phone = $2, phone_confirmed = TRUE WHERE id = $1 \
                     AND (phone IS NULL OR phone = $2) \
                     AND NOT EXISTS (SELECT 1 FROM people o WHERE o.phone = $2 AND o.id <> $1)",
                    [person.0.into(), phone.clone().into()],
                )
                .await?;
            }
            Login::Email(_) => {
                self.exec(
                    "UPDATE people SET email_confirmed = TRUE WHERE id = $1 AND email_key = $2",
                    [person.0.into(), login.key().into()],
                )
                .await?;
            }
        }
        Ok(())
    }
}
