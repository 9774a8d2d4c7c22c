//! People, organisations and roles; sessions; registration; verification; the counters that protect people.
//!
//! Start at `Store::visitor`, which every request asks. Passwords come here only as their hashes.

mod acceptance;
mod counters;
mod credentials;
mod invitations;
mod links;
mod people;
mod profile;
mod register;
mod second_step;
mod sessions;
mod set_up;
mod verification;

pub use acceptance::{Acceptance, InvitationError, OpenInvitation, Supplier};
pub use counters::Tries;
pub use credentials::{Credentials, Device, Taken};
pub use invitations::{INVITATIONS_PAGE, Invitation, InvitationState, NewInvitation, Ownerless};
pub use links::{LinkKind, NewLink, OpenLink, RESET_JOB, RESET_SECONDS, ResetAsked, STEP_SECONDS};
pub use people::{IssueError, RevokeError, RoleHolder};
pub use profile::{NewProfile, OwnProfile, Profile, Spelt};
pub use register::{Joining, NewOrganisation, NewPerson, Registered};
pub use second_step::SecondStep;
pub use sessions::{Belonging, Candidate, NewSession, Visitor};
pub use verification::{APPLICANT_ROWS, Applicant, ApplicantFilter, Decision, VerifyError};
