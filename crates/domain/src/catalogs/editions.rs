//! Editions: what a catalog held when it was published, and what changed between two of them.
//!
//! An edition keeps what its readers saw, but for figures that move by the minute (what is free) and for names of
//! businesses, which stand in one row only. Fields that older editions lack read as empty.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Audience, CatalogState, Showing};
use crate::{
    coded::coded,
    ids::{OrganisationId, PhotoId},
    money::Rupiah,
    offers::{OfferState, PriceRow, PriceVisibility, Viewer},
    photos::FileHash,
    products::Grade,
    quantity::Units,
    time::Instant,
};

/// The content of an edition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edition {
    pub title: String,
    pub description: String,
    pub audience: Audience,
    pub buyers: Vec<OrganisationId>,
    pub opens_at: Instant,
    pub closes_at: Option<Instant>,
    /// In the order they were shown; also those that were not live.
    pub offers: Vec<EditionOffer>,
}

/// An offer as an edition keeps it. Words that are coded elsewhere are kept as stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditionOffer {
    pub id: Uuid,
    pub version: i64,
    pub state: OfferState,
    pub title: String,
    pub description: String,
    pub commodity: String,
    pub unit: String,
    pub content_amount: Option<i64>,
    pub content_dimension: Option<String>,
    /// Best first, with commas between.
    pub grades: String,
    pub certificates: String,
    pub carton_name: Option<String>,
    pub packs_per_unit: i64,
    pub minimum_units: i64,
    pub multiple_units: i64,
    pub lead_time_days: i32,
    pub delivery_basis: String,
    pub price_visibility: PriceVisibility,
    /// With what members are paid, which is for the cooperative alone.
    pub prices: Vec<PriceRow>,
    /// The drawn picture of its kind, which stood for it where it had no photo.
    #[serde(default)]
    pub picture: String,
    #[serde(default)]
    pub photo: EditionPhoto,
    /// Its cooperative adds PPN to the price.
    #[serde(default)]
    pub bears_ppn: bool,
    /// Who stood behind it.
    #[serde(default)]
    pub sources: Vec<Source>,
    /// Kinds of permits that all of them had.
    #[serde(default)]
    pub permits: Vec<String>,
    /// Whether whoever looks at this copy may see the prices; not stored.
    #[serde(skip, default = "yes")]
    pub prices_shown: bool,
}

fn yes() -> bool {
    true
}

/// The photo that an edition showed of an offer. Photos and their files are named by their content, so it stays that one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EditionPhoto {
    /// It was stored before editions kept photos.
    #[default]
    Untold,
    /// It had none: the drawn picture was shown.
    Drawn,
    Photo {
        id: PhotoId,
        /// Its JPEG for papers and sheets.
        file: FileHash,
    },
}

impl EditionPhoto {
    #[must_use]
    pub fn id(&self) -> Option<PhotoId> {
        match self {
            Self::Photo { id, .. } => Some(*id),
            Self::Untold | Self::Drawn => None,
        }
    }

    #[must_use]
    pub fn file(&self) -> Option<&FileHash> {
        match self {
            Self::Photo { file, .. } => Some(file),
            Self::Untold | Self::Drawn => None,
        }
    }
}

/// A business behind an offer. Its name is read where it is shown, so that it can be erased in one place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Source {
    pub business: OrganisationId,
    pub place: String,
}

coded! {
    /// A side of an offer that may change without a figure to name.
    pub enum Aspect {
        Name = "name",
        Description = "description",
        /// Unit, content, carton.
        Packing = "packing",
        Grades = "grades",
        Permits = "permits",
        Delivery = "delivery",
        Tax = "tax",
        Businesses = "businesses",
        /// Another photo, or the first one.
        Picture = "picture",
        /// Who may see its price.
        Visibility = "visibility",
    }
}

/// One difference of an offer between two editions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OfferChange {
    /// It can be bought now and could not before.
    Added,
    /// It could be bought before and can't now.
    Removed,
    /// A price per sale unit; `None` where the tier did not exist.
    Price {
        grade: Grade,
        from_units: Units,
        before: Option<Rupiah>,
        after: Option<Rupiah>,
    },
    Minimum {
        before: Units,
        after: Units,
    },
    /// Days from the order to the goods.
    LeadTime {
        before: i32,
        after: i32,
    },
    Aspect(Aspect),
}

/// All differences of one offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedOffer {
    pub id: Uuid,
    pub title: String,
    pub changes: Vec<OfferChange>,
}

/// What differs between two editions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    pub title: bool,
    pub description: bool,
    pub time: bool,
    pub audience: bool,
    pub offers: Vec<ChangedOffer>,
}

impl Changes {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What changed of one offer.
    #[must_use]
    pub fn of(&self, offer: Uuid) -> &[OfferChange] {
        self.offers
            .iter()
            .find(|changed| changed.id == offer)
            .map_or(&[], |changed| &changed.changes)
    }
}

impl EditionOffer {
    /// It could be bought.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.state == OfferState::Live
    }
}

impl Edition {
    /// Whether the viewer may be shown this edition although it may be an old one: it was meant for them, the catalog is
    /// meant for them still, and both have opened. Closing does not take it back; putting the catalog away does.
    #[must_use]
    pub fn shows_to(&self, catalog: &Showing, viewer: &Viewer, now: Instant) -> bool {
        matches!(
            catalog.state,
            CatalogState::Published | CatalogState::Closed
        ) && self.opens_at <= now
            && catalog.opens_at <= now
            && viewer.may_see(&self.audience.tokens(&self.buyers))
            && viewer.may_see(&catalog.audience.tokens(&catalog.buyers))
    }

