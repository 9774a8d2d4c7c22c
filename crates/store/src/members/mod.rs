//! Members of a cooperative: applications, the manager's answer, leaving, and the register of members.
//!
//! Phone numbers leave this module with their last four digits only (DOMAIN P-2).

mod decide;
mod register;

pub use decide::{MembershipDecision, MembershipError};
pub(crate) use register::like;
pub use register::{
    CooperativeToJoin, MemberCertificate, MemberCount, MemberFilter, MemberProduct, MemberRow,
    MemberSupplier, MemberView, OwnMembership, PastEvent,
};
