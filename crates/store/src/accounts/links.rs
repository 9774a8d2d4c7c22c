//! One-time links that a person gets by mail: a new password, an address to be confirmed. And the half-way mark of a
//! sign-in that still waits for its code.
//!
//! A link works once, for a short time, and only the newest of its kind does.

use domain::{
    identifiers::Login,
    ids::{JobId, PersonId},
    time::Instant,
};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    Act, Error, Store,
    entities::links,
    events::Event,
    letters::{About, LetterLink},
    sql::Sql,
    write::Tx,
};

/// How long a link for a new password works (seconds).
pub const RESET_SECONDS: i64 = 60 * 60;
/// How long a link that confirms an address works (seconds).
pub const EMAIL_SECONDS: i64 = 48 * 3600;
/// How long a sign-in waits for its code (seconds).
pub const STEP_SECONDS: i64 = 10 * 60;
/// How long the letter to a former address may take to leave (seconds).
const FORMER_SECONDS: i64 = 7 * 24 * 3600;

/// The kind of job that answers a forgotten password.
pub const RESET_JOB: &str = "reset";

/// A link about to be made: the seed goes into the letter's job, the hash into the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLink {
    pub seed: String,
    pub token_hash: String,
}

impl NewLink {
    pub(crate) fn letter(&self) -> LetterLink {
        LetterLink {
            hash: self.token_hash.clone(),
            seed: self.seed.clone(),
        }
    }
}

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    Reset,
    Email,
    /// Not a link: where the letter about a changed address goes, the former one.
    Former,
    /// Not in a letter: a sign-in that waits for its code.
    Step,
}

impl LinkKind {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Reset => "reset",
            Self::Email => "email",
            Self::Former => "former",
            Self::Step => "step",
        }
    }
}

/// A link that still works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenLink {
    pub person: PersonId,
    pub person_name: String,
    pub email: Option<String>,
    /// Of a sign-in: whether it outlives the browser.
    pub keep: bool,
    /// Made by a manager or administrator, not by mail.
    pub was_issued: bool,
}

/// Somebody forgot a password. Waits in the outbox so that the page does the same work for every name.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ResetAsked {
    key: String,
    is_email: bool,
    pub seed: String,
}

#[derive(FromQueryResult)]
struct LinkRow {
    person_id: Uuid,
    name: String,
    email: Option<String>,
    keep: bool,
    issued_by: Option<Uuid>,
}

#[derive(FromQueryResult)]
struct IdRow {
    id: Uuid,
}

/// A link that was taken off the table because it was used.
#[derive(FromQueryResult)]
pub(super) struct Used {
    pub person_id: Uuid,
    pub email: Option<String>,
    pub issued_by: Option<Uuid>,
}

impl Store {
    /// Notes that somebody forgot the password of a sign-in name, known or not. Who it is, the outbox finds out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn ask_reset(&self, act: &Act, login: &Login, seed: &str) -> Result<(), Error> {
        let asked = ResetAsked {
            key: login.key(),
            is_email: login.email().is_some(),
            seed: seed.to_owned(),
        };
        self.write(act, async |tx| -> Result<(), Error> {
            tx.job(RESET_JOB, format!("reset:{seed}"), None, &asked)
                .await
        })
        .await
    }

    /// Answers a forgotten password: a letter with a link to whoever has that sign-in name and an address. Takes the
    /// job away in any case, because it names what somebody typed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn answer_reset(
        &self,
        now: Instant,
        job: JobId,
        asked: &ResetAsked,
        token_hash: &str,
    ) -> Result<(), Error> {
        let column = if asked.is_email { "email_key" } else { "phone" };
        let link = NewLink {
            seed: asked.seed.clone(),
            token_hash: token_hash.to_owned(),
        };
        self.write(&Act::system(now), async |tx| -> Result<(), Error> {
            tx.exec("DELETE FROM jobs WHERE id = $1", [job.0.into()])
                .await?;
            let person = tx
                .row::<IdRow>(
                    format!(
                        "SELECT id FROM people WHERE {column} = $1 AND email IS NOT NULL AND locked_at IS NULL"
                    ),
                    [asked.key.clone().into()],
                )
                .await?;
            let Some(IdRow { id }) = person else {
                return Ok(());
            };
            let person = PersonId(id);
            tx.open_link(LinkKind::Reset, person, &link, RESET_SECONDS, None)
                .await?;
            let event = tx.person_event(person, "reset_asked", None).await?;
            tx.letter_with_link("password_reset", event, person, About::default(), link.letter())
                .await
        })
        .await
    }

    /// A link that still works, without using it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open_link(
        &self,
        kind: LinkKind,
        token_hash: &str,
        now: Instant,
    ) -> Result<Option<OpenLink>, Error> {
        let row = self
            .row::<LinkRow>(
                "SELECT l.person_id, p.name, l.email, l.keep, l.issued_by FROM links l \
                 JOIN people p ON p.id = l.person_id \
                 WHERE l.token_hash = $1 AND l.kind = $2 AND l.expires_at > $3 AND p.locked_at IS NULL",
                [token_hash.into(), kind.as_str().into(), now.0.into()],
            )
            .await?;
        Ok(row.map(|row| OpenLink {
            person: PersonId(row.person_id),
            person_name: row.name,
            email: row.email,
            keep: row.keep,
            was_issued: row.issued_by.is_some(),
        }))
    }

    /// A right password begins a sign-in that waits for its code.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn begin_step(
        &self,
        act: &Act,
        person: PersonId,
        token_hash: &str,
        keep: bool,
    ) -> Result<(), Error> {
        self.write(act, async |tx| -> Result<(), Error> {
            tx.forget_links(person, &[LinkKind::Step]).await?;
            tx.insert(links::Model {
                token_hash: token_hash.to_owned(),
                kind: LinkKind::Step.as_str().to_owned(),
                person_id: person.0,
                email: None,
                keep,
                issued_by: None,
                created_at: tx.now().0,
                expires_at: tx.now().plus_seconds(STEP_SECONDS).0,
            })
            .await
        })
        .await
    }

    /// Ends a sign-in that waited for its code.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_step(&self, act: &Act, token_hash: &str) -> Result<(), Error> {
        self.write(act, async |tx| -> Result<(), Error> {
            tx.use_link(LinkKind::Step, token_hash).await?;
            Ok(())
        })
        .await
    }
}

