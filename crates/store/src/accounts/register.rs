//! Joining: a person, an organisation and the first role, in one deed.

use domain::{
    accounts::{BuyerKind, OrganisationKind, Role, Verification},
    identifiers::Login,
    ids::{OrganisationId, PersonId},
    names::slug,
};
use sea_orm::FromQueryResult;
use serde_json::json;
use uuid::Uuid;

use super::links::NewLink;
use crate::{
    Act, Error, Store,
    entities::{organisations, people, roles},
    events::Event,
    letters::About,
    sql::Sql,
    write::Tx,
};

/// A person who joins.
#[derive(Clone, Debug)]
pub struct NewPerson {
    pub name: String,
    pub login: Login,
    pub password_hash: String,
    /// `id` or `en`.
    pub lang: String,
}

/// What goes with joining through the page.
#[derive(Clone, Debug, Default)]
pub struct Joining {
    /// The version of terms and privacy page that the person agreed to.
    pub consented_to: Option<i32>,
    /// Sent to the person's address, to confirm it.
    pub confirm: Option<NewLink>,
}

/// The organisation that joins with the person.
#[derive(Clone, Debug)]
pub struct NewOrganisation {
    pub kind: OrganisationKind,
    pub name: String,
    /// Code of a regency or city.
    pub region_code: String,
    pub buyer_kind: Option<BuyerKind>,
}

/// What came of it. The page says the same either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registered {
    New {
        person: PersonId,
        organisation: OrganisationId,
    },
    /// The sign-in name is somebody's already; that person gets a letter, nothing else changes.
    Known(PersonId),
}

#[derive(FromQueryResult)]
struct IdRow {
    id: Uuid,
}

/// How often a race for a slug or sign-in name is run again.
const RACES_MAX: u32 = 4;

impl Store {
    /// Makes person, organisation and first role, or tells the person who has that sign-in name already.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn register(
        &self,
        act: &Act,
        person: &NewPerson,
        organisation: &NewOrganisation,
    ) -> Result<Registered, Error> {
        self.join(act, person, organisation, &Joining::default())
            .await
    }

    /// As [`Store::register`], with the person's consent and a letter that confirms the address.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn join(
        &self,
        act: &Act,
        person: &NewPerson,
        organisation: &NewOrganisation,
        joining: &Joining,
    ) -> Result<Registered, Error> {
        let mut races = 0;
        loop {
            races += 1;
            let outcome = self
                .write(act, async |tx| -> Result<Registered, Error> {
                    tx.register(person, organisation, joining).await
                })
                .await;
            match outcome {
                // Somebody took the name between our look and our row: look again.
                Err(error) if error.is_unique_violation() && races < RACES_MAX => {}
                other => return other,
            }
        }
    }
}

impl Store {
    /// Gives a person a role in an organisation, from now on. Having it already is no error.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn grant(
        &self,
        act: &Act,
        person: PersonId,
        organisation: OrganisationId,
        role: Role,
    ) -> Result<(), Error> {
        self.write(act, async |tx| -> Result<(), Error> {
            tx.grant_role(person, organisation, role).await
        })
        .await
    }
}

