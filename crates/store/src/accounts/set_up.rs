//! What commands and the demo ask and do before anybody signs in: people who join an organisation that exists, the
//! platform's own organisation, whether there is anything yet.

use domain::accounts::Role;
use domain::ids::{OrganisationId, PersonId};
use serde_json::json;

use super::NewPerson;
use crate::Act;
use crate::Store;
use crate::error::Error;
use crate::events::Event;
use crate::sql::Sql;

impl Store {
    /// Makes a person and gives them a role in an organisation that exists.
    ///
    /// # Errors
    /// When the sign-in name is taken (a unique violation), the organisation is missing, or the database fails.
    pub async fn enrol(
        &self,
        act: &Act,
        person: &NewPerson,
        organisation: OrganisationId,
        role: Role,
    ) -> Result<PersonId, Error> {
        let id = self
            .write(act, async |tx| -> Result<PersonId, Error> {
                let id = tx.new_person(person, None).await?.0;
                tx.event(Event {
                    subject_kind: "person",
                    subject_id: id,
                    kind: "person_enrolled",
                    data: Some(json!({ "organisation": organisation, "role": role }).to_string()),
                    ..Event::default()
                })
                .await?;
                Ok(PersonId(id))
            })
            .await?;
        self.grant(act, id, organisation, role).await?;
        Ok(id)
    }

    /// Takes a person's address for theirs without a letter: who makes the person knows it, as the demo does.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn vouch_for_email(&self, act: &Act, person: PersonId) -> Result<(), Error> {
        self.write(act, async |tx| -> Result<(), Error> {
            let changed = tx
                .exec(
                    "UPDATE people SET email_confirmed = TRUE WHERE id = $1 AND email IS NOT NULL \
                     AND NOT email_confirmed",
                    [person.0.into()],
                )
                .await?;
            if changed == 1 {
                tx.person_event(person, "email_confirmed", None).await?;
            }
            Ok(())
        })
        .await
    }

    /// The organisation that runs the platform, if it has been made.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn platform(&self) -> Result<Option<OrganisationId>, Error> {
        #[derive(sea_orm::FromQueryResult)]
        struct Row {
            id: uuid::Uuid,
        }
        Ok(self
            .row::<Row>(
                "SELECT id FROM organisations WHERE kind = 'platform' ORDER BY created_at LIMIT 1",
                [],
            )
            .await?
            .map(|row| OrganisationId(row.id)))
    }

    /// Whether nobody and nothing is in the database yet.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn is_empty(&self) -> Result<bool, Error> {
        Ok(self.number("SELECT COUNT(*) FROM people", []).await? == 0
            && self
                .number("SELECT COUNT(*) FROM organisations", [])
                .await?
                == 0)
    }

    /// The business that a person owns, found by their sign-in name; for commands.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn owner_by_login(
        &self,
        login: &domain::identifiers::Login,
    ) -> Result<Option<(PersonId, OrganisationId)>, Error> {
        #[derive(sea_orm::FromQueryResult)]
        struct Row {
            person_id: uuid::Uuid,
            organisation_id: uuid::Uuid,
        }
        let column = if login.email().is_some() {
            "email_key"
        } else {
            "phone"
        };
        Ok(self
            .row::<Row>(
                format!(
                    "SELECT r.person_id, r.organisation_id FROM people p JOIN roles r ON r.person_id = p.id \
                     AND r.until IS NULL AND r.role = 'umkm_owner' WHERE p.{column} = $1 ORDER BY r.since LIMIT 1"
                ),
                [login.key().into()],
            )
            .await?
            .map(|row| (PersonId(row.person_id), OrganisationId(row.organisation_id))))
    }
}
