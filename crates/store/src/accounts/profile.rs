//! What an organisation says of itself beside its name, and people who join one that exists.

use domain::accounts::Role;
use domain::identifiers::Checked;
use domain::ids::{OrganisationId, PersonId};
use domain::money::Rupiah;
use sea_orm::Value;
use serde_json::json;

use super::NewPerson;
use crate::Act;
use crate::Store;
use crate::error::Error;
use crate::events::Event;
use crate::sql::Sql;

/// The facts of an organisation that documents, taxes and rules look at. `None` leaves a fact as it is.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    pub address: Option<String>,
    pub village: Option<String>,
    pub postal_code: Option<String>,
    pub phone: Option<String>,
    pub nib: Option<String>,
    pub npwp: Option<String>,
    pub is_pkp: Option<bool>,
    /// `producer`, `marketing`, …
    pub coop_kind: Option<String>,
    /// `outright` or `consignment`.
    pub supply_model: Option<String>,
    /// The sharing rule that new offers begin with.
    pub default_rule: Option<String>,
    /// What a buyer's staff may order alone, with tax and freight.
    pub staff_limit: Option<Rupiah>,
    /// `net30`, `dp50`, …
    pub payment_term: Option<String>,
}

/// What an organisation says of itself, as its own people read and change it.
#[derive(Clone, Debug, sea_orm::FromQueryResult)]
pub struct OwnProfile {
    pub name: String,
    pub region_code: String,
    pub address: Option<String>,
    pub village: Option<String>,
    pub postal_code: Option<String>,
    pub phone: Option<String>,
    pub nib: Option<String>,
    pub npwp: Option<String>,
    pub is_pkp: bool,
}

/// The facts as they are to be; `None` takes one away.
#[derive(Clone, Debug)]
pub struct NewProfile {
    pub region_code: String,
    pub address: Option<String>,
    pub village: Option<String>,
    pub postal_code: Option<String>,
    pub phone: Option<String>,
    pub nib: Option<Spelt>,
    pub npwp: Option<Spelt>,
    pub is_pkp: bool,
}

/// A number from the state, both ways it is kept (DOMAIN §3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spelt {
    /// As somebody typed it, without spaces around it.
    pub typed: String,
    /// The one spelling to compare and search.
    pub normalised: String,
}

impl From<Checked> for Spelt {
    fn from(checked: Checked) -> Self {
        Self {
            typed: checked.value,
            normalised: checked.normalised,
        }
    }
}

fn normalised(spelt: &Option<Spelt>) -> Value {
    spelt.as_ref().map(|spelt| spelt.normalised.clone()).into()
}

fn typed(spelt: &Option<Spelt>) -> Value {
    spelt.as_ref().map(|spelt| spelt.typed.clone()).into()
}

impl Store {
    /// # Errors
    /// [`Error::NotFound`]; when the database fails.
    pub async fn own_profile(&self, organisation: OrganisationId) -> Result<OwnProfile, Error> {
        self.row(
            "SELECT name, region_code, address, village, postal_code, phone, nib, npwp, is_pkp FROM organisations \
             WHERE id = $1",
            [organisation.0.into()],
        )
        .await?
        .ok_or(Error::NotFound)
    }

    /// Writes an organisation's facts, all of them.
    ///
    /// # Errors
    /// [`Error::NotFound`]; when the database fails.
    pub async fn save_profile(
        &self,
        act: &Act,
        organisation: OrganisationId,
        profile: &NewProfile,
    ) -> Result<(), Error> {
        self.write(act, async |tx| -> Result<(), Error> {
            let changed = tx
                .exec(
                    "UPDATE organisations SET region_code = $2, address = $3, village = $4, postal_code = $5, \
                     phone = $6, nib = $7, npwp = $8, is_pkp = $9, nib_typed = $10, npwp_typed = $11, \
                     version = version + 1 WHERE id = $1",
                    [
                        organisation.0.into(),
                        profile.region_code.clone().into(),
                        profile.address.clone().into(),
                        profile.village.clone().into(),
                        profile.postal_code.clone().into(),
                        profile.phone.clone().into(),
                        normalised(&profile.nib),
                        normalised(&profile.npwp),
                        profile.is_pkp.into(),
                        typed(&profile.nib),
                        typed(&profile.npwp),
                    ],
                )
                .await?;
            if changed == 0 {
                return Err(Error::NotFound);
            }
            tx.event(Event {
                subject_kind: "organisation",
                subject_id: organisation.0,
                kind: "profile_changed",
                ..Event::default()
            })
            .await?;
            Ok(())
        })
        .await
    }

    /// Writes the facts that are given into the organisation's row, with an event that names them.
    ///
    /// # Errors
    /// When there is no such organisation, a value is outside what the database allows, or it fails.
    pub async fn set_profile(
        &self,
        act: &Act,
        organisation: OrganisationId,
        profile: &Profile,
    ) -> Result<(), Error> {
        self.write(act, async |tx| -> Result<(), Error> {
            let changed = tx
                .exec(
                    "UPDATE organisations SET address = COALESCE($2, address), village = COALESCE($3, village), \
                     postal_code = COALESCE($4, postal_code), phone = COALESCE($5, phone), nib = COALESCE($6, nib), \
                     nib_typed = COALESCE($6, nib_typed), npwp_typed = COALESCE($7, npwp_typed), \
                     npwp = COALESCE($7, npwp), is_pkp = COALESCE($8, is_pkp), coop_kind = COALESCE($9, coop_kind), \
                     supply_model = COALESCE($10, supply_model), default_rule = COALESCE($11, default_rule), \
                     staff_limit_rupiah = COALESCE($12, staff_limit_rupiah), \
                     payment_term = COALESCE($13, payment_term), version = version + 1 WHERE id = $1",
                    [
                        organisation.0.into(),
                        profile.address.clone().into(),
                        profile.village.clone().into(),
                        profile.postal_code.clone().into(),
                        profile.phone.clone().into(),
                        profile.nib.clone().into(),
                        profile.npwp.clone().into(),
                        profile.is_pkp.into(),
                        profile.coop_kind.clone().into(),
                        profile.supply_model.clone().into(),
                        profile.default_rule.clone().into(),
                        profile.staff_limit.map(|limit| limit.0).into(),
                        profile.payment_term.clone().into(),
                    ],
                )
                .await?;
            if changed == 0 {
                return Err(Error::NotFound);
            }
            tx.event(Event {
                subject_kind: "organisation",
                subject_id: organisation.0,
                kind: "profile_changed",
                ..Event::default()
            })
            .await?;
            Ok(())
        })
        .await
    }

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
}

impl Store {
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