    /// Takes prices out of this copy that `may_see` does not name: they are gone, not covered up.
    #[must_use]
    pub fn with_prices_for(mut self, may_see: impl Fn(&EditionOffer) -> bool) -> Self {
        for offer in &mut self.offers {
            offer.prices_shown = may_see(offer);
            if !offer.prices_shown {
                offer.prices.clear();
            }
        }
        self
    }

    /// Whether nobody who could read this edition would read anything else in `after`: it need not be kept again.
    #[must_use]
    pub fn reads_like(&self, after: &Self) -> bool {
        let order = |edition: &Self| -> Vec<Uuid> {
            let live = edition.offers.iter().filter(|offer| offer.is_live());
            live.map(|offer| offer.id).collect()
        };
        self.changes(after).is_empty() && order(self) == order(after)
    }

    /// What is different in `after`. Prices are compared where both copies show them.
    #[must_use]
    pub fn changes(&self, after: &Self) -> Changes {
        let mut offers = Vec::new();
        for before in self.offers.iter().filter(|offer| offer.is_live()) {
            let now = after
                .offers
                .iter()
                .find(|offer| offer.id == before.id && offer.is_live());
            let changes = match now {
                None => vec![OfferChange::Removed],
                Some(now) => before.changes(now),
            };
            if !changes.is_empty() {
                offers.push(ChangedOffer {
                    id: before.id,
                    title: before.title.clone(),
                    changes,
                });
            }
        }
        for added in after.offers.iter().filter(|offer| offer.is_live()) {
            let was_there = self
                .offers
                .iter()
                .any(|offer| offer.id == added.id && offer.is_live());
            if !was_there {
                offers.push(ChangedOffer {
                    id: added.id,
                    title: added.title.clone(),
                    changes: vec![OfferChange::Added],
                });
            }
        }
        Changes {
            title: self.title != after.title,
            description: self.description != after.description,
            time: (self.opens_at, self.closes_at) != (after.opens_at, after.closes_at),
            audience: (self.audience, &self.buyers) != (after.audience, &after.buyers),
            offers,
        }
    }
}

impl EditionOffer {
    fn changes(&self, after: &Self) -> Vec<OfferChange> {
        let mut changes = Vec::new();
        if self.prices_shown && after.prices_shown {
            changes.extend(price_changes(&self.prices, &after.prices));
        }
        if self.minimum_units != after.minimum_units {
            changes.push(OfferChange::Minimum {
                before: Units(self.minimum_units),
                after: Units(after.minimum_units),
            });
        }
        if self.lead_time_days != after.lead_time_days {
            changes.push(OfferChange::LeadTime {
                before: self.lead_time_days,
                after: after.lead_time_days,
            });
        }
        let packing = |offer: &Self| {
            (
                offer.unit.clone(),
                offer.content_amount,
                offer.content_dimension.clone(),
                offer.carton_name.clone(),
                offer.packs_per_unit,
                offer.multiple_units,
            )
        };
        // Editions from before sources were kept say nothing about them.
        let told = !self.sources.is_empty() && !after.sources.is_empty();
        let untold = |offer: &Self| offer.photo == EditionPhoto::Untold;
        let pictured = !untold(self) && !untold(after);
        for (differs, aspect) in [
            (self.title != after.title, Aspect::Name),
            (self.description != after.description, Aspect::Description),
            (packing(self) != packing(after), Aspect::Packing),
            (self.grades != after.grades, Aspect::Grades),
            (
                self.certificates != after.certificates || told && self.permits != after.permits,
                Aspect::Permits,
            ),
            (
                self.delivery_basis != after.delivery_basis,
                Aspect::Delivery,
            ),
            (told && self.bears_ppn != after.bears_ppn, Aspect::Tax),
            (told && self.sources != after.sources, Aspect::Businesses),
            (
                pictured && self.photo.id() != after.photo.id(),
                Aspect::Picture,
            ),
            (
                self.price_visibility != after.price_visibility,
                Aspect::Visibility,
            ),
        ] {
            if differs {
                changes.push(OfferChange::Aspect(aspect));
            }
        }
        changes
    }
}

/// Tiers that cost something else now, in the order of the tiers before; then new ones.
fn price_changes(before: &[PriceRow], after: &[PriceRow]) -> Vec<OfferChange> {
    let same = |a: &PriceRow, b: &PriceRow| a.grade == b.grade && a.min_units == b.min_units;
    let mut changes = Vec::new();
    for row in before {
        let now = after.iter().find(|other| same(row, other));
        if now.map(|now| now.buyer_price) != Some(row.buyer_price) {
            changes.push(OfferChange::Price {
                grade: row.grade.clone(),
                from_units: row.min_units,
                before: Some(row.buyer_price),
                after: now.map(|now| now.buyer_price),
            });
        }
    }
    for row in after {
        if !before.iter().any(|other| same(row, other)) {
            changes.push(OfferChange::Price {
                grade: row.grade.clone(),
                from_units: row.min_units,
                before: None,
                after: Some(row.buyer_price),
            });
        }
    }
    changes
}

#[cfg(test)]
mod tests;
