//! People as the administrator finds them: by name, sign-in name or business; closing an account and opening it again.
//!
//! Addresses and numbers come masked: the administrator types what it knows, it does not read what it does not.

use std::collections::HashMap;

use domain::identifiers;
use domain::ids::PersonId;
use domain::time::Instant;
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use crate::accounts::LinkKind;
use crate::act::Act;
use crate::error::Error;
use crate::events::Event;
use crate::members::like;
use crate::sql::{Sql, placeholders};
use crate::write::{Store, Tx, rerun_by_store};

/// People on one page.
pub const PEOPLE_ROWS: i64 = 50;

/// A person in the list.
#[derive(Clone, Debug, FromQueryResult)]
pub struct FoundPerson {
    pub id: Uuid,
    pub name: String,
    email: Option<String>,
    phone: Option<String>,
    pub phone_confirmed: bool,
    pub created_at: i64,
    pub locked_at: Option<i64>,
    #[sea_orm(skip)]
    pub belongs: Vec<PersonRole>,
}

/// A role that a person has or had.
#[derive(Clone, Debug, FromQueryResult)]
pub struct PersonRole {
    person_id: Uuid,
    pub organisation_id: Uuid,
    pub organisation: String,
    pub kind: String,
    pub region_code: String,
    pub role: String,
    pub since: i64,
    pub until: Option<i64>,
}

/// One person with what the administrator decides by.
#[derive(Clone, Debug)]
pub struct PersonView {
    pub person: FoundPerson,
    /// Browsers in which the person is signed in.
    pub sessions: i64,
    pub seen_at: Option<Instant>,
    /// A code is asked beside the password.
    pub has_second_step: bool,
}

/// Why an account was not closed or opened, or its second step not taken away.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    #[error("no such person")]
    NotFound,
    #[error("nobody closes their own account here")]
    Oneself,
    /// It is so already.
    #[error("nothing to change")]
    Already,
    #[error(transparent)]
    Store(#[from] Error),
}

rerun_by_store!(LockError);

impl FoundPerson {
    /// `s•••@contoh.example`: the first letter and the domain.
    #[must_use]
    pub fn masked_email(&self) -> Option<String> {
        let email = self.email.as_deref()?;
        let (name, domain) = email.rsplit_once('@')?;
        let first: String = name.chars().take(1).collect();
        Some(format!("{first}•••@{domain}"))
    }

    /// The whole number, to write a link to that was just made for its owner; nothing to be read on a page.
    #[must_use]
    pub fn number(&self) -> Option<String> {
        self.phone.clone()
    }

    /// `•••• 0001`: the last four digits (P-2).
    #[must_use]
    pub fn masked_phone(&self) -> Option<String> {
        let phone = self.phone.as_deref()?;
        let digits: Vec<char> = phone.chars().collect();
        let end: String = digits.iter().skip(digits.len().saturating_sub(4)).collect();
        Some(format!("•••• {end}"))
    }
}

/// Names by id; who is gone has none.
pub(crate) async fn names(sql: &impl Sql, people: &[Uuid]) -> Result<HashMap<Uuid, String>, Error> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        name: String,
    }
    if people.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<Row> = sql
        .rows(
            format!(
                "SELECT id, name FROM people WHERE id IN ({})",
                placeholders(1, people.len())
            ),
            people.iter().map(|id| Value::from(*id)),
        )
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

const PERSON: &str = "SELECT p.id, p.name, p.email, p.phone, p.phone_confirmed, p.created_at, p.locked_at FROM people p";