impl Tx {
    pub(crate) async fn register(
        &self,
        person: &NewPerson,
        organisation: &NewOrganisation,
        joining: &Joining,
    ) -> Result<Registered, Error> {
        let column = match person.login {
            Login::Email(_) => "email_key",
            Login::Phone(_) => "phone",
        };
        let known = self
            .row::<IdRow>(
                format!("SELECT id FROM people WHERE {column} = $1"),
                [person.login.key().into()],
            )
            .await?;
        if let Some(known) = known {
            if person.login.email().is_some() {
                self.letter_already_registered(PersonId(known.id)).await?;
            }
            return Ok(Registered::Known(PersonId(known.id)));
        }
        let person_id = self.new_person(person, joining.consented_to).await?.0;
        let organisation_id = self.new_organisation(organisation, &person.login).await?;
        self.insert(roles::Model {
            person_id,
            organisation_id: organisation_id.0,
            role: organisation.kind.first_role().as_str().to_owned(),
            since: self.now().0,
            until: None,
        })
        .await?;
        let event = self
            .event(Event {
                subject_kind: "organisation",
                subject_id: organisation_id.0,
                kind: "organisation_registered",
                to_state: Some(first_state(organisation.kind).as_str()),
                data: Some(json!({ "person": person_id }).to_string()),
                ..Event::default()
            })
            .await?;
        if person.login.email().is_some() {
            let about = About::organisation(organisation_id);
            self.letter("welcome", event, PersonId(person_id), about)
                .await?;
        }
        if let (Some(email), Some(link)) = (person.login.email(), &joining.confirm) {
            self.confirm_address(PersonId(person_id), email, link, event)
                .await?;
        }
        Ok(Registered::New {
            person: PersonId(person_id),
            organisation: organisation_id,
        })
    }

    /// The row of a person who joins; the number, if there is one, is only claimed.
    pub(super) async fn new_person(
        &self,
        person: &NewPerson,
        consented_to: Option<i32>,
    ) -> Result<PersonId, Error> {
        let id = self.new_id();
        self.insert(people::Model {
            id,
            name: person.name.clone(),
            email: person.login.email().map(str::to_owned),
            email_key: person.login.email().map(|_| person.login.key()),
            phone: person.login.phone().map(str::to_owned),
            phone_confirmed: false,
            password_hash: Some(person.password_hash.clone()),
            lang: Some(person.lang.clone()),
            created_at: self.now().0,
            locked_at: None,
            email_confirmed: false,
            consented_at: consented_to.map(|_| self.now().0),
            consented_to,
            reset_issued_at: None,
            reset_issued_by: None,
            step_seed: None,
            step_since: None,
            step_last: None,
        })
        .await?;
        Ok(PersonId(id))
    }

    pub(super) async fn new_organisation(
        &self,
        organisation: &NewOrganisation,
        login: &Login,
    ) -> Result<OrganisationId, Error> {
        let id = self.new_id();
        self.insert(organisations::Model {
            id,
            kind: organisation.kind.as_str().to_owned(),
            name: organisation.name.clone(),
            slug: self.free_slug(&organisation.name).await?,
            code: None,
            region_code: organisation.region_code.clone(),
            village: None,
            address: None,
            postal_code: None,
            phone: login.phone().map(str::to_owned),
            email: login.email().map(str::to_owned),
            nib: None,
            npwp: None,
            nib_typed: None,
            npwp_typed: None,
            is_pkp: false,
            coop_kind: None,
            buyer_kind: organisation.buyer_kind.map(|kind| kind.as_str().to_owned()),
            supply_model: None,
            default_rule: None,
            staff_limit_rupiah: None,
            payment_term: None,
            verification: first_state(organisation.kind).as_str().to_owned(),
            verification_note: None,
            verified_at: None,
            verified_by: None,
            created_at: self.now().0,
            version: 1,
        })
        .await?;
        Ok(OrganisationId(id))
    }

    /// The readable part of the address, with a number where the name is taken.
    async fn free_slug(&self, name: &str) -> Result<String, Error> {
        let slug = slug(name);
        let mut number = 1;
        loop {
            let candidate = match number {
                1 => slug.clone(),
                n => format!("{slug}-{n}"),
            };
            let taken = self
                .number(
                    "SELECT COUNT(*) FROM organisations WHERE slug = $1",
                    [candidate.clone().into()],
                )
                .await?;
            if taken == 0 {
                return Ok(candidate);
            }
            number += 1;
        }
    }
}

fn first_state(kind: OrganisationKind) -> Verification {
    if kind.needs_verification() {
        Verification::Submitted
    } else {
        Verification::Unverified
    }
}