impl Tx {
    /// Makes a link; older ones of its kind are void. Those whose time is up go too.
    pub(super) async fn open_link(
        &self,
        kind: LinkKind,
        person: PersonId,
        link: &NewLink,
        seconds: i64,
        email: Option<String>,
    ) -> Result<(), Error> {
        self.exec(
            "DELETE FROM links WHERE expires_at <= $1",
            [self.now().0.into()],
        )
        .await?;
        self.forget_links(person, &[kind]).await?;
        self.insert(links::Model {
            token_hash: link.token_hash.clone(),
            kind: kind.as_str().to_owned(),
            person_id: person.0,
            email,
            keep: false,
            issued_by: self.act.person.filter(|by| *by != person).map(Uuid::from),
            created_at: self.now().0,
            expires_at: self.now().plus_seconds(seconds).0,
        })
        .await
    }

    /// Where a letter to a former address goes, for as long as it may take to leave.
    pub(super) async fn former_address(
        &self,
        person: PersonId,
        email: String,
    ) -> Result<LetterLink, Error> {
        let link = NewLink {
            seed: String::new(),
            token_hash: format!("former-{}", self.new_id()),
        };
        self.open_link(LinkKind::Former, person, &link, FORMER_SECONDS, Some(email))
            .await?;
        Ok(link.letter())
    }

    /// Voids a person's links of these kinds.
    pub(crate) async fn forget_links(
        &self,
        person: PersonId,
        kinds: &[LinkKind],
    ) -> Result<(), Error> {
        for kind in kinds {
            self.exec(
                "DELETE FROM links WHERE person_id = $1 AND kind = $2",
                [person.0.into(), kind.as_str().into()],
            )
            .await?;
        }
        Ok(())
    }

    /// Takes a link that still works off the table; `None` when somebody did before, or its time is up.
    pub(super) async fn use_link(
        &self,
        kind: LinkKind,
        token_hash: &str,
    ) -> Result<Option<Used>, Error> {
        self.row(
            "DELETE FROM links WHERE token_hash = $1 AND kind = $2 AND expires_at > $3 \
             AND EXISTS (SELECT 1 FROM people p WHERE p.id = links.person_id AND p.locked_at IS NULL) \
             RETURNING person_id, email, issued_by",
            [
                token_hash.into(),
                kind.as_str().into(),
                self.now().0.into(),
            ],
        )
        .await
    }

    /// Something happened to a person's account.
    pub(super) async fn person_event(
        &self,
        person: PersonId,
        kind: &str,
        data: Option<String>,
    ) -> Result<domain::ids::EventId, Error> {
        self.event(Event {
            subject_kind: "person",
            subject_id: person.0,
            kind,
            data,
            ..Event::default()
        })
        .await
    }
}
