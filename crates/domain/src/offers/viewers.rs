//! Who may see what: every viewer has tokens, everything hidden has the tokens that show it (DESIGN "Search").

use crate::{coded::coded, ids::OrganisationId};

coded! {
    /// Who may see an offer's prices. A hidden price is not sent at all (DESIGN "Price").
    pub enum PriceVisibility {
        Public = "public",
        /// Whoever is signed in.
        Registered = "registered",
        /// Organisations that the platform has verified.
        Verified = "verified",
        /// The buyers named in the catalog.
        Buyers = "buyers",
    }
}

/// Who is looking. Everything a viewer may see is decided by its [`tokens`](Viewer::tokens), in pages and in search.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Viewer {
    pub signed_in: bool,
    /// The acting organisation is verified.
    pub verified: bool,
    /// The acting organisation, when it buys.
    pub buyer: Option<OrganisationId>,
}

/// The token of everybody.
pub const PUBLIC: &str = "public";
/// The token of whoever is signed in.
pub const REGISTERED: &str = "registered";
/// The token of verified organisations.
pub const VERIFIED: &str = "verified";

/// The token of one named buyer.
#[must_use]
pub fn buyer_token(buyer: OrganisationId) -> String {
    format!("buyer:{buyer}")
}

impl Viewer {
    pub const ANONYMOUS: Self = Self {
        signed_in: false,
        verified: false,
        buyer: None,
    };

    /// `public`, then `registered`, `verified`, `buyer:<id>` as far as they apply (DESIGN "Search").
    #[must_use]
    pub fn tokens(&self) -> Vec<String> {
        let mut tokens = vec![PUBLIC.to_owned()];
        if self.signed_in {
            tokens.push(REGISTERED.to_owned());
            if self.verified {
                tokens.push(VERIFIED.to_owned());
            }
            tokens.extend(self.buyer.map(buyer_token));
        }
        tokens
    }

    /// Whether one of its tokens is among `needed`.
    #[must_use]
    pub fn may_see(&self, needed: &[String]) -> bool {
        self.tokens().iter().any(|token| needed.contains(token))
    }
}

impl PriceVisibility {
    /// The tokens that show the price; `buyers` are those named in the catalog.
    #[must_use]
    pub fn tokens(self, buyers: &[OrganisationId]) -> Vec<String> {
        match self {
            Self::Public => vec![PUBLIC.to_owned()],
            Self::Registered => vec![REGISTERED.to_owned()],
            Self::Verified => vec![VERIFIED.to_owned()],
            Self::Buyers => buyers.iter().copied().map(buyer_token).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_hidden_price_is_seen_by_those_it_is_meant_for() {
        let (b1, b2) = (
            OrganisationId(Uuid::from_u128(1)),
            OrganisationId(Uuid::from_u128(2)),
        );
        let registered = Viewer {
            signed_in: true,
            ..Viewer::ANONYMOUS
        };
        let verified = Viewer {
            verified: true,
            ..registered
        };
        let buyer = |id| Viewer {
            buyer: Some(id),
            ..verified
        };
        let viewers = [
            Viewer::ANONYMOUS,
            registered,
            verified,
            buyer(b1),
            buyer(b2),
        ];
        for (visibility, seen) in [
            (PriceVisibility::Public, [true, true, true, true, true]),
            (PriceVisibility::Registered, [false, true, true, true, true]),
            (PriceVisibility::Verified, [false, false, true, true, true]),
            (PriceVisibility::Buyers, [false, false, false, true, false]),
        ] {
            let tokens = visibility.tokens(&[b1]);
            assert_eq!(viewers.map(|viewer| viewer.may_see(&tokens)), seen);
        }
        assert!(!buyer(b1).may_see(&PriceVisibility::Buyers.tokens(&[])));
        // Signed out, nothing else counts.
        let odd = Viewer {
            signed_in: false,
            ..buyer(b1)
        };
        assert_eq!(odd.tokens(), [PUBLIC]);
    }
}
