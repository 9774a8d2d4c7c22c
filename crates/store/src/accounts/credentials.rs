//! What a person signs in with, and how it changes: password, address, number, name. And the devices that are signed
//! in.
//!
//! Whoever calls these deeds has asked for the current password before, or holds a link. A changed password ends
//! every other session; a changed address or password voids links for a new one.

use domain::{ids::PersonId, names::fold, time::Instant};
use sea_orm::FromQueryResult;
use serde_json::json;
use uuid::Uuid;

use super::links::{EMAIL_SECONDS, LinkKind, NewLink};
use crate::{
    Act, Error, Store,
    letters::{self, About, LetterJob},
    sql::Sql,
    write::Tx,
};

/// What is known of a person's account.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Credentials {
    pub name: String,
    pub email: Option<String>,
    pub email_confirmed: bool,
    pub phone: Option<String>,
    /// `false`: only claimed at registration.
    pub phone_confirmed: bool,
    pub password_hash: Option<String>,
}

/// A device that is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Stands for the session in forms; opens nothing.
    pub key: String,
    /// What the browser said of itself.
    pub agent: Option<String>,
    pub since: Instant,
    /// To the hour.
    pub seen: Instant,
    pub is_this: bool,
}

/// Another account has that number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken;

#[derive(FromQueryResult)]
struct DeviceRow {
    token_hash: String,
    agent: Option<String>,
    created_at: i64,
    seen_at: i64,
}

#[derive(FromQueryResult)]
struct IdRow {
    id: Uuid,
}

#[derive(FromQueryResult)]
struct EmailRow {
    email: Option<String>,
}

#[derive(FromQueryResult)]
struct IssuedRow {
    reset_issued_at: Option<i64>,
    by_name: Option<String>,
}

/// Characters of a session's key.
const KEY_CHARS: usize = 16;

fn key_of(token_hash: &str) -> String {
    token_hash.chars().take(KEY_CHARS).collect()
}

impl Store {
    /// # Errors
    /// [`Error::NotFound`]; when the database fails.
    pub async fn credentials(&self, person: PersonId) -> Result<Credentials, Error> {
        self.row(
            "SELECT name, email, email_confirmed, phone, phone_confirmed, password_hash FROM people WHERE id = $1",
            [person.0.into()],
        )
        .await?
        .ok_or(Error::NotFound)
    }

