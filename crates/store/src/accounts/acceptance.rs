//! An invitation is opened and accepted: the invited makes an account and a business, joins with the ones there are, or
//! takes over the business that the register had before they had an account.
//!
//! The link of an invitation to a number proves the number: whoever only claimed it at registration loses it then. A
//! number or address that somebody has confirmed is never taken over by a link; its owner signs in and accepts.

use domain::{
    accounts::{OrganisationKind, Role},
    identifiers::Login,
    ids::{InvitationId, OrganisationId, PersonId},
    time::Instant,
};
use sea_orm::FromQueryResult;
use serde_json::json;
use uuid::Uuid;

use super::{NewOrganisation, NewPerson, invitations::role_of};
use crate::{
    Act, Error, Store,
    entities::roles,
    events::Event,
    letters::About,
    members::MembershipError,
    sql::Sql,
    write::{Tx, rerun_by_store},
};

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
    /// The member's business that the invited takes over; the register had it before they had an account.
    pub business: Option<(OrganisationId, String)>,
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
    supplier_id: Option<Uuid>,
    supplier_name: Option<String>,
}

#[derive(FromQueryResult)]
struct HolderRow {
    id: Uuid,
    phone_confirmed: bool,
    email: Option<String>,
}

impl Store {
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
                 o.region_code, i.role, i.name, i.email, i.phone, b.name AS invited_by, i.supplier_id, \
                 s.name AS supplier_name FROM invitations i JOIN organisations o ON o.id = i.organisation_id \
                 JOIN people b ON b.id = i.invited_by LEFT JOIN organisations s ON s.id = i.supplier_id \
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
        business: row
            .supplier_id
            .map(|id| (OrganisationId(id), row.supplier_name.unwrap_or_default())),
    }))
}

impl Tx {
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
                let supplier = match (business, &invitation.business) {
                    (Some(business), None) => {
                        Some(self.new_business(id, business, &invitation).await?)
                    }
                    _ => None,
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
        let supplier = match &invitation.business {
            Some((business, _)) => Some(self.take_over(person, *business, cooperative).await?),
            None => supplier,
        };
        match (invitation.role, supplier) {
            // Its membership stands already, with number and balances.
            (None, Some(_)) if invitation.business.is_some() => {}
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

    /// The business of the register becomes the invited's. Somebody may have been faster, or it is a member no more.
    async fn take_over(
        &self,
        owner: PersonId,
        business: OrganisationId,
        cooperative: OrganisationId,
    ) -> Result<OrganisationId, InvitationError> {
        // Two who accept at the same moment wait for one another here.
        self.exec(
            "UPDATE organisations SET version = version + 1 WHERE id = $1",
            [business.0.into()],
        )
        .await?;
        let owned = self
            .number(
                "SELECT COUNT(*) FROM roles WHERE organisation_id = $1",
                [business.0.into()],
            )
            .await?;
        let belongs = self
            .number(
                "SELECT COUNT(*) FROM members WHERE supplier_id = $1 AND cooperative_id = $2 \
                 AND status IN ('active', 'candidate', 'associate')",
                [business.0.into(), cooperative.0.into()],
            )
            .await?;
        if owned > 0 || belongs == 0 {
            return Err(InvitationError::Over);
        }
        self.grant_role(owner, business, Role::UmkmOwner).await?;
        Ok(business)
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
