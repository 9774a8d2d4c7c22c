//! Arguments of page functions that only the right person has: a handler that takes a [`Seller`] can't run for a
//! visitor. The table of routes asks the same question before, by [`acting_as`].

use domain::{
    accounts::Role,
    ids::{OrganisationId, PersonId},
};

use crate::{ctx::Ctx, error::Error, handler::FromVisit};

/// Somebody is signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedIn {
    pub person: PersonId,
}

impl FromVisit for SignedIn {
    fn from_visit(ctx: &Ctx) -> Result<Self, Error> {
        let visitor = ctx.visitor().ok_or(Error::Forbidden)?;
        Ok(Self {
            person: visitor.person,
        })
    }
}

/// Makes an argument type that only people with one of its roles in the acting organisation have.
macro_rules! roles {
    ($($(#[$doc:meta])* $name:ident: [$($role:ident),*];)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name {
            pub person: PersonId,
            pub organisation: OrganisationId,
        }

        impl $name {
            /// For the row of a route: `Access::Roles(Seller::ROLES)`.
            pub const ROLES: &'static [Role] = &[$(Role::$role),*];
        }

        impl FromVisit for $name {
            fn from_visit(ctx: &Ctx) -> Result<Self, Error> {
                let (person, organisation) = acting_as(ctx, Self::ROLES)?;
                Ok(Self { person, organisation })
            }
        }
    )*};
}

roles! {
    /// The owner of an UMKM.
    Seller: [UmkmOwner];
    /// The manager of a cooperative.
    Manager: [CoopManager];
    /// Whoever may look at a cooperative's work.
    CoopReader: [CoopManager, CoopBoard, CoopSupervisor, CoopTreasurer];
    /// Whoever buys for a buyer.
    Buyer: [BuyerStaff, BuyerApprover];
    /// Whoever approves what a buyer's staff chose.
    Approver: [BuyerApprover];
    /// The platform's administrator.
    Admin: [PlatformAdmin];
    /// Whoever gives and takes roles in an organisation (`Role::manages_people`).
    PeopleManager: [UmkmOwner, CoopManager, BuyerApprover, PlatformAdmin];
    /// Observer of a region's cooperative office.
    Observer: [DinasObserver];
}

/// The check behind [`crate::routes::Access::Roles`] and the argument types.
pub(crate) fn acting_as(ctx: &Ctx, roles: &[Role]) -> Result<(PersonId, OrganisationId), Error> {
    let visitor = ctx.visitor().ok_or(Error::Forbidden)?;
    let acting = visitor.acting.as_ref().ok_or(Error::Forbidden)?;
    if !acting.roles.iter().any(|role| roles.contains(role)) {
        return Err(Error::Forbidden);
    }
    if !acting.may_act() {
        return Err(Error::Unverified);
    }
    Ok((visitor.person, acting.organisation))
}
