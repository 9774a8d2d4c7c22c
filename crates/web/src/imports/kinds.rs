//! What differs between the kinds of lists: their owner, their path, their words, what a person may choose; and whether a
//! manager brings a member's goods on its behalf.

use domain::{
    ids::OrganisationId,
    imports::{Field, ImportKind, Mapping, first_guess},
    listings, registers,
    time::Zone,
};
use store::Act;

use crate::{
    ctx::{Ctx, Manager},
    error::Error,
    handler::FromVisit,
    products::desk,
};

/// Whose list of which kind is on the desk.
#[derive(Clone, Debug)]
pub(super) struct Desk {
    pub kind: ImportKind,
    pub owner: OrganisationId,
    /// The name of the owner.
    pub name: String,
    /// For deeds: marked when a manager works on a member's behalf.
    pub act: Act,
    /// The name of the member on whose behalf a manager works.
    pub behalf: Option<String>,
    pub zone: Zone,
    /// The list that it fills.
    home: String,
}

impl Desk {
    /// The desk of this visit for goods: one's own, or a member's by its address.
    pub(super) async fn listings(ctx: &Ctx) -> Result<Self, Error> {
        let goods = desk::Desk::of(ctx).await?;
        Ok(Self {
            kind: ImportKind::Listings,
            owner: goods.umkm,
            name: goods.behalf.clone().unwrap_or_else(|| acting(ctx)),
            act: goods.act,
            behalf: goods.behalf,
            zone: goods.zone,
            home: goods.base,
        })
    }

    /// The desk of this visit for a cooperative's register.
    pub(super) async fn members(ctx: &Ctx) -> Result<Self, Error> {
        let manager = Manager::from_visit(ctx)?;
        Ok(Self {
            kind: ImportKind::Members,
            owner: manager.organisation,
            name: acting(ctx),
            act: ctx.act(),
            behalf: None,
            zone: desk::zone(ctx),
            home: "/members".to_owned(),
        })
    }

    /// The cooperative whose lists alone are found here, where it works for the owner.
    pub(super) fn by(&self) -> Option<OrganisationId> {
        self.act.on_behalf_of.and(self.act.organisation)
    }

    pub(super) fn is_listings(&self) -> bool {
        self.kind == ImportKind::Listings
    }

    /// Where its pages are.
    pub(super) fn base(&self) -> String {
        self.home.clone() + "/imports"
    }

    /// The list that it fills.
    pub(super) fn home(&self) -> &str {
        &self.home
    }

    /// The string key for this kind.
    pub(super) fn key(&self, listings: &'static str, members: &'static str) -> &'static str {
        match self.kind {
            ImportKind::Listings => listings,
            ImportKind::Members => members,
        }
    }

    /// What a column can fill: its code in forms and the string key of its name.
    pub(super) fn fields(&self) -> Vec<(&'static str, &'static str)> {
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
    pub(super) fn guess(&self, headers: &[String]) -> Mapping {
        match self.kind {
            ImportKind::Listings => first_guess::<listings::Field>(headers),
            ImportKind::Members => first_guess::<registers::Field>(headers),
        }
    }

    /// The field without which there is no list.
    pub(super) fn needed(&self) -> &'static str {
        listings::Field::Name.code()
    }
}

fn acting(ctx: &Ctx) -> String {
    let name = ctx.acting().map(|acting| acting.name.clone());
    name.unwrap_or_default()
}
