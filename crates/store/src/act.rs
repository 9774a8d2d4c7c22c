//! Who does something, when, and for whom. Every deed is given one.

use domain::ids::{OrganisationId, PersonId};
use domain::time::Instant;

/// The circumstances of a deed: they end up in its event rows.
#[derive(Clone, Copy, Debug)]
pub struct Act {
    pub now: Instant,
    /// `None` for timed jobs.
    pub person: Option<PersonId>,
    /// The organisation the person acts for.
    pub organisation: Option<OrganisationId>,
    /// Set when a manager acts on a member's behalf; marked and shown to the member.
    pub on_behalf_of: Option<OrganisationId>,
}

impl Act {
    /// A timed job acts: nobody in particular.
    #[must_use]
    pub fn system(now: Instant) -> Self {
        Self {
            now,
            person: None,
            organisation: None,
            on_behalf_of: None,
        }
    }

    #[must_use]
    pub fn by(now: Instant, person: PersonId, organisation: OrganisationId) -> Self {
        Self {
            now,
            person: Some(person),
            organisation: Some(organisation),
            on_behalf_of: None,
        }
    }

    #[must_use]
    pub fn on_behalf_of(self, member: OrganisationId) -> Self {
        Self {
            on_behalf_of: Some(member),
            ..self
        }
    }
}