    /// A new password by a link. Every session of the person ends. `None` when the link no longer works.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn reset_password(
        &self,
        act: &Act,
        token_hash: &str,
        password_hash: &str,
    ) -> Result<Option<PersonId>, Error> {
        self.write(act, async |tx| -> Result<Option<PersonId>, Error> {
            let Some(link) = tx.use_link(LinkKind::Reset, token_hash).await? else {
                return Ok(None);
            };
            let person = PersonId(link.person_id);
            // Who opened the link by mail has read that mail.
            let by_mail = link.issued_by.is_none();
            tx.exec(
                "UPDATE people SET password_hash = $2, email_confirmed = (email_confirmed OR $3) WHERE id = $1",
                [person.0.into(), password_hash.into(), by_mail.into()],
            )
            .await?;
            tx.password_changed(person, "password_reset", "").await?;
            Ok(Some(person))
        })
        .await
    }

    /// A new password for whoever knows the current one. Every other session ends. `false` when the password has
    /// changed in between.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn change_password(
        &self,
        act: &Act,
        person: PersonId,
        current_hash: &str,
        password_hash: &str,
        keep_session: &str,
    ) -> Result<bool, Error> {
        self.write(act, async |tx| -> Result<bool, Error> {
            let changed = tx
                .exec(
                    "UPDATE people SET password_hash = $3 WHERE id = $1 AND password_hash = $2",
                    [person.0.into(), current_hash.into(), password_hash.into()],
                )
                .await?;
            if changed == 1 {
                tx.password_changed(person, "password_changed", keep_session)
                    .await?;
            }
            Ok(changed == 1)
        })
        .await
    }

    /// Somebody wants to be reached at another address: a link goes to the new one, a warning to the old one. An
    /// address that is another person's gets a letter to its owner instead; the page tells nobody.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn ask_email_change(
        &self,
        act: &Act,
        person: PersonId,
        email: &str,
        link: &NewLink,
    ) -> Result<(), Error> {
        self.write(act, async |tx| -> Result<(), Error> {
            let owner = tx
                .row::<IdRow>(
                    "SELECT id FROM people WHERE email_key = $1",
                    [fold(email).into()],
                )
                .await?;
            if let Some(owner) = owner.as_ref().filter(|owner| owner.id != person.0) {
                tx.letter_already_registered(PersonId(owner.id)).await?;
                return Ok(());
            }
            let event = tx.person_event(person, "email_change_asked", None).await?;
            tx.confirm_address(person, email, link, event).await?;
            if owner.is_none() {
                tx.letter_if_reachable("email_change_asked", event, person, About::default())
                    .await?;
            }
            Ok(())
        })
        .await
    }

    /// The link to a new address was opened: from now on it is the person's. `None` when the link no longer works or
    /// the address has become somebody else's.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn confirm_email(
        &self,
        act: &Act,
        token_hash: &str,
    ) -> Result<Option<PersonId>, Error> {
        let outcome = self
            .write(act, async |tx| -> Result<Option<PersonId>, Error> {
                tx.confirm_email(token_hash).await
            })
            .await;
        match outcome {
            Err(error) if error.is_unique_violation() => Ok(None),
            outcome => outcome,
        }
    }

    /// Another mobile number, only claimed until an invitation to it is opened. `None` takes the number away, if the
    /// person has an address to sign in with.
    ///
    /// # Errors
    /// [`Taken`] inside, or when the database fails.
    pub async fn change_phone(
        &self,
        act: &Act,
        person: PersonId,
        phone: Option<&str>,
    ) -> Result<Result<(), Taken>, Error> {
        let outcome = self
            .write(act, async |tx| -> Result<bool, Error> {
                let changed = tx
                    .exec(
                        "UPDATE people SET phone = $2, phone_confirmed = FALSE WHERE id = $1 \
                         AND (CAST($2 AS TEXT) IS NOT NULL OR email IS NOT NULL) \
                         AND COALESCE(phone, '') <> COALESCE($2, '')",
                        [person.0.into(), phone.map(str::to_owned).into()],
                    )
                    .await?;
                if changed == 1 {
                    let event = tx.person_event(person, "phone_changed", None).await?;
                    tx.letter_if_reachable("phone_changed", event, person, About::default())
                        .await?;
                }
                Ok(true)
            })
            .await;
        match outcome {
            Ok(_) => Ok(Ok(())),
            Err(error) if error.is_unique_violation() => Ok(Err(Taken)),
            Err(error) => Err(error),
        }
    }

    /// # Errors
    /// When the database fails.
    pub async fn change_name(&self, act: &Act, person: PersonId, name: &str) -> Result<(), Error> {
        self.write(act, async |tx| -> Result<(), Error> {
            let changed = tx
                .exec(
                    "UPDATE people SET name = $2 WHERE id = $1 AND name <> $2",
                    [person.0.into(), name.into()],
                )
                .await?;
            if changed == 1 {
                tx.person_event(person, "name_changed", None).await?;
            }
            Ok(())
        })
        .await
    }

    /// Where the person is signed in, the latest use first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn devices(
        &self,
        person: PersonId,
        this: &str,
        idle_since: Instant,
        now: Instant,
    ) -> Result<Vec<Device>, Error> {
        let rows = self
            .rows::<DeviceRow>(
                "SELECT token_hash, agent, created_at, seen_at FROM sessions WHERE person_id = $1 \
                 AND expires_at > $2 AND seen_at > $3 ORDER BY seen_at DESC, token_hash LIMIT 100",
                [person.0.into(), now.0.into(), idle_since.0.into()],
            )
            .await?;
        Ok(rows
            .into_iter()
            .map(|row| Device {
                key: key_of(&row.token_hash),
                is_this: row.token_hash == this,
                agent: row.agent,
                since: Instant(row.created_at),
                seen: Instant(row.seen_at),
            })
            .collect())
    }

    /// Ends one of the person's own sessions. `false` when there is none of that key.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_session(&self, act: &Act, person: PersonId, key: &str) -> Result<bool, Error> {
        if key.len() != KEY_CHARS {
            return Ok(false);
        }
        self.write(act, async |tx| -> Result<bool, Error> {
            let ended = tx
                .exec(
                    "DELETE FROM sessions WHERE person_id = $1 AND SUBSTR(token_hash, 1, 16) = $2",
                    [person.0.into(), key.into()],
                )
                .await?;
            if ended > 0 {
                tx.person_event(person, "sessions_ended", None).await?;
            }
            Ok(ended > 0)
        })
        .await
    }

    /// Ends every session of the person but the one with this token's hash.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_other_sessions(
        &self,
        act: &Act,
        person: PersonId,
        keep: &str,
    ) -> Result<u64, Error> {
        self.write(act, async |tx| -> Result<u64, Error> {
            let ended = tx.end_sessions(person, keep).await?;
            if ended > 0 {
                let data = json!({ "sessions": ended }).to_string();
                tx.person_event(person, "sessions_ended", Some(data))
                    .await?;
            }
            Ok(ended)
        })
        .await
    }

    /// Gives a session a new token, because what it may do has changed: whoever knew the old one knows nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn renew_session(&self, act: &Act, old: &str, new: &str) -> Result<(), Error> {
        self.write(act, async |tx| -> Result<(), Error> {
            tx.exec(
                "UPDATE sessions SET token_hash = $2 WHERE token_hash = $1",
                [old.into(), new.into()],
            )
            .await?;
            Ok(())
        })
        .await
    }

    /// Takes the notice that somebody else made a link for a new password: when, and who.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_reset_notice(
        &self,
        act: &Act,
        person: PersonId,
    ) -> Result<Option<(Instant, String)>, Error> {
        let row = self
            .row::<IssuedRow>(
                "SELECT p.reset_issued_at, b.name AS by_name FROM people p \
                 LEFT JOIN people b ON b.id = p.reset_issued_by WHERE p.id = $1",
                [person.0.into()],
            )
            .await?;
        let Some(IssuedRow {
            reset_issued_at: Some(at),
            by_name,
        }) = row
        else {
            return Ok(None);
        };
        self.write(act, async |tx| -> Result<(), Error> {
            tx.exec(
                "UPDATE people SET reset_issued_at = NULL, reset_issued_by = NULL WHERE id = $1",
                [person.0.into()],
            )
            .await?;
            Ok(())
        })
        .await?;
        Ok(Some((Instant(at), by_name.unwrap_or_default())))
    }
}

