//! What an organisation says of itself beside its name.

use domain::identifiers::Checked;
use domain::ids::OrganisationId;
use domain::money::Rupiah;
use sea_orm::Value;

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
}
