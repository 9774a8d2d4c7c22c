//! People, organisations and roles: the fixed words, the password rule and the registration commands.
//!
//! Hashing, sessions and who may open which page are not here. Start at [`Role`] and [`RegisterUmkm`].

mod invitations;
mod passwords;
mod register;

pub use invitations::{INVITED_MAX, Invited, invited};
pub use passwords::{Password, password};
pub use register::{NAME_CHARS, RegisterBuyer, RegisterCooperative, RegisterUmkm, region};

use crate::{coded::coded, problem::Problem};

coded! {
    /// What an organisation is; it never changes.
    pub enum OrganisationKind {
        Umkm = "umkm",
        Cooperative = "cooperative",
        Buyer = "buyer",
        /// A regional cooperative office (Dinas).
        Agency = "agency",
        /// The operator of this site.
        Platform = "platform",
    }
}

coded! {
    /// What a person may do in one organisation (DOMAIN §2). A person may hold several.
    pub enum Role {
        UmkmOwner = "umkm_owner",
        CoopManager = "coop_manager",
        CoopBoard = "coop_board",
        CoopSupervisor = "coop_supervisor",
        CoopTreasurer = "coop_treasurer",
        BuyerStaff = "buyer_staff",
        BuyerApprover = "buyer_approver",
        PlatformAdmin = "platform_admin",
        DinasObserver = "dinas_observer",
    }
}

impl Role {
    /// The only kind of organisation in which this role exists.
    #[must_use]
    pub const fn kind(self) -> OrganisationKind {
        match self {
            Self::UmkmOwner => OrganisationKind::Umkm,
            Self::CoopManager | Self::CoopBoard | Self::CoopSupervisor | Self::CoopTreasurer => {
                OrganisationKind::Cooperative
            }
            Self::BuyerStaff | Self::BuyerApprover => OrganisationKind::Buyer,
            Self::PlatformAdmin => OrganisationKind::Platform,
            Self::DinasObserver => OrganisationKind::Agency,
        }
    }
}

impl OrganisationKind {
    /// The role of the person who registers such an organisation; agencies and the platform are made by hand.
    #[must_use]
    pub const fn first_role(self) -> Role {
        match self {
            Self::Umkm => Role::UmkmOwner,
            Self::Cooperative => Role::CoopManager,
            Self::Buyer => Role::BuyerApprover,
            Self::Agency => Role::DinasObserver,
            Self::Platform => Role::PlatformAdmin,
        }
    }

    /// Whether the platform administrator verifies it before it may trade.
    #[must_use]
    pub const fn needs_verification(self) -> bool {
        matches!(self, Self::Cooperative | Self::Buyer)
    }
}

coded! {
    /// What a buyer does with the goods (DOMAIN §1, `buyer_kind`).
    pub enum BuyerKind {
        Offtaker = "offtaker",
        Retailer = "retailer",
        Exporter = "exporter",
        Institution = "institution",
        Government = "government",
        Soe = "soe",
        Horeca = "horeca",
        Processor = "processor",
    }
}

coded! {
    /// How far the platform administrator has got with an organisation.
    pub enum Verification {
        Unverified = "unverified",
        Submitted = "submitted",
        Verified = "verified",
        Rejected = "rejected",
    }
}

/// The short code of a cooperative in its document numbers: 2 to 6 letters, in capitals (DESIGN, Numbers).
///
/// # Errors
/// `error-required`, `error-cooperative-code`.
pub fn cooperative_code(raw: &str) -> Result<String, Problem> {
    let text = raw.trim();
    if text.is_empty() {
        return Err(Problem::required());
    }
    if !(2..=6).contains(&text.len()) || !text.bytes().all(|b| b.is_ascii_alphabetic()) {
        return Err(Problem::new("error-cooperative-code"));
    }
    Ok(text.to_ascii_uppercase())
}

pub use crate::names::slug;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_names_its_variant_again() {
        for role in Role::ALL {
            assert_eq!(role.as_str().parse(), Ok(*role));
            let json = serde_json::to_string(role).unwrap();
            assert_eq!(json, format!("\"{role}\""));
            assert_eq!(serde_json::from_str::<Role>(&json).unwrap(), *role);
        }
        for kind in OrganisationKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(*kind));
            assert_eq!(kind.first_role().kind(), *kind);
        }
        for kind in BuyerKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(*kind));
        }
        for state in Verification::ALL {
            assert_eq!(state.as_str().parse(), Ok(*state));
        }
        assert_eq!((Role::ALL.len(), BuyerKind::ALL.len()), (9, 8));
        for unknown in ["", "admin", "Umkm_Owner", " umkm_owner", "platform_admin\0"] {
            assert!(unknown.parse::<Role>().is_err(), "{unknown:?}");
        }
    }

    #[test]
    fn cooperatives_and_buyers_are_verified_first() {
        let verified: Vec<_> = OrganisationKind::ALL
            .iter()
            .filter(|kind| kind.needs_verification())
            .collect();
        assert_eq!(
            verified,
            [&OrganisationKind::Cooperative, &OrganisationKind::Buyer]
        );
    }

    #[test]
    fn a_cooperatives_code_has_two_to_six_letters() {
        assert_eq!(cooperative_code(" rar ").as_deref(), Ok("RAR"));
        assert_eq!(cooperative_code("AB").as_deref(), Ok("AB"));
        assert_eq!(cooperative_code("ABCDEF").as_deref(), Ok("ABCDEF"));
        for refused in ["A", "ABCDEFG", "K1", "A B", "A-B", "É", "ＡＢ"] {
            let code = cooperative_code(refused).map_err(|p| p.code);
            assert_eq!(code, Err("error-cooperative-code"), "{refused}");
        }
        assert_eq!(cooperative_code(" "), Err(Problem::required()));
    }
}