impl Tx {
    /// What follows a new password: other sessions and open links end, the person is told.
    async fn password_changed(
        &self,
        person: PersonId,
        kind: &str,
        keep_session: &str,
    ) -> Result<(), Error> {
        self.end_sessions(person, keep_session).await?;
        self.forget_links(person, &[LinkKind::Reset, LinkKind::Step])
            .await?;
        let event = self.person_event(person, kind, None).await?;
        self.letter_if_reachable("password_changed", event, person, About::default())
            .await
    }

    pub(crate) async fn end_sessions(&self, person: PersonId, keep: &str) -> Result<u64, Error> {
        self.exec(
            "DELETE FROM sessions WHERE person_id = $1 AND token_hash <> $2",
            [person.0.into(), keep.into()],
        )
        .await
    }

    /// A link to an address that is to become the person's, or to be confirmed as such.
    pub(super) async fn confirm_address(
        &self,
        person: PersonId,
        email: &str,
        link: &NewLink,
        event: domain::ids::EventId,
    ) -> Result<(), Error> {
        self.open_link(
            LinkKind::Email,
            person,
            link,
            EMAIL_SECONDS,
            Some(email.to_owned()),
        )
        .await?;
        self.letter_with_link(
            "email_confirm",
            event,
            person,
            About::default(),
            link.letter(),
        )
        .await
    }

    async fn confirm_email(&self, token_hash: &str) -> Result<Option<PersonId>, Error> {
        let Some(link) = self.use_link(LinkKind::Email, token_hash).await? else {
            return Ok(None);
        };
        let person = PersonId(link.person_id);
        let email = link.email.unwrap_or_default();
        let before = self
            .row::<EmailRow>("SELECT email FROM people WHERE id = $1", [person.0.into()])
            .await?
            .and_then(|row| row.email);
        self.exec(
            "UPDATE people SET email = $2, email_key = $3, email_confirmed = TRUE WHERE id = $1",
            [person.0.into(), email.clone().into(), fold(&email).into()],
        )
        .await?;
        let kind = match &before {
            Some(before) if fold(before) == fold(&email) => "email_confirmed",
            _ => "email_changed",
        };
        let event = self.person_event(person, kind, None).await?;
        if kind == "email_changed" {
            self.forget_links(person, &[LinkKind::Reset]).await?;
            if let Some(before) = before {
                let former = self.former_address(person, before).await?;
                self.letter_with_link("email_changed", event, person, About::default(), former)
                    .await?;
            }
        }
        Ok(Some(person))
    }

    /// Tells a person that somebody registered with their address; at most once a day.
    pub(super) async fn letter_already_registered(&self, person: PersonId) -> Result<(), Error> {
        let day = self.now().epoch_seconds() / 86_400;
        let dedupe = format!("letter:already_registered:{person}:{day}");
        let told = self
            .number(
                "SELECT COUNT(*) FROM jobs WHERE dedupe = $1",
                [dedupe.clone().into()],
            )
            .await?;
        if told > 0 {
            return Ok(());
        }
        // A letter without its event would belong to nothing (I8).
        let event = self.person_event(person, "registered_again", None).await?;
        self.job(
            letters::JOB,
            dedupe,
            Some(event),
            &LetterJob {
                letter: "already_registered".to_owned(),
                person,
                about: About::default(),
                link: None,
            },
        )
        .await
    }
}
