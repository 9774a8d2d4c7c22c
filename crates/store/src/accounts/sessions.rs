//! Sessions: who is behind a cookie, signing in and out, the acting organisation, language, the waiting message.

use domain::{
    accounts::{OrganisationKind, Role, Verification},
    identifiers::Login,
    ids::{OrganisationId, PersonId},
    time::Instant,
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{Act, Error, Store, entities::sessions, sql::Sql};

/// The person behind a session.
#[derive(Clone, Debug)]
pub struct Visitor {
    pub person: PersonId,
    pub name: String,
    /// `id` or `en`, if the person ever chose.
    pub lang: Option<String>,
    /// What each form of this session has to carry.
    pub csrf: String,
    /// A message waits for the next page.
    pub flash: Option<String>,
    pub seen_at: Instant,
    /// The session ends then, whatever happens.
    pub expires_at: Instant,
    /// The organisation the person acts for.
    pub acting: Option<Belonging>,
    /// Every organisation the person has a role in, by name.
    pub belongs: Vec<Belonging>,
    /// Of an UMKM: the telephone of the cooperative it is an active member of.
    pub cooperative_phone: Option<String>,
    /// Of a buyer: lines in its carts.
    pub cart_count: i64,
    /// A role of theirs asks for a second step of signing in, the platform requires it, and none is set up: until it is,
    /// the session is good for nothing else.
    pub owes_step: bool,
}

/// An organisation and what the person may do for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Belonging {
    pub organisation: OrganisationId,
    pub name: String,
    pub kind: OrganisationKind,
    pub region_code: String,
    pub verification: Verification,
    /// What the platform said when it refused.
    pub verification_note: Option<String>,
    pub roles: Vec<Role>,
}

impl Belonging {
    /// Whether its people may act for it yet.
    #[must_use]
    pub fn may_act(&self) -> bool {
        self.verification == Verification::Verified || !self.kind.needs_verification()
    }
}

/// Who a sign-in name belongs to, before the password was looked at.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub person: PersonId,
    pub password_hash: Option<String>,
    pub locked: bool,
}

/// A session that begins now.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// SHA-256 of the cookie's token, in hex.
    pub token_hash: String,
    pub csrf: String,
    pub person: PersonId,
    pub expires_at: Instant,
    /// A session that this one replaces (its token's hash).
    pub replaces: Option<String>,
    /// What the browser says of itself, so that the person can tell devices apart.
    pub agent: Option<String>,
}

#[derive(FromQueryResult)]
struct SessionRow {
    person_id: Uuid,
    organisation_id: Option<Uuid>,
    csrf: String,
    flash: Option<String>,
    seen_at: i64,
    expires_at: i64,
    step_seed: Option<String>,
    name: String,
    lang: Option<String>,
}

#[derive(FromQueryResult)]
struct RoleRow {
    organisation_id: Uuid,
    name: String,
    kind: String,
    region_code: String,
    verification: String,
    verification_note: Option<String>,
    role: String,
}

#[derive(FromQueryResult)]
struct CandidateRow {
    id: Uuid,
    password_hash: Option<String>,
    locked_at: Option<i64>,
}

#[derive(FromQueryResult)]
struct PhoneRow {
    phone: Option<String>,
}

#[derive(FromQueryResult)]
struct FlashRow {
    flash: Option<String>,
}

fn belongings(rows: Vec<RoleRow>) -> Result<Vec<Belonging>, Error> {
    let corrupt = |word: &str| Error::Corrupt(word.to_owned());
    let mut all: Vec<Belonging> = Vec::new();
    for row in rows {
        let organisation = OrganisationId(row.organisation_id);
        let role = row.role.parse().map_err(|_| corrupt(&row.role))?;
        if let Some(known) = all.iter_mut().find(|b| b.organisation == organisation) {
            known.roles.push(role);
            continue;
        }
        all.push(Belonging {
            organisation,
            kind: row.kind.parse().map_err(|_| corrupt(&row.kind))?,
            verification: row
                .verification
                .parse()
                .map_err(|_| corrupt(&row.verification))?,
            name: row.name,
            region_code: row.region_code,
            verification_note: row.verification_note,
            roles: vec![role],
        });
    }
    Ok(all)
}