impl Store {
    /// People by part of their name or organisation's name, or by their whole sign-in name; and how many there are.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_people(
        &self,
        search: &str,
        only_locked: bool,
        page: i64,
    ) -> Result<(Vec<FoundPerson>, i64), Error> {
        let login = identifiers::login(search)
            .map(|login| login.key())
            .unwrap_or_default();
        let locked = if only_locked {
            "p.locked_at IS NOT NULL AND"
        } else {
            ""
        };
        let condition = format!(
            "{locked} ($1 = '%%' OR LOWER(p.name) LIKE $1 ESCAPE '\\' OR p.email_key = $2 OR p.phone = $2 OR EXISTS \
             (SELECT 1 FROM roles r JOIN organisations o ON o.id = r.organisation_id WHERE r.person_id = p.id \
             AND LOWER(o.name) LIKE $1 ESCAPE '\\'))"
        );
        let values = || -> Vec<Value> { vec![like(search).into(), login.clone().into()] };
        let found = self
            .number(
                format!("SELECT COUNT(*) FROM people p WHERE {condition}"),
                values(),
            )
            .await?;
        let mut of_page = values();
        of_page.push(PEOPLE_ROWS.into());
        of_page.push(((page.max(1) - 1).saturating_mul(PEOPLE_ROWS)).into());
        let mut people: Vec<FoundPerson> = self
            .rows(
                format!(
                    "{PERSON} WHERE {condition} ORDER BY LOWER(p.name), p.id LIMIT $3 OFFSET $4"
                ),
                of_page,
            )
            .await?;
        self.add_roles(&mut people).await?;
        Ok((people, found))
    }

    async fn add_roles(&self, people: &mut [FoundPerson]) -> Result<(), Error> {
        if people.is_empty() {
            return Ok(());
        }
        let roles: Vec<PersonRole> = self
            .rows(
                format!(
                    "SELECT r.person_id, r.organisation_id, o.name AS organisation, o.kind, o.region_code, r.role, \
                     r.since, r.until FROM roles r JOIN organisations o ON o.id = r.organisation_id \
                     WHERE r.person_id IN ({}) ORDER BY o.name, r.role",
                    placeholders(1, people.len())
                ),
                people.iter().map(|person| Value::from(person.id)),
            )
            .await?;
        for role in roles {
            if let Some(person) = people.iter_mut().find(|p| p.id == role.person_id) {
                person.belongs.push(role);
            }
        }
        Ok(())
    }

    /// One person.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn person(&self, id: PersonId, now: Instant) -> Result<Option<PersonView>, Error> {
        let found: Option<FoundPerson> = self
            .row(format!("{PERSON} WHERE p.id = $1"), [id.0.into()])
            .await?;
        let Some(found) = found else {
            return Ok(None);
        };
        let mut people = [found];
        self.add_roles(&mut people).await?;
        let [person] = people;
        let sessions = self
            .number(
                "SELECT COUNT(*) FROM sessions WHERE person_id = $1 AND expires_at > $2",
                [id.0.into(), now.0.into()],
            )
            .await?;
        let seen = self
            .number(
                "SELECT MAX(seen_at) FROM sessions WHERE person_id = $1",
                [id.0.into()],
            )
            .await?;
        let steps = self
            .number(
                "SELECT COUNT(*) FROM people WHERE id = $1 AND step_seed IS NOT NULL",
                [id.0.into()],
            )
            .await?;
        Ok(Some(PersonView {
            has_second_step: steps > 0,
            person,
            sessions,
            seen_at: (seen > 0).then_some(Instant(seen)),
        }))
    }

    /// Closes an account (`lock`), or opens it again. Nobody signs in with a closed one; all its sessions end now, and
    /// its one-time links are void (A05).
    ///
    /// # Errors
    /// [`LockError`].
    pub async fn set_lock(
        &self,
        act: &Act,
        id: PersonId,
        lock: bool,
        reason: &str,
    ) -> Result<(), LockError> {
        if lock && act.person == Some(id) {
            return Err(LockError::Oneself);
        }
        self.write(act, async |tx| tx.set_lock(id, lock, reason).await)
            .await
    }

    /// Takes away the second step of somebody who lost telephone and codes; they set it up anew.
    ///
    /// # Errors
    /// [`LockError::Already`] when there is none.
    pub async fn take_second_step(
        &self,
        act: &Act,
        id: PersonId,
        reason: &str,
    ) -> Result<(), LockError> {
        if act.person == Some(id) {
            return Err(LockError::Oneself);
        }
        self.write(act, async |tx| -> Result<(), LockError> {
            if tx.drop_second_step(id, Some(reason)).await? {
                Ok(())
            } else {
                Err(LockError::Already)
            }
        })
        .await
    }
}

impl Tx {
    async fn set_lock(&self, id: PersonId, lock: bool, reason: &str) -> Result<(), LockError> {
        let at = lock.then_some(self.now().0);
        let (kind, open) = if lock {
            ("person_locked", "IS NULL")
        } else {
            ("person_unlocked", "IS NOT NULL")
        };
        let changed = self
            .exec(
                format!("UPDATE people SET locked_at = $2 WHERE id = $1 AND locked_at {open}"),
                [id.0.into(), at.into()],
            )
            .await?;
        if changed != 1 {
            let known = self
                .number("SELECT COUNT(*) FROM people WHERE id = $1", [id.0.into()])
                .await?;
            return Err(if known == 0 {
                LockError::NotFound
            } else {
                LockError::Already
            });
        }
        self.end_sessions(id, "").await?;
        self.forget_links(id, &[LinkKind::Reset, LinkKind::Step])
            .await?;
        self.event(Event {
            subject_kind: "person",
            subject_id: id.0,
            kind,
            reason: Some(reason),
            ..Event::default()
        })
        .await?;
        Ok(())
    }
}
