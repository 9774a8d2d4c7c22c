//! What differs between the kinds of lists: their owner, their path, their words, what a person may choose.

use domain::{
    ids::OrganisationId,
    imports::{Field, ImportKind, Mapping, first_guess},
    listings, registers,
};

/// Whose list of which kind is on the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Desk {
    pub kind: ImportKind,
    pub owner: OrganisationId,
}

impl Desk {
    pub(super) fn listings(owner: OrganisationId) -> Self {
        let kind = ImportKind::Listings;
        Self { kind, owner }
    }

    pub(super) fn members(owner: OrganisationId) -> Self {
        let kind = ImportKind::Members;
        Self { kind, owner }
    }

    pub(super) fn is_listings(self) -> bool {
        self.kind == ImportKind::Listings
    }

    /// Where its pages are.
    pub(super) fn base(self) -> &'static str {
        match self.kind {
            ImportKind::Listings => "/products/imports",
            ImportKind::Members => "/members/imports",
        }
    }

    /// The list that it fills.
    pub(super) fn home(self) -> &'static str {
        match self.kind {
            ImportKind::Listings => "/products",
            ImportKind::Members => "/members",
        }
    }

    /// The string key for this kind.
    pub(super) fn key(self, listings: &'static str, members: &'static str) -> &'static str {
        match self.kind {
            ImportKind::Listings => listings,
            ImportKind::Members => members,
        }
    }

    /// What a column can fill: its code in forms and the string key of its name.
    pub(super) fn fields(self) -> Vec<(&'static str, &'static str)> {
        use listings::Field as L;
        use registers::Field as R;
        match self.kind {
            ImportKind::Listings => L::ALL
                .iter()
                .map(|field| {
                    let key = match field {
                        L::Name => "imports-field-name",
                        L::Price => "imports-field-price",
                        L::Unit => "imports-field-unit",
                        L::Stock => "imports-field-stock",
                        L::Content => "imports-field-content",
                        L::PacksPerCarton => "imports-field-carton",
                        L::Description => "imports-field-description",
                        L::Grade => "imports-field-grade",
                        L::Category => "imports-field-category",
                        L::Seller => "imports-field-seller",
                        L::Origin => "imports-field-origin",
                    };
                    (field.as_str(), key)
                })
                .collect(),
            ImportKind::Members => R::ALL
                .iter()
                .map(|field| {
                    let key = match field {
                        R::Number => "imports-field-number",
                        R::Name => "imports-field-member",
                        R::Phone => "imports-field-phone",
                        R::Email => "imports-field-email",
                        R::Village => "imports-field-village",
                        R::Region => "imports-field-region",
                        R::Joined => "imports-field-joined",
                        R::Status => "imports-field-status",
                        R::Principal => "imports-field-principal",
                        R::Mandatory => "imports-field-mandatory",
                        R::Voluntary => "imports-field-voluntary",
                    };
                    (field.as_str(), key)
                })
                .collect(),
        }
    }

    /// The columns as they would be guessed.
    pub(super) fn guess(self, headers: &[String]) -> Mapping {
        match self.kind {
            ImportKind::Listings => first_guess::<listings::Field>(headers),
            ImportKind::Members => first_guess::<registers::Field>(headers),
        }
    }

    /// The field without which there is no list.
    pub(super) fn needed(self) -> &'static str {
        listings::Field::Name.code()
    }
}