impl Store {
    /// The person behind a session, with today's roles; `None` when the session is over or the person is locked.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn visitor(
        &self,
        token_hash: &str,
        idle_since: Instant,
        now: Instant,
    ) -> Result<Option<Visitor>, Error> {
        let Some(session) = self
            .row::<SessionRow>(
                "SELECT s.person_id, s.organisation_id, s.csrf, s.flash, s.seen_at, s.expires_at, p.step_seed, p.name, \
                 p.lang FROM sessions s JOIN people p ON p.id = s.person_id \
                 WHERE s.token_hash = $1 AND s.expires_at > $2 AND s.seen_at > $3 AND p.locked_at IS NULL",
                [token_hash.into(), now.0.into(), idle_since.0.into()],
            )
            .await?
        else {
            return Ok(None);
        };
        let belongs = self.belongings(PersonId(session.person_id), now).await?;
        // A role that was taken away since takes its organisation with it.
        let acting = session
            .organisation_id
            .and_then(|id| belongs.iter().find(|b| b.organisation.0 == id))
            .or_else(|| belongs.first())
            .cloned();
        let mut cooperative_phone = None;
        let mut cart_count = 0;
        match &acting {
            Some(acting) if acting.kind == OrganisationKind::Umkm => {
                cooperative_phone = self
                    .row::<PhoneRow>(
                        "SELECT o.phone FROM members m JOIN organisations o ON o.id = m.cooperative_id \
                         WHERE m.supplier_id = $1 AND m.status IN ('active', 'candidate', 'associate') \
                         AND o.phone IS NOT NULL ORDER BY m.applied_at LIMIT 1",
                        [acting.organisation.0.into()],
                    )
                    .await?
                    .and_then(|row| row.phone);
            }
            Some(acting) if acting.kind == OrganisationKind::Buyer => {
                cart_count = self
                    .number(
                        "SELECT COUNT(*) FROM cart_lines l JOIN carts c ON c.id = l.cart_id WHERE c.buyer_id = $1",
                        [acting.organisation.0.into()],
                    )
                    .await?;
            }
            _ => {}
        }
        let mut roles = belongs.iter().flat_map(|belonging| &belonging.roles);
        let owes_step = session.step_seed.is_none()
            && roles.any(|role| role.needs_second_step())
            && self.second_step_required(now).await?;
        Ok(Some(Visitor {
            owes_step,
            person: PersonId(session.person_id),
            name: session.name,
            lang: session.lang,
            csrf: session.csrf,
            flash: session.flash,
            seen_at: Instant(session.seen_at),
            expires_at: Instant(session.expires_at),
            acting,
            belongs,
            cooperative_phone,
            cart_count,
        }))
    }

    /// Every organisation a person has a role in now, by name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn belongings(
        &self,
        person: PersonId,
        now: Instant,
    ) -> Result<Vec<Belonging>, Error> {
        let rows = self
            .rows::<RoleRow>(
                "SELECT r.organisation_id, r.role, o.name, o.kind, o.region_code, o.verification, \
                 o.verification_note FROM roles r JOIN organisations o ON o.id = r.organisation_id \
                 WHERE r.person_id = $1 AND r.since <= $2 AND (r.until IS NULL OR r.until > $2) \
                 ORDER BY o.name, o.id, r.role",
                [person.0.into(), now.0.into()],
            )
            .await?;
        belongings(rows)
    }

    /// Who signs in with this name, if anybody does.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sign_in_candidate(&self, login: &Login) -> Result<Option<Candidate>, Error> {
        let column = match login {
            Login::Email(_) => "email_key",
            Login::Phone(_) => "phone",
        };
        let row = self
            .row::<CandidateRow>(
                format!("SELECT id, password_hash, locked_at FROM people WHERE {column} = $1"),
                [login.key().into()],
            )
            .await?;
        Ok(row.map(|row| Candidate {
            person: PersonId(row.id),
            password_hash: row.password_hash,
            locked: row.locked_at.is_some(),
        }))
    }

    /// Begins a session; the person acts for the first of their organisations. Clears away sessions that are over.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open_session(&self, act: &Act, session: &NewSession) -> Result<(), Error> {
        let first = self
            .belongings(session.person, act.now)
            .await?
            .first()
            .map(|b| b.organisation.0);
        self.write(act, async |tx| -> Result<(), Error> {
            tx.exec(
                "DELETE FROM sessions WHERE expires_at <= $1 OR token_hash = $2",
                [
                    tx.now().0.into(),
                    session.replaces.clone().unwrap_or_default().into(),
                ],
            )
            .await?;
            tx.insert(sessions::Model {
                token_hash: session.token_hash.clone(),
                person_id: session.person.0,
                organisation_id: first,
                csrf: session.csrf.clone(),
                flash: None,
                created_at: tx.now().0,
                seen_at: tx.now().0,
                expires_at: session.expires_at.0,
                agent: session.agent.clone(),
            })
            .await
        })
        .await
    }

    /// Ends a session; its cookie is worth nothing from here on.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn close_session(&self, act: &Act, token_hash: &str) -> Result<(), Error> {
        self.write(act, async |tx| -> Result<(), Error> {
            tx.exec(
                "DELETE FROM sessions WHERE token_hash = $1",
                [token_hash.into()],
            )
            .await?;
            Ok(())
        })
        .await
    }

    /// Writes down that a session is in use.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn seen_session(&self, act: &Act, token_hash: &str) -> Result<(), Error> {
        self.write(act, async |tx| -> Result<(), Error> {
            tx.exec(
                "UPDATE sessions SET seen_at = $2 WHERE token_hash = $1 AND seen_at < $2",
                [token_hash.into(), tx.now().0.into()],
            )
            .await?;
            Ok(())
        })
        .await
    }

    /// Lets the session act for another organisation of its person. `false` when the person has no role there.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn act_for(
        &self,
        act: &Act,
        token_hash: &str,
        organisation: OrganisationId,
    ) -> Result<bool, Error> {
        self.write(act, async |tx| -> Result<bool, Error> {
            let changed = tx
                .exec(
                    "UPDATE sessions SET organisation_id = $2 WHERE token_hash = $1 AND EXISTS \
                     (SELECT 1 FROM roles r WHERE r.person_id = sessions.person_id AND r.organisation_id = $2 \
                      AND r.since <= $3 AND (r.until IS NULL OR r.until > $3))",
                    [
                        token_hash.into(),
                        organisation.0.into(),
                        tx.now().0.into(),
                    ],
                )
                .await?;
            Ok(changed == 1)
        })
        .await
    }

    /// The person's own language, `id` or `en`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_language(&self, act: &Act, person: PersonId, lang: &str) -> Result<(), Error> {
        self.write(act, async |tx| -> Result<(), Error> {
            tx.exec(
                "UPDATE people SET lang = $2 WHERE id = $1",
                [person.0.into(), lang.into()],
            )
            .await?;
            Ok(())
        })
        .await
    }

    /// Leaves a message for the session's next page.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_flash(&self, act: &Act, token_hash: &str, flash: &str) -> Result<(), Error> {
        self.write(act, async |tx| -> Result<(), Error> {
            tx.exec(
                "UPDATE sessions SET flash = $2 WHERE token_hash = $1",
                [token_hash.into(), flash.into()],
            )
            .await?;
            Ok(())
        })
        .await
    }

    /// Takes the waiting message; a second page at the same moment gets none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_flash(&self, act: &Act, token_hash: &str) -> Result<Option<String>, Error> {
        self.write(act, async |tx| -> Result<Option<String>, Error> {
            let row = tx
                .row::<FlashRow>(
                    format!(
                        "SELECT flash FROM sessions WHERE token_hash = $1{}",
                        tx.for_update()
                    ),
                    [token_hash.into()],
                )
                .await?;
            let flash = row.and_then(|row| row.flash);
            if flash.is_some() {
                tx.exec(
                    "UPDATE sessions SET flash = NULL WHERE token_hash = $1",
                    [token_hash.into()],
                )
                .await?;
            }
            Ok(flash)
        })
        .await
    }
}
